"""A hand that kills servers at a random moment of what they are doing."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conftest import RunningServer


@dataclass
class Reaper:
    """Kills the server some time into a piece of work; `usual_seconds` learns how long the work takes."""

    server: RunningServer
    usual_seconds: float
    chance: random.Random = field(default_factory=lambda: random.Random(20_260_101))
    struck_in_time: int = 0

    def during(self, work: Callable[[], None]) -> bool:
        """Run the work and kill the server meanwhile; start it again. Whether the work was cut off."""
        # Just after the start and just before the end are where the interesting moments are.
        delay = self.chance.choice([0.15, 1.0]) * self.chance.random() * self.usual_seconds * 1.1
        killer = threading.Timer(delay, self.server.kill)
        killer.start()
        began, cut = time.monotonic(), False
        try:
            work()
        except (httpx.HTTPError, AssertionError):  # what a dying server does to its client
            cut = True
        seconds = time.monotonic() - began
        killer.join()
        self.struck_in_time += cut
        if not cut:
            self.usual_seconds = 0.7 * self.usual_seconds + 0.3 * seconds
        self.server.start()
        return cut


@pytest.fixture
def reaper_of() -> Callable[[RunningServer, float], Reaper]:
    return Reaper
