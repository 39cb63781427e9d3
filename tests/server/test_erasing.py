"""What has served its time is erased, with its tombstone left, and nothing that a release still looks at."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from benchmark.upload import digest, month_index, month_text
from server.erasing import CONTRIBUTION_MONTHS
from tests.server.kit import Network, make_rows, pseudonyms
from tests.server.planting import ask, eventually, plant

if TYPE_CHECKING:
    from tests.conftest import RunningServer

DECEMBER = month_index(2025, 12)


def test_a_month_past_its_period_loses_its_figures_and_keeps_its_receipt(server: RunningServer) -> None:
    network = Network(server)
    firm = network.firm("A firm (fictional)", 20)
    clients = pseudonyms("a client")
    old = firm.encode(DECEMBER - CONTRIBUTION_MONTHS, make_rows(clients))
    kept = firm.encode(DECEMBER, make_rows(clients))
    assert firm.send(old, kept).status_code == 200
    ancient, recent = plant(server, clients[0], DECEMBER - 62), plant(server, clients[0], DECEMBER)
    server.restart()  # the sweep goes by hours; it begins with the server
    assert firm.client().get(f"/api/uploads/{digest(old).hex()}").content == old  # nothing was released yet
    server.set_today(date(2026, 1, 12))
    server.release(month_text(DECEMBER))
    server.set_today(date(2026, 2, 1))
    server.restart()
    eventually(lambda: firm.client().get(f"/api/uploads/{digest(old).hex()}").status_code == 404)
    assert firm.client().get(f"/api/uploads/{digest(kept).hex()}").content == kept
    receipts = {one["month"]: one["erased"] for one in firm.client().get("/api/uploads").json()}
    assert receipts == {month_text(DECEMBER - CONTRIBUTION_MONTHS): True, month_text(DECEMBER): False}
    eventually(lambda: len(ask(server, "SELECT id FROM alert")) == 1)
    assert str(ask(server, "SELECT id FROM alert")[0][0]) == recent != ancient
    parts = ask(server, "SELECT COUNT(*) FROM upload_part")
    assert parts[0][0] >= 1
    network.close()
