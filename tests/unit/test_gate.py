"""The gate: every mutation breaks the expectation that names it, and nothing else is lost."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path

import psutil
import pytest

from expectations import FIGURES_ACCEPTED, SUITES, GateError, GateResult, batches, load_suite, run_gate
from flows.record import Claim, Figure, Report, Span
from flows.record.columns import CLAIMS, FIGURES
from flows.settings import Settings
from flows.write import csv_bytes, csv_rows, read_report_folder, write_report

pytestmark = pytest.mark.flow

SPEC = Path(__file__).parent.parent / "spec" / "gate_mutations.tsv"
TEXT = "3月27日，全縣耕地1.5萬畝，其中水田6000畝、旱地9000畝，占比約40%，另有幾處荒地。"
Rows = list[dict[str, str]]


def cases() -> list[dict[str, str]]:
    with SPEC.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def figure(quote: str, cls: str, value: str | None, unit: str = "", factor: str = "1", **more: object) -> Figure:
    start = TEXT.index(quote)
    end = start + len(quote)
    number = None if value is None else Fraction(value)
    values: dict[str, object] = {
        "low": number,
        "high": number,
        "unit": unit,
        "unit_text": unit,
        "base_value": None if number is None else number * Fraction(factor),
        "base_unit": "平方米" if unit == "畝" else unit,
    }
    return Figure(start, end, end - len(unit), quote, cls, number, **(values | more))  # type: ignore[arg-type]


def sample(report_id: str) -> tuple[Report, list[Figure], list[Claim]]:
    """A clean report: a date, a rounded total, its two parts, a hedged share and a vague count."""
    report = Report(
        report_id=report_id,
        sha256="ab" * 32,
        source_id="gengdi",
        uri=f"in/{report_id}.txt",
        title="耕地",
        publisher="",
        place="",
        language="zh-Hant",
        script="Hant",
        published_on=date(2020, 3, 27),
        published_on_rule="text",
        encoding="utf-8",
        media_type="text/plain",
        byte_count=len(TEXT.encode()),
        char_count=len(TEXT),
        reader_version="1",
    )
    day = date(2020, 3, 27)
    figures = [
        figure("3月27日", "date", None, period_start=day, period_end=day, as_of=day),
        figure(
            "1.5萬畝",
            "quantity",
            "15000",
            "畝",
            "2000/3",
            low=Fraction(14500),
            high=Fraction(15500),
            ulp=Fraction(1000),
        ),
        figure("6000畝", "quantity", "6000", "畝", "2000/3"),
        figure("9000畝", "quantity", "9000", "畝", "2000/3"),
        figure("40%", "percent", "40", "%", hedge="about", low=Fraction(30), high=Fraction(50)),
        figure("幾", "quantity", None, low=Fraction(1), high=Fraction(9)),
    ]
    ids = [f"{report_id}#{each.start}" for each in figures]
    cue = Span(TEXT.index("其中"), TEXT.index("其中") + 2)
    claims = [
        Claim("sum", ids[1], [ids[2], ids[3]], cues=[cue], rule="其中"),
        Claim("share", ids[4], [ids[2], ids[1]], cues=[cue], parameters={"scale": "100"}),
    ]
    return report, figures, claims


def rewrite(path: Path, change: Callable[[list[str], Rows], None]) -> None:
    rows = [row for _, row in csv_rows(path)]
    columns = list(rows[0])
    change(columns, rows)
    path.write_bytes(csv_bytes(rows, columns))


def mutate(folder: Path, text: Path, case: dict[str, str]) -> None:
    """Do to one report what a line of the spec says."""
    path, column, value = folder / case["file"], case["column"], case["value"].replace("\\n", "\n")
    row = int(case["row"] or 0)

    def swap(columns: list[str], _: Rows) -> None:
        at = columns.index(column)
        columns[at], columns[at + 1] = columns[at + 1], columns[at]

    def rename(columns: list[str], rows: Rows) -> None:
        columns[columns.index(column)] = value
        for each in rows:
            each[value] = each.pop(column)

    def overlap(_: list[str], rows: Rows) -> None:
        """A row of its own for the 5 of 1.5萬畝."""
        start = int(rows[row]["start"]) + 2
        inner = {
            "figure_id": f"{rows[row]['report_id']}#{start}",
            "start": str(start),
            "quote": rows[row]["quote"][2:],
        }
        rows.append(rows[row] | inner)

    match case["change"]:
        case "set":
            rewrite(path, lambda _, rows: rows[row].update({column: value}))
        case "drop_column":
            rewrite(path, lambda columns, _: columns.remove(column))
        case "swap_columns":
            rewrite(path, swap)
        case "rename_column":
            rewrite(path, rename)
        case "repeat_row":
            rewrite(path, lambda _, rows: rows.append(rows[row]))
        case "drop_row":
            rewrite(path, lambda _, rows: rows.remove(rows[row]))
        case "overlap":
            rewrite(path, overlap)
        case "delete_file":
            path.unlink()
        case "garble_file":
            path.write_bytes(b"\xff\xfe" + path.read_bytes())
        case "lengthen_row":
            path.write_bytes(path.read_bytes().rstrip(b"\n") + b",extra\n")
        case "delete_text":
            text.unlink()
        case change:
            raise ValueError(f"{change!r} is no change")


@dataclass
class Gate:
    settings: Settings
    folders: dict[str, Path]
    texts: dict[str, Path]
    result: GateResult

    def broken(self, report_id: str) -> list[str]:
        return [each.expectation for each in self.result.rejected if each.report_id == report_id]


def prepare(home: Path, report_ids: list[str]) -> tuple[Settings, dict[str, Path], dict[str, Path]]:
    settings = Settings(home=home)
    folders, texts = {}, {}
    settings.texts.mkdir(parents=True)
    for report_id in report_ids:
        folders[report_id] = settings.pulled / report_id
        write_report(folders[report_id], *sample(report_id), TEXT)
        texts[report_id] = settings.texts / f"{report_id}.txt"
        texts[report_id].write_text(TEXT, encoding="utf-8", newline="")
    return settings, folders, texts


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    """All mutations, one report each, and a clean report, through the gate at once, without a network."""
    names = ["clean", *(f"case-{number}" for number in range(len(cases())))]
    settings, folders, texts = prepare(tmp_path_factory.mktemp("gate"), names)
    for number, case in enumerate(cases()):
        mutate(folders[f"case-{number}"], texts[f"case-{number}"], case)

    def refuse(*_: object) -> None:
        raise AssertionError("the gate went to the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        result = run_gate(list(folders.values()), texts, settings)
    return Gate(settings, folders, texts, result)


@pytest.mark.parametrize("number", range(len(cases())), ids=[case["case"] for case in cases()])
def test_mutations(gate: Gate, number: int) -> None:
    case, name = cases()[number], f"case-{number}"
    assert case["expectation"] in gate.broken(name)
    reasons = [each.reason for each in gate.result.rejected if each.report_id == name]
    assert all(len(reason) > 10 for reason in reasons)
    if case["outcome"] == "report":
        assert name in gate.result.quarantined
        assert name not in gate.result.accepted
        severe = {row.name for suite in SUITES for row in load_suite(suite) if row.severity == "report"}
        assert gate.broken(name)[0] in severe
    else:
        assert name not in gate.result.quarantined
        loaded = gate.result.accepted[name]
        assert loaded == gate.settings.accepted / name
        _, figures, claims = read_report_folder(loaded)
        expected = {"figures.csv": len(figures), "claims.csv": len(claims), "report.csv": 1}
        assert gate.result.counts[name] == expected
        lost = 8 - len(figures) - len(claims)
        assert lost >= (0 if case["change"] in ("repeat_row", "overlap") else 1)
        ids = {f"{name}#{each.start}" for each in figures}
        assert all(member in ids for claim in claims for member in [claim.result, *claim.operands] if member)


def test_every_expectation_has_a_mutation() -> None:
    tried = {case["expectation"] for case in cases()}
    assert tried == {row.name for suite in SUITES for row in load_suite(suite)} | {FIGURES_ACCEPTED}


def test_a_clean_report_passes_whole(gate: Gate) -> None:
    assert gate.result.accepted["clean"] == gate.folders["clean"]
    assert gate.broken("clean") == []
    assert gate.result.counts["clean"] == {"report.csv": 1, "figures.csv": 6, "claims.csv": 2}
    assert not (gate.settings.quarantine / "clean").exists()


def test_a_row_in_quarantine_says_why(gate: Gate) -> None:
    name = next(f"case-{n}" for n, case in enumerate(cases()) if case["case"] == "unknown hedge")
    ((_, row),) = csv_rows(gate.settings.quarantine / name / "figures.csv")
    assert list(row) == [*FIGURES, "expectation", "reason"]
    assert (row["quote"], row["expectation"]) == ("1.5萬畝", "hedge_is_known")
    assert row["reason"] == "hedge is 'perhaps'; every hedge is a row of seeds/vocabulary/hedges.csv"
    claims = [row for _, row in csv_rows(gate.settings.quarantine / name / "claims.csv")]
    assert list(claims[0]) == [*CLAIMS, "expectation", "reason"]
    assert {claim["expectation"] for claim in claims} == {FIGURES_ACCEPTED}
    assert row["figure_id"] in claims[0]["reason"]
    reasons = [row for _, row in csv_rows(gate.settings.quarantine / name / "reasons.csv")]
    assert [each["expectation"] for each in reasons] == ["hedge_is_known", FIGURES_ACCEPTED, FIGURES_ACCEPTED]
    assert (reasons[0]["uri"], reasons[0]["value"]) == (f"in/{name}.txt", "perhaps")


def test_a_report_in_quarantine_is_there_whole(gate: Gate) -> None:
    name = next(f"case-{n}" for n, case in enumerate(cases()) if case["case"] == "quote of other digits")
    rows = [row for _, row in csv_rows(gate.settings.quarantine / name / "figures.csv")]
    assert len(rows) == 6
    assert rows[1]["reason"] == (
        "the quote is '1.6萬畝', the text there '1.5萬畝'; quote is text[start:end], character for character"
    )
    assert rows[0]["reason"] == f"goes with its report: {rows[1]['reason']}"
    assert len(list(csv_rows(gate.settings.quarantine / name / "claims.csv"))) == 2
    unreadable = next(f"case-{n}" for n, case in enumerate(cases()) if case["change"] == "garble_file")
    kept = gate.settings.quarantine / unreadable / "figures.csv"
    assert kept.read_bytes() == (gate.folders[unreadable] / "figures.csv").read_bytes()


def test_statistics_count_every_row(gate: Gate) -> None:
    statistics = {each.expectation: each for each in gate.result.statistics}
    assert len(statistics) == sum(len(load_suite(suite)) for suite in SUITES) + 1
    assert statistics["files_are_readable"].evaluated == len(gate.folders)
    assert statistics["quote_is_the_slice"].failed >= 4
    assert statistics["hedge_is_known"].failed == 2


def test_data_docs_are_built(gate: Gate) -> None:
    assert gate.result.data_docs == gate.settings.data_docs / "index.html"
    index = gate.result.data_docs.read_text(encoding="utf-8")
    assert all(f"expectations/{suite}.html" in index for suite in SUITES)
    pages = list(gate.settings.data_docs.glob("validations/**/*.html"))
    assert len(pages) == len(SUITES)
    assert any("quote_is_the_slice" in page.read_text(encoding="utf-8") for page in pages)


def test_batches_in_several_processes_find_the_same_in_the_same_order(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_WORTH_PROCESSES", 2)
    monkeypatch.setattr(batches, "_AT_ONCE", 1 + len(gate.folders) // 4)
    settings = gate.settings.model_copy(update={"home": tmp_path, "threads": 2})
    result = run_gate(list(gate.folders.values()), gate.texts, settings)
    assert result.rejected == gate.result.rejected
    assert result.quarantined == gate.result.quarantined
    assert list(result.accepted) == list(gate.result.accepted)
    assert result.counts == gate.result.counts
    assert result.statistics == gate.result.statistics
    for place in ("quarantine", "accepted"):
        assert files_under(tmp_path / place) == files_under(gate.settings.home / place)
    pages = list(settings.data_docs.glob("validations/**/*.html"))
    assert len(pages) == 4 * len(SUITES)
    assert sum("in_folder" in page.read_text(encoding="utf-8") for page in pages) >= 4


def files_under(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_what_a_process_had_that_was_killed_is_looked_at_again(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_WORTH_PROCESSES", 2)
    monkeypatch.setattr(batches, "_AT_ONCE", 1 + len(gate.folders) // 2)
    monkeypatch.setattr(batches, "_look_at", partial(killed_in, tmp_path, 1))
    result = run_gate(list(gate.folders.values()), gate.texts, gate.settings.model_copy(update={"threads": 2}))
    assert [file.name for file in tmp_path.iterdir()] == ["1"]
    assert list(result.accepted) == list(gate.result.accepted)
    assert (result.rejected, result.statistics) == (gate.result.rejected, gate.result.statistics)


def test_a_batch_that_ends_its_process_twice_is_told_with_its_reports(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is accepted; what can be done is said."""
    monkeypatch.setattr(batches, "_WORTH_PROCESSES", 2)
    monkeypatch.setattr(batches, "_begin", id)  # what is killed needs no Great Expectations
    monkeypatch.setattr(batches, "_look_at", partial(killed_in, tmp_path, 2))
    with pytest.raises(GateError, match=r"reports from clean on were looked at.*SIGKILL.*GONGBAO_THREADS=1"):
        run_gate(list(gate.folders.values()), gate.texts, gate.settings.model_copy(update={"threads": 2}))
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["1", "2"]
    assert not [each for each in psutil.Process().children() if "spawn_main" in str(each.cmdline())]


