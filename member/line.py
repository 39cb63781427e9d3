"""A line to the network that holds: one websocket, conversations followed on it, taken up again when cut.

Sending returns when the message is durable; reading gives each message once and in order. The rules are
those of `chat.outbox` and `chat.session`; here are the socket, one thread that reads it, and patience.
"""

from __future__ import annotations

import base64
import logging
import queue
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self
from uuid import UUID

import httpx
import msgspec
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from chat.contents import Content, Text, fits
from chat.outbox import Outbox
from chat.refusals import Code, Refusal
from chat.session import Received, Session
from member.conversing import NEWER_KEYS, Desk
from member.keystore import Member
from member.moments import unix_of
from member.refusals import Unreachable
from member.talk_lists import TalkRefused

LOG: Final = logging.getLogger("vigie")

FIRST_WAIT_SECONDS: Final = 0.05
LONGEST_WAIT_SECONDS: Final = 10.0
SILENCE_BEATS: Final = 3
FRAME_BYTES_MAX: Final = 256 * 1024
AGAIN_SECONDS: Final = 0.3
REFUSALS_MAX: Final = 3
SIGNALS_KEPT: Final = 50


class LineClosed(Exception):
    """The line was closed, or the network does not let this device in."""


@dataclass(slots=True)
class Followed:
    """A conversation on the line."""

    id: UUID
    outbox: Outbox
    arrived: queue.Queue[Received | Refusal] = field(default_factory=queue.Queue)
    sent_on: int = -1  # the connection that carries what is in flight
    signals: deque[bytes] = field(default_factory=lambda: deque(maxlen=SIGNALS_KEPT))
    broken: Refusal | None = None
    shut: list[Content] = field(default_factory=list, repr=False)  # not sent: the other side had closed it


