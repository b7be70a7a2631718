"""The pages of indicators and subjects, and the series files that the inspector reads histories from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flows.record.script import fold
from flows.show.marking import visible
from flows.show.names import page_link, page_name, stem_of
from flows.show.render import data_script, page, script_json, write_file
from flows.show.series import Indicator, Line, Names, catalogue, fill, rates, recomputed, subjects

if TYPE_CHECKING:
    import duckdb

#: Lines in one chart; more cannot be told apart, and stand in the table alone.
_LINES = 6
#: Rows of a table that stand in the page; older ones are taken from the series file when they are asked for.
ROWS = 100
#: Indicators read at once.
_BATCH = 60


def write_indicators(con: "duckdb.DuckDBPyConnection", out: Path, wanted: Sequence[str]) -> None:
    """The pages and series files of the `wanted` indicators."""
    known, areas = catalogue(con), subjects(con)
    for at in range(0, len(wanted), _BATCH):
        for indicator in fill(con, known, indicators=wanted[at : at + _BATCH]):
            area = areas.get(indicator.subject, (indicator.subject,) * 3)
            write_file(
                out / "indicators" / page_name(indicator.code),
                page(
                    "indicator.html", root="../", one=indicator, area=area, shown=ROWS,
                    series=quote(stem_of(indicator.code)),
                    data=script_json({"plots": _plots(indicator)}),
                ),
            )  # fmt: skip
            name = stem_of(indicator.code)
            write_file(out / "data" / "series" / f"{name}.js", data_script(f"series/{name}", _history(indicator)))


def write_subjects(con: "duckdb.DuckDBPyConnection", out: Path, wanted: Sequence[str]) -> None:
    """The dashboards of the `wanted` subject areas."""
    known, areas = catalogue(con), subjects(con)
    for subject in wanted:
        filled = sorted(fill(con, known, subject=subject), key=lambda one: (-one.statements, one.code))
        checked = recomputed(con, subject)
        data: dict[str, Any] = {"plots": {}}
        for one in filled:
            if len(one.lines[0].points) > 1:
                data["plots"][one.code] = {
                    "lines": [_drawn(one.lines[0], base="../")],
                    "unit": one.lines[0].unit,
                    "is_small": True,
                }
        for pair in checked:
            data["plots"][f"{pair.table}.{pair.stated}"] = {
                "unit": "",
                "lines": [
                    {"key": key, "points": [{"d": str(row[1]), "v": row[place]} for row in pair.rows]}
                    for key, place in (("stated", 2), ("computed", 3))
                ],
            }
        html = page(
            "subject.html", root="../", code=subject, area=areas.get(subject, (subject,) * 3), indicators=filled,
            rates=_newest(rates(con, subject)), recomputed=checked, known=known, data=script_json(data),
        )  # fmt: skip
        write_file(out / "subjects" / page_name(subject), html)


def _newest(found: Sequence[Any]) -> list[Any]:
    """The newest statement of each rate."""
    seen: dict[tuple[str, Names], Any] = {}
    for rate in found:
        seen.setdefault((rate.indicator, rate.place), rate)
    return list(seen.values())


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


def folded_names(names: Names) -> str:
    """What a search finds the indicator by."""
    return fold(" ".join(names)).lower()


def _plots(indicator: Indicator) -> dict[str, Any]:
    """One chart a unit, of the longest lines."""
    units: dict[str, list[Line]] = {}
    for line in indicator.lines:
        units.setdefault(line.unit, []).append(line)
    return {
        unit: {"unit": unit, "lines": [_drawn(line, base="../") for line in lines[:_LINES]]}
        for unit, lines in units.items()
    }


def _drawn(line: Line, *, base: str) -> dict[str, Any]:
    return {
        "label": [visible(line.label(tongue)) for tongue in range(3)],
        "points": [
            {
                "d": str(point.day),
                "v": line.value_of(point),
                "q": visible(point.quote),
                "h": page_link(point.report_id, f"f{point.start}", base=f"{base}reports/"),
                "p": str(point.published_on or ""),
                **({"r": 1} if point.is_revision else {}),
                **({} if point.is_current else {"o": 1}),
            }
            for point in line.points
            if point.day is not None
        ],
    }


def _history(indicator: Indicator) -> dict[str, Any]:
    """Every statement in columns, for the inspector of a report page: it finds its own by report and start."""
    reports: dict[str, int] = {}
    things: dict[str, int] = {}
    rows = []
    for number, line in enumerate(indicator.lines):
        for point in line.points:
            rows.append(
                [
                    number,
                    things.setdefault(point.thing_id, len(things)),
                    reports.setdefault(point.report_id, len(reports)),
                    point.start,
                    str(point.day or ""),
                    str(point.published_on or ""),
                    line.value_of(point),
                    visible(point.quote),
                    int(point.is_revision),
                ]
            )
    return {
        "lines": [[visible(line.label(tongue)) for tongue in range(3)] for line in indicator.lines],
        "units": [line.unit for line in indicator.lines],
        "reports": list(reports),
        "pages": [quote(page_name(report_id)) for report_id in reports],
        "rows": rows,
    }
