"""A client's score, risk class, recommended limit and the chance of being very late: the member's side alone.

Knows: days late of the published centre and of the firm's own relation, the member's own parameters, and
coefficients learnt from simulated networks (`benchmark.score_coefficients`), never from firms' rows.
Must not know: other firms' rows, who else supplies the client. Nothing here decides or refuses anything: it
says numbers, shows how they came about, and a person decides. Every parameter is the member's own, so that no
common verdict reaches all suppliers of a client on one day.

score        0-100, promptness points of days late (`benchmark.indicators`: 80 is on the day, 50 is 30 days
             late), of own days and the peers' centre mixed by `own_weight`; of what is known where one is not
trend        points now less points six months ago
class        the first of the firm's own whose lower bound the score reaches
limit        what the relation needs x the class's share, at most the cap, at least what is insured
chance       that the relation is more than 30 days late next quarter, by logistic regression
light        what the sales side is shown: green, amber or red, never a figure

`benchmark.score_words` says them. TypeScript's twin reads the same vectors (`tests/vectors/score.json`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmark.indicators import PROMPTNESS_DAYS, PROMPTNESS_SCORE
from benchmark.score_coefficients import COEFFICIENTS

Source = Literal["both", "peers", "own"]
Light = Literal["green", "amber", "red"]
Floats = NDArray[np.float64]

TREND_MONTHS: Final = 6
CHANCE_BACK_MONTHS: Final = 3
CHANCE_LATE_DAYS: Final = 30
MONTH_DAYS: Final = 30.4375
HINGES_DAYS: Final = (0.0, 15.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class RiskClass:
    """One class of the firm's own: the least score in it, and its share of what the relation needs."""

    name: str
    score_min: int
    share: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """The member's own. Money in cents."""

    own_weight: float = 0.5
    """How much own days weigh beside the peers' centre, 0 to 1."""
    classes: tuple[RiskClass, ...] = (
        RiskClass("A", 75, 1.2),
        RiskClass("B", 65, 1.0),
        RiskClass("C", 50, 0.7),
        RiskClass("D", 35, 0.3),
        RiskClass("E", 0, 0.0),
    )
    """Best first; the last begins at 0."""
    limit_max_cents: int = 50_000_000
    insured_cents: int = 0
    """Cover of this client by the credit insurer: the limit is never recommended below it."""
    rounded_to_cents: int = 100_000
    terms_days: int = 30
    """Net days agreed, where the relation's are not known."""
    sales_months: int = 12
    """Monthly sales are the mean of so many months."""
    long_relation_months: int = 12
    """From so many months on, ending or cutting a relation brings the reminder of written notice."""

    def __post_init__(self) -> None:
        bounds = [one.score_min for one in self.classes]
        if not bounds or bounds[-1] != 0 or bounds != sorted(set(bounds), reverse=True):
            raise ValueError("classes: expected lower bounds that fall, the last of them 0")
        if not 0 <= self.own_weight <= 1:
            raise ValueError("own_weight: expected 0 to 1")
        if self.rounded_to_cents < 1 or self.limit_max_cents < 0 or self.insured_cents < 0:
            raise ValueError("money: expected amounts from 0 on, rounded to at least a cent")
        if any(one.share < 0 for one in self.classes):
            raise ValueError("classes: expected shares from 0 on")
        if self.terms_days < 0 or self.sales_months < 1 or self.long_relation_months < 1:
            raise ValueError("days and months: expected terms from 0 on, spans of at least a month")


USUAL: Final = Parameters()
"""Where a member has set none of its own."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A recommended limit with its whole formula: what went in, in the order of the formula."""

    cents: int
    monthly_sales_cents: int
    terms_days: int
    late_days: int
    need_cents: int
    share: float
    capped: bool
    insured: bool


@dataclass(frozen=True, slots=True)
class Score:
    """What is said of one client, with what it is made of. `days`: what the score is of. None: not known."""

    source: Source
    own_days: int | None
    centre_days: int | None
    own_weight: float
    days: int
    score: int
    trend: int | None
    risk_class: str
    chance: float
    limit: Limit


def points(days_late: float) -> int:
    """The score of days late, halves up; between the scale's points it is straight."""
    return math.floor(float(np.interp(days_late, PROMPTNESS_DAYS, PROMPTNESS_SCORE)) + 0.5)


def mixed(own: float | None, centre: float | None, own_weight: float) -> float | None:
    """Own days and the peers' centre by weight; the one that is known where the other is not."""
    if own is None or centre is None:
        return centre if own is None else own
    return own_weight * own + (1 - own_weight) * centre


def chance_features(now: ArrayLike, before: ArrayLike) -> Floats:
    """(n, 6) from days late now and CHANCE_BACK_MONTHS before, (n,) each; an unknown before counts as now.

    1, days above each of HINGES_DAYS in tens, the rise in tens; days cut at -30 and 120.
    """
    level = np.clip(np.asarray(now, np.float64), -30, 120)
    then = np.asarray(before, np.float64)
    rise = np.clip(np.where(np.isnan(then), 0.0, level - np.clip(then, -30, 120)), -60, 60)
    hinges = [np.maximum(level - hinge, 0.0) / 10 for hinge in HINGES_DAYS[1:]]
    return np.stack([np.ones_like(level), level / 10, *hinges, rise / 10], axis=1)


