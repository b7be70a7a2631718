"""The pages of indicators and subjects, and the series files that the inspector reads histories from."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.show.marking import visible
from flows.show.names import page_link, page_name, quoted, stem_of
from flows.show.render import data_script, page, script_json, write_file
from flows.show.series import Indicator, Line, Names, catalogue, of_subject, rates, recomputed, subjects
from flows.show.warehouse import as_text, plain_text, rows_of

if TYPE_CHECKING:
    import duckdb

#: Statements of an indicator that its tile among those of the subject draws, and rows of a recomputed count.
_DRAWN, _RECOMPUTED = 60, 400
#: Parts of series read at once.
_BATCH = 200
#: The day that a statement speaks of.
_DAY = "coalesce(history.period_ends_on, history.as_of_on, report.published_on)"
_ROWS = f"""
select parts.indicator, parts.part,
       {
    as_text(
        "publisher.publisher",
        "place.name_hant",
        "place.name_hans",
        "place.name_en",
        "history.entity",
        "history.modifiers",
    )
},
       history.report_id, {as_text("report.title", "report.published_on")},
       left(cast(history.thing_id as varchar), 12) as thing,
       split_part(history.observation_id, '#', -1)::bigint as start_offset,
       coalesce(cast({_DAY} as varchar), '') as day_text,
       concat_ws(' – ', history.period_starts_on,
                 case when history.period_ends_on is distinct from history.period_starts_on
                     then history.period_ends_on end) as period_text,
       {plain_text("observations.printed_value")}, {as_text("observations.printed_unit")},
       {plain_text("history.value")}, {as_text("history.base_unit", "history.quote")},
       coalesce(history.is_revision, false)::int + 2 * (not coalesce(history.is_current, false))::int
           + 4 * coalesce(history.is_corrected, false)::int as marks,
       {plain_text("history.previous_value")}
from marts.fct_observations_history as history
inner join pages_parts as parts using (indicator, report_id)
inner join marts.fct_observations as observations using (observation_id)
inner join marts.dim_report as report using (report_id)
left join marts.dim_publisher as publisher on report.publisher_id = publisher.publisher_id
left join marts.dim_place as place on history.place_code = place.place_code
where parts.indicator || '/' || parts.part in (select unnest($wanted))
order by parts.indicator, parts.part, {_DAY} nulls first, report.published_on nulls first, history.statement_number,
    history.observation_id
"""
_SPANS = f"""
select parts.indicator, parts.part, count(*), min({_DAY}), max({_DAY})
from marts.fct_observations_history as history
inner join pages_parts as parts using (indicator, report_id)
inner join marts.dim_report as report using (report_id)
where history.indicator in (select unnest($indicators))
group by all order by all
"""


def write_series(con: "duckdb.DuckDBPyConnection", out: Path, wanted: Sequence[str], codes: Sequence[str]) -> None:
    """The `wanted` parts of series (`indicator/part`), and of the indicators `codes` which parts there are.

    The pages of the indicators are drawn from these files, and the inspector of a report reads its histories there.
    """
    folder = out / "data" / "series"
    for at in range(0, len(wanted), _BATCH):
        rows = rows_of(con, _ROWS, {"wanted": wanted[at : at + _BATCH]})
        for (code, part), own in groupby(rows, key=itemgetter(0, 1)):
            name = f"{stem_of(code)}~{part}"
            write_file(folder / f"{name}.js", data_script(f"series/{name}", _part(own)))
    spans = con.execute(_SPANS, {"indicators": codes}).fetchall()
    for code, own in groupby(spans, key=lambda row: row[0]):
        index = [[part, count, str(first or ""), str(last or "")] for _, part, count, first, last in own]
        write_file(folder / f"{stem_of(code)}.js", data_script(f"series/{stem_of(code)}", index))


def _part(rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Statements in columns; lines, reports and units each once."""
    lines: dict[tuple[str, ...], int] = {}
    reports: dict[tuple[str, ...], int] = {}
    told = []
    for row in rows:
        thing, start, day, period, printed, unit, base, base_unit, quote, marks, previous = row[11:22]
        told.append((
            lines.setdefault(row[2:8], len(lines)), thing, reports.setdefault(row[8:11], len(reports)), start, day,
            period, printed, unit, "" if base == printed else base, base_unit, visible(quote), marks, previous,
        ))  # fmt: skip
    return {
        "lines": [list(map(visible, line)) for line in lines],
        "reports": [(one, quoted(page_name(one)), visible(title or one), day) for one, title, day in reports],
        "rows": told,
    }


