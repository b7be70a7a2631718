"""The suites run by Great Expectations, in memory, with Data Docs of this run written to a folder."""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.suites import Expectation
from flows.write import Row

if TYPE_CHECKING:
    import pandas

#: The columns that name a row to us; no CSV has them.
FOLDER, ROW = "in_folder", "at_row"

_SITE = "gongbao"
#: What we call severe, in Great Expectations' words.
_SEVERITY = {"report": "critical", "row": "warning"}


class GateError(RuntimeError):
    """The gate itself failed: an expectation could not be evaluated. Nothing is accepted."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One row that broke one expectation: the folder and index of the row, and the value that was found
    there."""

    expectation: Expectation
    folder: str
    row: int
    value: str


@dataclass(frozen=True, slots=True)
class Statistic:
    """How one expectation fared over all rows."""

    suite: str
    expectation: str
    severity: str
    evaluated: int
    failed: int


def validate(
    tables: Mapping[str, Sequence[Row]], suites: Mapping[str, Sequence[Expectation]], data_docs: Path
) -> tuple[list[Broken], list[Statistic]]:
    """Run each suite over the table of its name and build Data Docs at `data_docs` (index.html there).

    The rows of a table are text, all with the same columns, FOLDER and ROW among them. Nothing leaves the
    machine. Raises GateError where an expectation could not be evaluated.
    """
    fresh = data_docs.with_name(f".{data_docs.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    results = _run(tables, suites, fresh)
    shutil.rmtree(data_docs, ignore_errors=True)
    fresh.rename(data_docs)

    broken: list[Broken] = []
    statistics: list[Statistic] = []
    for name, suite in suites.items():
        for expectation, result in zip(suite, results[name], strict=True):
            if result.exception_info.get("raised_exception", True):
                raise GateError(f"{name}.{expectation.name}: {result.exception_info.get('exception_message')}")
            rows = result.result["unexpected_index_list"]
            evaluated = result.result["element_count"]
            statistics.append(Statistic(name, expectation.name, expectation.severity, evaluated, len(rows)))
            broken += [
                Broken(
                    expectation,
                    folder=str(row[FOLDER]),
                    row=int(row[ROW]),
                    value=", ".join(str(row[column]) for column in expectation.columns),
                )
                for row in rows
            ]
    return broken, statistics


def _run(
    tables: Mapping[str, Sequence[Row]], suites: Mapping[str, Sequence[Expectation]], site: Path
) -> dict[str, list[Any]]:
    """The results of each suite, in the order of its expectations."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the library is imported
    import great_expectations as gx
    from great_expectations.checkpoint.actions import UpdateDataDocsAction
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    # A context on disk would rewrite the suites as JSON with random ids; this one leaves only the site.
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        data_docs_sites={
            _SITE: {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(site.absolute()),
                },
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    source = context.data_sources.add_pandas("seeds")
    found: dict[str, list[Any]] = {}
    for name, suite in suites.items():
        rows = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("new_reports")
        gx_suite = gx.ExpectationSuite(name=name, expectations=[_configured(row) for row in suite])
        definition = gx.ValidationDefinition(name=name, data=rows, suite=context.suites.add(gx_suite))
        checkpoint = gx.Checkpoint(
            name=name,
            validation_definitions=[context.validation_definitions.add(definition)],
            actions=[UpdateDataDocsAction(name="data_docs", site_names=[_SITE])],
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [FOLDER, ROW]},
        )
        outcome = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": _frame(tables[name], suite)})
        (run,) = outcome.run_results.values()
        by_name = {_name(result): result for result in run.results}
        found[name] = [by_name[expectation.name] for expectation in suite]
    return found


def _configured(expectation: Expectation) -> dict[str, Any]:
    return {
        "type": expectation.type,
        "kwargs": expectation.kwargs,
        "meta": {"name": expectation.name},
        "severity": _SEVERITY[expectation.severity],
        "description": f"{expectation.name}: {expectation.why}",
    }


def _name(result: Any) -> str:
    """The expectation that a result of Great Expectations is of."""
    return str(result.expectation_config.meta["name"])


def _frame(rows: Sequence[Row], suite: Sequence[Expectation]) -> "pandas.DataFrame":
    """The rows as text; with no rows at all the columns that the suite asks for are there all the same."""
    import pandas

    asked = dict.fromkeys(column for expectation in suite for column in expectation.columns)
    return pandas.DataFrame(list(rows), columns=list(rows[0] if rows else [*asked, FOLDER, ROW]), dtype=object)
