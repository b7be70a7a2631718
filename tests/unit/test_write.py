"""The write room: exact text, stable bytes, nothing half-written."""

import ast
import json
import re
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from flows.record import Claim, Figure, Report, Span, Verdict
from flows.record.columns import AUDIT, CLAIMS, EXTRACT, FIGURES, REPORT
from flows.settings import PROJECT
from flows.write import (
    audit_rows,
    claim_id,
    claims_frame,
    csv_rows,
    decimal_text,
    exact_text,
    figure_row,
    figures_frame,
    frame,
    read_report_folder,
    report_frame,
    seed_row,
    spreadsheet_rows,
    write_report,
)
from flows.write.cells import JUDGED_CLAIM, JUDGED_FIGURE, SERIES_FIGURE, figure_of_series, figure_to_judge
from flows.write.relations import batches, figure_cells, figures_to_judge, table_of

TEXT = "全縣耕地1.5萬畝，\r\n其中水田6000畝、旱地9000畝。"
REPORT_ID = "gengdi-0123456789ab"


def report(**changes: object) -> Report:
    values: dict[str, object] = {
        "report_id": REPORT_ID,
        "sha256": "0123456789ab" + "0" * 52,
        "source_id": "gengdi",
        "uri": "bulletins/gengdi.txt",
        "title": '耕地，"一"覽',
        "publisher": "",
        "place": "",
        "language": "zh-Hant",
        "script": "Hant",
        "published_on": date(2020, 3, 27),
        "published_on_rule": "file_name",
        "encoding": "utf-8",
        "media_type": "text/plain",
        "byte_count": 70,
        "char_count": len(TEXT),
        "reader_version": "1",
    }
    return Report(**(values | changes))  # type: ignore[arg-type]


def figure(quote: str, value: int, unit: str = "畝") -> Figure:
    start = TEXT.index(quote)
    end = start + len(quote)
    number = Fraction(value)
    return Figure(start, end, end - len(unit), quote, "quantity", number, number, number, unit=unit, unit_text=unit)


FIGURES_OF_TEXT = [figure("1.5萬畝", 15000), figure("6000畝", 6000), figure("9000畝", 9000)]
IDS = [f"{REPORT_ID}#{each.start}" for each in FIGURES_OF_TEXT]
SUM = Claim("sum", IDS[0], IDS[1:], cues=[Span(TEXT.index("其中"), TEXT.index("其中") + 2)], rule="其中")


def written(folder: Path, **changes: object) -> dict[str, bytes]:
    arguments = {"report": report(), "figures": FIGURES_OF_TEXT, "claims": [SUM], "text": TEXT} | changes
    write_report(folder, **arguments)  # type: ignore[arg-type]
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("number", "decimal", "exact"),
    [
        (None, "", ""),
        (Fraction(0), "0", "0"),
        (Fraction(284800), "284800", "284800"),
        (Fraction(-5, 2), "-2.5", "-2.5"),
        (Fraction(1, 3), "0.333333333333", "1/3"),
        (Fraction(2, 3), "0.666666666667", "2/3"),
        (Fraction(-1, 3), "-0.333333333333", "-1/3"),
        (Fraction(1, 10**12), "0.000000000001", "0.000000000001"),
        (Fraction(1, 2 * 10**12), "0", "0.0000000000005"),  # half-even: to the even zero
        (Fraction(3, 2 * 10**12), "0.000000000002", "0.0000000000015"),
        (Fraction(-1, 10**13), "0", "-0.0000000000001"),
        (Fraction(10**30), "1" + "0" * 30, "1" + "0" * 30),
        (Fraction(1, 1024), "0.000976562500".rstrip("0"), "0.0009765625"),
    ],
)
def test_number_text(number: Fraction | None, decimal: str, exact: str) -> None:
    assert decimal_text(number) == decimal
    assert exact_text(number) == exact


def test_files_have_their_columns_in_order_and_end_lines_in_lf(tmp_path: Path) -> None:
    files = written(tmp_path / REPORT_ID)
    assert set(files) == {"report.csv", "figures.csv", "claims.csv"}
    for name, columns in (("report.csv", REPORT), ("figures.csv", FIGURES), ("claims.csv", CLAIMS)):
        assert files[name].decode().split("\n")[0] == ",".join(columns)
        assert b"\r" not in files[name]
        assert files[name].endswith(b"\n")


def test_order_of_records_does_not_show(tmp_path: Path) -> None:
    assert written(tmp_path / "a") == written(tmp_path / "b", figures=FIGURES_OF_TEXT[::-1], claims=[SUM, SUM])


def test_equal_content_is_left_alone_and_other_content_replaced(tmp_path: Path) -> None:
    folder = tmp_path / REPORT_ID
    first = written(folder)
    before = (folder / "figures.csv").stat().st_mtime_ns, folder.stat().st_ino
    assert written(folder) == first
    assert ((folder / "figures.csv").stat().st_mtime_ns, folder.stat().st_ino) == before
    (folder / "leftover.txt").write_text("x")
    assert set(written(folder, claims=[])) == set(first)
    assert [path.name for path in tmp_path.iterdir()] == [REPORT_ID]


