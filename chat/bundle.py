"""What a transcript is made of, and everything of it that can be checked without opening a message.

The server checks as much of a report, beside comparing it with its own rows (`server.reports`); whoever holds
a transcript opens its messages too (`chat.transcript`).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

import msgspec

from chat.envelope import HEADER_BYTES, epoch_of, side_of
from chat.records import (
    EpochKey,
    Link,
    Side,
    commit_to_epoch_key,
    read_answer,
    read_call,
    read_epoch,
    read_opening,
    succeeds,
)
from chat.refusals import Code, Refusal
from chat.succession import Links, digest_after, read_links
from privacy import signing

VERSION: Final = 1


class DisclosedEpoch(msgspec.Struct, frozen=True):
    """An epoch's record and the key that it seals. `key` None: it does not open to who brings it."""

    record: bytes
    key: bytes | None


class Turn(msgspec.Struct, frozen=True):
    """One side's new keys, and how many epochs came before them."""

    record: bytes
    after: int


class Bundle(msgspec.Struct, frozen=True):
    """What is signed. `side`: who brings it; `taken_at`: Unix seconds by that side's clock."""

    version: int
    side: int
    taken_at: int
    call: bytes
    answer: bytes
    opening: bytes
    epochs: list[DisclosedEpoch]
    messages: list[bytes]
    successions: list[Turn] = []


class Transcript(msgspec.Struct, frozen=True):
    """The bundle as signed, and the signature of the side's conversation key, purpose "transcript"."""

    bundle: msgspec.Raw
    signature: bytes


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A bundle whose signature, records and keys hold; its messages are not verified yet."""

    bundle: Bundle
    links: Links
    side: Side
    keys: dict[int, EpochKey]  # of the epochs, as disclosed

    @property
    def link(self) -> Link:
        """With the keys of the beginning."""
        return self.links.at(1)


def read_bundle(text: bytes) -> Disclosed | Refusal:  # noqa: PLR0911 - a return for each rule
    """What was signed, by the side that brings it; or the first thing that does not hold."""
    try:
        outer = msgspec.json.decode(text, type=Transcript)
        bundle = msgspec.json.decode(outer.bundle, type=Bundle)
    except msgspec.DecodeError as error:
        return Refusal(Code.MALFORMED, f"not a transcript: {error}")
    if bundle.version != VERSION or bundle.side not in set(Side):
        return Refusal(Code.MALFORMED, f"version {bundle.version}, side {bundle.side}; expected 1, 0 or 1")
    call = read_call(bundle.call)
    if isinstance(call, Refusal):
        return call
    answer = read_answer(bundle.answer, call)
    if isinstance(answer, Refusal):
        return answer
    link = read_opening(bundle.opening, call, answer)
    if isinstance(link, Refusal):
        return link
    links = read_links(link, [(turn.after, turn.record) for turn in bundle.successions])
    if isinstance(links, Refusal):
        return links
    side = Side(bundle.side)
    digest = hashlib.sha256(bytes(outer.bundle)).digest()
    if not signing.verify(links.newest.keys(side).signing, "transcript", digest, outer.signature):
        return Refusal(Code.SIGNATURE, "the transcript is not signed by the side that brings it")
    keys = _keys(bundle, links)
    if isinstance(keys, Refusal):
        return keys
    return _withheld(bundle.messages, keys, side) or Disclosed(bundle, links, side, keys)


def _withheld(messages: list[bytes], keys: dict[int, EpochKey], side: Side) -> Refusal | None:
    """A side seals nothing in an epoch that does not open to it: where it has spoken, it has the key."""
    for record in messages:
        epoch = epoch_of(record)
        whole = len(record) >= HEADER_BYTES
        if whole and side_of(record) == side and isinstance(keys.get(epoch), Refusal):
            return Refusal(
                Code.MALFORMED, f"the key of epoch {epoch}, in which who brings it spoke, is missing"
            )
    return None


def _keys(bundle: Bundle, links: Links) -> dict[int, EpochKey] | Refusal:
    keys: dict[int, EpochKey] = {}
    named, genesis = links.at(1).genesis, links.at(1).genesis
    turns = list(bundle.successions)
    for number, disclosed in enumerate(bundle.epochs, start=1):
        while turns and turns[0].after < number:
            named = digest_after(named, turns.pop(0).record)
        epoch = read_epoch(disclosed.record, links.at(number))
        if isinstance(epoch, Refusal):
            return epoch
        refusal = succeeds(epoch, number - 1, named)
        if refusal is not None:
            return refusal
        named = epoch.digest
        if disclosed.key is None:
            keys[number] = Refusal(Code.UNREADABLE, f"the key of epoch {number} was not disclosed")
            continue
        if not hmac.compare_digest(commit_to_epoch_key(disclosed.key, genesis, number), epoch.commitment):
            return Refusal(Code.COMMITMENT, f"the key disclosed for epoch {number} is another one")
        keys[number] = disclosed.key
    return keys
