"""Every firm's invoices, from its first lead-in month to the last month played: what its accounts would show.

Knows: how often relations invoice, the year's seasons, when each invoice is paid. A ledger asked for in one
month knows nothing of later ones: what is not paid by then is open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import EPOCH_MONTH
from benchmark.ledger import Invoices
from demo.stories import AUGUST_SECTORS, AUGUST_SHARE, CAST, days_by_month
from demo.world import World
from member.imported import ImportedClient

Days = NDArray[np.datetime64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

Ledger = tuple[list[ImportedClient], Invoices]
"""What one firm's accounts show: its clients and their invoices."""

NEVER = np.datetime64("NaT", "D")
DAY = np.timedelta64(1, "D")
# Share of a year's sales by month, January first: August is slow everywhere.
SEASON = np.array([0.95, 0.95, 1.05, 1.0, 1.0, 1.1, 0.9, 0.45, 1.1, 1.15, 1.1, 1.0])
CREDIT_NOTES = 0.012  # of documents


@dataclass(frozen=True, slots=True)
class Ledgers:
    """All invoices in columns of one length, sorted by relation and date; `settled` NaT: never paid."""

    relation: Ints
    cents: Ints
    invoiced: Days
    due: Days
    settled: Days
    disputed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Misposting:
    """A mistake that a firm finds later: the payments of one month posted to the wrong client's invoices."""

    firm: int
    month: int
    client: int
    days: int  # by how much the posted dates were late


def write(world: World) -> Ledgers:
    """All firms' invoices; the same world gives the same ones."""
    random = np.random.default_rng([world.scale.seed, 1])
    relation, invoiced, cents = _invoices(random, world)
    relations = world.relations
    due = _due(invoiced, relations.terms_days[relation], relations.terms_kind[relation])
    late = _days_late(random, world, relation, due)
    disputed = np.zeros(len(relation), bool)
    settled = due + np.maximum(late, (invoiced - due).astype(np.int64) + 3) * DAY
    for story in world.stories.values():
        role = CAST[story.name]
        onset = _first_day(world.scale.first_month + role.from_month)
        theirs = relations.client[relation] == story.client
        if role.stops:
            settled[theirs & (settled >= onset)] = NEVER
        if role.disputes:
            over = _first_day(world.scale.first_month + role.until_month)
            contested = (
                theirs & (relations.firm[relation] == role.firm) & (invoiced >= onset) & (invoiced < over)
            )
            disputed |= contested
            settled[contested] = due[contested] + (int(role.days_most) + late[contested] % 20) * DAY
    settled = _august(random, world, relation, settled)
    return Ledgers(relation, cents, invoiced, due, _working_day(settled), disputed)


def ledger(
    world: World, ledgers: Ledgers, firm: int, through_month: int, misposted: Misposting | None = None
) -> Ledger:
    """What one firm's accounts show at the end of a month: its clients so far and their invoices.

    Clients keep their places from month to month, new ones come last.
    """
    end = _first_day(through_month + 1)
    relations = world.relations
    mine = (relations.firm[ledgers.relation] == firm) & (ledgers.invoiced < end)
    relation = ledgers.relation[mine]
    own = np.unique(relation)
    own = own[np.lexsort((own, relations.start[own]))]
    place = np.zeros(len(relations.firm), np.int32)
    place[own] = np.arange(len(own))
    settled = ledgers.settled[mine].copy()
    if misposted is not None and misposted.firm == firm:
        wrong = (relations.client[relation] == misposted.client) & (
            settled.astype("M8[M]") == np.datetime64(misposted.month - EPOCH_MONTH, "M")
        )
        settled[wrong] += misposted.days * DAY
    settled[settled >= end] = NEVER
    invoices = Invoices(
        client=place[relation],
        cents=ledgers.cents[mine],
        invoiced=ledgers.invoiced[mine],
        due=ledgers.due[mine],
        settled=settled,
        disputed=ledgers.disputed[mine] & np.isnat(settled),
    )
    return [_imported(world, int(at)) for at in own], invoices


def _imported(world: World, relation: int) -> ImportedClient:
    relations = world.relations
    client = world.clients[int(relations.client[relation])]
    return ImportedClient(
        account=f"411{client.place:05d}",
        name=client.name,
        identifier=client.identifier,
        city=client.town,
        sector=client.sector,
        region=client.region,
        terms_days=int(relations.terms_days[relation]),
        terms_kind=int(relations.terms_kind[relation]),
    )


