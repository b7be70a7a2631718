"""Shares by weight: which of the figures around a rate are its part and its whole, where no rule binds them."""

import pytest

from flows.judge import judge_claims
from tests.unit.test_relate_text import quotes, related


def shares(text: str) -> dict[str, tuple[list[str], str]]:
    """The rates of the text that are told as shares, with part and whole and the verdict."""
    _, figures, claims = related(text)
    told = [claim for claim in claims if claim.kind == "share"]
    verdicts = judge_claims(told, {f"r#{figure.start}": figure for figure in figures})
    return {
        quotes(figures, [claim.result])[0]: (quotes(figures, claim.operands), verdict.verdict)
        for claim, verdict in zip(told, verdicts, strict=True)
    }


@pytest.mark.parametrize(
    ("text", "rate", "part", "whole"),
    [
        # the whole stands in the words of the share, in another counting word
        ("館方已派發入場券2,150張，佔座位總數2,480個的86.7%。", "86.7%", "2,150張", "2,480個"),
        # in brackets
        (
            "修路经费12.87亿元，养护经费6.05亿元。修路经费占交通费（46.3亿元）的27.8%。",
            "27.8%", "12.87亿元", "46.3亿元",
        ),
        # it is named, two sentences back
        (
            "全县粮食总产量23.6万吨。蔬菜产量18.2万吨，水果产量4.4万吨。其中稻谷14.1万吨，占粮食总产量的比重为59.7%。",
            "59.7%", "14.1万吨", "23.6万吨",
        ),
        # the sentence before tells it
        ("全鎮農戶7,240戶，山區農戶1,115戶。已接通管道煤氣的有6,328戶，通氣率87.4%。", "87.4%", "6,328戶", "7,240戶"),
        # counted in other words: 宗 and 名
        ("至今通報的2,090宗個案中，1,871名患者已痊癒，另有52名不治，病死率2.5%。", "2.5%", "52名", "2,090宗"),
        # the plan is the whole though it is told last
        ("新植行道樹3.45萬株，超過全年計劃3萬株的目標，完成率115%，另補植1.2萬株。", "115%", "3.45萬株", "3萬株"),
        # bounded
        ("门诊部全年接诊5,240人。其中复诊者4,873人，占九成以上。", "九成", "4,873人", "5,240人"),
    ],
)  # fmt: skip
def test_part_and_whole_are_found(text: str, rate: str, part: str, whole: str) -> None:
    assert shares(text)[rate] == ([part, whole], "holds")


@pytest.mark.parametrize(
    ("text", "rate", "part", "whole"),
    [
        ("館方已派發入場券2,510張，佔座位總數2,980個的72.1%。", "72.1%", "2,510張", "2,980個"),
        ("全鎮農戶7,420戶，山區農戶1,115戶。已接通管道煤氣的有6,328戶，通氣率87.4%。", "87.4%", "6,328戶", "7,420戶"),
        (
            "首季訪客1,284萬人次，較去年同期的1,012萬人次上升26.9%；當中過夜客835萬人次，佔整體63.0%。",
            "63.0%", "835萬人次", "1,284萬人次",
        ),
        ("至今通報的2,090宗個案中，1,871名患者已痊癒，另有52名不治，病死率2.6%。", "2.6%", "52名", "2,090宗"),
        (
            "市级公共预算收入完成862.3亿元。公共预算支出1,240.8亿元。税收收入573.6亿元，占公共预算收入的比重为65.6%。",
            "65.6%", "573.6亿元", "862.3亿元",
        ),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_found(text: str, rate: str, part: str, whole: str) -> None:
    assert shares(text)[rate] == ([part, whole], "broken")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        # two figures that another rate is told of
        ("完成补植5.46万亩，为全年任务4.9万亩的111.4%，苗木保存率88.3%。", "88.3%"),
        # a rate of other things, with a character of the figure beside it
        ("全市累计缴存社保基金1,742.6亿元，累计发放贷款1,018.3亿元，存贷率84.1%。", "84.1%"),
        # told of another year
        ("學校收生1,080人，女生548人，去年女生比例為48.9%。", "48.9%"),
        # the figure after the rate is of something else
        ("全省共受理申请12.4万件，网上办理率92.6%，其中跨省通办3.6万件。", "92.6%"),
        ("城鎮新增就業8.36萬人，就業困難人員就業0.94萬人，城鎮調查失業率5.4%。", "5.4%"),
        ("全年清运垃圾91.3万吨，焚烧66.2万吨，填埋14.7万吨，堆肥10.4万吨，无害化处理率达100%。", "100%"),
    ],
)  # fmt: skip
def test_rates_of_other_things_are_left(text: str, rate: str) -> None:
    assert rate not in shares(text)


def test_words_decide_between_a_wrong_whole_that_agrees_and_the_one_they_name() -> None:
    told = shares("全区3,940家餐馆复业3,815家，复业率96.8%；设有分餐制的2,190家，占已复业餐馆的55.6%。")
    assert told["55.6%"] == (["2,190家", "3,815家"], "broken")


def test_a_ratio_of_another_year_is_not_of_these_figures() -> None:
    _, figures, claims = related("城鎮居民人均消費32,994元，農村居民18,175元，兩者之比1.82，上年為1.87，縮小0.05。")
    told = [(quotes(figures, [claim.result])[0], claim.kind) for claim in claims if claim.kind == "ratio"]
    assert told == [("1.82", "ratio")]
