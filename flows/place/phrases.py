"""The words beside a number, cleaned: what is counted or measured, without the words that only lead to the
number.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from flows.place.words import MASK_DATE, MASK_NUMERAL, MASK_TITLE, alternation, any_of, phrase_words
from flows.record.wording import worded

#: A date with the small words that tie it to the sentence; it says when, not what.
_WHEN = (
    rf"(?:<when.before_date>|[、—\-~])*{MASK_DATE}+<when.after_date>*的?"
    rf"|<when.before_spell>?{MASK_NUMERAL}+<when.after_spell>|(?:比|较)?[上去前]{MASK_NUMERAL}+(?:同期)?|\({MASK_DATE}*\)"
    r"|\((?:按|不?含|下同|折)[^()]*\)"
)
#: One-character words that open a clause, kept apart from the words they begin (在院, 对外, 从业, 有色).
_SMALL = (
    r"在(?![院建校岗册职治家线库外用逃园学读])|对(?![外口象])|从(?!业)|由|把|将(?!军)|以(?![上下色工内外])|使(?!用)|让|令|为(?!民)|"
    r"是|有(?![色效机关线限劳形])|共(?![同享产青和])|和(?![平谐解])|及(?![格时])|与(?!会)|或|并(?!网)|而|但|且|即|含(?!量)|"
    r"到(?![岗位期账访达])|至|于|按(?![揭年月])|使|的|了|其(?![他余中])|另|又|再|也"
)
_QUOTES = " \t\u3000\xa0\"“”'‘’「」『』#【】\\[\\]△▪●•·*…—~\\-"
_RIGHT_STOP = worded(
    r"等|起\Z|<phrase.hedge>|<phrase.extent>|的<phrase.frame>|<phrase.threshold>|为(?!止)|比|较|占|是|达|至(?!今)|到(?![岗位账])|和(?![平谐])|及(?![格时])"
    r"|与|或|、|—|~|/|的?[\x01\x03]|<phrase.next_statement>|(?:大多|多数?)[为是在]|超过|不足|<phrase.expected>"
)
_RIGHT_END = worded(
    rf"(?<=[\u4e00-\u9fff]{{2}})(?:(?<![但于还凡若])是(?!否)|<phrase.predicate>)"
    rf"|<phrase.as_what>|[{MASK_DATE}{MASK_NUMERAL}{MASK_TITLE}“]|(?:以及|和|及|与|或|并)?[{_QUOTES}]*\Z"
)
#: 80%以上｜的财政收入: the hedge stands between the number and its noun.
_RIGHT_LEAD = worded(
    r"(?:内(?![容部外地科需存环]))?[ \t\"“”'‘’」』】]*"
    r"(?:(?!<hedge.no_hedge>|多[为是于出]|近[年期日邻郊平])[多余近])?[ \t\"“”'‘’」』】的]*"
)
#: 5人以上｜聚会, 十二年不等｜的有期徒刑: the noun behind the hedge, and what is none.
_HEDGED = worded(r"及?(?:<phrase.hedge>|不等)的|及?以[上下内](?=[\u4e00-\u9fff]{2,6}(?![\u4e00-\u9fff]))")
_HEDGED_STOP = worded(r"<phrase.frame>|[有者]?\Z|有[\x01\x03]")
#: 118宗｜2019冠状病毒病确诊个案: a numeral or a date that opens the noun behind a counter.
_GLUED = re.compile(rf"[{MASK_DATE}{MASK_NUMERAL}]{{2,}}的?(?=[\u4e00-\u9fff]{{3}})")
#: 散见于｜8县市: a verb that leads to the next number names nothing.
_LEADS_ON = worded(r"<phrase.leads_on>[于在]?")
#: 845名｜病人｜在15间医院: what leads on to the next number.
_RIGHT_TAIL = worded(
    r"(?:<phrase.bound>|已经?|达到?|共|均|都|了|(?<![存现正潜内外所实])在|(?<![行成作认以因])为|(?<![行成拥所享具公])有)+\Z"
)
LONGEST_RIGHT = 18
LONGEST_LEFT = 30
LONGEST_CLAUSE = 160  # what stands further before a number says nothing of it


class Phrase(NamedTuple):
    """Folded words and the spans they stand at: `text` is the concatenation of the masked text's `spans`."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def joined(self, other: "Phrase") -> "Phrase":
        if not other.spans or not self.spans:
            return self if not other.spans else other
        return Phrase(self.text + other.text, self.spans + other.spans)

    def head(self, length: int) -> "Phrase":
        """The first `length` characters."""
        kept: list[tuple[int, int]] = []
        left = length
        for start, end in self.spans:
            if left <= 0:
                break
            kept.append((start, min(end, start + left)))
            left -= end - start
        return Phrase(self.text[:length], tuple(kept))

    def tail(self, length: int) -> "Phrase":
        """The last `length` characters."""
        return self.after(len(self.text) - length)

    def after(self, skipped: int) -> "Phrase":
        """What is left after the first `skipped` characters."""
        kept: list[tuple[int, int]] = []
        for start, end in self.spans:
            if skipped >= end - start:
                skipped -= end - start
                continue
            kept.append((start + skipped, end))
            skipped = 0
        length = sum(end - start for start, end in kept)
        return Phrase(self.text[len(self.text) - length :], tuple(kept))


