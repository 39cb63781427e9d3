"""A side that was silenced reads and adds nothing; a side that was not adds so much and no more."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_socket

from chat.envelope import SIGNAL_BYTES
from chat.files import CHUNKS_MAX, SEALED_CHUNK_BYTES
from chat.records import Reason, Side
from member.conversing import TalkRefused, granted
from member.talk_turning import Turner
from server.epochs import EPOCHS_PER_DAY_MAX
from server.files import CHUNKS_OF_SIDE_MAX
from tests.conftest import Launcher, wait_until
from tests.server.parties import BATCH, SHARED, Party, Problem, RoleKey, Scene, code, connect, scene_on
from tests.server.planting import ask


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request, launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    server = launch_for_module(request.param, environment=BATCH | {"VIGIED_TURN_WITHIN_SECONDS": "0"})
    with scene_on(server, tmp_path_factory.mktemp("pins")) as scene:
        yield scene


@pytest.fixture
def silent(scene: Scene) -> Iterator[Party]:
    """The caller, silenced by the answerer."""
    silence(scene.answerer, scene.conversation, silenced=True)
    yield scene.caller
    silence(scene.answerer, scene.conversation, silenced=False)


def silence(who: Party, conversation: UUID, *, silenced: bool) -> None:
    who.desk.api.ask("PUT", f"/api/conversations/{conversation}/silence", {"silenced": silenced})


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def add_epoch(who: Party, conversation: UUID) -> int:
    """The next epoch's number."""
    session = who.desk.session(conversation)
    epoch = granted(session.begin_epoch())
    who.desk.api.ask("POST", f"/api/conversations/{conversation}/epochs", {"record": b64(epoch.record)})
    return int(epoch.number)


def begin(who: Party, scene: Scene, chunks: int = 1) -> str:
    file = str(uuid4())
    who.desk.api.ask("POST", scene.path("/files"), {"id": file, "chunks": chunks})
    return file


def roll(who: Party) -> Turner:
    before, fresh = who.desk.unseal, RoleKey()
    who.desk.seal, who.desk.unseal = fresh.seal, fresh.unseal
    return Turner(who.desk, [before])


def move_on(scene: Scene) -> None:
    """To the next day."""
    scene.today += timedelta(days=1)
    scene.server.set_today(scene.today)


def facts(who: Party, scene: Scene) -> dict[str, Any]:
    return dict(who.desk.api.ask("GET", scene.path()))


def socket(who: Party) -> ClientConnection:
    return open_socket(
        who.member.server.url.replace("http", "ws", 1) + "/api/live",
        additional_headers={"Authorization": f"Bearer {who.member.token}"},
        proxy=None,
        close_timeout=1,
    )


def hear(connection: ClientConnection, *, besides: str = "beat") -> dict[str, Any]:
    """`besides`: what may come late of something earlier."""
    while (frame := json.loads(connection.recv(timeout=60)))["type"] in {"beat", besides}:
        pass
    return dict(frame)


def signal(conversation: UUID, side: Side) -> bytes:
    """What passes for presence: the server opens none."""
    head = bytes([1]) + conversation.bytes + (1).to_bytes(4, "little") + bytes([side])
    return head + os.urandom(SIGNAL_BYTES - len(head))


def test_a_silenced_side_adds_no_epoch_and_no_file_and_reads_on(scene: Scene, silent: Party) -> None:
    before = facts(silent, scene)
    assert code(add_epoch, silent, scene.conversation) == "chat-closed"
    assert code(begin, silent, scene) == "chat-closed"
    at = scene.say(scene.answerer, "the other side goes on")
    assert at in scene.shown(silent)
    after = facts(silent, scene)
    assert (len(after["epochs"]), after["counter"]) == (len(before["epochs"]), at)


def test_a_file_that_was_begun_before_is_not_gone_on_with_while_silenced(scene: Scene) -> None:
    file = begin(scene.caller, scene, 2)
    client, chunk = scene.caller.member.client(), os.urandom(SEALED_CHUNK_BYTES)
    assert client.put(scene.path(f"/files/{file}/0"), content=chunk).status_code == 204
    silence(scene.answerer, scene.conversation, silenced=True)
    refused = client.put(scene.path(f"/files/{file}/1"), content=chunk)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:vigie:problem:chat-closed")
    assert client.get(scene.path(f"/files/{file}/0")).content == chunk
    silence(scene.answerer, scene.conversation, silenced=False)
    assert client.put(scene.path(f"/files/{file}/1"), content=chunk).status_code == 204
    client.delete(scene.path(f"/files/{file}"))


