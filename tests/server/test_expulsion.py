"""Who is expelled while it asks, or before it came, is let in no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from server import calls, sessions
from tests.conftest import TODAY, vigied
from tests.server.crossings import ask, code, held_after, nothing, while_held
from tests.server.kit import b64
from tests.server.planting import ask as rows
from tests.server.test_calls import signed_call
from tests.server.test_firms import enrol

if TYPE_CHECKING:
    import asyncpg

    from tests.server.kit import Network

RECORD = {"record": b64(signed_call(TODAY)), "secret": b64(b"sealed")}


def expel(network: Network, firm: UUID) -> int:
    done = vigied(network.server.settings, "expel", str(firm), "--reason", "invented invoices")
    return done.returncode


def test_a_firm_that_is_expelled_before_it_came_does_not_come(shared: Network) -> None:
    firm, body = shared.enrolment(shared.server.admit("Never came (fictional)", 100))
    assert expel(shared, firm.id) == 0
    assert rows(shared.server, "SELECT invitation_hash FROM firm WHERE id = {}", firm.id) == [(None,)]
    assert code(enrol(shared, body)) == (403, "invitation")
    # Expelled by a program that left the invitation.
    firm, body = shared.enrolment(shared.server.admit("Never came either (fictional)", 100))
    rows(shared.server, "UPDATE firm SET expelled = {} WHERE id = {}", True, firm.id)
    assert code(enrol(shared, body)) == (403, "invitation")
    assert rows(shared.server, "SELECT firm FROM holder_firm WHERE firm = {}", firm.id) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/calls", RECORD),
        (f"/api/calls/{UUID(int=1)}/answer", RECORD),
        ("/api/webhooks", {"url": "https://localhost/vigie"}),
        (f"/api/webhooks/{UUID(int=1)}/replay", {}),
    ],
)
def test_what_a_firm_asks_while_it_is_expelled_is_refused(
    shared: Network, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, Any]
) -> None:
    firm = shared.firm("Expelled meanwhile (fictional)")

    async def seasoned(*_: object) -> bool:
        return True

    monkeypatch.setattr(calls, "is_seasoned", seasoned)
    held_after(monkeypatch, (sessions, "identify"), lambda: expel(shared, firm.id))
    assert code(ask(firm.server, firm.token, "POST", path, body)) == (401, "not-logged-in")
    assert rows(shared.server, "SELECT id FROM call WHERE firm = {}", firm.id) == []


def test_a_firm_is_expelled_while_the_operator_does_something_else(shared: Network) -> None:
    if not shared.server.database_url.startswith("postgres"):
        pytest.skip("one writer at a time: nobody waits for a row")
    firm = shared.firm("Expelled at once (fictional)")

    async def admit_another(ours: asyncpg.Connection) -> None:
        await ours.execute("SELECT id FROM network FOR UPDATE")
        await ours.execute(
            "INSERT INTO audit (chain, sequence, at, actor, event, detail, previous, digest)"
            " SELECT chain, sequence + 1, at, actor, event, detail, digest, digest FROM audit"
            " WHERE chain = $1 ORDER BY sequence DESC LIMIT 1",
            UUID(int=0),
        )

    assert while_held(firm.server, admit_another, lambda: expel(shared, firm.id), nothing) == 0
