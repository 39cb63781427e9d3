r"""Signatures with a purpose: Ed25519 (RFC 8032) over a text that names what is signed.

`b"vigie/" + purpose + b"/v1\0" + payload`: a signature made for one purpose is none for another.
Knows: keys and bytes. Must not know: what is signed, or when.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any, Final

import rbcl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PUBLIC_KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
KEYS_KEPT_MAX: Final = 8_192
_PRIME: Final = 2**255 - 19
_ORDER_8_Y: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y: Final = frozenset({0, 1, _PRIME - 1, _ORDER_8_Y, _PRIME - _ORDER_8_Y})
"""y of the eight points whose order divides 8: under such a key one signature fits many texts."""


@lru_cache(maxsize=KEYS_KEPT_MAX)
def _is_sound(public: bytes) -> bool:
    """Whether a key is canonical (RFC 8032, section 5.1.3, step 1) and of large order, as the page asks."""
    y = int.from_bytes(public, "little") & (2**255 - 1)  # the top bit is the sign of x
    return len(public) == PUBLIC_KEY_BYTES and y < _PRIME and y not in _SMALL_ORDER_Y


def _text(purpose: str, payload: bytes) -> bytes:
    return b"vigie/" + purpose.encode("ascii") + b"/v1\0" + payload


def sign(private: Ed25519PrivateKey, purpose: str, payload: bytes) -> bytes:
    """Signature, 64 bytes, over payload for this purpose alone."""
    return private.sign(_text(purpose, payload))


def verify(public: bytes, purpose: str, payload: bytes, signature: bytes) -> bool:
    """Whether `public` (32 bytes) signed; False, never an error, for a malformed key or signature."""
    if len(signature) != SIGNATURE_BYTES or not _is_sound(public):
        return False
    text = _text(purpose, payload)
    return bool(_VERIFY(bytes(signature), text, len(text), public) == 0)


def _verifier() -> Any:
    # libsodium's takes half of OpenSSL's time, and a server verifies every message that it stores. It also
    # refuses a signature whose R is of small order, which an honest signer cannot make.
    verify_detached = rbcl._sodium.crypto_sign_verify_detached  # noqa: SLF001 - exported by rbcl
    verify_detached.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulonglong, ctypes.c_char_p)
    verify_detached.restype = ctypes.c_int
    return verify_detached


_VERIFY: Final = _verifier()


def from_seed(seed: bytes) -> Ed25519PrivateKey:
    """The private key of a 32-byte seed (RFC 8032, section 5.1.5)."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_bytes(private: Ed25519PrivateKey) -> bytes:
    """The public key, 32 bytes."""
    return private.public_key().public_bytes_raw()
