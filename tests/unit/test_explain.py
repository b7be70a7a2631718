"""`gongbao show` and `explain`: what is named is found, and said with nothing that steers a terminal."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.pull import store
from flows.read import map_back, map_json, read_document
from flows.show import build_site
from flows.show.resolve import NotOneError, figure_id, resolve
from flows.show.warehouse import connect


@pytest.fixture(scope="module")
def con(published: Path) -> Iterator["duckdb.DuckDBPyConnection"]:
    con = connect(published / "warehouse.duckdb")
    yield con
    con.close()


@pytest.fixture
def gongbao(home: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command over the published file of the tests."""
    (home / "current").mkdir()
    shutil.move(home / "warehouse.duckdb", home / "current" / "warehouse.duckdb")
    monkeypatch.setenv("GONGBAO_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "120")
    return CliRunner()


@pytest.mark.parametrize(
    ("what", "kind", "page"),
    [
        ("r1", "report", "reports/r1.html"),
        ("乙报", "report", "reports/r2.html"),
        ("r1#4", "figure", "reports/r1.html#f4"),
        ("丙報#1", "figure", "reports/r3.html#f1"),
        ("c1", "finding", "reports/r1.html#c-c1"),
        ("teams.count", "indicator", "indicators/teams.count.html"),
        ("teams", "subject", "subjects/teams.html"),
    ],
)
def test_what_is_named_is_found(con: "duckdb.DuckDBPyConnection", what: str, kind: str, page: str) -> None:
    found = resolve(con, what)
    assert (found.kind, found.page) == (kind, page)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("nothing", "no report, finding, figure"),
        ("r", "may be 3 things: r1, r2, r3"),
        ("r1#2", "the nearest are r1#1 (9個), r1#4"),
        ("r9#2", "no report is called 'r9'"),
        ("\x1b[2J", "⟦U+001B⟧"),
    ],
)
def test_what_names_nothing_or_much_is_said(con: "duckdb.DuckDBPyConnection", what: str, says: str) -> None:
    with pytest.raises(NotOneError) as refused:
        resolve(con, what)
    assert says in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_a_figure_is_found_by_its_words(con: "duckdb.DuckDBPyConnection") -> None:
    assert figure_id(con, "r1", "6个") == "r1#7"
    with pytest.raises(NotOneError, match="3 things"):
        figure_id(con, "r1", "個")
    with pytest.raises(NotOneError, match="name one of its figures"):
        figure_id(con, "r1")


def test_explain_says_what_the_page_says(gongbao: CliRunner) -> None:
    said = gongbao.invoke(main, ["explain", "r1#1"])
    assert said.exit_code == 0, said.output
    for words in (
        "共【9個】：4個和6個。",
        "9 個",
        "4 + 6 = 10 ✗ 9",
        "stated ≥ 9",
        "would fit: 1",
        "stands at",
        "1–3",
    ):
        assert words in said.output, words


def test_explain_prints_no_escape_codes(gongbao: CliRunner, home: Path) -> None:
    (home / "texts" / "r1.txt").write_bytes("共9個：\x1b[2J4個\u202e和6個。".encode())
    with duckdb.connect(str(home / "current" / "warehouse.duckdb")) as con:
        con.execute("update marts.fct_checks set message = '\x1b]0;owned\x07'")
        con.execute("update marts.dim_report set title = '\x1b[31mred'")
    said = gongbao.invoke(main, ["explain", "r1#1"])
    assert said.exit_code == 0
    assert "\x1b" not in said.output
    assert "\u202e" not in said.output
    assert "⟦U+001B⟧[2J" in said.output


def test_show_names_the_place_and_says_what_is_missing(gongbao: CliRunner, home: Path) -> None:
    said = gongbao.invoke(main, ["show", "--print", "r1#4"])
    assert said.exit_code == 1
    assert "`gongbao run` builds the pages" in said.output
    build_site(home / "current" / "warehouse.duckdb", home / "texts", home / "site")
    said = gongbao.invoke(main, ["show", "--print", "r1#4"])
    assert said.output.strip() == f"{(home / 'site' / 'reports' / 'r1.html').as_uri()}#f4"
    said = gongbao.invoke(main, ["show", "--print"])
    assert said.output.strip().endswith("/site/index.html")


def test_nothing_published_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGBAO_HOME", str(tmp_path))
    said = CliRunner().invoke(main, ["explain", "r1#1"])
    assert said.exit_code == 1
    assert said.output.startswith("Error: nothing is published in")
    assert "Traceback" not in said.output


def test_where_leads_to_the_raw_bytes(gongbao: CliRunner, home: Path) -> None:
    told = gongbao.invoke(main, ["where", "r1#4"])
    assert (told.exit_code, "gongbao rerun r1" in told.output) == (1, True)
    raw = (home / "texts" / "r1.txt").read_bytes()
    document = read_document(raw, name="r1.txt")
    (home / "texts" / "r1.map.json").write_bytes(map_json(map_back(raw, document)))
    assert "restore the archive" in gongbao.invoke(main, ["where", "r1#4"]).output
    store(home / "archive", raw)
    told = gongbao.invoke(main, ["where", "r1#4"])
    assert told.exit_code == 0, told.output
    quote = told.output.splitlines()[0].split()[-1]
    first, last = map(int, re.search(r"bytes (\d+) to (\d+)", told.output).groups())
    assert raw[first:last].decode() == quote
