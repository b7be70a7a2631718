"""Generations on disk, `<home>/generations/<id>/`, and the link `<home>/current` to one of them."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.publish.errors import PublishError
from flows.settings import Settings

WAREHOUSE = "warehouse.duckdb"
MANIFEST = "manifest.json"
PARQUET = "parquet"  # the marts as Parquet, where the engine spark made them


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published generation. `manifest` holds run, reports, row counts, content hash and versions."""

    generation: str
    is_current: bool
    manifest: dict[str, Any]

    def __str__(self) -> str:
        mark = "*" if self.is_current else " "
        reports, rows = self.manifest["report_count"], sum(self.manifest["row_counts"].values())
        return f"{mark} {self.generation}  {reports} reports  {rows} rows  {self.manifest['content_hash'][:12]}"


def snapshots(settings: Settings) -> list[Snapshot]:
    """The generations that were published whole, newest first."""
    current = current_generation(settings)
    return [
        Snapshot(folder.name, folder.name == current, json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        for folder in sorted(_whole(settings), reverse=True)
    ]


def rollback(settings: Settings, generation: str | None = None) -> str:
    """Point BI at `generation`, or at the one before the current. Returns the generation that is now current.

    Raises PublishError where there is none such.
    """
    kept = [snapshot.generation for snapshot in snapshots(settings)]
    if generation is None:
        older = [name for name in kept if name < (current_generation(settings) or "")]
        if not older:
            raise PublishError(f"there is no generation before the current one in {settings.generations}")
        generation = older[0]
    elif generation not in kept:
        raise PublishError(f"generation {generation!r} is not kept; there are {', '.join(kept) or 'none'}")
    swap(settings, generation)
    return generation


def current_generation(settings: Settings) -> str | None:
    """The generation that `current` points to; None before the first publish."""
    return Path(os.readlink(settings.current)).name if settings.current.is_symlink() else None


def swap(settings: Settings, generation: str) -> None:
    """Point `current` at `generation`: a new link, renamed over the old one, so that one is always there."""
    target = Path(os.path.relpath(settings.generations / generation, settings.current.parent))
    fresh = settings.current.with_name(f".{settings.current.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(settings.current)
    sync(settings.current.parent)


def retire(settings: Settings) -> list[str]:
    """Remove all but the current and the newest `keep_generations`, and what killed runs left half-made."""
    keep = {folder.name for folder in sorted(_whole(settings), reverse=True)[: max(settings.keep_generations, 1)]}
    keep.add(current_generation(settings) or "")
    gone = [folder for folder in settings.generations.iterdir() if folder.is_dir() and folder.name not in keep]
    for folder in gone:
        shutil.rmtree(folder)
    return sorted(folder.name for folder in gone)


def sync(path: Path) -> None:
    """Make what was written at `path`, a file or a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _whole(settings: Settings) -> list[Path]:
    """Folders that were renamed into place: they have a manifest and do not begin with a dot."""
    if not settings.generations.is_dir():
        return []
    return [
        folder
        for folder in settings.generations.iterdir()
        if not folder.name.startswith(".") and (folder / MANIFEST).is_file()
    ]
