"""File names and links of the pages: whatever an id holds, its page stays inside the site."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import quote

#: What a file name may hold on every system; Chinese letters and digits are word characters.
_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_BYTES = 160


@lru_cache(maxsize=65_536)
def stem_of(name: str) -> str:
    """A file name, without its ending, for whatever an id holds; distinct ids get distinct names.

    An id that had to change ends in its hash.
    """
    safe = _UNSAFE.sub("_", name).lstrip(".")
    while len(safe.encode()) > _LONGEST_BYTES:
        safe = safe[:-1]
    if safe != name or not safe:
        safe = f"{safe}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return safe


def page_name(report_id: str) -> str:
    """The file name of a report's page, or of whatever else has an id."""
    return f"{stem_of(report_id)}.html"


def page_link(report_id: str, anchor: str = "", *, base: str = "reports/") -> str:
    """The relative link to a report's page, percent-encoded."""
    return base + quoted(page_name(report_id)) + (f"#{quote(anchor)}" if anchor else "")


@lru_cache(maxsize=65_536)
def quoted(name: str) -> str:
    """A file name, percent-encoded."""
    return quote(name)
