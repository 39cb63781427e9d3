"""Call, answer, opening and epoch are each bound to the one before, and refused where they are not."""

import hashlib
import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from chat.keys import X25519_AES256, PrivateKeys, PublicKeys
from chat.records import (
    Call,
    Epoch,
    Link,
    Reason,
    Side,
    make_answer,
    make_call,
    make_epoch,
    make_opening,
    read_answer,
    read_call,
    read_epoch,
    read_opening,
    succeeds,
)
from chat.refusals import Code, Refusal
from chat.session import Session
from chat.succession import read_succession
from privacy import signing
from tests.chat.test_keys import UNUSABLE


def code(outcome: object) -> Code:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def another_call() -> tuple[Ed25519PrivateKey, Call]:
    key = Ed25519PrivateKey.generate()
    return key, make_call(
        key,
        call_id=os.urandom(16),
        pseudonym=os.urandom(32),
        reason=Reason.DISPUTE,
        raised_on=20_000,
        suite=X25519_AES256,
    )


def test_each_record_reads_back_as_it_was_made(pair) -> None:
    assert read_call(pair.call.record) == pair.call
    assert read_answer(pair.answer.record, pair.call) == pair.answer
    assert read_opening(pair.link.opening, pair.call, pair.answer) == pair.link
    assert read_epoch(pair.epoch.record, pair.link) == pair.epoch
    assert succeeds(pair.epoch, 0, pair.link.genesis) is None


def test_any_changed_bit_of_any_record_is_refused(pair) -> None:
    readers = {
        pair.call.record: read_call,
        pair.answer.record: lambda record: read_answer(record, pair.call),
        pair.link.opening: lambda record: read_opening(record, pair.call, pair.answer),
        pair.epoch.record: lambda record: read_epoch(record, pair.link),
    }
    for record, read in readers.items():
        for place in range(len(record)):
            changed = bytearray(record)
            changed[place] ^= 1 << (place % 8)
            assert isinstance(read(bytes(changed)), Refusal), place
        assert code(read(record + b"\0")) is Code.MALFORMED
        assert code(read(record[:-1])) is Code.MALFORMED
        assert code(read(b"")) is Code.SUITE
        assert code(read(b"\3" + record[1:])) is Code.SUITE


def test_an_answer_or_an_opening_of_another_call_is_refused(pair) -> None:
    key, other = another_call()
    assert code(read_answer(pair.answer.record, other)) is Code.ELSEWHERE
    answer = make_answer(PrivateKeys.fresh(), other)
    assert code(read_opening(pair.link.opening, other, answer)) is Code.ELSEWHERE
    stranger = make_opening(key, PrivateKeys.fresh(), pair.call, pair.answer)
    assert code(read_opening(stranger.opening, pair.call, pair.answer)) is Code.SIGNATURE


def test_two_answers_to_one_call_open_two_conversations_that_share_no_key(pair) -> None:
    second = make_answer(PrivateKeys.fresh(), pair.call)
    link = make_opening(pair.call_key, PrivateKeys.fresh(), pair.call, second)
    assert link.conversation != pair.link.conversation
    assert link.genesis != pair.link.genesis
    keys = {
        key
        for each in (link, pair.link)
        for side in Side
        for key in (each.keys(side).signing, each.keys(side).sealing)
    }
    assert len(keys) == 8
    assert pair.call.key not in keys


def test_a_caller_that_reuses_the_call_key_or_the_other_sides_keys_is_refused(pair) -> None:
    reused = replace(PrivateKeys.fresh(), signing=pair.call_key)
    link = make_opening(pair.call_key, reused, pair.call, pair.answer)
    assert code(read_opening(link.opening, pair.call, pair.answer)) is Code.MALFORMED
    link = make_opening(pair.call_key, pair.keys[Side.ANSWERER], pair.call, pair.answer)
    assert code(read_opening(link.opening, pair.call, pair.answer)) is Code.MALFORMED


def test_an_epoch_is_refused_when_signed_by_another_key_or_out_of_its_place(pair) -> None:
    stranger = make_epoch(PrivateKeys.fresh(), Side.CALLER, pair.link, (0, pair.link.genesis), os.urandom(32))
    assert isinstance(stranger, Epoch)
    assert code(read_epoch(stranger.record, pair.link)) is Code.SIGNATURE
    second = make_epoch(pair.keys[1], Side.ANSWERER, pair.link, (1, pair.epoch.digest), os.urandom(32))
    assert isinstance(second, Epoch)
    assert read_epoch(second.record, pair.link) == second
    assert succeeds(second, 1, pair.epoch.digest) is None
    assert code(succeeds(second, 0, pair.link.genesis)) is Code.EPOCH
    assert code(succeeds(second, 2, second.digest)) is Code.EPOCH
    rival = make_epoch(pair.keys[0], Side.CALLER, pair.link, (0, pair.link.genesis), os.urandom(32))
    assert isinstance(rival, Epoch)
    assert code(succeeds(second, 1, rival.digest)) is Code.FORKED


