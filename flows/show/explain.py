"""One figure in the terminal: what its page says of it, from the published file."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from flows.show import series
from flows.show import warehouse as marts
from flows.show.marking import visible
from flows.show.numbers import grouped, interval
from flows.show.views import CheckView, FigureView, ReportView

if TYPE_CHECKING:
    import duckdb

_STYLES = {"holds": "green", "broken": "bold red", "cannot_tell": "yellow", "unchecked": "dim"}
_SIGNS = {"holds": "✓", "broken": "✗", "cannot_tell": "?", "unchecked": "·"}
#: Characters of context on either side, and statements of its history.
_REACH, _HISTORY = 60, 9


def explain(con: "duckdb.DuckDBPyConnection", figure_id: str, texts: Path, console: Console | None = None) -> None:
    """Print value, interval, words in context, indicator, entity, period, rule, history and relations of a figure.

    What would steer a terminal (escape codes, reordering marks) is printed by its name. Raises KeyError where there
    is no such figure.
    """
    out = console or Console(highlight=False)
    home, _, start = figure_id.rpartition("#")
    report = next(marts.reports(con, marts.heads(con, [home]), texts), None)
    figure = next((one for one in report.figures if one.start == int(start)), None) if report else None
    if report is None or figure is None:
        raise KeyError(figure_id)
    out.print(Text.assemble((visible(figure.quote), "bold"), "  ", (visible(figure_id), "dim")))
    out.print(Text(" · ".join(
        visible(str(part)) for part in (report.head.title, report.head.publisher, report.head.published_on) if part
    ), style="dim"))  # fmt: skip
    out.print(Padding(_context(report.text, figure), (1, 2)))
    out.print(Padding(_facts(con, figure), (0, 2)))
    _print_history(con, out, figure, figure_id)
    _print_relations(out, report, figure)


def _context(text: str, figure: FigureView) -> Text:
    """The words around the figure, which is lit; ends at line ends."""
    left = max(figure.start - _REACH, text.rfind("\n", 0, figure.start) + 1, 0)
    line_end = text.find("\n", figure.end)
    right = min(figure.end + _REACH, line_end if line_end >= 0 else len(text), len(text))
    return Text.assemble(
        "… " if left and text[left - 1] != "\n" else "",
        visible(text[left : figure.start]).replace("\t", " "),
        (f"【{visible(text[figure.start : figure.end])}】", f"{_STYLES[figure.verdict]} reverse"),
        visible(text[figure.end : right].rstrip("\r")).replace("\t", " "),
        " …" if right < len(text) and text[right] != "\n" else "",
    )


def _facts(con: "duckdb.DuckDBPyConnection", figure: FigureView) -> Table:
    """Two columns of what is known."""
    names = series.catalogue(con).get(figure.indicator)
    catalogued = f"{names.names[0]} · {names.names[2]} ({figure.indicator})" if names else figure.indicator
    period = " – ".join(dict.fromkeys(end for end in (figure.period_start, figure.period_end) if end))
    base = f"{grouped(figure.base_value, 12)} {figure.base_unit}" if figure.base_unit != figure.unit else ""
    means = interval(figure.low, figure.high, figure.low_closed, figure.high_closed)
    facts = {
        "class": figure.cls,
        "value": f"{grouped(figure.value, 12)} {figure.unit}".strip(),
        "in base units": base.strip(),
        "it can mean": means if figure.low != figure.high else f"exactly {means}" if means else "",
        "direction": figure.direction,
        "hedge": figure.hedge,
        "words for it": figure.indicator_text,
        "indicator": catalogued,
        "modifiers": figure.modifiers.replace(";", ", "),
        "entity": figure.entity,
        "period": period,
        "as of": figure.as_of,
        "read by": figure.rule,
        "stands at": f"{figure.start}–{figure.end}",
    }
    table = Table(box=None, show_header=False, pad_edge=False)
    for key, value in facts.items():
        if value:
            table.add_row(Text(key, style="dim"), Text(visible(value)))
    return table


def _print_history(con: "duckdb.DuckDBPyConnection", out: Console, figure: FigureView, figure_id: str) -> None:
    """What the reports of the series say, around this figure."""
    if not figure.indicator:
        return
    for indicator in series.of_indicator(con, figure.indicator):
        for line in indicator.lines:
            place = next((at for at, one in enumerate(line.points) if one.observation_id == figure_id), None)
            if place is None or len(line.points) < 2:
                continue
            first = max(0, min(place - _HISTORY // 2, len(line.points) - _HISTORY))
            out.print(Text(f"\nIn other reports ({len(line.points)} statements)", style="bold"))
            table = Table(box=None, show_header=False, pad_edge=False)
            for one in line.points[first : first + _HISTORY]:
                table.add_row(
                    Text("▸" if one.observation_id == figure_id else " "),
                    Text(str(one.day or one.published_on or "")),
                    Text(visible(one.quote), style="bold" if one.observation_id == figure_id else ""),
                    Text("restated" if one.is_revision else "" if one.is_current else "superseded"),
                    Text(visible(one.observation_id), style="dim"),
                )
            out.print(Padding(table, (0, 2)))


def _print_relations(out: Console, report: ReportView, figure: FigureView) -> None:
    own = [
        check
        for check in report.checks
        if any(one.report_id == report.head.report_id and one.start == figure.start for one in check.members)
    ]
    out.print(Text(f"\nRelations ({len(own)})" if own else "\nIt takes part in no relation.", style="bold"))
    for check in own:
        out.print(Padding(_relation(check), (0, 2)))


def _relation(check: CheckView) -> Text:
    said = Text.assemble(
        (f"{_SIGNS[check.verdict]} {check.kind.replace('_', ' ')}  ", _STYLES[check.verdict]),
        visible(check.message or check.reason),
    )
    both = [
        f"stated {interval(check.stated_low, check.stated_high)}" if check.stated_low or check.stated_high else "",
        f"computed {interval(check.computed_low, check.computed_high)}"
        if check.computed_low or check.computed_high
        else "",
        f"gap {grouped(check.gap_ulp)} in the last place" if check.verdict == "broken" and check.gap_ulp else "",
        f"would fit: {check.fits}" if check.verdict == "broken" and check.fits else "",
        check.reason if check.message and check.reason != check.message else "",
        f"acknowledged: {check.acknowledgement}" if check.acknowledgement else "",
        check.check_id,
    ]
    said.append("\n    " + visible(" · ".join(part for part in both if part)), style="dim")
    return said
