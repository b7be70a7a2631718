"""What the Python models of dbt do to a share of reports: cells of the warehouse in, rows of text out.

The models fetch the cells and write the rows; here is what any process can do with them, so nothing here opens a
database, and little is imported. Cells come as `flows.write.relations` fetches them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from operator import itemgetter

import orjson

from flows.judge import JointVerdict, joint_conflicts, judge_claims
from flows.record import Claim, Figure, Report
from flows.relate import relate_series
from flows.write.cells import claim_of, figure_of_series, figure_to_judge
from flows.write.rows import claim_home, claim_row, report_of
from flows.write.verdicts import figures_text, verdict_row

_start = itemgetter(0)
#: unit -> its exact factor
Factors = Mapping[str, Fraction]
#: A row of a model, text or null in the order of its columns.
TextRow = tuple[str | None, ...]


#: Lists of cells, as `flows.write.relations.in_json` writes them.
Json = str


@dataclass(slots=True)
class ToJudge:
    """The claims of a report with the figures they are about, which may be of other reports too.

    `claims` are JUDGED_CLAIM cells behind id and input hash; the others JUDGED_FIGURE cells behind the id. Of figures
    with corrections there are two more states: as they were read, and mended.
    """

    report_id: str
    claims: Json
    figures: Json = "[]"
    as_read: Json = "[]"
    mended: Json = "[]"


@dataclass(slots=True)
class Issue:
    """A report of a series: `bulletin` is one for all versions of it. Its `figures` are SERIES_FIGURE cells."""

    report: Report
    bulletin: str
    is_latest: bool
    figures: Json = "[]"


def verdicts_of(reports: Iterable[ToJudge], *, factors: Factors, columns: Sequence[str]) -> list[TextRow]:
    """What exact arithmetic says of each claim, a row of `columns` each."""
    made = []
    for report in reports:
        figures, as_read, mended = (_by_id(state, factors) for state in (report.figures, report.as_read, report.mended))
        known = orjson.loads(report.claims)
        claims = [claim_of(cells[2:]) for cells in known]
        for (claim_id, input_hash, *_), claim, verdict in zip(
            known, claims, judge_claims(claims, figures), strict=True
        ):
            row = verdict_row(claim_id, claim, verdict, figures)
            if as_read and any(name in as_read for name in (claim.result, *claim.operands)):
                before, after = figures | as_read, figures | mended
                row["figures_as_read"] = figures_text(claim, before)
                for column, state in (("verdict_as_read", before), ("verdict_corrected", after)):
                    row[column] = judge_claims([claim], state, explain=False)[0].verdict
            row["report_id"], row["input_hash"] = report.report_id, input_hash
            made.append(tuple(map(row.get, columns)))
    return made


def conflicts_of(reports: Iterable[tuple[ToJudge, str]], *, factors: Factors, columns: Sequence[str]) -> list[TextRow]:
    """What cannot hold at once in each report, a row of `columns` a conflict, behind one of number 0 that says that it
    was looked into. Each report comes with the hash of what goes into the answer."""
    made = []
    for report, input_hash in reports:
        figures = _by_id(report.figures, factors)
        known = orjson.loads(report.claims)
        found = joint_conflicts([claim_of(cells[2:]) for cells in known], figures)
        rows = [{"number": "0"}]
        for number, conflict in enumerate(found, start=1):
            claim_ids = [known[place][0] for place in conflict.conflict]
            rows.append(_conflict_row(number, claim_ids, conflict, figures))
        for row in rows:
            row["report_id"], row["input_hash"] = report.report_id, input_hash
            made.append(tuple(map(row.get, columns)))
    return made


def _conflict_row(
    number: int, claim_ids: Sequence[str], conflict: JointVerdict, figures: Mapping[str, Figure]
) -> dict[str, str]:
    return {
        "number": str(number),
        "claim_ids": json.dumps(claim_ids, ensure_ascii=False),
        "figure_ids": json.dumps(conflict.figures, ensure_ascii=False),
        "claim_count": str(len(claim_ids)),
        "figures": figures_text(Claim("sum", "", conflict.figures), figures),
        "message": conflict.message,
        "message_zh": conflict.message_zh,
        "is_smallest": "true" if conflict.is_smallest else "false",
    }


def series_claims_of(issues: Sequence[Issue], *, factors: Factors, columns: Sequence[str]) -> list[TextRow]:
    """The claims between the reports of one publisher, a row of `columns` each, in the order of their reports' ids."""
    found = {}
    for claim in _between(issues, factors):
        home = claim_home(claim)
        row = claim_row(home, claim, "")  # no words of a text say it: it has no cues
        found[row["claim_id"]] = tuple(map(row.get, columns))
    return [found[claim_id] for claim_id in sorted(found)]


def _between(issues: Sequence[Issue], factors: Factors) -> Iterable[Claim]:
    """The claims of the latest versions; of an earlier version those that name it, with the others as they are now."""
    figures = {
        issue.report.report_id: [
            figure_of_series(cells, factors) for cells in sorted(orjson.loads(issue.figures), key=_start)
        ]
        for issue in issues
    }
    issues = sorted(issues, key=_when)
    latest = [issue for issue in issues if issue.is_latest]
    yield from relate_series([(issue.report, figures[issue.report.report_id]) for issue in latest])
    for earlier in issues:
        if not earlier.is_latest:
            others = [issue for issue in latest if issue.bulletin != earlier.bulletin]
            beside = sorted([*others, earlier], key=_when)
            for claim in relate_series([(issue.report, figures[issue.report.report_id]) for issue in beside]):
                if earlier.report.report_id in {report_of(name) for name in (claim.result, *claim.operands)}:
                    yield claim


def _when(issue: Issue) -> tuple[date, str]:
    return issue.report.published_on or date.max, issue.report.report_id


def _by_id(figures: Json, factors: Factors) -> dict[str, Figure]:
    return {figure_id: figure_to_judge(cells, factors) for figure_id, *cells in orjson.loads(figures)}
