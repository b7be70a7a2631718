"""Measures the judge room against material kept outside the project.

usage: python benchmarks/measure_judge.py [FOLDER]     FOLDER holds cases/*.jsonl; ../shared by default.
Prints one row a measure. A file that is absent is said to be absent; it never counts as passed.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from flows.judge import (
    Fact,
    is_percent_of,
    judge_claim,
    judge_claims,
    judge_jointly,
    judge_summation,
    possible_counts,
    suspects,
)
from flows.record import Claim, Figure

Case = dict[str, Any]
VERDICTS = {"holds": "consistent", "broken": "inconsistent", "cannot_tell": "cannot_tell"}
KIND_NAMES = {"complement100": "complement"}
PARAMETER_NAMES = {"lo": "low", "hi": "high"}


def main(folder: Path) -> int:
    """0 where every present measure reaches its floor."""
    rows = [
        *measured(folder, "calc11_cases", calc11),
        *measured(folder, "grim_cases", grim),
        *measured(folder, "percent_vs_counts_cases", percent_vs_counts),
        *measured(folder, "audit_prose", prose),
        *measured(folder, "audit_joint", joint),
        *speed(),
    ]
    failed = False
    for name, got, floor in rows:
        missed = got is not None and got < floor
        failed = failed or missed
        shown = "absent" if got is None else f"{got:,.0f}" if floor > 1 else f"{got:.2%}"
        needed = f"{floor:,.0f}" if floor > 1 else f"{floor:.0%}"
        print(f"{name:58} {shown:>12}  at least {needed:>8}{'  MISSED' if missed else ''}")
    return int(failed)


def measured(folder: Path, name: str, measure: Any) -> list[tuple[str, float | None, float]]:
    path = folder / "cases" / f"{name}.jsonl"
    if not path.exists():
        return [(f"{name}: {path} is not there", None, 1)]
    return list(measure([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]))


def share_right(name: str, right: list[bool], wrong: list[str], floor: float = 1) -> tuple[str, float, float]:
    for line in wrong:
        print(f"  {name}: {line}")
    return f"{name} ({len(right)})", sum(right) / len(right) if right else 1.0, floor


def calc11(cases: list[Case]) -> Iterator[tuple[str, float, float]]:
    right, wrong = [], []
    for case in cases:
        outcome = judge_summation(
            [fact(row) for row in case["total"]["facts"]],
            [(Fraction(c["weight"]), [fact(row) for row in c["facts"]]) for c in case["contributions"]],
            truncates=case["mode"] == "truncate",
        )
        right.append(outcome.verdict == case["expected"])
        if not right[-1]:
            wrong.append(f"{case['id']} {outcome.verdict}, expected {case['expected']}")
    yield share_right("calc11: verdicts", right, wrong)


def fact(row: Case) -> Fact:
    return Fact(row["value"], None if row["decimals"] == "INF" else int(row["decimals"]))


def grim(cases: list[Case]) -> Iterator[tuple[str, float, float]]:
    right, wrong = [], []
    for case in cases:
        counts = possible_counts(case["reported"], case["n"], items=case["items"], scale=100 if case["percent"] else 1)
        expected_counts = range(case["counts"][0], case["counts"][1] + 1) if case["counts"] else range(0)
        ok = bool(counts) == (case["expected"] == "consistent") and list(counts) == list(expected_counts)
        right.append(ok)
        if not ok:
            wrong.append(f"{case['id']} {counts}, expected {case['expected']} {case['counts']}")
    yield share_right("grim: verdicts and counts", right, wrong)


def percent_vs_counts(cases: list[Case]) -> Iterator[tuple[str, float, float]]:
    right, flagged, wrong = [], [], []
    for case in cases:
        figures = {
            "r": figure(case["percent"], "%", last_place(case["percent"])),
            "a": figure(str(case["part"]), "", None),
            "b": figure(str(case["whole"]), "", None),
        }
        verdict = judge_claims([Claim("share", "r", ["a", "b"])], figures)[0]
        plain = is_percent_of(case["percent"], case["part"], case["whole"])
        right.append(VERDICTS[verdict.verdict] == case["expected"] and plain == (verdict.verdict == "holds"))
        flagged.append(("boundary" in verdict.flags) == case["boundary"])
        if not (right[-1] and flagged[-1]):
            wrong.append(f"{case['id']} {verdict.message} {verdict.flags}, expected {case}")
    yield share_right("percent against counts: verdicts", right, wrong)
    yield share_right("percent against counts: boundary flags", flagged, [])


def last_place(text: str) -> str:
    return str(Fraction(10) ** -len(text.partition(".")[2]))


def figure(value: str, unit: str, ulp: str | None, approx: str = "", *, raw: str = "", start: int = 0) -> Figure:
    """A figure as `find` would read it; `ulp` None for an exact count."""
    numeral = start + len(raw.rstrip("%‰")) if unit in "%‰" else start + len(raw) - trailing_unit(raw)
    made = Figure(start, start + len(raw), numeral, raw, "percent" if unit == "%" else "quantity", unit=unit)
    if unit == "date":
        made.cls, made.period_start = "date", date.fromisoformat(value)
        made.period_end = made.period_start
        return made
    number = Fraction(value)
    made.value, made.ulp = number, Fraction(ulp) if ulp else Fraction(1)
    half = made.ulp / 2 if ulp else Fraction(0)
    made.low, made.high = (number - half, number + half) if half else (number, number)
    match approx:
        case "":
            pass
        case "~":
            leeway = last_figure_place(number) if ulp is None or Fraction(ulp) else Fraction(5)
            made.low, made.high = number - leeway, number + leeway
        case ">=" | ">":
            made.low, made.high, made.low_closed = number, None, approx == ">="
        case "<=" | "<":
            made.low, made.high, made.high_closed = None, number, approx == "<="
        case _:
            raise ValueError(f"approx is {approx!r}: the measure knows ~ >= > <= <")
    return made


def trailing_unit(raw: str) -> int:
    """How many characters after the digits and their scale word are the unit."""
    return len(raw) - len(raw.rstrip("".join(set(raw) - set("0123456789,.千萬万億亿"))))


def last_figure_place(number: Fraction) -> Fraction:
    """The place value of the last digit that is not 0."""
    place = Fraction(1)
    while number % place:
        place /= 10
    while number % (place * 10) == 0:
        place *= 10
    return place


def prose_figures(case: Case) -> dict[str, Figure]:
    return {
        str(i): figure(
            row["value"],
            {"pp": "百分點"}.get(row["unit"], row["unit"]),
            None if row["exact"] else row["ulp"],
            row.get("approx", ""),
            raw=row["raw"],
            start=row["start"],
        )
        for i, row in enumerate(case["figures"])
    }


def prose_claims(case: Case) -> list[Claim]:
    claims = []
    for relation in case["relations"]:
        given = relation.get("params", {})
        parameters = {
            PARAMETER_NAMES.get(key, key): str(value)
            for key, value in given.items()
            if key not in ("weights", "minus1")
        }
        if given.get("minus1"):
            parameters["minus"] = "1"
        result = relation["result_fig"]
        claims.append(
            Claim(
                KIND_NAMES.get(relation["kind"], relation["kind"]),
                "" if result is None else str(result),
                [str(i) for i in relation["operand_figs"]],
                [Fraction(w) for w in given.get("weights", [])],
                parameters=parameters,
            )
        )
    return claims


def prose(cases: list[Case]) -> Iterator[tuple[str, float, float]]:
    right, modes, minimal, first, wrong, misses = [], [], [], [], [], []
    for case in cases:
        figures, claims = prose_figures(case), prose_claims(case)
        verdicts = judge_claims(claims, figures)
        for relation, verdict in zip(case["relations"], verdicts, strict=True):
            right.append(VERDICTS[verdict.verdict] == relation["verdict"])
            if not right[-1]:
                wrong.append(f"{case['id']} {relation['kind']} {verdict}, expected {relation['verdict']}")
            by_mode = relation.get("verdict_by_mode", {}).get("truncate")
            if by_mode and verdict.verdict == "broken":
                modes.append(("only_if_truncated" in verdict.flags) == (by_mode == "consistent"))
        if "perturbed" in case and any(verdict.verdict == "broken" for verdict in verdicts):
            named = suspects(claims, verdicts, figures)
            figure_id = str(case["perturbed"]["figure"])
            ranks = [suspect.figure_id for suspect in named]
            minimal.append(figure_id in ranks)
            first.append(bool(ranks) and ranks[0] == figure_id)
            if not first[-1]:
                misses.append(f"{case['id']} {case['perturbed']} {[(s.figure_id, s.suggested, s.slip) for s in named]}")
    yield share_right("prose: verdicts, relations given", right, wrong)
    yield share_right("prose: only_if_truncated flags", modes, [])
    yield share_right("prose: perturbed figure among repairs", minimal, [], 0.98)
    yield share_right("prose: perturbed figure ranked first", first, misses, 0.8)


def joint(cases: list[Case]) -> Iterator[tuple[str, float, float]]:
    right, wrong = [], []
    for case in cases:
        # each relation names its operands by their words; equal words are taken in the order of the text
        claims, figures = joint_claims(case), prose_figures(case)
        outcome = judge_jointly(claims, figures)
        right.append(outcome.feasible == (case["joint_verdict"] == "consistent"))
        if not right[-1]:
            wrong.append(f"{case['id']} {outcome}")
    yield share_right("joint: verdicts", right, wrong)


def joint_claims(case: Case) -> list[Claim]:
    """The relations of the joint cases: three parts, and the totals of the first two, of 1 and 3, of the last
    two.
    """
    if all("operand_figs" in relation for relation in case["relations"]):
        return prose_claims(case)
    pairs = [(0, 1), (0, 2), (1, 2)]
    return [Claim("sum", str(3 + i), [str(a), str(b)]) for i, (a, b) in enumerate(pairs)]


def speed(count: int = 30_000) -> Iterator[tuple[str, float, float]]:
    """Verdicts per second of processor time, scaling of the figures included, on the frequent kinds."""
    for broken, floor in ((0, 100_000), (3, 2)):
        claims, figures = random_claims(random.Random(4), count, broken)  # noqa: S311  a fixed mix, no secret
        rate = per_second(partial(judge_claims, claims, figures, explain=False), count)
        yield f"verdicts a second, {broken} in 10 broken", rate, floor
    rational = per_second(partial(one_by_one, claims, figures), count)
    yield "  by the rational engine alone", rational, 2
    yield "  with messages", per_second(partial(judge_claims, claims, figures), count), 2


def one_by_one(claims: list[Claim], figures: dict[str, Figure]) -> None:
    for claim in claims:
        judge_claim(claim, figures, explain=False)


def per_second(run: Callable[[], object], count: int) -> float:
    """The best of three runs."""
    spent = []
    for _ in range(3):
        begun = time.process_time()
        run()
        spent.append(time.process_time() - begun)
    return count / min(spent)


def random_claims(chance: random.Random, count: int, broken: int = 3) -> tuple[list[Claim], dict[str, Figure]]:
    claims: list[Claim] = []
    figures: dict[str, Figure] = {}

    def put(value: Fraction, unit: str, ulp: Fraction | None) -> str:
        name = f"speed#{len(figures)}"
        figures[name] = figure(str(value), unit, None if ulp is None else str(ulp), raw=f"{value}{unit}")
        return name

    while len(claims) < count:
        kind = chance.choice(["sum", "share", "subset", "net_flow", "cumulative", "duplicate", "difference", "growth"])
        ulp = chance.choice([None, None, Fraction(1, 10), Fraction(100)])
        step = ulp or Fraction(1)
        parts = [chance.randint(1, 5000) * step for _ in range(chance.randint(2, 5))]
        off = (chance.randint(1, 9) if chance.randrange(10) < broken else 0) * step
        if kind in ("sum", "net_flow"):
            claims.append(Claim(kind, put(sum(parts) + off, "例", ulp), [put(part, "例", ulp) for part in parts]))
        elif kind == "share":
            whole = sum(parts)
            percent = round(1000 * parts[0] / whole) / Fraction(10) + off / step / 10
            claims.append(
                Claim(
                    kind,
                    put(percent, "%", Fraction(1, 10)),
                    [put(parts[0], "例", ulp), put(whole, "例", ulp)],
                )
            )
        elif kind == "growth":
            percent = round(1000 * (parts[0] / parts[1] - 1)) / Fraction(10) + off / step / 10
            claims.append(
                Claim(
                    kind,
                    put(percent, "%", Fraction(1, 10)),
                    [put(parts[0], "元", ulp), put(parts[1], "元", ulp)],
                )
            )
        elif kind == "difference":
            claims.append(
                Claim(
                    kind,
                    put(parts[0] - parts[1] + off, "例", ulp),
                    [put(part, "例", ulp) for part in parts[:2]],
                )
            )
        else:
            claims.append(Claim(kind, put(parts[0], "例", ulp), [put(parts[0] + off, "例", ulp)]))
    return claims, figures


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
