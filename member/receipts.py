"""The network's receipts: what it signs that it has, verified against the pinned key, and kept as proof.

Knows: the bytes a receipt's signature covers; whether one upload of a month came after another.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from benchmark.upload import month_index, month_text
from member.answers import Receipt
from member.refusals import HomeRefused, InputRefused, Untrusted
from privacy import signing

FILE: Final = "receipts.jsonl"
ZERO: Final = bytes(32)


def read_month(text: str) -> int:
    """The index of a month such as 2026-11. Raise InputRefused."""
    year, _, month = text.partition("-")
    if len(text) != 7 or not (year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12):
        raise InputRefused("month", found=text)
    return month_index(int(year), int(month))


def payload(receipt: Receipt) -> bytes:
    """Firm || month (u32) || digest || replaces || received_at (text): what the receipt key signs."""
    return (
        receipt.firm_id.bytes
        + struct.pack("<I", read_month(receipt.month))
        + receipt.digest
        + receipt.replaces
        + receipt.received_at.encode()
    )


def verify(receipt: Receipt, receipt_key: bytes, firm: bytes) -> int:
    """The month of a receipt of this firm's. Raise Untrusted naming what is wrong."""
    if receipt.firm_id.bytes != firm:
        raise Untrusted("receipt", month=receipt.month, why="firm")
    if not signing.verify(receipt_key, "receipt", payload(receipt), receipt.signature):
        raise Untrusted("receipt", month=receipt.month, why="signature")
    return read_month(receipt.month)


def verify_sent(
    receipts: Iterable[Receipt], sent: Mapping[int, tuple[bytes, bytes]], receipt_key: bytes, firm: bytes
) -> None:
    """Every month sent has its receipt, of exactly what was sent. `sent`: month -> (digest, replaces)."""
    missing = dict(sent)
    for receipt in receipts:
        month = verify(receipt, receipt_key, firm)
        expected = missing.pop(month, None)
        if expected is None:
            raise Untrusted("receipt", month=receipt.month, why="month")
        if receipt.digest != expected[0]:
            raise Untrusted("receipt", month=receipt.month, why="digest")
        if receipt.replaces != expected[1]:
            raise Untrusted("receipt", month=receipt.month, why="replaces")
    for month in missing:
        raise Untrusted("receipt", month=month_text(month), why="missing")


def comes_after(newer: bytes, older: bytes, replaces: Mapping[bytes, bytes]) -> bool:
    """Whether the chain of receipts leads from `newer` back to `older`; `replaces` by digest."""
    seen = set()
    at = newer
    while at != ZERO and at not in seen:
        if at == older:
            return True
        seen.add(at)
        at = replaces.get(at, ZERO)
    return False


def read_kept(folder: Path) -> list[Receipt]:
    """The receipts that the home has. Raise HomeRefused where the file cannot be read.

    A line that is half a receipt is what a machine that stopped was writing.
    """
    place = folder / FILE
    found = []
    try:
        lines = place.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError:
        raise HomeRefused("home-damaged", path=place) from None
    for line in lines:
        with contextlib.suppress(msgspec.MsgspecError):
            found.append(msgspec.json.decode(line, type=Receipt))
    return found


def keep(folder: Path, receipts: Iterable[Receipt]) -> None:
    """Append receipts to the home's file: proof of what the network said it has."""
    lines = b"".join(msgspec.json.encode(receipt) + b"\n" for receipt in receipts)
    place = folder / FILE
    if not place.exists():
        place.touch(mode=0o600)
    with place.open("ab") as file:
        # On a line of their own, whatever half a line a machine that stopped has left.
        file.write(lines if not file.tell() or _ends_whole(place) else b"\n" + lines)


def _ends_whole(place: Path) -> bool:
    with place.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"
