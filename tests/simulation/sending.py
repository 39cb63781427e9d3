"""A network's uploads as the release receives them: rows in the canonical layout, who had sent what by when.

Knows: the layout of rows, when an upload arrives and when it is corrected (a month later).
Must not know: policies, attackers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmark.release import UploadInWindow
from benchmark.upload import FIELD_BIT, FIELDS, ROW_DTYPE
from tests.simulation.network import START, TERMS, Network

ALL_KNOWN = np.uint32((1 << len(FIELDS)) - 1)


class Sending:
    """Uploads of one network; rows of a month are built once."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.sent = network.sent()
        self._edges = np.searchsorted(network.firm, np.arange(len(network.firm_id) + 1))
        self._built: dict[tuple[int, bool], list[NDArray[np.void] | None]] = {}

    def window(self, month: int, width: int = 3) -> list[UploadInWindow]:
        """What the release of the month (a place from 0) reads."""
        found = []
        for sent in range(max(0, month - width + 1), month + 1):
            rows = self._rows(sent, first=sent == month)
            for firm, mine in enumerate(rows):
                late = sent == month and self.network.delayed[firm, sent]
                if mine is not None and not late:
                    found.append(self._upload(firm, sent, mine))
        return found

    def aged(self, month: int, age: int) -> list[UploadInWindow]:
        """The corrected uploads of `age` months before, of firms that share their terms; none for age 0."""
        if not age or month < age:
            return []
        rows = self._rows(month - age, first=False)
        return [
            self._upload(firm, month - age, mine)
            for firm, mine in enumerate(rows)
            if mine is not None and self.network.shares_terms[firm]
        ]

    def _upload(self, firm: int, month: int, rows: NDArray[np.void]) -> UploadInWindow:
        network = self.network
        return UploadInWindow(
            firm=network.firm_id[firm].tobytes(),
            group=network.group_id[firm].tobytes(),
            first_full_month=START + int(network.first_full[firm]),
            month=START + month,
            rows=rows,
        )

    def _rows(self, month: int, *, first: bool) -> list[NDArray[np.void] | None]:
        """By firm, None where it sent nothing: as first sent, or as corrected afterwards."""
        key = (month, first)
        if key not in self._built:
            made = rows(self.network, month, first=first)
            there = self.sent[:, month]
            each = []
            for start, end in zip(self._edges[:-1], self._edges[1:], strict=True):
                mine = made[start:end][there[start:end]]
                each.append(mine if len(mine) else None)
            self._built[key] = each
        return self._built[key]


def rows(network: Network, month: int, *, first: bool) -> NDArray[np.void]:
    """A row for every relation, whether sent or not, in the network's order; (relations,) ROW_DTYPE.

    What a client pays in the month is late by the relation's days; nothing overdue stays open.
    """
    late = (network.late_first if first else network.late)[:, month]
    made = np.zeros(network.relations, ROW_DTYPE)
    made["pseudonym"], made["present"] = network.names[network.client], ALL_KNOWN
    amount = network.amount[:, month]
    made["sales"] = made["paid"] = amount
    made["paid_days_late"] = np.rint(late * amount)
    made["paid_days_to_pay"] = np.maximum(0, np.rint((late + 30) * amount))
    made["outstanding"] = made["not_due"] = amount
    made["dso"] = np.rint(network.dso[:, month] * 10)
    table = np.array(TERMS)
    made["terms_days"], made["terms_kind"] = table[network.terms, 0], table[network.terms, 1]
    made["incident"] = network.incident[:, month]
    made["sector"] = network.label[:, month]
    made["region"] = network.region[network.client]
    return made


def values(network: Network, month: int, sent: NDArray[np.bool_], width: int = 3) -> NDArray[np.float64]:
    """Each relation's value in the month's release, days_late and dso; (2, relations), NaN where there
    is none.

    The arithmetic of `benchmark.tally` on the network's arrays: a test holds the two together.
    """
    window = range(max(0, month - width + 1), month + 1)
    late = np.zeros(network.relations)
    base = np.zeros(network.relations)
    dso = np.full(network.relations, np.nan)
    for each in window:
        there = sent[:, each].copy()
        if each == month:
            there &= ~network.delayed[network.firm, each]
        there &= START + month >= START + network.first_full[network.firm]
        said = (network.late_first if each == month else network.late)[:, each]
        late += np.where(there, np.rint(said * network.amount[:, each]), 0.0)
        base += np.where(there, network.amount[:, each], 0)
        dso = np.where(there, np.rint(network.dso[:, each] * 10) / 10, dso)
    some = base > 0
    return np.stack([np.where(some, late / np.where(some, base, 1), np.nan), np.where(some, dso, np.nan)])


assert "incident" in FIELD_BIT
