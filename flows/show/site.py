"""The static site: overview, one page a report, findings; opened from disk, it loads nothing from outside."""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from flows.record.script import fold
from flows.show import charts
from flows.show import warehouse as marts
from flows.show.marking import Marker, markup, visible
from flows.show.names import page_link, page_name
from flows.show.numbers import grouped, interval
from flows.show.views import VERDICTS, FigureView, FindingView, HeadView, ReportView

_ASSETS = ("gongbao.css", "seal.svg", "theme.js", "page.js", "report.js", "list.js")
#: Columns of findings.csv and findings.json.
EXPORT = (
    "report_id", "title", "publisher", "published_on", "check_id", "kind", "verdict", "message", "reason",
    "cue", "stated_low", "stated_high", "computed_low", "computed_high", "gap_ulp", "fits", "acknowledgement",
    "page",
)  # fmt: skip
#: Figures of the inspector: text fields of FigureView that the script shows, in its order.
_SHOWN = (
    "cls", "verdict", "value", "unit", "base_value", "base_unit", "interval", "direction", "hedge",
    "modifiers",
    "indicator_text", "indicator", "entity", "period", "as_of", "rule", "quote",
)  # fmt: skip


def build_site(warehouse: Path, texts: Path, out: Path, *, changed: set[str] | None = None) -> Path:
    """Build the pages of the published warehouse into `out`; returns the path of its index.html.

    `texts` holds `<report_id>.txt`. With `changed`, only the pages of those reports, of reports that share
    a relation with them, and of reports that have no page yet are written; None writes all. Pages made by
    another version of this room are always rewritten, pages of reports that are gone are removed.
    Raises FileNotFoundError where the warehouse or a text is missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    con = marts.connect(warehouse)
    try:
        heads = marts.heads(con)
        version = _version()
        stamp = out / ".version"
        is_same = stamp.exists() and stamp.read_text(encoding="utf-8") == version
        wanted = {head.report_id for head in heads}
        if changed is not None and is_same:
            wanted = marts.neighbours(con, changed & wanted) | {
                head.report_id for head in heads if not (out / "reports" / page_name(head.report_id)).exists()
            }
        write_assets(out)
        for report in marts.reports(con, [head for head in heads if head.report_id in wanted], texts):
            write_page(out / "reports" / page_name(report.head.report_id), render_report(report))
        found = marts.findings(con, heads)
        _read_texts(found, texts)
    finally:
        con.close()
    remove_strangers(out, heads)
    write_lists(out, heads, found)
    write_page(stamp, version)
    return out / "index.html"


def write_site(reports: Iterable[ReportView], out: Path) -> Path:
    """The same site from views in memory; returns the path of its index.html."""
    heads: list[HeadView] = []
    found: list[FindingView] = []
    write_assets(out)
    for report in reports:
        heads.append(report.head)
        write_page(out / "reports" / page_name(report.head.report_id), render_report(report))
        found.extend(
            FindingView(report.head, check, report.text)
            for check in report.checks
            if check.verdict != "holds" and check.report_id == report.head.report_id
        )
    heads.sort(key=lambda head: (str(head.published_on or ""), head.report_id), reverse=True)
    found.sort(key=lambda finding: VERDICTS.index(finding.check.verdict))
    write_lists(out, heads, found)
    return out / "index.html"


def write_lists(out: Path, heads: Sequence[HeadView], found: Sequence[FindingView]) -> None:
    """The pages that speak of all reports, and the findings as CSV and JSON."""
    write_page(out / "index.html", render_overview(heads, found))
    write_page(out / "findings.html", render_findings(found))
    rows = [_export_row(finding) for finding in found]
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, EXPORT, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(cell) for name, cell in row.items()} for row in rows)
    write_page(out / "findings.csv", sheet.getvalue())
    write_page(out / "findings.json", json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def render_report(report: ReportView) -> str:
    """The page of one report."""
    marker = Marker(report.text, report.figures, report.checks, report.head.report_id)
    counts = dict.fromkeys((*VERDICTS, "unchecked", "not_figure"), 0)
    for figure in report.figures:
        counts[figure.verdict if figure.cls in ("quantity", "percent") else "not_figure"] += 1
    checks = sorted(enumerate(report.checks), key=lambda pair: VERDICTS.index(pair[1].verdict))
    return _page(
        "report.html",
        root="../",
        head=report.head,
        chunks=marker.chunks(),
        checks=checks,
        counts=counts,
        tally=_tally(check.verdict for check in report.checks),
        data=_data(report),
    )


def render_overview(heads: Sequence[HeadView], found: Sequence[FindingView]) -> str:
    """The overview: open findings first, then verdicts over time and by publisher, then all reports."""
    publishers: dict[str, list[HeadView]] = {}
    for head in heads:
        publishers.setdefault(head.publisher, []).append(head)
    open_ones = [one for one in found if one.check.verdict == "broken" and not one.check.acknowledgement]
    return _page(
        "index.html",
        root="",
        heads=heads,
        open_count=len(open_ones),
        findings=[(finding, _excerpt(finding)) for finding in open_ones[:6]],
        tally=_sum(head.checks for head in heads),
        numerals=sum(head.numerals for head in heads),
        figures=sum(head.figures for head in heads),
        digits=sum(head.digits for head in heads),
        accounted=sum(head.accounted_digits for head in heads),
        timeline=_timeline(heads),
        publishers=sorted(
            (
                (
                    name,
                    len(theirs),
                    sum(head.figures for head in theirs),
                    _sum(head.checks for head in theirs),
                )
                for name, theirs in publishers.items()
            ),
            key=lambda row: (-row[3]["broken"], -row[1], row[0]),
        ),
    )


def render_findings(found: Sequence[FindingView]) -> str:
    """The list of all findings."""
    return _page(
        "findings.html",
        root="",
        findings=[(finding, _excerpt(finding)) for finding in found],
        kinds=sorted({finding.check.kind for finding in found}),
        tally=_tally(finding.check.verdict for finding in found),
    )


def write_assets(out: Path) -> None:
    """Styles and scripts, and the words and character table that the scripts read."""
    folder = out / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    source = files("flows.show").joinpath("assets")
    for name in _ASSETS:
        write_page(folder / name, source.joinpath(name).read_text(encoding="utf-8"))
    tongues = {tongue: {key: row[tongue] for key, row in _words().items()} for tongue in ("hant", "hans", "en")}
    write_page(folder / "words.js", f"window.gongbaoWords = {json.dumps(tongues, ensure_ascii=False)};\n")
    # two UTF-16 units a pair: the few characters whose twin lies outside the basic plane stay themselves
    pairs = [
        char + twin for char in map(chr, range(0x3400, 0xA000)) if (twin := fold(char)) != char and twin < "\U00010000"
    ]
    write_page(folder / "fold.js", f"window.gongbaoFold = {json.dumps(''.join(pairs), ensure_ascii=False)};\n")


def remove_strangers(out: Path, heads: Sequence[HeadView]) -> None:
    """Remove the pages of reports that the warehouse no longer holds."""
    known = {page_name(head.report_id) for head in heads}
    for page in (out / "reports").glob("*.html"):
        if page.name not in known:
            page.unlink()


def write_page(path: Path, content: str) -> None:
    """Write aside and rename, so that a reader never meets half a page; an unchanged page is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8", "replace")
    if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(data)
    os.replace(aside, path)


