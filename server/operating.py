"""What `vigied` does beside serving: publish, add an operator, look into an upload, write the schema."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from benchmark.upload import FIELDS, HEADER_DTYPE, ROW_DTYPE, known, month_text
from server import audit, overlap, second_factors
from server.cells import read_month
from server.expulsion import expel as expel_firm
from server.manifests import withdraw as withdraw_release
from server.network import open_network
from server.payloads import payload_of
from server.people import NewUser, add_person
from server.problems import Refused
from server.regrouping import regroup as move
from server.releases import next_month
from server.releases import release as release_month
from server.roles import Role
from server.schema import SchemaRefused
from server.sessions import normal_email, open_session
from server.settings import Settings
from server.tables import Person


async def publish(settings: Settings, month: str) -> str:
    """The job that the scheduler runs too."""
    network = await open_network(settings)
    try:
        wanted = read_month(month) if month else await next_month(network)
        if wanted is None:
            return "nothing is due"
        done = await release_month(network, wanted)
        return f"{month_text(wanted)}: {'published' if done.fresh else 'was published already'}"
    finally:
        await network.database.close()


async def expel(settings: Settings, firm: UUID, reason: str) -> str:
    """A firm is let in no more; what was done, in one line."""
    network = await open_network(settings)
    try:
        name = await expel_firm(network, firm, reason)
        return f"{name}: expelled; the next release does without it"
    finally:
        await network.database.close()


async def regroup(settings: Settings, firm: UUID, other: UUID | None) -> str:
    """A firm of another corporate group; what was done, in one line."""
    network = await open_network(settings)
    try:
        name = await move(network, firm, other)
        return (
            f"{name}: {'a group of its own' if other is None else 'one group now'}, from the next release on"
        )
    finally:
        await network.database.close()


async def candidate(settings: Settings, name: str, clients: int) -> str:
    """A firm that may ask before it joins; its invitation, shown this once."""
    network = await open_network(settings)
    try:
        made = await overlap.invite(network, "vigied", overlap.CandidateInvited(name, clients))
        return f"candidate {made.candidate_id}\ninvitation {made.invitation}"
    finally:
        await network.database.close()


async def withdraw(settings: Settings, month: str, reason: str) -> str:
    """A defective release; what was done, in one line."""
    network = await open_network(settings)
    try:
        await withdraw_release(network, read_month(month), reason)
        return f"{month}: withdrawn; the next manifest says so"
    finally:
        await network.database.close()


def account_key_text(account_key: bytes) -> str:
    """Base32 in groups, as members see theirs."""
    letters = base64.b32encode(account_key).decode().rstrip("=")
    return "VK1-" + "-".join(letters[at : at + 5] for at in range(0, len(letters), 5))


def auth_key_of(password: str, account_key: bytes, kdf_salt: bytes) -> bytes:
    """The two secrets' derivation, for an operator: there is no member's side here to make it."""
    stretched = hash_secret_raw(password.encode(), kdf_salt, 2, 19_456, 1, 32, Type.ID)
    master = HKDF(SHA256(), 32, kdf_salt, b"vigie/master/v1").derive(stretched + account_key)
    return HKDF(SHA256(), 32, b"", b"vigie/auth/v1").derive(master)


async def add_operator(settings: Settings, email: str, *, token: bool) -> str:
    """An operator with fresh secrets, shown once."""
    network = await open_network(settings)
    try:
        password = base64.urlsafe_b64encode(secrets.token_bytes(15)).decode()
        account_key, salt = secrets.token_bytes(16), secrets.token_bytes(16)
        new = NewUser(email, salt, auth_key_of(password, account_key, salt), b"")
        async with network.database.writing():
            await network.database.lock_network(to_change=True)
            person = await add_person(network, None, Role.OPERATOR, new)
            await audit.append(network.clock, audit.OPERATOR_CHAIN, "vigied", "operator-added", user=person)
        said = f"account key {account_key_text(account_key)}\npassword {password}"
        return f"{said}\ntoken {await open_session(network, 12 * 3600, person=person)}" if token else said
    finally:
        await network.database.close()


async def reset_operator_factor(settings: Settings, email: str) -> str:
    """An operator logs in with two secrets again; members' factors are their administrators' to take off."""
    network = await open_network(settings)
    try:
        async with network.database.writing():
            await network.database.lock_network(to_change=True)
            row = await Person.select().where(Person.email == normal_email(email)).first()
            if row is None or row["role"] != Role.OPERATOR:
                raise Refused("not-found", f"{email}: no operator of this network")
            await second_factors.forget(row["id"])
            await second_factors.tell(network, row["id"], "vigied", "second-factor-reset")
        return f"{email}: no second factor is asked any more"
    finally:
        await network.database.close()


async def rows_of(settings: Settings, digest: str) -> AsyncIterator[list[Any]]:
    """A heading, then one list for each row; unknown values are empty."""
    network = await open_network(settings)
    try:
        try:
            wanted = bytes.fromhex(digest)
        except ValueError:
            wanted = b""
        found = await network.database.run(
            f"SELECT {payload_of(network.database, 'u')} AS bytes FROM upload u"  # noqa: S608 - fixed text
            " WHERE u.digest = {} AND NOT u.erased",
            wanted,
        )
        if not found:
            raise SchemaRefused("no upload with this digest, or it is erased")
        names = [name for name, _ in FIELDS]
        yield ["pseudonym", *names]
        rows = np.frombuffer(found[0]["bytes"], ROW_DTYPE, offset=HEADER_DTYPE.itemsize)
        present = {name: known(rows, name) for name in names}
        for at, one in enumerate(rows):
            yield [one["pseudonym"].tobytes().hex(), *(int(one[n]) if present[n][at] else "" for n in names)]
    finally:
        await network.database.close()


def schema_text(parts: Iterable[str] = ()) -> str:
    """The OpenAPI document, its keys sorted so that a change shows as a change."""
    from server.app import create_app

    document = create_app(Settings()).openapi_schema.to_schema()
    encoded = msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1)
    return encoded.decode() + "\n" + "".join(parts)


def fingerprint(text: str) -> str:
    """A short name for a schema."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
