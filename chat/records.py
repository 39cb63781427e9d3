"""The four signed records that set a conversation up: call, answer, opening, epoch.

    call      the caller's one-time call key announces a client's pseudonym and a past fact
    answer    the answering side's fresh keys, bound to the call by its digest
    opening   the caller's fresh keys for this answer alone, signed by the call key
    epoch     a random key, sealed to both sides' keys, signed by the conversation key of who made it

Rules of order, each kept by the function that reads the record:
1. A record begins with the suite byte, and every length follows from it.
2. An answer names the digest of the call, an opening that of the answer, the first epoch the genesis
   (a hash of all three), every later epoch the digest of the one before: nothing can be exchanged below.
3. The conversation's id is a hash of the answer: nobody chooses it.
4. Keys that nothing can be sealed to are refused with the record that brings them.
A value of these classes that comes from outside has been verified; bytes have not.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.keys import SIGNATURE_BYTES, SIGNING_BYTES, SUITES, PrivateKeys, PublicKeys, Suite
from chat.refusals import Code, Refusal
from privacy import signing

ID_BYTES: Final = 16
PSEUDONYM_BYTES: Final = 32
DIGEST_BYTES: Final = 32

EpochKey = bytes | Refusal
"""The key of an epoch, or why there is none here: its maker sealed it wrongly, or it was not disclosed."""

_CALL: Final = struct.Struct("<B16s32sBI32s")


class Reason(IntEnum):
    """Why a firm calls: past facts only. No prices, no terms, no free text."""

    LATE = 1
    PARTIAL_PAYMENTS = 2
    DISPUTE = 3
    CHANGE_OF_HABITS = 4
    PUBLISHED_INSOLVENCY = 5


class Side(IntEnum):
    """Which end of a conversation."""

    CALLER = 0
    ANSWERER = 1

    @property
    def other(self) -> Side:
        """The opposite end."""
        return Side(1 - self)


def suite_of(record: bytes) -> Suite | Refusal:
    """The suite that a record's first byte names."""
    number = record[0] if record else 0
    suite = SUITES.get(number)
    return suite or Refusal(Code.SUITE, f"suite {number}; this version speaks {sorted(SUITES)}")


def _split(record: bytes, payload_bytes: int, kind: str) -> tuple[bytes, bytes] | Refusal:
    if len(record) != payload_bytes + SIGNATURE_BYTES:
        return Refusal(
            Code.MALFORMED, f"{kind} of {len(record)} bytes; expected {payload_bytes + SIGNATURE_BYTES}"
        )
    return record[:payload_bytes], record[payload_bytes:]


def unusable(keys: PublicKeys, kind: str) -> Refusal | None:
    """Refuse keys that nobody could seal to: whoever is given them could not go on."""
    if keys.can_be_sealed_to():
        return None
    return Refusal(Code.KEY, f"the {kind} brings a sealing key of small order, or out of range")


@dataclass(frozen=True, slots=True)
class Call:
    """A firm's wish to talk about a client. `key`: the call key, Ed25519, used for this call alone."""

    suite: Suite
    id: bytes  # 16, random, chosen by the caller
    pseudonym: bytes  # 32
    reason: Reason
    raised_on: int  # days since 1970-01-01, the network's business date
    key: bytes  # 32
    record: bytes  # what was signed, and the signature

    @property
    def digest(self) -> bytes:
        """What an answer names."""
        return hashlib.sha256(self.record).digest()


def make_call(
    key: Ed25519PrivateKey, *, call_id: bytes, pseudonym: bytes, reason: Reason, raised_on: int, suite: Suite
) -> Call:
    """`key` is made for this call and signs nothing but it and its openings."""
    public = signing.public_bytes(key)
    payload = _CALL.pack(suite.number, call_id, pseudonym, reason, raised_on, public)
    return Call(
        suite, call_id, pseudonym, reason, raised_on, public, payload + signing.sign(key, "call", payload)
    )


