"""A bad epoch (signed, and sealed wrongly to one side) costs what was said in it, and nothing else."""

from __future__ import annotations

import os

import pytest

from chat import relay, transcript
from chat.contents import Text
from chat.outbox import Outbox
from chat.records import _EPOCH_HEAD, Epoch, Side
from chat.refusals import Code, Refusal
from chat.session import Received, Session
from chat.signals import Signal, Signals, seal_signal
from chat.transcript import Checked, check
from privacy import signing
from tests.chat.test_turn_vectors import _opened


def sealed_wrongly(maker: Session, seal: bytes | None = None) -> bytes:
    """The maker's next epoch, with noise (or `seal`) in place of what is sealed to the other side."""
    good = maker.begin_epoch()
    assert isinstance(good, Epoch)
    return resealed(maker, good, os.urandom(80) if seal is None else seal)


def resealed(maker: Session, epoch: Epoch, seal: bytes) -> bytes:
    link = maker.link
    place = (link.suite.number, link.conversation, epoch.number, maker.side)
    seals = [*epoch.sealed]
    seals[maker.side.other] = seal
    payload = _EPOCH_HEAD.pack(*place, epoch.previous, epoch.commitment) + b"".join(seals)
    return payload + signing.sign(maker.keys.signing, "epoch", payload)


def said(session: Session, text: str) -> bytes:
    record = session.seal(Text(text, 0))
    assert isinstance(record, bytes)
    return record


def shown(session: Session, record: bytes) -> Received:
    outcome = session.receive(record)
    assert isinstance(outcome, Received), outcome
    return outcome


class Scene:
    """The caller says something, makes a bad epoch, and says something in it."""

    def __init__(self, pair, seal: bytes | None = None) -> None:
        self.pair = pair
        self.caller, self.answerer = (pair.session(side) for side in Side)
        self.messages = [said(self.caller, "before")]
        for one in (self.caller, self.answerer):
            shown(one, self.messages[0])
        self.bad = sealed_wrongly(self.caller, seal)
        for one in (self.caller, self.answerer):
            assert isinstance(one.adopt(self.bad), Epoch)
        self.messages.append(said(self.caller, "in the bad epoch"))
        shown(self.caller, self.messages[1])


def test_the_server_cannot_tell_it_from_a_good_one(pair) -> None:
    scene = Scene(pair)
    head = relay.extend(pair.head(), Epoch(2, Side.CALLER, pair.epoch.digest, b"", (b"", b""), scene.bad))
    assert isinstance(head, relay.Head)


def test_what_was_said_before_stays_and_what_is_said_in_it_has_its_place_unread(pair) -> None:
    scene = Scene(pair)
    assert scene.answerer.shut_out is not None
    assert scene.caller.shut_out is None, "its maker reads it"
    received = shown(scene.answerer, scene.messages[1])
    assert isinstance(received.content, Refusal)
    assert (received.counter, received.content.code) == (2, Code.UNREADABLE)


def test_a_key_other_than_the_one_committed_to_is_as_bad(pair) -> None:
    other = pair.session(Side.CALLER).begin_epoch()
    assert isinstance(other, Epoch)
    scene = Scene(pair, other.sealed[Side.ANSWERER])
    content = shown(scene.answerer, scene.messages[1]).content
    assert isinstance(content, Refusal)
    assert content.code is Code.COMMITMENT


def test_nothing_is_sealed_in_it_and_the_next_epoch_ends_it(pair) -> None:
    scene = Scene(pair)
    caller, answerer = scene.caller, scene.answerer
    shown(answerer, scene.messages[1])
    refused = answerer.seal(Text("into the void", 0))
    assert isinstance(refused, Refusal)
    assert refused.code is Code.EPOCH
    assert answerer.wants_epoch
    assert not caller.wants_epoch
    after = answerer.begin_epoch()
    assert isinstance(after, Epoch)
    assert after.number == 3
    for one in (caller, answerer):
        assert isinstance(one.adopt(after.record), Epoch)
    assert answerer.shut_out is None
    record = said(answerer, "I could not read you.")
    assert shown(caller, record).content == Text("I could not read you.", 0)
    shown(answerer, record)
    again = said(caller, "Sorry.")
    assert shown(answerer, again).content == Text("Sorry.", 0)


