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

from flows.show import build_site, topics

pytestmark = pytest.mark.page

OpenPage = Callable[..., Page]
KINDS = (
    "index.html", "findings.html", "reports.html", "reports/r1.html", "reports/r1.html#f1", "reports/r1.html#c-c1",
    "indicators.html", "indicators/teams.count.html", "subjects/teams.html", "search.html?q=隊", "mail/r1.html",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", KINDS)
def test_axe_finds_nothing(open_page: OpenPage, built: Path, where: str, scheme: str) -> None:
    page = open_page(where, built, color_scheme=scheme)
    page.wait_for_timeout(200)
    found = Axe().run(page, options={"preload": False})  # its own look at the stylesheets would break our policy
    said = [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]
    assert said == []


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


def test_older_rows_of_a_long_table_come_when_asked(
    open_page: OpenPage, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "ROWS", 1)
    build_site(published / "warehouse.duckdb", published / "texts", tmp_path)
    page = open_page("indicators/teams.count.html", tmp_path)
    rows = page.locator("section.line-table").first.locator("tbody tr")
    expect(rows).to_have_count(1)
    page.locator("[data-older]").click()
    expect(rows).to_have_count(2)
    expect(rows.last.locator("a.words")).to_have_attribute("href", "../reports/r1.html#f1")
    expect(rows.last.locator("data")).to_have_text("9")


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


@pytest.mark.parametrize("where", ["mail/plain.html", "mail/evil.html"])
def test_a_mailed_report_stands_alone(open_page: OpenPage, site: Path, tmp_path: Path, where: str) -> None:
    alone = tmp_path / "mailed.html"
    alone.write_bytes((site / where).read_bytes())
    page = open_page("mailed.html", tmp_path)
    expect(page.locator(".n.broken").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.n.broken')).textDecorationStyle") == "wavy"
    assert page.locator("script, link, img, [src]").count() == 0
    assert page.evaluate("window.injected") is None


@pytest.mark.parametrize("where", [kind for kind in KINDS if "mail" not in kind])
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


QUERIES = {
    "count:dim_report": "select count(*) from marts.dim_report",
    "count:fct_checks": "select count(*) from marts.fct_checks",
    "count:open": "select count(*) from marts.fct_checks where verdict = 'broken' and acknowledgement is null",
    "count:findings": "select count(*) from marts.fct_checks where verdict <> 'holds'",
    "observations:indicator": "select count(*) from marts.fct_observations where indicator = $key",
    "checks:touching": "select count(distinct check_id) from marts.fct_check_operands where report_id = $key",
    "publisher:count": "select count(*) from marts.dim_report join marts.dim_publisher using (publisher_id)"
    " where publisher = $key",
    "publisher:figure_count": "select sum(figure_count) from marts.audit_reports join marts.dim_report"
    " using (report_id) join marts.dim_publisher using (publisher_id) where publisher = $key",
    "publisher:broken_count": "select sum(broken_count) from marts.audit_reports join marts.dim_report"
    " using (report_id) join marts.dim_publisher using (publisher_id) where publisher = $key",
}
KEYS = {
    "dim_report": "report_id", "audit_reports": "report_id", "fct_checks": "check_id",
    "fct_observations": "observation_id", "fct_observations_history": "observation_id",
}  # fmt: skip


def published_number(con: "duckdb.DuckDBPyConnection", of: str, key: str) -> object:
    """What the file says where a number on a page says it stands."""
    if of in QUERIES:
        query = QUERIES[of]
    elif of.startswith("sum:verdict="):
        query = f"select count(*) from marts.fct_checks where verdict = '{of.partition('=')[2]}'"
    elif of.startswith("tally:verdict="):
        touching = (
            "and check_id in (select check_id from marts.fct_check_operands where report_id = $key)" if key else ""
        )
        query = f"select count(*) from marts.fct_checks where verdict = '{of.partition('=')[2]}' {touching}"
    elif of.startswith("sum:"):
        table, column = of[4:].split(".")
        query = f"select sum({column}) from marts.{table}"
    else:
        table, column = of.split(".")
        name = KEYS.get(table, "row_id")
        if table == "series_rates":
            name = "thing_id || ' ' || observation_id"
        query = f"select {column} from marts.{table} where {name} = $key"
    row = con.execute(query, {"key": key} if "$key" in query else {}).fetchone()
    return row[0] if row else None


def test_every_number_comes_from_the_published_file(open_page: OpenPage, built: Path, published: Path) -> None:
    seen: dict[str, int] = {}
    pages = sorted(str(path.relative_to(built)) for path in built.rglob("*.html"))
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as con:
        for where in pages:
            page = open_page(where, built)
            shown = page.evaluate(
                "[...document.querySelectorAll('data[data-of]')]"
                ".map((one) => [one.dataset.of, one.dataset.key, one.value, one.textContent])"
            )
            for of, key, value, said in shown:
                assert said.replace(",", "").replace("−", "-").replace("≈ ", "")[:6] in value, (where, of)
                if of == "length" or of.startswith("figures:"):
                    continue  # the rows beside it; compared in the next test
                assert Decimal(str(published_number(con, of, key))) == Decimal(value), (where, of, key)
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
            counts = dict(re.findall(r'<data value="(\d+)" data-of="figures:\w+" data-key="\w+">(\d+)</data>', html))
            assert all(one == two for one, two in counts.items())
        script = (built / "data" / "series" / "teams.count.js").read_text(encoding="utf-8")
        series = json.loads(script[script.index(",") + 1 : script.rindex(")")])
        shown_rows = sorted((series["reports"][row[2]], row[3], Decimal(row[6])) for row in series["rows"])
        rows = con.execute(
            "select report_id, cast(split_part(observation_id, '#', 2) as int), printed_value"
            " from marts.fct_observations where indicator = 'teams.count' order by all"
        ).fetchall()
        assert shown_rows == rows
