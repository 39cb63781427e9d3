"""A file arrives whole and as it was announced, or not at all; a size says a number of chunks and no more."""

from __future__ import annotations

import os

import pytest

from chat.contents import FILE_BYTES_MAX, FILE_CHUNK_BYTES, File
from chat.files import CHUNKS_MAX, SEALED_CHUNK_BYTES, announce, chunks_of, open_file, seal_chunk
from chat.refusals import Code, Refusal

TALK = bytes(range(16))


def sealed(content: bytes) -> tuple[File, list[bytes]]:
    file = announce(content, "extrait.pdf", "application/pdf", 0)
    assert isinstance(file, File)
    return file, [seal_chunk(file, TALK, content, number) for number in range(chunks_of(file.size))]


@pytest.mark.parametrize("size", [0, 1, FILE_CHUNK_BYTES, FILE_CHUNK_BYTES + 1, 3 * FILE_CHUNK_BYTES - 1])
def test_a_file_comes_back_as_it_was_in_chunks_of_one_size(size: int) -> None:
    content = os.urandom(size)
    file, chunks = sealed(content)
    assert open_file(file, TALK, iter(chunks)) == content
    assert {len(chunk) for chunk in chunks} == {SEALED_CHUNK_BYTES}


def test_chunks_cannot_be_exchanged_reordered_left_out_or_taken_elsewhere() -> None:
    content = os.urandom(3 * FILE_CHUNK_BYTES)
    file, chunks = sealed(content)
    other, others = sealed(content)
    for wrong in ([chunks[1], chunks[0], chunks[2]], chunks[:2], [chunks[0], others[1], chunks[2]], []):
        found = open_file(file, TALK, iter(wrong))
        assert isinstance(found, Refusal)
        assert found.code is Code.UNREADABLE
    assert isinstance(open_file(file, bytes(16), iter(chunks)), Refusal)
    assert isinstance(open_file(other, TALK, iter(chunks)), Refusal)


def test_another_content_than_the_announced_one_is_refused() -> None:
    file, _ = sealed(b"as announced")
    chunks = [seal_chunk(file, TALK, b"as exchanged", 0)]
    found = open_file(file, TALK, iter(chunks))
    assert isinstance(found, Refusal)
    assert found.code is Code.BODY


def test_a_file_beyond_the_limit_is_refused_before_anything_is_sealed() -> None:
    found = announce(bytes(FILE_BYTES_MAX + 1), "x", "", 0)
    assert isinstance(found, Refusal)
    assert found.code is Code.TOO_LARGE
    assert chunks_of(FILE_BYTES_MAX) == CHUNKS_MAX
