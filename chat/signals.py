"""Presence and typing: sealed, all of one size, passed on to the other side's devices and never stored.

    offset  bytes
         0      1  suite
         1     16  conversation
        17      4  epoch
        21      1  side that signals
        22     32  salt, random
        54     32  ciphertext: kind (1), the sender's unix seconds (8), zeros (7), tag (16)

AES-256-GCM under HKDF-SHA256(epoch key, salt, info "vigie/signal/v1"), nonce zero, associated data bytes 0 to
53. Not signed: who holds the epoch's key can make one, so that it proves nothing to a third person.

Rules of order, whose guardian this is:
1. A device signals after both sides have revealed themselves, never before: it would link conversations.
   What comes before is dropped unread.
2. A signal of another epoch than the newest, older or newer than FRESH_SECONDS by the reader's clock, or
   whose salt has been seen, is dropped: a replayed one shows nothing.
3. What it says holds for HOLDS_SECONDS, then nobody is there.
"""

from __future__ import annotations

import os
import struct
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chat.envelope import SALT_BYTES, SIGNAL_BYTES
from chat.keys import Entropy
from chat.refusals import Code, Refusal
from chat.session import Session
from chat.thread import Stage, Thread

FRESH_SECONDS: Final = 120
HOLDS_SECONDS: Final = 60
EVERY_SECONDS: Final = 25  # how often a device that is looked at says so
SALTS_KEPT: Final = 512

_HEAD: Final = struct.Struct("<B16sIB32s")
_SAID: Final = struct.Struct("<Bq7x")
assert _HEAD.size + _SAID.size + 16 == SIGNAL_BYTES


class Signal(IntEnum):
    """What a device says of its user, for a minute."""

    HERE = 1
    TYPING = 2
    GONE = 3


def seal_signal(
    session: Session, thread: Thread, signal: Signal, now_unix: int, entropy: Entropy = os.urandom
) -> bytes | Refusal:
    """A signal to send; refused before the reveal."""
    if thread.reveal.stage is not Stage.OPENED:
        return Refusal(Code.REVEAL, "presence is shown after the reveal alone")
    epoch_key = None if session.epoch is None else session.epoch_key(session.epoch.number)
    if session.epoch is None or not isinstance(epoch_key, bytes):
        return Refusal(Code.EPOCH, "no epoch that opens here has been adopted yet")
    salt, link = entropy(SALT_BYTES), session.link
    head = _HEAD.pack(link.suite.number, link.conversation, session.epoch.number, session.side, salt)
    key = _key(epoch_key, salt)
    return head + AESGCM(key).encrypt(bytes(12), _SAID.pack(signal, now_unix), head)


@dataclass(slots=True)
class Signals:
    """What the other side's signals say, for one device in one conversation."""

    signal: Signal = Signal.GONE
    until_unix: int = 0
    _salts: deque[bytes] = field(default_factory=lambda: deque(maxlen=SALTS_KEPT), repr=False)

    def take(  # noqa: PLR0911 - a return for each rule
        self, record: bytes, session: Session, thread: Thread, now_unix: int
    ) -> Signal | Refusal:
        """What the record says; a refusal changes nothing."""
        if thread.reveal.stage is not Stage.OPENED:
            return Refusal(Code.REVEAL, "presence counts after the reveal alone")
        if len(record) != SIGNAL_BYTES:
            return Refusal(Code.MALFORMED, f"signal of {len(record)} bytes; expected {SIGNAL_BYTES}")
        suite, conversation, epoch, side, salt = _HEAD.unpack_from(record)
        if suite != session.link.suite.number or conversation != session.link.conversation:
            return Refusal(Code.ELSEWHERE, "the signal is of another conversation")
        if side != session.side.other:
            return Refusal(Code.SIDE, "the signal is not the other side's")
        if session.epoch is None or epoch != session.epoch.number:
            return Refusal(Code.EPOCH, f"signal of epoch {epoch}, not the newest")
        epoch_key = session.epoch_key(epoch)
        if isinstance(epoch_key, Refusal):
            return epoch_key
        try:
            plain = AESGCM(_key(epoch_key, salt)).decrypt(
                bytes(12), record[_HEAD.size :], record[: _HEAD.size]
            )
        except InvalidTag:
            return Refusal(Code.UNREADABLE, "the signal does not open")
        number, at = _SAID.unpack(plain)
        if number not in set(Signal) or abs(now_unix - at) > FRESH_SECONDS or salt in self._salts:
            return Refusal(Code.BEHIND, "the signal is old, or has been seen")
        self._salts.append(salt)
        self.signal, self.until_unix = Signal(number), now_unix + HOLDS_SECONDS
        return self.signal

    def said(self) -> None:
        """What was typed has come."""
        if self.signal is Signal.TYPING:
            self.signal = Signal.HERE

    def shows(self, now_unix: int) -> Signal:
        """What to show now."""
        return self.signal if now_unix < self.until_unix else Signal.GONE


def _key(epoch_key: bytes, salt: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, b"vigie/signal/v1").derive(epoch_key)
