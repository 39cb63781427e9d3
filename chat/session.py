"""Opens and seals the messages of one conversation: the member's half, which the server cannot import.

One `Session` is one device's view of one conversation. It holds the one chain of messages as far as it has
been read; it refuses whatever does not continue that chain and says why. Nothing here sends or stores.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chat.contents import TEXT_BYTES_MAX, Content, Unknown, decode, encode, fits
from chat.envelope import (
    BUCKET_BYTES,
    LENGTH_BYTES,
    SALT_BYTES,
    Envelope,
    Header,
    epoch_of,
    read_envelope,
    signed_part,
)
from chat.keys import EPOCH_KEY_BYTES, Entropy, PrivateKeys, mark
from chat.records import (
    Epoch,
    EpochKey,
    Link,
    Side,
    commit_to_epoch_key,
    epoch_info,
    make_epoch,
    read_epoch,
    succeeds,
)
from chat.refusals import Code, Refusal
from chat.succession import Links, Succession, digest_after, make_succession, read_succession
from privacy import signing

# The key is of one message alone (its salt is random), so that a fixed nonce is never used twice with it.
_NONCE: Final = bytes(12)


@dataclass(frozen=True, slots=True)
class Received:
    """A message that continues the chain.

    `content` is a refusal when its own side sealed it, or the key of its epoch, wrongly: it has its place in
    the chain all the same, or else one bad message would silence a conversation for good. None: its
    ciphertext has been erased.
    """

    counter: int
    side: Side
    mine: bool
    content: Content | Unknown | Refusal | None
    id: bytes
    received_at: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """The very message already read at this counter: nothing is shown twice."""

    counter: int


def _message_keys(epoch_key: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """AES-256 key and key commitment, 32 bytes each: HKDF-SHA256 (RFC 5869) under the message's own salt.

    AES-GCM alone does not commit to its key: one ciphertext can be made to open under two. Both halves come
    from one expansion, so that a commitment fits one key only.
    """
    okm = HKDF(hashes.SHA256(), 64, salt, b"vigie/message/v1").derive(epoch_key)
    return okm[:32], okm[32:]


def pad(content: bytes) -> bytes | None:
    """Length (u32 LE), content, zeros, up to the smallest bucket that holds it; None beyond the largest."""
    needed = LENGTH_BYTES + len(content)
    bucket = next((size for size in BUCKET_BYTES if size >= needed), None)
    if bucket is None:
        return None
    return (len(content).to_bytes(LENGTH_BYTES, "little") + content).ljust(bucket, b"\0")


def unpad(padded: bytes) -> bytes | None:
    """The inverse of `pad`; None for what `pad` cannot have made."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "little")
    end = LENGTH_BYTES + length
    return padded[LENGTH_BYTES:end] if end <= len(padded) and not any(padded[end:]) else None


def _open(message: Envelope, body: bytes, epoch_key: EpochKey) -> Content | Unknown | Refusal:
    if isinstance(epoch_key, Refusal):
        return epoch_key
    counter = message.header.counter
    key, commitment = _message_keys(epoch_key, message.header.salt)
    if not hmac.compare_digest(commitment, message.commitment):
        return Refusal(Code.COMMITMENT, f"message {counter} is sealed under another key than its epoch's")
    try:
        padded = AESGCM(key).decrypt(_NONCE, body, message.header.to_bytes())
    except InvalidTag:
        return Refusal(Code.UNREADABLE, f"message {counter} does not open")
    plain = unpad(padded)
    content = None if plain is None else decode(plain)
    return content or Refusal(Code.UNREADABLE, f"message {counter} opens to nothing known")


