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
LINE: Final = {
    "name": "V32",
    "late": "<f8",
    "base": "<f8",
    "dso": "<f8",
    "group": "<i4",
    "as_of": "<i4",
    "firms": "?",
    "incident": "?",
    "sector": "u1",
    "region": "u1",
}
"""Columns of relations: the client, sums of cents x days and of cents, days of dso, is there one, ..."""
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
    lines = [_relations(span, code) for span in _spans(ordered)] or [_room(0)]
    return _ordered(lines, month, np.array(groups, "V16"), wanted, terms)


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


def _ordered(
    lines: Sequence[Columns],
    month: int,
    groups: NDArray[np.void],
    wanted: Sequence[str],
    terms: TermsTally | None,
) -> Tally:
    """The lines by whole pseudonym, then group, those of one group made one."""
    columns = _room(sum(len(part["name"]) for part in lines))
    for name, column in columns.items():
        np.concatenate([part[name] for part in lines], out=column)
    names = columns.pop("name")
    found = by_name(names)
    begins = _begins(found.same, len(names))
    client = np.zeros(len(names), np.int64)
    client[begins[1:]] = 1
    np.cumsum(client, out=client)
    group = columns["group"][found.order]
    twice = found.same & (group[1:] == group[:-1])
    if twice.any():
        ordered = {name: column[found.order] for name, column in columns.items()} | {"client": client}
        ordered = _grouped(ordered, _begins(twice, len(names)))
        values = _days(ordered, wanted)
    else:
        ordered = {name: columns[name][found.order] for name in ("as_of", "incident", *LABELS)}
        ordered |= {"client": client, "group": group}
        values = _days(columns, wanted)
        for row in values:
            row[:] = row[found.order]
    return Tally(
        month=month,
        pseudonyms=names.take(found.order[begins]),
        groups=groups,
        client=ordered["client"],
        group=ordered["group"].astype(np.int64),
        as_of=ordered["as_of"].astype(np.int64),
        values=values,
        incident=ordered["incident"],
        sector=ordered["sector"],
        region=ordered["region"],
        terms=terms,
    )


def _days(columns: Columns, wanted: Sequence[str]) -> Floats:
    """Values of lines, (wanted, lines); NaN: null."""
    values = np.full((len(wanted), len(columns["base"])), np.nan)
    for place, name in enumerate(wanted):
        above, below = ("late", "base") if name == "days_late" else ("dso", "firms")
        np.divide(columns[above], columns[below], out=values[place], where=columns[below] > 0)
    return values


def _room(count: int) -> Columns:
    """For so many lines, column after column in one piece of memory: fresh pages are dear."""
    kinds = {name: np.dtype(kind) for name, kind in LINE.items()}
    ends = np.cumsum([count * kind.itemsize for kind in kinds.values()])
    parts = np.split(np.empty(ends[-1], np.uint8), ends[:-1])
    return {name: part.view(kind) for (name, kind), part in zip(kinds.items(), parts, strict=True)}


def _relations(span: Sequence[UploadInWindow], code: dict[bytes, int]) -> Columns:
    """A line for each relation of some firms, factored ones left out, where its newest row stands."""
    lengths = [len(upload.rows) for upload in span]
    columns = _columns(span, sum(lengths))
    found = by_head(columns["head"], len(span))
    order, same = found.order, found.same
    if span[0].firm != span[-1].firm:
        firm = np.repeat(_numbers([upload.firm for upload in span]), lengths)[order]
        same &= firm[1:] == firm[:-1]
    relation, newest = _runs(order, same)
    late, base, told = _paid(columns["present"], columns["cents"], relation)
    state, counts = _newest(span, lengths, newest)
    flags = _any(columns["rare"], relation)
    relation = relation[newest]
    flags = flags[relation]
    figures = _figures(state, late[relation], base[relation], told if told is None else told[newest])
    figures["group"] = np.repeat(np.array([code[upload.group] for upload in span], np.int32), counts)
    figures["as_of"] = np.repeat(np.array([upload.month for upload in span], np.int32), counts)
    figures["incident"] = (flags & INCIDENT) != 0
    figures["name"] = state.view(LOOKED_AT)["name"]
    kept = (flags & FACTORED) == 0
    if not kept.all():
        return {name: column[kept] for name, column in figures.items()}
    return {name: np.ascontiguousarray(column) for name, column in figures.items()}


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


