"""One process at a time works for a home: a lock of the operating system's, which ends with the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from member.refusals import HomeRefused

FILE: Final = "watch.lock"


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home's lock. Raise HomeRefused where another process holds it."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(home / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle, home)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, home: Path) -> None:
    try:
        if os.name == "nt":  # pragma: no cover - another system
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise HomeRefused("watch-running", path=home) from None
