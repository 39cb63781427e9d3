"""What a firm's root signs to come back with its recovery kit alone: one administrator, one device.

Knows: the order of the bytes, for both sides. Must not know: keys, the time.

    firm (16) || requested_at (u64 LE, Unix seconds) || keep (u8) || device public key (32)
    || SHA-256(e-mail 00 kdf_salt auth_key SHA-256(wrapped bundle)) || SHA-256(recovery blob)

A device key is enrolled once and never again, so that a copied request installs nobody.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Final

PURPOSE: Final = "recovery"


def recovery_payload(
    *,
    firm: bytes,
    requested_at: int,
    keep_others: bool,
    device_public: bytes,
    email: str,
    kdf_salt: bytes,
    auth_key: bytes,
    wrapped_bundle: bytes,
    recovery_blob: bytes,
) -> bytes:
    """121 bytes to sign for `PURPOSE`. `firm` 16 bytes, `device_public` 32; e-mail as it is stored."""
    person = hashlib.sha256(
        email.encode() + b"\0" + kdf_salt + auth_key + hashlib.sha256(wrapped_bundle).digest()
    ).digest()
    return b"".join(
        (
            firm,
            struct.pack("<QB", requested_at, keep_others),
            device_public,
            person,
            hashlib.sha256(recovery_blob).digest(),
        )
    )
