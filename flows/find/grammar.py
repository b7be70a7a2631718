"""The regular expressions of numerals, over folded text. Every one is anchored by its caller and bounded."""

import re

from flows.find.numbers import DIGITS, FORMAL, SCALES, SHORT_TENS, TENS

_D = "".join(DIGITS)
_T = "".join(TENS)
_N = _D + _T + "".join(SHORT_TENS) + "".join(SCALES)
#: Numbers of other kinds: ① ⑴ ⒈ Ⅳ ½ ² ㈠ ㊀ ❶ and digits of other scripts (\d has them).
OTHER_NUMERALS = "¼-¾²³¹⁰-⁹₀-₉⅐-ↈ①-⓿❶-➓㈠-㈩㉈-㉏㉑-㉟㊀-㊉㊱-㊿"

#: Where a numeral may begin.
TRIGGER = re.compile(rf"[\d{_N}{OTHER_NUMERALS}几数半]")

_SPACE = "[ \u00a0\u2009\u202f]"
#: Grouped by commas, by spaces or apostrophes (whole groups only, nothing numeric next to them), or plain.
ARABIC = (
    r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+(?!\.?\d))?"
    rf"|\d{{1,3}}(?:[’'\u00a0\u2009\u202f ]\d{{3}})+(?!\d|[’'.,:/\-]\d|{_SPACE}\d)"
    r"|\d+(?:\.\d+(?!\.?\d))?)"
)
_ARABIC_SCALE = (
    rf"(?:{_SPACE}{{0,2}}(?:[万亿百佰仟]|兆(?![字瓦赫比帕])|千(?![克米瓦伏卡字赫比帕焦])))+"
)
MIXED = rf"{ARABIC}(?:{_ARABIC_SCALE}(?:[零〇]?{ARABIC}{_ARABIC_SCALE})*(?:[零〇]?{ARABIC})?)?"
_BEFORE_UNIT = r"(?:兆(?![字瓦赫比帕])|(?<![十百])千|千(?![克米瓦伏卡字赫比帕焦]))"
_CHINESE_CHAR = rf"(?:[{_N.replace('千', '').replace('兆', '')}]|{_BEFORE_UNIT})"
CHINESE = rf"(?:{_CHINESE_CHAR}+(?:[点.][{_D}]+(?![十百千分])[万亿兆]*)?)"
NUMBER = rf"(?:{MIXED}|{CHINESE})"

NUMBER_AT = re.compile(NUMBER)
#: 一千多万, 五百余万, 42亿余: the hedge stands inside; then the scale word goes on.
INNER_HEDGE = re.compile(rf"{_SPACE}?(?:多|余|来|几){_SPACE}?([百千万亿]+)")
PERCENT_WORDS = re.compile(rf"(万万|百|佰|千|仟|万)\s?分\s?之\s?([负-]?{NUMBER})")
FRACTION = re.compile(rf"(?:(?:{NUMBER})又)?(?:{NUMBER})分之(?:{NUMBER})")
SLASH_FRACTION = re.compile(r"(?:\d+ )?\d{1,5}/\d{1,5}(?![\d/])")
RANGE = re.compile(r"(?:至|到|——|—|──|-|–|~|〜|～|－|―|─|−){1,2}")

FORMAL_ONLY = frozenset(FORMAL)
