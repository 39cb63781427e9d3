"""The time: the only file of the server that reads it.

A production network lives in real time. A demo or a replay carries a business date that its operator
advances; sessions, challenges and limits keep real time there too.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

EPOCH = date(1970, 1, 1)


class Clock:
    """Real time, and the network's business date. All times are UTC."""

    def __init__(self, business: date | None = None) -> None:
        self.business = business  # None: business goes by real time

    def now(self) -> datetime:
        """Real time."""
        return datetime.now(UTC)

    def unix(self) -> int:
        """Real time, seconds since 1970."""
        return int(time.time())

    def milliseconds(self) -> int:
        """Real time, milliseconds since 1970: what is drawn at random is finer than a second."""
        return time.time_ns() // 1_000_000

    def ticks(self) -> float:
        """Seconds of a clock that never goes back, for measuring and for limits."""
        return time.monotonic()

    def today(self) -> date:
        """The business date."""
        return self.business or self.now().date()

    def received_at(self) -> datetime:
        """The business date at the real time of day, whole seconds: what receipts and windows go by."""
        now = self.now().replace(microsecond=0)
        return now if self.business is None else datetime.combine(self.business, now.timetz())


def moment(unix: int) -> datetime:
    """Seconds since 1970 as a UTC datetime."""
    return datetime.fromtimestamp(unix, UTC)


@lru_cache(maxsize=256)
def moment_text(unix: int) -> str:
    """Seconds since 1970 as ISO 8601 in UTC: the text that receipts sign."""
    return moment(unix).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def month_of(day: date) -> int:
    """Month index (year * 12 + month - 1) of a date."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month given by its index."""
    return date(month // 12, month % 12 + 1, 1)


def window_close(month: int) -> int:
    """Unix time at which the window of a month closes: 00:00 UTC of day 11 of the month after it."""
    return day_number(first_day(month + 1) + timedelta(days=10)) * 86_400


def publication_day(month: int) -> date:
    """Day 12 of the month after."""
    return first_day(month + 1) + timedelta(days=11)


def last_closed_month(today: date) -> int:
    """The newest month whose window has closed on `today`."""
    return month_of(today) - (1 if today.day >= 11 else 2)