_look_at = batches._look_at


def killed_in(seen: Path, times: int, number: int, names: Sequence[str]) -> object:
    """The first batch takes its process with it, so many times."""
    if number == 0 and (killed := len(list(seen.iterdir()))) < times:
        (seen / str(killed + 1)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _look_at(number, names) if times == 1 else None


@pytest.mark.parametrize("opened_at_once", [1, 100])
def test_series_claims_reach_other_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened_at_once: int
) -> None:
    """A figure of the same batch, of an earlier report, and of an earlier report's quarantine."""
    monkeypatch.setattr(batches, "_OPENED_AT_ONCE", opened_at_once)
    settings, folders, texts = prepare(tmp_path, ["first", "second", "third"])
    report, figures, _ = sample("first")
    figures[1].hedge = "perhaps"
    write_report(folders["first"], report, figures, [], TEXT)
    assert list(run_gate([folders["first"]], texts, settings).accepted) == ["first"]

    def later(operand: str) -> Claim:
        return Claim("cumulative", f"third#{figures[2].start}", [operand], origin="series")

    good = [later(f"first#{figures[2].start}"), later(f"second#{figures[2].start}")]
    bad = [later(f"first#{figures[1].start}")]
    report, figures, _ = sample("third")
    write_report(folders["third"], report, figures, good + bad, TEXT)
    result = run_gate([folders["second"], folders["third"]], texts, settings)
    assert [each.expectation for each in result.rejected] == ["figures_exist"]
    _, _, claims = read_report_folder(result.accepted["third"])
    assert sorted(claim.operands for claim in claims) == sorted(claim.operands for claim in good)


