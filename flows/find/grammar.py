"""The regular expressions of numerals, over folded text. Every one is anchored by its caller and bounded."""

import re

from flows.find.numbers import DIGITS, FORMAL, PAIRS, SHORT_TENS

#: Numbers of other kinds: ① ⑴ ⒈ Ⅳ ½ ² ㈠ ㊀ ❶ and so on; digits of other scripts are \d.
OTHER_NUMERALS = "²³¹¼-¾⁰⁴-⁹₀-₉⅐-↉①-⒛⓪-⓿❶-➓〡-〩〸-〺㆒-㆕㈠-㈩㉈-㉏㉑-㉟㊀-㊉㊱-㊿"
_NUMERAL_CHARS = "".join(DIGITS) + "十拾百佰千仟万亿兆" + "".join(SHORT_TENS)

#: Where a numeral may begin.
TRIGGER = re.compile(rf"[\d{_NUMERAL_CHARS}{OTHER_NUMERALS}几数半]")

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
PERCENT_WORDS = re.compile(rf"(万万|百|佰|千|仟|万){_S}分{_S}之{_S}({_SIGNED}[kK]?)")
FRACTION = re.compile(rf"(?:{NUMBER}{_S}又{_S})?{NUMBER}{_S}分{_S}之{_S}{_SIGNED}")
SLASH_FRACTION = re.compile(rf"(?:\d{{1,4}} )?\d{{1,6}}(?:/| / )\d{{1,6}}(?![\d/])")
#: 至 and 到 join any two numbers, dashes too.
RANGE = re.compile(rf"{_S}(?:至|到|—{{1,2}}|──?|-|–|~|〜|～|－|―|−){_S}")
#: A full-width comma groups full-width digits: １，１５３.
FULL_WIDTH_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")

FORMAL_ONLY = FORMAL
CHINESE_CHARS = frozenset(_NUMERAL_CHARS)
