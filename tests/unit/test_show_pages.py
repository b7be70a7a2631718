"""The show room: text to HTML, numbers, names, pages from views in memory."""

import csv
import html
import io
import json
import re
from itertools import accumulate
from pathlib import Path

import pytest

from flows.show import CheckView, FigureView, HeadView, MemberView, ReportView, render_report, write_site
from flows.show.charts import verdict_bar
from flows.show.marking import Marker, visible
from flows.show.names import page_name
from flows.show.numbers import grouped, interval, plain
from flows.show.views import colour_figures, worst_first

TEXT = "全市共有9個隊，其中甲區4個，乙區6個。\r\n覆蓋率98.2%。"


def figure(quote: str, value: str, text: str = TEXT, **more: str) -> FigureView:
    start = text.index(quote)
    cls = "percent" if quote.endswith("%") else "quantity"
    return FigureView(start, start + len(quote), start + len(quote) - 1, quote, cls, value=value, **more)


def broken_sum(report_id: str = "r1") -> ReportView:
    figures = [
        figure("9個", "9", indicator_text="隊"),
        figure("4個", "4"),
        figure("6個", "6"),
        figure("98.2%", "98.2"),
    ]
    members = [
        MemberView("result" if place == 0 else "operand", report_id, one.start, one.quote)
        for place, one in enumerate(figures[:3])
    ]
    cue = TEXT.index("其中")
    check = CheckView(
        "abc123", report_id, "sum", "broken", members, cue="其中", cues=[(cue, cue + 2)], stated_low="9",
        stated_high="9", computed_low="10", computed_high="10", gap_ulp="1", fits="10", message="4 + 6 = 10 ✗ 9",
    )  # fmt: skip
    colour_figures(report_id, figures, [check])
    head = HeadView(
        report_id,
        "隊伍通報",
        "某局",
        numerals=4,
        figures=4,
        digits=7,
        accounted_digits=7,
        checks={"broken": 1},
    )
    return ReportView(head, TEXT, figures, [check])


def words_of(markup: str) -> str:
    """What a reader sees: the markup without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def test_every_character_is_shown_once_and_every_numeral_marked() -> None:
    report = broken_sum()
    chunks = "".join(chunk.html for chunk in Marker(report.text, report.figures, report.checks, "r1").chunks())
    assert words_of(chunks) == TEXT.replace("\r\n", "")
    assert re.findall(r'id="f(\d+)"', chunks) == [str(one.start) for one in report.figures]
    assert chunks.count('class="n broken') == 3
    assert 'class="n unchecked percent"' in chunks
    assert '<span class="cue" data-c="0">其中</span>' in chunks


def test_a_long_line_is_cut_between_figures() -> None:
    text = "共12345個，" * 3000
    step = len("共12345個，")
    figures = [FigureView(at + 1, at + 7, at + 6, "12345個", "quantity") for at in range(0, len(text), step)]
    chunks = [str(chunk.html) for chunk in Marker(text, figures, [], "r").chunks()]
    assert len(chunks) > 2
    assert words_of("".join(chunks)) == text
    assert "".join(chunks).count(">12345個</a>") == 3000


@pytest.mark.parametrize(
    "hostile", ["</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202e9\u202c"]
)
def test_hostile_words_stay_words(hostile: str) -> None:
    report = broken_sum()
    report.text += hostile
    report.head.title = report.head.publisher = hostile
    report.head.uri = f"javascript:{hostile}"
    report.figures[0].indicator_text = report.checks[0].message = hostile
    page = render_report(report)
    assert "<img src=x" not in page
    assert "alert(1)</script>" not in page
    assert 'href="javascript:' not in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    assert " style=" not in page
    assert " onclick" not in page


def test_hidden_characters_are_named() -> None:
    assert visible("a\u202eb\x00") == "a⟦RLO⟧b⟦U+0000⟧"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("284800", "284,800"),
        ("1/3", "≈ 0.333333"),
        ("-1.50", "−1.5"),
        ("0.000001", "0.000001"),
        ("", ""),
        ("7", "7"),
    ],
)
def test_numbers_are_grouped_and_cut_ones_say_so(text: str, shown: str) -> None:
    assert grouped(text) == shown


def test_plain_numbers_have_no_exponent() -> None:
    from decimal import Decimal

    assert [plain(Decimal("1E+6")), plain(Decimal("98.200000000000")), plain("1/3"), plain(None)] == [
        "1000000",
        "98.2",
        "1/3",
        "",
    ]


@pytest.mark.parametrize(
    ("ends", "shown"),
    [
        (("5", "5", True, True), "5"),
        (("98.15", "98.25", True, False), "[98.15, 98.25)"),
        (("9", "", False, True), "> 9"),
        (("", "9", True, True), "≤ 9"),
        (("", "", True, True), ""),
    ],
)
def test_intervals_show_their_ends(ends: tuple[str, str, bool, bool], shown: str) -> None:
    assert interval(*ends) == shown


def test_a_figure_wears_its_worst_relation() -> None:
    assert worst_first({"holds", "broken"}) == "broken"
    assert worst_first({"holds", "cannot_tell"}) == "holds"
    assert worst_first(set()) == "unchecked"


def test_page_names_stay_inside_and_apart() -> None:
    ids = ["../../etc/passwd", "..", "", "a/b", "a_b", "公報-2020", "x" * 400, "字" * 300, "a b"]
    names = [page_name(one) for one in ids]
    assert len(set(names)) == len(ids)
    assert all("/" not in name and not name.startswith(".") and len(name.encode()) < 200 for name in names)
    assert page_name("公報-2020") == "公報-2020.html"


def test_a_rare_verdict_is_still_seen() -> None:
    widths = {
        name: float(wide)
        for name, wide in re.findall(
            r'class="(\w+)" x="[\d.]+" width="([\d.]+)"', verdict_bar({"broken": 1, "holds": 9999})
        )
    }
    assert widths["broken"] >= 3
    assert round(sum(widths.values())) == 240


def test_the_site_from_memory(tmp_path: Path) -> None:
    report = broken_sum("r/../1")
    index = write_site([report], tmp_path)
    page = tmp_path / "reports" / page_name("r/../1")
    assert page.exists()
    assert "4 + 6 = 10 ✗ 9" in index.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "findings.csv").read_text(encoding="utf-8"))))
    assert [(row["verdict"], row["fits"]) for row in rows] == [("broken", "10")]
    assert json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))[0]["message"] == "4 + 6 = 10 ✗ 9"
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(encoding="utf-8"))
    assert data is not None
    found = json.loads(data[1])
    assert list(accumulate(found["steps"])) == [one.start for one in report.figures]
    assert found["checks"] == [[0, 1, 2]]


def test_a_spreadsheet_runs_no_finding(tmp_path: Path) -> None:
    report = broken_sum()
    report.head.title = "=HYPERLINK(1)"
    write_site([report], tmp_path)
    assert "'=HYPERLINK(1)" in (tmp_path / "findings.csv").read_text(encoding="utf-8")


def test_rendering_is_stable() -> None:
    assert render_report(broken_sum()) == render_report(broken_sum())
