"""How the figures of a sentence stand to each other: what every family of relations reads.

A `Passage` is a sentence with its figures as `Item`s. Items know the words before and after them up to the
next mark or figure, the depth of brackets they stand in, and their value's bounds in base units.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache

from flows.record import Claim, Document, Figure, Span
from flows.record.vocabulary import vocabulary
from flows.relate.cues import cues

#: Marks that end a label; a closing quote or bracket ends it too.
_MARK_CHARS = frozenset('，,；;：:。、()“”‘’"「」『』【】[]!?#\n\r\t ')
_MARKS = re.compile("[" + re.escape("".join(sorted(_MARK_CHARS))) + "]")
#: Marks that end a clause.
_CLAUSE_MARKS = frozenset("，；;：:。!?\n\r")
_BRACKET = re.compile(r"[()【】\[\]]")
#: A number that only bounds or qualifies another one: 60歲及以上人口29697萬人, 到崗九成以上的2609戶.
_QUALIFIER = re.compile(r"(?:及|或)?以[上下内外][\u4e00-\u9fff]{0,10}$")
#: What a rate is told of: 每千人口, 每十萬人, 每百戶.
_EACH_SO_MANY = re.compile(r"[一二三四五六七八九十百千万萬亿億]+\D*$|10*\D*$")
#: What follows a number word that belongs to a place's name.
_IN_NAME = frozenset("区县镇乡村路街港")
_WHO = frozenset(("两", "兩", "三", "四", "五"))  # 两者, 三者
#: How long something took, told beside what changed: 一年增加, 十年間.
_SPELL = re.compile(r"[一二三四五六七八九十两兩]+(?:年|个月|個月)$")
_AGO = re.compile(r"(?:[一二三四五六七八九十两兩]+|\d+)(?:年|个月|個月|天|日|周|週|星期)$")
#: A year of the Republic straight before a figure: 由108年的186.4萬人次.
_OF_REPUBLIC = re.compile(r"(?:[6-9]\d|1[0-4]\d)年$")
_SPELL_AFTER = cues("average_growth", "spell")
#: 13個月保單繼續率, 五年生存率: a length of time in the name of a rate.
SPELLS = frozenset({"年", "個月", "月", "周", "天", "日", "小時"})
_RATE_NAME = re.compile(r"[率比](?:[为是达约]|分别|$)")
#: Hedges of a number that says which are counted: 投資超10億元的12個.
_ONE_SIDED = frozenset({"over", "under", "at_least", "at_most"})
_ZERO, _ONE = Fraction(0), Fraction(1)
_SMALL = frozenset("一二三四五六七八九十")
_DIGITS_IN_WORDS = frozenset("〇零一二三四五六七八九")
_AGES = frozenset({"歲", "周歲", "岁", "周岁"})
#: Counting words for people: a sum may mix them (675例確診 = 7人死亡 + 565人解除隔離 + 103人住院).
#: and their votes (54人表決: 贊成49票、反對2票).
PEOPLE = frozenset({"人", "名", "位", "例", "口", "票"})


@dataclass(slots=True, eq=False)
class Item:
    """A figure in its sentence. Offsets are those of the text; `label`, `tail` and `clause` are folded words.

    `label` runs from the last mark or figure to the number, `tail` from its unit to the next mark or figure;
    `clause` from the last clause mark to the number, other figures included; `gap` from the figure before (or
    the sentence's start) to the number, marks included.
    """

    figure: Figure
    index: int
    label: str
    tail: str
    clause: str
    gap: str
    depth: int
    opened: int  # where the innermost bracket opened, -1 outside
    headline: bool  # that bracket is 【
    group: int  # counts the semicolons before it
    role: str  # quantity, rate, points, times
    low: Fraction | None
    high: Fraction | None
    factor: Fraction
    start: int
    end: int
    base: str  # the base unit, or the unit where it has none

    @property
    def words(self) -> str:
        return self.label + self.tail

    @property
    def amount(self) -> Fraction:
        """The value in base units; 0 where there is none."""
        return (self.figure.value or _ZERO) * self.factor

    @property
    def digits(self) -> int:
        """How many digits are printed: a short number fits too much."""
        return sum(1 for char in self.figure.quote if char.isdigit() or char in _DIGITS_IN_WORDS)


@dataclass(slots=True)
class Passage:
    """A sentence and its figures, in order; `index` counts the document's sentences that hold figures."""

    reading: "Reading"
    span: Span
    index: int
    items: list[Item]
    paragraph: int
    text: str  # folded

    def between(self, start: int, end: int) -> str:
        return self.reading.folded[start:end]

    def beside(self, step: int) -> "Passage | None":
        """The passage so many after this one (before it, where `step` is negative), if it is of the same paragraph."""
        passages, at = self.reading.passages, self.index + step
        if 0 <= at < len(passages) and passages[at].paragraph == self.paragraph:
            return passages[at]
        return None


class Bound(set[tuple[int, int]]):
    """Pairs of a whole and a part; knows the parts of any whole at once."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: set[int] = set()

    def add(self, pair: tuple[int, int]) -> None:
        super().add(pair)
        self.parts.add(pair[1])

    def update(self, *pairs: Iterable[tuple[int, int]]) -> None:
        for some in pairs:
            for pair in some:
                self.add(pair)


@dataclass
class Reading:
    """A document with its figures, cut into passages; `claims` are collected here, one a set of members."""

    doc: Document
    figures: Sequence[Figure]
    report_id: str
    claims: list[Claim] = field(default_factory=list)
    seen: set[frozenset[int]] = field(default_factory=set)
    #: starts of the figures that are the result of a claim
    results: set[int] = field(default_factory=set)
    #: pairs (whole, part) that a sum or share already binds
    bound: "Bound" = field(default_factory=Bound)
    #: members of an opening-to-closing account: no difference is to be sought among them
    flowing: set[int] = field(default_factory=set)
    #: figures that belong to a whole by their noun and to no list
    taken: set[int] = field(default_factory=set)
    #: exact amounts of a sentence, by its index: asked by every sentence near it
    amounts: dict[int, list[Item]] = field(default_factory=dict)

    @cached_property
    def folded(self) -> str:
        return self.doc.folded

    @cached_property
    def numbers(self) -> list[Figure]:
        return [f for f in self.figures if f.is_figure and f.value is not None]

    @cached_property
    def dates(self) -> list[Figure]:
        return [f for f in self.figures if f.cls == "date"]

    @cached_property
    def passages(self) -> list[Passage]:
        return list(_passages(self))

    def add(
        self,
        kind: str,
        result: Item | Figure | None,
        operands: Sequence[Item | Figure],
        cues: Sequence[Span | None] = (),
        *,
        weights: Sequence[Fraction | int] = (),
        parameters: dict[str, str] | None = None,
        doubt: str = "",
        rule: str,
    ) -> bool:
        """Keep a claim unless one with the same members is there already; says whether it was kept."""
        starts = [operand.start for operand in operands]
        members = frozenset([*starts, *([result.start] if result is not None else [])])
        if len(members) != len(starts) + (result is not None) or members in self.seen:
            return False
        self.seen.add(members)
        if result is not None and kind != "range":
            self.results.add(result.start)
        self.claims.append(
            Claim(
                kind=kind,
                result=self.figure_id(result.start) if result is not None else "",
                operands=[self.figure_id(start) for start in starts],
                weights=[Fraction(weight) for weight in weights],
                cues=sorted({cue for cue in cues if cue is not None}),
                parameters=parameters or {},
                scope_doubt=doubt,
                rule=rule,
            )
        )
        return True

    def withdraw(self, claim: Claim) -> None:
        """Take back a claim for another of the same result."""
        self.claims = [kept for kept in self.claims if kept is not claim]
        members = [claim.result, *claim.operands]
        self.seen.discard(frozenset(int(name.rpartition("#")[2]) for name in members if name))

    def figure_id(self, start: int) -> str:
        return f"{self.report_id}#{start}"

    def cue(self, pattern: "re.Pattern[str]", start: int, end: int) -> Span | None:
        """Where `pattern` last stands in the folded text between the offsets."""
        last: re.Match[str] | None = None
        for match in pattern.finditer(self.folded, max(start, 0), end):
            last = match
        return Span(*last.span()) if last is not None else None


def _passages(reading: Reading) -> Iterator[Passage]:
    numbers, folded = reading.numbers, reading.folded
    starts = [figure.start for figure in numbers]
    paragraph_starts = [span.start for span in reading.doc.paragraphs]
    index = 0
    for sentence in reading.doc.sentences:
        first = bisect_left(starts, sentence.start)
        last = bisect_left(starts, sentence.end, first)
        if first == last:
            continue
        items = _items(folded, numbers[first:last], sentence)
        if not items:
            continue
        paragraph = bisect_left(paragraph_starts, sentence.start + 1) - 1
        yield Passage(reading, sentence, index, items, paragraph, folded[sentence.start : sentence.end])
        index += 1


def _items(folded: str, figures: Sequence[Figure], sentence: Span) -> list[Item]:
    brackets = [(m.start(), m.group()) for m in _BRACKET.finditer(folded, sentence.start, sentence.end)]
    open_at: list[int] = []
    items: list[Item] = []
    at, before, group, currency = 0, sentence.start, 0, ""
    for place, figure in enumerate(figures):
        while at < len(brackets) and brackets[at][0] < figure.start:
            where, mark = brackets[at]
            if mark in "(【[":
                open_at.append(where)
            elif open_at:
                open_at.pop()
            at += 1
        quote, lead = figure.quote, folded[figure.start - 1 : figure.start]
        if quote[0] == "半" and lead in ("上", "下"):
            continue  # 上半年 is a time
        if lead == ":" and folded[figure.start - 2 : figure.start - 1].isdigit():
            continue  # the second half of a ratio, 2.6:1
        in_words = not quote[0].isdigit()
        following = figures[place + 1].start if place + 1 < len(figures) else sentence.end
        if in_words and following == figure.end and place + 1 < len(figures):
            continue  # 一班92.0% names a class
        after = folded[figure.end : following]
        stop = _MARKS.search(after)
        tail = after[: stop.start()] if stop else after
        first = tail[:1]
        if in_words and (
            (first and first in _IN_NAME)  # 三元区
            or (tail and quote in _SMALL and not figure.unit_text and stop is None and following < sentence.end)  # 二院
            or (quote in _WHO and first == "者")
            or (quote[-1] in "年月" and _SPELL.match(quote) and (not tail or _SPELL_AFTER.match(tail)))
        ):
            continue
        if (
            (first == "前" and _AGO.match(quote))
            or (tail == "的" and figure.hedge in _ONE_SIDED and stop is None and following < sentence.end)
            or (first and first in "及或以" and stop is None and following < sentence.end and _QUALIFIER.match(tail))
            or figure.unit in _AGES
            or (lead == "每" and _EACH_SO_MANY.match(quote))
            or (
                figure.unit == "年"
                and _OF_REPUBLIC.match(quote)
                and tail in ("", "的")
                and following < sentence.end
                and stop is None
            )
            or (figure.unit in SPELLS and tail and stop is None and (tail[0] == "期" or _RATE_NAME.search(tail)))
        ):
            continue  # `before` stays: the words of the bound belong to the next figure's label
        gap = folded[before : figure.start]
        outside = gap[: max(open_at[0] - before, 0)] if open_at else gap
        if ";" in outside or "；" in outside:
            group += outside.count(";") + outside.count("；")
        currency, base_unit = _carried(folded, figure, currency)
        factor = _factor(figure)
        low, high = figure.low, figure.high
        if factor is not _ONE:
            low, high = _scaled(low, factor), _scaled(high, factor)
        items.append(
            Item(
                figure, len(items), _label(gap), tail,
                _clause(folded, sentence.start, figure.start),
                gap, len(open_at), open_at[-1] if open_at else -1, bool(open_at) and folded[open_at[-1]] == "【",
                group, _role(figure),
                low, high, factor,
                figure.start, figure.end, base_unit,
            )
        )  # fmt: skip
        before = figure.end
    _carry_back(items)
    return items


#: What joins the numbers of a list that have one unit, told behind the last.
_JOINS = frozenset("、和及与")


def _carry_back(items: Sequence[Item]) -> None:
    """Give the numbers of a list the unit told behind the last: 分別收1,260萬、1,485萬及1,372萬港元."""
    for one, other in zip(reversed(items[:-1]), reversed(items[1:]), strict=True):
        if not one.base and other.base and other.gap in _JOINS and other.factor == 1 and one.role == "quantity":
            one.base, one.role = other.base, other.role


def _carried(folded: str, figure: Figure, currency: str) -> tuple[str, str]:
    """The currency told before a number, for those after it (新臺幣312萬元、287萬元), and the figure's base unit."""
    own = figure.base_unit or figure.unit
    if figure.unit_text != "元":
        return currency, own
    if own != "元":
        return own, own
    if folded.startswith("人民币", figure.start - 3):
        return "", own
    return currency, currency or own


def _scaled(number: Fraction | None, factor: Fraction) -> Fraction | None:
    return number if number is None or factor == 1 else number * factor


def _label(gap: str) -> str:
    """What stands behind the last mark; looked for from the end, as labels are short."""
    start = len(gap)
    while start and gap[start - 1] not in _MARK_CHARS:
        start -= 1
    return gap[start:]


def _clause(folded: str, floor: int, start: int) -> str:
    """The words before the number from its clause's start, at most 60 characters; looked for from the end, too."""
    floor = max(floor, start - 60)
    at = start
    while at > floor:
        char = folded[at - 1]
        if char in _CLAUSE_MARKS or (char == "," and not _groups(folded[at : min(at + 3, start)])):
            break
        at -= 1
    return folded[at:start]


def _groups(digits: str) -> bool:
    """Whether the comma before them groups digits: 1,268."""
    return len(digits) == 3 and digits.isdecimal()


def _role(figure: Figure) -> str:
    unit = figure.unit
    if unit in ("百分點", "千分點", "基點"):
        return "points"
    if unit in ("倍", "番"):
        return "times"
    if figure.cls == "percent" or "分之" in figure.quote:
        return "rate"
    return "quantity"


def _factor(figure: Figure) -> Fraction:
    if not figure.base_unit or figure.base_unit == figure.unit or not figure.unit:
        return _ONE
    if figure.value and figure.base_value is not None:
        return figure.base_value / figure.value
    return unit_factors().get(figure.unit, Fraction(1))


@lru_cache(maxsize=1)
def unit_factors() -> dict[str, Fraction]:
    """Unit to its factor in base units."""
    return {row["unit"]: Fraction(row["factor"] or "1") for row in vocabulary("units")}


@lru_cache(maxsize=1)
def counters() -> frozenset[str]:
    """Units that count things."""
    return frozenset(row["unit"] for row in vocabulary("units") if row["kind"] == "counter")


def base(item: Item) -> str:
    return item.base


def alike(a: Item, b: Item) -> bool:
    """Whether the two can be added: the same base unit, or both counting people."""
    if a.role != b.role:
        return False
    one, other = a.base, b.base
    return one == other or (one in PEOPLE and other in PEOPLE)


def addable(whole: Item, part: Item) -> bool:
    """`alike`, or one of them a number printed without a unit beside counted ones."""
    if alike(whole, part):
        return True
    if whole.role != "quantity" or part.role != "quantity":
        return False
    bare = [item for item in (whole, part) if not item.figure.unit]
    return len(bare) == 1 and (whole.figure.unit in counters() or part.figure.unit in counters())


def is_count(item: Item) -> bool:
    """An exact whole number of counted things."""
    figure = item.figure
    return (
        item.role == "quantity" and figure.low is not None and figure.low == figure.high and figure.unit in counters()
    )


#: Words that say when, not what.
_TIME_WORDS = cues("duplicate", "when")


def similarity(noun: str, words: str) -> Fraction:
    """The share of the pairs of characters of `noun` that stand in `words`."""
    noun = _TIME_WORDS.sub("", noun)
    pairs = [noun[i : i + 2] for i in range(len(noun) - 1)] or [noun]
    return Fraction(sum(1 for pair in pairs if pair and pair in words), len(pairs))
