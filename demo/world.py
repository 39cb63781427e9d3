"""The fictional network as a plan: firms, clients, who supplies whom, on what terms.

Knows: shares and distributions, each chosen so that sharing is as sparse as in real ledgers (most clients
have one supplier in the network, a few have ten). Everything follows from a seed. Invoices are in `ledgers`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.upload import month_index
from demo import words
from demo.sirens import canonical, siren
from demo.stories import CAST, Story, cast_for
from demo.words import FirmWords

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# (days, kind, share): 0 net, 1 end of month then days, 2 days then end of month; none over the ceiling.
TERMS: Final = ((30, 0, 0.25), (45, 0, 0.15), (60, 0, 0.22), (30, 1, 0.16), (45, 1, 0.16), (45, 2, 0.06))
# Firm -> how many months after the network's first it joins; the others found it.
JOINS_AFTER: Final = {10: 3, 11: 3, 12: 8, 13: 14}
LATE_STARTERS: Final = 0.15  # of relations begin during the months played, within this share of clients
LEAVERS: Final = 0.08  # of relations end during them
REGIONS: Final = 13


@dataclass(frozen=True, slots=True)
class Scale:
    """How big a network to invent. `suppliers`: (number of supplying firms, number of such clients)."""

    seed: int
    first_month: int  # month index of the first month that the firms contribute as members
    months: int
    lead_in_months: int  # ledgers reach this far back before the first month
    firms: int
    suppliers: tuple[tuple[int, int], ...]

    @property
    def clients(self) -> int:
        """How many clients, all firms together."""
        return sum(count for _, count in self.suppliers)


FULL: Final = Scale(
    seed=2026,
    first_month=month_index(2024, 11),
    months=24,
    lead_in_months=6,
    firms=14,
    suppliers=(
        (1, 340), (2, 105), (3, 52), (4, 30),
        (5, 25), (6, 17), (7, 11), (8, 9), (9, 7), (10, 8), (11, 7), (12, 5), (13, 2), (14, 2),
    ),
)  # fmt: skip
SMALL: Final = Scale(
    seed=7,
    first_month=month_index(2026, 7),
    months=4,
    lead_in_months=3,
    firms=7,
    suppliers=((1, 20), (2, 8), (3, 4), (5, 4), (6, 4), (7, 6)),
)


@dataclass(frozen=True, slots=True)
class Firm:
    """A member firm; `joins` is its first month as a member (its history goes back further)."""

    place: int
    words: FirmWords
    joins: int

    @property
    def name(self) -> str:
        """What its letterhead says."""
        return self.words.name

    @property
    def email(self) -> str:
        """Its credit manager's address, under a top-level domain that resolves nowhere (RFC 2606)."""
        return f"{words.slug(self.words.person).replace('-', '.')}@{words.slug(self.name)}.example"


@dataclass(frozen=True, slots=True)
class Client:
    """A shared client; `story` is the name of the story it plays in, if any."""

    place: int
    name: str
    siren: str
    town: str
    sector: int
    region: int
    story: str | None

    @property
    def identifier(self) -> str:
        """The canonical identifier, as the member's side blinds it."""
        return canonical(self.siren)


@dataclass(frozen=True, slots=True)
class Relations:
    """Who supplies whom, in columns of one length r.

    firm, client: places; start, end: first and last month invoiced (index); terms_days, terms_kind;
    effect_days: how much later than its habit the client pays this firm; invoices_monthly: mean number;
    cents: median amount of an invoice.
    """

    firm: Ints
    client: Ints
    start: Ints
    end: Ints
    terms_days: Ints
    terms_kind: Ints
    effect_days: Floats
    invoices_monthly: Floats
    cents: Floats


@dataclass(frozen=True, slots=True)
class World:
    """The plan of one network."""

    scale: Scale
    firms: list[Firm]
    clients: list[Client]
    relations: Relations
    stories: dict[str, Story]

    def suppliers(self) -> Ints:
        """Number of supplying firms of each client, over the whole time; shape (clients,)."""
        return np.bincount(self.relations.client, minlength=len(self.clients)).astype(np.int64)


def full(months: int) -> Scale:
    """The full network with fewer months to live through; its last month stays."""
    return replace(FULL, months=months, first_month=FULL.first_month + FULL.months - months)


