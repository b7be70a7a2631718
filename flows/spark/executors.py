"""What runs on executors: a share of reports through the rooms, one row a report out.

A share is read, gated and typed in a scratch home on the executor's own disk, by the functions that do it on one
machine; nothing of it is left there. A share that is done twice, because a worker died, gives the same rows.
"""

import os
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from expectations import GateResult, run_gate
from expectations.quarantine import Rejected
from flows.load import load_reports
from flows.load.raw import TABLES
from flows.operations.reading import Outcome, keep_out, read_item
from flows.record.columns import CLAIMS, FIGURES, REPORT
from flows.settings import Settings
from flows.spark.columns import columns_ddl, struct_ddl

if TYPE_CHECKING:
    import pyarrow

_REJECTED = dict.fromkeys((field.name for field in fields(Rejected)), "VARCHAR")

#: One row a report. `report`, `figures` and `claims` are what was accepted, null where nothing was; `code` and `reason`
#: say why a report could not be read; `rejected` is what the gate turned away, `kept_out` the files of its quarantine;
#: `map` tells where `text` stands in the raw document, both null where it could not be read.
READINGS = (
    columns_ddl(dict.fromkeys(("report_id", "code", "reason"), "VARCHAR"))
    + f", report {struct_ddl(REPORT)}, figures array<{struct_ddl(FIGURES)}>, claims array<{struct_ddl(CLAIMS)}>"
    + f", text string, map binary, rejected array<{struct_ddl(_REJECTED)}>"
    + ", kept_out array<struct<name: string, data: binary>>"
)

#: Reports in one scratch home: what a worker holds in memory at once, and what Great Expectations looks at at once.
_AT_ONCE = 1000


def read_share(batches: "Iterable[pyarrow.RecordBatch]", settings: Settings) -> "Iterator[pyarrow.RecordBatch]":
    """read, find, place, relate, write, validate and type the items of a share: rows of READINGS.

    Each row of `batches` holds one pickled (item, source, line), as `flows.operations.reading.read_item` takes them.
    """
    for batch in batches:
        items = batch.column(0).to_pylist()
        for first in range(0, len(items), _AT_ONCE):
            yield from _readings([pickle.loads(item) for item in items[first : first + _AT_ONCE]], settings)  # noqa: S301 - our driver's own


def _readings(share: Sequence[tuple[Any, Any, Any]], settings: Settings) -> "list[pyarrow.RecordBatch]":
    with TemporaryDirectory(prefix="gongbao-") as folder:
        # as duckdb: the scratch home is an ordinary one
        scratch = settings.model_copy(update={"home": Path(folder), "engine": "duckdb", "threads": 1})
        os.symlink(settings.archive, scratch.archive)
        outcomes = [read_item(*each, scratch, False) for each in share]  # a scratch home need not outlive the power
        for outcome in outcomes:
            if outcome.folder is None:
                keep_out(outcome, scratch)
        folders = [outcome.folder for outcome in outcomes if outcome.folder is not None]
        texts = {folder.name: scratch.texts / f"{folder.name}.txt" for folder in folders}
        gate = run_gate(folders, texts, scratch, is_shown=False)
        accepted = {report_id: texts[report_id] for report_id in gate.accepted}
        load_reports(scratch, list(gate.accepted.values()), accepted, [], {"run_id": "of the driver"})
        return _rows(scratch, _beside(outcomes, gate, scratch))


def _beside(outcomes: Sequence[Outcome], gate: GateResult, scratch: Settings) -> "pyarrow.Table":
    """What is told of each report beside its rows."""
    import pyarrow

    rejected: dict[str, list[Mapping[str, str]]] = {}
    for each in gate.rejected:
        rejected.setdefault(each.report_id, []).append(asdict(each))
    rows = []
    for outcome in outcomes:
        report_id = outcome.item.report_id
        was_read = outcome.folder is not None
        kept = sorted((scratch.quarantine / report_id).glob("*"))
        rows.append(
            {
                "report_id": report_id,
                "code": outcome.code,
                "reason": outcome.reason,
                "text": (scratch.texts / f"{report_id}.txt").read_bytes().decode("utf-8") if was_read else None,
                "map": (scratch.texts / f"{report_id}.map.json").read_bytes() if was_read else None,
                "rejected": rejected.get(report_id, []),
                "kept_out": [{"name": file.name, "data": file.read_bytes()} for file in kept],
            }
        )
    text = pyarrow.string()
    return pyarrow.Table.from_pylist(
        rows,
        schema=pyarrow.schema(
            {
                **dict.fromkeys(("report_id", "code", "reason", "text"), text),
                "map": pyarrow.binary(),
                "rejected": pyarrow.list_(pyarrow.struct([(name, text) for name in _REJECTED])),
                "kept_out": pyarrow.list_(pyarrow.struct([("name", text), ("data", pyarrow.binary())])),
            }
        ),
    )


def _rows(scratch: Settings, beside: "pyarrow.Table") -> "list[pyarrow.RecordBatch]":
    """The rows of READINGS: what was loaded in the scratch home, packed by report, and what is told beside it."""
    import duckdb

    with closing(duckdb.connect(scratch.build_file)) as con:
        con.register("beside", beside)
        packed = con.sql(
            f"""
            select beside.report_id, code, reason, {_struct(REPORT, "reports")} as report, figures, claims, text, map,
                rejected, kept_out
            from beside
            left join raw.reports on beside.report_id = reports.report_id
            left join (
                select report_id, list({_struct(FIGURES, "figures")} order by start) as figures
                from raw.figures group by report_id
            ) as figures on beside.report_id = figures.report_id
            left join (
                select report_id, list({_struct(CLAIMS, "claims")} order by claim_id) as claims
                from raw.claims group by report_id
            ) as claims on beside.report_id = claims.report_id
            order by beside.report_id
            """
        ).to_arrow_table()
        return list(packed.to_batches())


def _struct(columns: Mapping[str, str], table: str) -> str:
    """The columns of `raw.<table>` packed into one, null where there is no row."""
    missing = [column for column in columns if column not in TABLES[table]]
    if missing:
        raise KeyError(f"raw.{table} has no {', '.join(missing)}")
    packed = ", ".join(f'"{column}" := {table}."{column}"' for column in columns)
    return f"case when {table}.report_id is not null then struct_pack({packed}) end"
