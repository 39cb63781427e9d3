"""What happens to whom: a handful of clients whose troubles a visitor can find in the demo.

Knows: by how many days each story moves a client's payments in each month, and how to tell it in a sentence.
Months count from 0, the first month that the network lives through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CONSTRUCTION: Final = 6


@dataclass(frozen=True, slots=True)
class Role:
    """A story as written: how shared its client is (at least), what sector it is in, what happens."""

    name: str
    suppliers_min: int
    sector: int
    base_days: float  # the client's habit before the story
    french: str
    english: str
    firm: int | None = None  # the one supplier it happens to, where it is one
    effect_days: float | None = None  # a habit towards that supplier alone
    from_month: int = 0
    until_month: int = 99
    days_monthly: float = 0.0
    days_most: float = 0.0
    stops: bool = False
    disputes: bool = False


CAST: Final[dict[str, Role]] = {
    role.name: role
    for role in (
        Role(
            name="decline", suppliers_min=11, sector=3, base_days=5.0,
            from_month=10, days_monthly=4.0, days_most=60.0,
            french="glisse depuis un an : tout le monde est payé de plus en plus tard",
            english="has been slipping for a year: everybody is paid later and later",
        ),
        Role(
            name="stop", suppliers_min=9, sector=7, base_days=2.0, from_month=20, stops=True,
            french="a cessé de payer d'un mois à l'autre",
            english="stopped paying from one month to the next",
        ),
        Role(
            name="dispute", suppliers_min=8, sector=6, base_days=4.0, firm=0, from_month=18,
            days_monthly=100.0, days_most=100.0, disputes=True,
            french="conteste les factures d'un seul fournisseur et paie bien les autres",
            english="disputes one supplier's invoices and pays the others well",
        ),
        Role(
            name="recovery", suppliers_min=10, sector=3, base_days=44.0,
            from_month=8, days_monthly=-5.0, days_most=-40.0,
            french="se redresse : quarante jours de retard il y a un an, à l'heure aujourd'hui",
            english="recovers: forty days late a year ago, on time today",
        ),
        Role(
            name="slow-to-one", suppliers_min=8, sector=3, base_days=3.0, firm=1, effect_days=32.0,
            french="paie un seul fournisseur avec un mois de retard, tous les autres à l'heure",
            english="pays one supplier a month late and all the others on time",
        ),
        Role(
            name="jump", suppliers_min=9, sector=7, base_days=6.0,
            from_month=20, days_monthly=38.0, days_most=38.0,
            french="paie soudain tout le monde plus d'un mois plus tard qu'avant",
            english="suddenly pays everybody more than a month later than before",
        ),
        Role(
            name="model", suppliers_min=10, sector=8, base_days=-8.0,
            french="paie tout le monde en avance",
            english="pays everybody early",
        ),
    )
}  # fmt: skip

# A whole sector slows down, later and less than a story of one client, and comes back.
SLOWDOWN_SECTOR: Final = CONSTRUCTION
SLOWDOWN_MONTHS: Final = (12, 15, 19, 22)  # starts, is full, begins to end, is over
SLOWDOWN_DAYS: Final = 11.0

# Who closes in August pays in September.
AUGUST_SECTORS: Final = (3, 6)
AUGUST_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Story:
    """A role and the client who plays it."""

    name: str
    client: int
    firm: int | None
    effect_days: float | None


def cast_for(firms: int, suppliers: Ints) -> dict[str, Story]:
    """Give each role to the least shared client that is shared enough, or leave it out.

    suppliers (clients,): how many firms supply each client.
    """
    taken: set[int] = set()
    stories = {}
    order = np.lexsort((np.arange(len(suppliers)), suppliers))
    for role in CAST.values():
        enough = min(role.suppliers_min, firms)
        fitting = [place for place in order.tolist() if suppliers[place] >= enough and place not in taken]
        if not fitting:
            continue
        taken.add(fitting[0])
        stories[role.name] = Story(role.name, fitting[0], role.firm, role.effect_days)
    return stories


def days_by_month(stories: dict[str, Story], sectors: Ints, first: int, months: int) -> Floats:
    """Days added to each client's habit in each month, shape (clients, months); month `first` comes first."""
    time = np.arange(first, first + months)
    days = np.zeros((len(sectors), months))
    start, full, ebb, over = SLOWDOWN_MONTHS
    wave = np.interp(time, [start, full, ebb, over], [0.0, SLOWDOWN_DAYS, SLOWDOWN_DAYS, 0.0])
    days[sectors == SLOWDOWN_SECTOR] += wave
    for story in stories.values():
        role = CAST[story.name]
        if role.stops or role.disputes:
            continue
        moved = role.days_monthly * np.clip(time - role.from_month + 1, 0, None)
        days[story.client] = np.clip(moved, min(0.0, role.days_most), max(0.0, role.days_most))
    return days


def tell(name: str, language: str) -> str:
    """The story of a role in one sentence, the client's name being its subject."""
    role = CAST[name]
    return role.french if language == "fr" else role.english
