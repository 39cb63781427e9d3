"""Keyed noise: standard normals that are a function of what they are for: asking again averages nothing.

Knows: the release key, for the length of a call.
Must not know: values, amplitudes (the policy multiplies), the time, randomness of its own.

    message = "vigie/noise/v1" 00 purpose 00 indicator 00 subject length (u16 LE) subject detail
    digest  = HMAC-SHA-256(release key, message)
    u1, u2  = ((first, second 8 bytes of the digest, u64 LE) >> 11 + 1/2) / 2^53, both in (0, 1]
    normal  = sqrt(-2 ln u1) cos(2 pi u2)                     (Box and Muller 1958, the first of the pair)

The subject is a client's pseudonym, or NETWORK; the detail is empty for what is permanent, 4 bytes (u32 LE)
for a period, and the sorted 16-byte ids of the groups for a contributor set. Neither profile nor version is
part of the message: the noise of a client outlives every change of profile.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

NETWORK: Final = b"network"
"""Subject of the cell of the whole network; shorter than a pseudonym, so never one."""

KEY_BYTES: Final = 32


def period(index: int) -> bytes:
    """Detail of a month or quarter counted from year 0."""
    return index.to_bytes(4, "little")


def normals(
    key: bytes, purpose: str, indicator: str, subjects: Iterable[bytes], details: Iterable[bytes]
) -> NDArray[np.float64]:
    """One standard normal for each (subject, detail): (subjects,). ValueError: the key is not 32 bytes."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a release key has {KEY_BYTES} bytes, not {len(key)}")
    start = b"vigie/noise/v1\0" + purpose.encode() + b"\0" + indicator.encode() + b"\0"
    mac = hmac.digest
    digests = b"".join(
        [
            mac(key, start + len(subject).to_bytes(2, "little") + subject + detail, "sha256")
            for subject, detail in zip(subjects, details, strict=True)
        ]
    )
    words = np.frombuffer(digests, "<u8").reshape(-1, 4)
    uniform = ((words[:, :2] >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53
    return np.asarray(np.sqrt(-2.0 * np.log(uniform[:, 0])) * np.cos(2.0 * np.pi * uniform[:, 1]))
