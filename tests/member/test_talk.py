"""`vigie talk`, typed by two people: from the call to the conversation, in both languages."""

from __future__ import annotations

import base64
import threading
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import msgspec
import pytest

from chat import transcript
from chat.keys import HYBRID_AES256
from chat.records import Reason
from chat.refusals import Code
from member.conversing import Desk, TalkRefused
from member.enrol import enrol, push_only
from member.guard_rails import Rail, remind
from member.keystore import Member
from member.network import Network as NetworkClient
from member.refusals import HomeRefused
from member.revealing import Own
from member.talk import Terminal, talk
from member.talk_room import Room
from member.talk_state import State, States
from member.talk_tending import Tending
from member.talk_texts import REASON_WORDS, REASONS, REFUSALS, TEXTS, harmless, tell_refusal, told
from privacy import signing
from privacy.delegation import Delegation, Scope
from tests.conftest import wait_until
from tests.server.kit import Network
from tests.server.parties import BATCH, SHARED, Party, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from member.talk_holding import Holding
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


def test_a_call_is_raised_in_the_hybrid_suite_where_that_is_asked_for_and_so_is_what_comes_of_it(
    scene: Scene,
) -> None:
    one, two, today = scene
    one.free_to_call()
    said = sit(one, today, "call ateliers exemple retard hybride", lang="fr")
    assert told("raised_one", "fr") in said
    assert told("suite_shows", "fr") in said
    (raised,) = [call for call in one.desk.list_calls()[0] if not call.closed]
    assert raised.call.suite == HYBRID_AES256
    wait_until(lambda: raised.id in {each.id for each in two.desk.list_calls()[1]})
    (received,) = [each for each in two.desk.list_calls()[1] if each.id == raised.id]
    conversation = two.desk.answer(received)
    assert one.desk.open_answered() == [conversation]
    room(one, conversation, "Il paie à 40 jours.")
    assert ": Il paie à 40 jours." in room(two, conversation)
    said = sit(one, today, "call ateliers exemple late quantum")
    assert told("not_understood", "en") in said
    one.desk.close(raised.id)


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


def own_of(one: Party, name: str) -> Own:
    """What a device of the firm says at a reveal."""
    firm = one.member
    vouching = httpx.get(f"{firm.server.url}/api/holder/vouchings/{firm.id}").json()["signature"]
    holder = base64.b64decode(
        httpx.get(f"{firm.server.url}/api/network").json()["roster"]["holders"][0]["key"]
    )
    device = firm.device_key
    delegation = Delegation.from_bytes(firm.delegate(device, scopes=int(Scope.REVEAL)))
    root = signing.public_bytes(firm.root)
    return Own(device, delegation, root, name, lambda: [(holder, base64.b64decode(vouching))], (holder,))


@pytest.fixture
def talking(scene: Scene) -> tuple[Party, Party, date, UUID]:
    one, two, today = scene
    one.free_to_call()
    return one, two, today, connect(one, two, today)


def room(
    one: Party,
    conversation: UUID,
    *typed: str | Callable[[], object],
    own: Own | None = None,
    lang: str = "en",
    hold: Holding | None = None,
) -> str:
    """What is said in a sitting; what can be called is, in its place among what is typed."""
    said: list[str] = []
    lines = iter(typed)

    def ask(prompt: str) -> str:
        if prompt:
            said.append(prompt)
        try:
            line = next(lines)
        except StopIteration:
            raise EOFError from None
        if not isinstance(line, str):
            line()
            return ""
        if line.startswith("wait for "):
            wait_until(lambda: any(line.removeprefix("wait for ") in text for text in said))
            return ""
        return line

    session, shown = one.desk.history(conversation)
    with one.line() as line:
        Room(one.desk, line, conversation, session, lang, ask, said.append, own, hold=hold).sit(shown)
    return "\n".join(said)


def test_both_sides_learn_who_they_are_once_both_have_agreed(talking) -> None:
    one, two, _, conversation = talking
    assert "is ready to show" in room(one, conversation, "/reveal", own=own_of(one, "Maison Une (fictif)"))
    seen: list[str] = []
    other = threading.Thread(
        target=lambda: seen.append(
            room(
                two,
                conversation,
                "/reveal",
                "wait for key holders vouch",
                own=own_of(two, "Maison Deux (fictif)"),
            )
        )
    )
    other.start()
    found = room(one, conversation, "wait for key holders vouch", own=own_of(one, "Maison Une (fictif)"))
    other.join(120)
    assert "You talk to Maison Deux (fictif). 1 of 1 key holders vouch" in found
    assert "You talk to Maison Une (fictif). 1 of 1 key holders vouch" in seen[0]
    numbers = {line for said in (found, seen[0]) for line in said.splitlines() if "Safety number" in line}
    assert len(numbers) == 1


