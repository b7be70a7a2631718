"""Tables: totals of columns and rows, rates of growth and differences beside two levels, shares of the total.

What a table means by its columns is tried on all its rows: an arithmetic that most rows agree with is claimed of
every row, so that the row that does not stands out. A row of a table is a paragraph with tabs (or |) between cells.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from flows.relate.cues import cues
from flows.relate.fits import Bounds, adds_up, meets, nearly_adds_up, printed, quotient
from flows.relate.reading import Item, Passage, Reading, alike

_SEPARATOR = re.compile(r"[\t|]")
_TOTAL = cues("sum", "table_total")
_SUBTOTAL = cues("sum", "table_subtotal")
_PART = cues("subset", "table_part")
_RATE_HEAD = cues("share", "table_rate")
_GROWTH_HEAD = cues("growth", "table_growth")
_CHANGE_HEAD = cues("difference", "table_change")
_SHARE_HEAD = cues("share", "table_share")
_CONSTANT = cues("growth", "at_constant_prices")
#: So many columns are tried against each other at most.
_WIDEST = 24
#: Rows whose sum is told to fewer places than so many a part may add up by chance.
_PLACES_A_PART = 100
_HUNDRED = 100


@dataclass(slots=True)
class Row:
    """The words that head a row, and its figures by column."""

    head: str
    cells: dict[int, Item]
    start: int
    indent: int  # blanks before the head

    @property
    def is_total(self) -> bool:
        return bool(_TOTAL.match(self.head))

    @property
    def is_subtotal(self) -> bool:
        return bool(_SUBTOTAL.match(self.head))


@dataclass(slots=True)
class Table:
    """The heads of the columns and the rows of figures."""

    heads: dict[int, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    @property
    def columns(self) -> list[int]:
        return sorted({column for row in self.rows for column in row.cells})[:_WIDEST]

    def column(self, number: int) -> list[tuple[Row, Item]]:
        return [(row, row.cells[number]) for row in self.rows if number in row.cells]


def relate_tables(reading: Reading) -> None:
    """Claims of every table of the document."""
    for table in _tables(reading):
        _column_totals(reading, table)
        _row_totals(reading, table)
        _nested_rows(reading, table)
        _beside_levels(reading, table)
        _shares(reading, table)


def is_row(passage: Passage) -> bool:
    """Whether a sentence is a row of a table."""
    return "\t" in passage.text or passage.text.count("|") >= 2


def _tables(reading: Reading) -> Iterator[Table]:
    """Rows that follow each other; a row without figures after rows of figures begins another table."""
    items = {item.start: item for passage in reading.passages if is_row(passage) for item in passage.items}
    if not items:
        return
    starts = sorted(items)
    at, table, last_end = 0, Table(), -2
    for span in reading.doc.paragraphs:
        text = reading.folded[span.start : span.end]
        if "\t" not in text and text.count("|") < 2:
            continue
        while at < len(starts) and starts[at] < span.start:
            at += 1
        own = []
        while at < len(starts) and starts[at] < span.end:
            own.append(items[starts[at]])
            at += 1
        if (span.start > last_end + 2 or not own) and table.rows:
            yield table
            table = Table()
        last_end = span.end
        cells = _cells(text, span.start)
        if not own:
            for column, (start, words) in enumerate(cells):
                if words.strip():
                    table.heads[column] = table.heads.get(column, "") + words.strip()
                del start
            continue
        table.rows.append(_row(cells, own))
    if table.rows:
        yield table


def _cells(text: str, offset: int) -> list[tuple[int, str]]:
    found, at = [], 0
    for match in _SEPARATOR.finditer(text):
        found.append((offset + at, text[at : match.start()]))
        at = match.end()
    found.append((offset + at, text[at:]))
    return found


def _row(cells: Sequence[tuple[int, str]], own: Sequence[Item]) -> Row:
    by_column: dict[int, list[Item]] = {}
    column = 0
    for item in own:
        while column + 1 < len(cells) and cells[column + 1][0] <= item.start:
            column += 1
        by_column.setdefault(column, []).append(item)
    first = min(by_column)
    head = "".join(words for _, words in cells[:first]).strip().replace(" ", "").replace("\u3000", "")
    lead = cells[0][1]
    indent = len(lead) - len(lead.lstrip(" \u3000"))
    return Row(head, {c: found[0] for c, found in by_column.items() if len(found) == 1}, cells[0][0], indent)


def _most(agrees: Sequence[bool]) -> bool:
    """At least two and more than half."""
    return sum(agrees) >= 2 and 2 * sum(agrees) > len(agrees)


def _column_totals(reading: Reading, table: Table) -> None:
    """合計 and 小計 rows: the rows above, or below where the total stands first."""
    for index, row in enumerate(table.rows):
        if not (row.is_total or row.is_subtotal):
            continue
        parts = _rows_of(table, index)
        sums: list[tuple[Item, list[Item]]] = []
        for column in table.columns:
            total = row.cells.get(column)
            cells = [part.cells[column] for part in parts if column in part.cells]
            if total is None or len(cells) < 2 or _RATE_HEAD.search(table.heads.get(column, "")):
                continue
            if total.role == "quantity" and all(alike(total, cell) for cell in cells):
                sums.append((total, cells))
        agree = [adds_up(total, cells, [1] * len(cells)) for total, cells in sums]
        for (total, cells), fits in zip(sums, agree, strict=True):
            if fits or sum(agree) * 2 >= len(agree) > 1 or nearly_adds_up(total, cells, [1] * len(cells)):
                reading.add("sum", total, cells, [], rule="table.column_total")


def _is_hundred(item: Item | None) -> bool:
    return item is not None and item.figure.value == _HUNDRED


def _nested_rows(reading: Reading, table: Table) -> None:
    """Rows that the next rows make up: 第二產業 is 工業 and 建築業. From below: the parts of a part count once.

    They must add up in every column, a slip allowed in one where another agrees, or where they are set in deeper.
    """
    columns = [c for c in table.columns if not _RATE_HEAD.search(table.heads.get(c, ""))]
    after = list(range(1, len(table.rows) + 1))  # the next row that is no part of this one
    for index in range(len(table.rows) - 2, -1, -1):
        if table.rows[index].is_total:
            continue
        at = index + 1
        while (found := _parts_below(table, columns, index, at, after)) is not None:
            sums, at = found
            after[index] = max(after[index], at)
            for whole, parts in sums:
                reading.add("sum", whole, parts, [], rule="table.nested")


def _parts_below(
    table: Table, columns: Sequence[int], index: int, at: int, after: Sequence[int]
) -> tuple[list[tuple[Item, list[Item]]], int] | None:
    """The sums by column of the rows from `at` that make up the row at `index`, and the row after them."""
    top, parts = table.rows[index], list[Row]()
    while at < len(table.rows) and len(parts) < _WIDEST:
        row = table.rows[at]
        if row.is_total or row.is_subtotal or row.indent < top.indent:
            return None
        parts.append(row)
        at = after[at]
        if len(parts) < 2:
            continue
        sums = [(top.cells[c], [row.cells[c] for row in parts if c in row.cells]) for c in columns if c in top.cells]
        sums = [(whole, cells) for whole, cells in sums if whole.role == "quantity" and len(cells) == len(parts)]
        if not sums or not all(alike(whole, cell) for whole, cells in sums for cell in cells):
            return None
        ends = at >= len(table.rows) or table.rows[at].indent <= top.indent
        if _make_up(sums, is_set_in=ends and parts[0].indent > top.indent):
            return sums, at
    return None


def _make_up(sums: Sequence[tuple[Item, list[Item]]], *, is_set_in: bool) -> bool:
    agree = [adds_up(whole, cells, [1] * len(cells)) for whole, cells in sums]
    if not all(fits or nearly_adds_up(*told, [1] * len(told[1])) for fits, told in zip(agree, sums, strict=True)):
        return False
    return is_set_in or any(fits and _is_telling(*told) for fits, told in zip(agree, sums, strict=True))


def _is_telling(whole: Item, cells: Sequence[Item]) -> bool:
    """Whether so many figures are not likely to add up to this one by chance."""
    value, ulp = whole.figure.value, whole.figure.ulp
    return value is not None and abs(value) >= _PLACES_A_PART * len(cells) * (ulp or 1)


def _rows_of(table: Table, index: int) -> list[Row]:
    """The rows that a total adds up: the subtotals if there are any, else the plain rows on its side."""
    row = table.rows[index]
    above = table.rows[:index]
    if row.is_subtotal:
        since = max((k for k, other in enumerate(above) if other.is_subtotal or other.is_total), default=-1)
        return _plain(above[since + 1 :])
    since = max((k for k, other in enumerate(above) if other.is_total), default=-1)
    above = above[since + 1 :]
    if not above:
        above = table.rows[index + 1 :]
    subtotals = [other for other in above if other.is_subtotal]
    return subtotals if len(subtotals) > 1 else _plain(above)


def _plain(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not (_PART.match(row.head) or row.is_total or row.is_subtotal)]


def _row_totals(reading: Reading, table: Table) -> None:
    """A 合計 column: the columns before it since the total before, or those after it where it stands first."""
    columns = table.columns
    totals = [c for c in columns if _TOTAL.search(table.heads.get(c, "")) or _SUBTOTAL.search(table.heads.get(c, ""))]
    for total in totals:
        for parts in _columns_of(table, columns, totals, total):
            rows = [
                (row.cells[total], [row.cells[c] for c in parts if c in row.cells])
                for row in table.rows if total in row.cells
            ]  # fmt: skip
            rows = [(t, p) for t, p in rows if len(p) > 1 and all(alike(t, cell) for cell in p)]
            agree = [adds_up(t, p, [1] * len(p)) for t, p in rows]
            if _most(agree) or (len(rows) == 1 and (agree[0] or nearly_adds_up(*rows[0], [1] * len(rows[0][1])))):
                for whole, cells in rows:
                    reading.add("sum", whole, cells, [], rule="table.row_total")
                break


def _columns_of(table: Table, columns: Sequence[int], totals: Sequence[int], total: int) -> Iterator[list[int]]:
    usable = [
        c for c in columns if not _RATE_HEAD.search(table.heads.get(c, "")) and not _PART.match(table.heads.get(c, ""))
    ]
    before = [c for c in usable if c < total and c > max((t for t in totals if t < total), default=-1)]
    after = [c for c in usable if total < c < min((t for t in totals if t > total), default=total + _WIDEST)]
    for choice in (before, after):
        if len(choice) > 1:
            yield choice


def _beside_levels(reading: Reading, table: Table) -> None:
    """A column of growth or of differences beside two columns of levels."""
    columns = table.columns
    for column in columns:
        head = table.heads.get(column, "")
        growth = bool(_GROWTH_HEAD.search(head)) or all(i.role == "rate" for _, i in table.column(column))
        if not growth and not _CHANGE_HEAD.search(head):
            continue
        levels = [c for c in columns if c != column and not _GROWTH_HEAD.search(table.heads.get(c, ""))]
        near = sorted(levels, key=lambda c: (abs(c - column), c))[:4]
        for new, old in ((a, b) for a in near for b in near if a != b):
            rows = [
                (row, row.cells[column], row.cells[new], row.cells[old])
                for row in table.rows if column in row.cells and new in row.cells and old in row.cells
                and alike(row.cells[new], row.cells[old])
            ]  # fmt: skip
            is_growth = growth and all(r.role in ("rate", "quantity") for _, r, _, _ in rows)
            fits: Callable[[Item, Item, Item], bool] = _grows if is_growth else _differs
            if not _most([fits(r, a, b) for _, r, a, b in rows]):
                continue
            for row, rate, a, b in rows:
                doubt = "growth at constant prices" if is_growth and _CONSTANT.search(row.head) else ""
                kind = "growth" if is_growth else "difference"
                reading.add(kind, rate, [a, b], [], doubt=doubt, rule=f"table.{kind}")
            break


def _grows(rate: Item, new: Item, old: Item) -> bool:
    image = quotient(new, old, 100, 1)
    return image != (None, None) and meets(_signed(rate), image)


def _signed(rate: Item) -> Bounds:
    low, high = printed(rate)
    if rate.figure.direction == "down" and low is not None and high is not None:
        return -high, -low
    return low, high


def _differs(change: Item, new: Item, old: Item) -> bool:
    return alike(change, new) and adds_up(new, [old, change], [1, 1])


def _shares(reading: Reading, table: Table) -> None:
    """A column of shares of the total row."""
    for column in table.columns:
        if not _SHARE_HEAD.search(table.heads.get(column, "")):
            continue
        total = next((row for row in table.rows if row.is_total or _is_hundred(row.cells.get(column))), None)
        if total is None:
            continue
        for level in (column - 1, column - 2, column - 3):
            whole = total.cells.get(level)
            if whole is None or whole.role != "quantity":
                continue
            rows = [
                (row.cells[column], row.cells[level]) for row in table.rows
                if row is not total and column in row.cells and level in row.cells and alike(row.cells[level], whole)
            ]  # fmt: skip
            if _most([meets(printed(rate), quotient(part, whole, 100)) for rate, part in rows]):
                for rate, part in rows:
                    reading.add("share", rate, [part, whole], [], rule="table.share")
                break