EMPTY = Phrase("", ())


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    beside = r"[比较][^,，]{0,6}<phrase.extreme>的?\Z|(?:前者|后者)?[比较](?:前者|后者)|前者|后者|(?:向|给|替|因|经)\Z"
    return worded(
        rf"(?:[{_QUOTES}、]|{_compared()}|{beside}|{_WHEN}|{any_of('head_noise')}|{any_of('compare')}|{_SMALL})+"
    )


@lru_cache(maxsize=1)
def _trail() -> re.Pattern[str]:
    quiet = any_of("level")
    loose = (
        r"[了的](?<!目的)|由|从|将|即|(?<![存现正潜内外所])在|[只仅]卖|(?<=[度率数量额值])过|"
        r"(?<=[\u4e00-\u9fff]{2})(?:已经?|包括|包含|(?<![统合共审设会估累预总小核])计)|"
        r"(?:按[^,]{0,14})?(?:折算|折合|换算成?|约合)|"
        r"[由从](?:<phrase.at_first>)的?<count.rate>?"
    )
    single = r"(?<=[日月年人户平])均|(?<=[节条签违契预])约|(?<=[持占含没])有|(?<=附)近|(?<=[作认])为"  # 日均, 节约
    kept = rf"(?<![行成拥所享具公])(?!{single})"
    measured = r"(?<=<phrase.earned>)(?:累计|共)?(?:实现|完成)"
    return worded(rf"(?:[{_QUOTES}、]|{_WHEN}|{kept}(?:{quiet})|{measured}|{loose})+\Z")


def _compared() -> str:
    """比洪峰时｜回落, 较月初｜回落: what a change is measured from says nothing of what changed."""
    grown = rf"(?:同比|环比|实际)?(?:{any_of('growth')})了?\Z"
    return rf"[比较](?![重例率值])[^,，]{{0,8}}?(?:{any_of('since')})(?:相比)?(?={grown}|(?:[高低]|节约|节省)\Z)"


@lru_cache(maxsize=1)
def _hole() -> re.Pattern[str]:
    return worded(
        rf"{_compared()}|{_WHEN}|{any_of('compare')}|{MASK_TITLE}+等?|{MASK_NUMERAL}+(?:[、和及与或]{MASK_NUMERAL}+)*|<when.alone>"
    )


@lru_cache(maxsize=1)
def _cut_before() -> re.Pattern[str]:
    return worded(r"<phrase.cut_before>|共(?![同享产青和])|向.{2,20}?(?=<phrase.gives>)")


