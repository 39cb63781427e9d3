r"""Signatures with a purpose: Ed25519 (RFC 8032) over a text that names what is signed.

`b"vigie/" + purpose + b"/v1\0" + payload`: a signature made for one purpose is none for another.
Knows: keys and bytes. Must not know: what is signed, or when.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def _text(purpose: str, payload: bytes) -> bytes:
    return b"vigie/" + purpose.encode("ascii") + b"/v1\0" + payload


def sign(private: Ed25519PrivateKey, purpose: str, payload: bytes) -> bytes:
    """Signature, 64 bytes, over payload for this purpose alone."""
    return private.sign(_text(purpose, payload))


def verify(public: bytes, purpose: str, payload: bytes, signature: bytes) -> bool:
    """Whether `public` (32 bytes) signed; False, never an error, for a malformed key or signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _text(purpose, payload))
    except (InvalidSignature, ValueError):
        return False
    return True


def from_seed(seed: bytes) -> Ed25519PrivateKey:
    """The private key of a 32-byte seed (RFC 8032, section 5.1.5)."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    """The public key, 32 bytes."""
    return private.public_key().public_bytes_raw()
