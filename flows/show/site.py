"""The static site: it opens from disk or any web server, and loads nothing from outside."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from flows.show import charts, search, topics
from flows.show import manifest as manifests
from flows.show import warehouse as marts
from flows.show.findings import read_texts, with_excerpts, write_findings
from flows.show.manifest import Manifest
from flows.show.names import page_name, stem_of
from flows.show.render import page, write_assets, write_file
from flows.show.report import write_report
from flows.show.series import Names
from flows.show.views import VERDICTS, FindingView, HeadView, ReportView, added

#: Reports that the overview lists; all of them are in reports.html.
_NEWEST = 60


def build_site(warehouse: Path, texts: Path, out: Path, *, changed: set[str] | None = None) -> Path:
    """Build the pages of the published warehouse into `out`; returns the path of its index.html.

    `texts` holds `<report_id>.txt`. A page is written again when the rows behind it have changed since (the manifest
    in `out` has their fingerprints), when it is among `changed`, or when it is missing; `changed=None` and another
    version of this room write all. Pages of what is gone are removed.
    Raises FileNotFoundError where the warehouse or a text is missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    con = marts.connect(warehouse)
    try:
        heads = marts.heads(con)
        old, new = manifests.read_manifest(out), manifests.of_warehouse(con)
        if changed is None or old.version != new.version:
            old = Manifest()
        write_assets(out)
        names = topics.names_of(con)
        known = {head.report_id for head in heads}
        wanted = (manifests.stale(old.reports, new.reports) | (changed or set())) & known
        wanted |= {one for one in known if not (out / "reports" / page_name(one)).exists()}
        for report in marts.reports(con, [head for head in heads if head.report_id in wanted], texts):
            write_report(report, out, names)
        topics.write_indicators(con, out, sorted(_to_write(old.indicators, new.indicators, out / "indicators")))
        topics.write_subjects(con, out, sorted(_to_write(old.subjects, new.subjects, out / "subjects")))
        topics.write_catalogue(con, out)
        search.write_search(con, out, texts, heads, new, old=old, changed=wanted, names=names)
        found = marts.findings(con, heads)
        read_texts(found, texts)
    finally:
        con.close()
    remove_strangers(out, new)
    write_lists(out, heads, found)
    manifests.write_manifest(out, new)
    return out / "index.html"


def _to_write(old: Mapping[str, str], new: Mapping[str, str], folder: Path) -> set[str]:
    stale = manifests.stale(dict(old), dict(new))
    return stale | {one for one in new if not (folder / page_name(one)).exists()}


def write_site(reports: Iterable[ReportView], out: Path, names: Mapping[str, Names] | None = None) -> Path:
    """The reports, findings, search and overview from views in memory; returns the path of its index.html."""
    heads: list[HeadView] = []
    found: list[FindingView] = []
    write_assets(out)
    listed = list(reports)
    for report in listed:
        heads.append(report.head)
        write_report(report, out, names or {})
        found.extend(
            FindingView(report.head, check, report.text)
            for check in report.checks
            if check.verdict != "holds" and check.report_id == report.head.report_id
        )
    heads.sort(key=lambda head: (str(head.published_on or ""), head.report_id), reverse=True)
    found.sort(key=lambda finding: VERDICTS.index(finding.check.verdict))
    search.write_block(out / "data" / "search", 0, listed)
    search.write_index(out, heads, [[head.report_id for head in heads]], names or {})
    write_file(out / "indicators.html", page("indicators.html", root="", groups=[]))
    write_lists(out, heads, found)
    return out / "index.html"


def write_lists(out: Path, heads: Sequence[HeadView], found: Sequence[FindingView]) -> None:
    """The pages that speak of all reports, and the findings as CSV and JSON."""
    write_file(out / "index.html", render_overview(heads, found))
    write_file(out / "reports.html", page("reports.html", root="", heads=heads))
    write_file(out / "search.html", page("search.html", root=""))
    write_findings(out, found)


def render_overview(heads: Sequence[HeadView], found: Sequence[FindingView]) -> str:
    """The overview: open findings first, then verdicts over time and by publisher, then the newest reports."""
    publishers: dict[str, list[HeadView]] = {}
    for head in heads:
        publishers.setdefault(head.publisher, []).append(head)
    open_ones = [one for one in found if one.check.verdict == "broken" and not one.check.acknowledgement]
    return page(
        "index.html",
        root="",
        heads=heads[:_NEWEST],
        report_count=len(heads),
        open_count=len(open_ones),
        findings=with_excerpts(open_ones[:6]),
        tally=added(head.checks for head in heads),
        relation_count=sum(sum(head.checks.values()) for head in heads),
        numerals=sum(head.numerals for head in heads),
        figures=sum(head.figures for head in heads),
        digits=sum(head.digits for head in heads),
        accounted=sum(head.accounted_digits for head in heads),
        timeline=_timeline(heads),
        publishers=sorted(
            (
                (
                    name,
                    len(theirs),
                    sum(head.figures for head in theirs),
                    added(head.checks for head in theirs),
                )
                for name, theirs in publishers.items()
            ),
            key=lambda row: (-row[3]["broken"], -row[1], row[0]),
        ),
    )


def remove_strangers(out: Path, known: Manifest) -> None:
    """Remove the pages of reports, indicators and subjects that the warehouse no longer holds."""
    for folder, ids in (
        ("reports", known.reports),
        ("mail", known.reports),
        ("indicators", known.indicators),
        ("subjects", known.subjects),
    ):
        names = {page_name(one) for one in ids}
        for path in (out / folder).glob("*.html"):
            if path.name not in names:
                path.unlink()
    parts = {f"{stem_of(one)}.parts" for one in known.reports}
    for path in (out / "reports").glob("*.parts"):
        if path.name not in parts:
            shutil.rmtree(path)
    series = {f"{stem_of(one)}.js" for one in known.indicators}
    for path in (out / "data" / "series").glob("*.js"):
        if path.name not in series:
            path.unlink()


def _timeline(heads: Sequence[HeadView]) -> Markup:
    """Verdicts by day, or by month where there are more than ninety days."""
    dated = [head for head in heads if head.published_on]
    by_day = len({head.published_on for head in dated}) <= 90
    slots: dict[str, list[Mapping[str, int]]] = {}
    for head in sorted(dated, key=lambda head: str(head.published_on)):
        slots.setdefault(str(head.published_on)[: 10 if by_day else 7], []).append(head.checks)
    return charts.over_time([(slot, added(counts)) for slot, counts in slots.items()])
