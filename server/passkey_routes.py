"""The routes of passkeys, at the log-in and under the settings. The rules are `server.passkeys`'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import msgspec
from fido2.webauthn import PublicKeyCredentialUserEntity, UserVerificationRequirement
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server import second_factors
from server.clock import moment
from server.network import RunningNetwork
from server.passkey_tables import Passkey
from server.passkeys import Asked, Json, challenge, credentials, origin_of, party, read_made, rows_of
from server.problems import Refused
from server.roles import Who
from server.sessions import PasswordLogin, check_proof, proved

PASSKEYS_MAX: Final = 10


class PasskeyFacts(msgspec.Struct, frozen=True):
    """One of the caller's own passkeys. `here`: made for the address under which the page is open."""

    id: UUID
    name: str
    here: bool
    added_on: date
    used_on: date | None


class PasskeyOptions(msgspec.Struct, frozen=True):
    """What the browser is given to make or to use a passkey (WebAuthn level 3, JSON form)."""

    public_key: Json


class NewPasskey(msgspec.Struct, frozen=True):
    """What the authenticator made (RegistrationResponseJSON), and what its owner calls it."""

    name: Annotated[str, msgspec.Meta(max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
    credential: Json


def _facts(row: Mapping[str, Any], origin: str) -> PasskeyFacts:
    used = row["used_at"]
    return PasskeyFacts(
        id=row["id"],
        name=row["name"],
        here=row["origin"] == origin,
        added_on=moment(row["added_at"]).date(),
        used_on=moment(used).date() if used else None,
    )


@post("/api/sessions/passkey-options", status_code=200, summary="Begin to use a passkey at the log-in")
async def ask(
    network: NamedDependency[RunningNetwork], request: Asked, data: JSONBody[PasswordLogin]
) -> PasskeyOptions:
    """After the proof of both secrets, so that nobody else learns who has one. 404: none for this address."""
    person = (await proved(network, request, data))["id"]
    server, origin = party(request)
    rows = await rows_of(person, origin)
    if not rows:
        raise Refused("not-found")
    options, _ = server.authenticate_begin(
        credentials(rows),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=await challenge(network, person),
    )
    return PasskeyOptions(dict(options)["publicKey"])


@get("/api/me/passkeys", summary="My passkeys")
async def read_own(request: Asked, who: NamedDependency[Who]) -> list[PasskeyFacts]:
    """In the order in which they were added."""
    return [_facts(row, origin_of(request)) for row in await rows_of(who.person)]


@post("/api/me/passkeys/options", status_code=200, summary="Begin to add a passkey")
async def begin(
    network: NamedDependency[RunningNetwork],
    request: Asked,
    who: NamedDependency[Who],
    data: JSONBody[second_factors.Proof],
) -> PasskeyOptions:
    """409 while no one-time codes are asked: they are what is left when the passkey is lost."""
    assert who.person is not None
    email = await check_proof(network, who.person, data.auth_key)
    if not await second_factors.is_on(who.person):
        raise Refused("second-factor-off")
    server, origin = party(request)
    rows = await rows_of(who.person)
    if len(rows) >= PASSKEYS_MAX:
        raise Refused("too-many-passkeys")
    options, _ = server.register_begin(
        PublicKeyCredentialUserEntity(id=who.person.bytes, name=email, display_name=email),
        credentials([row for row in rows if row["origin"] == origin]),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=await challenge(network, who.person),
    )
    return PasskeyOptions(dict(options)["publicKey"])


@post("/api/me/passkeys", summary="Add a passkey")
async def add(
    network: NamedDependency[RunningNetwork],
    request: Asked,
    who: NamedDependency[Who],
    data: JSONBody[NewPasskey],
) -> PasskeyFacts:
    """What the authenticator made of the options. No attestation is asked: its make is nobody's business."""
    assert who.person is not None
    _, origin = party(request)
    made, credential = await read_made(network, request, who.person, data.credential)
    async with network.database.writing():
        await second_factors.lock_log(network, who.person)
        if not await second_factors.hold(network, who.person):
            raise Refused("second-factor-off")
        if len(await rows_of(who.person)) >= PASSKEYS_MAX:
            raise Refused("too-many-passkeys")
        row = Passkey(
            id=uuid4(),
            person=who.person,
            origin=origin,
            credential=bytes(credential),
            name=data.name,
            signatures=made.counter,
            added_at=network.clock.unix(),
        )
        await row.save()
        await second_factors.tell(network, who.person, who.actor, "passkey-added")
    return _facts(row.to_dict(), origin)


@delete("/api/me/passkeys/{passkey_id:uuid}", status_code=204, summary="Take off a passkey")
async def remove(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], passkey_id: FromPath[UUID]
) -> None:
    """Codes go on being asked."""
    assert who.person is not None
    async with network.database.writing():
        await second_factors.lock_log(network, who.person)
        gone = (
            await Passkey.delete()
            .where((Passkey.id == passkey_id) & (Passkey.person == who.person))
            .returning(Passkey.id)
        )
        if not gone:
            raise Refused("not-found")
        await second_factors.tell(network, who.person, who.actor, "passkey-removed")


ROUTES: Final = [ask, read_own, begin, add, remove]
