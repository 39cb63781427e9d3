"""A firm that lost every device and password comes back with its recovery kit alone.

Rules of order, whose guardian this is:
1. What the kit opens is given to whoever names a firm's id: 256 random bits seal it. The answer has
   one size and is one for a firm that does not exist, so that it confirms nobody.
2. The root key, which only the kit could open, signs one new administrator and one new device. Unless it
   says otherwise, every other user, device and session of the firm ends in the same transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from privacy import signing
from privacy.recovery import PURPOSE, recovery_payload
from server import audit, second_factors
from server.devices import NewDevice, add_device, check_delegation, end_device
from server.firms import BLOB_BYTES_MAX
from server.network import RunningNetwork
from server.people import BUNDLE_BYTES_MAX, NewUser, add_person
from server.problems import Fault, Refused
from server.roles import Role, Who
from server.sessions import check_proof, hash_auth_key, normal_email
from server.tables import Device, Firm, Person, Session

CLOCK_SKEW_SECONDS: Final = 300
KIT_PURPOSE: Final = "recovery-kit"
PADDED_BYTES: Final = 2048
SEAL_VERSION: Final = b"\x01"


class BlobWanted(msgspec.Struct, frozen=True):
    """The firm's id, as the recovery kit prints it."""

    firm_id: UUID


class SealedBlob(msgspec.Struct, frozen=True):
    """Sealed bytes, followed by bytes that mean nothing: only who can open them finds where they end."""

    padded: bytes


class Recovery(msgspec.Struct, frozen=True):
    """A new administrator and device. `signature`: the root's, purpose recovery (`privacy.recovery`).

    `recovery_blob` takes the place of the one before; `keep_others` leaves other users and devices in.
    """

    firm_id: UUID
    requested_at: int
    user: NewUser
    device: NewDevice
    recovery_blob: bytes
    signature: bytes
    keep_others: bool = False


class Recovered(msgspec.Struct, frozen=True):
    """The ids that the member's side keeps, and how many of the others ended."""

    user_id: UUID
    device_id: UUID
    firm_name: str
    users_ended: int
    devices_ended: int


@post("/api/recoveries/blob", status_code=200, summary="What a firm's recovery kit opens")
async def read_blob(
    network: NamedDependency[RunningNetwork], request: Request[Any, Any, Any], data: JSONBody[BlobWanted]
) -> SealedBlob:
    """The same kind of answer whether the firm exists or not; ten in five minutes from one address."""
    origin = ("recovery-blob", request.client.host if request.client else "?")
    network.limits.check(*origin)
    network.limits.failed(*origin)
    row = await Firm.select(Firm.recovery_blob).where(Firm.id == data.firm_id).first()
    blob = row["recovery_blob"] if row and row["recovery_blob"] else SEAL_VERSION
    size = -(-(len(blob) + 1) // PADDED_BYTES) * PADDED_BYTES
    return SealedBlob(blob + _noise(network.keys.session, data.firm_id, size - len(blob)))


def _noise(key: bytes, firm: UUID, size: int) -> bytes:
    """Bytes that look sealed, always the same for one firm id."""
    seed = hmac.digest(key, b"recovery\0" + firm.bytes, "sha256")
    return hashlib.shake_256(seed).digest(size)


class NewKit(msgspec.Struct, frozen=True):
    """What a new kit opens, in place of the one before. `auth_key` proves the administrator's password.

    `signature`: the root's, purpose recovery-kit, over the firm's id and the sealed bytes.
    """

    auth_key: bytes
    recovery_blob: Annotated[bytes, msgspec.Meta(min_length=64, max_length=BLOB_BYTES_MAX)]
    signature: Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]


@put("/api/firm/recovery-kit", status_code=204, summary="Put another recovery kit in the place of the firm's")
async def renew_kit(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[NewKit]
) -> None:
    """The kit itself is made and printed on the member's side; the one before opens nothing here any more."""
    assert who.person is not None
    await check_proof(network, who.person, data.auth_key)
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        firm = await Firm.select(Firm.root_public).where(Firm.id == who.member).first()
        assert firm is not None
        said = who.member.bytes + data.recovery_blob
        if not signing.verify(firm["root_public"], KIT_PURPOSE, said, data.signature):
            raise Refused("signature", errors=[Fault(None, "signature", "another", "the root key's")])
        await Firm.update({Firm.recovery_blob: data.recovery_blob}).where(Firm.id == who.member)
        await audit.append(network.clock, who.member, who.actor, "recovery-kit-renewed")


