"""Logging in and out: two secrets for people, a challenge for devices, a cookie for this site alone."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import signing
from server.limits import FAILURES_MAX
from tests.server.kit import PASSWORD_PROOF, Member, b64, unb64

if TYPE_CHECKING:
    from tests.server.kit import Network


def log_in(firm: Member, email: str, proof: bytes = PASSWORD_PROOF) -> httpx.Response:
    return firm.anonymous.post("/api/sessions/password", json={"email": email, "auth_key": b64(proof)})


def test_a_person_logs_in_and_gets_her_bundle(shared: Network) -> None:
    firm = shared.firm("Login (fictional)")
    body = firm.log_in()
    assert (body["firm_id"], body["role"], body["firm_name"]) == (
        str(firm.id),
        "administrator",
        "Login (fictional)",
    )
    assert unb64(body["wrapped_bundle"]) == b"sealed"
    me = firm.client().get("/api/me").json()
    assert (me["email"], me["role"], me["declared_portfolio"]) == (firm.email, "administrator", 100)
    assert me["budget"] == {"used": 0, "limit": 120}


def test_an_e_mail_is_compared_without_case_and_spaces(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    assert log_in(firm, f"  {firm.email.upper()} ").status_code == 200


def test_a_wrong_proof_and_an_unknown_e_mail_are_refused_alike(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    wrong = log_in(firm, firm.email, bytes(32))
    unknown = log_in(firm, "nobody@firm.test")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_an_unknown_e_mail_has_a_salt_that_stays_the_same(shared: Network) -> None:
    firm = shared.firm()
    salts = [
        firm.anonymous.get("/api/sessions/salt", params={"email": email}).json()["kdf_salt"]
        for email in (firm.email, "nobody@firm.test", "Nobody@firm.test", "somebody@firm.test")
    ]
    assert unb64(salts[0]) == bytes(16)
    assert salts[1] == salts[2] != salts[3]
    assert all(len(unb64(salt)) == 16 for salt in salts)


def test_a_session_ends_when_its_owner_logs_out(shared: Network) -> None:
    firm = shared.firm()
    token = firm.token
    assert firm.client(token).delete("/api/sessions").status_code == 204
    assert firm.client(token).get("/api/me").status_code == 401


@pytest.mark.parametrize("token", ["-", "x", "é" * 43, "A" * 43, "A" * 4000])
def test_a_token_of_nobody_is_no_session(shared_sqlite: Network, token: str) -> None:
    firm = shared_sqlite.firm()
    headers = {"Authorization": f"Bearer {token}".encode()}
    assert firm.anonymous.get("/api/me", headers=headers).status_code == 401


def test_the_cookie_is_for_this_site_alone_and_out_of_scripts_reach(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    cookie = log_in(firm, firm.email).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie


def test_behind_tls_the_cookie_is_bound_to_the_host(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    answer = firm.anonymous.post(
        "/api/sessions/password",
        json={"email": firm.email, "auth_key": b64(PASSWORD_PROOF)},
        headers={"X-Forwarded-Proto": "https"},
    )
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-vigie=")
    assert "secure" in cookie.lower()
    assert answer.headers["strict-transport-security"]


def test_a_cookie_changes_nothing_without_the_header_that_other_pages_cannot_send(
    shared_sqlite: Network,
) -> None:
    firm = shared_sqlite.firm()
    browser = firm.server.client()
    browser.post("/api/sessions/password", json={"email": firm.email, "auth_key": b64(PASSWORD_PROOF)})
    assert browser.get("/api/me").status_code == 200
    refused = browser.delete("/api/sessions")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:vigie:problem:csrf")
    assert browser.delete("/api/sessions", headers={"X-Vigie": "1"}).status_code == 204
    browser.close()


def test_a_device_logs_in_with_its_signature_over_the_challenge(shared: Network) -> None:
    firm = shared.firm()
    token = firm.log_in_device(firm.device_id, firm.device_key)
    me = firm.client(token).get("/api/me").json()
    assert (me["device_id"], me["user_id"], me["role"]) == (firm.device_id, None, "agent")


def challenge_for(firm: Member, device: str) -> bytes:
    answer = firm.anonymous.post("/api/sessions/challenge", json={"device_id": device})
    return unb64(answer.json()["challenge"])


def log_in_device(firm: Member, device: str, challenge: bytes, key: Ed25519PrivateKey) -> int:
    signature = signing.sign(key, "device-session", challenge)
    body = {"device_id": device, "challenge": b64(challenge), "signature": b64(signature)}
    return firm.anonymous.post("/api/sessions/device", json=body).status_code


def test_a_challenge_serves_once(shared: Network) -> None:
    firm = shared.firm()
    challenge = challenge_for(firm, firm.device_id)
    assert log_in_device(firm, firm.device_id, challenge, firm.device_key) == 200
    assert log_in_device(firm, firm.device_id, challenge, firm.device_key) == 401


def test_a_challenge_is_for_its_device_alone(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    other, key = firm.add_device(15)
    challenge = challenge_for(firm, firm.device_id)
    assert log_in_device(firm, other, challenge, key) == 401


def test_another_key_does_not_log_a_device_in(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    challenge = challenge_for(firm, firm.device_id)
    assert log_in_device(firm, firm.device_id, challenge, Ed25519PrivateKey.generate()) == 401


def test_an_unknown_device_gets_a_challenge_and_no_session(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    unknown = str(uuid.uuid4())
    challenge = challenge_for(firm, unknown)
    assert len(challenge) == 32
    assert log_in_device(firm, unknown, challenge, firm.device_key) == 401


def test_a_revoked_device_loses_its_sessions_at_once(shared: Network) -> None:
    firm = shared.firm()
    device, key = firm.add_device(15)
    token = firm.log_in_device(device, key)
    assert firm.client(token).get("/api/me").status_code == 200
    firm.client().delete(f"/api/devices/{device}")
    assert firm.client(token).get("/api/me").status_code == 401
    assert log_in_device(firm, device, challenge_for(firm, device), key) == 401


def test_guessing_stops_the_one_who_guesses(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    victim, other = firm.email, shared_sqlite.firm().email
    codes = [log_in(firm, victim, bytes(32)).status_code for _ in range(FAILURES_MAX + 2)]
    assert codes == [401] * FAILURES_MAX + [429] * 2
    assert int(log_in(firm, victim, bytes(32)).headers["retry-after"]) >= 1
    assert log_in(firm, other).status_code == 200


def test_an_e_mail_may_be_asked_for_in_any_form_without_an_error(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    for email in ("", "x", "a" * 300 + "@b", "\0@\0"):
        answer = firm.anonymous.get("/api/sessions/salt", params={"email": email})
        assert answer.status_code in {200, 400}
    assert base64.b64decode(
        firm.anonymous.get("/api/sessions/salt", params={"email": "é@é.fr"}).json()["kdf_salt"]
    )
