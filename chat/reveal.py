"""The mutual reveal: who is on the other side, said by a firm's own root key about this conversation alone.

A *statement*, little-endian:

    bytes
       1  version, 1
       1  side that speaks: 0 caller, 1 answerer
      16  firm
      32  the firm's root public key
     129  delegation of the device that signs, with the scope to reveal (`privacy.delegation`)
       2  length of the name, then the name in UTF-8
       1  how many holders vouch for the root key, then for each its public key (32) and signature (64)
      64  the device's signature, purpose "reveal"

The device signs SHA-256 over everything before the signature, the conversation's genesis (which commits to
both sides' keys) and the point of the reveal (counter and id of the second offer, which commit to all that
was said before). A server with keys of its own in the middle has a conversation with another genesis on each
side: what one side signs does not verify on the other. A holder signs firm and root, purpose "root".

Both sides commit before either opens, so that nobody shows who he is to somebody who then turns away, or
makes up his statement from the other's: commitment = SHA-256("vigie/reveal/v1" 00 || nonce || statement).
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.records import Link, Side
from chat.refusals import Code, Refusal
from privacy import delegation as delegations
from privacy import signing
from privacy.delegation import DELEGATION_BYTES, Delegation, Scope

VERSION: Final = 1
NAME_BYTES_MAX: Final = 400
HOLDERS_MAX: Final = 3
NONCE_BYTES: Final = 32
_HEAD: Final = struct.Struct(f"<BB16s32s{DELEGATION_BYTES}sH")

Point = tuple[int, bytes]
Vouching = tuple[bytes, bytes]  # a holder's public key, its signature


@dataclass(frozen=True, slots=True)
class Revealed:
    """A firm that has proved to speak. `vouched_by`: public keys of the holders that know its root key."""

    firm: bytes
    name: str
    root: bytes
    vouched_by: tuple[bytes, ...]


def root_payload(firm: bytes, root: bytes) -> bytes:
    """What a holder signs, purpose "root": firm (16), root public key (32)."""
    return firm + root


def make_statement(
    device: Ed25519PrivateKey,
    delegation: Delegation,
    *,
    root: bytes,
    name: str,
    vouchings: Sequence[Vouching],
    link: Link,
    side: Side,
    point: Point,
) -> bytes:
    """What this side opens with. ValueError for a name too long."""
    encoded = name.encode()
    if not 1 <= len(encoded) <= NAME_BYTES_MAX:
        raise ValueError(f"a name of {len(encoded)} bytes; expected 1 to {NAME_BYTES_MAX}")
    unsigned = _HEAD.pack(VERSION, side, delegation.firm, root, delegation.to_bytes(), len(encoded)) + encoded
    unsigned += bytes([len(vouchings)]) + b"".join(key + signature for key, signature in vouchings)
    return unsigned + signing.sign(device, "reveal", _said(unsigned, link, point))


def commit_to(statement: bytes, nonce: bytes) -> bytes:
    """32 bytes that fix the statement and say nothing of it."""
    return hashlib.sha256(b"vigie/reveal/v1\0" + nonce + statement).digest()


def read_statement(  # noqa: PLR0911 - a return for each rule
    statement: bytes,
    nonce: bytes,
    commitment: bytes,
    *,
    link: Link,
    side: Side,
    point: Point,
    holders: Sequence[bytes],
    at_unix: int,
) -> Revealed | Refusal:
    """Who speaks for `side`, when everything fits; or what does not.

    `holders`: the pinned roster's public keys; a signature of anybody else counts for nothing. `at_unix`:
    when the opening was received, for the device had to be allowed to reveal then.
    """
    if not hmac.compare_digest(commit_to(statement, nonce), commitment):
        return Refusal(Code.COMMITMENT, "the statement is not the one that was committed to")
    try:
        version, spoken, firm, root, delegated, length = _HEAD.unpack_from(statement)
        at = _HEAD.size + length
        name, count = statement[_HEAD.size : at].decode(), statement[at]
    except (struct.error, IndexError, UnicodeDecodeError):
        return Refusal(Code.MALFORMED, "not a statement")
    end = at + 1 + 96 * count
    if version != VERSION or count > HOLDERS_MAX or len(statement) != end + 64 or not name:
        return Refusal(Code.MALFORMED, f"a statement of {len(statement)} bytes; expected {end + 64}")
    if spoken != side:
        return Refusal(Code.SIDE, "the statement speaks for the other side")
    delegation = Delegation.from_bytes(delegated)
    refused = delegations.check(delegation, root, firm, at_unix, Scope.REVEAL)
    if refused is not None:
        return Refusal(Code.SIGNATURE, f"the firm's root key does not let this device reveal: {refused.code}")
    if not signing.verify(delegation.device, "reveal", _said(statement[:end], link, point), statement[end:]):
        return Refusal(
            Code.REVEAL,
            "the other side's statement is about another conversation than this one: somebody is in between",
        )
    given = [(statement[n : n + 32], statement[n + 32 : n + 96]) for n in range(at + 1, end, 96)]
    vouched = tuple(
        key
        for key, signature in given
        if key in set(holders) and signing.verify(key, "root", root_payload(firm, root), signature)
    )
    return Revealed(firm, name, root, vouched)


def _said(unsigned: bytes, link: Link, point: Point) -> bytes:
    counter, identity = point
    return hashlib.sha256(unsigned + link.genesis + counter.to_bytes(8, "little") + identity).digest()
