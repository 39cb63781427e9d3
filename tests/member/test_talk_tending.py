"""What a sitting does without being asked goes on after whatever failed, and nothing is sent twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chat.contents import Commit, Offer, Open, Read
from member import talk_tending
from member.guard_rails import Rail, remind
from member.line import Line
from member.refusals import NetworkRefused, Problem, Unreachable
from member.talk_texts import told
from tests.conftest import wait_until
from tests.member.test_talk import own_of, room
from tests.server.kit import Network
from tests.server.parties import BATCH, Party, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from uuid import UUID

    from chat.contents import Content
    from tests.conftest import Launcher

    Scene = tuple[Party, Party, date]


@pytest.fixture(scope="module")
def scene(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    server = launch_for_module("sqlite", environment=BATCH)
    network = Network(server)
    try:
        one, two = (party(network.firm(), tmp_path_factory.mktemp("cursors")) for _ in range(2))
        yield one, two, live_through(network, [one, two], server)
    finally:
        network.close()


@pytest.fixture
def talking(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> tuple[Party, Party, UUID]:
    monkeypatch.setattr(talk_tending, "FIRST_REST_SECONDS", 0.0)
    one, two, today = scene
    one.free_to_call()
    return one, two, connect(one, two, today)


class Away:
    """A firm's network that fails for paths that end so, in `how` it fails, while `ending` says so."""

    def __init__(self, one: Party) -> None:
        self._api = one.desk.api
        self.ending = ""
        self.how: Exception = Unreachable("unreachable", url="https://vigie.test", why="away", tries=1)
        self.failed = 0
        self.party = replace(one, desk=replace(one.desk, api=self))

    def ask(self, method: str, path: str, body: object = None) -> Any:
        if self.ending and path.endswith(self.ending):
            self.failed += 1
            raise self.how
        return self._api.ask(method, path, body)

    def send(self, method: str, path: str, *, content: bytes | None = None) -> bytes:
        return self._api.send(method, path, content=content)

    def leave(self, ending: str) -> None:
        self.ending = ending

    def come_back(self) -> None:
        self.ending = ""


def say(one: Party, conversation: UUID, said: str | Content) -> None:
    with one.line() as line:
        line.follow(conversation)
        line.say(conversation, said)


def contents(one: Party, conversation: UUID) -> list[object]:
    return [received.content for received in one.desk.history(conversation)[1]]


def test_a_step_that_finds_no_network_is_told_once_and_taken_later_and_messages_are_shown_meanwhile(
    talking: tuple[Party, Party, UUID],
) -> None:
    one, two, conversation = talking
    say(one, conversation, Offer())
    away = Away(one)
    said = room(
        away.party,
        conversation,
        lambda: away.leave(str(conversation)),
        lambda: say(two, conversation, Offer()),
        lambda: wait_until(lambda: away.failed > 1),
        lambda: say(two, conversation, "are you there?"),
        "wait for are you there?",
        away.come_back,
        "wait for has committed",
        own=own_of(one, "Maison Une (fictif)"),
    )
    assert said.count("away") == 1
    assert [type(one) for one in contents(one, conversation)].count(Commit) == 1


def test_an_answer_that_is_late_ends_nothing_and_nothing_is_sent_twice(
    talking: tuple[Party, Party, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, conversation = talking
    patient = Line.say

    def hasty(line: Line, conversation: UUID, said: str | Content, timeout_seconds: float = 0.0) -> None:
        patient(line, conversation, said, 0.0)

    monkeypatch.setattr(Line, "say", hasty)
    other = threading.Thread(
        target=room,
        args=(two, conversation, "/reveal", "wait for [read up to"),
        kwargs={"own": own_of(two, "Maison Deux (fictif)")},
    )
    other.start()
    said = room(
        one,
        conversation,
        "/reveal",
        "wait for key holders vouch",
        "and so we know",
        "wait for [read up to",
        own=own_of(one, "Maison Une (fictif)"),
    )
    other.join(60)
    assert told("uncertain", "en") in said
    kinds = [type(one) for one in contents(one, conversation)]
    assert (kinds.count(Commit), kinds.count(Open), kinds.count(Read)) == (2, 2, 1)


def test_a_side_that_was_silenced_still_reads(talking: tuple[Party, Party, UUID]) -> None:
    one, two, conversation = talking
    say(one, conversation, Offer())
    away = Away(one)
    said = room(
        away.party,
        conversation,
        lambda: say(two, conversation, Offer()),
        "wait for [has committed",
        lambda: two.desk.api.ask("PUT", f"/api/conversations/{conversation}/silence", {"silenced": True}),
        lambda: say(two, conversation, Commit(bytes(32))),
        "wait for the other side has closed",
        lambda: say(two, conversation, "read this"),
        "wait for read this",
        own=own_of(one, "Maison Une (fictif)"),
    )
    assert said.count("the other side has closed") == 1
    two.desk.api.ask("PUT", f"/api/conversations/{conversation}/silence", {"silenced": False})


def test_what_was_withdrawn_is_erased_when_the_network_is_there_again(
    talking: tuple[Party, Party, UUID],
) -> None:
    one, two, conversation = talking
    for text in ("a first slip", "a second slip"):
        say(one, conversation, text)
    away = Away(one)
    said = room(
        away.party,
        conversation,
        lambda: away.leave("/erasure"),
        "/withdraw 1",
        "wait for away",
        away.come_back,
        lambda: wait_until(lambda: contents(two, conversation)[0] is None),
        lambda: away.leave("/erasure"),
        "/withdraw 2",
    )
    assert "message 2 withdrawn" in said
    assert contents(two, conversation)[1] is not None
    room(one, conversation)
    assert contents(two, conversation)[:2] == [None, None], "the next sitting erases it"


def test_an_erasure_that_the_network_refuses_is_not_asked_for_again_in_this_sitting(
    talking: tuple[Party, Party, UUID],
) -> None:
    one, two, conversation = talking
    say(one, conversation, "a slip")
    away = Away(one)
    away.how = NetworkRefused(
        Problem(type="urn:vigie:problem:not-found", title="There is no such thing"), 404
    )
    said = room(
        away.party,
        conversation,
        lambda: away.leave("/erasure"),
        "/withdraw 1",
        lambda: wait_until(lambda: away.failed == 2),
        lambda: say(two, conversation, "another one"),
        "wait for another one",
        lambda: say(two, conversation, "and one more"),
        "wait for and one more",
    )
    assert away.failed == 2
    assert said.count("There is no such thing") == 2  # to who typed it, and by itself


def test_an_edit_is_reminded_of_what_may_not_be_discussed_like_any_text(
    talking: tuple[Party, Party, UUID],
) -> None:
    one, two, conversation = talking
    say(one, conversation, "he pays late")
    said = room(
        one, conversation, "/edit 1 quel prix leur faites-vous ?", "n", "/edit 1 quel prix ?", "o", lang="fr"
    )
    assert said.count(remind(Rail.PRICES, "fr")) == 2
    assert told("not_sent", "fr") in said
    heard = room(two, conversation)
    assert "[message 1 now reads] quel prix ?" in heard
    assert "leur faites-vous" not in heard
