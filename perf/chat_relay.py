"""The bare relay: what Litestar takes to pass a message on and answer its sender; no storage, no rules.

`python -m perf.chat_relay` serves on a free port with the product's own uvicorn settings.
"""

from __future__ import annotations

import asyncio
import socket as sockets
from collections import defaultdict
from typing import Any

import msgspec
from litestar import Litestar, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from server.serving import run

PAIRS: defaultdict[str, list[WebSocket[Any, Any, Any]]] = defaultdict(list)


class Append(msgspec.Struct, tag_field="type", tag="append"):
    """What the product takes."""

    conversation: str
    envelope: str


SAME = {"id": "0" * 44, "received_at": "2027-01-05T00:00:00Z"}  # as long as the product's
_DECODER = msgspec.json.Decoder(Append)


@websocket("/relay/{pair:str}")
async def relay(socket: WebSocket[Any, Any, Any], pair: str) -> None:
    """To everybody else of the pair, then back to who sent it."""
    await socket.accept()
    mine = PAIRS[pair]
    mine.append(socket)
    counter = 0
    try:
        while True:
            asked = _DECODER.decode(await socket.receive_data(mode="text"))
            counter += 1
            told = {"type": "message", "conversation": asked.conversation, "counter": counter, **SAME}
            passed = msgspec.json.encode({**told, "envelope": asked.envelope}).decode()
            for other in mine:
                if other is not socket:
                    await other.send_data(passed, mode="text")
            await socket.send_data(msgspec.json.encode({**told, "type": "ack"}).decode(), mode="text")
    except WebSocketDisconnect:
        mine.remove(socket)


def main() -> None:
    """Serve until a signal."""
    listener = sockets.create_server(("127.0.0.1", 0), backlog=2048)
    asyncio.run(run(Litestar([relay], logging_config=None, openapi_config=None), listener))


if __name__ == "__main__":
    main()
