"""Shares of a known whole whose part is not printed: they must be k of n (180 firms asked, 35.0% of them)."""

import re
from collections.abc import Sequence

from flows.relate.cues import cues
from flows.relate.reading import Item, Passage, is_count

_SHARE = cues("share", "share")
_FIRST_RATE = re.compile(r"率")
_OF = re.compile(r"(?:之中|当中|中|里)(?:的|有|已有|已)?")
_SURVEYED = cues("granularity", "surveyed")
_COUNTED_RATE = re.compile(
    r"(?:及格|合格|优良|优秀|通过|出席|出勤|到课|到岗|到会|缺席|就业|升学|录取|复工|开工|复学|入学|满意|参与|参会|签约|投票|支持|赞成|检出|阳性|中签|获奖|不合格|达标|毕业)率"
)
_MULTIPLE_CHOICE = cues("complement", "multiple_choice")


def relate_granularity(passage: Passage, rate: Item, before: Sequence[Item], *, is_share: bool) -> None:
    """A share of a known whole whose part is not printed must be k of n."""
    counted = [i for i in passage.items[: rate.index] if i.role == "quantity"]
    if len(counted) != 1 or not before or not is_count(counted[0]):
        return
    whole = counted[0]
    between = passage.between(whole.end, rate.start)
    if is_share:
        surveyed = bool(_SURVEYED.search(whole.words + whole.gap))
        fits = surveyed and ("中" in between or between.endswith("的占"))
    else:
        fits = bool(_COUNTED_RATE.search(rate.clause)) and between.count("，") + between.count(",") <= 1
    if fits and not _MULTIPLE_CHOICE.search(passage.text):
        cue = passage.reading.cue(_SHARE if is_share else _FIRST_RATE, whole.end, rate.start)
        passage.reading.add("granularity", rate, [whole], [cue], rule="granularity")


_ASKED = re.compile(r"[^，,;；。0-9]{0,16}?(?:之中|当中|中|里)[，,]?(?:约|有|共有)?")


def relate_share_of_asked(passage: Passage, rate: Item, scale: int) -> None:
    """24家門店里，66.7%張貼了價目: a share straight after what was looked at, where few shares could be printed."""
    if rate.index == 0 or rate.figure.hedge or re.match(r"的(?!受访|企业|商户|居民)", rate.tail) or not rate.tail:
        return
    whole = passage.items[rate.index - 1]
    if not is_count(whole) or not whole.figure.value or not _ASKED.fullmatch(passage.between(whole.end, rate.start)):
        return
    if whole.figure.value * (rate.figure.ulp or 1) * 2 <= scale:
        cue = passage.reading.cue(_OF, whole.end, rate.start)
        passage.reading.add("granularity", rate, [whole], [cue], rule="granularity.asked")
