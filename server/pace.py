"""How much somebody may do: a bucket that fills at a steady rate, in real time, in this process."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final
from uuid import UUID

from server.problems import Refused

BURST_MESSAGES: Final = 3_000
MESSAGES_PER_SECOND: Final = 10.0
BURST_SIGNALS: Final = 20
SIGNALS_PER_SECOND: Final = 1.0
REPORTS_PER_DAY: Final = 20


class Pace:
    """One bucket for each firm. `code`: how it is refused when the bucket is empty."""

    def __init__(
        self,
        ticks: Callable[[], float],
        burst: int = BURST_MESSAGES,
        per_second: float = MESSAGES_PER_SECOND,
        code: str = "too-many-requests",
    ) -> None:
        self._ticks = ticks
        self._burst = burst
        self._per_second = per_second
        self._code = code
        self._buckets: dict[UUID, tuple[float, float]] = {}  # what was left, and when

    def take(self, firm: UUID) -> None:
        """Count one; Refused when the bucket is empty. Asking again later is no loss."""
        now = self._ticks()
        left, since = self._buckets.get(firm, (float(self._burst), now))
        left = min(left + (now - since) * self._per_second, float(self._burst))
        if left < 1:
            wait = math.ceil((1 - left) / self._per_second)
            raise Refused(self._code, headers={"Retry-After": str(wait)})
        self._buckets[firm] = (left - 1, now)
