"""What a table's line in `server.retention` says: what it holds, whose it may be, how long, who erases."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """Whose personal data the rows may be."""

    NOBODY = "nobody"
    USERS = "users"
    """People who use the product for a member or for the operator."""
    CLIENTS = "clients"
    """Figures under a pseudonym: of legal persons, as far as members keep sole traders out."""
    SEALED = "sealed"
    """Ciphertext that the operator cannot open; what is inside is the member's."""


class Unit(StrEnum):
    """What a period is counted in."""

    SECONDS = "seconds"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    RELEASES = "releases"


@dataclass(frozen=True, slots=True)
class Period:
    """So many units after something; `after` in English and French."""

    count: int
    unit: Unit
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """One table: what it holds (English, French), whose it may be, how long, and by which code it goes."""

    holds: tuple[str, str]
    whose: Whose
    period: Period | None
    """None: for as long as the network, or the firm's membership, lasts; `until` says which."""
    until: tuple[str, str] = ("", "")
    erased_by: str | None = None
    """Module and function, such as "server.sessions:erase_expired"."""
