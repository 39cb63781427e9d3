"""One firm's whole month in its canonical encoding: what is signed for, stored and read back, byte for byte.

Layout, little-endian, no padding:

    header  112 bytes   HEADER_DTYPE
    rows    144 bytes each, sorted by pseudonym, no pseudonym twice   ROW_DTYPE

The digest of an upload is SHA-256 over header and rows. Unknown is null, never zero: bit i of `present`
says whether field i of FIELDS is known, and an unknown field's bytes are zero, so that one content has
one encoding. TypeScript's twin reads the same vectors (`tests/vectors/upload.json`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"VIGIEUP1"
ROWS_MAX: Final = 1_000_000
FORMULA_COUNTBACK_1: Final = 1
BLOCK_ROWS: Final = 8_192  # rows that fit a processor's cache: every check of a block reads memory once

PSEUDONYM: Final = np.dtype("V32")

FIELDS: Final[tuple[tuple[str, str], ...]] = (
    ("sales", "<i8"),  # cents, tax included, invoiced in the month
    ("outstanding", "<i8"),  # cents, receivable at month end
    ("not_due", "<i8"),
    ("late_1_30", "<i8"),
    ("late_31_60", "<i8"),
    ("late_61_90", "<i8"),
    ("late_91_plus", "<i8"),
    ("paid", "<i8"),  # cents paid in the month
    ("paid_days_late", "<i8"),  # sum of cents x days beyond terms (negative when early)
    ("paid_days_to_pay", "<i8"),  # sum of cents x days from invoice
    ("open_late_days", "<i8"),  # sum of cents x days late of what is still open
    ("disputed", "<i8"),
    ("dso", "<i4"),  # tenths of a day, countback at month end
    ("terms_days", "<i2"),
    ("terms_kind", "u1"),  # 0 net, 1 end of month then days, 2 days then end of month
    ("incident", "u1"),  # see INCIDENTS
    ("factored", "u1"),
    ("sector", "u1"),  # 1..21, NACE sections A..U
    ("region", "u1"),  # 1..13: of metropolitan France, in the order of their INSEE codes (11 to 94)
)
FIELD_BIT: Final = {name: np.uint32(1 << bit) for bit, (name, _) in enumerate(FIELDS)}
INCIDENTS: Final = ("none", "unpaid", "debit_rejection", "unpaid_bill", "litigation", "published_insolvency")

ROW_DTYPE: Final = np.dtype([("pseudonym", "V32"), ("present", "<u4"), *FIELDS, ("reserved", "u1")])
HEADER_DTYPE: Final = np.dtype(
    [
        ("magic", "V8"),
        ("firm", "V16"),
        ("month", "<u4"),  # year * 12 + month - 1
        ("formula", "<u2"),
        ("currency", "V3"),
        ("reserved", "u1"),
        ("rows", "<u4"),
        ("replaces", "V32"),  # digest of the firm's current upload for the month, zeros when none
        ("key", "V32"),  # key id: SHA-256 of the pseudonym key's public key, see privacy.evaluate
        ("padding", "V10"),
    ]
)
assert ROW_DTYPE.itemsize == 144
assert HEADER_DTYPE.itemsize == 112

Rows = NDArray[np.void]


class UploadRefused(ValueError):
    """The bytes are not a canonical upload: `field` names what is wrong, row counts from 1 (None: header)."""

    def __init__(self, row: int | None, field: str, found: str, expected: str) -> None:
        super().__init__(f"row {row}, {field}: found {found}, expected {expected}")
        self.row, self.field, self.found, self.expected = row, field, found, expected


@dataclass(frozen=True, slots=True)
class Upload:
    """Header values and rows, shape (n,), dtype ROW_DTYPE, sorted by pseudonym."""

    firm: bytes
    month: int
    currency: str
    replaces: bytes
    key: bytes
    rows: Rows
    formula: int = FORMULA_COUNTBACK_1


def month_index(year: int, month: int) -> int:
    """Months since year 0: 2026-11 is 24322."""
    return year * 12 + month - 1


def month_text(index: int) -> str:
    """ISO month of an index: 24322 is "2026-11"."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def known(rows: Rows, field: str) -> NDArray[np.bool_]:
    """Where `field` is not null; shape (n,)."""
    return np.asarray((rows["present"] & FIELD_BIT[field]) != 0)


def tells(rows: Rows) -> NDArray[np.bool_]:
    """Rows that say something of how the client stands or pays; shape (n,). Labels and terms alone do not."""
    figures = np.bitwise_or.reduce([FIELD_BIT[name] for name in ("outstanding", "paid", "dso")])
    return np.asarray((rows["present"] & figures) != 0)


def encode(upload: Upload) -> bytes:
    """Canonical bytes; rows are sorted here and fields that are not present zeroed.

    Raises UploadRefused for a pseudonym given twice: what is written here can always be read back.
    """
    rows = np.sort(upload.rows, order="pseudonym") if len(upload.rows) else upload.rows.copy()
    _refuse_unsorted(rows)
    for name, _ in FIELDS:
        rows[name][~known(rows, name)] = 0
    rows["reserved"] = 0
    header = np.zeros((), HEADER_DTYPE)
    header["magic"] = np.frombuffer(MAGIC, "V8")[0]
    header["firm"] = np.frombuffer(upload.firm, "V16")[0]
    header["month"], header["formula"] = upload.month, upload.formula
    header["currency"] = np.frombuffer(upload.currency.encode("ascii"), "V3")[0]
    header["rows"] = len(rows)
    header["replaces"] = np.frombuffer(upload.replaces or bytes(32), "V32")[0]
    header["key"] = np.frombuffer(upload.key, "V32")[0]
    return header.tobytes() + rows.tobytes()


