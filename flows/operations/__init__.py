"""What stands around the rooms: one writer at a time, what waits, the steps of a run, upkeep."""

from flows.operations import steps
from flows.operations.lock import BusyError, one_writer, writer
from flows.operations.reading import Look, Outcome, look, quarantined, read_items
from flows.operations.steps import Request, Steps, run_steps

__all__ = [
    "BusyError",
    "Look",
    "Outcome",
    "Request",
    "Steps",
    "look",
    "one_writer",
    "quarantined",
    "read_items",
    "run_steps",
    "steps",
    "writer",
]
