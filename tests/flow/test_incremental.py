"""A run redoes its own reports only, and ends where building everything anew ends, row for row.

Reports come in random order, late, again with other rows, and with corrections; after that every table that dbt makes
is compared with what a full refresh makes.
"""

import random
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from flows.load import load_reports, run_dbt
from flows.record import Figure, Report, Source
from flows.settings import Settings
from flows.write import write_report

pytestmark = pytest.mark.flow

SOURCE = Source("samples", "folder", "*.md", "甲市衛健委", "羅定市", "zh-Hant", "", True)
FIRST = date(2022, 4, 7)
#: What each bulletin says: the cases of its day, and the day before as it is seen by then.
QUOTES = (
    "新增病例{new}例",
    "累計病例{all}例",
    "前一日新增病例{before}例",
    "復工率{rate}%",
    "企業{total}家",
    "已復工{resumed}家",
)
MADE_BY_DBT = (
    "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('intermediate', 'marts')"
)


def bulletin(settings: Settings, number: int, *, said: int = 0, short: bool = False) -> Path:
    """The bulletin of day `number`; `said` moves its numbers, `short` leaves the enterprises out."""
    new, rate = 10 + number + said, Fraction(980 + number, 10)
    day = FIRST + timedelta(number)
    values = {
        "new": (new, "例", "epidemic.confirmed_new", day),
        "all": (100 + 11 * number + said, "例", "epidemic.confirmed_cumulative", day),
        "before": (9 + number - number % 2, "例", "epidemic.confirmed_new", day - timedelta(1)),
        "rate": (rate, "%", "resumption.enterprises_rate", day),
        "total": (1000, "家", "resumption.enterprises_total", day),
        "resumed": (980 + number, "家", "resumption.enterprises_resumed", day),
    }
    text, figures = "", []
    for (name, (value, unit, indicator, about)), quote in list(zip(values.items(), QUOTES, strict=True))[
        : 4 if short else 6
    ]:
        written = quote.format(**{name: str(float(value)) if unit == "%" else str(value)})
        start = len(text) + next(place for place, sign in enumerate(written) if sign.isdigit())
        text += written
        number_ = Fraction(value)
        made = Figure(
            start,
            len(text),
            len(text),
            text[start:],
            "percent" if unit == "%" else "quantity",
            number_,
            number_,
            number_,
        )
        made = replace(made, unit=unit, unit_text=unit, base_value=number_, base_unit=unit, indicator=indicator)
        figures.append(replace(made, indicator_text="x", rule="test", as_of=about))
        text += "。"
    report_id = f"day-{number}"
    report = Report(
        report_id=report_id,
        sha256="0" * 64,
        source_id="samples",
        uri=f"{report_id}.md",
        title="",
        publisher=SOURCE.publisher if number % 3 else "乙市統計局",
        place=SOURCE.place,
        language="zh-Hant",
        script="Hant",
        published_on=day + timedelta(1),
        published_on_rule="text",
        encoding="utf-8",
        media_type="text/plain",
        byte_count=len(text.encode()),
        char_count=len(text),
        reader_version="1",
    )
    folder, file = settings.pulled / report_id, settings.texts / f"{report_id}.txt"
    write_report(folder, report, figures, [], text)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return folder


def load(settings: Settings, run_id: str, *folders: Path) -> None:
    texts = {folder.name: settings.texts / f"{folder.name}.txt" for folder in folders}
    load_reports(settings, folders, texts, [SOURCE], {"run_id": run_id})


def contents(settings: Settings) -> dict[str, Counter[tuple[object, ...]]]:
    """Every table that dbt makes, as a bag of rows."""
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        tables = [row[0] for row in con.execute(MADE_BY_DBT).fetchall()]
        return {table: Counter(con.execute(f"from {table}").fetchall()) for table in tables}


@pytest.fixture(scope="module", params=[20220408])
def settings(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Settings:
    """A warehouse that has had a life: four loads in random order, one of them late, one again with less."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    order = random.Random(request.param).sample(range(8), 8)  # noqa: S311
    load(settings, "run-1", *(bulletin(settings, number) for number in order[:5]))
    run_dbt(["build", "--resource-type", "seed", "--resource-type", "model"], settings)
    load(settings, "run-2", *(bulletin(settings, number) for number in order[5:]))
    run_dbt(["run"], settings)
    return settings


def correct(settings: Settings, number: int) -> None:
    """A correction of the first figure of a bulletin, as review would put it into the seed."""
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute(
            """insert into vocabulary.corrections
            select 'c', figure_id, 'misprint', 'value', '' || value::int, '77', 'test', 'test', current_date, 'accepted'
            from intermediate.int_figures_reread where report_id = ? order by start_offset limit 1""",
            [f"day-{number}"],
        )


def test_a_late_report_a_changed_one_and_a_correction_end_where_a_full_refresh_ends(settings: Settings) -> None:
    load(settings, "run-3", bulletin(settings, 2, said=5, short=True), bulletin(settings, 6))
    correct(settings, 4)
    run_dbt(["run"], settings)
    kept = contents(settings)
    run_dbt(["run", "--full-refresh"], settings)
    anew = contents(settings)
    assert kept.keys() == anew.keys()
    assert {
        table: (kept[table] - anew[table], anew[table] - kept[table]) for table in kept if kept[table] != anew[table]
    } == {}
    assert sum(kept["marts.fct_figures"].values()) == 7 * 6 + 4
    assert [row for row in kept["marts.fct_observations"] if 77 in row] != []


def test_what_was_believed_on_a_day_about_another(settings: Settings) -> None:
    """The cases of 11 April as published (and corrected) the day after, and as its publisher puts them a day later."""
    believed = """
        select value from marts.fct_observations_history
        where indicator = 'epidemic.confirmed_new' and valid_from <= date '2022-04-11' and valid_to > date '2022-04-11'
        and published_from <= $day and coalesce(published_to > $day, true)
    """
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        seen = [con.execute(believed, {"day": date(2022, 4, day)}).fetchall() for day in (11, 12, 13)]
    assert seen == [[], [(77,)], [(13,)]]


def test_rows_of_other_reports_are_not_touched(settings: Settings) -> None:
    """What is spoilt by hand stays spoilt, but in the report that comes again."""
    columns = {"fct_figures": "quote", "fct_observations": "quote", "subject_epidemic": "entity"}
    with closing(duckdb.connect(settings.build_file)) as con:
        for table, column in columns.items():
            con.execute(f"update marts.{table} set {column} = 'spoilt'")
    load(settings, "run-4", bulletin(settings, 3, said=1))
    run_dbt(["run"], settings)
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        for table, column in columns.items():
            made = f"select distinct report_id from marts.{table} where {column} is distinct from 'spoilt'"
            assert con.execute(made).fetchall() == [("day-3",)], table


def test_other_code_makes_everything_anew(settings: Settings) -> None:
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute("update marts.fct_figures set quote = 'spoilt'")
        con.execute("update state.reports set version = 'of other code', series_version = 'of other code'")
    run_dbt(["run", "--select", "+fct_figures"], settings)
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        assert con.execute("select count(*) from marts.fct_figures where quote = 'spoilt'").fetchall() == [(0,)]
