"""Indicator phrases to the codes of the catalogue, and ranked suggestions for those it does not know."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from flows.place.words import MASK_NUMERAL, any_of, unit_rows
from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words
from flows.record.wording import roles_about, worded

#: Words that an alias must share with the phrase, or it names something wider.
_TELLING = roles_about("telling")
_CHANGE = worded("<change.word>")
EXACT = "="
GROWTH = "_growth"
#: What a change of a level is told as, and the end of the code of each: a year on the one before, on average of
#: several years, of several years together, in times of what it was, in the unit of the level; of a rate in points.
GROWTH_AVERAGE, GROWTH_YEARS, TIMES = "_growth_average", "_growth_years", "_times"
INCREASE, CHANGE = "_increase", "_change"
_GROWN_AT_END = worded(r"<change.adverb>*<change.word><change.end>?(?:预期)?(?:目标)?\Z")
_MONTHLY = worded("<change.monthly>")
_AVERAGE_OF_YEARS = worded("<change.average>")
#: The years that a growth covers, before what grew: 两年钢产量增长.
_SPAN_OF_YEARS = re.compile(rf"{MASK_NUMERAL}+[来间里内中]?")
_CHANGE_AT_END = worded(r"<change.word>\Z")
_STATE_AT_END = worded(r"(?:已|正在)?<case.state>(?:病例)?\Z")
_VERB_INSIDE = worded(r"(<staff.adverb>|)(?=<staff.joins>)")
_BRACKET_AT_END = re.compile(r"[(（]([^()（）]+)[)）]\Z")
_RIVER_REACH = re.compile(r"[江河溪渠](?:的|[(（]).*段[)）]?\Z")
_DESTINATION = worded(r"(?:赴|前往|奔赴)[^，。；]{1,8}?(?=<staff.to_work>)")
_COUNTED = worded("<case.stage_or_origin>")
#: What the state alone does not say: what became of it (新增｜解除｜重症, 重症病例｜转｜普通型病例), or that no
#: illness brought it (安全事故死亡).
_NO_LONGER = worded(r"解除|转(?:为|归为|归)?\Z|<case.accident>")
_ILL = worded("<case.ill>")
POINTS = "百分點"


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator: its code, the kind and base of its unit, and its rank in the file (the earlier wins a
    tie).
    """

    code: str
    unit_kind: str
    base_unit: str
    rank: int
    is_exact: bool = False  # by this alias only where it is all that the phrase says
    is_mean: bool = False  # no sum: an average, a rate or a price


@lru_cache(maxsize=1)
def _aliases() -> dict[str, tuple[Entry, ...]]:
    """Folded alias to the indicators it may mean, told apart by their units. An alias after = is the whole phrase."""
    found: dict[str, tuple[Entry, ...]] = {}
    for rank, row in enumerate(vocabulary("indicators")):
        names = dict.fromkeys(map(plain, fold("|".join([row["name_hans"], *words(row["aliases"])])).split("|")))
        for name in dict.fromkeys(name.removeprefix(EXACT) for name in names):
            if name:
                is_mean = row["aggregation"] in ("average", "none")
                entry = Entry(
                    row["indicator"], row["unit_kind"], row["base_unit"], rank, EXACT + name in names, is_mean
                )
                found[name] = (*found.get(name, ()), entry)
    return found


@lru_cache(maxsize=1)
def _lengths() -> dict[str, tuple[int, ...]]:
    """The first characters of an alias (three, of one of two both) to the lengths of the aliases that begin so."""
    lengths: dict[str, set[int]] = {}
    for alias in _aliases():
        lengths.setdefault(alias[:3], set()).add(len(alias))
    return {start: tuple(found) for start, found in lengths.items()}


def _held(text: str) -> Iterator[tuple[str, int]]:
    """Every alias in `text` and where it ends."""
    lengths, aliases = _lengths(), _aliases()
    for at in range(len(text) - 1):
        if text[at : at + 2] in aliases:
            yield text[at : at + 2], at + 2
        for length in lengths.get(text[at : at + 3], ()):
            alias = text[at : at + length]
            if length > 2 and alias in aliases:
                yield alias, at + length


@lru_cache(maxsize=1)
def _reached() -> re.Pattern[str]:
    """Words that only say that a measure was reached, in the middle of its name: 第一产业｜实现｜增加值."""
    return worded(rf"(?<=[\u4e00-\u9fff]{{2}})<change.reached>(?=[\u4e00-\u9fff]{{0,6}}(?:{any_of('measure')})\Z)")


@lru_cache(maxsize=1)
def _quiet() -> re.Pattern[str]:
    return worded(r"[的“”\"‘’'()（）《》\s]|<case.left_out>|(?<!可追踪)报告")