def test_a_failing_write_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / REPORT_ID
    first = written(folder)
    with pytest.raises(ValueError, match="two figures start at"):
        written(folder, figures=[*FIGURES_OF_TEXT, FIGURES_OF_TEXT[0]])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_leftovers_of_a_killed_run_are_cleared(tmp_path: Path) -> None:
    for name in (f".{REPORT_ID}.new", f".{REPORT_ID}.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half.csv").write_text("x")
    written(tmp_path / REPORT_ID)
    assert [path.name for path in tmp_path.iterdir()] == [REPORT_ID]


def test_lone_carriage_returns_survive(tmp_path: Path) -> None:
    odd = report(title="一\r二\r\n三\n四")
    written(tmp_path / "a", report=odd)
    assert read_report_folder(tmp_path / "a")[0] == odd


def test_a_claim_is_one_row_and_the_reports_own_word_goes_first(tmp_path: Path) -> None:
    declared = Claim("sum", SUM.result, SUM.operands, origin="catalogue", rule="declared")
    written(tmp_path / "a", claims=[declared, SUM])
    assert read_report_folder(tmp_path / "a")[2] == [SUM]


def test_claim_id_tells_relations_apart() -> None:
    others = [
        Claim("subset", SUM.result, SUM.operands),
        Claim("sum", SUM.result, SUM.operands[::-1]),
        Claim("sum", SUM.result, SUM.operands, weights=[Fraction(1), Fraction(-1)]),
        Claim("sum", SUM.result, SUM.operands, parameters={"scale": "100"}),
    ]
    ids = [claim_id(REPORT_ID, claim) for claim in [SUM, *others]]
    assert len(set(ids)) == 5
    assert all(each.startswith(f"{REPORT_ID}!") and len(each) == len(REPORT_ID) + 17 for each in ids)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "figures.csv",
            "quantity,15000,",
            "quantity,many,",
            r"figures.csv, line 2: value: 'many' is no DECIMAL",
        ),
        ("figures.csv", ",true,true,", ",true,yes,", "high_closed: 'yes' is no BOOLEAN"),
        ("figures.csv", "quote", "cite", "no column quote"),
        ("figures.csv", "quantity", "quantity,x", "28 cells under 27 columns"),
        ("report.csv", "2020-03-27", "2020-02-30", "published_on: '2020-02-30' is no DATE"),
        ("claims.csv", "[]", "{}", "weights: '{}' is no JSON array"),
        ("claims.csv", "[]", '"[""1/0""]"', "'1/0' divides by zero"),
    ],
)
def test_reading_names_what_is_wrong(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    written(tmp_path / "a")
    path = tmp_path / "a" / file
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode(), 1))
    with pytest.raises(ValueError, match=message):
        read_report_folder(tmp_path / "a")


def test_a_row_without_a_number_has_no_ends() -> None:
    row = figure_row(Figure(0, 2, 2, "統一", "idiom"))
    assert list(row) == list(EXTRACT)
    assert (row["value"], row["low_closed"], row["high_closed"]) == ("", "", "")
    assert seed_row("r", Figure(0, 2, 2, "統一", "idiom"))["figure_id"] == "r#0"


def test_frames_are_typed() -> None:
    import polars as pl

    figures = figures_frame(REPORT_ID, [*FIGURES_OF_TEXT, Figure(40, 41, 41, "9", "other", Fraction(10**26))])
    assert figures.columns == list(FIGURES)
    assert figures.schema["value"] == pl.Decimal(38, 12)
    assert figures["value"].to_list() == [Decimal(15000), Decimal(6000), Decimal(9000), None]
    assert figures["start"].dtype == pl.Int64
    assert claims_frame(REPORT_ID, [SUM], TEXT)["cue"].to_list() == ["其中"]
    assert report_frame([report()])["published_on"].to_list() == [date(2020, 3, 27)]
    assert frame("AUDIT", []).columns == list(AUDIT)


def test_audit_rows_are_exact() -> None:
    verdict = Verdict("broken", Fraction(1, 3), None, Fraction(5, 2), Fraction(3), Fraction(1, 7), flags=["boundary"])
    by_id = dict(zip(IDS, FIGURES_OF_TEXT, strict=True))
    (row,) = audit_rows([SUM], [verdict], by_id, {REPORT_ID: TEXT})
    assert list(row) == list(AUDIT)
    assert (row["stated_low"], row["stated_high"], row["computed_low"], row["gap_ulp"]) == (
        "1/3",
        "",
        "2.5",
        "1/7",
    )
    assert json.loads(row["operand_quotes"]) == ["6000畝", "9000畝"]
    assert json.loads(row["operand_starts"]) == [each.start for each in FIGURES_OF_TEXT[1:]]
    assert json.loads(row["operand_reports"]) == [REPORT_ID, REPORT_ID]
    assert (row["report"], row["cue"], row["flags"]) == (REPORT_ID, "其中", "boundary")
    with pytest.raises(ValueError, match="shorter"):
        audit_rows([SUM], [], by_id, {REPORT_ID: TEXT})


