"""Claims to verdicts."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from flows.judge.explain import as_printed, fits_text, message
from flows.judge.fast import KINDS_ON_INTEGERS, Scaled, image_as_printed, judged
from flows.judge.interval import EVERYTHING, Interval
from flows.judge.members import CannotTellError, Members, check_shape, interval_of, is_rounded, truncated
from flows.judge.relations import RULES
from flows.judge.say import CHINESE, ENGLISH
from flows.record import KINDS, Claim, Figure, Verdict

_DATE_KINDS = frozenset({"date_order", "date_span"})


def judge_claims(claims: Sequence[Claim], figures: Mapping[str, Figure], *, explain: bool = True) -> list[Verdict]:
    """One verdict for each claim, in order, by exact interval arithmetic.

    `figures` maps figure_id to figure. Without `explain` the `message` and `fits` stay empty, which is
    faster. Raises ValueError for a kind that `flows.record.KINDS` does not know.
    """
    scaled = Scaled(figures)
    return [
        (_judged_fast(claim, scaled, explain) if claim.kind in KINDS_ON_INTEGERS else None)
        or judge_claim(claim, figures, explain=explain)
        for claim in claims
    ]


def _judged_fast(claim: Claim, scaled: Scaled, explain: bool) -> Verdict | None:
    """The verdict on whole numbers, in words if asked for; None to leave the claim to the rational engine."""
    verdict = judged(claim, scaled)
    if verdict is None or not explain:
        return verdict
    members = gather(claim, scaled.figures)
    _, _, _, _, low_closed, high_closed = verdict.image
    computed = Interval(verdict.computed_low, verdict.computed_high, low_closed, high_closed)
    _put_into_words(verdict, members, members.r, computed, lambda: _plainly_fast(members, scaled, computed))
    return verdict


def judge_claim(claim: Claim, figures: Mapping[str, Figure], *, explain: bool = True) -> Verdict:
    """The verdict on one claim. Raises ValueError for an unknown kind."""
    if claim.kind not in RULES:
        raise ValueError(f"kind is {claim.kind!r}: give one of {', '.join(KINDS)}")
    try:
        members = gather(claim, figures)
        stated, computed = RULES[claim.kind](members)
    except CannotTellError as why:
        return Verdict("cannot_tell", reason=str(why), reason_zh=why.why.text(CHINESE) if explain else "")
    return _concluded(members, stated, computed, figures, explain)


def gather(claim: Claim, figures: Mapping[str, Figure], reading: Callable[[Figure], Interval] = interval_of) -> Members:
    """The claim with its figures and what they can mean. Raises CannotTellError where one is missing."""
    check_shape(claim)
    missing = [name for name in [claim.result, *claim.operands] if name and name not in figures]
    if missing:
        raise CannotTellError("no_figure", name=missing[0])
    result = figures[claim.result] if claim.result else None
    operands = [figures[name] for name in claim.operands]
    dated = claim.kind in _DATE_KINDS
    return Members(
        claim,
        result,
        operands,
        EVERYTHING if result is None else _rounded(result, reading) if claim.kind == "average" else reading(result),
        [EVERYTHING if dated else reading(operand) for operand in operands],
    )


def _rounded(mean: Figure, reading: Callable[[Figure], Interval]) -> Interval:
    """What a mean can be: printed as a whole count (日均152人次) it is no count but rounded to one."""
    told = reading(mean)
    if told.is_point and told.low is not None and mean.ulp:
        return Interval(told.low - mean.ulp / 2, told.low + mean.ulp / 2)
    return told


def _concluded(
    members: Members, stated: Interval, computed: Interval, figures: Mapping[str, Figure], explain: bool
) -> Verdict:
    claim = members.claim
    holds = stated.meets(computed)
    verdict = Verdict("holds" if holds else "broken", stated.low, stated.high, computed.low, computed.high)
    if _has_leeway(members) and stated.touches_only(computed):
        verdict.flags.append("boundary")
    if not holds:
        verdict.gap_ulp = stated.distance(computed) / _place(members)
        if _holds_if_truncated(claim, figures):
            verdict.flags.append("only_if_truncated")
        if claim.scope_doubt:
            verdict.verdict, verdict.reason = "cannot_tell", claim.scope_doubt
    if explain:
        _put_into_words(verdict, members, stated, computed, lambda: _plainly(members, figures, computed))
    return verdict


def _put_into_words(
    verdict: Verdict, members: Members, stated: Interval, computed: Interval, plainly: Callable[[], Interval | None]
) -> None:
    verdict.reason_zh = verdict.reason
    verdict.fits = fits_text(members, computed)
    said = message(members, stated, computed, plainly, verdict.verdict)
    verdict.message, verdict.message_zh = said.text(ENGLISH), said.text(CHINESE)


def _has_leeway(members: Members) -> bool:
    """Whether any figure has an end that rounding or a hedge could open; whole counts have none."""
    whole = members.result is None or members.r.is_point
    return not (whole and all(interval.is_point for interval in members.o))


def _place(members: Members) -> Fraction:
    """The last place of the result; of the finest operand if there is none; 1 if none is printed."""
    if members.result is not None:
        return members.result.ulp or Fraction(1)
    return min((operand.ulp for operand in members.operands if operand.ulp), default=Fraction(1))


def _holds_if_truncated(claim: Claim, figures: Mapping[str, Figure]) -> bool:
    """Whether cutting digits off, instead of rounding, explains a difference."""
    names = [name for name in [claim.result, *claim.operands] if name]
    if claim.kind in _DATE_KINDS or not any(is_rounded(figures[name]) for name in names):
        return False
    try:
        stated, computed = RULES[claim.kind](gather(claim, figures, truncated))
    except CannotTellError:
        return False  # the truncated reading alone cannot be judged, so it explains nothing
    return stated.meets(computed)


def _is_as_printed(members: Members) -> bool:
    """Whether the image is reckoned from operands that mean what they print, neither rounded nor hedged."""
    if members.claim.kind not in KINDS_ON_INTEGERS:  # those of others may depend on the result
        return False
    return all(
        (o.low is o.high or o.low == o.high) and (o.low is figure.value or o.low == figure.value)
        for o, figure in zip(members.o, members.operands, strict=True)
    )


def _plainly(members: Members, figures: Mapping[str, Figure], computed: Interval) -> Interval | None:
    """The image of the printed values alone."""
    if _is_as_printed(members):
        return computed
    try:
        return RULES[members.claim.kind](gather(members.claim, figures, as_printed))[1]
    except CannotTellError:
        return None  # a printed 0 divides nothing; the message then shows the interval's end


def _plainly_fast(members: Members, scaled: Scaled, computed: Interval) -> Interval | None:
    """The same on whole numbers, where they serve."""
    return image_as_printed(members.claim, scaled) or _plainly(members, scaled.figures, computed)
