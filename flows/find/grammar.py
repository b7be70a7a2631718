"""The regular expressions of numerals, over folded text. Every one is anchored by its caller and bounded."""

import re
import unicodedata
from functools import lru_cache

from flows.find.numbers import DIGITS, FORMAL, PAIRS, SHORT_TENS

#: Every character of Unicode's categories No and Nl but 〇: ① ⑴ ⒈ Ⅳ ½ ² ㈠ ㊀ ❶ … Decimal digits are \d.
OTHER_NUMERALS = (
    "\u00b2-\u00b3\u00b9\u00bc-\u00be\u09f4-\u09f9\u0b72-\u0b77\u0bf0-\u0bf2\u0c78-\u0c7e\u0d58-\u0d5e"
    "\u0d70-\u0d78\u0f2a-\u0f33\u1369-\u137c\u16ee-\u16f0\u17f0-\u17f9\u19da\u2070\u2074-\u2079"
    "\u2080-\u2089\u2150-\u2182\u2185-\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u2cfd\u3021-\u3029"
    "\u3038-\u303a\u3192-\u3195\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289\u32b1-\u32bf"
    "\ua6e6-\ua6ef\ua830-\ua835\U00010107-\U00010133\U00010140-\U00010178\U0001018a-\U0001018b"
    "\U000102e1-\U000102fb\U00010320-\U00010323\U00010341\U0001034a\U000103d1-\U000103d5"
    "\U00010858-\U0001085f\U00010879-\U0001087f\U000108a7-\U000108af\U000108fb-\U000108ff"
    "\U00010916-\U0001091b\U000109bc-\U000109bd\U000109c0-\U000109cf\U000109d2-\U000109ff"
    "\U00010a40-\U00010a48\U00010a7d-\U00010a7e\U00010a9d-\U00010a9f\U00010aeb-\U00010aef"
    "\U00010b58-\U00010b5f\U00010b78-\U00010b7f\U00010ba9-\U00010baf\U00010cfa-\U00010cff"
    "\U00010e60-\U00010e7e\U00010f1d-\U00010f26\U00010f51-\U00010f54\U00010fc5-\U00010fcb"
    "\U00011052-\U00011065\U000111e1-\U000111f4\U0001173a-\U0001173b\U000118ea-\U000118f2"
    "\U00011c5a-\U00011c6c\U00011fc0-\U00011fd4\U00012400-\U0001246e\U00016b5b-\U00016b61"
    "\U00016e80-\U00016e96\U0001d2e0-\U0001d2f3\U0001d360-\U0001d378\U0001e8c7-\U0001e8cf"
    "\U0001ec71-\U0001ecab\U0001ecad-\U0001ecaf\U0001ecb1-\U0001ecb4\U0001ed01-\U0001ed2d"
    "\U0001ed2f-\U0001ed3d\U0001f100-\U0001f10c"
)
_NUMERAL_CHARS = "".join(DIGITS) + "十拾百佰千仟万亿兆" + "".join(SHORT_TENS)

#: The digits of all scripts that stand below U+10000, as ranges of ten.
_DIGIT_RANGES = "".join(
    f"{zero}-{chr(ord(zero) + 9)}" for zero in filter(str.isdecimal, map(chr, range(0x10000))) if int(zero) == 0
)
_LOW_NUMERALS = OTHER_NUMERALS[: OTHER_NUMERALS.index("\U00010107")]

#: Where a numeral may begin. Characters from U+10000 on are told apart by `is_numeral`: each range of them in the
#: set would be tried at every character of a text, the others are one look-up in a map.
TRIGGER = re.compile(rf"[{_DIGIT_RANGES}{_NUMERAL_CHARS}{_LOW_NUMERALS}几数半\U00010000-\U0010ffff]")


def is_numeral(char: str) -> bool:
    """Whether a character is a digit or number of any script."""
    return unicodedata.category(char) in ("Nd", "Nl", "No")


#: At most two blanks between the parts of one number.
_S = "[ \u00a0\u2009\u202f\u3000]{0,2}"
_BLANK = "[ \u00a0\u2009\u202f]"

#: Grouped by commas, by blanks or apostrophes (whole groups only, nothing numeric next to them), or plain.
ARABIC = (
    r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+(?!\.?\d))?"
    rf"|\d{{1,3}}(?:[’'\u00a0\u2009\u202f ]\d{{3}})+(?!\d|[’'.,:/+\-]\d|{_BLANK}\d)"
    r"|\d{1,2}(?:，\d{3})*，0\d{2}(?!\d)"
    r"|\d \d(?= ?折)"
    r"|\d+(?:\.\d+(?!\.?\d))?)"
)
#: 千 and 兆 belong to the unit in 3千米, 5兆瓦.
_NOT_UNIT = r"(?![克米瓦伏卡字赫比帕焦])"
_ARABIC_SCALE = rf"(?:{_S}(?:[万亿百佰仟]|[千兆]{_NOT_UNIT}))+"
MIXED = rf"{ARABIC}(?:{_ARABIC_SCALE}(?:[零〇]?{ARABIC}{_ARABIC_SCALE})*(?:[零〇]?{ARABIC})?)?"

