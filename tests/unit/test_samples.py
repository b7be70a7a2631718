"""The sample reports and the catalogue: our own words, figures that agree, and codes that mean one thing."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

from flows.read import read_document
from flows.record import Document
from flows.record.script import fold
from flows.record.vocabulary import SEEDS, vocabulary, words

SAMPLES = sorted((SEEDS / "reports").glob("*/*.md"))
KEYS = {"title", "publisher", "place", "published_on", "language", "note"}


def read(path: Path) -> Document:
    return read_document(path.read_bytes(), name=path.name)


def sources() -> list[dict[str, str]]:
    with (SEEDS / "sources.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(document: Document) -> list[int]:
    """The numbers of cases and persons, in order."""
    return [int(number) for number in re.findall(r"(\d+)[例人]", body(document))]


def body(document: Document) -> str:
    return document.text[document.ignored[0].end :]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_says_whose_words_it_is(path: Path) -> None:
    document = read(path)
    assert set(document.front_matter) == KEYS
    assert document.front_matter["note"].startswith("A sample in our own words.")
    assert path.stem.endswith(document.front_matter["published_on"])
    assert document.script == document.front_matter["language"].removeprefix("zh-")


def test_every_sample_belongs_to_one_source() -> None:
    listed: dict[Path, list[str]] = defaultdict(list)
    for source in sources():
        assert source["kind"] == "folder"
        for path in SEEDS.parent.glob(source["location"]):
            listed[path].append(source["id"])
            assert read(path).front_matter["publisher"] == source["publisher"]
            assert read(path).front_matter["place"] == source["place"]
            assert read(path).front_matter["language"] == source["language"]
    assert len(SAMPLES) >= 4
    assert sorted(listed) == SAMPLES
    assert all(len(found) == 1 for found in listed.values())


def test_the_daily_samples_tie_but_for_the_one_slip() -> None:
    first, second = (read(path) for path in SAMPLES if "qinglan" in path.name)
    one, two = numbers(first), numbers(second)
    # new, domestic, imported; the domestic again and by district; discharged | asymptomatic: new, domestic,
    # imported, released | cumulative, domestic, imported, discharged, deaths, active | asymptomatic under
    # observation; contacts: traced, released, observed
    assert len(one) == len(two) == 22
    for day in (one, two):
        new, home, abroad, again, east, west, south, _, silent, silent_home, silent_abroad = day[:11]
        assert (new, home, silent) == (home + abroad, east + west + south, silent_home + silent_abroad)
        assert again == home
        assert day[13] + day[14] - day[15] - day[16] == day[17]
        assert day[20] + day[21] == day[19]
    assert one[13] + one[14] == one[12]
    assert one[12] + two[0] == two[13] + two[14] == 1415
    assert two[12] == 1451  # the slip
    assert "should read 1415 and stand as 1451" in second.front_matter["note"]
    assert one[13] + two[1] == two[13]
    assert one[14] + two[2] == two[14]
    assert one[15] + two[7] == two[15]
    assert one[18] + two[8] - two[11] == two[18]


def test_the_traditional_sample_states_every_subject() -> None:
    text = fold(body(read(SEEDS / "reports" / "luoding" / "luoding-2020-03-27.md")))
    counted = """494名 40个 14425名 2170个 4433个 1969个 21个 362个 6986个 100% 10.03万人 250批 1268.7万元
    1万瓶 5条 25万个 10个 21人 54人 39人 15人 15名 20.62万人次 7次 560吨 43吨 10条 75家 709家 696家 98.2% 14个
    13个 93% 30个 27个 90% 1.45亿元 4166万元 40.41万公斤 2.64万吨 208吨 19期 980人次 28.48万亩 253100亩
    220700亩 80% 9个 11.9公里 3公里 19791户 52222人 97.98% 8000多名 500多人 41个 1000万元 223个 2.76万公斤
    3.7万只 16.5吨"""
    assert [figure for figure in counted.split() if figure not in text] == []
    for subject in vocabulary("subjects")[:13]:
        assert f"## {subject['name_hans']}" in text


def test_indicators_are_sound() -> None:
    rows = vocabulary("indicators")
    subjects = {row["subject"] for row in vocabulary("subjects")}
    bases = {row["base_unit"] for row in vocabulary("units")} | {""}
    codes = [row["indicator"] for row in rows]
    assert len(set(codes)) == len(codes)
    for row in rows:
        assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", row["indicator"])
        assert row["indicator"].partition(".")[0] == row["subject"]
        assert row["subject"] in subjects
        assert row["base_unit"] in bases
        assert row["aggregation"] in ("sum", "last", "average", "none")
        assert row["name_hans"] in [alias.removeprefix("=") for alias in words(row["aliases"])]
        assert row["name_hant"]
        assert row["description"].endswith(".")
        assert fold(row["name_hant"]) == row["name_hans"]
        assert all(alias == fold(alias).strip() for alias in words(row["aliases"]))
    assert {row["subject"] for row in rows} == subjects


def test_an_alias_means_one_indicator_for_each_unit() -> None:
    meant: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in vocabulary("indicators"):
        for alias in words(row["aliases"]):
            meant[alias, row["base_unit"]].add(row["indicator"])
    assert {key: found for key, found in meant.items() if len(found) > 1} == {}
