"""The kernel: every firm's rows in a window -> one value per client, group and field.

Knows: contributions of all firms, for as long as the function runs; what comes out is raw (`Tally`).
Must not know: which of it may be published (`privacy.disclosure`), the time, sockets, database rows.

A relation's value (firm x client), from its rows in the window, `newest` being the last of them:

    days_late   (sum of paid_days_late + open_late_days of newest) / (sum of paid + late outstanding of
                newest), late outstanding being the four late buckets, or outstanding less not due where one
                is unknown. An older row whose payments are unknown adds nothing; null when newest lacks any.
    dso         newest's, in days
    incident    any row in the window reports one
    sector,     newest's label of the client
    region

Both figures are null with a credit balance (outstanding of newest below zero), days_late without a positive
denominator. A relation with a factored row in the window stays out: what is sold to a factor looks paid.
Several firms of one group make one value: for days_late their sums are added before the ratio; for dso, which
has no sums, the plain mean is taken; of labels the highest code.

Rows are read block by block (some firms' whole windows, about as much as a processor keeps near), each block
sorted once by a packed key (`privacy.places.by_name`); what is left, a line a relation, is
sorted in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.upload import FIELD_BIT, ROW_DTYPE, Rows
from privacy.disclosure import Tally, TermsTally
from privacy.places import by_name, names_of

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Labels = NDArray[np.uint8]
Columns = dict[str, NDArray[Any]]

FIELDS = ("days_late", "dso")
LATE = ("late_1_30", "late_31_60", "late_61_90", "late_91_plus")
BLOCK_ROWS = 4_096
"""Rows of a block, a firm's window more or less."""

_PACKED = np.dtype(f"V{ROW_DTYPE.itemsize}")
"""A row as mere bytes: copied in one piece, not field by field."""
_WORDS = np.dtype(
    {"names": ["words"], "formats": [(">u8", 4)], "offsets": [0], "itemsize": ROW_DTYPE.itemsize}
)


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
    """Relations that are not factored; all of one client by group, then firm; (relations,) each."""

    words: NDArray[np.uint64]  # (4, relations): the pseudonym's
    group: Codes
    as_of: Codes
    late: Floats  # cents x days
    base: Floats  # cents; zero where days_late is null
    dso: Floats  # days, NaN where null
    incident: Mask
    sector: Labels
    region: Labels


def tally(
    uploads: Sequence[UploadInWindow],
    month: int,
    wanted: Sequence[str] = FIELDS,
    terms: TermsTally | None = None,
) -> Tally:
    """One value per client and group for the window that ends in `month`; `wanted` are some of FIELDS.

    `uploads`: those that count, at most one per firm and month, in any order. `terms` is handed through.
    """
    ordered = sorted(uploads, key=lambda upload: (upload.group, upload.firm, upload.month))
    groups = sorted({upload.group for upload in ordered})
    place = {group: code for code, group in enumerate(groups)}
    blocks = list(_blocks(ordered))
    room = np.empty(max((sum(len(one.rows) for one in block) for block in blocks), default=0), _PACKED)
    relations = _joined([_relations(block, place, room) for block in blocks])
    return _tallied(relations, np.array(groups, "V16"), month, wanted, terms)


def _blocks(ordered: list[UploadInWindow]) -> Iterator[list[UploadInWindow]]:
    """Whole firms, about BLOCK_ROWS rows together."""
    block: list[UploadInWindow] = []
    size = 0
    for upload in ordered:
        if size >= BLOCK_ROWS and upload.firm != block[-1].firm:
            yield block
            block, size = [], 0
        block.append(upload)
        size += len(upload.rows)
    if block:
        yield block


def _joined(blocks: list[_Relations]) -> _Relations:
    if not blocks:
        blocks = [
            _relations(
                [UploadInWindow(b"", b"", 0, 0, np.zeros(0, ROW_DTYPE))], {b"": 0}, np.empty(0, _PACKED)
            )
        ]
    return _Relations(
        *(
            np.concatenate([getattr(block, one.name) for block in blocks], axis=-1)
            for one in fields(_Relations)
        )
    )


