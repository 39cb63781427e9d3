"""A second factor is asked of who has one, serves once, makes a guesser wait, and is reset by others."""

from __future__ import annotations

import base64
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from server.second_factors import (
    FIRST_WAIT_SECONDS,
    FREE_FAILURES,
    PAPER_CODES,
    STEP_SECONDS,
    WAIT_SECONDS_MAX,
    code_at,
    wait_seconds,
)
from tests.server.kit import PASSWORD_PROOF, Member, b64

if TYPE_CHECKING:
    from tests.server.kit import Network

OWN = "/api/me/second-factor"
WRONG = "not-a-code"


def log_in(firm: Member, code: str = "") -> httpx.Response:
    body = {"email": firm.email, "auth_key": b64(PASSWORD_PROOF), "code": code}
    return firm.anonymous.post("/api/sessions/password", json=body)


def code_of(secret: str, shift: int = 0) -> str:
    """What an app shows: an implementation of its own, from the text of the secret."""
    app = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    return app.generate(int(time.time()) + shift * STEP_SECONDS).decode()


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:vigie:problem:")


def with_factor(firm: Member) -> tuple[str, list[str]]:
    """The firm's administrator uses codes: the secret, and the codes on paper."""
    begun = firm.client().post(OWN, json={"auth_key": b64(PASSWORD_PROOF)})
    assert begun.status_code == 201, begun.text
    secret = begun.json()["secret"]
    assert f"secret={secret}&" in begun.json()["uri"]
    done = firm.client().post(f"{OWN}/confirmation", json={"code": code_of(secret)})
    assert done.status_code == 201, done.text
    return secret, done.json()["codes"]


def test_codes_are_those_of_rfc_6238() -> None:
    secret = b"12345678901234567890"
    known = {59: "94287082", 1111111109: "07081804", 20000000000: "65353130"}
    assert {at: code_at(secret, at // STEP_SECONDS) for at in known} == {
        at: code[-6:] for at, code in known.items()
    }


def test_a_code_is_asked_after_the_two_secrets_and_serves_once(shared: Network) -> None:
    firm = shared.firm("Second factor (fictional)")
    elsewhere = firm.token
    firm.log_in()
    assert firm.client().get(OWN).json() == {"on": False, "paper_left": 0}
    secret, paper = with_factor(firm)
    assert firm.client(elsewhere).get("/api/me").status_code == 401  # opened without a code: ended
    assert firm.client().get(OWN).json() == {"on": True, "paper_left": PAPER_CODES}
    assert told(log_in(firm)) == (401, "second-factor")
    wrong = firm.anonymous.post(
        "/api/sessions/password", json={"email": firm.email, "auth_key": b64(bytes(32))}
    )
    assert told(wrong) == (401, "credentials")  # the code is asked of nobody who does not know the two
    now = code_of(secret, 1)
    assert log_in(firm, f" {now[:3]} {now[3:]}").status_code == 200
    assert told(log_in(firm, now)) == (401, "second-factor-wrong")
    assert told(log_in(firm, code_of(secret, -1))) == (
        401,
        "second-factor-wrong",
    )  # older than one that served
    assert log_in(firm, paper[3].lower().replace("-", " ")).status_code == 200
    assert told(log_in(firm, paper[3])) == (401, "second-factor-wrong")
    assert firm.client().get(OWN).json()["paper_left"] == PAPER_CODES - 1
    passed = log_in(firm, paper[0]).json()["factor_pass"]
    assert log_in(firm, passed).status_code == 200
    until, _, mark = passed.partition(".")
    assert told(log_in(firm, f"{int(until) + 1}.{mark}")) == (401, "second-factor-wrong")
    events = [one["event"] for one in firm.client().get("/api/audit").json()]
    assert "second-factor-added" in events
    assert events.count("second-factor-paper-code") == 2


def test_taking_it_off_or_printing_again_wants_a_code_and_the_password_is_asked_to_begin(
    shared: Network,
) -> None:
    firm = shared.firm("Codes off (fictional)")
    assert told(firm.client().post(OWN, json={"auth_key": b64(bytes(32))})) == (401, "credentials")
    assert told(firm.client().post(f"{OWN}/confirmation", json={"code": "123456"})) == (404, "not-found")
    _, paper = with_factor(firm)
    assert told(firm.client().post(OWN, json={"auth_key": b64(PASSWORD_PROOF)})) == (409, "second-factor-on")
    assert told(firm.client().post(f"{OWN}/removal", json={"code": WRONG})) == (422, "second-factor-mistyped")
    fresh = firm.client().post(f"{OWN}/paper", json={"code": paper[0]}).json()["codes"]
    assert told(log_in(firm, paper[1])) == (401, "second-factor-wrong")
    assert firm.client().post(f"{OWN}/removal", json={"code": fresh[0]}).status_code == 204
    assert log_in(firm).status_code == 200


def test_a_guesser_waits_longer_each_time_and_an_outsider_makes_nobody_wait(shared: Network) -> None:
    assert [wait_seconds(n) for n in (0, FREE_FAILURES - 1, FREE_FAILURES, FREE_FAILURES + 1, 99)] == [
        0, 0, FIRST_WAIT_SECONDS, 2 * FIRST_WAIT_SECONDS, WAIT_SECONDS_MAX,
    ]  # fmt: skip
    firm = shared.firm("Guessed at (fictional)")
    secret, paper = with_factor(firm)
    for _ in range(FREE_FAILURES):
        assert told(log_in(firm, WRONG)) == (401, "second-factor-wrong")
    answer = log_in(firm, code_of(secret, 1))
    assert told(answer) == (429, "too-many-requests")
    assert 0 < int(answer.headers["retry-after"]) <= FIRST_WAIT_SECONDS
    assert told(log_in(firm, paper[0])) == (429, "too-many-requests")
    other = shared.firm("Not guessed at (fictional)")
    _, theirs = with_factor(other)
    assert log_in(other, theirs[0]).status_code == 200


def test_another_administrator_takes_it_off_and_nobody_of_another_firm(shared: Network) -> None:
    firm, other = shared.firm("Lost telephone (fictional)"), shared.firm("Curious (fictional)")
    with_factor(firm)
    listed = firm.client().get("/api/users").json()
    assert [one["second_factor"] for one in listed if one["email"] == firm.email] == [True]
    path = f"/api/users/{firm.user_id}/second-factor"
    assert told(firm.client().delete(path)) == (409, "second-factor-own")
    assert told(other.client().delete(path)) == (404, "not-found")
    colleague = firm.client(firm.add_user("administrator"))
    assert firm.client(firm.add_user("credit_manager")).delete(path).status_code == 403
    assert colleague.delete(path).status_code == 204
    assert firm.client().get("/api/me").status_code == 401  # her sessions ended
    assert log_in(firm).status_code == 200
    last = colleague.get("/api/audit").json()[-1]
    assert (last["event"], firm.user_id in last["detail"]) == ("second-factor-reset", True)


def test_the_database_alone_makes_no_codes(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm("Sealed secret (fictional)")
    secret, paper = with_factor(firm)
    path = shared_sqlite.server.folder / "vigie.sqlite3"
    with closing(sqlite3.connect(path, timeout=30)) as base:
        rows = base.execute("SELECT secret, paper FROM second_factor").fetchall()
    kept = b"".join(bytes(cell) for row in rows for cell in row)
    assert rows
    assert base64.b32decode(secret) not in kept
    assert not any(base64.b32decode(code.replace("-", "")) in kept for code in paper)
