"""Admission and enrolment: an invitation serves once, the root key vouches for what comes with it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import signing
from tests.server.kit import b64

if TYPE_CHECKING:
    import httpx

    from tests.server.kit import Network


def enrol(network: Network, body: dict[str, Any]) -> httpx.Response:
    client = network.server.client()
    try:
        return client.post("/api/enrolments", json=body)
    finally:
        client.close()


def problem(answer: httpx.Response) -> str:
    return answer.json()["type"].removeprefix("urn:vigie:problem:")


def test_a_firm_enrols_once(shared: Network) -> None:
    firm, body = shared.enrolment(shared.server.admit("Once (fictional)", 50))
    answer = enrol(shared, body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["firm_id"] == str(firm.id)
    again = enrol(shared, body)
    assert (again.status_code, problem(again)) == (403, "invitation")
    firm.close()


def test_the_invitation_names_the_firm_and_is_kept_as_a_hash(shared_sqlite: Network) -> None:
    invitation = shared_sqlite.server.admit("Hashed (fictional)", 50)
    firm, secret = invitation.split(".")
    assert uuid.UUID(firm)
    database = (shared_sqlite.server.folder / "vigie.sqlite3").read_bytes()
    assert secret.encode() not in database


@pytest.mark.parametrize("invitation", ["", "x", "x.y", f"{uuid.UUID(int=5)}.AAAA", f"{uuid.UUID(int=5)}.é"])
def test_an_invitation_of_nobody_is_refused(shared_sqlite: Network, invitation: str) -> None:
    _, body = shared_sqlite.enrolment(shared_sqlite.server.admit("Real (fictional)", 50))
    firm, body = shared_sqlite.enrolment(shared_sqlite.server.admit("Real (fictional)", 50))
    root, device = signing.public_bytes(firm.root), signing.public_bytes(firm.device_key)
    signature = signing.sign(firm.root, "enrolment", invitation.encode() + root + device)
    answer = enrol(
        shared_sqlite, {**body, "invitation": invitation, "signature": b64(signature), "device": None}
    )
    assert answer.status_code == 403, answer.text


def test_the_signature_covers_the_device(shared_sqlite: Network) -> None:
    firm, body = shared_sqlite.enrolment(shared_sqlite.server.admit("Swapped (fictional)", 50))
    other = Ed25519PrivateKey.generate()
    swapped = {"public_key": b64(signing.public_bytes(other)), "delegation": b64(firm.delegate(other))}
    answer = enrol(shared_sqlite, {**body, "device": swapped})
    assert (answer.status_code, problem(answer)) == (403, "signature")
    assert enrol(shared_sqlite, body).status_code == 201, "the refused attempt used the invitation up"


def test_a_delegation_by_another_root_is_refused(shared_sqlite: Network) -> None:
    firm, body = shared_sqlite.enrolment(shared_sqlite.server.admit("Foreign root (fictional)", 50))
    stranger, _ = shared_sqlite.enrolment(shared_sqlite.server.admit("Stranger (fictional)", 50))
    stranger.id = firm.id
    body["device"]["delegation"] = b64(stranger.delegate(firm.device_key))
    answer = enrol(shared_sqlite, body)
    assert (answer.status_code, problem(answer)) == (403, "delegation")


def test_an_e_mail_of_another_firm_is_taken_and_nothing_of_the_enrolment_stays(shared: Network) -> None:
    first = shared.firm()
    firm, body = shared.enrolment(shared.server.admit("Second (fictional)", 50))
    answer = enrol(shared, {**body, "user": {**body["user"], "email": first.email.upper()}})
    assert (answer.status_code, problem(answer)) == (409, "email-taken")
    assert enrol(shared, body).status_code == 201
    firm.close()


@pytest.mark.parametrize(
    "changed",
    [{"root_public_key": b64(b"short")}, {"recovery_blob": b64(bytes(70_000))}, {"user": {"email": "x"}}],
    ids=["root key", "recovery blob", "user"],
)
def test_what_has_no_valid_shape_is_refused(shared_sqlite: Network, changed: dict[str, Any]) -> None:
    _, body = shared_sqlite.enrolment(shared_sqlite.server.admit("Shapes (fictional)", 50))
    assert enrol(shared_sqlite, {**body, **changed}).status_code in {400, 403}


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "declared_portfolio": 5},
        {"name": "x", "declared_portfolio": 0},
        {"name": "x", "declared_portfolio": 5, "group_id": str(uuid.UUID(int=0))},  # nobody's group
    ],
)
def test_the_operator_admits_firms_with_a_name_and_a_portfolio(
    shared_sqlite: Network, body: dict[str, Any]
) -> None:
    with shared_sqlite.server.operator() as operator:
        assert operator.post("/api/operator/admissions", json=body).status_code == 400


def test_the_operator_sees_who_was_admitted_and_who_enrolled(shared: Network) -> None:
    firm = shared.firm("Seen (fictional)", 77)
    shared.server.admit("Waiting (fictional)", 5)
    with shared.server.operator() as operator:
        listed = {one["name"]: one for one in operator.get("/api/operator/firms").json()}
        assert operator.get("/api/me").json()["firm_id"] is None
    assert listed["Seen (fictional)"] == {
        "firm_id": str(firm.id),
        "name": "Seen (fictional)",
        "group_id": str(firm.id),
        "declared_portfolio": 77,
        "admitted_on": "2026-01-05",
        "enrolled_on": "2026-01-05",
        "expelled": False,
    }
    assert listed["Waiting (fictional)"]["enrolled_on"] is None