def _first_day(month: int) -> np.datetime64:
    first: np.datetime64 = np.datetime64(month - EPOCH_MONTH, "M").astype("M8[D]")
    return first


def _invoices(random: np.random.Generator, world: World) -> tuple[Ints, Days, Ints]:
    """Relation, date and cents of each: a Poisson number each month, the first and last month never empty."""
    scale, relations = world.scale, world.relations
    first = scale.first_month - scale.lead_in_months
    months = np.arange(first, scale.first_month + scale.months)
    rate = relations.invoices_monthly[:, None] * SEASON[months % 12][None, :]
    number = random.poisson(rate)
    alive = (months >= relations.start[:, None]) & (months <= relations.end[:, None])
    number[alive & ((months == relations.start[:, None]) | (months == relations.end[:, None]))] += 1
    for story in world.stories.values():
        role = CAST[story.name]
        if role.stops:  # its suppliers deliver for two months more
            alive[relations.client == story.client] &= months < scale.first_month + role.from_month + 2
        number[relations.client == story.client] += 1  # regular enough that its story is told every month
    number[~alive] = 0
    relation, at = np.nonzero(number)
    repeats = number[relation, at]
    relation, month = np.repeat(relation, repeats), np.repeat(months[at], repeats)
    starts = (month - EPOCH_MONTH).astype("M8[M]")
    length = ((starts + 1).astype("M8[D]") - starts.astype("M8[D]")).astype(np.int64)
    invoiced = starts.astype("M8[D]") + (random.random(len(month)) * length).astype(np.int64) * DAY
    cents = (relations.cents[relation] * random.lognormal(0.0, 0.5, len(month))).astype(np.int64) + 1
    credit = random.random(len(month)) < CREDIT_NOTES
    cents[credit] = -cents[credit] // 5
    order = np.lexsort((invoiced, relation))
    return relation[order].astype(np.int64), invoiced[order], cents[order]


def _due(invoiced: Days, days: Ints, kind: Ints) -> Days:
    def month_end(of: Days) -> Days:
        return np.asarray((of.astype("M8[M]") + 1).astype("M8[D]") - DAY)

    net = invoiced + days * DAY
    return np.where(kind == 0, net, np.where(kind == 1, month_end(invoiced) + days * DAY, month_end(net)))


def _days_late(random: np.random.Generator, world: World, relation: Ints, due: Days) -> Ints:
    """The client's habit, its month, the relation, and the invoice's own luck."""
    scale, relations = world.scale, world.relations
    clients = len(world.clients)
    habit = np.where(
        random.random(clients) < 0.18,
        np.minimum(14.0 + random.exponential(11.0, clients), 55.0),
        random.normal(5.0, 5.0, clients),
    )
    for story in world.stories.values():
        habit[story.client] = CAST[story.name].base_days
    months = scale.lead_in_months + scale.months + 12  # due dates reach past the last month
    sectors = np.array([client.sector for client in world.clients])
    path = days_by_month(world.stories, sectors, -scale.lead_in_months, months)
    wander = np.zeros((clients, months))
    for month in range(1, months):
        wander[:, month] = 0.8 * wander[:, month - 1] + random.normal(0.0, 1.3, clients)
    at = due.astype("M8[M]").astype(np.int64) + EPOCH_MONTH - (scale.first_month - scale.lead_in_months)
    client = relations.client[relation]
    late = habit[client] + (path + wander)[client, at] + relations.effect_days[relation]
    late += random.normal(0.0, 4.0, len(relation))
    forgotten = random.random(len(relation)) < 0.03
    late += np.where(forgotten, random.exponential(25.0, len(relation)), 0.0)
    return np.rint(late).astype(np.int64)


def _august(random: np.random.Generator, world: World, relation: Ints, settled: Days) -> Days:
    closes = np.array([client.sector in AUGUST_SECTORS for client in world.clients])
    closes &= random.random(len(closes)) < AUGUST_SHARE
    month = settled.astype("M8[M]")
    waits = closes[world.relations.client[relation]] & ~np.isnat(settled)
    waits &= (month.astype(np.int64) % 12 == 7) & ~np.isnat(month)
    reopened = (month + 1).astype("M8[D]") + random.integers(0, 6, len(settled)) * DAY
    return np.where(waits, reopened, settled)


def _working_day(settled: Days) -> Days:
    """Payments that fall on a weekend arrive on Monday."""
    weekday = (settled.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    wait = np.where(weekday >= 5, 7 - weekday, 0)
    return np.where(np.isnat(settled), settled, settled + wait * DAY)