def test_what_was_in_flight_is_sealed_again_in_the_next_epoch(pair) -> None:
    caller, answerer = (pair.session(side) for side in Side)
    box = Outbox(answerer)
    box.put(Text("patience", 0))
    before = box.due()
    assert isinstance(before, bytes)
    assert isinstance(answerer.adopt(sealed_wrongly(caller)), Epoch)
    box.adopted()
    refused = box.due()
    assert isinstance(refused, Refusal)
    assert refused.code is Code.EPOCH
    epoch = answerer.begin_epoch()
    assert isinstance(epoch, Epoch)
    answerer.adopt(epoch.record)
    box.adopted()
    after = box.due()
    assert isinstance(after, bytes)
    assert after != before
    assert shown(answerer, after).content == Text("patience", 0)


def test_keys_turn_all_the_same(pair) -> None:
    scene = Scene(pair)
    fresh = type(scene.answerer.keys).fresh()
    scene.answerer.later = (fresh,)
    record = scene.answerer.begin_succession(fresh).record
    for one in (scene.caller, scene.answerer):
        assert not isinstance(one.turn(record), Refusal)
    epoch = scene.answerer.begin_epoch()
    assert isinstance(epoch, Epoch)
    for one in (scene.caller, scene.answerer):
        assert isinstance(one.adopt(epoch.record), Epoch)


def test_presence_is_neither_shown_nor_sealed_in_it(pair) -> None:
    scene, thread = Scene(pair), _opened()
    signal = seal_signal(scene.caller, thread, Signal.HERE, 1_000)
    assert isinstance(signal, bytes)
    assert isinstance(Signals().take(signal, scene.answerer, thread, 1_000), Refusal)
    assert isinstance(seal_signal(scene.answerer, thread, Signal.HERE, 1_000), Refusal)


def test_its_transcript_holds_without_the_key_and_says_so(pair) -> None:
    scene = Scene(pair)
    shown(scene.answerer, scene.messages[1])
    brought = transcript.make(
        scene.answerer,
        call=pair.call.record,
        answer=pair.answer.record,
        epochs=[pair.epoch.record, scene.bad],
        messages=scene.messages,
        now=1_800_000_000,
    )
    found = check(brought)
    assert isinstance(found, Checked)
    assert found.without_key == (2,)
    assert found.said[0].content == Text("before", 0)
    assert isinstance(found.said[1].content, Refusal)
    assert found.said[1].content.code is Code.UNREADABLE


@pytest.mark.parametrize("left", ["the bad epoch", "its message"])
def test_neither_the_epoch_nor_what_was_said_in_it_can_be_left_out(pair, left: str) -> None:
    scene = Scene(pair)
    shown(scene.answerer, scene.messages[1])
    after = scene.answerer.begin_epoch()
    assert isinstance(after, Epoch)
    scene.answerer.adopt(after.record)
    last = said(scene.answerer, "after")
    whole = [pair.epoch.record, scene.bad, after.record]
    brought = transcript.make(
        scene.answerer,
        call=pair.call.record,
        answer=pair.answer.record,
        epochs=whole if left == "its message" else [pair.epoch.record, after.record],
        messages=[scene.messages[0], last] if left == "its message" else [*scene.messages, last],
        now=1_800_000_000,
    )
    found = check(brought)
    assert isinstance(found, Refusal)
    assert found.code in {Code.GAP, Code.EPOCH}


def test_a_key_cannot_be_left_out_where_who_brings_it_has_spoken(pair) -> None:
    scene = Scene(pair)
    scene.caller._epoch_keys[2] = Refusal(Code.UNREADABLE, "so it says")
    brought = transcript.make(
        scene.caller,
        call=pair.call.record,
        answer=pair.answer.record,
        epochs=[pair.epoch.record, scene.bad],
        messages=scene.messages,
        now=1_800_000_000,
    )
    found = check(brought)
    assert isinstance(found, Refusal)
    assert found.code is Code.MALFORMED
