"""The page of one report: its marked text, the inspector's data, its relations.

A long report is not one page: what lies beyond the first stretch is handed over in script files, as it comes into
view or is stepped to.
"""

import base64
import hashlib
import shutil
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from flows.show.cards import card
from flows.show.marking import Chunk, Marker, markup, visible
from flows.show.names import page_name, stem_of
from flows.show.numbers import grouped, interval
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
    """The page of a report into `out`, with its parts beside it and the copy that can be mailed."""
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
        drawn = "".join([card(numbered, report.head.report_id) for numbered in checks[at : at + CARDS]])
        write_file(folder / name, data_script(f"c{at // CARDS}", drawn))
        written.add(name)
    for old in folder.glob("*.js") if folder.exists() else ():
        if old.name not in written:
            old.unlink()
    if folder.exists() and not written:
        shutil.rmtree(folder)
    html = _rendered(report, parts, shown, firsts=firsts, checks=checks, names=names)
    write_file(out / "mail" / page_name(report.head.report_id), render_mail(report))
    write_file(out / "reports" / page_name(report.head.report_id), html)


def render_report(report: ReportView, names: Names | None = None) -> str:
    """The page of one report, all of it."""
    parts = [_chunks(report)]
    return _rendered(report, parts, 1, firsts=[0], checks=_ordered(report), names=names or {})


def render_mail(report: ReportView) -> str:
    """The text with its marks and relations in one file: no script, nothing loaded, fit for a mail."""
    alone: dict[int, str] = {}
    ordered = _ordered(report)
    for _, check in reversed(ordered):
        for member in check.members:
            if member.report_id == report.head.report_id:
                alone[member.start] = check.check_id
    marker = Marker(report.text, report.figures, [], report.head.report_id, alone=alone)
    style, digest = _mail_style()
    return page(
        "mail.html",
        head=report.head,
        chunks=marker.chunks(),
        checks=ordered,
        counts=_counts(report.figures),
        tally=tally(check.verdict for check in report.checks),
        style=style,
        digest=digest,
    )


@lru_cache(maxsize=1)
def _mail_style() -> tuple[Markup, str]:
    """The stylesheet of a mailed page, and the hash by which its policy allows it."""
    assets = files("flows.show").joinpath("assets")
    style = "".join(assets.joinpath(name).read_text(encoding="utf-8") for name in ("gongbao.css", "pages.css"))
    return markup(style), base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _chunks(report: ReportView) -> list[Chunk]:
    marker = Marker(report.text, report.figures, report.checks, report.head.report_id)
    return list(marker.chunks()) or [Chunk(0, 0, Markup("<p></p>"))]


def _ordered(report: ReportView) -> Numbered:
    """The relations, worst first, each with its number on the page."""
    order = sorted(report.checks, key=lambda check: VERDICTS.index(check.verdict))
    number_of = {id(check): number for number, check in enumerate(report.checks)}
    return [(number_of[id(check)], check) for check in order]


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
    data = {
        "report": home,
        "published": str(head.published_on or ""),
        "parts": f"{quote(stem_of(home))}.parts/",
        "shown": shown,
        "firsts": list(firsts),
        # what lies between starts is short, where the starts of a long report are not
        "steps": [start - before for start, before in zip(starts, [0, *starts], strict=False)],
        "kinds": "".join(_KINDS[kind_of(figure)] for figure in report.figures),
        "columns": _columns(report.figures[:end]),
        "cards": CARDS,
        "order": [number for number, _ in checks],
        "ids": [check.check_id for check in report.checks],
        "checks": [
            [index[m.start] for m in check.members if m.report_id == home and m.start in index]
            for check in report.checks
        ],
        "names": {code: list(names[code]) for code in sorted({f.indicator for f in report.figures}) if code in names},
        "series": {code: quote(stem_of(code)) for code in sorted({f.indicator for f in report.figures} & names.keys())},
    }
    return page(
        "report.html",
        root="../",
        head=head,
        chunks=[chunk for part in parts[:shown] for chunk in part],
        waiting=list(_waiting(parts, shown)),
        checks=checks[:CARDS],
        check_count=len(checks),
        alarms=[check for _, check in checks if check.verdict == "broken"][:8],
        counts=_counts(report.figures),
        tally=tally(check.verdict for check in report.checks),
        mail=f"../mail/{quote(page_name(home))}",
        data=script_json(data),
    )


def _waiting(parts: Sequence[Sequence[Chunk]], shown: int) -> Iterator[tuple[int, int]]:
    """Of each part that is not in the page: its number and its characters, from which its height is guessed."""
    for number in range(shown, len(parts)):
        yield number, parts[number][-1].end - parts[number][0].start


def kind_of(figure: FigureView) -> str:
    """The verdict of a figure, or `not_figure`."""
    return figure.verdict if figure.cls in ("quantity", "percent") else "not_figure"


def _counts(figures: Sequence[FigureView]) -> dict[str, int]:
    counts = dict.fromkeys((*VERDICTS, "unchecked", "not_figure"), 0)
    for figure in figures:
        counts[kind_of(figure)] += 1
    return counts


def _columns(figures: Sequence[FigureView]) -> dict[str, dict[str, list[Any]]]:
    """The figures for the inspector: columns, each value once."""
    columns: dict[str, dict[str, list[Any]]] = {}
    for name, (given, said) in _SHOWN.items():
        places: dict[Any, int] = {}
        at = [places.setdefault(given(figure), len(places)) for figure in figures]
        columns[name] = {"values": [said(value) for value in places], "at": at}
    return columns


def _period(ends: tuple[str, str]) -> str:
    return " – ".join(dict.fromkeys(end for end in ends if end))


#: Fields of the inspector: what of a figure they are made from, and how they are said.
_SHOWN: dict[str, tuple[Callable[[FigureView], Any], Callable[[Any], str]]] = {
    **{
        name: (attrgetter(name), visible)
        for name in (
            "cls", "verdict", "unit", "base_unit", "direction", "hedge", "modifiers", "indicator_text", "indicator",
            "entity", "as_of", "rule", "quote",
        )
    },
    **{name: (attrgetter(name), partial(grouped, places=12)) for name in ("value", "base_value")},
    "interval": (attrgetter("low", "high", "low_closed", "high_closed"), lambda ends: interval(*ends)),
    "period": (attrgetter("period_start", "period_end"), _period),
}  # fmt: skip
