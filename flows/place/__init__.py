"""Numerals to figures: what is measured, of whom, when, and in which unit."""

from flows.place.catalogue import suggest
from flows.place.dates import report_date
from flows.place.figures import place_figures
from flows.place.teaching import (
    TeachingError,
    Unknown,
    catalogue_bytes,
    only_taught,
    refuse_unit,
    unknown_texts,
    with_alias,
    with_indicator,
)

__all__ = [
    "TeachingError", "Unknown", "catalogue_bytes", "only_taught", "place_figures", "refuse_unit", "report_date",
    "suggest", "unknown_texts", "with_alias", "with_indicator",
]  # fmt: skip