@dataclass(slots=True)
class Reader:
    """One chain, read with the epochs' keys: what a device does, and whoever holds a transcript.

    `ids` are those of the messages read, from the first on.
    """

    link: Link  # with the keys in force
    side: Side  # whose reading it is
    counter: int = field(default=0, kw_only=True)
    head: bytes = field(
        default=b"", kw_only=True
    )  # id of the last message read; the genesis before the first
    _epoch_keys: dict[int, EpochKey] = field(default_factory=dict, repr=False, kw_only=True)
    _ids: dict[int, bytes] = field(default_factory=dict, repr=False, kw_only=True)
    _message_epoch: int = field(default=0, kw_only=True)
    links: Links = field(init=False)  # the keys of every epoch

    def __post_init__(self) -> None:
        self.head = self.head or self.link.genesis
        self.links = Links(((1, self.link),))

    def receive(self, record: bytes) -> Received | Seen | Refusal:
        """Verify that a message continues the chain, and open it. A refusal changes nothing."""
        message = read_envelope(record, self.links.at(epoch_of(record)), erased=True)
        if isinstance(message, Refusal):
            return message
        header = message.header
        if header.counter <= self.counter:
            return self._seen(message)
        if header.counter > self.counter + 1:
            return Refusal(Code.GAP, f"message {header.counter} came after message {self.counter}")
        if header.previous != self.head:
            return Refusal(
                Code.FORKED, f"message {header.counter} does not follow the message {self.counter} read here"
            )
        epoch_key = self._epoch_keys.get(header.epoch)
        if epoch_key is None or header.epoch < self._message_epoch:
            return Refusal(
                Code.EPOCH, f"message {header.counter} is of epoch {header.epoch}, not current there"
            )
        self.counter, self.head, self._message_epoch = header.counter, message.id, header.epoch
        self._ids[header.counter] = message.id
        content = None if message.body is None else _open(message, message.body, epoch_key)
        return Received(header.counter, header.side, header.side is self.side, content, message.id)

    def _seen(self, message: Envelope) -> Seen | Refusal:
        known = self._ids.get(message.header.counter)
        if known is not None and known != message.id:
            return Refusal(Code.FORKED, f"another message {message.header.counter} than the one read here")
        return Seen(message.header.counter)


