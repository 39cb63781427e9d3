"""Refusals in words: RFC 9457 in two languages, and nothing of what nobody foresaw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from server.problems import EXCEPTION_HANDLERS, KINDS

if TYPE_CHECKING:
    from tests.server.kit import Network


@pytest.mark.parametrize("code", KINDS)
def test_every_refusal_has_words_in_both_languages(code: str) -> None:
    kind = KINDS[code]
    assert 400 <= kind.status < 600
    assert kind.english
    assert kind.french
    assert kind.english != kind.french


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        (None, "en"),
        ("", "en"),
        ("fr", "fr"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("de,fr;q=0.5", "fr"),
        ("fr;q=0.3,en;q=0.7", "en"),
        ("fr;q=nonsense", "fr"),
        ("*", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_language_is_the_one_that_the_client_prefers(
    shared_sqlite: Network, accepted: str | None, spoken: str
) -> None:
    client = shared_sqlite.server.client()
    answer = client.get("/api/me", headers={"Accept-Language": accepted} if accepted is not None else {})
    client.close()
    assert answer.headers["content-language"] == spoken
    assert answer.headers["content-type"] == "application/problem+json"
    kind = KINDS["not-logged-in"]
    assert answer.json() == {
        "type": "urn:vigie:problem:not-logged-in",
        "title": kind.french if spoken == "fr" else kind.english,
        "status": 401,
        "detail": kind.french if spoken == "fr" else kind.english,
        "errors": [],
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nowhere", 404, "not-found"),
        ("GET", "/nowhere", 404, "not-found"),
        ("PATCH", "/api/me", 405, "method"),
        ("GET", "/api/alerts/not-an-id", 404, "not-found"),
    ],
)
def test_what_the_framework_refuses_speaks_the_same_way(
    shared_sqlite: Network, method: str, path: str, status: int, code: str
) -> None:
    client = shared_sqlite.server.client()
    answer = client.request(method, path)
    client.close()
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:vigie:problem:{code}")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"device_id": 5}', b'{"device_id": "x"}', b'{"other": 1}', b"\xff\xfe"],
    ids=["nothing", "half", "list", "number", "no id", "another field", "no text"],
)
def test_a_body_of_another_shape_names_what_was_expected(shared_sqlite: Network, body: bytes) -> None:
    client = shared_sqlite.server.client()
    answer = client.post(
        "/api/sessions/challenge", content=body, headers={"Content-Type": "application/json"}
    )
    client.close()
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:vigie:problem:malformed")


def test_a_body_that_is_too_large_is_refused(shared_sqlite: Network) -> None:
    client = shared_sqlite.server.client()
    answer = client.post("/api/sessions/challenge", json={"device_id": "x" * 3_000_000})
    client.close()
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:vigie:problem:too-large")


def test_what_nobody_foresaw_says_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    @get("/broken", sync_to_thread=False)
    def broken() -> None:
        raise RuntimeError("secret 552100554")

    handlers: Any = EXCEPTION_HANDLERS
    with TestClient(Litestar([broken], exception_handlers=handlers, logging_config=None)) as client:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert answer.json()["detail"] == KINDS["internal"].english
    assert "secret" not in answer.text
    assert "secret" not in caplog.text
    assert "GET /broken: RuntimeError at test_problems.py" in caplog.text
