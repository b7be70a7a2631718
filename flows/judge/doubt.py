"""Whether a broken relation tells more of how the words were read than of the figures.

Who misprints a figure strikes a wrong key or reckons a little wrong. Where the figures of a relation are so far apart
that neither explains it, the words more likely relate other figures than those that were taken.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from flows.judge.blame import suspects
from flows.judge.verdicts import judge_claims
from flows.record import Claim, Figure, Verdict

FAR_APART = "further apart than a slip explains: the words may relate other figures"

#: So much of the larger side of a relation lies between its sides, at least.
_FAR = Fraction(2, 5)
#: Any quotient of fewer last places than this is one slip away from any other.
_LEAST = 10
_QUOTIENTS = frozenset({"share", "ratio", "average", "growth", "growth_from_increment"})
#: Kinds whose sides are of a size when they are right. A difference of two numbers that are nearly alike is not.
_OF_A_SIZE = frozenset(
    {"sum", "subset", "share", "ratio", "average", "product", "growth", "growth_from_increment", "complement"}
)


def doubt_far_apart(claims: Sequence[Claim], figures: Mapping[str, Figure]) -> None:
    """Give each claim a `scope_doubt` that the text itself makes, that is broken, by two fifths of the larger side or
    more, and that no slip in one of its figures would mend. The others stay as they are.

    `figures` maps figure_id to figure.
    """
    asked = [claim for claim in claims if claim.kind in _OF_A_SIZE and claim.origin == "text" and not claim.scope_doubt]
    for claim, verdict in zip(asked, judge_claims(asked, figures, explain=False), strict=True):
        if verdict.verdict == "broken" and _is_far(verdict) and not _is_slip(claim, verdict, figures):
            claim.scope_doubt = FAR_APART


def _is_far(verdict: Verdict) -> bool:
    """Whether what lies between the sides is much of the larger one."""
    sides = ((verdict.stated_low, verdict.computed_high), (verdict.computed_low, verdict.stated_high))
    between = [upper - lower for upper, lower in sides if upper is not None and lower is not None]
    ends = [abs(end) for side in sides for end in side if end is not None]
    return bool(between) and max(between) >= _FAR * max(ends)


def _is_slip(claim: Claim, verdict: Verdict, figures: Mapping[str, Figure]) -> bool:
    """Whether one slip explains it, in a number that is long enough to tell."""
    if claim.kind in _QUOTIENTS and _is_short(figures[claim.result]):
        return False
    return any(suspect.slip != "other" for suspect in suspects([claim], [verdict], figures))


def _is_short(figure: Figure) -> bool:
    least = _LEAST * (figure.ulp or Fraction(1))
    return figure.value is None or -least < figure.value < least
