"""What the search page reads: figures and texts in blocks of script files, each made of a few reports.

A block is made again only when one of its reports is new, changed or gone; a long text is cut into pieces. The texts
stand as they were received: the page folds them, so that Traditional and Simplified find each other and an excerpt
shows the words of the report.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flows.show.marking import visible
from flows.show.names import page_name
from flows.show.numbers import grouped
from flows.show.render import data_script, write_file
from flows.show.series import Names
from flows.show.views import FigureView, ReportView

#: Characters of text, and reports, that a block takes before the next begins; a piece of a longer report has as many.
BLOCK_CHARS, BLOCK_REPORTS = 100_000, 50


def plan_blocks(
    old: Sequence[Sequence[str]], sizes: Mapping[str, int], changed: set[str]
) -> tuple[list[list[str]], set[int]]:
    """The reports of each block, and which blocks are to be written. `sizes` are characters, the oldest report first.

    Old reports stay where they are; new ones fill the last block and then open others.
    """
    blocks: list[list[str]] = []
    dirty: set[int] = set()
    for number, ids in enumerate(old):
        kept = [one for one in ids if one in sizes]
        blocks.append(kept)
        if len(kept) < len(ids) or not changed.isdisjoint(kept):
            dirty.add(number)
    placed = {one for ids in blocks for one in ids}
    room = BLOCK_CHARS - sum(sizes[one] for one in blocks[-1]) if blocks else 0
    for report_id, size in sizes.items():
        if report_id in placed:
            continue
        if not blocks or len(blocks[-1]) >= BLOCK_REPORTS or (blocks[-1] and size > room):
            blocks.append([])
            room = BLOCK_CHARS
        blocks[-1].append(report_id)
        room -= size
        dirty.add(len(blocks) - 1)
    return blocks, dirty


def write_block(folder: Path, number: int, reports: Sequence[ReportView]) -> None:
    """The files of one block: b3.js, and b3-1.js ... for what is longer than a piece."""
    for place, piece in enumerate(_pieces(reports)):
        name = _file(number, place)
        write_file(folder / f"{name}.js", data_script(f"search/{name}", piece))


def write_index(
    out: Path, sizes: Mapping[str, int], blocks: Sequence[Sequence[str]], names: Mapping[str, Names]
) -> None:
    """The list of blocks and of indicators, which the search page reads first; files of no block are removed."""
    files: list[str] = []
    for number, ids in enumerate(blocks):
        chars = max((sizes[one] for one in ids), default=0)
        files.extend(_file(number, place) for place in range(max(1, -(-chars // BLOCK_CHARS)) if ids else 0))
    for path in (out / "data" / "search").glob("b*.js"):
        if path.stem not in files:
            path.unlink()
    indicators = [[quote(page_name(code)), code, *map(visible, names[code])] for code in sorted(names)]
    data = {"files": files[::-1], "indicators": indicators}  # the newest reports first
    write_file(out / "data" / "search" / "index.js", data_script("search/index", data))


def _file(number: int, place: int) -> str:
    return f"b{number}-{place}" if place else f"b{number}"


def _pieces(reports: Sequence[ReportView]) -> list[dict[str, Any]]:
    pieces: list[dict[str, Any]] = []
    longest = max((len(report.text) for report in reports), default=0)
    for start in range(0, max(longest, 1), BLOCK_CHARS):
        words: dict[str, int] = {}
        entries = []
        for report in reports:
            if start and start >= len(report.text):
                continue
            end = start + BLOCK_CHARS
            head = report.head
            entries.append(
                {
                    "page": quote(page_name(head.report_id)),
                    "title": visible(head.title or head.report_id),
                    "about": visible(f"{head.publisher} {head.place} {head.published_on or ''}"),
                    "from": start,
                    "text": report.text[start:end].encode("utf-8", "replace").decode(),
                    "figures": _figures([one for one in report.figures if start <= one.start < end], words),
                }
            )
        pieces.append({"words": list(map(visible, words)), "reports": entries})
    return pieces


def _figures(figures: Sequence[FigureView], words: dict[str, int]) -> list[int]:
    """Nine numbers a figure: where it stands, and which words it has."""
    numbers: list[int] = []
    for figure in figures:
        numbers.append(figure.start)
        for word in (
            figure.quote, grouped(figure.value, 12), figure.unit, figure.indicator_text, figure.indicator,
            figure.entity, figure.as_of or figure.period_end, figure.kind,
        ):  # fmt: skip
            numbers.append(words.setdefault(word, len(words)))
    return numbers
