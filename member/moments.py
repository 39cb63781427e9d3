"""The network's times of day, as it writes them."""

from __future__ import annotations

from datetime import datetime


def unix_of(moment: str | None) -> int:
    """Unix seconds of an ISO 8601 text; 0 where the network said nothing."""
    return int(datetime.fromisoformat(moment).timestamp()) if moment else 0