@lru_cache(maxsize=16384)
def plain(phrase: str) -> str:
    """The folded phrase without 的, quotes and brackets, as aliases are matched."""
    return _quiet().sub("", phrase).replace("已经", "已")


def kind_of_unit(unit: str) -> str:
    """The kind that indicators.csv calls the unit of a figure; empty for no unit."""
    row = unit_rows().get(unit)
    if row is None:
        return ""
    if row["kind"] == "counter":
        return "count"
    return row["dimension"] if row["kind"] == "physical" else row["kind"]


def _fits(entry: Entry, unit: str, base_unit: str) -> int:
    """2 where the base unit is the very one, 1 where the kind agrees, 0 where it cannot be this indicator."""
    if entry.base_unit and entry.base_unit == base_unit:
        return 2
    kind = kind_of_unit(unit)
    if not kind:
        if not unit:
            return int(entry.unit_kind == "ratio")  # 收入比由5：1缩小到2.6：1
        per, _, of = base_unit.partition("/")  # 28微克/立方米: a mean that is told for each of something
        return int(bool(of) and entry.base_unit == per and entry.is_mean)
    if entry.unit_kind != kind or kind == "money" or POINTS in (entry.base_unit, base_unit):
        return 0
    if "人" in (entry.base_unit, base_unit):
        return int(entry.base_unit == "人次")  # 客运量310万人: travellers, counted each time
    return 1


@lru_cache(maxsize=16384)
def indicator_of(phrase: str, unit: str, base_unit: str) -> str:
    """The code whose longest alias the phrase (folded) holds, of a fitting unit; empty where none does.

    Of aliases as long as each other the one nearest to the end of the phrase wins: the head stands last. A
    change (粮食产量增长) that has no name of its own is that of what changed, where the catalogue has it.
    """
    if "分别" in phrase and _CHANGE_AT_END.search(phrase):
        return ""  # a list that was not told apart: 城乡居民收入分别增长
    code = _best(phrase, unit, base_unit)
    grown = None if code else _GROWN_AT_END.search(phrase)
    if grown is None or not grown.start() or _MONTHLY.search(grown[0]):
        return code
    level = phrase[: grown.start()]
    span = _SPAN_OF_YEARS.match(level)
    if span:
        level = level[span.end() :]
    told = _told_as(grown[0], base_unit, of_years=span is not None)
    return _best(level, unit, base_unit, told) if level and told else ""


def _told_as(change: str, base_unit: str, *, of_years: bool) -> str:
    """The end of the code of a change of a level; empty for one that the catalogue knows none of."""
    if _AVERAGE_OF_YEARS.search(change):
        return GROWTH_AVERAGE if base_unit == "%" else ""
    if base_unit == "%":
        if of_years:
            return GROWTH_YEARS
        return "" if "累计" in change else GROWTH  # of which years, or of the months of this one
    if base_unit == POINTS:
        return CHANGE
    if base_unit == "倍":
        return TIMES
    return INCREASE if base_unit and base_unit != "番" and not of_years else ""


def _best(phrase: str, unit: str, base_unit: str, told: str = "") -> str:
    best: tuple[int, int, int, int] | None = None
    code = ""
    for text in (*_readings(plain(phrase)), *_asides(phrase)):
        for alias, end in _held(text):
            if 2 * len(alias) < min(len(text), 8) or (best is not None and len(alias) < best[0]):
                continue
            is_name: bool | None = None  # asked only where a fitting indicator wants to know
            for entry in _aliases()[alias]:
                if entry.is_exact and len(alias) != len(text):
                    continue
                found = _changed(entry, told, unit, base_unit) if told else entry.code
                fit = _fit(entry, alias, unit, base_unit, told) if found else 0
                score = (len(alias), fit, end, -entry.rank)
                if not fit or (best is not None and score <= best):
                    continue
                if is_name is None:
                    is_name = _is_whole(text, end - len(alias), end)
                    if _leaves_out(text, alias, end):
                        break
                if is_name or entry.code.partition(".")[0] not in _named_whole():
                    best, code = score, found
    return code


def _fit(entry: Entry, alias: str, unit: str, base_unit: str, told: str) -> int:
    """How well the unit of a figure fits, as `_fits` says; the unit of a rate of change says nothing of the level."""
    if told and told != INCREASE:
        return 1
    if (entry.base_unit, base_unit) == ("例", "人"):
        return int(_ILL.search(alias) is not None)  # 8名确诊病例
    return _fits(entry, unit, base_unit)


def _changed(entry: Entry, told: str, unit: str, base_unit: str) -> str:
    """The code of a change of this indicator; what is a change itself (prices) is that of its name."""
    if told == GROWTH and entry.code.endswith(CHANGE) and entry.base_unit == base_unit:
        return entry.code
    code = entry.code + told
    if code not in _codes() or (told == CHANGE and entry.base_unit != "%"):
        return ""
    return code


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(row["indicator"] for row in vocabulary("indicators"))