def test_spreadsheets_get_no_formulas_and_seeds_stay_exact(tmp_path: Path) -> None:
    risky = report(title="=HYPERLINK(1)", publisher="@x", place="-1", uri="+1")
    written(tmp_path / "a", report=risky)
    ((_, row),) = csv_rows(tmp_path / "a" / "report.csv")
    assert row["title"] == "=HYPERLINK(1)"
    (safe,) = spreadsheet_rows([row], REPORT)
    assert (safe["title"], safe["publisher"], safe["place"], safe["uri"]) == (
        "'=HYPERLINK(1)",
        "'@x",
        "'-1",
        "'+1",
    )
    negative = figure_row(Figure(0, 2, 2, "-5", "quantity", Fraction(-5)))
    (safe,) = spreadsheet_rows([negative], EXTRACT)
    assert (safe["value"], safe["quote"]) == ("-5", "'-5")


def test_batches_tear_nothing_and_hold_about_as_much_as_asked() -> None:
    assert list(batches([("a", 2), ("b", 1), ("c", 4), ("d", 1)], 3)) == [["a", "b"], ["c"], ["d"]]
    assert list(batches([], 3)) == []


def test_what_a_python_model_gives_back_is_text_and_null_for_none() -> None:
    table = table_of(("a", "b"), [("1", None), (None, "2")])
    assert table.to_pylist() == [{"a": "1", "b": None}, {"a": None, "b": "2"}]
    assert table_of(("a",), []).schema.field("a").type == "string"


def test_figures_come_out_of_the_warehouse_as_they_went_in(tmp_path: Path) -> None:
    """With exact base values, which SQL rounds to 12 places."""
    mu = Fraction(2000, 3)
    figures = [
        Figure(0, 6, 5, "約1.5萬畝", "quantity", *map(Fraction, (15000, 14500, 15500)), unit="畝", direction="up",
               base_value=15000 * mu, base_unit="平方米", ulp=Fraction(1000), high_closed=False, hedge="about",
               indicator_text="春耕", entity="某縣", period_start=date(2020, 3, 1), period_end=date(2020, 3, 2)),
        Figure(7, 9, 9, "兩面", "idiom"),
    ]  # fmt: skip
    written(tmp_path, figures=figures)
    with duckdb.connect() as con:
        file = f"'{tmp_path}/figures.csv', columns = {FIGURES}, header = true"
        con.execute(f"create table f as from read_csv({file})")
        rows = con.table("f").order("start").project(figure_cells(SERIES_FIGURE)).fetchall()
        in_series = [figure_of_series(cells, {"畝": mu}) for cells in rows]
        judged = [figure_to_judge(cells, {"畝": mu}) for cells in figures_to_judge(con.table("f")).values()]
    judged.sort(key=lambda each: each.start)
    for columns, found in ((SERIES_FIGURE, in_series), (JUDGED_FIGURE, judged)):
        for figure, known in zip(found, figures, strict=True):
            for column in columns:
                name = "cls" if column == "class" else column
                assert getattr(figure, name) == getattr(known, name), column


def test_relations_between_reports_read_no_more_of_a_figure_than_is_fetched_for_them() -> None:
    asked = set()
    for rules in ("series", "restated"):
        rules_of = (PROJECT / "flows" / "relate" / f"{rules}.py").read_text(encoding="utf-8")
        asked |= {part.attr for part in ast.walk(ast.parse(rules_of)) if isinstance(part, ast.Attribute)}
    fields_of = {each.name for each in fields(Figure)}
    fetched = {"cls" if column == "class" else column for column in SERIES_FIGURE}
    assert (asked & fields_of) - fetched == set()


def test_what_is_judged_of_a_figure_is_what_the_hash_of_its_claims_is_made_of() -> None:
    sql = (PROJECT / "models" / "intermediate" / "int_claim_inputs.sql").read_text(encoding="utf-8")
    staged = (PROJECT / "macros" / "figures_as_written.sql").read_text(encoding="utf-8")
    hashed = set(re.findall(r"'figures\.(\w+)'", sql))
    named = {column.strip('"'): name for name, column in re.findall(r"(\w+) as (\w+)", staged)}
    judged = {named.get(column, column) for column in JUDGED_FIGURE}
    assert judged - {"start_offset"} == hashed  # where a figure begins is in its id
    claim = {re.sub(r"\w*\.", "", name) for name in re.findall(r"'claims\.(\w+)'", sql)}
    assert {*JUDGED_CLAIM} - {"result_figure"} == claim  # which figure is the result is told by its place
