"""Measures the audit against labelled material: `measure_audit.py [FOLDER] [--show]`.

FOLDER (default ../shared) holds `cases/` and `reports/`; what is absent is said and skipped. Prints the table
of measures with what is asked for, and the speed. `--show` lists what was missed and the false alarms.
"""

import json
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flows.find import find_numerals
from flows.judge import doubt_far_apart, judge_claims
from flows.place import place_figures, report_date
from flows.read import read_document
from flows.record import Claim, Document, Figure, Report, Verdict
from flows.relate import relate_catalogue, relate_series, relate_text


@dataclass
class Audit:
    """One text read, related and judged."""

    document: Document
    figures: list[Figure]
    claims: list[Claim]
    verdicts: list[Verdict]


@dataclass
class Tally:
    """Counts over labelled texts."""

    relations: int = 0
    found: int = 0
    inconsistent: int = 0
    reported: int = 0
    texts: int = 0
    nothing: int = 0
    nothing_alarmed: int = 0
    broken: int = 0
    alarms: int = 0
    lost: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


def audit(data: bytes, name: str) -> Audit:
    """Read, find, place, relate and judge one text."""
    document = read_document(data, name=name)
    numerals = find_numerals(document)
    day, _ = report_date(document, name, numerals)
    figures = place_figures(document, numerals, published_on=day, place="")
    claims = relate_text(document, figures, "r")
    doubt_far_apart(claims, {f"r#{figure.start}": figure for figure in figures})
    claims += relate_catalogue(figures, "r", claims)
    by_id = {f"r#{figure.start}": figure for figure in figures}
    return Audit(document, figures, claims, judge_claims(claims, by_id))


def start_of(figure_id: str) -> int:
    return int(figure_id.rpartition("#")[2])


def members(claim: Claim) -> list[int]:
    """Starts of the result, if any, and the operands."""
    return [start_of(name) for name in ([claim.result] if claim.result else []) + claim.operands]


def score(tally: Tally, name: str, done: Audit, wanted: Sequence[tuple[list[tuple[int, int]], bool, str]]) -> None:
    """Count the wanted relations (spans of their members, whether inconsistent, label) among the claims."""
    tally.texts += 1
    used: set[int] = set()
    for spans, inconsistent, label in wanted:
        tally.relations += 1
        tally.inconsistent += inconsistent
        hit = None
        for index, claim in enumerate(done.claims):
            got = members(claim)
            if len(got) == len(spans) and _same_members(got, spans):
                hit = index
                if (done.verdicts[index].verdict == "broken") == inconsistent:
                    break
        if hit is None:
            tally.lost.append(f"{name} {label}")
            continue
        used.add(hit)
        tally.found += 1
        is_broken = done.verdicts[hit].verdict == "broken"
        tally.reported += is_broken and inconsistent
        if is_broken != inconsistent:
            tally.lost.append(f"{name} {label}: judged {done.verdicts[hit].verdict}")
    alarms = [i for i, v in enumerate(done.verdicts) if v.verdict == "broken" and i not in used]
    tally.broken += sum(1 for v in done.verdicts if v.verdict == "broken")
    tally.alarms += len(alarms)
    tally.false += [f"{name} {done.claims[i].kind} {done.claims[i].rule}: {done.verdicts[i].message}" for i in alarms]
    if not wanted:
        tally.nothing += 1
        tally.nothing_alarmed += bool(alarms)


def _same_members(got: Sequence[int], spans: Sequence[tuple[int, int]]) -> bool:
    near = [[low - 2 <= start <= high for low, high in spans] for start in got]
    return all(any(row) for row in near) and all(any(row[i] for row in near) for i in range(len(spans)))


def prose(path: Path) -> Tally:
    tally = Tally()
    for case in _cases(path):
        figures = case["figures"]
        wanted = []
        for relation in case["relations"]:
            names = ([relation["result_fig"]] if relation["result_fig"] is not None else []) + relation["operand_figs"]
            spans = [(figures[i]["start"], figures[i]["end"]) for i in names]
            label = f"{relation['kind']} {relation['result']} <- {relation['operands']}"
            wanted.append((spans, relation["verdict"] == "inconsistent", label))
        score(tally, case["id"], audit(case["text"].encode(), case["id"] + ".txt"), wanted)
    return tally


