"""Which attacks are run on which worlds: one seed is one network, attacked in every way.

Knows: attacks, their worlds, how trials of several seeds are put together and judged.
Must not know: how a figure is printed.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from privacy.profiles import STANDARD, Profile
from tests.attacks import (
    incidents,
    labels,
    membership,
    polling,
    reconstruct,
    sets,
    shams,
    sideways,
    terms,
    told,
)
from tests.attacks.cases import Cases, standing
from tests.attacks.reconstruct import World, truths
from tests.attacks.scoring import (
    Choices,
    Score,
    Tellings,
    Trials,
    score,
    score_choice,
    score_telling,
    together,
)
from tests.attacks.sideways import Check
from tests.attacks.worth import Worth, total, worth
from tests.simulation.history import History, live_through
from tests.simulation.network import Network, Size, make, twin
from tests.simulation.policies import Policy, Published

FIELDS = ("days_late", "dso")
FLOOR = 5
Key = tuple[str, str, str]  # attack, target, ceiling
Found = dict[Key, Trials | Tellings]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried: the attacker practises on the first seeds, the others judge."""

    name: str
    practice: int
    judged: int
    watched: int = 0  # further networks, for comings and goings alone: few cells see one
    size: Size = field(default_factory=Size)
    averaged: tuple[int, ...] = (1, 12, 18)
    everything: bool = True
    processes: int = 2


FULL = Effort("full", practice=3, judged=8, watched=16)
SMOKE = Effort(
    "smoke",
    practice=1,
    judged=2,
    size=Size(firms=120, clients=1800, months=15),
    averaged=(1, 9),
    everything=False,
    processes=1,
)


@dataclass(frozen=True, slots=True)
class Seed:
    """What one network gave."""

    found: Found
    checks: list[Check]
    worth: Worth


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that was measured of one policy."""

    policy: str
    effort: str
    scores: list[Score]
    checks: list[Check]
    worth: dict[str, float]


def attack(policy: Policy, effort: Effort, first_seed: int = 1000) -> Outcome:
    """Every attack on the policy."""
    seeds = range(first_seed, first_seed + effort.practice + effort.judged)
    work = [(policy, effort, seed) for seed in seeds]
    more = [(policy, effort, seeds.stop + place) for place in range(effort.watched)]
    if effort.processes > 1:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        with multiprocessing.get_context("spawn").Pool(effort.processes) as pool:
            found = pool.starmap(attack_seed, work, chunksize=1)
            watched = pool.starmap(watch_seed, more, chunksize=1)
    else:
        found, watched = [attack_seed(*one) for one in work], [watch_seed(*one) for one in more]
    return Outcome(
        policy.name,
        effort.name,
        judge([*(one.found for one in found), *watched], effort.practice),
        _worst([one.checks for one in found]),
        total([one.worth for one in found]),
    )


def judge(found: Sequence[Found], practice: int) -> list[Score]:
    """Practise on the first networks, score on the rest."""
    scores: list[Score] = []
    for key in found[0]:
        parts = [one[key] for one in found if key in one]
        learnt, judged = parts[:practice], parts[practice:]
        first = parts[0]
        if isinstance(first, Tellings):
            scores.append(score_telling(*key, _tellings(learnt), _tellings(judged)))
        elif isinstance(first, Choices):
            scores.append(score_choice(*key, together(learnt), together(judged)))
        else:
            scores += score(*key, together(learnt), together(judged))
    return scores


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One network lived through under the policy, and its twins."""

    policy: Policy
    seed: int
    network: Network
    real: History
    truth: reconstruct.Days

    def against(self, *cases: Cases, terms_too: bool = False) -> World:
        """A world in which the targets of all these cases are redrawn; they share no client."""
        targets = np.concatenate([one.relation for one in cases])
        other = twin(self.network, targets, self.seed + 10_000, terms_too=terms_too)
        redrawn = live_through(other, self.policy)
        return World(self.network, other, self.policy, self.real, redrawn, cases[0], self.truth)


def scene_of(policy: Policy, effort: Effort, seed: int) -> Scene:
    """The seed's network under the policy."""
    np.seterr(invalid="ignore")
    network = make(seed, effort.size)
    return Scene(policy, seed, network, live_through(network, policy), truths(network))


