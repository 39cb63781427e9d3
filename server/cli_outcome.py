"""How a command ends: with what it did, or with one line on standard error that says why it could not."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from server.settings import SettingRefused, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


def run(
    work: Callable[[Settings], Coroutine[Any, Any, str | None]],
    settings: Settings | None = None,
    then: Callable[[str], None] = print,
) -> None:
    """Run one command; print what it did (or hand it on), or why it could not, in one line."""
    from privacy.roster import RosterRefused
    from server.keys import KeysRefused
    from server.network import KindRefused
    from server.problems import KINDS as PROBLEMS
    from server.problems import Refused
    from server.schema import SchemaRefused

    try:
        said = asyncio.run(work(settings or Settings.from_environment()))
    except (SettingRefused, SchemaRefused, KindRefused, KeysRefused, RosterRefused) as error:
        fail(str(error))
    except Refused as error:
        fail(error.detail or PROBLEMS[error.code].english)
    except OSError as error:
        fail(f"cannot reach the database: {error.strerror or type(error).__name__}")
    if said:
        then(said)


def fail(text: str) -> NoReturn:
    """End with status 1."""
    print(f"vigied: {text}", file=sys.stderr)
    raise SystemExit(1)


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; end where the port is taken."""
    # Named as TCP, so that asyncio sets TCP_NODELAY on what it accepts: else each small answer waits 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        fail(f"port {port} on {host} {reason}: set PORT to another one (0: a free one)")
    return listener
