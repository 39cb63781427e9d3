"""What each rule of the policy costs its readers: coverage and error with the rule switched off.

Knows: profiles, how to switch a rule off by its numbers. Must not know: attackers.
"""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass, replace
from typing import Any

from privacy.profiles import Profile
from tests.attacks.worth import Worth, total, worth
from tests.simulation.history import live_through
from tests.simulation.network import Size, make
from tests.simulation.policies import Published

NEVER_CUT_DAYS = 10_000.0


@dataclass(frozen=True, slots=True)
class Off:
    """A rule of the design (its number) and the numbers that switch it off."""

    rule: int
    name: str
    numbers: dict[str, Any]


OFF = (
    Off(2, "at least five groups in a cell", {"n_min": 1, "count_bands": (1, 10, 20)}),
    Off(
        3,
        "frozen panels",
        {"revision_months": 1, "pending_changes_min": 1, "pending_wait_max_months": 0, "silent_months": 0},
    ),
    Off(3, "at least two changes together", {"pending_changes_min": 1}),
    Off(3, "no value older than six months", {"carry_max_months": 120}),
    Off(4, "bounded centre", {"clip_days": NEVER_CUT_DAYS, "first_clip_days": NEVER_CUT_DAYS}),
    Off(
        5,
        "keyed noise",
        {
            "noise_permanent_days": 0.0,
            "noise_set_days": 0.0,
            "noise_quarter_days": 0.0,
            "noise_month_days": 0.0,
        },
    ),
    Off(5, "the permanent part of the noise", {"noise_permanent_days": 0.0}),
    Off(5, "the noise by contributor set", {"noise_set_days": 0.0}),
    Off(5, "the noise by quarter", {"noise_quarter_days": 0.0}),
    Off(5, "the noise by month", {"noise_month_days": 0.0}),
    Off(7, "perturbed counts", {"count_noise_sd": 0.0}),
    Off(8, "more noise for two fields", {"field_factor": 1.0}),
)


def costs(profile: Profile, seeds: range = range(2000, 2003), size: Size = Size()) -> list[dict[str, Any]]:  # noqa: B008
    """A row for the whole profile and one for each rule that is off: shares, and days of error by field."""
    variants = [profile, *(replace(profile, name="off", **off.numbers) for off in OFF)]
    work = [(variant, seed, size) for variant in variants for seed in seeds]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.starmap(_worth, work, chunksize=1)
    rows = []
    for place in range(len(variants)):
        part = total(found[place * len(seeds) : (place + 1) * len(seeds)])
        off = OFF[place - 1] if place else None
        said = {"rule": off.rule if off else 0, "off": off.name if off else "", "profile": profile.name}
        rows.append(said | {name: round(value, 4) for name, value in part.items()})
    return rows


def _worth(profile: Profile, seed: int, size: Size) -> Worth:
    network = make(seed, size)
    return worth(network, live_through(network, Published(profile)))
