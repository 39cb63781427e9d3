"""The judge of a schedule: it reads the database by itself, and knows nothing of how the server works.

Its rules, of what is stored (`Books`), what devices were told (`Claims`) and what they have shown:
1. What was acknowledged is there: a message, an epoch, new keys (unless its side has given newer ones since).
2. Every text is there once, in its device's order; every device was shown the whole chain, each message once
   and in order.
3. Epochs are numbered 1, 2, 3 ...; messages go through them in order, and none is of an older one than an
   epoch that had been acknowledged before it was sent.
4. A message is signed by the key of its side in that epoch; once new keys were acknowledged and their moment
   had come, nothing is said under the ones before.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import asyncpg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from chat.envelope import message_id

if TYPE_CHECKING:
    from uuid import UUID

    from perf.chat_town import Pair
    from server.settings import Settings
    from tests.faults.device import Device


@dataclass(frozen=True)
class Turned:
    """New keys of a side as they are stored. `after`: the epochs before them; None: not in force yet."""

    side: int
    record: bytes
    after: int | None
    due_at: int

    @property
    def signing(self) -> bytes:
        return self.record[50:82]


@dataclass
class Stored:
    """What the database holds of a conversation; `first`: signing keys of the beginning."""

    messages: list[tuple[int, bytes, int]]  # counter, record, received at
    epochs: list[tuple[int, bytes]]
    turns: list[Turned]  # in the order in which they came into force
    first: tuple[bytes, bytes]


@dataclass(eq=False)
class Books:
    """The database, read beside the server's own code."""

    settings: Settings
    _file: sqlite3.Connection | None = None
    _line: asyncpg.Connection[Any] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # one question at a time
    _thread: threading.Lock = field(default_factory=threading.Lock)  # one that nobody waits for any more too

    async def run(self, asked: str, *values: object) -> list[tuple[Any, ...]]:
        """`?` is where a value goes."""
        async with self._turn:
            return await self._run(asked, *values)

    async def _run(self, asked: str, *values: object) -> list[tuple[Any, ...]]:
        if self.settings.postgres:
            if self._line is None:
                self._line = await asyncpg.connect(self.settings.database)
            for place in range(1, len(values) + 1):
                asked = asked.replace("?", f"${place}", 1)
            return [tuple(row) for row in await self._line.fetch(asked, *values)]
        plain = [value if isinstance(value, int | bytes) else str(value) for value in values]
        return await asyncio.to_thread(self._ask_file, asked, plain)

    def _ask_file(self, asked: str, values: list[Any]) -> list[tuple[Any, ...]]:
        with self._thread:
            if self._file is None:
                self._file = sqlite3.connect(
                    self.settings.sqlite_path, timeout=60, isolation_level=None, check_same_thread=False
                )
            return self._file.execute(asked, values).fetchall()

    async def set_today(self, today: date) -> None:
        """The network's business date, which only a network that is not real lets anybody set."""
        await self.run("UPDATE network SET today = ?", today)

    async def count(self, conversation: UUID) -> int:
        """How many messages it has."""
        ((count,),) = await self.run("SELECT COUNT(*) FROM message WHERE conversation = ?", conversation)
        return int(count)

    async def read(self, pair: Pair) -> Stored:
        """All of a conversation."""
        of = pair.conversation
        messages = await self.run(
            "SELECT counter, record, received_at FROM message WHERE conversation = ? ORDER BY counter", of
        )
        epochs = await self.run(
            "SELECT number, record FROM conversation_epoch WHERE conversation = ? ORDER BY number", of
        )
        turns = await self.run(
            "SELECT side, record, after, due_at FROM conversation_succession WHERE conversation = ?"
            " ORDER BY place",
            of,
        )
        link = pair.session.link
        found = [Turned(*row) for row in turns]
        found.sort(key=lambda one: one.after is None)  # where null comes first
        return Stored(messages, epochs, found, (link.caller.signing, link.answerer.signing))

    async def close(self) -> None:
        if self._file is not None:
            self._file.close()
        if self._line is not None:
            await self._line.close()


