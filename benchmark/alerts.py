"""Alerts that follow from published cells alone: shock and drift of a client's days late.

Knows: cells of at most `HISTORY_MONTHS` releases, and which alerts were raised earlier.
Must not know: contributions, who sees an alert, the time. It cannot reach what firms reported: what is not
published cannot move an alert.

Both detectors first remove the path that all clients share (the median of the same statistic over the
cells), then compare with a scale made of the noise that the policy is known to add to a cell of that count
band and of what the cells themselves show. Neither speaks of a cell in its first `alert_wait_months` months,
while its centre may still be climbing to its place, nor of one absent from the newest release.

shock-1  the newest month against the median of the three before it.
drift-1  rise over the median of months t-15..t-4, divided by its scale, cut at 15, smoothed over months
         (EWMA, weight 0.6 on the newest); at least 10 months of history, and the month before at least half
         way up: what lasted one month is a shock.

An alert of one kind on one client is not repeated for `REFRACTORY_MONTHS`.

Measured on simulated networks that went through the whole policy (heavy-tailed sharing, own monthly paths,
1.5 to 3 % of relations changing hands a month; `tests/benchmark/test_alerts.py` plays a smaller one):

    false onsets per 1,000 client-months   1.1 in networks of 150 clients (drift 0.8, shock 0.3), 0.5 to 0.8
                                           in networks of 3,000; of those called "very likely" 0.02
    jumps, caught within a year            30 days: all; 20 days: 85 to 96 %; median one month after
    rises over six months                  30 days: 96 to 100 %; 20 days: 68 to 84 %; 10 days: 14 to 19 %;
                                           median 4 to 6 months after they began

All suppliers of a simulated client are paid later at once: where only some are, less is caught. The days
until publication come on top of every delay.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from benchmark.series import Series, series
from privacy.disclosure import Cells
from privacy.profiles import STANDARD, Profile

Kind = Literal["drift", "shock"]
Confidence = Literal["likely", "very likely"]
KINDS: Final[tuple[Kind, ...]] = ("drift", "shock")

RAISED_DTYPE: Final = np.dtype([("pseudonym", "V32"), ("kind", "u1"), ("month", "<i4")])
"""An alert raised earlier; kind is its place in KINDS."""

HISTORY_MONTHS: Final = 24
REFRACTORY_MONTHS: Final = 6

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rules:
    """One detector's numbers; z is a rise in units of its scale."""

    name: str
    cut_z: float
    very_likely_z: float
    rise_min_days: float
    """A smaller rise is not worth a credit manager's time, however sure."""


DRIFT: Final = Rules("drift-1", cut_z=3.0, very_likely_z=4.0, rise_min_days=8.0)
SHOCK: Final = Rules("shock-1", cut_z=4.5, very_likely_z=6.0, rise_min_days=10.0)

