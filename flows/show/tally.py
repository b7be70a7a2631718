"""What a run did, counted in the published warehouse, for the terminal and for Prefect."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from flows.show.summary import RunSummary
from flows.show.warehouse import connect


def summarise(
    warehouse: Path,
    report_ids: Sequence[str],
    *,
    pulled: int,
    quarantined: Sequence[tuple[str, str]],
    site: Path,
    data_docs: Path | None,
) -> RunSummary:
    """The summary of a run that loaded `report_ids`. `quarantined` are (file or report, reason) pairs.

    Findings are those of the whole warehouse that are open, since a new report can break a relation with an old one.
    """
    with closing(connect(warehouse)) as con:
        counts = con.execute(
            "select coalesce(sum(figure_count), 0), coalesce(sum(numeral_count), 0), min(coverage_percent)"
            " from marts.audit_reports where report_id in (select unnest($1))",
            [list(report_ids)],
        ).fetchone() or (0, 0, None)
        checks = con.execute("select verdict, count(*) from marts.fct_checks group by verdict").fetchall()
        broken = con.execute(
            "select report_id, message from marts.fct_checks"
            " where verdict = 'broken' and finding_status in ('open', 'acknowledgement_expired')"
            " order by published_on desc, report_id, check_id"
        ).fetchall()
        changed = con.execute(
            "select report_id, coalesce(nullif(indicator_text, ''), '?'), quote_before, quote_after"
            " from marts.fct_version_changes where report_id in (select unnest($1)) order by all",
            [list(report_ids)],
        ).fetchall()
        expired = con.execute(
            "select 'acknowledgement ' || finding_id, why from marts.audit_acknowledgements where state = 'expired'"
            " union all select 'correction ' || correction_id, 'expects ' || coalesce(expected_value, 'nothing')"
            " || ', finds ' || coalesce(found_value, 'nothing') from marts.audit_corrections where state = 'expired'"
            " order by 1"
        ).fetchall()
    figures, numerals, coverage = counts
    return RunSummary(
        reports_pulled=pulled,
        reports_loaded=len(report_ids),
        figures=int(figures),
        numerals=int(numerals),
        coverage_percent=f"{coverage.normalize():f}" if coverage is not None else "",
        checks={str(verdict): int(count) for verdict, count in checks},
        broken=[(str(report), str(message)) for report, message in broken],
        changed=[
            (str(report), f"{thing}: {before or '-'} → {after or '-'}") for report, thing, before, after in changed
        ],
        expired=[(str(name), str(why)) for name, why in expired],
        quarantined=quarantined,
        warehouse=warehouse,
        site=site,
        data_docs=data_docs,
    )


def summary_markdown(summary: RunSummary) -> str:
    """The same as Markdown, for an artifact. Text of reports stands in code spans, so that none of it is mark-up."""
    lines = [
        "| | |",
        "|---|---|",
        f"| reports | {summary.reports_pulled} pulled, {summary.reports_loaded} loaded |",
        f"| figures | {summary.figures} of {summary.numerals} numerals |",
        f"| coverage | {summary.coverage_percent or '-'} % |",
        *(f"| {verdict} | {count} |" for verdict, count in sorted(summary.checks.items())),
        f"| quarantined | {len(summary.quarantined)} |",
        f"| warehouse | {_code(str(summary.warehouse))} |",
        f"| pages | {_code(str(summary.site))} |",
    ]
    if summary.changed:
        lines += [
            "",
            "## Pages that changed",
            *(f"- {_code(report)}: {_code(said)}" for report, said in summary.changed),
        ]
    if summary.expired:
        lines += [
            "",
            "## Review that no longer applies",
            *(f"- {_code(name)}: {_code(why)}" for name, why in summary.expired),
        ]
    if summary.broken:
        lines += [
            "",
            "## Broken",
            *(f"- {_code(report)}: {_code(message)}" for report, message in summary.broken),
        ]
    return "\n".join(lines)


def _code(text: str) -> str:
    return "`" + text.replace("`", "ˋ").replace("|", "｜").replace("\n", " ") + "`"
