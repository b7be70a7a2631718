"""Backups: archive, register, reviews, seed CSVs and published warehouse in one file, each member under its hash."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.operations.troubles import MistakenError
from flows.publish.snapshots import swap
from flows.settings import PROJECT, Settings

_LIST = "hashes.json"
_FORMAT = 1
_CHUNK = 1 << 20


def backup(settings: Settings, to: Path) -> dict[str, int]:
    """Write the home to the file `to`, whole or not at all. Returns files and bytes. The caller holds the lock.

    Left out is what is made from the rest: build file, pages, Data Docs, Prefect's database, older generations.
    """
    if not settings.register.exists():
        raise MistakenError(f"{settings.home} holds nothing to back up yet; `gongbao run` first")
    if not to.parent.is_dir():  # what should be mounted there may not be
        raise MistakenError(f"{to.parent} is no folder; make it, or mount what belongs there")
    aside = to.with_name(f".{to.name}.{os.getpid()}")
    hashes: dict[str, str] = {}
    size = 0
    try:
        with TemporaryDirectory(dir=to.parent) as folder, tarfile.open(aside, "w:gz", compresslevel=3) as tar:
            for name, path in _members(settings, Path(folder)):
                hashes[name] = _hash(path)
                size += path.stat().st_size
                tar.add(path, name, recursive=False)
            words = json.dumps(
                {"format": _FORMAT, "made_at": datetime.now(UTC).isoformat(), "sha256": hashes}, indent=0
            )
            told = tarfile.TarInfo(_LIST)
            told.size = len(words.encode())
            tar.addfile(told, io.BytesIO(words.encode()))
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        verify(aside)
        aside.replace(to)
    finally:
        aside.unlink(missing_ok=True)
    return {"files": len(hashes), "bytes": size}


def verify(file: Path) -> dict[str, str]:
    """Read a backup through and compare every hash. Returns member and sha256. MistakenError names the bad member."""
    try:
        with tarfile.open(file, "r:gz") as tar:
            found = {
                member.name: _hash_stream(tar.extractfile(member))
                for member in tar
                if member.isfile() and member.name != _LIST
            }
        with tarfile.open(file, "r:gz") as tar:
            listed = tar.extractfile(_LIST)
            told: dict[str, Any] = json.load(listed) if listed else {}
    except (tarfile.TarError, EOFError, KeyError, OSError, ValueError) as error:
        raise MistakenError(f"{file} is no whole backup of gongbao's ({error}); take an older one") from error
    if told.get("format") != _FORMAT:
        raise MistakenError(f"{file} has format {told.get('format')!r}, this gongbao reads {_FORMAT}")
    expected: dict[str, str] = told["sha256"]
    wrong = sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
    if wrong:
        raise MistakenError(f"{file}: {wrong[0]} is not what was backed up ({len(wrong)} such); take an older one")
    return expected


def restore(settings: Settings, file: Path, *, overwrite: bool = False) -> dict[str, int]:
    """Put a backup back, after every hash of it was found right. The caller holds the lock.

    A home that holds reports is only replaced with `overwrite`, and kept beside as `<home>.before-<time>`. The build
    file is made again by the next run.
    """
    members = verify(file)
    if settings.register.exists() and not overwrite:
        raise MistakenError(f"{settings.home} holds reports already; `--overwrite` keeps them beside and replaces them")
    for name in members:
        if name.startswith("/") or ".." in Path(name).parts or Path(name).parts[0] not in _places(settings):
            raise MistakenError(f"{file}: {name!r} leads out of a home; this is no backup of gongbao's")
    aside = settings.home / f".restore-{os.getpid()}"
    with tarfile.open(file, "r:gz") as tar:
        for name in members:  # plain files, each checked by name and hash; links and devices are no members of ours
            source = tar.extractfile(name)
            if source is None:
                raise MistakenError(f"{file}: {name!r} is no file; this is no backup of gongbao's")
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            with source, (aside / name).open("wb") as target:
                shutil.copyfileobj(source, target)
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    kept = settings.home / f"before-restore-{stamp}"
    for name, place in _places(settings).items():
        if not (aside / name).exists():
            continue
        if place.exists():
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            # what git keeps is copied over, what is ours is moved aside
            shutil.copytree(place, kept / name) if name in _IN_GIT else place.rename(kept / name)
        place.parent.mkdir(parents=True, exist_ok=True)
        if (aside / name).is_dir():
            shutil.copytree(aside / name, place, dirs_exist_ok=True)
        else:
            shutil.copyfile(aside / name, place)
    if settings.build_file.exists():  # it may hold other reports than the register now says
        kept.mkdir(parents=True, exist_ok=True)
        settings.build_file.rename(kept / settings.build_file.name)
    generations = sorted(path.name for path in (aside / "generations").glob("*") if path.is_dir())
    if generations:
        swap(settings, generations[-1])
    shutil.rmtree(aside)
    return {"files": len(members)}


#: Kept in the checkout for the default home.
_IN_GIT = ("review", "pulled")


def _places(settings: Settings) -> dict[str, Path]:
    """Member folder or file, and where it belongs."""
    return {
        "register.sqlite": settings.register,
        "sources.csv": settings.home / "sources.csv",
        "engine": settings.engine_mark,
        "archive": settings.archive,
        "texts": settings.texts,
        "quarantine": settings.quarantine,
        "accepted": settings.accepted,
        "pulled": settings.pulled,
        "review": PROJECT / "seeds" / "review",
        "generations": settings.generations,
    }


def _members(settings: Settings, scratch: Path) -> Iterator[tuple[str, Path]]:
    """What goes into a backup: member name and file."""
    copy = scratch / "register.sqlite"
    with closing(sqlite3.connect(settings.register)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    yield "register.sqlite", copy
    for name, place in _places(settings).items():
        if name in ("register.sqlite", "generations") or not place.exists():
            continue
        if place.is_file():
            yield name, place
            continue
        for path in sorted(place.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield f"{name}/{path.relative_to(place)}", path
    if settings.current.is_symlink():
        folder = settings.current.resolve()
        for path in sorted(folder.rglob("*")):  # the engine spark keeps the marts as Parquet in folders beside the file
            if path.is_file():
                yield f"generations/{folder.name}/{path.relative_to(folder)}", path


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return _hash_stream(file)


def _hash_stream(stream: Any) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
