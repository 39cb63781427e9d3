"""Firms: the operator's admissions, the enrolment that an invitation allows, who I am."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from privacy import signing
from server import audit, pseudonyms
from server.devices import NewDevice, add_device, check_delegation
from server.keyholder_request import PORTFOLIO_MAX
from server.network import RunningNetwork, secret_hash
from server.people import NewUser, add_person
from server.problems import Fault, Refused
from server.roles import Role, Who
from server.tables import Firm, Person

BLOB_BYTES_MAX: Final = 64 * 1024
NAME_CHARACTERS_MAX: Final = 200
REASON_CHARACTERS_MAX: Final = 500


class Admission(msgspec.Struct, frozen=True):
    """A firm that the operator admits; firms of one corporate group share a group id."""

    name: str
    declared_portfolio: int
    group_id: UUID | None = None
    reason: str = ""
    """On which of the published criteria, for the operator's log."""


class Admitted(msgspec.Struct, frozen=True):
    """The invitation is shown this once: the server keeps its hash."""

    firm_id: UUID
    invitation: str


class FirmListed(msgspec.Struct, frozen=True):
    """What the operator sees of a firm."""

    firm_id: UUID
    name: str
    group_id: UUID
    declared_portfolio: int
    admitted_on: date
    enrolled_on: date | None
    expelled: bool


class Enrolment(msgspec.Struct, frozen=True):
    """A firm's first user and device.

    `signature`: root key, purpose enrolment, over invitation (UTF-8) || root_public_key || device public key
    (empty without a device).
    """

    invitation: str
    root_public_key: bytes
    user: NewUser
    recovery_blob: bytes
    signature: bytes
    device: NewDevice | None = None


class Enrolled(msgspec.Struct, frozen=True):
    """The ids that the member's side keeps."""

    firm_id: UUID
    user_id: UUID
    device_id: UUID | None


class Budget(msgspec.Struct, frozen=True):
    """Evaluations used and allowed now."""

    used: int
    limit: int


class Me(msgspec.Struct, frozen=True):
    """The session's owner."""

    firm_id: UUID | None
    firm_name: str | None
    user_id: UUID | None
    device_id: UUID | None
    role: str
    email: str | None
    budget: Budget | None
    declared_portfolio: int | None


@post("/api/operator/admissions", summary="Admit a firm")
async def admit(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Admission]
) -> Admitted:
    """Return the invitation for its first administrator."""
    name = data.name.strip()
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX:
        raise Refused("malformed", f"name: expected 1 to {NAME_CHARACTERS_MAX} characters")
    if not 1 <= data.declared_portfolio <= PORTFOLIO_MAX:
        raise Refused("malformed", f"declared_portfolio: expected 1 to {PORTFOLIO_MAX}")
    if len(data.reason) > REASON_CHARACTERS_MAX:
        raise Refused("malformed", f"reason: expected at most {REASON_CHARACTERS_MAX} characters")
    if data.group_id == UUID(int=0):  # nobody's: its values would count in no cell, unnoticed
        raise Refused("malformed", "group_id: expected a group's id, or none")
    firm, secret = uuid4(), secrets.token_bytes(32)
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        await Firm(
            id=firm,
            name=name,
            group_id=data.group_id or firm,
            declared_portfolio=data.declared_portfolio,
            admitted_on=await network.read_today(),
            invitation_hash=secret_hash(secret),
        ).save()
        why = {"reason": reason} if (reason := " ".join(data.reason.split())) else {}
        await audit.append(network.clock, audit.OPERATOR_CHAIN, who.actor, "firm-admitted", firm=firm, **why)
        await audit.append(network.clock, firm, "operator", "firm-admitted")
    return Admitted(firm, f"{firm}.{base64.urlsafe_b64encode(secret).decode().rstrip('=')}")


@get("/api/operator/firms", summary="The firms of the network")
async def list_firms() -> list[FirmListed]:
    """In the order of their admission."""
    rows = await Firm.select().order_by(Firm.admitted_on).order_by(Firm.name)
    return [
        FirmListed(
            row["id"],
            row["name"],
            row["group_id"],
            row["declared_portfolio"],
            row["admitted_on"],
            row["enrolled_on"],
            row["expelled"],
        )
        for row in rows
    ]


def _read_invitation(text: str) -> tuple[UUID, bytes]:
    firm, _, secret = text.partition(".")
    try:
        return UUID(firm), base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    except ValueError:
        raise Refused("invitation") from None


@post("/api/enrolments", summary="Enrol a firm by its invitation")
async def enrol(
    network: NamedDependency[RunningNetwork], request: Request[Any, Any, Any], data: JSONBody[Enrolment]
) -> Enrolled:
    """The invitation serves once; the root key is the firm's from here on."""
    firm, secret = _read_invitation(data.invitation)
    origin = ("invitation", firm, request.client.host if request.client else "?")
    network.limits.check(*origin)
    if len(data.root_public_key) != 32:
        raise Refused("malformed", "root_public_key: expected 32 bytes")
    if len(data.recovery_blob) > BLOB_BYTES_MAX:
        raise Refused("malformed", f"recovery_blob: expected at most {BLOB_BYTES_MAX} bytes")
    device_key = data.device.public_key if data.device else b""
    signed = data.invitation.encode() + data.root_public_key + device_key
    if not signing.verify(data.root_public_key, "enrolment", signed, data.signature):
        raise Refused(
            "signature", errors=[Fault(None, "signature", "another", "the root key's, purpose enrolment")]
        )
    if data.device:
        check_delegation(network, data.device, data.root_public_key, firm)
    async with network.database.writing():
        await network.database.lock_firm(firm)
        row = await Firm.select().where(Firm.id == firm).first()
        if (
            row is None
            or row["expelled"]
            or row["invitation_hash"] is None
            or not hmac.compare_digest(row["invitation_hash"], secret_hash(secret))
        ):
            network.limits.failed(*origin)
            raise Refused("invitation")
        today = await network.read_today()
        await Firm.update(
            {
                Firm.root_public: data.root_public_key,
                Firm.recovery_blob: data.recovery_blob,
                Firm.invitation_hash: None,
                Firm.enrolled_on: today,
            }
        ).where(Firm.id == firm)
        await pseudonyms.admit_firm(firm, data.root_public_key, row["declared_portfolio"], today)
        user = await add_person(network, firm, Role.ADMINISTRATOR, data.user)
        device = (
            await add_device(network, firm, user, data.device.public_key, data.device.delegation)
            if data.device
            else None
        )
        await audit.append(network.clock, firm, f"user:{user}", "firm-enrolled", device=device)
    return Enrolled(firm, user, device)


@get("/api/me", summary="Who I am")
async def me(network: NamedDependency[RunningNetwork], who: NamedDependency[Who]) -> Me:
    """The session's owner, and the firm's budget of evaluations."""
    firm = await Firm.select().where(Firm.id == who.firm).first() if who.firm else None
    person = await Person.select(Person.email).where(Person.id == who.person).first() if who.person else None
    used_limit = await pseudonyms.budget(network, who.firm) if who.firm else None
    return Me(
        firm_id=who.firm,
        firm_name=firm["name"] if firm else None,
        user_id=who.person,
        device_id=who.device,
        role=Role.AGENT.value if who.role is Role.DESK else who.role.value,
        email=person["email"] if person else None,
        budget=Budget(*used_limit) if used_limit else None,
        declared_portfolio=firm["declared_portfolio"] if firm else None,
    )
