"""The warehouse with the real dbt: from accepted CSVs to marts, and what must be true of every build."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from flows.load import TransformError, load_reports, run_dbt
from flows.load.state import OF_REPORTS, stands
from flows.publish import publish, snapshots
from flows.record import Claim, Figure, Report, Source, Span
from flows.record.vocabulary import vocabulary
from flows.settings import PROJECT, Settings
from flows.write import write_report

if TYPE_CHECKING:
    from dbt.artifacts.schemas.results import NodeResult

pytestmark = pytest.mark.flow

TEXT = "規下工業企業709家,已復工696家,復工率98.2%。早稻28.48萬畝,同比下降5.3%。截至3月25日。"
BUILD = ["build", "--exclude-resource-type", "unit_test"]
SOURCE = Source("samples", "folder", "*.md", "羅定市人民政府", "羅定市", "zh-Hant", "", True)


def figure(quote: str, value: str, unit: str, indicator: str, **more: object) -> Figure:
    start, number = TEXT.index(quote), Fraction(value)
    cls = "percent" if unit == "%" else "quantity"
    made = Figure(start, start + len(quote), start + len(quote), quote, cls, number, number, number)
    made = replace(made, unit=unit, unit_text=unit, indicator_text="企業", indicator=indicator, rule="test")
    return replace(made, **more)  # type: ignore[arg-type]


def figures(resumed: str = "696") -> list[Figure]:
    of_percent = {"low": Fraction("98.15"), "high": Fraction("98.25"), "ulp": Fraction("0.1")}
    start = TEXT.index("3月25日")
    return [
        figure("709家", "709", "家", "resumption.industry_below_scale_total"),
        figure("696家", resumed, "家", "resumption.industry_below_scale_resumed"),
        figure("98.2%", "98.2", "%", "resumption.industry_below_scale_rate", **of_percent),
        figure("28.48萬畝", "284800", "畝", "agriculture.early_rice_planned_area", entity="某合作社"),
        figure("5.3%", "5.3", "%", "agriculture.grain_area_growth", direction="down"),
        Figure(start, start + 5, start + 5, "3月25日", "date", period_start=date(2020, 3, 25)),
    ]


def load(settings: Settings, report_id: str, day: date, resumed: str = "696") -> None:
    """One report whose resumption rate is claimed to be the share of the two counts."""
    found = figures(resumed)
    name = f"{report_id}#".__add__
    share = Claim(
        "share",
        name(str(found[2].start)),
        [name(str(found[1].start)), name(str(found[0].start))],
        cues=[Span(TEXT.index("復工率"), TEXT.index("復工率") + 3)],
        parameters={"scale": "100"},
    )
    made = Report(
        report_id=report_id,
        sha256="0" * 64,
        source_id="samples",
        uri="a.md",
        title="",
        publisher=SOURCE.publisher,
        place=SOURCE.place,
        language="zh-Hant",
        script="Hant",
        published_on=day,
        published_on_rule="text",
        encoding="utf-8",
        media_type="text/plain",
        byte_count=len(TEXT.encode()),
        char_count=len(TEXT),
        reader_version="1",
    )
    folder, text = settings.pulled / report_id, settings.texts / f"{report_id}.txt"
    write_report(folder, made, found, [share], TEXT)
    text.parent.mkdir(parents=True, exist_ok=True)
    text.write_bytes(TEXT.encode())
    load_reports(settings, [folder], {report_id: text}, [SOURCE], {"run_id": report_id})


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    load(settings, "sound", date(2020, 3, 27))
    load(settings, "slip", date(2020, 3, 28), resumed="669")
    run_dbt(["build"], settings)
    return settings


@pytest.fixture(scope="module")
def warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect(publish(settings, {}) / "warehouse.duckdb", read_only=True)) as con:
        yield con


def test_a_report_that_disagrees_is_a_finding_and_no_failed_build(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = warehouse.sql(
        "select report_id, verdict, operand_count from marts.fct_checks where kind = 'share' order by 1"
    ).fetchall()
    assert found == [("slip", "broken", 2), ("sound", "holds", 2)]
    members = "select role, quote from marts.fct_check_operands where check_id like 'sound!%' order by position"
    assert warehouse.sql(members).fetchall() == [
        ("result", "98.2%"),
        ("operand", "696家"),
        ("operand", "709家"),
    ]


def test_verdicts_carry_both_intervals_exact_and_rounded(warehouse: duckdb.DuckDBPyConnection) -> None:
    [row] = warehouse.sql(
        """
        select stated_low, stated_high, computed_low, computed_low_exact, cue, message
        from marts.fct_checks where check_id like 'sound!%'
        """
    ).fetchall()
    assert row[:3] == (Decimal("98.15"), Decimal("98.25"), Decimal("98.166431593794"))
    assert row[3:5] == ("69600/709", "復工率")
    assert "696" in row[5]


def test_observations_are_in_base_units_signed_and_placed(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.sql(
        """
        select indicator, value, base_unit, place_code, entity from marts.fct_observations
        where report_id = 'sound' and subject = 'agriculture' order by 1
        """
    ).fetchall()
    assert rows == [
        (
            "agriculture.early_rice_planned_area",
            Decimal("189866666.666666666667"),
            "平方米",
            "445381",
            "某合作社",
        ),
        ("agriculture.grain_area_growth", Decimal("-5.3"), "%", "445381", None),
    ]


def test_stated_and_recomputed_rates_stand_side_by_side(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.sql(
        """
        select report_id, stated_rate_percent, recomputed_rate_percent, does_agree
        from marts.resumption_rates order by published_on
        """
    ).fetchall()
    assert rows == [
        ("sound", Decimal("98.2"), Decimal("98.1664"), True),
        ("slip", Decimal("98.2"), Decimal("94.3583"), False),
    ]


def test_every_numeral_is_a_row_and_coverage_is_whole(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.sql("select numeral_count, figure_count, coverage_percent from marts.audit_reports").fetchall()
    assert rows == [(6, 5, Decimal(100))] * 2


def test_every_mart_and_column_is_described_where_bi_tools_look(warehouse: duckdb.DuckDBPyConnection) -> None:
    tables = warehouse.sql(
        """
        select table_name, comment from duckdb_tables()
        union all select view_name, comment from duckdb_views() where not internal
        """
    ).fetchall()
    assert len(tables) == len(list((PROJECT / "models" / "marts").rglob("*.sql")))
    assert [name for name, comment in tables if not (comment or "").startswith("One row per")] == []
    assert (
        warehouse.sql(
            "select table_name, column_name from duckdb_columns() where not internal and comment is null"
        ).fetchall()
        == []
    )


def test_the_example_of_every_mart_runs(warehouse: duckdb.DuckDBPyConnection) -> None:
    for twin in sorted((PROJECT / "models" / "marts").rglob("*.yml")):
        for model in yaml.safe_load(twin.read_text(encoding="utf-8")).get("models", []):
            example = model["config"]["meta"]["example"]
            assert f"marts.{model['name']}" in example
            warehouse.sql(example).fetchall()


def test_the_queries_of_the_bi_guide_run(warehouse: duckdb.DuckDBPyConnection) -> None:
    guide = (PROJECT / "docs" / "bi.md").read_text(encoding="utf-8")
    queries = [query for query in re.findall(r"```sql\n(.*?)```", guide, re.DOTALL) if "attach" not in query]
    assert len(queries) >= 3
    for query in queries:
        warehouse.sql(query.strip().rstrip(";")).fetchall()
    named = set(re.findall(r"`((?:fct|dim|audit|series)_\w+)`", guide))
    there = warehouse.sql(
        "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal"
    ).fetchall()
    assert named <= {row[0] for row in there}


def test_every_mart_has_a_primary_key(warehouse: duckdb.DuckDBPyConnection) -> None:
    keyless = "select table_name from duckdb_tables() where not has_primary_key"
    assert warehouse.sql(keyless).fetchall() == []


@pytest.fixture(scope="module")
def rebuilt(settings: Settings, warehouse: duckdb.DuckDBPyConnection) -> "list[NodeResult]":
    """The same build again, after `warehouse` was published."""
    load(settings, "sound", date(2020, 3, 27))
    return run_dbt(BUILD, settings)


@pytest.mark.usefixtures("rebuilt")
def test_building_again_publishes_the_same_content(settings: Settings) -> None:
    publish(settings, {})
    first, second = (snapshot.manifest["content_hash"] for snapshot in snapshots(settings)[:2])
    assert first == second


def test_dbt_holds_no_more_in_memory_than_the_settings_say(
    settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    told = settings.model_copy(update={"memory_mib": 300})
    asked = "select current_setting('memory_limit') as held, current_setting('temp_directory') as spilt"
    (shown,) = run_dbt(["show", "--quiet", "--inline", asked], told)
    assert tuple(shown.agate_table.rows[0]) == ("300.0 MiB", str(settings.spill))  # type: ignore[union-attr]


def test_a_failing_node_is_named_and_the_file_is_given_back(settings: Settings, tmp_path: Path) -> None:
    broken = Settings(home=tmp_path)
    load(broken, "sound", date(2020, 3, 27))
    with closing(duckdb.connect(broken.build_file)) as con:
        con.execute("alter table raw.texts drop column text")
    with pytest.raises(TransformError, match="stg_gongbao__texts") as failure:
        run_dbt(["build", "--select", "stg_gongbao__texts"], broken)
    assert failure.value.failed == ["model.gongbao.stg_gongbao__texts"]
    duckdb.connect(broken.build_file).close()  # no lock is left


def test_what_a_few_reports_break_is_named_by_the_tests_that_are_asked_together(
    settings: Settings, rebuilt: "list[NodeResult]"
) -> None:
    nodes = [result.node for result in rebuilt]
    tests = {node.unique_id for node in nodes if node.resource_type == "test"}
    of_seeds = {node.unique_id for node in nodes if str(getattr(node, "attached_node", "")).startswith("seed.")}
    assert stands(settings)
    load(settings, "late", date(2020, 3, 29))
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute("update raw.figures set class = 'guess' where report_id = 'late' and unit = '%'")
    with pytest.raises(TransformError, match=r"accepted_values_fct_figures_numeral_class\w+: 1 rows.*guess"):
        run_dbt([*BUILD, *OF_REPORTS], settings)
    load(settings, "late", date(2020, 3, 29))
    narrowed = run_dbt([*BUILD, *OF_REPORTS], settings)
    asked = "".join(result.node.compiled_code or "" for result in narrowed)
    alone = {result.node.unique_id for result in narrowed}
    assert {test for test in tests - alone if f"'{test.split('.')[2]}'" not in asked} <= of_seeds


@pytest.mark.parametrize(
    "mart", sorted((PROJECT / "models" / "marts" / "subjects").glob("subject_*.sql")), ids=lambda m: m.stem
)
def test_a_subject_mart_has_a_column_for_every_indicator_of_its_subject(mart: Path) -> None:
    subject = mart.stem.removeprefix("subject_")
    known = {row["indicator"] for row in vocabulary("indicators") if row["subject"] == subject}
    assert known
    assert [indicator for indicator in known if f"'{indicator}'" not in mart.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("twin", sorted((PROJECT / "models").rglob("*.yml")), ids=lambda path: path.stem)
def test_every_column_of_a_model_is_described(twin: Path) -> None:
    for model in yaml.safe_load(twin.read_text(encoding="utf-8")).get("models", []):
        assert model["description"].startswith("One row per")
        assert [column["name"] for column in model["columns"] if not column.get("description")] == []
