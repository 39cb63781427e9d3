"""A transcript proves to a third person what each side said; nothing inside can be changed or left out."""

from __future__ import annotations

import msgspec
import pytest

from chat import transcript
from chat.bundle import Bundle, DisclosedEpoch, Transcript
from chat.contents import Text
from chat.envelope import without_body
from chat.records import Epoch, Side
from chat.refusals import Code, Refusal
from chat.session import Received
from chat.transcript import Checked, check


@pytest.fixture
def taken(pair) -> tuple[bytes, list[bytes]]:
    sessions = [pair.session(side) for side in Side]
    records = []
    epochs = [pair.epoch.record]
    for number in range(6):
        if number == 3:
            second = sessions[1].begin_epoch()
            assert isinstance(second, Epoch)
            epochs.append(second.record)
            for session in sessions:
                session.adopt(second.record)
        record = sessions[number % 2].seal(Text(f"said {number}", 0))
        assert isinstance(record, bytes)
        records.append(record)
        for session in sessions:
            assert isinstance(session.receive(record), Received)
    text = transcript.make(
        sessions[1],
        call=pair.call.record,
        answer=pair.answer.record,
        epochs=epochs,
        messages=records,
        now=1_800_000_000,
    )
    return text, records


def changed(text: bytes, pair, *, sign: bool = True, **fields) -> bytes:
    """Somebody who holds the side's keys changes the bundle, and signs it again."""
    outer = msgspec.json.decode(text, type=Transcript)
    bundle = msgspec.json.decode(outer.bundle, type=Bundle)
    again = msgspec.json.encode(msgspec.structs.replace(bundle, **fields))
    signature = transcript._sign(pair.keys[Side.ANSWERER], again) if sign else outer.signature
    return msgspec.json.encode(Transcript(msgspec.Raw(again), signature))


def code(text: bytes) -> Code:
    found = check(text)
    assert isinstance(found, Refusal), found
    return found.code


def test_whoever_holds_it_reads_who_said_what_in_order(taken, pair) -> None:
    found = check(taken[0])
    assert isinstance(found, Checked)
    assert (found.link.conversation, found.side) == (pair.link.conversation, Side.ANSWERER)
    assert [(one.side, one.content.text) for one in found.said] == [
        (Side(number % 2), f"said {number}") for number in range(6)
    ]


def test_it_is_signed_by_the_side_that_brings_it(taken, pair) -> None:
    assert code(changed(taken[0], pair, sign=False, taken_at=0)) is Code.SIGNATURE
    assert code(changed(taken[0], pair, side=0)) is Code.SIGNATURE


def test_even_the_side_that_brings_it_can_change_nothing_inside(taken, pair) -> None:
    text, records = taken
    assert code(changed(text, pair, messages=records[:2] + records[3:])) is Code.GAP
    assert code(changed(text, pair, messages=[*records[:2], records[1], *records[2:]])) is Code.MALFORMED
    bent = bytearray(records[0])
    bent[-1] ^= 1
    assert code(changed(text, pair, messages=[bytes(bent), *records[1:]])) is Code.BODY
    own = pair.session(Side.ANSWERER).seal(Text("put in its mouth", 0))
    assert code(changed(text, pair, messages=[own, *records[1:]])) is Code.FORKED


def test_a_key_that_was_not_committed_to_is_refused(taken, pair) -> None:
    outer = msgspec.json.decode(taken[0], type=Transcript)
    epochs = msgspec.json.decode(outer.bundle, type=Bundle).epochs
    other = [DisclosedEpoch(epochs[0].record, bytes(32)), *epochs[1:]]
    assert code(changed(taken[0], pair, epochs=other)) is Code.COMMITMENT
    assert code(changed(taken[0], pair, epochs=epochs[:1])) is Code.EPOCH


def test_erased_messages_keep_their_place(taken, pair) -> None:
    text, records = taken
    found = check(changed(text, pair, messages=[without_body(records[0]), *records[1:]]))
    assert isinstance(found, Checked)
    assert found.said[0].content is None


def test_what_is_no_transcript_is_said_to_be_none() -> None:
    for text in (b"", b"{}", b'{"bundle": {}, "signature": ""}', b"\xff"):
        assert code(text) is Code.MALFORMED
