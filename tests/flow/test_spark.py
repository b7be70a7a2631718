"""The engine spark says what DuckDB says: the samples through both, marts compared row for row with their types."""

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.operations import look
from flows.operations.backup import backup, restore
from flows.operations.choose import published_between
from flows.operations.doctor import examine
from flows.publish import differences, snapshots
from flows.pull import registered
from flows.settings import PROJECT, Settings
from flows.spark import SparkError, require_spark

pytestmark = [pytest.mark.flow, pytest.mark.spark, pytest.mark.timeout(3600)]

#: Little data and one JVM: what pays off over many rows (threads that collect rubbish, code made for each query and
#: compiled well, plans mended while they run, shuffles, a second worker that imports everything) costs more than it
#: saves here, a quarter of the JVM's seconds.
QUICK = """
spark.driver.memory 2g
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC -Xmn1g
spark.default.parallelism 1
spark.sql.shuffle.partitions 1
spark.sql.adaptive.enabled false
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.constraintPropagation.enabled false
"""

#: Beside the samples: two versions of a page, a report without figures, one that cannot be read, sums that break, and
#: an indicator that only this home was taught.
MORE = {
    "2022-05-01.md": "# 五月一日通報\n\n新增確診12例，其中本土8例、境外4例。累計確診1012例。\n",
    "2022-05-02.md": "# 五月二日通報\n\n新增確診9例，其中本土5例、境外3例。累計確診1021例。占比10.5%。\n",
    "2022-05-03.md": "# 五月三日通報\n\n沒有數字的一天。\n",
    "2022-05-04.md": "# 五月四日通報\n\n發放共享單車護膝31個。\n",
    "broken.md": b"\x00\xff\x00\xfe\x00\x01" * 50,
}
TAUGHT = ("共享單車護膝", "trade.bicycle_pads")


@dataclass(frozen=True)
class Both:
    """One home that both engines built, and the generation of each."""

    settings: Settings
    duckdb: Path
    spark: Path


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    try:
        require_spark()
    except SparkError as error:
        pytest.skip(f"the engine spark is not tested here: {error}")
    home = tmp_path_factory.mktemp("both")
    reports, conf = home / "reports", home / "conf"
    reports.mkdir()
    conf.mkdir()
    for name, content in MORE.items():
        (reports / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (conf / "spark-defaults.conf").write_text(QUICK)
    samples = PROJECT / "seeds"
    registry = (samples / "sources.csv").read_text(encoding="utf-8").replace("seeds/", f"{samples}/")
    (home / "sources.csv").write_text(
        f"{registry}more,folder,{reports}/*.md,某局,青澜市,zh-Hant,,true\n", encoding="utf-8"
    )

    def gongbao(*args: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", *args],
            env={
                **os.environ,
                "GONGBAO_HOME": str(home),
                "GONGBAO_SPARK_MASTER": "local[2]",
                "GONGBAO_SPARK_TESTS": "false",
                "SPARK_CONF_DIR": str(conf),
            },
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    settings = Settings(home=home)
    gongbao("catalogue", "accept", TAUGHT[0], "--new", TAUGHT[1], "--unit", "個")
    look(settings)
    (reports / "2022-05-01.md").write_text(str(MORE["2022-05-01.md"]).replace("1012", "1013"), encoding="utf-8")
    gongbao("run", "--plain")
    by_duckdb = settings.current.resolve()
    assert look(settings.model_copy(update={"engine": "spark"})).has_work  # another engine builds the home anew
    gongbao("run", "--plain", "--engine", "spark")
    return Both(settings, by_duckdb, settings.current.resolve())


def test_marts_are_equal_row_for_row_with_their_types(both: Both) -> None:
    assert differences({"duckdb": both.duckdb / "warehouse.duckdb", "spark": both.spark / "warehouse.duckdb"}) == []
    with closing(duckdb.connect(both.spark / "warehouse.duckdb", read_only=True)) as con:
        for some in (
            "fct_checks where verdict = 'broken'",
            "audit_quarantine",
            "fct_version_changes",
            f"dim_indicator where indicator = '{TAUGHT[1]}'",
            f"fct_figures where indicator = '{TAUGHT[1]}'",
        ):
            assert con.execute(f"select count(*) from marts.{some}").fetchone() != (0,), some


def test_keys_comments_and_manifest_are_the_same(both: Both) -> None:
    ours = {snapshot.generation: snapshot.manifest for snapshot in snapshots(both.settings)}
    one, other = ours[both.duckdb.name], ours[both.spark.name]
    for key in ("content_hash", "row_counts", "report_count", "foreign_keys", "storage_version"):
        assert one[key] == other[key], key
    assert other["engine"] == "spark"
    made = []
    for generation in (both.duckdb, both.spark):
        with closing(duckdb.connect(generation / "warehouse.duckdb", read_only=True)) as con:
            made.append(
                con.execute(
                    "select table_name, constraint_type, constraint_column_names from duckdb_constraints()"
                    " where schema_name = 'marts' order by all"
                ).fetchall()
                + con.execute("select table_name, comment from duckdb_tables() order by all").fetchall()
                + con.execute("select table_name, column_name, comment from duckdb_columns() order by all").fetchall()
            )
    assert made[0] == made[1]


def test_parquet_of_the_marts_stands_beside_the_file(both: Both) -> None:
    with closing(duckdb.connect(both.spark / "warehouse.duckdb", read_only=True)) as con:
        for mart in ("fct_figures", "fct_checks", "audit_reports"):
            rows = con.execute(f"select count(*) from marts.{mart}").fetchone()
            parquet = str(both.spark / "parquet" / mart / "*.parquet")
            assert con.execute("select count(*) from read_parquet(?)", [parquet]).fetchone() == rows


def test_home_keeps_its_engine_and_what_it_says_of_each_report(both: Both) -> None:
    at_home = Settings(home=both.settings.home)
    assert at_home.built_by == "spark"
    assert not look(at_home).has_work
    assert [path.parent.name[:7] for path in at_home.quarantine.glob("*/reasons.csv")] == ["broken-"]
    assert len(list(at_home.texts.glob("*.map.json"))) == len(list(at_home.texts.glob("*.txt"))) > 0
    assert look(Settings(home=both.settings.home, engine="duckdb")).has_work


def test_what_is_asked_of_a_home_is_answered_without_the_csvs_that_duckdb_keeps(both: Both, tmp_path: Path) -> None:
    at_home = Settings(home=both.settings.home)
    ids = {known.item.name: known.item.report_id for known in registered(at_home.register)}
    day = date(2022, 5, 2)
    assert published_between(at_home, "more", day, day) == [ids["2022-05-02.md"]]
    assert [
        check for check in examine(at_home) if check.name in ("schema", "build file", "published") and check.found
    ] == []
    backup(at_home, tmp_path / "home.tar.gz")
    restored = Settings(home=tmp_path / "restored")
    restore(restored, tmp_path / "home.tar.gz")
    assert restored.built_by == "spark"
    files = {"at home": both.spark / "warehouse.duckdb", "restored": restored.current / "warehouse.duckdb"}
    assert differences(files) == []
