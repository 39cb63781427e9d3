"""Two firms talk through a server that is killed: nothing acknowledged is lost, doubled or readable there."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from chat.envelope import BUCKET_BYTES, OVERHEAD_BYTES, TAG_BYTES
from chat.keys import PrivateKeys
from chat.records import Reason, Side, make_epoch, make_opening
from chat.refusals import Refusal
from chat.session import Session
from member.conversing import TalkRefused
from tests.conftest import wait_until
from tests.server.kit import Network, b64, unb64
from tests.server.parties import BATCH, SHARED, Party, Problem, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from member.line import Line
    from tests.conftest import Launcher, RunningServer

    Scene = tuple[list[Party], date, RunningServer]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request, launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    """Three firms with one client in common."""
    server = launch_for_module(request.param, environment=BATCH)
    network = Network(server)
    folder: Path = tmp_path_factory.mktemp("pins")
    try:
        parties = [party(network.firm(), folder) for _ in range(3)]
        yield parties, live_through(network, parties, server), server
    finally:
        network.close()


@pytest.fixture(scope="module")
def talking(scene: Scene) -> UUID:
    """A conversation of the first two firms."""
    (caller, answerer, _), today, _ = scene
    return connect(caller, answerer, today)


def refused(action, *arguments) -> Problem:
    with pytest.raises(Problem) as caught:
        action(*arguments)
    return caught.value


def texts(line: Line, conversation: UUID, until: str) -> list[str]:
    """What arrives up to and including `until`, and whatever comes in a moment more."""
    arrived = []
    for one in line.arrived(conversation, timeout_seconds=60):
        arrived.append(one.content.text)
        if one.content.text == until:
            break
    return arrived + [one.content.text for one in line.arrived(conversation, timeout_seconds=0.1)]


def test_what_one_writes_the_other_reads_and_each_goes_by_a_name_of_the_conversation(scene, talking) -> None:
    (caller, answerer, _), _, _ = scene
    with caller.line() as one, answerer.line() as two:
        for line in (one, two):
            line.follow(talking)
        one.say(talking, "Il paie à 40 jours depuis mars.")
        two.say(talking, "Here too.")
        expected = ["Il paie à 40 jours depuis mars.", "Here too."]
        for line in (one, two):
            assert texts(line, talking, until="Here too.")[-2:] == expected
    session, shown = answerer.desk.history(talking)
    assert [received.mine for received in shown[-2:]] == [False, True]
    assert session.peer_mark == caller.desk.session(talking).own_mark
    listed = str(answerer.desk.api.ask("GET", f"/api/conversations/{talking}"))
    assert str(caller.desk.firm) not in listed
    assert caller.member.email not in listed


def test_another_device_of_the_firm_reads_the_whole_history_and_writes(
    scene, talking, tmp_path: Path
) -> None:
    (caller, *_), _, _ = scene
    with caller.line() as line:
        line.follow(talking)
        line.say(talking, "from the first device")
    other = caller.another_device(tmp_path)
    _, shown = other.history(talking)
    assert shown[-1].content.text == "from the first device"
    assert [received.counter for received in shown] == list(range(1, len(shown) + 1))


def test_a_device_that_was_away_gets_what_it_missed_and_only_that(scene, talking) -> None:
    (caller, answerer, _), _, _ = scene
    answerer.desk.history(talking)
    with caller.line() as line:
        line.follow(talking)
        for number in range(40):
            line.say(talking, f"while you were away {number}")
    with answerer.line() as line:
        line.follow(talking, from_start=False)
        expected = [f"while you were away {number}" for number in range(40)]
        assert texts(line, talking, until=expected[-1]) == expected


def test_a_third_firm_gets_404_everywhere_as_for_what_does_not_exist(scene, talking) -> None:
    (_, _, third), _, _ = scene
    record = {"record": b64(b"x" * 200)}
    secret = {"secret": b64(b"x"), "replaces": b64(bytes(32))}
    requests = [
        ("GET", "", None),
        ("GET", "/messages", None),
        ("GET", "/messages?after=3&limit=5", None),
        ("GET", "/secret", None),
        ("PUT", "/secret", secret),
        ("POST", "/epochs", record),
        ("POST", "/opening", record | {"epoch": b64(b"x"), "secret": b64(b"x")}),
    ]
    for method, path, body in requests:
        real = refused(third.desk.api.ask, method, f"/api/conversations/{talking}{path}", body)
        invented = refused(third.desk.api.ask, method, f"/api/conversations/{uuid4()}{path}", body)
        assert (real.status, str(real)) == (404, str(invented)), (method, path)
    assert talking not in {talk.id for talk in third.desk.talks()}


def test_the_answering_side_cannot_open_and_nobody_opens_twice(scene) -> None:
    (caller, answerer, _), today, _ = scene
    conversation = connect(answerer, caller, today)
    found = answerer.desk.api.ask("GET", f"/api/conversations/{conversation}")
    body = {"record": found["opening"], "epoch": found["epochs"][0]["record"], "secret": b64(b"x")}
    path = f"/api/conversations/{conversation}/opening"
    assert refused(answerer.desk.api.ask, "POST", path, body).code == "conversation-open"
    assert refused(caller.desk.api.ask, "POST", path, body).status == 404


def test_an_opening_that_the_call_key_did_not_sign_is_refused(scene) -> None:
    (caller, answerer, _), today, _ = scene
    call_id = caller.desk.raise_call(caller_client(caller, answerer), Reason.LATE, today)
    wait_until(lambda: call_id in {call.id for call in answerer.desk.list_calls()[1]})
    received = next(call for call in answerer.desk.list_calls()[1] if call.id == call_id)
    conversation = answerer.desk.answer(received)
    raised = next(call for call in caller.desk.list_calls()[0] if call.id == call_id)
    answer = raised.answers[0].answer
    keys = PrivateKeys.fresh()
    link = make_opening(PrivateKeys.fresh().signing, keys, raised.call, answer)
    epoch = Session(link, Side.CALLER, keys).begin_epoch()
    body = {"record": b64(link.opening), "epoch": b64(epoch.record), "secret": b64(b"x")}
    path = f"/api/conversations/{conversation}/opening"
    assert refused(caller.desk.api.ask, "POST", path, body).code == "chat-signature"
    line = answerer.line()
    with pytest.raises(TalkRefused):
        line.follow(conversation)
    assert caller.desk.open_answered() == [conversation]
    caller.desk.close(call_id)


def caller_client(caller: Party, answerer: Party) -> bytes:
    """The shared client, freed of any open call of the caller's."""
    caller.free_to_call()
    assert caller.own != answerer.own
    return SHARED


