"""Releases: once a month, in order, signed, whole; and what their cells show to whom."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from benchmark.upload import digest, month_index, month_text
from privacy import signing
from tests.conftest import vigied
from tests.server.kit import Member, make_rows, pseudonyms, unb64

if TYPE_CHECKING:
    from tests.server.kit import Network

CLIENTS = pseudonyms("one", "two", "three", "four")
LONELY = pseudonyms("lonely")
DECEMBER = month_index(2025, 12)
ZERO = bytes(32)


def members(network: Network, count: int = 6) -> list[Member]:
    return [network.firm(f"Firm {number} (fictional)") for number in range(count)]


def send_month(firms: list[Member], month: int, days_late: int = 10) -> None:
    for number, firm in enumerate(firms):
        names = CLIENTS + (LONELY if number == 0 else [])
        answer = firm.send(firm.encode(month, make_rows(names, days_late + number)))
        assert answer.status_code == 200, answer.text


def day(month: int, number: int) -> date:
    return date((month + 1) // 12, (month + 1) % 12 + 1, number)


def live_through(network: Network, firms: list[Member], first: int, months: int, days_late: int = 10) -> None:
    """Upload on day 5, publish on day 12, month after month."""
    for month in range(first, first + months):
        network.server.set_today(day(month, 5))
        send_month(firms, month, days_late)
        network.server.set_today(day(month, 12))
        network.server.release(month_text(month))


def cells(firm: Member, month: int) -> dict[bytes, dict[str, Any]]:
    answer = firm.client().get(f"/api/releases/{month_text(month)}/cells")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    names = np.frombuffer(unb64(body["pseudonyms"]), "V32")
    columns = {
        name: np.frombuffer(unb64(body[name]), kind)
        for name, kind in {"band": "u1", "days_late": "<i2", "spread": "<i2", "dso": "<i2"}.items()
    }
    assert body["count"] == len(names) == len(columns["band"])
    return {
        name.tobytes(): {column: int(values[at]) for column, values in columns.items()}
        for at, name in enumerate(names)
    }


@pytest.fixture(scope="module")
def published(shared: Network) -> list[Member]:
    """Six firms that have lived through three releases."""
    firms = members(shared)
    live_through(shared, firms, DECEMBER, 3)
    return firms


def test_a_release_is_published_signed_and_chained(published: list[Member]) -> None:
    firms = published
    listed = firms[0].client().get("/api/releases").json()
    assert [one["month"] for one in listed] == ["2025-12", "2026-01", "2026-02"]
    facts = firms[0].client().get("/api/network").json()
    assert facts["latest_release"] == "2026-02"
    previous = "0" * 64
    for one in listed:
        header = unb64(one["header"])
        assert signing.verify(unb64(facts["release_key"]), "release", header, unb64(one["signature"]))
        told = json.loads(header)
        assert (told["month"], told["previous"]) == (one["month"], previous)
        assert told["published_on"] == one["published_on"]
        previous = hashlib.sha256(header).hexdigest()


def test_cells_are_shown_of_shared_clients_and_not_of_ones_too_few_report(published: list[Member]) -> None:
    firms = published
    shown = cells(firms[0], month_index(2026, 2))
    assert set(shown) == set(CLIENTS)
    assert all(one["band"] in {1, 2, 3} and one["days_late"] != -32768 for one in shown.values())
    assert cells(firms[1], month_index(2026, 2)) == shown
    lonely = firms[0].client().get(f"/api/cells/{LONELY[0].hex()}")
    assert (lonely.status_code, lonely.json()) == (200, {"months": []})


def test_one_clients_months_are_those_of_the_releases(published: list[Member]) -> None:
    firms = published
    months = firms[0].client().get(f"/api/cells/{CLIENTS[0].hex()}").json()["months"]
    for one in months:
        year, month = map(int, one["month"].split("-"))
        same = cells(firms[0], month_index(year, month))[CLIENTS[0]]
        assert {name: one[name] for name in ("band", "days_late", "spread", "dso")} == {
            name: None if value == -32768 else value for name, value in same.items()
        }
    assert months


@pytest.mark.usefixtures("published")
def test_a_firm_without_the_relation_sees_neither_cell_nor_client(shared: Network) -> None:
    outsider = shared.firm("Outsider (fictional)")
    assert cells(outsider, month_index(2026, 2)) == {}
    without = outsider.client().get(f"/api/cells/{CLIENTS[0].hex()}")
    nobodys = outsider.client().get(f"/api/cells/{'ab' * 32}")
    assert without.status_code == nobodys.status_code == 404
    assert without.json() == nobodys.json()


@pytest.mark.usefixtures("published")
def test_a_relation_shows_its_cells_as_far_back_as_the_firm_contributed(shared: Network) -> None:
    late = shared.firm("Late (fictional)")
    late.send(late.encode(month_index(2026, 2), make_rows(CLIENTS[:1])))
    assert set(cells(late, month_index(2026, 2))) == set(CLIENTS[:1])
    assert cells(late, month_index(2026, 1)) == {}
    months = late.client().get(f"/api/cells/{CLIENTS[0].hex()}").json()["months"]
    assert {one["month"] for one in months} <= {"2026-02"}


def test_a_month_is_published_once_in_order_and_not_before_its_day(network: Network) -> None:
    firms = members(network)
    network.server.set_today(day(DECEMBER, 5))
    send_month(firms, DECEMBER)
    with network.server.operator() as operator:

        def publish(month: str) -> Any:
            return operator.post("/api/operator/releases", json={"month": month})

        network.server.set_today(day(DECEMBER, 11))
        early = publish("2025-12")
        assert early.status_code == 409
        assert early.json()["type"].endswith("release-too-early")
        network.server.set_today(day(DECEMBER, 12))
        first, again = publish("2025-12"), publish("2025-12")
        assert (first.json()["fresh"], again.json()["fresh"]) == (True, False)
        network.server.set_today(day(DECEMBER + 2, 12))
        skipped = publish("2026-02")
        assert skipped.json()["type"].endswith("release-order")
        assert publish("2025-11").json()["type"].endswith("release-order")
        assert publish("nonsense").status_code == 404
        assert len(operator.get("/api/operator/releases").json()) == 1


def test_of_two_processes_that_publish_at_once_one_wins_and_the_other_finds_it_done(network: Network) -> None:
    firms = members(network)
    network.server.set_today(day(DECEMBER, 5))
    send_month(firms, DECEMBER)
    network.server.set_today(day(DECEMBER, 12))
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: vigied(network.server.settings, "release", "2025-12"), range(3)))
    assert all(one.returncode == 0 for one in outcomes), [one.stderr for one in outcomes]
    assert sorted("published already" in one.stdout for one in outcomes) == [False, True, True]
    with network.server.operator() as operator:
        assert len(operator.get("/api/operator/releases").json()) == 1


def test_the_next_month_due_is_published_without_being_named(sqlite_network: Network) -> None:
    firms = members(sqlite_network, 1)
    sqlite_network.server.set_today(day(DECEMBER, 5))
    send_month(firms, DECEMBER)
    assert vigied(sqlite_network.server.settings, "release").stdout == "nothing is due\n"
    sqlite_network.server.set_today(day(DECEMBER, 12))
    assert vigied(sqlite_network.server.settings, "release").stdout == "2025-12: published\n"


def test_what_arrives_after_the_window_closed_waits_for_the_next_release(network: Network) -> None:
    firms = members(network)
    network.server.set_today(day(DECEMBER, 10))
    send_month(firms[:5], DECEMBER)
    network.server.set_today(day(DECEMBER, 11))
    send_month(firms[5:], DECEMBER, days_late=60)
    network.server.set_today(day(DECEMBER, 12))
    network.server.release("2025-12")
    for firm in firms[:5]:
        assert _used_in(network, firm) == DECEMBER
    assert _used_in(network, firms[5]) is None


def test_a_correction_after_the_window_closed_leaves_the_release_what_was_there(network: Network) -> None:
    (firm,) = members(network, 1)
    network.server.set_today(day(DECEMBER, 5))
    first = firm.encode(DECEMBER, make_rows(CLIENTS))
    firm.send(first)
    network.server.set_today(day(DECEMBER, 11))
    second = firm.encode(DECEMBER, make_rows(CLIENTS, 40), replaces=digest(first))
    firm.send(second)
    network.server.set_today(day(DECEMBER, 12))
    network.server.release("2025-12")
    assert firm.client().get(f"/api/uploads/{digest(first).hex()}").content == first
    assert firm.client().get(f"/api/uploads/{digest(second).hex()}").content == second


def test_a_superseded_upload_that_no_release_read_is_erased_and_its_receipt_stays(network: Network) -> None:
    (firm,) = members(network, 1)
    network.server.set_today(day(DECEMBER, 5))
    first = firm.encode(DECEMBER, make_rows(CLIENTS))
    firm.send(first)
    firm.send(firm.encode(DECEMBER, make_rows(CLIENTS, 40), replaces=digest(first)))
    network.server.set_today(day(DECEMBER, 12))
    network.server.release("2025-12")
    assert firm.client().get(f"/api/uploads/{digest(first).hex()}").status_code == 404
    assert [(one["current"], one["erased"]) for one in firm.client().get("/api/uploads").json()] == [
        (True, False),
        (False, True),
    ]


def test_firms_of_one_group_count_once(sqlite_network: Network) -> None:
    group = uuid.uuid4()
    firms = [sqlite_network.firm(f"Sister {n} (fictional)", group_id=group) for n in range(6)]
    live_through(sqlite_network, firms, DECEMBER, 3)
    assert cells(firms[0], month_index(2026, 2)) == {}


def _used_in(network: Network, firm: Member) -> int | None:
    if network.server.database_url.startswith("sqlite"):
        connection = sqlite3.connect(network.server.database_url.removeprefix("sqlite:///"))
        found = connection.execute("SELECT used_in FROM upload WHERE firm = ?", [str(firm.id)]).fetchone()
        connection.close()
        return found[0]
    import asyncio

    import asyncpg

    async def ask() -> int | None:
        connection = await asyncpg.connect(network.server.database_url)
        try:
            return await connection.fetchval("SELECT used_in FROM upload WHERE firm = $1", firm.id)
        finally:
            await connection.close()

    return asyncio.run(ask())
