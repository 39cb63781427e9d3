"""A cell's numbers: bounded centre, spread, band of the count, each with its keyed noise (rules 4 to 7).

Knows: members' values of one level's cells (the clients', the sectors' and regions', or the network's one),
the release key.
Must not know: who is a member of what and why (`privacy.panels`), which numbers are published in the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy import noise
from privacy.panels import Codes, Mask, Panels, Revised
from privacy.profiles import FieldRules, Profile

Days = NDArray[np.float64]

CENTRE_MAX: Final = 32_767
"""Largest absolute value of a published number: two bytes."""

SLOTS: Final = {"days_late": (0, 1), "dso": (2, 4)}
"""Where a field's centre and spread find their draws: by name, so that they outlive a change of profile."""
COUNT_SLOT: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Where a level's noise comes from: one subject a cell code, one id a group code."""

    key: bytes = field(repr=False)
    level: str  # "client" or "wide": whose purposes are drawn
    subjects: NDArray[np.void]  # (cells,) V32
    groups: NDArray[np.void]  # (groups,) V16
    month: int
    factor: float  # on every amplitude of a centre or spread

    def normals(
        self, purpose: str, period: int, cells: Codes, slots: tuple[int, ...], sets: noise.Words | None = None
    ) -> Days:
        """Standard normals, (slots, cells)."""
        return noise.normals(self.key, f"{self.level}-{purpose}", period, self.subjects[cells], slots, sets)

    def once(self, purpose: str, cells: Codes, most: int) -> Codes:
        """A whole number from 0 to `most` for each cell, each as likely, drawn once for all; (cells,)."""
        bounds = [NormalDist().inv_cdf(part / (1 + most)) for part in range(1, 1 + most)]
        return np.asarray(np.searchsorted(bounds, self.normals(purpose, noise.PERMANENT, cells, (0,))[0]))

    def sets(self, revised: Revised, cells: Codes) -> noise.Words:
        """Contributor sets of cells that have members, (cells, 2)."""
        width = max(1, len(self.groups))
        begins = np.searchsorted(revised.member, cells * width)
        if len(cells) and int(revised.n[cells].sum()) != len(revised.member):
            chosen = np.zeros(len(revised.n), bool)
            chosen[cells] = True
            member = revised.member[chosen[revised.member // width]]
            begins = np.cumsum(revised.n[cells]) - revised.n[cells]
        else:
            member = revised.member
        return noise.set_words(self.key, self.groups, member % width, begins)


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """What a level's cells say: whole days by field, the count's band; (cells,) each, zero if not shown."""

    centre: list[Codes]
    spread: list[Codes]
    band: NDArray[np.uint8]


def bounded(
    revised: Revised, panels: Panels, start: Days, profile: Profile, *, spread: bool = True
) -> tuple[Days, Days]:
    """Mean of the values cut around each cell, and mean absolute deviation where wanted; (cells,) each.

    Values within `first_clip_days` of `start`, (cells,), are never cut: a cell's last centre may widen
    what is let in, by `clip_days` around it, and not narrow it. Otherwise shams who drive a centre away
    and back choose when the one real firm among them is cut, and read the noise alone while it is. Zero
    where no member is.
    """
    cells = len(revised.n)
    low, high = start - profile.first_clip_days, start + profile.first_clip_days
    low[panels.cell] = np.minimum(low[panels.cell], panels.centre - profile.clip_days)
    high[panels.cell] = np.maximum(high[panels.cell], panels.centre + profile.clip_days)
    n = np.maximum(revised.n, 1)
    cut = np.clip(revised.value, np.repeat(low, revised.n), np.repeat(high, revised.n))
    cell = np.repeat(np.arange(cells), revised.n)
    mean = np.bincount(cell, cut, minlength=cells) / n
    if not spread:
        return mean, np.zeros(cells)
    deviation = np.bincount(cell, np.abs(cut - np.repeat(mean, revised.n)), minlength=cells) / n
    return mean, deviation


def numbers(  # noqa: PLR0917
    revised: Sequence[Revised],
    panels: Sequence[Panels],
    start: Sequence[Days],
    floor: int,
    profile: Profile,
    draws: Draws,
) -> Numbers:
    """Centres, spreads and band of every cell; everything by field of the profile."""
    cells = len(revised[0].n)
    shown = np.nonzero(any_shown(revised))[0]
    needed = tuple(
        sorted({slot for rules in profile.fields for slot in SLOTS[rules.name][: 1 + rules.spread]})
    )
    quarter = draws.month // profile.revision_months
    permanent = draws.normals("permanent", noise.PERMANENT, shown, needed)
    by_quarter = draws.normals("quarter", quarter, shown, (*needed, COUNT_SLOT))
    by_month = draws.normals("month", draws.month, shown, needed)
    common = profile.noise_permanent_days * permanent
    common += profile.noise_quarter_days * by_quarter[:-1]
    common += profile.noise_month_days * by_month
    said = Numbers([], [], np.zeros(cells, np.uint8))
    n = np.zeros(len(shown), np.int64)
    sets = np.zeros((0, 2), np.uint64)
    for place, rules in enumerate(profile.fields):
        here = np.nonzero(revised[place].shown[shown])[0]
        codes = shown[here]
        slots = SLOTS[rules.name][: 1 + rules.spread]
        drawn = common[[needed.index(slot) for slot in slots]][:, here]
        if not place or not _same_panels(revised[place - 1], revised[place]):
            sets = draws.sets(revised[place], codes)
        drawn += profile.noise_set_days * draws.normals("set", noise.PERMANENT, codes, slots, sets)
        drawn *= draws.factor / revised[place].n[codes]
        mean, deviation = bounded(revised[place], panels[place], start[place], profile, spread=rules.spread)
        centre, spread = _rounded(mean[codes], deviation[codes], drawn, rules, profile)
        said.centre.append(_placed(centre, codes, cells))
        said.spread.append(_placed(spread, codes, cells))
        unseen = here[n[here] == 0]
        n[unseen] = revised[place].n[shown[unseen]]
    said.band[shown] = bands(n, by_quarter[-1], floor, profile)
    return said


def _same_panels(one: Revised, other: Revised) -> bool:
    return np.array_equal(one.shown, other.shown) and np.array_equal(one.member, other.member)


def _rounded(
    mean: Days, deviation: Days, drawn: Days, rules: FieldRules, profile: Profile
) -> tuple[Codes, Codes]:
    lowest = -CENTRE_MAX if rules.lowest_days is None else rules.lowest_days
    centre = np.clip(np.rint(mean + drawn[0]), lowest, CENTRE_MAX).astype(np.int64)
    if not rules.spread:
        return centre, np.zeros(len(centre), np.int64)
    wide = np.rint(profile.spread_factor * deviation + drawn[1])
    return centre, np.clip(wide, profile.spread_min_days, CENTRE_MAX).astype(np.int64)


def _placed(values: Codes, codes: Codes, cells: int) -> Codes:
    everywhere = np.zeros(cells, np.int64)
    everywhere[codes] = values
    return everywhere


def bands(n: Codes, drawn: Days, floor: int, profile: Profile) -> NDArray[np.uint8]:
    """Band of perturbed counts, from 1. `drawn` are standard normals; a count is never below the floor."""
    perturbed = np.maximum(floor, np.rint(n + profile.count_noise_sd * drawn))
    return np.searchsorted(profile.count_bands, perturbed, side="right").astype(np.uint8)


def any_shown(revised: Sequence[Revised]) -> Mask:
    """Where at least one field is published."""
    return np.asarray(np.logical_or.reduce([one.shown for one in revised]))
