"""The page of one report: its marked text, the inspector's data, its relations.

A long report is not one page: what lies beyond the first stretch is handed over in script files, as it comes into
view or is stepped to.
"""

import shutil
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

from markupsafe import Markup

from flows.show.cards import card, facts_beside
from flows.show.marking import Chunk, Marker, markup, visible
from flows.show.names import quoted, stem_of
from flows.show.render import data_script, page, script_json, write_file
from flows.show.views import VERDICTS, CheckView, FigureView, ReportView, tally

#: Up to so many characters, and chunks, a text stands in its page as a whole; a part holds so many chunks.
WHOLE_CHARS, WHOLE_NUMERALS, PART_CHUNKS = 60_000, 4_000, 4
#: So many relations stand in the page; the rest is handed over in files of as many.
CARDS = 200
_KINDS = {"holds": "h", "broken": "b", "cannot_tell": "c", "unchecked": "u", "not_figure": "n"}

Names = Mapping[str, Sequence[str]]
Numbered = list[tuple[int, CheckView]]


def write_report(report: ReportView, out: Path, names: Names) -> None:
    """The page of a report into `out`, with its parts beside it."""
    stem = stem_of(report.head.report_id)
    folder = out / "reports" / f"{stem}.parts"
    chunks, checks = _chunks(report), _ordered(report)
    whole = len(report.text) <= WHOLE_CHARS and len(report.figures) <= WHOLE_NUMERALS
    parts = [chunks[at : at + PART_CHUNKS] for at in range(0, len(chunks), PART_CHUNKS)]
    shown = len(parts) if whole else 1
    written: set[str] = set()
    starts = [figure.start for figure in report.figures]
    firsts = [bisect_left(starts, part[0].start) for part in parts]
    ends = [*firsts[1:], len(report.figures)]
    for number in range(shown, len(parts)):
        name = f"p{number}.js"
        data = {
            "html": [str(chunk.html) for chunk in parts[number]],
            "columns": _columns(report.figures[firsts[number] : ends[number]]),
        }
        write_file(folder / name, data_script(f"p{number}", data))
        written.add(name)
    for at in range(CARDS, len(checks), CARDS):
        name = f"c{at // CARDS}.js"
        drawn, facts = _relations(checks[at : at + CARDS], report.head.report_id)
        write_file(folder / name, data_script(f"c{at // CARDS}", {"html": drawn, "facts": facts}))
        written.add(name)
    for old in folder.glob("*.js") if folder.exists() else ():
        if old.name not in written:
            old.unlink()
    if folder.exists() and not written:
        shutil.rmtree(folder)
    html = _rendered(report, parts, shown, firsts=firsts, checks=checks, names=names)
    write_file(out / "reports" / f"{stem}.html", html)


def render_report(report: ReportView, names: Names | None = None) -> str:
    """The page of one report, all of it."""
    parts = [_chunks(report)]
    return _rendered(report, parts, 1, firsts=[0], checks=_ordered(report), names=names or {})


def _chunks(report: ReportView) -> list[Chunk]:
    marker = Marker(report.text, report.figures, report.checks, report.head.report_id)
    return list(marker.chunks()) or [Chunk(0, 0, Markup("<p></p>"))]


def _ordered(report: ReportView) -> Numbered:
    """The relations, worst first, each with its number on the page."""
    order = sorted(report.checks, key=lambda check: VERDICTS.index(check.verdict))
    number_of = {id(check): number for number, check in enumerate(report.checks)}
    return [(number_of[id(check)], check) for check in order]


def _relations(checks: Numbered, report_id: str) -> tuple[Markup, list[dict[str, Any]]]:
    """Relations as HTML, and of each the facts from which the rest of its card is drawn."""
    html = "".join([card(number, check) for number, check in checks])
    return markup(html), [facts_beside(check, report_id) for _, check in checks]


def _rendered(
    report: ReportView,
    parts: Sequence[Sequence[Chunk]],
    shown: int,
    *,
    firsts: Sequence[int],
    checks: Numbered,
    names: Names,
) -> str:
    head = report.head
    end = firsts[shown] if shown < len(parts) else len(report.figures)
    index = {figure.start: number for number, figure in enumerate(report.figures)}
    home = head.report_id
    starts = [figure.start for figure in report.figures]
    html, facts = _relations(checks[:CARDS], home)
    known = sorted({figure.indicator for figure in report.figures} & names.keys())
    kinds = "".join([_KINDS[figure.kind] for figure in report.figures])
    data = {
        "report": home,
        "published": str(head.published_on or ""),
        "parts": f"{quoted(stem_of(home))}.parts/",
        "shown": shown,
        "firsts": list(firsts),
        # what lies between starts is short, where the starts of a long report are not
        "steps": [start - before for start, before in zip(starts, [0, *starts], strict=False)],
        "kinds": kinds,
        "columns": _columns(report.figures[:end]),
        "cards": CARDS,
        "order": [number for number, _ in checks],
        "ids": [check.check_id for check in report.checks],
        "checks": [
            [index[m.start] for m in check.members if m.report_id == home and m.start in index]
            for check in report.checks
        ],
        "facts": facts,
        "names": {code: list(names[code]) for code in known},
        "series": {code: quoted(stem_of(code)) for code in known},
    }
    return page(
        "report.html",
        root="../",
        head=head,
        chunks=[chunk for part in parts[:shown] for chunk in part],
        waiting=list(_waiting(parts, shown)),
        relations=html,
        check_count=len(checks),
        alarms=[check for _, check in checks if check.verdict == "broken"][:8],
        counts={kind: kinds.count(letter) for kind, letter in _KINDS.items()},
        versions=report.versions,
        tally=tally(check.verdict for check in report.checks),
        file=stem_of(home),
        data=script_json(data),
    )


def _waiting(parts: Sequence[Sequence[Chunk]], shown: int) -> Iterator[tuple[int, int]]:
    """Of each part that is not in the page: its number and its characters, from which its height is guessed."""
    for number in range(shown, len(parts)):
        yield number, parts[number][-1].end - parts[number][0].start


def _columns(figures: Sequence[FigureView]) -> dict[str, dict[str, list[Any]]]:
    """The figures for the inspector: columns, each value once. Numbers are the exact text of the published file."""
    columns: dict[str, dict[str, list[Any]]] = {}
    for name, given in _SHOWN.items():
        cells = list(map(given, figures))
        values = list(dict.fromkeys(cells))
        places = dict(zip(values, range(len(values)), strict=True))
        shown = values if name in _YES_OR_NO else list(map(visible, values))
        columns[name] = {"values": shown, "at": list(map(places.__getitem__, cells))}
    return columns


#: What the inspector is told of a figure.
_SHOWN = {
    name: attrgetter(name)
    for name in (
        "cls", "value", "unit", "base_value", "base_unit", "low", "high", "low_closed", "high_closed", "direction",
        "hedge", "modifiers", "indicator_text", "indicator", "entity", "period_start", "period_end", "as_of", "rule",
        "quote",
    )
}  # fmt: skip
_YES_OR_NO = ("low_closed", "high_closed")
