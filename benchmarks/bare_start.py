"""The same tools with nothing to do, which no run of ours can be quicker than: one flow of Prefect with its temporary
server, one expectation over one row, a dbt build of one model. `python benchmarks/bare_start.py FOLDER`."""

import os
import sys
from pathlib import Path

import flows  # noqa: F401 - switches off what phones home, as in a run

PROJECT = "name: bare\nversion: '1.0.0'\nprofile: bare\nmodel-paths: [models]\n"
PROFILE = "bare:\n  target: t\n  outputs:\n    t: {type: duckdb, path: '%s'}\n"


def gate() -> bool:
    import great_expectations as gx
    import pandas

    context = gx.get_context(mode="ephemeral")
    rows = context.data_sources.add_pandas("s").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    batch = rows.get_batch(batch_parameters={"dataframe": pandas.DataFrame({"a": ["x"]})})
    return bool(batch.validate(gx.expectations.ExpectColumnValuesToNotBeNull(column="a")).success)


def build(folder: Path) -> bool:
    from dbt.cli.main import dbtRunner

    (folder / "models").mkdir(parents=True, exist_ok=True)
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE % (folder / "bare.duckdb"))
    (folder / "models" / "one.sql").write_text("select 1 as one")
    where = ["--project-dir", str(folder), "--profiles-dir", str(folder), "--target-path", str(folder / "target")]
    done = dbtRunner().invoke(["build", *where, "--log-path", str(folder / "logs"), "--log-level", "none"])
    return done.success


def main(folder: Path) -> None:
    prefect = folder / "bare" / "prefect"
    prefect.mkdir(parents=True, exist_ok=True)  # Prefect makes no folder above it: its server dies, and is awaited
    os.environ["PREFECT_HOME"] = str(prefect)
    os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "600"  # a busy machine is no failure
    from prefect import flow

    @flow
    def bare() -> bool:
        return gate() and build(folder / "bare" / "dbt")

    if not bare():
        sys.exit("the bare tools fail")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