@dataclass(slots=True)
class Session(Reader):
    """One device in one conversation: it reads the chain and seals what continues it."""

    keys: PrivateKeys = field(repr=False)  # in force
    later: tuple[PrivateKeys, ...] = field(default=(), repr=False, kw_only=True)  # own ones that follow
    epoch: Epoch | None = field(default=None, kw_only=True)
    turned: bool = field(default=False, init=False)  # new keys are in force, and no epoch is sealed to them
    _names: bytes = field(default=b"", init=False)  # what the next epoch names
    _first: PrivateKeys = field(init=False, repr=False)

    def __post_init__(self) -> None:
        Reader.__post_init__(self)
        self._names, self._first = self.link.genesis, self.keys
        if self.keys.public() != self.link.keys(self.side):
            raise ValueError("these are not the keys of this side of the conversation")

    @property
    def own_mark(self) -> str:
        """By what name the other side knows this one, in this conversation only."""
        return mark(self.links.at(1).keys(self.side).signing)

    @property
    def peer_mark(self) -> str:
        """By what name the other side goes, in this conversation only."""
        return mark(self.links.at(1).keys(self.side.other).signing)

    @property
    def first_keys(self) -> PrivateKeys:
        """The own keys of the beginning, which stay what they were whatever follows them."""
        return self._first

    def epoch_key(self, number: int) -> EpochKey:
        """The key of an adopted epoch. Secret: only ever disclosed with a transcript."""
        return self._epoch_keys[number]

    @property
    def shut_out(self) -> Refusal | None:
        """Why the newest epoch does not open here, when its maker sealed it wrongly: the next one ends it."""
        key = self._epoch_keys.get(self.epoch.number) if self.epoch else None
        return key if isinstance(key, Refusal) else None

    @property
    def wants_epoch(self) -> bool:
        """Whether nothing can be said until a new epoch is made: just before an own message."""
        return self.epoch is None or self.turned or self.shut_out is not None

    def begin_epoch(self, entropy: Entropy = os.urandom) -> Epoch | Refusal:
        """The next epoch, for the server to accept; nothing changes here until `adopt`."""
        number = self.epoch.number if self.epoch else 0
        return make_epoch(self.keys, self.side, self.link, (number, self._names), entropy(EPOCH_KEY_BYTES))

    def begin_succession(self, new: PrivateKeys) -> Succession:
        """New keys for this side, for the server to keep a while; nothing changes here until `turn`."""
        return make_succession(self.keys, new, self.link, self.side)

    def turn(self, record: bytes) -> Succession | Refusal:
        """Verify that one side's new keys follow the ones in force; the next epoch is sealed to them."""
        succession = read_succession(record, self.link)
        if isinstance(succession, Refusal):
            return succession
        if succession.side is self.side:
            own = enumerate(self.later, start=1)
            found = next(((at, one) for at, one in own if one.public() == succession.keys), None)
            if found is None:
                return Refusal(Code.UNREADABLE, "the private keys of the own side's succession are not here")
            # In order: keys that were replaced before their moment are passed over.
            self.keys, self.later = found[1], self.later[found[0] :]
        first = self.epoch.number + 1 if self.epoch else 1
        self.links = self.links.turn(first, succession)
        self.link, self._names, self.turned = self.links.newest, digest_after(self._names, record), True
        return succession

    def adopt(self, record: bytes) -> Epoch | Refusal:
        """Verify the next epoch and open its key; from here on messages are sealed under it.

        An epoch whose key was sealed wrongly to this side is in its place all the same (`shut_out`): the
        server has taken it, and one bad epoch would end the conversation for good. What is said in it stays
        unread, and the next one, which either side makes, follows it.
        """
        epoch = read_epoch(record, self.link)
        if isinstance(epoch, Refusal):
            return epoch
        refusal = succeeds(epoch, self.epoch.number if self.epoch else 0, self._names)
        if refusal is not None:
            return refusal
        self._epoch_keys[epoch.number] = self._open_key(epoch)
        self.epoch, self._names, self.turned = epoch, epoch.digest, False
        return epoch

    def _open_key(self, epoch: Epoch) -> EpochKey:
        key = self.keys.open(epoch.sealed[self.side], epoch_info(self.link, epoch.number, self.side))
        if key is None:
            return Refusal(Code.UNREADABLE, f"epoch {epoch.number} was not sealed to this side")
        if not hmac.compare_digest(
            commit_to_epoch_key(key, self.link.genesis, epoch.number), epoch.commitment
        ):
            return Refusal(Code.COMMITMENT, f"epoch {epoch.number} holds another key than it commits to")
        return key

    def seal(self, content: Content, entropy: Entropy = os.urandom) -> bytes | Refusal:
        """The envelope of the next message. It counts as sent when the server has acknowledged it.

        Nothing changes here: who loses the race for the counter reads what came first and seals again.
        """
        padded = pad(encode(content))
        if padded is None or not fits(content):
            return Refusal(Code.TOO_LARGE, f"a text has at most {TEXT_BYTES_MAX} bytes")
        epoch_key = self._epoch_keys.get(self.epoch.number) if self.epoch and not self.turned else None
        if self.epoch is None or not isinstance(epoch_key, bytes):
            return Refusal(Code.EPOCH, "an epoch has to be made or adopted first")
        salt = entropy(SALT_BYTES)
        place = (self.link.suite.number, self.link.conversation, self.epoch.number)
        header = Header(*place, self.side, self.counter + 1, salt, self.head)
        key, commitment = _message_keys(epoch_key, salt)
        body = AESGCM(key).encrypt(_NONCE, padded, header.to_bytes())
        signed = signed_part(header, body, commitment)
        return signed + signing.sign(self.keys.signing, "message", signed) + body

    def resume_at(self, counter: int, head: bytes) -> None:
        """Start from a pinned place instead of the beginning: what comes next must follow that message."""
        self.counter, self.head = counter, head
        self._ids = {counter: head} if counter else {}

    def verify_reach(self, pinned_counter: int, pinned_id: bytes) -> Refusal | None:
        """Refuse a history that ends before what this device had already seen, or differs from it there.

        A chain shows what is missing inside, not what was cut off its end: for that a device keeps the
        counter and the id of the last message that it read.
        """
        if pinned_counter > self.counter:
            return Refusal(
                Code.TRUNCATED, f"the history ends at {self.counter}; this device has read {pinned_counter}"
            )
        known = self._ids.get(pinned_counter)
        if pinned_counter and known is not None and known != pinned_id:
            return Refusal(Code.FORKED, f"message {pinned_counter} is not the one that this device has read")
        return None


def read_with(
    links: Links, side: Side, epoch_keys: dict[int, EpochKey], records: Iterable[bytes]
) -> list[Received] | Refusal:
    """A whole history from its first message, with keys that are known; or the first thing that is wrong."""
    reader = Reader(links.at(1), side, _epoch_keys=epoch_keys)
    reader.links = links
    said: list[Received] = []
    for record in records:
        outcome = reader.receive(record)
        if isinstance(outcome, Seen):
            return Refusal(Code.MALFORMED, f"message {outcome.counter} is there twice")
        if isinstance(outcome, Refusal):
            return outcome
        said.append(outcome)
    return said
