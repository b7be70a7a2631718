"""Small pictures as inline SVG: no script draws them, they need no style attribute, the places are exact."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any

from markupsafe import Markup, escape

from flows.show.marking import markup
from flows.show.numbers import exact, grouped
from flows.show.views import VERDICTS, CheckView

_WIDTH, _LEFT, _RIGHT = 400, 66, 386
_STATED_Y, _COMPUTED_Y, _AXIS_Y = 24, 54, 76


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
    return _line(check.verdict, check.stated_low, check.stated_high, check.computed_low, check.computed_high)


@lru_cache(maxsize=4_096)  # a relation stands on the page, in the mailed copy and among the findings
def _line(verdict: str, *bounds: str) -> Markup:
    if len(set(bounds)) == 1 or not any(bounds[:2]) or not any(bounds[2:]):  # told before anything is reckoned
        return Markup("")
    values = [exact(bound) for bound in bounds]
    if len(set(values)) == 1:
        return Markup("")
    at = _places(values)
    stated_low, stated_high, computed_low, computed_high = values
    parts = [f'<line class="axis" x1="{_LEFT}" x2="{_RIGHT}" y1="{_AXIS_Y}" y2="{_AXIS_Y}"></line>']
    for left, right, left_x, right_x in (
        (stated_high, computed_low, at[1], at[2]),
        (computed_high, stated_low, at[3], at[0]),
    ):
        if left is not None and right is not None and left < right:
            parts.append(_gap(right - left, left_x or 0.0, right_x or 0.0))
    for low_x, high_x, y, key, words in (
        (at[0], at[1], _STATED_Y, "stated", "文中"),
        (at[2], at[3], _COMPUTED_Y, "computed", "算得"),
    ):
        parts.append(f'<text class="who" x="0" y="{y + 4}" data-t="{key}">{words}</text>')
        parts.append(_diamond(key, low_x, y) if low_x is not None and low_x == high_x else _bar(key, low_x, high_x, y))
    named = {x: grouped(bound, 4) for bound, x in zip(bounds, at, strict=True) if x is not None}
    parts.append(_ticks([(named[x], x) for x in sorted(named)]))
    return _picture(parts, _WIDTH, 96, class_=f"line {verdict}", role="img", aria_label=_spoken(*bounds))


def _places(values: Sequence[Fraction | None]) -> list[float | None]:
    """Where each value stands on the line, a fifth of their span left free at both ends.

    Reckoned in whole numbers, tenths of the smallest part that all have in common, and divided once: exact, and quick.
    """
    there = [value for value in values if value is not None]
    parts = lcm(*(value.denominator for value in there))
    whole = [None if value is None else value.numerator * (10 * parts // value.denominator) for value in values]
    first, last = (end(tenths for tenths in whole if tenths is not None) for end in (min, max))
    margin = (last - first) // 5 or max(abs(first) // 10, 10 * parts)
    low, span = first - margin, last - first + 2 * margin
    return [None if tenths is None else (_LEFT * span + (_RIGHT - _LEFT) * (tenths - low)) / span for tenths in whole]


def _diamond(key: str, x: float, y: int) -> str:
    """One value."""
    return f'<polygon class="{key}" points="{x:.2f},{y - 7} {x + 7:.2f},{y} {x:.2f},{y + 7} {x - 7:.2f},{y}"></polygon>'


def _bar(key: str, low: float | None, high: float | None, y: int) -> str:
    """A bar from `low` to `high`, with an arrow where there is no bound."""
    left = _LEFT if low is None else low
    right = _RIGHT if high is None else high
    parts = [f'<line class="{key} bar" x1="{left:.2f}" x2="{right:.2f}" y1="{y}" y2="{y}"></line>']
    for end, x, tip in ((low, left, -4), (high, right, 4)):
        if end is None:
            points = f"{x + tip:.2f},{y} {x - tip:.2f},{y - 6} {x - tip:.2f},{y + 6}"
            parts.append(f'<polygon class="{key}" points="{points}"></polygon>')
        else:
            parts.append(f'<line class="{key} end" x1="{x:.2f}" x2="{x:.2f}" y1="{y - 7}" y2="{y + 7}"></line>')
    return "".join(parts)


def _gap(size: Fraction, left: float, right: float) -> str:
    """The stretch that keeps the two apart."""
    return (
        f'<rect class="gap" x="{left:.2f}" y="15" width="{right - left:.2f}" height="{_AXIS_Y - 15}"></rect>'
        f'<text class="gap" x="{(left + right) / 2:.2f}" y="11" text-anchor="middle">Δ {grouped(str(size), 4)}</text>'
    )


def _ticks(ends: Sequence[tuple[str, float]]) -> str:
    """The ends, named beneath the axis; one too near the last named is left out."""
    parts: list[str] = []
    last = -1000.0
    for label, at in ends:
        half = len(label) * 3.3
        parts.append(f'<line class="axis" x1="{at:.2f}" x2="{at:.2f}" y1="{_AXIS_Y}" y2="{_AXIS_Y + 4}"></line>')
        if at - half > last + 6:
            middle = min(max(at, half), _WIDTH - half)
            parts.append(f'<text x="{middle:.2f}" y="{_AXIS_Y + 17}" text-anchor="middle">{label}</text>')
            last = middle + half
    return "".join(parts)


def _spoken(stated_low: str, stated_high: str, computed_low: str, computed_high: str) -> str:
    def words(low: str, high: str) -> str:
        return grouped(low) if low == high else f"{grouped(low) or '−∞'} – {grouped(high) or '∞'}"

    return f"文中 stated {words(stated_low, stated_high)}; 算得 computed {words(computed_low, computed_high)}"


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
