"""Whose a movement is where the ledger does not say: bills, doubtful debts and advances kept in one account.

Knows: that 413, 416 and 4191 often bear no auxiliary account. The entry that brought a movement there names
the client; so does its lettering; so does an equal amount that waits there.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from typing import Final

from member.connectors.fec_lines import Ints, Movements

COLLECTIVE: Final = ("413", "416", "4191")


def with_owners(moved: Movements) -> Movements:
    """The movements with each one's client where it can be told; the rest stay with the shared account."""
    generals = set(moved.general)
    shared = {
        place for place, key in enumerate(moved.accounts) if key.startswith(COLLECTIVE) and key in generals
    }
    if not shared or len(shared) == len(moved.accounts):
        return moved
    owner = moved.account.copy()
    unknown = [at for at, place in enumerate(owner.tolist()) if place in shared]
    _by_entry(moved, owner, unknown, shared)
    _by_lettering(moved, owner, unknown, shared)
    _by_amount(moved, owner, unknown, shared)
    return replace(moved, account=owner)


def _by_entry(moved: Movements, owner: Ints, unknown: list[int], shared: set[int]) -> None:
    clients: dict[int, set[int]] = defaultdict(set)
    for at, place in enumerate(owner.tolist()):
        if place not in shared:
            clients[int(moved.entry[at])].add(place)
    for at in unknown:
        named = clients[int(moved.entry[at])]
        if len(named) == 1:
            owner[at] = next(iter(named))


def _by_lettering(moved: Movements, owner: Ints, unknown: list[int], shared: set[int]) -> None:
    lettered: dict[tuple[str, str], set[int]] = defaultdict(set)
    for at in unknown:
        if owner[at] not in shared and moved.letter[at]:
            lettered[moved.general[at], moved.letter[at]].add(int(owner[at]))
    for at in unknown:
        named = lettered.get((moved.general[at], moved.letter[at]), set())
        if owner[at] in shared and len(named) == 1:
            owner[at] = next(iter(named))


def _by_amount(moved: Movements, owner: Ints, unknown: list[int], shared: set[int]) -> None:
    """The oldest equal amount of the other side that waits in the same account."""
    waiting: dict[tuple[str, int], deque[int]] = defaultdict(deque)
    for at in sorted(unknown, key=lambda at: (moved.day[at], at)):
        general, cents = moved.general[at], int(moved.cents[at])
        if owner[at] not in shared:
            waiting[general, cents].append(int(owner[at]))
        elif waiting[general, -cents]:
            owner[at] = waiting[general, -cents].popleft()
