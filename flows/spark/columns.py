"""The columns of `raw`, told in Spark's words."""

from collections.abc import Mapping

_NAMES = {
    "VARCHAR": "string",
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp_ntz",
    "DECIMAL(38, 12)": "decimal(38, 12)",
}


def columns_ddl(columns: Mapping[str, str]) -> str:
    """`report_id` string, `value` decimal(38, 12), ..."""
    return ", ".join(f"`{column}` {_NAMES[kind]}" for column, kind in columns.items())


def struct_ddl(columns: Mapping[str, str]) -> str:
    """The same as a struct: one column of a row."""
    return "struct<" + ", ".join(f"`{column}`: {_NAMES[kind]}" for column, kind in columns.items()) + ">"
