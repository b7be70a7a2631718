"""Words by their roles: every role is asked for, every word is one that a folded text can hold."""

import re
from collections import Counter
from pathlib import Path

import pytest

from flows.find.units import units
from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words
from flows.record.wording import words_of
from flows.relate.cues import balances, counting_words, cues, same_facts, worded

FLOWS = Path(__file__).resolve().parents[2] / "flows"
#: Relations between reports read what a figure is called as it was printed, not folded.
AS_PRINTED = {"cumulative", "net_flow", "restatement", "cases", "stock_identity"}


def roles(table: str) -> list[tuple[str, str]]:
    """What the two columns that name a row of the table hold."""
    return [(first, second) for first, second, *_ in (row.values() for row in vocabulary(table))]


@pytest.mark.parametrize(("table", "rooms"), [("cues", ["relate"]), ("context_words", ["find", "place"])])
def test_every_role_is_asked_for(table: str, rooms: list[str]) -> None:
    modules = [module for room in rooms for module in sorted((FLOWS / room).glob("*.py"))]
    source = "".join(module.read_text(encoding="utf-8") for module in modules)
    asked = set(re.findall(r'(?:cues|told)\("(\w+)", "(\w+)"\)', source))
    asked.update(re.findall(r"<([a-z_]+)\.([a-z_]+)>", source))
    all_about = set(re.findall(r'roles_about\("(\w+)"\)', source))
    assert asked == {(about, role) for about, role in roles(table) if about not in all_about}
    assert all_about <= {about for about, _ in roles(table)}


@pytest.mark.parametrize("table", ["cues", "context_words"])
def test_rows_are_in_order_and_say_what_their_words_tell(table: str) -> None:
    rows, keys = vocabulary(table), roles(table)
    assert keys == sorted(set(keys))
    assert [key for key, row in zip(keys, rows, strict=True) if not row["description"] or not words(row["words"])] == []


@pytest.mark.parametrize(
    "name",
    ["cues", "context_words", "balances", "counting_words", "same_facts", "unit_lookalikes", "relative_days", "eras"],
)
def test_no_word_stands_twice_or_is_empty(name: str) -> None:
    rows = vocabulary(name)
    keys = [tuple(row.values())[: 2 if name in ("cues", "context_words") else 1] for row in rows]
    assert len(keys) == len(set(keys))
    for row in rows:
        for column in {"words", "units", "balance", "minuend", "word"} & set(row):
            told = row[column].split("|")
            assert all(told), row
            assert [word for word, times in Counter(told).items() if times > 1] == [], row


def test_words_are_folded() -> None:
    odd = {
        (about, word)
        for table in ("cues", "context_words") for row in vocabulary(table)
        for about in list(row.values())[:1] if about not in AS_PRINTED
        for word in words(row["words"]) if word != fold(word)
    }  # fmt: skip
    odd.update(
        ("counting_words", row["word"]) for row in vocabulary("counting_words") if row["word"] != fold(row["word"])
    )
    assert odd == set()


def test_counting_words_name_units_that_there_are() -> None:
    assert {unit for told in counting_words().values() for unit in told} <= {row["unit"] for row in vocabulary("units")}
    assert counting_words()["户"] == {"戶", "家", "套"}


def test_what_looks_like_a_unit_begins_with_one() -> None:
    for row in vocabulary("unit_lookalikes"):
        assert row["unit"] in units()
        assert [word for word in words(row["words"]) if len(word) != 2 or word[0] != row["unit"]] == []


def test_a_relative_day_is_a_period_that_is_told() -> None:
    told_alone = words_of("context_words", "period", "told")
    rows = vocabulary("relative_days")
    assert {row["counted_from"] for row in rows} == {"told", "report"}
    read = [row["word"] for row in rows if told_alone.fullmatch(row["word"]) is None]
    assert read == ["今日"]  # but for 今日头条, which is a name


def test_eras_are_of_two_characters_and_follow_the_calendar() -> None:
    for row in vocabulary("eras"):
        assert len(row["era"]) == 2, row
        assert row["calendar"] in ("lunar", "solar"), row
        if row["first_year"] and row["last_year"]:
            assert int(row["first_year"]) <= int(row["last_year"]), row


def test_a_currency_is_a_unit_of_money() -> None:
    rows = vocabulary("currencies")
    assert [row for row in rows if fold(row["unit"]) not in units() or units()[fold(row["unit"])].kind != "money"] == []
    assert len({row["form"] for row in rows}) == len(rows)


def test_the_same_facts_are_facts() -> None:
    facts = cues("duplicate", "facts")
    assert [word for word in same_facts() if facts.fullmatch(word) is None] == []
    assert set(same_facts()) & set(same_facts().values()) == set()


def test_a_balance_names_its_larger_side() -> None:
    sides = [side for balance, side in balances() if balance.search("贸易顺差")]
    assert [bool(side.search("出口")) for side in sides] == [True]


def test_a_role_stands_for_any_of_its_words() -> None:
    assert worded("<time.last_year>").pattern == worded("(?:<time.last_year>)").pattern[3:-1] == "去年|上年"
    pattern = worded(r"^<time.last_year>(?:<time.this_year>|同期)的{0,2}$")
    assert pattern.pattern == "^(?:去年|上年)(?:今年|本年|同期)的{0,2}$"
    assert pattern.search("上年同期的")
    assert not pattern.search("年同期")


def test_the_longest_word_is_read() -> None:
    match = cues("cases", "disease").match("新型冠状病毒肺炎病例")
    assert match is not None
    assert match.group() == "新型冠状病毒肺炎"


@pytest.mark.parametrize("role", ["<time.no_such_role>", "<no_such_relation.before>"])
def test_a_role_that_there_is_not_is_an_error(role: str) -> None:
    with pytest.raises(KeyError):
        worded(role)
