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

Rows are canonical, as the door takes them: what is unknown holds zero bytes. They are read block by block, a
block being all rows of the clients between two heads (the first 64 bits of a pseudonym, as good as random).
Each is sorted once, by a packed key of the head's first bits before the row's number, and gives lines that
are in their final order. Rows of one firm whose pseudonyms agree in their first 64 bits are one relation: who
makes such pseudonyms moves nothing but a value of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.upload import FIELD_BIT, ROW_DTYPE, Rows
from privacy.disclosure import Tally, TermsTally
from privacy.places import by_head, by_name, same_as_before

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]

FIELDS: Final = ("days_late", "dso")
LATE: Final = ("late_1_30", "late_31_60", "late_61_90", "late_91_plus")
LABELS: Final = ("sector", "region")
BLOCK_ROWS: Final = 24_576
CUT_ROWS_MIN: Final = 16
"""Rows of one upload in one block, on average, below which blocks grow instead."""

PACKED: Final = np.dtype(f"V{ROW_DTYPE.itemsize}")
"""A row as mere bytes: copied in one piece, not field by field."""
_OFFSETS: Final = {name: place[1] for name, place in (ROW_DTYPE.fields or {}).items()}
LOOKED_AT: Final = np.dtype(
    {
        "names": ["name", "head", "rare"],
        "formats": ["V32", ">u8", "<u2"],
        "offsets": [0, 0, _OFFSETS["incident"]],
        "itemsize": ROW_DTYPE.itemsize,
    }
)
"""Of a row: its pseudonym, the first 64 bits of it, and incident and factored, neighbours and mostly zero."""
assert _OFFSETS["factored"] == _OFFSETS["incident"] + 1
INCIDENT: Final = np.uint16(0x00FF)
FACTORED: Final = np.uint16(0xFF00)


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
    sources = _sources(ordered)
    lines = _Lines.room(sum(len(upload.rows) for upload in ordered), wanted)
    count = clients = 0
    room = _room(sources.largest), _room(sources.largest)
    for cuts in sources.cuts:
        count, clients = lines.take(count, clients, _block(sources, cuts, room))
    return Tally(
        month=month,
        pseudonyms=lines.names[:clients],
        groups=sources.groups,
        terms=terms,
        **{name: column[..., :count] for name, column in lines.columns.items()},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sources:
    """The uploads, ordered by group, firm and month, and where they are cut into blocks."""

    rows: list[NDArray[np.void]]  # PACKED
    groups: NDArray[np.void]  # V16, ascending
    group: Codes  # (uploads,) place in groups
    firm: NDArray[np.int32]  # (uploads,)
    month: Codes  # (uploads,)
    cuts: NDArray[np.int64]  # (blocks, uploads, 2): first row and row after the last
    largest: int  # rows of the largest block


def _sources(ordered: list[UploadInWindow]) -> _Sources:
    groups = sorted({upload.group for upload in ordered})
    firms = {upload.firm: code for code, upload in enumerate(ordered)}
    code = {group: place for place, group in enumerate(groups)}
    rows = sum(len(upload.rows) for upload in ordered)
    blocks = max(1, rows // max(BLOCK_ROWS, CUT_ROWS_MIN * len(ordered)))
    least = np.array([(block << 64) // blocks for block in range(1, blocks)], np.uint64)
    ends = np.empty((len(ordered), blocks + 1), np.int64)
    for place, upload in enumerate(ordered):
        ends[place, 0], ends[place, -1] = 0, len(upload.rows)
        ends[place, 1:-1] = _cut(upload.rows.view(LOOKED_AT)["head"], least)
    cuts = np.stack([ends[:, :-1], ends[:, 1:]], axis=-1).transpose(1, 0, 2)
    return _Sources(
        rows=[upload.rows.view(PACKED) for upload in ordered],
        groups=np.array(groups, "V16"),
        group=np.array([code[upload.group] for upload in ordered], np.int64),
        firm=np.array([firms[upload.firm] for upload in ordered], np.int32),
        month=np.array([upload.month for upload in ordered], np.int64),
        cuts=cuts,
        largest=int((cuts[..., 1] - cuts[..., 0]).sum(axis=1).max(initial=0)),
    )


def _cut(heads: NDArray[np.uint64], least: NDArray[np.uint64]) -> Codes:
    """The first row of each block: `np.searchsorted`, which reads few of the heads, as they lie far apart."""
    if len(heads) < 2 * CUT_ROWS_MIN:
        return np.searchsorted(heads.astype(np.uint64), least)
    sample = heads[::CUT_ROWS_MIN].astype(np.uint64)
    before = np.maximum(np.searchsorted(sample, least) - 1, 0) * CUT_ROWS_MIN
    near = np.minimum(before[:, None] + np.arange(CUT_ROWS_MIN), len(heads) - 1)
    smaller = (heads[near] < least[:, None]) & (before[:, None] + np.arange(CUT_ROWS_MIN) < len(heads))
    return np.asarray(before + smaller.sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Room for one line for each client and group, by client, then group; filled block by block."""

    names: NDArray[np.void]  # the clients', each once
    columns: Columns  # as a `Tally` has them
    wanted: Sequence[str]

    @classmethod
    def room(cls, count: int, wanted: Sequence[str]) -> _Lines:
        """For so many lines at most."""
        columns: Columns = {name: np.empty(count, np.int64) for name in ("client", "group", "as_of")}
        columns |= {name: np.empty(count, np.uint8) for name in LABELS}
        columns["incident"] = np.empty(count, bool)
        columns["values"] = np.empty((len(wanted), count))
        return cls(np.empty(count, "V32"), columns, wanted)

    def take(self, start: int, clients: int, lines: Columns) -> tuple[int, int]:
        """Put a block's lines, by whole pseudonym, after so many lines and clients; both after it."""
        names = lines["name"]
        same = same_as_before(names)
        if not np.array_equal(same, lines["alike"][1:]):  # heads agree where pseudonyms do not
            order, names = by_name(names)
            same = order.same
            lines = {name: column[order.order] for name, column in lines.items()}
        first = np.concatenate([np.ones(min(1, len(names)), bool), ~same])
        after = clients + int(np.count_nonzero(first))
        self.names[clients:after] = names[first]
        span = slice(start, start + len(names))
        lines["client"] = np.cumsum(first) + (clients - 1)
        for name, column in self.columns.items():
            if name != "values":
                column[span] = lines[name]
        for place, name in enumerate(self.wanted):
            self.columns["values"][place, span] = lines[name]
        return span.stop, after


def _room(rows: int) -> NDArray[np.void]:
    """Memory for packed rows, such that their cents begin at multiples of 8: NumPy is faster there."""
    start = -_OFFSETS["paid"] % 8
    octets = np.empty(start + rows * PACKED.itemsize, np.uint8)
    return octets[start:].view(PACKED)


def _block(
    sources: _Sources, cuts: NDArray[np.int64], room: tuple[NDArray[np.void], NDArray[np.void]]
) -> Columns:
    """One line for each client and group of a block, sorted by head, then group.

    `room` is for copies of the rows, the same for all blocks: fresh memory costs more than copies. `alike`:
    the head is that of the line before.
    """
    lengths = cuts[:, 1] - cuts[:, 0]
    packed = room[0][: int(lengths.sum())]
    pieces = [rows[start:end] for rows, (start, end) in zip(sources.rows, cuts.tolist(), strict=True)]
    if pieces:
        np.concatenate(pieces, out=packed)
    looked = packed.view(LOOKED_AT)
    found = by_head(looked["head"].astype(np.uint64))
    order = found.order
    firm = np.repeat(sources.firm, lengths)[order]
    begins = _begins(found.same & (firm[1:] == firm[:-1]), len(packed))
    ends = np.append(begins[1:], len(packed))[: len(begins)] - 1
    newest = order[ends]
    upload = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[newest]
    rare = looked["rare"].copy()
    state = np.take(packed, newest, out=room[1][: len(newest)], mode="clip").view(ROW_DTYPE)
    lines = {
        "name": looked["name"][newest],
        "alike": np.concatenate([np.zeros(min(1, len(order)), bool), found.same])[begins],
        "group": sources.group[upload],
        "as_of": sources.month[upload],
        **_figures(packed.view(ROW_DTYPE), order, begins, state, newest),
        "incident": _any(rare & INCIDENT, order, begins),
        **{name: state[name] for name in LABELS},
    }
    factored = _any(rare & FACTORED, order, begins)
    if factored.any():
        heads = state.view(LOOKED_AT)["head"][~factored]
        lines = {name: column[~factored] for name, column in lines.items()}
        lines["alike"] = np.concatenate([np.zeros(min(1, len(heads)), bool), heads[1:] == heads[:-1]])
    if (lines["alike"][1:] & (lines["group"][1:] == lines["group"][:-1])).any():
        lines = _grouped(lines)
    with np.errstate(divide="ignore", invalid="ignore"):
        lines["days_late"] = np.where(lines["base"] > 0, lines["late"] / lines["base"], np.nan)
        lines["dso"] /= lines["firms"]
    return lines


def _begins(same: Mask, count: int) -> Codes:
    """Where each run of the same ones begins, of `count` in all."""
    return np.concatenate([np.zeros(min(1, count), np.int64), np.nonzero(~same)[0] + 1])


def _figures(
    rows: Rows, order: NDArray[np.intp], begins: Codes, state: Rows, newest: NDArray[np.intp]
) -> Columns:
    """Sums of each relation's rows, with what is open in the newest; `firms`: how many dso are added up."""
    paid = np.empty(len(rows), np.complex128)  # two sums at once, as floats: a hostile upload's cannot wrap
    paid.real, paid.imag = rows["paid"], rows["paid_days_late"]
    null = np.zeros(len(state), bool)
    if not _all_known(rows["present"], "paid", "paid_days_late"):
        both = _known(rows["present"], "paid", "paid_days_late")
        paid[~both] = 0.0
        null = ~both[newest]
    summed = np.add.reduceat(paid[order], begins) if len(begins) else paid
    overdue = np.zeros(len(state))
    for name in LATE:
        overdue += state[name]
    present = state["present"].copy()
    if not _all_known(present, *LATE, "open_late_days"):
        aged, told = _known(present, *LATE), _known(present, "outstanding", "not_due")
        overdue = np.where(aged, overdue, state["outstanding"].astype(np.float64) - state["not_due"])
        null |= ~(aged | told) | ~_known(present, "open_late_days")
    credit = state["outstanding"] < 0
    base = summed.real + overdue
    null |= credit | ~(base > 0)
    dso = state["dso"] / 10.0
    counted = _known(present, "dso") & ~credit
    return {
        "late": np.where(null, 0.0, summed.imag + state["open_late_days"]),
        "base": np.where(null, 0.0, base),
        "dso": np.where(counted, dso, 0.0),
        "firms": counted.astype(np.int64),
    }


def _known(present: NDArray[np.uint32] | np.uint32, *names: str) -> Mask:
    bits = np.bitwise_or.reduce([FIELD_BIT[name] for name in names])
    return np.asarray((present & bits) == bits)


def _all_known(present: NDArray[np.uint32], *names: str) -> bool:
    return bool(_known(np.bitwise_and.reduce(present, initial=np.uint32(2**32 - 1)), *names))


def _any(values: NDArray[np.uint16], order: NDArray[np.intp], begins: Codes) -> Mask:
    """Whether any row of each relation holds something else than zero."""
    if not values.any():
        return np.zeros(len(begins), bool)
    found = np.zeros(len(begins), bool)
    found[np.searchsorted(begins, np.nonzero(values[order])[0], side="right") - 1] = True
    return found


def _grouped(lines: Columns) -> Columns:
    """Lines of one client and group made one: they are neighbours, since firms come group by group."""
    begins = _begins(lines["alike"][1:] & (lines["group"][1:] == lines["group"][:-1]), len(lines["group"]))
    sums = {"late", "base", "dso", "firms"}
    highest = {"as_of", "incident", *LABELS}
    return {
        name: np.add.reduceat(column, begins)
        if name in sums
        else np.maximum.reduceat(column, begins)
        if name in highest
        else column[begins]
        for name, column in lines.items()
    }
