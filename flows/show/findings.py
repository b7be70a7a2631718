"""The findings: their page, their cards in script files, and what is exported."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from markupsafe import Markup

from flows.record.script import fold
from flows.show.marking import Marker, visible
from flows.show.names import page_link
from flows.show.numbers import grouped
from flows.show.render import data_script, page, write_file
from flows.show.tongues import in_chinese
from flows.show.views import FigureView, FindingView

#: Columns of findings.csv and findings.json.
EXPORT = (
    "report_id", "title", "publisher", "published_on", "check_id", "kind", "verdict", "message", "message_zh",
    "reason", "cue", "stated_low", "stated_high", "computed_low", "computed_high", "gap_ulp", "fits", "flags",
    "scope_doubt", "acknowledgement", "page",
)  # fmt: skip
#: So many findings stand in the page itself.
SHOWN = 50
#: The files of a block of reports: rows for the list, cards, rows for export.
FILES = ("r{}.js", "c{}.js", "{}.csv", "{}.json")


def write_block(folder: Path, number: int, found: Sequence[FindingView]) -> None:
    """The findings of one block of reports: what lists and filters them, their cards, and their rows for export."""
    rows, cards, sheet = f"r{number}", f"c{number}", io.StringIO()
    exported = [_export_row(finding) for finding in found]
    csv.DictWriter(sheet, EXPORT, lineterminator="\n").writerows(
        {name: harmless(cell) for name, cell in row.items()} for row in exported
    )
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in exported)
    drawn = [page("finding_cards.html", findings=[one]) for one in with_excerpts(found)]
    write_file(folder / f"{rows}.js", data_script(f"findings/{rows}", [_listed(finding) for finding in found]))
    write_file(folder / f"{cards}.js", data_script(f"findings/{cards}", drawn))
    write_file(folder / f"{number}.csv", sheet.getvalue())
    write_file(folder / f"{number}.json", lines)


def join_exports(out: Path, blocks: int) -> None:
    """findings.csv and findings.json, from the rows of the blocks."""
    folder = out / "data" / "findings"
    sheets = [(folder / f"{number}.csv").read_text(encoding="utf-8") for number in range(blocks)]
    write_file(out / "findings.csv", ",".join(EXPORT) + "\n" + "".join(sheets))
    lines = [(folder / f"{number}.json").read_text(encoding="utf-8") for number in range(blocks)]
    write_file(out / "findings.json", "[\n" + ",\n".join(filter(None, lines)) + "\n]\n")


def with_excerpts(found: Sequence[FindingView]) -> list[tuple[FindingView, Markup]]:
    """Findings with the words around their figures."""
    return [(finding, excerpt(finding)) for finding in found]


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
