"""A published file of our own words that the tests of the pages read, with the texts beside it."""

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

TEXTS = {"r1": "共9個：4個和6個。", "r2": "累計8個。", "r3": "有3個。\r\n又7個。"}

#: What the reports say of the world: r2 restates a day of r1, and a rate stands beside its counts.
SERIES = """
create table marts.dim_indicator as select * from (values
    ('teams.count', '隊伍數', '队伍数', 'Teams', 'teams', 'How many teams there are.'),
    ('teams.rate', '出隊率', '出队率', 'Share of teams out', 'teams', 'Of all teams.'))
    as t (indicator, name_hant, name_hans, name_en, subject, description);
create table marts.dim_subject as
    select 'teams' as subject, '隊伍' as name_hant, '队伍' as name_hans, 'Teams' as name_en;
create table marts.dim_place as
    select '1' as place_code, '青山' as name_hant, '青山' as name_hans, 'Qingshan' as name_en;
create table marts.fct_observations as
    select *, cast(value as decimal(38, 12)) as printed_value, '個' as printed_unit, 'teams' as subject
    from (values
        ('r1#1', 'r1', date '2022-01-01', 'teams.count', date '2022-01-01', '9個', 9::decimal(38, 12)),
        ('r1#4', 'r1', date '2022-01-01', 'teams.rate', date '2022-01-01', '4個', 4::decimal(38, 12)),
        ('r2#2', 'r2', date '2022-01-02', 'teams.count', date '2022-01-01', '8個', 8::decimal(38, 12)),
        ('r3#1', 'r3', null, 'teams.count', date '2022-01-03', '3個', 3::decimal(38, 12)))
    as t (observation_id, report_id, published_on, indicator, period_ends_on, quote, value);
create table marts.fct_observations_history as
    select observation_id, report_id, indicator, subject, value, quote,
           period_ends_on, period_ends_on as period_starts_on,
           null::date as as_of_on, md5(indicator || period_ends_on) as thing_id, '1' as place_code,
           case report_id when 'r3' then '外隊' end as entity, 'cumulative' as modifiers, '個' as base_unit,
           observation_id = 'r2#2' as is_revision, observation_id <> 'r1#1' as is_current, false as is_corrected,
           case observation_id when 'r2#2' then 9::decimal(38, 12) end as previous_value,
           case observation_id when 'r2#2' then 2 else 1 end as statement_number
    from marts.fct_observations;
create table marts.series_rates as
    select 'thing' as thing_id, 'r1#4' as observation_id, 'r1' as report_id, date '2022-01-01' as published_on,
           'teams' as subject, 'teams.rate' as indicator, '1' as place_code, date '2022-01-01' as valid_from,
           'share' as recomputed_as, 4::decimal(38, 12) as stated_percent,
           44.444444::decimal(38, 12) as recomputed_percent,
           40.444444::decimal(38, 12) as difference_points, false as does_agree,
           'r1#4' as numerator_observation_id, 'r1#1' as denominator_observation_id;
create table marts.series_teams as
    select 'a' as row_id, date '2022-01-02' as day_on, 8::decimal(38, 12) as out_count,
           9::decimal(38, 12) as out_recomputed_count
    union all select 'b', date '2022-01-03', 10, 10;
comment on column marts.series_teams.out_count is 'Teams out, in 個.';
"""

#: No page has changed.
VERSION_CHANGES = """create table marts.fct_version_changes (
    version_change_id varchar, report_id varchar, superseded_report_id varchar, version bigint, change varchar,
    indicator_text varchar, figure_id_before varchar, figure_id_after varchar, quote_before varchar,
    quote_after varchar, difference decimal(38, 12), unit varchar)"""


