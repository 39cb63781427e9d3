"""A device in a schedule: the member's own outbox and session, and a wire that does what chance says."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from chat.contents import Text
from chat.envelope import message_id
from chat.keys import PrivateKeys
from chat.outbox import Outbox
from chat.refusals import Code, Refusal
from chat.session import Received
from member.conversing import _follow
from tests.faults.servers import Refused, Served, Unanswered, Wire

if TYPE_CHECKING:
    from chat.records import Side
    from perf.chat_town import Pair
    from tests.faults.judge import Claims

TOO_LATE = {"chat-epoch", "chat-forked", "chat-signature", "secret-replaced"}


class TooLate(Exception):
    """Another device was first, or the keys have changed meanwhile."""


@dataclass(eq=False)
class Device:
    """One device. `today`: the network's business date; `claims`: what it was told, for the judge."""

    name: int
    pair: Pair
    side: Side
    claims: Claims
    today: Callable[[], date]
    outbox: Outbox = field(init=False)
    made_on: date = field(init=False)  # of the newest epoch
    server: Served | None = None
    link: Wire | None = None
    wire: deque[bytes] = field(default_factory=deque)  # sent, not yet at the server
    sent: bytes | None = None
    unanswered: set[bytes] = field(default_factory=set)  # ids at the server, on this connection
    request: asyncio.Task[None] | None = None
    asks: Served | None = None  # whom the request asks
    shown: list[tuple[int, str, bytes]] = field(default_factory=list)
    acknowledged: set[bytes] = field(default_factory=set)
    written: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.pair.device(self.side))
        self.made_on = self.today()

    # The connection

    def doubt(self) -> None:
        """The server is about to die: what became of what it has, nobody knows."""
        self.claims.in_doubt |= self.unanswered

    def lose(self) -> None:
        if self.link is not None:
            self.link.lose()
        self.server, self.link, self.sent = None, None, None
        self.wire.clear()
        self.unanswered.clear()

    async def connect(self, server: Served) -> None:
        self.lose()
        try:
            self.link = await server.connect(self.pair, self.side)
        except Unanswered:
            return
        self.server = server
        await self.resume()

    async def resume(self) -> None:
        assert self.link is not None
        await self.link.resume(self.outbox.session.counter)

    # What it writes

    def write(self, number: int) -> None:
        self.written.append(f"{self.name} {number}")
        self.outbox.put(Text(self.written[-1], 0))

    @property
    def _wants_epoch(self) -> bool:
        this = self.today()
        return self.outbox.session.turned or (self.made_on.year, self.made_on.month) != (
            this.year,
            this.month,
        )

    def send(self, copies: int = 1) -> None:
        """What is due goes on the wire; first the epoch that it needs, just before an own message."""
        if self.link is None or self.request is not None:
            return
        if self.outbox.waiting and self.outbox.in_flight is None and self._wants_epoch:
            self.begin(self.renew)
            return
        due = self.outbox.due()
        assert not isinstance(due, Refusal)
        if due is not None and due is not self.sent:
            self.sent = due
            self.wire.extend([due] * copies)

    async def arrive(self, at: int) -> None:
        """One of the envelopes on the wire, not always the first, is at the server."""
        if not self.wire or self.link is None:
            return
        self.wire.rotate(-(at % len(self.wire)))
        record = self.wire.popleft()
        self.unanswered.add(message_id(record))
        await self.link.append(record)

    # What it asks

    def begin(self, asking: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Ask for something while all else goes on; the answer may not come."""

        async def asked() -> None:
            try:
                await asking()
            except Unanswered:
                pass
            finally:
                self.request = self.asks = None

        assert self.request is None
        self.asks = self.server
        self.request = asyncio.create_task(asked())

    async def forget_request(self, server: Served) -> None:
        """This server ends: it does not go on with what it was asked."""
        if self.request is not None and self.asks is server:
            asked = self.request
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            self.request = self.asks = None

    async def _ask(self, server: Served | None, method: str, rest: str = "", body: object = None) -> Any:
        if server is None:
            raise Unanswered
        path = f"/api/conversations/{self.pair.conversation}{rest}"
        try:
            return await server.ask(self.pair.tokens[self.side], method, path, body)
        except Refused as refused:
            if refused.code in TOO_LATE:
                raise TooLate from refused
            raise

    async def _take_up(self, server: Served | None) -> bytes:
        """Epochs and keys as the network lists them; the side's private keys, which a test does not seal."""
        found = await self._ask(server, "GET")
        secret = base64.b64decode(found["secret"])
        self.outbox.session.later = tuple(PrivateKeys.all_from_bytes(secret)[1:])
        _follow(self.outbox.session, found)
        self.outbox.adopted()
        self.made_on = max(self.made_on, date.fromisoformat(found["epochs"][-1]["made_on"]))
        return secret

    async def adopt(self) -> bool:
        """Whether the network answered."""
        try:
            await self._take_up(self.server)
        except Unanswered:
            self.lose()
            return False
        return True

    async def renew(self) -> None:
        """The epoch of another month, or the one sealed to new keys."""
        server = self.server
        await self._take_up(server)
        if not self._wants_epoch:
            return
        epoch = self.outbox.session.begin_epoch()
        assert not isinstance(epoch, Refusal)
        try:
            await self._ask(server, "POST", "/epochs", {"record": base64.b64encode(epoch.record).decode()})
        except TooLate:
            pass
        else:
            await self.claims.epoch_made(epoch.record)
        await self._take_up(server)

    async def turn(self) -> None:
        """Fresh keys for the own side, as after somebody left."""
        server = self.server
        secret = await self._take_up(server)
        new = PrivateKeys.fresh()
        record = self.outbox.session.begin_succession(new).record
        told = self.claims.turn_tried(self.side, record)
        content = (record, secret + new.to_bytes(), hashlib.sha256(secret).digest())
        names = ("succession", "secret", "replaces")
        body = {name: base64.b64encode(one).decode() for name, one in zip(names, content, strict=True)}
        try:
            await self._ask(server, "PUT", "/turn", body)
        except TooLate:
            self.claims.turns.remove(told)
        else:
            await self.claims.turn_kept(told)

    # What it hears

    async def read(self, count: int) -> None:
        """Up to so many frames; a cut connection is noticed."""
        for _ in range(count):
            if self.link is None:
                return
            if self.link.cut:
                self.lose()
                return
            text = await self.link.frame()
            if text is None:
                return
            await self.hear(msgspec.json.decode(text))

    async def hear(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "message":
                await self.take(base64.b64decode(frame["envelope"]))
            case "ack":
                identity = base64.b64decode(frame["id"])
                self.unanswered.discard(identity)
                self.acknowledged.add(identity)
                received = self.outbox.acknowledged(identity)
                if received is not None:
                    self.show(received)
            case "epoch":
                await self.adopt()
            case "error" if frame["code"] in {"not-now", Code.BEHIND}:
                self.sent = None
                await self.resume()
            case "error" if frame["code"] in {Code.EPOCH, Code.SIGNATURE}:
                self.sent = None
                await self.adopt()
            case "error":
                assert frame["code"] == Code.GAP, frame  # reordered: what comes before is on its way
                self.sent = None

    async def take(self, record: bytes) -> None:
        outcome = self.outbox.read(record)
        if isinstance(outcome, Refusal) and outcome.code in {Code.EPOCH, Code.SIGNATURE}:
            if not await self.adopt():
                return
            outcome = self.outbox.read(record)
        if isinstance(outcome, Received):
            self.show(outcome)
        elif isinstance(outcome, Refusal):
            assert outcome.code is Code.GAP, outcome
            await self.resume()

    def show(self, received: Received) -> None:
        assert isinstance(received.content, Text), received
        self.shown.append((received.counter, received.content.text, received.id))


def settled(devices: list[Device]) -> bool:
    """Everybody has read the same, and nothing is under way."""
    heads = {device.outbox.session.counter for device in devices}
    return len(heads) == 1 and not any(device.outbox.waiting or device.request for device in devices)
