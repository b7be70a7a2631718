"""Names of places that hold a numeral and its unit, 七里镇, 十里铺村, 八一路, and what goes on behind a listed one."""

import re
from functools import lru_cache

from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words
from flows.record.wording import worded

_ENDS = r"镇|乡(?![亲村镇土])|村(?![民庄落道])|街道|社区|区(?![域级属间分位内])|县(?![级城域])"
_MIDDLE = "[铺坡桥堡店亭屯庄营湾沟河塘墩岗岭冲坪坝埠浦牌排源山洋墙]子?"
#: 七里镇, 三里屯街道, 五里坡村, 百丈乡, 三里街12号: a length that no town has; 五里路, 十里乡亲 and 三个镇 count.
_BY_LENGTH = re.compile(
    rf"(?:[一二三四五六七八九]?十|[一二三四五六七八九百千])[里丈]"
    rf"(?:(?:{_MIDDLE})?(?:{_ENDS}|街(?=[\d，。、；])|路(?=\d))|{_MIDDLE}路(?=[，。、；]))"
)
#: 八一路, 五一村, 七一社区, 二七广场: the days that places are named after; 十一村 counts.
_BY_DAY = worded(r"<place.of_day>(?:村(?!民)|乡(?!镇)|路(?!公交)|<place.named>)")
_TAIL = re.compile(r"镇(?!级)|乡(?![亲村镇土])|街道|村(?![民庄落超晚级])")


def place_name_at(folded: str, place: int) -> int | None:
    """Where the name of a place ends that begins with the Chinese numeral at `place`; None where it counts."""
    match = _BY_LENGTH.match(folded, place) or _BY_DAY.match(folded, place)
    return None if match is None else match.end()


@lru_cache(maxsize=1)
def _towns() -> frozenset[str]:
    """Folded names of listed places below the provinces, which may name a town, a township or a village too."""
    return frozenset(
        fold(name)
        for row in vocabulary("places")
        if row["level"] not in ("country", "province")
        for name in (row["name_hans"], *words(row["aliases"]))
    )


def with_tail(folded: str, start: int, end: int) -> int:
    """Where the name of a listed place ends when a town, a township or a village bears it: 三河｜乡; else `end`."""
    match = _TAIL.match(folded, end)
    return match.end() if match is not None and folded[start:end] in _towns() else end
