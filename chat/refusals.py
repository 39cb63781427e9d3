"""Why something sent in a conversation is refused: values, one list for the room.

A refusal names the rule that was broken, never a key or a content, so it may be logged and sent back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """The rule that was broken; `docs/conversations.md` says what a client does next for each."""

    MALFORMED = "chat-malformed"  # the bytes do not have the layout of their kind
    SUITE = "chat-suite"  # a suite byte that this version does not speak
    TOO_LARGE = "chat-too-large"
    SIGNATURE = "chat-signature"  # not signed by the key that the record or the conversation names
    ELSEWHERE = "chat-elsewhere"  # belongs to another call or conversation
    KEY = "chat-key"  # a sealing key that nothing can be sealed to
    SIDE = "chat-side"  # speaks for the other side
    BEHIND = "chat-behind"  # the counter is taken: read what came first, seal again
    GAP = "chat-gap"  # the counter is too far ahead: something before it is missing
    FORKED = "chat-forked"  # the previous hash is not that of the message before: two histories
    EPOCH = "chat-epoch"  # not the epoch that is current at this place
    BODY = "chat-body"  # the ciphertext is not the one that was signed
    COMMITMENT = "chat-commitment"  # sealed under another key than the epoch's
    UNREADABLE = "chat-unreadable"  # signed and committed to, and yet it does not open
    CLOSED = "chat-closed"  # the other side has silenced this one
    REVEAL = "chat-reveal"  # a statement about another conversation: somebody is in between
    PINNED = "chat-pinned"  # what the firm keeps of a reveal is not what the messages say
    TRUNCATED = "chat-truncated"  # the history ends before what this device has already seen


@dataclass(frozen=True, slots=True)
class Refusal:
    """`detail` says what was found and what was expected, in English, for logs and support."""

    code: Code
    detail: str
