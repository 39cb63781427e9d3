"""Uploads: whole months, signed by a device of the firm, stored together or not at all, with receipts.

Rules of order, whose guardian this is:
1. The body is hashed while it comes in; the device's signature covers its SHA-256.
2. Every month is decoded and checked before anything is written; the first fault refuses the whole batch.
3. One transaction: the firm's row is locked, the idempotency key looked up, `replaces` compared with the
   current upload of each month, the rows, relations, receipts and audit entry written, the answer kept.
4. The receipt is sent when that is committed.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
import numpy as np
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from privacy.delegation import Scope

from benchmark.upload import (
    FORMULA_COUNTBACK_1,
    PSEUDONYM,
    Upload,
    UploadRefused,
    decode,
    digest,
    month_text,
    refuse_impossible,
)
from privacy import signing
from server import audit
from server.clock import moment_text, month_of
from server.devices import acting_device
from server.network import CURRENCY, RunningNetwork
from server.problems import Fault, Refused
from server.relations import fold_uploads
from server.roles import Who
from server.tables import Idempotency
from server.tables import Upload as UploadRow

MEDIA_TYPE: Final = "application/vnd.vigie.upload"
BODY_BYTES_MAX: Final = 160 * 1024 * 1024
MONTHS_MAX: Final = 60
LARGE_BODY_BYTES: Final = 16 * 1024 * 1024
KEY_CHARACTERS_MAX: Final = 64


class Receipt(msgspec.Struct, frozen=True):
    """What the operator has.

    `signature`: the receipt key's, over firm || month (u32) || digest || replaces || received_at (text).
    """

    firm_id: UUID
    month: str
    digest: bytes
    replaces: bytes
    received_at: str
    rows: int
    signature: bytes


class Receipts(msgspec.Struct, frozen=True):
    """One for each month, in the order of the body."""

    receipts: list[Receipt]


class ReceiptListed(msgspec.Struct, frozen=True):
    """A receipt, and whether it is of the current upload of its month. An erased one keeps its digest."""

    firm_id: UUID
    month: str
    digest: bytes
    replaces: bytes
    received_at: str
    rows: int
    signature: bytes
    current: bool
    erased: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """One month of the body: a view on its bytes, decoded."""

    encoded: memoryview
    upload: Upload
    digest: bytes


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


def open_body(body: bytearray, firm: UUID, key_id: bytes, newest_month: int) -> list[Sent]:
    """Split, decode and check every month; raise the first fault. Runs in a thread.

    `newest_month`: the business month; a later one has not begun.
    """
    view = memoryview(body).toreadonly()
    found: list[Sent] = []
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
        upload = decode(encoded)
        _check_header(upload, firm, key_id, newest_month)
        refuse_impossible(upload.rows)
        found.append(Sent(encoded, upload, digest(encoded)))
    if not 1 <= len(found) <= MONTHS_MAX:
        raise UploadRefused(None, "uploads", str(len(found)), f"1 to {MONTHS_MAX} months")
    if len({one.upload.month for one in found}) != len(found):
        raise UploadRefused(None, "month", "one month twice", "every month once")
    return found


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
    if upload.key != key_id:
        raise UploadRefused(None, "key", upload.key.hex(), f"{key_id.hex()}, the network's pseudonym key")


def receipt_payload(firm: UUID, month: int, digest_: bytes, replaces: bytes, received_at: str) -> bytes:
    """What a receipt's signature covers."""
    return firm.bytes + struct.pack("<I", month) + digest_ + replaces + received_at.encode()


@post("/api/uploads", status_code=200, request_max_body_size=BODY_BYTES_MAX, summary="Send months")
async def send(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], request: Request[Any, Any, Any]
) -> Response[Receipts]:
    """Body: (u32 length || canonical upload)*. Every month is stored, or none is."""
    envelope = Envelope.of(request)
    if who.device is not None and who.device != envelope.device:
        raise Refused("device-refused", "the session is another device's")
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) <= LARGE_BODY_BYTES:
        return await _receive(network, who, envelope, request)
    async with network.large_bodies:
        return await _receive(network, who, envelope, request)


async def _receive(
    network: RunningNetwork, who: Who, envelope: Envelope, request: Request[Any, Any, Any]
) -> Response[Receipts]:
    body, content = await read_body(request)
    device = await acting_device(network, who.member, envelope.device, Scope.UPLOAD)
    if not signing.verify(device["public_key"], "upload", content, envelope.signature):
        raise Refused(
            "signature",
            errors=[Fault(None, "Vigie-Signature", "another", "the device's, over SHA-256 of the body")],
        )
    newest = month_of(await network.read_today())
    sent = await asyncio.to_thread(open_body, body, who.member, network.key_id, newest)
    async with network.database.writing():
        await network.database.lock_network(to_change=False)
        await network.database.lock_firm(who.member)
        answer = await _answered(who.member, envelope.idempotency_key, content)
        if answer is None:
            receipts = Receipts(await _store(network, who.member, envelope, sent))
            answer = msgspec.json.encode(receipts)
            await Idempotency(
                firm=who.member,
                key=envelope.idempotency_key,
                content=content,
                answer=answer,
                created_at=network.clock.unix(),
            ).save()
            await audit.append(
                network.clock,
                who.member,
                who.actor,
                "uploaded",
                device=envelope.device,
                months=[month_text(one.upload.month) for one in sent],
            )
    # The stored answer decoded: under one key always the same.
    return Response(msgspec.json.decode(answer, type=Receipts))


