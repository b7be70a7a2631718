"""Measures whether the figure that was misprinted is named: slips put at random into reports whose relations hold.

usage: python benchmarks/measure_blame.py [FOLDER] [SEEDS] [STEP]
FOLDER (../shared by default) holds reports/**/*.txt, of which every STEPth is taken.

Every report is read; one printed number that a relation covers is changed by a slip (a digit, two digits swapped, one
dropped or doubled, another scale word), the text is read again, and where a relation breaks, the figure should be
among the suspects, and first. The bulletins of this project (seeds/reports) are measured where FOLDER has none.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows.analysis import Reading, read_report
from flows.judge import judge_claims, suspects
from flows.record import Claim, Figure

_SCALES = {"万": "亿", "亿": "万", "萬": "億", "億": "萬"}
_SLIPS = ("digit", "transposition", "dropped_digit", "extra_digit", "scale_word")
_DIGITS = "0123456789"
_LONGEST = 20_000  # bytes: a government work report takes seconds to read


def main(folder: Path, seeds: int, step: int) -> int:
    """0 where the floors are reached."""
    every = [path for path in sorted((folder / "reports").rglob("*.txt")) if path.stat().st_size < _LONGEST]
    found = every[::step] or sorted(Path("seeds/reports").rglob("*.md"))
    counts: Counter[tuple[str, str]] = Counter()
    misses: list[str] = []
    for seed in range(seeds):
        for path in found:
            chance = random.Random(f"{seed} {path.name}")  # noqa: S311  the same slips every time, no secret
            for slip in chance.sample(_SLIPS, 2):
                outcome, said = measured(path, slip, chance)
                counts[slip, outcome] += 1
                if outcome in ("not first", "not named"):
                    misses.append(said)
    for line in misses[:60]:
        print(" ", line)
    print(f"{'slip':15} {'broken':>7} {'named':>8} {'first':>8} {'unseen':>7}")
    total: Counter[str] = Counter()
    for slip in _SLIPS:
        of_slip = Counter({outcome: count for (kind, outcome), count in counts.items() if kind == slip})
        total += of_slip
        show(slip, of_slip)
    show("all", total)
    broken = total["first"] + total["not first"] + total["not named"]
    return int(broken > 0 and (total["first"] / broken < 0.8 or total["not named"] / broken > 0.02))


def show(name: str, outcomes: Counter[str]) -> None:
    first, second, unnamed = outcomes["first"], outcomes["not first"], outcomes["not named"]
    broken = first + second + unnamed
    if broken:
        named = f"{(first + second) / broken:.1%}"
        print(f"{name:15} {broken:7} {named:>8} {first / broken:8.1%} {outcomes['unseen']:7}")


def measured(path: Path, slip: str, chance: random.Random) -> tuple[str, str]:
    """What became of one slip in one report, and the line that says so."""
    data = path.read_bytes().decode("utf-8")
    before = read(path, data)
    covered = [figure for figure in before.figures if figure.start in relied_on(before)]
    options = [(figure, wrong) for figure in covered for wrong in misprints(before.document.text, figure, slip, chance)]
    if not options:
        return "no place", ""
    figure, wrong = chance.choice(options)
    text = before.document.text
    after = read(path, text[: figure.start] + wrong + text[figure.numeral_end :])
    name = f"{after.report.report_id}#{figure.start}"
    claims: list[Claim] = after.claims
    verdicts = judge_claims(claims, after.figures_by_id, explain=False)
    if not any(verdict.verdict == "broken" for verdict in verdicts):
        return "unseen", ""
    named = suspects(claims, verdicts, after.figures_by_id)
    ranks = [suspect.figure_id for suspect in named]
    outcome = "first" if ranks[:1] == [name] else "not first" if name in ranks else "not named"
    was = text[figure.start : figure.numeral_end]
    shown = [(after.figures_by_id[s.figure_id].quote, s.suggested, s.slip, s.repairs, s.breaks) for s in named[:3]]
    return outcome, f"{path.name} {slip} {was} -> {wrong}: {outcome} {shown}"


def read(path: Path, text: str) -> Reading:
    return read_report(text.encode("utf-8"), report_id=path.stem, name=path.name)


def relied_on(reading: Reading) -> set[int]:
    """Where the figures of relations that hold stand."""
    verdicts = judge_claims(reading.claims, reading.figures_by_id, explain=False)
    return {
        int(name.rpartition("#")[2])
        for claim, verdict in zip(reading.claims, verdicts, strict=True)
        if verdict.verdict == "holds" and claim.kind != "range"
        for name in (claim.result, *claim.operands)
        if name
    }


def misprints(text: str, figure: Figure, slip: str, chance: random.Random) -> Iterator[str]:
    """One way to misprint the numeral by this slip, if there is one."""
    printed = text[figure.start : figure.numeral_end]
    places = [i for i, char in enumerate(printed) if char in _DIGITS]
    if not figure.is_figure or not places:
        return
    made: Sequence[str] = []
    if slip == "digit":
        at = chance.choice(places)
        made = [printed[:at] + chance.choice(_DIGITS) + printed[at + 1 :]]
    elif slip == "transposition":
        pairs = [i for i in places if i + 1 in places and printed[i] != printed[i + 1]]
        made = [printed[:i] + printed[i + 1] + printed[i] + printed[i + 2 :] for i in pairs]
    elif slip == "dropped_digit" and len(places) > 1:
        made = [printed[:i] + printed[i + 1 :] for i in places]
    elif slip == "extra_digit":
        made = [printed[:i] + printed[i] + printed[i:] for i in places]
    elif slip == "scale_word":
        made = [printed.replace(word, other) for word, other in _SCALES.items() if word in printed]
    good = [wrong for wrong in made if wrong != printed and wrong[0] not in "0.,"]
    if good:
        yield chance.choice(good)


if __name__ == "__main__":
    sys.exit(
        main(
            Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"),
            int((sys.argv[2:] or ["1"])[0]),
            int((sys.argv[3:] or ["1"])[0]),
        )
    )
