"""Pairs of firms in the middle of a conversation, written straight into a migrated database, to measure with.

Every record is what members make: keys, openings, epochs, sealed messages. Only the months that a relation
takes to ripen, and the calls, are not lived through.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import uuid
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.contents import Text
from chat.keys import X25519_AES256, PrivateKeys
from chat.records import Epoch, Reason, Side, make_answer, make_call, make_opening
from chat.session import Received, Session
from server import schema
from server.database import Database
from server.network import secret_hash
from server.settings import Settings

TODAY = date(2027, 1, 5)


@dataclass(slots=True)
class Pair:
    """Two firms in one conversation. `tokens`: caller's, answerer's; `frames`: append frames, in order."""

    conversation: uuid.UUID
    tokens: tuple[str, str]
    session: Session
    firms: tuple[uuid.UUID, uuid.UUID]
    keys: tuple[PrivateKeys, PrivateKeys]
    epoch: bytes

    def device(self, side: Side) -> Session:
        """A device of one side, that has read nothing yet."""
        session = Session(self.session.link, side, self.keys[side])
        assert isinstance(session.adopt(self.epoch), Epoch)
        return session

    def frames(self, count: int, side: Side = Side.CALLER) -> list[bytes]:
        """Further messages of one side, sealed and framed, each following the one before."""
        assert self.session.side is side
        made = []
        for _ in range(count):
            sealed = self.session.seal(Text("Il paie à 40 jours depuis mars, sauf le dernier mois.", 0))
            assert isinstance(sealed, bytes)
            assert isinstance(self.session.receive(sealed), Received)
            envelope = base64.b64encode(sealed).decode()
            text = f'{{"type":"append","conversation":"{self.conversation}","envelope":"{envelope}"}}'
            made.append(text.encode())
        return made


async def plant(settings: Settings, pairs: int) -> list[Pair]:
    """The pairs, each with an open conversation and one live session a firm."""
    database = Database(settings)
    schema.attach(database)
    await database.start()
    try:
        async with database.writing():
            return [await _plant_one(database) for _ in range(pairs)]
    finally:
        await database.close()


async def _plant_one(database: Database) -> Pair:
    call_key, caller, answerer = Ed25519PrivateKey.generate(), PrivateKeys.fresh(), PrivateKeys.fresh()
    call = make_call(
        call_key,
        call_id=os.urandom(16),
        pseudonym=os.urandom(32),
        reason=Reason.LATE,
        raised_on=(TODAY - date(1970, 1, 1)).days,
        suite=X25519_AES256,
    )
    answer = make_answer(answerer, call)
    link = make_opening(call_key, caller, call, answer)
    session = Session(link, Side.CALLER, caller)
    epoch = session.begin_epoch()
    assert isinstance(epoch, Epoch)
    assert isinstance(session.adopt(epoch.record), Epoch)
    conversation = uuid.UUID(bytes=answer.conversation)
    firms, tokens = [], []
    for _ in Side:
        firm, token = await _plant_firm(database)
        firms.append(firm)
        tokens.append(token)
    await database.run(
        "INSERT INTO call (id, firm, pseudonym, record, secret, raised_at, closes_on, closed, distributed)"
        " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
        uuid.UUID(bytes=call.id), firms[0], call.pseudonym, call.record, b"x", 1, TODAY, True, True,
    )  # fmt: skip
    await database.run(
        "INSERT INTO conversation (id, call, caller_firm, answerer_firm, answer, opening, caller_secret,"
        " answerer_secret, started_on, genesis, epoch, epoch_digest)"
        " VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        conversation, uuid.UUID(bytes=call.id), *firms, answer.record, link.opening,
        caller.to_bytes(), answerer.to_bytes(), TODAY, link.genesis, 1, epoch.digest,
    )  # fmt: skip
    await database.run(
        "INSERT INTO conversation_epoch (conversation, number, record, made_on) VALUES ({}, {}, {}, {})",
        conversation, 1, epoch.record, TODAY,
    )  # fmt: skip
    return Pair(
        conversation, (tokens[0], tokens[1]), session, (firms[0], firms[1]), (caller, answerer), epoch.record
    )


async def _plant_firm(database: Database) -> tuple[uuid.UUID, str]:
    firm, person, secret = uuid.uuid4(), uuid.uuid4(), secrets.token_bytes(32)
    await database.run(
        "INSERT INTO firm (id, name, group_id, declared_portfolio, admitted_on, enrolled_on, root_public)"
        " VALUES ({}, {}, {}, {}, {}, {}, {})",
        firm, "Perf (fictional)", firm, 100, TODAY, TODAY, hashlib.sha256(firm.bytes).digest(),
    )  # fmt: skip
    await database.run(
        "INSERT INTO person (id, firm, email, role, kdf_salt, auth_salt, auth_hash, wrapped_bundle,"
        " created_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
        person, firm, f"{person}@perf.test", "credit_manager", b"s" * 16, b"s" * 16, b"h" * 32, b"w", 1,
    )  # fmt: skip
    await database.run(
        "INSERT INTO session (token_hash, person, created_at, expires_at) VALUES ({}, {}, {}, {})",
        secret_hash(secret), person, 1, 2**40,
    )  # fmt: skip
    return firm, base64.urlsafe_b64encode(secret).decode().rstrip("=")
