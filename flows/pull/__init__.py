"""The pull room: sources to archived bytes. What is new is pulled once, for ever; failures are data."""

from flows.pull.archive import archived_path, load, store
from flows.pull.items import Item, PullError, PullProblem, report_id, safe_stem
from flows.pull.listing import discover, new_items
from flows.pull.register import (
    STATES,
    Registered,
    RegisterError,
    registered,
    set_state,
    set_states,
    versions,
    wait_again,
)
from flows.pull.sources import SourcesError, read_sources
from flows.pull.web import Page, fetch, links

__all__ = [
    "STATES",
    "Item",
    "Page",
    "PullError",
    "PullProblem",
    "RegisterError",
    "Registered",
    "SourcesError",
    "archived_path",
    "discover",
    "fetch",
    "links",
    "load",
    "new_items",
    "read_sources",
    "registered",
    "report_id",
    "safe_stem",
    "set_state",
    "set_states",
    "store",
    "versions",
    "wait_again",
]
