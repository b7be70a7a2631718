"""gongbao: figures out of prose, each traced to its characters and judged.

As a library: `extract(path)` gives the numerals of one report, `audit(paths)` the findings of several taken as one
series; both return Polars frames with the columns of `flows.record.columns` (EXTRACT, AUDIT).
"""

import os
from typing import TYPE_CHECKING, Any

# Nothing phones home: every tool that could is told not to before it is imported.
for _switch, _off in {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
}.items():
    os.environ.setdefault(_switch, _off)

if TYPE_CHECKING:
    from flows.analysis import audit, extract

__all__ = ["audit", "extract"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`extract` and `audit` load their room only when asked for, so that `import flows` costs nothing."""
    if name in __all__:
        from flows import analysis

        return getattr(analysis, name)
    raise AttributeError(f"module 'flows' has no attribute {name!r}")