def read_call(record: bytes) -> Call | Refusal:
    """A call with a valid signature of its own key, or why not."""
    suite = suite_of(record)
    if isinstance(suite, Refusal):
        return suite
    parts = _split(record, _CALL.size, "call")
    if isinstance(parts, Refusal):
        return parts
    payload, signature = parts
    _, call_id, pseudonym, reason, raised_on, key = _CALL.unpack(payload)
    if reason not in set(Reason):
        return Refusal(Code.MALFORMED, f"reason {reason}; expected 1 to {max(Reason)}")
    if not signing.verify(key, "call", payload, signature):
        return Refusal(Code.SIGNATURE, "the call is not signed by its own key")
    return Call(suite, call_id, pseudonym, Reason(reason), raised_on, key, record)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answering side's keys, made for this conversation alone."""

    suite: Suite
    call: bytes  # 16
    keys: PublicKeys
    record: bytes

    @property
    def digest(self) -> bytes:
        """What the opening names."""
        return hashlib.sha256(self.record).digest()

    @property
    def conversation(self) -> bytes:
        """The conversation's id, 16 bytes: it commits to the call and to the answering side's keys."""
        return hashlib.sha256(b"vigie/conversation-id/v1\0" + self.record).digest()[:ID_BYTES]


def make_answer(keys: PrivateKeys, call: Call) -> Answer:
    """`keys` are made for this answer."""
    public = keys.public()
    payload = bytes([call.suite.number]) + call.id + call.digest + public.to_bytes()
    return Answer(call.suite, call.id, public, payload + signing.sign(keys.signing, "answer", payload))


def read_answer(record: bytes, call: Call) -> Answer | Refusal:
    """An answer to this very call, in its suite, signed by the keys that it brings; or why not."""
    suite = suite_of(record)
    if isinstance(suite, Refusal):
        return suite
    head = 1 + ID_BYTES + DIGEST_BYTES
    parts = _split(record, head + SIGNING_BYTES + suite.sealing_public_bytes, "answer")
    if isinstance(parts, Refusal):
        return parts
    payload, signature = parts
    if suite != call.suite or payload[1:17] != call.id or payload[17:head] != call.digest:
        return Refusal(Code.ELSEWHERE, "the answer is to another call")
    keys = PublicKeys.from_bytes(payload[head:])
    if not signing.verify(keys.signing, "answer", payload, signature):
        return Refusal(Code.SIGNATURE, "the answer is not signed by the key that it brings")
    return unusable(keys, "answer") or Answer(suite, call.id, keys, record)


@dataclass(frozen=True, slots=True)
class Link:
    """What is settled for good once a conversation is open: its id, both sides' keys, its genesis."""

    suite: Suite
    conversation: bytes  # 16
    caller: PublicKeys
    answerer: PublicKeys
    genesis: bytes  # 32: hash of call, answer and opening; "the message before the first"
    opening: bytes  # the opening's record

    def keys(self, side: Side) -> PublicKeys:
        """The public keys of one side."""
        return self.caller if side is Side.CALLER else self.answerer


def _link(call: Call, answer: Answer, keys: PublicKeys, record: bytes) -> Link:
    genesis = hashlib.sha256(b"vigie/genesis/v1\0" + call.record + answer.record + record).digest()
    return Link(answer.suite, answer.conversation, keys, answer.keys, genesis, record)


def make_opening(call_key: Ed25519PrivateKey, keys: PrivateKeys, call: Call, answer: Answer) -> Link:
    """The caller's half: `keys` are made for this answer; the call key vouches for them."""
    public = keys.public()
    payload = bytes([answer.suite.number]) + answer.conversation + answer.digest + public.to_bytes()
    return _link(call, answer, public, payload + signing.sign(call_key, "conversation", payload))


def read_opening(record: bytes, call: Call, answer: Answer) -> Link | Refusal:
    """The opened conversation, when the call's own key vouches for the caller's keys; or why not."""
    suite = suite_of(record)
    if isinstance(suite, Refusal):
        return suite
    head = 1 + ID_BYTES + DIGEST_BYTES
    parts = _split(record, head + SIGNING_BYTES + suite.sealing_public_bytes, "opening")
    if isinstance(parts, Refusal):
        return parts
    payload, signature = parts
    if suite != answer.suite or payload[1:17] != answer.conversation or payload[17:head] != answer.digest:
        return Refusal(Code.ELSEWHERE, "the opening is of another answer")
    keys = PublicKeys.from_bytes(payload[head:])
    if not signing.verify(call.key, "conversation", payload, signature):
        return Refusal(Code.SIGNATURE, "the opening is not signed by the call's key")
    if keys.signing in (answer.keys.signing, call.key) or keys.sealing == answer.keys.sealing:
        return Refusal(Code.MALFORMED, "a key is used twice; expected fresh ones on each side")
    return unusable(keys, "opening") or _link(call, answer, keys, record)


