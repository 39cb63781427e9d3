"""RFC 9497 over ristretto255-SHA512: what both halves of the protocol share.

Modes 0 (OPRF) and 1 (VOPRF). Group elements and scalars are 32 bytes each (RFC 9496); arithmetic is
libsodium's, through `rbcl`. The halves are `privacy.blind` (the member's)
and `privacy.evaluate` (a holder's).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import rbcl

MODE_OPRF: Final = 0
MODE_VOPRF: Final = 1
ELEMENT_BYTES: Final = 32
SCALAR_BYTES: Final = 32
PROOF_BYTES: Final = 64
# RFC 9497, section 4.1: the order of the group.
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
IDENTITY: Final = bytes(ELEMENT_BYTES)


def context(mode: int) -> bytes:
    """RFC 9497, section 3.1: CreateContextString."""
    return b"OPRFV1-" + bytes([mode]) + b"-ristretto255-SHA512"


def prefixed(data: bytes) -> bytes:
    """I2OSP(len, 2) || data, as every transcript of the RFC has it."""
    return len(data).to_bytes(2, "big") + data


def _expand(message: bytes, tag: bytes) -> bytes:
    """RFC 9380, section 5.3.1: expand_message_xmd with SHA-512, 64 bytes, so a single block."""
    suffix = tag + bytes([len(tag)])
    first = hashlib.sha512(bytes(128) + message + b"\x00\x40\x00" + suffix).digest()
    return hashlib.sha512(first + b"\x01" + suffix).digest()


def hash_to_group(message: bytes, mode: int = MODE_VOPRF) -> bytes:
    """RFC 9497, section 4.1: HashToGroup."""
    return bytes(rbcl.crypto_core_ristretto255_from_hash(_expand(message, b"HashToGroup-" + context(mode))))


def hash_to_scalar(message: bytes, tag: bytes) -> bytes:
    """RFC 9497, section 4.1: HashToScalar, the 64 bytes reduced as a little-endian integer."""
    return bytes(rbcl.crypto_core_ristretto255_scalar_reduce(_expand(message, tag)))


def derive_key(seed: bytes, info: bytes, mode: int = MODE_VOPRF) -> bytes:
    """RFC 9497, section 3.2.1: DeriveKeyPair's private key, from a 32-byte seed."""
    for counter in range(256):
        tag = b"DeriveKeyPair" + context(mode)
        scalar = hash_to_scalar(seed + prefixed(info) + bytes([counter]), tag)
        if any(scalar):
            return scalar
    raise ValueError("DeriveKeyPairError")


def is_element(encoded: bytes) -> bool:
    """Whether 32 bytes are the canonical encoding of an element other than the identity."""
    return (
        len(encoded) == ELEMENT_BYTES
        and encoded != IDENTITY
        and bool(rbcl.crypto_core_ristretto255_is_valid_point(encoded))
    )


def is_scalar(encoded: bytes) -> bool:
    """Whether 32 bytes are a reduced scalar."""
    return len(encoded) == SCALAR_BYTES and int.from_bytes(encoded, "little") < ORDER


def split_unchecked(encoded: bytes) -> list[bytes]:
    """Split a batch whose elements are multiplied next, which refuses what is none; raise ValueError."""
    if len(encoded) % ELEMENT_BYTES:
        raise ValueError(f"found {len(encoded)} bytes, expected a multiple of {ELEMENT_BYTES}")
    return [encoded[at : at + ELEMENT_BYTES] for at in range(0, len(encoded), ELEMENT_BYTES)]


def read_elements(encoded: bytes) -> list[bytes]:
    """Split a batch; raise ValueError naming the element that is none (the identity included)."""
    elements = split_unchecked(encoded)
    for place, element in enumerate(elements, 1):
        if not is_element(element):
            raise ValueError(f"element {place} is no element of the group")
    return elements


def multiply(scalar: bytes, element: bytes) -> bytes:
    """Scalar times element; raise ValueError where libsodium refuses (the identity comes out)."""
    try:
        return bytes(rbcl.crypto_scalarmult_ristretto255(scalar, element))
    except (RuntimeError, TypeError, ValueError) as error:
        raise ValueError("no element of the group") from error


def multiply_base(scalar: bytes) -> bytes:
    """Scalar times the generator; raise ValueError for zero."""
    try:
        return bytes(rbcl.crypto_scalarmult_ristretto255_base(scalar))
    except (RuntimeError, TypeError, ValueError) as error:
        raise ValueError("a key is a scalar other than zero") from error


def add(one: bytes, other: bytes) -> bytes:
    """The sum of two elements."""
    return bytes(rbcl.crypto_core_ristretto255_add(one, other))


def inverses(scalars: Sequence[bytes]) -> list[bytes]:
    """The inverse of every scalar, with one inversion for all of them (Montgomery's trick).

    libsodium's arithmetic throughout: constant in time, which Python's integers are not. Raise ValueError for
    a zero.
    """
    times = rbcl.crypto_core_ristretto255_scalar_mul
    if not scalars:
        return []
    before = [scalars[0]]
    for scalar in scalars[1:]:
        before.append(times(before[-1], scalar))
    if not any(before[-1]):
        raise ValueError("zero has no inverse")
    rest = rbcl.crypto_core_ristretto255_scalar_invert(before[-1])
    found = [b""] * len(scalars)
    for place in range(len(scalars) - 1, 0, -1):
        found[place] = bytes(times(rest, before[place - 1]))
        rest = times(rest, scalars[place])
    found[0] = bytes(rest)
    return found


def weights(public: bytes, blinded: Sequence[bytes], evaluated: Sequence[bytes]) -> list[bytes]:
    """RFC 9497, section 2.2.1: the scalars d_i of ComputeComposites."""
    own = context(MODE_VOPRF)
    seed = prefixed(hashlib.sha512(prefixed(public) + prefixed(b"Seed-" + own)).digest())
    tag = b"HashToScalar-" + own
    size = b"\x00\x20"
    return [
        hash_to_scalar(seed + place.to_bytes(2, "big") + size + c + size + d + b"Composite", tag)
        for place, (c, d) in enumerate(zip(blinded, evaluated, strict=True))
    ]


def combine(scalars: Sequence[bytes], elements: Sequence[bytes]) -> bytes:
    """The sum of scalar times element, one of RFC 9497's composites; raise ValueError for none."""
    total = b""
    for scalar, element in zip(scalars, elements, strict=True):
        term = multiply(scalar, element)
        total = add(total, term) if total else term
    if not total:
        raise ValueError("an empty batch")
    return total


def challenge(public: bytes, m: bytes, z: bytes, t2: bytes, t3: bytes) -> bytes:
    """RFC 9497, section 2.2.1: the challenge of a DLEQ proof."""
    transcript = b"".join(prefixed(element) for element in (public, m, z, t2, t3)) + b"Challenge"
    return hash_to_scalar(transcript, b"HashToScalar-" + context(MODE_VOPRF))
