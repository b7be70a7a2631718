"""Exports: nothing is a formula, nothing is lost, and the descriptor says what is there."""

import csv
import json
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl import load_workbook

from flows.cli.exporting import export as command
from flows.publish import PublishError, export, publish, unescaped
from flows.settings import Settings

TEXTS = [
    "plain",
    "=1+1",
    "+7",
    "-7",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "'",
    "'=1",
    "''",
    "",
    None,
    '=cmd|" /C calc"!A0',
    'a,"b"\r\nc',
    " =1",
    "bell\x07",
    "_x0007_",
    "復工率98.2%",
]
NUMBERS = [Decimal("-709"), Decimal("98.2"), Decimal("168733333.333333333333"), Decimal("12345678901234567890"), None]
RISKY = tuple("=+-@＝＋－＠\t\r\n")


def warehouse(home: Path, texts: list[str | None] = TEXTS) -> Settings:
    settings = Settings(home=home)
    settings.build_file.parent.mkdir(parents=True, exist_ok=True)
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute(
            """
            create schema if not exists marts;
            create or replace table marts.dim_report (report_id varchar primary key, published_on date);
            insert into marts.dim_report values ('r', '2022-04-09'), ('q', null);
            create or replace table marts.fct_figures (
                figure_id bigint primary key, report_id varchar not null, quote varchar, value decimal(38, 12),
                is_figure boolean, loaded_at timestamp
            );
            """
        )
        rows = [
            (
                number,
                "rq"[number % 2],
                text,
                NUMBERS[number % len(NUMBERS)],
                number % 2 == 0,
                datetime(2022, 4, 9, 1, 2, 3),
            )
            for number, text in enumerate(texts)
        ]
        con.executemany("insert into marts.fct_figures values (?, ?, ?, ?, ?, ?)", rows)
    target = settings.build_file.parent / "target"
    target.mkdir(exist_ok=True)
    relation = {
        "schema": "dbt_test__audit",
        "name": "foreign_keys",
        "resource_type": "test",
        "attached_node": "model.gongbao.fct_figures",
        "test_metadata": {
            "name": "foreign_keys",
            "kwargs": {"keys": [{"column": "report_id", "to": "ref('dim_report')", "field": "report_id"}]},
        },
    }
    (target / "manifest.json").write_text(json.dumps({"nodes": {"test.x": relation}}), encoding="utf-8")
    publish(settings, {})
    return settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return warehouse(tmp_path_factory.mktemp("home"))


def csv_cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_holds_no_formula_and_is_read_back_as_it_was(settings: Settings, tmp_path: Path) -> None:
    export(settings, ["fct_figures"], "csv", tmp_path)
    cells = csv_cells(tmp_path / "fct_figures.csv")
    assert [cell["quote"] for cell in cells if cell["quote"].startswith(RISKY)] == []
    assert [unescaped(cell["quote"]) for cell in cells] == TEXTS
    numbers = [Decimal(cell["value"]) if cell["value"] else None for cell in cells]
    assert numbers == [NUMBERS[place % len(NUMBERS)] for place in range(len(TEXTS))]
    assert cells[0]["value"] == "-709"
    assert cells[0]["is_figure"] == "true"


def test_xlsx_holds_no_formula_and_is_read_back_as_it_was(settings: Settings, tmp_path: Path) -> None:
    export(settings, ["fct_figures"], "xlsx", tmp_path)
    sheet = load_workbook(tmp_path / "fct_figures.xlsx").active
    assert sheet is not None
    head, *rows = sheet.iter_rows()
    assert [cell.value for cell in head] == ["figure_id", "report_id", "quote", "value", "is_figure", "loaded_at"]
    assert {cell.data_type for row in rows for cell in row} & {"f", "e"} == set()
    assert [unescaped(row[2].value, "xlsx") for row in rows] == TEXTS
    assert [row[2].quotePrefix for row in rows[:3]] == [False, True, True]
    numbers = [None if row[3].value is None else Decimal(str(row[3].value)) for row in rows]
    assert numbers == [NUMBERS[place % len(NUMBERS)] for place in range(len(TEXTS))]
    assert rows[0][4].value is True
    assert rows[0][5].value == datetime(2022, 4, 9, 1, 2, 3)