def _read_texts(found: Sequence[FindingView], texts: Path) -> None:
    """Give each finding the text of its report; neighbours in the list share one reading."""
    read = lru_cache(maxsize=8)(lambda report_id: marts.read_text(texts, report_id))
    for finding in found:
        finding.text = read(finding.head.report_id)


def _excerpt(finding: FindingView) -> Markup:
    check = finding.check
    own = sorted((m for m in check.members if m.report_id == check.report_id), key=lambda member: member.start)
    marks = [
        FigureView(
            member.start,
            member.start + len(member.quote),
            member.start,
            member.quote,
            "quantity",
            verdict=check.verdict,
        )
        for member in own
    ]
    seen = {mark.start: mark for mark in marks}
    marker = Marker(finding.text, list(seen.values()), [check], check.report_id)
    return marker.excerpt(list(seen), link=page_link(check.report_id))


def _timeline(heads: Sequence[HeadView]) -> Markup:
    """Verdicts by day, or by month where there are more than ninety days."""
    dated = [head for head in heads if head.published_on]
    by_day = len({head.published_on for head in dated}) <= 90
    slots: dict[str, list[Mapping[str, int]]] = {}
    for head in sorted(dated, key=lambda head: str(head.published_on)):
        slots.setdefault(str(head.published_on)[: 10 if by_day else 7], []).append(head.checks)
    return charts.over_time([(slot, _sum(counts)) for slot, counts in slots.items()])


