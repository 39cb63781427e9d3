"""The chain of key holders' rosters that the network shows, and the only door for a change of it.

Knows: rosters, their signatures, what a change does to the key that uploads name. The server believes no more
than members do: every step is checked by `privacy.roster` before it is written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import numpy as np

from benchmark.upload import HEADER_DTYPE
from privacy import roster as rosters
from privacy import signing
from privacy.parts import SINGLE, WHOLE
from privacy.roster import Roster, RosterRefused, SignedRoster
from server import audit
from server.clock import Clock
from server.database import Database
from server.keyholder_tables import NetworkRoster
from server.keys import Keys, KeysRefused
from server.payloads import erase_payload, payload_of
from server.tables import Network, Relations

EMBEDDED_URL = "/api/holder"


class RosterSignature(msgspec.Struct, frozen=True):
    """A signature (64 bytes, Ed25519, purpose roster) and its signer's public key (32 bytes)."""

    key: bytes
    signature: bytes


class RosterShown(msgspec.Struct, frozen=True):
    """A roster's canonical bytes (JSON), and who signed them."""

    body: bytes
    signatures: list[RosterSignature]


def shown(chain: Sequence[SignedRoster]) -> list[RosterShown]:
    """As members read it, oldest first."""
    return [
        RosterShown(
            one.body, [RosterSignature(key, signed) for key, signed in sorted(one.signatures.items())]
        )
        for one in chain
    ]


def embedded(keys: Keys, name: str) -> SignedRoster:
    """The first roster of a network whose server is its only holder. Raise KeysRefused without its keys."""
    if keys.holder_signing is None:
        raise KeysRefused("the embedded holder's keys are not there")
    holder = rosters.Holder(1, name, EMBEDDED_URL, signing.public_bytes(keys.holder_signing))
    roster = Roster(SINGLE, 1, False, rosters.OVERLAP_DAYS, (holder,), {WHOLE: keys.pseudonym_public()})
    return signed_by_embedded(SignedRoster(roster.body(), {}), keys)


def signed_by_embedded(signed: SignedRoster, keys: Keys) -> SignedRoster:
    """The same with the embedded holder's signature. Raise KeysRefused without its key."""
    if keys.holder_signing is None:
        raise KeysRefused("this network has no embedded holder")
    key = signing.public_bytes(keys.holder_signing)
    signature = signing.sign(keys.holder_signing, "roster", signed.body)
    return SignedRoster(signed.body, {**signed.signatures, key: signature})


async def read_chain() -> list[SignedRoster]:
    """Every roster since the network began, oldest first."""
    rows = await NetworkRoster.select(NetworkRoster.text).order_by(NetworkRoster.epoch)
    return [rosters.from_text(row["text"]) for row in rows]


async def begin(signed: SignedRoster, clock: Clock) -> None:
    """The first roster; the caller holds the transaction that creates the network."""
    await _write(signed, rosters.check(signed), clock)


async def adopt(database: Database, signed: SignedRoster, clock: Clock, today: date) -> Roster:
    """Go on to a roster that follows from the newest one; the same again is a no-op. Raise RosterRefused.

    `today`: the business date. Where the key itself became another, firms begin again: see `_begin_again`.
    """
    async with database.writing():
        await database.lock_network(to_change=True)
        await database.lock_firms()  # nobody writes relations meanwhile that follow from the key before
        newest = (await read_chain())[-1]
        if newest.body == signed.body:
            return rosters.read(signed.body)
        roster = rosters.check_change(newest, signed)
        rekeyed = roster.total != rosters.read(newest.body).total
        await _write(signed, roster, clock, today if rekeyed else None)
        if rekeyed:
            await _begin_again(database)
        await Network.update({Network.key_id: roster.key_id, Network.epoch: roster.epoch}).where(
            Network.id == 1
        )
        await audit.append(
            clock,
            audit.OPERATOR_CHAIN,
            "vigied",
            "roster-adopted",
            epoch=roster.epoch,
            roster=signed.digest.hex(),
        )
    return roster


async def _write(signed: SignedRoster, roster: Roster, clock: Clock, rekeyed_on: date | None = None) -> None:
    await NetworkRoster(
        epoch=roster.epoch, text=rosters.to_text(signed), adopted_at=clock.unix(), rekeyed_on=rekeyed_on
    ).save()


async def _begin_again(database: Database) -> None:
    """Nobody's relations, panels or carried values go over to another key: its pseudonyms are others.

    Uploads stay until members replace them, and what was published stays published.
    """
    await database.run("DELETE FROM policy_state")
    await database.run("DELETE FROM relations")
    for row in await database.run("SELECT firm, MAX(sequence) AS newest FROM upload GROUP BY firm"):
        await Relations.insert(Relations(firm=row["firm"], folded=row["newest"], packed=b""))


async def rekeyed_on() -> date | None:
    """The business date of the newest change of the key itself."""
    row = (
        await NetworkRoster.select(NetworkRoster.rekeyed_on)
        .where(NetworkRoster.rekeyed_on.is_not_null())
        .order_by(NetworkRoster.epoch, ascending=False)
        .first()
    )
    return None if row is None else row["rekeyed_on"]


async def forget_former(database: Database, key_id: bytes) -> int:
    """Erase the rows of uploads under former keys that were replaced; how many. Digests and receipts stay.

    Figures of one month are the same under both keys: as long as both are there, they tell which pseudonyms
    are one client.
    """
    async with database.writing():
        rows = await database.run(
            f"SELECT u.digest, u.payload, {payload_of(database, 'u')} AS bytes FROM upload u"  # noqa: S608
            " WHERE u.superseded_at IS NOT NULL AND NOT u.erased"
        )
        former = [row for row in rows if row["bytes"] is not None and key_of(row["bytes"]) != key_id]
        for row in former:
            await database.run("UPDATE upload SET erased = {} WHERE digest = {}", True, row["digest"])
            await erase_payload(database, row["payload"])
    return len(former)


def key_of(payload: bytes) -> bytes:
    """The key id that an upload's header names; 32 bytes."""
    return bytes(np.frombuffer(payload, HEADER_DTYPE, count=1)["key"][0])


def check_keys(chain: Sequence[SignedRoster], keys: Keys) -> None:
    """While the embedded holder is the only one, its keys are there and the roster's. Raise KeysRefused."""
    if not chain:
        raise RosterRefused("shape", "the database holds no roster of key holders: it was not created whole")
    roster = rosters.read(chain[-1].body)
    if roster.construction != SINGLE:
        return
    missing = [
        name
        for name, found in (
            ("pseudonym.key", keys.pseudonym),
            ("holder-signing.key", keys.holder_signing),
        )
        if found is None
    ]
    if missing:
        raise KeysRefused(
            f"{missing[0]} is missing. A network without its keys cannot go on: "
            "restore the folder from its backup (VIGIED_KEYS says where it is)."
        )
    if keys.key_id() != roster.key_id:
        raise KeysRefused("pseudonym.key belongs to another database")
