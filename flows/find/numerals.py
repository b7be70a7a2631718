"""The scan: every numeral of a document becomes one row, classified, with its value, interval and unit."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from flows.find.dates import DATE_AT, complete_period
from flows.find.grammar import (
    FORMAL_ONLY,
    FRACTION,
    INNER_HEDGE,
    NUMBER_AT,
    PERCENT_WORDS,
    RANGE,
    SLASH_FRACTION,
    TRIGGER,
)
from flows.find.hedges import hedge_after, hedge_before, interval
from flows.find.numbers import DIGITS, SCALES, TENS, Number, last_nonzero_place, read_number
from flows.find.units import Unit, unit_at
from flows.find.words import word_at
from flows.record import Document, Figure, Span

_URL = re.compile(r"(?:https?://|www\.)[!-~]+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_QUOTE = re.compile(r"[“「『\"]([^“”「」『』\"\n、,，。;；]{1,14})[”」』\"]")
_PHONE = re.compile(r"1[3-9]\d{9}(?!\d)|0\d{2,3}-\d{7,8}(?!\d)|400-?\d{3}-?\d{4}(?!\d)|\d{3,4}-\d{7,8}(?!\d)")
_LONG_ID = re.compile(r"\d{6,}[Xx]?(?![\d.%])")
_TAIL_LETTERS = re.compile(r"[A-Za-z]+[A-Za-z0-9]*")
_CASE_LABEL = re.compile(r"(?:病例|感染者|患者|案例)$")
_CLAUSE_START = "，。、；;,:： \u3000\n\r\t—-~和及与至到为、（("
_LIST_MARK = re.compile(r"[、.．)）](?!\d)")
_NAMED_BODY = re.compile(
    r"(?:人民|中心|附属|实验|师范|职业|中医|妇幼)?(?:医院|中学|小学|高中|初中|幼儿园|监狱|看守所|卫生院|师|军|方|产业|者)"
)
_DOWN = ("下降", "减少", "降低", "回落", "下跌", "缩减", "核减", "负增长", "下滑", "萎缩", "调减", "减", "降", "跌", "缩小", "收窄")
_UP = ("增长", "增加", "上升", "提高", "提升", "上涨", "扩大", "攀升", "回升", "增", "升", "涨", "增速为", "增幅")
_STRETCH = ("这", "那", "过去", "近", "前", "今后", "未来", "最近", "来")


def find_numerals(doc: Document) -> list[Figure]:
    """Every numeral of `doc.text` as one Figure, ordered by place, disjoint.

    Values are exact; quantities and percents carry unit, base unit, interval, hedge and direction. Dates that name
    their year carry their period. Never raises, whatever the text.
    """
    return _Scan(doc).rows()


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [Span(*match.span()) for match in pattern.finditer(text)]


class _Inside:
    """Whether a place lies in one of some ordered, disjoint spans."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self.starts = [span.start for span in spans]

    def at(self, place: int) -> Span | None:
        index = bisect_right(self.starts, place) - 1
        if index >= 0 and place < self.spans[index].end:
            return self.spans[index]
        return None


