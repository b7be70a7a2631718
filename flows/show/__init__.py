"""The show room: the terminal summary of a run, and the static site of evidence pages."""

from flows.show.report import render_report
from flows.show.site import build_site, write_site
from flows.show.summary import RunSummary, print_summary
from flows.show.views import CheckView, FigureView, HeadView, MemberView, ReportView

__all__ = [
    "CheckView",
    "FigureView",
    "HeadView",
    "MemberView",
    "ReportView",
    "RunSummary",
    "build_site",
    "print_summary",
    "render_report",
    "write_site",
]
