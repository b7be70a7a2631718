"""The scan: every numeral of a document becomes one row, classified, with its value, interval and unit."""

import re
import unicodedata
from dataclasses import replace
from fractions import Fraction

from flows.find import context
from flows.find.codes import Code, code_at, lettered_at
from flows.find.dated import dated_at
from flows.find.dates import complete_period
from flows.find.enclosed import Inside
from flows.find.eras import era_period
from flows.find.grammar import CHINESE_CHARS, FORMAL_ONLY, FULL_WIDTH_COMMA, NUMBER_AT, TRIGGER, is_numeral
from flows.find.hedges import hedge_after, hedge_before, interval
from flows.find.measures import Reading, comma_pair_at, elliptic_at, fraction_at, read_at, span_at
from flows.find.numbers import SCALES, Number, read_number
from flows.find.people import is_in_name
from flows.find.phrases import always_at, phrase_at
from flows.find.placenames import with_tail
from flows.find.plain import case_numbers, direction_at, plain_figure
from flows.find.units import Found, currency_before, unit_at, units
from flows.find.words import digit_heads, word_at
from flows.record import Document, Figure, Span
from flows.record.script import fold

#: A fraction in words is a rounded statement: 三分之二 is anything within five points of it.
_FRACTION_WIDTH = Fraction(1, 20)
_SEVERAL = re.compile(r"[十百千万亿]+")


def find_numerals(doc: Document) -> list[Figure]:
    """Every numeral of `doc.text` as one Figure, ordered by place, disjoint.

    Values are exact; quantities and percents carry unit, base unit, interval, hedge and
    direction. Dates that name their year carry their period. A span (3至5人, 三四十) has its lower
    end as value, both ends in low and high. Never raises, whatever the text.
    """
    return _Scan(doc).rows()


