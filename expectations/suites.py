"""The suites: rows of the YAML files beside this module."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flows import record
from flows.record.vocabulary import vocabulary

#: The suites in the order they are looked at; a reason in an earlier one is the one to read first.
SUITES = ("report", "figures", "claims")
SEVERITIES = ("row", "report")

_KEYS = {"type", "kwargs", "severity", "meta"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One row of a suite. `columns` are those it looks at; `kwargs` go to Great Expectations as they are."""

    suite: str
    name: str
    why: str
    type: str
    kwargs: dict[str, Any]
    severity: str

    @property
    def columns(self) -> Sequence[str]:
        return self.kwargs.get("column_list") or [self.kwargs["column"]]


@lru_cache
def load_suite(name: str) -> tuple[Expectation, ...]:
    """The expectations of `expectations/<name>.yaml`, in file order. Raises ValueError naming a row that is
    malformed."""
    import yaml

    path = Path(__file__).with_name(f"{name}.yaml")
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    expectations = tuple(_expectation(path, name, row) for row in rows)
    names = [expectation.name for expectation in expectations]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: two expectations have one name among {names}")
    return expectations


def _expectation(path: Path, suite: str, row: dict[str, Any]) -> Expectation:
    if set(row) != _KEYS or row["severity"] not in SEVERITIES or not {"name", "why"} <= set(row["meta"]):
        raise ValueError(f"{path}: {row} must have {sorted(_KEYS)}, a severity of {SEVERITIES}, meta.name and meta.why")
    kwargs = dict(row["kwargs"])
    if isinstance(kwargs.get("value_set"), str):
        kwargs["value_set"] = _named_set(kwargs["value_set"])
    return Expectation(suite, row["meta"]["name"], row["meta"]["why"], row["type"], kwargs, row["severity"])


def _named_set(name: str) -> list[str]:
    """The values that `vocabulary:<file>.<column>` or `record:<constant>` stands for, `or_empty` with the
    empty cell."""
    source, _, rest = name.partition(" ")
    kind, _, place = source.partition(":")
    if kind == "vocabulary":
        file, _, column = place.partition(".")
        values = list(dict.fromkeys(row[column] for row in vocabulary(file)))
    else:
        values = list(getattr(record, place))
    return [*values, ""] if rest == "or_empty" else values
