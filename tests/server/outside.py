"""A real mail server and a real HTTP receiver that fail, hang and come back, each on a port that it keeps."""

from __future__ import annotations

import email
import email.policy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.conftest import START_SECONDS
from tests.forked import kept_port


@dataclass
class MailServer:
    """`mode`: ok, later (451), never (550 for the recipient), hold (takes it, answers when let go)."""

    mode: str = "ok"
    messages: list[EmailMessage] = field(default_factory=list)
    controller: Controller | None = None
    let_go: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def __post_init__(self) -> None:
        self.port = kept_port(self)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.mode == "never":
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        import asyncio

        if self.mode == "later":
            return "451 come back"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        while self.mode == "hold" and not self.let_go.is_set():  # noqa: ASYNC110 - by another thread
            await asyncio.sleep(0.01)
        return "250 OK"

    def start(self, **more: Any) -> None:
        self.controller = Controller(
            self, hostname="127.0.0.1", port=self.port, ready_timeout=START_SECONDS, **more
        )
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.let_go.set()
            self.controller.stop()
            self.controller = None

    def ids(self) -> list[str]:
        return [str(one["Message-ID"]) for one in self.messages]


@dataclass
class Received:
    """One call of the receiver's."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answer`: a status, or 0: says nothing until it is let go. `before`: done with every message first."""

    answer: int = 200
    calls: list[Received] = field(default_factory=list)
    before: Callable[[], object] = tuple
    let_go: threading.Event = field(default_factory=threading.Event)
    server: ThreadingHTTPServer | None = None
    port: int = 0

    def __post_init__(self) -> None:
        self.port = kept_port(self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/vigie"

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:  # the caller died half-way: no message
                    return
                lower = {name.lower(): value for name, value in self.headers.items()}
                receiver.before()
                receiver.calls.append(Received(lower, body))
                answer = receiver.answer
                if not answer:
                    receiver.let_go.wait(60)
                    return
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", receiver.url + "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.let_go.set()
            self.server.shutdown()
            self.server.server_close()
            self.server = None


@contextmanager
def running(one: MailServer | Receiver) -> Iterator[Any]:
    one.start()
    try:
        yield one
    finally:
        one.stop()
