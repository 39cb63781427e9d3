"""What the routes of cells accept and how they speak of counts."""

from __future__ import annotations

import pytest

from benchmark.upload import month_index
from server.cells import band_of, read_month, read_pseudonym
from server.problems import Refused


@pytest.mark.parametrize(
    ("count", "band"),
    [
        (0, "0"),
        (1, "1-9"),
        (9, "1-9"),
        (10, "10-19"),
        (19, "10-19"),
        (20, "20-49"),
        (49, "20-49"),
        (50, "50-99"),
        (99, "50-99"),
        (100, "100-199"),
        (12_345, "10000-19999"),
        (999_999, "500000-999999"),
    ],
)
def test_a_count_is_told_in_bands(count: int, band: str) -> None:
    assert band_of(count) == band


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