@lru_cache(maxsize=16384)
def _clean_left(words: str) -> tuple[tuple[int, int], ...]:
    start, end = 0, len(words)
    while True:
        before = start, end
        match = _lead().match(words, start, end)
        if match:
            start = match.end()
        match = _trail().search(words, max(start, end - 24), end)
        if match:
            end = match.start()
        if (start, end) == before or start >= end:
            break
    if start >= end:
        return ()
    if end - start > LONGEST_LEFT:
        cut = start
        for match in _cut_before().finditer(words, start, end):
            if end - match.start() >= 5:
                cut = match.start()
        start = cut if cut > start else end - LONGEST_LEFT
    pieces = []
    for match in _hole().finditer(words, start, end):
        if match.start() > start:
            pieces.append((start, match.start()))
        start = match.end()
    if start < end:
        pieces.append((start, end))
    return tuple(pieces)


@lru_cache(maxsize=16384)
def _clean_right(words: str) -> tuple[int, int]:
    end = len(words)
    start = _RIGHT_LEAD.match(words).end()  # type: ignore[union-attr]
    hedged = _HEDGED.match(words, start)
    if hedged:
        start = hedged.end()
        if _HEDGED_STOP.match(words, start):
            return (0, 0)
    if start == end or words[start] == "(" or _RIGHT_STOP.match(words, start):
        return (0, 0)
    match = _RIGHT_END.search(words, start)
    if match:
        end = match.start()
    if end - start > LONGEST_RIGHT:
        cut = 0
        for match in _breaks().finditer(words, start + 2, start + LONGEST_RIGHT):
            cut = match.start()
        end = cut or start + LONGEST_RIGHT
    match = _RIGHT_TAIL.search(words, max(start + 2, end - 8), end)
    if match:
        end = match.start()
    while start < end and words[end - 1] in " \t\"“”'‘’「『的了":
        end -= 1
    if _LEADS_ON.fullmatch(words, start, end):
        return (0, 0)
    return (start, end) if end > start else (0, 0)


@lru_cache(maxsize=1)
def _breaks() -> re.Pattern[str]:
    return worded(rf"<phrase.adverb>*(?:{any_of('verb')})")


def left_phrase(masked: str, start: int, end: int) -> Phrase:
    """What the words before a number name or say, cleaned at both ends, dates and comparisons taken out."""
    if start >= end:
        return EMPTY
    start = max(start, end - LONGEST_CLAUSE)
    pieces = _clean_left(masked[start:end])
    if len(pieces) == 1:  # nearly always
        ((a, b),) = pieces
        return Phrase(masked[start + a : start + b], ((start + a, start + b),))
    if not pieces:
        return EMPTY
    spans = tuple([(start + a, start + b) for a, b in pieces])
    return Phrase("".join([masked[a:b] for a, b in spans]), spans)


def subject_phrase(masked: str, start: int, end: int, phrase: Phrase) -> Phrase:
    """The words of the left part that were cut off before `phrase`, cleaned: who does what it says; mostly
    empty.
    """
    if not phrase.spans or phrase.spans[0][0] - max(start, end - LONGEST_CLAUSE) < 6:
        return EMPTY
    start = max(start, end - LONGEST_CLAUSE)
    match = _lead().match(masked, start, phrase.spans[0][0])
    first = match.end() if match else start
    if first >= phrase.spans[0][0]:
        return EMPTY
    return Phrase(masked[first : phrase.spans[0][0]], ((first, phrase.spans[0][0]),))


