"""Clients that one hostile or unlucky event must not stop: each costs what it is about, and nothing else."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from chat import transcript
from chat.contents import Text
from chat.keys import PrivateKeys
from chat.records import Call, Reason
from chat.refusals import Code, Refusal
from member import talk_keeping, talk_lists
from member.conversing import Desk, RaisedCall, TalkRefused
from member.talk import Terminal
from member.talk_room import Room
from member.talk_texts import tell_refusal, told
from member.talk_turning import Turned
from privacy import signing
from tests.chat.test_bad_epoch import sealed_wrongly
from tests.conftest import wait_until
from tests.server.kit import Network, b64
from tests.server.parties import BATCH, SHARED, Party, Problem, live_through, party
from tests.server.test_turns import roll, talk, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Launcher

    Scene = tuple[list[Party], date]


@pytest.fixture(scope="module")
def scene(launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    server = launch_for_module("sqlite", environment=BATCH | {"VIGIED_TURN_WITHIN_SECONDS": "0"})
    network = Network(server)
    try:
        parties = [party(network.firm(), tmp_path_factory.mktemp("pins")) for _ in range(3)]
        yield parties, live_through(network, parties, server)
    finally:
        network.close()


@pytest.fixture(autouse=True)
def _close_what_is_open(scene: Scene) -> Iterator[None]:
    yield
    for one in scene[0]:
        one.free_to_call()


def say(one: Party, conversation: UUID, text: str) -> None:
    with one.line() as line:
        line.follow(conversation)
        line.say(conversation, text)


def poison(one: Party, conversation: UUID) -> None:
    """The next epoch, correctly signed and sealed to the other side as noise: the server takes it."""
    record = sealed_wrongly(one.desk.session(conversation))
    one.desk.api.ask("POST", f"/api/conversations/{conversation}/epochs", {"record": b64(record)})


def texts(desk: Desk, conversation: UUID) -> list[str]:
    contents = [one.content for one in desk.history(conversation)[1]]
    return [one.text if isinstance(one, Text) else one.code.value for one in contents if one]


def test_a_bad_epoch_costs_what_was_said_in_it_and_nothing_else(scene: Scene) -> None:
    (one, two, _), today = scene
    conversation = talk(one, two, today)
    say(one, conversation, "before")
    poison(one, conversation)
    say(one, conversation, "you will regret this")
    assert texts(two.desk, conversation) == ["before", "chat-unreadable"]
    assert texts(one.desk, conversation) == ["before", "you will regret this"]
    found = transcript.check(talk_keeping.take(two.desk, conversation))
    assert isinstance(found, transcript.Checked)
    assert (found.without_key, len(found.said)) == ((2,), 2)
    talk_keeping.report(two.desk, conversation)
    say(two, conversation, "I cannot read you")
    say(one, conversation, "and now?")
    whole = ["before", "chat-unreadable", "I cannot read you", "and now?"]
    assert texts(two.desk, conversation) == whole
    assert two.desk.session(conversation).epoch.number == 3


def test_who_follows_the_line_goes_on_through_a_bad_epoch(scene: Scene) -> None:
    (one, two, _), today = scene
    conversation = talk(one, two, today)
    with one.line() as line, two.line() as other:
        line.follow(conversation)
        other.follow(conversation)
        line.say(conversation, "before")
        poison(one, conversation)
        wait_until(lambda: line.session(conversation).epoch.number == 2)
        line.say(conversation, "unread")
        arriving = other.arrived(conversation, 60)
        assert next(arriving).content == Text("before", 0)
        unread = next(arriving).content
        assert isinstance(unread, Refusal)
        other.say(conversation, "what was that?")
        assert text_of(line, conversation) == "what was that?"


def test_a_line_holds_while_the_network_takes_no_further_epoch(scene: Scene) -> None:
    (one, two, _), today = scene
    conversation = talk(one, two, today)
    poison(one, conversation)
    api, path = two.desk.api, f"/api/conversations/{conversation}/epochs"
    refused: list[str] = []

    def refuses(method: str, asked: str) -> int | None:
        if (method, asked) != ("POST", path):
            return None
        refused.append(asked)
        return 429

    with two.line() as line:
        line.follow(conversation)
        two.desk.api = Refusing(api, refuses)
        try:
            with pytest.raises(Problem):
                line.say(conversation, "not today")
            line._followed[conversation].outbox.put(Text("waits", 0))
            poison(one, conversation)
            wait_until(lambda: len(refused) > 1)  # on the line's own thread
        finally:
            two.desk.api = api
        line.say(conversation, "and then")
    assert texts(one.desk, conversation) == ["waits", "and then"]


def test_the_person_is_told_once_and_can_silence(scene: Scene) -> None:
    (one, two, _), today = scene
    conversation = talk(one, two, today)
    poison(one, conversation)
    said: list[str] = []
    typed = iter(["/silence"])

    def ask(_prompt: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    session, shown = two.desk.history(conversation)
    with two.line() as line:
        Room(two.desk, line, conversation, session, "en", ask, said.append).sit(shown)
    name = told("firm", "en", mark=session.peer_mark)
    assert said.count(told("shut_out", "en", name=name)) == 1
    assert told("silenced", "en") in said
    talk_keeping.silence(two.desk, conversation, silenced=False)


def secrets_of(one: Party) -> dict[str, str]:
    return {each["id"]: each["secret"] for each in talk_lists.conversations(one.desk.api)}


def test_a_bad_epoch_does_not_hold_up_the_rolling_of_keys(scene: Scene) -> None:
    (one, two, _), today = scene
    bad, good = talk(one, two, today), talk(one, two, today)
    poison(one, bad)
    before = secrets_of(two)
    turned = roll(two).turn_all()
    assert (turned.resealed, turned.untouched) == ((), ())
    after = secrets_of(two)
    assert {key for key in before if before[key] == after[key]} == set()
    for conversation in (bad, good):
        assert two.desk.api.ask("GET", f"/api/conversations/{conversation}")["turning"]
        say(one, conversation, "under new keys")
        assert texts(two.desk, conversation) == ["under new keys"]


class Refusing:
    """The network, which does not take something."""

    def __init__(self, api: Any, refuses: Callable[[str, str], int | None]) -> None:
        self._api, self._refuses = api, refuses

    def ask(self, method: str, path: str, body: object = None) -> Any:
        status = self._refuses(method, path)
        if status is not None:
            problem = Problem.__new__(Problem)
            problem.status, problem.code = status, "made-up"
            raise problem
        return self._api.ask(method, path, body)


@pytest.mark.parametrize("status", [422, 503])
def test_what_cannot_be_turned_is_told_and_the_rest_is_turned(scene: Scene, status: int) -> None:
    (one, two, _), today = scene
    stubborn, willing = talk(one, two, today), talk(one, two, today)
    turner = roll(two)
    api = two.desk.api
    two.desk.api = Refusing(
        api,
        lambda method, path: (
            status if (method, path) == ("PUT", f"/api/conversations/{stubborn}/turn") else None
        ),
    )
    try:
        done = turner.turn_all()
    finally:
        two.desk.api = api
    assert done.anew >= 1
    turning = {each["id"]: each["turning"] for each in talk_lists.conversations(api)}
    assert (turning[str(willing)], turning[str(stubborn)]) == (True, False)
    opens = lambda: two.desk.session(stubborn)  # noqa: E731 - sealed under the new key alone
    if status == 422:
        assert (done.resealed, done.untouched) == ((stubborn,), ())
        opens()
    else:
        assert (done.resealed, done.untouched) == ((), (stubborn,))
        with pytest.raises(TalkRefused, match="do not open"):
            opens()
        assert turner.turn_all() == Turned(1), "the next run takes it up"
        opens()


def bad_answer(call: Call) -> bytes:
    keys = PrivateKeys.fresh()
    payload = bytes([1]) + call.id + call.digest + signing.public_bytes(keys.signing) + bytes(32)
    return payload + signing.sign(keys.signing, "answer", payload)


def delivered(one: Party, call: UUID) -> Any:
    wait_until(lambda: any(got.id == call for got in one.desk.list_calls()[1]))
    return next(got for got in one.desk.list_calls()[1] if got.id == call)


def test_the_server_takes_no_answer_whose_key_nothing_can_be_sealed_to(scene: Scene) -> None:
    (one, two, _), today = scene
    call = one.desk.raise_call(SHARED, Reason.LATE, today)
    body = {"record": b64(bad_answer(delivered(two, call).call)), "secret": b64(b"x")}
    with pytest.raises(Problem) as refused:
        two.desk.api.ask("POST", f"/api/calls/{call}/answer", body)
    assert (refused.value.status, refused.value.code) == (422, "chat-key")


class Listing:
    """The network as one would see it that had taken a bad answer."""

    def __init__(self, api: Any, call: RaisedCall, record: bytes) -> None:
        self._api, self._call, self._asked = api, str(call.id), b64(call.call.record)
        self._answer = {
            "conversation": str(UUID(bytes=os.urandom(16))),
            "record": b64(record),
            "opened": False,
        }

    def ask(self, method: str, path: str, body: object = None) -> Any:
        found = self._api.ask(method, path, body)
        if path.startswith("/api/calls?"):
            for call in found["raised"]:
                if call["id"] == self._call:
                    call["answers"].insert(0, self._answer)
        elif path.startswith("/api/conversations?") and found:
            more = {"id": self._answer["conversation"], "answer": self._answer["record"]}
            found.insert(0, found[0] | more | {"call": self._asked, "opening": None})
        return found


def test_a_bad_answer_is_told_and_skipped_and_the_honest_ones_are_opened(scene: Scene) -> None:
    (one, two, three), today = scene
    call = one.desk.raise_call(SHARED, Reason.LATE, today)
    honest = [other.desk.answer(delivered(other, call)) for other in (two, three)]
    raised = next(each for each in one.desk.list_calls()[0] if each.id == call)
    api = one.desk.api
    one.desk.api = Listing(api, raised, bad_answer(raised.call))
    said: list[str] = []
    try:
        assert set(one.desk.open_answered()) == set(honest)
        assert [refusal.code for refusal in one.desk.left_out.values()] == [Code.KEY]
        Terminal(one.desk, None, {}, today, "en", lambda _prompt: "quit", said.append).run()
    finally:
        one.desk.api = api
    assert any(tell_refusal(Code.KEY, "en") in line and "Left out" in line for line in said), said
    for other, conversation in zip((two, three), honest, strict=True):
        assert not next(each for each in other.desk.talks() if each.id == conversation).waiting


def test_an_answer_whose_call_key_does_not_open_holds_up_no_other(scene: Scene) -> None:
    (one, two, _), today = scene
    lost = one.desk.raise_call(SHARED, Reason.LATE, today)
    answered = two.desk.answer(delivered(two, lost))
    secret = next(each for each in one.desk.list_calls()[0] if each.id == lost).secret
    unseal = one.desk.unseal

    def locked(sealed: bytes, aad: str) -> bytes:
        if sealed == secret:
            raise ValueError("sealed under another key")
        return unseal(sealed, aad)

    one.desk.unseal = locked
    try:
        assert one.desk.open_answered() == []
        assert one.desk.left_out[answered].code is Code.UNREADABLE
    finally:
        one.desk.unseal = unseal
    assert one.desk.open_answered() == [answered]
    assert one.desk.left_out == {}


def test_new_keys_and_a_message_while_the_line_is_down_are_read_when_it_is_back(scene: Scene) -> None:
    (one, two, _), today = scene
    conversation = talk(one, two, today)
    with one.line() as line:
        line.follow(conversation)
        line.say(conversation, "before")
        away = line._connect

        def down() -> Any:
            raise OSError

        line._connect = down  # type: ignore[method-assign]
        line._socket.close()
        roll(two).turn_all()
        say(two, conversation, "after the roll")
        line._connect = away  # type: ignore[method-assign]
        assert text_of(line, conversation) == "after the roll"


class Meanwhile:
    """The network, where something happens between the conversation and its messages."""

    def __init__(self, api: Any, happens: Callable[[], None]) -> None:
        self._api, self._happens = api, happens

    def ask(self, method: str, path: str, body: object = None) -> Any:
        if "/messages?after=0" in path:
            happens, self._happens = self._happens, lambda: None
            happens()
        return self._api.ask(method, path, body)


@pytest.mark.parametrize("reading", ["history", "transcript"])
def test_an_epoch_and_a_message_between_the_facts_and_the_messages_are_read(
    scene: Scene, reading: str
) -> None:
    (one, two, _), today = scene
    conversation = talk(one, two, today)

    def happens() -> None:
        roll(two).turn_all()
        say(two, conversation, "in between")

    api = one.desk.api
    one.desk.api = Meanwhile(api, happens)
    try:
        if reading == "history":
            assert texts(one.desk, conversation) == ["in between"]
        else:
            found = transcript.check(talk_keeping.take(one.desk, conversation))
            assert isinstance(found, transcript.Checked)
            assert [each.content for each in found.said] == [Text("in between", 0)]
    finally:
        one.desk.api = api


def test_all_conversations_are_listed_and_turned_however_many(scene: Scene, monkeypatch) -> None:
    (one, two, _), today = scene
    for _ in range(3):
        talk(one, two, today)
    whole = [each["id"] for each in two.desk.api.ask("GET", "/api/conversations")]
    monkeypatch.setattr(talk_lists, "PAGE_LISTED", 2)
    assert [str(each.id) for each in two.desk.talks()] == whole
    assert len(whole) > 4
    raised, received = one.desk.list_calls()
    assert len({each.id for each in raised}) == len(raised) > 4
    assert received == []
    before = secrets_of(two)
    assert roll(two).turn_all().anew >= len(whole)
    after = secrets_of(two)
    assert all(before[key] != after[key] for key in before)


def test_a_side_may_have_hundreds_of_generations_of_keys(scene: Scene) -> None:
    (one, two, _), today = scene
    conversation = talk(one, two, today)
    path = f"/api/conversations/{conversation}"
    found = two.desk.api.ask("GET", path)
    plain = two.desk.unseal(talk_lists.octets(found["secret"]), two.desk.side_aad(conversation))
    many = plain + os.urandom(64 * 900)
    sealed = two.desk.seal(many, two.desk.side_aad(conversation))
    replaces = b64(hashlib.sha256(talk_lists.octets(found["secret"])).digest())
    two.desk.api.ask("PUT", f"{path}/secret", {"secret": b64(sealed), "replaces": replaces})
    assert roll(two).turn_all().anew >= 1
    say(one, conversation, "under the latest")
    assert texts(two.desk, conversation) == ["under the latest"]
