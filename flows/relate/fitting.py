"""Results that a cue word announces and no rule could explain: units and roles name candidates, arithmetic chooses.

Rules know the words between figures, and texts of another hand put others there. But a total, a mean, a rate, a change
or a balance says what it is by a word of its own, and its operands stand near it in units that fit. So, last of all,
each such figure that is the result of no claim yet is tried with them. What agrees is claimed where it is no chance:
the number of trials times the chance that unrelated figures agree must be small, so that more trials need more digits.
What is one slip from agreeing is claimed of the one natural reading alone, and by the same reckoning.

Whoever looks for more relations adds a form to the table, not a rule (docs/decisions/0018).
"""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from flows.record import Claim
from flows.relate.averages import AVERAGE
from flows.relate.candidates import (
    FAR,
    WITHDRAWN,
    Beside,
    Trial,
    beside,
    is_beside_the_point,
    of_all_classes,
    of_balances,
    of_classes,
    of_leads,
    of_lists,
    of_means,
    of_rates,
    of_shares,
    of_steps,
    of_wholes,
)
from flows.relate.cues import cues, worded
from flows.relate.fits import Bounds, meets
from flows.relate.levels import cue_before
from flows.relate.reading import Item, Passage, Reading

#: What the trials of a result may come to, all together, as the chance that figures that have nothing to do with each
#: other agree: for quotients, and for what a reader would take first; for sums, which are tried of figures that are of
#: a size; for rates of what a part leaves, whose chance is reckoned by the little that they leave; for what a slip
#: explains, and for the slip of a reading that has no other beside it.
_CHANCE = Fraction(1, 8)
_CHANCE_OF_SUM = Fraction(1, 16)
_CHANCE_OF_REST = Fraction(1, 4)
_CHANCE_OF_SLIP = Fraction(1, 25)
_CHANCE_OF_SOLE_SLIP = Fraction(1, 6)
#: Any two short numbers are one slip apart.
_LEAST_DIGITS = 3
#: So many numbers are one slip away from a digit of a number: nine others, dropped, or swapped with the next.
_SLIPS_A_DIGIT = 11

_NONE: frozenset[str] = frozenset()
_PRODUCT = frozenset({"product"})
_LINEAR = frozenset({"sum", "stock_identity", "net_flow", "difference", "product"})
#: What explains no figure.
_SIMPLE = frozenset({"subset", "duplicate", "open_list", "range", "order", "cumulative", "date_order", "date_span"})
_QUOTIENTS = frozenset({"share", "ratio", "average", "growth", "growth_from_increment", "multiple"})


class Form(NamedTuple):
    """Which figures are results of a form (role, cue word, no such word), what explains them already, what is tried."""

    name: str
    role: str
    cue: "re.Pattern[str]"
    unless: "re.Pattern[str] | None"
    explained: frozenset[str]  # by claims of these kinds of which it is the result
    also: frozenset[str]  # or a member
    tries: Callable[[Beside], Iterator[Trial]]


@lru_cache(maxsize=1)
def forms() -> tuple[Form, ...]:
    """The forms, in the order in which they are tried."""
    classes, moved = cues("fitting", "classes"), worded(r"<fitting.growth>|<fitting.change>")
    return (
        Form("mean", "quantity", AVERAGE, None, _QUOTIENTS | {"sum"}, _PRODUCT, of_means),
        Form("total", "quantity", cues("fitting", "total"), None, _LINEAR, _PRODUCT, of_lists),
        Form("balance", "quantity", cues("fitting", "balance"), None, _LINEAR, _LINEAR, of_balances),
        Form("lead", "quantity", cues("fitting", "lead"), None, _LINEAR, _LINEAR, of_leads),
        Form("parts", "quantity", cues("fitting", "parts"), None, _NONE, _LINEAR, of_wholes),
        Form("change", "quantity", cues("fitting", "change"), cues("fitting", "flow"), _LINEAR, _LINEAR, of_steps),
        Form("share", "rate", cues("fitting", "share"), moved, _QUOTIENTS | {"sum"}, _NONE, of_shares),
        Form("growth", "rate", cues("fitting", "growth"), None, _QUOTIENTS, _NONE, of_rates),
        Form("all_classes", "rate", classes, moved, _LINEAR, _LINEAR | {"complement"}, of_all_classes),
        Form("classes", "rate", classes, None, _QUOTIENTS | _LINEAR, _LINEAR, of_classes),
    )