def _runs(order: NDArray[np.intp], same: Mask) -> tuple[NDArray[np.intp], Mask]:
    """By row: the number of its relation, and whether it is the newest of it."""
    run = np.zeros(len(order), np.intp)
    np.cumsum(~same, out=run[1:])
    relation = np.empty(len(order), np.intp)
    relation[order] = run
    newest = np.ones(len(order), bool)
    newest[order[:-1]] = ~same
    return relation, newest


def _numbers(firms: Sequence[bytes]) -> NDArray[np.int32]:
    """One number a firm, of neighbours."""
    return np.cumsum(
        [place > 0 and firm != firms[place - 1] for place, firm in enumerate(firms)], dtype=np.int32
    )


def _newest(span: Sequence[UploadInWindow], lengths: Sequence[int], newest: Mask) -> tuple[Rows, list[int]]:
    """Copies of the newest rows of the relations, in the order of rows, and how many each upload has.

    Such that their cents begin at multiples of 8: NumPy is faster there.
    """
    found = [np.nonzero(mine)[0] for mine in np.split(newest, np.cumsum(lengths)[:-1])]
    counts = [len(rows) for rows in found]
    start = -_OFFSETS["paid"] % 8
    octets = np.empty(start + sum(counts) * PACKED.itemsize, np.uint8)
    copies = octets[start:].view(PACKED)
    end = 0
    for upload, rows in zip(span, found, strict=True):
        into = copies[end : end + len(rows)]
        np.take(upload.rows.view(PACKED), rows, out=into, mode="clip")  # any other mode copies twice
        end += len(rows)
    return copies.view(ROW_DTYPE), counts


def _begins(same: Mask, count: int) -> Codes:
    """Where each run of the same ones begins, of `count` in all."""
    return np.concatenate([np.zeros(min(1, count), np.int64), np.nonzero(~same)[0] + 1])


def _paid(
    present: NDArray[np.uint32], cents: NDArray[np.void], relation: NDArray[np.intp]
) -> tuple[Floats, Floats, Mask | None]:
    """By relation: what was paid times its days late, what was paid; and which rows tell both.

    Sums of floats: a hostile upload's cannot wrap. None: all rows tell both.
    """
    paid, late = cents.view("<i8").astype(np.float64).reshape(-1, 2).T
    both = None
    if not _all_known(present, "paid", "paid_days_late"):
        both = _known(present, "paid", "paid_days_late")
        paid[~both] = late[~both] = 0.0
    sums = [np.asarray(np.bincount(relation, one), np.float64) for one in (late, paid)]
    return sums[0], sums[1], both


def _figures(state: Rows, late: Floats, paid: Floats, told: Mask | None) -> Columns:
    """What is paid with what is open in the newest rows; `firms`: whether there is a dso to add up."""
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
    base = paid + overdue
    null |= credit | ~(base > 0)
    counted = _known(present, "dso") & ~credit
    return {
        "late": np.where(null, 0.0, late + state["open_late_days"]),
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


def _any(rare: NDArray[np.uint16], relation: NDArray[np.intp]) -> NDArray[np.uint16]:
    """By relation, the bits that any of its rows holds."""
    found = np.zeros(int(relation.max(initial=-1)) + 1, np.uint16)
    some = np.nonzero(rare != 0)[0]
    np.bitwise_or.at(found, relation[some], rare[some])
    return found


def _grouped(lines: Columns, begins: Codes) -> Columns:
    """Lines of one client and group made one: they are neighbours."""
    sums = {"late", "base", "dso", "firms"}
    highest = {"as_of", "incident", *LABELS}
    return {
        name: np.add.reduceat(column.astype(np.float64), begins)
        if name in sums
        else np.maximum.reduceat(column, begins)
        if name in highest
        else column[begins]
        for name, column in lines.items()
    }
