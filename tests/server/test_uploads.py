"""Uploads: stored whole and once, or not at all."""

from __future__ import annotations

import hashlib
import http.client
import struct
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest

from benchmark.upload import Rows, digest, month_index
from privacy import signing
from server.uploads import LARGE_BODY_BYTES
from tests.server.kit import Member, make_rows, pseudonyms, unb64

if TYPE_CHECKING:
    from tests.server.kit import Network

OCTOBER, NOVEMBER, DECEMBER = (month_index(2025, month) for month in (10, 11, 12))
NEXT_MONTH = month_index(2026, 2)  # the test network's business date is in January 2026
ZERO = bytes(32)


def some(count: int = 3, days_late: int = 10) -> Rows:
    return make_rows(pseudonyms(*(f"client {number}" for number in range(count))), days_late)


def stored(firm: Member) -> list[dict]:
    return firm.client().get("/api/uploads").json()


def code(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.json()["type"].removeprefix("urn:vigie:problem:")


def test_a_receipt_verifies_and_the_bytes_come_back(shared: Network) -> None:
    firm = shared.firm()
    sent = firm.encode(DECEMBER, some())
    answer = firm.send(sent)
    assert answer.status_code == 200, answer.text
    (receipt,) = answer.json()["receipts"]
    assert unb64(receipt["digest"]) == digest(sent)
    assert (receipt["month"], receipt["rows"], receipt["firm_id"]) == ("2025-12", 3, str(firm.id))
    payload = (
        firm.id.bytes + struct.pack("<I", DECEMBER) + digest(sent) + ZERO + receipt["received_at"].encode()
    )
    receipt_key = unb64(firm.client().get("/api/network").json()["receipt_key"])
    assert signing.verify(receipt_key, "receipt", payload, unb64(receipt["signature"]))
    assert firm.client().get(f"/api/uploads/{digest(sent).hex()}").content == sent
    assert stored(firm)[0] == {**receipt, "current": True, "erased": False}


def test_a_receipt_carries_the_business_date(shared: Network) -> None:
    firm = shared.firm()
    receipt = firm.send(firm.encode(DECEMBER, some())).json()["receipts"][0]
    assert receipt["received_at"].startswith("2026-01-05T")


def test_the_same_content_under_the_same_key_has_the_same_answer_and_is_stored_once(shared: Network) -> None:
    firm = shared.firm()
    sent = firm.encode(DECEMBER, some())
    first, again = firm.send(sent, key="once"), firm.send(sent, key="once")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert len(stored(firm)) == 1


def test_the_same_content_under_another_key_is_no_second_upload(shared: Network) -> None:
    firm = shared.firm()
    sent = firm.encode(DECEMBER, some())
    assert firm.send(sent).json() == firm.send(sent).json()
    assert len(stored(firm)) == 1


def test_another_content_under_a_used_key_is_refused(shared: Network) -> None:
    firm = shared.firm()
    firm.send(firm.encode(DECEMBER, some()), key="once")
    answer = firm.send(firm.encode(NOVEMBER, some()), key="once")
    assert (answer.status_code, code(answer)) == (409, "idempotency-key-reused")
    assert len(stored(firm)) == 1


def test_two_firms_may_use_the_same_idempotency_key(shared: Network) -> None:
    one, other = shared.firm(), shared.firm()
    assert one.send(one.encode(DECEMBER, some()), key="same").status_code == 200
    assert other.send(other.encode(DECEMBER, some()), key="same").status_code == 200


def test_a_correction_replaces_the_upload_that_it_names(shared: Network) -> None:
    firm = shared.firm()
    first = firm.encode(DECEMBER, some())
    firm.send(first)
    second = firm.encode(DECEMBER, some(days_late=20), replaces=digest(first))
    assert firm.send(second).status_code == 200
    assert [(unb64(one["digest"]), one["current"]) for one in stored(firm)] == [
        (digest(second), True),
        (digest(first), False),
    ]


@pytest.mark.parametrize("replaces", [ZERO, b"x" * 32], ids=["nothing", "another"])
def test_an_upload_that_names_another_than_the_current_one_is_refused_and_told_which(
    shared: Network, replaces: bytes
) -> None:
    firm = shared.firm()
    first = firm.encode(DECEMBER, some())
    firm.send(first)
    answer = firm.send(firm.encode(DECEMBER, some(days_late=20), replaces=replaces))
    assert (answer.status_code, code(answer)) == (409, "upload-replaced")
    (fault,) = answer.json()["errors"]
    assert (fault["found"], fault["expected"]) == (replaces.hex(), digest(first).hex())
    assert len(stored(firm)) == 1


def test_of_two_corrections_at_once_one_wins_and_the_other_is_refused(shared: Network) -> None:
    firm = shared.firm()
    first = firm.encode(DECEMBER, some())
    firm.send(first)
    both = [firm.encode(DECEMBER, some(days_late=days), replaces=digest(first)) for days in (20, 30)]
    clients = [firm.server.client(firm.token), firm.server.client(firm.token)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda pair: firm.send(pair[0], client=pair[1]), zip(both, clients, strict=True))
        )
    for client in clients:
        client.close()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert sum(one["current"] for one in stored(firm)) == 1
    assert len(stored(firm)) == 2


