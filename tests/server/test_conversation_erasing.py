"""Calls, conversations and reports go when they have served their time, whole, and not where a firm holds."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from chat.files import SEALED_CHUNK_BYTES
from chat.records import Reason
from member.talk_keeping import report
from member.talk_turning import Turner
from server.tables import TABLES
from tests.conftest import Launcher, wait_until
from tests.server.crossings import while_held
from tests.server.parties import BATCH, SHARED, Party, Problem, RoleKey, Scene, code, connect, scene_on
from tests.server.planting import ask, eventually

YEAR_DAYS = 365
PARTS = (
    "message",
    "conversation_epoch",
    "conversation_succession",
    "conversation_state",
    "conversation_file",
    "conversation_report",
)


@dataclass
class Talked:
    """A conversation with a row in every table, and the call that began it."""

    id: UUID
    call: UUID
    file: str


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request, launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    server = launch_for_module(request.param, environment=BATCH | {"VIGIED_TURN_WITHIN_SECONDS": "0"})
    with scene_on(server, tmp_path_factory.mktemp("pins")) as scene:
        yield scene


def talked(scene: Scene, caller: Party, answerer: Party) -> Talked:
    """Everything that a conversation may leave behind."""
    caller.free_to_call()
    conversation = connect(caller, answerer, scene.today)
    before, fresh = caller.desk.unseal, RoleKey()
    caller.desk.seal, caller.desk.unseal = fresh.seal, fresh.unseal
    Turner(caller.desk, [before]).turn_all()
    with caller.line() as line:
        line.follow(conversation)
        line.say(conversation, "said")
    path, file = f"/api/conversations/{conversation}", str(uuid4())
    caller.desk.api.ask("POST", f"{path}/files", {"id": file, "chunks": 1})
    caller.member.client().put(f"{path}/files/{file}/0", content=os.urandom(SEALED_CHUNK_BYTES))
    sealed = base64.b64encode(b"sealed").decode()
    caller.desk.api.ask("PUT", f"{path}/state", {"replaces": 0, "sealed": sealed})
    report(caller.desk, conversation)
    call = next(
        one.id for one in caller.desk.list_calls()[0] if conversation in {a.conversation for a in one.answers}
    )
    return Talked(conversation, call, file)


def day(scene: Scene, days: int) -> Any:
    """A business date so many days ago, as the database takes it."""
    found: date = scene.today - timedelta(days=days)
    return found.isoformat() if scene.server.database_url.startswith("sqlite") else found


def age(scene: Scene, one: Talked, *, days: int, call_days: int) -> None:
    """As if it had been said so many days ago, and its call had closed so many days ago."""
    moment = int(time.time()) - days * 86_400
    server = scene.server
    ask(server, "UPDATE message SET received_at = {} WHERE conversation = {}", moment, one.id)
    ask(server, "UPDATE conversation_report SET reported_at = {} WHERE conversation = {}", moment, one.id)
    ask(
        server, "UPDATE conversation_file SET begun_at = {} WHERE conversation = {}", int(time.time()), one.id
    )
    ask(server, "UPDATE conversation SET started_on = {} WHERE id = {}", day(scene, days), one.id)
    for column in ("closed_on", "closes_on"):
        ask(server, f"UPDATE call SET {column} = {{}} WHERE id = {{}}", day(scene, call_days), one.call)


def counted(scene: Scene, one: Talked) -> dict[str, int]:
    """How many rows of each table are left of it."""
    counts = {
        table: ask(scene.server, f"SELECT COUNT(*) FROM {table} WHERE conversation = {{}}", one.id)
        for table in PARTS
    }
    counts["file_chunk"] = ask(
        scene.server, "SELECT COUNT(*) FROM file_chunk WHERE file = {}", UUID(one.file)
    )
    counts["conversation"] = ask(scene.server, "SELECT COUNT(*) FROM conversation WHERE id = {}", one.id)
    counts["call"] = ask(scene.server, "SELECT COUNT(*) FROM call WHERE id = {}", one.call)
    counts["call_delivery"] = ask(
        scene.server, "SELECT COUNT(*) FROM call_delivery WHERE call = {}", one.call
    )
    return {table: rows[0][0] for table, rows in counts.items()}


def hold(who: Party, one: Talked, *, held: bool) -> None:
    who.desk.api.ask("PUT", f"/api/conversations/{one.id}/hold", {"held": held})


def test_the_parts_counted_here_are_all_the_tables_that_name_a_conversation() -> None:
    naming = {
        str(table._meta.tablename)
        for table in TABLES
        if any(column._meta.name == "conversation" for column in table._meta.columns)
    }
    assert naming == set(PARTS)


def test_a_year_after_its_last_message_a_conversation_is_gone_with_all_its_rows(scene: Scene) -> None:
    scene.caller.free_to_call()
    old = talked(scene, scene.caller, scene.answerer)
    young = talked(scene, scene.third, scene.answerer)
    whole = counted(scene, old)
    assert all(whole.values()), whole
    scene.answerer.desk.history(old.id)  # this device has read it, and remembers how far
    age(scene, old, days=YEAR_DAYS + 1, call_days=YEAR_DAYS + 1)
    age(scene, young, days=YEAR_DAYS - 2, call_days=YEAR_DAYS + 1)
    scene.server.restart()
    eventually(lambda: not any(counted(scene, old).values()))
    left = counted(scene, young)
    assert left.pop("call_delivery") == 0, "who received a call is forgotten a year after it closed"
    assert all(left.values()), left
    for who in (scene.caller, scene.answerer):
        assert old.id not in {talk.id for talk in who.desk.talks()}
        with pytest.raises(Problem) as refused:  # not a history that ends before what was read
            who.desk.history(old.id)
        assert (refused.value.status, refused.value.code) == (404, "not-found")
    assert scene.answerer.desk.history(young.id)[1]


def test_where_a_firm_holds_a_conversation_nothing_of_it_goes_until_it_lets_go(scene: Scene) -> None:
    held = talked(scene, scene.caller, scene.answerer)
    other = talked(scene, scene.answerer, scene.third)
    hold(scene.answerer, held, held=True)
    for one in (held, other):
        age(scene, one, days=2 * YEAR_DAYS, call_days=2 * YEAR_DAYS)
    before = counted(scene, held)
    scene.server.restart()
    eventually(lambda: not any(counted(scene, other).values()))
    after = counted(scene, held)
    assert (after.pop("conversation_report"), after.pop("call_delivery")) == (0, 0)
    assert after == {table: before[table] for table in after}
    assert scene.answerer.desk.history(held.id)[1][0].content.text == "said"  # type: ignore[union-attr]
    hold(scene.answerer, held, held=False)
    scene.server.restart()
    eventually(lambda: not any(counted(scene, held).values()))


def test_an_answer_that_was_never_opened_goes_with_its_call(scene: Scene) -> None:
    scene.caller.free_to_call()
    call = scene.caller.desk.raise_call(SHARED, Reason.LATE, scene.today)
    wait_until(lambda: call in {one.id for one in scene.answerer.desk.list_calls()[1]})
    received = next(one for one in scene.answerer.desk.list_calls()[1] if one.id == call)
    conversation = scene.answerer.desk.answer(received)
    one = Talked(conversation, call, str(uuid4()))
    scene.caller.free_to_call()
    ((closed_on,),) = ask(scene.server, "SELECT closed_on FROM call WHERE id = {}", call)
    assert str(closed_on) == scene.today.isoformat(), "the year begins with the day on which it was closed"
    age(scene, one, days=YEAR_DAYS + 30, call_days=YEAR_DAYS - 2)
    # Closed before its last day: the answerer is not to see when, and which calls were closed with it.
    ask(scene.server, "UPDATE call SET closed_on = {} WHERE id = {}", day(scene, YEAR_DAYS + 20), call)
    scene.third.free_to_call()
    unanswered = scene.third.desk.raise_call(SHARED, Reason.LATE, scene.today)
    marker = Talked(uuid4(), unanswered, str(uuid4()))
    age(scene, marker, days=0, call_days=YEAR_DAYS + 1)
    scene.server.restart()
    eventually(lambda: not any(counted(scene, marker).values()))
    assert counted(scene, one)["conversation"] == 1
    age(scene, one, days=YEAR_DAYS + 30, call_days=YEAR_DAYS + 1)
    scene.server.restart()
    eventually(lambda: not any(counted(scene, one).values()))


def test_what_is_said_where_a_conversation_is_no_more_is_refused_and_others_go_on(scene: Scene) -> None:
    gone = talked(scene, scene.caller, scene.answerer)
    stays = talked(scene, scene.caller, scene.third)
    with scene.caller.line() as line:
        for one in (gone, stays):
            line.follow(one.id)
            line.say(one.id, "the server knows it")
        # As another process of the network would: this one has not heard of it.
        ask(scene.server, "DELETE FROM conversation WHERE id = {}", gone.id)
        assert refused(line, gone.id) == "chat-elsewhere"
        line.say(stays.id, "still here")
    assert code(scene.caller.desk.session, gone.id) == "not-found"
    for table in PARTS:
        ask(scene.server, f"DELETE FROM {table} WHERE conversation = {{}}", gone.id)


def refused(line: Any, conversation: UUID) -> str:
    from member.conversing import TalkRefused

    with pytest.raises(TalkRefused) as caught:
        line.say(conversation, "is anybody there?")
    return str(caught.value.refusal.code.value)


def test_a_firm_that_was_silenced_there_alone_is_forgotten_with_it(scene: Scene) -> None:
    old = talked(scene, scene.third, scene.caller)
    pair = (scene.caller.member.id, scene.third.member.id)
    silences = "SELECT COUNT(*) FROM firm_silence WHERE firm = {} AND silenced = {}"
    path = f"/api/conversations/{old.id}/silence"
    scene.caller.desk.api.ask("PUT", path, {"silenced": True})
    assert ask(scene.server, silences, *pair) == [(1,)]
    age(scene, old, days=YEAR_DAYS + 1, call_days=YEAR_DAYS + 1)
    scene.server.restart()
    eventually(lambda: not any(counted(scene, old).values()))
    assert ask(scene.server, silences, *pair) == [(0,)]


def test_a_conversation_stays_while_one_of_its_firms_settles_whom_it_has_silenced(scene: Scene) -> None:
    """Both write down whether any conversation of the two is silenced still: one after the other."""
    if scene.server.database_url.startswith("sqlite"):
        pytest.skip("SQLite writes one after the other")
    old = talked(scene, scene.third, scene.answerer)
    age(scene, old, days=YEAR_DAYS + 1, call_days=YEAR_DAYS + 1)

    def sweep() -> None:
        scene.server.restart()
        eventually(lambda: not any(counted(scene, old).values()))

    async def still_there(ours: asyncpg.Connection) -> None:
        assert await ours.fetch("SELECT id FROM conversation WHERE id = $1", old.id)

    lock, firm = "SELECT id FROM firm WHERE id = $1 FOR UPDATE", scene.answerer.member.id
    while_held(scene.server, lambda ours: ours.execute(lock, firm), sweep, still_there)
