"""Numbers that are written to be told apart, not to count: telephones, documents, cases, standards, trains, plates."""

import re
import string

from flows.find.units import unit_at
from flows.record import Figure
from flows.record.wording import told, worded

#: Class, rule, start and end of what a number is.
Code = tuple[str, str, int, int]

_END = r"(?![\d.])"
#: An area code in brackets or before a dash, then the number in one piece, in two or in three.
_PHONE = re.compile(
    rf"\(?0\d{{1,3}}\)?(?:[-－]|[—–]{{1,2}})\d{{3,4}}[- －—–]\d{{3,4}}{_END}"
    rf"|\(0\d{{1,3}}\) ?\d{{3,4}}[- －—–]?\d{{3,4}}{_END}|\(?0\d{{2,3}}\) ?\d{{7,8}}{_END}"
    rf"|0\d{{1,3}}(?:[-－]|[—–]{{1,2}})\d{{6,8}}{_END}"
    rf"|0?[48]00[-－]\d{{3}}[-－]?\d{{3,4}}{_END}|400\d{{7}}{_END}"
)
#: What is a telephone only where a word says so: 2835 7700, 1830 111, 96118, 5221119.
_DIALLED = re.compile(
    rf"(?:0\d{{2,3}} \d{{7,8}}|[48]00 \d{{3}} \d{{4}}|\d{{3,4}}[- －]\d{{3,4}}(?:[- －]\d{{3,4}})?|\d{{3,12}}){_END}"
)
_DIAL = worded(r"<phone.dial>(?:号码)?[:： 为是至]{0,2}\(?$|☎ ?$|[Tt][Ee][Ll][:：. ]{0,2}$")
_DIAL_ENDS = frozenset(word[-1] for word in told("phone", "dial")) | frozenset("码:： 为是至(☎.")
#: What may stand before such digits; all others are passed over at once.
_MAY_LEAD = _DIAL_ENDS | frozenset("([〔【案.- /·•・") | frozenset(string.ascii_letters + string.digits)
_AND_ALSO = re.compile(r"(?:[、,，/;； ]|或|和|及|与|以及|或者)(?:拨打|致电|传真)?$")
_EXTENSION = re.compile(r"(?:转|分机|内线)(?:分机|内线)?(?:号)?[:： ]?$")
_DIGITS = re.compile(r"\d+")
#: What follows digits that count or date after all: 接听电话3000余次, 来电2020年.
_COUNTS_ON = tuple("多余来几万亿千百年月日时点个/%％‰至~～—–")
#: The rules that make a telephone of a row.
DIALLED = frozenset(("phone", "hotline", "extension"))