def right_phrase(masked: str, start: int, end: int) -> Phrase:
    """The noun that a number and its counter stand before (494名｜黨員幹部加入請戰隊); empty where none
    follows.
    """
    if masked.startswith("床位", start - 2):  # 64张床位: a unit that holds the noun
        return Phrase("床位", ((start - 2, start),))
    if start >= end:
        return EMPTY
    if masked.startswith("人口", start - 1):  # 13亿人｜口: the people counted are the population
        return Phrase("人口", ((start - 1, start + 1),))
    glued = _GLUED.match(masked, start, end)
    if glued:
        start = glued.end()
    a, b = _clean_right(masked[start : min(end, start + 48)])
    return Phrase(masked[start + a : start + b], ((start + a, start + b),)) if b > a else EMPTY


@lru_cache(maxsize=1)
def _dependent() -> re.Pattern[str]:
    part = any_of("aspect", "state", "verb", "growth", "relation", "attribute", "compare", "rate_stem")
    return re.compile(rf"(?:{part}|(?:{any_of('rate_stem')})率|率、?|了|的|地|其中|为|到|至|{any_of('level')})*")


@lru_cache(maxsize=1)
def _counted_state() -> re.Pattern[str]:
    return worded(rf"(?:报告)?(?:<count.stage>|新增加)<case.verb>?(?:{any_of('state')})")


@lru_cache(maxsize=1)
def _aspect_first() -> re.Pattern[str]:
    counted = r"<phrase.each_of>|[户亩斤吨天日月年次张只头个家件度瓶盒箱株棵名位例班村校辆台晚]"
    each = rf"每(?:{counted})(?:只|仅|约|可|均)?(?:[卖售补收奖]|<phrase.paid>)?"
    beside = (
        r"(?:低于|高于|超(?:过|出)?(?![市级声标前])).{2,12}|(?:为|相当于).{2,16}|[高低多少快慢](?:了|出)?"
        rf"|比[^\u4e00-\u9fff]{{2,8}}(?:[高低]|{any_of('growth')})|完成.{{0,6}}<phrase.goal>(?:任务|数)?"
    )
    done = r"<phrase.aspect>\w{1,4}|(?:合计)?约?占(?:.{2,24})?|恢复"
    return worded(f"{done}|{beside}|{each}")


@lru_cache(maxsize=16384)
def is_dependent(phrase: str) -> bool:
    """Whether the words name no thing of their own (已复工, 同比增长, 复工率, 出院): the thing was named
    before.
    """
    if not phrase or _dependent().fullmatch(phrase):
        return not _counted_state().match(phrase)
    return _aspect_first().fullmatch(phrase) is not None


@lru_cache(maxsize=4096)
def is_aspect(phrase: str) -> bool:
    """Whether the words only say what was done with those counted (已恢复, 尚有…)."""
    return phrase[:1] in ("已", "尚", "仍") and _aspect_first().fullmatch(phrase) is not None


@lru_cache(maxsize=1)
def _attribute() -> re.Pattern[str]:
    led = r"总|年|月|日|平均|最[高低大小长短]|单位|设计|每\w{1,3}"
    return re.compile(rf"(?:{led})*(?:{any_of('attribute')})(?:最[高低大小多少]|平均)?")


@lru_cache(maxsize=16384)
def is_attribute(phrase: str) -> bool:
    """Whether the words only name a side of what was named before (期限, 年利率, 设计时速)."""
    return _attribute().fullmatch(phrase) is not None


@lru_cache(maxsize=1)
def _thing() -> re.Pattern[str]:
    side = alternation(
        {word for name in ("attribute", "measure", "side") for word in phrase_words()[name]}
        - set(phrase_words()["thing"])
    )
    led = r"总|年|月|日|平均|最[高低大小长短]|设计|每\w{1,2}"
    return re.compile(rf"(?:{led})*(?:{side})?(?:最[高低大小多少]|平均)?\Z")


@lru_cache(maxsize=4096)
def thing_length(phrase: str) -> int:
    """How many leading characters name the thing, without the side of it that was told (小麦｜平均亩产); 0 where
    only a side is named.
    """
    length = _thing().search(phrase).start()  # type: ignore[union-attr]
    return length if length >= 2 and not is_dependent(phrase[:length]) else 0