_DIGIT = "[一二两三四五六七八九壹贰叁参肆伍陆柒捌玖弌弍弎]"
_ONE = rf"(?:{'|'.join(PAIRS)}|{_DIGIT})"  # a digit, or two that name a span
_LAST = rf"(?:{'|'.join(PAIRS)}|(?!两){_DIGIT})"  # 三百两 is three hundred liang
_PLACE = "[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]"  # digits read one by one
_Z = rf"(?:[零〇]{_S})?"
_THOUSAND = rf"(?:{_ONE}{_S})?[千仟]{_NOT_UNIT}"
_HUNDRED = rf"(?:{_ONE}{_S})?[百佰]"
_TEN = rf"(?:(?:{_ONE}{_S})?[十拾]|[廿卅卌])"
#: One section, up to 9999: 三千零五, 二百五, 十二, 四.
_SECTION = (
    rf"(?:{_THOUSAND}(?:{_S}{_Z}{_HUNDRED})?(?:{_S}{_Z}{_TEN})?(?:{_S}{_Z}{_LAST})?"
    rf"|{_HUNDRED}(?:{_S}{_Z}{_TEN})?(?:{_S}{_Z}{_LAST})?"
    rf"|[零〇]?{_TEN}(?:{_S}{_LAST})?|{_ONE})"
)
_SCALE = rf"(?:{_S}(?:[万亿]|兆{_NOT_UNIT}))+"
_STRUCTURED = rf"(?:(?:{_SECTION}{_SCALE}{_S}{_Z})+(?:{_SECTION})?|{_SECTION})"
_POINT = rf"{_S}[点.]{_S}{_PLACE}+(?!{_S}[十百千拾佰仟两分])(?:[万亿]|兆{_NOT_UNIT})*"
CHINESE = (
    rf"(?:{_PLACE}{{2,}}(?!{_S}[十百千拾佰仟])(?:{_POINT})?(?:[万亿]|兆{_NOT_UNIT})*"
    rf"|{_STRUCTURED}(?:{_POINT})?|[零〇](?:{_S}[点.]{_S}(?:{_PLACE}+|\d+)(?!{_S}[十百千拾佰仟分]))?"
    rf"|[零〇]{_SECTION}|[万亿兆]+)"
)
NUMBER = rf"(?:{MIXED}|{CHINESE})"
_SIGNED = rf"(?:负{_S})?{NUMBER}"

NUMBER_AT = re.compile(NUMBER)
#: 2^5, 12e-1
POWER_TAIL = re.compile(r"(?:\^|[eE](?=[+-]?\d{1,2}(?![\dA-Za-z])))[+-]?\d{1,2}(?!\d)")
#: 100K, 1.2M
SUFFIX_TAIL = re.compile(r"[kKMG](?![A-Za-z0-9²³])")
#: 一千多万, 五百余万, 42亿余: the hedge stands inside; then the scale word goes on.
INNER_HEDGE = re.compile(rf"{_S}(?:多|余|来|零?几){_S}([百千万亿]+)")


@lru_cache(maxsize=1)
def percent_words() -> "re.Pattern[str]":
    """百分之三十. Made when the first is looked for: it takes a tenth of a second, and most texts have none."""
    return re.compile(rf"(万万|百|佰|千|仟|万){_S}分{_S}之{_S}({_SIGNED}[kK]?)")


@lru_cache(maxsize=1)
def fraction() -> "re.Pattern[str]":
    """三分之二, 一又二分之一; made when the first is looked for."""
    return re.compile(rf"(?:{NUMBER}{_S}又{_S})?{NUMBER}{_S}分{_S}之{_S}{_SIGNED}")


_WORDS = "[一二三四五六七八九十百千万]{1,6}"
SHORT_FRACTION = re.compile(
    rf"(?:(?P<whole>{_WORDS}){_S}又{_S})?(?P<below>(?!一分)[二三四五六七八九十百千万][一二三四五六七八九十百千万]{{0,5}})"
    rf"(?P<mark>[分份])之?(?P<above>{_WORDS})"
)
SLASH_FRACTION = re.compile(r"(?:\d{1,4} )?\d{1,6}(?:/| / )\d{1,6}(?![\d/])")
#: 至 and 到 join any two numbers, dashes too.
RANGE = re.compile(rf"{_S}(?:至|到|—{{1,2}}|──?|-|–|~|〜|～|－|―|−){_S}")
#: A full-width comma groups full-width digits: １，１５３.
FULL_WIDTH_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")

FORMAL_ONLY = FORMAL
CHINESE_CHARS = frozenset(_NUMERAL_CHARS)
