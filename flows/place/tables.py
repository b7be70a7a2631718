"""Rows of tables: a cell is what its row and its column head say, in the unit that either declares.

`read` gives a table row as one paragraph with tabs between the cells (or | in Markdown). A row without
figures is a row of heads; heads hold until the table ends. The column of a cell is told by how many
separators stand before it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise

from flows.place.entities import is_place_item, own_length
from flows.place.frames import Reading
from flows.place.phrases import EMPTY, Phrase, growth_length, left_phrase, measure_length
from flows.place.units import give_unit, unit_and_scale
from flows.record import Figure, Span
from flows.record.wording import told, worded

_SEPARATOR = re.compile(r"[\t|]")
_UNIT_IN_HEAD = re.compile(r"\(([^()]{1,12})\)\s*\Z")
#: Heads that only say "the number": the row names the indicator.
_BLANK = re.compile(r"\s")
LEAST_OF_LINE = 4
_NAME = re.compile(r"[ \u3000]*[^\s，,。;；、:]+(?:[ \u3000]+[^\s，,。;；、:]+){0,3}[ \u3000]*")
_TOKEN = re.compile(r"[^\s，,。;；、:]+")
_ASIDE = re.compile(r"\(.*\)")
_YEARS_APART = 10  # years of one table stand close together; counts that look like years seldom do
#: The line under the heads of a Markdown table.
_RULE = re.compile(r"[-:|\s]*")
#: 其中：非农业 | 120: the mark after the word that opens a part is none of its name.
_PART = re.compile(r"\s*其\s*中\s*[:：]")
_PLAIN_MEASURES = told("table", "plain_measure")
_YEAR_HEAD = re.compile(r"[|\s]*(?:年份|年度|年)\s*[|\t]")
_TOTALS = told("table", "total")
_PLAIN_HEAD = worded(r"(?:<table.plain_head>|[\x01\s])*")


@dataclass(slots=True)
class Table:
    """The heads of the table being read: column to words, declared unit and period."""

    heads: dict[int, Phrase] = field(default_factory=dict)
    units: dict[int, tuple[str, Fraction]] = field(default_factory=dict)
    periods: dict[int, tuple[date, date]] = field(default_factory=dict)
    row_unit: tuple[str, Fraction] | None = None  # of the row above: 大牲畜(万头), then 黄牛
    group: Phrase = EMPTY  # a line between rows that heads those below it: 期末畜禽存栏
    has_rows: bool = False


def is_row(folded: str, start: int, end: int) -> bool:
    """Whether a paragraph is a row of a table."""
    return "\t" in folded[start:end] or folded.count("|", start, end) >= 2


def has_rows(folded: str) -> bool:
    """Whether any paragraph can be a row of a table."""
    return "\t" in folded or folded.count("|") > 1


def _cells(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    edges = [
        start,
        *(edge for match in _SEPARATOR.finditer(folded, start, end) for edge in match.span()),
        end,
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))


def year_heads(folded: str, paragraphs: Sequence[Span], figures: Sequence[Figure]) -> list[Figure]:
    """The figures that are years at the head of columns (指標 | 2019 | 2020), each alone in its cell.

    Asked of a row: at least two, in order, nothing else in figures, none in the first cell, and a row of figures below.
    """
    found: list[Figure] = []
    if not has_rows(folded):
        return found
    starts = [figure.start for figure in figures]
    told_of = [part for part in paragraphs if not _RULE.fullmatch(folded, part.start, part.end)]
    for part, below in pairwise(told_of):
        own = figures[bisect_left(starts, part.start) : bisect_left(starts, part.end)]
        years = [_year_of(figure) for figure in own]
        told = [year for year in years if year is not None]
        if len(told) < 2 or len(told) < len(years) or sorted(set(told)) not in (told, told[::-1]):
            continue
        if max(abs(one - other) for one, other in pairwise(told)) > _YEARS_APART:
            continue
        if not (is_row(folded, part.start, part.end) and is_row(folded, below.start, below.end)):
            continue
        cells = {folded[a:b].strip(): number for number, (a, b) in enumerate(_cells(folded, part.start, part.end))}
        places = [cells.get(figure.quote) for figure in own]
        first = next((number for text, number in cells.items() if text), 0)
        has_figures = bisect_left(starts, below.start) < bisect_left(starts, below.end)
        if has_figures and all(place is not None and place > first for place in places):
            found += own
    return found


def year_rows(folded: str, paragraphs: Sequence[Span], figures: Sequence[Figure]) -> list[Figure]:
    """The figures that are years in the first cells of rows (2019 | 120, 2020 | 130), each alone in its cell.

    Asked of the rows: at least three one after the other, or two below a head that says 年, in order, other
    figures in each.
    """
    found: list[Figure] = []
    if not has_rows(folded):
        return found
    starts = [figure.start for figure in figures]
    run: list[Figure] = []
    is_headed = False

    def close() -> None:
        years = [int(figure.quote) for figure in run]
        steps = [after - before for before, after in pairwise(years)]
        in_order = all(0 < step <= _YEARS_APART for step in steps) or all(-_YEARS_APART <= step < 0 for step in steps)
        if in_order and len(run) >= (2 if is_headed else 3):
            found.extend(run)
        run.clear()

    for part in paragraphs:
        if _RULE.fullmatch(folded, part.start, part.end):
            continue
        own = figures[bisect_left(starts, part.start) : bisect_left(starts, part.end)]
        first = own[0] if len(own) > 1 and is_row(folded, part.start, part.end) else None
        if first is not None and _year_of(first) and _is_first_cell(folded, part, first):
            run.append(first)
            continue
        close()
        is_headed = not own and _YEAR_HEAD.match(folded, part.start, part.end) is not None
    close()
    return found


def _is_first_cell(folded: str, part: Span, figure: Figure) -> bool:
    edge = _SEPARATOR.search(folded, figure.end, part.end)
    before = folded[part.start : figure.start].strip("|\t 　")
    return not before and edge is not None and not folded[figure.end : edge.start()].strip()


def _year_of(figure: Figure) -> int | None:
    value = figure.value
    is_bare = not figure.unit and figure.quote.isascii() and figure.quote.isdigit() and len(figure.quote) == 4
    return int(value) if is_bare and value is not None and 1900 <= value <= 2100 else None


def read_heads(table: Table, masked: str, start: int, end: int, dates: Sequence[Figure]) -> None:
    """Takes a row without figures as heads; after rows of figures it begins a new table."""
    if table.has_rows:
        table.heads.clear()
        table.units.clear()
        table.periods.clear()
        table.has_rows, table.row_unit, table.group = False, None, EMPTY
    for column, (a, b) in enumerate(_cells(masked, start, end)):
        unit = _UNIT_IN_HEAD.search(masked, a, b)
        words = left_phrase(masked, a, unit.start() if unit else b)
        if words.text and not _PLAIN_HEAD.fullmatch(_BLANK.sub("", words.text)):
            table.heads[column] = table.heads.get(column, EMPTY).joined(words)
        declared = _declared(masked[a:b])
        if declared:
            table.units[column] = declared
        for row in dates:
            if a <= row.start < b and row.period_start and row.period_end:
                table.periods[column] = (row.period_start, row.period_end)


def read_row(
    table: Table,
    masked: str,
    start: int,
    end: int,
    figures: Sequence[Figure],
    *,
    declared: tuple[str, Fraction] | None,
) -> list[Reading]:
    """A reading for each figure of a row; sets the units and periods that the heads declare."""
    table.has_rows = True
    readings: list[Reading] = []
    cells = _cells(masked, start, end)
    column = 0
    head = EMPTY
    head_unit: tuple[str, Fraction] | None = None
    for figure in figures:
        while column + 1 < len(cells) and cells[column][1] <= figure.start:
            column += 1
        if not readings:
            head, head_unit = _row_head(masked, cells[: column + 1], figure.start)
            head = table.group.joined(head)
            table.row_unit = head_unit or table.row_unit
        readings.append(_reading(head, _column_head(table, column)))
        of_column = table.units.get(column)
        if of_column and of_column[0] in ("%", "‰"):
            _set_unit(figure, of_column)
        else:
            _set_unit(figure, head_unit or of_column or table.row_unit or declared)
        if column in table.periods:
            figure.period_start, figure.period_end = table.periods[column]
    return readings


def _row_head(masked: str, cells: Sequence[tuple[int, int]], until: int) -> tuple[Phrase, tuple[str, Fraction] | None]:
    head, unit = EMPTY, None
    for a, b in cells:
        b = min(b, until)
        own_unit = unit_and_scale(_BLANK.sub("", masked[a:b])) if unit is None else None
        if own_unit:  # 原煤 | 万吨 | 120: a cell that is nothing but the unit
            unit = own_unit
            continue
        unit = _declared(masked[a:b]) or unit
        match = _UNIT_IN_HEAD.search(masked, a, b)
        part = _PART.match(masked, a, b)
        head = head.joined(left_phrase(masked, part.end() if part else a, match.start() if match else b))
    return head, unit


def _column_head(table: Table, column: int) -> Phrase:
    """The head of a column; one that only says how it changed tells of the column before it (产量 | 同比增长)."""
    own = table.heads.get(column, EMPTY)
    if not own.text or growth_length(own.text) < len(own.text):
        return own
    for before in range(column - 1, 0, -1):
        head = table.heads.get(before)
        if head and not growth_length(head.text):
            match = _UNIT_IN_HEAD.search(head.text)
            return (head.head(match.start()) if match else head).joined(own)
    return own


def read_group(table: Table, masked: str, start: int, end: int) -> None:
    """Takes a line without figures between the rows of a table, or below its heads, as what heads the rows below it."""
    table.group = left_phrase(masked, start, end)


def read_line(masked: str, start: int, end: int, figures: Sequence[Figure]) -> list[Reading] | None:
    """A table printed in one line: a heading, then names and numbers in turn, in groups with a heading each.

    地区 在院病例 输入人员 甲国 12 乙国 9 本市 东区 3 合计 24. None where the line is no such table.
    """
    if len(figures) < LEAST_OF_LINE or 5 * sum(not figure.unit for figure in figures) < 4 * len(figures):
        return None
    gaps = [(start, figures[0].start)] + [(a.end, b.start) for a, b in pairwise(figures)]
    if sum(_NAME.fullmatch(masked, a, b) is not None for a, b in gaps[1:]) < 0.8 * (len(gaps) - 1):
        return None
    readings = []
    head = group = EMPTY
    for number, (a, b) in enumerate(gaps):
        tokens = [Phrase(match[0], (match.span(),)) for match in _TOKEN.finditer(masked, a, b)]
        tokens = [token for token in tokens if not _PLAIN_HEAD.fullmatch(token.text) or token.text in _TOTALS]
        name = tokens[-1] if tokens else EMPTY
        above = [token for token in tokens[:-1] if not _ASIDE.fullmatch(token.text)]
        if not number and above:
            head, above = above[0], above[1:]
        if above:
            group = above[-1]
        if name.text in _TOTALS:
            readings.append(Reading(phrase=head, is_own_place=True))
        else:
            readings.append(Reading(head.joined(group), qualifier=name, entity=name, is_item=True))
    return readings


def _reading(row: Phrase, column: Phrase) -> Reading:
    match = _UNIT_IN_HEAD.search(column.text)
    if match:
        column = column.head(match.start())
    if column.text and row.text and is_place_item(row.text):
        return Reading(phrase=column, qualifier=row, entity=row, is_item=True, is_own_place=own_length(row.text) > 0)
    if measure_length(row.text):  # 发电量 | 产量 | 同比增长: the row names its measure itself
        grown = growth_length(column.text)
        named = len(column.text) - grown
        if _BLANK.sub("", column.text[:named]) in _PLAIN_MEASURES:
            column = column.tail(grown) if grown else EMPTY
    return Reading(phrase=row.joined(column))


def _declared(words: str) -> tuple[str, Fraction] | None:
    match = _UNIT_IN_HEAD.search(words.strip())
    return unit_and_scale(match[1].strip("±")) if match else None


def _set_unit(figure: Figure, declared: tuple[str, Fraction] | None) -> None:
    """Gives a cell its unit, and multiplies the declared scale (亿元) into its numbers."""
    if figure.unit or declared is None or figure.value is None:
        return
    unit, scale = declared
    figure.value *= scale
    figure.low = figure.low * scale if figure.low is not None else None
    figure.high = figure.high * scale if figure.high is not None else None
    figure.ulp = figure.ulp * scale if figure.ulp is not None else None
    give_unit(figure, unit)
    if unit in ("%", "‰"):
        figure.cls = "percent"
