"""What the pages show, as plain records: they can be read from the warehouse or made in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flows.record import FIGURE_CLASSES

#: Worst first: the order in which findings are listed.
VERDICTS = ("broken", "cannot_tell", "holds")
#: So many changes of a version stand on its page; `gongbao changes` lists them all.
CHANGES = 100


@dataclass(slots=True)
class FigureView:
    """One numeral of a report. Numbers are exact decimal text, empty where there is none or no bound.

    Offsets are half-open code points into the text as received. `verdict` is `holds`, `broken`,
    `cannot_tell` or `unchecked`, drawn from the relations the figure takes part in (see `worst_first`).
    """

    start: int
    end: int
    numeral_end: int
    quote: str
    cls: str
    value: str = ""
    low: str = ""
    high: str = ""
    low_closed: bool = True
    high_closed: bool = True
    unit: str = ""
    base_value: str = ""
    base_unit: str = ""
    direction: str = ""
    hedge: str = ""
    modifiers: str = ""
    indicator_text: str = ""
    indicator: str = ""
    entity: str = ""
    period_start: str = ""
    period_end: str = ""
    as_of: str = ""
    rule: str = ""
    verdict: str = "unchecked"

    @property
    def kind(self) -> str:
        """Its verdict, or `not_figure`."""
        return self.verdict if self.cls in FIGURE_CLASSES else "not_figure"


@dataclass(slots=True)
class MemberView:
    """A figure in its part of a relation. `role` is `result` or `operand`; `weight` is exact text."""

    role: str
    report_id: str
    start: int
    quote: str
    weight: str = "1"
    indicator_text: str = ""


@dataclass(slots=True)
class CheckView:
    """One relation with its verdict. Bounds are exact text (decimal or 1/3), empty where unbounded.

    `cues` are spans in the text of `report_id`.
    """

    check_id: str
    report_id: str
    kind: str
    verdict: str
    members: list[MemberView] = field(default_factory=list)
    origin: str = "text"
    cue: str = ""
    cues: list[tuple[int, int]] = field(default_factory=list)
    stated_low: str = ""
    stated_high: str = ""
    computed_low: str = ""
    computed_high: str = ""
    gap_ulp: str = ""
    fits: str = ""
    flags: str = ""
    message: str = ""
    message_zh: str = ""
    reason: str = ""
    reason_zh: str = ""
    scope_doubt: str = ""
    rule: str = ""
    acknowledgement: str = ""  # why a person has accepted the finding, empty while it is open


@dataclass(slots=True)
class HeadView:
    """One row of the list of reports, with its counts."""

    report_id: str
    title: str
    publisher: str = ""
    place: str = ""
    published_on: date | None = None
    script: str = ""
    uri: str = ""
    sha256: str = ""
    source_id: str = ""
    reader_version: str = ""
    char_count: int = 0
    numerals: int = 0
    figures: int = 0
    digits: int = 0
    accounted_digits: int = 0  # digits of the text that stand in some row: coverage is their share
    checks: dict[str, int] = field(default_factory=dict)  # verdict -> count


@dataclass(slots=True)
class ChangeView:
    """A figure that differs from the version before. `change` is `changed`, `added` or `removed`.

    Offsets are half-open code points into the text of the version they belong to, None where it has no such figure;
    `difference` is exact decimal text, empty unless both are there.
    """

    change_id: str
    change: str
    indicator_text: str = ""
    start_before: int | None = None
    start_after: int | None = None
    quote_before: str = ""
    quote_after: str = ""
    difference: str = ""
    unit: str = ""


@dataclass(slots=True)
class VersionsView:
    """What is told of a report as one version of its page, and what its publisher changed in it.

    `before` and `newest` are ids of reports, empty where this is the first or the newest version.
    """

    version: int
    before: str = ""
    newest: str = ""
    changes: list[ChangeView] = field(default_factory=list)

    @property
    def shown(self) -> list[ChangeView]:
        """The changes that stand on the page."""
        return self.changes[:CHANGES]

    def count(self, change: str) -> int:
        """How many figures were `changed`, `added` or `removed`."""
        return sum(one.change == change for one in self.changes)


@dataclass(slots=True)
class ReportView:
    """One report with its text as received, its numerals in order, and the relations that touch it.

    `versions` is None where its page has no other version.
    """

    head: HeadView
    text: str
    figures: list[FigureView] = field(default_factory=list)
    checks: list[CheckView] = field(default_factory=list)
    versions: VersionsView | None = None


@dataclass(slots=True)
class FindingView:
    """A relation that is broken or cannot be told, with the report it was found in and the text around it."""

    head: HeadView
    check: CheckView
    text: str = ""  # the report's text, for the excerpt


def worst_first(verdicts: set[str]) -> str:
    """The verdict a figure wears: broken if any relation of it is, else holds if any holds, else cannot_tell.

    A figure that one relation confirms is confirmed, even when another relation could not be told.
    """
    for verdict in ("broken", "holds", "cannot_tell"):
        if verdict in verdicts:
            return verdict
    return "unchecked"


def colour_figures(report_id: str, figures: list[FigureView], checks: list[CheckView]) -> None:
    """Set each figure's verdict from the relations it takes part in."""
    of: dict[int, set[str]] = {}
    for check in checks:
        for member in check.members:
            if member.report_id == report_id:
                of.setdefault(member.start, set()).add(check.verdict)
    for figure in figures:
        figure.verdict = worst_first(of.get(figure.start, set()))


def tally(verdicts: Iterable[str]) -> dict[str, int]:
    """How often each verdict stands."""
    counts = dict.fromkeys(VERDICTS, 0)
    for verdict in verdicts:
        counts[verdict] += 1
    return counts


def added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of such counts."""
    total = dict.fromkeys(VERDICTS, 0)
    for one in counts:
        for verdict in VERDICTS:
            total[verdict] += one.get(verdict, 0)
    return total
