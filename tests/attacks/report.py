"""Figures as lines and as JSON, and whether they hold.

Knows: scores, worth, bars. Must not know: how they were measured.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tests.attacks.bars import CAUGHT_MIN, CEILINGS, COVERED_MIN, ERROR_MAX_DAYS
from tests.attacks.plan import Outcome
from tests.attacks.scoring import Score


def failures(outcome: Outcome, fields: int, *, strict: bool = True) -> list[str]:
    """What does not hold, a sentence each. `strict`: upper bounds are judged, else (a smoke run) lower
    ones."""
    found = []
    for one in outcome.scores:
        if one.judged and one.within_days != 1.0:
            bound = one.high if strict else one.low
            if bound >= CEILINGS[one.judged]:
                found.append(f"{one.attack} ({one.target}): {bound:.3f}, ceiling {CEILINGS[one.judged]:.2f}")
    found += [
        f"{one.name}: {one.value:.1f}, at most {one.limit:.1f}" for one in outcome.checks if not one.holds
    ]
    worth = outcome.worth
    if worth["covered"] < COVERED_MIN:
        found.append(f"covered: {worth['covered']:.3f}, floor {COVERED_MIN:.2f}")
    if worth["caught"] < CAUGHT_MIN:
        found.append(f"degradations caught: {worth['caught']:.3f}, floor {CAUGHT_MIN:.2f}")
    for name in ("days_late", "dso")[:fields]:
        error = worth[f"error_{name}"]
        if error > ERROR_MAX_DAYS[fields]:
            found.append(f"mean error of {name}: {error:.2f} days, at most {ERROR_MAX_DAYS[fields]:.1f}")
    return found


def lines(outcome: Outcome) -> list[str]:
    """A table for a person."""
    head = f"{'attack':34s} {'target':24s} {'within':>6s} {'trials':>7s} {'success':>8s} {'twin':>6s} "
    head += f"{'sector':>7s} {'publ.':>6s} {'advantage':>10s}  95 % interval"
    checks = [f"{one.name}: {one.value:.1f} {one.unit}, at most {one.limit:.1f}" for one in outcome.checks]
    return [head, *(_line(one) for one in outcome.scores), *checks, *_worth_lines(outcome.worth)]


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The same, to be kept."""
    return {
        "policy": outcome.policy,
        "effort": outcome.effort,
        "scores": [one.row() for one in outcome.scores],
        "checks": [asdict(one) for one in outcome.checks],
        "worth": outcome.worth,
    }


def _line(one: Score) -> str:
    within = f"{one.within_days:.0f} d" if one.within_days else "tell"
    ceiling = f"  < {CEILINGS[one.judged]:.2f}" if one.judged and one.within_days != 1.0 else ""
    chance = f"[{one.low:.3f}, {one.high:.3f}]"
    return (
        f"{one.attack:34s} {one.target:24s} {within:>6s} {one.trials:7d} {one.success:8.3f} {one.twin:6.3f} "
        f"{one.sector:7.3f} {one.published:6.3f} {one.advantage:10.3f}  {chance}{ceiling}"
    )


def _worth_lines(worth: dict[str, float]) -> list[str]:
    return [f"{name}: {value:.3f}" for name, value in worth.items()]
