"""Small pictures as inline SVG: no script draws them, they need no style attribute, the places are exact."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from flows.show.marking import markup
from flows.show.numbers import exact
from flows.show.views import VERDICTS


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


@lru_cache(maxsize=1_024)  # of most reports it is the same whole ring
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
