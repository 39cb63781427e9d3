"""Keyed noise: standard normals that are a function of what they are for: asking again averages nothing.

Knows: the release key, for the length of a call.
Must not know: values, amplitudes (the policy multiplies), the time, randomness of its own.

For every purpose (what the draw is for, and of which kind of cell) and period there are two AES-256 keys, the
halves of one HMAC-SHA-512:

    mac key, draw key = HMAC-SHA-512(release key, "vigie/noise/v1" 00 purpose 00 period as u32 LE)

A message is the cell's subject, 32 bytes (a client's pseudonym, or a wide cell's name, see `wide_subject`),
followed for draws by contributor set by the set's 16 bytes: of fixed length for a purpose, so that the plain
CBC-MAC below is a pseudo-random function (Bellare, Kilian, Rogaway 1994), like what it keys:

    tag    = CBC-MAC-AES-256(mac key, message)
    block  = AES-256(draw key, tag XOR slot / 2 in the last byte)            (16 bytes, for two slots)
    u1, u2 = (its halves, u64 LE, >> 11, + 1/2) / 2^53, both in (0, 1)
    normal = sqrt(-2 ln u1) cos(2 pi u2) in an even slot, sin in an odd one  (Box and Muller 1958)

AES, rather than one HMAC a draw, since all cells of a release go through it in one call.

Set: the sum modulo 2^64, word by word, of AES-256(set key, group id) over the set's groups, the set key being
the mac key of the purpose "groups". Neither profile nor version is part of a message: the permanent noise of
a client outlives every change of profile.
"""

from __future__ import annotations

import hmac
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from numpy.typing import NDArray

from privacy.panels import Codes

KEY_BYTES: Final = 32
SUBJECT_BYTES: Final = 32
PERMANENT: Final = 0
"""The period of what is drawn once for all."""

Subjects = NDArray[np.void]
"""Shape (n,), dtype V32."""
Words = NDArray[np.uint64]
"""Shape (n, 2): 16 bytes a row, little-endian words."""
Flat = NDArray[np.uint64]
"""Shape (2 n,): the same in one line, which NumPy goes through faster."""


def wide_subject(kind: str, code: int) -> bytes:
    """Subject of a cell that is no client's: its kind and number in 32 bytes.

    Wide cells have purposes of their own, so that no pseudonym, chosen as it may be, meets one.
    """
    return kind.encode().ljust(SUBJECT_BYTES - 1, b"\0") + bytes([code])


def set_words(key: bytes, groups: NDArray[np.void], member: Codes, starts: Codes) -> Words:
    """The contributor sets' 16 bytes each, (sets, 2).

    `groups` are V16; `member` are places in it, set after set, none empty; `starts` where each set begins.
    """
    if not len(starts):
        return np.zeros((0, 2), np.uint64)
    mac_key, _ = _keys(key, "groups", PERMANENT)
    words = _aes(_cipher(mac_key), np.ascontiguousarray(groups).view("<u8")).reshape(-1, 2)
    return np.stack([np.add.reduceat(words[member, half], starts) for half in (0, 1)], axis=1)


def normals(  # noqa: PLR0917
    key: bytes,
    purpose: str,
    period: int,
    subjects: Subjects,
    slots: tuple[int, ...],
    sets: Words | None = None,
) -> NDArray[np.float64]:
    """Standard normals, (slots, subjects). ValueError: the key is not 32 bytes."""
    mac, draw = (_cipher(half) for half in _keys(key, purpose, period))
    halves = np.ascontiguousarray(subjects).view("V16").reshape(-1, 2)
    first, second = (np.ascontiguousarray(half).view("<u8") for half in halves.T)
    tag = _aes(mac, first)
    tag = _aes(mac, tag ^ second)
    if sets is not None:
        tag = _aes(mac, tag ^ sets.reshape(-1))
    drawn = np.empty((len(slots), len(subjects)))
    for block in sorted({slot // 2 for slot in slots}):
        tweaked = tag.copy()
        tweaked[1::2] ^= np.uint64(block << 56)  # the last byte of sixteen
        uniform = (_aes(draw, tweaked) >> np.uint64(11)).astype(np.float64)
        uniform += 0.5
        uniform /= 2.0**53
        radius, angle = np.sqrt(-2.0 * np.log(uniform[::2])), 2.0 * np.pi * uniform[1::2]
        for place, slot in enumerate(slots):
            if slot // 2 == block:
                drawn[place] = radius * (np.sin(angle) if slot % 2 else np.cos(angle))
    return drawn


def _keys(key: bytes, purpose: str, period: int) -> tuple[bytes, bytes]:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a release key has {KEY_BYTES} bytes, not {len(key)}")
    message = b"vigie/noise/v1\0" + purpose.encode() + b"\0" + period.to_bytes(4, "little")
    both = hmac.digest(key, message, "sha512")
    return both[:32], both[32:]


def _cipher(key: bytes) -> CipherContext:
    return Cipher(algorithms.AES256(key), modes.ECB()).encryptor()  # noqa: S305 - a permutation of blocks


def _aes(encryptor: CipherContext, words: Flat) -> Flat:
    """Each 16 bytes, two words, through the block cipher by themselves."""
    return np.frombuffer(encryptor.update(words.astype("<u8", copy=False).view(np.uint8).data), "<u8")