@post("/api/recoveries", summary="Come back with the recovery kit alone")
async def recover(
    network: NamedDependency[RunningNetwork], request: Request[Any, Any, Any], data: JSONBody[Recovery]
) -> Recovered:
    """A firm that does not exist, or is not enrolled, is a wrong signature."""
    origin = ("recovery", data.firm_id, request.client.host if request.client else "?")
    network.limits.check(*origin)
    email = normal_email(data.user.email)
    if max(len(data.recovery_blob), len(data.user.wrapped_bundle)) > min(BLOB_BYTES_MAX, BUNDLE_BYTES_MAX):
        raise Refused("malformed", f"recovery_blob, wrapped_bundle: at most {BLOB_BYTES_MAX} bytes")
    if abs(data.requested_at - network.clock.unix()) > CLOCK_SKEW_SECONDS:
        raise Refused("malformed", f"requested_at: expected within {CLOCK_SKEW_SECONDS} s of now")
    async with network.database.writing():
        await network.database.lock_firm(data.firm_id)
        firm = await Firm.select().where(Firm.id == data.firm_id).first()
        root = firm["root_public"] if firm and not firm["expelled"] else None
        if not signing.verify(root or bytes(32), PURPOSE, _signed(data, email), data.signature):
            network.limits.failed(*origin)
            raise Refused("signature", errors=[Fault(None, "signature", "another", "the root key's")])
        assert firm is not None
        assert root is not None
        check_delegation(network, data.device, root, data.firm_id)
        ended = (0, 0) if data.keep_others else await _end_others(network, data.firm_id)
        user = await _administrator(network, data.firm_id, email, data.user)
        device = await add_device(network, data.firm_id, user, data.device.public_key, data.device.delegation)
        await network.fanout.tell_ended()
        await Firm.update({Firm.recovery_blob: data.recovery_blob}).where(Firm.id == data.firm_id)
        await audit.append(
            network.clock,
            data.firm_id,
            "recovery kit",
            "firm-recovered",
            user=user,
            device=device,
            users_ended=ended[0],
            devices_ended=ended[1],
        )
    return Recovered(user, device, firm["name"], *ended)


def _signed(data: Recovery, email: str) -> bytes:
    return recovery_payload(
        firm=data.firm_id.bytes,
        requested_at=data.requested_at,
        keep_others=data.keep_others,
        device_public=data.device.public_key,
        email=email,
        kdf_salt=data.user.kdf_salt,
        auth_key=data.user.auth_key,
        wrapped_bundle=data.user.wrapped_bundle,
        recovery_blob=data.recovery_blob,
    )


async def _end_others(network: RunningNetwork, firm: UUID) -> tuple[int, int]:
    """Every user and device of the firm ends; how many did. The caller holds the transaction."""
    now = network.clock.unix()
    people = await Person.select(Person.id).where((Person.firm == firm) & Person.revoked_at.is_null())
    devices = await Device.select(Device.id).where((Device.firm == firm) & Device.revoked_at.is_null())
    for row in people:
        await Person.update({Person.revoked_at: now}).where(Person.id == row["id"])
        await second_factors.forget(row["id"])
        await Session.delete().where(Session.person == row["id"])
    for row in devices:
        await end_device(row["id"], now)
    return len(people), len(devices)


async def _administrator(network: RunningNetwork, firm: UUID, email: str, new: NewUser) -> UUID:
    """A new person, or the firm's own of this e-mail with new secrets."""
    known = await Person.select(Person.id).where((Person.email == email) & (Person.firm == firm)).first()
    if known is None:
        return await add_person(network, firm, Role.ADMINISTRATOR, new)
    if len(new.kdf_salt) != 16:
        raise Refused("malformed", "kdf_salt: expected 16 bytes")
    person: UUID = known["id"]
    salt = secrets.token_bytes(16)
    await Person.update(
        {
            Person.role: Role.ADMINISTRATOR.value,
            Person.kdf_salt: new.kdf_salt,
            Person.auth_salt: salt,
            Person.auth_hash: hash_auth_key(salt, new.auth_key),
            Person.wrapped_bundle: new.wrapped_bundle,
            Person.revoked_at: None,
        }
    ).where(Person.id == person)
    await second_factors.forget(person)  # the kit takes the place of everything that is lost
    await Session.delete().where(Session.person == person)
    return person
