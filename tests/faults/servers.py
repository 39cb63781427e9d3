"""Servers that schedules are played on: one in this process, step by step, and real ones that are killed.

Both run the server's own code over a real database. In this process a test decides what happens between any
two steps, how long a queue is, which answer is lost. A real process is ended by SIGKILL, wherever it is.
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from server import live
from server.app import create_app
from server.conversations import Conversations
from server.fanout import Fanout
from server.hub import Connection, Hub, LiveLimits
from server.roles import Role, Who

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from litestar import Litestar

    from chat.records import Side
    from perf.chat_town import Pair
    from server.network import RunningNetwork
    from tests.conftest import RunningServer
    from tests.faults.device import Device

# A queue of four frames: whoever does not read for a moment is cut.
LIMITS = LiveLimits(queue_frames_max=4, appends_in_flight_max=4, beat_seconds=3600)
ANSWER_SECONDS = 60


class Refused(Exception):
    """The server refused; `code` says which rule was broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unanswered(Exception):
    """Nobody knows what became of it."""


class Wire(Protocol):
    """One device's connection. `cut`: the other end is gone, once `frame` has given what had come."""

    @property
    def cut(self) -> bool: ...

    async def append(self, envelope: bytes) -> None: ...

    async def resume(self, after: int) -> None: ...

    async def frame(self) -> str | None: ...

    def lose(self) -> None: ...


class Served(Protocol):
    """What a device needs of a server, and a schedule."""

    async def connect(self, pair: Pair, side: Side) -> Wire: ...

    async def ask(self, token: str, method: str, path: str, body: object = None) -> Any: ...

    async def kill(self, devices: Iterable[Device]) -> None: ...

    def lose_answer(self) -> None: ...

    async def rest(self, ticks: int) -> None: ...

    async def end(self) -> None: ...


async def _ask(client: httpx.AsyncClient, token: str, method: str, path: str, body: object) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    try:
        answer = await client.request(method, path, headers=headers, **({"json": body} if body else {}))
    except httpx.TransportError as error:
        raise Unanswered from error
    if answer.is_error:
        raise Refused(answer.json()["type"].rpartition(":")[2])
    return answer.json() if answer.content else None


@dataclass(eq=False)
class HereWire:
    """To the server in this process."""

    connection: Connection
    server: Here
    pair: Pair

    @property
    def cut(self) -> bool:
        return self.connection.cut is not None

    @property
    def _who(self) -> Who:
        return Who(Role.CREDIT_MANAGER, self.connection.firm, None, None, b"")

    async def append(self, envelope: bytes) -> None:
        asked = live.Append(self.pair.conversation, envelope)
        await live._append(self.connection, self.server.conversations, self._who, asked, lambda: None)

    async def resume(self, after: int) -> None:
        asked = live.Resume(self.pair.conversation, after)
        await live._resume(self.connection, self.server.conversations, self._who, asked)

    async def frame(self) -> str | None:
        if self.cut or not self.connection._frames:
            return None
        found = await self.connection.next()
        return None if found is None else found.decode()

    def lose(self) -> None:
        with suppress(KeyError):
            self.server.network.hub.leave(self.connection)
        self.connection.end(live.NOT_A_FRAME)