class Line:
    """One device's connection. `token()` gives a token that the network accepts now.

    Every public method may be called from any thread. Use as a context manager.
    """

    def __init__(
        self,
        desk: Desk,
        url: str,
        token: Callable[[], str],
        on_event: Callable[[dict[str, Any]], None] = lambda _event: None,
    ) -> None:
        self._desk = desk
        self._url = url
        self._token = token
        self._on_event = on_event
        self._followed: dict[UUID, Followed] = {}
        self._changed = threading.Condition(threading.RLock())
        self._socket: ClientConnection | None = None
        self._number = 0  # of the connection, so that what was in flight on a lost one is sent again
        self._beat_seconds = 20.0
        self._wait_seconds = FIRST_WAIT_SECONDS
        self._refusals = 0
        self._ending: BaseException | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)

    @classmethod
    def of(cls, member: Member, desk: Desk, on_event: Callable[[dict[str, Any]], None] | None = None) -> Self:
        """The line of a member's device."""
        token = member.session.live_token
        return cls(desk, member.network.live_url, token, on_event or (lambda _event: None))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End; what was not acknowledged is not known to be sent."""
        with self._changed:
            self._closed = True
            socket = self._socket
            self._changed.notify_all()
        if socket is not None:
            socket.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)

    def follow(self, conversation: UUID, from_start: bool = True) -> Followed:
        """Take up a conversation: from its first message, or after the last one that this device has read."""
        session = self._desk.session(conversation)
        counter, identity = self._desk.cursors.of(conversation)
        if not from_start and counter:
            session.resume_at(counter, identity)
        with self._changed:
            if conversation in self._followed:
                return self._followed[conversation]
            followed = Followed(conversation, Outbox(session))
            self._followed[conversation] = followed
            self._resume(followed)
            return followed

    def say(self, conversation: UUID, said: str | Content, timeout_seconds: float = 30.0) -> None:
        """Send a text or another content; return when it is durable.

        TimeoutError: unknown, it goes on trying. TalkRefused: it will not be sent.
        """
        if isinstance(said, str):
            said = Text(said, 0)  # a device's clock would link its conversations
        if not fits(said):
            raise TalkRefused(Refusal(Code.TOO_LARGE, "the text is too long"))
        followed = self._followed[conversation]
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            followed.outbox.put(said)
            try:
                self._send_due(followed)
            except Exception:
                followed.outbox.take_back(said)  # told as a failure: it must not go later all the same
                raise
            while any(one is said for one in followed.outbox.waiting):
                self._check(followed)
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError("not acknowledged yet")
                self._changed.wait(min(left, 1.0))
            if any(one is said for one in followed.outbox.voided):
                raise TalkRefused(Refusal(Code.BEHIND, "the other side has declined first"))
            if any(one is said for one in followed.shut):
                followed.shut = [one for one in followed.shut if one is not said]
                raise TalkRefused(Refusal(Code.CLOSED, "the other side has closed the conversation"))

    def signal(self, conversation: UUID, signal: bytes) -> None:
        """Pass a signal (`chat.signals`) on, if the line is up: nobody waits for it, and nothing keeps it."""
        with self._changed:
            told = base64.b64encode(signal).decode()
            self._send({"type": "signal", "conversation": str(conversation), "signal": told})

    def session(self, conversation: UUID) -> Session:
        """The conversation as the line has read it: with the newest epoch."""
        return self._followed[conversation].outbox.session

    def waiting(self, conversation: UUID) -> list[Content]:
        """What was said here and is not known to be in the chain: the line goes on trying."""
        with self._changed:
            return list(self._followed[conversation].outbox.waiting)

    def signals(self, conversation: UUID) -> list[bytes]:
        """The other side's signals since this was last asked, unread."""
        waiting = self._followed[conversation].signals
        return [waiting.popleft() for _ in range(len(waiting))]

    def arrived(self, conversation: UUID, timeout_seconds: float | None = None) -> Iterator[Received]:
        """Messages as they come, own ones too; ends after `timeout_seconds` without one."""
        followed = self._followed[conversation]
        while True:
            try:
                outcome = followed.arrived.get(timeout=timeout_seconds)
            except queue.Empty:
                return
            if isinstance(outcome, Refusal):
                raise TalkRefused(outcome)
            yield outcome

    def _check(self, followed: Followed) -> None:
        if self._ending is not None:
            raise LineClosed(str(self._ending)) from self._ending
        if self._closed:
            raise LineClosed("the line was closed")
        if followed.broken is not None:
            raise TalkRefused(followed.broken)

    # The reading thread

    def _run(self) -> None:
        while not self._closed:
            try:
                with self._connect() as socket:
                    self._begin(socket)
                    self._read(socket)
            except InvalidStatus as error:
                self._refusals += error.response.status_code in {401, 403}
            except ConnectionClosed as error:
                self._refusals += error.rcvd is not None and error.rcvd.code in {4401, 4403}
            except (OSError, InvalidHandshake, EOFError, httpx.TransportError, Unreachable) as error:
                LOG.debug("line: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                self._end(error)
                return
            if self._refusals > REFUSALS_MAX:
                self._end(LineClosed("the network does not let this device in"))
                return
            with self._changed:
                self._socket = None
                if not self._closed:
                    spread = random.uniform(0.5, 1.5)  # noqa: S311 - so that not everybody comes back at once
                    self._changed.wait(self._wait_seconds * spread)
            self._wait_seconds = min(self._wait_seconds * 2, LONGEST_WAIT_SECONDS)

    def _end(self, error: BaseException) -> None:
        with self._changed:
            self._ending = error
            self._changed.notify_all()

    def _connect(self) -> ClientConnection:
        local = any(self._url.startswith(f"ws://{host}") for host in ("127.0.0.1", "localhost", "[::1]"))
        return connect(
            self._url,
            additional_headers={"Authorization": f"Bearer {self._token()}"},
            open_timeout=10,
            close_timeout=1,
            max_size=FRAME_BYTES_MAX,
            ping_interval=None,  # the network's own beats say whether it lives
            proxy=None if local else True,
        )

    def _begin(self, socket: ClientConnection) -> None:
        with self._changed:
            self._socket = socket
            self._number += 1
            for followed in self._followed.values():
                with self._alone(followed):
                    self._resume(followed)

    def _read(self, socket: ClientConnection) -> None:
        while not self._closed:
            event = msgspec.json.decode(socket.recv(timeout=self._beat_seconds * SILENCE_BEATS))
            with self._changed:
                self._hear(event)
                self._changed.notify_all()

    def _hear(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        if kind == "welcome":
            self._beat_seconds = float(event["beat_seconds"])
            self._wait_seconds, self._refusals = FIRST_WAIT_SECONDS, 0
        elif kind in {"message", "ack", "error", "epoch", "resumed", "signal"} and "conversation" in event:
            followed = self._followed.get(UUID(event["conversation"]))
            if followed is not None and followed.broken is None:
                with self._alone(followed):
                    self._hear_of(followed, kind, event)
        if kind in {"call", "answer", "opened", "release", "alert", "message"}:
            self._on_event(event)

    @contextmanager
    def _alone(self, followed: Followed) -> Iterator[None]:
        """On the line's own thread: what one conversation meets ends no other, nor the line."""
        try:
            yield
        except TalkRefused as refused:
            self._break(followed, refused.refusal)
        except Exception as refused:
            if not hasattr(refused, "status"):
                raise
            # The network would not just now (`epoch-limit`): what waits to be said goes on waiting.
            LOG.debug("line: %s", getattr(refused, "code", ""))

    def _hear_of(self, followed: Followed, kind: str, event: dict[str, Any]) -> None:
        if kind == "message":
            self._take(followed, base64.b64decode(event["envelope"]), event.get("received_at"))
        elif kind == "ack":
            received = followed.outbox.acknowledged(base64.b64decode(event["id"]))
            if received is not None:
                self._show(followed, received, event.get("received_at"))
        elif kind == "epoch":
            self._adopt(followed)
        elif kind == "signal":
            followed.signals.append(base64.b64decode(event["signal"]))
        elif kind == "error":
            self._refused(followed, event)
        self._send_due(followed)

    def _take(self, followed: Followed, record: bytes, received_at: str | None) -> None:
        outcome = followed.outbox.read(record)
        if isinstance(outcome, Refusal) and outcome.code in NEWER_KEYS and self._adopt(followed):
            outcome = followed.outbox.read(record)
        if isinstance(outcome, Received):
            self._show(followed, outcome, received_at)
        elif isinstance(outcome, Refusal):
            if outcome.code is Code.GAP:
                self._ask_for_more(followed)
            else:
                self._break(followed, outcome)

    def _show(self, followed: Followed, received: Received, received_at: str | None) -> None:
        self._desk.cursors.advance(followed.id, received.counter, received.id)
        followed.arrived.put(replace(received, received_at=unix_of(received_at)))

    def _adopt(self, followed: Followed) -> bool:
        adopted = self._desk.adopt_new_epochs(followed.id, followed.outbox.session)
        followed.outbox.adopted()
        return adopted

    def _refused(self, followed: Followed, event: dict[str, Any]) -> None:
        code, detail = event["code"], event.get("detail", "")
        if code == Code.BEHIND.value:
            self._ask_for_more(followed)  # the message that came first settles it
        elif code == Code.EPOCH.value:
            self._adopt(followed)
        elif code in {"not-now", "too-many-requests"}:
            again = threading.Timer(AGAIN_SECONDS, self._again, (followed,))
            again.daemon = True
            again.start()
        elif code == Code.CLOSED.value:  # until the other side lets this one write again
            while (said := followed.outbox.drop()) is not None:
                followed.shut.append(said)
        elif code == Code.GAP.value:  # what this device has read is not stored any more
            self._break(followed, Refusal(Code.TRUNCATED, detail))
        else:
            known = Code(code) if code in set(Code) else Code.ELSEWHERE
            self._break(followed, Refusal(known, detail or code))

    def _again(self, followed: Followed) -> None:
        with self._changed:
            followed.sent_on = -1
            with self._alone(followed):
                self._send_due(followed)

    def _break(self, followed: Followed, refusal: Refusal) -> None:
        followed.broken = refusal
        followed.arrived.put(refusal)

    # What is sent, under the lock

    def _ask_for_more(self, followed: Followed) -> None:
        after = followed.outbox.session.counter
        self._send({"type": "resume", "conversation": str(followed.id), "after": after})

    def _resume(self, followed: Followed) -> None:
        self._ask_for_more(followed)
        followed.sent_on = -1  # what is in flight goes once more: the server stores it once
        self._send_due(followed)

    def _send_due(self, followed: Followed) -> None:
        before = followed.outbox.in_flight
        envelope = followed.outbox.due()
        if isinstance(envelope, Refusal) and followed.outbox.session.wants_epoch:
            self._desk.renew_epoch(followed.id, followed.outbox.session)
            followed.outbox.adopted()
            envelope = followed.outbox.due()
            if isinstance(envelope, Refusal) and followed.outbox.session.wants_epoch:
                return  # the other side made a bad one meanwhile: its own event comes, then once more
        if isinstance(envelope, Refusal):
            self._break(followed, envelope)
            return
        if envelope is None or (envelope is before and followed.sent_on == self._number):
            return
        followed.sent_on = self._number
        self._send(
            {
                "type": "append",
                "conversation": str(followed.id),
                "envelope": base64.b64encode(envelope).decode(),
            }
        )

    def _send(self, frame: dict[str, Any]) -> None:
        if self._socket is None:
            return  # sent when the line is up again
        try:
            self._socket.send(msgspec.json.encode(frame).decode())
        except (ConnectionClosed, OSError):
            LOG.debug("line: lost while sending")
