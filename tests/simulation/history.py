"""A network lived through under a policy: what was published, as dense arrays, client by month.

Knows: networks, policies. Must not know: attackers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from privacy.disclosure import MISSING
from tests.simulation.network import SECTORS, START, Network
from tests.simulation.policies import FIELDS, Members, Policy, Shown
from tests.simulation.sending import Sending

Days = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Behind:
    """Whose values stood behind one month's cells of one field; keys (client x groups + group) ascend."""

    key: NDArray[np.int64]
    value: Days


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Published numbers by column, (clients, months), NaN where not published; and what stood behind."""

    published: dict[str, Days]
    network: dict[str, Days]  # (months,)
    sectors: dict[str, Days]  # (1 + SECTORS, months), NaN where not published
    behind: tuple[tuple[Behind, ...], ...]  # by month, then field
    groups: NDArray[np.void]  # (groups,) V16, sorted
    releases: tuple[Shown, ...]

    def count(self, place: int) -> NDArray[np.int64]:
        """Members of every cell and month of one field; (clients, months)."""
        clients, months = self.published["days_late"].shape
        return np.stack(
            [
                np.bincount(self.behind[month][place].key // len(self.groups), minlength=clients)
                for month in range(months)
            ],
            axis=1,
        )


def live_through(network: Network, policy: Policy, months: range | None = None) -> History:
    """Every month's release, one after the other; `months`: only these, for a policy without a memory."""
    sending = Sending(network)
    state: bytes | None = None
    groups = np.unique(network.group_id)
    releases, behind = [], []
    span = months or range(network.months)
    for month in span:
        aged = sending.aged(month, policy.terms_age_months)
        shown, state = policy.release(START + month, sending.window(month), state, aged)
        releases.append(shown)
        behind.append(tuple(_behind(one, network, groups) for one in shown.members))
    names = [name for name in releases[0].cells.dtype.names or () if name != "pseudonym"]
    published = {name: _column(network, releases, name) for name in names}
    for name in FIELDS:
        published.setdefault(name, np.full((len(network.names), len(span)), np.nan))
    sectors = {name: np.full((1 + SECTORS, len(span)), np.nan) for name in FIELDS}
    for place, one in enumerate(releases):
        for code, cell in one.sectors.items():
            for name in FIELDS:
                sectors[name][code, place] = cell[name]
    aggregate = {name: np.array([one.network[name] for one in releases]) for name in FIELDS}
    return History(published, aggregate, sectors, tuple(behind), groups, tuple(releases))


def _behind(members: Members, network: Network, groups: NDArray[np.void]) -> Behind:
    client = np.searchsorted(network.names, members.pseudonym)
    key = client * len(groups) + np.searchsorted(groups, members.group)
    order = np.argsort(key)
    return Behind(key[order], members.value[order])


def _column(network: Network, releases: list[Shown], name: str) -> Days:
    table = np.full((len(network.names), len(releases)), np.nan)
    for month, shown in enumerate(releases):
        column = shown.cells[name]
        if column.ndim > 1:
            continue
        value = column.astype(np.float64)
        value[(value == 0) if name.startswith("terms_") else (value == MISSING)] = np.nan
        table[np.searchsorted(network.names, shown.cells["pseudonym"]), month] = value
    return table
