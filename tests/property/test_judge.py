"""What holds of every verdict, whatever the numbers."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.judge import Interval, judge_claim, judge_claims, judge_jointly, suspects
from flows.record import Claim, Figure

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
