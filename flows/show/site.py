"""The static site: it opens from disk or any web server, and loads nothing from outside."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from os import scandir
from pathlib import Path
from typing import TYPE_CHECKING

from flows.record.processes import Workers
from flows.show import findings, overview, search, topics
from flows.show import manifest as manifests
from flows.show import warehouse as marts
from flows.show.manifest import Manifest
from flows.show.names import page_name, stem_of
from flows.show.render import data_script, page, write_assets, write_file
from flows.show.report import write_report
from flows.show.series import Names
from flows.show.views import VERDICTS, FindingView, ReportView

if TYPE_CHECKING:
    import duckdb

    from flows.settings import DatabaseOptions

#: From so many blocks of reports on, every process is used; below, starting one costs more than it saves.
_WORTH_PROCESSES = 6
#: Blocks whose reports are read at once: DuckDB scans as much for a few as for many.
_BATCH = 6
#: Reports that the list of all reports holds itself; the others are added when they are asked for.
_LISTED = 200


def build_site(
    warehouse: Path,
    texts: Path,
    out: Path,
    *,
    changed: set[str] | None = None,
    processes: int = 1,
    database: "DatabaseOptions | None" = None,
) -> Path:
    """Build the pages of the published warehouse into `out`; returns the path of its index.html.

    `texts` holds `<report_id>.txt`. A page is written again when the rows behind it have changed since (the manifest
    in `out` has their fingerprints), when it is among `changed`, or when it is missing; `changed=None` and another
    version of this room write all. Pages of what is gone are removed. `database` are settings of DuckDB for each of
    the processes.
    Raises FileNotFoundError where the warehouse or a text is missing, ProcessError where processes end that write.
    """
    out.mkdir(parents=True, exist_ok=True)
    with closing(marts.connect(warehouse, database)) as con:
        old, new = manifests.read_manifest(out), manifests.of_warehouse(con)
        if changed is None or old.version != new.version:
            old = Manifest()
        write_assets(out)
        names = topics.names_of(con)
        sizes = _sizes(con)
        wanted = (manifests.stale(old.reports, new.reports) | (changed or set())) & sizes.keys()
        there = _names_in(out / "reports")
        wanted |= {one for one in sizes if page_name(one) not in there}
        new.blocks, dirty = search.plan_blocks(old.blocks, sizes, wanted)
        dirty |= _torn(out, new.blocks)
        blocks = [(at, new.blocks[at]) for at in sorted(dirty)]
        _write_blocks(warehouse, texts, out, blocks, wanted, processes=processes, database=database)
        search.write_index(out, sizes, new.blocks, names)
        findings.join_exports(out, len(new.blocks))
        new.series = manifests.of_series(con, new.blocks)
        parts = _missing(old.series, new.series, out / "data" / "series")
        touched = {one.rpartition("/")[0] for one in parts | (old.series.keys() - new.series.keys())}
        topics.write_series(con, out, sorted(parts), sorted(touched))
        shown = _names_in(out / "indicators")
        topics.write_indicators(con, out, [one for one in names if not old.version or page_name(one) not in shown])
        shown = _names_in(out / "subjects")
        stale = manifests.stale(old.subjects, new.subjects) | {s for s in new.subjects if page_name(s) not in shown}
        topics.write_subjects(con, out, sorted(stale))
        topics.write_catalogue(con, out)
        overview.write_lists(
            out, overview.of_warehouse(con), marts.heads(con, most=_LISTED),
            first=marts.first_findings(con, texts, findings.SHOWN),
            still_open=marts.first_findings(con, texts, overview.FIRST, only_open=True), blocks=len(new.blocks),
        )  # fmt: skip
    remove_strangers(out, new, names)
    manifests.write_manifest(out, new)
    return out / "index.html"


def _sizes(con: "duckdb.DuckDBPyConnection") -> dict[str, int]:
    """Characters by report, the oldest first."""
    return dict(
        con.execute(
            "select report_id, coalesce(char_count, 0) from marts.dim_report semi join marts.audit_reports"
            " using (report_id) order by published_on nulls first, report_id"
        ).fetchall()
    )


def _names_in(folder: Path) -> set[str]:
    return {entry.name for entry in scandir(folder)} if folder.exists() else set()


def _torn(out: Path, blocks: Sequence[Sequence[str]]) -> set[int]:
    """The blocks of which a file is gone; the search has none for a block without reports."""
    files = [("data/search", "b{}.js"), ("data/reports", "b{}.js"), *(("data/findings", one) for one in findings.FILES)]
    there = {folder: _names_in(out / folder) for folder, _ in files}
    return {
        at
        for at, ids in enumerate(blocks)
        for folder, name in files
        if name.format(at) not in there[folder] and (ids or folder != "data/search")
    }


def _missing(old: Mapping[str, str], new: Mapping[str, str], folder: Path) -> set[str]:
    """The parts of series that are new or changed, or whose file is gone."""
    there = _names_in(folder)
    gone = {one for one in new if _series_file(one) not in there}
    return manifests.stale(dict(old), dict(new)) | gone


def _series_file(part: str) -> str:
    code, _, number = part.rpartition("/")
    return f"{stem_of(code)}~{number}.js"


def _write_blocks(
    warehouse: Path, texts: Path, out: Path, blocks: Sequence[tuple[int, Sequence[str]]], wanted: set[str], *,
    processes: int, database: "DatabaseOptions | None",
) -> None:  # fmt: skip
    """What is made of the reports of `blocks`, in as many processes as may be."""
    if processes < 2 or len(blocks) < _WORTH_PROCESSES:
        write_blocks(warehouse, texts, out, blocks, wanted, database=database)
        return
    with Workers(processes) as pool:
        shares = [blocks[at::processes] for at in range(processes)]
        write = partial(write_blocks, warehouse, texts, out, wanted=wanted, database=database)
        for _ in pool.each(write, shares):
            pass


def write_blocks(
    warehouse: Path, texts: Path, out: Path, blocks: Sequence[tuple[int, Sequence[str]]], wanted: set[str], *,
    database: "DatabaseOptions | None" = None,
) -> None:  # fmt: skip
    """The pages of the `wanted` reports of `blocks`, and what search and lists know of all their reports."""
    with closing(marts.connect(warehouse, database)) as con:
        names = topics.names_of(con)
        for at in range(0, len(blocks), _BATCH):
            some = blocks[at : at + _BATCH]
            of: dict[int, list[ReportView]] = {number: [] for number, _ in some}
            block_of = {report_id: number for number, ids in some for report_id in ids}
            for report in marts.reports(con, marts.heads(con, list(block_of)), texts):
                of[block_of[report.head.report_id]].append(report)
                if report.head.report_id in wanted:
                    write_report(report, out, names)
            for number, reports in of.items():
                write_block(out, number, reports)


def write_block(out: Path, number: int, reports: Sequence[ReportView]) -> list[FindingView]:
    """The files of one block: for the search, the list of findings and the list of reports. Returns the findings."""
    search.write_block(out / "data" / "search", number, reports)
    found = [
        FindingView(report.head, check, report.text)
        for report in reports
        for check in report.checks
        if check.verdict != "holds" and check.report_id == report.head.report_id
    ]
    findings.write_block(out / "data" / "findings", number, found)
    rows = page("report_rows.html", heads=[report.head for report in reports])
    write_file(out / "data" / "reports" / f"b{number}.js", data_script(f"reports/b{number}", rows))
    return found


def write_site(reports: Iterable[ReportView], out: Path, names: Mapping[str, Names] | None = None) -> Path:
    """The reports, findings, search and overview from views in memory; returns the path of its index.html."""
    write_assets(out)
    listed = sorted(reports, key=lambda one: (str(one.head.published_on or ""), one.head.report_id), reverse=True)
    for report in listed:
        write_report(report, out, names or {})
    heads = [report.head for report in listed]
    found = sorted(write_block(out, 0, listed), key=lambda finding: VERDICTS.index(finding.check.verdict))
    findings.join_exports(out, 1)
    sizes = {head.report_id: head.char_count for head in heads}
    search.write_index(out, sizes, [[head.report_id for head in heads]], names or {})
    write_file(out / "indicators.html", page("indicators.html", root="", groups=[]))
    still_open = [one for one in found if one.check.verdict == "broken" and not one.check.acknowledgement]
    totals = overview.of_views(heads, found)
    overview.write_lists(out, totals, heads[:_LISTED], first=found, still_open=still_open, blocks=1)
    return out / "index.html"


def remove_strangers(out: Path, known: Manifest, indicators: Iterable[str]) -> None:
    """Remove the pages of reports, indicators and subjects that the warehouse no longer holds."""
    reports = {page_name(one) for one in known.reports}
    series = {_series_file(part) for part in known.series}
    series |= {f"{stem_of(part.rpartition('/')[0])}.js" for part in known.series}
    blocks = {str(number) for number in range(len(known.blocks))}
    for folder, kept in (
        ("reports", reports | {f"{stem_of(one)}.parts" for one in known.reports}),
        ("mail", set()),  # earlier versions wrote a copy of each report for mailing; pages make it when asked now
        ("indicators", {page_name(one) for one in indicators}),
        ("subjects", {page_name(one) for one in known.subjects}),
        ("data/series", series),
        ("data/reports", {f"b{number}.js" for number in blocks}),
        ("data/findings", {f"{kind.format(number)}" for number in blocks for kind in findings.FILES}),
    ):
        for name in _names_in(out / folder) - kept:
            path = out / folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
