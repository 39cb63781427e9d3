"""The record of the traffic holds what was said, whatever the transfer did to it."""

import asyncio
import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from tests.leaks.recording import RecordingProxy


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        packed = gzip.compress(b"echo of " + body)
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        for at in range(0, len(packed), 7):
            part = packed[at : at + 7]
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_) -> None: ...


def test_bodies_are_recorded_without_their_chunks() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    proxy = RecordingProxy("127.0.0.1", server.server_port)
    with httpx.Client(base_url=proxy.url) as client:
        for word in (b"first word", b"second word"):
            assert client.post("/x", content=word).content == b"echo of " + word
    proxy.close()
    server.shutdown()
    server.server_close()
    said = [content for where, content in proxy.messages() if "body" in where]
    assert said[:2] == [b"first word", b"second word"]
    assert [gzip.decompress(content) for content in said[2:]] == [
        b"echo of first word",
        b"echo of second word",
    ]


@pytest.mark.parametrize("compression", ["deflate", None])
async def test_frames_are_recorded_unmasked_and_inflated(compression: str | None) -> None:
    async def answer(connection) -> None:
        async for message in connection:
            await connection.send(f"echo of {message}")

    async with serve(answer, "127.0.0.1", 0, compression=compression) as server:
        proxy = RecordingProxy("127.0.0.1", server.sockets[0].getsockname()[1])
        async with connect(proxy.url.replace("http", "ws"), compression=compression) as connection:
            for message in ("a word" * 9, "a word" * 9, "x" * 70_000):
                await connection.send(message)
                assert await connection.recv() == f"echo of {message}"
    await asyncio.sleep(0.05)
    proxy.close()
    sent = [content for where, content in proxy.messages() if "frame sent" in where]
    answered = [content for where, content in proxy.messages() if "frame answered" in where]
    assert sent[:3] == [b"a word" * 9, b"a word" * 9, b"x" * 70_000]
    assert answered[:2] == [b"echo of " + b"a word" * 9] * 2
