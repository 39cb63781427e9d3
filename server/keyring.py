"""A firm's keyring over HTTP: offered keys, the signed chain, role keys sealed to each; and own secrets anew.

The server keeps order and checks the root's signatures, so that a mistake is refused at once; members check
everything again and pin what they have seen (`member.keyring`), so that the server need not be believed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from privacy import keyring, signing
from privacy.keyring import ENTRY_BYTES, PUBLIC_BYTES, Keyring, Kind, Refusal
from server import audit
from server.devices import end_device
from server.network import RunningNetwork
from server.people import BUNDLE_BYTES_MAX, end_person
from server.problems import Refused
from server.roles import Role, Who
from server.second_factors import Proof, lock_person
from server.sessions import check_proof, hash_auth_key
from server.tables import Device, Firm, Person, Session

WRAP_BYTES_MAX: Final = 16 * 1024
ENTRIES_MAX: Final = 100
WRAPS_MAX: Final = 1_100

Signature = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]


class Offer(msgspec.Struct, frozen=True):
    """Own public keys (Ed25519, X25519), signed by the first: `privacy.keyring.proof_payload`."""

    public: Annotated[bytes, msgspec.Meta(min_length=PUBLIC_BYTES, max_length=PUBLIC_BYTES)]
    proof: Signature


class Offered(msgspec.Struct, frozen=True):
    """Keys that wait for an administrator, and whose they are said to be."""

    subject_id: UUID
    label: str
    role: str
    public: bytes
    proof: bytes


class Wrap(msgspec.Struct, frozen=True):
    """Role keys sealed to one subject."""

    subject_id: UUID
    generation: Annotated[int, msgspec.Meta(ge=1, le=2**31)]
    sealed: Annotated[bytes, msgspec.Meta(min_length=1, max_length=WRAP_BYTES_MAX)]
    signature: Signature


class KeyringRead(msgspec.Struct, frozen=True):
    """The chain, the caller's own sealed role keys, and what has been offered.

    `root_wrap`: role keys sealed to the root key itself, for whoever comes back with the recovery kit.
    """

    entries: list[bytes]
    subject_id: UUID
    wrap: Wrap | None
    root_wrap: Wrap | None
    offered: list[Offered]


class KeyringChange(msgspec.Struct, frozen=True):
    """The next entries and the role keys sealed to subjects of the keyring after them."""

    entries: Annotated[
        list[Annotated[bytes, msgspec.Meta(min_length=ENTRY_BYTES, max_length=ENTRY_BYTES)]],
        msgspec.Meta(max_length=ENTRIES_MAX),
    ]
    wraps: Annotated[list[Wrap], msgspec.Meta(max_length=WRAPS_MAX)]


class OwnSecrets(msgspec.Struct, frozen=True):
    """A person's proof now, and her salt, proof and wrapped keys from here on.

    `replaces`: the SHA-256 of the wrapped keys that these take the place of.
    """

    auth_key: bytes
    replaces: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    kdf_salt: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
    new_auth_key: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    wrapped_bundle: Annotated[bytes, msgspec.Meta(min_length=1, max_length=BUNDLE_BYTES_MAX)]


class OwnWrap(msgspec.Struct, frozen=True):
    """A person's keys as they are wrapped now."""

    wrapped_bundle: bytes


def _subject(who: Who) -> UUID:
    subject = who.person or who.device
    assert subject is not None
    return subject


async def _chain(network: RunningNetwork, firm: UUID) -> tuple[list[bytes], bytes]:
    rows = await network.database.run(
        "SELECT record FROM keyring_entry WHERE firm = {} ORDER BY sequence", firm
    )
    found = await Firm.select(Firm.root_public).where(Firm.id == firm).first()
    assert found is not None
    return [row["record"] for row in rows], found["root_public"]


@get("/api/keyring", summary="The firm's chain of keys")
async def read_keyring(network: NamedDependency[RunningNetwork], who: NamedDependency[Who]) -> KeyringRead:
    """Everybody of the firm reads the chain; only who keeps it sees what has been offered."""
    entries, _ = await _chain(network, who.member)
    rows = await network.database.run("SELECT * FROM role_key_wrap WHERE firm = {}", who.member)
    wraps = {
        row["subject"]: Wrap(row["subject"], row["generation"], row["sealed"], row["signature"])
        for row in rows
    }
    keeps = who.role in {Role.ADMINISTRATOR, Role.DESK}
    offered = await _offers(network, who.member) if keeps else []
    root = wraps.get(who.member) if keeps else None
    return KeyringRead(entries, _subject(who), wraps.get(_subject(who)), root, offered)


async def _offers(network: RunningNetwork, firm: UUID) -> list[Offered]:
    rows = await network.database.run(
        "SELECT o.subject, o.public, o.proof, p.email, p.role FROM keyring_offer o"
        " LEFT JOIN person p ON p.id = o.subject AND p.revoked_at IS NULL"
        " LEFT JOIN device d ON d.id = o.subject AND d.revoked_at IS NULL"
        " WHERE o.firm = {} AND (p.id IS NOT NULL OR d.id IS NOT NULL) ORDER BY o.offered_at, o.subject",
        firm,
    )
    return [
        Offered(row["subject"], row["email"] or "", row["role"] or "device", row["public"], row["proof"])
        for row in rows
    ]


