"""What all seeds say together: means with 95 % intervals, the table, the plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.leadtime.measure import Judged, Played, calibrated, calm_onsets, closure_onsets, judge
from tests.leadtime.plot import Line, svg
from tests.leadtime.rules import NAIVE, onsets
from tests.leadtime.world import DECLINES, SHAPES, SHARES

GRACES = (1, 10, 30)
T_QUANTILES = {4: 2.776, 9: 2.262, 19: 2.093, 29: 2.045}
"""Student's 97.5 % by degrees of freedom; the normal's 1.96 where none is given, widened by a tenth."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds and half its 95 % interval."""

    mean: float
    half: float

    def text(self, digits: int) -> str:
        """Such as "0.95 ± 0.01"; a dash where no seed gives a value."""
        if np.isnan(self.mean):
            return "–"
        return f"{self.mean:.{digits}f} ± {self.half:.{digits}f}"


def interval(values: Sequence[float]) -> Interval:
    """Of what each seed gives; seeds without a value do not count."""
    known = np.array([value for value in values if not np.isnan(value)])
    if len(known) < 2:
        return Interval(float(known[0]) if len(known) else float("nan"), float("nan"))
    quantile = T_QUANTILES.get(len(known) - 1, 1.96 * 1.1)
    return Interval(float(known.mean()), float(quantile * known.std(ddof=1) / len(known) ** 0.5))


@dataclass(frozen=True, slots=True)
class Scored:
    """One rule over all seeds. `judged`: a seed each."""

    name: str
    threshold: float | None
    judged: tuple[Judged, ...]

    def false_rate(self) -> Interval:
        """False onsets per 1,000 unit-months."""
        return interval([1000 * one.false / max(1, one.unit_months) for one in self.judged])

    def precision(self) -> Interval:
        """Share of its onsets that lie in a decline."""
        return interval(
            [one.true / (one.true + one.false) if one.true + one.false else np.nan for one in self.judged]
        )

    def recall(self) -> Interval:
        """Share of declines heard of."""
        return interval([float(one.caught.mean()) for one in self.judged])

    def warnings(self) -> list[float]:
        """Each seed's median days of warning over what was caught."""
        return [float(np.nanmedian(one.warning)) if one.caught.any() else np.nan for one in self.judged]

    def warned(self) -> Interval:
        """Share of declines heard of before the first own overdue invoice."""
        return interval([float(np.mean(one.warning > 0)) for one in self.judged])

    def recall_of(self, shape: str) -> Interval:
        """The same of one shape."""
        place = SHAPES.index(shape)
        return interval(
            [
                float(one.caught[one.shape == place].mean()) if (one.shape == place).any() else np.nan
                for one in self.judged
            ]
        )


def score(every: Sequence[Played]) -> list[Scored]:
    """Vigie first, then the naive rules."""
    made = [Scored("Vigie's alerts", None, tuple(judge(one, one.ours, own=False) for one in every))]
    for rule in NAIVE:
        threshold = calibrated(rule, list(every))
        judged = tuple(
            judge(one, onsets(one.statistics[rule.name], threshold), own=rule.own) for one in every
        )
        made.append(Scored(rule.name, threshold, judged))
    return made


def table(scored: Sequence[Scored]) -> str:
    """As Markdown."""
    columns = ("rule", "threshold", "false onsets per 1,000", "precision", "recall", "median warning, days")
    head = f"| {' | '.join(columns)} | heard before |"
    rows = [head, "| --- | --- | --- | --- | --- | --- | --- |"]
    for one in scored:
        threshold = "" if one.threshold is None else f"{one.threshold:g}"
        if not any(seed.caught.any() for seed in one.judged):
            rows.append(f"| {one.name} | {threshold} | {one.false_rate().text(2)} | – | 0 | – | 0 |")
            continue
        rows.append(
            f"| {one.name} | {threshold} | {one.false_rate().text(2)} | {one.precision().text(2)} | "
            f"{one.recall().text(2)} | {interval(one.warnings()).text(0)} | {one.warned().text(2)} |"
        )
    return "\n".join(rows)


def by_shape(ours: Scored) -> str:
    """Vigie's recall and warning by shape, as Markdown."""
    rows = ["| decline | recall | median warning, days |", "| --- | --- | --- |"]
    for shape in DECLINES:
        place = SHAPES.index(shape)
        medians = [
            float(np.nanmedian(one.warning[one.shape == place]))
            if one.caught[one.shape == place].any()
            else np.nan
            for one in ours.judged
        ]
        rows.append(f"| {shape} | {ours.recall_of(shape).text(2)} | {interval(medians).text(0)} |")
    return "\n".join(rows)


