"""The members of a ZIP archive, each a report of its own; what is hostile or no report is refused with its reason."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from flows.pull.items import PullError
from flows.settings import Settings

_HIGHEST_RATIO = 200
_WORTH_A_LOOK = 1024 * 1024  # a small member may be as thin as it likes
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 1
#: What zipfile raises of a damaged archive: a broken directory, an offset turned negative, a version or method that it
#: does not know, a place that is not there.
_DAMAGED = (zipfile.BadZipFile, ValueError, NotImplementedError, OSError)
#: And of a damaged member: data that does not inflate, a password that its flag does not tell of, an early end.
_DAMAGED_MEMBER = (*_DAMAGED, zlib.error, RuntimeError, EOFError)
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz")
#: What systems put beside the files, and no person wrote.
_LITTER = re.compile(r"(?:\A|/)(?:__MACOSX/|\.DS_Store\Z|Thumbs\.db\Z|desktop\.ini\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name there, its bytes, or why they are refused."""

    name: str
    data: bytes = b""
    refused: PullError | None = None


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a ZIP archive and no Office file, which is one too."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except _DAMAGED:
        return False


def members(data: bytes, uri: str, settings: Settings) -> Iterator[Member]:
    """The files of the archive `data`, in its order. Raises PullError for an archive that is refused as a whole."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise PullError("broken", f"{uri} is a damaged ZIP archive ({error}); pack it anew") from error
    with archive:
        listed = [info for info in archive.infolist() if not info.is_dir() and not _LITTER.search(info.filename)]
        if len(listed) > settings.max_members:
            raise PullError(
                "too_many_members",
                f"{uri} holds {len(listed)} files; at most {settings.max_members} are taken: split it, "
                "or raise GONGBAO_MAX_MEMBERS",
            )
        total = sum(info.file_size for info in listed)
        if total > settings.max_unpacked_bytes:
            raise PullError(
                "too_large",
                f"{uri} unpacks to {total} bytes; at most {settings.max_unpacked_bytes} are taken: split it, "
                "or raise GONGBAO_MAX_UNPACKED_BYTES",
            )
        for info in listed:
            name = _name(info)
            try:
                yield Member(name, _checked(archive, info, name, settings))
            except PullError as error:
                yield Member(name, refused=error)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name: where it is not marked UTF-8, Chinese systems wrote GBK (zipfile took it for cp437)."""
    if info.flag_bits & _UTF8_FLAG or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _checked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, settings: Settings) -> bytes:
    """The bytes of a member. Raises PullError where it is not to be had."""
    path = name.replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/") or "\0" in path:
        raise PullError("outside", f"{name!r} leads out of its archive; pack it anew with plain names")
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        raise PullError("not_a_file", f"{name!r} is a link; pack the file itself")
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise PullError("encrypted", f"{name!r} is encrypted; pack it without a password")
    if posixpath.splitext(path)[1].lower() in _NESTED:
        raise PullError("nested", f"{name!r} is an archive in an archive; unpack it first")
    if info.file_size > settings.max_bytes:
        raise PullError(
            "too_large", f"{name!r} unpacks to {info.file_size} bytes; split it, or raise GONGBAO_MAX_BYTES"
        )
    if info.file_size > max(_WORTH_A_LOOK, info.compress_size * _HIGHEST_RATIO):
        raise PullError("too_large", f"{name!r} unpacks {info.compress_size} bytes to {info.file_size}: no report does")
    try:
        with archive.open(info) as file:
            data = file.read(settings.max_bytes + 1)
    except _DAMAGED_MEMBER as error:
        raise PullError("broken", f"{name!r} cannot be unpacked ({error}); pack it anew") from error
    if is_archive(data):
        raise PullError("nested", f"{name!r} is an archive in an archive; unpack it first")
    return data
