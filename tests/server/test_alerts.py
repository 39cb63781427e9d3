"""Alerts follow from published cells, and are told to firms with an open relation alone."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from websockets.sync.client import ClientConnection, connect

from benchmark.upload import month_index, month_text
from tests.server.kit import Member, Network, make_rows, pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher

FIRST = month_index(2026, 2)
MONTHS = 7
CLIENTS = pseudonyms(*(f"client {number}" for number in range(9)))


def day(month: int, number: int) -> date:
    return date((month + 1) // 12, (month + 1) % 12 + 1, number)


def rows_of(month: int):
    """All clients pay 10 days late; in the last months three of them pay 70 days late.

    Three, since the noise of a network's own keys hides one jump in ten.
    """
    rows = make_rows(CLIENTS, 10)
    if month >= FIRST + MONTHS - 2:
        rows["paid_days_late"][:3] = 100_000 * 70
        rows["paid_days_to_pay"][:3] = 100_000 * 100
    return rows


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def played(
    request: pytest.FixtureRequest, launch_for_module: Launcher
) -> Iterator[tuple[list[Member], ClientConnection]]:
    """The firms, and what the first of them has heard on its live feed since it enrolled."""
    network = Network(launch_for_module(request.param))
    firms = [network.firm(f"Firm {number} (fictional)", 20) for number in range(14)]
    with connect(
        network.server.url.replace("http", "ws", 1) + "/api/live",
        additional_headers={"Authorization": f"Bearer {firms[0].token}"},
        proxy=None,
        close_timeout=1,
    ) as feed:
        for firm in firms:
            firm.send(firm.encode(month_index(2025, 12), rows_of(month_index(2025, 12))))
        for month in range(month_index(2025, 12), FIRST + MONTHS):
            network.server.set_today(day(month, 5))
            for firm in firms:
                if month > month_index(2025, 12):
                    assert firm.send(firm.encode(month, rows_of(month))).status_code == 200
            network.server.set_today(day(month, 12))
            network.server.release(month_text(month))
        yield firms, feed
    network.close()


@pytest.fixture
def warned(played: tuple[list[Member], ClientConnection]) -> list[Member]:
    return played[0]


def test_a_jump_raises_an_alert_with_its_evidence(warned: list[Member]) -> None:
    alerts = warned[0].client().get("/api/alerts").json()
    assert alerts
    worst = next(one for one in alerts if one["kind"] == "shock")
    assert worst["size_days"] > 10
    assert worst["detector"] == "shock-4"
    assert worst["confidence"] in {"likely", "very likely"}
    assert worst["evidence"][-1][0] == worst["month"]
    assert warned[0].client().get(f"/api/alerts/{worst['id']}").json() == worst


def test_a_connected_device_hears_of_the_release_then_of_its_alerts(
    played: tuple[list[Member], ClientConnection],
) -> None:
    firms, feed = played
    alerts = firms[0].client().get("/api/alerts").json()
    first = alerts[-1]["month"]
    frames: list[dict[str, Any]] = []
    while not frames or frames[-1].get("month") != first or frames[-1]["type"] != "alert":
        frame = json.loads(feed.recv(timeout=60))
        frames += [frame] if frame["type"] != "beat" else []
    assert [one["type"] for one in frames[-2:]] == ["release", "alert"]
    told = frames[-1]
    assert told["count"] == len(told["alerts"]) == sum(one["month"] == first for one in alerts)
    assert told["info"] == sum(one["month"] == first and one["severity"] == "info" for one in alerts)
    assert {one["id"] for one in told["alerts"]} == {one["id"] for one in alerts if one["month"] == first}


def test_every_exposed_firm_hears_the_same(warned: list[Member]) -> None:
    assert warned[1].client().get("/api/alerts").json() == warned[0].client().get("/api/alerts").json()


def test_a_firm_without_the_relation_hears_nothing_and_finds_nothing(warned: list[Member]) -> None:
    network = Network(warned[0].server)
    outsider = network.firm("Outsider (fictional)")
    known = warned[0].client().get("/api/alerts").json()[0]["id"]
    assert outsider.client().get("/api/alerts").json() == []
    denied = outsider.client().get(f"/api/alerts/{known}")
    nobodys = outsider.client().get("/api/alerts/00000000-0000-0000-0000-000000000000")
    assert denied.status_code == nobodys.status_code == 404
    assert denied.json() == nobodys.json()
    network.close()


def test_alerts_since_a_month_are_that_months_and_later(warned: list[Member]) -> None:
    client = warned[0].client()
    last = month_text(FIRST + MONTHS - 1)
    assert {one["month"] for one in client.get("/api/alerts", params={"since": last}).json()} <= {last}
    assert client.get("/api/alerts", params={"since": "2099-01"}).json() == []
    for wrong in ("x", "2026-13", "2026"):
        assert client.get("/api/alerts", params={"since": wrong}).status_code == 400
