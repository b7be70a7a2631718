"""The gate: Great Expectations suites as files, and what runs them between the seed CSVs and the
warehouse."""

from expectations.gate import FIGURES_ACCEPTED, GateResult, run_gate
from expectations.quarantine import Rejected
from expectations.suites import SUITES, Expectation, load_suite
from expectations.validate import GateError, Statistic

__all__ = [
    "FIGURES_ACCEPTED",
    "SUITES",
    "Expectation",
    "GateError",
    "GateResult",
    "Rejected",
    "Statistic",
    "load_suite",
    "run_gate",
]
