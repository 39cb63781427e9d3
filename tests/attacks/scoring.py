"""What an attack achieved: advantage over knowing nothing of the target, with the interval that it is known
to.

Knows: guesses and truths. Must not know: how a guess was made.

For every trial the same attacker guesses from the real world and from a twin world in which only the
target's series was drawn anew; both guesses are held against the real truth. Advantage = success in the
real world less the best of: the twin, the guess from the sector, the guess from the published value. All
four are judged on the same trials, so that the interval is the paired difference's (normal approximation; a
rule of three where all differences are equal).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from tests.attacks.learning import Rule, practise, practise_telling

Floats = NDArray[np.float64]
TOLERANCES_DAYS = (1.0, 3.0)
Z = 1.96


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """One attack on many targets: (trials,) truths in days, (trials, features) of what the attacker sees."""

    truth: Floats
    real: Floats
    twin: Floats
    sector: Floats
    published: Floats

    def those(self, mask: NDArray[np.bool_]) -> Trials:
        """The trials where the mask holds."""
        return Trials(
            self.truth[mask], self.real[mask], self.twin[mask], self.sector[mask], self.published[mask]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Choices(Trials):
    """The same where the truth is one of a few classes, numbered from 0."""

    def those(self, mask: NDArray[np.bool_]) -> Choices:
        """The trials where the mask holds."""
        return Choices(
            self.truth[mask], self.real[mask], self.twin[mask], self.sector[mask], self.published[mask]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Tellings:
    """Yes or no: (trials, features) in the world where it is so and in the twin where it is not."""

    real: Floats
    twin: Floats


@dataclass(frozen=True, slots=True)
class Score:
    """One figure: success, what the best of the baselines has, the advantage and its 95 % interval."""

    attack: str
    target: str
    within_days: float
    trials: int
    success: float
    twin: float
    sector: float
    published: float
    advantage: float
    low: float
    high: float
    judged: str = field(default="")  # name of the ceiling, or empty: reported only

    def row(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


def together(several: Sequence[Trials]) -> Trials:
    """One set of trials after the other."""
    parts = [
        np.concatenate([getattr(one, name) for one in several])
        for name in ("truth", "real", "twin", "sector", "published")
    ]
    return type(several[0])(*parts)


def score(attack: str, target: str, judged: str, practice: Trials, trials: Trials) -> list[Score]:
    """Practise on the one, judge on the other, within 1 and 3 days."""
    found = []
    for tolerance in TOLERANCES_DAYS:
        rule = practise(practice.real, practice.truth, tolerance)
        hits = {
            "real": _hits(rule, trials.real, trials.truth, tolerance),
            "twin": _hits(rule, trials.twin, trials.truth, tolerance),
            "sector": _hits(
                practise(practice.sector, practice.truth, tolerance), trials.sector, trials.truth, tolerance
            ),
            "published": _hits(
                practise(practice.published, practice.truth, tolerance),
                trials.published,
                trials.truth,
                tolerance,
            ),
        }
        rates = {name: float(np.mean(hit)) if len(hit) else 0.0 for name, hit in hits.items()}
        best = max(("twin", "sector", "published"), key=lambda name: rates[name])
        advantage, low, high = interval(hits["real"] - hits[best])
        found.append(
            Score(
                attack=attack,
                target=target,
                within_days=tolerance,
                trials=len(trials.truth),
                success=rates["real"],
                twin=rates["twin"],
                sector=rates["sector"],
                published=rates["published"],
                advantage=advantage,
                low=low,
                high=high,
                judged=judged,
            )
        )
    return found


def score_choice(attack: str, target: str, judged: str, practice: Choices, trials: Choices) -> Score:
    """Which of a few classes: the share that is guessed right."""
    hits = {
        name: _chosen(practice, trials, *names)
        for name, names in {
            "real": ("real", "real"),
            "twin": ("real", "twin"),
            "sector": ("sector", "sector"),
            "published": ("published", "published"),
        }.items()
    }
    rates = {name: float(np.mean(hit)) if len(hit) else 0.0 for name, hit in hits.items()}
    best = max(("twin", "sector", "published"), key=lambda name: rates[name])
    figures = (rates[name] for name in ("real", "twin", "sector", "published"))
    return Score(
        attack, target, 0.0, len(trials.truth), *figures, *interval(hits["real"] - hits[best]), judged
    )


def _chosen(practice: Choices, trials: Choices, learnt: str, judged: str) -> Floats:
    """Whether the class that looks likeliest is right, by one logistic regression a class."""
    features, seen = getattr(practice, learnt), getattr(trials, judged)
    classes = np.unique(practice.truth)
    if not len(classes) or not len(seen):
        return np.zeros(len(seen))
    likely = np.column_stack(
        [practise_telling(features, practice.truth == each).guess(seen) for each in classes]
    )
    return (classes[np.argmax(likely, axis=1)] == trials.truth).astype(np.float64)


def score_telling(attack: str, target: str, judged: str, practice: Tellings, trials: Tellings) -> Score:
    """Telling the real world from its twin: true positives less false positives (Yeom et al. 2018)."""
    features = np.concatenate([practice.real, practice.twin])
    answer = np.arange(len(features)) < len(practice.real)
    rule = practise_telling(features, answer)
    real = (rule.guess(trials.real) > 0).astype(np.float64)
    twin = (rule.guess(trials.twin) > 0).astype(np.float64)
    advantage, low, high = interval(real - twin)
    success = float(np.mean(real)) if len(real) else 0.0
    false = float(np.mean(twin)) if len(twin) else 0.0
    return Score(attack, target, 0.0, len(real), success, false, 0.0, 0.0, advantage, low, high, judged)


def interval(differences: Floats) -> tuple[float, float, float]:
    """Mean of paired differences in -1..1 and its 95 % interval."""
    count = len(differences)
    if not count:
        return 0.0, -1.0, 1.0
    mean = float(np.mean(differences))
    spread = float(np.std(differences))
    half = Z * spread / count**0.5 if spread else 3 / count
    return mean, mean - half, mean + half


def _hits(rule: Rule, features: Floats, truth: Floats, tolerance: float) -> Floats:
    return (np.abs(rule.guess(features) - truth) <= tolerance).astype(np.float64)
