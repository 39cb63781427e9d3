"""What an aged balance says in its headings and titles: age buckets however they are cut, and its month.

Knows: ranges of days as accounting programs write them over their columns ("31-60", "Échu + de 90 j", "A
échoir"), and where a balance's date stands: in a title above the headings, or in the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from benchmark.ledger import BUCKETS
from member.heading_words import in_english
from member.reading import Cell, Row
from member.values import plain, read_dates, read_month

_NOT_DUE: Final = re.compile(
    r"non ?-?echu|a echoir|not (?:yet |past )?due|not overdue|^current$|pas echu|^at date$|^future$"
)
_RANGE: Final = re.compile(
    r"(\d{1,3})(?: ?(?:j|jours?|d|days?)? ?(?:-|–|/|a|to|et|a moins de)+ ?| )(\d{1,3})"
)
_BELOW: Final = re.compile(r"(?:<|moins de|jusqu ?'?a|under|up to|inf\w*(?: a)?) ?=? ?(\d{1,3})")
_ABOVE: Final = re.compile(
    r"(?:>|\+|plus de|au[- ]dela de|over|above|more than|sup\w*(?: a)?) ?=? ?(?:de )?(\d{1,3})|"
    r"(\d{1,3}) ?(?:j|jours?|days?|d)? ?(?:\+|et plus|and more|and over|ou plus)"
)
_LATE_ENDS: Final = ((30, "late_1_30"), (60, "late_31_60"), (90, "late_61_90"))
_OTHER_WORDS: Final = re.compile(
    r"dso|delai|terms|\bdate\b|taux|%|nb|nombre|number|limit|plafond|ytd|turnover"
)
_MONTHS: Final = re.compile(r"\b(?:mois|months?|monate?|meses|mes|mesi|mese|maanden|maand)\b")
_OLDER: Final = re.compile(
    r"^(?:older|plus ancien(?:s|ne)?|anterieur(?:s|e)?|plus vieux|alter|mas antiguo|piu vecchi|ouder)$"
)
_PERIOD: Final = re.compile(r"^(?:period|periode) ([1-4])$")
DAYS_A_MONTH: Final = 30
PERIODS: Final = BUCKETS[1:]
TITLE_DATE: Final = re.compile(
    r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:er|\.)? [^\W\d_]{3,9}\.? \d{4}|"
    r"[^\W\d_]{3,9}\.? \d{1,2}, \d{4}"
)
NAME_MONTH: Final = re.compile(r"(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?!\d{3})|(0[1-9]|1[0-2])[-_. ](20\d{2})")


def bucket_of(heading: str, *, whole_month_first: bool = False) -> str | None:
    """The age bucket that a heading's days fall into wholly; None where they do not, or are none.

    "1-15" and "16-30" are both late_1_30; "31-90" lies in two and is none of them. whole_month_first: another
    column holds what is late by less than a month, so that "1 month" is a whole one and more.
    """
    text = " ".join(in_english(plain(heading).replace("_", " ")).split())
    if _NOT_DUE.search(text):
        return "not_due"
    if _OTHER_WORDS.search(text):
        return None
    if found := _PERIOD.search(text):
        return PERIODS[int(found[1]) - 1]
    if _MONTHS.search(text):
        return _of_months(_MONTHS.sub("", text), whole_month_first=whole_month_first)
    return "late_91_plus" if _OLDER.search(text) else _of_days(text)


def _of_days(text: str) -> str | None:
    if found := _RANGE.search(text):
        return _bucket(int(found[1]), int(found[2]))
    if found := _ABOVE.search(text):
        return "late_91_plus" if int(found[1] or found[2]) >= 90 else None
    if found := _BELOW.search(text):
        return "late_1_30" if 1 < int(found[1]) <= 31 else None
    return None


def _of_months(text: str, *, whole_month_first: bool) -> str | None:
    """Of "1 a 2", "< 1", "> 3" or a single number of months, each of 30 days."""
    if found := re.search(r"(\d{1,2}) ?(?:-|–|a|to|et|and) ?(\d{1,2})", text):
        return _bucket(int(found[1]) * DAYS_A_MONTH + 1, int(found[2]) * DAYS_A_MONTH)
    if found := _BELOW.search(text):
        return "late_1_30" if int(found[1]) == 1 else None
    if found := _ABOVE.search(text):
        return "late_91_plus" if int(found[1] or found[2]) >= 3 else None
    single = re.fullmatch(r"\D*(\d{1,2})\D*", text)
    if single is None or not int(single[1]):
        return None
    months = int(single[1]) + whole_month_first
    return _bucket((months - 1) * DAYS_A_MONTH + 1, months * DAYS_A_MONTH)


def _bucket(low: int, high: int) -> str | None:
    for start, (end, name) in zip((0, 31, 61), _LATE_ENDS, strict=True):
        if start <= low <= high <= end or (low == start - 1 and high == end):
            return name
    return "late_91_plus" if low >= 90 and high > low else None


def _less_than_a_month(headings: Sequence[Cell]) -> bool:
    texts = [plain(heading) for heading in headings if isinstance(heading, str)]
    return any(_MONTHS.search(text) and _BELOW.search(text) for text in texts)


def ageing_columns(
    headings: Sequence[Cell], taken: dict[str, str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Buckets of the headings that nothing else uses: one column each, and further ones added to it.

    Headings that do not say enough to place every amount give nothing: a bucket would be too small.
    """
    first = {name: heading for name, heading in taken.items() if name in BUCKETS}
    added: dict[str, list[str]] = {}
    used = set(taken.values())
    whole_month_first = _less_than_a_month(headings)
    for heading in headings:
        if not isinstance(heading, str) or heading in used:
            continue
        name = bucket_of(heading, whole_month_first=whole_month_first)
        if name is None:
            continue
        if name in first:
            added.setdefault(name, []).append(heading)
        else:
            first[name] = heading
    return first, added


def month_of_title(rows: Sequence[Row], name: str) -> str | None:
    """The month of a balance as text, from the titles above its headings or else from the file's name."""
    for row in rows:
        for cell in row:
            text = cell if isinstance(cell, str) else ""
            for found in TITLE_DATE.findall(text):
                dates = read_dates([found])
                if not dates.wrong and str(dates.values[0]) != "NaT":
                    return str(dates.values[0])[:7]
            if not isinstance(cell, str) and cell is not None and (month := read_month(cell)) is not None:
                return f"{month // 12:04d}-{month % 12 + 1:02d}"
    found_in_name = NAME_MONTH.search(name)
    if found_in_name is None:
        return None
    year, month_text = (
        (found_in_name[1], found_in_name[2]) if found_in_name[1] else (found_in_name[4], found_in_name[3])
    )
    return f"{year}-{month_text}"