def watch_seed(policy: Policy, effort: Effort, seed: int) -> Found:
    """One network, watched while firms come and go."""
    return _comings_and_goings(scene_of(policy, effort, seed))


def attack_seed(policy: Policy, effort: Effort, seed: int) -> Seed:
    """One network, attacked in every way."""
    scene = scene_of(policy, effort, seed)
    network, real, against = scene.network, scene.real, scene.against
    world = against(standing(network, real, network.months - 1, seed))
    found = _members(world, effort, seed) | _with_shams(network, policy, effort, seed)
    found |= _memberships(world, seed, everything=effort.everything)
    checks: list[Check] = []
    if effort.everything:
        found |= _comings_and_goings(scene) | _corrections(scene)
        found |= _on_terms(world, against, effort, seed)
        found |= _on_sets(world, effort, seed)
        found |= _on_incidents(world, seed) | _on_labels(world, seed)
        found |= _with_alerts(world, effort, seed)
        profile = _profile(policy)
        checks = sideways.poisoning(network, policy, world.cases, real, profile)
        checks += sideways.harvest(profile, seed)
    return Seed(found, checks, worth(network, real))


def _members(world: World, effort: Effort, seed: int) -> Found:
    found: Found = {}

    def both(label: str, ceiling: str, trials: list[Trials]) -> None:
        for name, each in zip(FIELDS, trials, strict=True):
            if name in world.policy.fields:
                found[label, name, ceiling] = each

    both("insider", "reconstruction", reconstruct.members(world, 1, seed))
    both("two colluders", "reconstruction", reconstruct.members(world, 2, seed))
    for months in effort.averaged:
        both(f"all but one, {months} months", "all but one", reconstruct.all_but_one(world, months))
    found["order statistics", "days_late", "reconstruction"] = reconstruct.outsider(world)
    for months in effort.averaged[1:]:
        key = (f"insider, averaged {months} months", "days_late", "reconstruction")
        found[key] = reconstruct.averaged(world, months)
    found["count, within one", "contributors", ""] = reconstruct.counted(world)
    return found


def _comings_and_goings(scene: Scene) -> Found:
    found: Found = {}
    network, real = scene.network, scene.real
    left = polling.changes(network, real, scene.seed, joins=False)
    joined = polling.changes(network, real, scene.seed, joins=True).elsewhere(left.cases)
    changed = scene.against(left.cases, joined.cases)
    for events, joins, word in ((joined, True, "join"), (left, False, "leave")):
        for daily, often in ((True, "daily"), (False, "monthly")):
            trials = polling.watched(changed, events, joins=joins, daily=daily)
            found[f"{word}, polled {often}", "days_late", "reconstruction"] = trials
        key = (f"{word}, all but one", "days_late", "all but one")
        found[key] = polling.known_but_one(changed, events, joins=joins)
    return found


def _corrections(scene: Scene) -> Found:
    found: Found = {}
    network, real, newest = scene.network, scene.real, scene.network.months - 1
    largest = standing(network, real, newest, scene.seed, largest=True)
    largest = largest.those(largest.client % 2 == 0)
    events = polling.corrections(network, real, scene.seed).elsewhere(largest)
    changed = scene.against(largest, events.cases)
    found["dominance: the largest amount", "days_late", "reconstruction"] = reconstruct.outsider(changed)
    for daily, often in ((True, "daily"), (False, "monthly")):
        trials = polling.corrected(changed, events, daily=daily)
        found[f"correction, polled {often}", "size of the correction", "reconstruction"] = trials
    return found


def _on_terms(world: World, against: Callable[..., World], effort: Effort, seed: int) -> Found:
    found: Found = {}
    sharing = terms.sharing(world.network, world.real, seed)
    others = world.cases.those(~np.isin(world.cases.client, sharing.client))
    redrawn = against(others, sharing, terms_too=True)
    if world.policy.terms_age_months:
        for everybody_else, who, ceiling in (
            (False, "homogeneity of terms", "homogeneity"),
            (True, "terms' shares, all but one", "all but one"),
        ):
            found[who, "terms", ceiling] = terms.guessed(
                redrawn, sharing, everybody_else=everybody_else, seed=seed
            )
    if set(FIELDS) <= set(world.policy.fields):
        found["terms by difference, all but one", "terms", "all but one"] = terms.by_difference(
            redrawn, effort.averaged[-1]
        )
    return found


