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
from tests.simulation.policies import Names, Published, Sent, Shown

Days = NDArray[np.float64]
LATE_SLOT, DSO_SLOT = 0, 2
SPREAD = replace(STANDARD.fields[0], spread=True)


@dataclass(frozen=True)
class Bent(Published):
    """The real policy but for one thing that its profile cannot say."""

    own_cut_only: bool = False  # values are cut around the cell's last centre alone, as first designed
    shared: float = 0.0  # share of the variance of the noise that days late and DSO have in common
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
        if not self.own_cut_only:
            return BOUNDED(revised, panels, start, profile, spread=spread)
        moved, reach = start.copy(), np.full(len(start), profile.first_clip_days)
        moved[panels.cell], reach[panels.cell] = panels.centre, profile.clip_days
        nowhere = replace(panels, cell=panels.cell[:0], centre=panels.centre[:0])
        low, high = moved - reach, moved + reach
        cut = np.clip(revised.value, np.repeat(low, revised.n), np.repeat(high, revised.n))
        wide = replace(profile, first_clip_days=1e9)
        return BOUNDED(replace(revised, value=cut), nowhere, moved, wide, spread=spread)


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
        (_profile("from 4", n_min=4, count_bands=(4, 10, 20)), "an indicative tier from four"),
        (_profile("from 3", n_min=3, count_bands=(3, 10, 20)), "an indicative tier from three"),
        (Published(STRICT), "days late alone"),
    ]