def test_a_silenced_sides_presence_is_not_passed_on(scene: Scene, silent: Party) -> None:
    kept_back, passed_on = [b64(signal(scene.conversation, Side.CALLER)) for _ in range(2)]
    frame = {"type": "signal", "conversation": str(scene.conversation)}
    with socket(silent) as own, socket(scene.answerer) as other:
        for one in (own, other):
            assert hear(one)["type"] == "welcome"
        own.send(json.dumps(frame | {"signal": kept_back}))
        refused = hear(own, besides="keeping")
        assert (refused["code"], refused["ref"]) == ("chat-closed", "signal")
        silence(scene.answerer, scene.conversation, silenced=False)
        own.send(json.dumps(frame | {"signal": passed_on}))
        assert hear(other, besides="keeping")["signal"] == passed_on


def test_a_silenced_sides_new_keys_wait_until_the_other_side_writes(scene: Scene, silent: Party) -> None:
    before = facts(silent, scene)
    roll(silent).turn_all()
    assert facts(silent, scene)["turning"]
    session = silent.desk.history(scene.conversation)[0]
    with silent.line() as line:
        line.follow(scene.conversation)
        with pytest.raises(TalkRefused):
            line.say(scene.conversation, "let me in")
    after = facts(silent, scene)
    assert (after["successions"], after["turning"]) == (before["successions"], True)
    assert after["counter"] == session.counter
    at = scene.say(scene.answerer, "to the new keys")
    after = facts(silent, scene)
    assert (len(after["successions"]), after["turning"]) == (len(before["successions"]) + 1, False)
    assert scene.shown(silent)[at].text == "to the new keys"  # type: ignore[attr-defined]


def test_a_side_adds_so_many_epochs_a_day_and_those_that_new_keys_call_for(scene: Scene) -> None:
    move_on(scene)
    for _ in range(EPOCHS_PER_DAY_MAX):
        add_epoch(scene.caller, scene.conversation)
    with pytest.raises(Problem) as refused:
        add_epoch(scene.caller, scene.conversation)
    assert (refused.value.status, refused.value.code) == (429, "epoch-limit")
    assert 0 < int(refused.value.headers["Retry-After"]) <= 86_400
    add_epoch(scene.answerer, scene.conversation)
    roll(scene.answerer).turn_all()
    scene.say(scene.caller, "its epoch is called for by the new keys")
    assert code(add_epoch, scene.caller, scene.conversation) == "epoch-limit"
    move_on(scene)
    add_epoch(scene.caller, scene.conversation)


def test_a_moment_that_is_to_come_is_not_drawn_again(scene: Scene) -> None:
    roll(scene.answerer).turn_all()
    due = "SELECT due_at FROM conversation_succession WHERE conversation = {} AND after IS NULL"
    later = 4_000_000_000
    ask(
        scene.server,
        "UPDATE conversation_succession SET due_at = {} WHERE conversation = {} AND after IS NULL",
        later,
        scene.conversation,
    )
    roll(scene.answerer).turn_all()
    assert ask(scene.server, due, scene.conversation) == [(later,)]
    ask(
        scene.server,
        "UPDATE conversation_succession SET due_at = 1 WHERE conversation = {} AND after IS NULL",
        scene.conversation,
    )
    roll(scene.answerer).turn_all()
    ((drawn,),) = ask(scene.server, due, scene.conversation)
    assert 1 < drawn < later
    scene.say(scene.caller, "in force")


def test_a_sides_files_leave_the_other_side_its_room(scene: Scene) -> None:
    files = [begin(scene.caller, scene, CHUNKS_MAX) for _ in range(CHUNKS_OF_SIDE_MAX // CHUNKS_MAX)]
    assert code(begin, scene.caller, scene) == "files-full"
    for _ in files:
        begin(scene.answerer, scene, CHUNKS_MAX)
    assert code(begin, scene.answerer, scene) == "files-full"
    assert CHUNKS_OF_SIDE_MAX * 64 * 1024 == 100 * 2**20
    scene.caller.desk.api.ask("DELETE", scene.path(f"/files/{files[0]}"))
    begin(scene.caller, scene)


def test_calls_arrive_again_when_no_conversation_of_the_two_is_silenced_any_more(scene: Scene) -> None:
    scene.caller.free_to_call()
    second = connect(scene.caller, scene.answerer, scene.today)
    for conversation in (scene.conversation, second):
        silence(scene.answerer, conversation, silenced=True)
    silence(scene.answerer, second, silenced=False)
    scene.caller.free_to_call()
    unheard = scene.caller.desk.raise_call(SHARED, Reason.LATE, scene.today)
    wait_until(lambda: unheard in _received(scene.third))
    assert unheard not in _received(scene.answerer)
    silence(scene.answerer, scene.conversation, silenced=False)
    scene.caller.free_to_call()
    heard = scene.caller.desk.raise_call(SHARED, Reason.LATE, scene.today)
    wait_until(lambda: heard in _received(scene.answerer))


def _received(who: Party) -> set[UUID]:
    return {one.id for one in who.desk.list_calls()[1]}
