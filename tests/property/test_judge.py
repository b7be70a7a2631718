"""What holds of every verdict, whatever the numbers."""

from dataclasses import replace
from fractions import Fraction
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.judge import Interval, joint, joint_conflicts, judge_claim, judge_claims, judge_jointly, suspects
from flows.record import KINDS, Claim, Figure

settings.register_profile("untimed", deadline=None)  # how long an example takes decides nothing
settings.load_profile("untimed")

ALIKE = (
    "sum",
    "net_flow",
    "difference",
    "subset",
    "cumulative",
    "duplicate",
    "share",
    "growth",
    "ratio",
    "between",
)
places = st.sampled_from([Fraction(1, 100), Fraction(1, 10), Fraction(1), Fraction(10000)])


@st.composite
def figures_of(draw: st.DrawFn, sizes: tuple[int, int] = (2, 5)) -> list[Figure]:
    made = []
    for _ in range(draw(st.integers(*sizes))):
        ulp = draw(places)
        value = draw(st.integers(0, 3000)) * ulp
        figure = Figure(0, 0, 0, "", "quantity", value, value, value, ulp=ulp)
        match draw(st.sampled_from(["count", "rounded", "half_open", "open"])):
            case "rounded":
                figure.low, figure.high = value - ulp / 2, value + ulp / 2
            case "half_open":
                figure.low, figure.high, figure.high_closed = value, value + ulp, False
            case "open":
                figure.low, figure.high = value - ulp, value + ulp
                figure.low_closed = figure.high_closed = False
        made.append(figure)
    return made


def claim_on(kind: str, figures: list[Figure]) -> tuple[Claim, dict[str, Figure]]:
    names = [f"r#{i}" for i in range(len(figures))]
    operands = names[1:3] if kind in ("difference", "share", "growth", "ratio") else names[1:]
    return Claim(kind, names[0], operands), dict(zip(names, figures, strict=True))


@given(st.sampled_from(ALIKE), figures_of((3, 5)), st.integers(0, 4), st.integers(0, 50), st.integers(0, 50))
def test_widening_an_interval_never_breaks_a_relation(
    kind: str, figures: list[Figure], which: int, below: int, above: int
) -> None:
    claim, known = claim_on(kind, figures)
    before = judge_claim(claim, known).verdict
    name = f"r#{which % len(figures)}"
    figure = known[name]
    assert figure.low is not None
    assert figure.high is not None
    known[name] = replace(figure, low=figure.low - below, high=figure.high + above, low_closed=True, high_closed=True)
    after = judge_claim(claim, known).verdict
    assert not (before == "holds" and after == "broken")


@given(st.sampled_from(ALIKE), figures_of((3, 5)), st.integers(-6, 8))
def test_scaling_every_figure_changes_nothing(kind: str, figures: list[Figure], power: int) -> None:
    factor = Fraction(10) ** power
    claim, known = claim_on(kind, figures)
    # the result of a quotient is a pure number, which does not grow with its operands
    fixed = {claim.result} if kind in ("share", "growth", "ratio") else set()
    scaled = {name: figure if name in fixed else times(figure, factor) for name, figure in known.items()}
    first, second = judge_claim(claim, known), judge_claim(claim, scaled)
    assert (first.verdict, first.flags, first.gap_ulp) == (second.verdict, second.flags, second.gap_ulp)


def times(figure: Figure, factor: Fraction) -> Figure:
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.ulp is not None
    return replace(
        figure,
        value=figure.value * factor,
        low=figure.low * factor,
        high=figure.high * factor,
        ulp=figure.ulp * factor,
    )


@given(st.sampled_from(["sum", "subset", "between"]), figures_of((3, 6)), st.randoms(use_true_random=False))
def test_the_order_of_operands_does_not_matter(kind: str, figures: list[Figure], chance: object) -> None:
    claim, known = claim_on(kind, figures)
    mixed = list(claim.operands)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = judge_claim(claim, known), judge_claim(replace(claim, operands=mixed), known)
    assert (first.verdict, first.computed_low, first.computed_high, first.flags, first.gap_ulp) == (
        second.verdict,
        second.computed_low,
        second.computed_high,
        second.flags,
        second.gap_ulp,
    )


@settings(max_examples=400)
@given(st.sampled_from(ALIKE), figures_of((3, 6)), st.lists(st.integers(-2, 3), min_size=6, max_size=6))
def test_the_fast_engine_agrees_with_the_rational_one(kind: str, figures: list[Figure], weights: list[int]) -> None:
    claim, known = claim_on(kind, figures)
    if kind in ("sum", "net_flow"):
        claim.weights = [Fraction(weight) for weight in weights[: len(claim.operands)]]
    assert judge_claims([claim], known, explain=False) == [judge_claim(claim, known, explain=False)]
    assert judge_claims([claim], known) == [judge_claim(claim, known)]


@given(figures_of((3, 4)))
def test_a_mend_really_mends(figures: list[Figure]) -> None:
    claim, known = claim_on("sum", figures)
    verdicts = judge_claims([claim], known)
    for suspect in suspects([claim], verdicts, known):
        assert suspect.repairs == 1
        assert verdicts[0].verdict == "broken"


@given(figures_of((3, 5)))
def test_one_claim_holds_alone_exactly_when_it_holds_jointly(figures: list[Figure]) -> None:
    claim, known = claim_on("sum", figures)
    assert judge_jointly([claim], known).feasible == (judge_claim(claim, known).verdict == "holds")


