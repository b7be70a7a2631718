"""Indicators and subjects as records: the series that the published file holds, with their restatements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from flows.show.numbers import plain
from flows.show.render import TONGUES, words

if TYPE_CHECKING:
    import duckdb

_OBSERVATIONS = """
select history.indicator, history.observation_id, history.thing_id, history.report_id, figures.start_offset,
       report.title, publisher.publisher, history.place_code, place.name_hant, place.name_hans, place.name_en,
       history.entity, history.modifiers,
       coalesce(history.period_ends_on, history.as_of_on, observations.published_on) as day_on,
       history.period_starts_on, history.period_ends_on, observations.published_on, observations.printed_value,
       observations.printed_unit, history.value, history.base_unit, history.quote, history.is_revision,
       history.previous_value, history.is_current, history.is_corrected, history.subject
from marts.fct_observations_history as history
inner join marts.fct_observations as observations using (observation_id)
inner join marts.fct_figures as figures on history.observation_id = figures.figure_id
inner join marts.dim_report as report on history.report_id = report.report_id
left join marts.dim_publisher as publisher on report.publisher_id = publisher.publisher_id
left join marts.dim_place as place on history.place_code = place.place_code
where list_contains(?, {column})
order by history.indicator, day_on nulls first, observations.published_on nulls first, history.statement_number,
    history.observation_id
"""
_RATES = """
select rates.observation_id, rates.indicator, rates.report_id, rates.published_on, rates.valid_from,
       rates.stated_percent, rates.recomputed_percent, rates.difference_points, rates.does_agree, rates.recomputed_as,
       rates.numerator_observation_id, above.value, rates.denominator_observation_id, below.value,
       place.name_hant, place.name_hans, place.name_en, rates.thing_id