def _relations(block: list[UploadInWindow], place: dict[bytes, int], room: NDArray[np.void]) -> _Relations:
    """Sums and newest states of every relation of some firms. `room` is for a copy of their rows."""
    lengths = [len(upload.rows) for upload in block]
    packed = room[: sum(lengths)]
    np.concatenate([upload.rows.view(_PACKED) for upload in block], out=packed)
    rows = packed.view(ROW_DTYPE)
    firms = {upload.firm: code for code, upload in enumerate(block)}
    words = np.ascontiguousarray(rows.view(_WORDS)["words"].T).astype(np.uint64)
    found = by_name(words)
    order = found.order
    firm = np.repeat([firms[upload.firm] for upload in block], lengths)[order]
    same = found.same & (firm[1:] == firm[:-1])
    begins = np.concatenate([np.zeros(min(1, len(rows)), np.int64), np.nonzero(~same)[0] + 1])
    newest = order[np.append(begins[1:], len(rows))[: len(begins)] - 1]

    both = _known(rows, "paid", "paid_days_late")
    late, base = rows["paid_days_late"].astype(np.float64), rows["paid"].astype(np.float64)
    if not both.all():
        late[~both] = base[~both] = 0.0
    state = packed[newest].view(ROW_DTYPE)
    overdue, unknown = _overdue(state)
    late = _summed(late, order, begins) + state["open_late_days"]
    base = _summed(base, order, begins) + overdue
    credit = _known(state, "outstanding") & (state["outstanding"] < 0)
    null = credit | ~both[newest] | ~_known(state, "open_late_days") | unknown | ~(base > 0)
    late[null] = base[null] = 0.0
    upload = np.repeat(np.arange(len(block)), lengths)[newest]
    kept = ~_any(_known(rows, "factored") & (rows["factored"] != 0), order, begins)
    return _Relations(
        words=words[:, newest[kept]],
        group=np.array([place[one.group] for one in block])[upload][kept],
        as_of=np.array([one.month for one in block])[upload][kept],
        late=late[kept],
        base=base[kept],
        dso=np.where(credit | ~_known(state, "dso"), np.nan, state["dso"] / 10.0)[kept],
        incident=_any(_known(rows, "incident") & (rows["incident"] != 0), order, begins)[kept],
        sector=np.where(_known(state, "sector"), state["sector"], 0)[kept],
        region=np.where(_known(state, "region"), state["region"], 0)[kept],
    )


def _known(rows: Rows, *names: str) -> Mask:
    bits = np.bitwise_or.reduce([FIELD_BIT[name] for name in names])
    return np.asarray((rows["present"] & bits) == bits)


def _overdue(state: Rows) -> tuple[Floats, Mask]:
    """Late outstanding in cents, and where it cannot be told."""
    overdue = np.zeros(len(state))
    for name in LATE:  # floats: the sum of a hostile upload's buckets cannot wrap
        overdue += state[name]
    known = _known(state, *LATE)
    if known.all():
        return overdue, ~known
    rest = state["outstanding"].astype(np.float64) - state["not_due"]
    told = _known(state, "outstanding", "not_due")
    return np.where(known, overdue, rest), ~(known | told)


def _summed(values: Floats, order: NDArray[np.intp], begins: Codes) -> Floats:
    return np.add.reduceat(values[order], begins) if len(begins) else np.zeros(0)


def _any(mask: Mask, order: NDArray[np.intp], begins: Codes) -> Mask:
    if not mask.any():
        return np.zeros(len(begins), bool)
    return np.asarray(np.logical_or.reduceat(mask[order], begins))


def _tallied(
    relations: _Relations,
    groups: NDArray[np.void],
    month: int,
    wanted: Sequence[str],
    terms: TermsTally | None,
) -> Tally:
    """Relations by client, firms of one group made one."""
    found = by_name(relations.words)
    order = found.order
    first = np.concatenate([np.ones(min(1, len(order)), bool), ~found.same])
    client, group = np.cumsum(first) - 1, relations.group[order]
    columns: Columns = {one.name: getattr(relations, one.name)[order] for one in fields(_Relations)[2:]}
    columns["firms"] = (~np.isnan(columns["dso"])).astype(np.int64)
    merged = np.concatenate([np.zeros(min(1, len(order)), bool), found.same])
    merged[1:] &= group[1:] == group[:-1]
    if merged.any():
        begins = np.nonzero(~merged)[0]
        columns = _grouped(columns, begins)
        client, group = client[begins], group[begins]
    values = np.full((len(wanted), len(client)), np.nan)
    for place, name in enumerate(wanted):
        above, below = ("late", "base") if name == "days_late" else ("dso", "firms")
        np.divide(columns[above], columns[below], out=values[place], where=columns[below] > 0)
    return Tally(
        month=month,
        pseudonyms=names_of(relations.words[:, order[first]]),
        groups=groups,
        client=client,
        group=group,
        as_of=columns["as_of"],
        values=values,
        incident=columns["incident"],
        sector=columns["sector"],
        region=columns["region"],
        terms=terms,
    )


def _grouped(columns: Columns, begins: Codes) -> Columns:
    """Lines of one client and group made one."""
    columns = {**columns, "dso": np.nan_to_num(columns["dso"])}
    sums = {name: np.add.reduceat(columns[name], begins) for name in ("late", "base", "dso", "firms")}
    highest = {
        name: np.maximum.reduceat(columns[name], begins) for name in ("as_of", "incident", "sector", "region")
    }
    return {**sums, **highest}
