"""The published marts as views. Read only; every number on the pages comes from here."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.show.views import (
    ChangeView,
    CheckView,
    FigureView,
    FindingView,
    HeadView,
    MemberView,
    ReportView,
    VersionsView,
    colour_figures,
)

if TYPE_CHECKING:
    import duckdb

    from flows.settings import DatabaseOptions

_HEADS = """
select report.report_id, report.title, publisher.publisher, report.place, report.published_on, report.script,
       report.uri, report.sha256, report.source_id, report.reader_version, report.char_count,
       audit.numeral_count, audit.figure_count, audit.digit_count, audit.accounted_digit_count,
       audit.broken_count, audit.cannot_tell_count, audit.holds_count
from marts.dim_report as report
inner join marts.audit_reports as audit on report.report_id = audit.report_id
left join marts.dim_publisher as publisher on report.publisher_id = publisher.publisher_id
where {which}
order by report.published_on desc nulls last, report.report_id
limit {most}
"""


def plain_text(column: str) -> str:
    """SQL for a decimal as plain text: no trailing zeros, empty for NULL. It is named after its column."""
    name = column.rpartition(".")[2]
    return f"coalesce(rtrim(rtrim(cast(cast({column} as decimal(38, 12)) as varchar), '0'), '.'), '') as {name}_text"


def as_text(*columns: str) -> str:
    """SQL for columns as text, empty for NULL, each named after itself."""
    named = ((column, column.rpartition(".")[2]) for column in columns)
    return ", ".join(f"coalesce(cast({column} as varchar), '') as {name}_text" for column, name in named)


#: The columns of a FigureView in their order, after the report; what they are made of is made text here, in one go.
_FIGURES = f"""
select report_id, start_offset, end_offset, numeral_end_offset, quote, numeral_class,
       {plain_text("value")}, {plain_text("low")}, {plain_text("high")},
       is_low_closed is distinct from false as low_closed, is_high_closed is distinct from false as high_closed,
       {as_text("unit")}, {plain_text("base_value")},
       {
    as_text(
        "base_unit",
        "direction",
        "hedge",
        "modifiers",
        "indicator_text",
        "indicator",
        "entity",
        "period_starts_on",
        "period_ends_on",
        "as_of_on",
        "rule",
    )
}
from marts.fct_figures
where report_id in (select unnest($ids))
order by report_id, start_offset
"""

#: The columns of a CheckView after its members, in their order.
_TOLD = (
    "origin", "cue", "cue_spans", "stated_low_exact", "stated_high_exact", "computed_low_exact", "computed_high_exact",
    "gap_ulp_exact", "fits", "flags", "message", "message_zh", "reason", "reason_zh", "scope_doubt", "rule",
    "acknowledgement",
)  # fmt: skip
_CHECKS = """
select check_id, report_id, kind, verdict, {told}
from marts.fct_checks as checks
where {which}
order by case verdict when 'broken' then 1 when 'cannot_tell' then 2 else 3 end,
    published_on desc, report_id, check_id
"""
_OF_REPORTS = """check_id in (
    select check_id from marts.fct_checks where report_id in (select unnest($ids))
    union all
    select check_id from marts.fct_check_operands where report_id in (select unnest($ids)))"""
_FIRST = """check_id in (
    select check_id from marts.fct_checks where {which}
    order by verdict, published_on desc, report_id, check_id limit {most})"""

#: The columns of a MemberView in their order, after the relation.
_MEMBERS = """
select operands.check_id, operands.role, operands.report_id, operands.start_offset, operands.quote,
       coalesce(nullif(cast(operands.weight as varchar), ''), '1') as weight_text,
       coalesce(figures.indicator_text, '') as indicator_text
from marts.fct_check_operands as operands
inner join marts.fct_figures as figures on operands.figure_id = figures.figure_id
where operands.check_id in (select check_id from marts.fct_checks as checks where {which})
order by operands.check_id, operands.position
"""

#: Versions of a bulletin have its page and its day in common, as the models have it (int_bulletin_versions).
_VERSIONS = """
with own as (
    select * from marts.dim_report
    where report_id in (select unnest($ids)) and uri is not null and (version > 1 or is_superseded)
)
select own.report_id, own.version,
       coalesce(max_by(other.report_id, other.version) filter (other.version < own.version), '') as before,
       coalesce(max_by(other.report_id, other.version) filter (other.version > own.version), '') as newest
from own
inner join marts.dim_report as other
    on own.source_id is not distinct from other.source_id
    and own.uri = other.uri
    and own.published_on is not distinct from other.published_on
    and own.report_id <> other.report_id
group by own.report_id, own.version
"""
_CHANGES = f"""
select changes.report_id, changes.superseded_report_id, changes.version_change_id, changes.change,
       coalesce(changes.indicator_text, ''),
       figure_before.start_offset, figure_after.start_offset,
       coalesce(changes.quote_before, ''), coalesce(changes.quote_after, ''),
       {plain_text("changes.difference")},
       coalesce(changes.unit, '')
