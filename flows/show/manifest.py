"""What the pages were made of: a fingerprint of the published rows behind each, so that only what changed is made.

The fingerprints are DuckDB's; another version of it may give others, and then pages are made that need not be.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flows.show.render import version, write_file

if TYPE_CHECKING:
    import duckdb

_NAME = ".pages.json"

#: A report's page changes with its rows, its figures, whatever takes part in a relation with one of them, and with the
#: versions of its page.
_REPORTS = """
with touches as (
    select distinct check_id, report_id from marts.fct_check_operands
    union
    select check_id, report_id from marts.fct_checks
),
pieces as (
    select report_id, 1 as kind, bit_xor(hash(figures)) as print from marts.fct_figures as figures group by all
    union all
    select touches.report_id, 2, bit_xor(hash(checks)) from touches
    inner join marts.fct_checks as checks using (check_id) group by all
    union all
    select touches.report_id, 3, bit_xor(hash(operands)) from touches
    inner join marts.fct_check_operands as operands using (check_id) group by all
    union all
    select report.report_id, 4, hash(report.title, publisher.publisher, report.place, report.published_on,
        report.script, report.uri, report.sha256, report.reader_version)
    from marts.dim_report as report left join marts.dim_publisher as publisher using (publisher_id)
    union all
    select report_id, 5, bit_xor(hash(audit)) from marts.audit_reports as audit group by all
    union all
    select report_id, 6, bit_xor(hash(changes)) from marts.fct_version_changes as changes group by all
    union all
    select report_id, 7, hash(version, newest) from (
        select report_id, version, is_superseded,
               max_by(report_id, version) over (partition by source_id, uri, published_on) as newest
        from marts.dim_report
    ) where version > 1 or is_superseded
)
select report_id, string_agg(format('{:x}', print), '.' order by kind) from pieces group by report_id
"""
#: A part of a series holds the statements of some reports in the order in which they came (pages_order), PART or a
#: few more of them: what comes later is put behind, and leaves the parts before it as they are.
PART = 250
_ORDER = "create or replace temp table pages_order (report_id varchar, place bigint)"
_PARTS = """
create or replace temp table pages_parts as
with counted as (
    select indicator, report_id, any_value(place) as place, count(*) as statements
    from marts.fct_observations_history inner join pages_order using (report_id) group by indicator, report_id
)
select indicator, report_id,
       (sum(statements) over (partition by indicator order by place) - statements)::bigint // $most as part
from counted
"""
_SERIES = """
select parts.indicator || '/' || parts.part,
       format('{:x}.{:x}', bit_xor(hash(history, report.title)), bit_xor(hash(observations)))
from marts.fct_observations_history as history
inner join pages_parts as parts using (indicator, report_id)
inner join marts.dim_report as report using (report_id)
inner join marts.fct_observations as observations using (observation_id)
group by parts.indicator, parts.part
"""
_SUBJECTS = """
select subject, format('{:x}.{}', bit_xor(hash(observations)), count(*))
from marts.fct_observations as observations where subject is not null group by subject
"""
_CATALOGUE = """
select format('{:x}.{:x}', (select bit_xor(hash(one)) from marts.dim_indicator as one),
              (select bit_xor(hash(two)) from marts.dim_subject as two))
"""


@dataclass(slots=True)
class Manifest:
    """Fingerprints by id of each kind of page, and of the parts of series by `indicator/part`.

    `blocks` are the reports of each file of the search and of the lists, in the order in which they came.
    """

    version: str = ""
    reports: dict[str, str] = field(default_factory=dict)
    series: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    blocks: list[list[str]] = field(default_factory=list)


def of_warehouse(con: "duckdb.DuckDBPyConnection") -> Manifest:
    """The fingerprints of what is published, without `series` and `blocks`, which hang on what came before."""
    catalogue = con.execute(_CATALOGUE).fetchone() or ("",)
    reports, subjects = (_prints(con, query) for query in (_REPORTS, _SUBJECTS))
    return Manifest(f"{version()}.{catalogue[0]}", reports, subjects=subjects)


def of_series(con: "duckdb.DuckDBPyConnection", blocks: Sequence[Sequence[str]]) -> dict[str, str]:
    """The fingerprints of the parts of every series; leaves the parts in the temporary table `pages_parts`."""
    con.execute(_ORDER)
    ids = [report_id for block in blocks for report_id in block]
    con.execute("insert into pages_order select unnest($ids), unnest(range(len($ids)))", {"ids": ids})
    con.execute(_PARTS, {"most": PART})
    return _prints(con, _SERIES)


def _prints(con: "duckdb.DuckDBPyConnection", query: str) -> dict[str, str]:
    return {str(key): str(print_) for key, print_ in con.execute(query).fetchall()}


def read_manifest(out: Path) -> Manifest:
    """What the pages in `out` were made of; nothing where there is no manifest or it cannot be understood."""
    path = out / _NAME
    if not path.exists():
        return Manifest()
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):  # cut off or of another version: all pages are made anew
        return Manifest()


def write_manifest(out: Path, manifest: Manifest) -> None:
    """Say what the pages are made of; written last, so that a build that stops half-way is made again."""
    names = ("version", "reports", "series", "subjects", "blocks")
    write_file(
        out / _NAME, json.dumps({name: getattr(manifest, name) for name in names}, ensure_ascii=False, sort_keys=True)
    )


def stale(old: dict[str, str], new: dict[str, str]) -> set[str]:
    """The ids whose rows are new or changed."""
    return {key for key, print_ in new.items() if old.get(key) != print_}
