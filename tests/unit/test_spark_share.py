"""A share of reports as an executor reads it, without Spark: the rows that one machine would have loaded."""

import pickle
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow

from expectations import run_gate
from flows.load import load_reports
from flows.operations import look, read_items
from flows.pull import versions
from flows.record.columns import CLAIMS, FIGURES, REPORT
from flows.settings import Settings
from flows.spark.executors import read_share

FILES = {
    "2022-05-01.md": "# 五月一日通報\n\n新增確診12例，其中本土8例、境外4例。累計確診1012例，占比10.5%。\n".encode(),
    "2022-05-02.md": "# 五月二日通報\n\n沒有數字的一天。\n".encode(),
    "broken.md": b"\x00\xff\x00\xfe\x00\x01" * 50,
}


def test_a_share_holds_what_one_machine_would_have_loaded(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    for name, data in FILES.items():
        (tmp_path / "reports" / name).write_bytes(data)
    (tmp_path / "sources.csv").write_text(
        "id,kind,location,publisher,place,language,schedule,enabled\n"
        f"daily,folder,{tmp_path}/reports/*.md,某局,青澜市,zh-Hant,,true\n",
        encoding="utf-8",
    )
    settings = Settings(home=tmp_path / "home", sources=tmp_path / "sources.csv")
    found = look(settings)
    numbered = versions(settings.register)
    items = [pickle.dumps((item, found.sources[0], numbered[item.report_id])) for item in found.items]
    share = pyarrow.Table.from_batches(read_share([pyarrow.record_batch({"item": items})], settings))

    outcomes = read_items(found.items, found.sources, settings)
    folders = [outcome.folder for outcome in outcomes if outcome.folder is not None]
    texts = {folder.name: settings.texts / f"{folder.name}.txt" for folder in folders}
    gate = run_gate(folders, texts, settings)
    load_reports(settings, [*gate.accepted.values()], texts, found.sources, {"run_id": "one"})
    with closing(duckdb.connect(settings.build_file)) as con:
        con.register("share", share)
        for table, columns, packed in (
            ("reports", REPORT, "select report as each from share where report is not null"),
            ("figures", FIGURES, "select unnest(figures) as each from share"),
            ("claims", CLAIMS, "select unnest(claims) as each from share"),
        ):
            names = ", ".join(f'"{column}"' for column in columns)
            loaded = con.execute(f"select {names} from raw.{table} order by all").fetchall()
            read = con.execute(f"select {names} from (select unnest(each) from ({packed})) order by all").fetchall()
            assert read == loaded != [], table
        texts_read = con.execute("select report_id, text from share where text is not null order by all").fetchall()
        assert texts_read == con.execute("from raw.texts order by all").fetchall()
        ((code, reason, kept_out),) = con.execute(
            "select code, reason, kept_out from share where report is null"
        ).fetchall()
    (unread,) = (outcome for outcome in outcomes if outcome.folder is None)
    assert (code, reason) == (unread.code, unread.reason)
    assert [file["name"] for file in kept_out] == ["reasons.csv"]
