"""SVG charts of the evaluation, by the standard library alone. Equal figures give equal bytes."""

from __future__ import annotations

import math
from html import escape
from typing import Callable, NamedTuple, Optional, Sequence

INK, SOFT, GRID, OWN = "#1f2328", "#6e7781", "#d8dee4", "#0969da"
FONT = 'font-family="sans-serif" font-size="13"'


class Dot(NamedTuple):
    name: str
    mean: float
    low: float
    high: float
    label: str
    marked: bool  # drawn in colour


def text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = INK, size: int = 13) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">{escape(words)}</text>'
    )


def page(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" {FONT} '
        f'role="img"><title>{escape(title)}</title><rect width="100%" height="100%" fill="#ffffff"/>'
        + "".join(parts)
        + "</svg>\n"
    )


def ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten between the two; every multiple where those are few."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    found: list[float] = []
    for steps in ((1, 2, 5), range(1, 10)):
        every = [step * 10.0**power for power in range(first, last + 1) for step in steps]
        found = [tick for tick in every if low <= tick <= high]
        if len(found) > 2:
            break
    return found


def dots(title: str, axis: str, rows: Sequence[Dot]) -> str:
    """A dot at each mean and a line over its interval, on a logarithmic axis."""
    left, right, top, step = 130.0, 110.0, 44.0, 28.0
    width, bottom = 760.0, top + step * len(rows)
    low, high = min(row.low for row in rows) / 1.2, max(row.high for row in rows) * 1.2

    def x(value: float) -> float:
        return left + (width - left - right) * math.log(value / low) / math.log(high / low)

    parts = [text(12, 22, title, size=15)]
    for tick in ticks(low, high):
        parts.append(f'<path d="M{x(tick):.1f} {top - 6:.1f}V{bottom:.1f}" stroke="{GRID}"/>')
        parts.append(text(x(tick), bottom + 18, f"{tick:g}", anchor="middle", colour=SOFT))
    parts.append(text((left + width - right) / 2, bottom + 38, axis, anchor="middle", colour=SOFT))
    for place, row in enumerate(rows):
        y, colour = top + step * (place + 0.5), OWN if row.marked else INK
        parts.append(text(left - 12, y + 4, row.name, anchor="end", colour=colour))
        parts.append(f'<path d="M{x(row.low):.1f} {y:.1f}H{x(row.high):.1f}" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<circle cx="{x(row.mean):.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>')
        parts.append(text(width - right + 14, y + 4, row.label, colour=colour))
    return page(width, bottom + 50, title, parts)


def shade(share: float) -> str:
    """From nearly white to dark blue."""
    pale, dark = (240, 246, 252), (5, 80, 174)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(pale, dark))


def heat_map(
    title: str,
    columns: Sequence[str],
    rows: Sequence[str],
    value: Callable[[int, int], Optional[float]],
    names: tuple[str, str],
    *,
    logarithmic: bool,
) -> str:
    """A cell for each pair, the darker the greater; an empty one where there is no value."""
    cell, high, left, top = 84.0, 38.0, 110.0, 60.0
    values = [value(row, column) for row in range(len(rows)) for column in range(len(columns))]
    known = [one for one in values if one is not None]

    def scale(one: float) -> float:
        return math.log(one) if logarithmic else one

    low, most = (scale(min(known)), scale(max(known))) if known else (0.0, 0.0)
    parts = [text(12, 22, title, size=15)]
    parts += [text(left + cell * (i + 0.5), top - 8, name, anchor="middle", colour=SOFT) for i, name in enumerate(columns)]
    parts += [text(left - 10, top + high * (i + 0.65), name, anchor="end", colour=SOFT) for i, name in enumerate(rows)]
    for i, one in enumerate(values):
        x, y = left + cell * (i % len(columns)), top + high * (i // len(columns))
        share = 0.0 if one is None or most == low else (scale(one) - low) / (most - low)
        fill = "#ffffff" if one is None else shade(share)
        parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{cell}" height="{high}" fill="{fill}" stroke="{GRID}"/>')
        words = "never" if one is None else f"{one:.3g}"
        parts.append(text(x + cell / 2, y + 24, words, anchor="middle", colour="#ffffff" if share > 0.55 else INK))
    width, bottom = left + cell * len(columns) + 20, top + high * len(rows)
    parts.append(text(left, bottom + 24, f"columns: {names[0]}, rows: {names[1]}", colour=SOFT))
    return page(max(width, 520), bottom + 40, title, parts)
