"""What a run has done, for the terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.show.marking import visible
from flows.show.views import VERDICTS

_STYLE = {"holds": "cyan", "broken": "bold red", "cannot_tell": "yellow"}
_MARK = {"holds": "✓", "broken": "✗", "cannot_tell": "?"}


@dataclass(slots=True)
class RunSummary:
    """A run in plain fields.

    `figures`, `numerals` and `coverage_percent` (text: 100, 99.87, or empty) are of this run's reports;
    `checks` (counts by verdict) and `broken` ((report, message) pairs) are the warehouse's: a new report
    can break a relation with an old one. `changed` are (report, what another version of its page said) pairs of this
    run's reports; `quarantined` are (report or file, reason) pairs.
    """

    reports_pulled: int = 0
    reports_loaded: int = 0
    figures: int = 0
    numerals: int = 0
    coverage_percent: str = ""
    checks: Mapping[str, int] = field(default_factory=dict)
    broken: Sequence[tuple[str, str]] = ()
    changed: Sequence[tuple[str, str]] = ()
    expired: Sequence[tuple[str, str]] = ()  # acknowledgements and corrections that no longer apply, and why
    quarantined: Sequence[tuple[str, str]] = ()
    warehouse: Path | None = None
    site: Path | None = None
    data_docs: Path | None = None
    seconds: float | None = None

    @property
    def had_work(self) -> bool:
        return bool(self.reports_pulled or self.reports_loaded or self.quarantined)


def print_summary(summary: RunSummary, *, most: int = 20) -> None:
    """Print a run to the terminal: counts, broken findings, quarantine with reasons, where everything is.

    At most `most` findings and reasons are listed; the rest are counted, and stand on the pages.
    """
    from rich.console import Console, Group
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    counts = Table.grid(padding=(0, 3))
    counts.add_column(style="dim")
    counts.add_column()
    counts.add_row("reports", f"{summary.reports_pulled:,} pulled, {summary.reports_loaded:,} loaded")
    counts.add_row("figures", f"{summary.figures:,} of {summary.numerals:,} numerals")
    if summary.coverage_percent:
        counts.add_row("coverage", f"{summary.coverage_percent} % of the digits stand in a row")
    checks = Text()
    for verdict in VERDICTS[::-1]:
        number = summary.checks.get(verdict, 0)
        style = _STYLE[verdict] if number else "dim"
        checks.append(f"{_MARK[verdict]} {number:,} {verdict.replace('_', ' ')}   ", style=style)
    counts.add_row("checks", checks)
    blocks: list[Table | Text] = [counts]
    for title, style, rows in (
        ("Broken", "bold red", summary.broken),
        ("Pages that changed", "bold yellow", summary.changed),
        ("Review that no longer applies", "bold yellow", summary.expired),
        ("Quarantined", "bold yellow", summary.quarantined),
    ):
        if rows:
            blocks.append(Text(f"\n{title}", style=style))
            table = Table.grid(padding=(0, 2))
            table.add_column(style="dim", overflow="fold", max_width=40)
            table.add_column(overflow="fold")
            for name, said in rows[:most]:
                table.add_row(Text(visible(name)), Text(visible(said)))
            blocks.append(table)
            if len(rows) > most:
                blocks.append(Text(f"… and {len(rows) - most:,} more", style="dim"))
    places = Table.grid(padding=(0, 3))
    places.add_column(style="dim")
    places.add_column(overflow="fold")
    for name, path in (
        ("warehouse", summary.warehouse),
        ("pages", summary.site),
        ("data docs", summary.data_docs),
    ):
        if path is not None:
            places.add_row(name, Text(str(path)))
    blocks.extend([Text(""), places])
    took = f" in {summary.seconds:.1f} s" if summary.seconds is not None else ""
    title = "gongbao" if summary.had_work else "gongbao: nothing new"
    Console().print(
        Panel(Group(*blocks), title=f"{title}{took}", title_align="left", border_style="dim", padding=(1, 2))
    )
