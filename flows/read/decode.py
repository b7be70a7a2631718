"""Bytes to text: which encoding, told strictly, and nothing replaced."""

from flows.read.errors import ReadError

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text of `data` and the name of its encoding.

    A byte-order mark decides; then UTF-8. Raises ReadError `not_text` where nothing fits.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        raise ReadError("not_text", "the bytes fit no known encoding; save the file as UTF-8") from None
