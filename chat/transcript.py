"""A conversation taken out of the network by one of its sides: everything that lets a third person check it.

The records that set it up, the epochs with their keys, every envelope as stored, all in one JSON text that
the side signs with its conversation key. Who holds it reads the conversation and checks, without trusting who
brought it, that each message was signed by the side that it names, that none was changed, exchanged, put in
between or left out before the last one, and that the keys disclosed are the ones committed to. It does not
prove who the sides are (the reveal does, when there was one) nor that nothing followed the last message. An
epoch that does not open to the side that brings it comes without its key: what was said in it is signed, in
its place, and unread. Nobody can tell whether the key was withheld: whoever reads it is told, and there may
be nothing in it that the side that brings it has said itself.
Disclosing it discloses both sides' messages: that is what reporting is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from chat.bundle import VERSION, Bundle, DisclosedEpoch, Transcript, Turn, read_bundle
from chat.keys import PrivateKeys
from chat.records import Link, Side
from chat.refusals import Refusal
from chat.session import Received, Session, read_with
from privacy import signing


@dataclass(frozen=True, slots=True)
class Checked:
    """A transcript that holds: who brought it, and what was said, in order."""

    link: Link
    side: Side
    taken_at: int
    said: list[Received]
    without_key: tuple[int, ...] = ()  # epochs


def make(
    session: Session,
    *,
    call: bytes,
    answer: bytes,
    epochs: Sequence[bytes],
    messages: Sequence[bytes],
    now: int,
    successions: Sequence[Turn] = (),
) -> bytes:
    """The transcript as JSON. `session` has adopted all of the epochs."""
    keys = [session.epoch_key(number) for number in range(1, len(epochs) + 1)]
    disclosed = [
        DisclosedEpoch(record, None if isinstance(key, Refusal) else key)
        for record, key in zip(epochs, keys, strict=True)
    ]
    bundle = msgspec.json.encode(
        Bundle(
            VERSION,
            session.side,
            now,
            call,
            answer,
            session.link.opening,
            disclosed,
            list(messages),
            list(successions),
        )
    )
    return msgspec.json.encode(Transcript(msgspec.Raw(bundle), _sign(session.keys, bundle)))


def check(text: bytes) -> Checked | Refusal:
    """What it proves, or the first thing that does not hold."""
    found = read_bundle(text)
    if isinstance(found, Refusal):
        return found
    said = read_with(found.links, found.side, found.keys, found.bundle.messages)
    if isinstance(said, Refusal):
        return said
    without_key = tuple(number for number, key in found.keys.items() if isinstance(key, Refusal))
    return Checked(found.link, found.side, found.bundle.taken_at, said, without_key)


def _sign(keys: PrivateKeys, bundle: bytes) -> bytes:
    return signing.sign(keys.signing, "transcript", hashlib.sha256(bundle).digest())
