"""One numeral of a report."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flows.record.span import Span

#: What a numeral can be. `quantity` and `percent` are figures, all others are kinds of non-figure.
CLASSES = ("quantity", "percent", "date", "ordinal", "name", "idiom", "identifier", "other")
FIGURE_CLASSES = ("quantity", "percent")


@dataclass(slots=True)
class Figure:
    """One numeral: a figure, or a named kind of non-figure. One row a numeral, so that coverage can be counted.

    Values are exact rationals with finite decimals; None for non-figures without a number (a date, an idiom).
    `value` has the scale word multiplied in and the sign as printed; a decline told in words (下降5.3%) has
    `direction` "down" and a positive value. `low` and `high` bound what the printed number can mean
    (rounding by its last place, widened by its hedge), in the unit of `value`; None is unbounded.
    `ulp` is the place value of the last printed digit times the scale word.
    `unit` is the canonical name (Traditional script, whatever the report's), `unit_text` the printed one, empty where
    the unit is carried over from a list, a heading or a table; `base_value = value * factor` in `base_unit`.
    """

    start: int
    end: int  # takes in the unit
    numeral_end: int  # ends the number with its scale word
    quote: str
    cls: str
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    low_closed: bool = True
    high_closed: bool = True
    ulp: Fraction | None = None
    unit: str = ""
    unit_text: str = ""
    base_value: Fraction | None = None
    base_unit: str = ""
    direction: str = ""  # up, down or empty
    hedge: str = ""  # the code of seeds/vocabulary/hedges.csv: about, over, at_least, under, at_most, some_more ...
    modifiers: str = ""  # codes of seeds/vocabulary/modifiers.csv, sorted, joined by ";"
    indicator_text: str = ""
    indicator: str = ""  # code of seeds/vocabulary/indicators.csv, empty where the catalogue does not know it
    entity: str = ""
    period_start: date | None = None
    period_end: date | None = None
    as_of: date | None = None
    rule: str = ""  # the rule that read it, for `explain`

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def is_figure(self) -> bool:
        return self.cls in FIGURE_CLASSES
