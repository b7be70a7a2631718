"""Whose figure it is: a place of the vocabulary, or an organisation named as the subject."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from flows.place.words import phrase_words
from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words
from flows.record.wording import told, worded

#: 全市, 本县: the report's own place.
OWN = r"(?:全|我|本)(?:省|市|县|区|州|盟|旗|自治区|直辖市|镇|乡)"
#: A name that goes on is another word: 上海路, 湖北人, 北京时间.
_GOES_ON = tuple("路街道桥人籍话菜语时江河湖湾港站银")
_EACH = re.compile(r"(?:市?各|等地)?")
_AND = re.compile(r"[、和及与]")
_ITEM_EDGES = worded(r"\A[\s“”\"']*(?:来自|来源于)?|<place.then>?[\s“”\"']*\Z")
_UNKNOWN_PLACE = worded(r"(?![全各本我该每])[\u4e00-\u9fff]{1,4}<place.ends>")
#: Names of districts that are common nouns in other towns.
_COMMON_NOUNS = frozenset(told("place", "common_noun"))
_ORGANISATION = worded(r"[\w()·]{2,24}?<organisation.ends>")


NEAR_THE_TOP = 3000
#: A report that opens with a city no vocabulary lists is about that one.
_UNLISTED_HOME = re.compile(r"[\s#【]*([\u4e00-\u9fff]{2,3}(?:省|市|县))(?![长民政委])")
_ORIGIN = re.compile(r"[自在从由赴往经]\Z")
#: What may stand behind a short name that is an everyday word too, for it to be the name.
_AFTER_A_PLACE = frozenset("市县区各、，,。;；:：0123456789 \n\t()一二三四五六七八九十新累确和及与")


LEVELS = ("country", "province", "prefecture", "county")


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
def _lengths() -> dict[str, tuple[int, ...]]:
    """The first two characters of a name to the lengths of the names that begin so, the longest first."""
    lengths: dict[str, set[int]] = {}
    for name in places():
        lengths.setdefault(name[:2], set()).add(len(name))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


@lru_cache(maxsize=1)
def _firsts() -> frozenset[str]:
    """The characters that names begin with."""
    return frozenset(start[0] for start in _lengths())


def _name_at(text: str, at: int) -> int:
    """The length of the longest name of a place that begins at `at`; 0 for none."""
    for length in _lengths().get(text[at : at + 2], ()):
        if text[at : at + length] in places() and not _is_word(text, at, length):
            return length
    return 0


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    return frozenset(phrase_words()["everyday_place"])


def _is_word(text: str, at: int, length: int) -> bool:
    """Whether the short name of a place is part of an everyday word here (合作社, 和平共处, 东方文化)."""
    after = text[at + length : at + length + 1]
    return after not in _AFTER_A_PLACE and bool(after) and text[at : at + length] in _everyday()


def _names_at(text: str) -> Iterator[tuple[int, str]]:
    """Where the names of places in `text` begin, and the names, in order; 我市的 and 合作社 are no places."""
    begins, firsts, free = _lengths(), _firsts(), 0
    for at in [at for at, char in enumerate(text[:-1]) if char in firsts]:  # nearly nowhere
        if at < free or text[at : at + 2] not in begins:
            continue
        length = _name_at(text, at)
        if length:
            yield at, text[at : at + length]
            free = at + length


def _names(text: str) -> Iterator[str]:
    """The names of places in `text`, in order."""
    for _, name in _names_at(text):
        yield name


def _path_at(text: str, at: int) -> int:
    """Where the names that follow each other from `at` on end (河南省郑州市); `at` where none begins."""
    end = at
    while length := _name_at(text, end):
        end += length
    if end > at and text[end : end + 2] == "地区":
        end += 2
    return end


@lru_cache(maxsize=1)
def _own() -> re.Pattern[str]:
    return re.compile(OWN + r"(?!民|委|政府|长|道)")


@lru_cache(maxsize=4096)
def place_length(phrase: str) -> int:
    """How many leading characters of `phrase` name a place, or a list of places and 各; 0 for none."""
    end = _path_at(phrase, 0)
    if not end or (phrase[end : end + 1] in _GOES_ON and phrase[:end] not in ("全国", "我国")):
        return 0
    while phrase[end : end + 1] in ("、", "和", "及", "与"):
        after = _path_at(phrase, end + 1)
        if after == end + 1:
            break
        end = after
    return _EACH.match(phrase, end).end()  # type: ignore[union-attr]


@lru_cache(maxsize=4096)
def own_length(phrase: str) -> int:
    """How many leading characters say "this place" (全市, 我县); 0 for none."""
    match = _own().match(phrase)
    return match.end() if match else 0


@lru_cache(maxsize=4096)
def trailing_place(phrase: str) -> int:
    """The length of the place that `phrase` ends in (其次为台北市); 0 for none."""
    for length in range(min(len(phrase), 8), 1, -1):
        if _path_at(phrase[-length:], 0) == length:
            return length
    return 0


@lru_cache(maxsize=4096)
def is_place_item(phrase: str) -> bool:
    """Whether `phrase` is nothing but places, as in a list of counts by city (威海、德州市各; 来自英国)."""
    phrase = _ITEM_EDGES.sub("", phrase)
    if not phrase or own_length(phrase) == len(phrase):
        return bool(phrase)
    return all(_is_place(part) for part in _AND.split(phrase))


def _is_place(part: str) -> bool:
    end = _path_at(part, 0)
    if end:
        return part[end:] in ("", "市", "省", "县", "区", "州", "特区")
    return _UNKNOWN_PLACE.fullmatch(part) is not None


@lru_cache(maxsize=4096)
def canonical(phrase: str, within: str = "") -> str:
    """The canonical name of the place that `phrase` (folded) names, the last of a path (河南省郑州市); of a list,
    every one; empty where it names none of the vocabulary, or one that cannot be told.

    `within` is the name of the place that the words around speak of. A county is taken only where it lies in
    the same province (or in the place that its own path names): an invented 东港区 is not the real one. A short
    name of a district (徐汇) is read where the surrounding place has such a district.
    """
    if "、" in phrase:
        return "、".join(dict.fromkeys(name for part in phrase.split("、") if (name := canonical(part, within))))
    around = _codes(fold(within))
    found: Place | None = None
    for name in _names(phrase):
        place = _told(places()[name], around)
        if place is None:
            continue
        if found is None or place.level in ("country", "province", "prefecture") or place.code[:2] == found.code[:2]:
            found = place
        around = (place.code,)
    if found is None:
        found = _district(_ITEM_EDGES.sub("", phrase), around)
    return found.name if found else ""


def _told(called_so: tuple[Place, ...], around: tuple[str, ...]) -> Place | None:
    """Which of the places of one name is meant by words about `around`; None where that cannot be told."""
    wide = [place for place in called_so if place.level != "county"]
    if wide:
        return min(wide, key=lambda place: (LEVELS.index(place.level), place.code))
    for length in (4, 2):
        near = [place for place in called_so for code in around if place.code[:length] == code[:length]]
        if near and not (length == 2 and all(code[2:4] != "00" for code in around)):
            return near[0] if len({place.code for place in near}) == 1 or length == 4 else None
    if around and around != ("000000",):
        return None
    return called_so[0] if len(called_so) == 1 else None


@lru_cache(maxsize=1024)
def _codes(name: str) -> tuple[str, ...]:
    """The codes of the places called `name`; a code that fits none for a name the vocabulary does not know."""
    if not name:
        return ()
    named = places().get(name)
    return tuple(place.code for place in named) if named else ("??????",)


@lru_cache(maxsize=1)
def _districts() -> dict[str, tuple[Place, ...]]:
    """A short name of a county to those called so with 区, 县 or 市 behind it."""
    found: dict[str, tuple[Place, ...]] = {}
    for name, called_so in places().items():
        if len(name) >= 3 and name[-1] in "区县市":
            counties = tuple(place for place in called_so if place.level == "county")
            found[name[:-1]] = (*found.get(name[:-1], ()), *counties)
    return found


def _district(short: str, around: tuple[str, ...]) -> Place | None:
    """The district called so of a province, city or municipality around; None where there is not one alone."""
    near = [
        place
        for place in _districts().get(short, ())
        for code in around
        if code[:2].isdigit() and code != "000000" and place.code.startswith(code.rstrip("0") or "?")
    ]
    return near[0] if len(near) == 1 else None


@lru_cache(maxsize=4096)
def organisation_length(phrase: str) -> int:
    """How many leading characters of `phrase` name an organisation; 0 for none."""
    match = _ORGANISATION.match(phrase)
    return match.end() if match else 0


def home_place(title: str, text: str) -> str:
    """The canonical name of the place a report is about, from its folded title and text; empty where none is
    named.

    The first place of the title; else the place whose districts the text goes through; else the first of the
    text.
    """
    named = first_place(title[:80])
    unlisted = _UNLISTED_HOME.match(title)
    if named and (unlisted is None or first_place(unlisted[1])):
        return named
    top = text[:NEAR_THE_TOP]
    told: dict[str, int] = {}
    districts: dict[str, set[str]] = {}
    for at, name in _names_at(top):
        found = places()[name]
        if len(found) > 1 or not found[0].code[:2].isdigit() or _ORIGIN.search(top, max(0, at - 1), at):
            continue  # 自香港出发: not where the report is from
        code = found[0].parent if found[0].level == "county" else found[0].code
        if found[0].level == "county":
            districts.setdefault(code, set()).add(found[0].code)
        told[code] = told.get(code, 0) + 1
    several = [code for code, names in districts.items() if len(names) >= 4]
    if several:
        return _by_code()[max(several, key=lambda code: len(districts[code]))].name
    if told:
        code = max(told, key=lambda each: told[each])
        if told[code] >= 3 and 2 * told[code] > sum(told.values()):
            return _by_code()[code].name
    unlisted = _UNLISTED_HOME.match(text)
    if unlisted and not first_place(unlisted[1]):
        return unlisted[1]
    return first_place(text[:400])


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Place]:
    return {place.code: place for called_so in places().values() for place in called_so}


@lru_cache(maxsize=64)
def first_place(text: str) -> str:
    """The canonical name of the first province, city or county that `text` (folded) names; empty for none."""
    for at, name in _names_at(text):
        if _ORIGIN.search(text, max(0, at - 1), at):
            continue
        if places()[name][0].level != "country" or name in ("我国", "全国"):
            return canonical(name)
    return ""
