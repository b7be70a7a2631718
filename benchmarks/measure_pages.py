"""How the pages bear size: one report with very many numerals, and a site of very many reports.

    python benchmarks/measure_pages.py [--numerals 300000] [--reports 1000]

The first is built from views in memory and opened in a headless Chromium, where it is stepped through. The second is
a copy of the shape of the published file with made-up rows, built whole, built again, and built with ten reports more.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import duckdb
from playwright.sync_api import sync_playwright

from flows.show import CheckView, FigureView, HeadView, MemberView, ReportView, build_site, write_site
from flows.show.views import colour_figures

SENTENCE = "第{n}區共有{a}戶，其中甲村{b}戶、乙村{c}戶，辦理各項登記的工作人員均已到崗，一切照常進行。"
STEPS = "async () => { for (let i = 0; i < 30; i++) { step(1); await new Promise(requestAnimationFrame); } }"


def long_report(numerals: int) -> ReportView:
    """A report of sums: each sentence one numeral that is no figure, a whole and two parts."""
    parts: list[str] = []
    figures: list[FigureView] = []
    checks: list[CheckView] = []
    at = 0
    for number in range(numerals // 4):
        values = (str(number), str(2 * number + 30), str(number + 10), str(number + 20))
        text = SENTENCE.format(n=values[0], a=values[1], b=values[2], c=values[3]) + ("\n" if number % 5 == 4 else "")
        place = 0
        own = []
        for order, value in enumerate(values):
            place = text.index(value, place)
            end = place + len(value)
            unit = "" if order == 0 else "戶"
            cls = "ordinal" if order == 0 else "quantity"
            own.append(
                FigureView(at + place, at + end + len(unit), at + end, value + unit, cls, value=value, unit=unit)
            )
            place = end
        figures.extend(own)
        if number % 10 == 0:
            members = [
                MemberView("operand" if n else "result", "long", f.start, f.quote) for n, f in enumerate(own[1:])
            ]
            message = f"{values[2]} + {values[3]} = {values[1]} ✓"
            verdict = "broken" if number % 1000 == 0 else "holds"
            checks.append(CheckView(f"c{number}", "long", "sum", verdict, members, message=message))
        parts.append(text)
        at += len(text)
    colour_figures("long", figures, checks)
    text = "".join(parts)
    head = HeadView("long", "很長的報告", numerals=len(figures), figures=len(figures), char_count=len(text))
    return ReportView(head, text, figures, checks)


def measure_long(numerals: int, out: Path) -> None:
    report = long_report(numerals)
    print(f"one report: {len(report.figures):,} numerals, {len(report.text.encode()) / 1e6:.1f} MB,"
          f" {len(report.checks):,} relations")  # fmt: skip
    began = time.perf_counter()
    write_site([report], out)
    took, size = time.perf_counter() - began, (out / "reports/long.html").stat().st_size
    print(
        f"  built in {took:.1f} s; page {size / 1e6:.1f} MB, {len(list((out / 'reports/long.parts').glob('*')))} parts"
    )
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        began = time.perf_counter()
        page.goto((out / "reports/long.html").as_uri())
        page.wait_for_function("typeof step === 'function'")
        print(f"  opened in {time.perf_counter() - began:.2f} s")
        for name, script in (
            ("30 steps", STEPS),
            ("to the middle", "async () => { await select(Math.floor(starts.length / 2)); }"),
            ("30 steps there", STEPS),
            ("to the end", "async () => { await select(starts.length - 1); }"),
            ("next broken relation", "async () => { close(); stepCheck(1); stepCheck(1);"
             " await new Promise(requestAnimationFrame); }"),
        ):  # fmt: skip
            took = page.evaluate(
                f"async () => {{ const t = performance.now(); await ({script})(); return performance.now() - t; }}"
            )
            print(f"  {name}: {took:.0f} ms")
        longest = page.evaluate("""async () => {
            let longest = 0;
            const tasks = new PerformanceObserver((all) => {
                for (const one of all.getEntries()) longest = Math.max(longest, one.duration);
            });
            tasks.observe({ type: "longtask", buffered: true });
            await new Promise((done) => setTimeout(done, 300));
            return longest;
        }""")
        print(f"  longest task {longest:.0f} ms; marks in the page {page.locator('.text a.n').count():,}")
        browser.close()


def publish(home: Path, reports: range) -> None:
    """Add made-up reports of thirty figures and five relations each to a published file."""
    (home / "texts").mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(str(home / "warehouse.duckdb"))
    con.execute("create schema if not exists marts")
    con.execute("set schema = 'marts'")
    line = "第三項共有1234例，"
    con.execute(f"""
        create temp table numbers as select n, printf('r%05d', n) as report_id,
            date '2020-01-01' + cast(n as int) as day
            from range({reports.start}, {reports.stop}) as t (n);
        create temp table places as select n, report_id, day, k, k * {len(line)} + 5 as start_offset,
            report_id || '#' || (k * {len(line)} + 5) as figure_id from numbers, range(30) as t (k);
        create temp table new_dim_report as select report_id, report_id as title, 'p' as publisher_id, '青山' as place,
            day as published_on, 'Hant' as script, '' as uri, '' as sha256, 's' as source_id, '1' as reader_version,
            {30 * len(line)} as char_count from numbers;
        create temp table new_audit_reports as select report_id, 30 as numeral_count, 30 as figure_count,
            120 as digit_count,
            120 as accounted_digit_count, 1 as broken_count, 0 as cannot_tell_count, 4 as holds_count from numbers;
        create temp table new_fct_figures as select figure_id, report_id, start_offset, start_offset + 5 as end_offset,
            start_offset + 4 as numeral_end_offset, '1234例' as quote, 'quantity' as numeral_class,
            1234::decimal(38, 12) as value, value as low, value as high, true as is_low_closed, true as is_high_closed,
            '例' as unit, '例' as unit_text, value as base_value, '例' as base_unit, '' as direction, '' as hedge,
            '' as modifiers, '病例' as indicator_text, 'one.i' || k as indicator, '' as entity,
            day as period_starts_on, day as period_ends_on, null::date as as_of_on, 'number' as rule from places;
        create temp table new_fct_checks as select report_id || '!' || k as check_id, report_id, day as published_on,
            'sum' as kind,
            case k when 0 then 'broken' else 'holds' end as verdict, 'text' as origin, '共' as cue, '[[3,
            4]]' as cue_spans,
            '1234' as stated_low_exact, '1234' as stated_high_exact, '1235' as computed_low_exact,
            '1235' as computed_high_exact, '1' as gap_ulp_exact, '1235' as fits, null as flags,
            '1234 + 1 = 1235 ✗ 1234 printed, off by 1' as message, null as reason, null as scope_doubt, 'sum' as rule,
            null as acknowledgement from places where k < 5;
        create temp table new_fct_check_operands as select report_id || '!' || k as check_id, 0 as position,
            'result' as role,
            figure_id, report_id, start_offset, '1234例' as quote, null as weight, '例' as unit from places where k < 5;
        create temp table new_fct_observations as select figure_id as observation_id, report_id, day as published_on,
            'one.i' || k as indicator, 'one' as subject, 1234::decimal(38, 12) as value, value as printed_value,
            '例' as printed_unit, '1234例' as quote, day as period_ends_on from places;
        create temp table new_fct_observations_history as select figure_id as observation_id, figure_id as thing_id,
            report_id,
            'one.i' || k as indicator, 'one' as subject, '1' as place_code, '' as entity, '' as modifiers,
            day as period_starts_on,
            day as period_ends_on, null::date as as_of_on, 1234::decimal(38, 12) as value, '例' as base_unit,
            '1234例' as quote,
            false as is_revision, null::decimal(38, 12) as previous_value, true as is_current, false as is_corrected,
            1 as statement_number from places;
    """)  # fmt: skip
    for table in ("dim_report", "audit_reports", "fct_figures", "fct_checks", "fct_check_operands", "fct_observations",
                  "fct_observations_history"):  # fmt: skip
        con.execute(f"create table if not exists {table} as from temp.new_{table} limit 0")
        con.execute(f"insert into {table} from temp.new_{table}")
    con.execute("""
        create table if not exists dim_publisher as select 'p' as publisher_id, '青山局' as publisher;
        create table if not exists dim_place as select '1' as place_code, '青山' as name_hant, '青山' as name_hans,
            'Q' as name_en;
        create table if not exists dim_subject as select 'one' as subject, '一' as name_hant, '一' as name_hans,
            'One' as name_en;
        create table if not exists dim_indicator as select 'one.i' || k as indicator, '指標' || k as name_hant,
            name_hant as name_hans, 'I' as name_en, 'one' as subject, '' as description from range(30) as t (k);
    """)
    con.close()
    for number in reports:
        (home / "texts" / f"r{number:05d}.txt").write_text(line * 30, encoding="utf-8")


def measure_many(count: int, home: Path) -> None:
    print(f"a site of {count:,} reports")
    for said, new in (("all", range(count)), ("nothing new", range(0)), ("10 more", range(count, count + 10)),
                      ("10 more", range(count + 10, count + 20))):  # fmt: skip
        if new:
            publish(home, new)
        before = {path: path.stat().st_mtime_ns for path in (home / "site").rglob("*.*") if path.is_file()}
        began = time.perf_counter()
        build_site(home / "warehouse.duckdb", home / "texts", home / "site", changed=set())
        took = time.perf_counter() - began
        now = {path: path.stat().st_mtime_ns for path in (home / "site").rglob("*.*") if path.is_file()}
        pages = sum(path.parent.name == "reports" and before.get(path) != when for path, when in now.items())
        print(f"  {said}: {took:.2f} s; {sum(before.get(path) != when for path, when in now.items())} files written,"
              f" {pages} of them pages of reports, of {len(now)} files")  # fmt: skip
    size = sum(path.stat().st_size for path in (home / "site" / "data" / "search").glob("*"))
    texts = sum(path.stat().st_size for path in (home / "texts").glob("*"))
    print(f"  search: {size / 1e6:.2f} MB for {texts / 1e6:.2f} MB of text")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numerals", type=int, default=300_000)
    parser.add_argument("--reports", type=int, default=1_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.numerals:
            measure_long(asked.numerals, Path(folder) / "long")
        if asked.reports:
            measure_many(asked.reports, Path(folder) / "many")


if __name__ == "__main__":
    main()
