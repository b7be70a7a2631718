"""Text to numerals: every numeral becomes one row, read exactly and classified."""

from flows.find.hedges import Interval, interval
from flows.find.numbers import Number, read_number
from flows.find.numerals import find_numerals

__all__ = ["Interval", "Number", "find_numerals", "interval", "read_number"]
