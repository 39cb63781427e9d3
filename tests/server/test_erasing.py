"""What has served its time is erased, with its tombstone left, and nothing that a release still looks at."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from benchmark.upload import digest, month_index, month_text
from privacy.disclosure import CELL_DTYPE
from server.erasing import CELL_MONTHS, CONTRIBUTION_MONTHS
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


def test_cells_past_their_period_are_erased_with_their_tree_and_the_manifest_stays(
    sqlite_server: RunningServer,
) -> None:
    server = sqlite_server
    network = Network(server)
    firm = network.firm("A firm (fictional)", 20)
    for month in (DECEMBER, DECEMBER + 1):
        after = month + 1
        server.set_today(date(after // 12, after % 12 + 1, 12))
        server.release(month_text(month))
    ancient = DECEMBER + 1 - CELL_MONTHS - 1
    ask(server, "UPDATE release SET cells = {}, cell_count = 1", bytes(CELL_DTYPE.itemsize))
    for table in ("release", "manifest_trees"):
        ask(server, f"UPDATE {table} SET month = {{}} WHERE month = {{}}", ancient, DECEMBER)
    server.restart()
    eventually(lambda: [row[0] for row in ask(server, "SELECT month FROM manifest_trees")] == [DECEMBER + 1])
    cells = dict(ask(server, "SELECT month, cells FROM release"))
    assert (cells[ancient], len(cells[DECEMBER + 1])) == (b"", CELL_DTYPE.itemsize)
    assert len(firm.anonymous.get("/api/manifests").json()) == 2
    for path in ("releases/{}/cells", "manifests/{}/cells"):
        statuses = [
            firm.client().get(f"/api/{path.format(month_text(month))}").status_code
            for month in (ancient, DECEMBER + 1)
        ]
        assert statuses == [404, 200], path
    network.close()
