"""A session is opened when needed, opened again when it has ended, and its token goes nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from member.network import Network, Patience
from member.refusals import NetworkRefused
from member.session import Session
from tests.member.conftest import transport_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.member.conftest import Firms


def network(answer: Callable[[httpx.Request], httpx.Response]) -> tuple[Network, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer(request)

    return Network("http://127.0.0.1:9", httpx.MockTransport(handle), patience=Patience(tries=2)), asked


def ended(request: httpx.Request, fresh: str) -> httpx.Response:
    if request.headers["Authorization"] == f"Bearer {fresh}":
        return httpx.Response(200, content=b"ok")
    return httpx.Response(401, json={"type": "urn:vigie:problem:not-logged-in", "title": "Log in first"})


def test_a_session_that_has_ended_is_opened_again_once():
    made, asked = network(lambda request: ended(request, "second"))
    tokens = iter(["first", "second"])
    session = Session(made, lambda: next(tokens))
    assert session.send("GET", "/api/me") == b"ok"
    assert len(asked) == 2


def test_a_session_that_is_refused_twice_is_refused():
    made, asked = network(lambda request: ended(request, "never"))
    session = Session(made, lambda: "always the same")
    with pytest.raises(NetworkRefused):
        session.send("GET", "/api/me")
    assert len(asked) == 2


def test_a_device_logs_in_by_a_signature_when_its_session_was_ended_elsewhere(firms: Firms) -> None:
    member = firms.firm()
    token = member.session.token()
    other = Session.of_token(member.network, token)
    other.close()
    assert member.session.me().device_id == member.device_id
    assert member.session.token() != token
    assert member.session.live_token() == member.session.token()


def test_a_challenge_signed_by_another_key_opens_nothing(firms: Firms) -> None:
    member, other = firms.firm(), firms.firm()
    session = Session.of_device(member.network, member.device_id, other.device_key)
    with pytest.raises(NetworkRefused) as refused:
        session.me()
    assert refused.value.code == "device-refused"


def test_another_firms_upload_is_not_there(firms: Firms) -> None:
    from member.push import push
    from tests.member.conftest import ledger

    member, other = firms.firm(), firms.firm()
    push(member, ledger([1], months=1))
    with pytest.raises(NetworkRefused) as refused:
        other.session.own_upload(member.session.receipts()[0].digest)
    assert refused.value.status == 404


def test_leaving_ends_the_session(firms: Firms) -> None:
    member = firms.firm()
    member.session.me()
    loaded, transport = firms.again(member)
    loaded.session.me()
    loaded.close()
    assert transport.asked[-1] == "DELETE /api/sessions"
    assert "DELETE /api/sessions" not in transport_of(member).asked
