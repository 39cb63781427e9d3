"""A side's new keys: unseen until a message wants them, then nothing is said under the keys before."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from chat.contents import Commit, Offer, Open
from chat.signals import Signal
from chat.thread import Stage, Thread
from member.talk_presence import Presence
from member.talk_turning import Turner
from server.database import Database
from tests.conftest import wait_until
from tests.server import crossings
from tests.server.kit import Network, b64
from tests.server.parties import BATCH, Party, Problem, RoleKey, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from member.line import Line
    from tests.conftest import Launcher, RunningServer

    Scene = tuple[list[Party], date, RunningServer]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request, launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    server = launch_for_module(request.param, environment=BATCH | {"VIGIED_TURN_WITHIN_SECONDS": "0"})
    network = Network(server)
    try:
        parties = [party(network.firm(), tmp_path_factory.mktemp("pins")) for _ in range(3)]
        yield parties, live_through(network, parties, server), server
    finally:
        network.close()


def talk(caller: Party, answerer: Party, today: date) -> UUID:
    """A conversation whose call is closed, so that the next test can call again."""
    conversation = connect(caller, answerer, today)
    caller.free_to_call()
    return conversation


def roll(one: Party) -> Turner:
    """A new *conversations* key for the firm, as after somebody left."""
    before, fresh = one.desk.unseal, RoleKey()
    one.desk.seal, one.desk.unseal = fresh.seal, fresh.unseal
    return Turner(one.desk, [before])


def text_of(line: Line, conversation: UUID) -> str:
    return next(one.content.text for one in line.arrived(conversation, timeout_seconds=60) if not one.mine)


def test_nobody_sees_new_keys_until_a_message_wants_them_and_history_stays_readable(scene: Scene) -> None:
    (caller, answerer, _), today, _ = scene
    talking = talk(caller, answerer, today)
    with caller.line() as one, answerer.line() as two:
        one.follow(talking)
        two.follow(talking)
        one.say(talking, "before")
        assert text_of(two, talking) == "before"
        left = answerer.desk.session(talking)
        assert roll(answerer).turn_all().anew >= 1
        seen = caller.desk.api.ask("GET", f"/api/conversations/{talking}")
        assert (seen["successions"], seen["turning"], len(seen["epochs"])) == ([], False, 1)
        assert answerer.desk.api.ask("GET", f"/api/conversations/{talking}")["turning"]
        one.say(talking, "under new keys")
        assert text_of(two, talking) == "under new keys"
        two.say(talking, "so I read")
        assert text_of(one, talking) == "so I read"
    found = caller.desk.api.ask("GET", f"/api/conversations/{talking}")
    assert [turn["after"] for turn in found["successions"]] == [1]
    assert left.turn(base64.b64decode(found["successions"][0]["record"])).code == "chat-unreadable"
    _, shown = answerer.desk.history(talking)
    assert [received.content.text for received in shown] == ["before", "under new keys", "so I read"]


def test_who_left_cannot_speak_with_the_keys_before_and_an_old_wrap_is_not_taken_back(scene: Scene) -> None:
    (caller, answerer, _), today, _ = scene
    talking = talk(answerer, caller, today)
    left = answerer.desk.session(talking)
    path = f"/api/conversations/{talking}"
    old = answerer.desk.api.ask("GET", path)["secret"]
    roll(answerer).turn_all()
    with caller.line() as one:
        one.follow(talking)
        one.say(talking, "this brings them into force")
    epoch = left.begin_epoch()
    with pytest.raises(Problem) as caught:
        answerer.desk.api.ask("POST", f"{path}/epochs", {"record": b64(epoch.record)})
    assert caught.value.code == "chat-signature"
    body = {"secret": old, "replaces": b64(bytes(32))}
    with pytest.raises(Problem) as caught:
        answerer.desk.api.ask("PUT", f"{path}/secret", body)
    assert caught.value.code == "secret-replaced"
    with pytest.raises(ValueError, match="another key"):  # a server that plays an old wrap again is noticed
        answerer.desk.unseal(base64.b64decode(old), answerer.desk.side_aad(talking))


def test_a_side_cannot_give_keys_for_the_other_nor_the_same_ones_again(scene: Scene) -> None:
    (caller, answerer, third), today, _ = scene
    talking = talk(caller, answerer, today)
    path = f"/api/conversations/{talking}"
    roll(answerer).turn_all()
    with answerer.line() as two:
        two.follow(talking)
        two.say(talking, "in force")
    record = answerer.desk.api.ask("GET", path)["successions"][0]["record"]
    for one, expected in ((caller, "chat-forked"), (answerer, "chat-forked"), (third, "not-found")):
        body = {"succession": record, "secret": b64(b"x"), "replaces": b64(bytes(32))}
        if one is not third:
            current = one.desk.api.ask("GET", f"{path}/secret")["secret"]
            body["replaces"] = b64(hashlib.sha256(base64.b64decode(current)).digest())
        with pytest.raises(Problem) as caught:
            one.desk.api.ask("PUT", f"{path}/turn", body)
        assert caught.value.code == expected


def test_presence_reaches_the_other_side_after_the_reveal_alone(scene: Scene) -> None:
    (caller, answerer, _), today, _ = scene
    talking = talk(caller, answerer, today)
    with caller.line() as one, answerer.line() as two:
        one.follow(talking)
        two.follow(talking)
        threads = (Thread(), Thread())
        there = [Presence(line, talking, thread) for line, thread in zip((one, two), threads, strict=True)]
        there[0].say(Signal.HERE)
        assert there[0].sent_at() == 0
        for said in (Offer(), Commit(bytes(32)), Open(b"s", bytes(32))):
            one.say(talking, said)
            two.say(talking, said)
        for line, thread in zip((one, two), threads, strict=True):
            for received in line.arrived(talking, timeout_seconds=60):
                thread.take(received)
                if thread.reveal.stage is Stage.OPENED:
                    break
        assert not two._followed[talking].signals, "nothing was sent before the reveal"
        there[0].say(Signal.TYPING)
        shown = []
        wait_until(lambda: shown.append(there[1].tick()) or Signal.TYPING in shown)
        one.say(talking, "a text to be read")
        for received in two.arrived(talking, timeout_seconds=60):
            threads[1].take(received)
            break
        receipt = there[1].receipt()
        assert receipt is not None
        assert there[1].receipt() == receipt, "due until it is in the chain"
        two.say(talking, receipt)
        for thread, line in zip(threads, (one, two), strict=True):
            for received in line.arrived(talking, timeout_seconds=60):
                thread.take(received)
                if thread.read:
                    break
        assert list(threads[0].read.values()) == [7]
        assert there[1].receipt() is None, "once"


@pytest.mark.parametrize("listed", [False, True])
def test_what_is_read_while_keys_change_twice_is_a_state_that_was(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, listed: bool
) -> None:
    (caller, answerer, _), today, server = scene
    talking = talk(caller, answerer, today)
    run, left = Database.run, ["first", "second"]

    def change() -> None:
        with caller.line() as line:
            line.follow(talking)
            while left:
                roll(answerer).turn_all()
                line.say(talking, left.pop())

    async def held(self: Database, sql: str, *values: Any) -> list[dict[str, Any]]:
        found = await run(self, sql, *values)
        if "made_on FROM conversation_epoch" in sql:
            await asyncio.to_thread(change)
        return found

    monkeypatch.setattr(Database, "run", held)
    path = "/api/conversations" + ("" if listed else f"/{talking}")
    found = crossings.ask(server, caller.member.token, "GET", path, None).json()
    one = next(each for each in found if each["id"] == str(talking)) if listed else found
    assert (len(one["epochs"]), [turn["after"] for turn in one["successions"]]) == (1, [1])
    assert not left
