"""Prices and means told in a clause of their own: 386.5萬平方米, 624.8億元, 均價16166元/平方米; 每10股派2.5元.

A price is one by its unit (元/平方米), by its word (`product`, `price` in `cues.csv`) or by 每 so many. Which amount
and which count it goes with the words seldom say: what agrees is taken, or, where the sentence has one of each, what
one slip would make agree.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from flows.record.vocabulary import vocabulary
from flows.relate.cues import cues, worded
from flows.relate.fits import bounds, is_slip_of, meets, quotient
from flows.relate.levels import EARLIER, cue_before, is_compared_with, is_increment
from flows.relate.reading import Item, Passage

_PRICE = worded(r"<product.price>[^，,;；。0-9]{0,6}$")
_MEAN = re.compile(r"均")
#: 每10股派發現金紅利, 每千人口擁有: how many of what.
_EACH = re.compile(r"每(10+|[十百千万]+)([\u4e00-\u9fff])")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4}
#: A plan or a span of time is no amount that was sold.
_NOT_SOLD = cues("product", "not_sold")
#: An amount of fewer last places than this is a slip from many a product.
_LEAST = 100
_REACH = 6
#: 資產淨值27.43億元 is no price.
_LARGE = re.compile(r"[万萬亿億]")


@dataclass(frozen=True, slots=True)
class _Price:
    """What one, or so many, of a thing cost or hold: `per` is the base unit of the thing, or empty where not told."""

    item: Item
    money: str
    per: str
    each: int
    noun: str
    is_told: bool


@lru_cache(maxsize=1)
def _moneys() -> frozenset[str]:
    return frozenset(row["base_unit"] for row in vocabulary("units") if row["kind"] == "money")


@lru_cache(maxsize=1)
def _times() -> frozenset[str]:
    return frozenset(row["unit"] for row in vocabulary("units") if row["dimension"] == "time")


def relate_priced(passage: Passage) -> None:
    """Averages and products of the sentence's prices."""
    if len(passage.items) < 3:
        return
    prices = [price for item in passage.items if (price := _price(item)) is not None]
    for price in prices:
        _relate(passage, price, [p.item for p in prices])


def _price(item: Item) -> _Price | None:
    if item.role != "quantity" or not item.figure.value or EARLIER.search(item.label):
        return None
    top, _, below = item.base.partition("/")
    if below:
        return _Price(item, top, below, 1, "", bool(_PRICE.search(item.label)))
    each = _EACH.search(item.clause)
    if each is not None:
        count = each.group(1)
        so_many = int(count) if count.isdigit() else _scale(count)
        return _Price(item, top, "", so_many, each.group(2), True)
    if top in _moneys() and not _LARGE.search(item.figure.quote) and _PRICE.search(item.label):
        return _Price(item, top, "", 1, "", True)
    return None


def _scale(words: str) -> int:
    number = 1
    for char in words:
        number *= _SCALES[char]
    return number


def _relate(passage: Passage, price: _Price, prices: Sequence[Item]) -> None:
    near = passage.items[max(0, price.item.index - _REACH) : price.item.index + _REACH]
    levels = [
        i for i in near
        if i.role == "quantity" and i not in prices and i.figure.value and not EARLIER.search(i.label)
        and not is_increment(i) and not is_compared_with(i)
    ]  # fmt: skip
    totals = [i for i in levels if i.base == price.money]
    counts = [i for i in levels if _is_counted(price, i)]
    pairs = sorted(_pairs(price.item, totals, counts), key=lambda pair: _distance(price.item, pair))
    chosen = next((pair for pair in pairs if _agrees(price, *pair)), None)
    if chosen is None and price.is_told and len(pairs) == 1 and _may_slip(price, *pairs[0]):
        chosen = pairs[0]
    if chosen is None:
        return
    total, count = chosen
    scale = Fraction(price.each)
    if not price.per and count.factor != 1:
        scale *= count.factor
    cue = cue_before(passage, _EACH if price.each > 1 else _PRICE, price.item)
    if _MEAN.search(price.item.label) or price.money not in _moneys():
        parameters = {"scale": str(scale)} if scale != 1 else {}
        passage.reading.add("average", price.item, [total, count], [cue], parameters=parameters, rule="average.price")
    else:
        parameters = {"scale": str(1 / scale)} if scale != 1 else {}
        passage.reading.add("product", total, [price.item, count], [cue], parameters=parameters, rule="product.price")


def _is_counted(price: _Price, item: Item) -> bool:
    if item.base == price.money or "/" in item.base or item.figure.unit in _times():
        return False
    if price.noun:
        return price.noun in (item.figure.unit_text[-1:], item.base) or item.tail.startswith(price.noun)
    return item.base == price.per if price.per else bool(item.base) and item.base not in _moneys()


def _pairs(price: Item, totals: Sequence[Item], counts: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    for total in totals:
        for count in counts:
            if total is not count and not _NOT_SOLD.search(total.label) and total.index != price.index:
                yield total, count


def _distance(price: Item, pair: tuple[Item, Item]) -> int:
    return sum(abs(item.index - price.index) for item in pair)


def _reckoned(price: _Price, total: Item, count: Item) -> tuple[Fraction | None, Fraction | None]:
    low, high = quotient(total, count, price.each)
    own = Fraction(1) if price.per else count.factor
    return (None if low is None else low * own, None if high is None else high * own)


def _agrees(price: _Price, total: Item, count: Item) -> bool:
    image = _reckoned(price, total, count)
    if image == (None, None) or price.item.digits < (2 if price.is_told else 3) or total.digits < 2:
        return False
    return meets(bounds(price.item), image)


def _may_slip(price: _Price, total: Item, count: Item) -> bool:
    low, high = _reckoned(price, total, count)
    value = total.figure.value
    if low is None or high is None or low <= 0 or value is None or value < _LEAST * (total.figure.ulp or 1):
        return False
    reckoned = (low + high) / 2
    if price.item.digits > 1 and is_slip_of(price.item, reckoned):
        return True
    if not price.item.figure.value or not count.figure.value:
        return False
    return is_slip_of(total, value * total.factor * price.item.figure.value * price.item.factor / reckoned)
