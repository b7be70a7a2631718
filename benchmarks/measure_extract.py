"""Measures how well numerals are read, against suites and annotated reports kept outside the project.

usage: python benchmarks/measure_extract.py [MATERIAL_FOLDER] [--misses]

MATERIAL_FOLDER (default ../shared) holds `cases/*.jsonl`, `reports/` and
`tools/score_extract.py`. What is absent
is said so and not counted. Peers' answers that are wrong for our purpose are listed in
`peer_differences.csv` beside this file, each with its reason; they are counted apart and printed.
"""

import contextlib
import csv
import hashlib
import importlib.util
import io
import json
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

from flows.find import find_numerals
from flows.find.numbers import DIGITS
from flows.find.units import units
from flows.record import Document, Figure
from flows.record.script import fold, script_of

HERE = Path(__file__).resolve().parent
MISSES = "--misses" in sys.argv
Case = dict[str, object]


def document(text: str) -> Document:
    """`text` as a document without structure: all that reading numerals needs."""
    return Document(text, fold(text), "utf-8", "text/plain", script_of(text), [], [], [])


def find(text: str) -> list[Figure]:
    return find_numerals(document(text))


def cases(folder: Path, name: str) -> list[dict]:  # type: ignore[type-arg]
    path = folder / "cases" / name
    if not path.exists():
        print(f"absent: {path}")
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def differences() -> dict[tuple[str, str], str]:
    """(suite, first 12 hex digits of the input's sha256) to the reason why the peer's answer is not ours."""
    path = HERE / "peer_differences.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["suite"], row["case"]): row["reason"] for row in csv.DictReader(file)}


def case_key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def report(name: str, results: list[tuple[str, bool, str]], goal: str) -> None:
    """One line a suite; `results` are (input, right, what went wrong)."""
    if not results:
        print(f"{name:<44} absent")
        return
    listed = differences()
    suite = name.split(",", maxsplit=1)[0].replace(" Traditional", "")
    wrong = [(text, why) for text, right, why in results if not right]
    excused = [text for text, _ in wrong if (suite, case_key(text)) in listed]
    good = len(results) - len(wrong)
    strict, share = (100 * count / len(results) for count in (good, good + len(excused)))
    told = f"{good}/{len(results)} = {strict:.1f} % as the peer"
    print(f"{name:<44} {told}, with {len(excused)} listed {share:.1f} %  (goal {goal})")
    if MISSES:
        for text, why in wrong:
            mark = "listed " if text in excused else ""
            print(f"    {mark}{case_key(text)} {text[:60]!r}: {why}")


def close(ours: Fraction | None, theirs: str) -> bool:
    """Equal to the 15 digits that peers print."""
    if ours is None:
        return False
    want = Fraction(theirs)
    return abs(ours - want) <= abs(want) * Fraction(1, 10**12)


def recognizers(folder: Path, model: str, *, turned: bool) -> list[tuple[str, bool, str]]:
    from opencc import OpenCC

    convert = OpenCC("s2t").convert
    results = []
    for case in cases(folder, "recognizers_zh.jsonl"):
        if case["model"] != model:
            continue
        text = convert(case["input"]) if turned else case["input"]
        rows = [row for row in find(text) if row.cls in ("quantity", "percent", "date", "ordinal", "other", "name")]
        why = ""
        for item in case["expected"]:
            start, end = item["Start"], item["End"] + 1
            value = item["Resolution"]["value"].rstrip("%")
            if not any(
                start == row.start + (row.cls == "ordinal" and row.quote[0] == "第")
                and end in (row.numeral_end, row.end)
                and (close(row.value, value) or close(row.base_value, value))
                for row in rows
            ):
                why = f"wanted {item['Text']} {value}; got {[(r.quote, r.cls, str(r.value)) for r in rows]}"
        # The peer's number model leaves money and shares to its other models; our row is one for all.
        figures = [row for row in rows if row.is_figure]
        if model == "Number/NumberModel":
            kinds = {unit.name: unit.kind for unit in units().values()}
            figures = [row for row in figures if kinds.get(row.unit) not in ("money", "percent")]
        if not why and not case["expected"] and figures and model != "NumberWithUnit/DimensionModel":
            why = f"wanted nothing; got {[(r.quote, str(r.value)) for r in figures]}"
        results.append((case["input"], not why, why))
    return results


