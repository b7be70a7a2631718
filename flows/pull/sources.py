"""The registry of sources: `sources.csv`."""

import csv
import glob
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flows.record import Source
from flows.settings import PROJECT

KINDS = ("folder", "http", "index", "feed")

_REQUIRED = ("source_id", "kind", "location")
#: Columns that may be left out, and what they then are.
_OPTIONAL = {"publisher": "", "place": "", "language": "", "schedule": "", "is_enabled": "true"}
_SHORT_NAMES = {"id": "source_id", "enabled": "is_enabled"}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CRON_FIELD = re.compile(r"[0-9A-Za-z*/,#?-]+")
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


class SourcesError(ValueError):
    """The registry cannot be used; the message has one line a mistake: file, line, value, mend."""


def read_sources(path: Path) -> list[Source]:
    """The sources of `path`, in file order, disabled ones included.

    Columns: source_id (or id), kind, location, publisher, place, language, schedule, is_enabled (or
    enabled); only the first three must be there. A relative folder location counts from the checkout in the
    checkout's own seeds/sources.csv, from the registry's folder in any other, and comes back absolute.
    Raises SourcesError naming every mistake with its line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = [_SHORT_NAMES.get(column, column) for column in reader.fieldnames or []]
            reader.fieldnames = header
            rows = [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        raise SourcesError(f"{path}: there is no such file; write one, or set GONGBAO_SOURCES") from None
    except UnicodeDecodeError as error:
        raise SourcesError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except csv.Error as error:
        raise SourcesError(f"{path}: no readable CSV ({error}); quote cells that hold quotes or commas") from error

    mistakes = _header_mistakes(header)
    sources: dict[str, Source] = {}
    base = PROJECT if path.parent.resolve() == PROJECT / "seeds" else path.parent.resolve()
    if not mistakes:
        for line, row in rows:
            found = _row_mistakes(row)
            if not found and row["source_id"] in sources:
                found = [f"source_id {row['source_id']!r} is already taken by an earlier line; ids are unique"]
            mistakes += [f"line {line}: {mistake}" for mistake in found]
            if not found:
                sources[row["source_id"]] = _source(row, base)
    if mistakes:
        raise SourcesError("\n".join(f"{path}, {mistake}" for mistake in mistakes))
    return list(sources.values())


def _header_mistakes(header: list[str]) -> list[str]:
    known = [*_REQUIRED, *_OPTIONAL]
    missing = [f"no column {column!r}" for column in _REQUIRED if column not in header]
    unknown = [f"unknown column {column!r}" for column in header if column not in known]
    return [f"line 1: {mistake}; the columns are {', '.join(known)}" for mistake in missing + unknown]


def _row_mistakes(row: Mapping[str | None, str | None]) -> list[str]:
    if None in row or None in row.values():
        return ["more or fewer cells than the header has columns; quote cells that hold commas"]
    cells = {str(column): str(cell) for column, cell in row.items()}
    mistakes = []
    if not _ID.fullmatch(cells["source_id"]):
        mistakes.append(f"source_id {cells['source_id']!r} must be 1 to 64 letters, digits, '_' and '-', no path")
    if cells["kind"] not in KINDS:
        mistakes.append(f"kind {cells['kind']!r} is unknown; use one of {', '.join(KINDS)}")
    else:
        mistakes += _location_mistakes(cells["kind"], cells["location"])
    if (language := cells.get("language", "")) and not _LANGUAGE.fullmatch(language):
        mistakes.append(f"language {language!r} is no language tag; write one such as zh-Hant")
    if schedule := cells.get("schedule", ""):
        fields = schedule.split()
        if len(fields) != 5 or not all(_CRON_FIELD.fullmatch(field) for field in fields):
            mistakes.append(f"schedule {schedule!r} is no cron line; write five fields such as 0 9 * * *")
    if (enabled := cells.get("is_enabled", "")) and enabled.lower() not in _TRUE + _FALSE:
        mistakes.append(f"is_enabled {enabled!r} must be true or false")
    return mistakes


def _location_mistakes(kind: str, location: str) -> list[str]:
    if not location.strip() or "\0" in location:
        return [f"location {location!r} is empty or no path; give a glob or a URL"]
    if kind == "folder":
        if "://" in location:
            return [f"location {location!r} is a URL; the kind is then http, index or feed, or give a path"]
        return []
    try:
        parts = urlsplit(location.split(maxsplit=1)[0])
        host, name = parts.hostname, parts.username
    except ValueError as error:
        return [f"location {location!r} is no URL ({error})"]
    if parts.scheme not in ("http", "https") or not host:
        return [f"location {location!r} must be an http:// or https:// URL"]
    if name is not None:
        return [f"location of host {host!r} holds a user name; the registry is no place for credentials"]
    if kind in ("http", "feed") and len(location.split()) > 1:
        return [f"location {location!r} has a pattern; only kind index takes one"]
    return []


def _source(row: Mapping[str, str], base: Path) -> Source:
    cells = _OPTIONAL | dict(row)
    location = cells["location"].strip()
    if cells["kind"] == "folder":
        location = os.path.join(glob.escape(str(base)), os.path.expanduser(location))
    return Source(
        source_id=cells["source_id"],
        kind=cells["kind"],
        location=location,
        publisher=cells["publisher"],
        place=cells["place"],
        language=cells["language"],
        schedule=cells["schedule"],
        is_enabled=(cells["is_enabled"] or "true").lower() in _TRUE,
    )
