"""A second device gets the account key from the first: the server passes bytes on between the two.

    new device                         server                          first device (logged in)
      commitment to its fresh key  -->   kept   <-- reads it, offers 32 random bytes
      reads them, shows its key    -->   kept   <-- reads it; both show one code, a person compares
      opens the account key        <--   kept   <-- seals it to the new device's key

Whoever sits in between must commit to a key before it sees the random bytes: its code is another one but for
one in a million. An e-mail that has no account gets the same answers.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import msgspec
from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who
from server.sessions import normal_email

LIVES_SECONDS: Final = 600

Bytes32 = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Revealed = Annotated[bytes, msgspec.Meta(min_length=48, max_length=48)]  # nonce (16), public key (32)
Sealed = Annotated[bytes, msgspec.Meta(min_length=1, max_length=256)]


class PairingBegun(msgspec.Struct, frozen=True):
    """Whose second device this is, and the commitment to its key."""

    email: str
    commitment: Bytes32


class PairingId(msgspec.Struct, frozen=True):
    """By which both find it."""

    id: UUID


class PairingState(msgspec.Struct, frozen=True):
    """How far it is: what the other side has given so far."""

    id: UUID
    commitment: bytes | None
    offered: bytes | None
    revealed: bytes | None
    sealed: bytes | None


class Given(msgspec.Struct, frozen=True):
    """The next value of one side, once."""

    value: Annotated[bytes, msgspec.Meta(min_length=1, max_length=256)]


@post("/api/pairings", summary="Begin as a second device")
async def begin(
    network: NamedDependency[RunningNetwork], request: Request[Any, Any, Any], data: JSONBody[PairingBegun]
) -> PairingId:
    """Ten in five minutes from one address."""
    email = normal_email(data.email)
    origin = ("pairing", request.client.host if request.client else "?")
    network.limits.check(*origin)
    network.limits.failed(*origin)
    now, identity = network.clock.unix(), uuid4()
    await network.database.run("DELETE FROM pairing WHERE expires_at < {}", now)
    async with network.database.writing():
        people = await network.database.run(
            "SELECT id FROM person WHERE email = {} AND revoked_at IS NULL", email
        )
        for person in people:
            await network.database.lock_person(person["id"])  # two at once: the later one replaces the other
            await network.database.run("DELETE FROM pairing WHERE person = {}", person["id"])
            await network.database.run(
                "INSERT INTO pairing (id, person, commitment, expires_at) VALUES ({}, {}, {}, {})",
                identity,
                person["id"],
                data.commitment,
                now + LIVES_SECONDS,
            )
    return PairingId(identity)


async def _state(network: RunningNetwork, pairing: UUID, person: UUID | None) -> dict[str, Any] | None:
    rows = await network.database.run(
        "SELECT id, person, commitment, offered, revealed, sealed FROM pairing"
        " WHERE id = {} AND expires_at >= {}",
        pairing,
        network.clock.unix(),
    )
    return rows[0] if rows and (person is None or rows[0]["person"] == person) else None


def _shown(row: dict[str, Any]) -> PairingState:
    return PairingState(row["id"], row["commitment"], row["offered"], row["revealed"], row["sealed"])


@get("/api/pairings/{pairing_id:uuid}", summary="How far a pairing is")
async def read(network: NamedDependency[RunningNetwork], pairing_id: FromPath[UUID]) -> PairingState:
    """For the second device, which has no session; its id is known to nobody else."""
    row = await _state(network, pairing_id, None)
    return _shown(row) if row else PairingState(pairing_id, None, None, None, None)


@get("/api/pairings", summary="Own devices that ask to be paired")
async def waiting(network: NamedDependency[RunningNetwork], who: NamedDependency[Who]) -> list[PairingState]:
    """At most one: a newer one replaces it."""
    rows = await network.database.run(
        "SELECT id, commitment, offered, revealed, sealed FROM pairing"
        " WHERE person = {} AND expires_at >= {}",
        who.person,
        network.clock.unix(),
    )
    return [_shown(row) for row in rows]


async def _give(network: RunningNetwork, pairing: UUID, column: str, after: str, value: bytes) -> None:
    """One value, once, in its order."""
    moved = await network.database.run(
        f"UPDATE pairing SET {column} = {{}} WHERE id = {{}} AND {column} IS NULL AND {after} IS NOT NULL"  # noqa: S608 - columns of ours
        " AND expires_at >= {} RETURNING id",
        value,
        pairing,
        network.clock.unix(),
    )
    if not moved:
        raise Refused("not-found")


@put("/api/pairings/{pairing_id:uuid}/offer", status_code=204, summary="The first device's random bytes")
async def offer(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    pairing_id: FromPath[UUID],
    data: JSONBody[Given],
) -> None:
    """The commitment is known by then."""
    await _own(network, who, pairing_id, data.value, Bytes32)
    await _give(network, pairing_id, "offered", "commitment", data.value)


@put("/api/pairings/{pairing_id:uuid}/reveal", status_code=204, summary="The second device's key")
async def reveal(
    network: NamedDependency[RunningNetwork], pairing_id: FromPath[UUID], data: JSONBody[Given]
) -> None:
    """What the commitment is to."""
    _shape(data.value, Revealed)
    await _give(network, pairing_id, "revealed", "offered", data.value)


@put("/api/pairings/{pairing_id:uuid}/key", status_code=204, summary="The account key, sealed")
async def seal(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    pairing_id: FromPath[UUID],
    data: JSONBody[Given],
) -> None:
    """After the person has compared the codes."""
    await _own(network, who, pairing_id, data.value, Sealed)
    await _give(network, pairing_id, "sealed", "revealed", data.value)


async def _own(network: RunningNetwork, who: Who, pairing: UUID, value: bytes, shape: Any) -> None:
    _shape(value, shape)
    if await _state(network, pairing, who.person) is None:
        raise Refused("not-found")


def _shape(value: bytes, shape: Any) -> None:
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise Refused("malformed", str(error)) from None


ROUTES: Final = [begin, read, waiting, offer, reveal, seal]