_EPOCH_HEAD: Final = struct.Struct("<B16sIB32s32s")


@dataclass(frozen=True, slots=True)
class Epoch:
    """A key for the messages from here on, sealed to each side."""

    number: int  # from 1
    maker: Side
    previous: bytes  # 32: the genesis, or the digest of the epoch before
    commitment: bytes  # 32: both sides check that they were sealed the same key
    sealed: tuple[bytes, bytes]  # to the caller, to the answerer
    record: bytes

    @property
    def digest(self) -> bytes:
        """What the next epoch names."""
        return hashlib.sha256(self.record).digest()


def commit_to_epoch_key(key: bytes, genesis: bytes, number: int) -> bytes:
    """32 bytes that no other key, conversation or epoch has."""
    return hashlib.sha256(b"vigie/epoch-key/v1\0" + genesis + number.to_bytes(4, "little") + key).digest()


def epoch_info(link: Link, number: int, to: Side) -> bytes:
    """HPKE's `info`: an epoch key sealed for one place opens in no other."""
    return (
        b"vigie/epoch/v1\0"
        + bytes([link.suite.number])
        + link.genesis
        + number.to_bytes(4, "little")
        + bytes([to])
    )


def make_epoch(
    keys: PrivateKeys, side: Side, link: Link, before: tuple[int, bytes], epoch_key: bytes
) -> Epoch | Refusal:
    """The next epoch, made by `side`; refused when the other side's sealing key is not usable.

    `before`: the number of the epoch before (0: none) and what is to be named: the genesis, the digest of the
    epoch before, or what successions have made of it (`chat.succession`).
    """
    number, previous = before[0] + 1, before[1]
    commitment = commit_to_epoch_key(epoch_key, link.genesis, number)
    to_caller = link.caller.seal(epoch_key, epoch_info(link, number, Side.CALLER))
    to_answerer = link.answerer.seal(epoch_key, epoch_info(link, number, Side.ANSWERER))
    if to_caller is None or to_answerer is None:
        return Refusal(Code.MALFORMED, "a side's sealing key is not a usable X25519 key")
    head = _EPOCH_HEAD.pack(link.suite.number, link.conversation, number, side, previous, commitment)
    payload = head + to_caller + to_answerer
    record = payload + signing.sign(keys.signing, "epoch", payload)
    return Epoch(number, side, previous, commitment, (to_caller, to_answerer), record)


def read_epoch(record: bytes, link: Link) -> Epoch | Refusal:
    """An epoch of this conversation, signed by its maker; its place is for `succeeds`. Or why not."""
    suite = suite_of(record)
    if isinstance(suite, Refusal):
        return suite
    sealed_bytes = suite.sealed_epoch_bytes
    parts = _split(record, _EPOCH_HEAD.size + 2 * sealed_bytes, "epoch")
    if isinstance(parts, Refusal):
        return parts
    payload, signature = parts
    head, seals = payload[: _EPOCH_HEAD.size], payload[_EPOCH_HEAD.size :]
    _, conversation, number, side, previous, commitment = _EPOCH_HEAD.unpack(head)
    if suite != link.suite or conversation != link.conversation:
        return Refusal(Code.ELSEWHERE, "the epoch is of another conversation")
    if side not in set(Side):
        return Refusal(Code.MALFORMED, f"side {side}; expected 0 or 1")
    if not signing.verify(link.keys(Side(side)).signing, "epoch", payload, signature):
        return Refusal(Code.SIGNATURE, "the epoch is not signed by the side that it names")
    sealed = (seals[:sealed_bytes], seals[sealed_bytes:])
    return Epoch(number, Side(side), previous, commitment, sealed, record)


def succeeds(epoch: Epoch, number: int, digest: bytes) -> Refusal | None:
    """Refuse an epoch that does not follow the one of this number and digest (0, genesis: none yet)."""
    if epoch.number != number + 1:
        return Refusal(Code.EPOCH, f"epoch {epoch.number}; expected {number + 1}")
    if epoch.previous != digest:
        return Refusal(Code.FORKED, "the epoch does not follow the one before it")
    return None
