"""Logging in: two secrets for people, a challenge for devices, a cookie or a bearer token afterwards.

What a person proves is `auth_key`, derived on her side from the password and the account key; it is kept
hashed once more. An e-mail without an account gets a salt too, always the same: nobody learns who has one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody

from privacy import signing
from privacy.delegation import Delegation, Scope
from server.network import RunningNetwork, secret_hash
from server.passkeys import pass_by_passkey
from server.problems import Refused
from server.programs import described
from server.roles import Role, Who
from server.second_factors import pass_second, stands
from server.tables import Challenge, Device, Firm, Person, Session

PERSON_SESSION_SECONDS: Final = 12 * 3600
DEVICE_SESSION_SECONDS: Final = 24 * 3600
CHALLENGE_SECONDS: Final = 120
SESSIONS_AT_ONCE: Final = 500  # in one query
COOKIE_SECURE: Final = "__Host-vigie"
COOKIE_LOCAL: Final = "vigie"  # over plain HTTP on one's own machine, where browsers refuse the prefix


class Salt(msgspec.Struct, frozen=True):
    """What the member's side derives its keys with; 16 bytes."""

    kdf_salt: bytes


class PasswordLogin(msgspec.Struct, frozen=True):
    """A person's proof; `auth_key` has 32 bytes. `code`: of her second factor, where she has one."""

    email: str
    auth_key: bytes
    code: Annotated[str, msgspec.Meta(max_length=64)] = ""
    passkey: dict[str, Any] | None = None  # AuthenticationResponseJSON, in place of the code


class PersonSession(msgspec.Struct, frozen=True):
    """Logged in. `token` is what the cookie holds, for clients that are no browser.

    `factor_pass` stands for the code of the second factor for ten minutes; empty where none was asked.
    """

    user_id: UUID
    firm_id: UUID | None
    firm_name: str | None
    role: str
    wrapped_bundle: bytes
    token: str
    factor_pass: str = ""


class DeviceClaim(msgspec.Struct, frozen=True):
    """Which device wants to log in."""

    device_id: UUID


class ChallengeGiven(msgspec.Struct, frozen=True):
    """What it has to sign, within two minutes; 32 bytes."""

    challenge: bytes


class DeviceLogin(msgspec.Struct, frozen=True):
    """The signature has purpose device-session and covers the challenge."""

    device_id: UUID
    challenge: bytes
    signature: bytes


class DeviceSession(msgspec.Struct, frozen=True):
    """A device's session: it pushes, and reads when its delegation includes the book."""

    token: str
    firm_id: UUID
    role: str


def hash_auth_key(salt: bytes, auth_key: bytes) -> bytes:
    """What the server keeps of a person's proof. Raise on a wrong size: never store a weak secret."""
    if len(auth_key) != 32:
        raise Refused("malformed", "auth_key: expected 32 bytes")
    return hashlib.sha256(salt + auth_key).digest()


async def check_proof(network: RunningNetwork, person: UUID, auth_key: bytes) -> str:
    """The e-mail of a person who is logged in and has proved her password again. Raise Refused."""
    origin = ("secrets", person, "")
    network.limits.check(*origin)
    row = await Person.select().where(Person.id == person).first()
    assert row is not None
    if not hmac.compare_digest(hash_auth_key(row["auth_salt"], auth_key), row["auth_hash"]):
        network.limits.failed(*origin)
        raise Refused("credentials")
    email: str = row["email"]
    return email


def normal_email(email: str) -> str:
    """Lower case, no spaces around; e-mails are compared in this form."""
    email = email.strip().lower()
    if not 3 <= len(email) <= 254 or "@" not in email or not email.isprintable():
        raise Refused("malformed", "email: expected an e-mail address")
    return email


def _origin(request: ASGIConnection[Any, Any, Any, Any]) -> str:
    return request.client.host if request.client else "?"


@get("/api/sessions/salt", summary="The salt of an e-mail's account")
async def salt(network: NamedDependency[RunningNetwork], email: FromQuery[str]) -> Salt:
    """The same answer whether the account exists or not."""
    email = normal_email(email)
    row = await Person.select(Person.kdf_salt).where(Person.email == email).first()
    fake = hmac.digest(network.keys.session, b"salt\0" + email.encode(), "sha256")[:16]
    return Salt(row["kdf_salt"] if row else fake)