def chance_inputs(source: Source, own: Floats, centre: Floats) -> Floats:
    """(n, k) inputs of one of the three regressions; own and centre are (n, 2): before and now."""
    own_part, peers_part = (chance_features(one[:, 1], one[:, 0]) for one in (own, centre))
    if source == "both":
        return np.concatenate([own_part, peers_part[:, 1:]], axis=1)
    return own_part if source == "own" else peers_part


def chance(source: Source, own: Floats, centre: Floats) -> Floats:
    """(n,) chances of more than CHANCE_LATE_DAYS days late three months on, 0 to 1."""
    inputs = chance_inputs(source, own, centre)
    return np.asarray(1 / (1 + np.exp(-(inputs @ np.array(COEFFICIENTS[source])))))


def assess(
    own: Sequence[float | None],
    centre: Sequence[float | None],
    monthly_sales_cents: int,
    terms_days: int | None,
    parameters: Parameters = USUAL,
) -> Score | None:
    """One client at the last month of two histories of days late (oldest first, equally long).

    None where neither is known at the last month. `monthly_sales_cents`: the firm's own mean, tax included.
    """
    now = mixed(own[-1], centre[-1], parameters.own_weight)
    if now is None:
        return None
    source: Source = "both"
    if own[-1] is None or centre[-1] is None:
        source = "peers" if own[-1] is None else "own"
    then = None
    if len(own) > TREND_MONTHS:
        at = -1 - TREND_MONTHS
        # The same source then and now: a centre that is new is no worsening.
        old_own, old_centre = own[at], centre[at]
        whole = (source == "own" or old_centre is not None) and (source == "peers" or old_own is not None)
        if whole:
            then = mixed(
                None if source == "peers" else old_own,
                None if source == "own" else old_centre,
                parameters.own_weight,
            )
    score = points(now)
    of = next(one for one in parameters.classes if score >= one.score_min)
    pairs = [np.array([_pair(one)], np.float64) for one in (own, centre)]
    return Score(
        source,
        None if own[-1] is None else _whole(own[-1]),
        None if centre[-1] is None else _whole(centre[-1]),
        parameters.own_weight,
        _whole(now),
        score,
        None if then is None else score - points(then),
        of.name,
        math.floor(1000 * float(chance(source, *pairs)[0]) + 0.5) / 1000,
        recommend(now, monthly_sales_cents, terms_days, of, parameters),
    )


def _pair(history: Sequence[float | None]) -> tuple[float, float]:
    before = history[-1 - CHANCE_BACK_MONTHS] if len(history) > CHANCE_BACK_MONTHS else None
    return math.nan if before is None else before, math.nan if history[-1] is None else history[-1]


def _whole(days: float) -> int:
    return math.floor(days + 0.5)


def recommend(
    days_late: float, monthly_sales_cents: int, terms_days: int | None, of: RiskClass, parameters: Parameters
) -> Limit:
    """Need = monthly sales x (terms + days late) / 30.4375; limit = need x share, capped, insured, rounded.

    The need is the receivable that the relation's own rhythm makes (a DSO turned round). Days late below
    zero count as none.
    """
    terms = parameters.terms_days if terms_days is None else terms_days
    late = max(_whole(days_late), 0)
    need = math.floor(max(monthly_sales_cents, 0) * (terms + late) / MONTH_DAYS + 0.5)
    wanted = need * of.share
    capped = wanted > parameters.limit_max_cents
    limit = min(wanted, parameters.limit_max_cents)
    insured = limit < parameters.insured_cents
    limit = max(limit, parameters.insured_cents)
    step = parameters.rounded_to_cents
    cents = math.floor(limit / step + 0.5) * step
    return Limit(cents, monthly_sales_cents, terms, late, need, of.share, capped, insured)


def stopped(choices: Sequence[str]) -> bool:
    """Whether a person decided that nothing more is delivered on account: the newest decision that says so.

    `choices` oldest first. "block" and "end" stop, "keep" and "limit" lift it, "other" says neither.
    """
    told = [one for one in choices if one in {"block", "end", "keep", "limit"}]
    return bool(told) and told[-1] in {"block", "end"}


def light(score: Score | None, severity: str | None, *, stopped: bool = False) -> Light:
    """What sales is shown: by the share of the client's class, and the worst severity of what is open on it.

    Amber where nothing is known: ask before selling on account. Urgent is red, "act" at least amber. What a
    person has stopped is red, whatever the figures say.
    """
    if stopped or severity == "urgent" or (score is not None and score.limit.share == 0):
        return "red"
    if score is None or severity == "act" or score.limit.share < 1:
        return "amber"
    return "green"
