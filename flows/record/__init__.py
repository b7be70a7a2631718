"""The shared nouns: span, report, figure, claim, verdict; the columns of every CSV. Imports nothing of ours."""

from flows.record.claim import KINDS, Claim, Suspect, Verdict
from flows.record.figure import CLASSES, FIGURE_CLASSES, Figure
from flows.record.limits import Limits
from flows.record.report import Document, Place, Report, Source
from flows.record.span import Span

__all__ = [
    "CLASSES",
    "FIGURE_CLASSES",
    "KINDS",
    "Claim",
    "Document",
    "Figure",
    "Limits",
    "Place",
    "Report",
    "Source",
    "Span",
    "Suspect",
    "Verdict",
]
