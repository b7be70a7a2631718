"""Bytes to text: which encoding, told strictly, and nothing replaced.

A byte-order mark decides. Otherwise a candidate must decode without an error, and its characters must be such
as Chinese prose is made of: the wrong reading of a legacy encoding is half rare characters, private ones and
symbols.
"""

import codecs
import re
from collections import Counter
from functools import lru_cache
from itertools import islice

from flows.read.errors import ReadError
from flows.record.script import fold

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: GB18030 takes in GBK and GB2312, and Big5-HKSCS takes in Big5; cp950 has a few characters of its own.
_LEGACY = ("gb18030", "big5hkscs", "cp950")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "ascii": "utf-8"}

#: A few NULs are a fault of storage or of transport; binary data has more.
_FEWEST_BYTES_A_NUL = 100
_SAMPLE = 20_000
_PLAUSIBLE = 0.6
#: A text was garbled if, the wrong decoding undone, it is Chinese prose: (what it was taken for, what it is).
_GARBLINGS = (
    ("latin-1", "utf-8"),
    ("cp1252", "utf-8"),
    ("gb18030", "utf-8"),
    ("latin-1", "gb18030"),
    ("cp1252", "gb18030"),
    ("latin-1", "big5hkscs"),
    ("big5hkscs", "gb18030"),
    ("gb18030", "big5hkscs"),
)
_SINGLE_BYTE = ("latin-1", "cp1252")
#: Chinese that was garbled has no ASCII between its characters; the letters of other tongues with marks stand alone.
_LONG_RUN = re.compile(r"[^\x00-\x7f]{4,500}")
_CHARACTER = re.compile(r"[\u4e00-\u9fff\ue000-\uf8ff]")
_RESTORED = 0.85
_LEAST_LOST = 10
_NOT_ASCII = re.compile(r"[^\x00-\x7f]{1,500}")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1b\x7f]")
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text of `data` and the name of its encoding, as Python names it.

    `declared` is the charset that a header or the page itself names; it is taken where it decodes and is
    plausible. NULs, where they are few, are left out: no reader, table or file after this one may hold them.
    Raises ReadError `not_text` for binary data and for text in no encoding that fits, `broken`
    where the bytes do not keep to their byte-order mark.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            try:
                return _checked(data.decode(name), is_utf=True), name
            except UnicodeDecodeError as error:
                raise ReadError(
                    "broken",
                    f"the byte-order mark says {name}, byte {error.start} does not fit; save it anew",
                ) from None
    if data.count(0) * _FEWEST_BYTES_A_NUL > len(data):
        raise ReadError("not_text", f"byte {data.index(0)} is NUL: this is no text; save it as UTF-8 text")
    is_utf8 = _strict(data, "utf-8")
    named = _strict(data, _canonical(declared)) if declared else None
    if named is not None:
        rival = 0.0 if is_utf8 is None else _plausibility(is_utf8)
        if _plausibility(named) >= max(_PLAUSIBLE, rival):
            return _checked(named), _canonical(declared)
    if is_utf8 is not None:
        return _checked(is_utf8, is_utf=True), "utf-8"
    readings = [(text, name) for name in _LEGACY if (text := _strict(data, name)) is not None]
    best = max(readings, key=lambda reading: _plausibility(reading[0]), default=None)
    if best is None or _plausibility(best[0]) < _PLAUSIBLE:
        raise ReadError(
            "not_text", "the bytes are no plausible text in UTF-8, UTF-16, GB18030 or Big5; save it as UTF-8"
        )
    return _checked(best[0]), best[1]


def declared_charset(data: bytes, content_type: str) -> str:
    """The charset that the Content-Type header names, or else the page's <meta> in its first 4096 bytes."""
    header = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", content_type, re.IGNORECASE)
    if header:
        return header[1]
    meta = _META.search(data[:4096])
    return meta[1].decode("ascii") if meta else ""


