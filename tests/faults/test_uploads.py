"""kill -9 while months are uploaded: a batch is stored whole or not at all, what was acknowledged stays."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from benchmark.upload import digest, month_index, month_text
from tests import rows
from tests.server.kit import Network, make_rows, pseudonyms, unb64

if TYPE_CHECKING:
    from tests.conftest import Launcher
    from tests.faults.conftest import Reaper

MONTHS = range(month_index(2025, 1), month_index(2026, 1))
CLIENTS = pseudonyms(*(f"client {number}" for number in range(3_000)))


@pytest.mark.faults
def test_a_batch_is_stored_whole_or_not_at_all_and_a_receipt_is_a_promise(
    launch: Launcher, database: str, kills: int, reaper_of: Callable[..., Reaper]
) -> None:
    server = launch(database)
    network = Network(server)
    firm = network.firm(portfolio=len(CLIENTS))
    current: dict[int, bytes] = {}
    reaper = reaper_of(server, 0.4)
    for turn in range(kills):
        batch = [
            firm.encode(month, make_rows(CLIENTS, turn), current.get(month, bytes(32))) for month in MONTHS
        ]
        sent = {month: digest(one) for month, one in zip(MONTHS, batch, strict=True)}
        answers: list[dict[str, Any]] = []

        def send(batch=batch, answers=answers, key=f"turn {turn}") -> None:
            answers.append(_answered(firm.send(*batch, key=key)))

        reaper.during(send)
        stored = _stored(firm.client().get("/api/uploads"))
        assert stored in (current, sent)
        if answers:
            assert stored == sent, "acknowledged, so it is there"
        before = stored == sent
        again = _answered(firm.send(*batch, key=f"turn {turn}"))
        if answers:
            assert again == answers[0], "the same batch under the same key has the same answer"
        assert {unb64(receipt["digest"]) for receipt in again["receipts"]} == set(sent.values())
        current = _stored(firm.client().get("/api/uploads"))
        assert current == sent, f"stored before the second sending: {before}"
    assert rows.sound(server)
    (count,) = rows.ask(server, "SELECT COUNT(*) FROM upload WHERE superseded_at IS NULL")[0]
    assert count == len(MONTHS)
    network.close()


@pytest.mark.faults
def test_a_killed_server_comes_back_with_its_audit_chain_whole(
    launch: Launcher, database: str, kills: int, reaper_of: Callable[..., Reaper]
) -> None:
    server = launch(database)
    network = Network(server)
    firm = network.firm()
    reaper = reaper_of(server, 0.05)
    replaces = bytes(32)
    for turn in range(kills):
        upload = firm.encode(MONTHS[-1], make_rows(CLIENTS[:20], turn), replaces)
        reaper.during(lambda upload=upload, turn=turn: _answered(firm.send(upload, key=f"turn {turn}")))
        _answered(firm.send(upload, key=f"turn {turn}"))
        replaces = digest(upload)
    entries = firm.client().get("/api/audit").json()
    assert [entry["sequence"] for entry in entries] == list(
        range(entries[0]["sequence"], len(entries) + entries[0]["sequence"])
    )
    for before, after in pairwise(entries):
        assert after["previous"] == before["digest"]
    assert sum(entry["event"] == "uploaded" for entry in entries) == kills, "each upload once"
    network.close()


def _answered(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return answer.json()


def _stored(answer: httpx.Response) -> dict[int, bytes]:
    months = {month_text(month): month for month in MONTHS}
    return {months[one["month"]]: unb64(one["digest"]) for one in answer.json() if one["current"]}
