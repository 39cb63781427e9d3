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

Rows are canonical, as the door takes them: what is unknown holds zero bytes. They are read block by block
(whole groups, about as much as a processor keeps near), each block sorted once by a packed key, the first
bits of the pseudonym before the row's number; what is left, a line for each client and group, is sorted in
the same way and compared in full. Rows of one firm whose pseudonyms agree in their first 64 bits are one
relation: who makes such pseudonyms moves nothing but a value of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.upload import FIELD_BIT, ROW_DTYPE, Rows
from privacy.disclosure import Tally, TermsTally
from privacy.places import by_head, by_name, heads_of

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]

FIELDS: Final = ("days_late", "dso")
LATE: Final = ("late_1_30", "late_31_60", "late_61_90", "late_91_plus")
LABELS: Final = ("sector", "region")
BLOCK_ROWS: Final = 4_096

PACKED: Final = np.dtype(f"V{ROW_DTYPE.itemsize}")
"""A row as mere bytes: copied in one piece, not field by field."""
_OFFSETS: Final = {name: place[1] for name, place in (ROW_DTYPE.fields or {}).items()}
LOOKED_AT: Final = np.dtype(
    {
        "names": ["name", "head", "incident", "factored"],
        "formats": ["V32", ">u8", "u1", "u1"],
        "offsets": [0, 0, _OFFSETS["incident"], _OFFSETS["factored"]],
        "itemsize": ROW_DTYPE.itemsize,
    }
)
"""Of a row: its pseudonym, the first 64 bits of it, and two fields that are mostly zero."""


@dataclass(frozen=True, slots=True, eq=False)
class UploadInWindow:
    """One firm's current upload for one month of the window, received before the window closed."""

    firm: bytes  # 16 bytes
    group: bytes  # 16 bytes: the corporate group's id, or the firm's own where it belongs to none
    first_full_month: int  # first calendar month that lies wholly within the firm's membership
    month: int
    rows: Rows = field(repr=False)  # shape (n,), ROW_DTYPE, sorted by pseudonym


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
    code = {group: place for place, group in enumerate(groups)}
    blocks = list(_blocks(ordered))
    room = np.empty(max((sum(len(one.rows) for one in block) for block in blocks), default=0), PACKED)
    lines = [_lines(block, code, room) for block in blocks] or [_no_lines()]
    column = {name: np.concatenate([one[name] for one in lines]) for name in lines[0]}
    found, names = by_name(column.pop("name"))
    first = np.concatenate([np.ones(min(1, len(names)), bool), ~found.same])
    values = np.empty((len(wanted), len(names)))
    for place, name in enumerate(wanted):
        values[place] = column[name][found.order]
    return Tally(
        month=month,
        pseudonyms=names[first],
        groups=np.array(groups, "V16"),
        client=np.cumsum(first) - 1,
        values=values,
        terms=terms,
        **{name: column[name][found.order] for name in ("group", "as_of", "incident", *LABELS)},
    )


def _blocks(ordered: list[UploadInWindow]) -> Iterator[list[UploadInWindow]]:
    """Whole groups, about BLOCK_ROWS rows together."""
    block: list[UploadInWindow] = []
    size = 0
    for upload in ordered:
        if size >= BLOCK_ROWS and upload.group != block[-1].group:
            yield block
            block, size = [], 0
        block.append(upload)
        size += len(upload.rows)
    if block:
        yield block


def _no_lines() -> Columns:
    nobody = UploadInWindow(b"", b"", 0, 0, np.zeros(0, ROW_DTYPE))
    return _lines([nobody], {b"": 0}, np.empty(0, PACKED))


