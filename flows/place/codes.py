"""Which code of the catalogue a figure has: that of its words, and what the figure just before it makes of them."""

import re
from functools import lru_cache

from flows.place.catalogue import GROWTH, indicator_of, is_code, is_told_by_year
from flows.place.frames import Reading
from flows.place.words import MASK_NUMERAL, any_of, phrase_words
from flows.record import Figure
from flows.record.wording import told

_MARK = re.compile(r"[，,。:;；、\n\t|]")
_BRACKETS = re.compile(r"\([^()]*\)")
_LONGEST_GROUP = 24  # characters from the ages to what is counted: 60岁及以上老年人全程接种率
_ENDS_GROUP = re.compile(r"(?:约|近|超过?|达到?|为|是|有|共)+\Z")
_OF_A_GROUP = told("people", "age_open")  # 65岁｜及以上人口: nobody's age
_SEX = re.compile(r"(?:男|女)(?:性|童|子|婴)?")
_BASES_OF_RATES = frozenset(10**power for power in range(9))
_AGED, _SHARE, _USD = "population.aged_", "_share", "_usd"


def code_of(folded: str, figure: Figure, reading: Reading, before: Figure | None) -> str:
    """The code of a figure; empty for none. `folded` is the folded text, `before` the figure told just before it in
    the same paragraph, whose code is known already.

    A phrase that is told apart by more than a place has the code of the two together.
    """
    if folded.startswith(("每", "/"), figure.start - 1) and figure.value in _BASES_OF_RATES:
        return ""  # 每百元｜营业收入中的成本, 每千人｜床位: what the rate is told for
    if figure.unit == "歲" and folded.startswith(_OF_A_GROUP, figure.end):
        return ""
    if figure.unit == "歲" and (reading.is_age or _SEX.fullmatch(reading.right_text)):
        return indicator_of("年龄", figure.unit, figure.base_unit)
    phrase, qualifier = reading.phrase.text, reading.qualifier.text
    near = max(0, figure.start - 16)
    years = _grows_over_years().search(folded, near, figure.start) if "年" in folded[near : figure.start] else None
    if years and years["before"]:
        return ""  # 比前五年增长: no year stands against another
    if years and figure.base_unit == "%":
        phrase = MASK_NUMERAL + phrase
    code = _of_words(figure, reading, phrase, qualifier)
    if is_told_by_year(code) and "month_on_month" in figure.modifiers:
        return ""
    return code if before is None else _beside(folded, figure, before, phrase, code)


def _of_words(figure: Figure, reading: Reading, phrase: str, qualifier: str) -> str:
    """The code of the phrase and what tells it apart; empty where that makes a part of it that has none."""
    code = indicator_of(phrase, figure.unit, figure.base_unit)
    if not qualifier:
        return code
    apart = indicator_of(qualifier, figure.unit, figure.base_unit)
    if apart or qualifier == reading.entity.text:
        return apart or code
    both = indicator_of(f"{phrase}({qualifier})", figure.unit, figure.base_unit)
    is_place = reading.is_item and qualifier not in phrase_words()["pair"]
    return both if both != code or is_place else ""  # 确诊病例(无旅居史), 恩格尔系数(城镇) are not all of them


@lru_cache(maxsize=1)
def _grows_over_years() -> re.Pattern[str]:
    """五年累计增长: the years that a growth covers, right before the word of change."""
    years = r"(?<![0-9〇一二三四五六七八九十])(?P<before>[前上])?(?:[两二三四五六七八九十]|[2-9]|1[0-9])年"
    return re.compile(rf"{years}[来间里内中]?(?:累计|共|合计|实际)*(?:{any_of('growth')})了?\s*\Z")


def _beside(folded: str, figure: Figure, before: Figure, phrase: str, code: str) -> str:
    """The code that the words have beside the figure before: of the ages it tells, or in the money it is told in."""
    group = _group(folded, before, figure)
    if group:
        aged = indicator_of(group, figure.unit, figure.base_unit)
        return aged if aged != code else ""  # 60岁以上｜接种率 is not that of all
    if before.indicator.startswith(_AGED) and "占" in phrase and is_code(before.indicator + _SHARE):
        return before.indicator + _SHARE if figure.base_unit == "%" else code
    level = before.indicator.removesuffix(_USD)
    if level != before.indicator and code == level + GROWTH and is_code(level + _USD + GROWTH):
        return level + _USD + GROWTH
    return code


def _group(folded: str, before: Figure, figure: Figure) -> str:
    """0-14岁人口｜8万人: the ages and what they are of, where the figure before tells the ages of those counted;
    empty where it does not.
    """
    if before.unit != "歲" or figure.unit == "歲" or figure.start - before.end > _LONGEST_GROUP:
        return ""
    gap = _BRACKETS.sub("", folded[before.end : figure.start])
    return "" if _MARK.search(gap) else folded[before.start : before.end] + _ENDS_GROUP.sub("", gap)
