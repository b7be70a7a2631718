"""The warehouse at size: a full build, one more report, the star query, publishing; as ratios of one run.

A generator writes plausible reports straight into `raw` (fifty figures a report, their text, three sums, one in a
hundred of them broken): daily counts and yearly amounts of real indicators, places and units, with declines, rough
prints and repetitions. Then, at each size, in a process of its own:

- full build: dbt with every test, beside bare DuckDB running the same compiled SQL by hand
- one more report: a build on top, beside the same on top of a small warehouse
- the star query of the dashboard, median of 15
- publishing, its time and the size of the file

    python benchmarks/measure_warehouse.py                   # 1 000 and 1 000 000 figures
    python benchmarks/measure_warehouse.py --threads 1       # one node after the other, told apart by kind
    python benchmarks/measure_warehouse.py --figures 100000 --publishers 1          # one long series
    python benchmarks/measure_warehouse.py --figures 100000 --without-audit

`--without-audit` leaves the checks out (`int_claims_by_series` and what follows from it).
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import duckdb

from flows.load import load_reports, run_dbt
from flows.publish import publish
from flows.settings import PROJECT, Settings

SMALL = 1_000
FIGURES_A_REPORT = 50

_STAR = """
    select place.name_hant, date.month_starts_on, indicator.name_en, sum(seen.value), count(*)
    from marts.fct_observations_current as seen
    inner join marts.dim_indicator as indicator on seen.indicator = indicator.indicator
    inner join marts.dim_place as place on seen.place_code = place.place_code
    inner join marts.dim_date as date on seen.valid_from = date.date_day
    inner join marts.dim_publisher as publisher on seen.publisher_id = publisher.publisher_id
    where indicator.subject = 'epidemic' and date.year_number = 2020 and place.level = 'prefecture'
    group by all order by 4 desc limit 50
