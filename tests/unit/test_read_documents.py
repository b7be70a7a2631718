"""PDF, Word files and workbooks to text: documents made here, read back."""

import io
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from flows import extract
from flows.read import ReadError, read_document
from flows.read.shown import shown_value
from flows.record import Document, Limits

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
WIDTH, HEIGHT = A4
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf_of(*pages: Callable[[Canvas], None], **options: object) -> bytes:
    """A PDF; each page is drawn by its function."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True, **options)
    for draw in pages:
        canvas.setFont(FONT, 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def lines_at(canvas: Canvas, top: float, *lines: str, x: float = 72, step: float = 18) -> None:
    """Lines one under another, `top` points below the upper edge."""
    for index, line in enumerate(lines):
        canvas.drawString(x, HEIGHT - top - step * index, line)


def word_of(build: Callable[[docx.document.Document], None]) -> bytes:
    document = docx.Document()
    build(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def workbook_of(build: Callable[[openpyxl.Workbook], None]) -> bytes:
    workbook = openpyxl.Workbook()
    build(workbook)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def body(document: Document) -> list[str]:
    return [span.quote(document.text) for span in document.paragraphs]


def named(document: Document) -> list[tuple[str, str]]:
    return [(kind, span.quote(document.text)) for span, kind in zip(document.ignored, document.ignored_as, strict=True)]


def code_of(data: bytes, name: str) -> str:
    with pytest.raises(ReadError) as caught:
        read_document(data, name=name)
    assert name in str(caught.value)
    return caught.value.code


def outcome(data: bytes, name: str) -> str:
    """`read`, or the code of the refusal; anything else is raised."""
    try:
        return "read" if read_document(data, name=name).paragraphs else ""
    except ReadError as error:
        return error.code


# PDF


def test_pdf_lines_become_paragraphs_and_edges_are_named() -> None:
    full = "全市共有規模以上工業企業七百零九家其中六百九十六家恢復生產復工"  # fills the width of the page

    def page(number: int, *lines: str) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            lines_at(canvas, 40, f"青嵐市統計局簡報 第{number}期")
            lines_at(canvas, 100, *lines)
            lines_at(canvas, HEIGHT - 40, f"— {number} —", x=280)

        return draw

    data = pdf_of(
        page(1, "　　" + full, "率為98.2%，比上週提高1.5個百分點。", "　　累計確診1", "　　" + full),
        page(2, "率為97.1%。", "二、農業"),
    )
    document = read_document(data, name="a.pdf")
    assert body(document) == [
        full + "率為98.2%，比上週提高1.5個百分點。",
        "累計確診1",
        full + "率為97.1%。",
        "二、農業",
    ]
    assert sorted(named(document)) == [
        ("page_header", "青嵐市統計局簡報第1期"),
        ("page_header", "青嵐市統計局簡報第2期"),
        ("page_number", "— 1 —"),
        ("page_number", "— 2 —"),
    ]
    assert document.media_type == "application/pdf"


def test_pdf_pieces_say_their_page_and_box() -> None:
    data = pdf_of(lambda canvas: lines_at(canvas, 100, "共有5例。"), lambda canvas: lines_at(canvas, 200, "治癒3例。"))
    document = read_document(data, name="a.pdf")
    told = {document.text[place.start : place.end]: place.where for place in document.places}
    assert told["共有5例。"][0] == 1
    assert told["治癒3例。"][0] == 2
    assert told["共有5例。"][1] == 72
    assert 85 < float(told["共有5例。"][2]) < float(told["共有5例。"][4]) < 106
    assert 185 < float(told["治癒3例。"][2]) < float(told["治癒3例。"][4]) < 206


def test_pdf_tables_keep_their_heads(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines_at(canvas, 80, "主要指標")
        style = [("GRID", (0, 0), (-1, -1), 1, "black"), ("FONT", (0, 0), (-1, -1), FONT)]
        table = Table(
            [["指標", "產量（萬噸）", "增長（%）"], ["糧食", "650.0", "17.3"], ["蔬菜", "82.5", "-3.1"]], style=style
        )
        table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, 72, HEIGHT - 200)
        lines_at(canvas, 240, "注：本表為初步統計。")

    document = read_document(pdf_of(draw), name="a.pdf")
    assert body(document) == [
        "主要指標",
        "指標\t產量（萬噸）\t增長（%）",
        "糧食\t650.0\t17.3",
        "蔬菜\t82.5\t-3.1",
        "注：本表為初步統計。",
    ]
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf_of(draw))
    rows = extract(file).filter(extract(file)["class"].is_in(["quantity", "percent"]))
    told = [(row["quote"], row["unit"], row["indicator_text"]) for row in rows.to_dicts()]
    assert [row[:2] for row in told] == [("650.0", "噸"), ("17.3", "%"), ("82.5", "噸"), ("-3.1", "%")]
    assert [(words[:2], words[-2:]) for _, _, words in told] == [
        ("糧食", "產量"),
        ("糧食", "增長"),
        ("蔬菜", "產量"),
        ("蔬菜", "增長"),
    ]


def test_pdf_columns_are_read_one_after_the_other() -> None:
    def draw(canvas: Canvas) -> None:
        lines_at(canvas, 60, "青嵐市二〇二二年統計公報全文在此刊出請各單位查收並妥為保管不得外傳")
        lines_at(canvas, 100, *(f"左欄第{number}行共有五例。" for number in "一二三四五六"))
        lines_at(canvas, 100, *(f"右欄第{number}行共有五例。" for number in "一二三四五六"), x=320)

    text = read_document(pdf_of(draw), name="a.pdf").text
    assert text.index("左欄第六行") < text.index("右欄第一行")


def test_pdf_without_words_or_with_a_password() -> None:
    assert code_of(pdf_of(lambda canvas: None), "a.pdf") == "empty"
    locked = pdf_of(lambda canvas: lines_at(canvas, 100, "共5例"), encrypt="secret")
    assert code_of(locked, "a.pdf") == "unsupported"


def test_pdf_bombs_and_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zlib.compress(b" " * 300_000_000, 9)
    bomb = b"%PDF-1.4\n1 0 obj <</Filter /FlateDecode>>\nstream\n" + packed + b"\nendstream endobj"
    assert code_of(bomb, "a.pdf") == "too_large"
    twice = b"%PDF-1.4\n1 0 obj <</Filter [/FlateDecode /FlateDecode]>>\nstream\n" + packed[:100] + b"\nendstream"
    assert code_of(twice, "a.pdf") == "too_large"
    monkeypatch.setattr("flows.read.document.get_limits", lambda: Limits(max_pages=1))
    data = pdf_of(lambda canvas: lines_at(canvas, 100, "共5例"), lambda canvas: lines_at(canvas, 100, "共6例"))
    assert code_of(data, "a.pdf") == "too_large"


# Word


def build_word(document: docx.document.Document) -> None:
    document.add_heading("青嵐市復工簡報", 0)
    document.add_heading("一、概況", 1)
    paragraph = document.add_paragraph("截至3月25日，規模以下工業企業709家，")
    paragraph.add_run("其中696家").bold = True
    paragraph.add_run("恢復生產。")
    document.add_paragraph("口罩25萬個", style="List Bullet")
    table = document.add_table(rows=3, cols=3)
    for row, words in enumerate(
        (("指標", "產量（萬噸）", "增長（%）"), ("糧食", "650.0", "17.3"), ("合計", "650.0", ""))
    ):
        for column, word in enumerate(words):
            table.cell(row, column).text = word
    table.cell(2, 1).merge(table.cell(2, 2))
    document.add_paragraph("注：初步統計。")
    inserted = (
        '<w:p {}><w:ins w:id="1"><w:r><w:t>新增3例</w:t></w:r></w:ins>'
        '<w:del w:id="2"><w:r><w:delText>4例</w:delText></w:r></w:del></w:p>'
    )
    document.element.body.insert(-1, parse_xml(inserted.format(W)))
    control = "<w:sdt {}><w:sdtContent><w:p><w:r><w:t>聯繫電話12345</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(-1, parse_xml(control.format(W)))


def test_word_in_document_order() -> None:
    document = read_document(word_of(build_word), name="a.docx")
    assert body(document) == [
        "青嵐市復工簡報",
        "一、概況",
        "截至3月25日，規模以下工業企業709家，其中696家恢復生產。",
        "口罩25萬個",
        "指標\t產量（萬噸）\t增長（%）",
        "糧食\t650.0\t17.3",
        "合計\t650.0",
        "注：初步統計。",
        "新增3例",
        "聯繫電話12345",
    ]
    assert document.title == "青嵐市復工簡報"
    assert [span.quote(document.text) for span in document.headings] == ["青嵐市復工簡報", "一、概況"]


def test_word_pieces_say_their_paragraph_or_cell() -> None:
    data = word_of(build_word)
    original = docx.Document(io.BytesIO(data))
    places = read_document(data, name="a.docx").places
    text = read_document(data, name="a.docx").text
    for place in places:
        kind, *numbers = place.where
        quote = text[place.start : place.end]
        if kind == "cell":
            table, row, column = map(int, numbers)
            assert original.tables[table].cell(row, column).text.strip() == quote
        elif int(numbers[0]) < len(original.paragraphs) - 1:
            assert original.paragraphs[int(numbers[0])].text == quote


# Workbooks


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (1260582.0, "General", "1260582"),
        (1260582, "#,##0", "1,260,582"),
        (1234.5, "#,##0.00", "1,234.50"),
        (0.982, "0.0%", "98.2%"),
        (0.982, "0%", "98%"),
        (-0.031, "0.0%", "-3.1%"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (-5.25, "0.0_ ;[Red]-0.0 ", "-5.3"),
        (0, '0;-0;"—"', "—"),
        (28.48, '0.00"萬畝"', "28.48萬畝"),
        (12, 'General"人"', "12人"),
        (1234567, "#,##0,", "1,235"),
        (0.5, "#.##", ".5"),
        (3, "000", "003"),
        (1.5, "# ?/?", "1.5"),
        (123456789.0, "0.00E+00", "1.23E+08"),
        (datetime(2020, 3, 25), "yyyy-mm-dd", "2020-03-25"),
        (datetime(2020, 3, 5), 'yyyy"年"m"月"d"日"', "2020年3月5日"),
        (datetime(2020, 3, 5), "m/d/yy", "3/5/20"),
        (datetime(2020, 3, 5, 9, 7), "h:mm", "9:07"),
        (datetime(2020, 3, 5, 9, 7), "yyyy/m/d h:mm:ss", "2020/3/5 9:07:00"),
        (date(2020, 3, 5), "General", "2020-03-05"),
        (True, "General", "TRUE"),
        ("共5例", "@", "共5例"),
        (None, "0", ""),
        (float("inf"), "0", "Infinity"),
    ],
)
def test_cells_are_as_the_sheet_shows_them(value: object, number_format: str, shown: str) -> None:
    assert shown_value(value, number_format) == shown


def build_workbook(workbook: openpyxl.Workbook) -> None:
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "主要指標"
    for row in (
        ["青嵐市主要指標"],
        ["指標", "產量（萬噸）", "增長（%）"],
        ["糧食", 650.1, 17.3],
        ["蔬菜", 0.1 + 0.2, -3.1],
    ):
        sheet.append(row)
    sheet["B3"].number_format = "#,##0.0"
    other = workbook.create_sheet("復工")
    other["A1"], other["C1"], other["A3"], other["C3"] = "項目", "復工率", "小型企業", 0.982
    other["C3"].number_format = "0.0%"
    hidden = workbook.create_sheet("底稿")
    hidden["A1"], hidden.sheet_state = 4711, "hidden"


def test_workbook_sheets_are_headed_tables(tmp_path: Path) -> None:
    data = workbook_of(build_workbook)
    document = read_document(data, name="a.xlsx")
    assert body(document) == [
        "主要指標",
        "青嵐市主要指標",
        "指標\t產量（萬噸）\t增長（%）",
        "糧食\t650.1\t17.3",
        "蔬菜\t0.3\t-3.1",
        "復工",
        "項目\t\t復工率",
        "小型企業\t\t98.2%",
    ]
    assert [span.quote(document.text) for span in document.headings] == ["主要指標", "復工"]
    told = {place.where: document.text[place.start : place.end] for place in document.places}
    assert told["復工", "C3"] == "98.2%"
    assert told["主要指標", "B4"] == "0.3"
    file = tmp_path / "a.xlsx"
    file.write_bytes(data)
    rows = {row["quote"]: (row["unit"], row["indicator_text"]) for row in extract(file).to_dicts()}
    assert rows["650.1"] == ("噸", "糧食產量")
    assert rows["98.2%"] == ("%", "小型企業復工率")


def test_csv_cells_say_their_row_and_column() -> None:
    document = read_document('指標,數量\n糧食,"1,650"\n'.encode(), name="a.csv")
    assert body(document) == ["指標\t數量", "糧食\t1,650"]
    assert {document.text[place.start : place.end]: place.where for place in document.places}["1,650"] == (2, 2)


# What is damaged or meant to harm


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx"])
def test_damaged_files_are_named_as_such(name: str) -> None:
    whole = {
        "a.pdf": pdf_of(lambda canvas: lines_at(canvas, 100, "共5例")),
        "a.docx": word_of(build_word),
        "a.xlsx": workbook_of(build_workbook),
    }[name]
    assert code_of(b"no such thing", name) == "broken"
    for part in range(1, 40):
        cut = whole[: len(whole) * part // 40]
        flipped = bytearray(whole)
        flipped[len(whole) * part // 40] ^= 0xFF
        for data in (cut, bytes(flipped)):
            assert outcome(data, name) in ("read", "broken", "unsupported", "empty", "too_large")


def test_office_bombs_are_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 200_000_000)
    assert code_of(file.getvalue(), "a.docx") == "too_large"


def test_entities_of_hostile_xml_are_not_followed() -> None:
    source = io.BytesIO(word_of(build_word))
    target = io.BytesIO()
    laughs = '<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "word/document.xml":
                content = content.replace(b"<w:document", laughs.encode() + b"<w:document", 1)
                content = content.replace("注：初步統計。".encode(), b"&a;&b;")
            new.writestr(member.filename, content)
    text = read_document(target.getvalue(), name="a.docx").text
    assert "root:" not in text


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.read.document.get_limits", lambda: Limits(max_cells=5))
    assert code_of(workbook_of(build_workbook), "a.xlsx") == "too_large"
    assert code_of(word_of(build_word), "a.docx") == "too_large"
