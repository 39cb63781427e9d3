"""A cell's numbers: bounded centre, spread, band of the count, each with its keyed noise (rules 4 to 7).

Knows: members' values of one level's cells (the clients', or the one cell of the network), the release key.
Must not know: who is a member of what and why (`privacy.panels`), which numbers are published in the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from privacy import noise
from privacy.panels import Codes, Mask, Panels, Revised
from privacy.profiles import FieldRules, Profile

Days = NDArray[np.float64]

CENTRE_MAX = 32_767
"""Largest absolute value of a published number: two bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Where a level's noise comes from: one subject a cell code, one id a group code."""

    key: bytes = field(repr=False)
    subjects: NDArray[np.void]  # (cells,) V32, or V7 for the network
    groups: NDArray[np.void]  # (groups,) V16
    month: int

    def sets(self, revised: Revised, shown: Codes) -> list[bytes]:
        """Contributor set of each shown cell: its groups' ids, ascending, one after the other."""
        width = max(1, len(self.groups))
        ids = self.groups[revised.member % width].tobytes()
        size = self.groups.dtype.itemsize
        starts = np.searchsorted(revised.member, shown * width) * size
        ends = starts + revised.n[shown] * size
        return [ids[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def bounded(
    revised: Revised, panels: Panels, start: float, width: int, profile: Profile
) -> tuple[Days, Days]:
    """Mean of the values cut around each cell's anchor, and mean absolute deviation from it; (cells,) each.

    The anchor is the last published centre, or `start` for a cell never published; zero where no member is.
    """
    cells = len(revised.n)
    anchor, reach = np.full(cells, start), np.full(cells, profile.first_clip_days)
    anchor[panels.cell], reach[panels.cell] = panels.centre, profile.clip_days
    cell = revised.member // width
    cut = np.clip(revised.value, anchor[cell] - reach[cell], anchor[cell] + reach[cell])
    n = np.maximum(revised.n, 1)
    mean = np.bincount(cell, cut, minlength=cells) / n
    deviation = np.bincount(cell, np.abs(cut - mean[cell]), minlength=cells) / n
    return mean, deviation


def published_numbers(  # noqa: PLR0917
    revised: Revised, panels: Panels, start: float, rules: FieldRules, profile: Profile, draws: Draws
) -> tuple[Codes, Codes]:
    """Centre and spread of every cell in whole days; (cells,) each, zero where `revised.shown` is not."""
    mean, deviation = bounded(revised, panels, start, max(1, len(draws.groups)), profile)
    shown = np.nonzero(revised.shown)[0]
    sets = draws.sets(revised, shown)
    centre, spread = np.zeros(len(mean), np.int64), np.zeros(len(mean), np.int64)
    noisy = mean[shown] + _noise(rules.name, "", shown, sets, revised.n[shown], profile, draws)
    lowest = -CENTRE_MAX if rules.lowest_days is None else rules.lowest_days
    centre[shown] = np.clip(np.rint(noisy), lowest, CENTRE_MAX).astype(np.int64)
    if rules.spread:
        wide = profile.spread_factor * deviation[shown]
        wide += _noise(rules.name, "spread-", shown, sets, revised.n[shown], profile, draws)
        spread[shown] = np.clip(np.rint(wide), profile.spread_min_days, CENTRE_MAX).astype(np.int64)
    return centre, spread


def bands(n: Codes, shown: Mask, floor: int, profile: Profile, draws: Draws) -> NDArray[np.uint8]:
    """Band of each shown cell's perturbed count, from 1; 0 where not shown; (cells,).

    The perturbed count is never below the floor; the draw is the quarter's.
    """
    codes = np.nonzero(shown)[0]
    quarter = noise.period(draws.month // profile.revision_months)
    drawn = noise.normals(draws.key, "count", "", _subjects(draws, codes), [quarter] * len(codes))
    perturbed = np.maximum(floor, np.rint(n[codes] + profile.count_noise_sd * drawn))
    band = np.zeros(len(n), np.uint8)
    band[codes] = np.searchsorted(profile.count_bands, perturbed, side="right")
    return band


def _noise(  # noqa: PLR0917
    indicator: str, what: str, shown: Codes, sets: list[bytes], n: Codes, profile: Profile, draws: Draws
) -> Days:
    """Days of noise on each shown cell: four draws of different lives, scaled by 1 / n."""
    subjects = _subjects(draws, shown)
    each = len(shown)
    month = [noise.period(draws.month)] * each
    quarter = [noise.period(draws.month // profile.revision_months)] * each
    parts: tuple[tuple[str, float, list[bytes]], ...] = (
        ("permanent", profile.noise_permanent_days, [b""] * each),
        ("set", profile.noise_set_days, sets),
        ("quarter", profile.noise_quarter_days, quarter),
        ("month", profile.noise_month_days, month),
    )
    total = np.zeros(each)
    for purpose, amplitude, details in parts:
        total += amplitude * noise.normals(draws.key, what + purpose, indicator, subjects, details)
    return profile.field_factor * total / n


def _subjects(draws: Draws, codes: Codes) -> list[bytes]:
    size = draws.subjects.dtype.itemsize
    octets = draws.subjects[codes].tobytes()
    return [octets[at : at + size] for at in range(0, len(octets), size)]
