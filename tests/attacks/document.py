"""docs/attacks.md and its plot, from the results that were kept: no figure there is typed by hand.

Knows: the shape of the results, Markdown. Must not know: how anything was measured.

The prose of the page is written by a person; between a pair of marks `<!-- name -->` and `<!-- end -->`
stands what this module writes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.attacks.bars import CAUGHT_MIN, CEILINGS, COVERED_MIN, ERROR_MAX_DAYS
from tests.attacks.plot import plot

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, PLOT = DOCS / "attacks.md", DOCS / "attacks" / "frontier.svg"
RESULTS, FRONTIER, COSTS = (DOCS / "attacks" / f"{name}.json" for name in ("results", "frontier", "costs"))
WORTH = {
    "covered": ("relations in cells of five and more that are covered", f"at least {COVERED_MIN:.2f}"),
    "covered_of_all": ("of all relations", ""),
    "caught": ("true degradations caught", f"at least {CAUGHT_MIN:.2f}"),
    "error_days_late": (
        "mean error of days late over cells, days",
        f"at most {ERROR_MAX_DAYS[2]}, {ERROR_MAX_DAYS[1]} where alone",
    ),
    "error_dso": ("mean error of DSO over cells, days", f"at most {ERROR_MAX_DAYS[2]}"),
    "error_read_days_late": ("mean error of days late over relations, days", ""),
    "error_read_dso": ("mean error of DSO over relations, days", ""),
}
Row = dict[str, Any]


def write() -> None:
    """Both files, from the results on the disk."""
    results, frontier, costs = (json.loads(path.read_text("utf-8")) for path in (RESULTS, FRONTIER, COSTS))
    PAGE.write_text(filled(PAGE.read_text("utf-8"), results, frontier, costs), encoding="utf-8")
    PLOT.write_text(plot(frontier), encoding="utf-8")


def filled(page: str, results: list[Row], frontier: list[Row], costs: list[Row]) -> str:
    """The page with every generated part made again."""
    parts = {
        "worst": worst(results),
        "worth": kept(results),
        "frontier": tried(frontier),
        "costs": priced(costs),
    }
    parts |= {outcome["policy"]: every(outcome) for outcome in results}
    for name, text in parts.items():
        before, opening, rest = page.partition(f"<!-- {name} -->\n")
        _, closing, after = rest.partition("<!-- end -->")
        if not (opening and closing):
            raise ValueError(f"the page has no place for {name}")
        page = f"{before}{opening}{text}\n{closing}{after}"
    return page


def worst(results: list[Row]) -> str:
    """By ceiling: the attack with the highest upper bound, for each policy."""
    rows = []
    for name, ceiling in CEILINGS.items():
        cells = [name, f"{ceiling:.2f}"]
        for outcome in results:
            judged = [one for one in _judged(outcome) if one["judged"] == name]
            one = max(judged, key=lambda score: score["high"], default=None)
            text = f"{_chance(one)} ({one['attack']}, {one['target']})" if one else "nothing of it published"
            cells.append(text)
        rows.append(cells)
    return _table(["ceiling of", "upper bound below", *(one["policy"] for one in results)], rows)


def kept(results: list[Row]) -> str:
    """Floors, and what a reader has."""
    rows = []
    for name, (label, bar) in WORTH.items():
        values = [outcome["worth"][name] for outcome in results]
        rows.append([label, bar, *(f"{value:.2f}" if value else "-" for value in values)])
    return _table(["", "floor or ceiling", *(one["policy"] for one in results)], rows)


def every(outcome: Row) -> str:
    """All attacks on one policy, within three days (or told right), and the figures beside cells."""
    rows = []
    for one in _judged(outcome):
        guesses = [f"{one[name]:.3f}" for name in ("success", "twin", "sector", "published")]
        if one["within_days"] == 0.0 and one["target"] != "terms":
            guesses[2:] = ["-", "-"]
        ceiling = f"{CEILINGS[one['judged']]:.2f}" if one["judged"] else "-"
        rows.append([one["attack"], one["target"], str(one["trials"]), *guesses, _chance(one), ceiling])
    head = ["attack", "target", "trials", "success", "twin", "sector", "published", "advantage", "below"]
    checks = [
        [one["name"], f"{one['value']:.1f} {one['unit']}", f"{one['limit']:.1f}"] for one in outcome["checks"]
    ]
    return _table(head, rows) + "\n\n" + _table(["beside the cells", "measured", "at most"], checks)


def tried(frontier: list[Row]) -> str:
    """Every variant, numbered as in the plot."""
    rows = []
    for place, one in enumerate(frontier):
        worth = one["worth"]
        rows.append(
            [
                str(place + 1),
                f"{one['name']}: {one['said']}",
                f"{worth['error_days_late']:.2f}",
                f"{worth['error_dso']:.2f}" if worth["error_dso"] else "-",
                f"{worth['covered_of_all']:.2f}",
                f"{worth['caught']:.2f}",
                _three(one["all_but_one"]),
                _three(one["all_but_one_hits"]) if "all_but_one_hits" in one else "-",
                f"{_three(one['shams'])} ({one['strategy']})",
                _three(one["terms"]) if "terms" in one else "-",
                _three(one["membership"]),
            ]
        )
    head = ["", "policy", "error, days late", "error, DSO", "covered of all", "caught"]
    head += ["all but one", "all but one, hits", "k - 1 shams"]
    return _table([*head, "terms by difference", "membership"], rows)


def priced(costs: list[Row]) -> str:
    """What switching a rule off would give back."""
    rows = []
    whole: Row = {}
    for one in costs:
        whole = whole if one["off"] else one
        label = f"without rule {one['rule']}: {one['off']}" if one["off"] else "everything on"
        dso = f"{one['error_dso']:.2f}" if one["error_dso"] else "-"
        covered = one["covered_of_all"] - whole["covered_of_all"]
        days = whole["error_days_late"] - one["error_days_late"]
        figures = [f"{one['covered_of_all']:.3f}", f"{one['error_days_late']:.2f}", dso]
        rows.append([one["profile"], label, *figures, f"{covered:+.3f}", f"{days:+.2f}"])
    head = ["profile", "", "covered of all", "error, days late", "error, DSO"]
    return _table([*head, "coverage it costs", "days it costs"], rows)


def _judged(outcome: Row) -> list[Row]:
    """Scores within three days, or told right."""
    return [one for one in outcome["scores"] if one["within_days"] != 1.0]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _chance(one: Row) -> str:
    return f"{one['advantage']:.3f} [{one['low']:.3f}, {one['high']:.3f}]"


def _three(figures: Sequence[float]) -> str:
    return f"{figures[0]:.3f} ± {(figures[2] - figures[1]) / 2:.3f}"
