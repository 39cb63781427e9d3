"""Who sees what: the one answer for cells, alerts and calls, for callers and receivers alike.

Knows: a firm's relations as a packed array, when they were contributed, and the profile's limits.
Must not know: figures, other firms' relations, the time (days and months are arguments).

The rules, of one firm:

    live      a contribution for one of the last `live_months` closed months
    added     taken in: within `newcomer_days` of joining up to the number of clients fixed at admission
              (the first portfolio); all others at most `added_share_max` of the portfolio, but at least
              `added_min`, per calendar month of receipt
    waiting   sent, stored and counted in cells like any other, but over that limit: neither open nor
              ripening until a later month's limit takes it in, oldest first
    seasoned  added, and its rows went into `seasoned_releases_min` releases: a release ripens only the
              relations with a row for its own month, received before its window closed, so that history sent
              today seasons nothing
    open      live, and seasoned or of the first portfolio

An open relation shows its client's cells from the first month that the firm itself contributed, and at most
`back_months_max` before it joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy.profiles import STANDARD, Profile

WAITING: Final = -1
"""`added_on` of a relation that is over the limit."""
NEVER: Final = -1
"""`last_release` of a relation that no release has ripened."""

RELATION_DTYPE: Final = np.dtype(
    [
        ("pseudonym", "V32"),
        ("months", "<u8"),  # bit i: contributed for month `newest` - i
        ("newest", "<i4"),  # month index that bit 0 stands for
        ("sent_on", "<i4"),  # days since 1970-01-01 of the first receipt
        ("added_on", "<i4"),  # the same of the day it was taken in, or WAITING
        ("last_release", "<i4"),  # month index of the last release that ripened it, or NEVER
        ("releases", "u1"),  # releases that ripened it, at most 255
        ("first_portfolio", "u1"),  # 1: taken in as part of the newcomer's first portfolio
    ]
)
BITMAP_MONTHS: Final = 64

Relations = NDArray[np.void]
"""Shape (n,), dtype RELATION_DTYPE, sorted by pseudonym, no pseudonym twice."""
Pseudonyms = NDArray[np.void]
"""Shape (n,), dtype V32, in any order."""


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """What the rules need to know of a firm."""

    admitted_on: int
    """Days since 1970-01-01 of the day its membership began."""
    first_portfolio_limit: int
    """Clients fixed at its admission."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a firm may see, aligned with its relations; each of shape (n,)."""

    open: NDArray[np.bool_]
    """The client's cells and alerts are shown."""
    seasoned: NDArray[np.bool_]
    """Open, and old enough to raise or to receive calls."""
    earliest: NDArray[np.int32]
    """Month index of the first cell shown; meaningless where not open."""


def no_relations() -> Relations:
    """The array of a firm that has sent nothing yet."""
    return np.zeros(0, RELATION_DTYPE)


def month_of(day: int) -> int:
    """Month index (year x 12 + month - 1) of a day counted from 1970-01-01."""
    return 1970 * 12 + int(np.datetime64(day, "D").astype("datetime64[M]").astype(np.int64))