def _on_sets(world: World, effort: Effort, seed: int) -> Found:
    doubled = sets.doubled(world.network, world.policy, world.cases, seed)
    return {
        ("equal contributor sets", "days_late", "all but one"): sets.equal_sets(doubled, effort.averaged[1]),
        ("sector and client cells", "days_late", "all but one"): sets.overlap(world),
    }


def _with_alerts(world: World, effort: Effort, seed: int) -> Found:
    """What alerts add to the cells: the advantage is over the same attacker without them."""
    read = told.with_alerts(world, _profile(world.policy), effort.averaged[1], seed)
    ceilings = {"insider": "reconstruction", "all but one": "all but one"}
    return {(f"alerts beside cells, {who}", "days_late", ceilings[who]): one for who, one in read.items()}


def _on_incidents(world: World, seed: int) -> Found:
    reported = incidents.self_reported(world.network, world.policy, world.real, world.cases, seed)
    ceilings = {1: "reconstruction", 2: "reconstruction", 4: "shams"}
    return {
        (f"incident, {count} self-reported", "an incident", ceilings[count]): one
        for count, one in reported.items()
    }


def _on_labels(world: World, seed: int) -> Found:
    """Four who name a sector alike are not judged: what they learn is a client's public sector."""
    named = labels.named_alike(world.network, world.policy, world.real, world.cases, seed)
    ceilings = {1: "reconstruction", 2: "reconstruction", 4: ""}
    return {
        (f"sector, {count} name it alike", "a label", ceilings[count]): one for count, one in named.items()
    }


def _with_shams(network: Network, policy: Policy, effort: Effort, seed: int) -> Found:
    world, strategy = shams.infiltrate(network, policy, FLOOR, seed)
    shown = ~np.isnan(world.real.published["days_late"][world.cases.client, world.newest])
    found: Found = {}
    for name, every in zip(FIELDS, shams.k_minus_1(world, effort.averaged[-1]), strict=True):
        if name not in policy.fields:
            continue
        for number, label in enumerate(shams.STRATEGIES):
            mask = shown & (strategy == number) & ~np.isnan(every.truth)
            found[f"k - 1 shams, {label}", name, "shams"] = every.those(mask)
    return found


def _memberships(world: World, seed: int, *, everything: bool) -> Found:
    network, policy, real = world.network, world.policy, world.real
    edge = membership.at_the_edge(network, FLOOR, real, seed)
    absent = membership.absent_world(network, policy, edge)
    seen, both = membership.told(network, world.truth, real, absent, edge)
    anyone = membership.at_random(network, real, seed)
    without = membership.absent_world(network, policy, anyone)
    found: Found = {
        ("membership", "published", "membership"): _both(seen, both),
        ("membership", "population", "membership"): membership.told(
            network, world.truth, real, without, anyone
        )[0],
        ("membership", "five suppliers or more", ""): seen,
    }
    if everything:
        found["membership, by the manifest", "population", "membership"] = sideways.manifest_tells(
            real, absent, edge
        )
        louder = told.membership_with_alerts(seen, network, real, absent, edge, _profile(policy))
        found["membership, alerts read too", "published", "membership"] = _both(louder, both)
        called = told.answers(network, seen, edge, seed)
        found["membership, calls made too", "published", "membership"] = _both(called, both)
    return found


def _both(told: Tellings, both: NDArray[np.bool_]) -> Tellings:
    """Where the cell is published with the target and without it."""
    return Tellings(told.real[both], told.twin[both])


def _profile(policy: Policy) -> Profile:
    return policy.profile if isinstance(policy, Published) else STANDARD


def _tellings(parts: Sequence[Tellings]) -> Tellings:
    return Tellings(np.concatenate([one.real for one in parts]), np.concatenate([one.twin for one in parts]))


def _worst(several: Sequence[list[Check]]) -> list[Check]:
    return [max(same, key=lambda one: one.value) for same in zip(*several, strict=True)]
