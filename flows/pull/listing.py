"""What is new at the sources: listed cheaply, archived, registered."""

import os
import sqlite3
import traceback
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flows.pull.archive import store
from flows.pull.feed import entries
from flows.pull.folder import is_settled, list_folder, read_whole, too_large
from flows.pull.items import Item, PullError, PullProblem, digest_of, report_id
from flows.pull.manners import Robots, take_turn
from flows.pull.register import Mark, add, marks, opened, registered, remember
from flows.pull.web import AGENT, Page, fetch, links, next_page, page_name
from flows.pull.zipped import is_archive, members
from flows.record import Source
from flows.settings import Settings

#: Characters kept of why members of an archive were refused.
_LONGEST_PROBLEM = 2000

_MOST_PAGES = 50  # of one index
_MOST_ENTRIES = 1000  # of one feed
_ROBOTS_BYTES = 512 * 1024  # RFC 9309 has at least this read


def new_items(sources: Iterable[Source], settings: Settings) -> tuple[list[Item], list[PullProblem]]:
    """Pull what is new at the enabled sources: bytes into the archive, a row into the register.

    Returns what waits to be processed, first what an earlier run pulled but did not finish, then what is
    new; and the problems met, one a file, page or source. One source's problem never stops another. Files
    are opened only where their size or time changed, pages are asked for with what the server gave to ask
    with. A file refused once is not reported again until it changes.
    """
    enabled = [source for source in sources if source.is_enabled]
    # whatever became of its source: what was pulled is ours
    items = [known.item for known in registered(settings.register) if known.state == "pulled"]
    problems: list[PullProblem] = []
    for source in enabled:
        found, met = discover(source, settings)
        items += found
        problems += met
    return items, problems