def _lines(block: list[UploadInWindow], code: dict[bytes, int], room: NDArray[np.void]) -> Columns:
    """One line for each client and group of a block, groups ascending for a client.

    `room` is for a copy of the rows, the same for all blocks: fresh memory costs more than the copy.
    """
    lengths = [len(upload.rows) for upload in block]
    packed = room[: sum(lengths)]
    np.concatenate([upload.rows.view(PACKED) for upload in block], out=packed)
    looked = packed.view(LOOKED_AT)
    found = by_head(looked["head"].astype(np.uint64))
    order, same = found.order, found.same
    firms = {upload.firm: place for place, upload in enumerate(block)}
    if len(firms) > 1:
        firm = np.repeat([firms[upload.firm] for upload in block], lengths)[order]
        same &= firm[1:] == firm[:-1]
    begins = _begins(same, len(packed))
    newest = order[np.append(begins[1:], len(packed))[: len(begins)] - 1]
    upload = np.searchsorted(np.cumsum(lengths), newest, side="right")
    state = packed[newest].view(ROW_DTYPE)
    relations = {
        "name": looked["name"][newest],
        "group": np.array([code[one.group] for one in block])[upload],
        "as_of": np.array([one.month for one in block])[upload],
        **_figures(packed.view(ROW_DTYPE), order, begins, state, newest),
        "incident": _any(looked["incident"], order, begins),
        **{name: state[name].copy() for name in LABELS},
    }
    factored = _any(looked["factored"], order, begins)
    if factored.any():
        relations = {name: values[~factored] for name, values in relations.items()}
    if len(firms) > len({one.group for one in block}):
        relations = _grouped(relations)
    with np.errstate(divide="ignore", invalid="ignore"):
        relations["days_late"] = np.where(
            relations["base"] > 0, relations["late"] / relations["base"], np.nan
        )
        relations["dso"] /= relations.pop("firms")
    del relations["late"], relations["base"]
    return relations


def _begins(same: Mask, count: int) -> Codes:
    """Where each run of the same ones begins, of `count` in all."""
    return np.concatenate([np.zeros(min(1, count), np.int64), np.nonzero(~same)[0] + 1])


def _figures(
    rows: Rows, order: NDArray[np.intp], begins: Codes, state: Rows, newest: NDArray[np.intp]
) -> Columns:
    """Sums of each relation's rows, with what is open in the newest; `firms`: how many dso are added up."""
    both = _known(rows, "paid", "paid_days_late")
    paid = np.empty(len(rows), np.complex128)  # two sums at once, as floats: a hostile upload's cannot wrap
    paid.real, paid.imag = rows["paid"], rows["paid_days_late"]
    null = np.zeros(len(state), bool)
    if not both.all():
        paid[~both] = 0.0
        null = ~both[newest]
    summed = np.add.reduceat(paid[order], begins) if len(begins) else paid
    overdue = np.zeros(len(state))
    for name in LATE:
        overdue += state[name]
    aged, opened = _known(state, *LATE), _known(state, "open_late_days")
    if not aged.all():
        told = _known(state, "outstanding", "not_due")
        overdue = np.where(aged, overdue, state["outstanding"].astype(np.float64) - state["not_due"])
        null |= ~(aged | told)
    credit = state["outstanding"] < 0
    base = summed.real + overdue
    null |= credit | ~opened | ~(base > 0)
    dso = state["dso"] / 10.0
    counted = _known(state, "dso") & ~credit
    return {
        "late": np.where(null, 0.0, summed.imag + state["open_late_days"]),
        "base": np.where(null, 0.0, base),
        "dso": np.where(counted, dso, 0.0),
        "firms": counted.astype(np.int64),
    }


def _known(rows: Rows, *names: str) -> Mask:
    bits = np.bitwise_or.reduce([FIELD_BIT[name] for name in names])
    return np.asarray((rows["present"] & bits) == bits)


def _any(values: NDArray[np.uint8], order: NDArray[np.intp], begins: Codes) -> Mask:
    """Whether any row of each relation holds something else than zero."""
    if not values.any():
        return np.zeros(len(begins), bool)
    return np.asarray(np.logical_or.reduceat(values[order], begins))


def _grouped(relations: Columns) -> Columns:
    """Lines of one client and group made one: they are neighbours, since firms come group by group."""
    heads = heads_of(relations["name"])
    same = heads[1:] == heads[:-1]
    same &= relations["group"][1:] == relations["group"][:-1]
    begins = _begins(same, len(relations["group"]))
    how = {"late": np.add, "base": np.add, "dso": np.add, "firms": np.add}
    return {
        name: values[begins]
        if name in {"name", "group"}
        else how.get(name, np.maximum).reduceat(values, begins)
        for name, values in relations.items()
    }
