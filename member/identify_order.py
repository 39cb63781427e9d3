"""Proposals as a person meets them: how much is settled, and what to look at first.

Knows: amounts outstanding. What matters most comes first, accounts of one client side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from member.identify import SURE_PERCENT, Proposal


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is settled, to be looked at and without a proposal: accounts and cents outstanding."""

    accounts: int
    sure: int
    to_look_at: int
    without: int
    cents: int
    sure_cents: int

    @property
    def sure_share(self) -> float:
        """Share of the outstanding amount that the sure ones hold; 0 where nothing is outstanding."""
        return self.sure_cents / self.cents if self.cents else 0.0


def totals(proposals: Sequence[Proposal], percent: int = SURE_PERCENT) -> Totals:
    """Counts for the one line that a person reads first."""
    sure = [one for one in proposals if one.sure(percent)]
    look = [one for one in proposals if not one.sure(percent) and one.candidates]
    return Totals(
        len(proposals),
        len(sure),
        len(look),
        len(proposals) - len(sure) - len(look),
        sum(_cents(one) for one in proposals),
        sum(_cents(one) for one in sure),
    )


def _cents(one: Proposal) -> int:
    return max(one.account.outstanding_cents or 0, 0)


def by_weight(proposals: Sequence[Proposal], percent: int = SURE_PERCENT) -> list[Proposal]:
    """What is not sure, the largest outstanding first; accounts of one client stand together."""
    heads: dict[str, int] = {}
    for one in proposals:
        head = one.same_as or one.account.account
        heads[head] = heads.get(head, 0) + _cents(one)
    waiting = [one for one in proposals if not one.sure(percent)]
    return sorted(
        waiting,
        key=lambda one: (
            -heads[one.same_as or one.account.account],
            one.same_as or one.account.account,
            bool(one.same_as),
            one.account.account,
        ),
    )
