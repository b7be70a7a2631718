"""What the streams of a PDF unpack to, counted before anything reads them, so that no bomb goes off."""

import re
import zlib

from flows.read.errors import ReadError

_STREAM = re.compile(rb"stream\r?\n")
_PIECE = 1 << 20
_MOST_STREAMS = 200_000


def check_streams(data: bytes, shown: str, most_bytes: int) -> None:
    """Raises ReadError `too_large` where the deflated streams unpack to over `most_bytes`, or one is packed twice.

    A stream packed more than once could unpack to a thousand times what its first unpacking shows.
    """
    if re.search(rb"/Fl(?:ateDecode)?\s*/(?:Fl(?:ateDecode)?|LZW(?:Decode)?)\b", data):
        raise ReadError("too_large", f"{shown} packs its streams twice, as no honest PDF does; save it anew")
    total = count = 0
    for match in _STREAM.finditer(data):
        if data[match.end() : match.end() + 1] not in b"\x08\x18\x28\x38\x48\x58\x68\x78" or match.end() == len(data):
            continue  # no zlib stream
        count += 1
        total += _unpacked(data, match.end(), most_bytes - total)
        if total > most_bytes or count > _MOST_STREAMS:
            raise ReadError(
                "too_large",
                f"{shown} unpacks to over {most_bytes} bytes: split it, or raise GONGBAO_MAX_UNPACKED_BYTES",
            )


def _unpacked(data: bytes, start: int, most: int) -> int:
    """How many bytes the stream at `start` unpacks to, as far as `most` and one more."""
    unpacker = zlib.decompressobj()
    total = 0
    try:
        while start < len(data) and not unpacker.eof and total <= most:
            piece = unpacker.decompress(data[start : start + _PIECE], _PIECE)
            total += len(piece)
            while unpacker.unconsumed_tail and total <= most:
                piece = unpacker.decompress(unpacker.unconsumed_tail, _PIECE)
                total += len(piece)
            start += _PIECE
    except zlib.error:
        return total  # the reader beneath will stop there too
    return total
