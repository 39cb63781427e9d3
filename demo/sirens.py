"""SIREN numbers that no company has: the identifiers of the fictional clients.

Knows: Luhn's check digit and which numbers the French register never gave out.

The range is 000 010 000 to 000 099 999. SIREN numbers are given out in sequence (public bodies, which begin
with 1 or 2, apart) and are never used again. The file of all legal units that INSEE publishes, sorted by
number, begins at 000 325 175; the oldest number that the commercial courts' notices still name begins with
000 199; 000 000 000 is known as a placeholder of test data that is in no register. Below 000 100 000 nobody
was ever registered, and a sequence does not come back to where it began. Numbers at the other end (99x xxx
xxx) would not do: they are being given out now. VAT numbers of Monaco have 000 where a French one has its
SIREN; they are no SIREN and are read as VAT numbers. Four zeros in front also tell a reader that a client is
invented.
"""

from __future__ import annotations

from typing import Final

FIRST: Final = 1_000  # the first eight digits, 000 010 00x
LAST: Final = 9_999  # 000 099 99x
CAPACITY: Final = LAST - FIRST + 1


def siren(place: int) -> str:
    """The `place`-th fictional SIREN, nine digits with its check digit; ValueError beyond the range."""
    if not 0 <= place < CAPACITY:
        raise ValueError(f"there are {CAPACITY} fictional SIREN, not {place + 1}")
    stem = f"{FIRST + place:08d}"
    return f"{stem}{check_digit(stem)}"


def check_digit(stem: str) -> int:
    """Luhn's digit after `stem`: from the right, every other digit doubled, digits summed, to a full ten."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(stem)))
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def canonical(number: str) -> str:
    """The canonical identifier of a SIREN: "fr.siren:000010009"."""
    return f"fr.siren:{number}"


def fictional(number: str) -> bool:
    """Whether a nine-digit SIREN is one of these."""
    return number.isdigit() and len(number) == 9 and FIRST <= int(number[:8]) <= LAST