from marts.series_rates as rates
left join marts.fct_observations as above on rates.numerator_observation_id = above.observation_id
left join marts.fct_observations as below on rates.denominator_observation_id = below.observation_id
left join marts.dim_place as place on rates.place_code = place.place_code
where rates.subject = ?
order by rates.published_on desc nulls last, rates.indicator, rates.observation_id
"""

Names = tuple[str, str, str]


@dataclass(slots=True)
class Point:
    """One statement: a value of a day as a report printed it."""

    observation_id: str
    report_id: str
    start: int
    title: str
    published_on: date | None
    day: date | None
    period: str
    printed: str
    printed_unit: str
    base: str
    base_unit: str
    quote: str
    is_revision: bool
    previous: str
    is_current: bool
    is_corrected: bool
    thing_id: str


@dataclass(slots=True)
class Line:
    """The points of one publisher, place, entity and set of modifiers, oldest first.

    Where one printed unit fits all of them (`is_printed`), values are as printed, else in the base unit.
    """

    publisher: str
    place: Names
    entity: str
    modifiers: str
    points: list[Point] = field(default_factory=list)
    is_printed: bool = False

    @property
    def unit(self) -> str:
        """The unit of `value_of`."""
        return self.points[0].printed_unit if self.is_printed else self.points[0].base_unit

    def value_of(self, point: Point) -> str:
        """The value in the unit of the line."""
        return point.printed if self.is_printed else point.base

    @property
    def column(self) -> str:
        """The column of fct_observations that `value_of` is of."""
        return "printed_value" if self.is_printed else "value"

    def label(self, tongue: int) -> str:
        """Whom and what it is of."""
        said = (modifier_name(one, tongue) for one in self.modifiers.split(";") if one)
        parts = (self.place[tongue], self.entity, " ".join(said), self.publisher)
        return " · ".join(dict.fromkeys(part for part in parts if part))


@dataclass(slots=True)
class Indicator:
    """An indicator of the catalogue and what was published of it."""

    code: str
    names: Names
    description: str
    subject: str
    lines: list[Line] = field(default_factory=list)

    @property
    def statements(self) -> int:
        """How many statements there are."""
        return sum(len(line.points) for line in self.lines)


@dataclass(slots=True)
class Rate:
    """A share or growth as stated, and as it follows from the counts."""

    observation_id: str
    indicator: str
    report_id: str
    published_on: date | None
    day: date | None
    stated: str
    recomputed: str
    difference: str
    does_agree: bool | None
    how: str
    part_id: str
    part: str
    whole_id: str
    whole: str
    place: Names
    thing_id: str


def catalogue(con: "duckdb.DuckDBPyConnection") -> dict[str, Indicator]:
    """Every indicator of the catalogue by its code, without its points."""
    return {
        row[0]: Indicator(row[0], (_text(row[1]), _text(row[2]), _text(row[3])), _text(row[4]), _text(row[5]))
        for row in con.execute(
            "select indicator, name_hant, name_hans, name_en, description, subject from marts.dim_indicator"
        ).fetchall()
    }


def subjects(con: "duckdb.DuckDBPyConnection") -> dict[str, Names]:
    """The names of the subject areas."""
    query = "select subject, name_hant, name_hans, name_en from marts.dim_subject order by all"
    return {row[0]: (_text(row[1]), _text(row[2]), _text(row[3])) for row in con.execute(query).fetchall()}


def fill(
    con: "duckdb.DuckDBPyConnection", known: Mapping[str, Indicator], *, indicators: Iterable[str] = (),
    subject: str = "",
) -> list[Indicator]:  # fmt: skip
    """The named indicators, or those of a subject, with their lines; the longest line first."""
    column = "history.subject" if subject else "history.indicator"
    wanted = [subject] if subject else sorted(indicators)
    filled: dict[str, Indicator] = {}
    lines: dict[tuple[str, ...], Line] = {}
    for row in con.execute(_OBSERVATIONS.format(column=column), [wanted]).fetchall():
        code = row[0]
        if code not in filled:
            base = known.get(code) or Indicator(code, (code, code, code), "", _text(row[26]))
            filled[code] = Indicator(base.code, base.names, base.description, base.subject)
        key = (code, _text(row[6]), _text(row[7]), _text(row[11]), _text(row[12]))
        line = lines.get(key)
        if line is None:
            place = (_text(row[8]), _text(row[9]), _text(row[10]))
            line = lines[key] = Line(key[1], place, key[3], key[4])
            filled[code].lines.append(line)
        line.points.append(
            Point(
                observation_id=row[1],
                thing_id=_text(row[2]),
                report_id=row[3],
                start=row[4],
                title=_text(row[5]),
                day=row[13],
                period=" – ".join(dict.fromkeys(str(day) for day in row[14:16] if day)),
                published_on=row[16],
                printed=plain(row[17]),
                printed_unit=_text(row[18]),
                base=plain(row[19]),
                base_unit=_text(row[20]),
                quote=row[21],
                is_revision=bool(row[22]),
                previous=plain(row[23]),
                is_current=bool(row[24]),
                is_corrected=bool(row[25]),
            )
        )
    for line in lines.values():
        units = {point.printed_unit for point in line.points}
        line.is_printed = len(units) == 1 and all(point.printed for point in line.points)
    for indicator in filled.values():
        indicator.lines.sort(key=lambda line: (-len(line.points), line.publisher, line.entity, line.modifiers))
    return sorted(filled.values(), key=lambda one: one.code)


def rates(con: "duckdb.DuckDBPyConnection", subject: str) -> list[Rate]:
    """The rates of a subject, newest first; none where the published file has no such table."""
    if not _has(con, "series_rates"):
        return []
    return [
        Rate(
            observation_id=row[0],
            indicator=row[1],
            report_id=row[2],
            published_on=row[3],
            day=row[4],
            stated=plain(row[5]),
            recomputed=plain(row[6]),
            difference=plain(row[7]),
            does_agree=row[8],
            how=_text(row[9]),
            part_id=_text(row[10]),
            part=plain(row[11]),
            whole_id=_text(row[12]),
            whole=plain(row[13]),
            place=(_text(row[14]), _text(row[15]), _text(row[16])),
            thing_id=_text(row[17]),
        )
        for row in con.execute(_RATES, [subject]).fetchall()
        if row[6] is not None
    ]


@dataclass(slots=True)
class Recomputed:
    """A count as stated and as it follows from the day before and the changes of the day."""

    table: str
    stated: str
    recomputed: str
    label: str
    #: row_id, day, stated, recomputed
    rows: list[tuple[str, date, str, str]]


def recomputed(con: "duckdb.DuckDBPyConnection", subject: str) -> list[Recomputed]:
    """Pairs of columns `x_count` and `x_recomputed_count` of the series mart of a subject, where there is one."""
    table = f"series_{subject}"
    if not _has(con, table):
        return []
    comments = dict(
        con.execute(
            "select column_name, comment from duckdb_columns() where schema_name = 'marts' and table_name = ?", [table]
        ).fetchall()
    )
    found = []
    for column in comments:
        stated = column.replace("_recomputed_", "_")
        if "_recomputed_" not in column or stated not in comments:
            continue
        rows = con.execute(
            f"select row_id, day_on, {stated}, {column} from marts.{table} where {column} is not null"
            f" and {stated} is not null order by day_on, row_id"
        ).fetchall()
        if rows:
            label = (comments[stated] or stated).rstrip(".")
            found.append(
                Recomputed(table, stated, column, label, [(r[0], r[1], plain(r[2]), plain(r[3])) for r in rows])
            )
    return found


def _has(con: "duckdb.DuckDBPyConnection", table: str) -> bool:
    query = "select 1 from duckdb_tables() where schema_name = 'marts' and table_name = ?"
    return con.execute(query, [table]).fetchone() is not None


def _text(value: object) -> str:
    return "" if value is None else str(value)


def modifier_name(modifier: str, tongue: int) -> str:
    """A modifier (cumulative, new, planned ...) as the interface says it; one it does not know as it is."""
    row = words().get(f"m_{modifier}")
    return row[TONGUES[tongue]] if row else modifier
