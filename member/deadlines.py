"""The clocks that a published judgment starts, with the working day before which nobody can dispute.

Knows: the law's delays, how a delay in months is counted, French public holidays. Must not know: files.

claim       declare what the client owes to the court's representative: two months from publication, four for
            a creditor domiciled outside metropolitan France (Code de commerce, art. R. 622-24)
retention   claim back goods sold under retention of title: three months from publication (art. L. 624-9)

A delay in months ends on the day of the last month that bears the number of the day of publication, else on
that month's last day (Code de procedure civile, art. 641). Where it ends on a Saturday, a Sunday or a public
holiday, article 642 carries it to the next working day; the last working day before is shown beside it, on
which nobody has to plead that.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

CLAIM_MONTHS: Final = 2
CLAIM_MONTHS_ABROAD: Final = 4
RETENTION_MONTHS: Final = 3
SATURDAY: Final = 5


@lru_cache(maxsize=64)
def holidays_of(year: int) -> frozenset[date]:
    """Public holidays of metropolitan France."""
    import holidays

    return frozenset(holidays.country_holidays("FR", years=year))


def is_working(day: date) -> bool:
    """Neither a Saturday, a Sunday nor a public holiday."""
    return day.weekday() < SATURDAY and day not in holidays_of(day.year)


def after_months(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def extended(day: date) -> date:
    """The day itself, or the next working day."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def safe(day: date) -> date:
    """The day itself, or the last working day before."""
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def clocks(published: date, *, abroad: bool = False) -> dict[str, str]:
    """The days that a judgment published on `published` makes, as `member.credit.PublicNotice` keeps them."""
    ends = {
        "claim": after_months(published, CLAIM_MONTHS_ABROAD if abroad else CLAIM_MONTHS),
        "retention": after_months(published, RETENTION_MONTHS),
    }
    told = {}
    for name, day in ends.items():
        told[f"{name}_by"] = extended(day).isoformat()
        told[f"{name}_safe"] = safe(day).isoformat()
    return told
