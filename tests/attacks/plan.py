"""Which attacks are run on which worlds: one seed is one network, attacked in every way.

Knows: attacks, their worlds, how trials of several seeds are put together and judged.
Must not know: how a figure is printed.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.attacks import membership, reconstruct, shams
from tests.attacks.cases import standing
from tests.attacks.reconstruct import World, truths
from tests.attacks.scoring import Score, Tellings, Trials, score, score_telling, together
from tests.attacks.worth import Worth, total, worth
from tests.simulation.history import History, live_through
from tests.simulation.network import Network, Size, make, twin
from tests.simulation.policies import Policy

FLOOR = 5
FIELDS = ("days_late", "dso")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried: the attacker practises on the first seeds, the others judge."""

    name: str
    practice: int
    judged: int
    size: Size = field(default_factory=Size)
    months_averaged: int = 18
    processes: int = 2


FULL = Effort("full", practice=6, judged=12)
SMOKE = Effort(
    "smoke",
    practice=1,
    judged=2,
    size=Size(firms=120, clients=1800, months=15),
    months_averaged=9,
    processes=1,
)


@dataclass(frozen=True, slots=True)
class Seed:
    """What one network gave."""

    trials: dict[tuple[str, str, str], Trials]  # (attack, target, ceiling)
    tellings: dict[tuple[str, str, str], Tellings]
    worth: Worth


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that was measured of one policy."""

    policy: str
    effort: str
    scores: list[Score]
    worth: dict[str, float]


def attack(policy: Policy, effort: Effort, first_seed: int = 1000) -> Outcome:
    """Every attack on the policy."""
    seeds = range(first_seed, first_seed + effort.practice + effort.judged)
    work = [(policy, effort, seed) for seed in seeds]
    if effort.processes > 1:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        with multiprocessing.get_context("spawn").Pool(effort.processes) as pool:
            found = pool.starmap(attack_seed, work, chunksize=1)
    else:
        found = [attack_seed(*one) for one in work]
    return Outcome(
        policy.name, effort.name, judge(found, effort.practice), total([one.worth for one in found])
    )


def judge(found: Sequence[Seed], practice: int) -> list[Score]:
    """Practise on the first networks, score on the rest."""
    scores = []
    for key in found[0].trials:
        parts = [one.trials[key] for one in found]
        scores += score(*key, together(parts[:practice]), together(parts[practice:]))
    for key in found[0].tellings:
        parts = [one.tellings[key] for one in found]
        scores.append(score_telling(*key, _one(parts[:practice]), _one(parts[practice:])))
    return scores


def attack_seed(policy: Policy, effort: Effort, seed: int) -> Seed:
    """One network, attacked in every way."""
    np.seterr(invalid="ignore")
    network = make(seed, effort.size)
    real = live_through(network, policy)
    truth = truths(network)
    trials = _on_standing(network, policy, real, truth, effort, seed)
    trials |= _with_shams(network, policy, effort, seed)
    return Seed(trials, _memberships(network, policy, real, truth, seed), worth(network, real))


def _on_standing(
    network: Network, policy: Policy, real: History, truth: np.ndarray, effort: Effort, seed: int
) -> dict[tuple[str, str, str], Trials]:
    cases = standing(network, real, network.months - 1, seed)
    redrawn = live_through(twin(network, cases.relation, seed + 10_000), policy)
    world = World(network, policy, real, redrawn, cases, truth)
    found = {}
    for place, name in enumerate(FIELDS):
        found["insider", name, "reconstruction"] = reconstruct.members(world, 1, seed, place)
        found["two colluders", name, "reconstruction"] = reconstruct.members(world, 2, seed, place)
        for months in (1, 12, 18):
            if months <= effort.months_averaged:
                found[f"all but one, {months} months", name, "all but one"] = reconstruct.all_but_one(
                    world, months, place
                )
    return found


def _with_shams(
    network: Network, policy: Policy, effort: Effort, seed: int
) -> dict[tuple[str, str, str], Trials]:
    world, strategy = shams.infiltrate(network, policy, FLOOR, seed)
    shown = ~np.isnan(world.real.published["days_late"][world.cases.client, world.newest])
    found = {}
    for place, name in enumerate(FIELDS):
        every = shams.k_minus_1(world, effort.months_averaged, place)
        for number, label in enumerate(shams.STRATEGIES):
            mask = shown & (strategy == number) & ~np.isnan(every.truth)
            found[f"k - 1 shams, {label}", name, "shams"] = every.those(mask)
    return found


def _memberships(
    network: Network, policy: Policy, real: History, truth: np.ndarray, seed: int
) -> dict[tuple[str, str, str], Tellings]:
    edge = membership.at_the_edge(network, FLOOR, real, seed)
    told, both = membership.told(network, truth, real, membership.absent_world(network, policy, edge), edge)
    anyone = membership.at_random(network, real, seed)
    all_told, _ = membership.told(
        network, truth, real, membership.absent_world(network, policy, anyone), anyone
    )
    return {
        ("membership", "published", "membership"): Tellings(told.real[both], told.twin[both]),
        ("membership", "population", "membership"): all_told,
        ("membership", "five suppliers or more", ""): told,
    }


def _one(parts: Sequence[Tellings]) -> Tellings:
    return Tellings(np.concatenate([one.real for one in parts]), np.concatenate([one.twin for one in parts]))