async def proved(
    network: RunningNetwork, request: Request[Any, Any, Any], data: PasswordLogin
) -> dict[str, Any]:
    """The row of the person whose two secrets were shown. Raise Refused."""
    email = normal_email(data.email)
    origin = ("password", email, _origin(request))
    network.limits.check(*origin)
    row: dict[str, Any] | None = await Person.select().where(Person.email == email).first()
    presented = hash_auth_key(row["auth_salt"] if row else bytes(16), data.auth_key)
    right = row is not None and hmac.compare_digest(presented, row["auth_hash"])
    if row is None or not right or row["revoked_at"] is not None:
        network.limits.failed(*origin)
        raise Refused("credentials")
    network.limits.succeeded(*origin)
    return row


@post("/api/sessions/password", status_code=200, summary="Log in as a person")
async def log_in(
    network: NamedDependency[RunningNetwork], request: Request[Any, Any, Any], data: JSONBody[PasswordLogin]
) -> Response[PersonSession]:
    """Set the cookie, and give the same secret as a bearer token."""
    row = await proved(network, request, data)
    if data.passkey is None:
        factor_pass = await pass_second(network, row["id"], data.code)
    else:
        factor_pass = await pass_by_passkey(network, request, row["id"], data.passkey)
    firm = await Firm.select(Firm.name).where(Firm.id == row["firm"]).first() if row["firm"] else None
    told = described(request.headers.get("user-agent", ""))
    await erase_expired(network)
    async with network.database.writing():
        row = await _still(network, row["id"], data.auth_key, factor_pass)
        token = await _begin(network, PERSON_SESSION_SECONDS, person=row["id"], told=told)
    body = PersonSession(
        user_id=row["id"],
        firm_id=row["firm"],
        firm_name=firm["name"] if firm else None,
        role=row["role"],
        wrapped_bundle=row["wrapped_bundle"],
        token=token,
        factor_pass=factor_pass,
    )
    return Response(body, cookies=[_cookie(request, token)])


async def _still(network: RunningNetwork, person: UUID, auth_key: bytes, factor_pass: str) -> dict[str, Any]:
    """The person's row, held; refused where what was shown is no longer enough.

    Whoever changes her secrets or her second factor ends her sessions: this one would begin after that.
    """
    await network.database.lock_person(person)
    row: dict[str, Any] | None = await Person.select().where(Person.id == person).first()
    if row is None or row["revoked_at"] is not None:
        raise Refused("credentials")
    if not hmac.compare_digest(hash_auth_key(row["auth_salt"], auth_key), row["auth_hash"]):
        raise Refused("credentials")
    if not await stands(network, person, factor_pass):
        raise Refused("second-factor")
    return row


@post("/api/sessions/challenge", status_code=200, summary="Begin to log in as a device")
async def challenge(network: NamedDependency[RunningNetwork], data: JSONBody[DeviceClaim]) -> ChallengeGiven:
    """A device that is not known gets one too, and fails later."""
    given = secrets.token_bytes(32)
    now = network.clock.unix()
    async with network.database.writing():
        await Challenge.delete().where(Challenge.expires_at < now)
        await Challenge(challenge=given, device=data.device_id, expires_at=now + CHALLENGE_SECONDS).save()
    return ChallengeGiven(given)


@post("/api/sessions/device", status_code=200, summary="Log in as a device")
async def log_in_device(
    network: NamedDependency[RunningNetwork], request: Request[Any, Any, Any], data: JSONBody[DeviceLogin]
) -> DeviceSession:
    """A challenge serves once."""
    origin = ("device", data.device_id, _origin(request))
    network.limits.check(*origin)
    now = network.clock.unix()
    async with network.database.writing():
        given = (
            await Challenge.delete()
            .where(
                (Challenge.challenge == data.challenge)
                & (Challenge.device == data.device_id)
                & (Challenge.expires_at >= now)
            )
            .returning(Challenge.device)
        )
    row = await Device.select().where(Device.id == data.device_id).first()
    if (
        not given
        or row is None
        or row["revoked_at"] is not None
        or not signing.verify(row["public_key"], "device-session", data.challenge, data.signature)
    ):
        network.limits.failed(*origin)
        raise Refused("device-refused")
    token = await open_session(network, DEVICE_SESSION_SECONDS, device=row["id"])
    return DeviceSession(token=token, firm_id=row["firm"], role=Role.AGENT.value)


@delete("/api/sessions", status_code=204, summary="Log out")
async def log_out(network: NamedDependency[RunningNetwork], who: NamedDependency[Who]) -> None:
    """The token is worth nothing from here on."""
    async with network.database.writing():
        await Session.delete().where(Session.token_hash == who.token_hash)
        await network.fanout.tell_ended()


