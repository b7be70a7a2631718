"""What sqlfluff knows as `adapter`: macros dispatched as dbt does it, to DuckDB's own or to the default."""

from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context


def quote(name: str) -> str:
    """An identifier that is a word of SQL."""
    return f'"{name}"'


@pass_context
def dispatch(context: Context, name: str, package: str = "") -> Callable[..., Any]:
    """The macro of that name for DuckDB."""
    macro: Callable[..., Any] = context.resolve(f"duckdb__{name}") or context.resolve(f"default__{name}")
    return macro