@dataclass(eq=False)
class Here:
    """One server in this process; `kill` is an orderly end and a new start, whatever was under way."""

    network: RunningNetwork
    conversations: Conversations = field(init=False)
    client: httpx.AsyncClient = field(init=False)
    app: Litestar = field(init=False)  # made once: its routes take longer than a schedule

    def __post_init__(self) -> None:
        self.app = create_app(self.network.settings, self.network)

    async def start(self) -> None:
        hub = Hub(LIMITS)
        fanout = Fanout(self.network.database, hub)
        self.network = dataclasses.replace(self.network, hub=hub, fanout=fanout)
        self.conversations = Conversations(self.network)
        self.app.state.network, self.app.state.conversations = self.network, self.conversations
        transport = httpx.ASGITransport(app=self.app)  # type: ignore[arg-type]
        self.client = httpx.AsyncClient(transport=transport, base_url="http://vigie.test")
        await fanout.start(self.conversations.pass_on_stored)
        self.conversations.start()

    async def stop(self) -> None:
        await self.client.aclose()
        await self.network.fanout.stop()
        await self.conversations.stop()

    async def connect(self, pair: Pair, side: Side) -> HereWire:
        connection = Connection(pair.firms[side], confers=True, limits=LIMITS)
        self.network.hub.join(connection)
        return HereWire(connection, self, pair)

    async def ask(self, token: str, method: str, path: str, body: object = None) -> Any:
        return await _ask(self.client, token, method, path, body)

    def lose_answer(self) -> None:
        """The database does what it is asked next, and its answer does not arrive."""
        store = self.conversations.appends._store
        commit = store.commit

        def lost(*asked: Any) -> bool:
            store.commit = commit  # type: ignore[method-assign]
            commit(*asked)
            raise ConnectionResetError

        store.commit = lost  # type: ignore[method-assign]

    async def kill(self, devices: Iterable[Device]) -> None:
        for device in devices:
            await device.forget_request(self)
            if device.server is self:
                device.lose()
        await self.stop()
        await self.start()

    async def rest(self, ticks: int) -> None:
        for _ in range(ticks):
            await asyncio.sleep(0)

    async def end(self) -> None:
        await self.stop()
        await self.network.database.close()


@dataclass(eq=False)
class ThereWire:
    """To a process: a real websocket, read into memory as frames come."""

    socket: ClientConnection
    conversation: UUID
    come: deque[str] = field(default_factory=deque)
    over: bool = False
    pump: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.pump = asyncio.create_task(self._pump())

    async def _pump(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                self.come.append(str(await self.socket.recv()))
        self.over = True

    @property
    def cut(self) -> bool:
        return self.over and not self.come

    async def _send(self, frame: dict[str, Any]) -> None:
        with suppress(ConnectionClosed):
            await self.socket.send(msgspec.json.encode(frame).decode())

    async def append(self, envelope: bytes) -> None:
        told = base64.b64encode(envelope).decode()
        await self._send({"type": "append", "conversation": str(self.conversation), "envelope": told})

    async def resume(self, after: int) -> None:
        await self._send({"type": "resume", "conversation": str(self.conversation), "after": after})

    async def frame(self) -> str | None:
        return self.come.popleft() if self.come else None

    def lose(self) -> None:
        assert self.pump is not None
        self.pump.cancel()
        self.socket.transport.abort()
        self.over = True
        self.come.clear()


@dataclass(eq=False)
class There:
    """A `vigied serve` in a process of its own. `kill` is SIGKILL, and a new start on what is on the disk."""

    process: RunningServer
    kills: int = 0
    client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self._client()

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.process.url, timeout=ANSWER_SECONDS, verify=False, trust_env=False
        )

    async def connect(self, pair: Pair, side: Side) -> Wire:
        url = self.process.url.replace("http", "ws", 1) + "/api/live"
        headers = {"Authorization": f"Bearer {pair.tokens[side]}"}
        try:
            socket = await connect(
                url, additional_headers=headers, proxy=None, ping_interval=None, compression=None
            )
        except (OSError, WebSocketException) as error:
            raise Unanswered from error
        return ThereWire(socket, pair.conversation)

    async def ask(self, token: str, method: str, path: str, body: object = None) -> Any:
        return await _ask(self.client, token, method, path, body)

    def lose_answer(self) -> None:
        """Nothing in the process can be reached from here: what a kill loses is lost enough."""

    async def kill(self, devices: Iterable[Device]) -> None:
        self.kills += 1
        for device in devices:
            if device.server is self:
                device.doubt()
        await asyncio.to_thread(self.process.kill)
        await asyncio.to_thread(self.process.start)
        await self.client.aclose()
        self.client = self._client()

    async def rest(self, ticks: int) -> None:
        await asyncio.sleep(0.001 * ticks)

    async def end(self) -> None:
        await self.client.aclose()
