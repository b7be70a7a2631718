"""What marts promise, and what the shipped Superset dashboard reads of them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
BUNDLE = PROJECT / "docs" / "superset" / "gongbao"


def described(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


MARTS = {
    model["name"]: model
    for file in sorted((PROJECT / "models" / "marts").rglob("*.yml"))
    for model in described(file)["models"]
}
DATASETS = {dataset["uuid"]: dataset for dataset in map(described, sorted(BUNDLE.glob("datasets/*/*.yaml")))}
CHARTS = {chart["uuid"]: chart for chart in map(described, sorted(BUNDLE.glob("charts/*.yaml")))}


@pytest.mark.parametrize("name", sorted(MARTS.keys() - {"metrics_monthly"}))  # a view has no constraints
def test_every_mart_has_one_primary_key_that_duckdb_enforces(name: str) -> None:
    kinds = [[constraint["type"] for constraint in column.get("constraints", [])] for column in MARTS[name]["columns"]]
    keys = [of_column for of_column in kinds if "primary_key" in of_column]
    assert keys == [["not_null", "primary_key"]], "the key of a mart is one column, not null and primary key"


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset["table_name"])
def test_datasets_of_the_dashboard_name_what_the_marts_have(dataset: dict[str, Any]) -> None:
    columns = {column["name"] for column in MARTS[dataset["table_name"]]["columns"]}
    assert {column["column_name"] for column in dataset["columns"]} == columns
    assert dataset["main_dttm_col"] in columns if "main_dttm_col" in dataset else True


@pytest.mark.parametrize("chart", CHARTS.values(), ids=lambda chart: chart["slice_name"])
def test_charts_of_the_dashboard_ask_for_columns_that_are_there(chart: dict[str, Any]) -> None:
    params = chart["params"]
    columns = {column["column_name"] for column in DATASETS[chart["dataset_uuid"]]["columns"]}
    asked = {*params.get("groupby", []), *params.get("all_columns", [])} | {params.get("x_axis")} - {None}
    asked |= {each["subject"] for each in params["adhoc_filters"]}
    for metric in [*params.get("metrics", []), *([params["metric"]] if "metric" in params else [])]:
        asked |= set(re.findall(r"\((\w+)\)", metric["sqlExpression"]))
    assert asked, "a chart that asks for nothing"
    assert asked <= columns


def test_the_dashboard_shows_its_charts_and_opens_the_file_read_only() -> None:
    [dashboard] = map(described, BUNDLE.glob("dashboards/*.yaml"))
    shown = {
        each["meta"]["uuid"]
        for each in dashboard["position"].values()
        if isinstance(each, dict) and each["type"] == "CHART"
    }
    assert shown == set(CHARTS)
    [database] = map(described, BUNDLE.glob("databases/*.yaml"))
    assert database["extra"]["engine_params"]["connect_args"] == {"read_only": True}


EXPOSURES = described(PROJECT / "models" / "semantic" / "exposures.yml")["exposures"]
PROGRAMS = "\n".join(file.read_text(encoding="utf-8") for file in sorted((PROJECT / "flows").rglob("*.py")))


def exposed(kind: str) -> set[str]:
    return {
        name
        for exposure in EXPOSURES
        if exposure["type"] == kind
        for name in re.findall(r"ref\('(\w+)'\)", " ".join(exposure["depends_on"]))
    }


def test_exposures_name_the_marts_that_our_pages_and_commands_read() -> None:
    read = set(re.findall(r"\bmarts\.([a-z]\w+)", PROGRAMS)) & MARTS.keys()
    assert "dim_report" in read
    assert read <= exposed("application"), "a mart that a program reads and no exposure names"


def test_exposures_name_what_the_shipped_dashboard_reads() -> None:
    assert {dataset["table_name"] for dataset in DATASETS.values()} <= exposed("dashboard")
