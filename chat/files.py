"""A file in sealed chunks, so that it can be sent and fetched piece by piece and nobody in between reads it.

Each chunk is AES-256-GCM over 64 KiB of plaintext (the last one filled up with zeros: a size says a number
of chunks, no more) under the file's own random key. Its nonce is its number, so that a key never serves one
nonce twice; its associated data bind it to conversation, file, number and count, so that chunks can be
neither exchanged, reordered nor left out. The message that announces the file brings key, size and SHA-256.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chat.contents import FILE_BYTES_MAX, FILE_CHUNK_BYTES, File
from chat.envelope import TAG_BYTES
from chat.keys import Entropy
from chat.refusals import Code, Refusal

SEALED_CHUNK_BYTES: Final = FILE_CHUNK_BYTES + TAG_BYTES
CHUNKS_MAX: Final = -(-FILE_BYTES_MAX // FILE_CHUNK_BYTES)


def chunks_of(size: int) -> int:
    """How many chunks a file of so many bytes has: at least one."""
    return max(1, -(-size // FILE_CHUNK_BYTES))


def announce(
    content: bytes, name: str, media_type: str, sent_at: int, entropy: Entropy = os.urandom
) -> File | Refusal:
    """The message that announces a file, with a fresh key."""
    if len(content) > FILE_BYTES_MAX:
        return Refusal(Code.TOO_LARGE, f"a file of {len(content)} bytes; at most {FILE_BYTES_MAX}")
    digest = hashlib.sha256(content).digest()
    return File(entropy(16), name, media_type, len(content), entropy(32), digest, sent_at)


def seal_chunk(file: File, conversation: bytes, content: bytes, number: int) -> bytes:
    """Chunk `number` (from 0) of the content, sealed: SEALED_CHUNK_BYTES bytes."""
    part = content[number * FILE_CHUNK_BYTES : (number + 1) * FILE_CHUNK_BYTES]
    padded = part.ljust(FILE_CHUNK_BYTES, b"\0")
    return AESGCM(file.key).encrypt(_nonce(number), padded, _bound(file, conversation, number))


def open_file(file: File, conversation: bytes, chunks: Iterator[bytes]) -> bytes | Refusal:
    """The content, when every chunk is in its place and the whole is what was announced."""
    opened = bytearray()
    key = AESGCM(file.key)
    for number in range(chunks_of(file.size)):
        chunk = next(chunks, b"")
        try:
            opened += key.decrypt(_nonce(number), chunk, _bound(file, conversation, number))
        except InvalidTag:
            return Refusal(Code.UNREADABLE, f"chunk {number} of the file does not open in its place")
    content, filling = bytes(opened[: file.size]), opened[file.size :]
    if any(filling) or hashlib.sha256(content).digest() != file.digest:
        return Refusal(Code.BODY, "the file is not the one that was announced")
    return content


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "little")


def _bound(file: File, conversation: bytes, number: int) -> bytes:
    count = chunks_of(file.size)
    return (
        b"vigie/file/v1\0"
        + conversation
        + file.id
        + number.to_bytes(4, "little")
        + count.to_bytes(4, "little")
    )
