"""A firm's own alerts on its clients, from its own contributions alone: what to look at, and since when.

Knows: a trend (`benchmark.own_trend`). No peer, no name: clients are indices. `severity` reads as in
`benchmark.alerts`. Kinds, `cents` being what is at stake:

slower         pays persistently later than its own habit                    what is late, else outstanding
first_overdue  late by `overdue_cents` or more, and never before             what is late
overdue        late by so much for over 60 days, newly                       what is late by over 60 days
over_terms     `over_terms_days` late or more for three months: the rule     what is late
no_payment     late, and paid nothing for two months though it used to       what is late
dispute        `overdue_cents` or more in dispute, twice the month before    disputed
incident       a payment came back, or worse, in the newest month            outstanding
concentration  owes `concentration_percent` of all that is outstanding       outstanding
exposure       owes twice what it usually does, and is slower or late        outstanding
faster         pays persistently sooner than its own habit                   outstanding
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmark.alerts import SEVERITIES, Severity
from benchmark.own_trend import HABIT, STANDARD, WINDOW_MONTHS, Floats, Rules, Trend, change

Kind = Literal[
    "incident",
    "slower",
    "first_overdue",
    "overdue",
    "no_payment",
    "over_terms",
    "dispute",
    "exposure",
    "concentration",
    "faster",
]
Measure = Literal["days_late", "days_to_pay", "cents", "percent", "months"]


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `client` is a place; since the first month of what is told; now and before in `measure`."""

    client: int
    kind: Kind
    severity: Severity
    since: int
    cents: int
    measure: Measure
    now: float
    before: float | None


def alerts(found: Trend, rules: Rules = STANDARD) -> list[Alert]:
    """What a credit manager looks at first: the gravest first, then by the money at stake."""
    raised = [
        *_pace(found, rules),
        *_overdue(found, rules),
        *_silent(found, rules),
        *_over_terms(found, rules),
        *_incidents(found),
        *_disputes(found, rules),
        *_large(found, rules),
    ]
    return sorted(raised, key=lambda one: (-SEVERITIES.index(one.severity), -one.cents, one.client, one.kind))


def _pace(found: Trend, rules: Rules) -> list[Alert]:
    series, by_terms = found.slowness()
    moved = change(series, rules)
    late, outstanding = (_last(found.cents[name]) for name in ("late", "outstanding"))
    raised = []
    for at in np.flatnonzero(moved.worse | moved.better).tolist():
        worse = bool(moved.worse[at])
        stake = late[at] if worse and late[at] > 0 else max(outstanding[at], 0.0)
        severity: Severity = "info"
        if worse:
            severity = "act" if moved.rise[at] >= rules.act_rise_days else "watch"
        raised.append(
            Alert(
                at,
                "slower" if worse else "faster",
                severity,
                int(found.months[moved.since[at]]),
                int(stake),
                "days_late" if by_terms[at] else "days_to_pay",
                float(series[at, -1]),
                float(moved.habit[at]),
            )
        )
    return raised


def _last(values: Floats) -> Floats:
    return np.nan_to_num(values[:, -1])


