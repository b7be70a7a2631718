"""SQL of our own for DuckDB and Spark, where no parameter can stand."""


def quoted(text: object) -> str:
    """The text or path as it stands between single quotes in a statement."""
    return str(text).replace("'", "''")