def test_of_two_epochs_made_at_once_one_is_kept_and_both_sides_go_on_under_it(scene, talking) -> None:
    (caller, answerer, _), today, _ = scene
    one, two = caller.desk.session(talking), answerer.desk.session(talking)
    first, rival = one.begin_epoch(), two.begin_epoch()
    path = f"/api/conversations/{talking}/epochs"
    caller.desk.api.ask("POST", path, {"record": b64(first.record)})
    assert refused(answerer.desk.api.ask, "POST", path, {"record": b64(rival.record)}).code == "chat-epoch"
    with caller.line() as left, answerer.line() as right:
        left.follow(talking)
        right.follow(talking)
        left.say(talking, "under the new epoch")
        assert answerer.desk.renew_epoch(talking, two, today)
        right.say(talking, "so am I")
        assert texts(left, talking, until="so am I")[-2:] == ["under the new epoch", "so am I"]
    forged = make_epoch(PrivateKeys.fresh(), Side.CALLER, one.link, (first.number, first.digest), bytes(32))
    assert not isinstance(forged, Refusal)
    assert refused(caller.desk.api.ask, "POST", path, {"record": b64(forged.record)}).code == "chat-signature"
    theirs = answerer.desk.session(talking).begin_epoch()
    assert refused(caller.desk.api.ask, "POST", path, {"record": b64(theirs.record)}).code == "chat-side"


def test_an_epoch_that_changes_under_a_writer_costs_it_nothing(scene, talking) -> None:
    (caller, answerer, _), _, _ = scene
    with caller.line() as left, answerer.line() as right:
        left.follow(talking)
        right.follow(talking)
        for number in range(6):
            session = answerer.desk.session(talking)
            epoch = session.begin_epoch()
            path = f"/api/conversations/{talking}/epochs"
            answerer.desk.api.ask("POST", path, {"record": b64(epoch.record)})
            left.say(talking, f"epoch {number}")
            right.say(talking, f"reply {number}")
        expected = [text for n in range(6) for text in (f"epoch {n}", f"reply {n}")]
        assert texts(right, talking, until="reply 5")[-12:] == expected


