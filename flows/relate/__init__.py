"""Figures to claims: what text, catalogue and series say must agree, and the words that say so."""

from flows.relate.catalogue import relate_catalogue
from flows.relate.series import relate_series
from flows.relate.text import relate_text

__all__ = ["relate_catalogue", "relate_series", "relate_text"]
