"""What a release should have published, computed a second time: plain loops over exact figures, no noise.

Knows: the release policy's rules on who counts and what a panel is, as the design tells them, and everybody's
figures (a replay has them all). It shares no line with the release, whose result it judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from privacy.profiles import Profile

FIELDS: Final = ("days_late", "dso")
FLOW: Final = ("paid", "paid_days_late")
LATE: Final = ("late_1_30", "late_31_60", "late_61_90", "late_91_plus")
STOCK: Final = ("open_late_days", "outstanding", *LATE)

Figures = Mapping[str, int | None]
"""One contribution's fields by name, null where unknown."""


@dataclass(frozen=True, slots=True)
class Value:
    """A firm's value on a client, in days, and the month (index) of its newest row."""

    days: float
    as_of: int


Counted = dict[str, dict[str, Value]]
"""client -> firm -> value."""


def window_values(
    contributions: Mapping[tuple[str, str], Mapping[int, Figures]], month: int, profile: Profile
) -> dict[str, Counted]:
    """Values of the window that ends with `month`, by field; contributions by (firm, client) and month."""
    found: dict[str, Counted] = {name: {} for name in FIELDS}
    window = range(month - profile.window_months + 1, month + 1)
    for (firm, client), months in contributions.items():
        inside = [each for each in window if each in months]
        if not inside:
            continue
        newest = months[inside[-1]]
        for name, days in (
            ("days_late", _days_late([months[each] for each in inside])),
            ("dso", _dso(newest)),
        ):
            if days is not None:
                found[name].setdefault(client, {})[firm] = Value(days, inside[-1])
    return found


def _days_late(window: list[Figures]) -> float | None:
    """(paid days late + open late days) / (paid + open and late): the design's one formula."""
    end = window[-1]
    if any(end[name] is None for name in (*FLOW, *STOCK)):
        return None
    late = sum(end[name] or 0 for name in LATE)
    days = sum(each["paid_days_late"] or 0 for each in window) + (end["open_late_days"] or 0)
    amount = sum(each["paid"] or 0 for each in window) + late
    if amount <= 0 or (end["outstanding"] or 0) < 0:
        return None
    return days / amount


def _dso(newest: Figures) -> float | None:
    outstanding, tenths = newest["outstanding"], newest["dso"]
    if tenths is None or (outstanding is not None and outstanding < 0):
        return None
    return tenths / 10


@dataclass
class Panels:
    """The frozen panels of one field of one chain, client by client."""

    profile: Profile
    members: dict[str, dict[str, Value]] = field(default_factory=dict)
    joins: dict[tuple[str, str], int] = field(default_factory=dict)  # (client, firm) -> waiting since
    published: set[str] = field(default_factory=set)
    quarter: int | None = None

    def turn(self, month: int, counted: Counted) -> dict[str, list[float]]:
        """Take a month in; the members' values of every cell that is published in it."""
        quarter = month // self.profile.revision_months
        revision = quarter != self.quarter or not self.published
        self.quarter = quarter
        waiting: dict[tuple[str, str], int] = {}
        for client in sorted(set(counted) | set(self.members)):
            panel, fresh = self.members.get(client, {}), counted.get(client, {})
            panel = {firm: fresh.get(firm, old) for firm, old in panel.items()}
            joins = {firm: self.joins.get((client, firm), month) for firm in fresh if firm not in panel}
            if client in self.published:
                silent = {
                    firm: value.as_of
                    for firm, value in panel.items()
                    if month - value.as_of > self.profile.silent_months
                }
                if revision and self._due(month, joins, silent):
                    panel = {firm: value for firm, value in panel.items() if firm not in silent}
                    panel |= {firm: fresh[firm] for firm in joins}
                    joins = {}
            elif revision and len(joins) >= self.profile.n_min:
                panel, joins = dict(fresh), {}
            else:
                joins = {}
            waiting |= {(client, firm): since for firm, since in joins.items()}
            if panel:
                self.members[client] = panel
            else:
                self.members.pop(client, None)
        self.joins = waiting
        shown = {client: panel for client, panel in self.members.items() if self._shown(month, panel)}
        self.published |= set(shown)
        return {client: [value.days for value in panel.values()] for client, panel in shown.items()}

    def _due(self, month: int, joins: dict[str, int], silent: dict[str, int]) -> bool:
        since = [*joins.values(), *silent.values()]
        many = len(since) >= self.profile.pending_changes_min
        return many or any(month - each >= self.profile.pending_wait_max_months for each in since)

    def _shown(self, month: int, panel: dict[str, Value]) -> bool:
        worn = any(month - value.as_of > self.profile.carry_max_months for value in panel.values())
        return len(panel) >= self.profile.n_min and not worn


def clipped_mean(values: list[float], low: float, high: float) -> float:
    """Mean of the values cut at `low` and `high` days."""
    return sum(min(max(value, low), high) for value in values) / len(values)


@dataclass
class Centres:
    """Where a field's values are cut, in one chain: around the network's centre and its own last one."""

    profile: Profile
    place: int  # of the field in the profile
    network: float = field(init=False)
    last: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.network = self.profile.fields[self.place].start_days

    def expected(self, client: str, values: list[float]) -> float:
        """The clipped mean of a cell's panel, before its noise."""
        reach, near = self.profile.first_clip_days, self.profile.clip_days
        low, high = self.network - reach, self.network + reach
        if client in self.last:
            low, high = min(low, self.last[client] - near), max(high, self.last[client] + near)
        return clipped_mean(values, low, high)

    def see_network(self, centre: int | None) -> None:
        """The network's cell of this month, published before the clients' are cut."""
        if centre is not None:
            self.network = float(centre)

    def see(self, published: Mapping[str, int]) -> None:
        """What was published of the clients this month."""
        self.last |= published
