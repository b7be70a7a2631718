"""The pages in a real browser: load, click, step, filter, link, theme, phone, hostile words."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.page

OpenPage = Callable[..., Page]


def test_a_click_inspects_a_figure_and_lights_its_relation(open_page: OpenPage) -> None:
    page = open_page("reports/plain.html")
    page.locator(".text a.n", has_text="1451例").click()
    panel = page.locator("#figure")
    expect(panel).to_contain_text("1,451")
    expect(panel).to_contain_text("不符")
    expect(page.locator(".text a.lit")).to_have_text(["1451例", "1236例", "179例"])
    expect(page.locator(".cue.lit")).to_have_text(["其中"])
    expect(page.locator(".check:visible .arithmetic")).to_have_text(
        ["1236 + 179 = 1415 ✗ 印作 1451"], use_inner_text=True
    )
    expect(page.locator(".check:visible svg.line")).to_be_visible()
    assert page.url.endswith("#f32")


def draw(page: Page, verdict: str, bounds: list[str]) -> None:
    """One card with these bounds, instead of those of the page."""
    page.evaluate("""([verdict, bounds]) => {
        const card = gongbao.element("section", `check ${verdict}`);
        card.append(gongbao.element("div", "card-head"));
        gongbao.draw(card, { bounds, members: [] }, "drawn");
        document.getElementById("checks").replaceChildren(card);
    }""", [verdict, bounds])  # fmt: skip


@pytest.mark.parametrize(
    ("bounds", "diamonds", "ends", "gaps", "named"),
    [
        (["9", "9", "10", "10"], 2, 0, ["Δ 1"], ["9", "10"]),
        (["12", "12", "10", ""], 2, 1, [], ["10", "12"]),  # an arrow where there is no bound
        (["98.15", "98.25", "1/3", "1/3"], 1, 2, ["Δ ≈ 97.8167"], ["≈ 0.3333", "98.15"]),
        (["-0.1", "0.1", "0.3", "0.4"], 0, 4, ["Δ 0.2"], ["−0.1", "0.1", "0.3", "0.4"]),
        (["12345678901234567890", "12345678901234567890", "12345678901234567891", "12345678901234567891"], 2, 0,
         ["Δ 1"], ["12,345,678,901,234,567,890"]),
    ],
)  # fmt: skip
def test_the_number_line_is_exact(  # noqa: PLR0917 - what is drawn of what
    open_page: OpenPage, bounds: list[str], diamonds: int, ends: int, gaps: list[str], named: list[str]
) -> None:
    page = open_page("reports/plain.html")
    draw(page, "broken", bounds)
    line = page.locator("svg.line")
    assert line.locator("polygon").count() == diamonds
    assert line.locator(".end").count() == ends
    assert line.locator("text.gap").all_text_contents() == gaps
    assert line.locator("text:not([class])").all_text_contents()[: len(named)] == named


@pytest.mark.parametrize("bounds", [["9", "9", "9", "9.0"], ["9", "", "", ""], ["", "", "1", "2"]])
def test_no_number_line_where_it_says_nothing(open_page: OpenPage, bounds: list[str]) -> None:
    page = open_page("reports/plain.html")
    draw(page, "holds", bounds)
    expect(page.locator("svg.line")).to_have_count(0)


@pytest.mark.parametrize(
    ("ends", "shown"),
    [
        (["5", "5", True, True], "5"),
        (["98.15", "98.25", True, False], "[98.15, 98.25)"),
        (["9", "", False, True], "> 9"),
        (["", "9", True, True], "≤ 9"),
        (["", "", True, True], ""),
    ],
)
def test_intervals_show_their_ends(open_page: OpenPage, ends: list[str | bool], shown: str) -> None:
    assert open_page("reports/plain.html").evaluate("(ends) => gongbao.interval(...ends)", ends) == shown


def test_keys_step_through_numerals_and_relations(open_page: OpenPage) -> None:
    page = open_page("reports/plain.html")
    page.keyboard.press("n")
    expect(page.locator("a.current")).to_have_text("31例")
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("p")
    expect(page.locator("a.current")).to_have_text("29例")
    page.keyboard.press("Escape")
    expect(page.locator("#figure")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator(".check.chosen")).to_have_id("c-slip")
    page.keyboard.press("j")
    expect(page.locator(".check.chosen")).to_have_id("c-held")
    page.keyboard.press("k")
    expect(page.locator("a.lit")).to_have_text(["1451例", "1236例", "179例"])


def test_a_filter_narrows_the_steps(open_page: OpenPage) -> None:
    page = open_page("reports/plain.html")
    page.locator("[data-only=unchecked]").click()
    page.keyboard.press("n")
    expect(page.locator("a.current")).to_have_text("98.2%")


def test_marks_are_reached_by_tab_and_opened_by_enter(open_page: OpenPage) -> None:
    page = open_page("reports/plain.html")
    page.locator(".text a.n").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("a.current")).to_have_text("29例")


@pytest.mark.parametrize(
    ("link", "lit"), [("#f32", ["1451例", "1236例", "179例"]), ("#c-held", ["31例", "29例", "2例"])]
)
def test_a_deep_link_opens_what_it_names(open_page: OpenPage, link: str, lit: list[str]) -> None:
    page = open_page(f"reports/plain.html{link}")
    expect(page.locator(".text a.lit")).to_have_text(lit)


def test_a_link_that_names_nothing_is_harmless(open_page: OpenPage) -> None:
    page = open_page("reports/plain.html#c-nothing")
    expect(page.locator(".text a.lit")).to_have_count(0)


def test_from_a_finding_to_its_words(open_page: OpenPage) -> None:
    page = open_page("index.html")
    page.locator(".finding .arithmetic a", has_text="1415").click()
    page.wait_for_url("**/reports/plain.html#c-slip")
    expect(page.locator(".check.chosen")).to_have_id("c-slip")


def test_findings_are_searched_in_either_script_and_the_address_remembers(open_page: OpenPage) -> None:
    page = open_page("findings.html")
    expect(page.locator(".item:visible")).to_have_count(2)
    page.locator("[data-search]").fill("卫生局 青山市通报")
    expect(page.locator(".item:visible")).to_have_count(1)
    expect(page.locator("[data-shown]")).to_have_text("1 條")
    assert "q=" in page.url
    page.locator("[data-search]").fill("")
    page.locator("button[data-verdict=cannot_tell]").click()
    expect(page.locator(".item:visible")).to_have_count(0)


def test_three_tongues(open_page: OpenPage) -> None:
    page = open_page("index.html", locale="en-US")
    expect(page.locator("h1")).to_have_text("Figures read out of prose, each one checked")
    page.locator("[data-tongue=hans]").click()
    expect(page.locator("h1")).to_have_text("把文章里的数字读出来，逐一核对")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.reload()
    expect(page.locator("h1")).to_have_text("把文章里的数字读出来，逐一核对")


def test_light_and_dark_follow_the_system_and_the_choice(open_page: OpenPage) -> None:
    page = open_page("index.html", color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("[data-theme-toggle]").click()
    assert page.evaluate(ground) != dark
    page.reload()
    assert page.evaluate(ground) != dark


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(open_page: OpenPage, scheme: str) -> None:
    page = open_page("reports/plain.html", color_scheme=scheme)
    pairs = page.evaluate("""() => {
        const ground = (one) => {
            for (; one; one = one.parentElement) {
                const colour = getComputedStyle(one).backgroundColor;
                if (colour.startsWith("rgb(")) return colour;
            }
            return getComputedStyle(document.body).backgroundColor;
        };
        return [...document.querySelectorAll("main *, header a")]
            .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
            .filter((one) => !one.closest("svg, [hidden]"))
            .map((one) => [one.className, getComputedStyle(one).color, ground(one)]);
    }""")
    assert len(pairs) > 40
    for name, colour, ground in pairs:
        low, high = sorted((_luminance(colour), _luminance(ground)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (name, colour, ground)


@pytest.mark.parametrize("where", ["index.html", "findings.html", "reports/plain.html#c-slip", "reports/evil.html"])
def test_a_phone_needs_no_sideways_scrolling(open_page: OpenPage, where: str) -> None:
    page = open_page(where, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_phone_the_figure_stays_in_sight_above_its_sheet(open_page: OpenPage) -> None:
    page = open_page("reports/plain.html#f32", viewport={"width": 390, "height": 700})
    mark = page.locator("a.current").bounding_box()
    sheet = page.locator("#inspector").bounding_box()
    assert mark is not None
    assert sheet is not None
    assert 0 <= mark["y"] < mark["y"] + mark["height"] <= sheet["y"]


@pytest.mark.parametrize("where", ["index.html", "findings.html", "reports/evil.html", "reports/evil.html#c-evil"])
def test_hostile_words_stay_words(open_page: OpenPage, where: str) -> None:
    page = open_page(where)
    page.keyboard.press("n")
    page.wait_for_timeout(100)
    assert page.evaluate("window.injected") is None
    assert page.locator("main img, main svg[onload], [href^='javascript']").count() == 0
    assert page.locator("body script").count() == page.locator("body script[type='application/json']").count()


def test_hostile_words_are_shown_as_they_are(open_page: OpenPage) -> None:
    page = open_page("reports/evil.html")
    shown = page.locator("#text").inner_text()
    assert "<script>window.injected = 1</script>" in shown
    assert "RLO" in shown
    assert "\u202e" not in shown


def test_the_policy_stops_a_script_that_gets_in(open_page: OpenPage, browser_refuses: list[str]) -> None:
    page = open_page("reports/plain.html")
    page.evaluate("""() => {
        document.addEventListener("securitypolicyviolation", (event) => { window.refused = event.violatedDirective; });
        const script = document.createElement("script");
        script.textContent = "window.injected = 1";
        document.body.append(script);
    }""")
    page.wait_for_function("window.refused")
    assert page.evaluate("window.injected") is None
    browser_refuses.append("Content Security Policy")


def test_without_scripts_the_page_is_still_read(open_page: OpenPage) -> None:
    page = open_page("reports/plain.html#f32", java_script_enabled=False)
    expect(page.locator("#text")).to_contain_text("累計確診1451例，其中本地1236例，境外179例。")
    expect(page.locator("#f32")).to_have_attribute("title", re.compile("1451.*broken"))
    expect(page.locator(".check")).to_have_count(2)
    expect(page.locator(".stepper")).to_be_hidden()
    expect(page.locator("[data-mail]")).to_be_hidden()


def test_every_control_has_a_name_and_every_id_is_one(open_page: OpenPage, site: Path) -> None:
    for where in ("index.html", "findings.html", "reports/plain.html"):
        page = open_page(where)
        nameless = page.evaluate("""() => {
            const name = (one) => one.textContent || one.getAttribute("aria-label") || one.labels?.[0]?.textContent;
            const controls = [...document.querySelectorAll("a, button, input, select")];
            return controls.filter((one) => !name(one)?.trim()).length;
        }""")
        assert nameless == 0
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
        assert len(ids) == len(set(ids))
        assert page.locator("h1").count() == 1
