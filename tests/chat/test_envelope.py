"""Whoever holds the public keys can verify an envelope, and nothing that was changed passes."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from chat.contents import Text
from chat.envelope import (
    BUCKET_BYTES,
    ENVELOPE_BYTES_MAX,
    OVERHEAD_BYTES,
    SIGNED_BYTES,
    TAG_BYTES,
    Envelope,
    conversation_of,
    message_id,
    read_envelope,
)
from chat.records import Side
from chat.refusals import Code, Refusal
from privacy import signing


def code(outcome: object) -> Code:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def sealed(pair, text: str = "hello", side: Side = Side.CALLER) -> bytes:
    record = pair.session(side).seal(Text(text, 0))
    assert isinstance(record, bytes)
    return record


def test_an_envelope_says_in_the_open_what_its_header_says(pair) -> None:
    record = sealed(pair)
    envelope = read_envelope(record, pair.link)
    assert isinstance(envelope, Envelope)
    assert envelope.header.to_bytes() == record[:94]
    assert (envelope.header.counter, envelope.header.epoch, envelope.header.side) == (1, 1, Side.CALLER)
    assert envelope.header.previous == pair.link.genesis
    assert conversation_of(record) == pair.link.conversation
    assert envelope.id == message_id(record) == hashlib.sha256(record[:158]).digest()
    assert b"hello" not in record


def test_any_changed_bit_of_header_commitment_or_signature_is_refused(pair) -> None:
    record = sealed(pair)
    for place in range(OVERHEAD_BYTES):
        changed = bytearray(record)
        changed[place] ^= 1 << (place % 8)
        refused = code(read_envelope(bytes(changed), pair.link))
        if place >= 22:
            assert refused is Code.SIGNATURE, place


def test_a_swapped_body_is_refused_by_its_own_reason(pair) -> None:
    record, other = sealed(pair), sealed(pair, "other")
    assert code(read_envelope(record[:OVERHEAD_BYTES] + other[OVERHEAD_BYTES:], pair.link)) is Code.BODY
    assert code(read_envelope(record[:-1] + bytes([record[-1] ^ 1]), pair.link)) is Code.BODY


def test_a_message_signed_by_another_key_is_refused(pair) -> None:
    record = sealed(pair)
    forged = signing.sign(pair.keys[1].signing, "message", record[:SIGNED_BYTES])
    assert (
        code(read_envelope(record[:SIGNED_BYTES] + forged + record[OVERHEAD_BYTES:], pair.link))
        is Code.SIGNATURE
    )


def test_a_message_of_another_conversation_is_refused(pair) -> None:
    record = sealed(pair)
    changed = record[:1] + bytes(16) + record[17:]
    assert code(read_envelope(changed, pair.link)) is Code.ELSEWHERE


def test_lengths_between_buckets_and_beyond_the_limit_are_refused(pair) -> None:
    record = sealed(pair)
    assert len(record) == OVERHEAD_BYTES + BUCKET_BYTES[0] + TAG_BYTES
    assert code(read_envelope(record + b"\0", pair.link)) is Code.MALFORMED
    assert code(read_envelope(record[:OVERHEAD_BYTES], pair.link)) is Code.MALFORMED
    assert code(read_envelope(bytes([1]) * (ENVELOPE_BYTES_MAX + 1), pair.link)) is Code.TOO_LARGE
    assert code(read_envelope(b"", pair.link)) is Code.SUITE
    assert code(read_envelope(b"\3" + record[1:], pair.link)) is Code.SUITE


def test_a_message_of_no_side_is_refused(pair) -> None:
    signed = bytearray(sealed(pair)[:SIGNED_BYTES])
    signed[21] = 7
    signature = signing.sign(pair.keys[0].signing, "message", bytes(signed))
    assert code(read_envelope(bytes(signed) + signature + bytes(272), pair.link)) is Code.MALFORMED


@given(st.binary(max_size=600))
def test_no_bytes_at_all_make_the_reader_crash(pair, noise: bytes) -> None:
    start = bytes([1]) + pair.link.conversation
    for record in (noise, start + noise, (start + noise).ljust(OVERHEAD_BYTES + 256 + TAG_BYTES, b"\0")):
        assert isinstance(read_envelope(record, pair.link), Refusal)
