"""Shares of a known whole whose part is not printed: they must be k of n (180 firms asked, 35.0% of them)."""

import re
from collections.abc import Sequence

from flows.relate.cues import cues, worded
from flows.relate.reading import Item, Passage, is_count

_SHARE = cues("share", "share")
_FIRST_RATE = re.compile(r"率")
_OF = worded(r"<share.among>(?:的|有|已有|已)?")
_SURVEYED = cues("granularity", "surveyed")
_COUNTED_RATE = worded(r"<granularity.counted>率")
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


_ASKED = worded(r"[^，,;；。0-9]{0,16}?<share.among>[，,]?(?:约|有|共有)?")
_OF_OTHERS = worded(r"的(?!<granularity.who>)")


def relate_share_of_asked(passage: Passage, rate: Item, scale: int) -> None:
    """24家門店里，66.7%張貼了價目: a share straight after what was looked at, where few shares could be printed."""
    if rate.index == 0 or rate.figure.hedge or _OF_OTHERS.match(rate.tail) or not rate.tail:
        return
    whole = passage.items[rate.index - 1]
    if not is_count(whole) or not whole.figure.value or not _ASKED.fullmatch(passage.between(whole.end, rate.start)):
        return
    if whole.figure.value * (rate.figure.ulp or 1) * 2 <= scale:
        cue = passage.reading.cue(_OF, whole.end, rate.start)
        passage.reading.add("granularity", rate, [whole], [cue], rule="granularity.asked")