def publish(tmp_path: Path) -> Path:
    """A published file with the columns that the pages read, and the texts beside it."""
    con = duckdb.connect(str(tmp_path / "warehouse.duckdb"))
    con.execute("create schema marts")
    con.execute("""create table marts.dim_report as
        select * from (values ('r1', '甲報', 1, date '2022-01-01'), ('r2', '乙報', 1, date '2022-01-02'),
                              ('r3', '丙報', 2, null)) as t (report_id, title, publisher_id, published_on),
                      (values ('某市', 'Hant', 'https://example.org/', 'ab', 's', '1', 9, 1::bigint, false))
                      as u (place, script, uri, sha256, source_id, reader_version, char_count, version, is_superseded)
        """)
    con.execute(VERSION_CHANGES)
    con.execute(
        "create table marts.dim_publisher as"
        " select * from (values (1, '某局'), (2, '某處')) t (publisher_id, publisher)"
    )
    con.execute("""create table marts.audit_reports as
        select * from (values ('r1', 3, 3, 3, 3, 1, 0, 0), ('r2', 1, 1, 1, 1, 0, 0, 1), ('r3', 2, 2, 2, 2, 0, 0, 0))
        as t (report_id, numeral_count, figure_count, digit_count, accounted_digit_count, broken_count,
              cannot_tell_count, holds_count)""")
    con.execute("""create table marts.fct_figures (
        figure_id varchar, report_id varchar, start_offset bigint, end_offset bigint, numeral_end_offset bigint,
        quote varchar, numeral_class varchar, value decimal(38, 12), low decimal(38, 12), high decimal(38, 12),
        is_low_closed boolean, is_high_closed boolean, unit varchar, unit_text varchar, base_value decimal(38, 12),
        base_unit varchar, direction varchar, hedge varchar, modifiers varchar, indicator_text varchar,
        indicator varchar, entity varchar, period_starts_on date, period_ends_on date, as_of_on date, rule varchar)""")
    for report_id, text in TEXTS.items():
        for start, digit in ((at, char) for at, char in enumerate(text) if char.isdigit()):
            con.execute(
                "insert into marts.fct_figures by name select ? as figure_id, ? as report_id, ? as start_offset,"
                " ? as end_offset, ? as numeral_end_offset, ? as quote, 'quantity' as numeral_class,"
                " cast(? as decimal(38, 12)) as value, '個' as unit, '隊' as indicator_text",
                [
                    f"{report_id}#{start}",
                    report_id,
                    start,
                    start + 2,
                    start + 1,
                    text[start : start + 2],
                    digit,
                ],
            )
    con.execute("""create table marts.fct_checks as
        select * from (values
            ('c1', 'r1', date '2022-01-01', 'sum', 'broken', 'text', '共', '[[0, 1]]', '9', '10', '4 + 6 = 10 ✗ 9'),
            ('c2', 'r2', date '2022-01-02', 'cumulative', 'holds', 'series', '累計', '[[0, 2]]', '8', '8', '8 ≥ 4 ✓'))
        as t (check_id, report_id, published_on, kind, verdict, origin, cue, cue_spans, stated_low_exact,
              computed_low_exact, message),
        (values (null, null, null, '1', null, null, null, 'sum.rule', null))
        as u (stated_high_exact, computed_high_exact, gap_ulp_exact, fits, flags, reason, scope_doubt, rule,
              acknowledgement)""")
    con.execute("""create table marts.fct_check_operands as
        select *, split_part(figure_id, '#', 1) as report_id, '個' as unit, '9個' as quote,
               cast(split_part(figure_id, '#', 2) as bigint) as start_offset
        from (values ('c1', 0, 'result', 'r1#1', null), ('c1', 1, 'operand', 'r1#4', '1'),
                     ('c1', 2, 'operand', 'r1#7', '1'), ('c2', 0, 'result', 'r2#2', null),
                     ('c2', 1, 'operand', 'r1#4', '1')) as t (check_id, position, role, figure_id, weight)""")
    con.execute(SERIES)
    con.execute("""update marts.fct_figures set indicator = observations.indicator
        from marts.fct_observations as observations where figure_id = observation_id""")
    con.close()
    (tmp_path / "texts").mkdir()
    for report_id, text in TEXTS.items():
        (tmp_path / "texts" / f"{report_id}.txt").write_bytes(text.encode())
    return tmp_path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A published file that a test may change."""
    return publish(tmp_path)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file that no test changes."""
    return publish(tmp_path_factory.mktemp("published"))