NUMERAL_CHARS = frozenset("0123456789０１２３４５６７８９零〇○一二三四五六七八九十百千萬万億亿兩两半幾几")


UNCOUNTED = ("idiom", "identifier")


def universal_dependencies(folder: Path) -> None:
    """Recall and precision of numeral tokens; a row may hold several tokens (10月21日)."""
    gold = hit = predicted = right = 0
    for case in cases(folder, "ud_zh_pud.jsonl"):
        tokens = [item for item in case["expected"] if set(item["text"]) & NUMERAL_CHARS]
        rows = [row for row in find(case["input"]) if row.cls not in UNCOUNTED]
        missed = [t for t in tokens if not any(r.start < t["end"] and r.end > t["start"] for r in rows)]
        false = [r for r in rows if not any(r.start < t["end"] and r.end > t["start"] for t in tokens)]
        gold, hit = gold + len(tokens), hit + len(tokens) - len(missed)
        predicted, right = predicted + len(rows), right + len(rows) - len(false)
        if MISSES and (missed or false):
            around = [case["input"][max(0, t["start"] - 3) : t["end"] + 3] for t in missed]
            extra = [case["input"][max(0, r.start - 3) : r.end + 3] for r in false]
            print(f"    missed {around} false {extra}")
    if gold:
        print(f"{'ud_zh_pud recall':<44} {100 * hit / gold:.1f} %  (goal 97)")
        print(f"{'ud_zh_pud precision':<44} {100 * right / predicted:.1f} %  (goal 93)")


def values(text: str) -> list[tuple[Fraction, Fraction]]:
    """All numbers that rows tell, in order, each with its tolerance: values, span ends, parts of dates."""
    out: list[tuple[Fraction, Fraction]] = []
    for row in find(text):
        exact = Fraction(0)
        if row.cls in ("idiom", "name"):
            continue
        if row.hedge in ("range", "several"):
            out += [(end, row.ulp or exact) for end in (row.low, row.high) if end is not None]
        elif row.value is not None:
            out.append((row.value if row.base_value is None else row.base_value, exact))
        elif row.cls == "identifier":
            digits = [str(DIGITS.get(char, char)) for char in fold(row.quote) if char.isdigit() or char in DIGITS]
            out.append((Fraction(int("".join(digits) or 0)), exact))
        elif row.cls == "date" and row.period_start:
            parts = (row.period_start.year, row.period_start.month, row.period_start.day)
            out += [(Fraction(part), exact) for part in parts]
    return out


def same_values(one: list[tuple[Fraction, Fraction]], other: list[tuple[Fraction, Fraction]]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= max(s, t) for (a, s), (b, t) in zip(one, other, strict=True))


def written_out(text: str) -> str:
    """The peer shortens the upper end of a span: 45-6 for 45-46, 34000-5000 for 34000-35000."""

    def whole(match: re.Match[str]) -> str:
        low, high = match.groups()
        if low.startswith("0") or len(low) <= len(high) or "-" in text[match.end() : match.end() + 1]:
            return match.group()
        return f"{low}-{low[: len(low) - len(high)]}{high}"

    return re.sub(r"(?<![-\d])(\d+)-(\d+)", whole, text)


def wetext(folder: Path) -> list[tuple[str, bool, str]]:
    """Written and spoken form must tell the same numbers."""
    results = []
    for case in cases(folder, "wetext_zh.jsonl"):
        spoken, written = values(case["input"]), values(written_out(case["expected"]))
        told = [[str(value) for value, _ in side][:9] for side in (spoken, written)]
        results.append((case["input"], same_values(spoken, written), f"{told[0]} | {case['expected'][:40]} {told[1]}"))
    return results


DUCKLING_UNITS = {
    "Centimetre": "厘米",
    "Metre": "米",
    "Foot": "英尺",
    "Inch": "英寸",
    "Mile": "英里",
    "Kilometre": "公里",
}


