"""Attacks beside the cells: invented relations, calls, a liar, the manifest's numbers.

Knows: who sees what (`privacy.visibility`), how manifests count, what one liar says.
Must not know: anybody's figures but the attacker's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from privacy.manifest_trees import count_band, padded_size, salts_key
from privacy.profiles import Profile
from privacy.visibility import FirmFacts, fold_release, fold_upload, no_relations, see
from tests.attacks.cases import Cases
from tests.attacks.scoring import Tellings
from tests.simulation.history import History, live_through
from tests.simulation.network import START, Network
from tests.simulation.policies import Policy

ADMITTED_CLIENTS, INVENTED, HARVEST_MONTHS = 50, 2000, 12
LIE_DAYS, LIAR_MONTHS = 400.0, 12
MANIFEST_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Check:
    """A figure beside the limit that it must not pass."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether it does not."""
        return self.value <= self.limit + 1e-9


def harvest(profile: Profile, seed: int) -> list[Check]:
    """A firm admitted with 50 clients sends 2,000 invented ones every month for a year."""
    rng = np.random.default_rng(seed)
    clients = np.sort(np.frombuffer(rng.bytes(32 * INVENTED), "V32"))
    first_day = int(np.datetime64("2023-01-01").astype("datetime64[D]").astype(np.int64))
    firm = FirmFacts(admitted_on=first_day, first_portfolio_limit=ADMITTED_CLIENTS)
    relations = no_relations()
    seen, may_call = [], []
    for month in range(HARVEST_MONTHS):
        relations, _ = fold_upload(
            relations, firm, START + month, clients, first_day + 30 * (month + 1) + 5, profile=profile
        )
        relations = fold_release(relations, START + month, clients)
        sight = see(relations, firm, START + month, profile)
        seen.append(int(sight.open.sum()))
        may_call.append(int(sight.seasoned.sum()))
    allowed = ADMITTED_CLIENTS
    for _ in range(HARVEST_MONTHS):
        allowed += max(profile.added_min, int(profile.added_share_max * allowed) + 1)
    return [
        Check("invented relations: cells open after a year", seen[-1], allowed, "clients"),
        Check("invented relations: calls possible in the first month", may_call[0], 0, "clients"),
        Check("invented relations: calls possible after a year", may_call[-1], allowed, "clients"),
    ]


def poisoning(network: Network, policy: Policy, cases: Cases, real: History, profile: Profile) -> list[Check]:
    """In every cell the case's firm lies as grossly as it can from one month on: how far the centres go."""
    since = network.months - LIAR_MONTHS
    late, dso = network.late.copy(), network.dso.copy()
    late[cases.relation, since:], dso[cases.relation, since:] = LIE_DAYS, LIE_DAYS
    lied = live_through(replace(network, late=late, late_first=late, dso=dso), policy)
    n = real.count(0)[cases.client]
    moved = lied.published["days_late"][cases.client] - real.published["days_late"][cases.client]
    first, end = np.abs(moved[:, since]), np.abs(moved[:, -1])
    share = n[:, since] * first
    known = ~np.isnan(share)
    width = 2 * (profile.first_clip_days + profile.clip_days)
    last = ~np.isnan(end) & (n[:, -1] <= profile.n_min + 1)
    return [
        Check(
            "a liar: n x move of a centre at once, most", float(share[known].max()), width + n.max(), "days"
        ),
        Check("a liar: move in cells of 5 and 6 after a year, mean", float(end[last].mean()), 25.0, "days"),
    ]


def manifest_tells(real: History, absent: History, cases: Cases) -> Tellings:
    """Sizes and bands of the manifests of half a year, with the target's relation and without it."""
    key = salts_key(bytes(range(32)))
    newest = real.published["days_late"].shape[1] - 1
    rows: list[list[list[float]]] = [[], []]
    shown = [~np.isnan(one.published["days_late"]) for one in (real, absent)]
    totals = shown[0].sum(axis=0)
    known: dict[tuple[int, int], tuple[float, float]] = {}
    for client in cases.client:
        for place in range(2):
            row: list[float] = []
            for month in range(newest - MANIFEST_MONTHS + 1, newest + 1):
                less = int(shown[0][client, month]) - int(shown[1][client, month]) if place else 0
                row += _counts(key, month, int(totals[month]) - less, known)
            rows[place].append(row)
    return Tellings(np.array(rows[0]), np.array(rows[1]))


def _counts(
    key: bytes, month: int, count: int, known: dict[tuple[int, int], tuple[float, float]]
) -> tuple[float, float]:
    if (month, count) not in known:
        text = f"{2023 + month // 12:04d}-{month % 12 + 1:02d}"
        band = count_band(key, text, count).split("-")[0].rstrip("+")
        known[month, count] = float(padded_size(key, "cell", text, count)), float(band)
    return known[month, count]
