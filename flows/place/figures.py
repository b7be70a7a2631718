"""Numerals to figures: each gets its words, its code, its modifiers, its period, its entity and its unit."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

from flows.place.clauses import continues, slots
from flows.place.codes import code_of
from flows.place.entities import canonical, home_place, is_place_item, own_length
from flows.place.frames import Memory, Reading
from flows.place.indicators import read_phrases
from flows.place.periods import govern, plan_years, resolve_dates, stretches
from flows.place.repeats import take_from_body, tell_years
from flows.place.tables import Table, is_row, read_group, read_heads, read_line, read_row, year_heads, year_rows
from flows.place.units import carry_units, declared_unit, unit_from_noun
from flows.place.words import MASK_DATE, MASK_MARK, MASK_NUMERAL, MASK_TITLE, modifier_pattern, unit_kind
from flows.record import Document, Figure, Span
from flows.record.script import fold

_TITLE = re.compile(r"《\n?[^《》\n]{1,80}\n?》")
_WORDS_IN_BRACKETS = re.compile(r"\([^()0-9〇一二三四五六七八九十百千万亿\n]{1,60}\)")
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])[ \u3000\xa0]+(?=[\u3400-\u9fff])")
_MARKS = str.maketrans(dict.fromkeys("，,、;；:：。", MASK_MARK))
_QUOTES = str.maketrans("", "", '“”"‘’「」『』【】#')
#: Numerals that are words inside a phrase stay; counts of years and the like do not measure what the phrase
#: names.
_MASKED_CLASSES = {"date": MASK_DATE, "other": MASK_NUMERAL, "identifier": MASK_NUMERAL}


def _become_a_year(row: Figure) -> None:
    row.cls, row.rule = "date", "year_head"
    row.value = row.low = row.high = row.ulp = row.base_value = None
    row.low_closed = row.high_closed = True
    row.hedge = row.direction = row.base_unit = ""


def place_figures(doc: Document, numerals: Sequence[Figure], *, published_on: date | None, place: str) -> list[Figure]:
    """`numerals` as given (the same objects, in order), filled in: what `find` could not know from the number
    alone.

    Figures get `indicator_text` (words of the report), `indicator`, `modifiers`, `entity`, the period and,
    where the number prints none, the unit of its list, heading or table; date rows get `period_start` and
    `period_end`. `published_on` is the report's date, None where unknown; `place` the name of the place it is
    about, or empty.
    """
    rows = list(numerals)
    told = [row for row in rows if row.is_figure]
    years = [*year_heads(doc.folded, doc.paragraphs, told), *year_rows(doc.folded, doc.paragraphs, told)]
    for row in years:
        _become_a_year(row)
    spans = stretches(doc.folded, rows)
    titles = [Span(match.start(), match.end()) for match in _TITLE.finditer(doc.folded)]
    masked = _mask(doc.folded, rows, titles, spans)
    resolve_dates(doc, rows, published_on)
    for row in years:
        row.period_start, row.period_end = date(int(row.quote), 1, 1), date(int(row.quote), 12, 31)
    home = canonical(fold(place)) or place or home_place(fold(doc.title), doc.folded)
    figures = [row for row in rows if row.is_figure and row.start not in spans]
    starts = [figure.start for figure in figures]
    declared: tuple[str, Fraction] | None = None
    subject = home
    sides: dict[int, str] = {}
    wholes: dict[int, Figure] = {}
    memory, table = Memory(), Table()
    row_starts = [row.start for row in rows]
    for number, part in enumerate(doc.paragraphs):
        first, last = bisect_left(starts, part.start), bisect_left(starts, part.end)
        if part.end - part.start < 80 and "位" in doc.folded[part.start : part.end]:
            declared = declared_unit(doc.folded[part.start : part.end]) or declared
        if is_row(doc.folded, part.start, part.end):
            if first == last:
                read_heads(table, masked, part.start, part.end, _within(rows, row_starts, part))
                continue
            cells = read_row(table, masked, part.start, part.end, figures[first:last], declared=declared)
            head = _within(rows, row_starts, part)[0]
            for figure, reading in zip(figures[first:last], cells, strict=True):
                _fill(doc, figure, reading, home=home, subject=subject)
                if head.rule == "year_head" and figure.period_end is None:
                    figure.period_start, figure.period_end = head.period_start, head.period_end
            continue
        if first == last:
            if (table.has_rows or table.heads) and _goes_on(doc, number, starts):
                read_group(table, masked, part.start, part.end)
            continue
        if table.has_rows:
            table, declared = Table(), None
        line = read_line(masked, part.start, part.end, figures[first:last])
        if line is not None:
            for figure, reading in zip(figures[first:last], line, strict=True):
                unit_from_noun(figure, reading)
                _fill(doc, figure, reading, home=home, subject=home)
            continue
        found = slots(masked, part.start, part.end, figures[first:last])
        if not continues(doc.folded, part.start):
            memory, subject = Memory(), home
        readings = read_phrases(masked, found, memory)
        carry_units(found, readings)
        organisation, before = "", None
        for slot, reading in zip(found, readings, strict=True):
            left = masked[slot.left_start : slot.left_end]
            within = slot.owner.figure.entity if slot.owner is not None else ""
            subject = _fill(
                doc, slot.figure, reading, home=home, subject=subject, left=left, within=within, before=before
            )
            before = slot.figure
            if slot.owner is not None and not reading.entity.text:
                slot.figure.entity = slot.owner.figure.entity
            if reading.continues and not reading.entity.text and not reading.is_own_place and organisation:
                slot.figure.entity = organisation
            organisation = slot.figure.entity if slot.figure.entity != subject and not reading.is_item else ""
            if reading.side:
                sides[slot.figure.start] = reading.side
            if reading.whole is not None:
                wholes[slot.figure.start] = reading.whole
    govern(doc, rows, titles, published_on, sides, wholes=wholes, spans=spans)
    plan_years(doc, figures, titles)
    take_from_body(doc, figures)
    tell_years(doc, figures)
    return rows


def _goes_on(doc: Document, number: int, starts: Sequence[int]) -> bool:
    """Whether the paragraph after this one is a row of figures."""
    if number + 1 >= len(doc.paragraphs):
        return False
    after = doc.paragraphs[number + 1]
    has_figures = bisect_left(starts, after.start) < bisect_left(starts, after.end)
    return has_figures and is_row(doc.folded, after.start, after.end)


def _within(rows: Sequence[Figure], starts: Sequence[int], part: Span) -> Sequence[Figure]:
    return rows[bisect_left(starts, part.start) : bisect_left(starts, part.end)]


def _mask(folded: str, rows: Sequence[Figure], titles: Sequence[Span], spans: frozenset[int]) -> str:
    """The folded text with dates, titles and other numerals that no phrase may hold as mask characters."""
    spots = [(span.start, span.end, MASK_TITLE) for span in titles]
    spots += [(row.start, row.end, _MASKED_CLASSES[row.cls]) for row in rows if row.cls in _MASKED_CLASSES]
    spots += [(row.start, row.end, MASK_NUMERAL) for row in rows if row.start in spans]
    spots.sort()
    pieces: list[str] = []
    position = 0
    for start, end, mask in spots:
        if start < position:
            continue
        pieces += (folded[position:start], mask * (end - start))
        position = end
    pieces.append(folded[position:])
    return _WORDS_IN_BRACKETS.sub(lambda match: match[0].translate(_MARKS), "".join(pieces))


def _fill(
    doc: Document,
    figure: Figure,
    reading: Reading,
    *,
    home: str,
    subject: str,
    left: str = "",
    within: str = "",
    before: Figure | None = None,
) -> str:
    """Writes a reading into its figure; returns the subject that governs what follows."""
    text = doc.text
    phrase = reading.phrase
    words = "".join([text[a:b] for a, b in phrase.spans])
    if reading.qualifier.text:
        words += "(" + "".join([text[a:b] for a, b in reading.qualifier.spans]) + ")"
    figure.indicator_text = _shown(words)
    figure.modifiers = _modifiers(left[-24:].replace(reading.entity.text, "") + "\n" + phrase.text, left[-1:])
    if figure.unit == "度" and "电" in phrase.text:
        figure.base_unit, figure.base_value = "千瓦時", figure.value
    figure.indicator = code_of(doc.folded, figure, reading, before)
    if reading.is_own_place:
        figure.entity = subject = home
    elif reading.entity.text:
        is_place = reading.is_item or _is_place(reading.entity.text)
        named = canonical(reading.entity.text, within or home) if is_place else ""
        if not named and within:
            named = canonical(reading.entity.text, home) if is_place else ""
        figure.entity = named or "".join([text[a:b] for a, b in reading.entity.spans]).translate(_QUOTES)
        if named and not reading.is_item:
            subject = named
    else:
        figure.entity = subject
    return subject


def _is_place(words: str) -> bool:
    return is_place_item(words) or own_length(words) > 0


@lru_cache(maxsize=16384)
def _shown(words: str) -> str:
    """The words of a phrase as they are told: without quotes, blanks between characters, marks left open."""
    return _SPACED.sub("", words.translate(_QUOTES).strip()).rstrip("（([，,、")


@lru_cache(maxsize=16384)
def _modifiers(words: str, last: str) -> str:
    pattern, codes = modifier_pattern()
    found = {code for match in pattern.finditer(words) for code in codes[match[0]]}
    if last == "共":
        found.add("total")
    return ";".join(sorted(found))


def kind_of(figure: Figure) -> str:
    """The kind of the figure's unit: counter, physical, money, percent or multiple; empty for none."""
    return unit_kind(figure.unit)
