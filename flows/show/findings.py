"""The findings: their page, their cards in script files, and what is exported."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from flows.record.script import fold
from flows.show import warehouse as marts
from flows.show.marking import Marker, visible
from flows.show.names import page_link
from flows.show.numbers import grouped
from flows.show.render import data_script, in_chinese, page, write_file
from flows.show.views import FigureView, FindingView, tally

#: Columns of findings.csv and findings.json.
EXPORT = (
    "report_id", "title", "publisher", "published_on", "check_id", "kind", "verdict", "message", "message_zh",
    "reason", "cue", "stated_low", "stated_high", "computed_low", "computed_high", "gap_ulp", "fits", "flags",
    "scope_doubt", "acknowledgement", "page",
)  # fmt: skip
#: So many findings stand in the page; the others come in files of as many.
SHOWN = 50


def write_findings(out: Path, found: Sequence[FindingView]) -> None:
    """findings.html, its script files, findings.csv and findings.json."""
    write_file(out / "findings.html", render_findings(found))
    folder = out / "data" / "findings"
    rows: list[list[Any]] = []
    for at in range(0, len(found), SHOWN):
        batch = found[at : at + SHOWN]
        rows.extend(_listed(finding) for finding in batch)
        if at:
            cards = page("finding_cards.html", findings=with_excerpts(batch))
            name = f"findings/f{at // SHOWN}"
            write_file(out / "data" / f"{name}.js", data_script(name, cards))
    write_file(folder / "index.js", data_script("findings/index", {"shown": SHOWN, "rows": rows}))
    known = {f"f{at // SHOWN}.js" for at in range(SHOWN, len(found), SHOWN)} | {"index.js"}
    for old in folder.glob("*.js"):
        if old.name not in known:
            old.unlink()
    exported = [_export_row(finding) for finding in found]
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, EXPORT, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: harmless(cell) for name, cell in row.items()} for row in exported)
    write_file(out / "findings.csv", sheet.getvalue())
    write_file(out / "findings.json", json.dumps(exported, ensure_ascii=False, indent=1) + "\n")


def render_findings(found: Sequence[FindingView]) -> str:
    """The list of all findings; the first of them in the page itself."""
    return page(
        "findings.html",
        root="",
        findings=with_excerpts(found[:SHOWN]),
        count=len(found),
        kinds=sorted({finding.check.kind for finding in found}),
        publishers=sorted({finding.head.publisher for finding in found if finding.head.publisher}),
        tally=tally(finding.check.verdict for finding in found),
        acknowledged=sum(bool(finding.check.acknowledgement) for finding in found),
    )


def with_excerpts(found: Sequence[FindingView]) -> list[tuple[FindingView, Markup]]:
    """Findings with the words around their figures."""
    return [(finding, excerpt(finding)) for finding in found]


def read_texts(found: Sequence[FindingView], texts: Path) -> None:
    """Give each finding the text of its report; neighbours in the list share one reading."""
    read = lru_cache(maxsize=64)(lambda report_id: marts.read_text(texts, report_id))
    for finding in found:
        finding.text = read(finding.head.report_id)


def excerpt(finding: FindingView) -> Markup:
    """The words around the figures of a finding."""
    check = finding.check
    marks = {
        member.start: FigureView(
            member.start,
            member.start + len(member.quote),
            member.start,
            member.quote,
            "quantity",
            verdict=check.verdict,
        )
        for member in sorted(check.members, key=lambda member: member.start)
        if member.report_id == check.report_id
    }
    marker = Marker(finding.text, list(marks.values()), [check], check.report_id)
    return marker.excerpt(list(marks), link=page_link(check.report_id))


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula, made text; a plain negative number is left alone."""
    is_formula = cell.lstrip()[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") or cell[:1] in ("\t", "\r", "\n")
    return f"'{cell}" if is_formula and not re.fullmatch(r"-?\d[\d./]*", cell) else cell


def _listed(finding: FindingView) -> list[Any]:
    """What the list filters, sorts and searches by."""
    check, head = finding.check, finding.head
    about = " ".join(dict.fromkeys(member.indicator_text for member in check.members))
    words = " ".join((head.title, head.publisher, check.message, check.message_zh or in_chinese(check.message),
                      check.reason, check.cue, about))  # fmt: skip
    gap = grouped(check.gap_ulp).replace(",", "").replace("≈ ", "").replace("−", "-")
    return [
        check.check_id, check.verdict, check.kind, str(head.published_on or ""), float(gap or -1), head.publisher,
        int(bool(check.acknowledgement)), visible(fold(words).lower()),
    ]  # fmt: skip


def _export_row(finding: FindingView) -> dict[str, str]:
    row: dict[str, Any] = {**asdict(finding.head), **asdict(finding.check)}
    row["published_on"] = str(finding.head.published_on or "")
    row["page"] = page_link(finding.head.report_id, f"c-{finding.check.check_id}")
    return {name: visible(row[name]) for name in EXPORT}