@examples(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    texts=st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1)
)
def test_any_text_is_read_back_from_csv_and_xlsx(tmp_path: Path, texts: list[str | None]) -> None:
    settings = warehouse(tmp_path / "home", texts)
    export(settings, ["fct_figures"], "csv", tmp_path / "out")
    assert [unescaped(cell["quote"]) for cell in csv_cells(tmp_path / "out" / "fct_figures.csv")] == texts
    export(settings, ["fct_figures"], "xlsx", tmp_path / "out")
    sheet = load_workbook(tmp_path / "out" / "fct_figures.xlsx").active
    assert sheet is not None
    rows = sheet.iter_rows(min_row=2, values_only=True)
    assert [unescaped(None if row[2] is None else str(row[2]), "xlsx") for row in rows] == texts


def test_parquet_is_partitioned_and_whole(settings: Settings, tmp_path: Path) -> None:
    export(settings, ["fct_figures"], "parquet", tmp_path, partition_by=["report_id"])
    parts = sorted(tmp_path.glob("fct_figures/report_id=*/*.parquet"))
    assert {part.parent.name for part in parts} == {"report_id=r", "report_id=q"}
    with closing(duckdb.connect()) as con:
        rows = con.execute(
            f"select quote, value from '{tmp_path}/fct_figures/*/*.parquet' order by figure_id"
        ).fetchall()
    assert [row[0] for row in rows] == TEXTS
    assert rows[2][1] == NUMBERS[2]


def test_the_descriptor_says_what_is_there(settings: Settings, tmp_path: Path) -> None:
    written = export(settings, [], "csv", tmp_path)
    assert {path.name for path in written} == {"dim_report.csv", "fct_figures.csv", "datapackage.json"}
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    figures = next(resource for resource in package["resources"] if resource["name"] == "fct_figures")
    assert figures["path"] == "fct_figures.csv"
    assert figures["bytes"] == (tmp_path / "fct_figures.csv").stat().st_size
    kinds = {field["name"]: field["type"] for field in figures["schema"]["fields"]}
    assert kinds == {
        "figure_id": "integer",
        "report_id": "string",
        "quote": "string",
        "value": "number",
        "is_figure": "boolean",
        "loaded_at": "datetime",
    }
    assert figures["schema"]["primaryKey"] == ["figure_id"]
    reference = {"resource": "dim_report", "fields": ["report_id"]}
    assert figures["schema"]["foreignKeys"] == [{"fields": ["report_id"], "reference": reference}]
    assert package["version"] == settings.current.resolve().name


def test_dates_stay_dates(settings: Settings, tmp_path: Path) -> None:
    export(settings, ["dim_report"], "xlsx", tmp_path)
    sheet = load_workbook(tmp_path / "dim_report.xlsx").active
    assert sheet is not None
    values = {row[0]: row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert values == {"r": datetime.combine(date(2022, 4, 9), datetime.min.time()), "q": None}


@pytest.mark.parametrize(
    ("marts", "form", "partition_by", "said"),
    [
        (["fct_nothing"], "csv", [], "dim_report, fct_figures"),
        (["fct_figures"], "ods", [], "parquet, csv, xlsx"),
        (["fct_figures"], "csv", ["report_id"], "only parquet"),
        (["fct_figures"], "parquet", ["colour"], "colour"),
    ],
)
def test_what_cannot_be_exported_is_said(  # noqa: PLR0917 - a row of the table above
    settings: Settings, tmp_path: Path, marts: list[str], form: str, partition_by: list[str], said: str
) -> None:
    with pytest.raises(PublishError, match=said):
        export(settings, marts, form, tmp_path, partition_by=partition_by)
    assert list(tmp_path.iterdir()) == []


def test_the_command_names_what_it_wrote(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGBAO_HOME", str(settings.home))
    done = CliRunner().invoke(command, ["dim_report", "--format", "csv", "--to", str(tmp_path / "new")])
    assert done.exit_code == 0, done.output
    assert done.output.split() == [str(tmp_path / "new" / name) for name in ("dim_report.csv", "datapackage.json")]
    failed = CliRunner().invoke(command, ["fct_nothing", "--to", str(tmp_path / "new")])
    assert failed.exit_code == 1
    assert "there is no mart" in failed.output


def test_without_a_published_file_nothing_is_exported(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="gongbao run"):
        export(Settings(home=tmp_path), [], "csv", tmp_path / "out")
