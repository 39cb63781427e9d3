"""A device reads one chain of messages, and what does not continue that chain is refused with its reason."""

import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from chat.contents import TEXT_BYTES_MAX, Text, Unknown, fits
from chat.envelope import BUCKET_BYTES, Header, signed_part
from chat.keys import PrivateKeys
from chat.records import Epoch, Side
from chat.refusals import Code, Refusal
from chat.session import Received, Seen, Session, pad, unpad
from privacy import signing


def code(outcome: object) -> Code:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def say(session: Session, text: str) -> bytes:
    record = session.seal(Text(text, 0))
    assert isinstance(record, bytes)
    return record


def talk(pair, count: int) -> tuple[Session, Session, list[bytes]]:
    """Both sides speak in turn, and both have read everything."""
    sessions = (pair.session(Side.CALLER), pair.session(Side.ANSWERER))
    records = []
    for number in range(count):
        record = say(sessions[number % 2], f"message {number + 1}")
        for session in sessions:
            assert isinstance(session.receive(record), Received)
        records.append(record)
    return (*sessions, records)


def test_what_one_side_seals_the_other_reads_once_and_in_order(pair) -> None:
    caller, answerer, records = talk(pair, 6)
    reader = pair.session(Side.ANSWERER)
    shown = [reader.receive(record) for record in records]
    assert [each.content.text for each in shown] == [f"message {n}" for n in range(1, 7)]
    assert [each.mine for each in shown] == [False, True] * 3
    assert [each.counter for each in shown] == list(range(1, 7))
    assert all(isinstance(reader.receive(record), Seen) for record in records)
    assert caller.own_mark == answerer.peer_mark != caller.peer_mark


def test_a_new_device_of_either_side_reads_the_whole_history(pair) -> None:
    _, _, records = talk(pair, 5)
    for side in Side:
        device = pair.session(side)
        assert [device.receive(record).counter for record in records] == [1, 2, 3, 4, 5]


def test_a_missing_message_is_a_gap_and_a_refusal_changes_nothing(pair) -> None:
    _, _, records = talk(pair, 4)
    reader = pair.session(Side.CALLER)
    assert code(reader.receive(records[1])) is Code.GAP
    assert isinstance(reader.receive(records[0]), Received)
    assert code(reader.receive(records[3])) is Code.GAP
    assert [reader.receive(record).counter for record in records[1:]] == [2, 3, 4]


def test_a_message_that_follows_another_history_is_refused(pair) -> None:
    one, two = pair.session(Side.CALLER), pair.session(Side.CALLER)
    first, rival = say(one, "first"), say(two, "rival")
    assert isinstance(one.receive(first), Received)
    assert isinstance(two.receive(rival), Received)
    assert code(one.receive(say(two, "after the rival"))) is Code.FORKED
    assert code(one.receive(rival)) is Code.FORKED, "another message at a counter already read"


def test_the_first_message_must_follow_the_genesis(pair) -> None:
    session = pair.session(Side.CALLER)
    session.resume_at(0, bytes(32))
    assert code(pair.session(Side.ANSWERER).receive(say(session, "from nowhere"))) is Code.FORKED


def test_a_history_cut_off_its_end_is_noticed_by_a_device_that_had_read_further(pair) -> None:
    caller, _, records = talk(pair, 5)
    device = pair.session(Side.CALLER)
    for record in records[:3]:
        device.receive(record)
    assert code(device.verify_reach(caller.counter, caller.head)) is Code.TRUNCATED
    for record in records[3:]:
        device.receive(record)
    assert device.verify_reach(caller.counter, caller.head) is None
    assert code(device.verify_reach(5, bytes(32))) is Code.FORKED


def test_a_device_resumes_from_its_pinned_message_and_from_no_other(pair) -> None:
    _, _, records = talk(pair, 4)
    before = pair.session(Side.ANSWERER)
    for record in records[:2]:
        before.receive(record)
    resumed = pair.session(Side.ANSWERER)
    resumed.resume_at(before.counter, before.head)
    assert isinstance(resumed.receive(records[1]), Seen)
    assert [resumed.receive(record).counter for record in records[2:]] == [3, 4]
    misled = pair.session(Side.ANSWERER)
    misled.resume_at(2, os.urandom(32))
    assert code(misled.receive(records[2])) is Code.FORKED


def test_what_is_not_signed_does_not_reach_the_chain(pair) -> None:
    session = pair.session(Side.CALLER)
    record = say(session, "x")
    assert code(session.receive(record[:-1] + bytes([record[-1] ^ 1]))) is Code.BODY
    assert code(session.adopt(pair.epoch.record)) is Code.EPOCH
    assert code(session.adopt(pair.epoch.record[:-1] + b"?")) is Code.SIGNATURE
    assert (session.counter, session.epoch) == (0, pair.epoch)


def test_the_keys_of_another_side_do_not_make_a_session(pair) -> None:
    with pytest.raises(ValueError, match="not the keys of this side"):
        Session(pair.link, Side.CALLER, pair.keys[Side.ANSWERER])


def test_nothing_is_sealed_without_an_epoch(pair) -> None:
    assert code(pair.session(Side.CALLER, epoch=False).seal(Text("early", 0))) is Code.EPOCH


def test_messages_are_sealed_under_the_newest_epoch_and_older_ones_stay_readable(pair) -> None:
    caller, answerer, records = talk(pair, 2)
    epoch = answerer.begin_epoch()
    assert isinstance(epoch, Epoch)
    assert epoch.number == 2
    early = say(caller, "still under the first")
    assert isinstance(caller.adopt(epoch.record), Epoch)
    late = say(caller, "under the second")
    assert code(answerer.receive(late)) is Code.EPOCH, "the epoch has not reached this device yet"
    assert isinstance(answerer.adopt(epoch.record), Epoch)
    assert isinstance(answerer.receive(late), Received)
    device = pair.session(Side.CALLER)
    device.adopt(epoch.record)
    assert [device.receive(record).counter for record in [*records, late]] == [1, 2, 3]
    assert early != late


