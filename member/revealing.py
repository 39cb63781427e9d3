"""The mutual reveal, from one firm's side: what to send next, and who the other side has proved to be.

What is sent follows from the chain and from keys that the firm's devices have, so that nothing is remembered:
a device that starts again commits to the same statement and opens it.
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


def next_step(thread: Thread, session: Session, own: Own) -> Commit | Open | None:
    """What this side sends now: a commitment when both have offered, its opening when both have committed.

    None as well where another device of the firm has committed: that one opens.
    """
    reveal, side = thread.reveal, session.side
    if reveal.point is None:
        return None
    if reveal.stage is Stage.AGREED and reveal.commit_of(side) is None:
        return Commit(commit_to(_statement(session, own, reveal.point), _nonce(session, reveal.point)))
    if reveal.stage is Stage.COMMITTED and reveal.open_of(side) is None:
        statement, nonce = _statement(session, own, reveal.point), _nonce(session, reveal.point)
        if reveal.commit_of(side) == commit_to(statement, nonce):
            return Open(statement, nonce)
    return None


def peer(thread: Thread, session: Session, holders: Sequence[bytes]) -> Revealed | Refusal | None:
    """Who the other side is, or why what it showed proves nothing; None before it has opened."""
    reveal, side = thread.reveal, session.side.other
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
        now_unix=int(time.time()),
    )


def _statement(session: Session, own: Own, point: Point) -> bytes:
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


def _nonce(session: Session, point: Point) -> bytes:
    counter, identity = point
    info = b"vigie/reveal-nonce/v1\0" + counter.to_bytes(8, "little") + identity
    return HKDF(hashes.SHA256(), NONCE_BYTES, session.link.genesis, info).derive(
        session.first_keys.to_bytes()
    )
