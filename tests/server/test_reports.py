"""A report is taken when it is a true copy of the reporter's own conversation, and of nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat import transcript
from chat.bundle import Bundle, DisclosedEpoch, Transcript
from chat.contents import Text, Withdraw
from chat.envelope import without_body
from chat.keys import PrivateKeys
from chat.records import Reason, Side, make_answer, make_call, make_opening
from chat.session import Session
from member.conversing import granted
from member.talk_keeping import take
from member.talk_turning import Turner
from server.pace import REPORTS_PER_DAY
from server.reports import TRANSCRIPT_BYTES_MAX, is_copy
from tests.conftest import Launcher
from tests.server.parties import BATCH, SHARED, Party, RoleKey, Scene, connect, scene_on
from tests.server.planting import ask


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request, launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    server = launch_for_module(request.param, environment=BATCH | {"VIGIED_TURN_WITHIN_SECONDS": "0"})
    with scene_on(server, tmp_path_factory.mktemp("pins")) as scene:
        for number in range(2):
            scene.say(scene.caller, f"asked {number}")
            scene.say(scene.answerer, f"answered {number}")
        yield scene


@pytest.fixture(autouse=True)
def _as_many_as_it_takes(scene: Scene) -> None:
    """Each test begins with a day's reports: the limit is kept in the process."""
    scene.server.restart()


def send(who: Party, conversation: UUID, body: bytes) -> httpx.Response:
    return who.member.client().post(f"/api/conversations/{conversation}/reports", content=body)


def code(who: Party, scene: Scene, body: bytes) -> str:
    answer = send(who, scene.conversation, body)
    assert answer.is_error, answer.text
    assert answer.status_code != 500, scene.server.log
    return str(answer.json()["type"]).rpartition(":")[2]


def listed(scene: Scene) -> list[dict[str, Any]]:
    with scene.server.operator() as operator:
        return list(operator.get("/api/operator/reports").json())


def signed_again(who: Party, conversation: UUID, text: bytes, **fields: Any) -> bytes:
    """What the side that brings it changes, and signs again with its own keys."""
    outer = msgspec.json.decode(text, type=Transcript)
    bundle = msgspec.structs.replace(msgspec.json.decode(outer.bundle, type=Bundle), **fields)
    again = msgspec.json.encode(bundle)
    keys = who.desk.session(conversation).keys
    return msgspec.json.encode(Transcript(msgspec.Raw(again), transcript._sign(keys, again)))


def invented() -> bytes:
    """A whole conversation that never took place: both sides' keys are the reporter's."""
    call_key, caller, answerer = Ed25519PrivateKey.generate(), PrivateKeys.fresh(), PrivateKeys.fresh()
    call = make_call(
        call_key,
        call_id=os.urandom(16),
        pseudonym=SHARED,
        reason=Reason.LATE,
        raised_on=20_000,
        suite=caller.suite,
    )
    answer = make_answer(answerer, call)
    link = make_opening(call_key, caller, call, answer)
    mine, theirs = Session(link, Side.CALLER, caller), Session(link, Side.ANSWERER, answerer)
    epoch = granted(mine.begin_epoch())
    for one in (mine, theirs):
        granted(one.adopt(epoch.record))
    said = granted(theirs.seal(Text("Let us both stop supplying them.", 0)))
    granted(mine.receive(said))
    place = {"call": call.record, "answer": answer.record, "epochs": [epoch.record]}
    return transcript.make(mine, **place, messages=[said], now=1)


def test_a_true_copy_reaches_the_operator_with_both_firms_names_and_how_much_of_it_there_is(
    scene: Scene,
) -> None:
    text = take(scene.caller.desk, scene.conversation)
    scene.say(scene.answerer, "said after it was taken")
    sent = send(scene.caller, scene.conversation, text)
    assert sent.status_code == 201, sent.text
    (one,) = listed(scene)
    assert (one["id"], one["conversation"]) == (sent.json()["id"], str(scene.conversation))
    assert (one["reporting_firm"], one["reported_firm"]) == (
        str(scene.caller.member.id),
        str(scene.answerer.member.id),
    )
    with scene.server.operator() as operator:
        names = {firm["firm_id"]: firm["name"] for firm in operator.get("/api/operator/firms").json()}
        assert one["reporting_name"] == names[one["reporting_firm"]]
        assert one["reported_name"] == names[one["reported_firm"]]
        assert operator.get(f"/api/operator/reports/{one['id']}").content == text
    assert one["of_messages"] == one["messages"] + 1 == len(scene.shown(scene.caller))


def test_an_invented_conversation_is_refused(scene: Scene) -> None:
    before = listed(scene)
    assert code(scene.caller, scene, invented()) == "chat-elsewhere"
    assert listed(scene) == before


def test_what_is_no_transcript_or_another_sides_or_anothers_is_refused(scene: Scene) -> None:
    own = take(scene.caller.desk, scene.conversation)
    for nothing in (b"", b"{}", os.urandom(1_000)):
        assert code(scene.caller, scene, nothing) == "chat-malformed"
    assert code(scene.answerer, scene, own) == "chat-side"
    assert code(scene.third, scene, own) == "not-found"
    outer = msgspec.json.decode(own, type=Transcript)
    unsigned = msgspec.json.encode(Transcript(outer.bundle, bytes(64)))
    assert code(scene.caller, scene, unsigned) == "chat-signature"