def build(scale: Scale = FULL) -> World:
    """Invent the network of a scale: the same scale gives the same network."""
    random = np.random.default_rng(scale.seed)
    wanted = np.repeat([number for number, _ in scale.suppliers], [count for _, count in scale.suppliers])
    wanted = random.permutation(wanted)
    stories = cast_for(scale.firms, wanted)
    sectors = _sectors(random, wanted, stories)
    firms = [
        Firm(place, words.FIRMS[place], scale.first_month + min(JOINS_AFTER.get(place, 0), scale.months // 2))
        for place in range(scale.firms)
    ]
    clients = _clients(random, sectors, stories)
    relations = _relations(random, scale, firms, (wanted, sectors), stories)
    return World(scale, firms, clients, relations, stories)


def _sectors(random: np.random.Generator, wanted: Ints, stories: dict[str, Story]) -> Ints:
    shares = words.SECTOR_SHARES
    sectors = random.choice(np.array(list(shares)), size=len(wanted), p=np.array(list(shares.values())))
    for story in stories.values():
        sectors[story.client] = CAST[story.name].sector
    return sectors.astype(np.int64)


def _clients(random: np.random.Generator, sectors: Ints, stories: dict[str, Story]) -> list[Client]:
    told = {story.client: story.name for story in stories.values()}
    towns = random.permutation(len(words.WEATHER) * len(words.ANIMALS))
    regions = random.integers(1, REGIONS + 1, len(towns))
    numbers = random.permutation(np.arange(9_000))[: len(sectors)]
    taken: set[str] = set()
    clients = []
    for place, sector in enumerate(sectors.tolist()):
        at = int(towns[place % len(towns)])
        town = words.town(at)
        trades = words.TRADES[sector]
        first = int(random.integers(len(trades)))
        form = words.FORMS[int(random.integers(len(words.FORMS)))]
        turns = [*trades[first:], *trades[:first], f"{trades[first]} {place}"]
        name = next(name for trade in turns if (name := f"{trade} {words.of(town)} {form}") not in taken)
        taken.add(name)
        after = words.AFTER_TOWN[int(random.integers(len(words.AFTER_TOWN)))]
        number = siren(int(numbers[place]))
        clients.append(Client(place, name, number, town + after, sector, int(regions[at]), told.get(place)))
    return clients


def _relations(
    random: np.random.Generator,
    scale: Scale,
    firms: list[Firm],
    clients: tuple[Ints, Ints],
    stories: dict[str, Story],
) -> Relations:
    """Draw each client's suppliers without replacement, weighted by size and by whom a firm sells to."""
    wanted, sectors = clients
    weights = np.array([firm.words.weight for firm in firms])
    fits = np.array([[6.0 if sector in firm.words.sells_to else 1.0 for firm in firms] for sector in sectors])
    # Gumbel's trick: the largest keys are a weighted draw without replacement.
    keys = np.log(weights * fits) + random.gumbel(size=(len(wanted), len(firms)))
    for story in stories.values():
        keys[story.client, : min(3, len(firms))] += 100.0  # whoever logs in finds the stories in its ledger
        if story.firm is not None:
            keys[story.client, story.firm] += 200.0
    rank = np.argsort(np.argsort(-keys, axis=1), axis=1)
    client, firm = np.nonzero(rank < wanted[:, None])
    count = len(client)
    first, last = scale.first_month - scale.lead_in_months, scale.first_month + scale.months - 1
    steady = np.isin(client, [story.client for story in stories.values()]) | (wanted[client] >= 10)
    start = np.full(count, first)
    joins_late = (random.random(count) < LATE_STARTERS) & ~steady
    start[joins_late] = random.integers(scale.first_month, last + 1, int(joins_late.sum()))
    end = np.full(count, last)
    leaves = (random.random(count) < LEAVERS) & ~steady & ~joins_late
    end[leaves] = random.integers(scale.first_month, last + 1, int(leaves.sum()))
    terms = random.choice(len(TERMS), size=count, p=np.array([share for _, _, share in TERMS]))
    effect = random.normal(0.0, 4.0, count)
    for story in stories.values():
        if story.effect_days is not None:
            effect[(client == story.client) & (firm == story.firm)] = story.effect_days
    return Relations(
        firm=firm.astype(np.int64),
        client=client.astype(np.int64),
        start=start.astype(np.int64),
        end=end.astype(np.int64),
        terms_days=np.array([days for days, _, _ in TERMS])[terms],
        terms_kind=np.array([kind for _, kind, _ in TERMS])[terms],
        effect_days=effect,
        invoices_monthly=np.clip(random.lognormal(0.1, 0.55, count), 0.4, 5.0),
        cents=random.lognormal(np.log(180_000.0), 0.9, count),
    )