numbers = st.integers(-20, 20).map(lambda n: Fraction(n, 4))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(numbers), draw(numbers)))
    if low == high:
        return Interval(low, high)
    return Interval(low, high, draw(st.booleans()), draw(st.booleans()))


@given(intervals(), intervals(), st.integers(0, 8), st.integers(0, 8))
def test_an_image_holds_what_its_members_give(a: Interval, b: Interval, i: int, j: int) -> None:
    x, y = member(a, i), member(b, j)
    assert a.plus(b).contains(x + y)
    assert a.minus(b).contains(x - y)
    assert a.multiplied(b).contains(x * y)
    assert a.power(2).contains(x * x)
    assert a.absolute().contains(abs(x))
    assert a.hull(b).contains(x)
    quotient = a.divided(b)
    if quotient is not None and y != 0:
        assert quotient.contains(x / y)
    assert a.meets(b) == (not a.intersected(b).is_empty)


def member(interval: Interval, eighths: int) -> Fraction:
    assert interval.low is not None
    assert interval.high is not None
    wanted = interval.low + (interval.high - interval.low) * Fraction(eighths, 8)
    return wanted if interval.contains(wanted) else (interval.low + interval.high) / 2


@st.composite
def any_claims(draw: st.DrawFn) -> tuple[list[Claim], dict[str, Figure]]:
    """Claims of any kind over any figures, whether or not they fit each other: some figures are not there."""
    figures = {f"r#{i}": figure for i, figure in enumerate(draw(figures_of((1, 4))))}
    for figure in figures.values():
        figure.unit = draw(st.sampled_from(["", "%", "例", "畝", "公斤", "‰", "天"]))
        figure.direction = draw(st.sampled_from(["", "down", "up"]))
        match draw(st.sampled_from(["whole", "low", "high", "none"])):
            case "low":
                figure.high = None
            case "high":
                figure.low = None
            case "none":
                figure.value = figure.low = figure.high = figure.ulp = None
    names = st.sampled_from([*figures, "r#missing"])
    made = []
    for _ in range(draw(st.integers(1, 3))):
        operands = draw(st.lists(names, max_size=4))
        weights = draw(st.sampled_from([[], [Fraction(-2)] * len(operands), [Fraction(1)]]))
        claim = Claim(draw(st.sampled_from(list(KINDS))), draw(st.sampled_from(["", *figures])), operands, weights)
        keys = st.sampled_from(["scale", "low", "high", "sign", "years", "factor", "change", "minus", "doublings"])
        values = st.sampled_from(["1", "0", "-1", "1/15", "1/0", "x", "true", "100", "1000000000", "1e300", ""])
        claim.parameters = draw(st.dictionaries(keys, values, max_size=2))
        claim.scope_doubt = draw(st.sampled_from(["", "another scope"]))
        made.append(claim)
    return made, figures


@settings(max_examples=400)
@given(any_claims())
def test_any_claim_gets_a_verdict(made: tuple[list[Claim], dict[str, Figure]]) -> None:
    claims, figures = made
    verdicts = judge_claims(claims, figures)
    for claim, verdict in zip(claims, verdicts, strict=True):
        assert verdict.verdict in ("holds", "broken", "cannot_tell")
        assert bool(verdict.reason) == bool(verdict.reason_zh) == (verdict.verdict == "cannot_tell")
        assert bool(verdict.message) == bool(verdict.message_zh)
        assert verdict.verdict == "cannot_tell" or verdict.message
        assert not (claim.scope_doubt and verdict.verdict == "broken")
    fast = judge_claims(claims, figures, explain=False)
    assert [
        (v.verdict, v.stated_low, v.stated_high, v.computed_low, v.computed_high, v.gap_ulp, v.flags) for v in fast
    ] == [
        (v.verdict, v.stated_low, v.stated_high, v.computed_low, v.computed_high, v.gap_ulp, v.flags) for v in verdicts
    ]
    assert verdicts == [judge_claim(claim, figures) for claim in claims]
    suspects(claims, verdicts, figures)
    conflicts = joint_conflicts(claims, figures)
    with patch.object(joint, "_has_no_doubt", return_value=False):  # without the quick look at what is printed
        assert conflicts == joint_conflicts(claims, figures)
    outcome = judge_jointly(claims, figures)
    assert outcome.feasible == (not outcome.conflict)


@given(figures_of((3, 5)), st.randoms(use_true_random=False))
def test_a_conflict_needs_each_of_its_claims(figures: list[Figure], chance: object) -> None:
    names = [f"r#{i}" for i in range(len(figures))]
    known = dict(zip(names, figures, strict=True))
    claims = [Claim("sum", *_mixed(names, chance)) for _ in range(4)]
    claims = [claim for claim in claims if judge_claim(claim, known).verdict == "holds"]
    conflict = judge_jointly(claims, known).conflict
    for left_out in conflict:
        rest = [claims[place] for place in conflict if place != left_out]
        assert judge_jointly(rest, known).feasible


def _mixed(names: list[str], chance: object) -> tuple[str, list[str]]:
    first, *others = chance.sample(names, 3)  # type: ignore[attr-defined]
    return first, others


@given(figures_of((2, 5)))
def test_every_figure_that_says_the_same_is_compared_with_every_other(figures: list[Figure]) -> None:
    names = [f"r#{i}" for i in range(len(figures))]
    known = dict(zip(names, figures, strict=True))
    together = judge_claim(Claim("duplicate", names[0], names[1:]), known).verdict
    in_pairs = {
        judge_claim(Claim("duplicate", a, [b]), known).verdict for i, a in enumerate(names) for b in names[i + 1 :]
    }
    assert (together == "broken") == ("broken" in in_pairs)
