"""Small pictures as inline SVG: no script draws them, they need no style attribute, the places are exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from markupsafe import Markup, escape

from flows.show.marking import markup
from flows.show.numbers import exact, grouped
from flows.show.views import VERDICTS, CheckView

_WIDTH, _LEFT, _RIGHT = 400, 66, 386
_STATED_Y, _COMPUTED_Y, _AXIS_Y = 24, 54, 76


@dataclass(frozen=True, slots=True)
class _Bar:
    """One interval on the line; None is unbounded."""

    low: Fraction | None
    high: Fraction | None

    @property
    def ends(self) -> list[Fraction]:
        return [end for end in (self.low, self.high) if end is not None]


def _tag(name: str, words: str = "", **attributes: object) -> str:
    """An SVG element; `words` is its escaped content, numbers are written with two decimals at most."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_coordinate(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{said}>{words}</{name}>"


def _coordinate(value: object) -> object:
    return f"{float(value):.2f}".rstrip("0").rstrip(".") if isinstance(value, Fraction | float) else value


def _picture(parts: Sequence[str], width: int, height: int, **attributes: object) -> Markup:
    return markup(_tag("svg", "".join(parts), viewBox=f"0 0 {width} {height}", **attributes))


def number_line(check: CheckView) -> Markup:
    """What the text states and what its figures give, as two bars on one scale, with the gap between them.

    Empty where either has no bound at all, and where both are one value: the arithmetic says that better.
    """
    stated = _Bar(exact(check.stated_low), exact(check.stated_high))
    computed = _Bar(exact(check.computed_low), exact(check.computed_high))
    ends = stated.ends + computed.ends
    if not stated.ends or not computed.ends:
        return Markup("")
    if len({stated.low, stated.high, computed.low, computed.high}) == 1:
        return Markup("")
    margin = (max(ends) - min(ends)) / 5 or max(abs(ends[0]) / 10, Fraction(1))
    low, high = min(ends) - margin, max(ends) + margin

    def x(value: Fraction) -> Fraction:
        return _LEFT + (value - low) / (high - low) * (_RIGHT - _LEFT)

    parts = [_tag("line", class_="axis", x1=_LEFT, x2=_RIGHT, y1=_AXIS_Y, y2=_AXIS_Y)]
    for left, right in ((stated.high, computed.low), (computed.high, stated.low)):
        if left is not None and right is not None and left < right:
            parts.extend(_gap(right - left, x(left), x(right)))
    for bar, y, key, words in (
        (stated, _STATED_Y, "stated", "文中"),
        (computed, _COMPUTED_Y, "computed", "算得"),
    ):
        parts.append(_tag("text", words, class_="who", x=0, y=y + 4, data_t=key))
        low_x = None if bar.low is None else x(bar.low)
        high_x = None if bar.high is None else x(bar.high)
        parts.extend(_drawn(low_x, high_x, y, key))
    parts.extend(_ticks([(end, x(end)) for end in sorted(set(ends))]))
    return _picture(parts, _WIDTH, 96, class_=f"line {check.verdict}", role="img", aria_label=_spoken(check))


def _drawn(low: Fraction | None, high: Fraction | None, y: int, key: str) -> list[str]:
    """A bar from `low` to `high`: a diamond for one value, an arrow where there is no bound."""
    if low is not None and low == high:
        return [_shape(key, (low, y - 7), (low + 7, y), (low, y + 7), (low - 7, y))]
    left = Fraction(_LEFT) if low is None else low
    right = Fraction(_RIGHT) if high is None else high
    parts = [_tag("line", class_=f"{key} bar", x1=left, x2=right, y1=y, y2=y)]
    for end, at, tip in ((low, left, -4), (high, right, 4)):
        if end is None:
            parts.append(_shape(key, (at + tip, y), (at - tip, y - 6), (at - tip, y + 6)))
        else:
            parts.append(_tag("line", class_=f"{key} end", x1=at, x2=at, y1=y - 7, y2=y + 7))
    return parts


def _shape(key: str, *corners: tuple[Fraction, int]) -> str:
    return _tag("polygon", class_=key, points=" ".join(f"{_coordinate(x)},{y}" for x, y in corners))


def _gap(size: Fraction, left: Fraction, right: Fraction) -> list[str]:
    """The stretch that keeps the two apart."""
    return [
        _tag("rect", class_="gap", x=left, y=12, width=right - left, height=_AXIS_Y - 12),
        _tag(
            "text",
            f"Δ {grouped(str(size), 4)}",
            class_="gap",
            x=(left + right) / 2,
            y=9,
            text_anchor="middle",
        ),
    ]


