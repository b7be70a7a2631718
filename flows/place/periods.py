"""Which period a figure speaks of: the dates of the text resolved, and each governing the figures that follow
it.

截至3月25日 governs to the end of its paragraph, and so does a date that opens one or names a day's hours
(0—24时); any other date governs its sentence, 去年 inside a clause only that clause. A dated heading governs
its section where nothing nearer does. A date that a figure is compared with (比上年, 较1月) governs nothing.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flows.place.clauses import continues
from flows.place.dates import Period, is_hours_only, part_of_year, resolve, whole_month, whole_year
from flows.place.years import PLAN, plan_period, this_year, year_told
from flows.record import Document, Figure, Span
from flows.record.script import fold
from flows.record.vocabulary import vocabulary
from flows.record.wording import told, worded

_WORDS = worded(
    r"今年(?:上半年|下半年|以来)?|本年(?!级)|上年(?!度)|(?<![去上今本前])年末|今日(?!头条)|<period.told>|" + PLAN
)
_NOW = told("period", "now")
_FROM_NOW = worded("<period.year_from_now>|年内")
#: What flows through a year, though the sentence opens with its end: 2014年末，…生猪出栏241万头.
_FLOW = worded("<period.flows>")
#: How many days after the day told last, and after the report's own, a word means.
_DAYS_AFTER, _DAYS_FROM_TODAY = (
    {row["word"]: int(row["days"]) for row in vocabulary("relative_days") if row["counted_from"] == start}
    for start in ("told", "report")
)
_MADE_KNOWN = worded(r"[^，。；\n]{0,10}?<period.made_known>")
_YEAR_BESIDE = worded(r"(?:<period.year_from_now>|上年)\Z")
_SHIFTS = {"去": -1, "上": -1, "前": -2, "明": 1, "今": 0, "本": 0}
_AS_OF = re.compile(r"(?:截至|截止到?|截止至|至|到)\Z")
_COMPARED = worded(r"<period.compared>\Z")
#: 是1998年的6.2倍: the year is what it is a multiple of.
_COMPARED_TO = worded(r"<period.multiple_of>\Z")
_TIMES = re.compile(r"(?:同期)?的[^，,。；;\n]{0,14}?(?:倍|[%％]|成|百分之)")
_ENDS_AS_OF = re.compile(r"(?:末|底|止)")
_SINCE = re.compile(r"以来|至今|起(?![点诉来义])|开始|迄今")
_BEFORE = re.compile(r"以?前(?![三十\d])|之前|前完成")
_JOINS = re.compile(r"[(（]?\s?(?:至|到|—{1,2}|-|–|~|～)\s?")
_HOURS_BESIDE = re.compile(r"(?:当[天日])?[(（\s]?")
_SPOKEN = worded(r"<period.spoken_day>[(（]\Z")
_YEAR_NAME = re.compile(r"(?:19|20)\d{2}年度?")  # in the title of a document: 《2020年…计划》
_SPAN_LEADS = told("period", "before_span")
_SPAN_ENDS = re.compile(r"[来中间内里]")
#: Years that only say when: 五年来, 五年间, and those that open a clause (；五年建成新线…).
_STRETCH_AFTER = worded(
    r"多?(?:以来|来(?!自)|间|内|中(?![央国小学共级型])|之内|期间|时间|前|后(?![期续])|"
    r"(?:平均|累计|就|均)?<period.changed_in>)"
)
_STRETCH_BEFORE = re.compile(r"(?:\A|[，,。；;：:、\n(（“\s]|[仅这前近]|过去|今后|未来)\Z")
_STRETCH_GOES_ON = re.compile(r"[\u4e00-\u9fff](?<![多的以级期第度龄纪限计左上])")
_NEAR = 150  # characters: a year named further back is not the one that 这两年 ends with
_SENTENCE_END = re.compile(r"[。！？!?]")
_CLAUSE_MARK = re.compile(r"[，,；;。！？!?]")
_ITEM_END = re.compile(r"[；;]")


@dataclass(slots=True)
class _Event:
    """A date expression of the text: what it covers and how it governs."""

    start: int
    end: int
    period: Period
    role: str  # within, as_of, since, before, now
    scope: str  # paragraph, sentence, clause
    is_year: bool = False
    has_hours: bool = False  # 0—24时: the day of a bulletin, which speaks of no other where it names none


def stretches(folded: str, rows: Sequence[Figure]) -> frozenset[int]:
    """The starts of counts of years that say when, not how much; each governs what follows as a date does."""
    found = set()
    for row in rows:
        if row.cls != "quantity" or row.unit != "年" or row.value is None or not 1 <= row.value <= 100:
            continue
        if row.value.denominator != 1:
            continue
        opens = _STRETCH_BEFORE.search(folded[max(0, row.start - 2) : row.start]) is not None
        if row.value >= 50 and row.quote[0].isascii():
            opens = False  # 98年抗洪 may be a year as well
        if _STRETCH_AFTER.match(folded, row.end) or (opens and _STRETCH_GOES_ON.match(folded, row.end)):
            found.add(row.start)
    return frozenset(found)


def resolve_dates(doc: Document, numerals: Sequence[Figure], published_on: date | None) -> None:
    """Fills `period_start` and `period_end` of every date row that can be resolved; hours take their day's
    date.
    """
    folded = doc.folded
    starts = [part.start for part in doc.paragraphs]
    now = this_year(folded, numerals, published_on)
    near, near_paragraph = published_on, -1
    last_any: date | None = published_on
    for row in numerals:
        if row.cls != "date" and not (row.cls == "name" and _YEAR_NAME.fullmatch(folded, row.start, row.end)):
            continue
        paragraph = bisect_left(starts, row.end)
        if paragraph != near_paragraph:
            near, near_paragraph = published_on or last_any, paragraph
        quote = folded[row.start : row.end]
        shift = _YEAR_BESIDE.search(folded, max(0, row.start - 3), row.start)
        if shift and now:  # 去年下半年, 今年3月
            near = date(now + _SHIFTS[shift[0][0]], published_on.month if published_on else 12, 1)
        if row.period_start is None and row.rule != "era":
            is_ahead = _BEFORE.match(folded, row.end) is not None
            if is_hours_only(quote):
                period = (near, near) if near else None
            else:
                period = resolve(quote, near, is_ahead=is_ahead, published_on=published_on)
            if period:
                row.period_start, row.period_end = period
        if row.period_end is not None and row.cls == "date" and not is_hours_only(quote):
            near = last_any = row.period_start if row.period_start == row.period_end else row.period_end
            if _is_whole_year(row) and published_on and near and near.year == published_on.year:
                near = published_on


def _is_whole_year(row: Figure) -> bool:
    first, last = row.period_start, row.period_end
    return bool(first and last and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31))


def govern(
    doc: Document,
    numerals: Sequence[Figure],
    titles: Sequence[Span],
    published_on: date | None,
    sides: Mapping[int, str],
    *,
    wholes: Mapping[int, Figure],
    spans: frozenset[int] = frozenset(),
) -> None:
    """Fills the period and `as_of` of every figure from the date that governs it; the dates are resolved
    already.

    `sides` says by its start whether a figure is the "from" or the "to" of a change (由…增加到…): over a span
    of years the first belongs to the year before the span, the second to its last year. `wholes` gives by its
    start the figure that a part (新增病例中，…) was counted in, whose period it shares where its sentence names none.
    """
    events = _events(doc, numerals, titles, published_on, spans)
    headings = {span.start for span in doc.headings}
    figures = [row for row in numerals if row.is_figure or row.cls == "ordinal"]
    at_event = at_figure = at_sentence = 0
    section: _Event | None = None
    base: _Event | None = None
    bulletin: _Event | None = None
    annual = _year_of_all(events)
    for part in doc.paragraphs:
        while at_event < len(events) and events[at_event].start < part.start:
            at_event += 1
        first_event, first_figure = at_event, at_figure
        if not continues(doc.folded, part.start):
            base = None
        local: _Event | None = None
        local_end = -1
        while at_figure < len(figures) and figures[at_figure].start < part.end:
            figure = figures[at_figure]
            at_figure += 1
            while at_event < len(events) and events[at_event].end <= figure.start:
                event = events[at_event]
                at_event += 1
                if event.scope == "paragraph" or _opens(doc.folded, event, part, figures, at_figure - 1):
                    base, local = event, None
                    section = event if _opens_section(event, part) else section
                    bulletin = event if event.has_hours else bulletin
                    continue
                local = event
                if event.scope == "clause":
                    local_end = _mark_after(doc.folded, event.end, part.end)
                else:
                    while at_sentence < len(doc.sentences) and doc.sentences[at_sentence].end <= event.start:
                        at_sentence += 1
                    local_end = doc.sentences[at_sentence].end if at_sentence < len(doc.sentences) else part.end
                    if event.role == "before":  # a deadline is of its item: 6月底前全部退出；通过223个站点…
                        local_end = _mark_after(doc.folded, event.end, local_end, _ITEM_END)
            if local is not None and figure.start >= local_end:
                local = None
            governing = local or base or section or bulletin or annual
            whole = wholes.get(figure.start) if local is None else None
            if whole is not None and whole.period_end is not None:
                figure.period_start, figure.period_end, figure.as_of = (
                    whole.period_start,
                    whole.period_end,
                    whole.as_of,
                )
            elif governing is not None and figure.period_end is None:
                _apply(figure, governing, published_on)
                side = sides.get(figure.start)
                if side:
                    _take_side(figure, governing, side)
                    if side == "from" and governing is local and governing.scope == "clause":
                        local = None
        for event in _until(events, at_event, part.end):
            if event.scope == "paragraph" or event.start - part.start <= 16:
                base = event
                section = event if _opens_section(event, part) else section
        if part.start in headings:
            dated = [
                event for event in _until(events, first_event, part.end) if _may_head(event, at_figure > first_figure)
            ]
            section = dated[0] if dated else section
    _lead_figures(figures, events)


def _year_of_all(events: Sequence[_Event]) -> _Event | None:
    """The year that a text of no other date speaks of: the one that more than half of its years are, told at least
    twice; None where there is none.
    """
    told = [event.period for event in events if event.is_year and event.role == "within"]
    years = Counter(first.year for first, last in told if (first, last) == whole_year(first.year))
    year, count = max(years.items(), key=lambda item: item[1], default=(0, 0))
    if count < 2 or 2 * count <= years.total():
        return None
    return _Event(0, 0, whole_year(year), "within", "paragraph", is_year=True)


def _opens_section(event: _Event, part: Span) -> bool:
    """Whether a paragraph opens with the years of a plan or a term (“十四五”时期…), of which the next ones speak."""
    return event.start - part.start <= 2 and event.period[1].year - event.period[0].year == 4  # five years


def _opens(folded: str, event: _Event, part: Span, figures: Sequence[Figure], index: int) -> bool:
    """Whether the date stands at the head of its paragraph, before any figure of it."""
    before = figures[index - 1].start if index else -1
    if event.scope != "sentence" or event.role == "before" or event.start - part.start > 16 or before >= part.start:
        return False
    return _SENTENCE_END.search(folded, part.start, event.start) is None


def _until(events: Sequence[_Event], index: int, end: int) -> list[_Event]:
    found = []
    while index < len(events) and events[index].start < end:
        found.append(events[index])
        index += 1
    return found


def _may_head(event: _Event, has_figures: bool) -> bool:
    """A heading's year, half or quarter covers its section; a day only where the heading reports figures
    itself.
    """
    return event.role in ("within", "as_of") and (event.period[0] != event.period[1] or has_figures)


def _mark_after(folded: str, start: int, end: int, mark: re.Pattern[str] = _CLAUSE_MARK) -> int:
    match = mark.search(folded, start, end)
    return match.start() if match else end


def _lead_figures(figures: Sequence[Figure], events: Sequence[_Event]) -> None:
    """Figures of a headline, before any date, speak of the first day that the text names."""
    days = [event for event in events if event.role in ("within", "as_of") and event.period[0] == event.period[1]]
    if not days:
        return
    first = days[0]
    for figure in figures:
        if figure.start >= first.start or first.start - figure.start > 120:
            break
        if figure.period_end is None:
            _apply(figure, first, None)


def _take_side(figure: Figure, event: _Event, side: str) -> None:
    first, last = event.period
    if event.role == "within" and first.year < last.year and (first.month, last.month) == (1, 12):
        before = first.year if event.is_year else first.year - 1  # 从1978年到1982年; 这五年
        figure.period_start, figure.period_end = whole_year(before if side == "from" else last.year)


def _apply(figure: Figure, event: _Event, published_on: date | None) -> None:
    first, last = event.period
    is_stock = "cumulative" in figure.modifiers or "current" in figure.modifiers
    if event.role == "within":
        figure.period_start, figure.period_end = first, last
        if is_stock:
            figure.as_of = last
            figure.period_start = None if first == last else first  # of one day a stock is what there was at its end
    elif event.role == "since":
        figure.period_start, figure.period_end, figure.as_of = first, published_on, published_on
        if published_on is not None and published_on < first:
            figure.period_end, figure.as_of = last, None
    elif event.role == "before":
        figure.period_end = last
    elif event.scope == "sentence" and (last.month, last.day) == (12, 31) and _FLOW.search(fold(figure.indicator_text)):
        figure.period_start, figure.period_end = whole_year(last.year)
    else:
        figure.as_of = figure.period_end = last


def _events(
    doc: Document,
    numerals: Sequence[Figure],
    titles: Sequence[Span],
    published_on: date | None,
    spans: frozenset[int],
) -> list[_Event]:
    """Every expression that governs, in order: date rows and words of time, ranges joined into one."""
    folded = doc.folded
    inside = [title.start for title in titles]
    spots: list[tuple[int, int, Figure | None]] = [
        (row.start, row.end, row) for row in numerals if row.cls == "date" and row.period_end is not None
    ]
    spots += [(match.start(), match.end(), None) for match in _WORDS.finditer(folded)]
    spots += [
        (row.start, row.end, row)
        for row in numerals
        if (
            row.cls == "other"
            and folded[row.end - 1] == "年"
            and (_SPAN_ENDS.match(folded, row.end) or folded.startswith(_SPAN_LEADS, row.start - 2))
        )
        or row.start in spans
    ]
    spots.sort(key=lambda spot: spot[0])
    events: list[_Event] = []
    base = published_on.year if published_on else year_told(numerals)
    now = this_year(folded, numerals, published_on)
    year, year_at = base, -_NEAR
    for start, end, row in spots:
        at = bisect_left(inside, end) - 1
        if at >= 0 and titles[at].end >= end:
            continue
        if events and start < events[-1].end:
            continue
        if row is not None and (row.cls == "other" or row.start in spans):
            lead = folded[max(0, start - 3) : start]
            event = _stretch(row, lead, year if start - year_at < _NEAR else base, published_on, now)
        elif row is not None:
            event = _dated(folded, row, events)
            if event is not None and event.is_year:
                year, year_at = event.period[1].year, end
        else:
            at_year = now if now is not None and _FROM_NOW.match(folded, start) else year
            event = _worded(folded, start, end, events, year=at_year, published_on=published_on)
        if event is not None:
            events.append(event)
    return events


def _dated(folded: str, row: Figure, events: list[_Event]) -> _Event | None:
    first, last = row.period_start, row.period_end
    if first is None or last is None:
        return None
    before = folded[max(0, row.start - 6) : row.start]
    if is_hours_only(folded[row.start : row.end]):
        if events and _HOURS_BESIDE.fullmatch(folded, events[-1].end, row.start):
            events[-1].end, events[-1].scope, events[-1].has_hours = row.end, "paragraph", True
        return None
    if events and events[-1].role in ("within", "as_of") and _JOINS.fullmatch(folded, events[-1].end, row.start):
        earlier = events.pop()
        if earlier.period[0] <= last:
            period = (earlier.period[0], last)
            return _Event(earlier.start, row.end, period, "within", earlier.scope, is_year=True)
    if _COMPARED.search(before) or _SPOKEN.search(before):
        return None
    if _COMPARED_TO.search(before) and _TIMES.match(folded, row.end):
        return None
    role, scope = "within", "sentence"
    quote_end = folded[row.end - 1]
    is_year = _is_whole_year(row)
    if _SINCE.match(folded, row.end):
        role = "since"
    elif _BEFORE.match(folded, row.end):
        role = "before"
    elif _AS_OF.search(before) and before[-1] in "至止到" and ("截" in before or _ENDS_AS_OF.match(folded, row.end)):
        role, scope = "as_of", "paragraph"
    elif _ENDS_AS_OF.match(folded, row.end) or quote_end in "底末":
        role = "as_of"
    return _Event(row.start, row.end, (first, last), role, scope, is_year)


def _stretch(row: Figure, lead: str, year: int | None, published_on: date | None, now: int | None) -> _Event | None:
    """这两年中, 五年来: as many years, up to the last one named, or the last that was whole when the report
    came out; 今后五年: as many from the report's own on.
    """
    if row.value is None or row.value.denominator != 1 or not 1 <= row.value <= 100:
        return None
    count = int(row.value)
    if lead.endswith(("今后", "未来")) and now is not None:
        period = (date(now, 1, 1), date(min(now + count - 1, 9999), 12, 31))
        return _Event(row.start, row.end, period, "within", "sentence")
    is_early = published_on is not None and published_on.month <= 4
    is_past = lead.endswith("过去")
    if now is not None and (year is None or year > now or (year == now and (is_early or is_past))):
        year = now - 1
    if year is None or year < count:
        return None
    return _Event(row.start, row.end, (date(year - count + 1, 1, 1), date(year, 12, 31)), "within", "sentence")


def _worded(
    folded: str,
    start: int,
    end: int,
    events: list[_Event],
    *,
    year: int | None,
    published_on: date | None,
) -> _Event | None:
    word = folded[start:end]
    if "五" in word:
        period = plan_period(word)
        role = "as_of" if word[-1] == "末" else "since" if word.endswith("以来") else "within"
        return _Event(start, end, (period[1], period[1]) if role == "as_of" else period, role, "sentence")
    if _COMPARED.search(folded[max(0, start - 3) : start]) or folded[end : end + 2] == "同期":
        return None
    if word in _NOW or word.startswith("截至"):
        day = published_on or _last_day(events)
        return _Event(start, end, (day, day), "as_of", "paragraph" if word[0] == "截" else "sentence") if day else None
    if word in _DAYS_AFTER:
        if events and events[-1].end == start:
            return None  # 2日当天
        last = _last_day(events)
        day = last + timedelta(days=_DAYS_AFTER[word]) if last else None
        scope = "sentence" if folded[end : end + 1] in (",", "，") else "clause"
        return _Event(start, end, (day, day), "within", scope) if day else None
    if word in _DAYS_FROM_TODAY:
        day = published_on + timedelta(days=_DAYS_FROM_TODAY[word]) if published_on else None
        if day and _AS_OF.search(folded[max(0, start - 3) : start]) and "截" in folded[max(0, start - 3) : start]:
            return _Event(start, end, (day, day), "as_of", "paragraph")
        if _MADE_KNOWN.match(folded, end):
            return None
        return _Event(start, end, (day, day), "within", "sentence") if day else None
    if year is None:
        return None
    if word in ("上月", "本月", "当月"):
        if published_on is None:
            return None
        back = 1 if word == "上月" else 0
        at_year, at_month = divmod(published_on.year * 12 + published_on.month - 1 - back, 12)
        return _Event(start, end, whole_month(at_year, at_month + 1), "within", "sentence")
    shift = {"去年": -1, "上年": -1, "前年": -2, "明年": 1}.get(word[:2], 0)
    if not 1 <= year + shift <= 9999:
        return None
    if word == "年末":
        return _Event(start, end, (date(year, 12, 31), date(year, 12, 31)), "as_of", "sentence")
    period = part_of_year(year + shift, word) if "半年" in word or "季度" in word else whole_year(year + shift)
    role = "since" if word.endswith("以来") or _SINCE.match(folded, end) else "within"
    if folded[end : end + 1] in ("末", "底"):
        role, period = "as_of", (period[1], period[1])
    return _Event(start, end, period, role, "clause" if shift else "sentence")


def _last_day(events: Sequence[_Event]) -> date | None:
    """The last day named so far."""
    for event in reversed(events[-4:]):
        if event.period[0] == event.period[1] or event.role == "as_of":
            return event.period[1]
    return None


_PLAN = worded("<period.plan>")
_PLAN_REACH = 300  # characters: further on, a sentence speaks of something else


def plan_years(doc: Document, figures: Sequence[Figure], titles: Sequence[Span]) -> None:
    """A planned figure without a period takes the year of the plan that its sentence names (《2020年…计划》)."""
    starts = [figure.start for figure in figures]
    for title in titles:
        words = doc.folded[title.start : title.end]
        match = re.search(r"((?:19|20)\d{2})年", words)
        if not match or not _PLAN.search(words):
            continue
        at = bisect_right(doc.sentences, title.start, key=lambda span: span.start)
        end = min(doc.sentences[at - 1].end if at else title.end, title.end + _PLAN_REACH)
        for figure in figures[bisect_left(starts, title.end) : bisect_left(starts, end)]:
            if "planned" in figure.modifiers and figure.period_end is None:
                figure.period_start, figure.period_end = whole_year(int(match[1]))
