"""The suites run by Great Expectations, in memory, with Data Docs of this run written to a folder."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.importing import great_expectations
from expectations.suites import Expectation

if TYPE_CHECKING:
    import pandas

#: Columns of equal length, by name.
Table = dict[str, list[Any]]

#: The columns that name a row to us; no CSV has them.
FOLDER, ROW, KEY = "in_folder", "at_row", "of_key"

_SITE = "gongbao"
_IN_SET = "expect_column_values_to_be_in_set"
#: What we call severe, in Great Expectations' words.
_SEVERITY = {"report": "critical", "row": "warning"}


class GateError(RuntimeError):
    """The gate itself failed: an expectation could not be evaluated. Nothing is accepted."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One row that broke one expectation: the folder, index and key of the row, and the value that was found there."""

    expectation: Expectation
    folder: str
    row: int
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Statistic:
    """How one expectation fared over all rows."""

    suite: str
    expectation: str
    severity: str
    evaluated: int
    failed: int


@dataclass(frozen=True, slots=True)
class Validated:
    """What the suites found in the tables of one batch.

    `broken` and `statistics` are in the order of the suites; `results` are Great Expectations' own, for Data Docs.
    """

    broken: list[Broken]
    statistics: list[Statistic]
    results: list[tuple[Any, Any]]


class Validation:
    """The suites in one context of Great Expectations, to be run over batch after batch of tables.

    What was found may go to another process, and what other processes found is told here as well: `build_docs`.
    """

    def __init__(self, suites: Mapping[str, Sequence[Expectation]], data_docs: Path) -> None:
        self._suites = suites
        self._data_docs = data_docs
        self._fresh = data_docs.with_name(f".{data_docs.name}.new")
        self._context, self._definitions = _prepared(suites, self._fresh)

    def run(self, tables: Mapping[str, Table], moment: datetime) -> Validated:
        """Run each suite over the table of its name; `moment` is what the Data Docs call the batch, and sort it by.

        A table has the columns its suite asks for, all cells text, and FOLDER, ROW and KEY. Nothing leaves the machine.
        Raises GateError where an expectation could not be evaluated.
        """
        from great_expectations.core.run_identifier import RunIdentifier

        store = self._context.validation_results_store
        broken: list[Broken] = []
        statistics: list[Statistic] = []
        results = []
        for name, suite in self._suites.items():
            run = self._definitions[name].run(
                batch_parameters={"dataframe": _frame(tables[name], suite)},
                result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [FOLDER, ROW, KEY]},
                run_id=RunIdentifier(run_time=moment),
            )
            by_name = {_name(result): result for result in run.results}
            for expectation in suite:
                statistic, rows = _told(expectation, by_name[expectation.name])
                statistics.append(statistic)
                broken += rows
            (key,) = store.list_keys()  # Great Expectations keeps it; we keep it in order, whichever process it is of
            store.remove_key(key)
            results.append((key, run))
        return Validated(broken, statistics, results)

    def build_docs(self, results: Iterable[tuple[Any, Any]]) -> None:
        """Put the Data Docs of the results of all batches at `data_docs`, in the place of those of an earlier run."""
        shutil.rmtree(self._fresh, ignore_errors=True)
        for key, result in results:
            self._context.validation_results_store.set(key, result)
        self._context.build_data_docs(site_names=[_SITE])  # an action would build the site anew after every suite
        shutil.rmtree(self._data_docs, ignore_errors=True)
        self._fresh.rename(self._data_docs)


def _told(expectation: Expectation, result: Any) -> tuple[Statistic, list[Broken]]:
    """What a result of Great Expectations says."""
    suite, name = expectation.suite, expectation.name
    if result.exception_info.get("raised_exception", True):
        raise GateError(f"{suite}.{name}: {result.exception_info.get('exception_message')}")
    rows = result.result["unexpected_index_list"]
    statistic = Statistic(suite, name, expectation.severity, result.result["element_count"], len(rows))
    return statistic, [
        Broken(
            expectation,
            folder=str(row[FOLDER]),
            row=int(row[ROW]),
            key=str(row[KEY]),
            value=", ".join(str(row[column]) for column in expectation.columns),
        )
        for row in rows
    ]


def _prepared(suites: Mapping[str, Sequence[Expectation]], site: Path) -> tuple[Any, dict[str, Any]]:
    """The context of Great Expectations, and what runs each suite."""
    gx = great_expectations()
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
    definitions = {}
    for name, suite in suites.items():
        rows = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("new_reports")
        gx_suite = gx.ExpectationSuite(name=name, expectations=[_configured(row) for row in suite])
        definition = gx.ValidationDefinition(name=name, data=rows, suite=context.suites.add(gx_suite))
        definitions[name] = context.validation_definitions.add(definition)
    return context, definitions


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


def _frame(table: Table, suite: Sequence[Expectation]) -> "pandas.DataFrame":
    """The table as text; what is looked up in a set as codes of its few values, each looked up once."""
    import pandas

    listed = {expectation.kwargs["column"] for expectation in suite if expectation.type == _IN_SET}
    columns = {
        column: _coded(cells) if column in listed else pandas.array(cells, dtype=object)
        for column, cells in table.items()
    }
    return pandas.DataFrame(columns)


def _coded(cells: list[Any]) -> "pandas.Categorical":
    """The cells as codes; of a check that nothing breaks they are all the same, and none is looked at again."""
    import numpy
    import pandas

    if cells and cells.count(cells[0]) == len(cells):
        return pandas.Categorical.from_codes(numpy.zeros(len(cells), "int8"), [cells[0]])
    return pandas.Categorical(cells)
