"""Policies that were tried beside the one that is published: other noise, other cuts, other floors.

Knows: profiles, and where the policy's code is bent for what no profile can say.
Must not know: how a policy is attacked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from privacy import centres
from privacy.profiles import STANDARD, STRICT, Profile
from tests.simulation.history import History
from tests.simulation.policies import Names, Published, Sent, Shown

Days = NDArray[np.float64]
LATE_SLOT, DSO_SLOT = 0, 2
SPREAD = replace(STANDARD.fields[0], spread=True)


@dataclass(frozen=True)
class Bent(Published):
    """The real policy but for one thing that its profile cannot say."""

    own_cut_only: bool = False  # values are cut around the cell's last centre alone, as first designed
    shared: float = 0.0  # share of the variance of the noise that days late and DSO have in common
    estimator: str = "mean"  # of the cut values: "mean", "median", "trimmed" (without lowest and highest)
    label: str = ""

    @property
    def name(self) -> str:
        return self.label

    def release(self, month: int, uploads: Sent, state: bytes | None, aged: Sent = ()) -> tuple[Shown, bytes]:
        with self._bent():
            return super().release(month, uploads, state, aged)

    def bounds(self, last: Days, network: Days) -> tuple[Days, Days]:
        if not self.own_cut_only:
            return super().bounds(last, network)
        known = np.where(np.isnan(last), network, last)
        reach = np.where(np.isnan(last), self.profile.first_clip_days, self.profile.clip_days)
        return known - reach, known + reach

    def plain(self, values: Days, low: Days, high: Days) -> tuple[Days, Days]:
        centre, spread = super().plain(values, low, high)
        if self.estimator == "mean":
            return centre, spread
        return _estimate(np.clip(values, low[..., None], high[..., None]), self.estimator), spread

    def covariance(self, column: Names, months: NDArray[np.int64], sets: NDArray[np.int64]) -> Days:
        own = super().covariance(column, months, sets)
        if not self.shared:
            return own
        same = super().covariance(np.full(len(column), "any"), months, sets)
        centre = column != "spread"
        across = (column[:, None] != column) & centre[:, None] & centre
        return own + self.shared * same * across

    @contextmanager
    def _bent(self) -> Iterator[None]:
        with (
            mock.patch.object(centres, "bounded", self._bounded),
            mock.patch.object(centres.Draws, "normals", _sharing(self.shared)),
        ):
            yield

    def _bounded(
        self, revised: Any, panels: Any, start: Days, profile: Profile, *, spread: bool = True
    ) -> tuple[Days, Days]:
        if self.estimator != "mean":
            return self._otherwise(revised, panels, start, profile)
        if not self.own_cut_only:
            return BOUNDED(revised, panels, start, profile, spread=spread)
        moved, reach = start.copy(), np.full(len(start), profile.first_clip_days)
        moved[panels.cell], reach[panels.cell] = panels.centre, profile.clip_days
        nowhere = replace(panels, cell=panels.cell[:0], centre=panels.centre[:0])
        low, high = moved - reach, moved + reach
        cut = np.clip(revised.value, np.repeat(low, revised.n), np.repeat(high, revised.n))
        wide = replace(profile, first_clip_days=1e9)
        return BOUNDED(replace(revised, value=cut), nowhere, moved, wide, spread=spread)

    def _otherwise(self, revised: Any, panels: Any, start: Days, profile: Profile) -> tuple[Days, Days]:
        """Another estimator of the same cut values."""
        last = np.full(len(start), np.nan)
        last[panels.cell] = panels.centre
        low, high = super().bounds(last, start)
        n = revised.n
        table = np.full((len(n), max(1, int(n.max(initial=0)))), np.nan)
        place = np.arange(len(revised.value)) - np.repeat(np.cumsum(n) - n, n)
        table[np.repeat(np.arange(len(n)), n), place] = revised.value
        centre = _estimate(np.clip(table, low[:, None], high[:, None]), self.estimator)
        return np.where(n > 0, centre, 0.0), np.zeros(len(n))


def _estimate(values: Days, kind: str) -> Days:
    """Of (..., n) values, NaN: none."""
    ordered = np.sort(values, axis=-1)  # NaN last
    n = np.sum(~np.isnan(values), axis=-1)
    drop = (n - 1) // 2 if kind == "median" else np.minimum(1, (n - 1) // 2)
    rank = np.arange(values.shape[-1])
    kept = (rank >= drop[..., None]) & (rank < (n - drop)[..., None])
    return np.asarray(np.where(kept, ordered, 0.0).sum(axis=-1) / np.maximum(1, kept.sum(axis=-1)))


@dataclass(frozen=True)
class Shrunk(Published):
    """What is published, drawn towards the sector's published centre (the network's where there is none).

    By (the band's lowest count) / (that + strength): a function of what is published already. Who reads it
    undoes it, up to rounding, and attacks what is left.
    """

    strength: float = 0.0
    label: str = ""

    @property
    def name(self) -> str:
        return self.label

    def drawn(self, history: History) -> History:
        """What readers see."""
        return self._moved(history, undo=False)

    def undone(self, history: History) -> History:
        """What an attacker makes of it."""
        return self._moved(history, undo=True)

    def _moved(self, history: History, *, undo: bool) -> History:
        published = dict(history.published)
        lowest = np.array([np.nan, *self.profile.count_bands])
        n = lowest[np.nan_to_num(published["band"]).astype(np.int64)]
        weight = n / (n + self.strength)
        sector = np.nan_to_num(published["sector"]).astype(np.int64)
        for name in self.fields:
            centre, months = published[name], np.arange(sector.shape[1])
            level = history.sectors[name][sector, months]
            level = np.where(np.isnan(level), history.network[name], level)
            level = np.where(np.isnan(level), centre, level)
            if undo:
                published[name] = level + (centre - level) / weight
            else:
                published[name] = np.rint(level + (centre - level) * weight)
        return replace(history, published=published)


BOUNDED = centres.bounded
NORMALS = centres.Draws.normals


def _sharing(share: float) -> Any:
    """Draws of DSO that have a share of their variance in common with those of days late."""

    def normals(
        self: centres.Draws, purpose: str, period: int, cells: Any, slots: tuple[int, ...], sets: Any = None
    ) -> Days:
        drawn = np.array(NORMALS(self, purpose, period, cells, slots, sets))
        if share and DSO_SLOT in slots and self.level == "client":
            common = NORMALS(self, purpose, period, cells, (LATE_SLOT,), sets)[0]
            place = slots.index(DSO_SLOT)
            drawn[place] = share * common + (1 - share**2) ** 0.5 * drawn[place]
        return drawn

    return normals


def _profile(name: str, **numbers: Any) -> Published:
    return Published(replace(STANDARD, name=name, **numbers))


def _noise(permanent: float, by_set: float, quarter: float, month: float) -> dict[str, float]:
    return {
        "noise_permanent_days": permanent,
        "noise_set_days": by_set,
        "noise_quarter_days": quarter,
        "noise_month_days": month,
    }


def variants() -> list[tuple[Published, str]]:
    """Each policy that was tried, and what it is."""
    both = (SPREAD, STANDARD.fields[1])
    own_cut = "as designed: cut around its own last centre"
    return [
        (Published(STANDARD), "what is published"),
        (
            Bent(replace(STANDARD, fields=both), own_cut_only=True, label="proposal"),
            f"{own_cut}, with a spread",
        ),
        (Bent(STANDARD, own_cut_only=True, label="own cut"), f"{own_cut}, without a spread"),
        (_profile("spread", fields=both), "the wider cut, with a spread"),
        (_profile("spread, 2.5", fields=both, field_factor=2.5), "with a spread and noise to pay for it"),
        *((_profile(f"factor {each}", field_factor=each), "the noise's factor") for each in (1.0, 1.2)),
        (
            _profile("permanent, 1.25", field_factor=1.25, **_noise(16.0, 8.0, 6.0, 6.0)),
            "less noise, more of it permanent",
        ),
        (_profile("passing", **_noise(6.0, 12.0, 12.0, 9.0)), "as much noise, less of it permanent"),
        (
            Bent(replace(STANDARD, field_factor=1.2), shared=0.5, label="shared, 1.2"),
            "half of the noise common to both fields",
        ),
        (
            Bent(STANDARD, estimator="median", label="median"),
            "a median of the cut values, the same noise",
        ),
        (
            Bent(STANDARD, estimator="trimmed", label="trimmed"),
            "a mean without the lowest and the highest value, the same noise",
        ),
        (_profile("narrower", clip_days=12.0, first_clip_days=24.0), "cut at 24 and 12 days"),
        *(
            (
                Shrunk(STANDARD, strength=each, label=f"shrunk, {each:g}"),
                "drawn towards its sector's published centre",
            )
            for each in (1.0, 3.0)
        ),
        (
            _profile("set, 10", noise_set_days=10.0),
            "less noise by contributor set: watched, a coming or going tells too much",
        ),
        (_profile("from 4", n_min=4, count_bands=(4, 10, 20)), "an indicative tier from four"),
        (_profile("from 3", n_min=3, count_bands=(3, 10, 20)), "an indicative tier from three"),
        (Published(STRICT), "days late alone"),
    ]
