"""The main job with the real tools: Prefect, Great Expectations, dbt, DuckDB, over the samples and over bad input."""

import csv
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.flow

PROJECT = Path(__file__).resolve().parents[2]
GONGBAO = Path(sys.executable).with_name("gongbao")
COLUMNS = ["id", "kind", "location", "publisher", "place", "language", "schedule", "enabled"]


#: Loaded by every Python that is started, Prefect's server among them: writes down who leads out of the machine.
WATCH = """
import os, sys

def watch(event, args):
    if event == "socket.connect":
        address = args[1]
    elif event == "socket.getaddrinfo":
        address = args[:1]
    else:
        return
    host = address[0] if isinstance(address, tuple) else ""  # the address of a Unix socket is a path
    host = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if isinstance(address, tuple) and not host.startswith("127.") and host not in ("localhost", "::1", "0.0.0.0"):
        with open(os.environ["CONNECTIONS"], "a") as file:
            file.write(f"{event} {host} by {sys.argv}\\n")
        raise ConnectionRefusedError(f"{host}: the tests let nothing out")

sys.addaudithook(watch)
"""


def watched(home: Path) -> dict[str, str]:
    """An environment in which connections that lead out of the machine are written down, and refused."""
    watch = home.with_name("watch")
    watch.mkdir(exist_ok=True)
    (watch / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    return {"PYTHONPATH": str(watch), "CONNECTIONS": str(watch / "connections.txt")}


def gongbao(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """The command as a user types it, in a home of its own."""
    return subprocess.run(
        [GONGBAO, *args],
        env={
            **os.environ,
            **watched(home),
            "GONGBAO_HOME": str(home),
            "GONGBAO_HTTP_TIMEOUT_SECONDS": "2",
            "GONGBAO_HTTP_RETRIES": "0",
            "GONGBAO_ALLOW_PRIVATE_ADDRESSES": "true",
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )


class Silent(http.server.BaseHTTPRequestHandler):
    """A server that takes the request and never answers."""

    def do_GET(self) -> None:
        threading.Event().wait(8)

    def log_message(self, *args: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture(scope="module")
def silent_server() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/bulletin.html"
    server.shutdown()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, silent_server: str) -> Path:
    """A home whose sources are the samples and everything that can be wrong with a source."""
    home = tmp_path_factory.mktemp("home")
    bad = home / "bad"
    bad.mkdir()
    (bad / "empty.txt").write_bytes(b"")
    (bad / "one_line.txt").write_bytes(b"1" * 50_000_000)
    (bad / "random.txt").write_bytes(bytes(range(256)) * 64)
    (bad / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 500)
    (bad / "up\\..\\..\\escape.txt").write_text("全市新增病例3例。", encoding="utf-8")
    (bad / "script.html").write_text(
        "<title>'; drop table marts.dim_report; --</title><script>alert(1)</script><p>新增病例5例，累計病例95例。</p>",
        encoding="utf-8",
    )
    with (home / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for source in csv.DictReader((PROJECT / "seeds" / "sources.csv").open(encoding="utf-8")):
            location = str(PROJECT / source["location"])
            rows.writerow([location if column == "location" else source[column] for column in COLUMNS])
        rows.writerow(["bad", "folder", str(bad / "*"), "某市衛健委", "", "zh-Hant", "", "true"])
        rows.writerow(["missing", "folder", str(home / "nowhere" / "*.txt"), "", "", "", "", "true"])
        rows.writerow(["silent", "http", silent_server, "", "", "", "", "true"])
    return home


@pytest.fixture(scope="module")
def first(home: Path) -> subprocess.CompletedProcess[str]:
    return gongbao(home, "run")


@pytest.fixture(scope="module")
def warehouse(home: Path, first: subprocess.CompletedProcess[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    assert first.returncode == 0, first.stdout[-4000:] + first.stderr[-4000:]
    with duckdb.connect(home / "current" / "warehouse.duckdb", read_only=True) as connection:
        yield connection


def test_the_samples_are_in_the_warehouse(warehouse: duckdb.DuckDBPyConnection) -> None:
    samples = len(list((PROJECT / "seeds" / "reports").rglob("*.md")))
    publishers = warehouse.sql("select count(*) from marts.dim_report where source_id <> 'bad'").fetchall()[0]
    assert publishers == (samples,)


def test_verdicts_can_be_counted(warehouse: duckdb.DuckDBPyConnection) -> None:
    verdicts = dict(warehouse.sql("select verdict, count(*) from marts.fct_checks group by 1").fetchall())
    assert verdicts["holds"] > 20
    assert verdicts["broken"] >= 1


def test_the_slip_in_the_samples_is_found_and_no_other(warehouse: duckdb.DuckDBPyConnection) -> None:
    broken = warehouse.sql("select distinct report_id from marts.fct_checks where verdict = 'broken'").fetchall()
    assert len(broken) == 1, broken


def test_every_figure_stands_where_it_says(home: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.sql("select report_id, start_offset, end_offset, quote from marts.fct_figures").fetchall()
    assert len(rows) > 150
    for report_id, start, end, quote in rows:
        text = (home / "texts" / f"{report_id}.txt").read_bytes().decode("utf-8")
        assert text[start:end] == quote


def test_bad_input_is_kept_out_with_its_reason(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    listed = gongbao(home, "quarantine").stdout
    for name in ("empty.txt", "one_line.txt", "random.txt", "picture.txt"):
        assert name in listed, listed
    assert "nowhere" in first.stdout + first.stderr
    assert "leaked" not in first.stderr  # DuckDB's binding says so of what a run leaves to the system
    assert "bulletin.html" in first.stdout + first.stderr


def test_no_path_escapes_and_no_title_is_run(home: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.sql("select count(*) from marts.dim_report where title like '%drop table%'").fetchall()[0] == (1,)
    folders = {path.name for path in (home / "seeds" / "pulled").iterdir()}
    assert any("escape" in name for name in folders)
    assert not list(home.parent.glob("escape*"))


def test_no_connection_leaves_the_machine(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    """Of a whole run with Prefect, its server, Great Expectations and dbt; first see that the watch is awake."""
    connections = home.with_name("watch") / "connections.txt"
    assert not connections.exists(), connections.read_text(encoding="utf-8")
    ask = "import socket; socket.create_connection(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", ask], env={**os.environ, **watched(home)}, capture_output=True, check=False)
    assert "192.0.2.1" in connections.read_text(encoding="utf-8")
    connections.unlink()


def test_pages_are_built(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    assert (home / "site" / "index.html").exists()
    assert (home / "data_docs" / "index.html").exists()
    assert len(list((home / "site" / "reports").glob("*.html"))) >= 6


def handed_over(script: str) -> Any:
    """The data of a script file of the site."""
    return json.loads(script[script.index(",") + 1 : script.rindex(")")])


def test_every_number_on_the_pages_is_the_one_of_the_published_file(
    home: Path,
    warehouse: duckdb.DuckDBPyConnection,
    published_numbers: Callable[..., Callable[[str, str], object]],
) -> None:
    """The numbers that stand in pages; what is drawn from data files is compared in the data, with all its rows."""
    published = published_numbers(warehouse)
    number = re.compile(r'<data value="([^"]*)" data-of="([^"]*)" data-key="([^"]*)">([^<]*)</data>')
    seen: dict[str, int] = {}
    for path in sorted((home / "site").rglob("*.html")):
        where = str(path.relative_to(home / "site"))
        for value, of, key, said in number.findall(path.read_text(encoding="utf-8")):
            exact = Fraction(value)
            shown = Fraction(said.removeprefix("≈ ").replace(",", "").replace("−", "-"))
            assert shown == exact or ("≈" in said and abs(shown - exact) <= Fraction(1, 200)), (where, said, value)
            if of != "length":
                assert Fraction(str(published(of, unescape(key)))) == exact, (where, of, key)
                kind = where.partition("/")[0]
                seen[kind] = seen.get(kind, 0) + 1
    assert seen.keys() == {"index.html", "reports.html", "findings.html", "indicators.html", "subjects", "reports"}
    assert min(seen.values()) >= 3


def test_the_data_of_the_pages_is_the_published_file(home: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    site = home / "site"
    points = set()
    for path in (site / "data" / "series").glob("*~*.js"):
        part = handed_over(path.read_text(encoding="utf-8"))
        for _, _, report, start, day, _, printed, unit, base, base_unit, quote, marks, _ in part["rows"]:
            figure = f"{part['reports'][report][0]}#{start}"
            points.add((figure, day, Fraction(printed), unit, Fraction(base or printed), base_unit, quote, marks & 1))
    rows = warehouse.sql("""
        select observation_id, cast(coalesce(history.period_ends_on, history.as_of_on, published_on) as varchar),
               printed_value, printed_unit, history.value, history.base_unit, history.quote, is_revision
        from marts.fct_observations_history as history
        join marts.fct_observations as observations using (observation_id)""").fetchall()
    assert points == {
        (i, d or "", Fraction(p), u or "", Fraction(v), b or "", q, int(r)) for i, d, p, u, v, b, q, r in rows
    }
    figures = warehouse.sql("""
        select report_id, value, base_value, unit, quote, indicator from marts.fct_figures
        order by report_id, start_offset
    """).fetchall()
    shown = []
    for (report,) in warehouse.sql("select report_id from marts.dim_report order by report_id").fetchall():
        html = (site / "reports" / f"{report}.html").read_text(encoding="utf-8")
        data = json.loads(html.partition('id="data">')[2].partition("</script>")[0])
        rest = (site / "reports" / f"{report}.parts").glob("p*.js")
        parts = sorted(rest, key=lambda path: int(path.stem[1:]))
        for each in [data, *(handed_over(path.read_text(encoding="utf-8")) for path in parts)]:
            named = (each["columns"][name] for name in ("value", "base_value", "unit", "quote", "indicator"))
            columns = [[one["values"][at] for at in one["at"]] for one in named]
            shown += [(report, *row) for row in zip(*columns, strict=True)]
    assert len(shown) == len(figures) > 100
    for page, row in zip(shown, figures, strict=True):
        for said, exact in zip(page[1:3], row[1:3], strict=True):
            assert (said == "" and exact is None) or said.startswith("≈") or Fraction(said.replace(",", "")) == exact
        assert page[3:] == tuple(text or "" for text in row[3:])
        assert page[0] == row[0]


def test_nothing_new_is_no_work_and_no_server(home: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    before = (home / "current").readlink()
    again = gongbao(home, "run")
    assert again.returncode == 0, again.stderr
    assert "nothing new" in again.stdout
    assert "server" not in again.stdout + again.stderr
    assert (home / "current").readlink() == before


def test_another_home_writes_the_bytes_that_are_in_git(home: Path, first: subprocess.CompletedProcess[str]) -> None:
    """What extraction gives today is what the last commit says it gives."""
    kept = sorted((PROJECT / "seeds" / "pulled").iterdir())
    assert kept
    for folder in kept:
        for name in ("figures.csv", "claims.csv"):
            assert (home / "seeds" / "pulled" / folder.name / name).read_bytes() == (folder / name).read_bytes()


def test_the_manifest_counts_what_the_file_holds(home: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    manifest = json.loads((home / "current" / "manifest.json").read_text(encoding="utf-8"))
    counted = warehouse.sql("select count(*) from marts.fct_figures").fetchall()[0]
    assert json.dumps(manifest).count(str(counted[0] if counted else "")) >= 1
