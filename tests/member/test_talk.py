"""`vigie talk`, typed by two people: from the call to the conversation, in both languages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
import pytest

from chat.records import Reason
from chat.refusals import Code
from member.conversing import Desk
from member.enrol import enrol, push_only
from member.keystore import Member
from member.network import Network as NetworkClient
from member.refusals import HomeRefused
from member.talk import Terminal, harmless, talk
from member.talk_texts import REASON_WORDS, REASONS, REFUSALS, TEXTS, tell_refusal, told
from tests.conftest import wait_until
from tests.server.kit import Network
from tests.server.parties import BATCH, SHARED, Party, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Launcher, RunningServer

    Scene = tuple[Party, Party, date]

NAMES = {SHARED: "Ateliers Exemple (fictional)"}


@pytest.fixture(scope="module")
def scene(launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    server = launch_for_module("sqlite", environment=BATCH)
    network = Network(server)
    try:
        one, two = (party(network.firm(), tmp_path_factory.mktemp("cursors")) for _ in range(2))
        yield one, two, live_through(network, [one, two], server)
    finally:
        network.close()


def sit(one: Party, today: date, *typed: str, lang: str = "en") -> str:
    """What is said while this is typed, and then the end of the input."""
    said: list[str] = []
    lines = iter(typed)

    def ask(_prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    with one.line() as line:
        Terminal(one.desk, line, NAMES, today, lang, ask, said.append).run()
    return "\n".join(said)


def test_from_the_call_to_the_conversation(scene: Scene) -> None:
    one, two, today = scene
    assert told("nothing", "en") in sit(one, today)
    assert "No client of that name" in sit(one, today, "call nobody late")
    raised = sit(one, today, "call ateliers retard", lang="fr")
    assert told("others_learn", "fr") in raised
    assert told("raised_one", "fr") in raised
    wait_until(lambda: bool(two.desk.list_calls()[1]))
    answered = sit(two, today, "1", "list")
    assert "1. Ateliers Exemple (fictional) pays late" in answered
    assert told("answered", "en") in answered
    assert told("waiting", "en") in answered

    mark = two.desk.talks()[0].answer.keys.signing
    assert mark
    spoken = sit(one, today, "2", "Il paie à 40 jours.", "", "/back", "quit", lang="fr")
    assert "Une réponse : conversation ouverte avec Entreprise " in spoken
    assert told("reminder", "fr") in spoken
    heard = sit(two, today, "1", "Same here.", "/back")
    assert ": Il paie à 40 jours." in heard
    assert told("reminder", "en") in heard
    again = sit(one, today, "2")
    assert "you: Il paie à 40 jours." in again
    assert ": Same here." in again


def test_what_is_declined_or_closed_is_gone_and_nonsense_is_not_understood(scene: Scene) -> None:
    one, two, today = scene
    call = two.desk.raise_call(SHARED, Reason.DISPUTE, today)
    wait_until(lambda: call in {each.id for each in one.desk.list_calls()[1]})
    said = sit(one, today, "decline 1", "list", "decline 99", "close x", "dance", "²")
    assert told("declined", "en") in said
    assert said.count(told("not_understood", "en")) == 4
    assert call not in {each.id for each in one.desk.list_calls()[1]}
    assert told("closed", "en") in sit(two, today, "close 1")
    assert all(each.closed for each in two.desk.list_calls()[0])


def test_a_member_sits_down_with_its_own_home(sqlite_server: RunningServer, tmp_path: Path) -> None:
    with NetworkClient(sqlite_server.url) as network:
        invitation = sqlite_server.admit("Maison Exemple (fictional)", 20)
        member = enrol(network, invitation, "anne@exemple.test", "a long enough password", tmp_path / "home")
        desk = Desk.of(member)
        sealed = desk.seal(b"key", "vigie/call/v1|x")
        assert desk.unseal(sealed, "vigie/call/v1|x") == b"key"
        with pytest.raises(ValueError, match="vigie/call"):
            desk.unseal(sealed, "vigie/call/v1|y")
        said: list[str] = []
        talk(member, "fr", lambda _prompt: "quit", said.append)
        assert told("nothing", "fr") in said
        member.session.close()


def test_a_device_that_only_pushes_has_no_part_in_conversations(
    sqlite_server: RunningServer, tmp_path: Path
) -> None:
    with NetworkClient(sqlite_server.url) as network:
        invitation = sqlite_server.admit("Maison Exemple (fictional)", 20)
        whole = enrol(network, invitation, "paul@exemple.test", "a long enough password", tmp_path / "home")
        keys = push_only(whole.role_keys)
        pushing = Member(msgspec.structs.replace(whole.identity, role_keys=keys), network)
        with pytest.raises(HomeRefused, match="no part in conversations"):
            Desk.of(pushing)


def test_what_a_peer_wrote_cannot_move_the_cursor_or_pose_as_ours() -> None:
    assert harmless("a\x1b[2Jb\rc\x9bd\u202ee\u2066f\nline two\tend é 😀") == "a[2Jbcdef\nline two\tend é 😀"


def test_everything_is_said_in_both_languages() -> None:
    for english, french in [*TEXTS.values(), *REASONS.values(), *REFUSALS.values()]:
        assert english
        assert french
    assert set(REASON_WORDS.values()) == set(REASONS) == set(Reason)
    assert tell_refusal(Code.TRUNCATED, "fr") != tell_refusal(Code.TRUNCATED, "en")
    assert tell_refusal(Code.GAP, "fr") == "chat-gap"
