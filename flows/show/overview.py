"""The pages that speak of all reports: the overview, and the heads of the lists. Their numbers are added up in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from flows.show import charts
from flows.show.findings import SHOWN, with_excerpts
from flows.show.render import page, write_file
from flows.show.views import VERDICTS, FindingView, HeadView, added, tally

if TYPE_CHECKING:
    import duckdb

#: Reports and findings that stand in the overview itself, and publishers in its table.
NEWEST, FIRST, _PUBLISHERS = 60, 6, 30

Counts = dict[str, int]


@dataclass(slots=True)
class Totals:
    """What the warehouse holds, added up. `days` are verdicts by day of publication, oldest first; `publishers` rows
    of name, reports, figures and verdicts, the most broken first; `kinds` those of the findings."""

    reports: int = 0
    numerals: int = 0
    figures: int = 0
    digits: int = 0
    accounted: int = 0
    tally: Counts = field(default_factory=dict)
    open_count: int = 0
    acknowledged: int = 0
    kinds: list[str] = field(default_factory=list)
    days: list[tuple[str, Counts]] = field(default_factory=list)
    publishers: list[tuple[str, int, int, Counts]] = field(default_factory=list)


def of_warehouse(con: "duckdb.DuckDBPyConnection") -> Totals:
    """The totals of a published file."""
    sums = (
        con.execute(
            "select count(*), sum(numeral_count), sum(figure_count), sum(digit_count), sum(accounted_digit_count)"
            " from marts.audit_reports"
        ).fetchone()
        or (0,) * 5
    )
    verdicts = con.execute("select verdict, count(*) from marts.fct_checks group by verdict").fetchall()
    noted = con.execute(
        "select count(*) filter (verdict = 'broken' and acknowledgement is null),"
        " count(*) filter (acknowledgement is not null) from marts.fct_checks where verdict <> 'holds'"
    ).fetchone() or (0, 0)
    kinds = con.execute("select distinct kind from marts.fct_checks where verdict <> 'holds' order by kind").fetchall()
    counted = "sum(broken_count), sum(cannot_tell_count), sum(holds_count)"
    days = con.execute(
        f"select report.published_on, {counted} from marts.dim_report as report"
        " join marts.audit_reports using (report_id) where report.published_on is not null group by 1 order by 1"
    ).fetchall()
    publishers = con.execute(
        f"select publisher.publisher, count(*), sum(figure_count), {counted} from marts.dim_report as report"
        " join marts.audit_reports using (report_id)"
        " left join marts.dim_publisher as publisher on report.publisher_id = publisher.publisher_id"
        " group by publisher.publisher order by sum(broken_count) desc, count(*) desc, publisher.publisher"
    ).fetchall()
    reports, numerals, figures, digits, accounted = (int(one or 0) for one in sums)
    return Totals(
        reports,
        numerals,
        figures,
        digits,
        accounted,
        tally=dict.fromkeys(VERDICTS, 0) | dict(verdicts),
        open_count=noted[0],
        acknowledged=noted[1],
        kinds=[kind for (kind,) in kinds],
        days=[(str(day), _counts(row)) for day, *row in days],
        publishers=[(name or "", count, int(own or 0), _counts(row)) for name, count, own, *row in publishers],
    )


def of_views(heads: Sequence[HeadView], found: Sequence[FindingView]) -> Totals:
    """The totals of reports and findings in memory."""
    days: dict[str, list[HeadView]] = {}
    publishers: dict[str, list[HeadView]] = {}
    for head in heads:
        publishers.setdefault(head.publisher, []).append(head)
        if head.published_on:
            days.setdefault(str(head.published_on), []).append(head)
    rows = [
        (name, len(own), sum(head.figures for head in own), added(head.checks for head in own))
        for name, own in publishers.items()
    ]
    broken = tally(finding.check.verdict for finding in found if not finding.check.acknowledgement)["broken"]
    return Totals(
        len(heads),
        sum(head.numerals for head in heads),
        sum(head.figures for head in heads),
        sum(head.digits for head in heads),
        sum(head.accounted_digits for head in heads),
        added(head.checks for head in heads),
        broken,
        sum(bool(finding.check.acknowledgement) for finding in found),
        sorted({finding.check.kind for finding in found}),
        [(day, added(head.checks for head in days[day])) for day in sorted(days)],
        sorted(rows, key=lambda row: (-row[3]["broken"], -row[1], row[0])),
    )


def write_lists(
    out: Path, totals: Totals, heads: Sequence[HeadView], *, first: Sequence[FindingView],
    still_open: Sequence[FindingView], blocks: int,
) -> None:  # fmt: skip
    """index.html, reports.html, findings.html and search.html.

    `heads` are the newest reports, `first` and `still_open` the first findings; the others are in files by block of
    reports, which the pages read when they are asked for more.
    """
    shown = totals.publishers[:_PUBLISHERS]
    relations = sum(totals.tally.values())
    write_file(
        out / "index.html",
        page(
            "index.html", root="", totals=totals, heads=heads[:NEWEST], blocks=blocks, relation_count=relations,
            findings=with_excerpts(still_open[:FIRST]), timeline=_timeline(totals.days), publishers=shown,
            hidden_publishers=len(totals.publishers) - len(shown),
        ),
    )  # fmt: skip
    write_file(out / "reports.html", page("reports.html", root="", totals=totals, heads=heads, blocks=blocks))
    write_file(
        out / "findings.html",
        page("findings.html", root="", totals=totals, findings=with_excerpts(first[:SHOWN]), blocks=blocks),
    )
    write_file(out / "search.html", page("search.html", root=""))


def _counts(row: Sequence[int | None]) -> Counts:
    return dict(zip(("broken", "cannot_tell", "holds"), (int(one or 0) for one in row), strict=True))


def _timeline(days: Sequence[tuple[str, Mapping[str, int]]]) -> Markup:
    """Verdicts by day, or by month where there are more than ninety days."""
    slots: dict[str, list[Mapping[str, int]]] = {}
    for day, counts in days:
        slots.setdefault(day if len(days) <= 90 else day[:7], []).append(counts)
    return charts.over_time([(slot, added(counts)) for slot, counts in slots.items()])
