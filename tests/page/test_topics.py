"""Series, subjects, search, exports and mailed reports in a real browser; and every number against the file."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from flows.show import build_site, manifest

pytestmark = pytest.mark.page

OpenPage = Callable[..., Page]
KINDS = (
    "index.html", "findings.html", "reports.html", "reports/r1.html", "reports/r1.html#f1", "reports/r1.html#c-c1",
    "indicators.html", "indicators/teams.count.html", "subjects/teams.html", "search.html?q=隊",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", KINDS)
def test_axe_finds_nothing(open_page: OpenPage, built: Path, where: str, scheme: str) -> None:
    page = open_page(where, built, color_scheme=scheme)
    page.wait_for_timeout(200)
    found = Axe().run(page, options={"preload": False})  # its own look at the stylesheets would break our policy
    said = [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]
    assert said == []


def test_what_a_publisher_changed_leads_to_the_words_of_both_versions(open_page: OpenPage) -> None:
    page = open_page("reports/plain.html", viewport={"width": 420, "height": 800})
    page.locator(".superseded a").click()
    page.wait_for_url("**/evil.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    found = Axe().run(page, options={"preload": False})
    assert [one["nodes"][0]["html"] for one in found.response["violations"]] == []
    page.locator(".versions a", has_text="2個").click()
    expect(page.locator(".text a.current")).to_have_text("2個")
    page.locator(".versions a", has_text="29例").click()
    page.wait_for_url("**/plain.html#f17")


def test_the_points_of_a_series_lead_to_their_words(open_page: OpenPage, built: Path) -> None:
    page = open_page("indicators/teams.count.html", built)
    expect(page.locator("svg circle.dot")).to_have_count(3)
    expect(page.locator("svg .restated")).to_have_count(1)
    expect(page.locator("table.series")).to_have_count(2)
    expect(page.locator("tr.was td.number")).to_have_text("9")
    expect(page.locator(".tag", has_text="原為")).to_contain_text("9")
    page.locator("table.series a.words", has_text="8個").click()
    page.wait_for_url("**/reports/r2.html#f2")
    expect(page.locator("a.current")).to_have_text("8個")


def test_a_long_series_comes_in_parts_and_its_older_rows_when_asked(
    open_page: OpenPage, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "PART", 40)
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        for table in ("fct_observations", "fct_observations_history"):
            con.execute(f"""insert into marts.{table}
                select one.* replace ('r1#' || (1000 + n) as observation_id, 1000 + n as value,
                                      date '2021-01-01' + n::int as period_ends_on)
                from marts.{table} as one, range(130) as t (n) where observation_id = 'r1#1'""")
    build_site(home / "warehouse.duckdb", home / "texts", home / "site")
    page = open_page("indicators/teams.count.html", home / "site")
    rows = page.locator("section.line-table").first.locator("tbody tr")
    expect(page.locator("[data-statements]")).to_have_text("133")
    expect(rows).to_have_count(100)
    page.locator("[data-older]").click()
    expect(rows).to_have_count(132)
    expect(rows.last.locator("a.words")).to_have_attribute("href", "../reports/r1.html#f1000")
    expect(rows.last.locator("data")).to_have_attribute("data-key", "r1#1000")


def test_a_chart_is_stepped_through_by_keyboard(open_page: OpenPage, built: Path) -> None:
    page = open_page("indicators/teams.count.html", built)
    page.locator("svg a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"reports/r\d\.html#f\d$"))


def test_the_inspector_tells_what_other_reports_say(open_page: OpenPage, built: Path) -> None:
    page = open_page("reports/r2.html#f2", built)
    rows = page.locator(".history li")
    expect(rows).to_have_count(2)
    expect(page.locator(".history .here")).to_contain_text("8個")
    rows.filter(has_text="9個").locator("a").click()
    page.wait_for_url("**/reports/r1.html#f1")
    expect(page.locator(".indicator a")).to_have_text("隊伍數")


def test_a_subject_shows_rates_as_stated_and_as_they_follow(open_page: OpenPage, built: Path) -> None:
    page = open_page("subjects/teams.html", built)
    expect(page.locator(".rate.broken")).to_contain_text("44.4444")
    expect(page.locator(".rate .from a")).to_have_text(["4", "9"])
    expect(page.locator("svg .computed .curve")).to_have_count(1)
    expect(page.locator(".tile")).to_have_count(2)


@pytest.mark.parametrize(
    ("asked", "group", "href"),
    [
        ("队伍数", "indicators", "indicators/teams.count.html"),
        ("隊伍數", "indicators", "indicators/teams.count.html"),
        ("TEAMS", "indicators", "indicators/teams.count.html"),
        ("累计", "texts", "reports/r2.html#t0"),
        ("累計 8个", "texts", "reports/r2.html#t0"),
        ("又7", "texts", "reports/r3.html#t6"),
        ("8个", "figures", "reports/r2.html#f2"),
        ("乙报 队", "figures", "reports/r2.html#f2"),
    ],
)
def test_search_finds_either_script(open_page: OpenPage, built: Path, asked: str, group: str, href: str) -> None:
    page = open_page(f"search.html?q={asked}", built)
    hits = page.locator(f"[data-hits={group}] a")
    expect(hits.first).to_be_visible()
    assert href in hits.evaluate_all("all => all.map((one) => one.getAttribute('href'))")


def test_search_leads_to_the_line(open_page: OpenPage, built: Path) -> None:
    page = open_page("search.html", built)
    page.locator("#ask").fill("又7")
    page.locator("[data-hits=texts] a").click()
    expect(page.locator("p:target")).to_have_text("又7個。")


def test_search_says_when_there_is_nothing(open_page: OpenPage, built: Path) -> None:
    page = open_page("search.html?q=<img src=x onerror=window.injected=1>", built)
    expect(page.locator("#nothing")).to_be_visible()
    assert page.evaluate("window.injected") is None


def test_hostile_words_are_found_as_words(open_page: OpenPage) -> None:
    page = open_page("search.html?q=倒寫")
    expect(page.locator("[data-hits=texts] .excerpt")).to_contain_text("⟦U+202E⟧倒寫⟦U+202C⟧")
    assert page.evaluate("window.injected") is None
    assert page.locator("main img, main script").count() == 0


def test_a_slash_goes_to_the_search(open_page: OpenPage, built: Path) -> None:
    page = open_page("reports/r1.html", built)
    page.keyboard.press("/")
    page.wait_for_url("**/search.html")


def test_the_messages_of_the_audit_speak_the_tongue_of_the_page(open_page: OpenPage) -> None:
    page = open_page("reports/plain.html", locale="en-US")
    message = page.locator("[id='c-slip'] .arithmetic")
    expect(message).to_have_text("1236 + 179 = 1415 ✗ 1451 printed", use_inner_text=True)
    page.locator("[data-tongue=hans]").click()
    expect(message).to_have_text("1236 + 179 = 1415 ✗ 印作 1451", use_inner_text=True)


@pytest.mark.parametrize("report", ["plain", "evil"])
def test_a_mailed_report_stands_alone(open_page: OpenPage, site: Path, tmp_path: Path, report: str) -> None:
    page = open_page(f"reports/{report}.html")
    words = page.locator("#text").inner_text()
    page.locator(".text a.n").first.click()  # what is chosen is not mailed
    with page.expect_download() as download:
        page.locator("[data-mail]").click()
    assert download.value.suggested_filename == f"{report}.html"
    download.value.save_as(tmp_path / "mailed.html")
    page = open_page("mailed.html", tmp_path)
    expect(page.locator(".n.broken").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.n.broken')).textDecorationStyle") == "wavy"
    assert page.locator(".text").inner_text() == words
    assert page.locator(".lit, .current, .chosen").count() == 0
    assert page.locator("script, link, img, button, [src], [style]").count() == 0
    page.locator(".n.broken").first.click()
    expect(page.locator(".check:target")).to_have_class("check broken")
    page.locator(".check:target .quotes a").first.click()
    expect(page.locator("a.n:target")).to_be_visible()
    assert page.evaluate("window.injected") is None
    found = Axe().run(page, options={"preload": False})
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == []


@pytest.mark.parametrize("where", KINDS)
def test_no_page_needs_sideways_scrolling_on_a_phone(open_page: OpenPage, built: Path, where: str) -> None:
    page = open_page(where, built, viewport={"width": 360, "height": 740})
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_printed_page_is_black_on_white(open_page: OpenPage, built: Path) -> None:
    page = open_page("reports/r1.html", built, color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".stepper")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()") == "#000"


def test_every_number_comes_from_the_published_file(
    open_page: OpenPage, built: Path, published: Path, published_numbers: Callable[..., Callable[[str, str], object]]
) -> None:
    seen: dict[str, int] = {}
    pages = sorted(str(path.relative_to(built)) for path in built.rglob("*.html"))
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as con:
        published_number = published_numbers(con)
        for where in pages:
            page = open_page(where, built)
            shown = page.evaluate(
                "[...document.querySelectorAll('data[data-of]')]"
                ".map((one) => [one.dataset.of, one.dataset.key, one.value, one.textContent])"
            )
            for of, key, value, said in shown:
                assert said.replace(",", "").replace("−", "-").replace("≈ ", "")[:6] in value, (where, of)
                if of == "length":
                    continue  # the rows beside it
                assert Decimal(str(published_number(of, key))) == Decimal(value), (where, of, key)
                seen[of] = seen.get(of, 0) + 1
            loose = page.evaluate("""() => {
                const kept = "data, .text, .excerpt, .arithmetic, time, code, svg, title, .members, .words, .meta,"
                  + " .legend .swatch, script, style, noscript, output, .fits, .permalink, input, .stat.coverage, h1,"
                  + " .where, .quotes, td:nth-child(5), .mini, .line-table h2, .crumb, option";
                const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                const found = [];
                while (walk.nextNode()) {
                    const node = walk.currentNode;
                    if (/\\d/.test(node.data) && !node.parentElement.closest(kept)) found.push(node.data.trim());
                }
                return found;
            }""")
            assert [words for words in loose if not re.fullmatch(r"100 %|[\d.]+ %|\(\d+\)", words)] == [], where
    assert {
        "audit_reports.figure_count",
        "fct_observations.printed_value",
        "series_rates.recomputed_percent",
    } <= seen.keys()
    assert sum(seen.values()) > 50


def test_the_figures_of_the_inspector_and_of_the_series_are_those_of_the_file(built: Path, published: Path) -> None:
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as con:
        for report, count in con.execute("select report_id, count(*) from marts.fct_figures group by 1").fetchall():
            html = (built / "reports" / f"{report}.html").read_text(encoding="utf-8")
            found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html)
            assert found is not None
            column = json.loads(found[1])["columns"]["value"]
            shown = [Decimal(column["values"][at].replace(",", "")) for at in column["at"]]
            rows = con.execute(
                "select value from marts.fct_figures where report_id = ? order by start_offset", [report]
            ).fetchall()
            assert shown == [row[0] for row in rows]
            assert len(shown) == count
        script = (built / "data" / "series" / "teams.count~0.js").read_text(encoding="utf-8")
        part = json.loads(script[script.index(",") + 1 : script.rindex(")")])
        shown_rows = sorted((part["reports"][row[2]][0], row[3], Decimal(row[6])) for row in part["rows"])
        rows = con.execute(
            "select report_id, cast(split_part(observation_id, '#', 2) as int), printed_value"
            " from marts.fct_observations where indicator = 'teams.count' order by all"
        ).fetchall()
        assert shown_rows == rows
