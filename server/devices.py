"""A firm's devices: keys that the firm's root vouches for, and the one check of what a device may do."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from privacy import signing
from privacy.delegation import Delegation, Scope, check
from server import audit
from server.clock import moment_text
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who
from server.tables import Device, Firm, Session

DEVICES_MAX: Final = 500


class NewDevice(msgspec.Struct, frozen=True):
    """A device's Ed25519 public key (32 bytes) and what the root allows it (129 bytes)."""

    public_key: bytes
    delegation: bytes


class DeviceOwner(msgspec.Struct, frozen=True):
    """The device's signature, purpose "device-owner", over device id and the caller's user id."""

    signature: Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]


class DeviceRights(msgspec.Struct, frozen=True):
    """What the root allows the device from here on (129 bytes)."""

    delegation: bytes


class DeviceListed(msgspec.Struct, frozen=True):
    """A device of the own firm."""

    device_id: UUID
    public_key: bytes
    delegation: bytes
    user_id: UUID | None
    created_at: str
    revoked: bool


class DeviceAdded(msgspec.Struct, frozen=True):
    """The new device's id."""

    device_id: UUID


def check_delegation(
    network: RunningNetwork, device: NewDevice, root_public: bytes, firm: UUID, scope: int | None = None
) -> Delegation:
    """The root's word for a device, or a refusal that says what is wrong with it."""
    try:
        delegation = Delegation.from_bytes(device.delegation)
    except ValueError as error:
        raise Refused("delegation", str(error)) from None
    if delegation.device != device.public_key:
        raise Refused("delegation", "it vouches for another device key")
    asked = scope if scope is not None else (delegation.scopes & -delegation.scopes) or Scope.UPLOAD
    if refusal := check(delegation, root_public, firm.bytes, network.clock.unix(), asked):
        raise Refused("delegation", refusal.text)
    return delegation


async def add_device(
    network: RunningNetwork, firm: UUID, person: UUID | None, public_key: bytes, delegation: bytes
) -> UUID:
    """Insert a device whose delegation was checked; the caller holds the transaction."""
    if await Device.exists().where(Device.public_key == public_key):
        raise Refused("device-taken")
    device = uuid4()
    await Device(
        id=device,
        firm=firm,
        person=person,
        public_key=public_key,
        delegation=delegation,
        created_at=network.clock.unix(),
    ).save()
    return device


async def acting_device(network: RunningNetwork, firm: UUID, device: UUID, scope: int) -> dict[str, Any]:
    """The row of a device of this firm that may do this now; else 403."""
    rows = await Device.select(
        Device.public_key, Device.delegation, Device.firm.root_public.as_alias("root")
    ).where((Device.id == device) & (Device.firm == firm) & Device.revoked_at.is_null())
    if not rows:
        raise Refused("device-refused")
    row: dict[str, Any] = rows[0]
    check_delegation(network, NewDevice(row["public_key"], row["delegation"]), row["root"], firm, scope)
    return row


@get("/api/devices", summary="The firm's devices")
async def list_devices(who: NamedDependency[Who]) -> list[DeviceListed]:
    """In the order of their creation."""
    rows = await Device.select().where(Device.firm == who.member).order_by(Device.created_at)
    return [
        DeviceListed(
            row["id"],
            row["public_key"],
            row["delegation"],
            row["person"],
            moment_text(row["created_at"]),
            row["revoked_at"] is not None,
        )
        for row in rows
    ]


@post("/api/devices", summary="Add a device that the root vouches for")
async def add_own_device(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[NewDevice]
) -> DeviceAdded:
    """The delegation is what counts: whoever brings the root's word for a key may add it."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        return DeviceAdded(await add_vouched(network, who, who.person, data))


async def add_vouched(network: RunningNetwork, who: Who, person: UUID | None, new: NewDevice) -> UUID:
    """Add a device that the firm's root vouches for; the caller holds the transaction."""
    check_delegation(network, new, await _root_of(who.member), who.member)
    if await Device.count().where(Device.firm == who.member) >= DEVICES_MAX:
        raise Refused("malformed", f"at most {DEVICES_MAX} devices")
    device = await add_device(network, who.member, person, new.public_key, new.delegation)
    await audit.append(network.clock, who.member, who.actor, "device-added", device=device)
    return device


@put("/api/devices/{device_id:uuid}/owner", status_code=204, summary="Say that a device is mine")
async def own_device(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    device_id: FromPath[UUID],
    data: JSONBody[DeviceOwner],
) -> None:
    """Whoever has its key and is logged in: it ends with her from here on."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        row = await _standing(who.member, device_id)
        assert who.person is not None
        said = device_id.bytes + who.person.bytes
        if not signing.verify(row["public_key"], "device-owner", said, data.signature):
            raise Refused("signature")
        await Device.update({Device.person: who.person}).where(Device.id == device_id)
        await audit.append(network.clock, who.member, who.actor, "device-owned", device=device_id)


@put("/api/devices/{device_id:uuid}/delegation", status_code=204, summary="Renew a device's rights")
async def renew_device(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    device_id: FromPath[UUID],
    data: JSONBody[DeviceRights],
) -> None:
    """The root's newer word for the same key; the device finds it in the list of devices."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        row = await _standing(who.member, device_id)
        renewed = NewDevice(row["public_key"], data.delegation)
        check_delegation(network, renewed, await _root_of(who.member), who.member)
        await Device.update({Device.delegation: data.delegation}).where(Device.id == device_id)
        await audit.append(network.clock, who.member, who.actor, "device-renewed", device=device_id)


async def _root_of(firm: UUID) -> bytes:
    row = await Firm.select(Firm.root_public).where(Firm.id == firm).first()
    assert row is not None
    return bytes(row["root_public"])


async def _standing(firm: UUID, device: UUID) -> dict[str, Any]:
    row: dict[str, Any] | None = (
        await Device.select()
        .where((Device.id == device) & (Device.firm == firm) & Device.revoked_at.is_null())
        .first()
    )
    if row is None:
        raise Refused("not-found")
    return row


@delete("/api/devices/{device_id:uuid}", status_code=204, summary="Revoke a device")
async def revoke_device(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], device_id: FromPath[UUID]
) -> None:
    """Its sessions end and its signatures are refused at once."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await _standing(who.member, device_id)
        await end_device(device_id, network.clock.unix())
        await network.fanout.tell_ended()
        await audit.append(network.clock, who.member, who.actor, "device-revoked", device=device_id)


async def end_device(device: UUID, now: int) -> None:
    """Revoke a device; the caller holds the transaction."""
    await Device.update({Device.revoked_at: now}).where(Device.id == device)
    await Session.delete().where(Session.device == device)
