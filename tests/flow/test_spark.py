"""The engine spark says what DuckDB says: the samples through both, marts compared row for row with their types."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from flows.engine import steps_of
from flows.operations import Request, look, run_steps
from flows.publish import snapshots
from flows.settings import PROJECT, Settings
from flows.spark import SparkError, require_spark

pytestmark = [pytest.mark.flow, pytest.mark.spark]

#: Columns that say when and by which run a row was made.
OF_THE_RUN = {"run_id", "loaded_at", "quarantined_at"}

#: One JVM on a busy machine: little is worth compiling well, and collecting rubbish needs no threads.
QUICK = "spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC\n"

#: Beside the samples: two versions of a page, a report without figures, one that cannot be read, sums that break.
MORE = {
    "2022-05-01.md": "# 五月一日通報\n\n新增確診12例，其中本土8例、境外4例。累計確診1012例。\n",
    "2022-05-02.md": "# 五月二日通報\n\n新增確診9例，其中本土5例、境外3例。累計確診1021例。占比10.5%。\n",
    "2022-05-03.md": "# 五月三日通報\n\n沒有數字的一天。\n",
    "broken.md": b"\x00\xff\x00\xfe\x00\x01" * 50,
}


@dataclass(frozen=True)
class Both:
    """One home that both engines built, and the generation of each."""

    settings: Settings
    duckdb: Path
    spark: Path


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
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
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(conf))
        settings = Settings(home=home, spark_master="local[2]", spark_tests=False)
        look(settings)
        (reports / "2022-05-01.md").write_text(str(MORE["2022-05-01.md"]).replace("1012", "1013"), encoding="utf-8")
        run_steps(settings, Request(), steps_of(settings))
        by_duckdb = settings.current.resolve()
        settings = settings.model_copy(update={"engine": "spark"})
        assert look(settings).has_work  # another engine builds the home anew
        run_steps(settings, Request(), steps_of(settings))
        yield Both(settings, by_duckdb, settings.current.resolve())


def test_marts_are_equal_row_for_row_with_their_types(both: Both) -> None:
    with closing(duckdb.connect()) as con:
        for name, generation in (("one", both.duckdb), ("other", both.spark)):
            con.execute(f"attach '{generation / 'warehouse.duckdb'}' as {name} (read_only)")
        marts = tables(con, "one")
        assert marts == tables(con, "other")
        for mart in marts:
            columns = described(con, f"one.marts.{mart}")
            assert columns == described(con, f"other.marts.{mart}"), mart
            said = ", ".join(f'"{column}"' for column in columns if column not in OF_THE_RUN)
            for left, right in (("one", "other"), ("other", "one")):
                query = f"select {said} from {left}.marts.{mart} except all select {said} from {right}.marts.{mart}"
                assert con.execute(query).fetchall() == [], f"{mart}: rows of {left} that {right} has not"
        assert con.execute("select count(*) from one.marts.fct_checks where verdict = 'broken'").fetchone() != (0,)
        assert con.execute("select count(*) from one.marts.audit_quarantine").fetchone() != (0,)
        assert con.execute("select count(*) from one.marts.fct_version_changes").fetchone() != (0,)


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


def tables(con: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    return [
        row[0]
        for row in con.execute(
            "select table_name from information_schema.tables where table_catalog = $1 and table_schema = 'marts'"
            " order by 1",
            [database],
        ).fetchall()
    ]


def described(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}