class _Scan:
    """One pass over a document: at every trigger character the rules are tried in a fixed order."""

    def __init__(self, doc: Document) -> None:
        self.text = doc.text
        self.folded = doc.folded
        self.urls = _Inside(_spans(_URL, self.folded))
        self.titles = _Inside(_spans(_TITLE, self.folded))
        self.quotes = _Inside([Span(*match.span(1)) for match in _QUOTE.finditer(self.folded)])
        self.ignored = _Inside(sorted(doc.ignored))
        self.found: list[Figure] = []
        self.floor = 0  # nothing before this is free

    def rows(self) -> list[Figure]:
        folded = self.folded
        search = TRIGGER.search
        place = 0
        while (match := search(folded, place)) is not None:
            place = match.start()
            row = self._row_at(place)
            if row is None:
                place += 1
                continue
            if row.cls not in ("date", "idiom") and self.ignored.at(place):
                row = self._row(row.start, row.end, row.numeral_end, "other", "ignored")
            self.found.append(row)
            place = self.floor = row.end
        return self.found

    def _row(self, start: int, end: int, numeral_end: int, cls: str, rule: str) -> Figure:
        return Figure(start, end, numeral_end, self.text[start:end], cls, rule=rule)

    def _row_at(self, place: int) -> Figure | None:
        folded = self.folded
        url = self.urls.at(place)
        if url is not None:
            return self._row(max(url.start, self.floor), url.end, url.end, "identifier", "url")
        char = folded[place]
        if char in "几数半":
            return self._vague(place)
        if char not in _CHINESE and not char.isascii():
            return self._other_script(place)
        before = folded[place - 1] if place else ""
        if before == "第":
            return self._ordinal(place)
        title = self.titles.at(place)
        date_match = None if before.isascii() and before.isalnum() else DATE_AT.match(folded, place)
        if char in _CHINESE:
            word = word_at(folded, place, self.floor)
            run = NUMBER_AT.match(folded, place)
            run_end = run.end() if run else place + 1
            if word and word[1] >= run_end and not (date_match and date_match.end() > word[1]):
                return self._row(word[0], word[1], word[1], word[2], "word")
        if date_match is not None:
            cls = "name" if title else "date"
            row = self._row(place, date_match.end(), date_match.end(), cls, "date")
            if cls == "date":
                row.period_start, row.period_end = complete_period(date_match)
            return row
        return self._number(place, title)

    def _ordinal(self, place: int) -> Figure | None:
        match = NUMBER_AT.match(self.folded, place)
        if match is None:
            return None
        start, end = max(place - 1, self.floor), match.end()
        word = word_at(self.folded, place, self.floor)
        if word and word[0] <= start and word[1] >= end:
            return self._row(word[0], word[1], word[1], word[2], "word")
        if _NAMED_BODY.match(self.folded, end):
            return self._row(start, end, end, "name", "named_body")
        unit = unit_at(self.folded, end)
        row = self._row(start, unit[1] if unit else end, end, "ordinal", "ordinal")
        row.value = read_number(match.group()).value
        return row

    def _vague(self, place: int) -> Figure | None:
        """几个, 几十, 数百万, 半年: numerals that name no single number."""
        folded = self.folded
        char = folded[place]
        word = word_at(folded, place, self.floor)
        if word:
            return self._row(word[0], word[1], word[1], word[2], "word")
        if char == "半":
            unit = unit_at(folded, place + 1)
            if unit and unit[0].kind in ("physical", "percent"):
                row = self._row(place, unit[1], place + 1, "quantity", "half")
                self._give(row, Number(Fraction(1, 2), Fraction(1, 10), Fraction(1, 10), False), "", unit)
                return row
            if folded.startswith("数", place + 1):
                row = self._row(place, place + 2, place + 2, "percent", "half")
                self._give(row, Number(Fraction(50), Fraction(1), Fraction(10), False), "", None)
                row.unit = row.base_unit = "%"
                row.base_value = row.value
                row.low = row.high = row.value
                return row
            return None
        scale = re.compile(r"[十百千万亿]+").match(folded, place + 1)
        if scale:
            base = read_number(scale.group()).value
            unit = unit_at(folded, scale.end())
            row = self._row(place, unit[1] if unit else scale.end(), scale.end(), "quantity", "several")
            self._give(row, Number(2 * base, base, base, True), "several", unit)
            row.low, row.high, row.low_closed, row.high_closed = 2 * base, 10 * base - 1, True, True
            return row
        unit = unit_at(folded, place + 1) if char == "几" else None
        if unit is None:
            return None
        row = self._row(place, unit[1], place + 1, "quantity", "several")
        self._give(row, Number(Fraction(2), Fraction(1), Fraction(1), True), "several", unit)
        row.low, row.high, row.low_closed, row.high_closed = Fraction(2), Fraction(9), True, True
        return row

    def _other_script(self, place: int) -> Figure:
        """①, Ⅳ, ½, ² and digits of other scripts."""
        char = self.folded[place]
        row = self._row(place, place + 1, place + 1, "other", "other_script")
        value = unicodedata.numeric(char, None)
        if value is not None and value == int(value):
            row.value = Fraction(int(value))
        return row

    def _number(self, place: int, title: Span | None) -> Figure | None:
        folded = self.folded
        char = folded[place]
        before = folded[place - 1] if place else ""
        start = place
        if char.isascii():
            if before and before.isascii() and before.isalpha() and place - 1 >= self.floor:
                return self._label(place)
            phone = _PHONE.match(folded, place)
            if phone:
                return self._row(place, phone.end(), phone.end(), "identifier", "phone")
        for pattern, rule in ((PERCENT_WORDS, "percent_words"), (FRACTION, "fraction"), (SLASH_FRACTION, "fraction")):
            match = pattern.match(folded, place)
            if match:
                return self._fraction(match, rule)
        match = NUMBER_AT.match(folded, place)
        if match is None:
            return self._row(place, place + 1, place + 1, "other", "stray")
        surface, end = match.group(), match.end()
        if len(surface) == 1 and surface in FORMAL_ONLY and unit_at(folded, end) is None:
            return None
        if all(mark in SCALES for mark in surface):
            return self._row(place, end, end, "idiom", "scale_alone")
        if before in "负-" and before and place - 1 >= self.floor:
            earlier = folded[place - 2] if place > 1 else ""
            if before == "负" or not (earlier.isalnum() or earlier in "年月日%)）"):
                start = place - 1
        elif before == "." and char.isascii() and place - 1 >= self.floor and not folded[place - 2 : place - 1].isdigit():
            start = place - 1
        number = read_number(folded[start:end])
        hedge = ""
        inner = INNER_HEDGE.match(folded, end)
        if inner:
            scale = read_number(inner.group(1)).value
            number = Number(number.value * scale, number.ulp * scale, number.leading * scale, False)
            hedge, end = "some_more", inner.end()
        numeral_end = end
        if not hedge and folded[end : end + 1] in ("多", "余", "来", "几") and folded[end : end + 1]:
            hedge, end = "some_more", end + 1
        unit = unit_at(folded, end)
        second = self._range_end(end if unit is None else unit[1], unit)
        if second is not None:
            return self._range(start, number, second, title)
        row = self._row(start, unit[1] if unit else numeral_end, numeral_end, "quantity", "number")
        return self._classify(row, number, hedge, unit, surface, title)

    def _label(self, place: int) -> Figure:
        """A number behind letters: PM2.5, G20, A2021…"""
        folded = self.folded
        start = place
        while start > self.floor and place - start < 24 and folded[start - 1].isascii() and folded[start - 1].isalnum():
            start -= 1
        match = re.compile(r"[0-9A-Za-z.]*[0-9A-Za-z]").match(folded, place)
        end = match.end() if match else place + 1
        return self._row(start, end, end, "identifier" if end - place > 5 else "name", "label")

    def _fraction(self, match: re.Match[str], rule: str) -> Figure:
        start, end = match.span()
        if rule == "percent_words":
            number = read_number(match.group(2).replace(" ", ""))
            scale = read_number(match.group(1)).value
            row = self._row(start, end, end, "percent", rule)
            factor = Fraction(100) / scale
            self._give(row, Number(number.value * factor, number.ulp * factor, number.leading * factor, False), "", None)
            row.unit = row.base_unit = "%"
            row.base_value = row.value
            self._hedge(row, Number(number.value * factor, number.ulp * factor, number.leading * factor, False), "", None)
            self._direction(row)
            return row
        row = self._row(start, end, end, "quantity", rule)
        try:
            self._give(row, read_number(match.group()), "", None)
        except ValueError:
            row.cls = "other"
        return row

    def _range_end(self, end: int, unit: tuple[Unit, int] | None) -> tuple[Number, int, tuple[Unit, int] | None] | None:
        folded = self.folded
        dash = RANGE.match(folded, end)
        if dash is None or dash.end() >= len(folded):
            return None
        match = NUMBER_AT.match(folded, dash.end())
        if match is None or DATE_AT.match(folded, dash.end()):
            return None
        if dash.group() in "至到" and unit is not None and unit[0].kind != "percent" and False:
            return None
        after = unit_at(folded, match.end())
        if unit is None and after is None:
            return None
        if unit is not None and (after is None or after[0].name != unit[0].name):
            return None
        return read_number(match.group()), match.end(), after

    def _range(
        self, start: int, low: Number, second: tuple[Number, int, tuple[Unit, int] | None], title: Span | None
    ) -> Figure:
        high, numeral_end, unit = second
        end = unit[1] if unit else numeral_end
        cls = "percent" if unit and unit[0].kind == "percent" else "quantity"
        row = self._row(start, end, numeral_end, cls, "range")
        self._give(row, low, "range", unit)
        counted = unit is not None and unit[0].kind == "counter"
        first, last = interval(low, "", counted), interval(high, "", counted)
        row.low, row.low_closed, row.high, row.high_closed = first[0], first[2], last[1], last[3]
        if title:
            row.cls = "name"
        return row

    def _classify(
        self, row: Figure, number: Number, hedge: str, unit: tuple[Unit, int] | None, surface: str, title: Span | None
    ) -> Figure:
        folded = self.folded
        if title:
            row.cls, row.rule = "name", "title"
            return row
        before = folded[max(0, row.start - 6) : row.start]
        ascii_number = surface[0].isascii()
        if unit is None:
            if _CASE_LABEL.search(before):
                at = row.start - 2 if not before.endswith("感染者") else row.start - 3
                lead = folded[max(0, at - 3) : at]
                if at <= 0 or lead.endswith("无症状") or folded[at - 1] in _CLAUSE_START:
                    row.cls, row.rule, row.value = "ordinal", "case_number", number.value
                    return row
            at_line = not folded[max(0, row.start - 1) : row.start].strip(" \u3000(（")
            if at_line and (row.start == 0 or "\n" in folded[max(0, row.start - 3) : row.start] or before[-1:] in "(（"):
                if _LIST_MARK.match(folded, row.end):
                    row.cls, row.rule, row.value = "ordinal", "list_mark", number.value
                    return row
            if ascii_number and _LONG_ID.match(folded, row.start) and len(surface) > 10:
                row.cls, row.rule = "identifier", "long_number"
                return row
            if ascii_number and folded[row.end : row.end + 1] == "号":
                row.cls, row.rule, row.end = "identifier", "house_number", row.end + 1
                row.quote = self.text[row.start : row.end]
                return row
            letters = _TAIL_LETTERS.match(folded, row.end) if ascii_number else None
            if letters:
                row.cls, row.rule, row.end = "name", "label", letters.end()
                row.quote = self.text[row.start : row.end]
                return row
            if surface == "一":
                row.cls, row.rule = "idiom", "one_without_unit"
                return row
        if before.endswith("前") and unit is not None and unit[0].name in ("名", "位"):
            row.cls, row.rule, row.value, row.start = "ordinal", "rank", number.value, row.start - 1
            row.quote = self.text[row.start : row.end]
            return row
        quote = self.quotes.at(row.start)
        if quote is not None and not (unit and unit[0].kind == "percent"):
            row.cls, row.rule = "name", "quoted"
            return row
        if surface == "一" and unit is not None and before[-1:] in ("这", "那", "每", "同", "某", "另", "哪", "任", "某"):
            row.cls, row.rule = "idiom", "determiner"
            return row
        if unit is not None and unit[0].name == "年" and (before.endswith(_STRETCH) or hedge):
            row.cls, row.rule, row.value = "other", "stretch", number.value
            return row
        if unit is not None and unit[0].kind == "percent":
            row.cls = "percent"
        self._give(row, number, hedge, unit)
        self._direction(row)
        return row

    def _give(self, row: Figure, number: Number, hedge: str, unit: tuple[Unit, int] | None) -> None:
        """Value, unit and interval of a figure."""
        row.value, row.ulp = number.value, number.ulp
        if unit is not None:
            found, end = unit
            row.unit, row.base_unit, row.base_value = found.name, found.base, number.value * found.factor
            row.unit_text = self.text[end - self._unit_length(row, end) : end]
        self._hedge(row, number, hedge, unit)

    def _unit_length(self, row: Figure, end: int) -> int:
        start = row.numeral_end
        while start < end and self.folded[start] in "多余来几 \u00a0\u2009\u202f":
            start += 1
        return end - start

    def _hedge(self, row: Figure, number: Number, hedge: str, unit: tuple[Unit, int] | None) -> None:
        hedge = hedge or hedge_before(self.folded, row.start)
        if not hedge:
            hedge, _ = hedge_after(self.folded, row.end)
        row.hedge = hedge
        counted = unit is None or unit[0].kind == "counter"
        row.low, row.high, row.low_closed, row.high_closed = interval(number, hedge, counted)

    def _direction(self, row: Figure) -> None:
        before = self.folded[max(0, row.start - 6) : row.start].rstrip("了至到为约近超逾 达")
        if before.endswith(_DOWN):
            row.direction = "down"
        elif before.endswith(_UP):
            row.direction = "up"


_CHINESE = frozenset(DIGITS) | frozenset(TENS) | frozenset(SCALES) | frozenset("廿卅卌")
__all__ = ["find_numerals", "last_nonzero_place"]