def test_sealed_keys_are_replaced_only_by_who_knows_the_current_ones(scene, talking) -> None:
    (caller, answerer, _), _, _ = scene
    path = f"/api/conversations/{talking}/secret"
    ask = caller.desk.api.ask
    before = unb64(ask("GET", path)["secret"])
    fresh = {"secret": b64(before + b"."), "replaces": b64(hashlib.sha256(before).digest())}
    ask("PUT", path, fresh)
    assert refused(ask, "PUT", path, fresh).code == "secret-replaced"
    assert unb64(answerer.desk.api.ask("GET", path)["secret"]) != before + b"."
    back = {"secret": b64(before), "replaces": b64(hashlib.sha256(before + b".").digest())}
    ask("PUT", path, back)
    assert unb64(ask("GET", path)["secret"]) == before


def everything_stored(server: RunningServer) -> bytes:
    """Every byte that the database holds, journals included."""
    if server.database_url.startswith("sqlite"):
        path = Path(server.database_url.removeprefix("sqlite:///"))
        return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))

    async def dump() -> bytes:
        import asyncpg

        connection = await asyncpg.connect(server.database_url)
        try:
            tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            rows = [row for (name,) in tables for row in await connection.fetch(f'SELECT * FROM "{name}"')]
        finally:
            await connection.close()
        return b"\n".join(
            value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row
        )

    return asyncio.run(dump())


def test_the_database_holds_no_word_of_what_was_written_nor_how_long_it_was(scene, talking) -> None:
    (caller, answerer, _), _, server = scene
    secret_words = "Bordereau Saperlipopette 4417"
    with caller.line() as one, answerer.line() as two:
        one.follow(talking)
        two.follow(talking)
        one.say(talking, secret_words)
        two.say(talking, secret_words * 3)
    stored = everything_stored(server)
    page = caller.desk.api.ask("GET", f"/api/conversations/{talking}/messages?after=0")["messages"]
    record = unb64(page[-1]["record"])
    assert record in stored, "what is searched is what the server stored"
    for spelling in (secret_words, b64(secret_words.encode()), secret_words.encode().hex()):
        assert spelling.encode() not in stored
        assert spelling.encode() not in server.log.encode()
    assert {len(unb64(one["record"])) - OVERHEAD_BYTES - TAG_BYTES for one in page} <= set(BUCKET_BYTES)


@pytest.mark.faults
def test_nothing_acknowledged_is_lost_when_the_server_is_killed_while_both_write(scene, kills: int) -> None:
    (caller, answerer, _), today, server = scene
    caller_client(caller, answerer)
    conversation = connect(caller, answerer, today)
    each = max(50, kills * 5)
    acknowledged: dict[str, list[str]] = {"a": [], "b": []}
    failures: list[BaseException] = []

    def write(line: Line, name: str) -> None:
        try:
            for number in range(each):
                text = f"{name} {number}"
                line.say(conversation, text, timeout_seconds=120)
                acknowledged[name].append(text)
                if number % 12 == 11 and line._socket is not None:
                    line._socket.close()  # and connections are lost besides
                time.sleep(0.02)
        except BaseException as error:  # noqa: BLE001 - shown by the test's own thread
            failures.append(error)

    with caller.line() as one, answerer.line() as two:
        one.follow(conversation)
        two.follow(conversation)
        writers = [threading.Thread(target=write, args=pair) for pair in ((one, "a"), (two, "b"))]
        for writer in writers:
            writer.start()
        for _ in range(kills):
            done = len(acknowledged["a"])
            wait_until(lambda done=done: len(acknowledged["a"]) > done + 2 or failures, 60)
            server.kill()
            server.start()
        for writer in writers:
            writer.join(timeout=300)
        assert not failures
        last = max(received.counter for received in caller.desk.history(conversation)[1])

        def has_read_all(line: Line) -> bool:
            with line._changed:  # and shown: what is heard is under this lock until it is
                return line.session(conversation).counter == last

        wait_until(lambda: all(map(has_read_all, (one, two))))
        shown = [
            [received.content.text for received in line.arrived(conversation, timeout_seconds=0)]
            for line in (one, two)
        ]
    expected = {f"{name} {number}" for name in "ab" for number in range(each)}
    assert shown[0] == shown[1], "both read the same, in the same order"
    assert len(shown[0]) == len(set(shown[0])), "nothing twice"
    assert set(acknowledged["a"]) | set(acknowledged["b"]) == expected
    _, history = answerer.desk.history(conversation)
    assert [received.content.text for received in history] == shown[0]
    assert [text for text in shown[0] if text.startswith("a")] == acknowledged["a"], "in the order of writing"
