"""How an attacker turns what it sees into a guess: it practises on networks of its own, where it knows the
truth.

Knows: arrays of features and what they should have told. Must not know: policies, cells, which attack it
serves.

A guess succeeds within 3 days, so the attacker fits the mode, not the mean: modal linear regression (Yao
and Li 2014, "A new regression model: modal linear regression", Scandinavian Journal of Statistics 41), by
iteratively reweighted least squares whose kernel narrows step by step. Every single feature as it stands is
a rule too: a policy that publishes somebody's value is attacked by reading it. What did best in practice is
used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
KERNELS_DAYS = (128.0, 64.0, 32.0, 16.0, 8.0, 5.0, 4.0, 3.0, 2.0)
RIDGE = 1e-3
READY = 60  # fewer practice trials than this teach nothing but the mean


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A guess: a linear one of filled, scaled features, or one feature as it stands."""

    fill: Floats
    centre: Floats
    scale: Floats
    weight: Floats  # (features + 1,), the last one is the constant

    def guess(self, features: Floats) -> Floats:
        """One guess for each row of (trials, features)."""
        return np.asarray(_design(features, self.fill, self.centre, self.scale) @ self.weight)


def practise(features: Floats, truth: Floats, tolerance: float) -> Rule:
    """The rule that hits most often within `tolerance` on the attacker's own trials."""
    fill = _medians(features)
    filled = np.where(np.isnan(features), fill, features)
    centre, scale = filled.mean(axis=0), np.maximum(filled.std(axis=0), 1e-6)
    design = _design(features, fill, centre, scale)
    rules = [_rule(fill, centre, scale, weight) for weight in _fits(design, truth)]
    for place in range(features.shape[1]):
        weight = np.zeros(design.shape[1])
        weight[place], weight[-1] = scale[place], centre[place]
        rules.append(_rule(fill, centre, scale, weight))
    hits = [np.mean(np.abs(rule.guess(features) - truth) <= tolerance) for rule in rules]
    return rules[int(np.argmax(hits))]


def _medians(features: Floats) -> Floats:
    """Median of the known of each feature, 0 where none is."""
    fill = np.zeros(features.shape[1])
    for place in range(features.shape[1]):
        known = features[:, place][~np.isnan(features[:, place])]
        fill[place] = np.median(known) if len(known) else 0.0
    return fill


def _rule(fill: Floats, centre: Floats, scale: Floats, weight: Floats) -> Rule:
    return Rule(fill, centre, scale, weight)


def _design(features: Floats, fill: Floats, centre: Floats, scale: Floats) -> Floats:
    filled = np.where(np.isnan(features), fill, features)
    return np.column_stack([(filled - centre) / scale, np.ones(len(features))])


def _fits(design: Floats, truth: Floats) -> list[Floats]:
    """Least squares, then ever narrower modes; and the constant alone."""
    constant = np.zeros(design.shape[1])
    constant[-1] = np.median(truth) if len(truth) else 0.0
    if len(truth) < READY:
        return [constant]
    weight = _solve(design, truth, np.ones(len(truth)))
    found = [constant, weight]
    for kernel in KERNELS_DAYS:
        for _ in range(8):
            near = np.exp(-0.5 * ((truth - design @ weight) / kernel) ** 2)
            weight = _solve(design, truth, near)
        found.append(weight)
    return found


def _solve(design: Floats, truth: Floats, near: Floats) -> Floats:
    weighted = design * near[:, None]
    penalty = np.eye(design.shape[1]) * (RIDGE * max(float(near.sum()), 1.0))
    penalty[-1, -1] = 1e-9
    return np.asarray(np.linalg.solve(design.T @ weighted + penalty, weighted.T @ truth))


def practise_telling(features: Floats, truth: NDArray[np.bool_]) -> Rule:
    """Logistic regression of yes and no (Newton steps): its guess is positive for yes."""
    fill = _medians(features)
    filled = np.where(np.isnan(features), fill, features)
    centre, scale = filled.mean(axis=0), np.maximum(filled.std(axis=0), 1e-6)
    design = _design(features, fill, centre, scale)
    weight = np.zeros(design.shape[1])
    answer = truth.astype(np.float64)
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(design @ weight, -30, 30)))
        curve = design * (chance * (1 - chance) + 1e-6)[:, None]
        step = np.linalg.solve(
            design.T @ curve + np.eye(design.shape[1]), design.T @ (answer - chance) - weight
        )
        weight += step
        if np.abs(step).max() < 1e-6:
            break
    return Rule(fill, centre, scale, weight)
