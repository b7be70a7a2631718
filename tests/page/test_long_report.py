"""A long report comes in parts: only what is looked at stands in the page, and everything is reached."""

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flows.show import CheckView, FigureView, HeadView, MemberView, ReportView, marking, write_site
from flows.show.views import colour_figures

pytestmark = pytest.mark.page

OpenPage = Callable[..., Page]
LINES = 200


@pytest.fixture(scope="module")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of two hundred lines, three numerals and a relation each, cut into small parts."""
    text, figures, checks = "", [], []
    for line in range(LINES):
        words = [f"{line + 30}戶", f"{line + 10}戶", "20戶"]
        own = []
        for word in words:
            text += "共有" if not own else "、"
            own.append(FigureView(len(text), len(text) + len(word), len(text) + len(word) - 1, word, "quantity",
                                  value=word[:-1], unit="戶"))  # fmt: skip
            text += word
        text += "。\n"
        members = [
            MemberView("operand" if at else "result", "long", one.start, one.quote) for at, one in enumerate(own)
        ]
        verdict = "broken" if line == LINES - 1 else "holds"
        checks.append(CheckView(f"c{line}", "long", "sum", verdict, members, message=f"line {line}"))
        figures.extend(own)
    colour_figures("long", figures, checks)
    head = HeadView("long", "長", numerals=len(figures), figures=len(figures), char_count=len(text))
    out = tmp_path_factory.mktemp("long")
    with pytest.MonkeyPatch.context() as patch:
        pages = importlib.import_module("flows.show.report")
        patch.setattr(pages, "WHOLE_CHARS", 100)
        patch.setattr(pages, "PART_CHUNKS", 2)
        patch.setattr(pages, "CARDS", 20)
        patch.setattr(marking, "CHUNK_CHARS", 100)
        write_site([ReportView(head, text, figures, checks)], out)
    return out


def test_only_what_is_looked_at_stands_in_the_page(open_page: OpenPage, long_site: Path) -> None:
    html = (long_site / "reports" / "long.html").read_text(encoding="utf-8")
    assert html.count('class="n ') < 60
    page = open_page("reports/long.html", long_site)
    expect(page.locator(".check")).to_have_count(20)
    expect(page.locator("[data-relations-count]")).to_have_text("200")
    assert page.locator(".text a.n").count() < 3 * LINES


def test_everything_is_reached_by_keys(open_page: OpenPage, long_site: Path) -> None:
    page = open_page("reports/long.html", long_site)
    page.keyboard.press("p")  # from the end
    expect(page.locator("a.current")).to_have_text("20戶")
    expect(page.locator("[data-place]")).to_have_text("600 / 600")
    expect(page.locator(".text a.lit")).to_have_text(["229戶", "209戶", "20戶"])
    page.keyboard.press("Escape")
    for _ in range(25):
        page.keyboard.press("j")
    expect(page.locator(".check.chosen .arithmetic")).to_have_text("line 23")
    for _ in range(8):
        page.keyboard.press("n")
    expect(page.locator("[data-place]")).to_have_text("8 / 600")


@pytest.mark.parametrize(("link", "lit"), [("c-c150", ["180戶", "160戶", "20戶"]), ("c-c3", ["33戶", "13戶", "20戶"])])
def test_a_deep_link_loads_what_it_names(open_page: OpenPage, long_site: Path, link: str, lit: list[str]) -> None:
    page = open_page(f"reports/long.html#{link}", long_site)
    expect(page.locator(".text a.lit")).to_have_text(lit)
    expect(page.locator(".check.chosen")).to_have_id(link)
    expect(page.locator(".text a.lit").first).to_be_in_viewport()


def test_a_line_found_by_the_search_is_loaded(open_page: OpenPage, long_site: Path) -> None:
    page = open_page("search.html?q=209戶", long_site)
    page.locator("[data-hits=texts] a").click()
    expect(page.locator("p", has_text="209戶、189戶")).to_be_in_viewport()


def test_scrolling_brings_the_parts(open_page: OpenPage, long_site: Path) -> None:
    page = open_page("reports/long.html", long_site)
    for _ in range(60):
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(20)
    expect(page.locator(".text a.n")).to_have_count(3 * LINES)


def test_more_relations_are_listed_when_asked(open_page: OpenPage, long_site: Path) -> None:
    page = open_page("reports/long.html", long_site)
    page.locator("[data-more-cards]").click()
    expect(page.locator(".check")).to_have_count(40)


def test_the_mailed_copy_holds_all_of_it(open_page: OpenPage, long_site: Path, tmp_path: Path) -> None:
    page = open_page("reports/long.html", long_site)
    with page.expect_download() as download:
        page.locator("[data-mail]").click()
    download.value.save_as(tmp_path / "mailed.html")
    page = open_page("mailed.html", tmp_path)
    expect(page.locator(".text a.n")).to_have_count(3 * LINES)
    expect(page.locator(".check")).to_have_count(LINES)
    expect(page.locator(".check .quotes").first).to_have_text("229戶, 209戶, 20戶")
