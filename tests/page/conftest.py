"""A real headless Chromium, and a small site of our own words, one report of it hostile."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from flows.show import CheckView, FigureView, HeadView, MemberView, ReportView, build_site, write_site
from flows.show.views import ChangeView, VersionsView, colour_figures

PLAIN = (
    "青山市今日新增確診31例，其中本地29例、境外2例。\n\n"
    "累計確診1451例，其中本地1236例，境外179例。\n\n接種率98.2%，同比上升。"
)
EVIL = (
    "<script>window.injected = 1</script> 共3個<img src=x onerror='window.injected = 1'>，其中2個和1個。"
    "</script><svg onload='window.injected = 1'> \u202e倒寫\u202c 又5個"
)
EVIL_TITLE = "\"><script>window.injected = 1</script><a href='javascript:window.injected = 1'>標題</a>"


def _figures(text: str, quotes: list[str]) -> list[FigureView]:
    figures = []
    at = 0
    for quote in quotes:
        start = text.index(quote, at)
        at = start + len(quote)
        cls = "percent" if quote.endswith("%") else "quantity"
        figures.append(
            FigureView(
                start,
                at,
                at - 1,
                quote,
                cls,
                value=quote[:-1],
                unit=quote[-1],
                indicator_text=text[start - 2 : start],
            )
        )
    return figures


def _sum(name: str, report_id: str, text: str, figures: list[FigureView], verdict: str) -> CheckView:
    members = [
        MemberView("result" if place == 0 else "operand", report_id, one.start, one.quote)
        for place, one in enumerate(figures)
    ]
    total = str(sum(int(one.value) for one in figures[1:]))
    cue = text.index("其中", figures[0].start)
    operands = " + ".join(one.value for one in figures[1:])
    return CheckView(
        name, report_id, "sum", verdict, members, cue="其中", cues=[(cue, cue + 2)], stated_low=figures[0].value,
        stated_high=figures[0].value, computed_low=total, computed_high=total, fits=total,
        message=f"{operands} = {total} {'✓' if verdict == 'holds' else '✗ ' + figures[0].value + ' printed'}",
    )  # fmt: skip


def _report(report_id: str, title: str, text: str, figures: list[FigureView], checks: list[CheckView]) -> ReportView:
    colour_figures(report_id, figures, checks)
    verdicts = {
        verdict: sum(one.verdict == verdict for one in checks) for verdict in ("holds", "broken", "cannot_tell")
    }
    head = HeadView(
        report_id, title, "青山市衛生局", script="Hant", uri="javascript:window.injected=1", numerals=len(figures),
        figures=len(figures), digits=18, accounted_digits=18, checks=verdicts,
    )  # fmt: skip
    return ReportView(head, text, figures, checks)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages."""
    figures = _figures(PLAIN, ["31例", "29例", "2例", "1451例", "1236例", "179例", "98.2%"])
    plain = _report("plain", "青山市通報", PLAIN, figures, [
        _sum("held", "plain", PLAIN, figures[:3], "holds"), _sum("slip", "plain", PLAIN, figures[3:6], "broken"),
    ])  # fmt: skip
    figures = _figures(EVIL, ["3個", "2個", "1個", "5個"])
    evil = _report("evil", EVIL_TITLE, EVIL, figures, [_sum("evil", "evil", EVIL, figures[:3], "broken")])
    evil.checks[0].message = EVIL_TITLE
    evil.figures[0].indicator_text = EVIL_TITLE
    changes = [
        ChangeView("v1", "changed", EVIL_TITLE, PLAIN.index("29例"), figures[0].start, "29例", "3個", "-26", "個"),
        ChangeView("v2", "added", "其中", None, figures[1].start, "", "2個"),
    ]
    evil.versions = VersionsView(2, before="plain", changes=changes)
    plain.versions = VersionsView(1, newest="evil")
    out = tmp_path_factory.mktemp("site")
    write_site([plain, evil], out)
    return out


@pytest.fixture(scope="session")
def built(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a published file: reports, series, subjects, findings, search."""
    out = tmp_path_factory.mktemp("built")
    build_site(published / "warehouse.duckdb", published / "texts", out)
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        pytest.fail("page tests need Chromium: apt-get install -y chromium fonts-noto-cjk", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def browser_refuses() -> list[str]:
    """Words of complaints that a test provokes on purpose."""
    return []


@pytest.fixture
def open_page(browser: Browser, site: Path, browser_refuses: list[str]) -> Iterator[OpenPage]:
    """Opens a page from disk; at the end nothing may have been said on the console or asked of another origin."""
    complaints: list[str] = []
    asked: list[str] = []
    roots: list[str] = []
    contexts = []

    def opened(where: str, at: Path = site, **options: object) -> Page:
        context = browser.new_context(**{"locale": "zh-TW", "viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{at.as_uri()}/{where}")
        roots.append(f"{at.as_uri()}/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [said for said in complaints if not any(words in said for words in browser_refuses)] == []
    assert [url for url in asked if not url.startswith(tuple(roots))] == []
