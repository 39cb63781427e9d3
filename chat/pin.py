"""A reveal that both sides have completed, kept by a firm for its own devices: it outlives the messages.

The messages of a reveal go like any other: after the months that both agreed to, or because their side has
them erased. What they proved does not go with them. Once both openings have been verified a device pins the
reveal in the firm's sealed state of the conversation; from then on every device of the firm knows who the
other side is by the pin, and verifies it again: the statement is signed over the genesis and the point, and
is judged at the time at which the opening was received, not at that of reading.

Rules of order, whose guardians are this module and `chat.thread`:
1. Messages come first. The pin fills in what they no longer say, from the message on with which both had
   opened. Its ids are compared with the chain's, which has them whatever has been erased.
2. Where nothing has been erased up to there, the messages must say what the pin says; what contradicts is
   refused (`chat-pinned`), never overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

from chat.contents import Counter, Digest
from chat.records import Link, Side
from chat.refusals import Code, Refusal
from chat.reveal import Revealed, commit_to, read_statement

Place = tuple[Counter, Digest]  # of a message: its counter and id


class Pin(msgspec.Struct, frozen=True):
    """`point`: the second offer; `opened`: the message with which both had opened.

    `statement` and `nonce`: the other side's opening; `received_at`: when it came, unix seconds. `own_root`:
    the root key that this firm's own opening named, for the safety number.
    """

    point: Place
    opened: Place
    statement: Annotated[bytes, msgspec.Meta(max_length=4096)]
    nonce: Digest
    received_at: int
    own_root: Digest


def read_pin(pin: Pin, link: Link, side: Side, holders: Sequence[bytes]) -> Revealed | Refusal:
    """Who speaks for `side`, the other one, by the pin; or that it proves nothing."""
    found = read_statement(
        pin.statement,
        pin.nonce,
        commit_to(pin.statement, pin.nonce),
        link=link,
        side=side,
        point=pin.point,
        holders=holders,
        at_unix=pin.received_at,
    )
    return Refusal(Code.PINNED, found.detail) if isinstance(found, Refusal) else found
