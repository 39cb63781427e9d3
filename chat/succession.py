"""New keys for one side of a conversation, when somebody leaves its firm: signed by the keys before them.

    bytes
       1  suite
      16  conversation
       1  side whose keys these are: 0 caller, 1 answerer
      32  SHA-256 of the side's public keys before
    32+n  the new signing and sealing keys
      64  signature of the key before, purpose "succession"
      64  signature of the new key over the same bytes, purpose "succession-taken"

Rules of order, kept here and by `chat.relay`:
1. A succession names the keys that it follows: an old one does not fit any more.
2. After a succession the next epoch is sealed to the new keys and names the succession in its `previous`
   (`digest_after`); until it is there, nothing more is said.
3. The firm's name in the conversation stays that of its first key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat.keys import SIGNATURE_BYTES, SIGNING_BYTES, PrivateKeys, PublicKeys
from chat.records import DIGEST_BYTES, ID_BYTES, Link, Side, suite_of, unusable
from chat.refusals import Code, Refusal
from privacy import signing

_HEAD_BYTES = 1 + ID_BYTES + 1 + DIGEST_BYTES


@dataclass(frozen=True, slots=True)
class Succession:
    """Verified: `keys` follow the ones that were in force."""

    side: Side
    keys: PublicKeys
    record: bytes


def make_succession(old: PrivateKeys, new: PrivateKeys, link: Link, side: Side) -> Succession:
    """`link` has the keys in force; `new` are made for this conversation alone."""
    public = new.public()
    before = hashlib.sha256(link.keys(side).to_bytes()).digest()
    payload = bytes([link.suite.number]) + link.conversation + bytes([side]) + before + public.to_bytes()
    signatures = (
        signing.sign(old.signing, "succession", payload),
        signing.sign(new.signing, "succession-taken", payload),
    )
    return Succession(side, public, payload + b"".join(signatures))


def read_succession(record: bytes, link: Link) -> Succession | Refusal:  # noqa: PLR0911 - a return a rule
    """A succession of keys in force in `link`; or why not."""
    suite = suite_of(record)
    if isinstance(suite, Refusal):
        return suite
    size = _HEAD_BYTES + SIGNING_BYTES + suite.sealing_public_bytes
    if len(record) != size + 2 * SIGNATURE_BYTES:
        return Refusal(
            Code.MALFORMED, f"succession of {len(record)} bytes; expected {size + 2 * SIGNATURE_BYTES}"
        )
    payload, old, new = record[:size], record[size : size + SIGNATURE_BYTES], record[size + SIGNATURE_BYTES :]
    if suite != link.suite or payload[1:17] != link.conversation:
        return Refusal(Code.ELSEWHERE, "the succession is of another conversation")
    if payload[17] not in set(Side):
        return Refusal(Code.MALFORMED, f"side {payload[17]}; expected 0 or 1")
    side, keys = Side(payload[17]), PublicKeys.from_bytes(payload[_HEAD_BYTES:])
    if payload[18:_HEAD_BYTES] != hashlib.sha256(link.keys(side).to_bytes()).digest():
        return Refusal(Code.FORKED, "the succession follows other keys than the ones in force")
    if not signing.verify(link.keys(side).signing, "succession", payload, old):
        return Refusal(Code.SIGNATURE, "the succession is not signed by the key before")
    if not signing.verify(keys.signing, "succession-taken", payload, new):
        return Refusal(Code.SIGNATURE, "the succession is not signed by the key that it brings")
    if any(
        keys.signing == one.signing or keys.sealing == one.sealing for one in (link.caller, link.answerer)
    ):
        return Refusal(Code.MALFORMED, "a key is used twice; expected fresh ones")
    return unusable(keys, "succession") or Succession(side, keys, record)


def turned(link: Link, succession: Succession) -> Link:
    """The link with the keys that are in force from here on."""
    if succession.side is Side.CALLER:
        return replace(link, caller=succession.keys)
    return replace(link, answerer=succession.keys)


def digest_after(digest: bytes, record: bytes) -> bytes:
    """What the next epoch names, instead of the epoch before alone: 32 bytes."""
    return hashlib.sha256(b"vigie/turn/v1\0" + digest + hashlib.sha256(record).digest()).digest()


@dataclass(frozen=True, slots=True)
class Links:
    """Which keys are in force from which epoch on: (first epoch, link), in order."""

    steps: tuple[tuple[int, Link], ...]

    @property
    def newest(self) -> Link:
        """The keys in force."""
        return self.steps[-1][1]

    def at(self, epoch: int) -> Link:
        """The keys in force in an epoch."""
        first, link = self.steps[-1]
        if first <= epoch or len(self.steps) == 1:
            return link
        return next((link for first, link in reversed(self.steps) if first <= epoch), self.steps[0][1])

    def turn(self, first: int, succession: Succession) -> Links:
        """With a succession that is in force from epoch `first` on."""
        return Links((*self.steps, (first, turned(self.newest, succession))))


def read_links(link: Link, successions: Sequence[tuple[int, bytes]]) -> Links | Refusal:
    """All of a conversation's keys. `successions`: (number of epochs before it, record), in order."""
    links = Links(((1, link),))
    for after, record in successions:
        succession = read_succession(record, links.newest)
        if isinstance(succession, Refusal):
            return succession
        links = links.turn(after + 1, succession)
    return links
