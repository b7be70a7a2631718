"""What pulling yields: items, and problems as data."""

import re
from dataclasses import dataclass
from hashlib import sha256

#: Bytes of a report_id's stem: with the hash and an ending it is a legal file name everywhere.
_LONGEST_STEM = 120


@dataclass(frozen=True, slots=True)
class Item:
    """One report's bytes, archived and registered. `name` is the file's or page's own name, `content_type`
    what the server called it (empty for files)."""

    source_id: str
    uri: str
    name: str
    content_type: str
    sha256: str
    report_id: str


@dataclass(frozen=True, slots=True)
class PullProblem:
    """Why something at a source was not pulled. `code` is one word for machines, `message` says what and the
    mend."""

    source_id: str
    uri: str
    code: str
    message: str


class PullError(Exception):
    """Raised inside the room where one item or one source cannot be had; it leaves the room as a
    `PullProblem`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def report_id(name: str, digest: str) -> str:
    """`<safe stem of name>-<first 12 hex digits of the sha256>`: a legal file name and nothing more than
    one."""
    return f"{safe_stem(name)}-{digest[:12]}"


def safe_stem(name: str) -> str:
    """The stem of `name` as a harmless piece of a file name: letters and digits of any script, `_`, `-` and
    `.`.

    Everything else, slashes and control characters among it, becomes `_`; no dot leads or follows another;
    at most 120 bytes of UTF-8. `report` where nothing is left.
    """
    stem = re.sub(r"\.\w{1,8}\Z", "", name) or name
    stem = re.sub(r"[^\w.-]+", "_", stem)
    stem = re.sub(r"\.{2,}", ".", stem).strip("._-")
    stem = stem.encode("utf-8", "ignore")[:_LONGEST_STEM].decode("utf-8", "ignore").rstrip("._-")
    return stem or "report"


def digest_of(data: bytes) -> str:
    """The sha256 of `data`, hex."""
    return sha256(data).hexdigest()