def test_an_epoch_of_another_conversation_is_refused(pair) -> None:
    link = make_opening(pair.call_key, pair.keys[0], pair.call, make_answer(PrivateKeys.fresh(), pair.call))
    assert isinstance(link, Link)
    assert code(read_epoch(pair.epoch.record, link)) is Code.ELSEWHERE


def test_an_epoch_to_an_unusable_key_is_refused_by_its_maker(pair) -> None:
    dead = Link(
        pair.link.suite,
        pair.link.conversation,
        pair.link.caller,
        PublicKeys(pair.link.answerer.signing, bytes(32)),
        pair.link.genesis,
        pair.link.opening,
    )
    assert (
        code(make_epoch(pair.keys[0], Side.CALLER, dead, (0, dead.genesis), os.urandom(32))) is Code.MALFORMED
    )


def test_sides_that_were_sealed_different_keys_notice_it(pair) -> None:
    """A maker (or an operator in the middle) cannot give each side a key of its own unnoticed."""
    one = make_epoch(pair.keys[0], Side.CALLER, pair.link, (0, pair.link.genesis), b"1" * 32)
    two = make_epoch(pair.keys[0], Side.CALLER, pair.link, (0, pair.link.genesis), b"2" * 32)
    assert isinstance(one, Epoch)
    assert isinstance(two, Epoch)
    half = X25519_AES256.sealed_epoch_bytes
    payload = one.record[: -64 - half] + two.record[-64 - half : -64]
    mixed = payload + signing.sign(pair.keys[0].signing, "epoch", payload)
    assert isinstance(pair.session(Side.CALLER, epoch=False).adopt(mixed), Epoch)
    answerer = pair.session(Side.ANSWERER, epoch=False)
    assert isinstance(answerer.adopt(mixed), Epoch)
    assert code(answerer.shut_out) is Code.COMMITMENT


def test_an_epoch_sealed_to_somebody_else_is_in_its_place_and_unreadable(pair) -> None:
    strangers = Link(
        pair.link.suite,
        pair.link.conversation,
        pair.link.caller,
        PublicKeys(pair.link.answerer.signing, PrivateKeys.fresh().public().sealing),
        pair.link.genesis,
        pair.link.opening,
    )
    epoch = make_epoch(pair.keys[0], Side.CALLER, strangers, (0, strangers.genesis), os.urandom(32))
    assert isinstance(epoch, Epoch)
    answerer = Session(pair.link, Side.ANSWERER, pair.keys[1])
    assert answerer.adopt(epoch.record) == epoch
    assert code(answerer.shut_out) is Code.UNREADABLE
    assert answerer.wants_epoch


@pytest.mark.parametrize("sealing", UNUSABLE.values(), ids=UNUSABLE)
def test_a_record_that_brings_a_key_that_nothing_can_be_sealed_to_is_refused(pair, sealing: bytes) -> None:
    keys = PrivateKeys.fresh()
    public = signing.public_bytes(keys.signing) + sealing
    payload = bytes([1]) + pair.call.id + pair.call.digest + public
    assert code(read_answer(payload + signing.sign(keys.signing, "answer", payload), pair.call)) is Code.KEY
    payload = bytes([1]) + pair.answer.conversation + pair.answer.digest + public
    opening = payload + signing.sign(pair.call_key, "conversation", payload)
    assert code(read_opening(opening, pair.call, pair.answer)) is Code.KEY
    before = hashlib.sha256(pair.link.caller.to_bytes()).digest()
    payload = bytes([1]) + pair.link.conversation + bytes([Side.CALLER]) + before + public
    succession = payload + signing.sign(pair.keys[0].signing, "succession", payload)
    succession += signing.sign(keys.signing, "succession-taken", payload)
    assert code(read_succession(succession, pair.link)) is Code.KEY


def test_a_reason_outside_the_list_is_refused() -> None:
    key = Ed25519PrivateKey.generate()
    _, call = another_call()
    payload = call.record[:49] + b"\6" + call.record[50:54] + signing.public_bytes(key)
    assert code(read_call(payload + signing.sign(key, "call", payload))) is Code.MALFORMED


@pytest.mark.parametrize("side", [2, 255])
def test_an_epoch_of_no_side_is_refused(pair, side: int) -> None:
    payload = bytearray(pair.epoch.record[:-64])
    payload[21] = side
    record = bytes(payload) + signing.sign(pair.keys[0].signing, "epoch", bytes(payload))
    assert code(read_epoch(record, pair.link)) is Code.MALFORMED


@given(st.binary(max_size=400))
def test_no_bytes_at_all_make_a_reader_crash(noise: bytes) -> None:
    for suite in (b"", b"\1"):
        assert isinstance(read_call(suite + noise), Refusal)
