"""Open conversations: who is on which side, what is stored, who is told. The rules are `chat.relay`'s.

A conversation of another firm does not exist, whoever asks: `row_of` and `parties` are where that is said.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from chat import relay
from chat.envelope import (
    HEADER_BYTES,
    conversation_of,
    epoch_of,
    message_id,
    side_of,
    voices_of,
    without_body,
)
from chat.records import Link, Side, read_answer, read_call, read_opening
from chat.refusals import Code, Refusal
from chat.succession import Links, read_links
from server import moments
from server.append_chains import Said, Stored
from server.appends import Appends, Fate, Waiting
from server.clock import moment_text
from server.fanout import Span
from server.hub import FAILED, Connection, frame
from server.network import RunningNetwork
from server.pace import BURST_SIGNALS, REPORTS_PER_DAY, SIGNALS_PER_SECOND, Pace
from server.problems import Refused
from server.turns import in_force

LOG: Final = logging.getLogger("vigied")

PARTIES_KEPT_MAX: Final = 8_192
PAGE_MESSAGES: Final = 16  # sixteen of the largest fill less than half of a connection's queue
SECRET_BYTES_MAX: Final = 65_536  # a thousand generations of a side's keys, 64 bytes each
SECRET_COLUMN: Final = {Side.CALLER: "caller_secret", Side.ANSWERER: "answerer_secret"}

COUNTER: Final = "COALESCE((SELECT MAX(m.counter) FROM message m WHERE m.conversation = c.id), 0) AS counter"
"""Of a conversation `c`: the counter of its last message."""

T = TypeVar("T")


def granted(outcome: T | Refusal) -> T:
    """What was asked for, or the chat's refusal as a problem."""
    if isinstance(outcome, Refusal):
        raise Refused(outcome.code.value, outcome.detail)
    return outcome


@dataclass(frozen=True, slots=True)
class Parties:
    """What never changes of an open conversation, up to an epoch: later ones may bring other keys."""

    id: UUID
    links: Links
    firms: tuple[UUID, UUID]  # caller, answerer
    epoch: int
    shown: bool  # or the caller's alone, for a while

    def side_of(self, firm: UUID) -> Side | None:
        """None: this firm has no part in it."""
        caller, answerer = self.firms
        return Side.CALLER if firm == caller else Side.ANSWERER if firm == answerer else None


def read_link(row: dict[str, Any]) -> Link:
    """The link of an opened conversation's row joined with its call; it was verified when it was stored."""
    call = granted(read_call(row["call_record"]))
    return granted(read_opening(row["opening"], call, granted(read_answer(row["answer"], call))))


