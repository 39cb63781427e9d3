"""A person sees where she is logged in, and ends what she does not know; nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.server.kit import PASSWORD_PROOF, b64

if TYPE_CHECKING:
    from tests.server.kit import Network


def test_sessions_are_told_apart_by_program_and_system_and_nothing_finer(shared: Network) -> None:
    firm = shared.firm("Described (fictional)")
    body = {"email": firm.email, "auth_key": b64(PASSWORD_PROOF)}
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0"
    answer = firm.anonymous.post("/api/sessions/password", json=body, headers={"User-Agent": agent})
    assert answer.status_code == 200
    listed = firm.client().get("/api/me/sessions").json()
    named = next(one for one in listed if one["described"])
    assert named["described"] == "Firefox, Windows"
    assert all(one["seen_at"] >= one["created_at"] for one in listed)


def test_a_person_ends_one_of_her_sessions_and_no_other(shared: Network) -> None:
    firm, other = shared.firm("Sessions (fictional)"), shared.firm("Another (fictional)")
    first = firm.token
    firm.log_in()
    listed = firm.client().get("/api/me/sessions").json()
    assert [one["current"] for one in listed].count(True) == 1
    assert len(listed) == 2
    assert not any(first in str(one.values()) for one in listed)
    (old,) = [one["session_id"] for one in listed if not one["current"]]
    assert other.client().delete(f"/api/me/sessions/{old}").status_code == 404
    assert firm.client().delete(f"/api/me/sessions/{old}").status_code == 204
    assert firm.client(first).get("/api/me").status_code == 401
    assert firm.client().delete(f"/api/me/sessions/{old}").status_code == 404
    assert [one["current"] for one in firm.client().get("/api/me/sessions").json()] == [True]
    assert firm.client().get("/api/audit").json()[-1]["event"] == "session-ended"
