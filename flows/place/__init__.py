"""Numerals to figures: what is measured, of whom, when, and in which unit."""

from flows.place.catalogue import suggest
from flows.place.dates import report_date
from flows.place.figures import place_figures

__all__ = ["place_figures", "report_date", "suggest"]
