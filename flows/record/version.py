"""Which code made a row: a hash over the files that decide what it says."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flows.record.vocabulary import taught_file

_FLOWS = Path(__file__).resolve().parent.parent
_VOCABULARY = _FLOWS.parent / "seeds" / "vocabulary"


@lru_cache(maxsize=8)
def code_version(*rooms: str, vocabulary: Sequence[str] = ()) -> str:
    """12 hex digits over the modules of `flows/<room>` (and of the records) and of these vocabulary files.

    What was made by another version is made again, so that a warehouse grown step by step says the same as one
    built at once.
    """
    digest = sha256()
    files = [path for room in ("record", *rooms) for path in sorted((_FLOWS / room).glob("*.py"))]
    files += [_VOCABULARY / f"{name}.csv" for name in vocabulary]
    taught = taught_file() if "indicators" in vocabulary else None
    files += [taught] if taught is not None and taught.exists() else []
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