@lru_cache(maxsize=1)
def _verbs_only() -> re.Pattern[str]:
    return worded(
        rf"(?:{any_of('verb')}|<phrase.manner>|累计|共|了|到|<count.planned>|可|有望)*(?:{any_of('verb')})(?:了|到)?"
    )


@lru_cache(maxsize=16384)
def is_verbs_only(phrase: str) -> bool:
    """Whether the words are verbs that say of themselves what was counted (紧急转移安置), and no state and no
    change of the topic.
    """
    return not state_length(phrase) and not growth_length(phrase) and _verbs_only().fullmatch(phrase) is not None


@lru_cache(maxsize=1)
def _state() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of('state')})\Z")


@lru_cache(maxsize=16384)
def state_length(phrase: str) -> int:
    """The length of the state (死亡, 治愈出院) that `phrase` ends in; 0 for none."""
    match = _state().search(phrase, max(0, len(phrase) - 6))
    return match.end() - match.start() if match else 0


@lru_cache(maxsize=1)
def _head() -> re.Pattern[str]:
    own = r"<count.stage>|<count.rate>|<phrase.list_head>"
    return worded(rf"(?:{own}|{any_of('verb')})+(?:了|到)?")


@lru_cache(maxsize=16384)
def head_length(phrase: str) -> int:
    """How many leading characters of `phrase` say how it is counted (新增, 日均清运, 提前储备): what a list
    shares.
    """
    match = _head().match(phrase)
    return match.end() if match and match.end() < len(phrase) else 0


@lru_cache(maxsize=4096)
def verb_end(phrase: str) -> int:
    """Where the last verb in `phrase` ends, behind a subject (法院共受理｜案件); 0 for none."""
    for at in range(len(phrase) - 3, 0, -1):
        if length := head_length(phrase[at:]):
            return at + length
    return 0


@lru_cache(maxsize=1)
def _verb() -> re.Pattern[str]:
    return re.compile(any_of("verb"))


@lru_cache(maxsize=16384)
def holds_verb(phrase: str) -> bool:
    """Whether a verb of reports stands in the words (发放…, …转为…)."""
    return _verb().search(phrase) is not None


@lru_cache(maxsize=1)
def _measure() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of('measure')})\Z")


@lru_cache(maxsize=16384)
def measure_length(phrase: str) -> int:
    """The length of the measure noun that `phrase` ends in (产量, 增加值, …率); 0 for none."""
    match = _measure().search(phrase, max(0, len(phrase) - 4))
    return match.end() - match.start() if match else 0


@lru_cache(maxsize=1)
def _measure_inside() -> re.Pattern[str]:
    return re.compile(rf".{{2,}}(?:{any_of('measure')})")


@lru_cache(maxsize=4096)
def measured_until(phrase: str) -> int:
    """Where the last measure noun in `phrase` ends (鸡蛋价格｜跌跌不休); 0 where none stands in it."""
    match = _measure_inside().match(phrase)
    return match.end() if match else 0


@lru_cache(maxsize=1)
def _pair() -> re.Pattern[str]:
    return re.compile(any_of("pair"))


@lru_cache(maxsize=4096)
def pair_length(phrase: str) -> int:
    """The length of the word of a pair (城镇, 农村; 进口, 出口) that `phrase` opens with; 0 for none."""
    match = _pair().match(phrase)
    return match.end() if match else 0


@lru_cache(maxsize=1)
def _growth() -> re.Pattern[str]:
    return worded(rf"<phrase.before_growth>*(?<!新)(?:{any_of('growth')})了?\Z")


@lru_cache(maxsize=16384)
def growth_length(phrase: str) -> int:
    """The length of the words of change that `phrase` ends in; 0 for none."""
    match = _growth().search(phrase, max(0, len(phrase) - 12))
    return match.end() - match.start() if match else 0
