"""One `vigied` process for the demo or a replay: started, waited for until it listens, read on, ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VIGIED: Final = (sys.executable, "-m", "server")
LISTENING: Final = "vigied listening on "
START_SECONDS_MAX: Final = 60.0
STOP_SECONDS_MAX: Final = 15.0


class StageRefused(RuntimeError):
    """The server could not be had; the text is for the person at the keyboard."""


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as attempt:
        if os.name == "posix":
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port where nobody listens now."""
    with socket.socket() as attempt:
        attempt.bind((host, 0))
        port: int = attempt.getsockname()[1]
        return port


@dataclass
class Serving:
    """A process that serves between `start` and `stop`; `log` has everything it said on standard error."""

    log: Path
    url: str = field(default="", init=False)
    _process: subprocess.Popen[str] | None = field(default=None, init=False, repr=False)
    _reader: threading.Thread | None = field(default=None, init=False, repr=False)

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> str:
        """Serve; return the address once the process listens. Raise StageRefused with its last words."""
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [*VIGIED, *command],
                cwd=ROOT,
                env=dict(environment),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        waiting = threading.Timer(START_SECONDS_MAX, self._process.kill)
        waiting.start()
        try:
            for line in self._process.stdout:
                if line.startswith(LISTENING):
                    self.url = line.removeprefix(LISTENING).strip()
                    break
        finally:
            waiting.cancel()
        if not self.url:
            self.stop()
            words = self.log.read_text(encoding="utf-8").strip().splitlines()
            raise StageRefused(words[-1] if words else "the server did not start")
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()
        return self.url

    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def wait(self) -> None:
        """Until the process ends by itself."""
        if self._process is not None:
            self._process.wait()

    def stop(self) -> None:
        """An orderly end; a hard one where that takes too long."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._reader is not None:
            self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process, self._reader, self.url = None, None, ""

    def _drain(self) -> None:
        """Read on, so that a full pipe never stops the process."""
        process = self._process
        if process is not None and process.stdout is not None:
            with process.stdout as said:
                for _ in said:
                    pass