def test_a_message_of_an_epoch_that_is_over_is_refused(pair) -> None:
    caller, answerer, _ = talk(pair, 0)
    epoch = caller.begin_epoch()
    assert isinstance(epoch, Epoch)
    stale = pair.session(Side.ANSWERER)
    for session in (caller, answerer):
        session.adopt(epoch.record)
    first = say(caller, "under the second epoch")
    answerer.receive(first)
    stale.resume_at(answerer.counter, answerer.head)
    assert code(answerer.receive(say(stale, "under the first"))) is Code.EPOCH


def forged(pair, *, epoch_key: bytes, plain: bytes, commit_to: bytes | None = None) -> bytes:
    """What a side that does not play by the rules can sign."""
    from chat.session import _message_keys

    salt = os.urandom(32)
    header = Header(1, pair.link.conversation, 1, Side.CALLER, 1, salt, pair.link.genesis)
    key, commitment = _message_keys(epoch_key, salt)
    if commit_to is not None:
        commitment = _message_keys(commit_to, salt)[1]
    body = AESGCM(key).encrypt(bytes(12), plain, header.to_bytes())
    signed = signed_part(header, body, commitment)
    return signed + signing.sign(pair.keys[0].signing, "message", signed) + body


def epoch_key_of(pair) -> bytes:
    return pair.session(Side.CALLER)._epoch_keys[1]


def test_a_message_sealed_under_another_key_is_named_and_does_not_silence_the_conversation(pair) -> None:
    reader, sender = pair.session(Side.ANSWERER), pair.session(Side.CALLER)
    wrong = forged(pair, epoch_key=os.urandom(32), plain=pad(b"{}"))
    shown = reader.receive(wrong)
    assert isinstance(shown, Received)
    assert code(shown.content) is Code.COMMITMENT
    sender.receive(wrong)
    after = reader.receive(say(sender, "and on it goes"))
    assert after.content == Text("and on it goes", 0)


def test_a_commitment_to_another_key_than_the_ciphertexts_is_named(pair) -> None:
    wrong = forged(pair, epoch_key=os.urandom(32), plain=pad(b"{}"), commit_to=epoch_key_of(pair))
    assert code(pair.session(Side.ANSWERER).receive(wrong).content) is Code.UNREADABLE


@pytest.mark.parametrize(
    "plain",
    [
        b"\xff" * BUCKET_BYTES[0],
        pad(b"not json"),
        pad(b"[]"),
        pad(b"{}"),
        pad(b'{"kind":1}'),
        pad(b"{}")[:-1] + b"\1",
    ],
)
def test_a_plaintext_that_is_nothing_known_is_named(pair, plain: bytes) -> None:
    wrong = forged(pair, epoch_key=epoch_key_of(pair), plain=plain)
    assert code(pair.session(Side.ANSWERER).receive(wrong).content) is Code.UNREADABLE


def test_a_kind_of_a_later_version_is_shown_as_unknown(pair) -> None:
    later = forged(pair, epoch_key=epoch_key_of(pair), plain=pad(b'{"kind":"attachment","name":"x"}'))
    assert pair.session(Side.ANSWERER).receive(later).content == Unknown("attachment")


def test_two_devices_that_seal_the_same_words_share_no_key_and_no_ciphertext(pair) -> None:
    one, two = say(pair.session(Side.CALLER), "same"), say(pair.session(Side.CALLER), "same")
    assert one[30:62] != two[30:62]
    assert one[222:] != two[222:]


def test_a_text_at_the_limit_passes_and_one_byte_more_is_refused(pair) -> None:
    session = pair.session(Side.CALLER)
    assert isinstance(session.seal(Text("x" * TEXT_BYTES_MAX, 0)), bytes)
    assert fits(Text("x" * TEXT_BYTES_MAX, 0))
    assert not fits(Text("\1" * TEXT_BYTES_MAX, 0))
    assert code(session.seal(Text("x" * (TEXT_BYTES_MAX + 1), 0))) is Code.TOO_LARGE
    assert code(session.seal(Text("\1" * TEXT_BYTES_MAX, 0))) is Code.TOO_LARGE, "escapes count too"


def test_secrets_never_print(pair) -> None:
    session = pair.session(Side.CALLER)
    assert epoch_key_of(pair).hex() not in repr(session)
    assert str(epoch_key_of(pair)) not in repr(session)


@given(st.binary(max_size=BUCKET_BYTES[-1]))
def test_padding_comes_off_as_it_went_on_and_leaves_only_bucket_lengths(content: bytes) -> None:
    padded = pad(content)
    if len(content) > BUCKET_BYTES[-1] - 4:
        assert padded is None
    else:
        assert len(padded) in BUCKET_BYTES
        assert unpad(padded) == content


@given(st.text(max_size=500), st.integers(0, 2**40))
def test_any_text_survives(pair, text: str, sent_at: int) -> None:
    content = Text(text, sent_at)
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    record = pair.session(Side.CALLER).seal(content)
    assert isinstance(record, bytes)
    assert pair.session(Side.ANSWERER).receive(record).content == content


def test_a_session_keeps_its_link(pair) -> None:
    keys = PrivateKeys.fresh()
    link = replace(pair.link, caller=keys.public())
    assert Session(link, Side.CALLER, keys).head == pair.link.genesis