def test_months_sent_together_are_stored_together(shared: Network) -> None:
    firm = shared.firm()
    answer = firm.send(*(firm.encode(month, some()) for month in (OCTOBER, NOVEMBER, DECEMBER)))
    assert [one["month"] for one in answer.json()["receipts"]] == ["2025-10", "2025-11", "2025-12"]
    assert len(stored(firm)) == 3


def test_one_bad_month_refuses_the_whole_batch(shared: Network) -> None:
    firm = shared.firm()
    bad = some()
    bad["not_due"][1] += 1
    answer = firm.send(firm.encode(NOVEMBER, some()), firm.encode(DECEMBER, bad))
    assert (answer.status_code, code(answer)) == (422, "upload-refused")
    (fault,) = answer.json()["errors"]
    assert (fault["row"], fault["field"], fault["expected"]) == (2, "outstanding", "50001, the ageing's sum")
    assert stored(firm) == []


def test_one_stale_month_refuses_the_whole_batch(shared: Network) -> None:
    firm = shared.firm()
    firm.send(firm.encode(DECEMBER, some()))
    answer = firm.send(firm.encode(NOVEMBER, some()), firm.encode(DECEMBER, some(days_late=20)))
    assert answer.status_code == 409
    assert [one["month"] for one in stored(firm)] == ["2025-12"]


