"""A firm's users and its audit log. Administrators add and revoke; the server never sees a password."""

from __future__ import annotations

import secrets
from typing import Final
from uuid import UUID, uuid4

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from server import audit, second_factors
from server.clock import moment_text
from server.devices import NewDevice, add_vouched, end_device
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Role, Who
from server.second_factor_tables import SecondFactor
from server.sessions import hash_auth_key, normal_email
from server.tables import Device, Person, Session

BUNDLE_BYTES_MAX: Final = 64 * 1024
USERS_MAX: Final = 500
AUDIT_PAGE: Final = 500
USER_ROLES: Final = (Role.ADMINISTRATOR, Role.CREDIT_MANAGER, Role.ANALYST, Role.SALES, Role.AUDITOR)


class NewUser(msgspec.Struct, frozen=True):
    """What a person's side makes: a salt (16 bytes), a proof (32 bytes), keys wrapped for her alone.

    `device`: whose key is among them; it is hers, and ends with her.
    """

    email: str
    kdf_salt: bytes
    auth_key: bytes
    wrapped_bundle: bytes
    role: str = Role.CREDIT_MANAGER.value
    device: NewDevice | None = None


class UserListed(msgspec.Struct, frozen=True):
    """A user of the own firm."""

    user_id: UUID
    email: str
    role: str
    created_at: str
    revoked: bool
    second_factor: bool


class UserAdded(msgspec.Struct, frozen=True):
    """The new user's id."""

    user_id: UUID


class AuditEntry(msgspec.Struct, frozen=True):
    """An entry with what is needed to verify the chain (see server.audit)."""

    sequence: int
    at: int
    actor: str
    event: str
    detail: str
    previous: bytes
    digest: bytes


async def add_person(network: RunningNetwork, firm: UUID | None, role: Role, new: NewUser) -> UUID:
    """Insert a person; the caller holds the transaction. 409 when the e-mail has an account."""
    email = normal_email(new.email)
    if len(new.kdf_salt) != 16:
        raise Refused("malformed", "kdf_salt: expected 16 bytes")
    if len(new.wrapped_bundle) > BUNDLE_BYTES_MAX:
        raise Refused("malformed", f"wrapped_bundle: expected at most {BUNDLE_BYTES_MAX} bytes")
    if await Person.exists().where(Person.email == email):
        raise Refused("email-taken")
    person, auth_salt = uuid4(), secrets.token_bytes(16)
    await Person(
        id=person,
        firm=firm,
        email=email,
        role=role.value,
        kdf_salt=new.kdf_salt,
        auth_salt=auth_salt,
        auth_hash=hash_auth_key(auth_salt, new.auth_key),
        wrapped_bundle=new.wrapped_bundle,
        created_at=network.clock.unix(),
    ).save()
    return person


@get("/api/users", summary="The firm's users")
async def list_users(who: NamedDependency[Who]) -> list[UserListed]:
    """In the order of their creation."""
    rows = await Person.select().where(Person.firm == who.member).order_by(Person.created_at)
    with_codes = await SecondFactor.select(SecondFactor.person).where(SecondFactor.confirmed_at.is_not_null())
    second = {row["person"] for row in with_codes}
    return [
        UserListed(
            row["id"],
            row["email"],
            row["role"],
            moment_text(row["created_at"]),
            row["revoked_at"] is not None,
            row["id"] in second,
        )
        for row in rows
    ]


@post("/api/users", summary="Add a user")
async def invite(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[NewUser]
) -> UserAdded:
    """The administrator's side made the account key and a first password, and wrapped the role's keys."""
    if data.role not in {role.value for role in USER_ROLES}:
        raise Refused("malformed", f"role: expected one of {', '.join(USER_ROLES)}")
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        if await Person.count().where(Person.firm == who.member) >= USERS_MAX:
            raise Refused("malformed", f"at most {USERS_MAX} users")
        user = await add_person(network, who.member, Role(data.role), data)
        await audit.append(network.clock, who.member, who.actor, "user-added", user=user, role=data.role)
        if data.device is not None:
            await add_vouched(network, who, user, data.device)
    return UserAdded(user)


@delete("/api/users/{user_id:uuid}", status_code=204, summary="Revoke a user")
async def revoke_user(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], user_id: FromPath[UUID]
) -> None:
    """Her sessions and her devices end at once; the last administrator stays."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await end_person(network, who.member, user_id, network.clock.unix())
        await audit.append(network.clock, who.member, who.actor, "user-revoked", user=user_id)


async def end_person(network: RunningNetwork, firm: UUID, user: UUID, now: int) -> None:
    """Revoke a user who is there and not the last administrator; the caller holds the transaction."""
    standing = await Person.select(Person.id, Person.role).where(
        (Person.firm == firm) & Person.revoked_at.is_null()
    )
    if user not in {row["id"] for row in standing}:
        raise Refused("not-found")
    if {row["id"] for row in standing if row["role"] == Role.ADMINISTRATOR} == {user}:
        raise Refused("last-administrator")
    await Person.update({Person.revoked_at: now}).where(Person.id == user)
    await second_factors.forget(user)
    await Session.delete().where(Session.person == user)
    theirs = await Device.select(Device.id).where((Device.person == user) & Device.revoked_at.is_null())
    for row in theirs:
        await end_device(row["id"], now)
    await network.fanout.tell_ended()


@get("/api/audit", summary="The firm's audit log")
async def read_audit(who: NamedDependency[Who], after: FromQuery[int] = 0) -> list[AuditEntry]:
    """At most 500 entries after a sequence number, in order."""
    rows = await audit.read(who.member, after, AUDIT_PAGE)
    return [
        AuditEntry(
            row["sequence"],
            row["at"],
            row["actor"],
            row["event"],
            row["detail"],
            row["previous"],
            row["digest"],
        )
        for row in rows
    ]
