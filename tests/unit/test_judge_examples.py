"""Intervals, printed figures, suspects and joint feasibility, by example."""

from fractions import Fraction

import pytest

from flows.judge import (
    Fact,
    Interval,
    is_percent_of,
    judge_claims,
    judge_jointly,
    judge_summation,
    possible_counts,
    suspects,
)
from flows.record import Claim, Figure

F = Fraction


def printed(text: str, unit: str = "", place: str = "") -> Figure:
    """A figure as printed; `place` is its last place where it is rounded."""
    value = F(text)
    half = F(place) / 2 if place else F(0)
    figure = Figure(0, len(text), len(text), text, "percent" if unit == "%" else "quantity", value)
    figure.low, figure.high, figure.ulp, figure.unit = value - half, value + half, F(place or 1), unit
    return figure


def known(*figures: Figure) -> dict[str, Figure]:
    for place, figure in enumerate(figures):
        figure.start += 10 * place
        figure.end += 10 * place
        figure.numeral_end += 10 * place
    return {str(place): figure for place, figure in enumerate(figures)}


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (Interval(F(0), F(1)).multiplied(Interval(F(1), None)), Interval(F(0), None, True, False)),
        (Interval(F(0), F(1), False).multiplied(Interval(F(1), None)), Interval(F(0), None, False, False)),
        (Interval(F(-2), F(3)).power(2), Interval(F(0), F(9))),
        (Interval(F(1), F(2), True, False).times(-1), Interval(F(-2), F(-1), False, True)),
        (Interval(F(2), None).inverted(), Interval(F(0), F(1, 2), False, True)),
        (Interval(F(-1), F(1)).inverted(), None),
        (Interval(F(-3), F(2), False).absolute(), Interval(F(0), F(3), True, False)),
    ],
)
def test_interval(got: Interval | None, wanted: Interval | None) -> None:
    assert got == wanted


def test_an_exponent_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="exponent is 0"):
        Interval(F(1), F(2)).power(0)


def test_an_open_end_is_no_common_member() -> None:
    assert not Interval(None, F(800), True, False).meets(Interval(F(800), F(800)))
    assert Interval(None, F(800), True, False).touches_only(Interval(F(800), F(800)))


@pytest.mark.parametrize(
    ("truncates", "total", "part", "verdict"),
    [
        (False, Fact("10", 0), [Fact("9", 0)], "consistent"),  # 9.5 rounds to both
        (True, Fact("10", 0), [Fact("9", 0)], "inconsistent"),  # cut off, 9.99… is no 10
        (False, Fact("10", None), [Fact("9", 0)], "inconsistent"),
        (False, Fact("2", 0), [Fact("2", 0), Fact("3", 0)], "inconsistent_duplicates"),
        (False, Fact("2", 0), [Fact("2", 0), Fact("2.4", 1)], "consistent"),
        (True, Fact("0", -1), [Fact("-9", 0)], "consistent"),
    ],
)
def test_summation(truncates: bool, total: Fact, part: list[Fact], verdict: str) -> None:
    assert judge_summation([total], [(F(1), part)], truncates=truncates).verdict == verdict


def test_counts_behind_a_printed_mean() -> None:
    assert list(possible_counts("5.21", 28)) == [146]
    assert not possible_counts("5.19", 28)
    assert list(possible_counts("0.150", 120, items=3)) == [54]
    assert list(possible_counts("36.3", 80, scale=100)) == [29]
    with pytest.raises(ValueError, match="whole is 0"):
        possible_counts("5.19", 0)


def test_percent_of_counts() -> None:
    assert is_percent_of("36.3", 29, 80)
    assert not is_percent_of("36.4", 29, 80)
    with pytest.raises(ValueError, match="whole is 0"):
        is_percent_of("36.4", 29, 0)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="kind is 'guess'"):
        judge_claims([Claim("guess", "", [])], {})


def test_scope_in_doubt_never_breaks() -> None:
    figures = known(printed("4"), printed("1"), printed("2"))
    verdict = judge_claims([Claim("sum", "0", ["1", "2"], scope_doubt="open list")], figures)[0]
    assert (verdict.verdict, verdict.reason) == ("cannot_tell", "open list")
    assert verdict.gap_ulp == 1


def test_base_units_where_units_differ() -> None:
    tonnes, kilos = printed("3"), printed("3000")
    tonnes.unit, tonnes.base_unit, tonnes.base_value = "噸", "公斤", F(3000)
    kilos.unit, kilos.base_unit, kilos.base_value = "公斤", "公斤", F(3000)
    verdict = judge_claims([Claim("duplicate", "0", ["1"])], known(tonnes, kilos))[0]
    assert (verdict.verdict, verdict.stated_low) == ("holds", 3000)


def test_a_transposition_is_named_first() -> None:
    figures = known(printed("675"), printed("7"), printed("565"), printed("130"))
    claims = [Claim("sum", "0", ["1", "2", "3"])]
    first = suspects(claims, judge_claims(claims, figures), figures)[0]
    assert (first.figure_id, first.suggested, first.slip) == ("3", "103", "transposition")


def test_the_figure_that_mends_most_is_named_first() -> None:
    # 4557 households in both shares: one change mends both
    figures = known(printed("61.8", "%", "0.1"), printed("58.6", "%", "0.1"), printed("2816"), printed("2670"))
    figures["4"] = printed("4657")
    claims = [Claim("share", "0", ["2", "4"]), Claim("share", "1", ["3", "4"])]
    verdicts = judge_claims(claims, figures)
    assert [verdict.verdict for verdict in verdicts] == ["broken", "broken"]
    first = suspects(claims, verdicts, figures)[0]
    assert (first.figure_id, first.repairs, first.slip) == ("4", 2, "digit")


def test_nothing_is_blamed_where_all_is_sound() -> None:
    figures = known(printed("3"), printed("1"), printed("2"))
    claims = [Claim("sum", "0", ["1", "2"])]
    assert suspects(claims, judge_claims(claims, figures), figures) == []


def test_three_totals_that_hold_in_pairs_only() -> None:
    figures = known(*(printed(text, place="0.1") for text in ("3.3", "3.3", "3.4", "6.7", "6.6", "6.6")))
    claims = [Claim("sum", "3", ["0", "1"]), Claim("sum", "4", ["0", "2"]), Claim("sum", "5", ["1", "2"])]
    assert {verdict.verdict for verdict in judge_claims(claims, figures)} == {"holds"}
    outcome = judge_jointly([*claims, Claim("subset", "3", ["0"])], figures)
    assert (outcome.feasible, outcome.conflict) == (False, [0, 1, 2])
    figures["3"] = printed("6.6", place="0.1")
    assert judge_jointly(claims, figures).feasible


def test_doubtful_and_missing_claims_are_left_out_of_the_joint_verdict() -> None:
    figures = known(printed("4"), printed("1"), printed("2"))
    claims = [Claim("sum", "0", ["1", "2"], scope_doubt="open list"), Claim("sum", "0", ["1", "9"])]
    outcome = judge_jointly(claims, figures)
    assert (outcome.feasible, outcome.left_out) == (True, [0, 1])


def test_an_open_bound_makes_a_joint_conflict() -> None:
    figures = known(printed("800"), printed("500"), printed("300"))
    figures["0"].low, figures["0"].high_closed = None, False
    assert not judge_jointly([Claim("sum", "0", ["1", "2"])], figures).feasible
