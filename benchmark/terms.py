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

from benchmark.indicators import Ints, month_end_of, month_of

Days = NDArray[np.datetime64]

NET, END_OF_MONTH_THEN_DAYS, DAYS_THEN_END_OF_MONTH = 0, 1, 2
KINDS: Final = ("net", "end of month then days", "days then end of month")
USUAL_DAYS: Final = (0, 7, 8, 10, 14, 15, 20, 21, 30, 45, 60, 75, 90, 120)
DAYS_THEN_END_OF_MONTH_TRIED: Final = (30, 45, 60, 75, 90)
TERMS_MAX_DAYS: Final = 720
TRAILING_MONTHS: Final = 12
LONGEST_MONTH_WAIT_DAYS: Final = 30
"""From the first to the last day of a month of 31."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A legal ceiling on agreed terms, from `since` (month index) on.

    net_days from the invoice's date; end_of_month_days in either counting, None where no end of month may be
    agreed.
    """

    source: str
    since: int
    net_days: int
    end_of_month_days: int | None


_LME: Final = 2009 * 12
REGIMES: Final[dict[str, tuple[Ceiling, ...]]] = {
    "general": (Ceiling("Code de commerce, art. L. 441-10 I (LME, 2009)", _LME, 60, 45),),
    "periodic": (Ceiling("art. L. 441-10 I, factures récapitulatives (2014)", 2014 * 12 + 2, 45, None),),
    "transport": (Ceiling("art. L. 441-11 II 5°, transport (2006)", 2006 * 12, 30, None),),
    "fresh_food": (Ceiling("art. L. 441-11 II 1°, denrées périssables (1993)", 1993 * 12, 30, None),),
    "livestock": (Ceiling("art. L. 441-11 II 2°, bétail sur pied (1993)", 1993 * 12, 20, None),),
    "public": (Ceiling("Code de la commande publique, art. R. 2192-10 (2013)", 2013 * 12 + 4, 30, None),),
    "public_hospital": (
        Ceiling("art. R. 2192-11 1°, établissements de santé (2013)", 2013 * 12 + 4, 50, None),
    ),
    "public_enterprise": (
        Ceiling("art. R. 2192-11 2°, entreprises publiques (2013)", 2013 * 12 + 4, 60, None),
    ),
}
"""Which regime holds depends on what is sold and to whom, which a ledger does not tell: general unless said.
Fresh food counts from the end of the delivery's ten days, which a ledger does not tell either: its ceiling
here is the strict one, from the invoice."""

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


def regime_in_force(month: int, regime: str = "general") -> Ceiling | None:
    """The ceiling of a regime in a month; None before its first. Raises KeyError as over_ceiling does."""
    held = [ceiling for ceiling in REGIMES[regime] if ceiling.since <= month]
    return held[-1] if held else None


def over_ceiling(days: int, kind: int, month: int, regime: str = "general") -> bool:
    """Whether a firm's own terms pass the ceiling in force in a month; it hears of its own only.

    Under a regime without an end of month, such terms are measured by the longest wait that they allow: 30
    days more. Raises KeyError for a regime that is not in REGIMES.
    """
    limit = regime_in_force(month, regime)
    if limit is None:
        return False
    if kind == NET:
        return days > limit.net_days
    if limit.end_of_month_days is None:
        return days + LONGEST_MONTH_WAIT_DAYS > limit.net_days
    return days > limit.end_of_month_days


def due_date(invoiced: Days, days: int, kind: int) -> Days:
    """When invoices fall due under a term; invoiced (n,) datetime64[D]."""
    wait = np.timedelta64(days, "D")
    if kind == END_OF_MONTH_THEN_DAYS:
        return np.asarray(month_end_of(invoiced) + wait)
    return month_end_of(invoiced + wait) if kind == DAYS_THEN_END_OF_MONTH else np.asarray(invoiced + wait)


def _always_net(client: NDArray[np.int32], net: Ints, clients: int) -> Ints:
    """Days (clients,) of those with one usual number of days net on every invoice, else -1.

    No other reading beats such a one: it is met on every invoice, usual, and net.
    """
    first = np.full(clients, -1, np.int64)
    first[client] = net
    varied = np.bincount(client[net != first[client]], minlength=clients) > 0
    return np.where(np.isin(first, USUAL_DAYS) & ~varied, first, -1)


