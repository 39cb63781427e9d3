"""Every frame that one firm's device gets, as it comes: what a curious peer would keep."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.conftest import wait_until

if TYPE_CHECKING:
    from tests.server.parties import Party


class Listener:
    """A connection that keeps what it hears; beats are none of it. Use as a context manager."""

    def __init__(self, one: Party) -> None:
        url = one.member.server.url.replace("http", "ws", 1) + "/api/live"
        headers = {"Authorization": f"Bearer {one.member.token}"}
        self._opening = connect(url, additional_headers=headers, proxy=None, close_timeout=1)
        self._all: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._socket = self._opening.__enter__()
        self._thread.start()
        wait_until(lambda: bool(self._all))  # welcome: from here on nothing is missed
        return self

    def __exit__(self, *reason: object) -> None:
        self._opening.__exit__(*reason)
        self._thread.join()

    def _read(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                frame = json.loads(self._socket.recv())
                if frame["type"] != "beat":
                    self._all.append(frame)

    def say(self, kind: str, **fields: Any) -> None:
        """Send one frame."""
        self._socket.send(json.dumps({"type": kind, **fields}, default=str))

    def heard(self) -> list[dict[str, Any]]:
        """What came after the welcome, up to now: a ping's answer says that there is no more."""
        before = len([frame for frame in self._all if frame["type"] == "pong"])
        self.say("ping", ref="now")
        wait_until(lambda: len([frame for frame in self._all if frame["type"] == "pong"]) > before)
        return [frame for frame in self._all[1:] if frame["type"] != "pong"]
