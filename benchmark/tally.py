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

Rows are canonical, as the door takes them: what is unknown holds zero bytes. Firms are read one after the
other, in spans of some thousand rows that stay near the processor; each row once. The rows of a span are
sorted by a packed key of the first bits of the head (the first 64 bits of a pseudonym, as good as random)
before the row's number, which brings the months of a relation together; the relations of all firms, a third
as many, are sorted once more at the end, and by whole pseudonyms where heads do not tell them apart. Rows of
one firm whose pseudonyms agree in their first 64 bits are one relation: who makes such pseudonyms moves
nothing but a value of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.upload import FIELD_BIT, ROW_DTYPE, Rows
from privacy.disclosure import Tally, TermsTally
from privacy.places import by_head, by_name

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]

FIELDS: Final = ("days_late", "dso")
LATE: Final = ("late_1_30", "late_31_60", "late_61_90", "late_91_plus")
LABELS: Final = ("sector", "region")
SPAN_ROWS: Final = 12_288
"""Firms are read together until they have so many rows."""

BLOCK_ROWS: Final = 2_048
"""So many rows lie in the processor's nearest caches at once."""

PACKED: Final = np.dtype(f"V{ROW_DTYPE.itemsize}")
"""A row as mere bytes: copied in one piece, not field by field."""
_OFFSETS: Final = {name: place[1] for name, place in (ROW_DTYPE.fields or {}).items()}
LOOKED_AT: Final = np.dtype(
    {
        "names": ["name", "head", "present", "cents", "rare"],
        "formats": ["V32", ">u8", "<u4", "V16", "<u2"],
        "offsets": [0, 0, _OFFSETS["present"], _OFFSETS["paid"], _OFFSETS["incident"]],
        "itemsize": ROW_DTYPE.itemsize,
    }
)
"""Of a row: its pseudonym and the first 64 bits of it, what is known, what was paid, incident, factored."""
COLUMNS: Final = {"head": "<u8", "present": "<u4", "cents": "V16", "rare": "<u2"}
"""What is read of every row; of the newest of each relation the rest too."""
assert _OFFSETS["paid_days_late"] == _OFFSETS["paid"] + 8
assert _OFFSETS["factored"] == _OFFSETS["incident"] + 1
LINE: Final = np.dtype(
    [
        ("late", "<f8"),
        ("base", "<f8"),
        ("dso", "<f8"),
        ("group", "<i4"),
        ("as_of", "<i4"),
        ("firms", "<i4"),
        ("incident", "?"),
        ("sector", "u1"),
        ("region", "u1"),
    ],
    align=True,
)
"""One relation: sums of cents x days and of cents, tenths of days of dso, how many dso are added up, ..."""
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
    groups = sorted({upload.group for upload in ordered})
    code = {group: place for place, group in enumerate(groups)}
    lines = _Lines.room(sum(len(upload.rows) for upload in ordered))
    for span in _spans(ordered):
        _relations(span, code, lines)
    return lines.tally(month, np.array(groups, "V16"), wanted, terms)


def _spans(ordered: Sequence[UploadInWindow]) -> Iterator[list[UploadInWindow]]:
    """Uploads of whole firms, SPAN_ROWS rows and more together but for the last ones."""
    span: list[UploadInWindow] = []
    rows = 0
    for upload in ordered:
        if rows >= SPAN_ROWS and span[-1].firm != upload.firm:
            yield span
            span, rows = [], 0
        span.append(upload)
        rows += len(upload.rows)
    if span:
        yield span


