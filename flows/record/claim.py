"""What a report, the catalogue or a series says must agree."""

from dataclasses import dataclass, field
from fractions import Fraction

from flows.record.span import Span

#: kind -> what is tested. r is the result figure, o[i] the operands in order, w[i] their weights, p the parameters.
KINDS: dict[str, str] = {
    "sum": "r = sum w[i] o[i]  (weights default to 1; 各3例 has the list length, 核減 has -1)",
    "open_list": "every o[i] <= r and sum o[i] <= r (主要, 等, 包括)",
    "share": "r = p.scale * o[0] / o[1]  (scale 100 for %, 1000 for per mille, 10 for 成); p.rest: / (o[0] + o[1]);"
    " p.left: 1 - o[0] / o[1]",
    "granularity": "some whole k has p.scale * k / o[0] = r",
    "complement": "sum o[i] = 100; no result",
    "stock_identity": "r = sum w[i] o[i]  (累計 = 已 + 正在)",
    "net_flow": "r = sum w[i] o[i]  (o[0] the opening level, then flows)",
    "cumulative": "r >= o[0]  (a later cumulative figure is not below the earlier)",
    "difference": "r = o[0] - o[1]; p.absolute: |o[0] - o[1]|",
    "growth": "r = 100 (o[0] / o[1] - 1), o[0] the new level; the sign of r from its direction",
    "growth_from_increment": "r = 100 o[1] / (o[0] - o[1]), o[0] the new level, o[1] the signed increment",
    "average_growth": "(1 + r/100)^p.years = o[0] / o[1]",
    "pp_change": "r = p.sign * (o[0] - o[1]), percentage points; o[0] the new rate; with o[2:6] (part, whole of each)"
    " also r = p.sign * 100 (o[2] / o[3] - o[4] / o[5])",
    "contribution": "r = sum w[i] o[i], percentage points",
    "average": "r = o[0] / o[1]  (total, count), in base units times p.scale where given",
    "product": "r = product o[i]",
    "multiple": "r = o[0] / o[1] - p.minus (0, or 1 for 增長n倍); p.doublings: o[0] / o[1] = 2^r",
    "ratio": "r = p.scale * o[0] / o[1]  (scale 1 or 100)",
    "subset": "every o[i] <= r  (r the whole)",
    "range": "p.low <= r <= p.high; no operands",
    "order": "o[0] > o[1]; p.strict, no result",
    "between": "min o <= r <= max o",
    "unit_equal": "r = p.factor * o[0], in the printed units' values",
    "duplicate": "r and o[0] have a value in common",
    "restatement": "r and o[0] have a value in common; p.change: r = o[0] + change",
    "date_order": "o[0] <= o[1], calendar dates; no result; p.first and p.last of any year where none is told",
    "date_span": "r = days from o[0] to o[1], or of the period o[0] alone; p.inclusive; p.first, p.last as above",
}


@dataclass(slots=True)
class Claim:
    """A relation that figures must satisfy. Figures are named by their `figure_id`, `<report_id>#<start>`.

    `origin` is `text`, `catalogue` or `series`. `cues` are the words that say so (spans in the report of the
    result, or of the first operand where there is none). `scope_doubt` says in words why the relation may not
    apply: with it a verdict can only be `holds` or `cannot_tell`.
    `parameters` hold exact numbers as strings ("1/15") and booleans as "true" and "false".
    """

    kind: str
    result: str  # figure_id, or empty
    operands: list[str]
    weights: list[Fraction] = field(default_factory=list)
    origin: str = "text"
    cues: list[Span] = field(default_factory=list)
    parameters: dict[str, str] = field(default_factory=dict)
    scope_doubt: str = ""
    rule: str = ""


@dataclass(slots=True)
class Verdict:
    """What exact arithmetic says of a claim.

    `verdict` is `holds`, `broken` or `cannot_tell`. Intervals are in the unit of the result (base units where the
    members' units differ); None is unbounded. `gap_ulp` is the distance between the intervals in units of the last
    place of the result, None where they meet. `flags` holds `boundary` (closed and half-open ends disagree) and
    `only_if_truncated`. `fits` is the interval of results that would agree, as text, e.g. "6986" or "[98.1, 98.2]".
    `message` is one line a person would write, e.g. "21 + 362 + 2170 + 4433 = 6986 ✓"; `message_zh` and `reason_zh`
    say the same in Chinese.
    """

    verdict: str
    stated_low: Fraction | None = None
    stated_high: Fraction | None = None
    computed_low: Fraction | None = None
    computed_high: Fraction | None = None
    gap_ulp: Fraction | None = None
    flags: list[str] = field(default_factory=list)
    fits: str = ""
    message: str = ""
    reason: str = ""  # why it cannot be told
    message_zh: str = ""
    reason_zh: str = ""


@dataclass(slots=True)
class Suspect:
    """A figure whose change alone would repair broken relations, and the value that would fit."""

    figure_id: str
    rank: int
    repairs: int  # how many broken relations it would mend
    breaks: int  # how many sound ones it would break
    suggested: str  # the value that fits, as printed digits
    slip: str  # digit, transposition, dropped_digit, extra_digit, scale_word, other
