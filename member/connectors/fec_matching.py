"""Which payment paid which invoice: by lettering, else first-in first-out.

Knows: movements of client accounts. A lettering is taken at its word; the rest is paid oldest first. Bills
and doubtful accounts are the same receivable: what moves from 411 to 413, 416 or from 4191 within one entry
is dropped, and the letterings on both sides are one. A payment that comes back reopens what it paid, with its
own dates. A credit note that is not lettered stays open (docs/decisions/0007).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from member.connectors.fec_lines import BROUGHT, CLOSED, CREDIT_NOTE, INVOICE, PAYMENT, REFUND, Movements

Key = tuple[str, int, str]
UNPAID_DAYS_MAX: Final = 550
"""A payment that comes back does so within a year and a half of its date."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """What the ledger's own lettering says: groups, those that balance, and sums over these.

    cents: of the debits in balanced groups; cent_days: sum of cents x days from debit to credit.
    """

    groups: int
    balanced: int
    cents: int
    cent_days: int

    @property
    def days_to_pay(self) -> float | None:
        """Days from invoice to payment, weighted by amount, over the letterings that balance."""
        return self.cent_days / self.cents if self.cents else None


@dataclass(slots=True)
class Matched:
    """Pairs (debit, credit, cents, ordinal day, money?) by place among the movements; less than 0 reopens.

    start, left: cents of each movement before (transfers apart) and after; fifo_cents: paid without a code;
    paid_back: movements that reopened what they gave back, and are no debt of their own; came_back: the
    payments that they gave back.
    """

    debit: list[int] = field(default_factory=list)
    credit: list[int] = field(default_factory=list)
    cents: list[int] = field(default_factory=list)
    day: list[int] = field(default_factory=list)
    money: list[bool] = field(default_factory=list)
    left: dict[int, int] = field(default_factory=dict)
    start: dict[int, int] = field(default_factory=dict)
    fifo_cents: int = 0
    paid_back: set[int] = field(default_factory=set)
    came_back: set[int] = field(default_factory=set)


def lettering(moved: Movements) -> Lettering:
    """Count the letterings as the file writes them."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for at, code in enumerate(moved.letter):
        if code:
            groups[moved.general[at], int(moved.account[at]), code].append(at)
    days = moved.day.astype(np.int64)
    found = [np.array(places) for group in groups.values() for places in _by_date(moved, group)]
    even = [places for places in found if not moved.cents[places].sum()]
    cents = sum(int(np.maximum(moved.cents[places], 0).sum()) for places in even)
    cent_days = sum(-int((moved.cents[places] * days[places]).sum()) for places in even)
    return Lettering(len(found), len(even), cents, cent_days)


def _by_date(moved: Movements, group: list[int]) -> list[list[int]]:
    """A code used again in one year: groups of its lettering dates where each of them balances."""
    if not int(moved.cents[group].sum()) or len({moved.letter_date[at] for at in group}) < 2:
        return [group]
    parts: dict[str, list[int]] = defaultdict(list)
    for at in group:
        parts[moved.letter_date[at]].append(at)
    even = [part for part in parts.values() if not int(moved.cents[part].sum())]
    if not even:
        return [group]
    rest = [at for part in parts.values() if int(moved.cents[part].sum()) for at in part]
    return [*even, rest] if rest else even


def match(moved: Movements, years: NDArray[np.int64]) -> Matched:
    """Pay each debit. `years` (n,) says which file a movement came from: letters may begin anew in each."""
    left = _without_transfers(moved)
    groups = _groups(moved, years, left)
    found = Matched(left=left.remaining, start=dict(left.remaining))
    pools: dict[int, list[int]] = defaultdict(list)
    lettered = {at for group in groups for at in group}
    for group in groups:
        credits_left = _pay(moved, group, found, lettered=True)
        for at in credits_left:
            pools[int(moved.account[at])].append(at)
    for at in range(len(moved.cents)):
        if at not in lettered and found.left[at]:
            pools[int(moved.account[at])].append(at)
    before = len(found.cents)
    for places in pools.values():
        _pay(moved, sorted(places), found, lettered=False)
    found.fifo_cents = sum(
        cents for cents, money in zip(found.cents[before:], found.money[before:], strict=True) if money
    )
    return found


@dataclass(slots=True)
class _Left:
    """What is left of each movement after transfers, and which movements a transfer joins."""

    remaining: dict[int, int]
    joined: list[tuple[int, int]] = field(default_factory=list)


def _root(general: str) -> str:
    return general[:4] if general.startswith("419") else general[:3]


def _without_transfers(moved: Movements) -> _Left:
    """Within an entry and a client, what leaves one kind of account for another is no event."""
    left = _Left({at: int(cents) for at, cents in enumerate(moved.cents)})
    entries: dict[tuple[int, int], list[int]] = defaultdict(list)
    roots = [_root(general) for general in moved.general]
    for at, key in enumerate(zip(moved.entry.tolist(), moved.account.tolist(), strict=True)):
        entries[key].append(at)
    for places in entries.values():
        if len(places) < 2 or len({roots[at] for at in places}) < 2:
            continue
        for debit in places:
            for credit in places:
                debited, credited = left.remaining[debit], left.remaining[credit]
                if debited > 0 > credited and roots[debit] != roots[credit]:
                    moves = min(debited, -credited)
                    left.remaining[debit] -= moves
                    left.remaining[credit] += moves
                    left.joined.append((debit, credit))
    return left


