"""A firm's root key lets a device act: for one firm, within scopes, for a time.

129 bytes: firm (16), device's public key (32), scopes (u8), not before and expires (u64, Unix seconds,
little-endian), the root's signature (64) over the 65 bytes before it. The time is an argument.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntFlag
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import signing

DELEGATION_BYTES: Final = 129
_TERMS: Final = struct.Struct("<BQQ")


class Scope(IntFlag):
    """What a device may do in its firm's name."""

    EVALUATE = 1
    UPLOAD = 2
    REVEAL = 4
    BOOK = 8


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a delegation does not serve: `code` for programs, `text` for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Delegation:
    """Firm (16 bytes), device's public key (32), scopes, Unix seconds, the root's signature (64)."""

    firm: bytes
    device: bytes
    scopes: int
    not_before: int
    expires: int
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The 65 bytes that the root signs."""
        return self.firm + self.device + _TERMS.pack(self.scopes, self.not_before, self.expires)

    @classmethod
    def issue(  # noqa: PLR0917 - in the order of the bytes
        cls,
        root: Ed25519PrivateKey,
        firm: bytes,
        device_public: bytes,
        scopes: int,
        not_before: int,
        expires: int,
    ) -> Delegation:
        """Sign a device into the firm."""
        unsigned = cls(firm, device_public, int(scopes), not_before, expires, b"")
        signature = signing.sign(root, "delegation", unsigned.signed)
        return cls(firm, device_public, int(scopes), not_before, expires, signature)

    def to_bytes(self) -> bytes:
        """129 bytes."""
        return self.signed + self.signature

    @classmethod
    def from_bytes(cls, encoded: bytes) -> Delegation:
        """Read 129 bytes; raise ValueError for another length. Nothing is verified here: see `check`."""
        if len(encoded) != DELEGATION_BYTES:
            raise ValueError(f"found {len(encoded)} bytes, expected {DELEGATION_BYTES}")
        scopes, not_before, expires = _TERMS.unpack(encoded[48:65])
        return cls(encoded[:16], encoded[16:48], scopes, not_before, expires, encoded[65:])


def check(
    delegation: Delegation, root_public: bytes, firm: bytes, now_unix: int, scope: int
) -> Refusal | None:
    """None when the root lets this device do all of `scope` for this firm now, else why not."""
    if delegation.firm != firm:
        return Refusal("delegation-firm", "the delegation is another firm's")
    if not signing.verify(root_public, "delegation", delegation.signed, delegation.signature):
        return Refusal("delegation-signature", "the firm's root key did not sign this delegation")
    if now_unix < delegation.not_before:
        return Refusal("delegation-early", "the delegation does not hold yet")
    if now_unix >= delegation.expires:
        return Refusal("delegation-expired", "the delegation has expired")
    if delegation.scopes & scope != scope:
        return Refusal("delegation-scope", f"the delegation does not include {Scope(scope)!r}")
    return None