def _canonical(charset: str) -> str:
    """Python's name of a charset, the wider twin of a narrow one; empty for an unknown one."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
    return _WIDER.get(name, name)


def _strict(data: bytes, encoding: str) -> str | None:
    """The text, or None where a byte does not fit (or the codec does not make text)."""
    try:
        return data.decode(encoding) if encoding else None
    except (UnicodeDecodeError, LookupError):
        return None


def decode_as(data: bytes, encoding: str) -> str:
    """The text of `data` in the encoding that `decode` named."""
    return data.decode(encoding).replace("\x00", "")


def _checked(text: str, *, is_utf: bool = False) -> str:
    """`text` without NULs, unless what it holds shows that it is none, or was garbled before it was saved."""
    nuls = text.count("\x00")
    if nuls * _FEWEST_BYTES_A_NUL > len(text):
        raise ReadError("not_text", f"character {text.index(chr(0))} is NUL: this is no text")
    text = text.replace("\x00", "") if nuls else text
    if is_utf:
        _check_garbled(text)
    controls = len(_CONTROLS.findall(text))
    if controls > max(3, len(text) // 500):
        raise ReadError("not_text", f"{controls} control characters: this is no text; save it as UTF-8 text")
    return text


def _check_garbled(text: str) -> None:
    """Raises where the text was decoded wrongly before it was saved: the bytes are sound, the words are not."""
    if "\ufffd" in text or "锟" in text:
        sample = _beyond_ascii(text)
        lost = sample.count("\ufffd") + 2 * sample.count("锟斤拷")
        if lost >= _LEAST_LOST and lost * 5 > len(sample):
            raise ReadError(
                "not_text", f"{lost} characters were lost in a wrong decoding; fetch it anew from where it is"
            )
    if _plausibility(text) >= _PLAUSIBLE:
        return
    runs = "".join(run[0] for run in islice(_LONG_RUN.finditer(text), 1000))[:_SAMPLE]
    if len(runs) * 2 < len(_beyond_ascii(text)):  # letters with marks among plain ones: another tongue
        return
    is_of_characters = sum("\u4e00" <= char <= "\u9fff" or "\ue000" <= char <= "\uf8ff" for char in runs) * 2 > len(
        runs
    )
    for wrong, right in _GARBLINGS:
        if is_of_characters == (wrong in _SINGLE_BYTE):
            continue
        meant = runs.encode(wrong, "ignore").decode(right, "ignore")
        if len(meant) * 4 > len(runs) and _plausibility(meant) >= _RESTORED and _is_beyond_ascii(meant):
            raise ReadError(
                "not_text",
                f"the text is {right} that was taken for {wrong} and saved so ({meant[:12]!r} became garbled); "
                "fetch it anew, or save it with the right encoding",
            )


def _beyond_ascii(text: str) -> str:
    """The first characters beyond ASCII, put together."""
    return "".join(run[0] for run in islice(_NOT_ASCII.finditer(text), 1000))[:_SAMPLE]


def _is_beyond_ascii(text: str) -> bool:
    return sum(char.isascii() for char in text) * 5 < len(text)


def _plausibility(text: str) -> float:
    """How far the characters beyond ASCII are such as Chinese prose is made of: 1 all, 0 or below none."""
    if len(text) > _SAMPLE:
        runs: list[str] = []
        total = 0
        for run in _NOT_ASCII.finditer(text):
            runs.append(run[0])
            total += run.end() - run.start()
            if total > _SAMPLE:
                break
        text = "".join(runs)
    counts = {char: count for char, count in Counter(text).items() if char > "\x7f"}  # a character comes often
    total = sum(counts.values())
    return sum(_mark(char) * count for char, count in counts.items()) / total if total else 1.0


@lru_cache(maxsize=65536)
def _mark(char: str) -> float:
    """1 for a common character or a Chinese mark, 0 for a rare one, below 0 for what prose does not hold."""
    char = fold(char)
    code = ord(char)
    if code < 0x80 or char in "“”‘’—…·、。《》〈〉「」『』【】〔〕〇％‰℃○●△★※→～，　\xa0²³":
        return 1.0
    if 0x4E00 <= code <= 0x9FFF:
        return 1.0 if _is_common(char) else 0.0
    if 0x2000 <= code <= 0x2BFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x3FFFF:
        return -0.2
    if 0xE000 <= code <= 0xF8FF or 0x80 <= code <= 0x9F or code >= 0xF0000:
        return -2.0
    return -0.5


def _is_common(char: str) -> bool:
    """Whether the character is of the first level of GB 2312: the 3755 commonest ones."""
    try:
        return 0xB0 <= char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False