@dataclass(eq=False)
class Tried:
    """New keys that a device has given. `through`: what was stored when it was acknowledged; None: never."""

    side: int
    record: bytes
    through: int | None = None


@dataclass(eq=False)
class Claims:
    """What devices were told. `in_doubt`: ids that a server had when it was killed, and had not answered."""

    books: Books | None = None
    conversation: UUID | None = None
    epochs: list[tuple[bytes, int]] = field(default_factory=list)  # record, messages stored by then
    turns: list[Tried] = field(default_factory=list)
    in_doubt: set[bytes] = field(default_factory=set)

    async def _stored(self) -> int:
        assert self.books is not None
        assert self.conversation is not None
        return await self.books.count(self.conversation)

    async def epoch_made(self, record: bytes) -> None:
        self.epochs.append((record, await self._stored()))

    def turn_tried(self, side: int, record: bytes) -> Tried:
        self.turns.append(Tried(side, record))
        return self.turns[-1]

    async def turn_kept(self, tried: Tried) -> None:
        tried.through = await self._stored()


def judge(stored: Stored, devices: list[Device], claims: Claims) -> None:
    """Raise AssertionError with the rule that is broken."""
    _judge_messages(stored, devices)
    _judge_epochs(stored, claims)
    _judge_keys(stored)
    _judge_turns(stored, claims)


def epoch_of(record: bytes) -> int:
    return int.from_bytes(record[17:21], "little")


def _judge_messages(stored: Stored, devices: list[Device]) -> None:
    count = len(stored.messages)
    assert [counter for counter, _, _ in stored.messages] == list(range(1, count + 1)), "a hole"
    ids = [message_id(record) for _, record, _ in stored.messages]
    for device in devices:
        assert device.acknowledged <= set(ids), "acknowledged, and not there"
        assert [counter for counter, _, _ in device.shown] == list(range(1, count + 1)), "shown otherwise"
        assert [identity for _, _, identity in device.shown] == ids, "something else was shown"
    texts = [text for _, text, _ in devices[0].shown]
    assert len(texts) == len(set(texts)), "a text twice"
    for device in devices:
        assert [text for text in texts if text.startswith(f"{device.name} ")] == device.written, (
            "out of order"
        )


def _judge_epochs(stored: Stored, claims: Claims) -> None:
    assert [number for number, _ in stored.epochs] == list(range(1, len(stored.epochs) + 1)), "a hole"
    records = {record for _, record in stored.epochs}
    said = [epoch_of(record) for _, record, _ in stored.messages]
    assert said == sorted(said), "epochs go back"
    assert not said or said[-1] <= len(stored.epochs), "a message of an epoch that is not there"
    for record, through in claims.epochs:
        assert record in records, "an epoch was acknowledged, and is not there"
        number = epoch_of(record)
        assert all(one >= number for one in said[through:]), "said in an older epoch than the newest"


def _judge_keys(stored: Stored) -> None:
    assert [one.after for one in stored.turns if one.after is not None] == sorted(
        one.after for one in stored.turns if one.after is not None
    ), "new keys out of order"
    for counter, record, _ in stored.messages:
        epoch, side = epoch_of(record), record[21]
        key = stored.first[side]
        for one in stored.turns:
            if one.side == side and one.after is not None and one.after < epoch:
                key = one.signing
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(
                record[158:222], b"vigie/message/v1\0" + record[:158]
            )
        except InvalidSignature:
            raise AssertionError(f"message {counter} is not signed by the key in force") from None


def _judge_turns(stored: Stored, claims: Claims) -> None:
    there = {one.record: one for one in stored.turns}
    for place, tried in enumerate(claims.turns):
        if tried.through is None:
            continue  # never acknowledged: there or not
        found = there.get(tried.record)
        if found is None:
            newer = [one for one in claims.turns[place + 1 :] if one.side == tried.side]
            assert any(one.record in there for one in newer), "new keys were acknowledged, and are not there"
            continue
        for counter, record, received_at in stored.messages[tried.through :]:
            if received_at >= found.due_at:
                assert found.after is not None, f"message {counter} came, and the new keys are not in force"
                assert epoch_of(record) > found.after, f"message {counter} is said under the keys before"
