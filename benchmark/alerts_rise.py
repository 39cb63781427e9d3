"""How far a client's published centre has risen, in units of what chance does to it: shock and drift.

Knows: cells as dense arrays, the noise that a policy adds. Must not know: who hears of it, what an alert is.

Days are kept as whole numbers of half days, so that medians are counts in a histogram: 1,000,000 clients with
24 months take about as long as sorting their cells once.

From a rise the path that all clients share is removed first (the median of the same rise over the cells):
what slows everybody, as August does, is nobody's alert. Of a client whose published sector has enough cells
it is the sector's own median, drawn towards the network's; of another the network's. What is left is divided
by a scale made of the noise that the policy is known to add at that count band and of what the cells
themselves show.

shock   the newest month against the median of the three before it.
drift   the rise over the median of months t-15..t-4, divided by its scale, clipped at 15, smoothed over four
        months (EWMA, Roberts 1959, weight 0.6 on the newest; older months would weigh 3 %); at least 10
        months of history, and the month before at least half way up: what lasted one month is a shock.

Neither speaks of a rise that the client had a year ago too, where its cell was published then: a season.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.series import Series
from privacy.disclosure import MISSING
from privacy.profiles import Profile
from privacy.raw import SECTORS

Floats = NDArray[np.float32]
Halves = NDArray[np.int32]
Mask = NDArray[np.bool_]

SHOCK_BEFORE_MONTHS: Final = 3
DRIFT_WEIGHT: Final = 0.6
DRIFT_CLIP_Z: Final = 15.0
DRIFT_SMOOTHED_MONTHS: Final = 4
DRIFT_BASELINE: Final = (15, 4)  # months back, both included
DRIFT_BASELINE_MIN: Final = 6  # published months in the baseline: 10 months of history
SCALE_PRIOR_MONTHS: Final = 12.0
"""A client's own variance counts as its months, its band's as so many."""
SHARED_CELLS: Final = 20
"""With fewer cells no common path is removed: a median of so few would be somebody's own. A sector's path
counts as its cells, the network's as so many."""
SEASON_MONTHS: Final = 12
SEASON_SHARE: Final = 0.65
"""Of a rise so much has to be left beside the same months a year before."""
QUARTER_FACTOR: Final = 1.3
"""A quarter's first month brings new draws of the quarter and of sets: a shock's scale is so much wider."""

_REACH: Final = 1_200  # half days: further rises are counted as so many
_WIDTH: Final = 2 * _REACH + 1


@dataclass(frozen=True, slots=True, eq=False)
class Rise:
    """One detector's statistic of the newest month, (clients,) each; NaN where it has nothing to say."""

    z: Floats = field(repr=False)
    days: Floats = field(repr=False)
    shared_days: Floats = field(repr=False)  # the common path, which `days` no longer holds
    of_sector: Mask = field(repr=False)  # whether that path is the client's sector's


def shock(cells: Series, profile: Profile) -> Rise:
    """The newest month against the median of the three before it."""
    before, known = median_twice(cells.days_late[-1 - SHOCK_BEFORE_MONTHS : -1], at_least=2)
    rise, path, told = _rise(cells, len(cells.months) - 1, before, known)
    band = cells.band[-1]
    floor = [0.0] + [profile.month_noise_sd_days(n) * QUARTER_FACTOR for n in profile.count_bands]
    variance = np.maximum(_band_variances(rise, told, band, len(floor)), np.square(floor))
    scale = np.sqrt(np.maximum(variance, 1e-6)).astype(np.float32)[band]
    return _stated(rise / 2 / scale, rise, path, told & ~seasonal(cells, rise))