#: (2020)湘02刑初17号: court, kind of case and number.
_COURT_CASE = re.compile(
    r"(?:19|20)\d{2}[)〕\]][\u4e00-\u9fff]{1,3}\d{0,4}[\u4e00-\u9fff]{1,4}\d{1,6}号(?:之[一二三四五六七八九十]{1,2})?"
)
#: 国办发〔2019〕45号, 府函(2020)7号: year and number of a document.
_DOCUMENT = re.compile(r"(?:19|20)\d{2}[)〕\]】](?:第)?\d{1,5}(?:-\d{1,3})?号(?!楼|线|院|公馆)")
_DOCUMENT_WORD = re.compile(r"[发函办字令规告示议复批文报知通审核证准许备备税法建财教人社环安交农水科]$")
#: 字第1090034567号
_NUMBERED = re.compile(r"\d{3,12}号")
#: GB/T 19001-2016, ISO 9001:2015, Q/ABC 001—2020
_STANDARD_BEFORE = re.compile(
    r"(?:(?<![A-Za-z])(?:GB|GBZ|GBJ|DB\d{0,4}|DBS\d{0,4}|[A-Z]{2}|Q|T)/?(?:T|Z|J|[A-Z]{2,6})?"
    r"|ISO|IEC|EN|ASTM|ISO/IEC)[ -]?$"
)
_STANDARD = re.compile(r"\d{1,6}(?:\.\d{1,3})?(?:[-—–:]\d{1,4})?(?![\d.])")
_NO_STANDARD = re.compile(r"(?:CO|SO|NO|PM|PH|pH|AI|IT|IP|TV|AA|AB)[ -]?$")
#: 95 案1946, 案15888及案15890: the cases that an epidemic command numbers.
_CASE_BEFORE = re.compile(r"(?:^|[，。、；：（(：:;,\s与及和为由是的「『“]|确诊|包括|其中)(?:指标|首)?案$")
_CASE = re.compile(r"\d{1,6}(?![\d.,]|[件例宗起人名])")
#: G1234次, D708/709次, Z38: trains; CA1831, 3U8633: flights; only where a word or 次 says that one is meant.
_TRAIN = re.compile(r"(?<![A-Za-z0-9])[GDCZTKYSL]\d{1,4}(?:/\d{1,4})?次")
_TRAIN_AFTER = re.compile(r"(?<![A-Za-z0-9])[GDCZTKYSL]\d{1,4}(?![\dA-Za-z+])(?=[、,，和及]|(?:次)?(?:列车|动车|高铁))")
_TRAINS_BEFORE = worded(
    r"(?:<train.before_number>|次)(?:车次)?[、,，和及:： ]?(?:[GDCZTKYSL]\d{1,4}(?:/\d{1,4})?次?[、,，和及])*$"
)
_FLIGHT = re.compile(
    r"(?<![A-Za-z0-9])(?:C[AZNXI]|M[UFH]|HU|HO|HX|FM|SC|ZH|3U|9C|8L|GS|JD|KN|KY|KA|PN|EU|TV|DZ|GJ|G5|A6|AQ|BK|BR|B7|NX|UO|"
    r"NH|JL|KE|OZ|SQ|TG|VN|EK|QR|EY|TK|SU|LH|AF|BA|UA|DL|AA|AC|QF|KL)\d{3,4}(?![\dA-Za-z])"
)
#: 京A12345, 粤B·D12345, 浙G88U21, 京A·D12345: a province, a letter and five or six of letters and digits.
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领港澳]"
    r"[A-HJ-NP-Z][·•・ ]?(?=[A-Z]{0,5}\d)[A-HJ-NP-Z\d]{4,5}"
    r"[A-HJ-NP-Z\d学警港澳挂领试超]?(?![A-Za-z\d])"
)
_DOTS = tuple("·•・ ")
#: BA.5, XBB.1.5, B.1.1.7, No.5, Fig.2
_DOTTED_BEFORE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,5}\. ?$")
_DOTTED = re.compile(r"\d+(?:\.\d+)*[A-Za-z]?(?![\d])")
_NUMBER_SIGNS = ("no", "vol", "ch", "art", "sec", "fig", "tab")
#: 4K, 8K: how fine a picture is; but 月薪4K.
_RESOLUTION = re.compile(r"[248]K(?![A-Za-z\d元/])")
_IS_PAY = re.compile(r"(?:薪|资|价|费|入|达|约|近|超|￥|元)[:： ]?$")
#: 车牌WL 2345: a plate of letters and digits, only where a word says so.
_PLATED = re.compile(r"(?:车牌|牌照)(?:号码?)?[:为是 ]{0,2}(?P<letters>[A-Z]{1,3}) $")
_PLATED_DIGITS = re.compile(r"\d{1,4}(?![\d.,])")
#: K1234+500: a kilometre post.
_POST = re.compile(r"K\d{1,4}\+\d{3}(?!\d)")


def code_at(folded: str, place: int, floor: int, last: Figure | None) -> Code | None:
    """What the digits at `place` are when they are written to be told apart; None where they may count.

    `floor` is the first free place; `last` the row in front, by which a second telephone is known.
    """
    before = folded[place - 1] if place > floor else ""
    is_after = last is not None and last.rule in DIALLED and last.end >= place - 6
    if not is_after and before not in _MAY_LEAD and folded[place] not in "048":
        return _lettered_after(folded, place)
    if before in ("(", "〔", "[", "【"):
        found = _bracketed(folded, place)
        if found is not None:
            return found
    if is_after or folded[place] in "048" or before in _DIAL_ENDS:
        phone = _phone(folded, place, floor, last if is_after else None)
        if phone is not None:
            return phone
    if before and before.isascii():
        if before == "." and (named := _DOTTED_BEFORE.search(folded, max(floor, place - 7), place)) is not None:
            end = _DOTTED.match(folded, place)
            if end is not None:
                sign = named.group().rstrip(". ").lower() in _NUMBER_SIGNS
                return ("ordinal" if sign else "name"), "dotted", named.start(), end.end()
        if before == " " and (plated := _PLATED.search(folded, max(floor, place - 14), place)) is not None:
            digits = _PLATED_DIGITS.match(folded, place)
            if digits is not None:
                return "identifier", "plate", plated.start("letters"), digits.end()
        if before in " -/" or before.isalpha() or before.isdigit():
            standard = _STANDARD_BEFORE.search(folded, max(floor, place - 12), place)
            if standard is not None and not _NO_STANDARD.search(folded, max(floor, place - 4), place):
                match = _STANDARD.match(folded, place)
                is_marked = "/" in standard.group() or standard.group().rstrip(" -").startswith(
                    ("GB", "ISO", "IEC", "EN", "ASTM")
                )
                if match is not None and (is_marked or re.search(r"[-—–:]\d{4}$", match.group())):
                    begin = standard.start()
                    is_whole = begin == floor or not (folded[begin - 1].isascii() and folded[begin - 1] not in " (,")
                    return "identifier", "standard", begin if is_whole else place, match.end()
    if before in _DOTS and (plate := plate_at(folded, place, floor)) is not None:
        return plate
    if before == "案" and _CASE_BEFORE.search(folded, max(0, place - 4), place):
        case = _CASE.match(folded, place)
        if case is not None and unit_at(folded, case.end()) is None:
            return "identifier", "case", place - 1, case.end()
    return _lettered_after(folded, place)


