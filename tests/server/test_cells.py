"""What the routes of cells accept and how they speak of counts."""

from __future__ import annotations

import pytest

from benchmark.upload import month_index
from server.cells import read_month, read_pseudonym
from server.problems import Refused


def test_a_month_is_read_from_its_text() -> None:
    assert read_month("2026-11") == month_index(2026, 11)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-1", "2026-13", "2026-00", "x026-11", "2026-11-01", "²026-11"]
)
def test_another_text_is_no_month(text: str) -> None:
    with pytest.raises(Refused):
        read_month(text)


def test_a_pseudonym_is_32_bytes_in_hexadecimal() -> None:
    assert read_pseudonym("ab" * 32) == b"\xab" * 32
    for text in ("", "ab" * 31, "zz" * 32, "ab" * 33):
        with pytest.raises(Refused):
            read_pseudonym(text)
