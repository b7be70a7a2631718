"""Whatever the text: every numeral is one row, spans are sound, values lie in their intervals."""

import unicodedata
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.find import find_numerals, read_number
from flows.record import CLASSES, Document, Figure
from flows.record.script import fold, script_of

ALPHABET = (
    "0123456789０１２３４５６７８９零〇○一二三四五六七八九十百千萬万億亿兆兩两廿卅壹貳參拾佰仟几幾數数半多餘来"
    "年月日時时點点分之又第前約近超以上下至到—-~～.．,，、。；：:/%％‰成折倍番個个名家人例次元角毛噸斤米公里平方"
    "病例《》“”（）()+ \n\u00a0\u3000ＡABkKMGe^$￥①Ⅳ½²負负號号增減降"
)
TEXTS = st.one_of(st.text(alphabet=ALPHABET, max_size=60), st.text(max_size=40))
MEANT = frozenset("零〇○一二三四五六七八九十百千萬万億亿兆兩两廿卅")


def read(text: str) -> list[Figure]:
    return find_numerals(Document(text, fold(text), "utf-8", "text/plain", script_of(text), [], [], []))


def is_numeral(char: str) -> bool:
    return unicodedata.category(char) in ("Nd", "No", "Nl") or char in MEANT


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_every_numeral_is_in_one_sound_row(text: str) -> None:
    rows = read(text)
    covered = set()
    end = 0
    for row in rows:
        assert end <= row.start < row.end <= len(text)
        assert row.start < row.numeral_end <= row.end
        assert row.quote == text[row.start : row.end]
        assert row.cls in CLASSES
        assert row.rule
        end = row.end
        covered.update(range(row.start, row.end))
    assert not [(place, char) for place, char in enumerate(text) if is_numeral(char) and place not in covered]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_values_lie_in_their_intervals(text: str) -> None:
    for row in read(text):
        if not row.is_figure:
            continue
        assert row.value is not None
        assert row.low is None or row.low <= row.value
        assert row.high is None or row.value <= row.high
        assert row.ulp is not None
        assert row.ulp > 0
        assert bool(row.unit) == bool(row.base_unit)
        assert (row.base_value is not None) == bool(row.unit)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_both_scripts_tell_the_same(text: str) -> None:
    simplified = "".join(fold(char) if "\u3400" < char < "\uff00" else char for char in text)

    def told(words: str) -> list[tuple[object, ...]]:
        return [(r.start, r.end, r.cls, r.value, r.low, r.high, r.unit) for r in read(words)]

    assert told(text) == told(simplified)


def in_chinese(number: int) -> str:
    """Everyday Chinese for 0 to 10**12 - 1, written from the textbook's rule."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    for scale, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            head, rest = divmod(number, scale)
            link = "零" if rest and rest < scale // 10 else ""
            return in_chinese(head) + word + (link + in_chinese(rest) if rest else "")
    raise AssertionError(number)


@settings(max_examples=400, deadline=None)
@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_number_written_out_is_read_back(number: int) -> None:
    assert read_number(in_chinese(number)).value == number
    assert read_number(f"{number:,}").value == number
    for text in (f"共{in_chinese(number)}個。", f"共{number:,}個。", f"共{number}個。"):
        assert [row.value for row in read(text) if row.unit == "個"] == [number]


@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value=0, max_value=10**6, places=3), st.sampled_from(["萬", "億", "", "千"]))
def test_decimals_keep_every_digit(number: object, scale: str) -> None:
    factor = {"萬": 10**4, "億": 10**8, "": 1, "千": 1000}[scale]
    rows = read(f"達{number}{scale}元")
    assert [row.value for row in rows] == [Fraction(str(number)) * factor]
    assert rows[0].ulp == Fraction(factor, 1000)
