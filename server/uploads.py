"""Uploads: whole months, signed by a device of the firm, stored together or not at all, with receipts.

Rules of order, whose guardian this is:
1. The body is hashed while it comes in; the device's signature covers its SHA-256.
2. Every month's rows are checked, of a large body while it is being written; the first fault refuses the
   whole batch and undoes the transaction.
3. One transaction: the firm's row is locked, the idempotency key looked up, `replaces` compared with the
   current upload of each month, the months, receipts and audit entry written, the answer kept.
4. The receipt is sent when that is committed. The firm's relations follow from the months stored: they are
   caught up with right afterwards, and by whoever reads them first (`server.relations`).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from benchmark.upload import month_text
from privacy import signing
from privacy.delegation import Scope
from server import audit
from server.clock import moment_text, month_of
from server.devices import acting_device
from server.network import RunningNetwork
from server.payloads import payload_of, write_payload
from server.problems import Fault, Refused
from server.relations import catch_up_soon
from server.roles import Who
from server.tables import Idempotency, Upload
from server.upload_body import (
    BODY_BYTES_MAX,
    MEDIA_TYPE,
    Envelope,
    Sent,
    check_key,
    examining,
    read_body,
    split_body,
)

KEYS_KEPT_SECONDS: Final = 90 * 86_400  # idempotency keys; afterwards `replaces` still refuses doubles
LARGE_BODY_BYTES: Final = 16 * 1024 * 1024


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


def receipt_payload(firm: UUID, month: int, digest_: bytes, replaces: bytes, received_at: str) -> bytes:
    """What a receipt's signature covers."""
    return firm.bytes + struct.pack("<I", month) + digest_ + replaces + received_at.encode()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an upload stands among the firm's: when received, its number, the first number of its batch."""

    at: int
    sequence: int
    batch: int


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
    await network.read_rosters()
    months = split_body(body, who.member, network.key_id, newest)
    async with examining(months) as sent:
        if len(body) <= LARGE_BODY_BYTES:
            for one in sent:
                await one.digest
        answer = await _transact(network, who, envelope, content, sent)
    catch_up_soon(network, who.member)
    # The stored answer decoded: under one key always the same.
    return Response(msgspec.json.decode(answer, type=Receipts))


async def _transact(
    network: RunningNetwork, who: Who, envelope: Envelope, content: bytes, sent: list[Sent]
) -> bytes:
    """All of it or nothing; the answer, encoded."""
    async with network.database.writing():
        await network.database.lock_network(to_change=False)
        await network.database.lock_firm(who.member)
        answer = await _answered(who.member, envelope.idempotency_key, content)
        if answer is not None:
            return answer
        await network.read_rosters()  # they stand still from here on
        for one in sent:
            check_key(one.upload, network.key_id)
        answer = msgspec.json.encode(Receipts(await _store(network, who.member, envelope, sent)))
        now = network.clock.unix()
        await Idempotency.delete().where(Idempotency.created_at < now - KEYS_KEPT_SECONDS)
        await Idempotency(
            firm=who.member,
            key=envelope.idempotency_key,
            content=content,
            answer=answer,
            created_at=now,
        ).save()
        await audit.append(
            network.clock,
            who.member,
            who.actor,
            "uploaded",
            device=envelope.device,
            months=[month_text(one.upload.month) for one in sent],
        )
    return answer


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
    at = int(network.clock.received_at().timestamp())
    current = await Upload.select(
        Upload.month, Upload.digest, Upload.receipt, Upload.received_at, Upload.replaces
    ).where((Upload.firm == firm) & Upload.superseded_at.is_null())
    standing = {row["month"]: row for row in current}
    last = (
        await Upload.select(Upload.sequence)
        .where(Upload.firm == firm)
        .order_by(Upload.sequence, ascending=False)
        .first()
    )
    batch = 1 if last is None else last["sequence"] + 1
    faults = [fault for one in sent if (fault := await _stale(one, standing)) is not None]
    if faults:
        raise Refused("upload-replaced", errors=faults)
    receipts = []
    for number, one in enumerate(sent):
        before = standing.get(one.upload.month)
        if before is not None and before["digest"] != one.upload.replaces:
            receipts.append(_receipt(firm, one, before["received_at"], before["receipt"]))  # sent before
            continue
        if before is not None:
            await Upload.update({Upload.superseded_at: at}).where(Upload.digest == before["digest"])
        signed = await _insert(network, firm, envelope, one, Place(at, batch + number, batch))
        receipts.append(_receipt(firm, one, at, signed))
    return receipts


async def _stale(one: Sent, standing: dict[int, dict[str, Any]]) -> Fault | None:
    """Compare-and-swap: what it says it replaces must be current. The same content again is no fault."""
    before = standing.get(one.upload.month)
    digest_now = bytes(32) if before is None else before["digest"]
    if one.upload.replaces == digest_now or await one.digest == digest_now:
        return None
    return Fault(
        None, f"replaces ({month_text(one.upload.month)})", one.upload.replaces.hex(), digest_now.hex()
    )


async def _insert(network: RunningNetwork, firm: UUID, envelope: Envelope, one: Sent, place: Place) -> bytes:
    """Store one month; its receipt's signature.

    The bytes go first, and are on their way while the rows are checked. When these do not pass, the
    transaction fails with what is wrong.
    """
    payload = await write_payload(network.database, one.encoded)
    digest = await one.digest
    said = receipt_payload(firm, one.upload.month, digest, one.upload.replaces, moment_text(place.at))
    signed = signing.sign(network.keys.receipt, "receipt", said)
    await Upload(
        digest=digest,
        firm=firm,
        month=one.upload.month,
        replaces=one.upload.replaces,
        received_at=place.at,
        sequence=place.sequence,
        batch=place.batch,
        row_count=len(one.upload.rows),
        device=envelope.device,
        device_signature=envelope.signature,
        receipt=signed,
        payload=payload,
    ).save()
    return signed


def _receipt(firm: UUID, one: Sent, at: int, signature: bytes) -> Receipt:
    return Receipt(
        firm,
        month_text(one.upload.month),
        one.digest.result(),
        one.upload.replaces,
        moment_text(at),
        len(one.upload.rows),
        signature,
    )


@get("/api/uploads", summary="The firm's receipts")
async def list_receipts(who: NamedDependency[Who]) -> list[ReceiptListed]:
    """Current ones first, then by month."""
    rows = await Upload.select(
        Upload.month,
        Upload.digest,
        Upload.replaces,
        Upload.received_at,
        Upload.row_count,
        Upload.receipt,
        Upload.superseded_at,
        Upload.erased,
    ).where(Upload.firm == who.member)
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
async def read_own(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], digest: FromPath[str]
) -> Response[bytes]:
    """The bytes that the receipt signs."""
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        raise Refused("not-found") from None
    rows = await network.database.run(
        f"SELECT {payload_of(network.database, 'u')} AS bytes FROM upload u"  # noqa: S608 - fixed text
        " WHERE u.digest = {} AND u.firm = {} AND NOT u.erased",
        wanted,
        who.member,
    )
    if not rows:
        raise Refused("not-found")
    return Response(rows[0]["bytes"], media_type=MEDIA_TYPE)
