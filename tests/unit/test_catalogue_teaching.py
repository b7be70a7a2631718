"""Teaching the catalogue: validation, stable bytes, and the two commands."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.place import TeachingError, refuse_unit, unknown_texts, with_alias, with_indicator
from flows.record.vocabulary import VOCABULARY, vocabulary

DATA = (VOCABULARY / "indicators.csv").read_bytes()


def aliases(data: bytes, code: str) -> list[str]:
    rows = csv.DictReader(io.StringIO(data.decode()))
    return next(row["aliases"] for row in rows if row["indicator"] == code).split("|")


def test_the_shipped_file_is_written_back_byte_for_byte() -> None:
    once = with_alias(DATA, "糧食打下來的斤數", "agriculture.grain_output", file="indicators.csv")
    assert aliases(once, "agriculture.grain_output") == [
        *aliases(DATA, "agriculture.grain_output"),
        "粮食打下来的斤数",
    ]
    changed = [line for line in once.splitlines() if line not in set(DATA.splitlines())]
    assert len(changed) == 1
    assert with_alias(once, "粮食打下来的斤数", "agriculture.grain_output", file="indicators.csv") == once


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("某某量", "agriculture.no_such", "no indicator"),
        ("粮食产量", "agriculture.meat_output", "already a name of 'agriculture.grain_output'"),
        ("两|个", "agriculture.grain_output", "is no name"),
    ],
)
def test_unsound_names_are_refused(text: str, code: str, told: str) -> None:
    with pytest.raises(TeachingError, match=told):
        with_alias(DATA, text, code, file="indicators.csv")


def test_a_new_indicator_is_one_row_more() -> None:
    new = {"unit": "輛", "subject": "trade", "name_en": "Shared bicycles", "file": "indicators.csv"}
    once = with_indicator(DATA, "共享单车投放量", "trade.shared_bicycles", **new)
    assert once.startswith(DATA)
    assert with_indicator(once, "共享单车投放量", "trade.shared_bicycles", **new) == once
    with pytest.raises(TeachingError, match="no unit"):
        with_indicator(DATA, "共享单车投放量", "trade.shared_bicycles", **{**new, "unit": "坨坨"})
    with pytest.raises(TeachingError, match="no code of subject"):
        with_indicator(DATA, "共享单车投放量", "prices.shared_bicycles", **new)


def test_the_unit_must_be_of_the_indicators_kind() -> None:
    refuse_unit("agriculture.grain_output", "噸", file="indicators.csv")
    with pytest.raises(TeachingError, match="not in '元'"):
        refuse_unit("agriculture.grain_output", "元", file="indicators.csv")


def test_unknown_texts_count_scripts_and_years_as_one() -> None:
    rows = [
        ("a", "甲乙产量(1976年)", "噸", "3吨"),
        ("b", "甲乙產量(1978年)", "噸", "4噸"),
        ("b", "丙丁人數", "人", "5人"),
    ]
    found = unknown_texts(rows)
    assert [(item.text, item.count, item.report) for item in found] == [("甲乙产量", 2, "a"), ("丙丁人數", 1, "b")]


def test_the_commands(tmp_path: Path) -> None:
    (tmp_path / "indicators.csv").write_bytes(DATA)
    report = tmp_path / "a.txt"
    report.write_text("全市投放共享单车320辆。", encoding="utf-8")
    runner = CliRunner()
    reviewed = runner.invoke(main, ["catalogue", "review", str(report), "--format", "csv"])
    assert reviewed.exit_code == 0
    assert "共享单车" in reviewed.output
    order = ["catalogue", "accept", "共享单车", "--new", "trade.shared_bicycles", "--unit", "輛"]
    order += ["--vocabulary", str(tmp_path)]
    assert "reports read from now on" in runner.invoke(main, order).output
    assert "nothing is changed" in runner.invoke(main, order).output
    wrong = runner.invoke(main, ["catalogue", "accept", "某某量", "no.code", "--vocabulary", str(tmp_path)])
    assert wrong.exit_code != 0
    assert "indicators.csv: no indicator 'no.code'" in wrong.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "indicators.csv"]


def test_a_home_of_its_own_is_taught_beside_the_shipped_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGBAO_HOME", str(tmp_path))
    vocabulary.cache_clear()
    runner = CliRunner()
    for order in (
        ["共享单车", "--new", "trade.shared_bicycles", "--unit", "輛"],
        ["粮食打下来的斤数", "agriculture.grain_output", "--unit", "公斤"],
    ):
        assert runner.invoke(main, ["catalogue", "accept", *order]).exit_code == 0
        vocabulary.cache_clear()
    taught = {row["indicator"]: row for row in vocabulary("indicators")}
    assert "trade.shared_bicycles" in taught
    assert "粮食打下来的斤数" in taught["agriculture.grain_output"]["aliases"].split("|")
    own = (tmp_path / "vocabulary" / "indicators.csv").read_text(encoding="utf-8").splitlines()
    assert len(own) == 3  # the head, and what this home was taught
    assert (VOCABULARY / "indicators.csv").read_bytes() == DATA
    monkeypatch.delenv("GONGBAO_HOME")
    vocabulary.cache_clear()
    assert "trade.shared_bicycles" not in {row["indicator"] for row in vocabulary("indicators")}