def duckling(folder: Path, dimension: str) -> list[tuple[str, bool, str]]:
    results = []
    for case in cases(folder, f"duckling_{dimension}_ZH.jsonl"):
        rows = [row for row in find(case["input"]) if row.is_figure]
        expected = case["expected"].replace("Nothing", "").strip()
        numbers = [Fraction(text) for text in re.findall(r"-?\d+(?:\.\d+)?", expected)]
        name = re.sub(r"\s*\(?-?[\d.].*", "", expected).split()[-1]
        right = len(rows) == 1 and duckling_equal(rows[0], expected, name, numbers)
        results.append(
            (
                case["input"],
                right,
                f"{expected}; got {[(r.quote, str(r.value), r.unit, str(r.low), str(r.high)) for r in rows]}",
            )
        )
    return results


def duckling_equal(row: Figure, expected: str, name: str, numbers: list[Fraction]) -> bool:
    factor = Fraction(1)
    if name in DUCKLING_UNITS:
        unit = units()[DUCKLING_UNITS[name]]
        if row.base_unit != unit.base:
            return False
        factor = (row.base_value or 0) / row.value / unit.factor if row.value else Fraction(1)
    elif name == "Gram":
        factor = (row.base_value or 0) / row.value * 1000 if row.value else Fraction(1)
    elif name == "Cent":
        factor = (row.base_value or 0) / row.value * 100 if row.value else Fraction(1)
    elif row.unit in ("雙", "對") and row.value is not None:
        factor = Fraction(2)
    elif row.base_value is not None and row.value and row.unit == "打":
        factor = row.base_value / row.value
    half = (row.ulp or Fraction(0)) / 2 * factor

    def scaled(value: Fraction | None) -> Fraction | None:
        return None if value is None else value * factor

    if expected.startswith("between"):
        low, high = scaled(row.low), scaled(row.high)
        return low is not None and high is not None and abs(low - numbers[0]) <= half and abs(high - numbers[1]) <= half
    if expected.startswith("under"):
        return scaled(row.high) == numbers[0] and row.low is None
    if expected.startswith("above"):
        return scaled(row.low) == numbers[0] and row.high is None
    return scaled(row.value) == numbers[0]


def annotated(folder: Path) -> None:
    """The scoring script of the material, on our rows."""
    tool = folder / "tools" / "score_extract.py"
    if not tool.exists():
        print(f"absent: {tool}")
        return
    spec = importlib.util.spec_from_file_location("score_extract", tool)
    if spec is None or spec.loader is None:
        raise ImportError(f"{tool} cannot be loaded as a module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pairs = [(folder / "reports/luoding/report.txt", folder / "reports/luoding/annotation.csv")]
    pairs.append((folder / "reports/luoding/report_simplified.txt", folder / "reports/luoding/annotation.csv"))
    pairs += [(path.with_suffix(".txt"), path) for path in sorted((folder / "reports/annotated").glob("*.csv"))]
    for text_path, want in pairs:
        if not (text_path.exists() and want.exists()):
            print(f"absent: {text_path} or {want}")
            continue
        with tempfile.TemporaryDirectory() as scratch:
            got = Path(scratch) / "rows.csv"
            write_rows(find(text_path.read_text(encoding="utf-8")), got)
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                module.main(str(got), str(want))
        score = json.loads(output.getvalue())
        misses = score.pop("misses")
        cls = 100 * score["cls"] / max(1, score["cls_of"])
        print(f"{text_path.parent.name + '/' + text_path.name:<44} class {cls:.1f} %  {score}")
        if MISSES:
            rows = find(text_path.read_text(encoding="utf-8"))
            for miss in misses:
                print("   ", miss)
            show_class_misses(rows, want, module.FAMILY)


def show_class_misses(rows: list[Figure], want: Path, family: dict[str, str]) -> None:
    with want.open(encoding="utf-8-sig", newline="") as file:
        for label in csv.DictReader(file):
            if "OPTIONAL" in label["notes"] or "BORDERLINE" in label["notes"]:
                continue
            hits = [r for r in rows if r.start < int(label["end"]) and r.end > int(label["start"])]
            if family.get(label["class"], "other") not in {r.cls for r in hits}:
                print(
                    "    class",
                    label["start"],
                    label["raw"],
                    label["class"],
                    [(r.quote, r.cls, r.rule) for r in hits],
                )


def write_rows(rows: list[Figure], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "start",
                "end",
                "quote",
                "class",
                "value",
                "base_value",
                "unit",
                "unit_text",
                "base_unit",
                "indicator_text",
            ]
        )
        for row in rows:
            value = "" if row.value is None else decimal_text(row.value)
            base = "" if row.base_value is None else decimal_text(row.base_value)
            writer.writerow(
                [
                    row.start,
                    row.end,
                    row.quote,
                    row.cls,
                    value,
                    base,
                    row.unit,
                    row.unit_text,
                    row.base_unit,
                    "",
                ]
            )


