"""Office files are ZIP archives: looked over before anything is unpacked, so that no bomb goes off."""

import io
import zipfile

from flows.read.errors import ReadError

_HIGHEST_RATIO = 200  # deflate gives at most 1000; tables of numbers seldom more than 30
_WORTH_A_LOOK = 1024 * 1024  # a small member may be as thin as it likes
_MOST_MEMBERS = 10_000
#: What zipfile raises of a damaged archive: a broken directory, an offset turned negative, a version or method that it
#: does not know, a place that is not there, an early end.
_DAMAGED = (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError)


def office_kind(data: bytes) -> str:
    """`word`, `workbook`, or empty for an archive that is neither."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except _DAMAGED:
        return ""
    if "word/document.xml" in names:
        return "word"
    return "workbook" if "xl/workbook.xml" in names else ""


def check_package(data: bytes, shown: str, most_bytes: int) -> None:
    """Raises ReadError `broken` or `too_large` for an Office file that cannot be, or must not be, unpacked.

    The sizes are those that the archive declares; zipfile stops at them when it reads a member.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except _DAMAGED as error:
        raise ReadError("broken", f"{shown} is damaged ({error}); save it anew") from None
    if len(members) > _MOST_MEMBERS:
        raise ReadError("too_large", f"{shown} holds {len(members)} parts, more than {_MOST_MEMBERS}: save it anew")
    total = 0
    for member in members:
        if member.flag_bits & 1:
            raise ReadError("unsupported", f"{shown} is encrypted; save it without a password")
        total += member.file_size
        if member.file_size > max(_WORTH_A_LOOK, member.compress_size * _HIGHEST_RATIO):
            raise ReadError(
                "too_large",
                f"{shown}: {member.filename[:80]} unpacks from {member.compress_size} to {member.file_size} bytes, "
                "as no report does; save its text as .txt",
            )
    if total > most_bytes:
        raise ReadError(
            "too_large",
            f"{shown} unpacks to {total} bytes; at most {most_bytes} are: "
            "split it, or raise GONGBAO_MAX_UNPACKED_BYTES",
        )
