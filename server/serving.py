"""The process: uvicorn over a socket that is bound already, one line when it listens, an orderly end."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn

from server.app import create_app
from server.keys import KeysRefused
from server.network import KindRefused
from server.schema import SchemaRefused
from server.settings import Settings


class Announcing(uvicorn.Server):
    """Says where it listens, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the one line that people and scripts wait for."""
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            print(f"vigied listening on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)  # noqa: T201


def run(settings: Settings, listener: socket.socket, grace_seconds: int) -> str | None:
    """Serve until a signal; return why it could not start, in one line, or None."""
    app = create_app(settings)
    refused: list[str] = []

    class Lifespan:
        # uvicorn logs a failed start as a traceback; an operator needs its first line.
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            try:
                await app(scope, receive, send)
            except (SchemaRefused, KindRefused, KeysRefused) as error:
                refused.append(str(error))
                raise

    config = uvicorn.Config(
        app,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=grace_seconds,
        ws="websockets-sansio",
        ws_max_size=256 * 1024,
        proxy_headers=True,
    )
    server = Announcing(config)
    server.run(sockets=[listener])
    return refused[0] if refused else (None if server.started else "could not start")