@dataclass(slots=True, eq=False)
class _Lines:
    """Room for one line for each relation; filled firm by firm, then ordered."""

    names: NDArray[np.void]  # (room,) V32
    lines: NDArray[np.void]  # (room,) LINE
    count: int = 0

    @classmethod
    def room(cls, count: int) -> _Lines:
        """For so many lines at most."""
        return cls(np.empty(count, "V32"), np.empty(count, LINE))

    def more(self, count: int) -> tuple[NDArray[np.void], NDArray[np.void]]:
        """Room for the names and lines of so many more relations."""
        span = slice(self.count, self.count + count)
        self.count += count
        return self.names[span], self.lines[span]

    def tally(
        self, month: int, groups: NDArray[np.void], wanted: Sequence[str], terms: TermsTally | None
    ) -> Tally:
        """The lines by whole pseudonym, then group, those of one group made one."""
        order, names = by_name(self.names[: self.count])
        lines = np.take(self.lines[: self.count].view(f"V{LINE.itemsize}"), order.order).view(LINE)
        begins = _begins(order.same, len(names))
        client = np.zeros(len(names), np.int64)
        client[begins[1:]] = 1
        np.cumsum(client, out=client)
        clients = names[begins]
        twice = order.same & (lines["group"][1:] == lines["group"][:-1])
        columns: Columns = {name: lines[name] for name in LINE.names or ()} | {"client": client}
        if twice.any():
            columns = _grouped(columns, _begins(twice, len(names)))
        values = np.full((len(wanted), len(columns["client"])), np.nan)
        for place, name in enumerate(wanted):
            above, below = ("late", "base") if name == "days_late" else ("dso", "firms")
            np.divide(columns[above], columns[below], out=values[place], where=columns[below] > 0)
        return Tally(
            month=month,
            pseudonyms=clients,
            groups=groups,
            client=columns["client"],
            group=columns["group"].astype(np.int64),
            as_of=columns["as_of"].astype(np.int64),
            values=values,
            incident=columns["incident"].copy(),
            sector=columns["sector"].copy(),
            region=columns["region"].copy(),
            terms=terms,
        )


def _relations(span: Sequence[UploadInWindow], code: dict[bytes, int], lines: _Lines) -> None:
    """A line for each relation of some firms, factored ones left out, where its newest row stands."""
    lengths = [len(upload.rows) for upload in span]
    columns = _columns(span, sum(lengths))
    found = by_head(columns["head"], len(span))
    order, same = found.order, found.same
    if span[0].firm != span[-1].firm:
        firm = np.repeat(_numbers([upload.firm for upload in span]), lengths)[order]
        same &= firm[1:] == firm[:-1]
    begins = _begins(same, len(order))
    last = order[np.append(begins[1:], len(order))[: len(begins)] - 1]
    newest = np.zeros(len(order), bool)
    newest[last] = True
    state, counts = _newest(span, lengths, newest)
    sums = np.empty(len(order), np.complex128)
    sums[last], told = _paid(columns, order, begins)
    flags = np.zeros(len(order), np.uint16)
    flags[last] = _any(columns["rare"], order, begins)
    flags = flags[newest]
    factored = (flags & FACTORED) != 0
    kept = ~factored if factored.any() else slice(None)
    names, into = lines.more(len(state) - int(np.count_nonzero(factored)))
    names[:] = state.view(LOOKED_AT)["name"][kept]
    figures = _figures(state, sums[newest], told if told is None else told[newest])
    figures["group"] = np.repeat(np.array([code[upload.group] for upload in span], np.int32), counts)
    figures["as_of"] = np.repeat(np.array([upload.month for upload in span], np.int32), counts)
    figures["incident"] = (flags & INCIDENT) != 0
    for name, column in figures.items():
        into[name] = column[kept]


def _columns(span: Sequence[UploadInWindow], rows: int) -> Columns:
    """What is looked at of every row, block by block: each passes through the processor's cache once."""
    columns = {name: np.empty(rows, kind) for name, kind in COLUMNS.items()}
    start = 0
    for upload in span:
        looked = upload.rows.view(LOOKED_AT)
        for first in range(0, len(looked), BLOCK_ROWS):
            block = looked[first : first + BLOCK_ROWS]
            for name, column in columns.items():
                column[start : start + len(block)] = block[name]
            start += len(block)
    return columns


def _numbers(firms: Sequence[bytes]) -> NDArray[np.int32]:
    """One number a firm, of neighbours."""
    return np.cumsum(
        [place > 0 and firm != firms[place - 1] for place, firm in enumerate(firms)], dtype=np.int32
    )