def relate_fitting(reading: Reading, passages: list[Passage]) -> None:
    """Claims of the figures of `passages` that a cue word makes a result and that no claim of the form explains."""
    claimed, announcing = _claimed(reading), _announcing()
    for passage in passages:
        for item in passage.items:
            if announcing.isdisjoint(item.words):
                continue
            own = f"{reading.report_id}#{item.start}"
            for form in forms():
                if item.role != form.role or not _is_told(form, item) or not item.digits:
                    continue
                explaining = [
                    claim
                    for claim in claimed.get(item.start, ())
                    if claim.kind in (form.explained if claim.result == own else form.also)
                ]
                if any(claim.kind not in WITHDRAWN for claim in explaining):
                    continue
                view = beside(passage, item)
                trial = _chosen(item, list(form.tries(view)))
                if trial is None or (explaining and not _meets(trial)):
                    continue
                if not all(is_beside_the_point(claim, view, trial) for claim in explaining):
                    continue
                for claim in explaining:
                    reading.withdraw(claim)
                if _claim(passage, form, item, trial):
                    break


def _claimed(reading: Reading) -> dict[int, list[Claim]]:
    """The claims by their members."""
    found: dict[int, list[Claim]] = {}
    for claim in reading.claims:
        if claim.kind in _SIMPLE:
            continue
        for name in (claim.result, *claim.operands):
            if name:  # a list of all shares has no result
                found.setdefault(int(name.rpartition("#")[2]), []).append(claim)
    return found


@lru_cache(maxsize=1)
def _announcing() -> frozenset[str]:
    """Characters of which the words of every result have one: what most figures are told without."""
    words = "|".join(form.cue.pattern for form in forms() if form.cue is not AVERAGE).split("|")
    return frozenset(word[0] for word in words) | frozenset("均每单亩")


def _is_told(form: Form, item: Item) -> bool:
    words = item.words if form.name == "lead" else item.label  # 以24票之差: the word stands behind
    return form.cue.search(words) is not None and (form.unless is None or form.unless.search(item.label) is None)


def _chosen(result: Item, trials: list[Trial]) -> Trial | None:
    """The first trial that agrees, or that a slip explains, where that is no chance."""
    natural = [trial for trial in trials if trial.natural]
    for tried in (natural, trials):
        for trial in tried:
            most = _CHANCE_OF_SUM if trial.kind in _LINEAR and not trial.natural else _CHANCE
            if trial.room is not None:
                most = _CHANCE_OF_REST
            if _meets(trial) and len(tried) * _chance(trial.whole or result, trial) <= most:
                return trial
    if any(_meets(trial) for trial in trials) or any((t.whole or result).digits < _LEAST_DIGITS for t in natural):
        return None
    slipped = [trial for trial in natural if trial.slips()]
    if len(slipped) != 1:
        return None
    most = _CHANCE_OF_SOLE_SLIP if len(natural) == 1 else _CHANCE_OF_SLIP
    return slipped[0] if len(natural) * _chance_of_slip(slipped[0].whole or result, slipped[0]) <= most else None


def _meets(trial: Trial) -> bool:
    return trial.image != (None, None) and meets(trial.stated, trial.image)


def _width(ends: Bounds) -> Fraction | None:
    return None if ends[0] is None or ends[1] is None else ends[1] - ends[0]


def _chance(result: Item, trial: Trial) -> Fraction:
    """The chance that figures without relation agree as this trial does: how much of the numbers up to the printed one
    would agree."""
    stated, image = _width(trial.stated), _width(trial.image)
    size = _size(trial.stated) if trial.room is None else trial.room
    if stated is None or image is None or not size:
        return Fraction(1)
    step = (result.figure.ulp or Fraction(1)) * (result.factor if result.role == "quantity" else 1)
    return (max(stated, step) + image) / size


def _size(ends: Bounds) -> Fraction:
    return max((abs(end) for end in ends if end is not None), default=Fraction(0))


def _chance_of_slip(result: Item, trial: Trial) -> Fraction:
    """The chance that figures without relation are a slip apart, or as near as these are: the smaller of the two."""
    size = _size(trial.stated)
    if not size or None in trial.stated or None in trial.image:
        return Fraction(1)
    low, high = trial.image
    gap = max((low or 0) - (trial.stated[1] or 0), (trial.stated[0] or 0) - (high or 0), Fraction(0))
    if gap > size * FAR:
        return Fraction(1)
    near = 2 * gap / size
    slips = Fraction(0)
    for item in (result, *trial.operands):
        places = abs(Fraction(item.figure.value or 0)) / Fraction(item.figure.ulp or 1)
        slips += Fraction(_SLIPS_A_DIGIT * item.digits) / max(places, Fraction(1))
    return min(near, slips)


def _claim(passage: Passage, form: Form, result: Item, trial: Trial) -> bool:
    cue = cue_before(passage, form.cue, result)
    reading = passage.reading
    whole = None if trial.kind == "complement" else trial.whole or result
    kept = reading.add(
        trial.kind,
        whole,
        trial.operands,
        [cue],
        weights=trial.weights,
        parameters=dict(trial.parameters),
        rule=f"fitting.{form.name}",
    )
    if kept and whole is not None and trial.kind == "sum":
        reading.bound.update((whole.start, part.start) for part in trial.operands)
    return kept