SHOCK_BEFORE_MONTHS: Final = 3
DRIFT_WEIGHT: Final = 0.6  # of the newest month in the moving average
DRIFT_CUT: Final = 15.0
DRIFT_BASELINE: Final = (15, 4)  # months back, both included
DRIFT_BASELINE_MIN: Final = 6  # published months in the baseline: 10 months of history
DRIFT_SMOOTHED_MONTHS: Final = 6  # older months weigh less than half a hundredth
SCALE_PRIOR_MONTHS: Final = 12.0
"""A client's own variance counts as its months, its band's as so many."""
COMMON_CELLS_MIN: Final = 20
"""With fewer cells no common path is removed: a median of so few would be somebody's own."""
MIRROR_CELLS_MIN: Final = 2_000
MIRROR_RATE: Final = 1e-3
"""From so many cells on, no cut is under what so few of the improvements reach: the mirror is the null."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert on one client. `evidence` are the published cells it rests on: (month, days late)."""

    id: str  # canonical UUID text, the same whenever the same alert is found
    pseudonym: bytes  # 32 bytes
    month: int
    kind: Kind
    size_days: int  # rise over the baseline, the common path removed
    since_month: int  # first month of the move
    confidence: Confidence
    detector: str  # "drift-1" or "shock-1"
    ends_at_days: int  # the first published centre at or below this ends it
    may_be_larger: bool  # the newest move is one that the policy may have cut
    evidence: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Statistics of one detector, (clients,) each; NaN where the detector has nothing to say."""

    rules: Rules
    kind: Kind
    z: Floats
    rise: Floats
    evidence_months: int


def detect(
    history: Sequence[tuple[int, Cells]],
    month: int,
    raised: NDArray[np.void],
    profile: Profile = STANDARD,
) -> list[Alert]:
    """Alerts of the release of `month`, sorted by pseudonym, then kind.

    `history`: (month, cells) of the chain's releases, oldest first; the newest HISTORY_MONTHS up to `month`
    are read. `raised`: RAISED_DTYPE, earlier alerts; rows of `month` itself and later are ignored, so that a
    repeated run gives the same alerts.
    """
    cells = series(history, month, HISTORY_MONTHS)
    settled = _settled(cells, profile.alert_wait_months)
    alerts: list[Alert] = []
    for found in (_drift(cells, profile), _shock(cells, profile)):
        z = np.where(settled & ~_resting(cells, found.kind, month, raised), found.z, np.nan)
        cut = _cut(found.z[settled], found.rules.cut_z)
        rows = np.nonzero((z >= cut) & (found.rise >= found.rules.rise_min_days))[0]
        alerts += [_alert(cells, found, int(row), profile) for row in rows]
    return sorted(alerts, key=lambda alert: (alert.pseudonym, alert.kind))


def _settled(cells: Series, wait_months: int) -> Mask:
    """Clients published in the newest month, and first `wait_months` ago or earlier."""
    published = ~np.isnan(cells.days_late)
    before = published[:, : published.shape[1] - wait_months]
    return np.asarray(published[:, -1] & before.any(axis=1))


def _resting(cells: Series, kind: Kind, month: int, raised: NDArray[np.void]) -> Mask:
    recent = raised[
        (raised["kind"] == KINDS.index(kind))
        & (raised["month"] < month)
        & (raised["month"] > month - REFRACTORY_MONTHS)
    ]
    return np.isin(cells.pseudonyms, np.ascontiguousarray(recent["pseudonym"]))


def _cut(z: Floats, cut: float) -> float:
    """The detector's cut, or higher where more than MIRROR_RATE of the cells improve by it."""
    known = z[~np.isnan(z)]
    if len(known) < MIRROR_CELLS_MIN:
        return cut
    return max(cut, float(np.quantile(-known, 1 - MIRROR_RATE)))


def _shock(cells: Series, profile: Profile) -> _Found:
    newest, before = cells.days_late[:, -1], cells.days_late[:, -1 - SHOCK_BEFORE_MONTHS : -1]
    baseline = _median(before, at_least=2)
    rise = newest - baseline
    rise -= _common(rise)
    band = cells.band[:, -1]
    # A quarter's first month brings new draws of the quarter and of sets; the cells' own scale shows it.
    floor = np.array([np.nan] + [profile.month_noise_sd_days(n) * 1.3 for n in profile.count_bands])
    scale = np.sqrt(np.maximum(_band_variance(rise, band, len(profile.count_bands)), floor[band] ** 2))
    return _Found(SHOCK, "shock", rise / scale, rise, SHOCK_BEFORE_MONTHS + 1)


def _drift(cells: Series, profile: Profile) -> _Found:
    total = cells.days_late.shape[1]
    smoothed = np.zeros(len(cells.days_late))
    rise = np.full(len(smoothed), np.nan)
    for at in range(total - DRIFT_SMOOTHED_MONTHS, total):
        window = cells.days_late[:, max(0, at - DRIFT_BASELINE[0]) : at - DRIFT_BASELINE[1] + 1]
        baseline = _median(window, at_least=DRIFT_BASELINE_MIN)
        rise = cells.days_late[:, at] - baseline
        rise = rise - _common(rise)
        z = rise / np.sqrt(_drift_variance(rise, window, cells.band[:, at], profile))
        known = ~np.isnan(z)
        step = DRIFT_WEIGHT * np.clip(z, -DRIFT_CUT, DRIFT_CUT) + (1 - DRIFT_WEIGHT) * smoothed
        smoothed = np.where(known, step, smoothed)
    half = cells.days_late[:, -1] - rise / 2
    before = cells.days_late[:, -2]
    lasting = np.where(rise >= 0, before >= half, before <= half)  # false where either is unknown
    return _Found(DRIFT, "drift", np.where(lasting, smoothed, np.nan), rise, DRIFT_BASELINE[0] + 1)


