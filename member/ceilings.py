"""Whose terms of payment with the firm pass the legal ceiling that it says holds for them.

Knows: the import's clients and their newest terms. A firm hears of its own terms alone; nothing of it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmark.problems import Problem
from benchmark.terms import over_ceiling, regime_in_force
from benchmark.upload import known

if TYPE_CHECKING:
    from member.ceiling_choice import Ceilings
    from member.imported import Imported


@dataclass(frozen=True, slots=True)
class OverCeiling:
    """A client whose terms with the firm are longer than the law lets them be, in the month it was last told.

    terms_kind as in benchmark.terms; net_days and end_of_month_days are the ceiling's (None: no end of month
    may be agreed); outstanding_cents of the newest month, None where it is not told.
    """

    account: str
    name: str
    regime: str
    terms_days: int
    terms_kind: int
    net_days: int
    end_of_month_days: int | None
    source: str
    outstanding_cents: int | None = None


def over(imported: Imported, chosen: Ceilings) -> list[OverCeiling]:
    """Clients in France whose newest told terms pass the ceiling in force in that month, by what they owe.

    A client without an identifier counts as one in France: own figures are asked for before any is known.
    """
    told_of = np.zeros(len(imported.clients), bool)
    terms: list[tuple[int, int, int, int]] = []
    owed: dict[int, int] = {}
    newest = max(imported.months, default=0)
    for month in sorted(imported.months, reverse=True):
        there, rows = imported.months[month]
        if month == newest:
            here = known(rows, "outstanding")
            owed = dict(zip(there[here].tolist(), rows["outstanding"][here].tolist(), strict=True))
        told = known(rows, "terms_days") & known(rows, "terms_kind") & ~told_of[there]
        told_of[there[told]] = True
        columns = (there[told], rows["terms_days"][told], rows["terms_kind"][told])
        terms += zip(*(column.tolist() for column in columns), [month] * int(told.sum()), strict=True)
    found, regimes = [], chosen.of(imported.clients)
    judged: dict[tuple[int, int, int, str], bool] = {}
    for place, days, kind, month in terms:
        client = imported.clients[place]
        if not client.identifier.startswith(("fr.", "own:")):
            continue
        regime = regimes[place]
        asked = (days, kind, month, regime)
        if asked not in judged:
            judged[asked] = over_ceiling(*asked)
        if judged[asked]:
            limit = regime_in_force(month, regime)
            assert limit is not None
            found.append(
                OverCeiling(
                    client.account,
                    client.name,
                    regime,
                    days,
                    kind,
                    limit.net_days,
                    limit.end_of_month_days,
                    limit.source,
                    owed.get(place, 0) if owed else None,
                )
            )
    return sorted(found, key=lambda one: (-(one.outstanding_cents or 0), one.account))


def notices(found: Sequence[OverCeiling]) -> list[Problem]:
    """One for each ceiling that is passed: how many clients, and the ceiling."""
    counts: dict[str, int] = {}
    for one in found:
        month_end = "–" if one.end_of_month_days is None else str(one.end_of_month_days)
        ceiling = f"{one.net_days} / {month_end}; {one.source}"
        counts[ceiling] = counts.get(ceiling, 0) + 1
    return [
        Problem("terms-over-ceiling", None, "terms_days", str(count), ceiling)
        for ceiling, count in counts.items()
    ]


def as_json(found: Sequence[OverCeiling]) -> list[dict[str, Any]]:
    """For programs."""
    return [asdict(one) for one in found]