def write_indicators(con: "duckdb.DuckDBPyConnection", out: Path, codes: Iterable[str]) -> None:
    """The pages of indicators: what the catalogue says of each; their statements are in the series files."""
    known, areas = catalogue(con), subjects(con)
    for code in codes:
        one = known.get(code) or Indicator(code, (code, code, code), "", "")
        html = page("indicator.html", root="../", one=one, series=quoted(stem_of(code)),
                    area=areas.get(one.subject, (one.subject,) * 3))  # fmt: skip
        write_file(out / "indicators" / page_name(code), html)


def write_subjects(con: "duckdb.DuckDBPyConnection", out: Path, wanted: Sequence[str]) -> None:
    """The dashboards of the `wanted` subject areas."""
    known, areas = catalogue(con), subjects(con)
    for subject in wanted:
        filled = sorted(of_subject(con, known, subject, _DRAWN), key=lambda one: (-one.statements, one.code))
        checked = recomputed(con, subject, _RECOMPUTED)
        data: dict[str, Any] = {"plots": {}}
        for one in filled:
            if len(one.lines[0].points) > 1:
                data["plots"][one.code] = {"lines": [_drawn(one.lines[0])], "unit": one.lines[0].unit, "is_small": True}
        for pair in checked:
            data["plots"][visible(pair.key)] = {
                "unit": "",
                "lines": [
                    {"key": key, "points": [{"d": str(row[1]), "v": row[place]} for row in pair.rows]}
                    for key, place in (("stated", 2), ("computed", 3))
                ],
            }
        html = page(
            "subject.html", root="../", code=subject, area=areas.get(subject, (subject,) * 3), indicators=filled,
            rates=rates(con, subject), recomputed=checked, known=known, data=script_json(data),
        )  # fmt: skip
        write_file(out / "subjects" / page_name(subject), html)


def write_catalogue(con: "duckdb.DuckDBPyConnection", out: Path) -> None:
    """The list of subjects and indicators that something was published of."""
    rows = con.execute(
        "select indicator, subject, count(*), count(distinct report_id), max(published_on)"
        " from marts.fct_observations group by all order by subject, indicator"
    ).fetchall()
    known, areas = catalogue(con), subjects(con)
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for code, subject, *counts in rows:
        names = known[code].names if code in known else (code, code, code)
        groups.setdefault(subject or "", []).append((code, names, *counts))
    html = page(
        "indicators.html", root="", groups=[(code, areas.get(code, (code,) * 3), groups[code]) for code in groups]
    )
    write_file(out / "indicators.html", html)


def names_of(con: "duckdb.DuckDBPyConnection") -> Mapping[str, Names]:
    """The names of the indicators that have a page."""
    known = catalogue(con)
    codes = con.execute("select distinct indicator from marts.fct_observations").fetchall()
    return {code: known[code].names if code in known else (code, code, code) for (code,) in codes}


def _drawn(line: Line) -> dict[str, Any]:
    """A line for the chart of a tile."""
    return {
        "points": [
            {
                "d": str(point.day),
                "v": line.value_of(point),
                "q": visible(point.quote),
                "h": page_link(point.report_id, f"f{point.start}", base="../reports/"),
                "p": str(point.published_on or ""),
                **({"r": 1} if point.is_revision else {}),
                **({} if point.is_current else {"o": 1}),
            }
            for point in line.points
            if point.day is not None
        ],
    }
