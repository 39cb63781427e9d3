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
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
)
from cryptography.hazmat.primitives.hpke import Suite as Hpke

from privacy import signing

SIGNING_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
EPOCH_KEY_BYTES: Final = 32

Entropy = Callable[[int], bytes]

_PRIME: Final = 2**255 - 19
_ORDER_8_U: Final = 0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0
_ORDER_8_OTHER_U: Final = 0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F
_SMALL_ORDER_U: Final = frozenset({0, 1, _PRIME - 1, _ORDER_8_U, _ORDER_8_OTHER_U})
"""u of the points whose order divides 8, on the curve and its twist: with them every shared secret is 0."""
_LATTICE_BYTES: Final = 1184
_LATTICE_COEFFICIENTS_BYTES: Final = 1152  # 768 of 12 bits, two in three bytes (FIPS 203, ByteEncode12)
_LATTICE_PRIME: Final = 3329


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
HYBRID_AES256: Final = Suite(
    number=2,
    name="Ed25519; HPKE base mode MLKEM768-X25519 (X-Wing), HKDF-SHA256, AES-256-GCM",
    sealing_public_bytes=1184 + 32,
    sealed_epoch_bytes=1088 + 32 + EPOCH_KEY_BYTES + 16,
)
SUITES: Final[dict[int, Suite]] = {one.number: one for one in (X25519_AES256, HYBRID_AES256)}

_HPKE: Final = {
    X25519_AES256: Hpke(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
    HYBRID_AES256: Hpke(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}


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

    def can_be_sealed_to(self) -> bool:
        """Whether an honest side can have made this sealing key: what no key pair has is refused at the door.

        X25519: the canonical u of a point of large order. ML-KEM-768: coefficients below 3,329 (FIPS 203,
        section 7.2, the modulus check).
        """
        lattice, point = self.sealing[:-32], int.from_bytes(self.sealing[-32:], "little")
        if point >= _PRIME or point in _SMALL_ORDER_U or len(lattice) not in {0, _LATTICE_BYTES}:
            return False
        packed = lattice[:_LATTICE_COEFFICIENTS_BYTES]
        triples = zip(packed[::3], packed[1::3], packed[2::3], strict=True)
        return all(
            a | (b & 15) << 8 < _LATTICE_PRIME and b >> 4 | c << 4 < _LATTICE_PRIME for a, b, c in triples
        )

    def seal(self, secret: bytes, info: bytes) -> bytes | None:
        """HPKE single shot to this side: encapsulated key || ciphertext. None: not a usable public key."""
        suite = next((one for one in SUITES.values() if one.sealing_public_bytes == len(self.sealing)), None)
        if suite is None:
            return None
        try:
            point = X25519PublicKey.from_public_bytes(self.sealing[-32:])
            if suite == X25519_AES256:
                return _HPKE[suite].encrypt(secret, point, info)
            lattice = MLKEM768PublicKey.from_public_bytes(self.sealing[:-32])
            return _HPKE[suite].encrypt(secret, MLKEM768X25519PublicKey(lattice, point), info)
        except ValueError:  # wrong length, a point of small order, coefficients out of range
            return None


@dataclass(frozen=True, slots=True)
class PrivateKeys:
    """One side's own keys. 64 bytes when packed: Ed25519 seed, then the suite's seed for sealing.

    Suite 1: the seed is the X25519 private key. Suite 2: SHAKE256 makes 64 bytes for ML-KEM-768 (FIPS 203's d
    and z) and 32 for X25519 of it (draft-connolly-cfrg-xwing-kem, section 5.2).
    """

    suite: Suite
    signing: Ed25519PrivateKey = field(repr=False)
    sealing: bytes = field(repr=False)

    @classmethod
    def fresh(cls, suite: Suite = X25519_AES256, entropy: Entropy = os.urandom) -> PrivateKeys:
        """A new pair of pairs; `entropy(n)` returns n random bytes."""
        return cls.from_bytes(entropy(64), suite)

    @classmethod
    def from_bytes(cls, packed: bytes, suite: Suite = X25519_AES256) -> PrivateKeys:
        """The inverse of `to_bytes`. ValueError unless 64 bytes."""
        if len(packed) != 64:
            raise ValueError("a side's private keys are 64 bytes")
        return cls(suite, Ed25519PrivateKey.from_private_bytes(packed[:32]), packed[32:])

    @classmethod
    def all_from_bytes(cls, packed: bytes, suite: Suite = X25519_AES256) -> list[PrivateKeys]:
        """A side's keys from the first on, 64 bytes each. ValueError for another length."""
        if not packed or len(packed) % 64:
            raise ValueError("a side's private keys are 64 bytes each")
        return [cls.from_bytes(packed[at : at + 64], suite) for at in range(0, len(packed), 64)]

    def to_bytes(self) -> bytes:
        """Secret: only ever kept sealed under the firm's *conversations* role key."""
        return self.signing.private_bytes_raw() + self.sealing

    def public(self) -> PublicKeys:
        """What may be shown."""
        key = self._sealing_key()
        if isinstance(key, X25519PrivateKey):
            sealing = key.public_key().public_bytes_raw()
        else:
            lattice, point = self._halves()
            sealing = lattice.public_key().public_bytes_raw() + point.public_key().public_bytes_raw()
        return PublicKeys(signing.public_bytes(self.signing), sealing)

    def open(self, sealed: bytes, info: bytes) -> bytes | None:
        """The secret that was sealed to this side, None when it was sealed to another or changed since."""
        try:
            return _HPKE[self.suite].decrypt(sealed, self._sealing_key(), info)
        except (InvalidTag, ValueError):
            return None

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        expanded = hashlib.shake_256(self.sealing).digest(96)
        return (
            MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
            X25519PrivateKey.from_private_bytes(expanded[64:]),
        )

    def _sealing_key(self) -> X25519PrivateKey | MLKEM768X25519PrivateKey:
        if self.suite == X25519_AES256:
            return X25519PrivateKey.from_private_bytes(self.sealing)
        return MLKEM768X25519PrivateKey(*self._halves())


def mark(public_signing: bytes) -> str:
    """The four hexadecimal digits by which one side of one conversation is named, such as "7c-e1".

    Derived from the conversation's own key, so that it changes with every conversation. It is a name for
    people, not a proof: one in 65,536 is alike.
    """
    digits = hashlib.sha256(b"vigie/mark/v1\0" + public_signing).hexdigest()[:4]
    return f"{digits[:2]}-{digits[2:]}"
