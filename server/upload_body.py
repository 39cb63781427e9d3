"""The body of an upload request: read once into memory, split, decoded, checked. Knows no database."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Request

from benchmark.upload import (
    FORMULA_COUNTBACK_1,
    Upload,
    UploadRefused,
    digest,
    month_text,
    peek,
    refuse_impossible,
    refuse_uncanonical,
)
from server.network import CURRENCY
from server.problems import Refused

MEDIA_TYPE: Final = "application/vnd.vigie.upload"
BODY_BYTES_MAX: Final = 160 * 1024 * 1024
MONTHS_MAX: Final = 60
KEY_CHARACTERS_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Sent:
    """One month of the body: a view on its bytes, its header checked, its rows under examination.

    `digest`: known when the rows have passed; awaiting it raises what is wrong with them.
    """

    encoded: memoryview
    upload: Upload
    digest: asyncio.Future[bytes]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers say about the body."""

    idempotency_key: str
    device: UUID
    signature: bytes

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> Envelope:
        """Raise 400 or 415 naming the header."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != MEDIA_TYPE:
            raise Refused("media-type", f"expected {MEDIA_TYPE}")
        key = request.headers.get("idempotency-key", "")
        if not 1 <= len(key) <= KEY_CHARACTERS_MAX or not key.isascii() or not key.isprintable():
            raise Refused(
                "malformed", f"Idempotency-Key: expected 1 to {KEY_CHARACTERS_MAX} ASCII characters"
            )
        try:
            device = UUID(request.headers.get("vigie-device", ""))
            signature = base64.b64decode(request.headers.get("vigie-signature", ""), validate=True)
        except (ValueError, binascii.Error):
            raise Refused(
                "malformed", "Vigie-Device and Vigie-Signature: expected an id and base64"
            ) from None
        return cls(key, device, signature)


async def read_body(request: Request[Any, Any, Any]) -> tuple[bytearray, bytes]:
    """The body, held once, and its SHA-256. Raise 413 as soon as it is too large."""
    declared = request.headers.get("content-length", "")
    size = int(declared) if declared.isdigit() else 0
    if size > BODY_BYTES_MAX:
        raise Refused("too-large", f"at most {BODY_BYTES_MAX} bytes")
    body, hasher, filled = bytearray(size), hashlib.sha256(), 0
    async for chunk in request.stream():
        end = filled + len(chunk)
        if end > BODY_BYTES_MAX:
            raise Refused("too-large", f"at most {BODY_BYTES_MAX} bytes")
        body[filled:end] = chunk
        hasher.update(chunk)
        filled = end
    if filled != len(body):
        raise Refused("malformed", f"found {filled} bytes, expected {len(body)} (Content-Length)")
    return body, hasher.digest()


def split_body(
    body: bytearray, firm: UUID, key_id: bytes, newest_month: int
) -> list[tuple[memoryview, Upload]]:
    """Every month's bytes and header; raise the first fault. Rows are not looked at yet.

    `newest_month`: the business month; a later one has not begun.
    """
    view = memoryview(body).toreadonly()
    found: list[tuple[memoryview, Upload]] = []
    at = 0
    while at < len(view):
        if len(view) - at < 4:
            raise UploadRefused(None, "length", f"{len(view) - at} bytes", "4 bytes before every upload")
        (size,) = struct.unpack_from("<I", view, at)
        at += 4
        if size > len(view) - at:
            raise UploadRefused(None, "length", f"{size}", f"at most the {len(view) - at} bytes that follow")
        encoded = view[at : at + size]
        at += size
        upload = peek(encoded)
        _check_header(upload, firm, key_id, newest_month)
        found.append((encoded, upload))
    if not 1 <= len(found) <= MONTHS_MAX:
        raise UploadRefused(None, "uploads", str(len(found)), f"1 to {MONTHS_MAX} months")
    if len({upload.month for _, upload in found}) != len(found):
        raise UploadRefused(None, "month", "one month twice", "every month once")
    return found


def examine(encoded: memoryview, upload: Upload) -> bytes:
    """Check every row; the digest. Runs in a thread."""
    refuse_uncanonical(upload.rows)
    refuse_impossible(upload.rows)
    return digest(encoded)


@asynccontextmanager
async def examining(months: list[tuple[memoryview, Upload]]) -> AsyncIterator[list[Sent]]:
    """Examine all months in threads meanwhile."""
    sent = [
        Sent(encoded, upload, asyncio.ensure_future(asyncio.to_thread(examine, encoded, upload)))
        for encoded, upload in months
    ]
    try:
        yield sent
    finally:
        await asyncio.gather(*(one.digest for one in sent), return_exceptions=True)


def _check_header(upload: Upload, firm: UUID, key_id: bytes, newest_month: int) -> None:
    if upload.firm != firm.bytes:
        raise UploadRefused(None, "firm", "another firm", "the firm of this session")
    if upload.month > newest_month or upload.month < newest_month - MONTHS_MAX:
        month = month_text(upload.month) if upload.month < 12 * 10_000 else str(upload.month)
        raise UploadRefused(
            None,
            "month",
            month,
            f"{month_text(newest_month - MONTHS_MAX)} to {month_text(newest_month)}",
        )
    if upload.formula != FORMULA_COUNTBACK_1:
        raise UploadRefused(None, "formula", str(upload.formula), f"{FORMULA_COUNTBACK_1} (countback 1)")
    if upload.currency != CURRENCY:
        raise UploadRefused(None, "currency", upload.currency, CURRENCY)
    check_key(upload, key_id)


def check_key(upload: Upload, key_id: bytes) -> None:
    """Raise UploadRefused where its pseudonyms are not under this key."""
    if upload.key != key_id:
        raise UploadRefused(None, "key", upload.key.hex(), f"{key_id.hex()}, the network's pseudonym key")