def _in_trailing_months(client: NDArray[np.int32], month: Ints, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Whether each client has an invoice in the 12 months up to each month; bool (span, clients)."""
    there = np.zeros(shape, bool)
    there[month, client] = True
    counts = np.cumsum(there, axis=0, dtype=np.int32)
    counts[TRAILING_MONTHS:] -= counts[:-TRAILING_MONTHS].copy()
    return counts > 0


def _readings(invoiced: Days, due: Days) -> Iterator[tuple[Ints, Ints]]:
    """Each way to read two dates as a term: (places where it holds, code = kind x 1024 + days there)."""
    net = (due - invoiced).astype(np.int64)
    at = np.flatnonzero((net >= 0) & (net <= TERMS_MAX_DAYS))
    yield at, net[at]
    after = (due - month_end_of(invoiced)).astype(np.int64)
    holds = np.flatnonzero((after >= 0) & (after <= TERMS_MAX_DAYS))
    yield holds, after[holds] + END_OF_MONTH_THEN_DAYS * _KIND_STEP
    ends = np.flatnonzero(due == month_end_of(due))
    for days in DAYS_THEN_END_OF_MONTH_TRIED:
        at = ends[due[ends] == month_end_of(invoiced[ends] + np.timedelta64(days, "D"))]
        yield at, np.full(len(at), days + DAYS_THEN_END_OF_MONTH * _KIND_STEP)


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
    first = asked.start - TRAILING_MONTHS + 1
    span = asked.stop - first
    month = month_of(dates[0]) - first
    counted = np.flatnonzero((cents > 0) & (month >= 0) & (month < span))
    month, who = month[counted], client[counted]
    invoiced, due = dates[0][counted], dates[1][counted]
    always = _always_net(who, (due - invoiced).astype(np.int64), clients)
    met_lately = _in_trailing_months(who, month, (span, clients))
    varying = np.flatnonzero(always[who] < 0)
    owner, month = who[varying].astype(np.int64) * _CODES, month[varying]
    bits = max(1, (span - 1).bit_length())
    held = [(owner[at] + code) << bits | month[at] for at, code in _readings(invoiced[varying], due[varying])]
    keys = np.concatenate(held)
    if clients * _CODES << bits < 2**31:
        keys = keys.astype(np.int32)  # half the bytes to sort
    keys.sort()
    met = _Met(keys, bits, span)
    for end in range(span):
        met.move_to(end)
        if end >= TRAILING_MONTHS - 1:
            terms = met.most_usual(clients)
            fixed = np.flatnonzero(met_lately[end] & (always >= 0))
            terms.days[fixed], terms.known[fixed] = always[fixed], True
            yield terms


class _Met:
    """How often each reading of each client was met in the trailing months, as the months go by.

    A reading's preference stands below its count in one number, so that one maximum per client finds the most
    usual: met more often, then a usual number of days, then net, then end of month first, then fewer days.
    """

    def __init__(self, keys: NDArray[np.signedinteger], bits: int, span: int) -> None:
        begins = np.flatnonzero(np.diff(keys, prepend=-1))
        count = np.diff(begins, append=len(keys))
        kept = keys[begins]
        pair, month = (kept >> bits).astype(np.int64), kept & ((1 << bits) - 1)
        changes = np.diff(pair, prepend=-1) != 0
        group_begins, group = np.flatnonzero(changes), np.cumsum(changes) - 1
        order = np.argsort(month.astype(np.int16), kind="stable")  # 16 bits: sorted by counting
        self._months = np.searchsorted(month[order], np.arange(span + 1))
        self._group, self._count = group[order], count[order]
        owner, code = pair[group_begins] // _CODES, pair[group_begins] % _CODES
        self._score = (_CODES - 1) - _RANK[code]
        self._begins = np.flatnonzero(np.diff(owner, prepend=-1))
        self._client = owner[self._begins]

    def move_to(self, end: int) -> None:
        """Take in the month `end` (0 is the first) and let go of the one that is a year older."""
        for month, sign in ((end, 1), (end - TRAILING_MONTHS, -1)):
            if month >= 0:
                span = slice(self._months[month], self._months[month + 1])
                self._score[self._group[span]] += sign * _CODES * self._count[span]

    def most_usual(self, clients: int) -> Terms:
        """The most usual reading of each client, unknown where none was met."""
        terms = Terms(np.zeros(clients, np.int16), np.zeros(clients, np.uint8), np.zeros(clients, bool))
        if not len(self._begins):
            return terms
        best = np.maximum.reduceat(self._score, self._begins)
        met = best >= _CODES
        code = _BY_RANK[(_CODES - 1) - best[met] % _CODES]
        who = self._client[met]
        terms.days[who], terms.kind[who], terms.known[who] = code % _KIND_STEP, code // _KIND_STEP, True
        return terms


def _ranked() -> tuple[Ints, Ints]:
    """The rank of each code in preference, and the code of each rank."""
    code = np.arange(_CODES)
    days, kind = code % _KIND_STEP, code // _KIND_STEP
    by_rank = np.lexsort((days, kind, ~np.isin(days, USUAL_DAYS)))
    rank = np.empty(_CODES, np.int64)
    rank[by_rank] = code
    return rank, by_rank


_RANK, _BY_RANK = _ranked()
