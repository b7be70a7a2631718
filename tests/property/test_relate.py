"""Whatever the text: claims are well formed, and numbers of a sound list never raise an alarm."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.find import find_numerals
from flows.judge import judge_claims
from flows.read import read_document
from flows.record import KINDS, Claim, Figure
from flows.relate import relate_text

_WORDS = [
    *("共", "合计", "其中", "占", "增长", "比上年", "累计", "新增", "已", "正在", "复工率", "每户", "至"),
    *("，", "、", "。", "；", "：", "（", "）", "\n", "倍", "万元"),
    *("12", "3.5%", "120人", "45例", "2023年3月5日", "0.6个百分点"),
]


def related(text: str) -> tuple[str, list[Figure], list[Claim]]:
    document = read_document(text.encode(), name="t.txt")
    figures = find_numerals(document)
    return document.text, figures, relate_text(document, figures, "r")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=40))
def test_claims_are_well_formed(pieces: list[str]) -> None:
    text, figures, claims = related("数" + "".join(pieces))
    known = {f"r#{figure.start}" for figure in figures}
    seen = set()
    for claim in claims:
        members = [*([claim.result] if claim.result else []), *claim.operands]
        assert claim.kind in KINDS
        assert set(members) <= known
        assert len(set(members)) == len(members)
        assert not claim.weights or len(claim.weights) == len(claim.operands)
        assert all(0 <= cue.start < cue.end <= len(text) for cue in claim.cues)
        seen.add(frozenset(members))
    assert len(seen) == len(claims)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=99_999), min_size=2, max_size=8))
def test_a_sound_list_is_found_and_holds(parts: list[int]) -> None:
    names = "甲乙丙丁戊己庚辛"
    listed = "、".join(f"{names[i]}镇{part}户" for i, part in enumerate(parts))
    _, figures, claims = related(f"{listed}，合计{sum(parts)}户。")
    verdicts = judge_claims(claims, {f"r#{figure.start}": figure for figure in figures})
    assert [(c.kind, len(c.operands), v.verdict) for c, v in zip(claims, verdicts, strict=True)] == [
        ("sum", len(parts), "holds")
    ]


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=5_000), st.integers(min_value=1, max_value=5_000))
def test_a_wrong_total_is_broken(one: int, more: int) -> None:
    _, figures, claims = related(f"东区{one}户、西区{one + more}户，合计{2 * one + more + 1}户。")
    verdicts = judge_claims(claims, {f"r#{figure.start}": figure for figure in figures})
    assert [verdict.verdict for verdict in verdicts] == ["broken"]


_NOUNS = ("幼儿园", "受理", "道路", "捐款", "完成", "库存", "进场", "办理", "登记", "发放")
_ANNOUNCING = (
    *("共", "合计", "累计", "尚有", "结余", "平均每人", "人均", "日均", "增加", "较上年减少", "剩余", "净增", "领先"),
    *("其中", "", "", ""),
)
_RATES = ("占", "率", "增长", "比例", "增幅")


def _unrelated(random: Random) -> str:
    """A sentence of figures that chance has drawn, three units, with words that announce results."""
    units = random.sample(("人", "户", "万元", "件", "公里", "%", "吨"), 3)
    told = []
    for _ in range(random.randrange(3, 8)):
        unit = random.choice(units)
        digits = random.choice((2, 3, 3, 4, 4, 5))
        number = random.randrange(10 ** (digits - 1), 10**digits)
        if unit == "%":
            printed, word = f"{random.randrange(10, 999) / 10:.1f}", random.choice(_RATES)
        else:
            printed = f"{number / 10:.1f}" if unit in ("万元", "公里", "吨") else f"{number:,}"
            word = random.choice(_ANNOUNCING)
        told.append(f"{random.choice(_NOUNS)}{word}{printed}{unit}")
    return "，".join(told) + "。"


def test_unrelated_figures_are_hardly_ever_fitted() -> None:
    random = Random(18)  # noqa: S311 - texts, no secrets
    fitted = broken = 0
    for _ in range(600):
        _, figures, claims = related(_unrelated(random))
        own = [claim for claim in claims if claim.rule.startswith("fitting.")]
        verdicts = judge_claims(own, {f"r#{figure.start}": figure for figure in figures})
        fitted += bool(own)
        broken += any(verdict.verdict == "broken" for verdict in verdicts)
    assert fitted <= 12  # one text in fifty, each with two or three words that announce a result
    assert broken <= 6
