"""What an attack may be aimed at: the real policy under any profile, and a naive one that everybody knows.

Knows: how to ask a policy for a month's release, and what its public rules say of a cell before noise.
Must not know: attackers.

A policy here answers three questions: what is published (`release`), what its rules would publish of known
values if there were no noise (`plain`), and how the noise of two months goes together (`covariance`): all of
it public knowledge, apart from the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmark.release import UploadInWindow, release_month
from benchmark.tally import tally
from privacy.chain import decode
from privacy.disclosure import CELL_DTYPE, MISSING, WideCell
from privacy.profiles import Profile

Days = NDArray[np.float64]
Names = NDArray[np.str_]
Sent = Sequence[UploadInWindow]
FIELDS = ("days_late", "dso")


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Who was counted in which cell with which value (what the strongest attackers know of the others)."""

    pseudonym: NDArray[np.void]  # (members,) V32
    group: NDArray[np.void]  # (members,) V16
    value: Days  # (members,) as counted, not cut


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One month's release, and (for the harness alone) whose values stand behind it."""

    cells: NDArray[np.void]
    network: dict[str, float]
    members: tuple[Members, ...]  # by field of FIELDS
    sectors: dict[int, dict[str, float]] = field(default_factory=dict)  # published ones alone


class Policy(Protocol):
    """Anything that publishes cells month by month."""

    name: str
    live: bool  # whether asking between two releases shows uploads as they arrive
    fields: tuple[str, ...]
    terms_age_months: int  # 0: terms are not published

    def release(self, month: int, uploads: Sent, state: bytes | None, aged: Sent = ()) -> tuple[Shown, bytes]:
        """The month's release after the state left by the one before."""

    def bounds(self, last: Days, network: Days) -> tuple[Days, Days]:
        """Where values are cut, (...,) each: by the last published centre (NaN: none) and the network's."""

    def plain(self, values: Days, low: Days, high: Days) -> tuple[Days, Days]:
        """Centre and spread of (..., n) values cut at (...,), before noise; NaN: no such member."""

    def covariance(self, column: Names, months: NDArray[np.int64], sets: NDArray[np.int64]) -> Days:
        """Of the noise, at n = 1, of published numbers: their columns, months, and a number for each set."""


