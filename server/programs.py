"""By which program somebody is logged in, in two words of a fixed list: enough to know her own sessions.

What a browser says of itself (versions, models) is neither kept nor logged.
"""

from __future__ import annotations

from typing import Final

PROGRAMS: Final = (  # the first that fits: many say that they are others too
    ("vigie", "vigie"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def described(user_agent: str) -> str:
    """Like `Firefox, Windows`; one of the two, or nothing, where the other is not of the list."""
    found = (
        next((name for sign, name in known if sign in user_agent), None) for known in (PROGRAMS, SYSTEMS)
    )
    return ", ".join(name for name in found if name)
