"""The holder's half of the VOPRF: evaluates blinded elements under its key and proves it, one proof a batch.

Knows: its key, blinded group elements. Must not know: what was blinded, sockets, who asks.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from typing import Final

import rbcl

from privacy.oprf import (
    ELEMENT_BYTES,
    challenge,
    combine,
    is_scalar,
    multiply,
    multiply_base,
    read_elements,
    weights,
)

__all__ = [
    "BATCH_MAX",
    "evaluate",
    "evaluate_unproven",
    "generate_key",
    "key_id",
    "prove",
    "public_key",
    "read_elements",
    "request_payload",
    "sum_of_parts",
]

BATCH_MAX: Final = 1000  # elements in one request, under one proof

RandomScalar = Callable[[], bytes]


def random_scalar() -> bytes:
    """A uniformly random scalar other than zero, from libsodium's generator."""
    return bytes(rbcl.crypto_core_ristretto255_scalar_random())


def generate_key(draw: RandomScalar = random_scalar) -> bytes:
    """A private key, 32 bytes."""
    return draw()


def public_key(private: bytes) -> bytes:
    """The public key, 32 bytes; raise ValueError for a private key that is none."""
    if not is_scalar(private):
        raise ValueError("a key is a reduced scalar of 32 bytes")
    return multiply_base(private)


def sum_of_parts(parts: Sequence[bytes]) -> bytes:
    """The key that a holder evaluates under when it is asked for several of its parts; 32 bytes.

    Raise ValueError for no part, for what is no reduced scalar, and where the parts cancel out.
    """
    if not parts or not all(is_scalar(part) for part in parts):
        raise ValueError("each part is a reduced scalar of 32 bytes")
    total = parts[0]
    for part in parts[1:]:
        total = bytes(rbcl.crypto_core_ristretto255_scalar_add(total, part))
    if not any(total):
        raise ValueError("the parts cancel out: no key is left")
    return total


def key_id(public: bytes) -> bytes:
    """What an upload's header names: SHA-256, 32 bytes."""
    return hashlib.sha256(b"vigie/key/v1\0" + public).digest()


def request_payload(  # noqa: PLR0917 - the order is the bytes'
    firm: bytes, epoch: int, parts: Sequence[str], blinded: bytes, requested_at: int, nonce: bytes
) -> bytes:
    """What a device signs when it asks a holder: both sides build it from what is sent.

    firm (16) || epoch (u32) || n (u32) || SHA-256(blinded) || requested_at (u64, Unix seconds) || nonce (16)
    || parts joined by commas, little-endian.
    """
    return (
        firm
        + struct.pack("<II", epoch, len(blinded) // ELEMENT_BYTES)
        + hashlib.sha256(blinded).digest()
        + struct.pack("<Q", requested_at)
        + nonce
        + ",".join(parts).encode("ascii")
    )


def evaluate_unproven(private: bytes, elements: Sequence[bytes]) -> list[bytes]:
    """RFC 9497, section 3.3.1: BlindEvaluate in mode 0. Without a proof: for vectors, never for members."""
    return [multiply(private, element) for element in elements]


def evaluate(
    private: bytes, elements: Sequence[bytes], draw: RandomScalar = random_scalar
) -> tuple[bytes, bytes]:
    """RFC 9497, section 3.3.2: the evaluated elements, 32 bytes each in order, and a proof of 64 bytes.

    Raise ValueError for an empty batch or what is no element of the group.
    """
    evaluated = evaluate_unproven(private, elements)
    return b"".join(evaluated), prove(private, elements, evaluated, draw())


def prove(private: bytes, blinded: Sequence[bytes], evaluated: Sequence[bytes], nonce: bytes) -> bytes:
    """RFC 9497, section 2.2.1: GenerateProof. `nonce` is a random scalar, used once."""
    public = multiply_base(private)
    m = combine(weights(public, blinded, evaluated), blinded)
    # ComputeCompositesFast: who knows the key multiplies once where a verifier sums again.
    z = multiply(private, m)
    c = challenge(public, m, z, multiply_base(nonce), multiply(nonce, m))
    s = rbcl.crypto_core_ristretto255_scalar_sub(nonce, rbcl.crypto_core_ristretto255_scalar_mul(c, private))
    return c + bytes(s)
