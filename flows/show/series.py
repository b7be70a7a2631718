"""Indicators and subjects as records: the series that the published file holds, with their restatements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from flows.show.numbers import plain
from flows.show.tongues import TONGUES, words

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
where {which}
order by history.indicator, day_on nulls first, observations.published_on nulls first, history.statement_number,
    history.observation_id
"""
#: Of each indicator of a subject its longest line, and of that the newest statements.
_NEWEST = """
history.observation_id in (
    with points as (
        select history.observation_id, history.indicator, history.statement_number,
               [coalesce(report.publisher_id::varchar, ''), coalesce(history.place_code, ''),
                coalesce(history.entity, ''), coalesce(history.modifiers, '')] as line, report.published_on,
               coalesce(history.period_ends_on, history.as_of_on, report.published_on) as day_on
        from marts.fct_observations_history as history
        inner join marts.dim_report as report using (report_id)
        where history.subject = $subject
    ),
    longest as (
        select indicator, line from points group by indicator, line
        qualify row_number() over (partition by indicator order by count(*) desc, line) = 1
    )
    select observation_id from points inner join longest using (indicator, line)
    qualify row_number() over (
        partition by indicator
        order by day_on desc nulls last, published_on desc nulls last, statement_number desc, observation_id desc
    ) <= $most)
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
where rates.subject = ? and rates.recomputed_percent is not null
qualify row_number() over (
    partition by rates.indicator, rates.place_code order by rates.published_on desc nulls last, rates.observation_id
) = 1
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
    statements: int = 0


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


def of_indicator(con: "duckdb.DuckDBPyConnection", indicator: str) -> list[Indicator]:
    """One indicator with all its lines, the longest first; empty where nothing was published of it."""
    return _filled(con, {}, "history.indicator = $indicator", {"indicator": indicator})


def of_subject(
    con: "duckdb.DuckDBPyConnection", known: Mapping[str, Indicator], subject: str, most: int
) -> list[Indicator]:
    """The indicators of a subject, each with the newest `most` statements of its longest line."""
    found = _filled(con, known, _NEWEST, {"subject": subject, "most": most})
    counts = dict(
        con.execute(
            "select indicator, count(*) from marts.fct_observations where subject = ? group by indicator", [subject]
        ).fetchall()
    )
    for one in found:
        one.statements = counts[one.code]
    return found


def _filled(
    con: "duckdb.DuckDBPyConnection", known: Mapping[str, Indicator], which: str, parameters: Mapping[str, object]
) -> list[Indicator]:
    filled: dict[str, Indicator] = {}
    lines: dict[tuple[str, ...], Line] = {}
    for row in con.execute(_OBSERVATIONS.format(which=which), parameters).fetchall():
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
    """The newest of each rate of a subject and place, newest first; none where the published file has no such table."""
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
    ]


@dataclass(slots=True)
class Recomputed:
    """A count as stated and as it follows from the day before and the changes of the day, of one publisher and place.

    `indicator` is the code that the column is of, `label` what the file says of the column.
    """

    table: str
    stated: str
    recomputed: str
    indicator: str
    label: str
    whose: Names
    #: row_id, day, stated, recomputed
    rows: list[tuple[str, date, str, str]]

    @property
    def key(self) -> str:
        """Tells it from the others on its page."""
        return f"{self.table}.{self.stated} {self.whose[0]}"


def recomputed(con: "duckdb.DuckDBPyConnection", subject: str, most: int) -> list[Recomputed]:
    """Pairs of columns `x_count` and `x_recomputed_count` of the series mart of a subject, where there is one.

    Of each the longest series of a publisher and place, and of that the newest `most` rows, oldest first.
    """
    table = f"series_{subject}"
    if not _has(con, table):
        return []
    comments = dict(
        con.execute(
            "select column_name, comment from duckdb_columns() where schema_name = 'marts' and table_name = ?", [table]
        ).fetchall()
    )
    is_of_one = {"publisher_id", "place_code"} <= comments.keys()
    of = "publisher_id, place_code" if is_of_one else "null::varchar as publisher_id, null::varchar as place_code"
    found = []
    for column in comments:
        stated = column.replace("_recomputed_", "_")
        if "_recomputed_" not in column or stated not in comments:
            continue
        rows = con.execute(f"""
            with rows as (
                select row_id, day_on, {stated} as stated, {column} as recomputed, {of} from marts.{table}
                where {stated} is not null and {column} is not null
            ),
            longest as (
                select publisher_id, place_code from rows group by all
                order by count(*) desc, publisher_id, place_code limit 1
            )
            select row_id, day_on, stated, recomputed, publisher.publisher, place.name_hant, place.name_hans,
                   place.name_en
            from rows
            inner join longest
                on rows.publisher_id is not distinct from longest.publisher_id
                and rows.place_code is not distinct from longest.place_code
            left join marts.dim_publisher as publisher on rows.publisher_id = publisher.publisher_id::varchar
            left join marts.dim_place as place on rows.place_code = place.place_code
            order by day_on desc, row_id limit {most}""").fetchall()[::-1]
        if rows:
            publisher, *place = rows[0][4:]
            hant, hans, en = (" · ".join(dict.fromkeys(part for part in (name, publisher) if part)) for name in place)
            label = (comments[stated] or stated).rstrip(".")
            told = [(row[0], row[1], plain(row[2]), plain(row[3])) for row in rows]
            code = f"{subject}.{stated.removesuffix('_count')}"
            found.append(Recomputed(table, stated, column, code, label, (hant, hans, en), told))
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
