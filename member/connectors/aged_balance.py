"""What an aged balance says in its headings and titles: age buckets however they are cut, and its month.

Knows: ranges of days as accounting programs write them over their columns ("31-60", "Échu + de 90 j", "A
échoir"), and where a balance's date stands: in a title above the headings, or in the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from benchmark.ledger import BUCKETS
from member.reading import Cell, Row
from member.values import plain, read_dates, read_month

_NOT_DUE: Final = re.compile(r"non ?-?echu|a echoir|not (?:yet )?due|^current$|pas echu")
_RANGE: Final = re.compile(
    r"(\d{1,3})(?: ?(?:j|jours?|d|days?)? ?(?:-|–|/|a|to|et|a moins de)+ ?| )(\d{1,3})"
)
_BELOW: Final = re.compile(r"(?:<|moins de|jusqu ?'?a|under|up to|inf\w*(?: a)?) ?=? ?(\d{1,3})")
_ABOVE: Final = re.compile(
    r"(?:>|\+|plus de|au[- ]dela de|over|above|more than|sup\w*(?: a)?) ?=? ?(?:de )?(\d{1,3})|"
    r"(\d{1,3}) ?(?:j|jours?|days?|d)? ?(?:\+|et plus|and more|and over|ou plus)"
)
_LATE_ENDS: Final = ((30, "late_1_30"), (60, "late_31_60"), (90, "late_61_90"))
_OTHER_WORDS: Final = re.compile(r"dso|delai|terms|date|taux|%|nb|nombre|number|limit|plafond|mois|month")
TITLE_DATE: Final = re.compile(
    r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:er)? [^\W\d_]{3,9}\.? \d{4}"
)
NAME_MONTH: Final = re.compile(r"(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?!\d{3})|(0[1-9]|1[0-2])[-_. ](20\d{2})")


def bucket_of(heading: str) -> str | None:
    """The age bucket that a heading's days fall into wholly; None where they do not, or are none.

    "1-15" and "16-30" are both late_1_30; "31-90" lies in two and is none of them.
    """
    text = " ".join(plain(heading).replace("_", " ").split())
    if _OTHER_WORDS.search(text):
        return None
    if _NOT_DUE.search(text):
        return "not_due"
    if found := _RANGE.search(text):
        return _bucket(int(found[1]), int(found[2]))
    if found := _ABOVE.search(text):
        return "late_91_plus" if int(found[1] or found[2]) >= 90 else None
    if found := _BELOW.search(text):
        return "late_1_30" if 1 < int(found[1]) <= 31 else None
    return None


def _bucket(low: int, high: int) -> str | None:
    for start, (end, name) in zip((0, 31, 61), _LATE_ENDS, strict=True):
        if start <= low <= high <= end or (low == start - 1 and high == end):
            return name
    return "late_91_plus" if low >= 90 and high > low else None


def ageing_columns(
    headings: Sequence[Cell], taken: dict[str, str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Buckets of the headings that nothing else uses: one column each, and further ones added to it.

    Headings that do not say enough to place every amount give nothing: a bucket would be too small.
    """
    first = {name: heading for name, heading in taken.items() if name in BUCKETS}
    added: dict[str, list[str]] = {}
    used = set(taken.values())
    for heading in headings:
        if not isinstance(heading, str) or heading in used:
            continue
        name = bucket_of(heading)
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
