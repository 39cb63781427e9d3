"""`vigied` in processes forked from one that has imported it: real ones, which start in tenths of a second.

Hundreds of tests start a server of their own, and importing it costs more than what most of them do with it.
"""

from __future__ import annotations

import atexit
import functools
import gc
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
MESSAGE_BYTES_MAX = 65_536


class Forked:
    """One forked process, with what the tests use of `subprocess.Popen`."""

    def __init__(self, nursery: Nursery, pid: int, stdout: IO[str]) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._nursery = nursery

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(9)

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.ask({"status": self.pid})
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("vigied", timeout)
            time.sleep(0.002)
        return status


class Nursery:
    """The process that they are forked from."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def ask(self, request: dict[str, Any], files: list[int] | None = None) -> Any:
        with self._lock:
            socket.send_fds(self._ours, [json.dumps(request).encode()], files or [])
            return json.loads(self._ours.recv(MESSAGE_BYTES_MAX))

    def start(self, arguments: list[str], environment: dict[str, str], log: IO[str]) -> Forked:
        """Run `vigied` with these arguments; standard error goes to `log`."""
        reading, writing = os.pipe()
        pid = self.ask({"arguments": arguments, "environment": environment}, [writing, log.fileno()])
        os.close(writing)
        return Forked(self, pid, os.fdopen(reading))

    def run(
        self, arguments: list[str], environment: dict[str, str], cwd: Path = ROOT, seconds: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """One command to its end; beyond `seconds` it is killed."""
        reading, writing = os.pipe()
        with os.fdopen(reading) as stdout, tempfile.TemporaryFile("w+") as errors:
            request = {"arguments": arguments, "environment": environment, "cwd": str(cwd)}
            process = Forked(self, self.ask(request, [writing, errors.fileno()]), stdout)
            os.close(writing)
            guard = threading.Timer(seconds, process.kill)
            guard.start()
            said = stdout.read()
            code = process.wait(seconds)
            guard.cancel()
            errors.seek(0)
            return subprocess.CompletedProcess(arguments, code, said, errors.read())

    def close(self) -> None:
        self._ours.close()
        self._process.wait(60)


def reserved() -> socket.socket:
    """A port that nobody else is given: bound and not listening, so that `vigied` alone can listen there."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", 0))
    return place


def kept_port(owner: object) -> int:
    """Such a port, for as long as its owner lasts, also while nobody listens there."""
    place = reserved()
    port: int = place.getsockname()[1]
    weakref.finalize(owner, os.close, place.detach())
    return port


@functools.cache
def shared() -> Nursery:
    """The one of this process; it ends with it."""
    made = Nursery()
    atexit.register(made.close)
    return made


def _serve(control: socket.socket) -> None:
    before = dict(os.environ)
    import server.cli
    import server.serving

    # What importing has put there: the child would otherwise lack it.
    imported = {name: value for name, value in os.environ.items() if before.get(name) != value}
    gc.collect()
    gc.freeze()
    while True:
        message, files, *_ = socket.recv_fds(control, MESSAGE_BYTES_MAX, 2)
        if not message:
            return
        request = json.loads(message)
        if "status" in request:
            ended, status = os.waitpid(request["status"], os.WNOHANG)
            control.send(json.dumps(os.waitstatus_to_exitcode(status) if ended else None).encode())
            continue
        pid = os.fork()
        if pid == 0:
            control.close()
            os.dup2(files[0], 1)
            os.dup2(files[1], 2)
            for number in files:
                os.close(number)
            os.environ.clear()
            os.environ.update(imported | request["environment"])
            os.chdir(request.get("cwd", ROOT))
            tempfile.tempdir = None
            sys.argv = ["vigied", *request["arguments"]]
            server.cli.main()
            os._exit(0)
        for number in files:
            os.close(number)
        control.send(json.dumps(pid).encode())


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
