"""The mutual reveal, from one firm's side: what to send next, and who the other side has proved to be.

A statement is made once for each point of a reveal: holders come and go, delegations are renewed, devices are
lost. `member.talk_reveal` has the firm's devices keep it before any of them commits to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chat.contents import Commit, Open
from chat.pin import Pin, read_pin
from chat.records import Side
from chat.refusals import Refusal
from chat.reveal import (
    NONCE_BYTES,
    Point,
    Revealed,
    Vouching,
    commit_to,
    make_statement,
    read_statement,
)
from chat.session import Session
from chat.thread import Stage, Thread
from member.refusals import MemberError, NetworkRefused
from privacy import roster as rosters
from privacy.delegation import Delegation

if TYPE_CHECKING:
    from member.keystore import Member


@dataclass(frozen=True, slots=True)
class Own:
    """What a device says of its firm. `holders`: the pinned key holders' public keys."""

    device: Ed25519PrivateKey = field(repr=False)
    delegation: Delegation
    root: bytes
    name: str
    vouchings: Callable[[], Sequence[Vouching]]
    holders: tuple[bytes, ...]

    @classmethod
    def of(cls, member: Member) -> Own:
        """Of a member's device. Its delegation must include the reveal, or the peer will refuse it."""
        identity = member.identity
        roster = rosters.read(identity.pins.roster)
        return cls(
            Ed25519PrivateKey.from_private_bytes(identity.device_seed),
            Delegation.from_bytes(identity.delegation),
            identity.root_public,
            member.session.me().firm_name or "",
            lambda: ask_for_vouchings(member, roster),
            tuple(holder.key for holder in roster.holders),
        )


def ask_for_vouchings(member: Member, roster: rosters.Roster) -> list[Vouching]:
    """What the holders that answer sign of this firm's root key; a holder that is away vouches for nobody."""
    found: list[Vouching] = []
    for holder in roster.holders:
        try:
            found.append((holder.key, member.network.vouching(holder.url, member.firm_id)))
        except (MemberError, NetworkRefused):
            continue
    return found


def next_step(thread: Thread, session: Session, statement: bytes | None) -> Commit | Open | None:
    """What this side sends now: a commitment when both have offered, its opening when both have committed.

    `statement`: what the firm keeps for this point. None where it committed to another: see `is_lost`.
    """
    reveal, side = thread.reveal, session.side
    if reveal.point is None or statement is None:
        return None
    nonce = _nonce(session, reveal.point)
    commitment = commit_to(statement, nonce)
    if reveal.stage is Stage.AGREED and reveal.commit_of(side) is None:
        return Commit(commitment)
    if reveal.stage is Stage.COMMITTED and reveal.open_of(side) is None:
        return Open(statement, nonce) if reveal.commit_of(side) == commitment else None
    return None


def is_lost(thread: Thread, session: Session, statement: bytes | None) -> bool:
    """Whether this side has committed to what none of its devices has any more: it can only begin again."""
    reveal, side = thread.reveal, session.side
    if reveal.stage is not Stage.COMMITTED or reveal.point is None or reveal.open_of(side) is not None:
        return False
    return statement is None or reveal.commit_of(side) != commit_to(statement, _nonce(session, reveal.point))


def say_who(session: Session, own: Own, point: Point) -> bytes:
    """The statement of this device, with the holders that vouch now."""
    return make_statement(
        own.device,
        own.delegation,
        root=own.root,
        name=own.name,
        vouchings=own.vouchings(),
        link=session.link,
        side=session.side,
        point=point,
    )


def peer(
    thread: Thread, session: Session, holders: Sequence[bytes], now_unix: int | None = None
) -> Revealed | Refusal | None:
    """Who the other side is, or why what it showed proves nothing; None before it has opened."""
    return _who(thread, session, session.side.other, holders, now_unix)


def pin_of(
    thread: Thread, session: Session, holders: Sequence[bytes], now_unix: int | None = None
) -> Pin | None:
    """What the firm keeps for good, once both have opened and what both showed is verified."""
    reveal, side = thread.reveal, session.side
    theirs = _who(thread, session, side.other, holders, now_unix)
    ours = _who(thread, session, side, holders, now_unix)
    opening = reveal.open_of(side.other)
    if reveal.opened is None or reveal.point is None or opening is None:
        return None
    if not isinstance(theirs, Revealed) or not isinstance(ours, Revealed):
        return None
    at = _judged_at(reveal.received_of(side.other), now_unix)
    return Pin(reveal.point, reveal.opened, opening.statement, opening.nonce, at, ours.root)


def keep_to(thread: Thread, session: Session, pin: Pin, holders: Sequence[bytes]) -> Refusal | None:
    """Have the thread keep to the pin; before the history is read, or after: then it must reach the pin."""
    found = read_pin(pin, session.link, session.side.other, holders)
    if isinstance(found, Refusal):
        return found
    thread.hold(pin)
    return thread.refused


def contradicted(thread: Thread, session: Session) -> Refusal | None:
    """Why the history that was read is not the one that the thread's pin rests on."""
    if thread.pin is None or thread.refused is not None:
        return thread.refused
    return session.verify_reach(*thread.pin.opened) or session.verify_reach(*thread.pin.point)


def _who(
    thread: Thread, session: Session, side: Side, holders: Sequence[bytes], now_unix: int | None
) -> Revealed | Refusal | None:
    reveal = thread.reveal
    opened, commitment = reveal.open_of(side), reveal.commit_of(side)
    if opened is None or commitment is None or reveal.point is None:
        return None
    return read_statement(
        opened.statement,
        opened.nonce,
        commitment,
        link=session.link,
        side=side,
        point=reveal.point,
        holders=holders,
        at_unix=_judged_at(reveal.received_of(side), now_unix),
    )


def _judged_at(received_at: int, now_unix: int | None) -> int:
    """When the opening was received, and never later than now, whatever the network says."""
    now = int(time.time()) if now_unix is None else now_unix
    return min(received_at, now) if received_at else now


def _nonce(session: Session, point: Point) -> bytes:
    counter, identity = point
    info = b"vigie/reveal-nonce/v1\0" + counter.to_bytes(8, "little") + identity
    return HKDF(hashes.SHA256(), NONCE_BYTES, session.link.genesis, info).derive(
        session.first_keys.to_bytes()
    )