from marts.fct_version_changes as changes
left join marts.fct_figures as figure_before on changes.figure_id_before = figure_before.figure_id
left join marts.fct_figures as figure_after on changes.figure_id_after = figure_after.figure_id
where changes.report_id in (select unnest($ids))
order by changes.report_id, coalesce(figure_after.start_offset, figure_before.start_offset), changes.version_change_id
"""


def connect(warehouse: Path, database: "DatabaseOptions | None" = None) -> "duckdb.DuckDBPyConnection":
    """The published file, read only, with these settings of DuckDB. Raises FileNotFoundError where there is none."""
    import duckdb

    if not warehouse.exists():
        raise FileNotFoundError(f"no published warehouse at {warehouse}: publish one first")
    return duckdb.connect(str(warehouse), read_only=True, config=database or {})


def heads(
    con: "duckdb.DuckDBPyConnection", ids: Sequence[str] | None = None, *, most: int | None = None
) -> list[HeadView]:
    """Reports with their counts, newest first: those of `ids`, or all; `most` of them at most."""
    which = "true" if ids is None else "report.report_id in (select unnest($ids))"
    query = _HEADS.format(which=which, most="null" if most is None else most)
    return [
        HeadView(
            report_id=row[0],
            title=_text(row[1]),
            publisher=_text(row[2]),
            place=_text(row[3]),
            published_on=row[4],
            script=_text(row[5]),
            uri=_text(row[6]),
            sha256=_text(row[7]),
            source_id=_text(row[8]),
            reader_version=_text(row[9]),
            char_count=row[10] or 0,
            numerals=row[11] or 0,
            figures=row[12] or 0,
            digits=row[13] or 0,
            accounted_digits=row[14] or 0,
            checks={"broken": row[15], "cannot_tell": row[16], "holds": row[17]},
        )
        for row in con.execute(query, {} if ids is None else {"ids": list(ids)}).fetchall()
    ]


def reports(con: "duckdb.DuckDBPyConnection", heads: Sequence[HeadView], texts: Path) -> Iterator[ReportView]:
    """The reports of `heads` in full, read at once. Raises FileNotFoundError for one whose text is gone."""
    ids = [head.report_id for head in heads]
    figures: dict[str, list[FigureView]] = {report_id: [] for report_id in ids}
    for row in rows_of(con, _FIGURES, {"ids": ids}):
        figures[row[0]].append(FigureView(*row[1:]))
    checks: dict[str, list[CheckView]] = {report_id: [] for report_id in ids}
    for check in _checks(con, _OF_REPORTS, {"ids": ids}):
        homes = {check.report_id, *(member.report_id for member in check.members)}
        for home in homes & checks.keys():
            checks[home].append(check)
    versions = _versions(con, ids)
    for head in heads:
        own, theirs = figures[head.report_id], checks[head.report_id]
        colour_figures(head.report_id, own, theirs)
        yield ReportView(head, read_text(texts, head.report_id), own, theirs, versions.get(head.report_id))


def _versions(con: "duckdb.DuckDBPyConnection", ids: Sequence[str]) -> dict[str, VersionsView]:
    """Of each report among `ids` whose page has another version: what is told of it."""
    found = {
        report_id: VersionsView(version, before, newest)
        for report_id, version, before, newest in con.execute(_VERSIONS, {"ids": list(ids)}).fetchall()
    }
    if found:
        for report_id, before, *told in con.execute(_CHANGES, {"ids": list(found)}).fetchall():
            found[report_id].before = before
            found[report_id].changes.append(ChangeView(*told))
    return found


def first_findings(
    con: "duckdb.DuckDBPyConnection", texts: Path, most: int, *, only_open: bool = False
) -> list[FindingView]:
    """The first `most` relations that do not hold, broken ones first, then the newest; with `only_open` those that
    are broken and that nobody has acknowledged."""
    which = "verdict = 'broken' and acknowledgement is null" if only_open else "verdict <> 'holds'"
    found = _checks(con, _FIRST.format(which=which, most=most), {})
    of = {head.report_id: head for head in heads(con, [check.report_id for check in found])}
    read = lru_cache(maxsize=most)(lambda report_id: read_text(texts, report_id))
    return [FindingView(of[check.report_id], check, read(check.report_id)) for check in found]


def read_text(texts: Path, report_id: str) -> str:
    """The canonical text of a report, line ends as received, so that offsets stay true."""
    with (texts / f"{report_id}.txt").open(encoding="utf-8", newline="") as file:
        return file.read()


def _checks(con: "duckdb.DuckDBPyConnection", which: str, parameters: dict[str, Any]) -> list[CheckView]:
    members: dict[str, list[MemberView]] = {}
    for row in rows_of(con, _MEMBERS.format(which=which), parameters):
        members.setdefault(row[0], []).append(MemberView(*row[1:]))
    rows = rows_of(con, _CHECKS.format(which=which, told=_told(con)), parameters)
    told_of = ([*row[:4], members.get(row[0], []), *row[4:6], _spans(row[6]), *row[7:]] for row in rows)  # as in _TOLD
    return [CheckView(*told) for told in told_of]


def rows_of(con: "duckdb.DuckDBPyConnection", query: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query without NULLs; by way of columns, which takes half of what fetching them as rows does."""
    columns = con.execute(query, parameters).fetchnumpy()
    return zip(*(column.tolist() for column in columns.values()), strict=True)


def _told(con: "duckdb.DuckDBPyConnection") -> str:
    """The columns of what is told; a file published before there were Chinese messages has none."""
    there = {row[0] for row in con.execute("describe marts.fct_checks").fetchall()}
    absent = {"message_zh", "reason_zh"} - there
    return ", ".join(f"'' as {column}" if column in absent else as_text(column) for column in _TOLD)


def _spans(told: str) -> list[tuple[int, int]]:
    return [(start, end) for start, end in json.loads(told)] if told else []


def _text(value: object) -> str:
    return "" if value is None else str(value)