def _cases(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if isinstance(case.get("text"), str):
            yield case


def annotated(folder: Path) -> Tally:
    tally = Tally()
    for path in sorted(folder.glob("*.relations.jsonl")):
        text = path.with_name(path.name.replace(".relations.jsonl", ".txt"))
        wanted = []
        for line in path.read_text(encoding="utf-8").splitlines():
            relation = json.loads(line)
            starts = [relation["result_start"], *relation["operand_starts"]]
            spans = [(start, start + 3) for start in starts]
            wanted.append((spans, relation["verdict"] == "inconsistent", f"{relation['kind']} {starts}"))
        score(tally, text.name, audit(text.read_bytes(), text.name), wanted)
    return tally


def quiet(paths: Sequence[Path]) -> tuple[int, list[str], list[str]]:
    """Claims, broken ones and undecided ones of reports of which nothing is labelled."""
    claims, broken, doubtful = 0, [], []
    for path in paths:
        done = audit(path.read_bytes(), path.name)
        claims += len(done.claims)
        for claim, verdict in zip(done.claims, done.verdicts, strict=True):
            line = f"{path.name} {claim.kind} {claim.rule}: {verdict.message or verdict.reason}"
            if verdict.verdict == "broken":
                broken.append(line)
            elif verdict.verdict == "cannot_tell":
                doubtful.append(line)
    return claims, broken, doubtful


def series(paths: Sequence[Path]) -> tuple[int, list[str], list[str]]:
    """The same for claims between consecutive reports."""
    reports: list[tuple[Report, list[Figure]]] = []
    figures_by_id: dict[str, Figure] = {}
    for path in paths:
        document = read_document(path.read_bytes(), name=path.name)
        numerals = find_numerals(document)
        day, rule = report_date(document, path.name, numerals)
        figures = place_figures(document, numerals, published_on=day, place="")
        reports.append((_report(path.stem, day, rule), figures))
        figures_by_id.update({f"{path.stem}#{figure.start}": figure for figure in figures})
    claims = relate_series(reports)
    verdicts = judge_claims(claims, figures_by_id)
    broken, doubtful = [], []
    for claim, verdict in zip(claims, verdicts, strict=True):
        line = f"{claim.result} {claim.kind} {claim.rule}: {verdict.message} {claim.scope_doubt}"
        if verdict.verdict == "broken":
            broken.append(line)
        elif verdict.verdict == "cannot_tell":
            doubtful.append(line)
    return len(claims), broken, doubtful


def _report(stem: str, day: date | None, rule: str) -> Report:
    return Report(stem, "", "", "", "", "", "", "", "", day, rule, "utf-8", "text/plain", 0, 0, "")


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part}/{whole})" if whole else "-"


def row(measure: str, got: str, asked: str) -> None:
    print(f"| {measure} | {got} | {asked} |")


