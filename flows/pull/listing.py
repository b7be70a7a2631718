"""What is new at the sources: listed cheaply, archived, registered."""

import os
import sqlite3
from collections.abc import Generator, Iterable, Iterator

from flows.pull.archive import store
from flows.pull.folder import is_settled, list_folder, read_whole, too_large
from flows.pull.items import Item, PullError, PullProblem, digest_of, report_id
from flows.pull.register import Mark, add, marks, opened, registered, remember
from flows.pull.web import Page, fetch, links, page_name
from flows.pull.zipped import is_archive, members
from flows.record import Source
from flows.settings import Settings

#: Characters kept of why members of an archive were refused.
_LONGEST_PROBLEM = 2000


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
    """What is new at one source, archived and registered, and the problems met there."""
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
        except OSError as error:
            failure = PullError("storage", f"{error}; see that {settings.home} can be written and has room")
            problems.append(_problem(source, source.location, failure))
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
    location, _, pattern = source.location.partition(" ")
    if source.kind == "http":
        urls = [location]
    else:
        index = fetch(location, settings)
        urls = links(index, pattern.strip()) if index else []
    for url in urls:
        before = seen.get(url, Mark())
        try:
            page = fetch(url, settings, etag=before.etag, last_modified=before.last_modified)
        except PullError as error:
            yield _problem(source, url, error)
            continue
        if page is None:
            continue
        item = _item(source, url, page_name(url), page.content_type, page.data)
        yield from _keep(item, page.data, settings, register)
        remember(register, source.source_id, url, _validators(page))


def _validators(page: Page) -> Mark:
    return Mark(size=len(page.data), etag=page.etag, last_modified=page.last_modified)


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
