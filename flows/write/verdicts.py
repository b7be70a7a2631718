"""Verdicts as rows of text for the warehouse; None is null."""

from collections.abc import Mapping

from flows.record import Claim, Figure, Verdict
from flows.write.numbers import decimal_text, exact_text

_NUMBERS = ("stated_low", "stated_high", "computed_low", "computed_high", "gap_ulp")
_EXACT_NUMBERS = tuple(f"{number}_exact" for number in _NUMBERS)

#: The columns of `int_verdicts`, in order.
VERDICTS = (
    "claim_id",
    "verdict",
    "flags",
    "fits",
    "message",
    "message_zh",
    "reason",
    "reason_zh",
    "figures",
    "figures_as_read",
    "verdict_as_read",
    "verdict_corrected",
    *_NUMBERS,
    *_EXACT_NUMBERS,
    "input_hash",
)


def verdict_row(claim_id: str, claim: Claim, verdict: Verdict, figures: Mapping[str, Figure]) -> dict[str, str | None]:
    """The row of one verdict; what depends on corrections and versions is left as the verdict itself."""
    shown = figures_text(claim, figures) or None
    numbers = [getattr(verdict, number) for number in _NUMBERS]
    row = {
        "claim_id": claim_id,
        "verdict": verdict.verdict,
        "flags": ";".join(verdict.flags) or None,
        "fits": verdict.fits or None,
        "message": verdict.message or None,
        "message_zh": verdict.message_zh or None,
        "reason": verdict.reason or None,
        "reason_zh": verdict.reason_zh or None,
        "figures": shown,
        "figures_as_read": shown,
        "verdict_as_read": verdict.verdict,
        "verdict_corrected": verdict.verdict,
    }
    for number, value in zip(_NUMBERS, numbers, strict=True):
        row[number] = None if value is None else decimal_text(value)
    for number, value in zip(_EXACT_NUMBERS, numbers, strict=True):
        row[number] = None if value is None else exact_text(value)
    return row


def figures_text(claim: Claim, figures: Mapping[str, Figure]) -> str:
    """The figures of a claim by what they say, not where they stand: `1451例 = 1236例; 179例`.

    The result goes first; operands are sorted, since their order in the text does not matter.
    """
    result = _said(figures.get(claim.result)) if claim.result else ""
    operands = "; ".join(sorted(_said(figures.get(name)) for name in claim.operands))
    return f"{result} = {operands}" if result and operands else result or operands


def _said(figure: Figure | None) -> str:
    if figure is None:
        return "?"
    if figure.value is None:
        return figure.period_start.isoformat() if figure.period_start is not None else figure.quote
    sign = "-" if figure.direction == "down" and figure.value > 0 else ""
    return f"{sign}{exact_text(figure.value)}{figure.unit}"