def test_whatever_is_not_what_is_stored_here_is_refused_though_its_own_side_signed_it(scene: Scene) -> None:
    text = take(scene.caller.desk, scene.conversation)
    bundle = msgspec.json.decode(msgspec.json.decode(text, type=Transcript).bundle, type=Bundle)
    first, *rest = bundle.messages
    session = scene.caller.desk.session(scene.conversation)
    another = granted(session.begin_epoch())
    bent = bytearray(first)
    bent[-1] ^= 1
    changes: list[tuple[str, dict[str, Any]]] = [
        ("report-differs", {"messages": [without_body(first), *rest]}),  # it has not been erased here
        ("report-differs", {"messages": [bytes(bent), *rest]}),
        ("report-differs", {"messages": rest}),
        ("report-differs", {"messages": [*bundle.messages, first]}),
        ("report-differs", {"messages": [granted(session.seal(Text("never said", 0))), *rest]}),
        (
            "report-differs",
            {"epochs": [*bundle.epochs, DisclosedEpoch(another.record, bytes(32))]},
        ),
        ("chat-commitment", {"epochs": [DisclosedEpoch(bundle.epochs[0].record, bytes(32))]}),
    ]
    session.adopt(another.record)
    changes[5][1]["epochs"][1] = DisclosedEpoch(another.record, session.epoch_key(2))
    for expected, fields in changes:
        assert code(scene.caller, scene, signed_again(scene.caller, scene.conversation, text, **fields)) == (
            expected
        ), fields


def test_an_erased_ciphertext_is_no_difference_on_either_side(scene: Scene) -> None:
    at = scene.say(scene.caller, "withdrawn")
    scene.put(scene.caller, Withdraw(at))
    whole = take(scene.answerer.desk, scene.conversation)
    scene.caller.desk.api.ask("POST", scene.path(f"/messages/{at}/erasure"))
    for text in (whole, take(scene.answerer.desk, scene.conversation)):
        assert send(scene.answerer, scene.conversation, text).status_code == 201


def test_a_copy_is_known_by_what_was_signed() -> None:
    stored = os.urandom(400)
    assert is_copy(without_body(stored), without_body(stored), erased=True)
    assert not is_copy(without_body(stored), stored, erased=False)
    assert not is_copy(os.urandom(222), without_body(stored), erased=True)
    assert not is_copy(stored, without_body(stored), erased=True), "another ciphertext than the signed one"


def test_new_keys_of_a_side_are_compared_too(scene: Scene) -> None:
    scene.third.free_to_call()
    conversation = connect(scene.third, scene.answerer, scene.today)
    before, fresh = scene.third.desk.unseal, RoleKey()
    scene.third.desk.seal, scene.third.desk.unseal = fresh.seal, fresh.unseal
    Turner(scene.third.desk, [before]).turn_all()
    with scene.third.line() as line:
        line.follow(conversation)
        line.say(conversation, "under new keys")
    text = take(scene.third.desk, conversation)
    assert send(scene.third, conversation, text).status_code == 201
    bundle = msgspec.json.decode(msgspec.json.decode(text, type=Transcript).bundle, type=Bundle)
    (turn,) = bundle.successions
    moved = signed_again(
        scene.third, conversation, text, successions=[msgspec.structs.replace(turn, after=2)]
    )
    refused = send(scene.third, conversation, moved)
    assert refused.status_code in (409, 422), refused.text


def test_a_newer_report_replaces_the_firms_older_one_and_no_other(scene: Scene) -> None:
    for who in (scene.caller, scene.answerer, scene.caller):
        sent = send(who, scene.conversation, take(who.desk, scene.conversation))
        assert sent.status_code == 201
    mine = [one for one in listed(scene) if one["conversation"] == str(scene.conversation)]
    assert len(mine) == 2
    assert sent.json()["id"] in {one["id"] for one in mine}
    (count,) = ask(
        scene.server, "SELECT COUNT(*) FROM conversation_report WHERE firm = {}", scene.caller.member.id
    )
    assert count == (1,)


def test_a_firm_reports_so_many_times_a_day_and_no_other_firm_less(scene: Scene) -> None:
    for _ in range(REPORTS_PER_DAY):
        assert code(scene.caller, scene, b"{}") == "chat-malformed"
    refused = send(scene.caller, scene.conversation, take(scene.caller.desk, scene.conversation))
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:vigie:problem:report-limit")
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400 / REPORTS_PER_DAY
    assert "signalements" in _in_french(scene, refused)
    assert code(scene.answerer, scene, b"{}") == "chat-malformed"


def _in_french(scene: Scene, _: httpx.Response) -> str:
    client = scene.caller.member.client()
    answer = client.post(
        f"/api/conversations/{scene.conversation}/reports",
        content=b"{}",
        headers={"Accept-Language": "fr"},
    )
    return str(answer.json()["title"])


def test_what_is_larger_than_a_transcript_may_be_is_not_looked_at(scene: Scene) -> None:
    assert code(scene.caller, scene, bytes(TRANSCRIPT_BYTES_MAX + 1)) == "too-large"
    assert code(scene.caller, scene, bytes(TRANSCRIPT_BYTES_MAX)) == "chat-malformed"
