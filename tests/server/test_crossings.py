"""Who changes how she logs in, and who logs in or changes it meanwhile: one of the two comes first."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from server import second_factor_routes, sessions
from tests.server.crossings import ask, code, held_after, nothing, while_held
from tests.server.kit import PASSWORD_PROOF, Member, b64, unb64
from tests.server.test_second_factors import OWN, code_of

if TYPE_CHECKING:
    import asyncpg
    import httpx

    from tests.server.kit import Network

LOG_IN = "/api/sessions/password"
CONFIRM = f"{OWN}/confirmation"
PROOF = {"auth_key": b64(PASSWORD_PROOF)}


def change(firm: Member, new: bytes, wrapped: bytes = b"sealed") -> httpx.Response:
    body = {
        "auth_key": b64(PASSWORD_PROOF),
        "replaces": b64(hashlib.sha256(b"sealed").digest()),
        "kdf_salt": b64(bytes(16)),
        "new_auth_key": b64(new),
        "wrapped_bundle": b64(wrapped),
    }
    answer = firm.client().put("/api/me/secrets", json=body)
    assert answer.status_code == 204, answer.text
    return answer


def begin(firm: Member) -> str:
    begun = firm.client().post(OWN, json=PROOF)
    assert begun.status_code == 201, begun.text
    return str(begun.json()["secret"])


def confirm(firm: Member, secret: str, shift: int = 0) -> httpx.Response:
    return firm.client().post(CONFIRM, json={"code": code_of(secret, shift)})


def own_log_in(firm: Member) -> dict[str, Any]:
    return {"email": firm.email} | PROOF


@pytest.fixture
def _postgres_alone(shared: Network) -> None:
    if not shared.server.database_url.startswith("postgres"):
        pytest.skip("one writer at a time: nobody waits for a row")


@pytest.mark.usefixtures("_postgres_alone")
def test_a_log_in_waits_for_a_change_of_password_that_is_being_written(shared: Network) -> None:
    firm = shared.firm("Being written (fictional)")

    async def change_hash(ours: asyncpg.Connection) -> None:
        await ours.execute("UPDATE person SET auth_hash = $1 WHERE id = $2::uuid", bytes(32), firm.user_id)

    async def end_sessions(ours: asyncpg.Connection) -> None:
        await ours.execute("DELETE FROM session WHERE person = $1::uuid", firm.user_id)

    answer = while_held(
        firm.server,
        change_hash,
        lambda: firm.anonymous.post(LOG_IN, json=own_log_in(firm)),
        end_sessions,
    )
    assert code(answer) == (401, "credentials")


@pytest.mark.usefixtures("_postgres_alone")
def test_turning_a_second_factor_on_ends_a_session_that_is_being_begun(shared: Network) -> None:
    firm = shared.firm("Being begun (fictional)")
    secret, stolen = begin(firm), os.urandom(32)

    async def log_in(ours: asyncpg.Connection) -> None:
        await ours.execute("SELECT id FROM person WHERE id = $1::uuid FOR NO KEY UPDATE", firm.user_id)
        await ours.execute(
            "INSERT INTO session (token_hash, person, created_at, expires_at, described, seen_at)"
            " SELECT $1, person, created_at, expires_at, '', seen_at FROM session WHERE person = $2::uuid",
            stolen,
            firm.user_id,
        )

    assert while_held(firm.server, log_in, lambda: confirm(firm, secret), nothing).status_code == 201
    assert len(firm.client().get("/api/me/sessions").json()) == 1


def test_a_log_in_with_the_password_of_before_begins_no_session_after_the_change(
    shared: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = shared.firm("Changed meanwhile (fictional)")
    held_after(monkeypatch, (sessions, "pass_second"), lambda: change(firm, os.urandom(32)))
    assert code(ask(firm.server, "", "POST", LOG_IN, own_log_in(firm))) == (401, "credentials")
    assert len(firm.client().get("/api/me/sessions").json()) == 1


def test_a_log_in_gets_the_keys_as_they_are_wrapped_when_it_begins(
    shared: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = shared.firm("Wrapped meanwhile (fictional)")
    held_after(monkeypatch, (sessions, "pass_second"), lambda: change(firm, PASSWORD_PROOF, b"newer"))
    answer = ask(firm.server, "", "POST", LOG_IN, own_log_in(firm))
    assert (answer.status_code, unb64(answer.json()["wrapped_bundle"])) == (200, b"newer")


def test_a_log_in_without_a_code_begins_no_session_after_codes_are_asked(
    shared: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = shared.firm("Asked meanwhile (fictional)")
    secret = begin(firm)
    held_after(monkeypatch, (sessions, "pass_second"), lambda: confirm(firm, secret))
    assert code(ask(firm.server, "", "POST", LOG_IN, own_log_in(firm))) == (401, "second-factor")
    assert len(firm.client().get("/api/me/sessions").json()) == 1


def test_a_code_confirms_no_secret_but_its_own(shared: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = shared.firm("Begun anew (fictional)")
    first, second = begin(firm), []
    held_after(monkeypatch, (second_factor_routes, "spend"), lambda: second.append(begin(firm)))
    answer = ask(firm.server, firm.token, "POST", CONFIRM, {"code": code_of(first)})
    assert code(answer) == (422, "second-factor-mistyped")
    assert confirm(firm, *second).status_code == 201


def test_a_second_factor_is_turned_on_once(shared: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = shared.firm("Turned on twice (fictional)")
    secret, done = begin(firm), []
    held_after(
        monkeypatch,
        (second_factor_routes, "spend"),
        lambda: done.append(confirm(firm, secret, 1).status_code),
    )
    answer = ask(firm.server, firm.token, "POST", CONFIRM, {"code": code_of(secret)})
    assert (done, code(answer)) == ([201], (409, "second-factor-on"))


@pytest.mark.usefixtures("_postgres_alone")
def test_two_begin_at_once_and_the_later_secret_counts(shared: Network) -> None:
    firm = shared.firm("Begun twice (fictional)")

    async def begun(ours: asyncpg.Connection) -> None:
        await ours.execute("SELECT id FROM person WHERE id = $1::uuid FOR NO KEY UPDATE", firm.user_id)
        await ours.execute(
            "INSERT INTO second_factor (person, secret, last_step, paper, failures, failed_at)"
            " VALUES ($1::uuid, '', 0, '', 0, 0)",
            firm.user_id,
        )

    secret = while_held(firm.server, begun, lambda: begin(firm), nothing)
    assert confirm(firm, secret).status_code == 201


@pytest.mark.usefixtures("_postgres_alone")
@pytest.mark.parametrize("asked", ["log in", "printed again", "taken off", "ended"])
def test_who_shows_a_code_while_she_is_revoked_waits_for_it_and_holds_nothing_of_it(
    shared: Network, asked: str
) -> None:
    firm = shared.firm("Revoked meanwhile (fictional)")
    secret = begin(firm)
    paper = confirm(firm, secret).json()["codes"]
    shown = {"code": paper[0]}
    session = {"id": firm.client().get("/api/me/sessions").json()[0]["session_id"]}
    requests = {
        "log in": ("POST", LOG_IN, own_log_in(firm) | shown),
        "printed again": ("POST", f"{OWN}/paper", {"code": code_of(secret, 1)}),
        "taken off": ("POST", f"{OWN}/removal", {"code": code_of(secret, 1)}),
        "ended": ("DELETE", f"/api/me/sessions/{session['id']}", None),
    }
    method, path, body = requests[asked]
    client = firm.anonymous if asked == "log in" else firm.client()

    async def lock(ours: asyncpg.Connection) -> None:
        await ours.execute("SELECT id FROM firm WHERE id = $1 FOR UPDATE", firm.id)

    async def revoke(ours: asyncpg.Connection) -> None:
        await ours.execute("DELETE FROM second_factor WHERE person = $1::uuid", firm.user_id)
        await ours.execute("DELETE FROM session WHERE person = $1::uuid", firm.user_id)

    answer = while_held(firm.server, lock, lambda: client.request(method, path, json=body), revoke)
    assert answer.status_code < 500, answer.text


@pytest.mark.usefixtures("_postgres_alone")
def test_of_two_pairings_begun_at_once_the_later_one_waits_alone(shared: Network) -> None:
    firm = shared.firm("Paired twice (fictional)")

    async def pair(ours: asyncpg.Connection) -> None:
        await ours.execute("SELECT id FROM person WHERE id = $1::uuid FOR NO KEY UPDATE", firm.user_id)
        await ours.execute(
            "INSERT INTO pairing (id, person, commitment, expires_at) VALUES ($1, $2::uuid, $3, $4)",
            uuid4(),
            firm.user_id,
            bytes(32),
            2_000_000_000,
        )

    body = {"email": firm.email, "commitment": b64(bytes(32))}
    later = while_held(
        firm.server, pair, lambda: firm.anonymous.post("/api/pairings", json=body), nothing
    ).json()["id"]
    assert [one["id"] for one in firm.client().get("/api/pairings").json()] == [later]