def drift(cells: Series, profile: Profile) -> Rise:
    """The smoothed rise over the client's own lagged baseline."""
    last = len(cells.months) - 1
    clients = len(cells.pseudonyms)
    smoothed = np.zeros(clients, np.float32)
    rise, told = np.zeros(clients, np.int32), np.zeros(clients, bool)
    path = _no_path(cells)
    for at in range(last - DRIFT_SMOOTHED_MONTHS + 1, last + 1):
        window = cells.days_late[max(0, at - DRIFT_BASELINE[0]) : at - DRIFT_BASELINE[1] + 1]
        baseline, known = median_twice(window, at_least=DRIFT_BASELINE_MIN)
        rise, path, told = _rise(cells, at, baseline, known)
        variance = _drift_variance(cells, at, window, rise, told, profile)
        z = np.clip(rise / 2 / np.sqrt(variance), -DRIFT_CLIP_Z, DRIFT_CLIP_Z).astype(np.float32)
        step = DRIFT_WEIGHT * z + (1 - DRIFT_WEIGHT) * smoothed
        smoothed = np.where(told, step, smoothed)
    newest, before = cells.days_late[-1].astype(np.int32), cells.days_late[-2].astype(np.int32)
    half = 2 * newest - rise // 2
    lasting = np.where(rise >= 0, 2 * before >= half, 2 * before <= half) & (cells.days_late[-2] != MISSING)
    return _stated(smoothed, rise, path, told & lasting & ~seasonal(cells, rise))


def year_before(months: int) -> range:
    """Places of the newest month's own calendar month and the two around it, a year before."""
    return range(max(0, months - 2 - SEASON_MONTHS), max(0, months + 1 - SEASON_MONTHS))


def seasonal(cells: Series, rise: Halves) -> Mask:
    """Rises in half days that the client has every year: most of them was there a year ago.

    The newest month against the median of its own calendar month and the two around it, a year before, the
    shared path removed; where two of the three are published. A rise or fall of which less than
    SEASON_SHARE is left is the season's.
    """
    places = year_before(len(cells.months))
    before, known = median_twice(cells.days_late[places.start : places.stop], at_least=2)
    left, _, told = _rise(cells, len(cells.months) - 1, before, known)
    return told & np.where(rise >= 0, left < SEASON_SHARE * rise, left > SEASON_SHARE * rise)


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """What clients share of a rise: half days by client, and whether it is their sector's."""

    halves: Halves
    of_sector: Mask


def _no_path(cells: Series) -> Path:
    clients = len(cells.pseudonyms)
    return Path(np.zeros(clients, np.int32), np.zeros(clients, bool))


def _stated(z: NDArray[np.floating], rise: Halves, path: Path, told: Mask) -> Rise:
    nothing = np.float32(np.nan)
    return Rise(
        np.where(told, z, nothing).astype(np.float32),
        np.where(told, rise / np.float32(2), nothing).astype(np.float32),
        (path.halves / np.float32(2)).astype(np.float32),
        path.of_sector,
    )


def _rise(cells: Series, at: int, baseline: Halves, known: Mask) -> tuple[Halves, Path, Mask]:
    """Half days above the baseline without the shared path; the shared path; where both are known."""
    newest = cells.days_late[at]
    told = known & (newest != MISSING)
    rise = 2 * newest.astype(np.int32) - baseline
    path = shared_path(rise, told, cells.sector)
    return rise - path.halves, path, told


def shared_path(rise: Halves, told: Mask, sector: NDArray[np.uint8]) -> Path:
    """The median rise in half days, over the clients of a sector where they are enough, else over all.

    A sector's median is drawn towards the network's, which counts as SHARED_CELLS of its cells. None (0)
    where all the cells are too few.
    """
    counts = _histogram(rise[told], sector[told], 1 + SECTORS)
    total = counts.sum(axis=1)
    if total.sum() < SHARED_CELLS:
        return Path(np.zeros(len(rise), np.int32), np.zeros(len(rise), bool))
    network = _median(counts.sum(axis=0))
    paths = np.full(1 + SECTORS, network, np.int32)
    own = total >= SHARED_CELLS
    own[0] = False
    for code in np.nonzero(own)[0]:
        weight = total[code] / (total[code] + SHARED_CELLS)
        paths[code] = round(network + weight * (_median(counts[code]) - network))
    return Path(paths[sector], own[sector])


