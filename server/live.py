"""The websocket /api/live: frames in, frames out. Whom events reach is `server.hub`'s, what they say others'.

One task reads, one writes; a device that does not read is cut with a reason (`hub.TOO_SLOW`) and resumes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect

from chat.envelope import ENVELOPE_BYTES_MAX, SIGNAL_BYTES, conversation_of, message_id
from chat.refusals import Code, Refusal
from chat.relay import Again
from server.append_chains import Stored
from server.appends import Fate
from server.clock import moment_text
from server.conversations import Conversations, granted
from server.hub import FAILED, Connection, Cut, Hub, frame
from server.live_sessions import Watcher
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import READERS, WRITERS, Who
from server.sessions import COOKIE_LOCAL, COOKIE_SECURE, identify, who_is

LOG: Final = logging.getLogger("vigied")

NOT_A_FRAME: Final = Cut(4400, "not a frame of this protocol")
NOT_LOGGED_IN: Final = Cut(4401, "not logged in")
FOREIGN: Final = Cut(4403, "a page of another origin")
NO_HELLO: Final = Cut(4408, "no hello in time")
TOO_LARGE: Final = Cut(4413, "the frame is too large")

Ref = Annotated[str, msgspec.Meta(max_length=64)]


class Hello(msgspec.Struct, frozen=True, tag_field="type", tag="hello"):
    """The first frame of a client without a cookie."""

    token: Annotated[str, msgspec.Meta(max_length=200)]


class Append(msgspec.Struct, frozen=True, tag_field="type", tag="append"):
    """An envelope; the conversation is in its header, and named here for people who read frames."""

    conversation: UUID
    envelope: Annotated[bytes, msgspec.Meta(max_length=ENVELOPE_BYTES_MAX)]
    ref: Ref = ""


class Ack(msgspec.Struct, tag_field="type", tag="ack"):
    """The answer to an append: stored, durably; now, or before."""

    conversation: UUID
    ref: str
    counter: int
    id: bytes | None
    received_at: str | msgspec.UnsetType = msgspec.UNSET


class Resume(msgspec.Struct, frozen=True, tag_field="type", tag="resume"):
    """Everything after a cursor, then what comes."""

    conversation: UUID
    after: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0


class Signal(msgspec.Struct, frozen=True, tag_field="type", tag="signal"):
    """Presence or typing, sealed (`chat.signals`): passed on to the other side, never stored."""

    conversation: UUID
    signal: Annotated[bytes, msgspec.Meta(min_length=SIGNAL_BYTES, max_length=SIGNAL_BYTES)]


class Ping(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """Answered by pong."""

    ref: Ref = ""


_FRAMES: Final = msgspec.json.Decoder(Hello | Append | Resume | Signal | Ping)
Socket = WebSocket[Any, Any, Any]


@websocket("/api/live")
async def live(
    socket: Socket,
    network: NamedDependency[RunningNetwork],
    conversations: NamedDependency[Conversations],
    watcher: NamedDependency[Watcher],
) -> None:
    """One connection, from its authentication to its end."""
    await socket.accept()
    who, cut = await _authenticate(socket, network)
    if who is None or who.firm is None:
        await _close(socket, cut or NOT_LOGGED_IN, network.hub)
        return
    connection = Connection(
        who.firm,
        confers=who.role in WRITERS,
        watches=who.role in READERS,
        limits=network.hub.limits,
    )
    network.hub.join(connection)
    watcher.hold(who, connection)
    connection.push(
        frame(
            "welcome",
            firm_id=who.firm,
            beat_seconds=network.hub.limits.beat_seconds,
            envelope_bytes_max=ENVELOPE_BYTES_MAX,
        )
    )
    try:
        await _serve(socket, connection, network, conversations, who)
    finally:
        network.hub.leave(connection)
        watcher.drop(who, connection)
        connection.end(Cut(1000, ""))


async def _authenticate(socket: Socket, network: RunningNetwork) -> tuple[Who | None, Cut | None]:
    who, by_cookie = await identify(socket)
    if who is not None:
        # Browsers send the cookie along from any page: only pages of this network's origin may use it.
        return (who, None) if not by_cookie or _own_origin(socket) else (None, FOREIGN)
    if not by_cookie or {COOKIE_SECURE, COOKIE_LOCAL} & set(socket.cookies):
        return None, NOT_LOGGED_IN
    try:
        async with asyncio.timeout(network.hub.limits.hello_seconds):
            first = await _receive(socket, network.hub)
    except TimeoutError:
        return None, NO_HELLO
    except WebSocketDisconnect:
        return None, NOT_LOGGED_IN
    if isinstance(first, Cut):
        return None, first
    return (await who_is(network, first.token), None) if isinstance(first, Hello) else (None, NO_HELLO)


def _own_origin(socket: Socket) -> bool:
    origin = urlsplit(socket.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == socket.headers.get("host", "")


async def _receive(socket: Socket, hub: Hub) -> Hello | Append | Resume | Signal | Ping | Cut:
    event = await socket.receive()
    if event["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(detail="gone")
    text = event.get("text")
    if not isinstance(text, str):
        return NOT_A_FRAME
    if len(text) > hub.limits.frame_bytes_max:
        return TOO_LARGE
    try:
        decoded: Hello | Append | Resume | Signal | Ping = _FRAMES.decode(text)
    except msgspec.DecodeError:
        return NOT_A_FRAME
    return decoded


async def _serve(
    socket: Socket,
    connection: Connection,
    network: RunningNetwork,
    conversations: Conversations,
    who: Who,
) -> None:
    reading = asyncio.create_task(_read(socket, connection, network, conversations, who))
    writing = asyncio.create_task(_write(socket, connection))
    tasks = {reading, writing}
    try:
        over, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if any(_broke(task.exception()) for task in over):
            connection.end(FAILED)
        if connection.cut is not None:
            await _close(socket, connection.cut, network.hub)
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if _broke(outcome):
                LOG.error("live: %s", type(outcome).__name__)


def _broke(outcome: BaseException | None) -> bool:
    """Something of the server's own: not that the other end is gone."""
    return isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect | OSError)