@dataclass(frozen=True)
class Published:
    """The real policy."""

    profile: Profile
    key: bytes = bytes(range(32))
    live: bool = False

    @property
    def name(self) -> str:
        return self.profile.name

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.profile.fields)

    @property
    def terms_age_months(self) -> int:
        return self.profile.terms_age_months if self.profile.terms else 0

    def release(self, month: int, uploads: Sent, state: bytes | None, aged: Sent = ()) -> tuple[Shown, bytes]:
        result = release_month(month, uploads, state, self.profile, self.key, (), aged)
        chain = decode(result.state)
        width = max(1, len(chain.groups))
        members = [Members(np.zeros(0, "V32"), np.zeros(0, "V16"), np.zeros(0)) for _ in FIELDS]
        for name, one in zip(self.fields, chain.clients, strict=True):
            if len(one.member):
                names, groups = chain.names[one.member // width], chain.groups[one.member % width]
                members[FIELDS.index(name)] = Members(names, groups, one.value)
        release = result.release
        sectors = {code: _wide(cell) for code, cell in release.sectors.items()}
        return Shown(release.cells, _wide(release.network), tuple(members), sectors), result.state

    def bounds(self, last: Days, network: Days) -> tuple[Days, Days]:
        reach, near = self.profile.first_clip_days, self.profile.clip_days
        known = np.where(np.isnan(last), network, last)
        return np.minimum(network - reach, known - near), np.maximum(network + reach, known + near)

    def plain(self, values: Days, low: Days, high: Days) -> tuple[Days, Days]:
        cut = np.clip(values, low[..., None], high[..., None])
        n = np.maximum(1, np.sum(~np.isnan(values), axis=-1))
        centre = np.nansum(cut, axis=-1) / n
        spread = self.profile.spread_factor * np.nansum(np.abs(cut - centre[..., None]), axis=-1) / n
        return centre, spread

    def covariance(self, column: Names, months: NDArray[np.int64], sets: NDArray[np.int64]) -> Days:
        profile = self.profile
        quarters = months // profile.revision_months
        total = (
            profile.noise_permanent_days**2
            + profile.noise_set_days**2 * (sets[:, None] == sets)
            + profile.noise_quarter_days**2 * (quarters[:, None] == quarters)
            + profile.noise_month_days**2 * (months[:, None] == months)
        )
        return np.asarray(total * profile.field_factor**2 * (column[:, None] == column))


@dataclass(frozen=True)
class NaiveMedians:
    """Live medians of whoever has sent, from five contributors, exact counts: what everybody builds first."""

    floor: int = 5
    name: str = "naive live medians"
    live: bool = True
    fields: tuple[str, ...] = FIELDS
    terms_age_months: int = 0
    window: int = field(default=3)

    def release(self, month: int, uploads: Sent, state: bytes | None, aged: Sent = ()) -> tuple[Shown, bytes]:
        raw = tally([upload for upload in uploads if upload.first_full_month <= month], month)
        members = []
        columns: dict[str, Days] = {}
        clients = len(raw.pseudonyms)
        counts = np.zeros(clients, np.int64)
        for place, name in enumerate(FIELDS):
            known = np.nonzero(~np.isnan(raw.values[place]))[0]
            client, value = raw.client[known], raw.values[place][known]
            members.append(Members(raw.pseudonyms[client], raw.groups[raw.group[known]], value))
            n = np.bincount(client, minlength=clients)
            counts = np.maximum(counts, n)
            columns[name], columns["spread"] = _medians(client, value, n)
            columns[name][n < self.floor] = np.nan
            if name == "days_late":
                spread = columns["spread"]
        shown = np.nonzero(~np.isnan(columns["days_late"]) | ~np.isnan(columns["dso"]))[0]
        dtype = [(one, CELL_DTYPE[one]) for one in ("pseudonym", "band", "days_late", "spread", "dso")]
        cells = np.zeros(len(shown), dtype)
        cells["pseudonym"], cells["band"] = raw.pseudonyms[shown], np.minimum(counts[shown], 255)
        for name, column in (
            ("days_late", columns["days_late"]),
            ("spread", spread),
            ("dso", columns["dso"]),
        ):
            cells[name] = np.where(np.isnan(column[shown]), MISSING, np.rint(np.nan_to_num(column[shown])))
        return Shown(cells, dict.fromkeys(FIELDS, np.nan), tuple(members)), b""

    def bounds(self, last: Days, network: Days) -> tuple[Days, Days]:
        return np.full(last.shape, -np.inf), np.full(last.shape, np.inf)

    def plain(self, values: Days, low: Days, high: Days) -> tuple[Days, Days]:
        n = np.sum(~np.isnan(values), axis=-1)
        ordered = np.sort(values, axis=-1)  # NaN last

        def at(share: float) -> Days:
            place = np.clip(share * (n - 1), 0, None)
            low = np.floor(place).astype(np.int64)
            high = np.minimum(low + 1, np.maximum(n - 1, 0))
            below = np.take_along_axis(ordered, low[..., None], -1)[..., 0]
            above = np.take_along_axis(ordered, high[..., None], -1)[..., 0]
            return np.asarray(below + (above - below) * (place - low))

        return at(0.5), (at(0.75) - at(0.25)) / 2

    def covariance(self, column: Names, months: NDArray[np.int64], sets: NDArray[np.int64]) -> Days:
        return np.asarray(0.3 * (months[:, None] == months) * (column[:, None] == column))


def _medians(client: NDArray[np.int64], value: Days, n: NDArray[np.int64]) -> tuple[Days, Days]:
    """Median and half the distance of the quartiles, by client; NaN where there is nobody."""
    width = int(n.max(initial=0)) or 1
    table = np.full((len(n), width), np.nan)
    order = np.lexsort((value, client))
    place = np.arange(len(order)) - np.repeat(np.cumsum(n) - n, n)
    table[client[order], place] = value[order]
    return NaiveMedians().plain(table, np.zeros(len(n)), np.zeros(len(n)))


def _wide(cell: WideCell) -> dict[str, float]:
    """A wide cell's centres, NaN where not published."""
    said = {name: getattr(cell, name) for name in FIELDS}
    return {name: np.nan if value is None else float(value) for name, value in said.items()}