_OF_FIGURES = """
with worn as (
    select figures.figure_id, figures.numeral_class in ('quantity', 'percent') as is_figure,
           max(case verdict when 'broken' then 3 when 'holds' then 2 when 'cannot_tell' then 1 end) as worst
    from marts.fct_figures as figures
    left join marts.fct_check_operands as operands using (figure_id)
    left join marts.fct_checks as checks using (check_id)
    where figures.report_id = $key group by all
)
select count(*) from worn where {}
"""
_TOUCHING = "and check_id in (select check_id from marts.fct_check_operands where report_id = $key)"
_OF_PUBLISHER = (
    "from marts.dim_report as report join marts.audit_reports using (report_id) left join marts.dim_publisher"
    " as publisher on report.publisher_id = publisher.publisher_id where coalesce(publisher.publisher, '') = $key"
)
_QUERIES = {
    "count:dim_report": "select count(*) from marts.dim_report",
    "count:fct_checks": "select count(*) from marts.fct_checks",
    "count:open": "select count(*) from marts.fct_checks where verdict = 'broken' and acknowledgement is null",
    "count:findings": "select count(*) from marts.fct_checks where verdict <> 'holds'",
    "observations:indicator": "select count(*) from marts.fct_observations where indicator = $key",
    "checks:touching": f"select count(*) from marts.fct_checks where true {_TOUCHING}",
    "publisher:count": f"select count(*) {_OF_PUBLISHER}",
    "publisher:figure_count": f"select sum(figure_count) {_OF_PUBLISHER}",
    "publisher:broken_count": f"select sum(broken_count) {_OF_PUBLISHER}",
    "figures:broken": _OF_FIGURES.format("is_figure and worst = 3"),
    "figures:holds": _OF_FIGURES.format("is_figure and worst = 2"),
    "figures:cannot_tell": _OF_FIGURES.format("is_figure and worst = 1"),
    "figures:unchecked": _OF_FIGURES.format("is_figure and worst is null"),
    "figures:not_figure": _OF_FIGURES.format("not is_figure"),
}
_KEYS = {
    "dim_report": "report_id", "audit_reports": "report_id", "fct_checks": "check_id",
    "fct_observations": "observation_id", "fct_observations_history": "observation_id",
    "series_rates": "thing_id || ' ' || observation_id", "fct_version_changes": "version_change_id",
}  # fmt: skip


@pytest.fixture(scope="session")
def published_numbers() -> Callable[[duckdb.DuckDBPyConnection], Callable[[str, str], object]]:
    """What the file says where a number on a page says that it stands: (data-of, data-key) -> value."""

    def numbers(con: duckdb.DuckDBPyConnection) -> Callable[[str, str], object]:
        columns: dict[str, dict[str, object]] = {}

        def published_number(of: str, key: str) -> object:
            kind, _, rest = of.partition(":")
            if of in _QUERIES:
                query = _QUERIES[of]
            elif kind == "version_changes":
                query = f"select count(*) from marts.fct_version_changes where report_id = $key and change = '{rest}'"
            elif rest.startswith("verdict="):
                query = f"select count(*) from marts.fct_checks where verdict = '{rest.removeprefix('verdict=')}'"
                query += f" {_TOUCHING}" if key and kind == "tally" else ""
            elif kind == "sum":
                table, column = rest.split(".")
                query = f"select sum({column}) from marts.{table}"
            else:
                if of not in columns:
                    table, column = of.split(".")
                    name = _KEYS.get(table, "row_id")
                    columns[of] = dict(con.execute(f"select {name}, {column} from marts.{table}").fetchall())
                return columns[of][key]
            rows = con.execute(query, {"key": key} if "$key" in query else {}).fetchall()  # a result left open blocks
            return rows[0][0] if rows else None

        return published_number

    return numbers


@pytest.fixture(scope="session", autouse=True)
def _parsed_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The homes of all tests share what dbt parsed of the project, in every process of this run of the tests."""
    of_this_run = tmp_path_factory.getbasetemp()
    folder = of_this_run.parent if "PYTEST_XDIST_WORKER" in os.environ else of_this_run
    os.environ["GONGBAO_CACHE"] = str(folder / "cache")
