"""The frontier as SVG: error against what the two strongest attackers gain.

Knows: rows of the frontier. Must not know: how they were measured.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

WIDTH: Final = 720
HEIGHT: Final = 440
EDGE: Final = 60
ALL_BUT_ONE: Final = "#1f5f8b"
SHAMS: Final = "#b3541e"


def plot(frontier: list[dict[str, Any]]) -> str:
    """A number a variant, a dot for all but one, a square for k - 1 shams."""
    errors = [one["worth"]["error_days_late"] for one in frontier]
    gains = [one[name][0] for one in frontier for name in ("all_but_one", "shams")]
    low, high, top = min(errors) - 0.2, max(errors) + 0.2, max(gains) * 1.05

    def at(error: float, gain: float) -> tuple[float, float]:
        across = EDGE + (error - low) / (high - low) * (WIDTH - 2 * EDGE)
        return across, HEIGHT - EDGE - gain / top * (HEIGHT - 2 * EDGE)

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            'font-family="sans-serif" font-size="12">'
        ),
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_axes(at, low, high, top),
        *_words(),
    ]
    for place, one in enumerate(frontier):
        error = one["worth"]["error_days_late"]
        x, y = at(error, one["all_but_one"][0])
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{ALL_BUT_ONE}"/>')
        parts.append(f'<text x="{x + 5:.1f}" y="{y + 11:.1f}" font-size="9">{place + 1}</text>')
        x, y = at(error, one["shams"][0])
        parts.append(f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{SHAMS}"/>')
        parts.append(f'<text x="{x + 5:.1f}" y="{y - 4:.1f}" font-size="9">{place + 1}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _words() -> list[str]:
    middle = HEIGHT / 2
    return [
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 14}" text-anchor="middle">mean error of days late, days</text>',
        (
            f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">'
            "gain within three days</text>"
        ),
        f'<circle cx="{WIDTH - 230}" cy="24" r="5" fill="{ALL_BUT_ONE}"/>',
        f'<text x="{WIDTH - 220}" y="28">all but one</text>',
        f'<rect x="{WIDTH - 130}" y="19" width="10" height="10" fill="{SHAMS}"/>',
        f'<text x="{WIDTH - 114}" y="28">k - 1 shams</text>',
    ]


def _axes(
    at: Callable[[float, float], tuple[float, float]], low: float, high: float, top: float
) -> list[str]:
    parts = []
    for half in range(int(low * 2) + 1, int(high * 2) + 1):
        x, y = at(half / 2, 0.0)
        parts.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{EDGE}" stroke="#eee"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 16:.1f}" text-anchor="middle">{half / 2:.1f}</text>')
    for step in range(int(top * 20) + 1):
        x, y = at(low, step / 20)
        parts.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{WIDTH - EDGE}" y2="{y:.1f}" stroke="#eee"/>')
        parts.append(f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{step / 20:.2f}</text>')
    return parts