def main(folder: Path, *, show: bool) -> None:
    print("| measure | measured | at least |\n|---|---|---|")
    details: list[str] = []
    for path, title in (
        (folder / "cases/audit_prose.jsonl", "audit_prose"),
        (folder / "reports/annotated", "annotated"),
    ):
        if not path.exists():
            row(title, "absent", "")
            continue
        tally = prose(path) if path.is_file() else annotated(path)
        row(f"{title}: relations found", percent(tally.found, tally.relations), "95 %")
        row(f"{title}: inconsistent ones reported", percent(tally.reported, tally.inconsistent), "95 %")
        row(f"{title}: alarms that are right", percent(tally.broken - tally.alarms, tally.broken), "97 %")
        row(
            f"{title}: alarms on texts with nothing to check",
            f"{tally.nothing_alarmed} of {tally.nothing}",
            "0",
        )
        details += ["lost " + line for line in tally.lost] + ["false " + line for line in tally.false]
    for title in ("luoding", "provincial", "shanghai_daily", "work_reports", "communique_html"):
        paths = sorted((folder / "reports" / title).glob("*.txt")) + sorted((folder / "reports" / title).glob("*.html"))
        if not paths:
            row(title, "absent", "")
            continue
        started = time.perf_counter()
        claims, broken, doubtful = quiet(paths)
        seconds = time.perf_counter() - started
        size = sum(path.stat().st_size for path in paths) / 1e6
        row(f"{title}: claims, broken, cannot tell", f"{claims}, {len(broken)}, {len(doubtful)}", "")
        row(f"{title}: read to judge", f"{size / seconds:.2f} MB/s", "")
        details += [f"broken {line}" for line in broken]
        if re.search("daily", title):
            claims, broken, doubtful = series(paths)
            row(
                f"{title} as a series: claims, broken, cannot tell",
                f"{claims}, {len(broken)}, {len(doubtful)}",
                "",
            )
            details += [f"series broken {line}" for line in broken] + [f"series doubtful {line}" for line in doubtful]
    if (folder / "reports").exists():
        equations, bounds, lost = digits(folder)
        row("one digit changed: reported where an equation covers it", percent(*equations), "95 %")
        row("one digit changed: reported where only a bound covers it", percent(*bounds), "")
        details += [f"digit lost {line}" for line in lost]
    row("verdicts per second", f"{speed(folder):,.0f}", "100,000")
    if show:
        print("\n".join(["", *details]))


#: Kinds that only bound a figure; the others say what it must be.
_BOUNDS = frozenset({"subset", "open_list", "cumulative", "order", "range", "between", "date_order", "granularity"})


def digits(folder: Path, count: int = 500, seed: int = 3) -> tuple[list[int], list[int], list[str]]:
    """One digit changed at random where an equation, or only a bound, covers the figure: reported and tried."""
    texts = sorted((folder / "reports").rglob("*.txt"))
    covered: list[tuple[Path, Figure, bool, str]] = []
    for path in texts:
        done = audit(path.read_bytes(), path.name)
        kinds: dict[int, set[str]] = {}
        for claim in done.claims:
            for start in members(claim):
                kinds.setdefault(start, set()).add(claim.kind)
        for figure in done.figures:
            if figure.start in kinds:
                covered.append((path, figure, bool(kinds[figure.start] - _BOUNDS), done.document.text))
    chosen = random.Random(seed)  # noqa: S311  a sample, no secret
    tried = {True: [0, 0], False: [0, 0]}
    lost: list[str] = []
    for path, figure, is_equation, text in chosen.sample(covered, min(count, len(covered))):
        places = [i for i in range(figure.start, figure.numeral_end) if text[i] in "0123456789"]
        if not places:
            continue
        at = chosen.choice(places)
        new = chosen.choice([d for d in "0123456789" if d != text[at] and (d != "0" or at != places[0])])
        done = audit((text[:at] + new + text[at + 1 :]).encode(), path.name)
        reported = any(
            verdict.verdict == "broken" and any(figure.start <= start <= figure.end for start in members(claim))
            for claim, verdict in zip(done.claims, done.verdicts, strict=True)
        )
        tried[is_equation][0] += reported
        tried[is_equation][1] += 1
        if not reported and is_equation:
            lost.append(f"{path.name} {text[max(0, at - 25) : at + 20]!r} with {new} at {at}")
    return tried[True], tried[False], lost


def speed(folder: Path) -> float:
    """Verdicts a second of the judge alone, on the claims of the labelled texts, repeated."""
    path = folder / "cases/audit_prose.jsonl"
    if not path.exists():
        return 0.0
    batches = []
    for case in _cases(path):
        done = audit(case["text"].encode(), case["id"] + ".txt")
        batches.append((done.claims, {f"r#{f.start}": f for f in done.figures}))
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < 2:
        for claims, by_id in batches:
            judge_claims(claims, by_id)
            count += len(claims)
    return count / (time.perf_counter() - started)


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    main(Path(arguments[0] if arguments else "../shared"), show="--show" in sys.argv)
