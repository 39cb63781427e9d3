"""kill -9 of the server during uploads and releases: nothing acknowledged is missing, nothing is half there.

Each round lets the request run for a random part of the time that it takes, kills the process, starts it
again on what is on the disk, and looks. `--kills` says how many rounds.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import threading
import time
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import asyncpg
import httpx
import numpy as np
import pytest

from benchmark.upload import digest, month_index, month_text
from privacy.visibility import RELATION_DTYPE, WAITING
from server.audit import GENESIS, entry_digest
from tests.server.kit import Member, Network, make_rows, pseudonyms, unb64

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.faults

DECEMBER = month_index(2025, 12)
MONTHS = [DECEMBER - back for back in range(12)]
CLIENTS = pseudonyms(*(f"client {number}" for number in range(1_500)))


@dataclass
class Attempt:
    """A request that runs while the server is killed."""

    answer: httpx.Response | None = None

    def run(self, network: Network, ask: Callable[[], httpx.Response], seconds: float) -> None:
        """Ask, wait, kill, start again."""
        begun = threading.Event()

        def work() -> None:
            begun.set()
            try:
                self.answer = ask()
            except httpx.TransportError:
                self.answer = None

        thread = threading.Thread(target=work)
        thread.start()
        begun.wait()
        time.sleep(seconds)
        network.server.kill()
        thread.join()
        network.server.start()


def ask_database(network: Network, statement: str) -> list[dict[str, Any]]:
    url = network.server.database_url
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(statement)]
        connection.close()
        return rows

    async def fetch() -> list[dict[str, Any]]:
        connection = await asyncpg.connect(url)
        try:
            return [dict(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return asyncio.run(fetch())


def check_audit(firm: Member) -> list[str]:
    """The firm's log is one unbroken chain; its events."""
    previous, events = GENESIS, []
    for number, one in enumerate(firm.client().get("/api/audit").json(), start=1):
        expected = entry_digest(
            previous, firm.id, number, one["at"], one["actor"], one["event"], one["detail"]
        )
        assert one["sequence"] == number
        assert unb64(one["digest"]) == expected
        previous = expected
        events.append(one["event"])
    return events


def test_an_upload_killed_at_any_moment_is_there_whole_or_not_at_all(network: Network, kills: int) -> None:
    firm = network.firm(portfolio=len(CLIENTS))
    chance = random.Random(20260105)
    current: dict[int, bytes] = dict.fromkeys(MONTHS, bytes(32))
    seconds, acknowledged = 0.0, 0
    for number in range(kills + 1):
        batch = [firm.encode(month, make_rows(CLIENTS, number), replaces=current[month]) for month in MONTHS]
        sent = dict(zip(MONTHS, map(digest, batch), strict=True))
        key = f"round {number}"
        if number == 0:  # how long it takes when nobody kills
            begun = time.monotonic()
            assert firm.send(*batch, key=key).status_code == 200
            seconds = time.monotonic() - begun
            current = sent
            continue
        attempt = Attempt()
        attempt.run(network, lambda: firm.send(*batch, key=key), chance.uniform(0, seconds * 1.3))  # noqa: B023
        found = {
            one["month"]: unb64(one["digest"])
            for one in firm.client().get("/api/uploads").json()
            if one["current"]
        }
        before = {month_text(month): one for month, one in current.items()}
        after = {month_text(month): one for month, one in sent.items()}
        assert found in (before, after), "some months were stored and others not"
        if attempt.answer is not None and attempt.answer.status_code == 200:
            acknowledged += 1
            assert found == after, "an acknowledged upload is missing"
        again = firm.send(*batch, key=key)
        assert again.status_code == 200, again.text
        if attempt.answer is not None:
            assert again.json() == attempt.answer.json()
        current = sent
    stored = firm.client().get("/api/uploads").json()
    assert len(stored) == len(MONTHS) * (kills + 1), "something was stored twice"
    assert check_audit(firm).count("uploaded") == kills + 1
    assert (
        firm.client().get("/api/alerts").status_code == 200
    )  # relations are caught up with when they are read
    relations = ask_database(network, "SELECT packed FROM relations")
    packed = np.frombuffer(relations[0]["packed"], RELATION_DTYPE)
    assert len(packed) == len(CLIENTS)


def day(month: int, number: int) -> date:
    return date((month + 1) // 12, (month + 1) % 12 + 1, number)


def test_a_release_killed_at_any_moment_is_published_whole_or_not_at_all(
    network: Network, kills: int
) -> None:
    firms = [network.firm(f"Firm {number} (fictional)", len(CLIENTS)) for number in range(6)]
    chance = random.Random(20260112)
    seconds = 0.0
    for number in range(kills + 1):
        month = DECEMBER + 2 + number
        network.server.set_today(day(month, 5))
        for firm in firms:
            assert firm.send(firm.encode(month, make_rows(CLIENTS, 10 + number))).status_code == 200
        network.server.set_today(day(month, 12))
        body = {"month": month_text(month)}
        operator = network.server.operator()
        if number == 0:
            begun = time.monotonic()
            assert operator.post("/api/operator/releases", json=body).status_code == 200
            seconds = time.monotonic() - begun
            operator.close()
            continue
        attempt = Attempt()
        attempt.run(
            network,
            lambda: operator.post("/api/operator/releases", json=body),  # noqa: B023
            chance.uniform(0, seconds * 1.3),
        )
        operator.close()
        published = check_release(network, firms, month)
        if attempt.answer is not None and attempt.answer.status_code == 200:
            assert published, "an acknowledged release is missing"
        with network.server.operator() as client:
            again = client.post("/api/operator/releases", json=body)
        assert again.status_code == 200, again.text
        assert again.json()["fresh"] == (not published)
        assert check_release(network, firms, month)
    listed = firms[0].client().get("/api/releases").json()
    assert [one["month"] for one in listed] == [month_text(DECEMBER + 2 + n) for n in range(kills + 1)]


def check_release(network: Network, firms: list[Member], month: int) -> bool:
    """Whether a month is published; everything that belongs to it is there then, and nothing otherwise."""
    listed = {one["month"] for one in firms[0].client().get("/api/releases").json()}
    published = month_text(month) in listed
    state = ask_database(network, f"SELECT month FROM policy_state WHERE month = {month}")
    used = ask_database(network, f"SELECT DISTINCT used_in FROM upload WHERE month = {month}")
    told = ask_database(network, f"SELECT month FROM outbox_event WHERE month = {month}")
    assert bool(state) == bool(told) == published
    assert [row["used_in"] for row in used] == [month if published else None]
    for row in ask_database(network, "SELECT packed FROM relations"):
        relations = np.frombuffer(row["packed"], RELATION_DTYPE)
        ripened = relations["last_release"][relations["added_on"] != WAITING] == month
        assert len(ripened)
        assert ripened.all() if published else not ripened.any(), "some firms' relations ripened, others not"
    answer = firms[0].client().get(f"/api/releases/{month_text(month)}/cells")
    assert answer.status_code == (200 if published else 404)
    return published