def test_what_may_not_be_discussed_is_reminded_of_and_sent_only_when_meant(talking) -> None:
    one, two, _, conversation = talking
    said = room(one, conversation, "Quel prix leur faites-vous ?", "n", "Quel prix ?", "o", lang="fr")
    assert said.count(remind(Rail.PRICES, "fr")) == 2
    assert told("not_sent", "fr") in said
    heard = room(two, conversation)
    assert "Quel prix ?" in heard
    assert "leur faites-vous" not in heard


def test_messages_are_edited_and_withdrawn_and_files_sent_and_saved(talking, tmp_path: Path) -> None:
    one, two, _, conversation = talking
    (tmp_path / "extrait.txt").write_bytes(b"facture 12: 40 jours")
    said = room(
        one,
        conversation,
        "pays late",
        "wait for 1. you",
        "/edit 1 pays 40 days late",
        "a slip",
        "wait for 3. you",
        "/withdraw 3",
        "/withdraw 99",
        f"/file {tmp_path / 'extrait.txt'}",
        "/keep 6",
        "/dance",
    )
    assert told("not_changeable", "en") in said
    assert told("kept", "en", n=6) in said
    assert told("room_help", "en") in said
    heard = room(two, conversation, f"/save 5 {tmp_path / 'saved.txt'}", "/withdraw 1")
    assert "[message 1 now reads] pays 40 days late" in heard
    assert "a slip" not in heard
    assert told("erased", "en") in heard
    assert told("not_changeable", "en") in heard
    assert (tmp_path / "saved.txt").read_bytes() == b"facture 12: 40 jours"


def test_a_transcript_is_written_that_holds_and_a_report_brings_it_to_the_operator(talking, tmp_path) -> None:
    one, two, _, conversation = talking
    room(one, conversation, "said and kept", f"/transcript {tmp_path / 'talk.json'}", "/report", "/silence")
    checked = transcript.check((tmp_path / "talk.json").read_bytes())
    assert isinstance(checked, transcript.Checked)
    assert [one.content.text for one in checked.said] == ["said and kept"]
    operator = one.member.server.operator()
    report = operator.get("/api/operator/reports").json()[0]
    assert isinstance(
        transcript.check(operator.get(f"/api/operator/reports/{report['id']}").content), transcript.Checked
    )
    operator.close()
    assert tell_refusal(Code.CLOSED, "fr") in room(two, conversation, "may I?", lang="fr")
    room(one, conversation, "/hear")


def test_what_one_device_has_read_the_firms_other_devices_know(talking, tmp_path: Path) -> None:
    one, two, today, conversation = talking
    room(one, conversation, "not seen by anybody")
    mark = next(each.peer_mark for each in two.desk.talks() if each.id == conversation)

    def listed() -> str:
        return next(line for line in sit(two, today).splitlines() if f"Firm {mark}" in line)

    assert "1 not read yet" in listed()
    sit(two, today, listed().split(".")[0].strip(), "/back")
    assert "not read yet" not in listed()
    others = States(two.another_device(tmp_path))
    others.load()
    assert others.of(conversation).read == 1
    assert States(one.desk).of(conversation) == State()

    late, early = States(two.desk), others
    late.load()
    early.advance(conversation, 2, bytes(32))
    late.advance(conversation, 3, bytes(32))
    late.advance(conversation, 1, bytes(32))
    early.load()
    assert early.of(conversation).read == 3
    terminal = Terminal(two.desk, two.line(), NAMES, today)
    terminal.states.load()
    with pytest.raises(TalkRefused, match="this device has read 3"):
        terminal._converse(conversation)


def test_what_came_and_was_never_printed_is_not_read(talking, monkeypatch) -> None:
    one, two, today, conversation = talking
    room(one, conversation, "printed")
    mark = next(each.peer_mark for each in two.desk.talks() if each.id == conversation)

    def listed() -> str:
        return next(line for line in sit(two, today).splitlines() if f"Firm {mark}" in line)

    number = listed().split(".")[0].strip()
    gate, said = threading.Event(), list[str]()
    monkeypatch.setattr(Tending, "tend", lambda _self: gate.wait(60))
    with two.line() as line:

        def typed() -> Iterator[str]:
            yield number
            room(one, conversation, "comes while it tends")
            wait_until(lambda: line.session(conversation).counter == 2)
            yield "/back"

        lines = typed()
        Terminal(two.desk, line, NAMES, today, "en", lambda _prompt: next(lines, "quit"), said.append).run()
    assert "1 not read yet" in listed()
    gate.set()
