"""Whatever the text: every numeral is one row, spans are sound, values lie in their intervals."""

import unicodedata
from collections.abc import Callable
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.find import find_numerals, read_number
from flows.record import CLASSES, Document, Figure, Span
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


PLACES = "個名家戶人例次項"
GROUPINGS = (
    lambda number: f"{number:,}",
    lambda number: f"{number:,}".replace(",", " "),
    lambda number: f"{number:,}".replace(",", "’"),
    lambda number: f"{number:,}".translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
    lambda number: (
        "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number)) if 100 <= number < 10**6 else str(number)
    ),
    in_chinese,
    lambda number: in_chinese(number).translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")),
    lambda number: in_chinese(number).translate(str.maketrans("万亿", "萬億")),
    lambda number: (
        f"{number // 10**4}萬{number % 10**4}" if number >= 10**4 and number % 10**4 >= 1000 else str(number)
    ),
)


@settings(max_examples=500, deadline=None)
@given(st.integers(min_value=10, max_value=10**9), st.sampled_from(GROUPINGS), st.sampled_from(PLACES), st.booleans())
def test_a_figure_is_read_back_however_it_is_printed(
    number: int, printed: Callable[[int], str], counter: str, is_negative: bool
) -> None:
    rows = read(f"合計{'負' if is_negative else ''}{printed(number)}{counter}。")
    assert [(row.value, row.unit, row.cls) for row in rows] == [
        (-number if is_negative else number, counter, "quantity")
    ]


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0, max_value=10**5), st.integers(min_value=0, max_value=99), st.booleans())
def test_shares_are_read_back_in_digits_and_words(whole: int, hundredths: int, in_words: bool) -> None:
    value = Fraction(whole * 100 + hundredths, 100)
    digits = "零一二三四五六七八九"
    words = f"百分之{in_chinese(whole)}點{digits[hundredths // 10]}{digits[hundredths % 10]}"
    rows = read(f"達{words if in_words else f'{whole}.{hundredths:02}%'}。")
    assert [(row.value, row.unit, row.ulp) for row in rows] == [(value, "%", Fraction(1, 100))]


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.data())
def test_what_is_ignored_is_told_and_counts_for_nothing(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(min_value=0, max_value=len(text)))
    end = data.draw(st.integers(min_value=start, max_value=len(text)))
    ignored = [Span(start, end)] if end > start else []
    rows = find_numerals(Document(text, fold(text), "utf-8", "text/plain", script_of(text), [], ignored, []))
    plain = read(text)
    assert [(row.start, row.end) for row in rows] == [(row.start, row.end) for row in plain]
    for row, twin in zip(rows, plain, strict=True):
        assert (row.rule == "ignored") == (row != twin)
        if row.rule == "ignored":
            assert row.cls == "other"
            assert row.value is None


@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value=0, max_value=10**6, places=3), st.sampled_from(["萬", "億", "", "千"]))
def test_decimals_keep_every_digit(number: object, scale: str) -> None:
    factor = {"萬": 10**4, "億": 10**8, "": 1, "千": 1000}[scale]
    rows = read(f"達{number}{scale}元")
    assert [row.value for row in rows] == [Fraction(str(number)) * factor]
    assert rows[0].ulp == Fraction(factor, 1000)
