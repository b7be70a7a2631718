"""What one report goes through, step by step, and the two commands that need no warehouse.

`pipeline` runs the same steps under Prefect; here they are plain functions over bytes.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from flows.find import find_numerals
from flows.place import place_figures, report_date
from flows.read import READER_VERSION, ReadError, Seen, read_document, removed_digits, repeated, seen
from flows.record import Claim, Document, Figure, Report, Span, Verdict
from flows.write import audit_rows, figure_row, frame

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Reading:
    """One report, read: its document, every numeral of it, and what it says must agree."""

    report: Report
    document: Document
    figures: list[Figure]
    claims: list[Claim]

    @property
    def figures_by_id(self) -> dict[str, Figure]:
        return {f"{self.report.report_id}#{figure.start}": figure for figure in self.figures}


def read_report(
    data: bytes,
    *,
    report_id: str,
    name: str,
    uri: str = "",
    source_id: str = "",
    publisher: str = "",
    place: str = "",
    language: str = "",
    content_type: str = "",
    published_on: date | None = None,
    relates: bool = True,
) -> Reading:
    """read, find, place and relate one report. Raises `flows.read.ReadError` for bytes that are no readable text.

    Without `relates` there are no claims: who prints the figures alone need not wait for them.
    `name` is the file's name: its ending tells the kind, a date in it may date the report. What the report says of
    itself in its front matter (title, publisher, place, language) goes before what its source says.
    """
    document = read_document(data, name=name, content_type=content_type)
    said = document.front_matter
    view = seen(document)
    numerals = find_numerals(view.document)
    if published_on is not None:
        dated: date | None = published_on
        dated_by = "given"
    else:
        dated, dated_by = report_date(view.document, name, numerals)
    place = said.get("place", "") or place
    figures = place_figures(view.document, numerals, published_on=dated, place=place)
    _name_ignored(view.document, figures)
    report = Report(
        report_id=report_id,
        sha256=sha256(data).hexdigest(),
        source_id=source_id,
        uri=uri,
        title=document.title,
        publisher=said.get("publisher", "") or publisher,
        place=place,
        language=said.get("language", "") or language,
        script=document.script,
        published_on=dated,
        published_on_rule=dated_by,
        encoding=document.encoding,
        media_type=document.media_type,
        byte_count=len(data),
        char_count=len(document.text),
        reader_version=READER_VERSION,
    )
    once = _said_once(view.document, figures)
    claims: list[Claim] = []
    if relates:
        from flows.judge import doubt_far_apart
        from flows.relate import relate_catalogue, relate_text

        claims = relate_text(view.document, once, report_id)
        doubt_far_apart(claims, {f"{report_id}#{figure.start}": figure for figure in once})
        claims += relate_catalogue(once, report_id, claims)
    if view.starts:
        figures = _told_in_text(document, view, figures, claims, report_id)
    return Reading(report, document, figures, claims)


def _name_ignored(document: Document, figures: Sequence[Figure]) -> None:
    """The numerals of what is not the report's words say of what: page_number, navigation, front_matter."""
    starts = [span.start for span in document.ignored]
    for figure in figures if starts and document.ignored_as else ():
        index = bisect_right(starts, figure.start) - 1
        if figure.rule == "ignored" and index >= 0:
            figure.rule = document.ignored_as[index]


def _said_once(document: Document, figures: Sequence[Figure]) -> list[Figure]:
    """The rows without those of a body that the page prints twice: no relation is told twice.

    The figures of the second copy keep everything and get the modifier `repeated`.
    """
    again = repeated(document)
    starts = [span.start for span in again]
    kept = []
    for figure in figures:
        index = bisect_right(starts, figure.start) - 1
        if index < 0 or figure.start >= again[index].end:
            kept.append(figure)
        elif figure.is_figure:
            figure.modifiers = ";".join(sorted({*filter(None, figure.modifiers.split(";")), "repeated"}))
    return kept


