"""The semantic layer: MetricFlow, asked as a user asks it, says what the view of the same metrics says."""

import csv
import os
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.load import load_reports, run_dbt
from flows.settings import PROJECT, Settings

pytestmark = pytest.mark.flow

BIN = Path(sys.executable).parent
METRICS = (
    "report_count",
    "figure_count",
    "check_count",
    "broken_check_count",
    "coverage",
    "catalogued_share",
    "broken_check_share",
    "resumption_rate",
    "stated_resumption_rate",
    "new_cases",
    "new_asymptomatic_cases",
    "new_deaths",
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The samples as they are in git, built."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    settings.texts.mkdir(parents=True)
    folders, texts = [], {}
    for folder in sorted((PROJECT / "seeds" / "pulled").iterdir()):
        with (folder / "report.csv").open(encoding="utf-8", newline="") as file:
            report = next(csv.DictReader(file))
        texts[folder.name] = PROJECT / report["uri"]
        folders.append(folder)
    load_reports(settings, folders, texts, [], {"run_id": "samples"})
    run_dbt(["build", "--resource-type", "seed", "--resource-type", "model"], settings)
    return settings


@pytest.fixture(scope="module")
def project(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dbt project by links, so that what MetricFlow writes beside it is not written into the checkout."""
    project = tmp_path_factory.mktemp("project")
    for name in ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests"):
        (project / name).symlink_to(PROJECT / name)
    tool(settings, project, "dbt", "parse", "--quiet")
    return project


def tool(settings: Settings, cwd: Path, name: str, *args: str) -> str:
    ours = {"GONGBAO_BUILD_FILE": str(settings.build_file), "DO_NOT_TRACK": "1", "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [BIN / name, *args], cwd=cwd, env=os.environ | ours, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def number(cell: object) -> float | None:
    return None if cell in (None, "") else float(str(cell))


def test_metricflow_and_the_view_agree(settings: Settings, project: Path) -> None:
    file = project / "asked.csv"
    asked = ("--metrics", ",".join(METRICS), "--group-by", "metric_time__month,publisher", "--csv", str(file))
    tool(settings, project, "mf", "query", *asked)
    with file.open(encoding="utf-8", newline="") as rows:
        told = {
            (date.fromisoformat(row["metric_time__month"][:10]), row["publisher"]): [number(row[m]) for m in METRICS]
            for row in csv.DictReader(rows)
        }
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        rows_of_view = con.execute(
            f"select month_starts_on, publisher_id, {', '.join(METRICS)} from marts.metrics_monthly"
        )
        seen = {(row[0], row[1]): [number(cell) for cell in row[2:]] for row in rows_of_view.fetchall()}
    assert told.keys() == seen.keys()
    for key, values in seen.items():
        assert told[key] == pytest.approx(values), key
    by_metric = [[values[place] for values in seen.values() if values[place]] for place in range(len(METRICS))]
    assert by_metric[METRICS.index("coverage")] == [1.0] * len(seen)
    assert by_metric[METRICS.index("resumption_rate")] != []


def test_the_semantic_models_are_valid(settings: Settings, project: Path) -> None:
    assert "ERRORS: 0" in tool(settings, project, "mf", "validate-configs", "--skip-dw")


def test_the_docs_of_dbt_know_every_column_there_is(settings: Settings) -> None:
    """`dbt docs generate` works, and no relation has a column that nobody described."""
    import json

    run_dbt(["docs", "generate"], settings)
    target = settings.build_file.parent / "target"
    manifest, catalog = (json.loads((target / name).read_text()) for name in ("manifest.json", "catalog.json"))
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    assert nodes.keys() == catalog["nodes"].keys()
    assert [name for name, node in nodes.items() if not node["description"]] == []
    silent = {
        name: [column for column in table["columns"] if not nodes[name]["columns"].get(column, {}).get("description")]
        for name, table in catalog["nodes"].items()
    }
    assert {name: columns for name, columns in silent.items() if columns} == {}


def test_freshness_of_the_sources_can_be_asked(settings: Settings) -> None:
    told = {str(result.status) for result in run_dbt(["source", "freshness"], settings)}
    assert "pass" in told
    assert told <= {"pass", "success"}
