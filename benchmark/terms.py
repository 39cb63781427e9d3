"""Terms of payment: what an invoice's two dates say, the most usual of a client, the legal ceilings.

Knows: days, ends of month, French law's ceilings with the day each began. "60 days net" and "45 days end
of month" are not one number: a term is days and a kind (0 net, 1 end of month then days, 2 days then end of
month).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import Ints, month_of

Days = NDArray[np.datetime64]

NET, END_OF_MONTH_THEN_DAYS, DAYS_THEN_END_OF_MONTH = 0, 1, 2
KINDS: Final = ("net", "end of month then days", "days then end of month")
USUAL_DAYS: Final = (0, 7, 8, 10, 14, 15, 20, 21, 30, 45, 60, 75, 90, 120)
DAYS_THEN_END_OF_MONTH_TRIED: Final = (30, 45, 60, 75, 90)
TERMS_MAX_DAYS: Final = 720
TRAILING_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A legal ceiling on agreed terms between professionals, from `since` (month index) on."""

    source: str
    since: int
    net_days: int
    end_of_month_days: int


CEILINGS: Final = (Ceiling("Code de commerce, art. L. 441-10 (LME, 2009)", 2009 * 12, 60, 45),)
"""The general regime. Shorter ones (periodic invoices 45 days, transport and fresh food 30, public buyers 30
to 60) depend on what is sold, which a ledger does not tell."""

_KIND_STEP: Final = 1024
_CODES: Final = 4096
_MONTH_MEAN_DAYS: Final = 30.4375


@dataclass(frozen=True, slots=True)
class Terms:
    """By client (n,): days int16, kind uint8, and where they are known."""

    days: NDArray[np.int16]
    kind: NDArray[np.uint8]
    known: NDArray[np.bool_]


_WRITTEN: Final = re.compile(
    r"(?:(?P<first>fdm|fin de mois|end of month|eom)(?: then|,| \+| plus)? ?)?(?P<days>\d{1,3})"
    r"(?: ?(?:j|jours?|d|days?))?(?: ?(?:net(?:te?s?)?|date de facture))?"
    r"(?: ?(?P<last>fdm|fin de mois|end of month|eom))?(?: ?le \d{1,2})?"
)


def parse_terms(text: str) -> tuple[int, int] | None:
    """Days and kind of terms as people write them: 60, 45 fin de mois, end of month 45; None otherwise.

    "45 fin de mois" counts the 45 days first, as French usage and article L. 441-10 leave either way open.
    """
    match = _WRITTEN.fullmatch(" ".join(text.lower().split()))
    if match is None or (match["first"] and match["last"]):
        return None
    days = int(match["days"])
    if days > TERMS_MAX_DAYS:
        return None
    if match["first"]:
        return days, END_OF_MONTH_THEN_DAYS
    return days, DAYS_THEN_END_OF_MONTH if match["last"] else NET


def net_equivalent_days(days: int, kind: int) -> float:
    """A term as days net on average: the days, plus the mean wait for a month's end (half of 30.4 days).

    Both end-of-month countings wait for one month's end, so their mean is the same; single invoices differ.
    """
    return float(days) if kind == NET else days + (_MONTH_MEAN_DAYS - 1) / 2


def over_ceiling(days: int, kind: int, month: int) -> bool:
    """Whether a firm's own terms pass the general ceiling in force in a month; it hears of its own only."""
    held = [ceiling for ceiling in CEILINGS if ceiling.since <= month]
    return bool(held) and days > (held[-1].net_days if kind == NET else held[-1].end_of_month_days)


def due_date(invoiced: Days, days: int, kind: int) -> Days:
    """When invoices fall due under a term; invoiced (n,) datetime64[D]."""
    wait = np.timedelta64(days, "D")
    if kind == END_OF_MONTH_THEN_DAYS:
        return np.asarray(_month_end_of(invoiced) + wait)
    return _month_end_of(invoiced + wait) if kind == DAYS_THEN_END_OF_MONTH else np.asarray(invoiced + wait)


def _month_end_of(days: Days) -> Days:
    return np.asarray((days.astype("M8[M]") + 1).astype("M8[D]") - np.timedelta64(1, "D"))


def _readings(invoiced: Days, due: Days) -> Iterator[tuple[NDArray[np.bool_], Ints]]:
    """Each way to read two dates as a term: (where it holds, code = kind x 1024 + days)."""
    net = (due - invoiced).astype(np.int64)
    yield (net >= 0) & (net <= TERMS_MAX_DAYS), net
    after = (due - _month_end_of(invoiced)).astype(np.int64)
    yield (after >= 0) & (after <= TERMS_MAX_DAYS), after + END_OF_MONTH_THEN_DAYS * _KIND_STEP
    for days in DAYS_THEN_END_OF_MONTH_TRIED:
        holds = due == _month_end_of(invoiced + np.timedelta64(days, "D"))
        yield holds, np.full(len(due), days + DAYS_THEN_END_OF_MONTH * _KIND_STEP)


def usual_terms(
    client: NDArray[np.int32],
    cents: Ints,
    dates: tuple[Days, Days],
    clients: int,
    asked: range,
) -> Iterator[Terms]:
    """The terms met most often by each client in the 12 months up to each month asked for.

    Invoices in columns as in the ledger, `dates` being (invoiced, due); one Terms a month of `asked`.
    Credit notes do not count. Of readings met equally often, one with a usual number of days is preferred,
    then net, then end of month first: with a single invoice nothing more can be told.
    """
    held: list[tuple[Ints, Ints]] = []
    counted = cents > 0
    month = month_of(dates[0])
    for holds, code in _readings(*dates):
        chosen = holds & counted
        held.append((month[chosen], client[chosen].astype(np.int64) * _CODES + code[chosen]))
    months = np.concatenate([months for months, _ in held])
    keys = np.concatenate([keys for _, keys in held])
    order = np.lexsort((keys, months))
    months, keys = months[order], keys[order]
    new = np.ones(len(keys), bool)
    new[1:] = (months[1:] != months[:-1]) | (keys[1:] != keys[:-1])
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(keys)))
    months, keys = months[starts], keys[starts]
    for end in asked:
        span = slice(*np.searchsorted(months, [end - TRAILING_MONTHS + 1, end + 1]).tolist())
        yield _most_usual(keys[span], counts[span], clients)


def _most_usual(keys: Ints, counts: Ints, clients: int) -> Terms:
    unique, place = np.unique(keys, return_inverse=True)
    met = np.zeros(len(unique), np.int64)
    np.add.at(met, place, counts)
    code, client = unique % _CODES, unique // _CODES
    days, kind = code % _KIND_STEP, code // _KIND_STEP
    order = np.lexsort((days, kind, ~np.isin(days, USUAL_DAYS), -met, client))
    who, at = np.unique(client[order], return_index=True)
    terms = Terms(np.zeros(clients, np.int16), np.zeros(clients, np.uint8), np.zeros(clients, bool))
    terms.days[who] = days[order][at]
    terms.kind[who] = kind[order][at]
    terms.known[who] = True
    return terms
