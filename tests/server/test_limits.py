"""Limits: whoever fails too often waits; nobody else does; memory is bounded."""

from __future__ import annotations

import pytest

from server.clock import Clock
from server.limits import FAILURES_MAX, ORIGINS_MAX, WINDOW_SECONDS, Limits
from server.problems import Refused


class Ticking(Clock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 1_000.0

    def ticks(self) -> float:
        return self.at


def test_an_origin_that_fails_too_often_is_told_how_long_to_wait() -> None:
    clock = Ticking()
    limits = Limits(clock)
    for _ in range(FAILURES_MAX):
        limits.check("mine", "here")
        limits.failed("mine", "here")
    with pytest.raises(Refused) as refused:
        limits.check("mine", "here")
    assert 0 < int(refused.value.headers["Retry-After"]) <= WINDOW_SECONDS + 1


def test_the_same_account_from_elsewhere_is_not_locked_out() -> None:
    limits = Limits(Ticking())
    for _ in range(FAILURES_MAX * 2):
        limits.failed("victim", "attacker's address")
    limits.check("victim", "her own address")


def test_failures_are_forgotten_after_the_window_and_after_a_success() -> None:
    clock = Ticking()
    limits = Limits(clock)
    for _ in range(FAILURES_MAX):
        limits.failed("a")
        limits.failed("b")
    clock.at += WINDOW_SECONDS + 1
    limits.check("a")
    for _ in range(FAILURES_MAX):
        limits.failed("b")
    limits.succeeded("b")
    limits.check("b")


def test_memory_is_bounded_and_the_newest_stay() -> None:
    limits = Limits(Ticking())
    for number in range(ORIGINS_MAX + 10):
        for _ in range(FAILURES_MAX if number == ORIGINS_MAX + 9 else 1):
            limits.failed(number)
    assert len(limits._failures) == ORIGINS_MAX
    with pytest.raises(Refused):
        limits.check(ORIGINS_MAX + 9)
