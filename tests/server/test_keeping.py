"""Contents stay as long as both sides agreed, go when withdrawn, and stay for a firm that holds them."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from chat.contents import CHANGES_WITHIN, FILE_CHUNK_BYTES, Text, Withdraw
from chat.files import CHUNKS_MAX, SEALED_CHUNK_BYTES
from chat.records import Reason
from chat.refusals import Code
from member.conversing import TalkRefused
from tests import rows
from tests.conftest import Launcher, wait_until
from tests.server.parties import BATCH, SHARED, Party, Problem, Scene, code, connect, scene_on
from tests.server.sweeping import sweep_after


def holds_of(who: Party) -> list[dict[str, object]]:
    return list(who.desk.api.ask("GET", "/api/holds"))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request, launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    server = launch_for_module(request.param, environment=BATCH)
    with scene_on(server, tmp_path_factory.mktemp("pins")) as scene:
        yield scene


def test_a_withdrawn_messages_ciphertext_is_erased_and_the_chain_holds(scene: Scene) -> None:
    at = scene.say(scene.caller, "said and withdrawn")
    scene.say(scene.answerer, "the answer to it")
    ask = scene.caller.desk.api.ask
    assert code(scene.answerer.desk.api.ask, "POST", scene.path(f"/messages/{at}/erasure")) == "not-found"
    assert code(ask, "POST", scene.path(f"/messages/{at}/erasure")) == "not-withdrawn"
    scene.put(scene.caller, Withdraw(at))
    ask("POST", scene.path(f"/messages/{at}/erasure"))
    ask("POST", scene.path(f"/messages/{at}/erasure"))
    for who in (scene.caller, scene.answerer):
        shown = scene.shown(who)
        assert shown[at] is None
        assert isinstance(shown[at + 1], Text)
    ((length,),) = rows.ask(
        scene.server,
        f"SELECT length(record) FROM message WHERE counter = {at} AND conversation = '{scene.conversation}'",
    )
    assert length == 222
    scene.say(scene.caller, "the chain goes on")


def test_nothing_is_erased_once_it_is_too_late_to_withdraw_it(scene: Scene) -> None:
    ask, put = scene.caller.desk.api.ask, scene.put
    alone, early = (
        scene.say(scene.caller, text) for text in ("nothing of ours follows soon", "just in time")
    )
    path = scene.path(f"/messages/{early}/erasure")
    put(scene.caller, *(Text(f"{number}", 0) for number in range(CHANGES_WITHIN - 1)))
    put(scene.caller, Withdraw(early))
    assert code(ask, "POST", scene.path(f"/messages/{alone}/erasure")) == "not-withdrawn"
    ask("POST", path)
    ask("POST", path)  # what is erased already is no fault
    late = scene.say(scene.caller, "the other side alone speaks after it")
    put(scene.answerer, *(Text(f"{number}", 0) for number in range(CHANGES_WITHIN)))
    put(scene.caller, Withdraw(late))
    assert code(ask, "POST", scene.path(f"/messages/{late}/erasure")) == "not-withdrawn"


def test_a_firm_that_holds_keeps_what_the_other_side_withdraws_and_the_other_does_not_know(
    scene: Scene,
) -> None:
    at = scene.say(scene.caller, "regretted")
    scene.put(scene.caller, Withdraw(at))
    scene.answerer.desk.api.ask("PUT", scene.path("/hold"), {"held": True})
    before = scene.caller.desk.api.ask("GET", scene.path("/keeping"))
    scene.caller.desk.api.ask("POST", scene.path(f"/messages/{at}/erasure"))
    assert scene.shown(scene.caller)[at] is None
    kept = scene.shown(scene.answerer)[at]
    assert isinstance(kept, Text)
    assert kept.text == "regretted"
    assert scene.caller.desk.api.ask("GET", scene.path("/keeping")) == before
    assert before["held"] is False
    assert [one["held_on"] for one in holds_of(scene.answerer) if one["id"] == str(scene.conversation)] == [
        scene.today.isoformat()
    ]
    assert [one["held_on"] for one in holds_of(scene.caller)] == [None]
    assert not holds_of(scene.third)
    scene.answerer.desk.api.ask("PUT", scene.path("/hold"), {"held": False})
    assert scene.shown(scene.answerer)[at] is None


def test_the_shorter_wish_counts_and_both_see_both(scene: Scene) -> None:
    scene.caller.desk.api.ask("PUT", scene.path("/retention"), {"months": 6})
    scene.answerer.desk.api.ask("PUT", scene.path("/retention"), {"months": 3})
    seen = [one.desk.api.ask("GET", scene.path("/keeping")) for one in (scene.caller, scene.answerer)]
    assert [one["months"] for one in seen] == [3, 3]
    assert [one["own_months"] for one in seen] == [one["peer_months"] for one in reversed(seen)] == [6, 3]
    assert code(scene.caller.desk.api.ask, "PUT", scene.path("/retention"), {"months": 13}) == "malformed"


def test_contents_older_than_agreed_are_erased_but_for_a_firm_that_holds(scene: Scene) -> None:
    at = scene.say(scene.caller, "grows old")
    for one in (scene.caller, scene.answerer):
        one.desk.api.ask("PUT", scene.path("/retention"), {"months": 2})
    scene.caller.free_to_call()
    held = connect(scene.caller, scene.third, scene.today)
    with scene.caller.line() as line:
        line.follow(held)
        line.say(held, "held by one side")
    scene.third.desk.api.ask("PUT", f"/api/conversations/{held}/retention", {"months": 1})
    scene.third.desk.api.ask("PUT", f"/api/conversations/{held}/hold", {"held": True})
    sweep_after(scene.server, days=50)  # one month has passed, two have not
    assert isinstance(scene.shown(scene.answerer)[at], Text)
    assert scene.caller.desk.history(held)[1][0].content is None
    assert isinstance(scene.third.desk.history(held)[1][0].content, Text)
    sweep_after(scene.server, days=70)
    assert set(scene.shown(scene.answerer).values()) == {None}
    assert scene.say(scene.answerer, "still goes on") > at


def test_a_silenced_side_writes_no_more_and_its_firms_calls_do_not_arrive(scene: Scene) -> None:
    ask = scene.answerer.desk.api.ask
    ask("PUT", scene.path("/silence"), {"silenced": True})
    assert scene.caller.desk.api.ask("GET", scene.path("/keeping"))["silent"] is True
    session = scene.caller.desk.history(scene.conversation)[0]
    with scene.caller.line() as line:
        line.follow(scene.conversation)
        with pytest.raises(TalkRefused) as refused:
            line.say(scene.conversation, "let me in")
        assert refused.value.refusal.code is Code.CLOSED
        assert scene.caller.desk.history(scene.conversation)[0].counter == session.counter
        assert scene.say(scene.answerer, "I may still write") == session.counter + 1
        ask("PUT", scene.path("/silence"), {"silenced": False})
        line.say(scene.conversation, "and so may I again")
        ask("PUT", scene.path("/silence"), {"silenced": True})
    scene.caller.free_to_call()
    call = scene.caller.desk.raise_call(SHARED, Reason.LATE, scene.today)
    wait_until(lambda: call in {one.id for one in scene.third.desk.list_calls()[1]})
    assert call not in {one.id for one in scene.answerer.desk.list_calls()[1]}
    ask("PUT", scene.path("/silence"), {"silenced": False})
    scene.say(scene.caller, "heard again")


def test_a_file_goes_on_where_it_was_interrupted_and_both_sides_fetch_it(scene: Scene) -> None:
    ask, client = scene.caller.desk.api.ask, scene.caller.member.client()
    file, chunks = str(uuid4()), [os.urandom(SEALED_CHUNK_BYTES) for _ in range(3)]
    begun = {"id": file, "chunks": 3}
    assert ask("POST", scene.path("/files"), begun)["received"] == []
    for number in (0, 2):
        assert client.put(scene.path(f"/files/{file}/{number}"), content=chunks[number]).status_code == 204
    assert ask("POST", scene.path("/files"), begun)["received"] == [0, 2]
    assert client.put(scene.path(f"/files/{file}/2"), content=chunks[2]).status_code == 204
    taken = client.put(scene.path(f"/files/{file}/2"), content=chunks[1])
    assert (taken.status_code, taken.json()["type"]) == (409, "urn:vigie:problem:chunk-taken")
    assert client.put(scene.path(f"/files/{file}/1"), content=b"short").status_code == 400
    assert client.put(scene.path(f"/files/{file}/1"), content=chunks[1]).status_code == 204
    theirs = scene.answerer.member.client()
    assert theirs.put(scene.path(f"/files/{file}/1"), content=chunks[1]).status_code == 404
    fetched = [theirs.get(scene.path(f"/files/{file}/{number}")).content for number in range(3)]
    assert fetched == chunks
    stranger = scene.third.member.client()
    assert stranger.get(scene.path(f"/files/{file}/0")).status_code == 404
    assert theirs.delete(scene.path(f"/files/{file}")).status_code == 404
    assert client.delete(scene.path(f"/files/{file}")).status_code == 204
    assert theirs.get(scene.path(f"/files/{file}/0")).status_code == 404


def test_a_file_has_at_most_ten_mebibytes(scene: Scene) -> None:
    with pytest.raises(Problem) as refused:
        scene.caller.desk.api.ask(
            "POST", scene.path("/files"), {"id": str(uuid4()), "chunks": CHUNKS_MAX + 1}
        )
    assert refused.value.status == 400
    assert CHUNKS_MAX * FILE_CHUNK_BYTES == 10 * 2**20


def test_what_a_firm_has_read_is_kept_for_its_own_devices_alone(scene: Scene) -> None:
    caller, answerer, third = scene.parties
    state = {"replaces": 0, "sealed": base64.b64encode(b"sealed here").decode()}
    assert caller.desk.api.ask("PUT", scene.path("/state"), state) == {"version": 1}
    with pytest.raises(Problem) as refused:
        caller.desk.api.ask("PUT", scene.path("/state"), state)
    assert refused.value.code == "state-moved"
    assert caller.desk.api.ask("PUT", scene.path("/state"), state | {"replaces": 1}) == {"version": 2}
    listed = caller.desk.api.ask("GET", "/api/conversation-states")
    assert [(one["conversation"], one["version"]) for one in listed] == [(str(scene.conversation), 2)]
    assert base64.b64decode(listed[0]["sealed"]) == b"sealed here"
    assert answerer.desk.api.ask("GET", "/api/conversation-states") == []
    with pytest.raises(Problem) as nowhere:
        third.desk.api.ask("PUT", scene.path("/state"), state)
    assert nowhere.value.status == 404