def is_code(code: str) -> bool:
    """Whether the catalogue has this code."""
    return code in _codes()


def is_told_by_year(code: str) -> bool:
    """Whether the code is of a change against the same period of the year before."""
    return code.endswith(GROWTH) or (code.startswith("prices.") and code.endswith(CHANGE))


@lru_cache(maxsize=1)
def _named_whole() -> frozenset[str]:
    """Subjects in which a longer phrase is another thing: 家电类商品零售额 is not 商品零售额."""
    return frozenset(row["subject"] for row in vocabulary("subjects") if row["matching"] == "whole")


@lru_cache(maxsize=1)
def _changes_nothing() -> re.Pattern[str]:
    words = any_of("verb", "aspect", "level", "head_noise", "neutral")
    return re.compile(rf"(?:{words})*")


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether what stands around the alias changes nothing of what it names (全市实现…, …规模)."""
    pattern = _changes_nothing()
    return pattern.fullmatch(text, 0, start) is not None and pattern.fullmatch(text, end) is not None


def _readings(text: str) -> list[str]:
    """The phrase, and where it says what became of those counted (累计确诊死亡) the same without them
    (累计死亡).
    """
    match = _STATE_AT_END.search(text)
    if match is None or match.start() == 0 or _NO_LONGER.search(text, 0, match.start()):
        done = text.find("已", 1)
        inside = _VERB_INSIDE.search(text, 2) if done < 0 else None
        if inside:  # 党员全面下沉网格: 下沉网格党员
            return [text, text[inside.end(1) :] + text[: inside.start()]]
        if done > 0:
            return [text, text[done:]]
        if "实现" in text or "完成" in text:
            short = _reached().sub("", text)
            return [text] if short == text else [text, short]
        return [text]
    counted = "".join(dict.fromkeys(_COUNTED.findall(text[: match.start()])))
    return [text, counted + match[0], counted + match[0] + "病例"]


def _asides(phrase: str) -> list[str]:
    """What a phrase says apart from its main words: its last bracket alone (…部分产品(水果): 水果), a reach of a
    river as one, and a verb pair without the place between (接送赴大湾区返岗: 接送返岗).
    """
    bracket = _BRACKET_AT_END.search(phrase)
    found = [plain(bracket[1])] if bracket else []
    if _RIVER_REACH.search(phrase):
        found.append("河段")
    short = _DESTINATION.sub("", phrase)
    return found if short == phrase else [*found, plain(short)]


@lru_cache(maxsize=32768)
def _tells(text: str) -> int:
    """Which groups of words that make another indicator stand in the text, a bit for each."""
    return sum(1 << number for number, group in enumerate(_TELLING) if group.search(text))


def _leaves_out(text: str, alias: str, end: int) -> bool:
    """Whether the alias passes over a word of the phrase that makes it another indicator (本土, 死亡, …增长)."""
    if _tells(text) & ~_tells(alias):
        return True
    if "已" in text[end:] or "正在" in text[end:]:
        return True
    if any(text[at:] in _aliases() for at in range(end, len(text) - 3)):  # another whole name behind it is the head
        return True
    return _CHANGE_AT_END.search(text) is not None and not _CHANGE.search(alias) and end < len(text)


def suggest(indicator_text: str, unit_kind: str, n: int = 5) -> list[tuple[str, float]]:
    """The `n` indicators most like a phrase, best first: (code, score in 0..1).

    `unit_kind` is that of units.csv or of indicators.csv, empty for any. The score is the share of character
    pairs that the phrase and the nearest name have in common.
    """
    wanted = _pairs(plain(fold(indicator_text)))
    scores: dict[str, float] = {}
    for alias, entries in _aliases().items():
        pairs = _pairs(alias)
        common = len(wanted & pairs)
        if not common:
            continue
        score = 2 * common / (len(wanted) + len(pairs))
        for entry in entries:
            if _same_kind(unit_kind, entry.unit_kind) and score > scores.get(entry.code, 0.0):
                scores[entry.code] = score
    ranked: Iterable[tuple[str, float]] = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [(code, round(score, 3)) for code, score in ranked][:n]


def _same_kind(asked: str, entry_kind: str) -> bool:
    if not asked or asked == entry_kind:
        return True
    if asked == "counter":
        return entry_kind == "count"
    return asked == "physical" and entry_kind in {
        row["dimension"] for row in unit_rows().values() if row["kind"] == "physical"
    }


@lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[str]:
    return frozenset([text[i : i + 2] for i in range(len(text) - 1)] or ([text] if text else []))