def _ticks(ends: Sequence[tuple[Fraction, Fraction]]) -> list[str]:
    """The ends, named beneath the axis; one too near the last named is left out."""
    parts: list[str] = []
    last = Fraction(-1000)
    for end, at in ends:
        label = grouped(str(end), 4)
        half = Fraction(len(label) * 33, 10)
        parts.append(_tag("line", class_="axis", x1=at, x2=at, y1=_AXIS_Y, y2=_AXIS_Y + 4))
        if at - half > last + 6:
            middle = min(max(at, half), _WIDTH - half)
            parts.append(_tag("text", label, x=middle, y=_AXIS_Y + 17, text_anchor="middle"))
            last = middle + half
    return parts


def _spoken(check: CheckView) -> str:
    def words(low: str, high: str) -> str:
        return grouped(low) if low == high else f"{grouped(low) or '−∞'} – {grouped(high) or '∞'}"

    stated = words(check.stated_low, check.stated_high)
    return f"文中 stated {stated}; 算得 computed {words(check.computed_low, check.computed_high)}"


def _said(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{verdict.replace('_', ' ')} {counts.get(verdict, 0)}" for verdict in VERDICTS)


def verdict_bar(counts: Mapping[str, int], *, width: int = 240, height: int = 10) -> Markup:
    """Verdicts as one bar in parts; an empty frame where there are none.

    A verdict that is there is seen: at least three units wide; the rest shares what is left.
    """
    total = sum(counts.values())
    shown = [verdict for verdict in VERDICTS if counts.get(verdict)]
    parts = [_tag("rect", class_="frame", width=width, height=height)]
    x = Fraction(0)
    for verdict in shown:
        wide = 3 + Fraction(counts[verdict] * (width - 3 * len(shown)), total)
        parts.append(_tag("rect", class_=verdict, x=x, width=wide, height=height))
        x += wide
    return _picture(
        parts,
        width,
        height,
        class_="verdicts",
        preserveAspectRatio="none",
        role="img",
        aria_label=_said(counts),
    )


def over_time(days: Sequence[tuple[str, Mapping[str, int]]]) -> Markup:
    """Verdicts by day, oldest first, as columns: holds at the bottom, broken on top, where they are seen."""
    if not days:
        return Markup("")
    width, height, floor = 640, 150, 124
    most = max(1, *(sum(counts.values()) for _, counts in days))
    slot = Fraction(width, max(len(days), 6))
    wide = min(slot * Fraction(7, 10), Fraction(26))
    parts = [
        _tag("line", class_="axis", x1=0, x2=width, y1=floor, y2=floor),
        _tag("text", f"{most:,}", x=0, y=10),
    ]
    for place, (day, counts) in enumerate(days):
        x = slot * place + (slot - wide) / 2
        y = Fraction(floor)
        column = [_tag("title", str(escape(f"{day}: {_said(counts)}")))]
        for verdict in reversed(VERDICTS):
            if counts.get(verdict):
                tall = max(Fraction(counts[verdict] * (floor - 20), most), Fraction(2))
                y -= tall
                column.append(_tag("rect", class_=verdict, x=x, y=y, width=wide, height=tall))
        parts.append(_tag("g", "".join(column)))
        if place == 0 or (place == len(days) - 1 and len(days) > 3):
            anchor, at = ("start", x) if place == 0 else ("end", x + wide)
            parts.append(_tag("text", str(escape(day)), x=at, y=floor + 16, text_anchor=anchor))
    said = f"{days[0][0]} – {days[-1][0]}"
    return _picture(parts, width, height, class_="columns", role="img", aria_label=said)


def ratio(part: str, whole: str) -> Markup:
    """A part of its whole as a filled bar; the numbers are said beside it. Empty where it is no part of it."""
    shown, full = exact(part), exact(whole)
    if shown is None or not full or not 0 <= shown <= full:
        return Markup("")
    bars = [
        _tag("rect", class_="frame", width=100, height=8),
        _tag("rect", class_="part", width=shown * 100 / full, height=8),
    ]
    return _picture(bars, 100, 8, class_="ratio", preserveAspectRatio="none", aria_hidden="true")


def ring(part: int, whole: int) -> Markup:
    """A share as a ring; its number is said beside it."""
    around = Fraction(2 * 355, 113) * 20
    drawn = _coordinate(around * part / whole if whole else Fraction(0))
    frame: dict[str, Any] = {"cx": 24, "cy": 24, "r": 20}
    dashes = f"{drawn} {_coordinate(around)}"
    turned = "rotate(-90 24 24)"
    arcs = [
        _tag("circle", class_="frame", **frame),
        _tag("circle", class_="part", stroke_dasharray=dashes, transform=turned, **frame),
    ]
    return _picture(arcs, 48, 48, class_="ring", aria_hidden="true")
