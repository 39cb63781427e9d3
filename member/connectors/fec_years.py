"""Years of one ledger that follow each other, as one: each opening balance gives way to what it sums up.

Knows: movements of client accounts, balances brought forward. An account is one over the years, compared
without spaces and leading zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.problems import Problem
from member.client_list import account_key
from member.connectors.fec_lines import BROUGHT, PIECE_LAG_MAX_DAYS, Movements
from member.connectors.fec_owners import with_owners

GAP_MAX_DAYS: Final = 62
"""Between the last movement of a year's clients and the first of the next one."""

_ARRAYS: Final = (
    "account",
    "cents",
    "day",
    "piece_day",
    "due",
    "kind",
    "row",
    "entry",
    "incident",
    "factored",
)
_TEXTS: Final = ("general", "letter", "letter_date")


@dataclass(frozen=True, slots=True)
class Years:
    """Movements of all files; year (n,) int64 says which file each came from.

    undated (n,) bool: debts brought forward whose own dates the file does not give.
    """

    moved: Movements
    year: NDArray[np.int64]
    undated: NDArray[np.bool_]


def join(files: list[Movements]) -> Years | Problem:
    """Years in a row: what a later one brings forward is replaced by the earlier one's own movements."""
    first = files[0]
    years = [first]
    for earlier, later in pairwise(files):
        gap = int((later.first_day - earlier.last_day).astype(np.int64))
        if not 0 < gap <= GAP_MAX_DAYS:
            return Problem(
                "ledger-years-apart",
                found=f"{later.first_day} – {later.last_day}",
                expected=f"{earlier.first_day} – {earlier.last_day}",
            )
        years.append(_without_brought(years, later))
    moved = _compact(with_owners(_together(years)))
    year = np.repeat(np.arange(len(years)), [len(one.cents) for one in years])
    dated = (moved.piece_day < moved.day) & (moved.day - moved.piece_day <= PIECE_LAG_MAX_DAYS)
    undated = (moved.kind == BROUGHT) & (moved.cents > 0) & ~dated
    return Years(moved, year, undated)


def _balances(files: Sequence[Movements], brought: bool | None = None) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in files:
        chosen = np.ones(len(one.cents), bool) if brought is None else one.kind == BROUGHT
        totals = np.zeros(len(one.accounts), np.int64)
        np.add.at(totals, one.account[chosen], one.cents[chosen])
        for key, cents in zip(one.accounts, totals.tolist(), strict=True):
            sums[account_key(key)] = sums.get(account_key(key), 0) + cents
    return sums


def _without_brought(before: list[Movements], later: Movements) -> Movements:
    """The later year with only what its opening balances say beyond the earlier years' closing ones."""
    closing, opening = _balances(before), _balances([later], brought=True)
    cents = later.cents.copy()
    differing = 0
    places = {account_key(key): at for at, key in enumerate(later.accounts)}
    for key, place in places.items():
        own = np.flatnonzero((later.account == place) & (later.kind == BROUGHT))
        cents[own] = 0
        difference = opening.get(key, 0) - closing.get(key, 0)
        if len(own) and difference:
            cents[own[0]] = difference
            differing += 1
    kept = cents != 0
    problems = list(later.problems)
    if differing:
        problems.append(Problem("brought-forward-differs", found=str(differing)))
    return _kept(replace(later, cents=cents, problems=problems), kept)


def _kept(moved: Movements, kept: NDArray[np.bool_]) -> Movements:
    at = np.flatnonzero(kept)
    columns: dict[str, Any] = {name: getattr(moved, name)[at] for name in _ARRAYS}
    for name in _TEXTS:
        columns[name] = [getattr(moved, name)[place] for place in at.tolist()]
    return replace(moved, **columns)


def _together(years: list[Movements]) -> Movements:
    """One set of movements, accounts matched as they are compared: without spaces and leading zeros."""
    if len(years) == 1:
        return years[0]
    places: dict[str, int] = {}
    accounts: list[str] = []
    names: list[str] = []
    columns: dict[str, list[Any]] = {name: [] for name in (*_ARRAYS, *_TEXTS)}
    entries = 0
    for year in years:
        moved_to = np.empty(len(year.accounts), np.int64)
        for at, key in enumerate(year.accounts):
            place = places.setdefault(account_key(key), len(accounts))
            moved_to[at] = place
            if place == len(accounts):
                accounts.append(key)
                names.append(year.names[at])
        for name in _ARRAYS:
            columns[name].append(getattr(year, name))
        columns["account"][-1] = moved_to[year.account]
        columns["entry"][-1] = year.entry + entries
        entries += int(year.entry.max(initial=0)) + 1
        for name in _TEXTS:
            columns[name].extend(getattr(year, name))
    whole: dict[str, Any] = columns | {name: np.concatenate(columns[name]) for name in _ARRAYS}
    return replace(
        years[-1],
        accounts=accounts,
        names=names,
        first_day=years[0].first_day,
        problems=[problem for year in years for problem in year.problems],
        **whole,
    )


def _compact(moved: Movements) -> Movements:
    """Without accounts that no movement is left in."""
    used, account = np.unique(moved.account, return_inverse=True)
    return replace(
        moved,
        accounts=[moved.accounts[place] for place in used.tolist()],
        names=[moved.names[place] for place in used.tolist()],
        account=account.astype(np.int64),
    )
