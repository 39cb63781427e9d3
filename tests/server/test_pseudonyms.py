"""The embedded key holder: evaluates for admitted firms within their budgets, on a device's signature."""

from __future__ import annotations

import secrets
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import rbcl

from privacy import blind, signing
from server.pseudonyms import EvaluationRequest, limit_of, signed_payload
from tests.server.kit import Member, b64, unb64

if TYPE_CHECKING:
    import httpx

    from tests.server.kit import Network


def elements(count: int) -> bytes:
    """Blinded elements as the holder sees them: random group elements."""
    return b"".join(rbcl.crypto_core_ristretto255_random() for _ in range(count))


def request_of(firm: Member, blinded: bytes, **changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "firm_id": firm.id,
        "delegation": firm.delegate(firm.device_key),
        "epoch": 1,
        "parts": ["k"],
        "blinded": blinded,
        "requested_at": int(time.time()),
        "nonce": secrets.token_bytes(16),
        "signature": b"",
        **changed,
    }
    payload = signed_payload(EvaluationRequest(**values))
    values["signature"] = changed.get("signature", signing.sign(firm.device_key, "evaluation", payload))
    return {
        name: b64(value)
        if isinstance(value, bytes)
        else str(value)
        if isinstance(value, uuid.UUID)
        else value
        for name, value in values.items()
    }


def ask(firm: Member, body: dict[str, Any]) -> httpx.Response:
    return firm.anonymous.post("/api/holder/evaluations", json=body)


def code(answer: httpx.Response) -> str:
    return answer.json()["type"].removeprefix("urn:vigie:problem:")


def used(firm: Member) -> int:
    return firm.client().get("/api/me").json()["budget"]["used"]


def test_every_element_is_multiplied_by_the_networks_key(shared: Network) -> None:
    firm = shared.firm()
    blinded = elements(7)
    answer = ask(firm, request_of(firm, blinded))
    assert answer.status_code == 200, answer.text
    key = (shared.server.keys / "pseudonym.key").read_bytes()
    expected = b"".join(
        rbcl.crypto_scalarmult_ristretto255(key, blinded[at : at + 32]) for at in range(0, len(blinded), 32)
    )
    assert unb64(answer.json()["evaluated"]) == expected
    assert len(unb64(answer.json()["proof"])) == 64
    assert used(firm) == 7


def test_two_firms_find_the_same_pseudonym_for_the_same_client(shared: Network) -> None:
    """The whole road with the member's half: the proof holds under the part that the network publishes."""
    client = b"fr.siren:552100554"
    found = []
    for firm in (shared.firm(), shared.firm()):
        public = unb64(firm.client().get("/api/network").json()["roster"]["parts"]["k"])
        blinds, blinded = blind.blind([client, b"fr.siren:000000000"])
        answer = ask(firm, request_of(firm, blinded)).json()
        evaluated, proof = unb64(answer["evaluated"]), unb64(answer["proof"])
        found.append(
            blind.finalize([client, b"fr.siren:000000000"], blinds, blinded, evaluated, proof, public)
        )
    assert found[0] == found[1]
    assert found[0][0] != found[0][1]


def test_the_budget_of_the_first_month_is_kept_and_nothing_is_evaluated_beyond_it(shared: Network) -> None:
    firm = shared.firm(portfolio=10)
    assert ask(firm, request_of(firm, elements(12))).status_code == 200
    refused = ask(firm, request_of(firm, elements(1)))
    assert (refused.status_code, code(refused)) == (429, "evaluation-budget")
    assert refused.json()["errors"][0] == {
        "row": None,
        "field": "evaluations",
        "found": "13",
        "expected": "at most 12",
    }
    assert used(firm) == 12


def test_the_budget_grows_to_its_lifetime_limit_after_the_first_month() -> None:
    row = {"declared_portfolio": 100, "admitted_on": date(2026, 1, 5)}
    assert limit_of(row, date(2026, 1, 5)) == limit_of(row, date(2026, 2, 3)) == 120
    assert limit_of(row, date(2026, 2, 4)) == limit_of(row, date(2030, 1, 1)) == 300


def test_requests_at_once_do_not_overdraw_the_budget(shared: Network) -> None:
    firm = shared.firm(portfolio=10)
    bodies = [request_of(firm, elements(5)) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda body: ask(firm, body).status_code, bodies))
    assert sorted(answers) == [200, 200, 429, 429, 429, 429]
    assert used(firm) == 10