def test_a_mended_report_leaves_the_quarantine(gate: Gate, tmp_path: Path) -> None:
    settings, folders, texts = prepare(tmp_path, ["a"])
    rewrite(folders["a"] / "figures.csv", lambda _, rows: rows[1].update(hedge="perhaps"))
    assert run_gate([folders["a"]], texts, settings).rejected
    assert (settings.quarantine / "a").exists()
    write_report(folders["a"], *sample("a"), TEXT)
    assert run_gate([folders["a"]], texts, settings).accepted == {"a": folders["a"]}
    assert not (settings.quarantine / "a").exists()
    assert not (settings.accepted / "a").exists()


def test_a_report_without_any_numeral_passes(tmp_path: Path) -> None:
    settings, folders, texts = prepare(tmp_path, ["a"])
    texts["a"].write_text("無事。", encoding="utf-8")
    rewrite(folders["a"] / "report.csv", lambda _, rows: rows[0].update(char_count="3"))
    for file, columns in (("figures.csv", FIGURES), ("claims.csv", CLAIMS)):
        (folders["a"] / file).write_bytes(csv_bytes([], columns))
    assert run_gate([folders["a"]], texts, settings).accepted == {"a": folders["a"]}


def test_nothing_to_do_and_names_that_clash(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert run_gate([], {}, settings) == GateResult()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="a name of its own"):
        run_gate([tmp_path / "a" / "x", tmp_path / "b" / "x"], {}, settings)


def test_rejections_are_plain_rows(gate: Gate) -> None:
    from dataclasses import asdict

    rows = [asdict(each) for each in gate.result.rejected]
    assert list(rows[0]) == ["report_id", "uri", "file", "row_key", "expectation", "value", "reason"]
    assert json.dumps(rows)


def test_what_the_gate_never_asks_for_is_loaded_when_somebody_does() -> None:
    """In a process of its own: modules stay. Walking all modules for their files, as dbt does, loads nothing."""
    script = """
import inspect, sys
from expectations.importing import great_expectations
great_expectations()
inspect.stack()
loaded = sum(name.startswith("scipy.stats.") for name in sys.modules)
from scipy import stats
print(loaded, stats.norm.cdf(0))
import altair
print(altair.__version__ == sys.modules["altair"].__version__, altair.Chart.__name__)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["0", "0.5", "True", "Chart"]
