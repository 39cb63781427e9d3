"""A websocket client with next to nothing in it, so that what is measured is the server.

Text frames alone, no compression, a mask of zeros (RFC 6455 lets the client choose it).
"""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from urllib.parse import urlsplit


class Wire(asyncio.Protocol):
    """One connection. `hear` gets the payload of every text frame; `closed` is set when it ends."""

    def __init__(self, request: bytes, hear: Callable[[Wire, bytes], None]) -> None:
        self._request = request
        self.hear = hear
        self.open = asyncio.get_running_loop().create_future()
        self.closed = False
        self.lost: Callable[[str], None] = lambda _why: None
        self.said = ""  # the server's reason for closing
        self._pending = b""
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Frames, whole ones."""
        data = self._pending + data if self._pending else data
        if not self._upgraded:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._pending = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self.open.set_exception(ConnectionError(data[:200].decode(errors="replace")))
                self.transport.abort()
                return
            self._upgraded, data = True, data[end + 4 :]
            self.open.set_result(self)
        at, size = 0, len(data)
        while size - at >= 2:
            length, head = data[at + 1] & 127, 2
            if length == 126:
                if size - at < 4:
                    break
                length, head = struct.unpack_from(">H", data, at + 2)[0], 4
            elif length == 127:
                if size - at < 10:
                    break
                length, head = struct.unpack_from(">Q", data, at + 2)[0], 10
            if size - at < head + length:
                break
            code = data[at] & 15
            payload = data[at + head : at + head + length]
            at += head + length
            if code == 1:
                self.hear(self, payload)
            elif code == 8:
                self.said = payload[2:].decode(errors="replace")
            elif code == 9:  # a ping of the server's
                self.transport.write(b"\x8a" + bytes([128 | len(payload)]) + bytes(4) + payload)
        self._pending = data[at:]

    def connection_lost(self, error: Exception | None) -> None:
        """The end."""
        self.closed = True
        self.lost(f"the connection was lost: {error or self.said}")
        if not self.open.done():
            self.open.set_exception(error or ConnectionError("closed"))

    def send(self, payload: bytes) -> None:
        """One text frame."""
        size = len(payload)
        if size < 126:
            head = bytes([0x81, 128 | size])
        elif size < 65_536:
            head = b"\x81\xfe" + struct.pack(">H", size)
        else:
            head = b"\x81\xff" + struct.pack(">Q", size)
        self.transport.write(head + bytes(4) + payload)


async def connect(url: str, path: str, hear: Callable[[Wire, bytes], None], token: str = "") -> Wire:
    """A connection that has been upgraded."""
    parts = urlsplit(url)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(request, hear), parts.hostname, parts.port)
    async with asyncio.timeout(120):
        await wire.open
    return wire