def calm(every: Sequence[Played]) -> str:
    """What happens to clients in no decline, and in the months of closures, as Markdown."""
    rows = [
        "| clients that are in no decline | client-months judged | onsets per 1,000 |",
        "| --- | --- | --- |",
    ]
    lines = [
        (f"nothing happens ({SHARES[0]:.0%} of clients)", [calm_onsets(one, "none") for one in every]),
        ("in dispute with one supplier", [calm_onsets(one, "dispute") for one in every]),
        ("seasonal, 12 days up and down", [calm_onsets(one, "seasonal") for one in every]),
        ("all, windows that hold August or Christmas", [closure_onsets(one)[True] for one in every]),
        ("all, other months", [closure_onsets(one)[False] for one in every]),
    ]
    for name, counts in lines:
        months = sum(one[1] for one in counts)
        rate = interval([1000 * found / max(1, of) for found, of in counts])
        rows.append(f"| {name} | {months:,} | {rate.text(2)} |")
    return "\n".join(rows)


def by_grace(every: Sequence[Played], scored: Sequence[Scored]) -> str:
    """Median warning before the first own invoice that is late by so many days more than usual."""
    best = max((one for one in scored[1:] if one.name.startswith("cells")), key=lambda one: one.warned().mean)
    own = max((one for one in scored[1:] if one.name.startswith("own")), key=lambda one: one.warned().mean)
    rows = [
        "| first own invoice later than usual by | Vigie's alerts | " + f"{best.name} | {own.name} |",
        "| --- | --- | --- | --- |",
    ]
    rules = {rule.name: rule for rule in NAIVE}
    for grace in GRACES:
        cells = []
        for one in (scored[0], best, own):
            rule = rules.get(one.name)
            found = [
                seed.ours if rule is None else onsets(seed.statistics[one.name], one.threshold or 0.0)
                for seed in every
            ]
            judged = tuple(
                judge(seed, onset, own=rule is not None and rule.own, grace_days=grace)
                for seed, onset in zip(every, found, strict=True)
            )
            mine = Scored(one.name, one.threshold, judged)
            cells.append(f"{interval(mine.warnings()).text(0)} days, before: {mine.warned().text(2)}")
        rows.append(f"| {grace} day{'s' if grace > 1 else ''} | {' | '.join(cells)} |")
    return "\n".join(rows)


def beaten(scored: Sequence[Scored]) -> list[str]:
    """Naive rules that are not beaten in recall and in median warning, seed by seed, with their intervals."""
    ours, others = scored[0], scored[1:]
    standing = []
    for other in others:
        recall = interval(
            [
                float(mine.caught.mean() - theirs.caught.mean())
                for mine, theirs in zip(ours.judged, other.judged, strict=True)
            ]
        )
        warning = interval(
            [mine - theirs for mine, theirs in zip(ours.warnings(), other.warnings(), strict=True)]
        )
        if recall.mean - recall.half <= 0:
            standing.append(f"{other.name}: recall differs by {recall.text(3)}")
        if not np.isnan(warning.mean) and warning.mean - np.nan_to_num(warning.half) <= 0:
            standing.append(f"{other.name}: median warning differs by {warning.text(1)} days")
    return standing


def plot(scored: Sequence[Scored]) -> str:
    """Share of declines heard of, by days before the firm's own first overdue invoice."""
    days = list(range(150, -151, -5))
    ranked = sorted(scored[1:], key=lambda one: -one.warned().mean)
    chosen = [
        scored[0],
        next(one for one in ranked if one.name.startswith("cells")),
        next(one for one in ranked if one.name.startswith("own days")),
        scored[-1],
    ]
    lines = []
    for one in chosen:
        warning = np.concatenate([seed.warning for seed in one.judged])
        share = [float(np.mean(warning >= day)) for day in days]
        lines.append(Line(one.name, days, share))
    return svg(
        "Declines that a firm has heard of",
        ("days before the firm's own first overdue invoice (below zero: after it)", "share of declines"),
        ((150, -150), (0, 1)),
        (range(150, -151, -50), (0, 0.25, 0.5, 0.75, 1)),
        lines,
    )
