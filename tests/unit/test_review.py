"""Acknowledgements: written whole, checked, and only of findings that stand."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.review import COLUMNS, ReviewError, acknowledge, read_findings
from flows.settings import Settings
from flows.write import csv_rows

DAY = date(2024, 3, 5)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A published warehouse with one open and one resolved finding."""
    settings = Settings(home=tmp_path)
    settings.current.mkdir()
    con = duckdb.connect(str(settings.current / "warehouse.duckdb"))
    con.execute("create schema marts")
    declared = ", ".join(f"{column} {kind}" for column, kind in COLUMNS.items())
    con.execute(f"create table marts.fct_findings ({declared})")
    for finding, status in (("aaa", "open"), ("bbb", "resolved")):
        con.execute(
            "insert into marts.fct_findings (finding_id, report_id, kind, verdict, status, figures, resolved_by) "
            "values (?, 'r', 'sum', 'broken', ?, '4 = 1; 2', 'later_version')",
            [finding, status],
        )
    con.close()
    return settings


def test_an_acknowledgement_is_written_with_its_figures_and_replaces_the_one_before(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "acknowledgements.csv"
    for reason in ("first", "a, second\nline"):
        acknowledge(settings, "aaa", reason=reason, person="Li", on=DAY, file=file)
    [(_, row)] = csv_rows(file)
    assert row == {
        "finding_id": "aaa",
        "report_id": "r",
        "expected_figures": "4 = 1; 2",
        "reason": "a, second line",
        "person": "Li",
        "acknowledged_on": "2024-03-05",
    }
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".new"] == []


@pytest.mark.parametrize(
    ("finding", "person", "said"),
    [("a", "Li", "did you mean aaa"), ("ccc", "Li", "lists them"), ("bbb", "Li", "resolved"), ("aaa", " ", "empty")],
)
def test_what_cannot_be_acknowledged_is_refused_and_nothing_written(
    settings: Settings, tmp_path: Path, finding: str, person: str, said: str
) -> None:
    file = tmp_path / "acknowledgements.csv"
    with pytest.raises(ReviewError, match=said):
        acknowledge(settings, finding, reason="why", person=person, on=DAY, file=file)
    assert not file.exists()


def test_a_file_of_other_columns_is_named_with_its_line(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "acknowledgements.csv"
    file.write_text("claim_id,reason\n", encoding="utf-8")
    with pytest.raises(ReviewError, match=r"acknowledgements.csv, line 1: the columns are 'claim_id,reason'"):
        acknowledge(settings, "aaa", reason="why", person="Li", on=DAY, file=file)


def test_findings_are_listed_by_what_is_asked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [row["finding_id"] for row in read_findings(settings, statuses=["open"])] == ["aaa"]
    assert read_findings(settings, report="other") == []
    monkeypatch.setenv("GONGBAO_HOME", str(settings.home))
    listed = CliRunner().invoke(main, ["findings", "--format", "csv"])
    assert [line[:3] for line in listed.output.splitlines()[1:]] == ["aaa"]
    refused = CliRunner().invoke(main, ["acknowledge", "zzz", "--reason", "why", "--person", "Li"])
    assert refused.exit_code == 1
    assert "no finding 'zzz'" in refused.output
