"""How often one origin may try something: bounded memory, real time, and nobody can lock out somebody else.

Failures are counted for the pair (who is claimed, where from), never for the claimed account alone: whoever
guesses at another's account from elsewhere only stops herself. Secrets have 128 random bits, so this protects
the machine, not the secret.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from server.clock import Clock
from server.problems import Refused

FAILURES_MAX: Final = 10
WINDOW_SECONDS: Final = 300.0
ORIGINS_MAX: Final = 20_000


class Limits:
    """Counts failures; the oldest origins are forgotten first."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._failures: OrderedDict[Hashable, list[float]] = OrderedDict()

    def check(self, *origin: Hashable) -> None:
        """Raise 429 while this origin has failed too often."""
        recent = self._recent(origin)
        if len(recent) >= FAILURES_MAX:
            wait = int(recent[0] + WINDOW_SECONDS - self._clock.ticks()) + 1
            raise Refused("too-many-requests", headers={"Retry-After": str(max(wait, 1))})

    def failed(self, *origin: Hashable) -> None:
        """Count one failure."""
        self._failures[origin] = [*self._recent(origin), self._clock.ticks()][-FAILURES_MAX:]
        self._failures.move_to_end(origin)
        while len(self._failures) > ORIGINS_MAX:
            self._failures.popitem(last=False)

    def succeeded(self, *origin: Hashable) -> None:
        """Forget this origin's failures."""
        self._failures.pop(origin, None)

    def _recent(self, origin: Hashable) -> list[float]:
        since = self._clock.ticks() - WINDOW_SECONDS
        return [one for one in self._failures.get(origin, ()) if one > since]