class Conversations:
    """One for each process."""

    def __init__(self, network: RunningNetwork) -> None:
        self.network = network
        self.appends = Appends(network.database, network.clock, network.fanout, self._pass_on, self._show)
        self._parties: OrderedDict[UUID, Parties] = OrderedDict()
        self._readers: set[asyncio.Task[None]] = set()
        self._pace = Pace(network.clock.ticks)
        self._signals = Pace(network.clock.ticks, BURST_SIGNALS, SIGNALS_PER_SECOND)
        self.reporting = Pace(
            network.clock.ticks, REPORTS_PER_DAY, REPORTS_PER_DAY / 86_400, code="report-limit"
        )

    def start(self) -> None:
        """Begin to commit messages."""
        self.appends.start()

    async def stop(self) -> None:
        """End the committing and the readers."""
        await self.appends.stop()  # first: what it gives up is read again
        for reader in list(self._readers):
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    def forget(self, conversation: UUID) -> None:
        """It is gone: nothing of it is remembered."""
        self._parties.pop(conversation, None)
        self.appends.forget(conversation)

    async def row_of(self, conversation: UUID, firm: UUID) -> tuple[dict[str, Any], Side]:
        """A conversation of this firm as its side may know it, and the side; anything else is 404."""
        rows = await self.network.database.run(
            f"SELECT c.*, k.record AS call_record, {COUNTER} FROM conversation c JOIN call k ON k.id = c.call"  # noqa: S608
            " WHERE c.id = {} AND (c.caller_firm = {} AND NOT c.late OR c.answerer_firm = {})",
            conversation,
            firm,
            firm,
        )
        if not rows:
            raise Refused("not-found")
        side = Side.CALLER if rows[0]["caller_firm"] == firm else Side.ANSWERER
        return moments.seen_by(rows[0], side), side

    async def parties(self, conversation: UUID, firm: UUID, epoch: int = 0) -> tuple[Parties, Side]:
        """An open conversation of this firm; 404 for any other, 409 while it is not open to this side.

        `epoch`: the one that something is said to be of; with the keys of that epoch, if there is one.
        """
        known = self._parties.get(conversation)
        kept_back = known is not None and not known.shown and known.side_of(firm) is Side.ANSWERER
        if known is None or known.epoch < epoch or kept_back:
            row, _ = await self.row_of(conversation, firm)
            if row["opening"] is None:
                raise Refused("conversation-not-open")
            links = granted(read_links(read_link(row), await in_force(self.network.database, conversation)))
            firms = (row["caller_firm"], row["answerer_firm"])
            shown = row["shown_at"] is None
            known = self._parties[conversation] = Parties(conversation, links, firms, row["epoch"], shown)
            while len(self._parties) > PARTIES_KEPT_MAX:
                self._parties.popitem(last=False)
        side = known.side_of(firm)
        if side is None:
            raise Refused("not-found")
        return known, side

    async def check_heard(self, conversation: UUID, side: Side) -> None:
        """Refuse a side that the other has silenced: it adds nothing more."""
        rows = await self.network.database.run(
            f"SELECT {side.name.lower()}_silenced AS silenced FROM conversation WHERE id = {{}}",  # noqa: S608
            conversation,
        )
        if not rows:
            raise Refused("not-found")
        if rows[0]["silenced"]:
            raise Refused(Code.CLOSED.value)

    async def submit(
        self,
        firm: UUID,
        conversation: UUID,
        record: bytes,
        sender: Connection | None,
        settle: Callable[[Fate], None],
    ) -> None:
        """Check one envelope (Refused), and have it stored; `settle` hears its fate when that is durable.

        `sender`: the connection that hears it from `settle`, and not as a message.
        """
        if len(record) < HEADER_BYTES:
            raise Refused(Code.MALFORMED.value)
        self._pace.take(firm)
        epoch = epoch_of(record)
        parties, side = await self.parties(conversation, firm, epoch)
        taken = False

        def hear(fate: Fate) -> None:
            settle(fate)
            if isinstance(fate, Refusal) and fate.code is Code.ELSEWHERE:
                self.forget(parties.id)  # it may be gone
            if fate is None and taken:
                self._read_again(parties)

        said = Said(parties.id, record, voices_of(parties.links.at(epoch)), side)
        self.appends.submit(Waiting(said, sender, hear))
        taken = True

    def _read_again(self, parties: Parties) -> None:
        # The database took a message and did not answer: it may be stored, and nobody has been told.
        self.network.fanout.doubt()
        for connection in self.network.hub.followers(parties.id, parties.firms):
            before = connection.feeds[parties.id]
            connection.feeds[parties.id] = relay.Feed(sent=before.sent)
            self._read_on(connection, parties.id, say_when_done=before.reading)

    async def signal(self, firm: UUID, conversation: UUID, signal: bytes) -> None:
        """Pass one side's presence on to the other side's devices; nothing of it stays."""
        self._signals.take(firm)
        parties, side = await self.parties(conversation, firm)
        if conversation_of(signal) != conversation.bytes:
            raise Refused(Code.ELSEWHERE.value)
        if side_of(signal) != side:
            raise Refused(Code.SIDE.value)
        await self.check_heard(conversation, side)
        event = frame("signal", conversation=conversation, signal=signal)
        await self.tell(event, parties.firms[side.other])

    async def page(self, conversation: UUID, after: int, limit: int, firm: UUID) -> list[Stored]:
        """Stored messages in order as this firm may read them, which has been asked before.

        What has been erased comes without its ciphertext, but for a firm that holds the conversation.
        """
        rows = await self.network.database.run(
            "SELECT m.counter, m.record, m.received_at, m.erased AND NOT"
            " (c.caller_firm = {} AND c.caller_held_on IS NOT NULL"
            " OR c.answerer_firm = {} AND c.answerer_held_on IS NOT NULL) AS gone"
            " FROM message m JOIN conversation c ON c.id = m.conversation"
            " WHERE m.conversation = {} AND m.counter > {} ORDER BY m.counter LIMIT {}",
            firm,
            firm,
            conversation,
            after,
            limit,
        )
        return [
            Stored(
                conversation,
                row["counter"],
                without_body(row["record"]) if row["gone"] else row["record"],
                row["received_at"],
            )
            for row in rows
        ]

    async def replace_secret(self, conversation: UUID, firm: UUID, secret: bytes, replaces: bytes) -> None:
        """The firm's own sealed keys, sealed again; compare-and-swap on the SHA-256 of the ones before."""
        row, side = await self.row_of(conversation, firm)
        column = SECRET_COLUMN[side]
        current = row[column]
        if current is None or hashlib.sha256(current).digest() != replaces:
            raise Refused("secret-replaced")
        moved = await self.network.database.run(
            f"UPDATE conversation SET {column} = {{}} WHERE id = {{}} AND {column} = {{}} RETURNING id",  # noqa: S608
            secret,
            conversation,
            current,
        )
        if not moved:
            raise Refused("secret-replaced")

    def follow(self, connection: Connection, conversation: UUID, after: int) -> None:
        """Send this connection every message after `after`, then those to come."""
        if conversation not in connection.feeds and len(connection.feeds) >= connection.limits.feeds_max:
            raise Refused("too-many-requests")
        connection.feeds[conversation] = relay.Feed(sent=after)
        self._read_on(connection, conversation, say_when_done=True)

    def _read_on(self, connection: Connection, conversation: UUID, *, say_when_done: bool) -> None:
        reader = asyncio.create_task(self._read_or_cut(connection, conversation, say_when_done=say_when_done))
        connection.readers[conversation] = reader
        self._readers.add(reader)
        reader.add_done_callback(self._readers.discard)

    async def _read_or_cut(self, connection: Connection, conversation: UUID, *, say_when_done: bool) -> None:
        try:
            await self._read(connection, conversation, say_when_done=say_when_done)
        except Exception as error:  # noqa: BLE001 - nothing is lost: the device connects again and resumes
            LOG.error("live: reading, %s", type(error).__name__)  # noqa: TRY400 - a trace would name rows
            connection.end(FAILED)

    async def _read(self, connection: Connection, conversation: UUID, *, say_when_done: bool) -> None:
        me = asyncio.current_task()
        while True:
            await connection.room()
            if not connection.reads(conversation, me):
                return
            sent = connection.feeds[conversation].sent
            fits = min(PAGE_MESSAGES, connection.limits.queue_frames_max // 2)  # a page never cuts by itself
            rows = await self.page(conversation, sent, fits, connection.firm)
            if not connection.reads(conversation, me):
                return  # a newer `resume` has taken over while this one was reading
            feed = connection.feeds[conversation].page([row.counter for row in rows])
            connection.feeds[conversation] = feed
            for row in rows:
                connection.push(message_frame(row))
            if not feed.reading:
                del connection.readers[conversation]
                if say_when_done:
                    connection.push(frame("resumed", conversation=conversation, counter=feed.sent))
                return

    def _pass_on(self, one: Stored, sender: Connection | None) -> None:
        parties = self._parties.get(one.conversation)
        if parties is not None:
            self._offer(one, parties.firms, sender)
        else:  # forgotten since it was submitted
            self.network.fanout.read_on([Span(one.conversation, one.counter, one.counter)])

    async def pass_on_stored(self, spans: list[Span]) -> None:
        """What other processes have stored, to this process's devices; nothing is read for nobody."""
        for span in spans:
            self.appends.forget(span.conversation)
            rows = await self.network.database.run(
                "SELECT caller_firm, answerer_firm FROM conversation WHERE id = {}", span.conversation
            )
            firms = [row[side] for row in rows for side in ("caller_firm", "answerer_firm")]
            if not self.network.hub.has(firms):
                continue
            for one in await self.page(
                span.conversation, span.first - 1, span.last - span.first + 1, firms[0]
            ):
                self._offer(one, firms)

    def _offer(self, one: Stored, firms: Collection[UUID], sender: Connection | None = None) -> None:
        event = message_frame(one)
        for behind in self.network.hub.offer(one.conversation, one.counter, event, firms, sender):
            self._read_on(behind, one.conversation, say_when_done=False)

    async def tell_of(self, side: Side, kind: str, conversation: UUID, **fields: int) -> None:
        """Something that this side did, inside its transaction, to whoever may hear of it."""
        firms = await moments.hearers_of(self.network, conversation, side)
        await self.tell(frame(kind, conversation=conversation, **fields), *firms)

    async def _show(self, conversations: Collection[UUID]) -> None:
        await moments.show(self.network, conversations)

    async def tell(self, event: bytes, *firms: UUID) -> None:
        """Tell the devices of these firms, when the transaction commits."""
        await self.network.fanout.announce(event, firms, confers=True)


class _Message(msgspec.Struct, tag_field="type", tag="message"):
    """A stored message, as the frame that devices get."""

    conversation: UUID
    counter: int
    envelope: bytes
    id: bytes
    received_at: str


def message_frame(stored: Stored) -> bytes:
    """A stored message as it is sent to a device."""
    conversation, counter, record, received_at, id_ = stored
    told = _Message(conversation, counter, record, id_ or message_id(record), moment_text(received_at))
    return msgspec.json.encode(told)


async def forget_spent_call_key(database: Any, call: UUID) -> None:
    """A closed call whose answers are all opened needs its key no more: erase it."""
    await database.run(
        "UPDATE call SET secret = {} WHERE id = {} AND closed AND NOT EXISTS"
        " (SELECT 1 FROM conversation c WHERE c.call = call.id AND c.opening IS NULL AND NOT c.late)",
        b"",
        call,
    )


async def insert_epoch(database: Any, conversation: UUID, number: int, record: bytes, today: date) -> None:
    """One more row; the caller has moved the conversation's head."""
    await database.run(
        "INSERT INTO conversation_epoch (conversation, number, record, made_on) VALUES ({}, {}, {}, {})",
        conversation,
        number,
        record,
        today,
    )