def find(relations: Relations, pseudonyms: Pseudonyms) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Row of each pseudonym in `relations`, and whether it is there (where not, the row means nothing)."""
    if not len(relations):
        return np.zeros(len(pseudonyms), np.intp), np.zeros(len(pseudonyms), bool)
    names = np.ascontiguousarray(relations["pseudonym"])
    rows = np.minimum(np.searchsorted(names, pseudonyms), len(names) - 1)
    return rows, np.asarray(names[rows] == pseudonyms)


def fold_upload(
    relations: Relations,
    firm: FirmFacts,
    month: int,
    pseudonyms: Pseudonyms,
    received_on: int,
    *,
    profile: Profile = STANDARD,
) -> tuple[Relations, Pseudonyms]:
    """Relations after an upload for `month` was received, and the pseudonyms of it that are left waiting.

    The upload replaces any earlier one of the firm for the month: who is no longer in it loses the month.
    Folding the same upload twice changes nothing. Of several months received together fold the newest first
    (or call `fold_uploads`), so that the first portfolio is filled with the clients of today.
    """
    pseudonyms = np.unique(np.asarray(pseudonyms, "V32"))
    _, known = find(relations, pseudonyms)
    fresh = np.zeros(int((~known).sum()), RELATION_DTYPE)
    fresh["pseudonym"] = pseudonyms[~known]
    fresh["newest"] = month
    fresh["sent_on"] = received_on
    fresh["added_on"] = WAITING
    fresh["last_release"] = NEVER
    folded = np.concatenate([relations, fresh])
    folded = folded[np.argsort(np.ascontiguousarray(folded["pseudonym"]), kind="stable")]
    rows, _ = find(folded, pseudonyms)
    contributed = np.zeros(len(folded), bool)
    contributed[rows] = True
    _mark_month(folded, month, contributed)
    _take_in(folded, firm, np.nonzero(contributed & (folded["added_on"] == WAITING))[0], received_on, profile)
    waiting = contributed & (folded["added_on"] == WAITING)
    return folded, np.ascontiguousarray(folded["pseudonym"])[waiting]


def fold_uploads(
    relations: Relations,
    firm: FirmFacts,
    months: Mapping[int, Pseudonyms],
    received_on: int,
    *,
    profile: Profile = STANDARD,
) -> tuple[Relations, Pseudonyms]:
    """`fold_upload` for months received together, newest first; the waiting ones of all of them, sorted."""
    left: list[Pseudonyms] = [np.zeros(0, "V32")]
    for month in sorted(months, reverse=True):
        relations, waiting = fold_upload(relations, firm, month, months[month], received_on, profile=profile)
        left.append(waiting)
    return relations, np.unique(np.concatenate(left))


def fold_release(relations: Relations, month: int, used: Pseudonyms) -> Relations:
    """Relations after the release of `month`, which read rows of `used` for its own month (see `ripened`).

    A release is counted once, whatever the number of calls; waiting relations do not ripen.
    """
    folded = relations.copy()
    rows, known = find(folded, np.asarray(used, "V32"))
    read = np.zeros(len(folded), bool)
    read[rows[known]] = True
    ripe = read & (folded["added_on"] != WAITING) & (folded["last_release"] < month)
    folded["releases"] += (ripe & (folded["releases"] < 255)).astype("u1")
    folded["last_release"][ripe] = month
    return folded


def see(relations: Relations, firm: FirmFacts, last_closed_month: int, profile: Profile = STANDARD) -> Sight:
    """What the firm may see when `last_closed_month` is the newest month whose window has closed.

    A contribution for the month after it, whose window is still open, counts as live too.
    """
    live = np.zeros(len(relations), bool)
    for back in range(-1, profile.live_months):
        live |= _contributed(relations, last_closed_month - back)
    added = relations["added_on"] != WAITING
    ripe = added & (relations["releases"] >= profile.seasoned_releases_min)
    earliest = np.maximum(first_months(relations), month_of(firm.admitted_on) - profile.back_months_max)
    return Sight(
        open=live & (ripe | (added & (relations["first_portfolio"] == 1))),
        seasoned=live & ripe,
        earliest=earliest.astype(np.int32),
    )


def first_months(relations: Relations) -> NDArray[np.int64]:
    """Month index of each relation's oldest contribution on record; `newest` + 1 where there is none."""
    oldest = np.full(len(relations), -1, np.int64)
    rest = relations["months"].copy()
    for width in (32, 16, 8, 4, 2, 1):  # position of the highest bit, exactly (a float's log2 rounds)
        high = rest >= np.uint64(1) << np.uint64(width)
        oldest[high] += width
        rest[high] >>= np.uint64(width)
    oldest += (rest > 0).astype(np.int64)
    return np.asarray(relations["newest"].astype(np.int64) - oldest)


def _contributed(relations: Relations, month: int) -> NDArray[np.bool_]:
    back = relations["newest"].astype(np.int64) - month
    within = (back >= 0) & (back < BITMAP_MONTHS)
    bits = relations["months"] >> np.where(within, back, 0).astype(np.uint64)
    return np.asarray(within & ((bits & np.uint64(1)) == 1))


def _mark_month(relations: Relations, month: int, contributed: NDArray[np.bool_]) -> None:
    """Set the month's bit for who contributed, clear it for who did not; `newest` moves up with the marks."""
    ahead = np.where(contributed, np.maximum(month - relations["newest"].astype(np.int64), 0), 0)
    shifted = np.where(
        ahead < BITMAP_MONTHS, relations["months"] << (ahead % BITMAP_MONTHS).astype(np.uint64), 0
    )
    relations["months"] = shifted
    relations["newest"] += ahead.astype(np.int32)
    back = relations["newest"].astype(np.int64) - month
    within = (back >= 0) & (back < BITMAP_MONTHS)
    bit = np.where(within, np.uint64(1) << np.where(within, back, 0).astype(np.uint64), np.uint64(0))
    relations["months"] = np.where(contributed, relations["months"] | bit, relations["months"] & ~bit)


def _take_in(
    relations: Relations, firm: FirmFacts, candidates: NDArray[np.intp], received_on: int, profile: Profile
) -> None:
    """Give `added_on` to the candidates within the limits: who waited longest first, then by pseudonym."""
    candidates = candidates[np.argsort(relations["sent_on"][candidates], kind="stable")]
    if received_on - firm.admitted_on < profile.newcomer_days:
        room = max(0, firm.first_portfolio_limit - int(relations["first_portfolio"].sum()))
        relations["added_on"][candidates[:room]] = received_on
        relations["first_portfolio"][candidates[:room]] = 1
        candidates = candidates[room:]
    first_day = int(
        np.datetime64(received_on, "D").astype("datetime64[M]").astype("datetime64[D]").astype(int)
    )
    later = (relations["added_on"] >= first_day) & (relations["first_portfolio"] == 0)
    portfolio = int(((relations["added_on"] != WAITING) & ~later).sum())
    limit = max(profile.added_min, int(profile.added_share_max * portfolio))
    room = max(0, limit - int(later.sum()))
    relations["added_on"][candidates[:room]] = received_on