def _median(counts: NDArray[np.int64]) -> int:
    """The lower median of half days counted from -_REACH."""
    cumulative = counts.cumsum()
    return int(np.searchsorted(cumulative, (int(cumulative[-1]) - 1) // 2, side="right")) - _REACH


def median_twice(window: NDArray[np.int16], at_least: int) -> tuple[Halves, Mask]:
    """Twice the median of each client's known days in (months, clients), and where enough are known."""
    months, clients = window.shape
    if not months:
        return np.zeros(clients, np.int32), np.zeros(clients, bool)
    ascending = np.sort(np.ascontiguousarray(window.T), axis=1)  # MISSING is the lowest: it comes first
    missing = np.count_nonzero(window == MISSING, axis=0)
    known = months - missing
    row = np.arange(clients) * months + missing
    flat = ascending.reshape(-1).astype(np.int32)
    last = len(flat) - 1
    lower = flat[np.minimum(row + np.maximum(known - 1, 0) // 2, last)]
    upper = flat[np.minimum(row + known // 2, last)]
    return lower + upper, known >= max(1, at_least)


def _histogram(values: Halves, group: NDArray[np.uint8], groups: int) -> NDArray[np.int64]:
    place = np.clip(values, -_REACH, _REACH) + _REACH + group.astype(np.int32) * np.int32(_WIDTH)
    return np.bincount(place, minlength=groups * _WIDTH).reshape(groups, _WIDTH)


def _drift_variance(  # noqa: PLR0917
    cells: Series, at: int, window: NDArray[np.int16], rise: Halves, told: Mask, profile: Profile
) -> Floats:
    """Days squared: the variance of rises over the client's band, and the client's own in its baseline."""
    floor = [0.0] + [profile.noise_sd_days(n) for n in profile.count_bands]
    band = cells.band[at]
    shared = np.maximum(_band_variances(rise, told, band, len(floor)), np.square(floor))
    shared = np.maximum(shared, 1e-6).astype(np.float32)[band]
    known = np.zeros(window.shape[1], np.float32)
    total, squares = known.copy(), known.copy()
    for month in window:
        there = month != MISSING
        days = np.where(there, month, 0).astype(np.float32)
        known += there
        total += days
        squares += days * days
    deviations = np.maximum(squares - total * total / np.maximum(known, 1), 0)
    own = deviations / np.maximum(known - 1, 1)
    return np.asarray(
        (known * own + np.float32(SCALE_PRIOR_MONTHS) * shared) / (known + np.float32(SCALE_PRIOR_MONTHS))
    )


def _band_variances(rise: Halves, told: Mask, band: NDArray[np.uint8], bands: int) -> NDArray[np.float64]:
    """Robust variance in days squared of the rises in each band, drawn towards that of all; (bands,).

    The square of 1.4826 median absolute deviations about zero (the common path is gone).
    """
    deviation = np.abs(rise[told])
    counts = _histogram(deviation, band[told], bands)
    overall = _robust_sd(counts.sum(axis=0)) ** 2
    weight = counts.sum(axis=1) / (counts.sum(axis=1) + SHARED_CELLS)
    of_band = np.array([_robust_sd(one) ** 2 for one in counts])
    return np.asarray(weight * of_band + (1 - weight) * overall)


def _robust_sd(counts: NDArray[np.int64]) -> float:
    """1.4826 x median, in days, of absolute half days counted from `_REACH`; interpolated in its class."""
    cumulative = counts.cumsum()
    total = int(cumulative[-1])
    if not total:
        return 0.0
    at = int((cumulative * 2 >= total).argmax())
    within = (total / 2 - (cumulative[at] - counts[at])) / counts[at]
    # A class holds what rounds to its half day; the one of zero is half as wide.
    half_days = (at - _REACH) - 0.5 + within if at > _REACH else 0.5 * within
    return float(1.4826 * half_days / 2)
