"""Small pictures as inline SVG: no script draws them, no style attribute is needed, positions come from exact numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup, escape

from flows.show.numbers import exact, grouped
from flows.show.views import VERDICTS, CheckView

_WIDTH, _LEFT, _RIGHT = 400, 58, 386
_STATED_Y, _COMPUTED_Y, _AXIS_Y = 24, 54, 76


@dataclass(frozen=True, slots=True)
class _Bar:
    """One interval on the line; None is unbounded."""

    low: Fraction | None
    high: Fraction | None

    @property
    def ends(self) -> list[Fraction]:
        return [end for end in (self.low, self.high) if end is not None]


def _x(value: Fraction, low: Fraction, high: Fraction) -> str:
    """Where `value` stands, as text with one decimal."""
    tenths = round((_LEFT + (value - low) / (high - low) * (_RIGHT - _LEFT)) * 10)
    return f"{tenths // 10}.{tenths % 10}"


def number_line(check: CheckView) -> Markup:
    """What the text states and what its figures give, as two bars on one scale, with the gap between them.

    Empty where either has no bound at all.
    """
    stated = _Bar(exact(check.stated_low), exact(check.stated_high))
    computed = _Bar(exact(check.computed_low), exact(check.computed_high))
    ends = stated.ends + computed.ends
    if not stated.ends or not computed.ends:
        return Markup("")
    spread = max(ends) - min(ends)
    margin = spread * Fraction(1, 5) if spread else max(abs(max(ends)) / 10, Fraction(1))
    low, high = min(ends) - margin, max(ends) + margin
    parts = [
        f'<svg class="line {check.verdict}" viewBox="0 0 {_WIDTH} 96" role="img" '
        f'aria-label="{escape(_spoken(check))}" preserveAspectRatio="xMidYMid meet">',
        f'<line class="axis" x1="{_LEFT}" x2="{_RIGHT}" y1="{_AXIS_Y}" y2="{_AXIS_Y}"/>',
    ]
    parts.extend(_gap(stated, computed, low, high))
    for bar, y, key, words in ((stated, _STATED_Y, "stated", "文中"), (computed, _COMPUTED_Y, "computed", "算得")):
        parts.append(f'<text class="who" x="0" y="{y + 4}" data-t="{key}">{words}</text>')
        parts.extend(_drawn(bar, y, key, low, high))
    parts.extend(_ticks(ends, low, high))
    parts.append("</svg>")
    return Markup("".join(parts))  # numbers of ours, and escaped text


def _drawn(bar: _Bar, y: int, key: str, low: Fraction, high: Fraction) -> list[str]:
    left = str(_LEFT) if bar.low is None else _x(bar.low, low, high)
    right = str(_RIGHT) if bar.high is None else _x(bar.high, low, high)
    if left == right:
        at = Fraction(left)
        points = f"{float(at):.1f},{y - 7} {float(at + 7):.1f},{y} {float(at):.1f},{y + 7} {float(at - 7):.1f},{y}"
        return [f'<polygon class="{key}" points="{points}"/>']
    parts = [f'<line class="{key} bar" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>']
    for end, at, arrow in ((bar.low, left, -8), (bar.high, right, 8)):
        if end is None:
            tip = Fraction(at) + Fraction(arrow, 2)
            back = Fraction(at) - Fraction(arrow, 2)
            points = f"{float(tip):.1f},{y} {float(back):.1f},{y - 6} {float(back):.1f},{y + 6}"
            parts.append(f'<polygon class="{key}" points="{points}"/>')
        else:
            parts.append(f'<line class="{key} end" x1="{at}" x2="{at}" y1="{y - 7}" y2="{y + 7}"/>')
    return parts


def _gap(stated: _Bar, computed: _Bar, low: Fraction, high: Fraction) -> list[str]:
    """The stretch that keeps the two apart, where there is one."""
    for left, right in ((stated.high, computed.low), (computed.high, stated.low)):
        if left is not None and right is not None and left < right:
            x1, x2 = _x(left, low, high), _x(right, low, high)
            middle = float((Fraction(x1) + Fraction(x2)) / 2)
            return [
                f'<rect class="gap" x="{x1}" y="12" width="{float(Fraction(x2) - Fraction(x1)):.1f}" height="{_AXIS_Y - 12}"/>',
                f'<text class="gap" x="{middle:.1f}" y="9" text-anchor="middle">Δ {grouped(str(right - left), 4)}</text>',
            ]
    return []


def _ticks(ends: Sequence[Fraction], low: Fraction, high: Fraction) -> list[str]:
    """The ends, named beneath the axis; those too near the last one named are left out."""
    parts: list[str] = []
    last = Fraction(-1000)
    for end in sorted(set(ends)):
        label = grouped(str(end), 4)
        at = Fraction(_x(end, low, high))
        parts.append(f'<line class="axis" x1="{float(at):.1f}" x2="{float(at):.1f}" y1="{_AXIS_Y}" y2="{_AXIS_Y + 4}"/>')
        half = Fraction(len(label) * 33, 10)
        if at - half > last + 6 or not parts[:-1]:
            middle = min(max(at, half), _WIDTH - half)
            parts.append(f'<text x="{float(middle):.1f}" y="{_AXIS_Y + 17}" text-anchor="middle">{label}</text>')
            last = middle + half
    return parts


def _spoken(check: CheckView) -> str:
    def words(low: str, high: str) -> str:
        if low == high:
            return grouped(low)
        return f"{grouped(low) or '−∞'} – {grouped(high) or '∞'}"

    return (
        f"文中 {words(check.stated_low, check.stated_high)}; 算得 {words(check.computed_low, check.computed_high)}"
    )


def verdict_bar(counts: Mapping[str, int], *, width: int = 240, height: int = 10) -> Markup:
    """Verdicts as one bar in parts; an empty frame where there are none."""
    total = sum(counts.values())
    said = ", ".join(f"{verdict.replace('_', ' ')} {counts.get(verdict, 0)}" for verdict in VERDICTS)
    parts = [
        f'<svg class="verdicts" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img" aria-label="{said}">',
        f'<rect class="frame" width="{width}" height="{height}"/>',
    ]
    shown = [verdict for verdict in VERDICTS if counts.get(verdict)]
    # A verdict that is there is seen: at least three units wide, the rest shares what is left.
    room = width - 3 * len(shown)
    x = Fraction(0)
    for verdict in shown:
        wide = 3 + Fraction(counts[verdict] * room, total)
        parts.append(f'<rect class="{verdict}" x="{float(x):.2f}" width="{float(wide):.2f}" height="{height}"/>')
        x += wide
    parts.append("</svg>")
    return Markup("".join(parts))


def over_time(days: Sequence[tuple[str, Mapping[str, int]]]) -> Markup:
    """Verdicts by day, oldest first, as stacked columns: broken ones stand at the bottom, where they line up."""
    if not days:
        return Markup("")
    width, height, floor = 640, 150, 124
    most = max(max(sum(counts.values()) for _, counts in days), 1)
    slot = Fraction(width, max(len(days), 6))
    wide = slot * Fraction(7, 10) if slot < 30 else Fraction(26)
    parts = [
        f'<svg class="columns" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(days[0][0])} – {escape(days[-1][0])}">',
        f'<line class="axis" x1="0" x2="{width}" y1="{floor}" y2="{floor}"/>',
        f'<text x="0" y="10">{most}</text>',
    ]
    for place, (day, counts) in enumerate(days):
        x = slot * place + (slot - wide) / 2
        y = Fraction(floor)
        said = ", ".join(f"{verdict.replace('_', ' ')} {counts[verdict]}" for verdict in VERDICTS if counts.get(verdict))
        parts.append(f"<g><title>{escape(day)}: {said}</title>")
        for verdict in VERDICTS:
            if counts.get(verdict):
                tall = max(Fraction(counts[verdict] * (floor - 16), most), Fraction(2))
                y -= tall
                parts.append(
                    f'<rect class="{verdict}" x="{float(x):.1f}" y="{float(y):.1f}" width="{float(wide):.1f}" height="{float(tall):.1f}"/>'
                )
        parts.append("</g>")
        if place in (0, len(days) - 1) and (place == 0 or len(days) > 3):
            anchor, at = ("start", x) if place == 0 else ("end", x + wide)
            parts.append(f'<text x="{float(at):.1f}" y="{floor + 16}" text-anchor="{anchor}">{escape(day)}</text>')
    parts.append("</svg>")
    return Markup("".join(parts))


def ring(part: int, whole: int) -> Markup:
    """A share as a ring; its number is said beside it."""
    share = Fraction(part, whole) if whole else Fraction(0)
    around = Fraction(2 * 355, 113) * 20
    drawn = share * around
    return Markup(
        '<svg class="ring" viewBox="0 0 48 48" aria-hidden="true"><circle class="frame" cx="24" cy="24" r="20"/>'
        f'<circle class="part" cx="24" cy="24" r="20" stroke-dasharray="{float(drawn):.2f} {float(around):.2f}" '
        'transform="rotate(-90 24 24)"/></svg>'
    )
