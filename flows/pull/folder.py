"""Files of a folder source."""

import glob
import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.pull.items import PullError
from flows.settings import PROJECT

#: A file changed within this time before it was read may change again without its time changing.
_SETTLED_NS = 2_000_000_000
#: A wildcard that `glob.escape` made an ordinary character.
_ESCAPED = re.compile(r"\[([*?\[])\]")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that matches a location: its path, how it is named in reports, its size and time, or why it is
    refused."""

    path: Path
    uri: str
    size: int
    mtime_ns: int
    refused: PullError | None = None


def list_folder(location: str) -> Iterator[Found]:
    """The files at `location` (a glob, a folder or one file), sorted by path.

    Nothing is read but names and times. Raises PullError where the fixed part of the location does not exist.
    """
    root = Path(_fixed_part(location))
    try:
        is_there = root.exists()
    except OSError as error:  # a folder above it is closed to us
        raise PullError("unreadable", f"{root}: {error.strerror}; mend its permissions") from error
    if not is_there:
        raise PullError("missing_folder", f"{root} does not exist; make it, or mend the location {location!r}")
    pattern = location if _has_wildcard(location) or root.is_file() else os.path.join(location, "*")
    fence = (root if root.is_dir() else root.parent).resolve()
    for path in sorted(glob.glob(pattern, recursive=True)):
        found = _look(Path(path), fence)
        if found is not None:
            yield found


def read_whole(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file. Raises PullError where it is larger than `max_bytes`; no more than that is ever
    read."""
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise PullError("unreadable", f"{path}: {error.strerror}; mend its permissions") from error
    if len(data) > max_bytes:
        raise too_large(path, max_bytes)
    return data


def too_large(path: Path, max_bytes: int) -> PullError:
    """The reason for a file over the limit."""
    return PullError("too_large", f"{path} is larger than {max_bytes} bytes; split it, or raise GONGBAO_MAX_BYTES")


def is_settled(mtime_ns: int) -> bool:
    """Is the file's time so far back that a later change is sure to show in it?"""
    return time.time_ns() - mtime_ns > _SETTLED_NS


def _fixed_part(pattern: str) -> str:
    """The leading folders of a glob that hold no wildcard."""
    while _has_wildcard(pattern):
        pattern = os.path.dirname(pattern)
    return _ESCAPED.sub(r"\1", pattern)


def _has_wildcard(pattern: str) -> bool:
    return glob.has_magic(_ESCAPED.sub("", pattern))


def _look(path: Path, fence: Path) -> Found | None:
    """What stands at `path`; None for a folder, refused where it is no plain file or leads out of `fence`."""
    uri = _uri(path)
    try:
        target = path.resolve(strict=True)
        seen = target.stat()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        return Found(path, uri, -1, -1, PullError("broken_link", f"{path} leads nowhere ({error}); remove it"))
    if stat.S_ISDIR(seen.st_mode):
        return None
    refused = None
    if not target.is_relative_to(fence):
        refused = PullError("outside", f"{path} links to {target}, outside {fence}; copy the file in instead")
    elif not stat.S_ISREG(seen.st_mode):
        refused = PullError("not_a_file", f"{path} is a pipe, socket or device; only files are read")
    return Found(path, uri, seen.st_size, seen.st_mtime_ns, refused)


def _uri(path: Path) -> str:
    """How a file is named in reports: from the checkout where it is part of it, so that every clone says the
    same."""
    absolute = Path(os.path.abspath(path))
    named = absolute.relative_to(PROJECT) if absolute.is_relative_to(PROJECT) else absolute
    return os.fsencode(named).decode("utf-8", "backslashreplace")
