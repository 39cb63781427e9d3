"""When a whole sector slows: its published cell against its own past, the network's move removed.

Knows: the wide cells of a series, the noise that a policy adds to them. Must not know: clients, who hears.

The rise of a sector's published centre over the median of months t-15..t-4, less the network's own rise where
its cell is published, in units of the noise that the policy adds to two wide cells of that count band (what
is drawn once for the cell cancels out of a difference). It is told when this month and the one before are
both beyond the cut: a quarter's or a month's draw alone is no shift. Sectors are few and their noise is
known, so the cut is the normal distribution's: one month of noise passes it once in 700.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.series import Series
from privacy.disclosure import MISSING
from privacy.profiles import Profile
from privacy.raw import SECTORS

CUT_Z: Final = 3.0
VERY_LIKELY_Z: Final = 4.0
RISE_MIN_DAYS: Final = 4.0
BASELINE: Final = (15, 4)  # months back, both included
BASELINE_MIN: Final = 6
LASTING_MONTHS: Final = 2


@dataclass(frozen=True, slots=True)
class Shift:
    """One sector's shift: days beyond the network's, the network's own, how sure, since when, on what."""

    code: int
    days: float
    shared_days: float
    z: float
    since: int  # place among the months
    shown: tuple[int, ...]  # places of the months it rests on


def shifts(cells: Series, profile: Profile) -> list[Shift]:
    """Sectors that have slowed for LASTING_MONTHS, by code."""
    last = len(cells.months) - 1
    if last < BASELINE[1] + LASTING_MONTHS:
        return []
    found = []
    for code in range(1, 1 + SECTORS):
        steps = [_rise(cells, code, at, profile) for at in range(last - LASTING_MONTHS + 1, last + 1)]
        if all(step is not None and step[1] >= CUT_Z and step[0] >= RISE_MIN_DAYS for step in steps):
            days, z, shared = steps[-1] or (0.0, 0.0, 0.0)
            months = range(max(0, last - BASELINE[0]), last + 1)
            shown = tuple(at for at in months if cells.wide[at, code] != MISSING)
            found.append(Shift(code, days, shared, z, last - LASTING_MONTHS + 1, shown))
    return found


def _rise(cells: Series, code: int, at: int, profile: Profile) -> tuple[float, float, float] | None:
    """(days beyond the network's, z, the network's own days) at a month; None where it cannot be told."""
    own = _over_baseline(cells.wide[:, code], at)
    if own is None:
        return None
    network = _over_baseline(cells.wide[:, 0], at)
    shared = 0.0 if network is None else network
    band = int(cells.wide_band[at, code])
    count = max(profile.network_n_min, profile.count_bands[band - 1] if band else 0)
    return own - shared, (own - shared) / noise_sd_days(profile, count), shared


def _over_baseline(days: NDArray[np.int16], at: int) -> float | None:
    window = days[max(0, at - BASELINE[0]) : max(0, at - BASELINE[1] + 1)]
    known = window[window != MISSING]
    if days[at] == MISSING or len(known) < BASELINE_MIN:
        return None
    return float(days[at] - np.median(known))


def noise_sd_days(profile: Profile, count: int) -> float:
    """Of a sector's rise: what is drawn by set, quarter and month, twice (now and before)."""
    drawn = profile.noise_set_days**2 + profile.noise_quarter_days**2 + profile.noise_month_days**2
    return float((2 * drawn) ** 0.5 * profile.field_factor * profile.wide_factor / count)