def _newest(span: Sequence[UploadInWindow], lengths: Sequence[int], newest: Mask) -> tuple[Rows, list[int]]:
    """Copies of the newest rows of the relations, in the order of rows, and how many each upload has.

    Such that their cents begin at multiples of 8: NumPy is faster there.
    """
    parts, counts, end = [], [], 0
    for upload, length in zip(span, lengths, strict=True):
        mine = newest[end : end + length]
        end += length
        counts.append(int(np.count_nonzero(mine)))
        rows = upload.rows.view(PACKED)
        parts.append(rows if counts[-1] == length else rows[mine])
    start = -_OFFSETS["paid"] % 8
    octets = np.empty(start + sum(counts) * PACKED.itemsize, np.uint8)
    copies = octets[start:].view(PACKED)
    np.concatenate(parts, out=copies)
    return copies.view(ROW_DTYPE), counts


def _begins(same: Mask, count: int) -> Codes:
    """Where each run of the same ones begins, of `count` in all."""
    return np.concatenate([np.zeros(min(1, count), np.int64), np.nonzero(~same)[0] + 1])


def _paid(
    columns: Columns, order: NDArray[np.intp], begins: Codes
) -> tuple[NDArray[np.complex128], Mask | None]:
    """What was paid in each run of rows, and that times its days late (imaginary); which rows tell both.

    Two sums at once, as floats: a hostile upload's cannot wrap. None: all rows tell both.
    """
    paid = columns["cents"].view("<i8").astype(np.float64).view(np.complex128)
    both = None
    if not _all_known(columns["present"], "paid", "paid_days_late"):
        both = _known(columns["present"], "paid", "paid_days_late")
        paid[~both] = 0.0
    return np.add.reduceat(paid[order], begins) if len(begins) else paid, both


def _figures(state: Rows, paid: NDArray[np.complex128], told: Mask | None) -> Columns:
    """What is paid with what is open in the newest rows; `firms`: how many dso are added up."""
    null = np.zeros(len(state), bool) if told is None else ~told
    overdue = np.zeros(len(state))
    for name in LATE:
        overdue += state[name]
    present = state["present"].copy()
    if not _all_known(present, *LATE, "open_late_days"):
        aged, whole = _known(present, *LATE), _known(present, "outstanding", "not_due")
        overdue = np.where(aged, overdue, state["outstanding"].astype(np.float64) - state["not_due"])
        null |= ~(aged | whole) | ~_known(present, "open_late_days")
    credit = state["outstanding"] < 0
    base = paid.real + overdue
    null |= credit | ~(base > 0)
    counted = _known(present, "dso") & ~credit
    return {
        "late": np.where(null, 0.0, paid.imag + state["open_late_days"]),
        "base": np.where(null, 0.0, base),
        "dso": np.where(counted, state["dso"] / 10.0, 0.0),
        "firms": counted,
        **{name: state[name] for name in LABELS},
    }


def _known(present: NDArray[np.uint32] | np.uint32, *names: str) -> Mask:
    bits = np.bitwise_or.reduce([FIELD_BIT[name] for name in names])
    return np.asarray((present & bits) == bits)


def _all_known(present: NDArray[np.uint32], *names: str) -> bool:
    return bool(_known(np.bitwise_and.reduce(present, initial=np.uint32(2**32 - 1)), *names))


def _any(rare: NDArray[np.uint16], order: NDArray[np.intp], begins: Codes) -> NDArray[np.uint16]:
    """Of each run of rows, the bits that any of them holds."""
    found = np.zeros(len(begins), np.uint16)
    there = rare[order]
    some = np.nonzero(there != 0)[0]
    if len(some):
        np.bitwise_or.at(found, np.searchsorted(begins, some, side="right") - 1, there[some])
    return found


def _grouped(lines: Columns, begins: Codes) -> Columns:
    """Lines of one client and group made one: they are neighbours."""
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
