"""A report, and the structure of its text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from flows.record.span import Span


class Place(NamedTuple):
    """Where a stretch of the text stands in the document it was taken from.

    `where` is by kind of document: (page, x0, top, x1, bottom) of a PDF in points from the page's upper left corner;
    ("paragraph", number) or ("cell", table, row, column) of a Word file, counted from 0; (sheet, "B3") of a workbook;
    (row, column) of a CSV file, counted from 1.
    """

    start: int
    end: int
    where: tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One row of `seeds/sources.csv`: a place where reports come from.

    `kind` is `folder` (location: a glob), `http` (one page), `index` (a page of links) or `feed` (RSS, Atom).
    `language` is a BCP 47 tag such as `zh-Hant`. `schedule` is a cron line, empty for none. `place` is a name of
    `seeds/vocabulary/places.csv`.
    """

    source_id: str
    kind: str
    location: str
    publisher: str
    place: str
    language: str
    schedule: str
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of one report: where it came from and how it was read. A row of `report.csv`.

    `report_id` is `<stem of the file or page, made safe>-<first 12 hex digits of sha256>`: the same bytes of the same
    source are the same report. `published_on` is None where neither the front matter, the file name nor the text
    gives a date; `published_on_rule` says which of them gave it. A page that changed is another report under the same
    uri: `version` counts them in the order they were pulled, `supersedes` is the report_id of the one before.
    """

    report_id: str
    sha256: str
    source_id: str
    uri: str
    title: str
    publisher: str
    place: str
    language: str
    script: str  # Hant, Hans or Zyyy (neither can be told)
    published_on: date | None
    published_on_rule: str  # front_matter, file_name, text, none
    encoding: str
    media_type: str
    byte_count: int
    char_count: int
    reader_version: str
    version: int = 1
    supersedes: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The text as received and its structure, every part a span of it.

    `paragraphs` hold the text between line breaks (blank ones left out), `sentences` end at 。！？!? or with their
    paragraph, `clauses` end at ，,；;：: too (never inside a number such as 1,268). Each list is ordered, disjoint
    and nested in the one before. `headings` lists the paragraphs that are headings (by mark-up, or short and without
    an end mark). `ignored` lists spans that are not the report's words (front matter, boilerplate); no figure is
    taken from them but every numeral there is still a row, of class `other`; `ignored_as` says what each of them is
    (front_matter, navigation, share, related, page_header, page_footer, page_number ...), in the same order.
    `front_matter` holds the keys of a leading `---` block, empty where there is none.
    `places` say where pieces of the text stand in a document that is no text itself (PDF, Word, a table).
    """

    text: str
    folded: str  # `record.script.fold(text)`: what rules match against; the same length, so the same offsets
    encoding: str
    media_type: str
    script: str
    paragraphs: list[Span]
    sentences: list[Span]
    clauses: Sequence[Span]
    headings: list[Span] = field(default_factory=list)
    ignored: list[Span] = field(default_factory=list)
    ignored_as: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    title: str = ""
    front_matter: dict[str, str] = field(default_factory=dict)
