"""The value of a workbook's cell as the sheet shows it: its number format applied, exactly, without float artefacts.

A stored 0.1 + 0.2 is 0.30000000000000004; Excel keeps 15 digits and shows 0.3. Formats are sections between
semicolons (positive; negative; zero; text) of placeholders 0 # ?, a point, commas, %, literals and date letters.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import groupby

#: Literals in quotes, escaped characters, blanks as wide as a character, fills, colours and conditions, and the rest.
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|(General|AM/PM|上午/下午|E[+-]|.)', re.DOTALL | re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_PLACEHOLDERS = "0#?"
_DATE_LETTERS = frozenset("ymdhsaYMDHSA")
_EXCEL_DIGITS = 15
_MOST_PLACES = 30
_WEEKDAYS = "一二三四五六日"

Token = tuple[str, str]  # ("literal", words), ("code", letters)


def shown_value(value: object, number_format: str) -> str:
    """What a cell shows; empty for an empty one. A format that is not understood shows the value plainly."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return _date_shown(value, number_format)
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return _number_shown(_exact(value), number_format)
    return str(value)


def _exact(value: float | Decimal) -> Decimal:
    """The number of at most 15 digits that the stored one stands for."""
    if isinstance(value, float):
        return Decimal(f"{value:.{_EXCEL_DIGITS}g}")
    return Decimal(value)


def plain(number: Decimal) -> str:
    """Without an exponent, and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number_shown(number: Decimal, number_format: str) -> str:
    if not number.is_finite():
        return str(number)
    sections = _sections(number_format)
    section, sign = sections[0], "-" if number < 0 else ""
    if number < 0 and len(sections) > 1:
        section, sign = sections[1], ""
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    codes = "".join(text for kind, text in section if kind == "code")
    if not section:
        return ""
    if "general" in codes.lower() or "@" in codes or "/" in codes or not any(char in codes for char in _PLACEHOLDERS):
        return _with_literals(section, sign + plain(abs(number)), codes)
    return _filled(section, abs(number), sign, codes)


def _with_literals(section: tuple[Token, ...], words: str, codes: str) -> str:
    """The plain number among the literals of its format: `General"人"`; the literals alone where none asks for it."""
    pieces: list[str] = []
    is_put = False
    for kind, text in section:
        if kind == "literal":
            pieces.append(text)
        elif not is_put:
            pieces.append(words)
            is_put = True
    return "".join(pieces).strip() if is_put or not codes else words


def _filled(section: tuple[Token, ...], number: Decimal, sign: str, codes: str) -> str:
    """Digits put into the placeholders of one section."""
    before, _, after = codes.partition(".")
    if "e" in codes.lower():
        digits = after.lower().partition("e")[0]
        mantissa, _, power = f"{number:.{min(sum(map(digits.count, '0#?')), _MOST_PLACES)}E}".partition("E")
        return f"{sign}{mantissa}E{int(power):+03}"
    number *= 100 ** codes.count("%")
    scaling = re.search(r"[0#?](,+)(?![0#?,])", codes)
    if scaling:
        number /= 1000 ** len(scaling[1])
    places = min(sum(after.count(char) for char in _PLACEHOLDERS), _MOST_PLACES)
    wanted = sum(after.count(char) for char in "0?")
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) if number.adjusted() < 60 else number
    whole, _, part = f"{rounded:f}".partition(".")
    while len(part) > wanted and part.endswith("0"):
        part = part[:-1]
    whole = whole.lstrip("0").rjust(min(before.count("0"), _MOST_PLACES), "0")
    if re.search(r"[0#?],+[0#?]", before):
        whole = f"{int(whole or 0):,}" if len(whole.lstrip("0")) > 3 else whole
    if not rounded:
        sign = ""
    digits = sign + (whole or "") + ("." + part if part or (after and wanted) else "")
    pieces: list[str] = []
    is_put = False
    for kind, text in section:
        if kind == "literal":
            pieces.append(text)
        elif text in "0#?.," and not is_put:
            pieces.append(digits)
            is_put = True
        elif text not in "0#?.,":
            pieces.append(text)
    return "".join(pieces).strip()


def _date_shown(value: date | time, number_format: str) -> str:
    section = _sections(_ELAPSED.sub(r"\1", number_format))[0]
    codes = "".join(text for kind, text in section if kind == "code")
    if not any(char in _DATE_LETTERS for char in codes) or codes.lower() == "general":
        return _iso(value)
    has_half_days = "am/pm" in codes.lower() or "上午/下午" in codes
    runs = [
        (kind, "".join(text for _, text in group))
        for (kind, _), group in groupby(section, key=lambda token: (token[0], token[1].lower()))
    ]
    pieces: list[str] = []
    last = ""
    for index, (kind, text) in enumerate(runs):
        letter = text[0].lower() if text else ""
        if kind == "literal" or not (letter in "ymdhsa" or text == "上午/下午"):
            pieces.append(text)
            continue
        following = next((run[0].lower() for kind, run in runs[index + 1 :] if kind == "code" and run[0].isalpha()), "")
        is_minute = letter == "m" and (last == "h" or following == "s")
        pieces.append(_part(value, text, is_minute, has_half_days))
        last = letter
    return "".join(pieces).strip()


def _part(value: date | time, text: str, is_minute: bool, has_half_days: bool) -> str:
    """One run of date letters: yyyy, m, dd, hh, ss, aaa (a Chinese weekday)."""
    letter, width = text[0].lower(), len(text)
    moment = value if isinstance(value, datetime | time) else datetime.combine(value, time())
    day = value if isinstance(value, date) else date(1899, 12, 30)
    if text.lower() == "am/pm" or text == "上午/下午":
        halves = ("上午", "下午") if text == "上午/下午" else ("AM", "PM")
        return halves[moment.hour >= 12]
    if letter == "a":
        return ("" if width == 3 else "星期") + _WEEKDAYS[day.weekday()]
    if letter == "y":
        return str(day.year) if width > 2 else f"{day.year % 100:02}"
    if letter == "h":
        number = (moment.hour % 12 or 12) if has_half_days else moment.hour
    elif letter == "s":
        number = moment.second
    elif is_minute:
        number = moment.minute
    else:
        number = day.month if letter == "m" else day.day
        if width > 2:
            return day.strftime({("m", 3): "%b", ("d", 3): "%a", ("d", 4): "%A"}.get((letter, width), "%B"))
    return f"{number:02}" if width > 1 else str(number)


def _iso(value: date | time) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", timespec="minutes")
    return value.isoformat()


@lru_cache(maxsize=1024)
def _sections(number_format: str) -> tuple[tuple[Token, ...], ...]:
    """The sections of a format, each a sequence of literals and codes; at least one."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(number_format[:255]):
        quoted, escaped, code = match.groups()
        if code == ";":
            sections.append([])
        elif quoted is not None or escaped is not None:
            sections[-1].append(("literal", quoted if quoted is not None else escaped))
        elif code and (code in "0#?.,%@/" or code[0] in _DATE_LETTERS or len(code) > 1 or code in "eE"):
            sections[-1].append(("code", code))
        elif code:
            sections[-1].append(("literal", code))
    return tuple(tuple(section) for section in sections)
