"""The frontier: what other policies would publish, and what the strongest attackers would have of it.

Knows: variants, the attacks that decide between them. Must not know: what is adopted.

For each variant: error and coverage; the gain of the attacker who knows everybody but one and of k - 1
shams by their best strategy, as the weight that they rightly put within three days of their guess, beyond
the weight that they put there before they read a release (18 months of all published numbers together); how
often the target's terms are told from DSO less days late; and membership. The gain is a mean of
probabilities, not of hits, so that small differences show; `make attacks` counts hits.
"""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.attacks import membership, shams, terms
from tests.attacks.cases import Cases, mean_over, standing
from tests.attacks.likelihood import joint_guesses
from tests.attacks.reconstruct import World, terms_days, truths
from tests.attacks.scoring import Choices, Tellings, interval, score_choice, score_telling, together
from tests.attacks.variants import Shrunk, variants
from tests.attacks.worth import Worth, total, worth
from tests.simulation.history import History, live_through
from tests.simulation.network import make, twin
from tests.simulation.policies import Published

MONTHS = 18
SEEDS = range(3000, 3003)
PRACTICE = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One variant on one network."""

    worth: Worth
    gain: np.ndarray[Any, Any]  # (cases,)
    hits: np.ndarray[Any, Any]  # (cases,) right after reading less right before, NaN: nobody knows
    shams: np.ndarray[Any, Any]  # (targets,)
    strategy: np.ndarray[Any, Any]
    terms: Choices | None
    telling: Tellings


def frontier() -> list[dict[str, Any]]:
    """A row a variant."""
    tried = variants()
    work = [(policy, seed) for policy, _ in tried for seed in SEEDS]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.starmap(_part, work, chunksize=1)
    return [
        _row(policy, said, found[place * len(SEEDS) : (place + 1) * len(SEEDS)])
        for place, (policy, said) in enumerate(tried)
    ]


def _row(policy: Published, said: str, parts: list[Part]) -> dict[str, Any]:
    gain, low, high = interval(np.concatenate([one.gain for one in parts]))
    hits = np.concatenate([one.hits for one in parts])
    sham, strategy = (np.concatenate([getattr(one, name) for one in parts]) for name in ("shams", "strategy"))
    by_strategy = [interval(sham[strategy == place]) for place in range(len(shams.STRATEGIES))]
    worst = int(np.argmax([one[0] for one in by_strategy]))
    row = {
        "name": policy.name,
        "said": said,
        "all_but_one": [gain, low, high],
        "all_but_one_hits": list(interval(hits[~np.isnan(hits)])),
        "shams": list(by_strategy[worst]),
        "strategy": shams.STRATEGIES[worst],
        "worth": total([one.worth for one in parts]),
    }
    told = [one.terms for one in parts if one.terms is not None]
    if told:
        told_score = score_choice("", "", "", together(told[:PRACTICE]), together(told[PRACTICE:]))
        row["terms"] = [told_score.advantage, told_score.low, told_score.high]
    seen = [one.telling for one in parts]
    both = score_telling("", "", "", _one(seen[:PRACTICE]), _one(seen[PRACTICE:]))
    row["membership"] = [both.advantage, both.low, both.high]
    return row


def _part(policy: Published, seed: int) -> Part:
    np.seterr(invalid="ignore")
    network = make(seed)
    real = live_through(network, policy)
    truth = truths(network)
    cases = standing(network, real, network.months - 1, seed)
    other = twin(network, cases.relation, seed + 1, terms_too=True)
    world = World(network, other, policy, real, live_through(other, policy), cases, truth)
    told = terms.by_difference(world, MONTHS) if "dso" in policy.fields else None
    floor = policy.profile.n_min
    joined, lonely, strategy = shams.infiltrated(network, floor, seed)
    history = live_through(joined, policy)
    targets = shams.aimed_at(joined, history, lonely)
    shown = ~np.isnan(history.published["days_late"][targets.client, -1])
    sham_world = World(joined, joined, policy, history, history, targets, truth)
    edge = membership.at_the_edge(network, floor, real, seed)
    absent = membership.absent_world(network, policy, edge)
    read = real
    if isinstance(policy, Shrunk):
        read, absent = policy.drawn(real), policy.drawn(absent)
        real, history = policy.undone(read), policy.undone(policy.drawn(history))
        told = None
    telling, both = membership.told(network, truth, read, absent, edge)
    level = mean_over(truth[0][:, cases.relation].T, range(network.months - MONTHS, network.months))
    gain, hits = _gain(policy, real, cases, terms_days(world, cases), level, honest=True)
    nobody = np.full(len(targets), np.nan)
    sham_terms = terms_days(sham_world, targets)
    return Part(
        worth(network, read),
        gain,
        hits,
        _gain(policy, history, targets, sham_terms, nobody, honest=False)[0][shown],
        strategy[shown],
        told,
        Tellings(telling.real[both], telling.twin[both]),
    )


def _gain(
    policy: Published,
    history: History,
    cases: Cases,
    terms: np.ndarray[Any, Any],
    truth: np.ndarray[Any, Any],
    *,
    honest: bool,
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Weight within three days of the best guess, and whether it is right, after reading less before."""
    columns = list(policy.fields)
    columns += ["spread"] if any(one.spread for one in policy.profile.fields) else []
    months = history.published["days_late"].shape[1]
    before, after = joint_guesses(
        history, policy, cases, terms, range(months - MONTHS, months), ((), tuple(columns)), honest=honest
    )
    right = [(np.abs(guess[0] - truth) <= 3).astype(np.float64) for guess in (after, before)]
    return after[2] - before[2], np.where(np.isnan(truth), np.nan, right[0] - right[1])


def _one(parts: list[Tellings]) -> Tellings:
    return Tellings(np.concatenate([one.real for one in parts]), np.concatenate([one.twin for one in parts]))