def decimal_text(value: Fraction) -> str:
    scaled = value * 10**12
    whole = round(scaled)
    sign, digits = ("-" if whole < 0 else ""), str(abs(whole)).rjust(13, "0")
    return (sign + digits[:-12] + "." + digits[-12:]).rstrip("0").rstrip(".")


def is_numeral(char: str) -> bool:
    return (
        unicodedata.category(char) in ("Nd", "Nl", "No") or char in "零〇○一二三四五六七八九十百千萬万億亿兆兩两廿卅卌"
    )


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted((folder / "reports").rglob("*.txt")):
        yield path, path.read_text(encoding="utf-8", errors="replace")


def unaccounted(folder: Path) -> None:
    outside = total = twins = 0
    for path, text in texts(folder):
        rows = find(text)
        covered = bytearray(len(text))
        for row in rows:
            covered[row.start : row.end] = b"\1" * (row.end - row.start)
        for place, char in enumerate(text):
            if is_numeral(char):
                total += 1
                if not covered[place]:
                    outside += 1
                    if MISSES:
                        print("    unaccounted", path.name, text[max(0, place - 6) : place + 6])
    print(f"{'numerals unaccounted, all reports':<44} {outside} of {total} characters  (goal 0)")
    original = folder / "reports/luoding/report.txt"
    simplified = folder / "reports/luoding/report_simplified.txt"
    if original.exists() and simplified.exists():
        pairs = zip(find(original.read_text("utf-8")), find(simplified.read_text("utf-8")), strict=False)
        twins = sum(
            (a.start, a.end, a.cls, a.value, a.unit) != (b.start, b.end, b.cls, b.value, b.unit) for a, b in pairs
        )
        print(f"{'rows that differ between the script twins':<44} {twins}  (goal 0)")


def speed(folder: Path) -> None:
    joined = "\n".join(text for _, text in texts(folder))
    if not joined:
        return
    for repeat in (1, 4):
        text = joined * repeat
        doc = document(text)
        began = time.process_time()
        count = len(find_numerals(doc))
        spent = time.process_time() - began
        size = len(text.encode()) / 1e6
        print(f"{'speed of find alone':<44} {size / spent:.2f} MB/s ({size:.1f} MB, {count} rows)")


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    folder = Path(arguments[0]) if arguments else HERE.parent.parent / "shared"
    if not folder.exists():
        sys.exit(f"The material folder {folder} is absent; nothing was measured. Give its path.")
    goals = [
        ("Number/NumberModel", "98"),
        ("Number/PercentModel", "98"),
        ("NumberWithUnit/CurrencyModel", "95"),
        ("NumberWithUnit/DimensionModel", "95"),
    ]
    for model, goal in goals:
        short = model.split("/")[1].removesuffix("Model")
        report(f"recognizers_zh {short}, value and span", recognizers(folder, model, turned=False), goal)
        report(
            f"recognizers_zh {short} Traditional, value and span",
            recognizers(folder, model, turned=True),
            goal,
        )
    universal_dependencies(folder)
    report("wetext, same values written and spoken", wetext(folder), "95")
    for dimension in ("Numeral", "Quantity", "AmountOfMoney", "Distance"):
        report(f"duckling {dimension}, values", duckling(folder, dimension), "95")
    steps: list[Callable[[Path], None]] = [annotated, unaccounted, speed]
    for step in steps:
        step(folder)


if __name__ == "__main__":
    main()
