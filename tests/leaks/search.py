"""Searches bytes for many patterns at once, looking into whatever is compressed or encoded in them.

Every position is looked at: eight bytes from there are one number, compared with the patterns' first eight.
Then zlib, gzip and raw base64 or hexadecimal runs are opened and searched in turn, three levels deep.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

import numpy as np

from tests.leaks.spellings import SHORTEST

DEPTH_MAX = 3
INFLATED_BYTES_MAX = 64 * 1024 * 1024
STREAM = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
HEX_RUN = re.compile(rb"[0-9a-fA-F]{24,}")
JSON_ESCAPE = re.compile(rb"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Found:
    """A pattern, what it spells, where it was, the bytes around it."""

    spelling: str
    where: str
    around: bytes


class Search:
    """Patterns made ready: `patterns` maps bytes (8 or more) to what they spell."""

    def __init__(self, patterns: Mapping[bytes, str]) -> None:
        self.patterns: dict[int, list[bytes]] = {}
        self.spells = dict(patterns)
        for pattern in patterns:
            assert len(pattern) >= SHORTEST, pattern
            self.patterns.setdefault(int.from_bytes(pattern[:8], "little"), []).append(pattern)
        self.heads = np.array(sorted(self.patterns), np.uint64)
        self.first_two = np.zeros(65_536, bool)
        self.first_two[(self.heads & np.uint64(0xFFFF)).astype(np.int64)] = True

    def look(self, content: bytes, where: str, depth: int = 0) -> list[Found]:
        """Everything found in `content` and in what is packed in it."""
        found = list(self._plain(content, where))
        if depth < DEPTH_MAX:
            for inner, how in unpacked(content):
                found += self.look(inner, f"{where} > {how}", depth + 1)
        return found

    def look_in(self, folder: Path) -> list[Found]:
        """The same in every file below a folder."""
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return [hit for path in files for hit in self.look(path.read_bytes(), str(path.relative_to(folder)))]

    def _plain(self, content: bytes, where: str) -> Iterator[Found]:
        padded = np.frombuffer(content + bytes(16), np.uint8)
        for offset in range(8):
            words = padded[offset:]
            words = words[: len(words) // 8 * 8].view("<u8")
            likely = np.flatnonzero(self.first_two[(words & np.uint64(0xFFFF)).astype(np.int64)])
            place = np.minimum(np.searchsorted(self.heads, words[likely]), len(self.heads) - 1)
            for at in likely[self.heads[place] == words[likely]].tolist():
                start = at * 8 + offset
                for pattern in self.patterns[int(words[at])]:
                    if content.startswith(pattern, start):
                        around = content[max(0, start - 24) : start + len(pattern) + 24]
                        yield Found(self.spells[pattern], f"{where} at {start}", around)


def unpacked(content: bytes) -> Iterator[tuple[bytes, str]]:
    """What is compressed or encoded in `content`, decoded, with how it was."""
    for match in STREAM.finditer(content):
        inner = _inflated(content[match.start() :])
        if len(inner) >= SHORTEST:
            yield inner, f"inflated at {match.start()}"
    # Whatever stands before a run may look like its first digits: every alignment is read.
    runs = [match.group() for match in BASE64_RUN.finditer(content)]
    for shift in range(4 if runs else 0):
        yield b"\0".join(_unbased(run[shift:]) for run in runs), f"base64, shifted by {shift}"
    digits = [match.group().decode() for match in HEX_RUN.finditer(content)]
    for shift in range(2 if digits else 0):
        yield b"\0".join(_unhexed(run[shift:]) for run in digits), f"hexadecimal, shifted by {shift}"
    if b"%" in content and (plain := unquote_to_bytes(content)) != content:
        yield plain, "percent-decoded"
    if JSON_ESCAPE.search(content):
        yield (
            JSON_ESCAPE.sub(lambda found: chr(int(found[1], 16)).encode("utf-8", "replace"), content),
            "unescaped",
        )


def _inflated(content: bytes) -> bytes:
    """As much as inflates; nothing where it was no stream after all."""
    stream = zlib.decompressobj(wbits=47)
    try:
        return stream.decompress(content, INFLATED_BYTES_MAX)
    except zlib.error:
        return _inflated_before_the_fault(content)


def _inflated_before_the_fault(content: bytes) -> bytes:
    stream, out = zlib.decompressobj(wbits=47), bytearray()
    try:
        for at in range(0, min(len(content), 1 << 20), 64):
            out += stream.decompress(content[at : at + 64])
    except zlib.error:
        pass
    return bytes(out)


def _unhexed(run: str) -> bytes:
    return bytes.fromhex(run[: len(run) // 2 * 2])


def _unbased(run: bytes) -> bytes:
    run = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    run = run[: len(run) - (len(run) % 4 == 1)]
    try:
        return base64.b64decode(run + b"=" * (-len(run) % 4))
    except binascii.Error:
        return b""