def _run(held: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each client (n,) how many months up to the newest hold in a row; held (n, m)."""
    return np.asarray(np.cumprod(held[:, ::-1], axis=1).sum(axis=1))


def _overdue(found: Trend, rules: Rules) -> list[Alert]:
    late, old = found.cents["late"], found.cents["late_61_plus"]
    over = np.nan_to_num(late) >= rules.overdue_cents
    known_before = np.isfinite(late[:, :-1]).sum(axis=1) >= rules.habit_months_min
    first = over[:, -1] & ~over[:, :-1].any(axis=1) & known_before
    long_late = np.nan_to_num(old) >= rules.overdue_cents
    new_long = long_late[:, -1] & ~long_late[:, -2]
    newest = int(found.months[-1])
    raised = [
        Alert(at, "first_overdue", "watch", newest, int(late[at, -1]), "cents", float(late[at, -1]), 0.0)
        for at in np.flatnonzero(first).tolist()
    ]
    for at in np.flatnonzero(new_long).tolist():
        before = float(np.nan_to_num(old[at, -2]))
        raised.append(
            Alert(at, "overdue", "act", newest, int(old[at, -1]), "cents", float(old[at, -1]), before)
        )
    return raised


def _silent(found: Trend, rules: Rules) -> list[Alert]:
    """Nothing paid for some months though something is late, by who paid in most months before."""
    paid, late = found.cents["paid"], found.cents["late"]
    nothing = np.isfinite(paid) & (np.nan_to_num(paid) == 0) & (np.nan_to_num(late) >= rules.overdue_cents)
    run = _run(nothing)
    raised = []
    for at in np.flatnonzero(run >= rules.silent_months).tolist():
        begun = paid.shape[1] - int(run[at])
        before = paid[at, max(0, begun - 6) : begun]
        if int((np.nan_to_num(before) > 0).sum()) < rules.paying_months_min:
            continue
        since, stake = int(found.months[begun]), int(late[at, -1])
        raised.append(Alert(at, "no_payment", "urgent", since, stake, "months", float(run[at]), None))
    return raised


def _over_terms(found: Trend, rules: Rules) -> list[Alert]:
    """Late for so long that it is the rule: not told of who is told of for being slower than before."""
    run = _run(np.nan_to_num(found.days_late) >= rules.over_terms_days)
    slower = change(found.slowness()[0], rules).worse
    late = _last(found.cents["late"])
    chosen = (run >= WINDOW_MONTHS) & ~slower & (late >= rules.overdue_cents)
    return [
        Alert(
            at,
            "over_terms",
            "watch",
            int(found.months[-int(run[at])]),
            int(late[at]),
            "days_late",
            float(found.days_late[at, -1]),
            None,
        )
        for at in np.flatnonzero(chosen).tolist()
    ]


def _incidents(found: Trend) -> list[Alert]:
    newest, owed = int(found.months[-1]), _last(found.cents["outstanding"])
    return [
        Alert(at, "incident", "urgent", newest, max(int(owed[at]), 0), "cents", float(owed[at]), None)
        for at in np.flatnonzero(found.incident[:, -1] > 0).tolist()
    ]


def _disputes(found: Trend, rules: Rules) -> list[Alert]:
    disputed = np.nan_to_num(found.cents["disputed"])
    new = (disputed[:, -1] >= rules.overdue_cents) & (disputed[:, -1] >= 2 * disputed[:, -2])
    newest = int(found.months[-1])
    return [
        Alert(
            at,
            "dispute",
            "watch",
            newest,
            int(disputed[at, -1]),
            "cents",
            float(disputed[at, -1]),
            float(disputed[at, -2]),
        )
        for at in np.flatnonzero(new).tolist()
    ]


def _large(found: Trend, rules: Rules) -> list[Alert]:
    """Too much with one client: of everything, or against what it usually owes."""
    owed = np.maximum(np.nan_to_num(found.cents["outstanding"]), 0.0)
    total = owed.sum(axis=0)
    share = np.divide(100 * owed, total, out=np.zeros_like(owed), where=total > 0)
    above = _run(share >= rules.concentration_percent)
    newest = int(found.months[-1])
    raised = []
    for at in np.flatnonzero((above > 0) & (len(owed) > 1)).tolist():
        since = int(found.months[-int(above[at])])
        before = float(share[at, -int(above[at]) - 1]) if above[at] < share.shape[1] else None
        raised.append(
            Alert(
                at,
                "concentration",
                "watch",
                since,
                int(owed[at, -1]),
                "percent",
                float(share[at, -1]),
                before,
            )
        )
    late = _last(found.cents["late"])
    slower = change(found.slowness()[0], rules).worse | (late >= rules.overdue_cents)
    past = found.cents["outstanding"][:, HABIT]
    told = np.isfinite(past).sum(axis=1) >= rules.habit_months_min
    usual = np.full(len(owed), np.nan)
    usual[told] = np.nanmedian(np.maximum(past[told], 0), axis=1)
    grown = (owed[:, -1] >= rules.exposure_times * usual) & (usual >= rules.overdue_cents) & slower
    for at in np.flatnonzero(grown).tolist():
        stake = float(owed[at, -1])
        raised.append(Alert(at, "exposure", "act", newest, int(stake), "cents", stake, float(usual[at])))
    return raised
