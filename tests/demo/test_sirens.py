"""The fictional clients' numbers are well formed and nobody's."""

import pytest
from stdnum.fr import siren as standard

from demo import sirens
from privacy import identifiers


def test_every_fictional_siren_has_a_valid_check_digit_and_lies_below_every_number_ever_given_out() -> None:
    numbers = [sirens.siren(place) for place in range(sirens.CAPACITY)]
    assert all(standard.is_valid(number) for number in numbers)
    assert len(set(numbers)) == sirens.CAPACITY
    assert max(numbers) < "000100000"  # the register's files begin at 000325175, old notices at 000199968
    assert min(numbers) > "000000009"  # 000000000 is other people's placeholder


def test_the_product_reads_them_as_the_demo_writes_them() -> None:
    number = sirens.siren(4_711)
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    for text in (number, spaced):
        assert str(identifiers.canonical(text)) == sirens.canonical(number)


def test_what_is_fictional_is_told_from_what_may_be_real() -> None:
    assert sirens.fictional(sirens.siren(0))
    assert sirens.fictional(sirens.siren(sirens.CAPACITY - 1))
    assert not sirens.fictional("552100554")
    assert not sirens.fictional("000325175")
    assert not sirens.fictional("00001000")


def test_the_range_has_an_end() -> None:
    with pytest.raises(ValueError, match="fictional SIREN"):
        sirens.siren(sirens.CAPACITY)
