"""Indicator phrases to the codes of the catalogue, and ranked suggestions for those it does not know."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from flows.place.words import any_of, unit_rows
from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words
from flows.record.wording import roles_about, worded

#: Words that an alias must share with the phrase, or it names something wider.
_TELLING = roles_about("telling")
_CHANGE = worded("<change.word>")
EXACT = "="
GROWTH = "_growth"
_GROWN_AT_END = worded(r"<change.adverb>*<change.word>(?:了|到)?\Z")
#: A change between other periods than a year and the one before it.
_NOT_YEAR_ON_YEAR = worded("<change.not_of_a_year>")
_CHANGE_AT_END = worded(r"<change.word>\Z")
_STATE_AT_END = worded(r"(?:已|正在)?<case.state>(?:病例)?\Z")
_VERB_INSIDE = worded(r"(<staff.adverb>|)(?=<staff.joins>)")
_BRACKET_AT_END = re.compile(r"[(（]([^()（）]+)[)）]\Z")
_RIVER_REACH = re.compile(r"[江河溪渠](?:的|[(（]).*段[)）]?\Z")
_DESTINATION = worded(r"(?:赴|前往|奔赴)[^，。；]{1,8}?(?=<staff.to_work>)")
_COUNTED = worded("<case.stage_or_origin>")


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


@lru_cache(maxsize=1)
def _aliases() -> dict[str, tuple[Entry, ...]]:
    """Folded alias to the indicators it may mean, told apart by their units. An alias after = is the whole phrase."""
    found: dict[str, tuple[Entry, ...]] = {}
    for rank, row in enumerate(vocabulary("indicators")):
        names = dict.fromkeys(map(plain, fold("|".join([row["name_hans"], *words(row["aliases"])])).split("|")))
        for name in dict.fromkeys(name.removeprefix(EXACT) for name in names):
            if name:
                entry = Entry(row["indicator"], row["unit_kind"], row["base_unit"], rank, EXACT + name in names)
                found[name] = (*found.get(name, ()), entry)
    return found


@lru_cache(maxsize=1)
def _lengths() -> dict[str, tuple[int, ...]]:
    """The first two characters of an alias to the lengths of the aliases that begin so."""
    lengths: dict[str, set[int]] = {}
    for alias in _aliases():
        lengths.setdefault(alias[:2], set()).add(len(alias))
    return {start: tuple(found) for start, found in lengths.items()}


def _held(text: str) -> Iterator[tuple[str, int]]:
    """Every alias in `text` and where it ends."""
    lengths, aliases = _lengths(), _aliases()
    for at in range(len(text) - 1):
        for length in lengths.get(text[at : at + 2], ()):
            alias = text[at : at + length]
            if alias in aliases:
                yield alias, at + length


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
        return 1 if entry.unit_kind == "ratio" and not unit else 0  # 收入比由5：1缩小到2.6：1
    if entry.unit_kind == kind:
        return 0 if kind == "money" or entry.base_unit == "人" or base_unit == "人" else 1
    return 0


@lru_cache(maxsize=16384)
def indicator_of(phrase: str, unit: str, base_unit: str) -> str:
    """The code whose longest alias the phrase (folded) holds, of a fitting unit; empty where none does.

    Of aliases as long as each other the one nearest to the end of the phrase wins: the head stands last. A
    change told in percent (粮食产量增长) is the growth of what changed, where the catalogue has it.
    """
    grown = _GROWN_AT_END.search(phrase) if base_unit == "%" else None
    if grown and grown.start():
        code = _best(phrase, unit, base_unit)
        if code or _NOT_YEAR_ON_YEAR.search(grown[0]):
            return code
        return _best(phrase[: grown.start()], unit, base_unit, of_growth=True)
    return _best(phrase, unit, base_unit)


def _best(phrase: str, unit: str, base_unit: str, *, of_growth: bool = False) -> str:
    best: tuple[int, int, int, int] | None = None
    code = ""
    for text in (*_readings(plain(phrase)), *_asides(phrase)):
        for alias, end in _held(text):
            if 2 * len(alias) < min(len(text), 8) or _leaves_out(text, alias, end):
                continue
            is_name = _is_whole(text, end - len(alias), end)
            for entry in _aliases()[alias]:
                if entry.is_exact and len(alias) != len(text):
                    continue
                if not is_name and entry.code.partition(".")[0] in _named_whole():
                    continue
                grows = of_growth and entry.code + GROWTH in _codes()
                fit = int(grows) if of_growth else _fits(entry, unit, base_unit)
                if fit:
                    score = (len(alias), fit, end, -entry.rank)
                    if best is None or score > best:
                        best, code = score, entry.code + (GROWTH if of_growth else "")
    return code


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(row["indicator"] for row in vocabulary("indicators"))


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
    if match is None or match.start() == 0:
        done = text.find("已", 1)
        inside = _VERB_INSIDE.search(text, 2) if done < 0 else None
        if inside:  # 党员全面下沉网格: 下沉网格党员
            return [text, text[inside.end(1) :] + text[: inside.start()]]
        return [text, text[done:]] if done > 0 else [text]
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


def _leaves_out(text: str, alias: str, end: int) -> bool:
    """Whether the alias passes over a word of the phrase that makes it another indicator (本土, 死亡, …增长)."""
    if any(group.search(text) and not group.search(alias) for group in _TELLING):
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
