"""Passkeys (WebAuthn): an authenticator's signature in place of a one-time code, which no false page can use.

They stand beside the codes and never alone: a command line cannot speak to them, and who loses the one has
the other. Rules of order, whose guardian this is:
1. Added by who proves her password again and uses codes already; taken off with them.
2. A challenge is one person's, serves once, also in vain, and within two minutes.
3. What was signed names the address at which the passkey was made, to the port: whoever asks may call this
   network what he likes, and a neighbour on another port signs for the same name.
4. A count that does not go up is a copied authenticator.
5. What came from a browser is strings, and short, before the library reads it: a number becomes that many
   bytes there, and a nested list takes the square of its length.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
)
from litestar import Request

from server import second_factors
from server.network import RunningNetwork
from server.passkey_tables import ORIGIN_CHARACTERS_MAX, Passkey, PasskeyChallenge
from server.problems import Refused

CHALLENGE_BYTES: Final = 32
CHALLENGE_SECONDS: Final = 120
CHALLENGES_MAX: Final = 20  # of one person's, at once
ANSWER_CHARACTERS_MAX: Final = 16 * 1024  # of each part; the largest are public keys of some 2,600 bytes
Json = dict[str, Any]
Asked = Request[Any, Any, Any]


def party(request: Asked) -> tuple[Fido2Server, str]:
    """The relying party at the address that was asked, and its origin, which is the only one accepted."""
    own = origin_of(request)
    host = request.url.hostname or ""
    if len(own) > ORIGIN_CHARACTERS_MAX:
        raise Refused("malformed", "Host: expected a name")
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name="Vigie"), verify_origin=lambda origin: origin == own
    )
    # The browser asks for as long as the answer is taken.
    server.timeout = CHALLENGE_SECONDS * 1000  # type: ignore[assignment]
    return server, own


def origin_of(request: Asked) -> str:
    """As browsers write it: the port is left out where it is the scheme's own."""
    try:
        url = request.url
    except ValueError as error:  # a port that is no number
        raise Refused("malformed", "Host: expected a name") from error
    usual = {"https": ":443", "http": ":80"}.get(url.scheme, "")
    return f"{url.scheme}://{url.netloc.lower().removesuffix(usual)}"


@contextmanager
def _refusing(code: str) -> Iterator[None]:
    """Nothing but the library's reading and verifying goes inside: it raises whatever it stumbles over."""
    try:
        yield
    except Exception as error:
        raise Refused(code) from error


def _strings(signed: Json, *names: str) -> Json:
    """The parts of an answer that are read, and nothing else of it."""
    given = signed.get("response")
    response = {name: given.get(name) for name in names} if isinstance(given, dict) else {}
    for one in (signed.get("rawId"), *(response.get(name) for name in names)):
        if not isinstance(one, str) or len(one) > ANSWER_CHARACTERS_MAX:
            raise ValueError("expected short strings")
    return {"rawId": signed["rawId"], "response": response}


async def challenge(network: RunningNetwork, person: UUID) -> bytes:
    """Random bytes that this person may sign once."""
    given, now = secrets.token_bytes(CHALLENGE_BYTES), network.clock.unix()
    async with network.database.writing():
        await PasskeyChallenge.delete().where(PasskeyChallenge.expires_at < now)
        if await PasskeyChallenge.count().where(PasskeyChallenge.person == person) >= CHALLENGES_MAX:
            raise Refused("too-many-requests", headers={"Retry-After": str(CHALLENGE_SECONDS)})
        await PasskeyChallenge(challenge=given, person=person, expires_at=now + CHALLENGE_SECONDS).save()
    return given


async def _spend(network: RunningNetwork, person: UUID, said: CollectedClientData, code: str) -> Json:
    """What `fido2` wants to know of a challenge that was this person's, once."""
    async with network.database.writing():
        given = (
            await PasskeyChallenge.delete()
            .where(
                (PasskeyChallenge.challenge == said.challenge)
                & (PasskeyChallenge.person == person)
                & (PasskeyChallenge.expires_at >= network.clock.unix())
            )
            .returning(PasskeyChallenge.challenge)
        )
    if not given or said.cross_origin:  # this page is in nobody's frame
        raise Refused(code)
    return {"challenge": websafe_encode(said.challenge), "user_verification": None}


async def rows_of(person: UUID | None, origin: str | None = None) -> list[dict[str, Any]]:
    """A person's passkeys, oldest first; with `origin`, those made at this address."""
    rows = await Passkey.select().where(Passkey.person == person).order_by(Passkey.added_at)
    return [row for row in rows if origin is None or row["origin"] == origin]


def credentials(rows: Sequence[Mapping[str, Any]]) -> list[AttestedCredentialData]:
    """As the library takes them."""
    return [AttestedCredentialData(bytes(row["credential"])) for row in rows]


async def read_made(
    network: RunningNetwork, request: Asked, person: UUID, credential: Json
) -> tuple[AuthenticatorData, AttestedCredentialData]:
    """What her authenticator made of the options, and the public key in it. Raise Refused."""
    server, _ = party(request)
    with _refusing("passkey-refused"):
        read = _strings(credential, "clientDataJSON", "attestationObject")
        answer = RegistrationResponse.from_dict(read)
    state = await _spend(network, person, answer.response.client_data, "passkey-refused")
    with _refusing("passkey-refused"):
        made = server.register_complete(state, answer)
        public = made.credential_data
        assert public is not None
        _check_verifies(public)
    return made, public


def _check_verifies(credential: AttestedCredentialData) -> None:
    """An offered algorithm, and a key under which signatures can be verified, and not every one holds."""
    if credential.public_key.ALGORITHM not in credential.public_key.supported_algorithms():
        raise ValueError("not an algorithm that was offered")
    try:
        credential.public_key.verify(b"", b"")
    except InvalidSignature:
        return
    raise ValueError("everything holds under it")


async def pass_by_passkey(network: RunningNetwork, request: Asked, person: UUID, signed: Json) -> str:
    """Let her through with what her authenticator signed; the pass that stands for it. Raise Refused."""
    server, origin = party(request)
    with _refusing("second-factor-wrong"):
        read = _strings(signed, "clientDataJSON", "authenticatorData", "signature")
        answer = AuthenticationResponse.from_dict(read)
    state = await _spend(network, person, answer.response.client_data, "second-factor-wrong")
    rows = await rows_of(person, origin)
    with _refusing("second-factor-wrong"):
        used = server.authenticate_complete(state, credentials(rows), answer)
    row = next(row for row in rows if bytes(row["credential"]) == bytes(used))
    count = answer.response.authenticator_data.counter
    # Before the swap, which finds the passkey only while that second factor is on.
    factor_pass = await second_factors.pass_of(network, person)
    # Compare and swap: of two log-ins with one count the second is refused. Many do not count: always 0.
    counted = Passkey.signatures < count if count or row["signatures"] else Passkey.signatures == 0
    moved = (
        await Passkey.update({Passkey.signatures: count, Passkey.used_at: network.clock.unix()})
        .where((Passkey.id == row["id"]) & counted)
        .returning(Passkey.id)
    )
    if not moved:
        raise Refused("second-factor-wrong")
    return factor_pass
