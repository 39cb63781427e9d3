"""A line holds: what is said arrives once, refusals are told to who waits, and closing ends it."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import httpx
import pytest

from chat.contents import TEXT_BYTES_MAX
from chat.refusals import Code
from member.conversing import TalkRefused
from member.line import Line, LineClosed
from member.talk_lists import octets
from tests.conftest import wait_until
from tests.server.kit import Network
from tests.server.parties import BATCH, Party, Problem, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher, RunningServer

    Scene = tuple[Party, Party, date, UUID, RunningServer]


@pytest.fixture(scope="module")
def scene(launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    server = launch_for_module("sqlite", environment=BATCH)
    network = Network(server)
    try:
        one, two = (party(network.firm(), tmp_path_factory.mktemp("cursors")) for _ in range(2))
        today = live_through(network, [one, two], server)
        yield one, two, today, connect(one, two, today), server
    finally:
        network.close()


def test_a_text_that_is_too_long_is_refused_and_the_conversation_goes_on(scene: Scene) -> None:
    one, two, _, conversation, _ = scene
    with one.line() as line, two.line() as other:
        line.follow(conversation)
        other.follow(conversation)
        with pytest.raises(TalkRefused) as refused:
            line.say(conversation, "x" * (TEXT_BYTES_MAX + 1))
        assert refused.value.refusal.code is Code.TOO_LARGE
        line.say(conversation, "short")
        assert next(iter(other.arrived(conversation, 60))).content.text == "short"


def test_what_is_said_while_the_network_is_away_is_said_when_it_is_back(scene: Scene) -> None:
    one, two, _, conversation, server = scene
    with one.line() as line, two.line() as other:
        line.follow(conversation)
        other.follow(conversation, from_start=False)
        server.kill()
        with pytest.raises(TimeoutError):
            line.say(conversation, "patience", timeout_seconds=0.3)
        server.start()
        arriving = other.arrived(conversation, 60)
        assert next(one.content.text for one in arriving if one.mine is False) == "patience"
    assert [one.content.text for one in two.desk.history(conversation)[1]].count("patience") == 1


def test_two_devices_of_one_firm_write_at_once_and_both_are_heard(scene: Scene, tmp_path) -> None:
    one, two, _, conversation, _ = scene
    url = one.member.server.url.replace("http", "ws", 1) + "/api/live"
    with one.line() as line, Line(one.another_device(tmp_path), url, lambda: one.member.token) as second:
        line.follow(conversation)
        second.follow(conversation)
        for number in range(10):
            line.say(conversation, f"first device {number}")
            second.say(conversation, f"second device {number}")
    said = [one.content.text for one in two.desk.history(conversation)[1]][-20:]
    assert said == [f"{name} device {n}" for n in range(10) for name in ("first", "second")]


def test_a_conversation_of_others_cannot_be_followed(scene: Scene) -> None:
    one, *_ = scene
    with one.line() as line, pytest.raises(Problem) as refused:
        line.follow(uuid4())
    assert refused.value.status == 404


def test_a_line_that_is_not_let_in_tells_who_waits(scene: Scene) -> None:
    one, _, _, conversation, _ = scene
    url = one.member.server.url.replace("http", "ws", 1) + "/api/live"
    with Line(one.desk, url, lambda: "x" * 43) as line:
        line.follow(conversation)
        with pytest.raises(LineClosed, match="not let"):
            line.say(conversation, "anybody?", timeout_seconds=120)


def test_events_are_reported_and_closing_ends_the_line(scene: Scene) -> None:
    one, two, today, conversation, _ = scene
    heard: list[str] = []
    line = two.line(on_event=lambda event: heard.append(event["type"]))
    with line:
        line.follow(conversation)
        wait_until(lambda: line._socket is not None)
        connect(one, two, today, _freed(one))
        wait_until(lambda: {"call", "opened"} <= set(heard))
    started = time.monotonic()
    with pytest.raises(LineClosed):
        line.say(conversation, "too late", timeout_seconds=600)
    assert time.monotonic() - started < 60, "refused at once, not after its time"
    line._thread.join(60)
    assert not line._thread.is_alive()


def test_what_was_told_as_a_failure_is_not_sent_later(scene: Scene, monkeypatch) -> None:
    one, two, _, conversation, _ = scene
    with one.line() as line, two.line() as other:
        line.follow(conversation)
        other.follow(conversation, from_start=False)

        def refused(_followed: object) -> None:
            raise Problem(httpx.Response(429, json={"type": "urn:problem:epoch-limit"}))

        with monkeypatch.context() as away:
            away.setattr(line, "_send_due", refused)
            with pytest.raises(Problem):
                line.say(conversation, "typed again")
        assert line.waiting(conversation) == []
        line.say(conversation, "typed again")
        line.say(conversation, "the end")
        heard = []
        for received in other.arrived(conversation, 60):
            heard.append(received.content.text)
            if heard[-1] == "the end":
                break
    assert heard.count("typed again") == 1


def test_keys_that_were_rolled_end_one_conversation_and_not_the_line(scene: Scene, monkeypatch) -> None:
    one, two, today, rolled, _ = scene
    going_on = connect(one, two, today, _freed(one))
    secret = octets(two.desk.api.ask("GET", f"/api/conversations/{rolled}")["secret"])
    unseal = two.desk.unseal

    def locked(sealed: bytes, aad: str) -> bytes:
        if sealed == secret:
            raise ValueError("sealed under another key")
        return unseal(sealed, aad)

    with one.line() as line, two.line() as other:
        for conversation in (rolled, going_on):
            line.follow(conversation)
            other.follow(conversation)
        monkeypatch.setattr(two.desk, "unseal", locked)
        next_month = today + timedelta(days=31)
        one.desk.renew_epoch(rolled, one.desk.session(rolled), next_month)
        with pytest.raises(TalkRefused) as refused:
            list(other.arrived(rolled, 60))
        assert refused.value.refusal.code is Code.UNREADABLE
        with pytest.raises(TalkRefused) as refused:
            two.desk.session(rolled)
        assert refused.value.refusal.code is Code.UNREADABLE
        line.say(going_on, "heard all the same")
        assert next(other.arrived(going_on, 60)).content.text == "heard all the same"


def _freed(one: Party) -> bytes:
    from tests.server.parties import SHARED

    one.free_to_call()
    return SHARED