async def _close(socket: Socket, cut: Cut, hub: Hub) -> None:
    # A consumer that reads nothing does not take the close frame either: it is not waited for long.
    with suppress(WebSocketDisconnect, OSError, RuntimeError, TimeoutError):
        async with asyncio.timeout(hub.limits.close_seconds):
            await socket.close(cut.code, cut.reason)


async def _write(socket: Socket, connection: Connection) -> None:
    while (owed := await connection.next()) is not None:
        await socket.send_data(owed.decode(), mode="text")


async def _read(
    socket: Socket,
    connection: Connection,
    network: RunningNetwork,
    conversations: Conversations,
    who: Who,
) -> None:
    places = asyncio.Semaphore(connection.limits.appends_in_flight_max)
    while True:
        received = await _receive(socket, network.hub)
        if isinstance(received, Append):
            await places.acquire()  # while too many are in flight, the socket is not read
        if connection.cut is not None:  # meanwhile: until the socket is closed nothing more is taken
            return
        match received:
            case Append():
                await _append(connection, conversations, who, received, places.release)
            case Cut():
                connection.end(received)
            case Ping(ref):
                connection.push(frame("pong", ref=ref))
            case Resume():
                await _resume(connection, conversations, who, received)
            case Signal():
                await _pass_on(connection, conversations, who, received)
            case Hello():
                connection.end(NOT_A_FRAME)


def _check_role(who: Who) -> None:
    if who.role not in WRITERS:
        raise Refused("role")


async def _resume(connection: Connection, conversations: Conversations, who: Who, asked: Resume) -> None:
    try:
        _check_role(who)
        await conversations.parties(asked.conversation, connection.firm)
        conversations.follow(connection, asked.conversation, asked.after)
    except Refused as refused:
        connection.push(_error(refused.code, refused.detail, conversation=asked.conversation))


async def _pass_on(connection: Connection, conversations: Conversations, who: Who, asked: Signal) -> None:
    try:
        _check_role(who)
        await conversations.signal(connection.firm, asked.conversation, asked.signal)
    except Refused as refused:  # without the conversation: no message of it was refused
        connection.push(_error(refused.code, refused.detail, ref="signal"))


async def _append(
    connection: Connection,
    conversations: Conversations,
    who: Who,
    asked: Append,
    over: Callable[[], None],
) -> None:
    """Checked now; answered when its fate is durable, without a task that waits for it."""
    place: dict[str, Any] = {"conversation": asked.conversation, "ref": asked.ref}

    def settle(outcome: Fate) -> None:
        over()
        match outcome:
            case Refusal():
                connection.push(_error(outcome.code.value, outcome.detail, **place))
            case None:
                connection.push(_error("not-now", "", **place))
            case Again():
                told = Ack(asked.conversation, asked.ref, outcome.counter, message_id(asked.envelope))
                connection.push(msgspec.json.encode(told))
            case Stored():
                at = moment_text(outcome.received_at)
                told = Ack(asked.conversation, asked.ref, outcome.counter, outcome.id, at)
                connection.push(msgspec.json.encode(told))

    try:
        _check_role(who)
        if conversation_of(asked.envelope) != asked.conversation.bytes:
            granted(Refusal(Code.ELSEWHERE, "the envelope names another conversation than the frame"))
        await conversations.submit(connection.firm, asked.conversation, asked.envelope, connection, settle)
    except Refused as refused:
        over()
        connection.push(_error(refused.code, refused.detail, **place))


def _error(code: str, detail: str, **fields: Any) -> bytes:
    return frame("error", code=code, detail=detail, **fields)