def _drift_variance(rise: Floats, window: Floats, band: NDArray[np.uint8], profile: Profile) -> Floats:
    """Days squared: the variance of rises over the client's band, and the client's own in its baseline."""
    floor = np.array([np.nan] + [profile.noise_sd_days(n) for n in profile.count_bands])[band] ** 2
    shared = np.maximum(_band_variance(rise, band, len(profile.count_bands)), floor)
    known = ~np.isnan(window)
    months = known.sum(axis=1)
    mean = np.where(known, window, 0.0).sum(axis=1) / np.maximum(months, 1)
    squares = np.where(known, window - mean[:, None], 0.0) ** 2
    own = squares.sum(axis=1) / np.maximum(months - 1, 1)
    return np.asarray((months * own + SCALE_PRIOR_MONTHS * shared) / (months + SCALE_PRIOR_MONTHS))


def _median(values: Floats, at_least: int) -> Floats:
    """Median of each row's known values; NaN where fewer than `at_least` are."""
    known = (~np.isnan(values)).sum(axis=1)
    ascending = np.sort(values, axis=1)  # unknown ones last
    rows = np.arange(len(values))
    lower, upper = np.maximum(known - 1, 0) // 2, known // 2
    middle = (ascending[rows, lower] + ascending[rows, upper]) / 2
    return np.where(known >= at_least, middle, np.nan)


def _common(rise: Floats) -> float:
    known = rise[~np.isnan(rise)]
    return float(np.median(known)) if len(known) >= COMMON_CELLS_MIN else 0.0


def _band_variance(rise: Floats, band: NDArray[np.uint8], bands: int) -> Floats:
    """Robust variance of the rises in each client's band, drawn towards that of all; (clients,)."""
    known = ~np.isnan(rise)
    overall = _robust_variance(rise[known])
    of_band = np.full(bands + 1, overall)
    for one in range(1, bands + 1):
        members = rise[known & (band == one)]
        weight = len(members) / (len(members) + COMMON_CELLS_MIN)
        of_band[one] = weight * _robust_variance(members) + (1 - weight) * overall
    return of_band[band]


def _robust_variance(values: Floats) -> float:
    """Square of 1.4826 median absolute deviations about zero (the common path is gone); 0 of nothing."""
    return float((1.4826 * np.median(np.abs(values))) ** 2) if len(values) else 0.0


def _alert(cells: Series, found: _Found, row: int, profile: Profile) -> Alert:
    month = int(cells.months[-1])
    pseudonym = cells.pseudonyms[row].tobytes()
    own = cells.days_late[row]
    shown = [place for place in range(len(own) - found.evidence_months, len(own)) if not np.isnan(own[place])]
    rise, since = float(found.rise[row]), len(own) - 1
    half = own[-1] - rise / 2
    while found.kind == "drift" and since - 1 in shown and own[since - 1] >= half:
        since -= 1
    moved = len(shown) > 1 and own[shown[-1]] - own[shown[-2]] >= profile.move_warning_days
    return Alert(
        id=_identity(pseudonym, month, found.kind, found.rules.name),
        pseudonym=pseudonym,
        month=month,
        kind=found.kind,
        size_days=round(rise),
        since_month=int(cells.months[since]),
        confidence="very likely" if found.z[row] >= found.rules.very_likely_z else "likely",
        detector=found.rules.name,
        ends_at_days=round(float(half)),
        may_be_larger=bool(moved),
        evidence=tuple((int(cells.months[place]), int(own[place])) for place in shown),
    )


def _identity(pseudonym: bytes, month: int, kind: Kind, detector: str) -> str:
    content = pseudonym + month.to_bytes(4, "little") + f"{kind}|{detector}".encode()
    return str(uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4))
