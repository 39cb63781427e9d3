"""What is timed is the real thing: a small push through a server's process, and the library beside libsodium."""

from __future__ import annotations

from perf import push


def test_the_library_is_timed_beside_bare_operations() -> None:
    found = push.library(count=8, rounds=1)
    assert found.ratio > 0
    assert found.bar == 2


def test_a_push_is_timed_through_a_real_server() -> None:
    found = push.whole(count=12, rounds=1)
    assert found.what == "push of 12 relations"
    assert found.ratio > 0