def discover(source: Source, settings: Settings) -> tuple[list[Item], list[PullProblem]]:
    """What is new at one source, archived and registered, and the problems met there.

    Raises OSError where our own archive cannot be written, sqlite3.Error where the register cannot: that is no problem
    of the source, and stops the run.
    """
    items: list[Item] = []
    problems: list[PullProblem] = []
    with opened(settings.register) as register:
        outcomes = _from_folder if source.kind == "folder" else _from_web
        try:
            for outcome in outcomes(source, settings, register):
                if isinstance(outcome, Item):
                    items.append(outcome)
                else:
                    problems.append(outcome)
        except PullError as error:
            problems.append(_problem(source, source.location, error))
        except (OSError, sqlite3.Error, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - what a server sends that nobody thought of stops no other source
            where = traceback.extract_tb(error.__traceback__)[-1]
            words = f"{source.location}: {type(error).__name__} at {Path(where.filename).name}:{where.lineno}: {error}"
            problems.append(PullProblem(source.source_id, source.location, "failed", words))
    return items, problems


def _from_folder(source: Source, settings: Settings, register: sqlite3.Connection) -> Iterator[Item | PullProblem]:
    seen = marks(register, source.source_id)
    for found in list_folder(source.location):
        before = seen.get(found.uri)
        if before and (before.size, before.mtime_ns) == (found.size, found.mtime_ns):
            continue
        problem = ""
        try:
            if found.refused:
                raise found.refused
            if found.size > settings.max_bytes:
                raise too_large(found.path, settings.max_bytes)
            data = read_whole(found.path, settings.max_bytes)
            if is_archive(data):
                refused = yield from _from_archive(source, found.uri, data, settings, register)
                problem = "; ".join(refused)[:_LONGEST_PROBLEM]
            else:
                item = _item(source, found.uri, found.path.name, "", data)
                yield from _keep(item, data, settings, register)
        except PullError as error:
            problem = str(error)
            yield _problem(source, found.uri, error)
            if error.code == "unreadable":  # may be mended without the file's time changing
                continue
        if is_settled(found.mtime_ns):
            mark = Mark(size=found.size, mtime_ns=found.mtime_ns, problem=problem)
            remember(register, source.source_id, found.uri, mark)


def _from_archive(
    source: Source, uri: str, data: bytes, settings: Settings, register: sqlite3.Connection
) -> Generator[Item | PullProblem, None, list[str]]:
    """Each member of an archive as a report of its own; the reasons of those that are refused."""
    reasons = []
    for member in members(data, uri, settings):
        place = f"{uri}!/{member.name}"
        if member.refused:
            reasons.append(str(member.refused))
            yield _problem(source, place, member.refused)
            continue
        name = member.name.replace("\\", "/").rpartition("/")[2]
        item = _item(source, place, name, "", member.data)
        yield from _keep(item, member.data, settings, register)
    return reasons


def _from_web(source: Source, settings: Settings, register: sqlite3.Connection) -> Iterator[Item | PullProblem]:
    seen = marks(register, source.source_id)
    visitor = Visitor(settings)
    for url in _report_urls(source, visitor, seen):
        before = seen.get(url, Mark())
        try:
            page = visitor.get(url, etag=before.etag, last_modified=before.last_modified)
        except PullError as error:
            yield _problem(source, url, error)
            continue
        if page is None:
            continue
        refused: list[str] = []
        try:
            if is_archive(page.data):
                refused = yield from _from_archive(source, url, page.data, settings, register)
            else:
                item = _item(source, url, page_name(url), page.content_type, page.data)
                yield from _keep(item, page.data, settings, register)
        except PullError as error:
            yield _problem(source, url, error)
            continue
        remember(register, source.source_id, url, _validators(page, "; ".join(refused)[:_LONGEST_PROBLEM]))
        register.commit()  # of a thousand pages, a killed run need not ask for the first again


def _report_urls(source: Source, visitor: "Visitor", seen: Mapping[str, Mark]) -> list[str]:
    """The pages of a source: itself, the entries of its feed, or the links of its index and the pages after it.

    An index is followed as long as its pages tell of reports not seen before, at most _MOST_PAGES far.
    """
    location, _, pattern = source.location.partition(" ")
    if source.kind == "http":
        return [location]
    found: dict[str, None] = {}
    if source.kind == "feed":
        feed = visitor.get(location)
        return entries(feed, _MOST_ENTRIES) if feed else []
    asked: list[str] = []
    url = location
    while url and url not in asked and len(asked) < _MOST_PAGES:
        asked.append(url)
        index = visitor.get(url)
        if index is None:
            break
        told = links(index, pattern.strip())
        fresh = [each for each in told if each not in seen and each not in found]
        found |= dict.fromkeys(told)
        url = next_page(index) if fresh else ""
        if url:
            found.pop(url, None)  # the next page of the index is no report
    return [each for each in found if each not in asked]


class Visitor:
    """Asks for the pages of one source: politely, and only for what robots.txt leaves open."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._robots = Robots(AGENT, self._robots_text)

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Page | None:
        """The page at `url`, None where it has not changed. Raises PullError, with code `robots` where it is closed."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        pause = self._settings.http_pause_seconds
        if self._settings.obey_robots:
            if not self._robots.allow(url, origin):
                raise PullError("robots", f"{url} is closed to programs by {origin}/robots.txt; ask its publisher")
            pause = max(pause, self._robots.pause_seconds(origin))
        take_turn(parts.netloc, pause)
        return fetch(url, self._settings, etag=etag, last_modified=last_modified)

    def _robots_text(self, url: str) -> str:
        """The robots.txt at `url`; empty where there is none (RFC 9309: what cannot be found closes nothing, a server
        that is in trouble closes all of it)."""
        take_turn(urlsplit(url).netloc, self._settings.http_pause_seconds)
        try:
            page = fetch(url, self._settings)
        except PullError as error:
            if error.code in ("http_status", "content_type", "redirect_loop", "too_many_redirects"):
                return ""
            raise
        return page.data[:_ROBOTS_BYTES].decode("utf-8", "replace") if page else ""


def _validators(page: Page, problem: str) -> Mark:
    return Mark(size=len(page.data), etag=page.etag, last_modified=page.last_modified, problem=problem)


def _keep(item: Item, data: bytes, settings: Settings, register: sqlite3.Connection) -> Iterator[Item]:
    """Archive and register the bytes of `item`; yields it unless its source has given these bytes before."""
    store(settings.archive, data)
    if add(register, item):
        yield item


def _item(source: Source, uri: str, name: str, content_type: str, data: bytes) -> Item:
    digest = digest_of(data)
    name = os.fsencode(name).decode("utf-8", "backslashreplace")  # a file name may be no Unicode
    return Item(source.source_id, uri, name, content_type, digest, report_id(name, digest))


def _problem(source: Source, uri: str, error: PullError) -> PullProblem:
    return PullProblem(source.source_id, uri, error.code, str(error))