def _lettered_after(folded: str, place: int) -> Code | None:
    """3U8633, 4K: digits with a letter behind them."""
    letter = folded[place + 1 : place + 2]
    if not letter.isascii() or not letter.isalpha():
        return None
    if (flight := _FLIGHT.match(folded, place)) is not None:
        return "identifier", "flight", place, flight.end()
    if (picture := _RESOLUTION.match(folded, place)) is not None and not _IS_PAY.search(
        folded, max(0, place - 3), place
    ):
        return "name", "resolution", place, picture.end()
    return None


def _bracketed(folded: str, place: int) -> Code | None:
    case = _COURT_CASE.match(folded, place)
    if case is not None:
        return "identifier", "court_case", place - 1, case.end()
    document = _DOCUMENT.match(folded, place)
    if document is None:
        return None
    if folded[place - 1] == "(" and not _DOCUMENT_WORD.search(folded, max(0, place - 2), place - 1):
        return None
    return "identifier", "document_number", place - 1, document.end()


def _phone(folded: str, place: int, floor: int, last: Figure | None) -> Code | None:
    """A telephone; `last` is one in front, None where there is none near."""
    if last is not None and (match := _EXTENSION.fullmatch(folded, last.end, place)) is not None:
        digits = _DIGITS.match(folded, place)
        if digits is not None and digits.end() - place <= 6:
            return "identifier", "extension", place, digits.end()
    start = place - 1 if folded[place - 1 : place] == "(" and place > floor else place
    match = _PHONE.match(folded, start) or (_PHONE.match(folded, place) if start < place else None)
    is_whole = match is not None and (match.start() == place or ")" in match.group())
    if is_whole and match is not None and unit_at(folded, match.end()) is None:
        return "identifier", "phone", match.start(), match.end()
    lead = _DIAL.search(folded, max(0, place - 10), place)
    if lead is None and not (last is not None and _AND_ALSO.fullmatch(folded, last.end, place)):
        return None
    match = _DIALLED.match(folded, place)
    if match is None or unit_at(folded, match.end()) is not None or folded.startswith(_COUNTS_ON, match.end()):
        return None
    return "identifier", "phone" if match.end() - place > 5 else "hotline", place, match.end()


def plate_at(folded: str, place: int, floor: int) -> Code | None:
    """The number plate whose letters or digits go on at `place`: 京A12345, 京N·2X345; else None."""
    begin = place - (3 if folded[place - 1 : place] in _DOTS else 1)
    plate = _PLATE.match(folded, begin) if begin >= floor else None
    return None if plate is None else ("identifier", "plate", begin, plate.end())


def lettered_at(folded: str, start: int, place: int, floor: int) -> Code | None:
    """A train, a flight, a number plate or a kilometre post, in letters and digits; `start` is the first letter."""
    plate = plate_at(folded, start, floor)
    if plate is not None:
        return plate
    for pattern in (_TRAIN, _FLIGHT):
        match = pattern.match(folded, start)
        if match is not None:
            return "identifier", "flight" if pattern is _FLIGHT else "train", start, match.end()
    match = _TRAIN_AFTER.match(folded, start)
    if match is not None and (
        _TRAINS_BEFORE.search(folded, max(0, start - 24), start)
        or folded.startswith(("列车", "次列车", "动车", "高铁"), match.end())
    ):
        return "identifier", "train", start, match.end()
    match = _POST.match(folded, start)
    return None if match is None else ("name", "post", start, match.end())
