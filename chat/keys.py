"""The keys of one side of one conversation, the suites they belong to, the names that are derived from them.

Keys are fresh for every call and for every conversation: nothing here ever signs for a firm, so that nothing
here links two conversations of one firm (docs/decisions/0004-one-call-one-key.md).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM
from cryptography.hazmat.primitives.hpke import Suite as Hpke

from privacy import signing

SIGNING_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
EPOCH_KEY_BYTES: Final = 32

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Suite:
    """What a suite byte stands for; the lengths of every record follow from it."""

    number: int
    name: str
    sealing_public_bytes: int
    sealed_epoch_bytes: int  # encapsulated key, then the 32-byte epoch key with its tag


X25519_AES256: Final = Suite(
    number=1,
    name="Ed25519; HPKE base mode DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180)",
    sealing_public_bytes=32,
    sealed_epoch_bytes=32 + EPOCH_KEY_BYTES + 16,
)
# 2 is reserved for ML-KEM-768 + X25519 in the place of DHKEM(X25519): public key of 1,216 bytes, sealed epoch
# of 1,168.
RESERVED_HYBRID: Final = 2
SUITES: Final[dict[int, Suite]] = {X25519_AES256.number: X25519_AES256}

_HPKE: Final = Hpke(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What the other side and the server see of one side: 32 bytes Ed25519, then the suite's sealing key."""

    signing: bytes
    sealing: bytes

    def to_bytes(self) -> bytes:
        """Signing key, then sealing key: the order in every record."""
        return self.signing + self.sealing

    @classmethod
    def from_bytes(cls, packed: bytes) -> PublicKeys:
        """The inverse of `to_bytes`; the length is the record's business."""
        return cls(packed[:SIGNING_BYTES], packed[SIGNING_BYTES:])

    def seal(self, secret: bytes, info: bytes) -> bytes | None:
        """HPKE single shot to this side: encapsulated key || ciphertext. None: not a usable public key."""
        try:
            return _HPKE.encrypt(secret, X25519PublicKey.from_public_bytes(self.sealing), info)
        except ValueError:  # wrong length, or a point of small order
            return None


@dataclass(frozen=True, slots=True)
class PrivateKeys:
    """One side's own keys. 64 bytes when packed: Ed25519 seed, then X25519 private key."""

    signing: Ed25519PrivateKey = field(repr=False)
    sealing: X25519PrivateKey = field(repr=False)

    @classmethod
    def fresh(cls, entropy: Entropy = os.urandom) -> PrivateKeys:
        """A new pair of pairs; `entropy(n)` returns n random bytes."""
        return cls.from_bytes(entropy(64))

    @classmethod
    def from_bytes(cls, packed: bytes) -> PrivateKeys:
        """The inverse of `to_bytes`. ValueError unless 64 bytes."""
        if len(packed) != 64:
            raise ValueError("a side's private keys are 64 bytes")
        return cls(
            Ed25519PrivateKey.from_private_bytes(packed[:32]),
            X25519PrivateKey.from_private_bytes(packed[32:]),
        )

    def to_bytes(self) -> bytes:
        """Secret: only ever kept sealed under the firm's *conversations* role key."""
        return self.signing.private_bytes_raw() + self.sealing.private_bytes_raw()

    def public(self) -> PublicKeys:
        """What may be shown."""
        return PublicKeys(signing.public_bytes(self.signing), self.sealing.public_key().public_bytes_raw())

    def open(self, sealed: bytes, info: bytes) -> bytes | None:
        """The secret that was sealed to this side, None when it was sealed to another or changed since."""
        try:
            return _HPKE.decrypt(sealed, self.sealing, info)
        except (InvalidTag, ValueError):
            return None


def mark(public_signing: bytes) -> str:
    """The four hexadecimal digits by which one side of one conversation is named, such as "7c-e1".

    Derived from the conversation's own key, so that it changes with every conversation. It is a name for
    people, not a proof: one in 65,536 is alike.
    """
    digits = hashlib.sha256(b"vigie/mark/v1\0" + public_signing).hexdigest()[:4]
    return f"{digits[:2]}-{digits[2:]}"
