"""A proxy that writes down every byte between clients and a server, and takes the record apart afterwards.

It stands outside the product: whatever speaks HTTP to the server (the agent, a browser) is given its address.
The record is decoded into messages: heads, bodies without chunking, websocket frames unmasked and inflated.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Exchange:
    """One connection: what the client sent and what the server answered."""

    sent: bytearray = field(default_factory=bytearray)
    answered: bytearray = field(default_factory=bytearray)


class RecordingProxy:
    """Listens on a free port of 127.0.0.1 until closed."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.exchanges: list[Exchange] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop; the record stays."""
        for each in [self.listener, *self.sockets]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.target)
                exchange = Exchange()
                self.exchanges.append(exchange)
                self.sockets += [client, server]
                for source, drain, record in (
                    (client, server, exchange.sent),
                    (server, client, exchange.answered),
                ):
                    threading.Thread(target=_carry, args=(source, drain, record), daemon=True).start()

    def messages(self) -> Iterator[tuple[str, bytes]]:
        """Every head, body and frame that went either way, with a word on which it was."""
        for number, exchange in enumerate(self.exchanges):
            sent, answered = bytes(exchange.sent), bytes(exchange.answered)
            yield f"connection {number}, raw, sent", sent
            yield f"connection {number}, raw, answered", answered
            requests, rest_sent = _split(sent, [])
            methods = [head.split(b" ", 1)[0] for head, _ in requests]
            answers, rest_answered = _split(answered, methods)
            for way, parts in (("sent", requests), ("answered", answers)):
                for head, body in parts:
                    yield f"connection {number}, head {way}", head
                    yield f"connection {number}, body {way}", body
            if answers and answers[-1][0].startswith(b"HTTP/1.1 101"):
                for way, frames in (("sent", rest_sent), ("answered", rest_answered)):
                    for payload in _frames(frames):
                        yield f"connection {number}, frame {way}", payload


def _carry(source: socket.socket, drain: socket.socket, record: bytearray) -> None:
    with contextlib.suppress(OSError):
        while content := source.recv(65_536):
            record += content
            drain.sendall(content)
    with contextlib.suppress(OSError):
        drain.shutdown(socket.SHUT_WR)


def _split(stream: bytes, methods: list[bytes]) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Messages of HTTP/1.1 one after the other, and what follows an upgrade or the record's end.

    `methods`: for answers, what was asked, since nothing follows the head of an answer to HEAD.
    """
    found: list[tuple[bytes, bytes]] = []
    while b"\r\n\r\n" in stream:
        head, stream = stream.split(b"\r\n\r\n", 1)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        status = head.split(b" ", 2)[1] if head.startswith(b"HTTP/") else b""
        if status == b"101" or headers.get(b"upgrade") == b"websocket":
            return [*found, (head, b"")], stream
        to_head = len(found) < len(methods) and methods[len(found)] == b"HEAD"
        if to_head or status in {b"204", b"304"}:
            body = b""
        elif headers.get(b"transfer-encoding") == b"chunked":
            body, stream = _unchunked(stream)
        else:
            length = int(headers.get(b"content-length", b"0"))
            body, stream = stream[:length], stream[length:]
        found.append((head, body))
    return found, stream


def _unchunked(stream: bytes) -> tuple[bytes, bytes]:
    body = bytearray()
    while b"\r\n" in stream:
        size_text, stream = stream.split(b"\r\n", 1)
        size = int(size_text.split(b";")[0], 16)
        body += stream[:size]
        stream = stream[size + 2 :]
        if size == 0:
            break
    return bytes(body), stream


def _frames(stream: bytes) -> Iterator[bytes]:
    """Payloads of websocket messages (RFC 6455), inflated where compressed (RFC 7692)."""
    inflater = zlib.decompressobj(wbits=-15)
    message, compressed = bytearray(), False
    while len(stream) >= 2:
        first, second = stream[0], stream[1]
        size, at = second & 0x7F, 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size, at = int.from_bytes(stream[2 : 2 + width], "big"), 2 + width
        mask = b""
        if second & 0x80:
            mask, at = stream[at : at + 4], at + 4
        payload, stream = stream[at : at + size], stream[at + size :]
        if mask:
            payload = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        if first & 0x0F >= 8:  # a control frame may stand between the parts of a message
            yield payload
            continue
        compressed = compressed or bool(first & 0x40)
        message += payload
        if first & 0x80:
            if compressed:
                yield inflater.decompress(bytes(message) + b"\x00\x00\xff\xff")
            else:
                yield bytes(message)
            message, compressed = bytearray(), False