async def _answered(firm: UUID, key: str, content: bytes) -> bytes | None:
    row = (
        await Idempotency.select(Idempotency.content, Idempotency.answer)
        .where((Idempotency.firm == firm) & (Idempotency.key == key))
        .first()
    )
    if row is None:
        return None
    if row["content"] != content:
        raise Refused("idempotency-key-reused")
    return bytes(row["answer"])


async def _store(network: RunningNetwork, firm: UUID, envelope: Envelope, sent: list[Sent]) -> list[Receipt]:
    """Write a batch inside the transaction; the receipts in the order of the body."""
    await network.read_today()
    received = network.clock.received_at()
    at = int(received.timestamp())
    current = await UploadRow.select(
        UploadRow.month, UploadRow.digest, UploadRow.receipt, UploadRow.received_at, UploadRow.replaces
    ).where((UploadRow.firm == firm) & UploadRow.superseded_at.is_null())
    standing = {row["month"]: row for row in current}
    last = (
        await UploadRow.select(UploadRow.sequence)
        .where(UploadRow.firm == firm)
        .order_by(UploadRow.sequence, ascending=False)
        .first()
    )
    sequence = 0 if last is None else last["sequence"]
    faults = [fault for one in sent if (fault := _stale(one, standing)) is not None]
    if faults:
        raise Refused("upload-replaced", errors=faults)
    receipts = []
    fresh = []
    for one in sent:
        before = standing.get(one.upload.month)
        if before is not None and before["digest"] == one.digest:
            receipts.append(_receipt(firm, one, before["received_at"], before["receipt"]))
            continue
        sequence += 1
        if before is not None:
            await UploadRow.update({UploadRow.superseded_at: at}).where(UploadRow.digest == before["digest"])
        signed = signing.sign(
            network.keys.receipt,
            "receipt",
            receipt_payload(firm, one.upload.month, one.digest, one.upload.replaces, moment_text(at)),
        )
        await _insert(network, firm, envelope, one, at, sequence, signed)
        receipts.append(_receipt(firm, one, at, signed))
        fresh.append((one.upload.month, np.ascontiguousarray(one.upload.rows["pseudonym"]).view(PSEUDONYM)))
    await fold_uploads(network, firm, dict(fresh), received.date())
    return receipts


def _stale(one: Sent, standing: dict[int, dict[str, Any]]) -> Fault | None:
    """Compare-and-swap: what it says it replaces must be current. The same content again is no fault."""
    before = standing.get(one.upload.month)
    digest_now = bytes(32) if before is None else before["digest"]
    if digest_now in {one.upload.replaces, one.digest}:
        return None
    return Fault(
        None, f"replaces ({month_text(one.upload.month)})", one.upload.replaces.hex(), digest_now.hex()
    )


async def _insert(  # noqa: PLR0917 - a row's columns
    network: RunningNetwork, firm: UUID, envelope: Envelope, one: Sent, at: int, sequence: int, receipt: bytes
) -> None:
    # In SQL: Piccolo's `save` would copy the payload into a row object first.
    await network.database.run(
        "INSERT INTO upload (digest, firm, month, replaces, received_at, sequence, row_count, erased, device,"
        " device_signature, receipt, payload) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        one.digest,
        firm,
        one.upload.month,
        one.upload.replaces,
        at,
        sequence,
        len(one.upload.rows),
        False,
        envelope.device,
        envelope.signature,
        receipt,
        one.encoded,
    )


def _receipt(firm: UUID, one: Sent, at: int, signature: bytes) -> Receipt:
    return Receipt(
        firm,
        month_text(one.upload.month),
        one.digest,
        one.upload.replaces,
        moment_text(at),
        len(one.upload.rows),
        signature,
    )


@get("/api/uploads", summary="The firm's receipts")
async def list_receipts(who: NamedDependency[Who]) -> list[ReceiptListed]:
    """Current ones first, then by month."""
    rows = await UploadRow.select(
        UploadRow.month,
        UploadRow.digest,
        UploadRow.replaces,
        UploadRow.received_at,
        UploadRow.row_count,
        UploadRow.receipt,
        UploadRow.superseded_at,
        UploadRow.erased,
    ).where(UploadRow.firm == who.member)
    rows.sort(key=lambda row: (row["superseded_at"] is not None, row["month"], row["received_at"]))
    return [
        ReceiptListed(
            who.member,
            month_text(row["month"]),
            row["digest"],
            row["replaces"],
            moment_text(row["received_at"]),
            row["row_count"],
            row["receipt"],
            row["superseded_at"] is None,
            row["erased"],
        )
        for row in rows
    ]


@get("/api/uploads/{digest:str}", media_type=MEDIA_TYPE, summary="An own upload")
async def read_own(who: NamedDependency[Who], digest: FromPath[str]) -> Response[bytes]:
    """The bytes that the receipt signs."""
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        raise Refused("not-found") from None
    row = (
        await UploadRow.select(UploadRow.payload)
        .where((UploadRow.digest == wanted) & (UploadRow.firm == who.member) & UploadRow.erased.eq(False))
        .first()
    )
    if row is None:
        raise Refused("not-found")
    return Response(bytes(row["payload"]), media_type=MEDIA_TYPE)