def _groups(moved: Movements, years: NDArray[np.int64], left: _Left) -> list[list[int]]:
    """Movements lettered together, over both sides of a transfer and over two years where they belong."""
    within: dict[tuple[int, Key], list[int]] = defaultdict(list)
    for at, code in enumerate(moved.letter):
        if code:
            within[int(years[at]), (moved.general[at], int(moved.account[at]), code)].append(at)
    parts: list[list[int]] = []
    open_by_key: dict[Key, list[int]] = {}
    for (_, key), places in sorted(within.items(), key=lambda one: one[0][0]):
        for group in _by_date(moved, places):
            if int(moved.cents[group].sum()) and key in open_by_key:
                open_by_key[key].extend(group)
            else:
                parts.append(group)
                if int(moved.cents[group].sum()):
                    open_by_key[key] = group
    return _joined(parts, left)


def _joined(parts: list[list[int]], left: _Left) -> list[list[int]]:
    """Groups that a transfer links are one; linked to a movement without a lettering, they are none."""
    of = {at: number for number, places in enumerate(parts) for at in places}
    parent = list(range(len(parts)))

    def top(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    loose: list[int] = []
    for debit, credit in left.joined:
        if debit in of and credit in of:
            parent[top(of[debit])] = top(of[credit])
        elif debit in of or credit in of:
            loose.append(of.get(debit, of.get(credit, -1)))
    dissolved = {top(number) for number in loose}
    whole: dict[int, list[int]] = defaultdict(list)
    for number, places in enumerate(parts):
        whole[top(number)].extend(at for at in places if left.remaining[at])
    return [sorted(places) for number, places in whole.items() if places and number not in dissolved]


def _pay(moved: Movements, places: Iterable[int], found: Matched, *, lettered: bool) -> list[int]:
    """Let time pass over some movements of one client; the payments that found nothing to pay.

    On one day debits come first: an invoice paid on its own day is paid, not anticipated.
    """
    days = moved.day
    order = sorted(places, key=lambda at: (days[at], found.left[at] < 0, at))
    debts: deque[int] = deque()
    waiting: deque[int] = deque()
    since = len(found.cents)
    for at in order:
        kind, day = int(moved.kind[at]), int(days[at].astype(np.int64))
        if found.left[at] > 0:
            if kind == REFUND and _reopen(moved, at, found, debts, since):
                continue
            _drain(moved, found, at, waiting, day)
            if found.left[at]:
                debts.append(at)
        elif lettered or kind != CREDIT_NOTE:
            _drain(moved, found, at, debts, day)
            if found.left[at] < 0 and (lettered or kind != BROUGHT):
                waiting.append(at)
    return [at for at in waiting if found.left[at] < 0 and moved.kind[at] in {PAYMENT, CLOSED, BROUGHT}]


def _drain(moved: Movements, found: Matched, at: int, queue: deque[int], day: int) -> None:
    """Settle a movement against those of the other side that wait, the oldest first."""
    while queue and found.left[at]:
        other = queue[0]
        debit, credit = (at, other) if found.left[at] > 0 else (other, at)
        cents = min(found.left[debit], -found.left[credit])
        if cents <= 0:
            queue.popleft()
            continue
        found.left[debit] -= cents
        found.left[credit] += cents
        found.debit.append(debit)
        found.credit.append(credit)
        found.cents.append(cents)
        found.day.append(day)
        found.money.append(bool(moved.kind[credit] == PAYMENT and moved.kind[debit] != REFUND))
        if not found.left[other]:
            queue.popleft()


def _reopen(moved: Movements, refund: int, found: Matched, debts: deque[int], since: int) -> bool:
    """A payment that comes back: what the newest payment of the same amount paid is owed again."""
    cents = found.left[refund]
    day = moved.day[refund]
    by_credit: dict[int, list[int]] = defaultdict(list)
    for pair in range(since, len(found.cents)):
        if found.money[pair] and found.cents[pair] > 0 and found.credit[pair] not in found.came_back:
            by_credit[found.credit[pair]].append(pair)
    for credit in reversed(list(by_credit)):
        pairs = by_credit[credit]
        whole = -int(moved.cents[credit]) == cents == sum(found.cents[pair] for pair in pairs)
        if not whole or (day - moved.day[credit]).astype(np.int64) > UNPAID_DAYS_MAX:
            continue
        for pair in pairs:
            debit = found.debit[pair]
            found.debit.append(debit)
            found.credit.append(refund)
            found.cents.append(-found.cents[pair])
            found.day.append(int(day.astype(np.int64)))
            found.money.append(True)
            if not found.left[debit]:
                debts.appendleft(debit)
            found.left[debit] += found.cents[pair]
        found.left[refund] = 0
        found.paid_back.add(refund)
        found.came_back.add(credit)
        return True
    return False


def sold(kind: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Movements that are sales, credit notes among them."""
    return np.isin(kind, (INVOICE, CREDIT_NOTE))