class _Scan:
    """One pass over a document: at every trigger character the rules are tried in a fixed order."""

    def __init__(self, doc: Document) -> None:
        self.text = doc.text
        self.folded = doc.folded
        if "，" in doc.text and FULL_WIDTH_COMMA.search(doc.text):
            self.folded = fold(FULL_WIDTH_COMMA.sub(",", doc.text))
        folded = self.folded
        may_link = "://" in folded or "www." in folded or "@" in folded
        self.urls = _all_of(context.URL, folded, may_be=may_link)
        self.titles = _all_of(context.TITLE, folded, may_be="《" in folded)
        self.quotes = Inside([Span(*match.span(1)) for match in context.QUOTE.finditer(self.folded)])
        self.slogans = Inside([Span(*match.span()) for match in context.slogans(self.folded)])
        self.ignored = Inside(sorted(doc.ignored))
        self.runs = _all_of(context.RUN, folded, may_be=len(folded) >= context.LONGEST_RUN)
        self.case_numbers = case_numbers(self.folded)
        self.found: list[Figure] = []
        self.floor = 0  # nothing before this is free

    def rows(self) -> list[Figure]:
        folded, search, place = self.folded, TRIGGER.search, 0
        while (match := search(folded, place)) is not None:
            place = match.start()
            if self.runs.spans and (run := self.runs.at(place)) is not None:
                row: Figure | None = self._row(place, run.end, run.end, "other", "run_of_numerals")
            else:
                row = self._row_at(place)
            if row is None:
                place += 1
                continue
            if self.ignored.spans and self.ignored.at(place) is not None:
                row = self._row(row.start, row.end, row.numeral_end, "other", "ignored")
            self.found.append(row)
            place = self.floor = row.end
        return self.found

    def _row(self, start: int, end: int, numeral_end: int, cls: str, rule: str) -> Figure:
        return Figure(start, end, numeral_end, self.text[start:end], cls, rule=rule)

    def _row_at(self, place: int) -> Figure | None:
        folded = self.folded
        char = folded[place]
        if self.urls.spans and (url := self.urls.at(place)) is not None:
            return self._row(max(url.start, self.floor), url.end, url.end, "identifier", "url")
        if char.isascii():
            return self._digits(place)
        if self.slogans.spans and (slogan := self.slogans.at(place)) is not None and slogan.start >= self.floor:
            word = word_at(folded, place, self.floor)
            if word is not None and word[0] <= slogan.start and word[1] >= slogan.end:  # 五花八门
                return self._row(word[0], word[1], word[1], word[2], "word")
            return self._row(slogan.start, slogan.end, slogan.end, "name", "slogan")
        if char in "几数半":
            return self._vague(place)
        if char > "\uffff" and not is_numeral(char):
            return None
        if char not in CHINESE_CHARS:
            return self._other_script(place)
        return self._chinese(place)

    def _digits(self, place: int) -> Figure | None:
        """A numeral that begins with an Arabic digit."""
        folded = self.folded
        if (end := self.case_numbers.get(place)) is not None:
            value = read_number(folded[place:end]).value
            return Figure(place, end, end, self.text[place:end], "ordinal", value, rule="case_number")
        if (
            folded[place] == "2"
            and folded.startswith("24小时", place)
            and (always := always_at(folded, place)) is not None
        ):
            return self._code(always)
        if (row := plain_figure(folded, place, self.text)) is not None and not self._is_enclosed(place):
            return row
        before = folded[place - 1] if place > self.floor else ""
        code = code_at(folded, place, self.floor, self.found[-1] if self.found else None)
        if code is not None:
            return self._code(code)
        if before.isascii() and before.isalpha() and currency_before(folded, place, self.floor) is None:
            return self._label(place)
        if before == "-" and place >= self.floor + 2 and folded[place - 2].isascii() and folded[place - 2].isalpha():
            return self._label(place)
        if before == "第":
            return self._ordinal(place)
        phone = context.PHONE.match(folded, place)
        if phone is not None and unit_at(folded, phone.end()) is None:
            return self._row(place, phone.end(), phone.end(), "identifier", "phone")
        dated = self._date(place, before)
        if dated is not None:
            return dated
        if folded[place : place + 2] in digit_heads():  # 985高校, 2019冠状病毒病
            word = word_at(folded, place, self.floor)
            if word is not None and word[0] == place and not folded[word[1] : word[1] + 1].isdigit():
                return self._row(word[0], word[1], word[1], word[2], "word")
        return self._number(place)

    def _is_enclosed(self, place: int) -> bool:
        """Whether the place is in a title or in short quotes, which make names of numbers."""
        return bool((self.titles.spans and self.titles.at(place)) or (self.quotes.spans and self.quotes.at(place)))

    def _chinese(self, place: int) -> Figure | None:
        """A numeral that begins with a Chinese numeral character, or a word that holds one."""
        folded = self.folded
        before = folded[place - 1] if place > self.floor else ""
        if before == "第":
            return self._ordinal(place)
        if (
            folded[place] == "零"
            and folded[place + 1 : place + 2] in ("下", "上")
            and NUMBER_AT.match(folded, place + 2)
        ):
            row = self._number(place + 2)
            if row.start > place:  # 零上5度
                row.start, row.quote = place, self.text[place : row.end]
            return row
        if (spoken := context.SPOKEN_LABEL.match(folded, place)) is not None:
            return self._row(place, spoken.end(), spoken.end(), "identifier", "spoken_label")
        if before and before in "高动城直特快普" and (train := context.TRAIN.match(folded, place - 1)) is not None:
            return self._row(place - 1, train.end(), train.end(), "name", "train")
        if (phrase := phrase_at(folded, place, self.floor)) is not None:
            return self._code(phrase)
        run = NUMBER_AT.match(folded, place)
        run_end = run.end() if run is not None else place + 1
        word = word_at(folded, place, self.floor)
        if word is not None and word[1] < run_end:
            word = None
        if word is None and run_end == place + 1 and is_in_name(folded, place):
            return self._row(place, place + 1, place + 1, "name", "person")
        dated = self._date(place, before)
        if dated is not None and (word is None or dated.end > word[1] or dated.start < word[0]):
            return dated
        if word is not None and not self._counts_after_all(word, place, run_end):
            end = with_tail(folded, word[0], word[1]) if word[2] == "name" else word[1]
            return self._row(word[0], end, end, word[2], "word")
        if folded[place] in FORMAL_ONLY and run_end == place + 1 and not self._is_formal_use(place):
            return None
        return self._number(place)

    def _counts_after_all(self, word: tuple[int, int, str], place: int, run_end: int) -> bool:
        """百分之三十 though 百分 is a word; 这一点 and 发生一起事故 though 一点 and 一起 are words."""
        folded = self.folded
        if folded.startswith("分之", run_end) and word[1] <= run_end + 1:
            return True
        if word[0] == place and word[1] == run_end + 1:  # 四平方米 though 四平 is a town, 五小时
            unit = unit_at(folded, run_end)
            if unit is not None and unit.end > word[1]:
                return True
        if word[0] != place or word[1] != place + 2 or folded[place] != "一":
            return False
        before = folded[max(self.floor, place - 2) : place]
        if folded[place + 1] == "起":
            return before in context.INCIDENT_VERBS
        return before[-1:] in context.DETERMINERS and before != "" and unit_at(folded, place + 1) is not None

    def _is_formal_use(self, place: int) -> bool:
        alone = not self.folded[place - 1 : place].strip() or place == 0
        return (alone and not self.folded[place + 1 : place + 2].strip()) or (
            self.folded[place] in "叁贰柒捌玖" and unit_at(self.folded, place + 1) is not None
        )

    def _date(self, place: int, before: str) -> Figure | None:
        dated = dated_at(self.folded, place, self.floor, before, self.found[-1] if self.found else None)
        if dated is None:
            return None
        start, end, rule, match, lead = dated
        if rule in ("date", "era") and self.titles.spans and self.titles.at(place) is not None:
            return self._row(start, end, end, "name", "title")
        row = self._row(start, end, end, "date", rule)
        if match is not None:
            row.period_start, row.period_end = complete_period(match, lead)
        elif rule == "era":
            row.period_start, row.period_end = era_period(self.folded, start, end)
        return row

    def _ordinal(self, place: int) -> Figure | None:
        folded = self.folded
        match = NUMBER_AT.match(folded, place)
        if match is None:
            return None
        start, end = max(place - 1, self.floor), match.end()
        word = word_at(folded, place, self.floor)
        if word is not None and word[0] <= start and word[1] >= end:
            return self._row(word[0], word[1], word[1], word[2], "word")
        if folded[start - 1 : start] == "字" and folded.startswith("号", end):  # 府授财字第1090034567号
            return self._row(start, end + 1, end, "identifier", "document_number")
        if folded.startswith("学期", end) and not self.titles.at(place):
            return self._row(start, end + 2, end, "date", "term")
        if folded.startswith(("季度", "季", "个季度"), end) and not self.titles.at(place):
            end = folded.index("季", end) + (2 if "季度" in folded[end : end + 3] else 1)
            return self._row(start, end, end, "date", "quarter")
        if context.NAMED_BODY.match(folded, end):
            return self._row(start, end, end, "name", "named_body")
        unit = unit_at(folded, end)
        row = self._row(start, unit.end if unit else end, end, "ordinal", "ordinal")
        row.value = _value(match.group())
        return row

    def _vague(self, place: int) -> Figure | None:
        """几个, 几十, 数百万, 半年: numerals that name no single number."""
        folded = self.folded
        char = folded[place]
        word = word_at(folded, place, self.floor)
        if word is not None:
            return self._row(word[0], word[1], word[1], word[2], "word")
        if char == "半":
            return self._half(place)
        scale = _SEVERAL.match(folded, place + 1)
        if scale is not None:
            base = read_number(scale.group()).value
            return self._several(place, scale.end(), 2 * base, 10 * base - 1, base)
        if char == "数" and context.counts_several(folded, place, self.floor):
            return self._several(place, place + 1, Fraction(2), Fraction(9), Fraction(1))
        if char == "几" and (unit := unit_at(folded, place + 1)) is not None and not folded.startswith("分", place + 1):
            if unit.unit.name == "年" and context.STRETCH.search(folded[max(self.floor, place - 3) : place]):
                return self._row(place, unit.end, place + 1, "other", "stretch")
            return self._several(place, place + 1, Fraction(2), Fraction(9), Fraction(1))
        return None

    def _several(self, place: int, end: int, low: Fraction, high: Fraction, ulp: Fraction) -> Figure:
        unit = unit_at(self.folded, end)
        row = self._row(place, unit.end if unit else end, end, "quantity", "several")
        self._give(row, Number(low, ulp, ulp, True), unit)
        row.hedge, row.low, row.high, row.low_closed, row.high_closed = "several", low, high, True, True
        if unit is not None and unit.unit.kind == "percent":
            row.cls = "percent"
        return row

    def _half(self, place: int) -> Figure | None:
        folded = self.folded
        before = folded[place - 1] if place > self.floor else ""
        if folded.startswith("年", place + 1):
            if before and before in "上下前后":
                return self._row(place - 1, place + 2, place + 2, "date", "half_year")
            if folded.startswith(("报", "度"), place + 2):
                return self._row(place, place + 2, place + 2, "date", "half_year")
        if (one := elliptic_at(folded, place, self.floor)) is not None:
            return self._read(one)
        is_share = folded.startswith("数", place + 1) or (
            before in ("减", "折") and context.HALVED.match(folded, place + 1)
        )
        over = before in ("过", "超") and (is_share or unit_at(folded, place + 1) is None)
        if is_share or over:
            end = place + (2 if folded.startswith("数", place + 1) else 1)
            row = self._row(place, end, end, "percent", "half")
            row.direction = "down" if before == "减" else ""
            self._give(row, Number(Fraction(50), Fraction(1), Fraction(10), True), None)
            row.unit, row.base_unit, row.base_value = "%", "%", row.value
            row.low, row.low_closed, row.high, row.high_closed = Fraction(50), not over, Fraction(50), True
            row.hedge = ""
            if over:
                row.high, row.hedge = Fraction(100), "over"
            elif (after := hedge_after(folded, end)[0]) in ("at_least", "over"):
                row.high, row.hedge = Fraction(100), after
            return row
        unit = unit_at(folded, place + 1)
        if unit is None or (unit.unit.kind not in ("physical", "percent") and unit.unit.name != "打"):
            return None
        cls = "percent" if unit.unit.kind == "percent" else "quantity"
        row = self._row(place, unit.end, place + 1, cls, "half")
        self._give(row, Number(Fraction(1, 2), Fraction(1, 10), Fraction(1, 10), False), unit)
        self._hedge(row, Number(Fraction(1, 2), Fraction(1, 10), Fraction(1, 10), False), unit, "")
        return row

    def _other_script(self, place: int) -> Figure:
        """①, Ⅳ, ½, ² and digits of other scripts."""
        folded = self.folded
        char = folded[place]
        row = self._row(place, place + 1, place + 1, "other", "other_script")
        if (folded.startswith(("级", "类", "期", "型"), place + 1) and unicodedata.category(char) == "Nl") or (
            unicodedata.category(char) == "No" and not unicodedata.decomposition(char).startswith(("<super", "<frac"))
        ):
            row.cls = "ordinal"
        value = unicodedata.numeric(char, None)
        if value is not None and value == int(value):
            row.value = Fraction(int(value))
        return row

    def _code(self, code: Code) -> Figure:
        cls, rule, start, end = code
        return self._row(start, end, end, cls, rule)

    def _label(self, place: int) -> Figure:
        """A number behind letters: PM2.5, G20, A2021…"""
        folded = self.folded
        start = place
        floor = max(self.floor, place - 24)
        while (
            start > floor and folded[start - 1].isascii() and (folded[start - 1].isalnum() or folded[start - 1] == "-")
        ):
            start -= 1
        while folded[start] == "-":
            start += 1
        if (code := lettered_at(folded, start, place, self.floor)) is not None:
            return self._code(code)
        end = context.LABEL_TAIL.match(folded, place).end()  # type: ignore[union-attr]
        return self._row(start, end, end, "identifier" if end - place >= 5 else "name", "label")

    def _number(self, place: int) -> Figure:
        folded = self.folded
        match = NUMBER_AT.match(folded, place)
        if (one := elliptic_at(folded, place, self.floor)) is not None:
            return self._read(one)
        if (pair := comma_pair_at(folded, place, self.floor)) is not None:
            return self._read(pair)
        fraction = fraction_at(folded, place, self.floor, match)
        if fraction is not None:
            return self._fraction(*fraction)
        reading = read_at(folded, place, self.floor, self.found[-1].end if self.found else -1, match)
        if reading is None:
            scale = _SEVERAL.match(folded, place)
            if scale is not None and not folded[scale.end() : scale.end() + 1].isdigit():
                return self._row(place, scale.end(), scale.end(), "idiom", "scale_alone")
            end = context.LONG_DIGITS.match(folded, place)
            stop = end.end() if end else place + 1
            return self._row(place, stop, stop, "identifier" if end else "other", "too_long" if end else "stray")
        if folded[place] in "百千万亿" and folded[place - 1 : place] == "上" and place > self.floor:
            return self._upward(reading)
        name = (
            context.PLUS_NAME.match(folded, place)
            or context.DAY_NAME.match(folded, place)
            or context.GENERATION.match(folded, place)
        )
        if name is not None:
            return self._row(place, name.end(), name.end(), "name", "plus_name")
        if (listed := self._goes_on(reading)) is not None:
            return listed
        return self._read(reading)

    def _goes_on(self, reading: Reading) -> Figure | None:
        """第二、三位, 病例5、6、7: a numeral that goes on a list of ordinals; None where it counts."""
        last = self.found[-1] if self.found else None
        if last is None or last.cls != "ordinal" or last.value is None or last.rule not in context.LISTED:
            return None
        if reading.number.value <= last.value or reading.hedge or reading.number.high is not None:
            return None
        if not context.goes_on(self.folded, last, reading):
            return None
        unit = reading.unit
        end = unit.end if unit is not None else reading.numeral_end
        row = self._row(reading.start, end, reading.numeral_end, "ordinal", last.rule)
        row.value = reading.number.value
        return row

    def _read(self, reading: Reading) -> Figure:
        span = span_at(self.folded, reading)
        if span is not None:
            return self._span(reading, *span)
        return self._classify(reading)

    def _fraction(self, start: int, end: int, number: Number, unit: str) -> Figure:
        row = self._row(start, end, end, "percent" if unit else "quantity", "percent_words" if unit else "fraction")
        row.value, row.ulp = number.value, number.ulp
        if unit:
            found = units()[unit]
            row.unit, row.base_unit, row.base_value = found.name, found.base, number.value * found.factor
        measure = unit_at(self.folded, end) if not unit else None
        if measure is not None:
            row.end, row.quote = measure.end, self.text[start : measure.end]
            self._give(row, number, measure)
        self._hedge(row, number, Found(units()[unit], end, end) if unit else None, "")
        if not unit and row.hedge in ("", "about"):
            about = min(_FRACTION_WIDTH, number.ulp / 2)
            row.low, row.high = number.value - about, number.value + about
        elif number.high is not None and row.low is not None and row.high is not None:
            row.low, row.high = row.low - number.ulp / 2, row.high + number.ulp / 2
        if self.titles.spans and self.titles.at(start) is not None:
            row.cls = "name"
        self._direction(row)
        return row

    def _span(self, low: Reading, start: Number, high: Reading) -> Figure:
        unit = high.unit or low.unit
        is_percent = unit is not None and unit.unit.kind == "percent"
        row = self._row(low.start, high.end, high.numeral_end, "percent" if is_percent else "quantity", "range")
        self._give(row, start, unit)
        counted = unit is None or unit.unit.is_counted
        first, last = interval(start, "", counted), interval(high.number, high.hedge, counted)
        row.low, row.low_closed, row.high, row.high_closed = first[0], first[2], last[1], last[3]
        row.hedge = "range"
        if self.titles.spans and self.titles.at(row.start) is not None:
            row.cls, row.rule = "name", "title"
        return row

    def _upward(self, reading: Reading) -> Figure:
        """上千人, 上亿元: that many and more."""
        row = self._row(reading.start - 1, reading.end, reading.numeral_end, "quantity", "upward")
        self._give(row, reading.number, reading.unit)
        row.hedge, row.low, row.high, row.low_closed, row.high_closed = (
            "at_least",
            row.value,
            None,
            True,
            True,
        )
        return row

    def _classify(self, reading: Reading) -> Figure:
        number, unit = reading.number, reading.unit
        row = self._row(reading.start, reading.end, reading.numeral_end, "quantity", "number")
        row.value = number.value
        quote = self.quotes.at(row.start) if self.quotes.spans else None
        title = self.titles.at(row.start) if self.titles.spans else None
        verdict = context.kind_of(self.folded, reading, title, quote)
        if verdict is not None:
            row.cls, row.rule, row.end = verdict
            row.quote = self.text[row.start : row.end]
            return row
        if unit is not None and unit.unit.kind == "percent":
            row.cls = "percent"
        if unit is not None and unit.unit.name in context.TWO_SENSES:
            sense = context.other_sense(self.folded, reading, unit.unit.name)
            unit = replace(unit, unit=units()[sense]) if sense else unit
        self._give(row, number, unit)
        self._hedge(row, number, unit, reading.hedge)
        self._direction(row)
        return row

    def _give(self, row: Figure, number: Number, unit: Found | None) -> None:
        """Value and unit of a figure."""
        row.value, row.ulp = number.value, number.ulp
        if unit is not None:
            row.unit, row.base_unit = unit.unit.name, unit.unit.base
            row.base_value = number.value * unit.unit.factor if unit.unit.base != unit.unit.name else number.value
            row.unit_text = self.text[unit.start : unit.end]

    def _hedge(self, row: Figure, number: Number, unit: Found | None, hedge: str) -> None:
        """Interval and hedge, which may stand before, inside or after."""
        if not hedge:
            hedge = hedge_before(self.folded, row.start) or hedge_after(self.folded, row.end)[0]
        row.hedge = hedge
        counted = unit is None or unit.unit.is_counted
        row.low, row.high, row.low_closed, row.high_closed = interval(number, hedge, counted)
        if number.high is not None:
            row.hedge = hedge if hedge == "several" else "range"
            row.low, row.high, row.low_closed, row.high_closed = number.value, number.high, True, True

    def _direction(self, row: Figure) -> None:
        if row.value is not None and row.value < 0:
            return  # the sign says it: 增速-1.2%
        row.direction = direction_at(self.folded, row.start)


def _all_of(pattern: "re.Pattern[str]", folded: str, *, may_be: bool) -> Inside:
    """Where the pattern stands; a text that cannot hold it is not swept."""
    return Inside([Span(*match.span()) for match in pattern.finditer(folded)] if may_be else [])


def _value(surface: str) -> Fraction | None:
    try:
        return read_number(surface).value
    except ValueError:
        return None


__all__ = ["SCALES", "find_numerals"]
