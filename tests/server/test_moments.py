"""What a caller does to several answers or calls at once is seen one by one, at moments of their own."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from chat.records import Reason
from tests import rows
from tests.conftest import vigied, wait_until
from tests.server.kit import Network, b64
from tests.server.listening import Listener
from tests.server.parties import BATCH, SHARED, Party, Problem, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher, RunningServer

    Scene = tuple[Party, Party, date, RunningServer]

SPAN = 10 * 86_400  # seconds: no moment that is drawn comes while a test looks


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request, launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    server = launch_for_module(request.param, environment=BATCH | {"VIGIED_SHOWN_WITHIN_SECONDS": str(SPAN)})
    network = Network(server)
    try:
        caller, peer = (party(network.firm(), tmp_path_factory.mktemp("pins")) for _ in range(2))
        yield caller, peer, live_through(network, [caller, peer], server), server
    finally:
        network.close()


def called(caller: Party, peer: Party, today: date) -> UUID:
    """A call that has reached the peer; the caller is free to call again."""
    caller.free_to_call()
    call = caller.desk.raise_call(SHARED, Reason.LATE, today)
    wait_until(lambda: call in received(peer))
    return call


def received(one: Party) -> list[UUID]:
    return [call.id for call in one.desk.list_calls()[1]]


def answered(caller: Party, peer: Party, today: date) -> UUID:
    call = called(caller, peer, today)
    return peer.desk.answer(next(one for one in peer.desk.list_calls()[1] if one.id == call))


def refused(one: Party, method: str, path: str, body: object) -> tuple[int, str]:
    with pytest.raises(Problem) as problem:
        one.desk.api.ask(method, path, body)
    return problem.value.status, problem.value.code


def seen(peer: Party, conversation: UUID) -> dict[str, Any]:
    """Everything that the network answers the peer about a conversation, refusals among it."""
    path, ask = f"/api/conversations/{conversation}", peer.desk.api.ask
    turn = {"succession": b64(b"x"), "secret": b64(b"x"), "replaces": b64(bytes(32))}
    return {
        "listed": next(one for one in ask("GET", "/api/conversations") if one["id"] == str(conversation)),
        "one": ask("GET", path),
        "secret": ask("GET", path + "/secret"),
        "messages": ask("GET", path + "/messages?after=0"),
        "keeping": ask("GET", path + "/keeping"),
        "states": ask("GET", "/api/conversation-states"),
        "epochs": refused(peer, "POST", path + "/epochs", {"record": b64(b"x")}),
        "turn": refused(peer, "PUT", path + "/turn", turn),
        "opening": refused(
            peer, "POST", path + "/opening", {"record": b64(b"x"), "epoch": b64(b"x"), "secret": b64(b"x")}
        ),
        "file": refused(peer, "POST", path + "/files", {"id": str(uuid4()), "chunks": 1}),
    }


def listed(one: Party, conversation: UUID) -> dict[str, Any]:
    found: dict[str, Any] = one.desk.api.ask("GET", f"/api/conversations/{conversation}")
    return found


def on_the_line(peer: Party, conversation: UUID) -> list[dict[str, Any]]:
    """What the line answers who asks for the conversation, writes into it, or signals."""
    with Listener(peer) as line:
        line.say("resume", conversation=conversation, after=0)
        envelope = bytes([1]) + conversation.bytes + bytes(300)
        line.say("append", conversation=conversation, envelope=b64(envelope), ref="a")
        line.say("signal", conversation=conversation, signal=b64(bytes([1]) + conversation.bytes + bytes(69)))
        wait_until(lambda: len(line.heard()) == 3)
        return line.heard()


def move(server: RunningServer, table: str, column: str, identity: UUID, milliseconds: int) -> None:
    """The moment comes so much after now."""
    moment = time.time_ns() // 1_000_000 + milliseconds
    rows.change(server, f"UPDATE {table} SET {column} = {moment} WHERE id = '{identity}'")


def moment(server: RunningServer, table: str, column: str, identity: UUID) -> int | None:
    found: int | None = rows.ask(server, f"SELECT {column} FROM {table} WHERE id = '{identity}'")[0][0]
    return found


def test_openings_of_one_log_in_are_not_seen_and_then_one_by_one(scene: Scene) -> None:
    caller, peer, today, server = scene
    talks = [answered(caller, peer, today)]
    # It has expired, and keeps its key: on a client there is one open call, and closing it opens no answer.
    rows.change(server, "UPDATE call SET closed = TRUE")
    talks.append(answered(caller, peer, today))
    before = [(seen(peer, one), on_the_line(peer, one)) for one in talks]
    began = time.time_ns() // 1_000_000
    with Listener(peer) as line, Listener(caller) as own:
        assert set(caller.desk.open_answered()) == set(talks)
        wait_until(lambda: len(own.heard()) == len(talks))
        assert {one["type"] for one in own.heard()} == {"opened"}, "the own devices hear"
        # Whatever else the caller's side does before it says something stays its own.
        session = caller.desk.session(talks[0])
        path = f"/api/conversations/{talks[0]}"
        epoch = session.begin_epoch()
        caller.desk.api.ask("POST", path + "/epochs", {"record": b64(epoch.record)})
        caller.desk.api.ask("PUT", path + "/retention", {"months": 3})
        caller.desk.api.ask("PUT", path + "/silence", {"silenced": True})
        caller.desk.api.ask("POST", path + "/files", {"id": str(uuid4()), "chunks": 1})
        assert [(seen(peer, one), on_the_line(peer, one)) for one in talks] == before
        caller.desk.api.ask("PUT", path + "/silence", {"silenced": False})
        assert line.heard() == []
        moments = [moment(server, "conversation", "shown_at", one) for one in talks]
        assert all(began <= one <= began + SPAN * 1000 + 60_000 for one in moments)
        assert moments[0] != moments[1], "drawn for each"
        assert [one.waiting for one in peer.desk.talks() if one.id in talks] == [True, True]
        move(server, "conversation", "shown_at", talks[0], 0)
        wait_until(lambda: bool(line.heard()))
        assert line.heard() == [{"type": "opened", "conversation": str(talks[0])}]
    found = {one.id: one.waiting for one in peer.desk.talks()}
    assert [found[one] for one in talks] == [False, True]
    assert (seen(peer, talks[1]), on_the_line(peer, talks[1])) == before[1]
    assert len(listed(peer, talks[0])["epochs"]) == 2
    assert peer.desk.history(talks[0])[0].epoch.number == 2


def test_the_first_message_shows_the_opening_and_the_days_are_of_that_day(scene: Scene) -> None:
    caller, peer, today, server = scene
    conversation = answered(caller, peer, today)
    caller.desk.open_answered()
    kept = caller.desk.api.ask("GET", f"/api/conversations/{conversation}")
    assert kept["shown_within_seconds"] == SPAN
    rows.change(
        server, f"UPDATE conversation_epoch SET made_on = '2001-02-03' WHERE conversation = '{conversation}'"
    )
    with Listener(peer) as line, caller.line() as writing:
        writing.follow(conversation)
        writing.say(conversation, "the first word")
        wait_until(lambda: len(line.heard()) == 2)
        assert {one["type"] for one in line.heard()} == {"opened", "message"}
    assert caller.desk.api.ask("GET", f"/api/conversations/{conversation}")["shown_within_seconds"] == 0
    assert [one["made_on"] for one in listed(peer, conversation)["epochs"]] == [str(today)]
    with peer.line() as writing:
        writing.follow(conversation)
        writing.say(conversation, "and an answer")
    assert [one.content.text for one in peer.desk.history(conversation)[1]] == [
        "the first word",
        "and an answer",
    ]


def test_a_moment_that_passed_while_nobody_served_is_drawn_again(scene: Scene) -> None:
    caller, peer, today, server = scene
    conversation = answered(caller, peer, today)
    caller.desk.open_answered()
    call = called(caller, peer, today)
    caller.desk.close(call)
    due = moment(server, "conversation", "shown_at", conversation)
    server.kill()
    server.start()
    assert moment(server, "conversation", "shown_at", conversation) == due, "a server that dies goes on"
    server.kill()
    move(server, "conversation", "shown_at", conversation, -SPAN * 500)
    move(server, "call", "listed_until", call, -SPAN * 500)
    server.start()
    now = time.time_ns() // 1_000_000 - 60_000
    wait_until(lambda: (moment(server, "conversation", "shown_at", conversation) or 0) > now)
    wait_until(lambda: (moment(server, "call", "listed_until", call) or 0) > now)
    assert next(one.waiting for one in peer.desk.talks() if one.id == conversation)


def test_calls_closed_together_go_one_by_one_and_an_answer_in_between_is_never_opened(scene: Scene) -> None:
    caller, peer, today, server = scene
    calls = [called(caller, peer, today) for _ in range(2)]
    open_before = answered(caller, peer, today)
    caller.desk.open_answered()
    caller.free_to_call()
    assert set(calls) <= set(received(peer)), "still there for those who received them"
    moments = [moment(server, "call", "listed_until", one) for one in calls]
    assert moments[0] != moments[1]
    caller.desk.close(calls[0])
    assert moment(server, "call", "listed_until", calls[0]) == moments[0], "closed once"
    usual = seen(peer, open_before)
    with Listener(caller) as own:
        late = peer.desk.answer(next(one for one in peer.desk.list_calls()[1] if one.id == calls[0]))
        peer.desk.api.ask("PUT", f"/api/conversations/{late}/retention", {"months": 6})
        assert own.heard() == []
    assert caller.desk.open_answered() == []
    assert late not in {one.id for one in caller.desk.talks()}
    assert late not in {got.conversation for one in caller.desk.list_calls()[0] for got in one.answers}
    assert refused(caller, "GET", f"/api/conversations/{late}", None) == (404, "not-found")
    found = seen(peer, late)
    assert {name: set(one) for name, one in found.items() if isinstance(one, dict)} == {
        name: set(one) for name, one in usual.items() if isinstance(one, dict)
    }
    assert next(one.waiting for one in peer.desk.talks() if one.id == late)
    move(server, "call", "listed_until", calls[1], 0)
    wait_until(lambda: calls[1] not in received(peer))
    path = f"/api/calls/{calls[1]}/answer"
    assert refused(peer, "POST", path, {"record": b64(b"x"), "secret": b64(b"x")}) == (409, "call-closed")


def test_the_calls_of_a_firm_that_is_expelled_go_one_by_one(scene: Scene) -> None:
    caller, peer, today, server = scene
    first = called(caller, peer, today)
    assert vigied(server.settings, "expel", str(caller.desk.firm), "--reason", "invented").returncode == 0
    assert first in received(peer)
    assert moment(server, "call", "listed_until", first) is not None
    assert rows.ask(server, f"SELECT closed FROM call WHERE id = '{first}'")[0][0]