REFUSED = {
    "another firm's header": ({"firm": b"x" * 16}, DECEMBER, "firm"),
    "a month that has not begun": ({}, NEXT_MONTH, "month"),
    "a month too long ago": ({}, DECEMBER - 100, "month"),
    "another formula": ({"formula": 2}, DECEMBER, "formula"),
    "another currency": ({"currency": "USD"}, DECEMBER, "currency"),
    "another pseudonym key": ({"key": b"k" * 32}, DECEMBER, "key"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_the_network_does_not_accept_is_refused_by_name(shared_sqlite: Network, reason: str) -> None:
    changed, month, field = REFUSED[reason]
    firm = shared_sqlite.firm()
    answer = firm.send(firm.encode(month, some(), **changed))
    assert (answer.status_code, code(answer)) == (422, "upload-refused")
    assert answer.json()["errors"][0]["field"] == field
    assert stored(firm) == []


BROKEN_BODIES = {
    "nothing": b"",
    "half a length": b"\x01",
    "a length beyond the end": b"\xff\xff\xff\xff" + bytes(200),
    "no upload": struct.pack("<I", 200) + bytes(200),
}


@pytest.mark.parametrize("reason", BROKEN_BODIES)
def test_a_body_that_is_not_canonical_is_refused(shared_sqlite: Network, reason: str) -> None:
    firm = shared_sqlite.firm()
    answer = firm.send(body=BROKEN_BODIES[reason])
    assert (answer.status_code, code(answer)) == (422, "upload-refused")


def test_a_month_twice_in_one_body_is_refused(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    assert firm.send(firm.encode(DECEMBER, some()), firm.encode(DECEMBER, some(4))).status_code == 422


def test_rows_out_of_order_are_refused_with_their_number(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    sent = bytearray(firm.encode(DECEMBER, some(4)))
    sent[112 + 144 : 112 + 2 * 144], sent[112 : 112 + 144] = (
        sent[112 : 112 + 144],
        sent[112 + 144 : 112 + 2 * 144],
    )
    answer = firm.send(bytes(sent))
    assert (answer.status_code, answer.json()["errors"][0]["row"]) == (422, 2)


def test_a_signature_over_other_bytes_is_refused(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    signature = signing.sign(firm.device_key, "upload", hashlib.sha256(b"other").digest())
    answer = firm.send(firm.encode(DECEMBER, some()), signature=signature)
    assert (answer.status_code, code(answer)) == (403, "signature")
    assert stored(firm) == []


def test_another_firms_device_cannot_sign(shared_sqlite: Network) -> None:
    firm, other = shared_sqlite.firm(), shared_sqlite.firm()
    firm.device_id, firm.device_key = other.device_id, other.device_key
    answer = firm.send(firm.encode(DECEMBER, some()))
    assert (answer.status_code, code(answer)) == (401, "device-refused")


def test_a_device_without_the_upload_scope_cannot_sign(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    firm.device_id, firm.device_key = firm.add_device(scopes=1)
    answer = firm.send(firm.encode(DECEMBER, some()))
    assert (answer.status_code, code(answer)) == (403, "delegation")


def test_a_revoked_device_cannot_sign(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    firm.device_id, firm.device_key = firm.add_device(scopes=15)
    assert firm.client().delete(f"/api/devices/{firm.device_id}").status_code == 204
    assert firm.send(firm.encode(DECEMBER, some())).status_code == 401


def test_an_agents_session_sends_for_its_own_device_alone(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    device, key = firm.add_device(scopes=3)
    agent = firm.client(firm.log_in_device(device, key))
    assert firm.send(firm.encode(DECEMBER, some()), client=agent).status_code == 401
    firm.device_id, firm.device_key = device, key
    assert firm.send(firm.encode(DECEMBER, some()), client=agent).status_code == 200


def test_headers_are_asked_for_by_name(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    client = firm.client()
    assert client.post("/api/uploads", content=b"").status_code == 415
    typed = {"Content-Type": "application/vnd.vigie.upload"}
    answer = client.post("/api/uploads", content=b"", headers=typed)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]
    answer = client.post("/api/uploads", content=b"", headers={**typed, "Idempotency-Key": "x" * 65})
    assert answer.status_code == 400
    answer = client.post("/api/uploads", content=b"", headers={**typed, "Idempotency-Key": "x"})
    assert "Vigie-Device" in answer.json()["detail"]


def test_a_body_over_the_limit_is_refused_before_it_is_read(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    connection = http.client.HTTPConnection(firm.server.url.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/api/uploads")
    for name, value in {
        "Authorization": f"Bearer {firm.token}",
        "Content-Type": "application/vnd.vigie.upload",
        "Content-Length": str(200 * 1024 * 1024),
        "Idempotency-Key": "large",
        "Vigie-Device": firm.device_id,
        "Vigie-Signature": "",
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()  # not a byte of the body was sent
    assert answer.status == 413
    connection.close()


def test_an_empty_month_is_an_upload_like_any_other(shared: Network) -> None:
    firm = shared.firm()
    assert firm.send(firm.encode(DECEMBER, some(0))).status_code == 200
    assert stored(firm)[0]["rows"] == 0


def test_another_firms_upload_does_not_exist(shared: Network) -> None:
    one, other = shared.firm(), shared.firm()
    sent = one.encode(DECEMBER, some())
    one.send(sent)
    theirs = other.client().get(f"/api/uploads/{digest(sent).hex()}")
    nobodys = other.client().get(f"/api/uploads/{'00' * 32}")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json() == nobodys.json()
    assert stored(other) == []


def test_nothing_of_a_request_is_logged(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    firm.send(firm.encode(DECEMBER, some()))
    firm.send(firm.encode(DECEMBER, some(), firm=b"x" * 16))
    assert shared_sqlite.server.log == ""


def test_a_large_body_with_a_fault_at_its_end_leaves_nothing(shared: Network) -> None:
    """It is checked while it is being written: the transaction is undone."""
    firm = shared.firm()
    count = LARGE_BODY_BYTES // 144 + 1_000
    bad = make_rows([hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(count)])
    bad = np.sort(bad, order="pseudonym")
    bad["not_due"][-1] += 1
    for _ in range(2):
        answer = firm.send(firm.encode(NOVEMBER, some()), firm.encode(DECEMBER, bad))
        assert (answer.status_code, code(answer)) == (422, "upload-refused")
        assert answer.json()["errors"][0]["row"] == count
    assert stored(firm) == []
    bad["not_due"][-1] -= 1
    assert firm.send(firm.encode(NOVEMBER, some()), firm.encode(DECEMBER, bad)).status_code == 200
    assert [one["rows"] for one in stored(firm)] == [3, count]
    assert shared.server.log == ""
