"""What dbt parsed of the project, kept under the hash of what it was parsed from.

Parsing is ten seconds of processor. dbt keeps what it parsed itself, but parses everything anew where its profile
differs: for each home, whose build file the profile names, and each time that DuckDB may hold more memory. Neither
changes what the models are.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.load.state import project_hash
from flows.settings import PROJECT, Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_NAMED = "parsed-{}.msgpack"
_DIGEST_BYTES = hashlib.sha256().digest_size
_KEPT = 4  # of as many states of the project

#: Options of dbt by which it parses something else, or by which it is told to parse.
_OF_PARSING = ("--target", "-t", "--vars", "--no-partial-parse")


def parsed_from(args: Sequence[str]) -> str:
    """What `dbt <args>` parses, as a hash of all its files and of the tools; empty where it is to parse them itself."""
    if any(arg.split("=")[0] in _OF_PARSING for arg in args):
        return ""
    return hashlib.sha256(f"{PROJECT}\0{project_hash()}".encode()).hexdigest()[:16]


def kept_manifest(source: str, settings: Settings) -> "Manifest | None":
    """What was parsed from `source`, a hash of `parsed_from`; None where nothing is kept, or it is damaged."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    file = _folder(settings) / _NAMED.format(source)
    if not source or not file.is_file():
        return None
    content = file.read_bytes()
    told, packed = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(packed).digest() != told:
        return None
    manifest: Manifest = Manifest.from_msgpack(packed, decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def keep_manifest(source: str, settings: Settings, target: Path) -> None:
    """Keep what dbt has just parsed from `source` into the folder `target`; nothing where dbt kept nothing there."""
    from dbt.constants import PARTIAL_PARSE_FILE_NAME

    parsed = target / PARTIAL_PARSE_FILE_NAME
    if not source or not parsed.is_file():
        return
    packed = parsed.read_bytes()
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=folder, prefix=".parsed-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(hashlib.sha256(packed).digest())
        file.write(packed)
    Path(aside).rename(folder / _NAMED.format(source))
    kept = sorted(folder.glob(_NAMED.format("*")), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[_KEPT:]:
        old.unlink(missing_ok=True)  # another home may clear away too


def _folder(settings: Settings) -> Path:
    return settings.cache or settings.home / "build"