@put("/api/keyring/offer", status_code=204, summary="Offer own keys for the keyring")
async def offer_keys(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Offer]
) -> None:
    """An administrator compares their fingerprint, on another way than this network, and certifies them."""
    subject = _subject(who)
    said = keyring.proof_payload(who.member.bytes, subject.bytes, data.public)
    if not signing.verify(data.public[:32], "keyring-offer", said, data.proof):
        raise Refused("signature")
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await network.database.run("DELETE FROM keyring_offer WHERE subject = {}", subject)
        await network.database.run(
            "INSERT INTO keyring_offer (subject, firm, public, proof, offered_at)"
            " VALUES ({}, {}, {}, {}, {})",
            subject,
            who.member,
            data.public,
            data.proof,
            network.clock.unix(),
        )
        await audit.append(network.clock, who.member, who.actor, "key-offered", subject=subject)


@post("/api/keyring", status_code=204, summary="Certify keys, or remove who left")
async def change_keyring(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[KeyringChange]
) -> None:
    """All of it or nothing. Who is removed ends at once: sessions, devices, signatures."""
    firm, database = who.member, network.database
    async with database.writing():
        await database.lock_firm(firm)
        entries, root = await _chain(network, firm)
        after = _granted(keyring.read(entries, firm.bytes, root))
        for record in data.entries:
            after = _granted(after.take(record, root))
            entry = keyring.read_entry(record)
            assert not isinstance(entry, Refusal)
            await _enact(network, firm, who, entry)
            await database.run(
                "INSERT INTO keyring_entry (firm, sequence, record) VALUES ({}, {}, {})",
                firm,
                entry.sequence,
                record,
            )
        for wrap in data.wraps:
            await _keep_wrap(network, firm, root, after, wrap)
        await database.run(
            "DELETE FROM role_key_wrap WHERE firm = {} AND generation < {}", firm, after.generation
        )


def _granted(outcome: Keyring | Refusal) -> Keyring:
    if isinstance(outcome, Refusal):
        raise Refused(outcome.code, outcome.text)
    return outcome


async def _enact(network: RunningNetwork, firm: UUID, who: Who, entry: keyring.Entry) -> None:
    subject, now = UUID(bytes=entry.subject), network.clock.unix()
    person = await Person.exists().where((Person.id == subject) & (Person.firm == firm))
    device = await Device.exists().where((Device.id == subject) & (Device.firm == firm))
    if not person and not device:
        raise Refused("not-found")
    if entry.kind is Kind.CERTIFIED:
        await network.database.run("DELETE FROM keyring_offer WHERE subject = {}", subject)
    elif person:
        await end_person(network, firm, subject, now)
    else:
        await end_device(subject, now)
        await network.fanout.tell_ended()
    event = "key-certified" if entry.kind is Kind.CERTIFIED else "key-removed"
    await audit.append(network.clock, firm, who.actor, event, subject=subject)


async def _keep_wrap(network: RunningNetwork, firm: UUID, root: bytes, after: Keyring, wrap: Wrap) -> None:
    known = wrap.subject_id.bytes in after.subjects or wrap.subject_id == firm
    said = keyring.wrap_payload(firm.bytes, wrap.subject_id.bytes, wrap.generation, wrap.sealed)
    if not known or wrap.generation != after.generation:
        raise Refused("keyring-order", f"keys of generation {wrap.generation}; expected {after.generation}")
    if not signing.verify(root, "role-keys", said, wrap.signature):
        raise Refused("keyring-signature", "sealed keys are not signed by the firm's root key")
    await network.database.run("DELETE FROM role_key_wrap WHERE subject = {}", wrap.subject_id)
    await network.database.run(
        "INSERT INTO role_key_wrap (subject, firm, generation, sealed, signature)"
        " VALUES ({}, {}, {}, {}, {})",
        wrap.subject_id,
        firm,
        wrap.generation,
        wrap.sealed,
        wrap.signature,
    )


@post("/api/me/secrets", status_code=200, summary="Own keys as they are wrapped now")
async def read_secrets(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Proof]
) -> OwnWrap:
    """The proof of the password is asked again. Another device may have put keys in since the log-in."""
    assert who.person is not None
    await check_proof(network, who.person, data.auth_key)
    row = await Person.select(Person.wrapped_bundle).where(Person.id == who.person).first()
    assert row is not None
    return OwnWrap(row["wrapped_bundle"])


@put("/api/me/secrets", status_code=204, summary="Own password or own keys anew")
async def change_secrets(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[OwnSecrets]
) -> None:
    """The proof of the password now is asked again. With another password, all other sessions end.

    A device that does not know the newest wrapped keys is refused: what another one put in would be lost.
    """
    origin = ("secrets", who.person, "")
    network.limits.check(*origin)
    assert who.person is not None
    async with network.database.writing():
        await lock_person(network, who.person)  # two devices at once: the second is told
        row = await Person.select().where(Person.id == who.person).first()
        assert row is not None
        presented = hash_auth_key(row["auth_salt"], data.auth_key)
        if not hmac.compare_digest(presented, row["auth_hash"]):
            network.limits.failed(*origin)
            raise Refused("credentials")
        if hashlib.sha256(row["wrapped_bundle"]).digest() != data.replaces:
            raise Refused("keys-moved")
        salt = secrets.token_bytes(16)
        await Person.update(
            {
                Person.kdf_salt: data.kdf_salt,
                Person.auth_salt: salt,
                Person.auth_hash: hash_auth_key(salt, data.new_auth_key),
                Person.wrapped_bundle: data.wrapped_bundle,
            }
        ).where(Person.id == who.person)
        if data.new_auth_key != data.auth_key:
            await Session.delete().where(
                (Session.person == who.person) & (Session.token_hash != who.token_hash)
            )
            await network.fanout.tell_ended()
        if who.firm is not None:
            await audit.append(network.clock, who.firm, who.actor, "secrets-changed", user=who.person)


ROUTES: Final = [read_keyring, offer_keys, change_keyring, read_secrets, change_secrets]
