"""Alerts reach a device that follows: at once, with names, each once, through a cut line."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import pytest

from member import alerts_feed
from member.alerts_feed import Notice, follow, read_alerts
from member.push import push
from tests.conftest import wait_until
from tests.member.conftest import DECEMBER, client, ledger, lived_through

if TYPE_CHECKING:
    from member.keystore import Member
    from tests.member.conftest import Firms


@contextmanager
def following(member: Member) -> Iterator[list[Notice]]:
    shown: list[Notice] = []
    stop = threading.Event()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            follow(member, shown.append, stop)
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield shown
    finally:
        stop.set()
        thread.join(20)
    assert not failed, failed


def test_a_release_brings_the_alert_of_a_client_who_pays_us_far_later(own_firms: Firms) -> None:
    members = [own_firms.firm(home=False) for _ in range(7)]
    slow, others = members[0], members[1:]
    push(slow, ledger([1], DECEMBER, months=9, late=300))
    for member in others:
        push(member, ledger([1], DECEMBER, late=0))

    def month_passes(month: int) -> None:
        after = month + 1
        own_firms.server.set_today(date(after // 12, after % 12 + 1, 5))
        push(slow, ledger([1], month, months=9, late=300))  # beyond whatever the noise may do
        for member in others:
            push(member, ledger([1], month, late=0))
        own_firms.server.set_today(date(after // 12, after % 12 + 1, 12))
        own_firms.server.release(f"{month // 12:04d}-{month % 12 + 1:02d}")

    month_passes(DECEMBER + 2)
    with following(slow) as shown:
        wait_until(lambda: slow.session._token is not None)
        assert shown == []
        own_firms.server.restart()
        month_passes(DECEMBER + 3)
        wait_until(lambda: any(one.kind == "outside" for one in shown))
        notice = next(one for one in shown if one.kind == "outside")
        assert {one.kind for one in shown} <= {"outside", "own"}  # in a young network the own ledger speaks
        assert (notice.kind, notice.client, notice.own) == ("outside", client(1).name, True)
        assert notice.size_days >= 10
        month_passes(DECEMBER + 4)
        wait_until(lambda: slow.session.alerts() is not None)
    assert len({one.key for one in shown}) == len(shown)
    assert [one.kind for one in read_alerts(slow)][:1] == ["outside"]


def test_alerts_can_be_asked_from_a_month_on(own_firms: Firms) -> None:
    members = [own_firms.firm(home=False) for _ in range(6)]
    lived_through(own_firms, members, [1], months=1)
    assert read_alerts(members[0], "2026-02") == []


def test_a_network_that_is_away_is_waited_for(own_firms: Firms, monkeypatch) -> None:
    monkeypatch.setattr(alerts_feed, "FIRST_WAIT_SECONDS", 0.05)
    member = own_firms.firm(home=False)
    own_firms.server.stop()
    with following(member):
        wait_until(lambda: member.session._token is None)
        own_firms.server.start()
        wait_until(lambda: member.session._token is not None)


@pytest.fixture(autouse=True)
def _quick(monkeypatch) -> None:
    monkeypatch.setattr(alerts_feed, "FIRST_WAIT_SECONDS", 0.1)
