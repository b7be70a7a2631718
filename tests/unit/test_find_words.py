"""The list of words that hold a numeral and count nothing must hide no figure."""

import pytest

from flows.find import find_numerals
from flows.find.context import LONGEST_RUN
from flows.find.grammar import NUMBER_AT, TRIGGER
from flows.find.numbers import read_number
from flows.find.units import unit_at
from flows.record import CLASSES, FIGURE_CLASSES, Document
from flows.record.script import fold
from flows.record.vocabulary import vocabulary

#: Words that read as a number with its unit and yet are nearly always the word: 十分 very, 四周 around.
EVERYDAY = frozenset(
    (
        *("三井", "二七区", "八仙", "八方", "八步", "六安", "六甲", "十三行", "十分", "十字", "四周", "四处", "百尺"),
        *(
            "百度",
            "百步",
            "百胜",
            "零件",
            "零头",
            "参股",
            "万里",
            "拾起",
            "万岁",
            "万分",
            "六枝",
            "三伏",
            "二伏",
            "三九天",
        ),
        *("一千零一夜", "一点一滴", "七十二行", "三百六十行", "三八节", "三千丈", "二万五千里", "十万八千里"),
        *("二环", "三环", "四环", "五环", "六环"),
    )
)


def test_the_list_is_clean() -> None:
    words = [row["word"] for row in vocabulary("numeral_words")]
    assert words == sorted(set(words))
    assert [word for word in words if word != fold(word) or TRIGGER.search(word) is None] == []
    assert {row["class"] for row in vocabulary("numeral_words")} <= set(CLASSES) - set(FIGURE_CLASSES)


def test_no_word_is_a_number_with_its_unit() -> None:
    hidden = []
    for row in vocabulary("numeral_words"):
        word = row["word"]
        match = NUMBER_AT.match(word)
        if match is None:
            continue
        unit = unit_at(word, match.end())
        if unit is not None and unit.end == len(word) and read_number(match.group()).value != 1:
            hidden.append(word)
    assert set(hidden) <= EVERYDAY


@pytest.mark.parametrize(
    "text", ["三成", "一半", "一百元", "三臺", "百萬元", "增加一倍", "兩種", "三角", "百分之三", "三甲"]
)
def test_figures_that_look_like_words_stay_figures(text: str) -> None:
    rows = find_numerals(Document(text, fold(text), "utf-8", "text/plain", "Hant", [], [], []))
    assert [row.cls in FIGURE_CLASSES for row in rows] == [True]


def test_a_run_of_nothing_but_numerals_is_one_row() -> None:
    text = "全市有企业12家。\n" + "十" * LONGEST_RUN + "\n共5户"
    rows = find_numerals(Document(text, fold(text), "utf-8", "text/plain", "Hans", [], [], []))
    assert [(row.rule, row.end - row.start) for row in rows] == [
        ("number", 3), ("run_of_numerals", LONGEST_RUN + 1), ("number", 2)
    ]  # fmt: skip
