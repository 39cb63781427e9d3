"""One line that says how far things are: rewritten on a terminal, one line a step elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self


class Line:
    """Call it with (done, all, what); use it as a context so that the terminal's line ends."""

    def __init__(self) -> None:
        self.terminal = sys.stdout.isatty()
        self.began = time.perf_counter()

    def __call__(self, done: int, whole: int, what: str) -> None:
        """Tell that `done` of `whole` steps are done, and what the step is."""
        text = f"  {done:>3}/{whole} {what} ({time.perf_counter() - self.began:.0f} s)"
        print(f"\r{text:<100}" if self.terminal else text, end="" if self.terminal else "\n", flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.terminal:
            print(flush=True)
