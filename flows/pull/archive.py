"""Raw bytes under their sha256, for ever: `<archive>/<first two digits>/<sha256>`."""

import os
from pathlib import Path

from flows.pull.items import PullError, digest_of


def archived_path(archive: Path, digest: str) -> Path:
    """Where the bytes with this sha256 are, or would be."""
    return archive / digest[:2] / digest


def store(archive: Path, data: bytes) -> str:
    """Put `data` into the archive and return its sha256. The file is whole, on disk and read-only, or not
    there."""
    digest = digest_of(data)
    path = archived_path(archive, digest)
    if path.exists() and path.stat().st_size == len(data):
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{digest}.{os.getpid()}")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o444)
    fresh.rename(path)
    _sync_folder(path.parent)
    return digest


def load(archive: Path, digest: str) -> bytes:
    """The archived bytes. Raises PullError where they are gone or no longer have their sha256."""
    path = archived_path(archive, digest)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PullError("not_archived", f"{path}: {error.strerror}; restore the archive from a backup") from error
    if digest_of(data) != digest:
        raise PullError("damaged", f"{path}: the bytes changed on disk; restore the file from a backup")
    return data


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