def test_a_copied_request_is_not_answered_and_costs_nothing(shared: Network) -> None:
    firm = shared.firm()
    body = request_of(firm, elements(2))
    assert ask(firm, body).status_code == 200
    copied = ask(firm, body)
    assert (copied.status_code, code(copied)) == (422, "evaluation-refused")
    assert used(firm) == 2


@pytest.mark.parametrize("age", [-400, 400])
def test_a_request_of_another_time_is_refused(shared_sqlite: Network, age: int) -> None:
    firm = shared_sqlite.firm()
    answer = ask(firm, request_of(firm, elements(1), requested_at=int(time.time()) + age))
    assert (answer.status_code, code(answer)) == (422, "evaluation-refused")


@pytest.mark.parametrize(
    "changed",
    [{"epoch": 2}, {"parts": []}, {"parts": ["k", "k"]}, {"parts": ["x"]}],
    ids=["epoch", "no parts", "twice", "unknown part"],
)
def test_a_request_of_another_epoch_or_other_parts_is_refused(
    shared_sqlite: Network, changed: dict[str, Any]
) -> None:
    firm = shared_sqlite.firm()
    answer = ask(firm, request_of(firm, elements(1), **changed))
    assert (answer.status_code, code(answer)) == (409, "evaluation-epoch")


def test_a_request_without_a_whole_nonce_is_refused(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    answer = ask(firm, request_of(firm, elements(1), nonce=bytes(15)))
    assert (answer.status_code, code(answer)) == (422, "evaluation-refused")


@pytest.mark.parametrize("blinded", [b"", bytes(31), bytes(33), bytes(32 * 1001)], ids=len)
def test_a_batch_of_another_size_is_refused(shared_sqlite: Network, blinded: bytes) -> None:
    firm = shared_sqlite.firm(portfolio=5_000)
    assert ask(firm, request_of(firm, blinded)).status_code == 422
    assert used(firm) == 0


@pytest.mark.parametrize("wrong", [bytes(32), b"\xff" * 32], ids=["identity", "no element"])
def test_what_is_no_group_element_is_refused_and_costs_nothing(shared_sqlite: Network, wrong: bytes) -> None:
    firm = shared_sqlite.firm()
    answer = ask(firm, request_of(firm, elements(2) + wrong))
    assert (answer.status_code, code(answer)) == (422, "evaluation-refused")
    assert used(firm) == 0


def test_the_device_signs_every_part_of_the_request(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    body = request_of(firm, elements(2))
    for name, value in {
        "blinded": b64(elements(2)),
        "requested_at": body["requested_at"] - 1,
        "nonce": b64(secrets.token_bytes(16)),
        "signature": b64(bytes(64)),
    }.items():
        answer = ask(firm, {**body, name: value})
        assert (answer.status_code, code(answer)) == (403, "signature"), name
    assert used(firm) == 0


def test_the_roots_word_is_needed_and_another_firms_is_none(shared_sqlite: Network) -> None:
    firm, other = shared_sqlite.firm(), shared_sqlite.firm()
    without = request_of(firm, elements(1), delegation=firm.delegate(firm.device_key, scopes=2))
    assert code(ask(firm, without)) == "delegation"
    foreign = request_of(firm, elements(1), delegation=other.delegate(firm.device_key))
    assert code(ask(firm, foreign)) == "delegation"
    for broken in (b"", bytes(129)):
        assert ask(firm, request_of(firm, elements(1), delegation=broken)).status_code == 403


def test_a_firm_that_the_holder_does_not_know_is_refused(shared_sqlite: Network) -> None:
    firm, _ = shared_sqlite.enrolment(shared_sqlite.server.admit("Not enrolled (fictional)", 5))
    answer = ask(firm, request_of(firm, elements(1)))
    assert (answer.status_code, code(answer)) == (403, "holder-unknown-firm")
    firm.close()


def test_a_revoked_device_gets_nothing(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    device, firm.device_key = firm.add_device(15)
    assert ask(firm, request_of(firm, elements(1))).status_code == 200
    firm.client().delete(f"/api/devices/{device}")
    answer = ask(firm, request_of(firm, elements(1)))
    assert (answer.status_code, code(answer)) == (401, "device-refused")