async def open_session(
    network: RunningNetwork, seconds: int, person: UUID | None = None, device: UUID | None = None
) -> str:
    """Begin a session; its token, which is not kept."""
    await erase_expired(network)
    async with network.database.writing():
        return await _begin(network, seconds, person, device)


async def erase_expired(network: RunningNetwork) -> None:
    """Sessions that are over. By itself: whoever holds a person does not wait for other people's rows."""
    await Session.delete().where(Session.expires_at < network.clock.unix())


async def _begin(
    network: RunningNetwork,
    seconds: int,
    person: UUID | None = None,
    device: UUID | None = None,
    told: str = "",
) -> str:
    """In the caller's transaction. `told`: by which program, for the person to know it."""
    secret = secrets.token_bytes(32)
    now = network.clock.unix()
    await Session(
        token_hash=secret_hash(secret),
        person=person,
        device=device,
        created_at=now,
        expires_at=now + seconds,
        described=told,
        seen_at=to_the_hour(now),
    ).save()
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def to_the_hour(unix: int) -> int:
    """When a session was last seen is kept no finer: it is for its person to know it again."""
    return unix - unix % 3600


def _cookie(request: Request[Any, Any, Any], token: str) -> Cookie:
    secure = request.url.scheme == "https"
    return Cookie(
        key=COOKIE_SECURE if secure else COOKIE_LOCAL,
        value=token,
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
        max_age=PERSON_SESSION_SECONDS,
    )


async def identify(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[Who | None, bool]:
    """Whose session this is, and whether the cookie said so (then changes need the X-Vigie header)."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    by_cookie = scheme.lower() != "bearer"
    if by_cookie:
        secure = connection.url.scheme in {"https", "wss"}
        token = connection.cookies.get(COOKIE_SECURE if secure else COOKIE_LOCAL, "")
    network: RunningNetwork = connection.app.state.network
    who = await who_is(network, token)
    hour = to_the_hour(network.clock.unix())
    if who is not None and who.seen_at < hour:
        async with network.database.writing():
            await Session.update({Session.seen_at: hour}).where(Session.token_hash == who.token_hash)
    return who, by_cookie


async def who_is(network: RunningNetwork, token: str) -> Who | None:
    """The session of a token; None: unknown, expired, or its person, device or firm is no longer welcome."""
    try:
        secret = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)) if len(token) == 43 else b""
    except ValueError:
        return None
    return await who_of(network, secret_hash(secret)) if len(secret) == 32 else None


async def who_of(network: RunningNetwork, hashed: bytes) -> Who | None:
    """The same from what is kept of a token."""
    return (await whose(network, [hashed])).get(hashed)


async def whose(network: RunningNetwork, hashes: Sequence[bytes]) -> dict[bytes, Who]:
    """Those of these sessions that stand, in one query for each SESSIONS_AT_ONCE of them."""
    standing: dict[bytes, Who] = {}
    for start in range(0, len(hashes), SESSIONS_AT_ONCE):
        part = hashes[start : start + SESSIONS_AT_ONCE]
        found = await network.database.run(
            "SELECT s.token_hash, s.person, s.device, s.expires_at, s.seen_at, p.role,"  # noqa: S608 - places alone
            " p.firm AS person_firm, p.revoked_at AS person_revoked,"
            " d.firm AS device_firm, d.revoked_at AS device_revoked, d.delegation, f.expelled"
            " FROM session s LEFT JOIN person p ON p.id = s.person LEFT JOIN device d ON d.id = s.device"
            " LEFT JOIN firm f ON f.id = COALESCE(p.firm, d.firm)"
            f" WHERE s.token_hash IN ({', '.join(['{}'] * len(part))})",
            *part,
        )
        now = network.clock.unix()
        for row in found:
            ended = row["person_revoked"] is not None or row["device_revoked"] is not None or row["expelled"]
            if not ended and row["expires_at"] >= now:
                role = Role(row["role"]) if row["person"] else device_role(row["delegation"])
                firm, hashed = row["person_firm"] or row["device_firm"], bytes(row["token_hash"])
                standing[hashed] = Who(role, firm, row["person"], row["device"], hashed, row["seen_at"])
    return standing


def device_role(delegation: bytes) -> Role:
    """An unattended device pushes only; one that the root trusts with the book is an attended desk."""
    scopes = Delegation.from_bytes(delegation).scopes
    return Role.DESK if scopes & Scope.BOOK else Role.AGENT
