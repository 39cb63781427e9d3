"""The sealed book: moved by compare-and-swap under a device's signature, kept whole."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import httpx

from tests.server.kit import Member, b64, unb64

if TYPE_CHECKING:
    from tests.server.kit import Network

NAMES, LEDGER = b"sealed names", b"sealed ledger"


def code(answer: httpx.Response) -> str:
    return answer.json()["type"].removeprefix("urn:vigie:problem:")


def head_hash(firm: Member) -> str:
    return hashlib.sha256(unb64(firm.client().get("/api/book").json()["head"])).hexdigest()


def test_a_firm_without_a_book_has_none(shared: Network) -> None:
    firm = shared.firm()
    assert firm.client().get("/api/book").json() == {
        "head": None,
        "signature": None,
        "device_id": None,
        "segments": [],
    }


def test_segments_come_back_as_they_were_sealed(shared: Network) -> None:
    firm = shared.firm()
    segments = {"names": NAMES, "ledger/2025-12": bytes(range(256)) * 100}
    assert firm.put_book(1, segments).json() == {"sequence": 1}
    book = firm.client().get("/api/book").json()
    assert book["segments"] == ["ledger/2025-12", "names"]
    assert book["device_id"] == firm.device_id
    assert json.loads(unb64(book["head"]))["sequence"] == 1
    for name, sealed in segments.items():
        assert firm.client().get(f"/api/book/segments/{name}").content == sealed


def test_the_book_moves_on_by_what_changed_alone(shared: Network) -> None:
    firm = shared.firm()
    firm.put_book(1, {"names": NAMES, "ledger/2025-12": LEDGER})
    changed = {"names": NAMES + b"2", "ledger/2025-12": LEDGER}
    answer = firm.put_book(2, changed, previous=head_hash(firm), sent={"names": NAMES + b"2"})
    assert answer.status_code == 200, answer.text
    assert firm.client().get("/api/book/segments/names").content == NAMES + b"2"
    assert firm.client().get("/api/book/segments/ledger/2025-12").content == LEDGER


def test_a_segment_that_the_head_no_longer_names_is_erased(shared: Network) -> None:
    firm = shared.firm()
    firm.put_book(1, {"names": NAMES, "ledger/2025-12": LEDGER})
    firm.put_book(2, {"names": NAMES}, previous=head_hash(firm), sent={})
    assert firm.client().get("/api/book/segments/ledger/2025-12").status_code == 404
    assert firm.client().get("/api/book").json()["segments"] == ["names"]


def test_who_comes_second_is_refused_and_nothing_is_lost(shared: Network) -> None:
    firm = shared.firm()
    firm.put_book(1, {"names": NAMES})
    answer = firm.put_book(1, {"names": b"other"})
    assert (answer.status_code, code(answer)) == (409, "book-moved")
    assert answer.json()["errors"][0]["expected"] == "2"
    assert firm.client().get("/api/book/segments/names").content == NAMES


def test_a_head_that_does_not_follow_the_current_one_is_refused(shared: Network) -> None:
    firm = shared.firm()
    firm.put_book(1, {"names": NAMES})
    answer = firm.put_book(2, {"names": b"other"}, previous="ab" * 32)
    assert (answer.status_code, code(answer)) == (409, "book-moved")


def test_a_head_that_names_what_is_nowhere_is_refused(shared: Network) -> None:
    firm = shared.firm()
    answer = firm.put_book(1, {"names": NAMES, "ledger/2025-12": LEDGER}, sent={"names": NAMES})
    assert (answer.status_code, code(answer)) == (422, "book-refused")
    assert firm.client().get("/api/book").json()["head"] is None


def test_a_segment_that_is_not_the_one_in_the_head_is_refused(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    answer = firm.put_book(1, {"names": NAMES}, sent={"names": b"other"})
    assert (answer.status_code, code(answer)) == (422, "book-refused")


def test_a_head_of_another_device_is_refused(shared_sqlite: Network) -> None:
    firm, other = shared_sqlite.firm(), shared_sqlite.firm()
    own = firm.device_id
    firm.device_id = other.device_id
    assert firm.put_book(1, {"names": NAMES}).status_code == 401
    firm.device_id, firm.device_key = own, other.device_key
    answer = firm.put_book(1, {"names": NAMES})
    assert (answer.status_code, code(answer)) == (403, "signature")


def test_a_device_without_the_book_scope_cannot_move_it(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    firm.device_id, firm.device_key = firm.add_device(scopes=3)
    answer = firm.put_book(1, {"names": NAMES})
    assert (answer.status_code, code(answer)) == (403, "delegation")


def test_a_head_that_is_no_head_is_refused(shared_sqlite: Network) -> None:
    firm = shared_sqlite.firm()
    for head in (b"", b"{}", b"[]", b"\xff"):
        body = {"head": b64(head), "signature": b64(bytes(64)), "segments": {}}
        assert firm.client().put("/api/book", json=body).status_code == 422
    answer = firm.put_book(1, {"n" * 81: NAMES})
    assert (answer.status_code, code(answer)) == (422, "book-refused")