def digest(encoded: bytes | memoryview) -> bytes:
    """SHA-256 of the canonical bytes: what the receipt signs."""
    return hashlib.sha256(encoded).digest()


def decode(encoded: bytes | memoryview) -> Upload:
    """Read canonical bytes; refuse anything that `encode` would not have written.

    The rows are a view on `encoded`: nothing is copied.
    """
    upload = peek(encoded)
    refuse_uncanonical(upload.rows)
    return upload


def refuse_uncanonical(rows: Rows) -> None:
    """Refuse rows that are not in order, or hold bytes where a value is unknown."""
    _refuse_unsorted(rows)
    for start in range(0, len(rows), BLOCK_ROWS):
        _refuse_unknown_with_bytes(rows[start : start + BLOCK_ROWS], start)


def peek(encoded: bytes | memoryview) -> Upload:
    """The header, checked, and the rows, not checked yet: who it is from and for which month, at no cost."""
    if len(encoded) < HEADER_DTYPE.itemsize:
        raise UploadRefused(None, "header", f"{len(encoded)} bytes", "at least a header of 112 bytes")
    header = np.frombuffer(encoded, HEADER_DTYPE, count=1)[0]
    if header["magic"].tobytes() != MAGIC:
        raise UploadRefused(None, "magic", header["magic"].tobytes().hex(), MAGIC.hex())
    if header["reserved"] or any(header["padding"].tobytes()):
        raise UploadRefused(None, "padding", "other bytes", "zeros")
    count = int(header["rows"])
    size = HEADER_DTYPE.itemsize + count * ROW_DTYPE.itemsize
    if count > ROWS_MAX:
        raise UploadRefused(None, "rows", str(count), f"at most {ROWS_MAX}")
    if len(encoded) != size:
        raise UploadRefused(None, "size", f"{len(encoded)} bytes", f"{size} bytes for {count} rows")
    currency = header["currency"].tobytes()
    if not (currency.isalpha() and currency.isupper() and currency.isascii()):
        raise UploadRefused(None, "currency", repr(currency), "an ISO 4217 code such as EUR")
    rows = np.frombuffer(encoded, ROW_DTYPE, offset=HEADER_DTYPE.itemsize)
    return Upload(
        firm=header["firm"].tobytes(),
        month=int(header["month"]),
        currency=currency.decode("ascii"),
        replaces=header["replaces"].tobytes(),
        key=header["key"].tobytes(),
        rows=rows,
        formula=int(header["formula"]),
    )


def _refuse_unsorted(rows: Rows) -> None:
    words = np.ascontiguousarray(rows["pseudonym"]).view(">u8").reshape(-1, 4)
    before, after = words[:-1], words[1:]
    bigger = np.zeros(len(before), bool)
    equal = np.ones(len(before), bool)
    for word in range(4):
        bigger |= equal & (after[:, word] > before[:, word])
        equal &= after[:, word] == before[:, word]
    if not bigger.all():
        row = int(np.argmin(bigger)) + 2
        raise UploadRefused(row, "pseudonym", "one not after the row before", "rows sorted, none twice")


def _refuse_unknown_with_bytes(rows: Rows, start: int) -> None:
    all_fields = np.uint32((1 << len(FIELDS)) - 1)
    beyond = (rows["present"] & ~all_fields) != 0
    if beyond.any():
        raise UploadRefused(
            start + int(np.argmax(beyond)) + 1, "present", "an unknown field", "known fields only"
        )
    for name, _ in FIELDS:
        stray = ~known(rows, name) & (rows[name] != 0)
        if stray.any():
            raise UploadRefused(
                start + int(np.argmax(stray)) + 1, name, "bytes of an unknown value", "zero bytes"
            )
    if rows["reserved"].any():
        raise UploadRefused(
            start + int(np.argmax(rows["reserved"] != 0)) + 1, "reserved", "other bytes", "zero"
        )


def refuse_impossible(rows: Rows) -> None:
    """The door's check on figures: ageing sums to the outstanding amount, enumerations are known.

    Raises UploadRefused for the first row that fails; the member's side checks the same before sending.
    """
    for start in range(0, len(rows), BLOCK_ROWS):
        _refuse_impossible(rows[start : start + BLOCK_ROWS], start)


def _refuse_impossible(rows: Rows, start: int) -> None:
    buckets = ("not_due", "late_1_30", "late_31_60", "late_61_90", "late_91_plus")
    aged = known(rows, "outstanding")
    for bucket in buckets:
        aged = aged & known(rows, bucket)
    total = sum((rows[bucket] for bucket in buckets), np.zeros(len(rows), np.int64))
    wrong = aged & (total != rows["outstanding"])
    if wrong.any():
        row = int(np.argmax(wrong))
        raise UploadRefused(
            start + row + 1, "outstanding", str(rows["outstanding"][row]), f"{total[row]}, the ageing's sum"
        )
    limits = {
        "terms_kind": 2,
        "incident": len(INCIDENTS) - 1,
        "factored": 1,
        "sector": 21,
        "region": 13,
        "terms_days": 720,
        "dso": 36_000,
    }
    for name, highest in limits.items():
        outside = known(rows, name) & ((rows[name] < 0) | (rows[name] > highest))
        if outside.any():
            row = int(np.argmax(outside))
            raise UploadRefused(start + row + 1, name, str(rows[name][row]), f"0 to {highest}")
    negative = known(rows, "open_late_days") & (rows["open_late_days"] < 0)
    if negative.any():
        row = int(np.argmax(negative))
        raise UploadRefused(
            start + row + 1, "open_late_days", str(rows["open_late_days"][row]), "zero or more"
        )
