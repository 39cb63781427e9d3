"""Passkeys (WebAuthn): an authenticator's signature in place of a one-time code, which no false page can use.

They stand beside the codes and never alone: a command line cannot speak to them, and who loses the one has
the other. Rules of order, whose guardian this is:
1. Added by who proves her password again and uses codes already; taken off with them.
2. A challenge is one person's, serves once and within two minutes.
3. What was signed names this network's own address; a count that does not go up is a copied authenticator.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticationResponse, PublicKeyCredentialRpEntity
from litestar import Request

from server import second_factors
from server.network import RunningNetwork
from server.passkey_tables import Passkey, PasskeyChallenge
from server.problems import Refused

CHALLENGE_BYTES: Final = 32
CHALLENGE_SECONDS: Final = 120
Json = dict[str, Any]
Asked = Request[Any, Any, Any]
MALFORMED: Final = (ValueError, KeyError, TypeError, InvalidSignature)
"""What is raised where an authenticator's answer is not one, or not to what was asked."""


def party(request: Asked) -> tuple[Fido2Server, str]:
    """The relying party at the address that was asked; its origin, to the port, is the only one accepted."""
    host = request.url.hostname or ""
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    entity = PublicKeyCredentialRpEntity(id=host, name="Vigie")
    return Fido2Server(entity, verify_origin=lambda origin: origin == own), host


async def challenge(network: RunningNetwork, person: UUID) -> bytes:
    """Random bytes that this person may sign once."""
    given, now = secrets.token_bytes(CHALLENGE_BYTES), network.clock.unix()
    async with network.database.writing():
        await PasskeyChallenge.delete().where(PasskeyChallenge.expires_at < now)
        await PasskeyChallenge(challenge=given, person=person, expires_at=now + CHALLENGE_SECONDS).save()
    return given


async def spend(network: RunningNetwork, person: UUID, challenge: bytes) -> Json:
    """What `fido2` wants to know of a challenge that was this person's, once. The caller writes."""
    given = (
        await PasskeyChallenge.delete()
        .where(
            (PasskeyChallenge.challenge == challenge)
            & (PasskeyChallenge.person == person)
            & (PasskeyChallenge.expires_at >= network.clock.unix())
        )
        .returning(PasskeyChallenge.challenge)
    )
    if not given:
        raise ValueError("no such challenge")
    return {"challenge": websafe_encode(challenge), "user_verification": None}


async def rows_of(person: UUID | None, host: str | None = None) -> list[dict[str, Any]]:
    """A person's passkeys, oldest first; with `host`, those made for this address."""
    rows = await Passkey.select().where(Passkey.person == person).order_by(Passkey.added_at)
    return [row for row in rows if host is None or row["host"] == host]


def credentials(rows: Sequence[Mapping[str, Any]]) -> list[AttestedCredentialData]:
    """As the library takes them."""
    return [AttestedCredentialData(bytes(row["credential"])) for row in rows]


async def pass_by_passkey(network: RunningNetwork, request: Asked, person: UUID, signed: Json) -> str:
    """Let her through with what her authenticator signed; the pass that stands for it. Raise Refused."""
    server, host = party(request)
    try:
        answer = AuthenticationResponse.from_dict(signed)
        async with network.database.writing():
            state = await spend(network, person, answer.response.client_data.challenge)
        rows = await rows_of(person, host)
        used = server.authenticate_complete(state, credentials(rows), answer)
    except MALFORMED as error:
        raise Refused("second-factor-wrong") from error
    row = next(row for row in rows if bytes(row["credential"]) == bytes(used))
    count = answer.response.authenticator_data.counter
    # Compare and swap: of two log-ins with one count the second is refused. Many do not count: always 0.
    counted = Passkey.signatures < count if count or row["signatures"] else Passkey.signatures == 0
    moved = (
        await Passkey.update({Passkey.signatures: count, Passkey.used_at: network.clock.unix()})
        .where((Passkey.id == row["id"]) & counted)
        .returning(Passkey.id)
    )
    if not moved:
        raise Refused("second-factor-wrong")
    return await second_factors.pass_of(network, person)