def _told_in_text(
    document: Document, view: Seen, figures: Sequence[Figure], claims: Sequence[Claim], report_id: str
) -> list[Figure]:
    """What was found in the view, told in the text: spans, quotes, ids and cues; and the digits that were noise."""
    ids: dict[str, str] = {}
    for figure in figures:
        before = figure.start
        figure.start, figure.end = view.start(before), view.end(figure.end)
        figure.numeral_end = view.end(figure.numeral_end)
        figure.quote = document.text[figure.start : figure.end]
        ids[f"{report_id}#{before}"] = f"{report_id}#{figure.start}"
    for claim in claims:
        claim.result = ids.get(claim.result, "")
        claim.operands = [ids[operand] for operand in claim.operands]
        claim.cues = [Span(view.start(cue.start), view.end(cue.end)) for cue in claim.cues]
    starts = [figure.start for figure in figures]
    noise = []
    for span in removed_digits(document):
        index = bisect_right(starts, span.start) - 1
        if index < 0 or figures[index].end <= span.start:
            noise.append(Figure(*span, span.end, span.quote(document.text), "other", rule="noise"))
    return sorted([*figures, *noise], key=lambda figure: figure.start) if noise else list(figures)


def extract(path: str | Path, *, place: str = "", published_on: date | None = None) -> "pl.DataFrame":
    """Every numeral of one file, one row each, in the order of the text: the columns of `record.columns.EXTRACT`."""
    return frame("EXTRACT", extract_rows(path, place=place, published_on=published_on))


def extract_rows(path: str | Path, *, place: str = "", published_on: date | None = None) -> list[dict[str, str]]:
    """The same as text, one dict a row: numbers as exact decimals, empty where there is none."""
    return list(each_row(path, place=place, published_on=published_on))


def each_row(path: str | Path, *, place: str = "", published_on: date | None = None) -> Iterator[dict[str, str]]:
    """The rows of `extract_rows` one by one: of a long report they take more room than all its figures.

    The file is read at once; its text is let go before the first row.
    """
    reading = _read_file(Path(path), Path(path).stem, place=place, published_on=published_on, relates=False)
    return map(figure_row, reading.figures)


def audit(paths: Sequence[str | Path] | str | Path, *, place: str = "") -> "pl.DataFrame":
    """The findings of the files taken as one series in date order: the columns of `record.columns.AUDIT`.

    One row a relation that a text states, the catalogue declares or the series implies; files without a date keep
    the order given, after the dated ones. `report` is the file's stem.
    """
    return frame("AUDIT", audit_files(paths, place=place))


def audit_files(paths: Sequence[str | Path] | str | Path, *, place: str = "") -> list[dict[str, str]]:
    """The same as text, one dict a row: numbers exact (a third is `1/3`), lists as JSON arrays."""
    files = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    readings = [
        _read_file(file, stem, place=place, publisher="series") for file, stem in zip(files, _stems(files), strict=True)
    ]
    readings.sort(key=lambda reading: reading.report.published_on or date.max)
    figures = {key: figure for reading in readings for key, figure in reading.figures_by_id.items()}
    claims, verdicts = judge_readings(readings, figures)
    texts = {reading.report.report_id: reading.document.text for reading in readings}
    return list(audit_rows(claims, verdicts, figures, texts))


def judge_readings(readings: Sequence[Reading], figures: Mapping[str, Figure]) -> tuple[list[Claim], list[Verdict]]:
    """The claims of the readings, taken as a series in the order given, and their verdicts, aligned."""
    from flows.judge import judge_claims
    from flows.relate import relate_series

    claims = [claim for reading in readings for claim in reading.claims]
    if len(readings) > 1:
        claims += relate_series([(reading.report, reading.figures) for reading in readings])
    return claims, judge_claims(claims, figures)


def _read_file(
    file: Path,
    report_id: str,
    *,
    place: str,
    publisher: str = "",
    published_on: date | None = None,
    relates: bool = True,
) -> Reading:
    """One file, read; the error of one that cannot be read names it."""
    try:
        return read_report(
            file.read_bytes(),
            report_id=report_id,
            name=file.name,
            place=place,
            publisher=publisher,
            published_on=published_on,
            relates=relates,
        )
    except ReadError as error:
        raise ReadError(error.code, f"{file}: {error}") from error


def _stems(files: Sequence[Path]) -> list[str]:
    """The stem of each file, made unique where two share one."""
    seen: dict[str, int] = {}
    stems = []
    for file in files:
        count = seen[file.stem] = seen.get(file.stem, 0) + 1
        stems.append(file.stem if count == 1 else f"{file.stem}~{count}")
    return stems
