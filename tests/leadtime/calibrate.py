"""`make calibrate`: the chance of being more than 30 days late, learnt and judged in simulated networks.

Three logistic regressions (own figures, published cells, both) are fitted on some seeds by Newton's method
with a ridge of 1, and judged on others: how often it happened, by what was said. --write puts the
coefficients into benchmark/score_coefficients.py and its twin in the page, the plot and the table into docs/.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmark.score import CHANCE_BACK_MONTHS, CHANCE_LATE_DAYS, Source, chance_inputs
from tests.leadtime.measure import JUDGED_FROM, Played, play
from tests.leadtime.plot import Line, svg

ROOT = Path(__file__).resolve().parents[2]
AHEAD_MONTHS = 3
SOURCES: tuple[Source, ...] = ("both", "peers", "own")
BINS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
BEGIN, END = "<!-- make calibrate: begin -->", "<!-- make calibrate: end -->"

Floats = NDArray[np.float64]
Sample = tuple[Floats, NDArray[np.bool_]]


def samples(played: Played, source: Source) -> Sample:
    """Inputs of every relation and month that the regression can speak of, and whether it came true."""
    world, months = played.world, played.world.size.months
    inputs, outcomes = [], []
    for month in range(JUDGED_FROM, months - AHEAD_MONTHS):
        before = month - CHANCE_BACK_MONTHS
        own = world.own_late[:, [before, month]]
        centre = played.centre[world.client][:, [before, month]]
        later = world.own_late[:, month + AHEAD_MONTHS]
        usable = ~np.isnan(later) & (world.begins < before) & (world.stops >= month + AHEAD_MONTHS)
        if source != "own":
            usable &= ~np.isnan(centre[:, 1])
        if source != "peers":
            usable &= ~np.isnan(own[:, 1])
        inputs.append(chance_inputs(source, own[usable], centre[usable]))
        outcomes.append(later[usable] > CHANCE_LATE_DAYS)
    return np.concatenate(inputs), np.concatenate(outcomes)


def together(every: list[Played], source: Source) -> Sample:
    """The same over seeds."""
    parts = [samples(one, source) for one in every]
    return np.concatenate([one[0] for one in parts]), np.concatenate([one[1] for one in parts])


def fit(inputs: Floats, outcomes: NDArray[np.bool_], steps: int = 25) -> Floats:
    """Logistic regression by Newton's method (iteratively reweighted least squares), ridge 1."""
    weights = np.zeros(inputs.shape[1])
    for _ in range(steps):
        said = 1 / (1 + np.exp(-(inputs @ weights)))
        gradient = inputs.T @ (outcomes - said) - weights
        curvature = (inputs * (said * (1 - said))[:, None]).T @ inputs + np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def reliability(said: Floats, outcomes: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """(mean of what was said, how often it happened, how many) by bin of what was said."""
    bins = np.clip(np.searchsorted(BINS, said, side="right") - 1, 0, len(BINS) - 2)
    return [
        (float(said[mine].mean()), float(outcomes[mine].mean()), int(mine.sum()))
        for one in range(len(BINS) - 1)
        if (mine := bins == one).sum() >= 50
    ]


def brier(said: Floats, outcomes: NDArray[np.bool_]) -> float:
    """Mean square of what was said less what happened (Brier 1950)."""
    return float(np.mean((said - outcomes) ** 2))


def module(found: dict[Source, Floats]) -> str:
    """The text of benchmark/score_coefficients.py."""
    lines = "\n".join(
        f'    "{source}": ({", ".join(f"{value:.4f}" for value in weights)}),'
        for source, weights in found.items()
    )
    return f'''"""Coefficients of the chance of being more than 30 days late. Written by `make calibrate`.

Learnt from simulated networks alone (`tests/leadtime/calibrate.py`); inputs in the order of
`benchmark.score.chance_inputs`.
"""

from __future__ import annotations

from typing import Final

COEFFICIENTS: Final[dict[str, tuple[float, ...]]] = {{
{lines}
}}
'''


def twin(found: dict[Source, Floats]) -> str:
    """The text of web/src/credit/coefficients.ts."""
    lines = [
        f"  {source}: [{', '.join(str(round(float(value), 4)) for value in weights)}],"
        for source, weights in found.items()
    ]
    return "\n".join(
        [
            (
                "/** Coefficients of the chance of being more than 30 days late, as `make calibrate` has "
                "learnt them. Twin of benchmark/score_coefficients.py. */"
            ),
            "",
            "export const COEFFICIENTS: Readonly<Record<'both' | 'peers' | 'own', readonly number[]>> = {",
            *lines,
            "}",
            "",
        ]
    )


def main() -> int:
    """Fit on the first half of the seeds, judge on the others."""
    parser = argparse.ArgumentParser(prog="make calibrate")
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--write", action="store_true", help="put coefficients and figures where they belong")
    asked = parser.parse_args()
    every = [play(2000 + seed) for seed in range(asked.seeds)]
    half = len(every) // 2
    found: dict[Source, Floats] = {}
    lines = [Line("what was said", (0, 1), (0, 1), dashed=True)]
    rows = [
        "| from | relation-months judged | more than 30 days late | Brier score | of the base rate alone |"
    ]
    rows.append("| --- | --- | --- | --- | --- |")
    for source in SOURCES:
        found[source] = np.round(fit(*together(every[:half], source)), 4)
        inputs, outcomes = together(every[half:], source)
        said = 1 / (1 + np.exp(-(inputs @ found[source])))
        base = float(outcomes.mean())
        curve = reliability(said, outcomes)
        lines.append(Line(source, [one[0] for one in curve], [one[1] for one in curve], dots=True))
        rows.append(
            f"| {source} | {len(outcomes):,} | {100 * base:.1f} % | {brier(said, outcomes):.4f} | "
            f"{base * (1 - base):.4f} |"
        )
    text = "\n".join([*rows, ""])
    print(text)
    for line in lines[1:]:
        print(line.name, " ".join(f"{x:.2f}:{y:.2f}" for x, y in zip(line.x, line.y, strict=True)))
    if asked.write:
        (ROOT / "benchmark/score_coefficients.py").write_text(module(found), encoding="utf-8")
        (ROOT / "web/src/credit/coefficients.ts").write_text(twin(found), encoding="utf-8")
        picture = svg(
            "More than 30 days late next quarter: said and happened",
            ("chance that was said", "share that it happened to"),
            ((0, 1), (0, 1)),
            ((0, 0.25, 0.5, 0.75, 1), (0, 0.25, 0.5, 0.75, 1)),
            lines,
        )
        (ROOT / "docs/alerts-calibration.svg").write_text(picture, encoding="utf-8")
        page = ROOT / "docs/alerts.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    worst = max(abs(x - y) for line in lines[1:] for x, y in zip(line.x, line.y, strict=True))
    print(f"furthest from what was said: {worst:.3f}")
    return 0 if worst < 0.1 else 1


if __name__ == "__main__":
    sys.exit(main())
