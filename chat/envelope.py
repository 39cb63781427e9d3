"""A sealed message as it travels and is stored: what is signed in the open, then a ciphertext.

Layout, little-endian, no padding:

    offset  bytes
         0      1  suite
         1     16  conversation
        17      4  epoch, from 1
        21      1  side that speaks: 0 caller, 1 answerer
        22      8  counter, from 1: one sequence for both sides
        30     32  salt, random, of this message's key
        62     32  previous: id of the message before, the conversation's genesis for the first
        94     32  SHA-256 of the ciphertext
       126     32  key commitment
       158     64  signature of the side's conversation key over bytes 0 to 157, purpose "message"
       222      n  ciphertext

A message's id is SHA-256 over bytes 0 to 157: it does not depend on how the signature is written.
Whoever holds the public keys can verify an envelope; nobody can read it here.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Final, NamedTuple

from chat.records import Link, Side, suite_of
from chat.refusals import Code, Refusal
from privacy import signing

_SIDES: Final = {side.value: side for side in Side}
_HEADER: Final = struct.Struct("<B16sIBQ32s32s")
HEADER_BYTES: Final = _HEADER.size
SIGNED_BYTES: Final = HEADER_BYTES + 32 + 32
OVERHEAD_BYTES: Final = SIGNED_BYTES + 64
TAG_BYTES: Final = 16
SALT_BYTES: Final = 32
SIGNAL_BYTES: Final = 86  # `chat.signals`: presence, passed on and never stored

ENVELOPE_BYTES_MAX: Final = 64 * 1024
# Plaintexts, their length before them, are padded to one of these, so that a size says little. The largest
# fits the limit above.
LENGTH_BYTES: Final = 4
BUCKET_BYTES: Final = (256, 1024, 4 * 1024, 16 * 1024, 60 * 1024)

assert (HEADER_BYTES, SIGNED_BYTES, OVERHEAD_BYTES) == (94, 158, 222)
assert OVERHEAD_BYTES + BUCKET_BYTES[-1] + TAG_BYTES <= ENVELOPE_BYTES_MAX


class Header(NamedTuple):
    """What is said in the open, in the order of the layout."""

    suite: int
    conversation: bytes
    epoch: int
    side: Side
    counter: int
    salt: bytes
    previous: bytes

    def to_bytes(self) -> bytes:
        """94 bytes; also the ciphertext's associated data."""
        return _HEADER.pack(
            self.suite, self.conversation, self.epoch, self.side, self.counter, self.salt, self.previous
        )


class Envelope(NamedTuple):
    """A message that its side has signed and whose ciphertext is the signed one."""

    header: Header
    commitment: bytes
    body: bytes | None  # None: erased, by a withdrawal or by the conversation's retention
    record: bytes
    id: bytes  # 32


def message_id(record: bytes) -> bytes:
    """The id of an envelope, from its bytes as stored."""
    return hashlib.sha256(record[:SIGNED_BYTES]).digest()


def conversation_of(record: bytes) -> bytes:
    """The 16 bytes that say where an envelope wants to go, unverified: only for finding the conversation."""
    return record[1:17]


def side_of(record: bytes) -> int:
    """The side that an envelope or a signal names, unverified."""
    return record[21]


def epoch_of(record: bytes) -> int:
    """The epoch that an envelope or a signal names, unverified: which keys may have signed it."""
    return int.from_bytes(record[17:21], "little")


def without_body(record: bytes) -> bytes:
    """An envelope as it is kept when its ciphertext is erased: what was signed, and the signature."""
    return record[:OVERHEAD_BYTES]


def signed_part(header: Header, body: bytes, commitment: bytes) -> bytes:
    """What the signature covers: 158 bytes."""
    return header.to_bytes() + hashlib.sha256(body).digest() + commitment


class Voices(NamedTuple):
    """Whose messages a conversation takes: all that an envelope is read against."""

    suite: int
    conversation: bytes  # 16
    keys: tuple[bytes, bytes]  # caller's and answerer's signing keys, 32 each


def voices_of(link: Link) -> Voices:
    """Those of a link."""
    return Voices(link.suite.number, link.conversation, (link.caller.signing, link.answerer.signing))


def read_envelope(record: bytes, link: Link, *, erased: bool = False) -> Envelope | Refusal:
    """An envelope of this conversation, verified without reading it; or which rule it breaks.

    `erased`: an envelope whose ciphertext is gone passes too. The chain holds without it, since ids and
    signatures are over its hash.
    """
    return read_heard(record, voices_of(link), erased=erased)


def read_heard(record: bytes, voices: Voices, *, erased: bool = False) -> Envelope | Refusal:  # noqa: PLR0911 - a return for each rule
    """As `read_envelope`, with no more of the link than it takes."""
    if len(record) > ENVELOPE_BYTES_MAX:
        return Refusal(Code.TOO_LARGE, f"{len(record)} bytes; at most {ENVELOPE_BYTES_MAX}")
    suite = suite_of(record)
    if isinstance(suite, Refusal):
        return suite
    empty = erased and len(record) == OVERHEAD_BYTES
    if not empty and len(record) - OVERHEAD_BYTES - TAG_BYTES not in BUCKET_BYTES:
        return Refusal(
            Code.MALFORMED, f"{len(record)} bytes; expected {OVERHEAD_BYTES + TAG_BYTES} more than a bucket"
        )
    _, conversation, epoch, number, counter, salt, previous = _HEADER.unpack_from(record)
    if suite.number != voices.suite or conversation != voices.conversation:
        return Refusal(Code.ELSEWHERE, "the message is of another conversation")
    side = _SIDES.get(number)
    if side is None:
        return Refusal(Code.MALFORMED, f"side {number}; expected 0 or 1")
    signed = record[:SIGNED_BYTES]
    if not signing.verify(voices.keys[side], "message", signed, record[SIGNED_BYTES:OVERHEAD_BYTES]):
        return Refusal(Code.SIGNATURE, f"message {counter} is not signed by the side that it names")
    body = None if empty else record[OVERHEAD_BYTES:]
    if body is not None and hashlib.sha256(body).digest() != signed[HEADER_BYTES : HEADER_BYTES + 32]:
        return Refusal(Code.BODY, f"message {counter} carries another ciphertext than the signed one")
    header = Header(suite.number, conversation, epoch, side, counter, salt, previous)
    return Envelope(header, signed[HEADER_BYTES + 32 :], body, record, message_id(record))
