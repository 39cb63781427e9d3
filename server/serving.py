"""The process: uvicorn over a socket that is bound already, one line when it listens, an orderly end."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from types import FrameType
from typing import Final

import uvicorn
from litestar import Litestar

from server.app import create_app
from server.network import open_network
from server.settings import Settings

GRACE_SECONDS: Final = 10
SWITCH_SECONDS: Final = 0.0005
GARBAGE_OBJECTS: Final = 50_000  # more than are under way at once: nearly all go without being looked for
FRAME_BYTES_MAX: Final = 256 * 1024  # of the websocket; the hub's own limit is lower


class Announcing(uvicorn.Server):
    """Says where it listens, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the one line that people and scripts wait for."""
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            print(f"vigied listening on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)  # noqa: T201


async def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve until a signal. Raise what `open_network` raises before anything listens."""
    network = await open_network(settings)
    await run(create_app(settings, network), listener)


async def run(app: Litestar, listener: socket.socket) -> None:
    """Serve an application until a signal."""
    config = uvicorn.Config(
        app,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws="websockets-sansio",
        ws_max_size=FRAME_BYTES_MAX,
        ws_per_message_deflate=False,  # ciphertext does not compress, and a window costs each connection KiB
        proxy_headers=True,
    )
    server = Announcing(config)
    # A thread that comes back from the database waits this long for a busy loop, at each of its steps.
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS, *gc.get_threshold()[1:])

    def end(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn puts these back and raises the signal once more when it has ended: an orderly end is status 0.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    await server.serve(sockets=[listener])