def _tally(verdicts: Iterable[str]) -> dict[str, int]:
    counts = dict.fromkeys(VERDICTS, 0)
    for verdict in verdicts:
        counts[verdict] += 1
    return counts


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total = dict.fromkeys(VERDICTS, 0)
    for one in counts:
        for verdict in VERDICTS:
            total[verdict] += one.get(verdict, 0)
    return total


def _export_row(finding: FindingView) -> dict[str, str]:
    row: dict[str, Any] = {**asdict(finding.head), **asdict(finding.check)}
    row["published_on"] = str(finding.head.published_on or "")
    row["page"] = page_link(finding.head.report_id, f"c-{finding.check.check_id}")
    return {name: visible(row[name]) for name in EXPORT}


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula, made text; a plain negative number is left alone."""
    is_formula = cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"-?[\d./]+", cell)
    return f"'{cell}" if is_formula else cell


def _data(report: ReportView) -> Markup:
    """The figures for the inspector: JSON in columns, each value once, safe inside a script element."""
    columns: dict[str, dict[str, list[Any]]] = {}
    for name in _SHOWN:
        places: dict[str, int] = {}
        at = [places.setdefault(_cell(figure, name), len(places)) for figure in report.figures]
        columns[name] = {"values": list(places), "at": at}
    index = {figure.start: number for number, figure in enumerate(report.figures)}
    home = report.head.report_id
    data = {
        "report": home,
        "starts": [figure.start for figure in report.figures],
        "columns": columns,
        "checks": [
            [index[m.start] for m in check.members if m.report_id == home and m.start in index]
            for check in report.checks
        ],
    }
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _cell(figure: FigureView, name: str) -> str:
    if name == "interval":
        return interval(figure.low, figure.high, figure.low_closed, figure.high_closed)
    if name == "period":
        ends = [end for end in (figure.period_start, figure.period_end) if end]
        return ends[0] if len(set(ends)) == 1 else " – ".join(ends)
    if name in ("value", "base_value"):
        return grouped(getattr(figure, name), 12)
    return visible(getattr(figure, name))


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    """The words of the interface: key -> its row in words.csv."""
    text = files("flows.show").joinpath("words.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(io.StringIO(text))}


def _word(key: str, tag: str = "span") -> Markup:
    """A word of the interface, for the page script to translate; an unknown key is shown as it is."""
    row = _words().get(key)
    if row is None:
        return markup(f"<{tag}>{escape(key)}</{tag}>")
    return markup(f'<{tag} data-t="{key}">{escape(row["hant"])}</{tag}>')


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        t=_word, page_link=page_link, number_line=charts.number_line, verdict_bar=charts.verdict_bar,
        ring=charts.ring, language_of=_language,
        plain_word=lambda key: _words().get(key, {}).get("hant", key),
    )  # fmt: skip
    environment.filters.update(visible=visible, grouped=grouped, share=_share, folded=lambda text: fold(text).lower())
    return environment


def _language(head: HeadView) -> str:
    """The BCP 47 tag that makes a browser choose the right glyphs."""
    return {"Hant": "zh-Hant", "Hans": "zh-Hans"}.get(head.script, "zh")


def _share(part: int, whole: int) -> str:
    """`part` of `whole` in percent, cut (never rounded up), so that 100 is said only of all."""
    if not whole:
        return "—"
    hundredths = part * 10_000 // whole
    return grouped(f"{hundredths // 100}.{hundredths % 100:02d}")


def _page(template: str, **context: Any) -> str:
    return _environment().get_template(template).render(**context)


def _version() -> str:
    """Changes with any file of this room: pages made by other code are made anew."""
    digest = hashlib.sha256()
    room = Path(str(files("flows.show")))
    for path in sorted(path for path in room.rglob("*") if path.suffix in (".py", ".html", ".css", ".js", ".csv")):
        digest.update(path.relative_to(room).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
