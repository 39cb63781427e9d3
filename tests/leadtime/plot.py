"""Plots as SVG, without a plotting library: lines over two straight axes, a legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 40, 56
COLOURS = ("#0b5cad", "#c2410c", "#15803d", "#6b21a8", "#6b7280")


@dataclass(frozen=True, slots=True)
class Line:
    """One curve; `dots` are drawn at its points, `dashed` for what is only compared with."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    dots: bool = False
    dashed: bool = False


def svg(
    title: str,
    axes: tuple[str, str],
    ranges: tuple[tuple[float, float], tuple[float, float]],
    ticks: tuple[Sequence[float], Sequence[float]],
    lines: Sequence[Line],
) -> str:
    """The picture's text."""
    (x_low, x_high), (y_low, y_high) = ranges

    def across(value: float) -> float:
        return LEFT + (value - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - (value - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)

    view = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
    made = [
        f'<svg {view} font-family="sans-serif" font-size="13"><title>{escape(title)}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="15">{escape(title)}</text>',
    ]
    for tick in ticks[0]:
        made.append(f'<path d="M{across(tick):.1f} {up(y_low):.1f}V{up(y_high):.1f}" stroke="#e5e7eb"/>')
        made.append(
            f'<text x="{across(tick):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{tick:g}</text>'
        )
    for tick in ticks[1]:
        made.append(f'<path d="M{across(x_low):.1f} {up(tick):.1f}H{across(x_high):.1f}" stroke="#e5e7eb"/>')
        made.append(f'<text x="{LEFT - 8}" y="{up(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>')
    made += [
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 14}" text-anchor="middle">{escape(axes[0])}</text>',
        f'<g transform="translate(16 {HEIGHT / 2}) rotate(-90)">',
        f'<text text-anchor="middle">{escape(axes[1])}</text></g>',
    ]
    for place, line in enumerate(lines):
        colour = COLOURS[place % len(COLOURS)]
        points = [(across(x), up(y)) for x, y in zip(line.x, line.y, strict=True)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        dash = ' stroke-dasharray="5 4"' if line.dashed else ""
        made.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        if line.dots:
            made += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        at = TOP + 14 + 19 * place
        made.append(f'<path d="M{LEFT + 12} {at - 4}h24" stroke="{colour}" stroke-width="2"{dash}/>')
        made.append(f'<text x="{LEFT + 42}" y="{at}">{escape(line.name)}</text>')
    return "\n".join([*made, "</svg>", ""])
