"""The kernel: every firm's rows in a window -> one value per client, group and field.

Knows: contributions of all firms, for as long as the function runs; what comes out is raw (`Tally`).
Must not know: which of it may be published (`privacy.disclosure`), the time, sockets, database rows.

A relation's value (firm x client), from its rows in the window, `newest` being the last of them:

    days_late   (sum of paid_days_late + open_late_days of newest) / (sum of paid + late outstanding of
                newest), late outstanding being the four late buckets, or outstanding less not due where one
                is unknown. An older row whose payments are unknown adds nothing; null when newest lacks any.
    dso         newest's, in days

Both are null with a credit balance (outstanding of newest below zero), days_late without a positive
denominator. A relation with a factored row in the window stays out: what is sold to a factor looks paid.
Several firms of one group make one value: for days_late their sums are added before the ratio; for dso, which
has no sums, the plain mean is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmark.upload import FIELD_BIT, Rows
from privacy.disclosure import Tally
from privacy.places import dense

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FIELDS = ("days_late", "dso")
LATE = ("late_1_30", "late_31_60", "late_61_90", "late_91_plus")
PAYMENTS = ("paid", "paid_days_late")
STATE = ("outstanding", "not_due", *LATE, "open_late_days", "dso")
"""What is read of a relation's newest row alone."""


@dataclass(frozen=True, slots=True, eq=False)
class UploadInWindow:
    """One firm's current upload for one month of the window, received before the window closed."""

    firm: bytes  # 16 bytes
    group: bytes  # 16 bytes: the corporate group's id, or the firm's own where it belongs to none
    first_full_month: int  # first calendar month that lies wholly within the firm's membership
    month: int
    rows: Rows = field(repr=False)  # shape (n,), ROW_DTYPE, sorted by pseudonym


@dataclass(frozen=True, slots=True, eq=False)
class _Relations:
    """Relations that are not factored, sorted by client, then firm; (relations,) each."""

    client: Codes
    firm: Codes
    as_of: Codes
    late: Floats  # cents x days
    base: Floats  # cents; not positive where days_late is null
    dso: Floats  # days, NaN where null


def tally(uploads: Sequence[UploadInWindow], month: int) -> Tally:
    """One value per client and group for the window that ends in `month`; fields in the order of FIELDS.

    `uploads`: those that count, at most one per firm and month, in any order.
    """
    ordered = sorted(uploads, key=lambda upload: (upload.firm, upload.month))
    group_of = {upload.firm: upload.group for upload in ordered}
    firms = {firm: place for place, firm in enumerate(group_of)}
    groups, group_code = np.unique(np.array(list(group_of.values()), "V16"), return_inverse=True)
    names = np.concatenate([np.zeros(0, "V32"), *(upload.rows["pseudonym"] for upload in ordered)])
    pseudonyms, client = dense(names)
    lengths = [len(upload.rows) for upload in ordered]
    firm = np.repeat(np.array([firms[upload.firm] for upload in ordered], np.int64), lengths)
    when = np.repeat(np.array([upload.month for upload in ordered], np.int64), lengths)
    relations = _relations([upload.rows for upload in ordered], client, firm, when)
    group = group_code.reshape(-1).astype(np.int64)[relations.firm]
    return _merged(relations, group, pseudonyms, groups, month)


def _relations(uploads: list[Rows], client: Codes, firm: Codes, when: Codes) -> _Relations:
    """Sums and newest states of every relation; rows come firm by firm, months ascending."""

    def column(name: str) -> Floats:
        """Cents or days as floats (sums of cents x days of a hostile upload cannot wrap); NaN where null."""
        parts = [np.where(rows["present"] & FIELD_BIT[name], rows[name], np.nan) for rows in uploads]
        return np.concatenate([np.zeros(0), *parts])

    order = np.argsort(client, kind="stable")  # firms and months stay ascending within a client
    client, firm, when = client[order], firm[order], when[order]
    begins = np.ones(len(client), bool)
    begins[1:] = (client[1:] != client[:-1]) | (firm[1:] != firm[:-1])
    relation = np.cumsum(begins) - 1
    starts = np.nonzero(begins)[0]
    count = len(starts)
    newest = np.append(starts[1:], len(client))[:count] - 1

    paid, paid_late = (column(name)[order] for name in PAYMENTS)
    both = ~(np.isnan(paid) | np.isnan(paid_late))
    late = np.bincount(relation, np.where(both, paid_late, 0.0), minlength=count)
    base = np.bincount(relation, np.where(both, paid, 0.0), minlength=count)
    state = {name: column(name)[order[newest]] for name in STATE}
    buckets = sum((state[name] for name in LATE), np.zeros(count))
    overdue = np.where(np.isnan(buckets), state["outstanding"] - state["not_due"], buckets)
    late = late + state["open_late_days"]  # not in place: bincount of nothing is of integers
    base = base + overdue
    credit = state["outstanding"] < 0
    null = credit | ~both[newest] | ~(base > 0) | np.isnan(late)
    factored = np.bincount(relation, np.nan_to_num(column("factored")[order]), minlength=count) > 0
    keep = np.nonzero(~factored)[0]
    return _Relations(
        client=client[newest][keep],
        firm=firm[newest][keep],
        as_of=when[newest][keep],
        late=np.where(null, 0.0, late)[keep],
        base=np.where(null, 0.0, base)[keep],
        dso=np.where(credit, np.nan, state["dso"] / 10.0)[keep],
    )


def _merged(
    relations: _Relations, group: Codes, pseudonyms: NDArray[np.void], groups: NDArray[np.void], month: int
) -> Tally:
    """Firms of one group made one."""
    keys, pair = np.unique(relations.client * max(1, len(groups)) + group, return_inverse=True)
    count = len(keys)
    base = np.bincount(pair, relations.base, minlength=count)
    late = np.bincount(pair, relations.late, minlength=count)
    has_dso = ~np.isnan(relations.dso)
    firms = np.bincount(pair, has_dso, minlength=count)
    dso = np.bincount(pair, np.where(has_dso, relations.dso, 0.0), minlength=count)
    as_of = np.zeros(count, np.int64)
    np.maximum.at(as_of, pair, relations.as_of)
    values = np.full((len(FIELDS), count), np.nan)
    np.divide(late, base, out=values[0], where=base > 0)
    np.divide(dso, firms, out=values[1], where=firms > 0)
    return Tally(
        month=month,
        pseudonyms=pseudonyms,
        groups=groups,
        client=keys // max(1, len(groups)),
        group=keys % max(1, len(groups)),
        as_of=as_of,
        values=values,
    )
