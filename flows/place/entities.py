"""Whose figure it is: a place of the vocabulary, or an organisation named as the subject."""

import re
from dataclasses import dataclass
from functools import lru_cache

from flows.place.words import alternation
from flows.record.vocabulary import vocabulary, words

#: 全市, 本县: the report's own place.
OWN = r"(?:全|我|本)(?:省|市|县|区|州|盟|旗|自治区|直辖市|镇|乡)"
#: A name that goes on is another word: 上海路, 湖北人, 北京时间.
_GOES_ON = r"(?![路街道桥人籍话菜语时江河湖湾港站银])"
#: Names of districts that are common nouns in other towns.
_COMMON_NOUNS = frozenset(("城区", "郊区", "矿区", "东区", "南区", "北区"))
_ORGANISATION = re.compile(
    r"[\w()·]{2,24}?(?:有限责任公司|股份有限公司|有限公司|公司|集团|合作社|厂|医院|学校|大学|学院|研究院|研究所|机关|"
    r"金融机构|银行|商会|协会|红十字会|基金会|海关|法院|检察院)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A row of `places.csv`."""

    code: str
    name: str  # Traditional, the canonical name
    level: str
    parent: str


@lru_cache(maxsize=1)
def places() -> dict[str, tuple[Place, ...]]:
    """Folded name or alias to the places called so: several where the name is shared (朝阳区)."""
    found: dict[str, tuple[Place, ...]] = {}
    for row in vocabulary("places"):
        if row["name_hans"] in _COMMON_NOUNS:
            continue
        place = Place(row["place_code"], row["name_hant"], row["level"], row["parent_code"])
        for name in dict.fromkeys([row["name_hans"], *words(row["aliases"])]):
            found[name] = (*found.get(name, ()), place)
    return found


@lru_cache(maxsize=1)
def _start() -> re.Pattern[str]:
    return re.compile(f"(?:{alternation(places())})+{_GOES_ON}")


@lru_cache(maxsize=1)
def _name() -> re.Pattern[str]:
    return re.compile(alternation(places()))


@lru_cache(maxsize=1)
def _own() -> re.Pattern[str]:
    return re.compile(OWN + r"(?!民|委|政府|长|道)")


@lru_cache(maxsize=1)
def _list() -> re.Pattern[str]:
    name = alternation(places())
    unknown = r"[\u4e00-\u9fff]{1,7}?(?:省|市|县|区|州|盟|旗|镇|乡|街道|兵团|农场)"
    item = rf"(?:(?:{name})+(?:地区|市|省|县|区|州)?|{unknown})"
    return re.compile(rf"[“”\"' ]*(?:{item}(?:[、和及与]{item})*|{OWN})[“”\"' ]*(?:各|均|共|有|为|分别|都|也|报告|又)?")


@lru_cache(maxsize=4096)
def place_length(phrase: str) -> int:
    """How many leading characters of `phrase` name a place; 0 for none."""
    match = _start().match(phrase)
    return match.end() if match else 0


@lru_cache(maxsize=4096)
def own_length(phrase: str) -> int:
    """How many leading characters say "this place" (全市, 我县); 0 for none."""
    match = _own().match(phrase)
    return match.end() if match else 0


@lru_cache(maxsize=4096)
def is_place_item(phrase: str) -> bool:
    """Whether `phrase` is nothing but places, as in a list of counts by city (威海、德州市各)."""
    return _list().fullmatch(phrase) is not None


@lru_cache(maxsize=4096)
def canonical(phrase: str, within: str = "") -> str:
    """The canonical name of the last place that `phrase` (folded) names; empty where it names none or several lists.

    A name that several places share is told by `within`, a folded name of the place the report is about.
    """
    last: tuple[Place, ...] = ()
    for match in _name().finditer(phrase):
        last = places()[match[0]]
    if len(last) > 1 and within:
        around = {place.code[:2] for place in places().get(within, ())}
        last = tuple(place for place in last if place.code[:2] in around) or last
    if not last:
        return ""
    rank = {"country": 0, "province": 1, "prefecture": 2, "county": 3}
    return min(last, key=lambda place: (rank[place.level], place.code)).name


@lru_cache(maxsize=4096)
def organisation_length(phrase: str) -> int:
    """How many leading characters of `phrase` name an organisation; 0 for none."""
    match = _ORGANISATION.match(phrase)
    return match.end() if match else 0


@lru_cache(maxsize=64)
def first_place(text: str) -> str:
    """The canonical name of the first province, city or county that `text` (folded) names; empty for none."""
    for match in _name().finditer(text):
        if places()[match[0]][0].level != "country":
            return canonical(match[0])
    return ""