"""

#: Reports $first to $last. A publisher writes one a day; a figure in ten is a day late and is said again. The first
#: fifteen figures are three times four parts and their sum.
_GENERATE = """
    create or replace temp table catalogue as
        select indicator, unit_kind, base_unit, row_number() over (order by indicator) - 1 as place
        from read_csv('{vocabulary}/indicators.csv', all_varchar = true)
        where base_unit <> '' and unit_kind in ('count', 'money', 'mass', 'percent');
    create or replace temp table of_people as
        select * exclude (place), row_number() over (order by indicator) - 1 as place
        from catalogue where base_unit = '人';
    create or replace temp table cities as
        select name_hans, row_number() over (order by place_code) - 1 as place
        from read_csv('{vocabulary}/places.csv', all_varchar = true)
        where level = 'prefecture' and name_hans in (
            select name_hans from read_csv('{vocabulary}/places.csv', all_varchar = true)
            group by name_hans having count(*) = 1
        );
    create or replace temp table drawn as
        select
            'city-' || n as report_id, n, k, n % {publishers} as city,
            date '2020-01-01' + (n // {publishers})::int as day,
            k < 15 as is_of_sum, (hash(n * 64 + k) % 100000)::bigint as value,
            k >= 15 and hash(n * 64 + k + 7) % 10 = 0 as is_rough
        from range($first, $last) as r (n)
        cross join range({figures}) as f (k);
    create or replace temp table made as
        select
            drawn.* exclude (value), coalesce(of_people.indicator, catalogue.indicator) as indicator,
            coalesce(of_people.unit_kind, catalogue.unit_kind) as unit_kind,
            coalesce(of_people.base_unit, catalogue.base_unit) as base_unit,
            case
                when is_of_sum and k % 5 = 4
                    then sum(case when k % 5 < 4 then value end) over (partition by n, k // 5) + (n % 100 = k)::int
                else value
            end::bigint as value
        from drawn
        left join of_people on is_of_sum and of_people.place = (n * 7 + k) % (select count(*) from of_people)
        left join catalogue on not is_of_sum and catalogue.place = (n * 7 + k) % (select count(*) from catalogue);
    create or replace temp table written as
        select
            *, value || base_unit as quote, '，指標' || value || base_unit as piece,
            sum(length('，指標' || value || base_unit)) over (partition by n order by k) as ends_at
        from made;
    insert into raw.claims by name
        select
            report_id, report_id || '!' || k // 5 as claim_id, 'sum' as kind, 'text' as origin,
            max(case when k % 5 = 4 then report_id || '#' || (ends_at - length(quote)) end) as result_figure,
            to_json(list(report_id || '#' || (ends_at - length(quote)) order by k) filter (k % 5 < 4))
                as operand_figures,
            '[]' as weights, '指標' as cue, '[]' as cue_spans, '{{}}' as parameters, 'made' as rule
        from written where is_of_sum group by report_id, k // 5;
    insert into raw.texts by name
        select report_id, string_agg(piece, '' order by k) as text from written group by report_id;
    insert into raw.figures by name
        select
            report_id, report_id || '#' || (ends_at - length(quote)) as figure_id, ends_at - length(quote) as start,
            ends_at as "end", ends_at as numeral_end, quote,
            case unit_kind when 'percent' then 'percent' else 'quantity' end as class, value, value as low,
            case when is_rough then value + 50 else value end as high, true as low_closed, not is_rough as high_closed,
            base_unit as unit, base_unit as unit_text, value as base_value, base_unit,
            case when unit_kind = 'percent' and value % 3 = 0 then 'down' end as direction,
            '指標' as indicator_text, indicator, day - case when k % 10 = 0 then 1 else 0 end as as_of, 'made' as rule
        from written;
    insert into raw.reports by name
        select
            'city-' || n as report_id, sha256('' || n) as sha256, 'made' as source_id, 'made/' || n as uri, '' as title,
            cities.name_hans || '统计局' as publisher, cities.name_hans as place, 'zh-Hans' as language,
            'Hans' as script, date '2020-01-02' + (n // {publishers})::int as published_on, 'text' as published_on_rule,
            'utf-8' as encoding, 'text/plain' as media_type, 1 as byte_count, 1 as char_count, '1' as reader_version,
            $run_id as run_id, now()::timestamp as loaded_at, now()::timestamp as first_loaded_at
        from range($first, $last) as r (n) inner join cities on cities.place = n % {publishers};
"""


def generate(settings: Settings, first: int, last: int, publishers: int) -> None:
    """Reports `first` to `last` into raw, each of the next of so many publishers."""
    if not settings.build_file.exists():
        load_reports(settings, [], {}, [], {"run_id": "made"})
    values = {"first": first, "last": last, "run_id": f"made-{first}"}
    with closing(duckdb.connect(settings.build_file)) as con:
        made = _GENERATE.format(
            vocabulary=PROJECT / "seeds" / "vocabulary", figures=FIGURES_A_REPORT, publishers=publishers
        )
        for statement in made.split(";"):
            if statement.strip():
                con.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})


def build(settings: Settings, *args: str) -> tuple[float, float]:
    """Seconds, and seconds of processor, which say more on a machine that others use too."""
    began = time.time(), time.process_time()
    run_dbt(["build", "--exclude-resource-type", "unit_test", *args], settings)
    return time.time() - began[0], time.process_time() - began[1]


def by_hand(settings: Settings, bare: Path) -> tuple[float, float]:
    """The compiled SQL of the models, run by DuckDB alone, in the order dbt found; Python models are left out."""
    target = settings.build_file.parent / "target"
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    ran = json.loads((target / "run_results.json").read_text())["results"]
    seconds, processor = 0.0, 0.0
    with closing(duckdb.connect(bare)) as con:
        con.execute(f"attach '{settings.build_file}' as gongbao (read_only); create schema made")
        con.execute(f"set threads = {settings.threads}")
        for result in ran:
            node = nodes.get(result["unique_id"], {})
            if node.get("resource_type") == "model" and node["language"] == "sql" and result["status"] == "success":
                if node["config"]["materialized"] == "view":
                    continue
                began, before = time.time(), time.process_time()
                con.execute(f'create table made."{node["name"]}" as {result["compiled_code"]}')
                seconds += time.time() - began
                processor += time.process_time() - before
    return seconds, processor


def measure(wanted: argparse.Namespace) -> dict[str, object]:
    """Everything at one size, by name."""
    figures, publishers = wanted.figures, wanted.publishers
    left_out = ("--exclude", "int_claims_by_series+", "int_verdicts+") if wanted.without_audit else ()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), threads=wanted.threads)
        reports = figures // FIGURES_A_REPORT
        generate(settings, 0, reports, publishers)
        full = build(settings, *left_out)
        results = json.loads((settings.build_file.parent / "target" / "run_results.json").read_text())["results"]
        nodes = json.loads((settings.build_file.parent / "target" / "manifest.json").read_text())["nodes"]
        told: Counter[str] = Counter()
        for result in results:
            node = nodes.get(result["unique_id"], {})
            told[node.get("language") if node.get("resource_type") == "model" else "else"] += result["execution_time"]
        bare, bare_processor = by_hand(settings, Path(folder) / "bare.duckdb")
        _pass_all(settings)
        more = []
        for number in range(wanted.repeat):
            generate(settings, reports + number, reports + number + 1, publishers)
            more.append(build(settings, *left_out))
            _pass_all(settings)
        began = time.time()
        generation = publish(settings, {})
        published = time.time() - began
        with closing(duckdb.connect(generation / "warehouse.duckdb", read_only=True)) as con:
            star = []
            for _ in range(15):
                began = time.time()
                rows = con.execute(_STAR).fetchall()
                star.append((time.time() - began) * 1000)
        return {
            "figures": figures,
            "full build, s": round(full[0], 1),
            "full build, s of processor": round(full[1], 1),
            "of that in SQL models, s": round(told["sql"], 1),
            "of that in Python models, s": round(told["python"], 1),
            "of that in tests and seeds, s": round(told["else"], 1),
            "bare DuckDB, same SQL, s": round(bare, 2),
            "full build / bare, of processor": round(full[1] / bare_processor, 2),
            "SQL models / bare": round(told["sql"] / bare, 2),
            "peak memory, MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "one more report, s": round(statistics.median(wall for wall, _ in more), 1),
            "one more report, s of processor": round(statistics.median(processor for _, processor in more), 1),
            "star query, ms": round(statistics.median(star), 1),
            "star query, rows": len(rows),
            "publishing, s": round(published, 2),
            "published file, MB": round((generation / "warehouse.duckdb").stat().st_size / 1e6, 1),
        }


def _pass_all(settings: Settings) -> None:
    """A build that leaves models out does not count as one in which every test passed; here it does."""
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute("delete from state.models where model_name = 'every test passed'")
        con.execute("insert into state.models select 'every test passed', max(series_changed_in) from state.reports")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", type=int, default=1_000_000)
    parser.add_argument("--without-audit", action="store_true")
    parser.add_argument("--repeat", type=int, default=3, help="how many times one more report is loaded")
    parser.add_argument("--publishers", type=int, default=300, help="among whom the reports go round, up to 300 (300)")
    parser.add_argument("--threads", type=int, default=2, help="1 tells the seconds of each kind of node apart (2)")
    parser.add_argument("--alone", action="store_true", help="this size only, in this process")
    wanted = parser.parse_args()
    if wanted.alone:
        print(json.dumps(measure(wanted)))
        return 0
    told = []
    for figures in (SMALL, wanted.figures):
        command = [sys.executable, __file__, *sys.argv[1:], "--alone", "--figures", str(figures)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
        told.append(json.loads(done.stdout.splitlines()[-1]))
    small, large = told
    width = max(map(len, small))
    for name in small:
        print(f"{name:<{width}}  {small[name]!s:>12}  {large[name]!s:>12}")
    print()
    for measured in ("one more report, s", "one more report, s of processor"):
        print(f"{measured}: {large[measured] / small[measured]:.2f} x that on top of {SMALL:,} figures")
    print(
        f"publishing {large['figures']:,} figures takes {large['publishing, s'] / small['publishing, s']:.1f} x as long"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
