"""RSS and Atom feeds: the links of their entries."""

from urllib.parse import urlsplit

from flows.pull.items import PullError
from flows.pull.web import Page, joined

#: A document type or an entity has no place in a feed, and is how one small file is made to fill the memory.
_FORBIDDEN = (b"<!entity", b"<!doctype")


def entries(page: Page, most: int) -> list[str]:
    """The links of a feed's entries, in feed order, each once, on the feed's own host.

    Raises PullError where the page is no feed, declares entities, or has more than `most` entries.
    """
    import feedparser

    head = page.data.lower()
    if any(word in head for word in _FORBIDDEN) and b"<!doctype html" not in head[:512]:
        raise PullError("feed", f"{page.url} declares a document type or entities; a feed has none, so it is not read")
    # what is parsed are bytes that were fetched with care: feedparser is never given an address
    parsed = feedparser.parse(page.data, response_headers={"content-type": page.content_type})
    if not parsed.get("version"):
        raise PullError("feed", f"{page.url} is no RSS or Atom feed; mend the location, or make its kind index")
    if len(parsed.entries) > most:
        raise PullError("too_many_links", f"{page.url} has {len(parsed.entries)} entries, more than {most}")
    host = urlsplit(page.url).netloc.lower()
    found: dict[str, None] = {}
    for entry in parsed.entries:
        url = joined(page.url, str(entry.get("link", "")))
        if url and url != page.url and urlsplit(url).netloc.lower() == host:
            found[url] = None
    return list(found)
