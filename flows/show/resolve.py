"""What a person means by REPORT, FINDING or FIGURE: ids of the published file, or how they begin."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.record.script import fold
from flows.show.marking import visible
from flows.show.names import page_link

if TYPE_CHECKING:
    import duckdb

#: So many candidates an error names.
_NAMED = 8


class NotOneError(Exception):
    """Nothing, or more than one thing, is meant; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is meant: a page of the site, its anchor, and the id."""

    kind: str
    id: str
    page: str


def resolve(con: "duckdb.DuckDBPyConnection", what: str) -> Target:
    """The report, finding, figure, indicator or subject that `what` names.

    A figure is `REPORT#START`, where REPORT may be how its id begins; a report may also be named by words of its title,
    in either script. Raises NotOneError.
    """
    if re.search(r"#\d+$", what):
        figure = figure_id(con, what)
        report, start = figure.rsplit("#", 1)
        return Target("figure", figure, page_link(report, f"f{start}"))
    for kind, query, base in (
        ("indicator", "select distinct indicator from marts.fct_observations where indicator = ?", "indicators/"),
        ("subject", "select distinct subject from marts.fct_observations where subject = ?", "subjects/"),
    ):
        if con.execute(query, [what]).fetchone():
            return Target(kind, what, page_link(what, base=base))
    reports = _reports(con, what)
    if len(reports) == 1:
        return Target("report", reports[0], page_link(reports[0]))
    checks = con.execute(
        "select check_id, report_id from marts.fct_checks where check_id = $1 or starts_with(check_id, $1) order by all"
        if not reports
        else "select check_id, report_id from marts.fct_checks where check_id = $1",
        [what],
    ).fetchall()
    if len(checks) == 1:
        return Target("finding", checks[0][0], page_link(checks[0][1], f"c-{checks[0][0]}"))
    candidates = reports or [row[0] for row in checks]
    raise NotOneError(_say(what, candidates, "report, finding, figure, indicator or subject"))


def figure_id(con: "duckdb.DuckDBPyConnection", what: str, quote: str = "") -> str:
    """The id of the figure `REPORT#START`, or of the one of REPORT in whose words `quote` stands.

    Raises NotOneError.
    """
    name, _, start = what.rpartition("#")
    if name and start.isdigit():
        report = report_id(con, name)
        found = con.execute("select 1 from marts.fct_figures where figure_id = ?", [f"{report}#{start}"]).fetchone()
        if found:
            return f"{report}#{start}"
        near = con.execute(
            "select figure_id, quote from marts.fct_figures where report_id = ? order by abs(start_offset - ?) limit 3",
            [report, int(start)],
        ).fetchall()
        raise NotOneError(
            f"no numeral of {visible(report)} starts at {start}; the nearest are "
            + ", ".join(f"{visible(one)} ({visible(words)})" for one, words in near)
        )
    report = report_id(con, what)
    if not quote:
        named = visible(report)
        raise NotOneError(f"{named} is a report; name one of its figures, as {named}#START or by its words")
    rows = con.execute(
        "select figure_id, quote from marts.fct_figures where report_id = ? order by start_offset", [report]
    ).fetchall()
    wanted = fold(quote).replace(",", "")
    exact = [one for one, words in rows if fold(words).replace(",", "") == wanted]
    near_ones = exact or [one for one, words in rows if wanted in fold(words).replace(",", "")]
    if len(near_ones) == 1:
        return str(near_ones[0])
    raise NotOneError(_say(quote, near_ones, f"figure of {visible(report)}"))


def report_id(con: "duckdb.DuckDBPyConnection", what: str) -> str:
    """The one report that `what` names. Raises NotOneError."""
    found = _reports(con, what)
    if len(found) == 1:
        return found[0]
    raise NotOneError(_say(what, found, "report"))


def _reports(con: "duckdb.DuckDBPyConnection", what: str) -> list[str]:
    """Reports by id, else by how their ids begin, else by words of id or title."""
    rows = con.execute("select report_id, coalesce(title, '') from marts.dim_report order by report_id").fetchall()
    wanted = fold(what).lower()
    ways = (
        lambda one, title: one == what,
        lambda one, title: bool(what) and one.startswith(what),
        lambda one, title: bool(what) and (wanted in fold(title).lower() or wanted in one.lower()),
    )
    for way in ways:
        found = [one for one, title in rows if way(one, title)]
        if found:
            return found
    return []


def _say(what: str, candidates: list[str], kind: str) -> str:
    if not candidates:
        return f"no {kind} is called {visible(what)!r}; the ids are in marts.dim_report, fct_checks and fct_figures"
    named = ", ".join(visible(one) for one in candidates[:_NAMED])
    rest = f" and {len(candidates) - _NAMED} more" if len(candidates) > _NAMED else ""
    return f"{visible(what)!r} may be {len(candidates)} things: {named}{rest}; say more of the id"
