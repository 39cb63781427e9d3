"""A fictional network of firms, month by month, as plain arrays: the world that attacks are scored in.

Knows: who supplies whom, what each relation's payments look like, who joins, leaves, corrects, sends late.
Must not know: policies, attackers.

Sharing is heavy-tailed: a client has n suppliers with a probability that falls as n^-1.9, which puts a little
over half of all relations into clients with five or more. A relation's days late are

    client (of its sector, with a slow path of its own, a few degrade for good)
    + firm (how well it collects) + relation (sd 12 days in all, a tenth of them twice as wide) + month

and its countback DSO is its terms, plus its days late, plus 3 days of accidents. Everything follows from the
seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.float64]  # (relations, months) unless said otherwise
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

START = 2023 * 12  # January: a quarter's first month
SECTORS, REGIONS = 21, 13
TERMS = ((30, 0), (45, 1), (60, 0), (30, 1), (45, 0))  # days and kind of benchmark.upload
TERMS_SHARES = (0.35, 0.25, 0.25, 0.1, 0.05)
TERMS_EQUIVALENT = (30.0, 60.0, 60.0, 45.0, 45.0)  # days: end of month adds half a month on average
RELATION_SD, RELATION_WIDE_SD, WIDE_SHARE = 10.5, 21.0, 0.1
FIRM_SD, CLIENT_SD, MONTH_SD, DSO_SD = 4.0, 8.0, 5.0, 3.0
SECTOR_SD = 5.0
CORRECTION_SD = 15.0
TERMS_SHARED = 0.8  # of firms
SLOW_KEPT, SLOW_SD = (
    0.9,
    3.0,
)  # a client's slow path: what is kept from month to month, and its width in the end
LEVEL_DAYS = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Relations are sorted by firm, then client; none twice."""

    months: int
    firm_id: NDArray[np.void]  # (firms,) V16
    group_id: NDArray[np.void]  # (firms,) V16
    first_full: Codes  # (firms,) month places; below zero: before the first
    last: Codes  # (firms,) month places of the last upload
    shares_terms: Mask  # (firms,) opted in
    delayed: Mask  # (firms, months) the upload for the month arrives a month after it is due
    names: NDArray[np.void]  # (clients,) V32, sorted
    sector: Codes  # (clients,) 1..21
    region: Codes  # (clients,) 1..13
    client_days: Days  # (clients, months) what all of a client's relations share
    degraded_from: Codes  # (clients,) month place, or -1
    firm: Codes  # (relations,)
    client: Codes  # (relations,)
    begins: Codes  # (relations,) month place of its first row
    ends: Codes  # (relations,) month place of its last row
    gap: Mask  # (relations, months) no row although it lives
    late: Days  # what is true in the end
    late_first: Days  # what the firm said first
    dso: Days
    terms: Codes  # (relations,) place in TERMS
    amount: NDArray[np.int64]  # (relations, months) cents paid
    incident: NDArray[np.uint8]  # (relations, months)
    label: NDArray[np.uint8]  # (relations, months) the sector that the firm names, 0: none

    @property
    def relations(self) -> int:
        """How many there are."""
        return len(self.firm)

    def sent(self) -> Mask:
        """Whether the firm has a row for the relation and month; (relations, months)."""
        month = np.arange(self.months)
        lives = (month >= self.begins[:, None]) & (month <= self.ends[:, None])
        member = month <= self.last[self.firm][:, None]
        return lives & member & ~self.gap

    def own_group(self) -> Mask:
        """Firms that are alone in their group; (firms,)."""
        _, code, count = np.unique(self.group_id, return_inverse=True, return_counts=True)
        return np.asarray(count[code.reshape(-1)] == 1)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a network is."""

    firms: int = 200
    clients: int = 3000
    months: int = 24
    suppliers_max: int = 40


def make(seed: int, size: Size = Size()) -> Network:  # frozen
    """A network; the same seed and size give the same one."""
    rng = np.random.default_rng(seed)
    firms, clients, months = size.firms, size.clients, size.months
    firm, client = _pairs(rng, size)
    count = len(firm)
    first_full = np.where(rng.random(firms) < 0.2, rng.integers(1, months, firms), -1)
    sector = rng.integers(1, SECTORS + 1, clients)
    client_days, degraded_from = _client_paths(rng, sector, months)
    terms = _terms(rng, client, clients)
    late = client_days[client] + redrawn(rng, count, months)
    late += (rng.normal(0, FIRM_SD, firms))[firm][:, None]
    corrected = rng.random((count, months)) < 0.03
    begins = np.where(rng.random(count) < 0.15, rng.integers(0, months, count), 0)
    ends = np.where(rng.random(count) < 0.15, rng.integers(0, months, count), months)
    incident = np.where(late > 45, (rng.random((count, months)) < 0.3).astype(np.uint8), np.uint8(0))
    return Network(
        months=months,
        firm_id=_ids(rng, firms),
        group_id=_group_ids(rng, firms),
        first_full=first_full,
        last=np.where(rng.random(firms) < 0.08, rng.integers(months // 2, months, firms), months),
        delayed=rng.random((firms, months)) < 0.04,
        shares_terms=rng.random(firms) < TERMS_SHARED,
        names=np.sort(np.frombuffer(rng.bytes(32 * clients), "V32")),
        sector=sector,
        region=rng.integers(1, REGIONS + 1, clients),
        client_days=client_days,
        degraded_from=degraded_from,
        firm=firm,
        client=client,
        begins=np.maximum(begins, first_full[firm]),
        ends=np.maximum(begins + 3, ends),
        gap=rng.random((count, months)) < 0.06,
        late=late,
        late_first=np.where(corrected, late + rng.normal(0, CORRECTION_SD, (count, months)), late),
        dso=dso_of(rng, late, terms),
        terms=terms,
        amount=(rng.lognormal(13.0, 1.2, count)[:, None] * rng.uniform(0.7, 1.3, (count, months))).astype(
            np.int64
        )
        + 10_000,
        incident=incident,
        label=np.repeat(sector[client].astype(np.uint8)[:, None], months, axis=1),
    )


def redrawn(rng: np.random.Generator, relations: int, months: int) -> Days:
    """The part of the days late that is a relation's own, all months of it: drawn anew in a twin world."""
    wide = rng.random(relations) < WIDE_SHARE
    own = rng.normal(0, 1, relations) * np.where(wide, RELATION_WIDE_SD, RELATION_SD)
    return own[:, None] + rng.normal(0, MONTH_SD, (relations, months))


def dso_of(rng: np.random.Generator, late: Days, terms: Codes) -> Days:
    """Countback DSO that goes with days late and terms; never below zero."""
    equivalent = np.array(TERMS_EQUIVALENT)[terms][:, None]
    return np.asarray(np.maximum(0.0, equivalent + late + rng.normal(0, DSO_SD, late.shape)))


def without(network: Network, relations: Codes) -> Network:
    """The same network in which these relations never had a row."""
    gap = network.gap.copy()
    gap[relations] = True
    return replace(network, gap=gap)


def twin(network: Network, relations: Codes, seed: int, *, terms_too: bool = False) -> Network:
    """The same network in which these relations' own series are drawn anew, and nothing else is."""
    rng = np.random.default_rng(seed)
    late, late_first, dso = network.late.copy(), network.late_first.copy(), network.dso.copy()
    terms, incident = network.terms.copy(), network.incident.copy()
    shift = network.late_first[relations] - network.late[relations]
    shift = np.where(shift == 0, 0.0, rng.normal(0, CORRECTION_SD, shift.shape))
    fresh = network.client_days[network.client[relations]] + redrawn(rng, len(relations), network.months)
    fresh += rng.normal(0, FIRM_SD, len(relations))[:, None]
    late[relations], late_first[relations] = fresh, fresh + shift
    if terms_too:
        terms[relations] = _terms_like(rng, network, relations)
    dso[relations] = dso_of(rng, fresh, terms[relations])
    incident[relations] = np.where(fresh > 45, rng.random(fresh.shape) < 0.3, False)
    return replace(network, late=late, late_first=late_first, dso=dso, terms=terms, incident=incident)


def _pairs(rng: np.random.Generator, size: Size) -> tuple[Codes, Codes]:
    """Firm and client of every relation: large firms supply many."""
    counts = np.arange(1, size.suppliers_max + 1)
    chance = counts**-1.9
    suppliers = rng.choice(counts, size.clients, p=chance / chance.sum())
    weight = rng.normal(0, 0.8, size.firms)
    keys = weight - np.log(-np.log(rng.random((size.clients, size.firms))))
    order = np.argsort(-keys, axis=1)[:, : size.suppliers_max]
    chosen = np.arange(size.suppliers_max) < suppliers[:, None]
    firm, client = order[chosen], np.nonzero(chosen)[0]
    sort = np.lexsort((client, firm))
    return firm[sort].astype(np.int64), client[sort].astype(np.int64)


def _client_paths(rng: np.random.Generator, sector: Codes, months: int) -> tuple[Days, Codes]:
    clients = len(sector)
    level = LEVEL_DAYS + rng.normal(0, SECTOR_SD, SECTORS + 1)[sector] + rng.normal(0, CLIENT_SD, clients)
    slow, step = np.zeros((clients, months)), SLOW_SD * (1 - SLOW_KEPT**2) ** 0.5
    for month in range(1, months):
        slow[:, month] = SLOW_KEPT * slow[:, month - 1] + rng.normal(0, step, clients)
    degraded = np.where(
        rng.random(clients) < 0.05, rng.integers(months // 2, max(months - 6, months // 2 + 1), clients), -1
    )
    since = np.arange(months) - degraded[:, None]
    rise = rng.uniform(25, 50, clients)[:, None] * np.clip((since + 1) / 3, 0, 1)
    return level[:, None] + slow + np.where(degraded[:, None] >= 0, rise, 0.0), degraded


def _terms(rng: np.random.Generator, client: Codes, clients: int) -> Codes:
    """A client's habit for most of its suppliers; two clients in five impose theirs on everyone."""
    habit = rng.choice(len(TERMS), clients, p=TERMS_SHARES)
    imposed = rng.random(clients) < 0.4
    own = rng.choice(len(TERMS), len(client), p=TERMS_SHARES)
    follows = imposed[client] | (rng.random(len(client)) < 0.5)
    return np.where(follows, habit[client], own).astype(np.int64)


def _terms_like(rng: np.random.Generator, network: Network, relations: Codes) -> Codes:
    """Fresh terms of relations, drawn as those of the client's other relations are, or from all."""
    own = rng.choice(len(TERMS), len(relations), p=TERMS_SHARES)
    others = np.ones(network.relations, bool)
    others[relations] = False
    table = np.zeros((len(network.names), len(TERMS)))
    np.add.at(table, (network.client[others], network.terms[others]), 1.0)
    habit = np.argmax(table, axis=1)[network.client[relations]]
    return np.where(rng.random(len(relations)) < 0.7, habit, own).astype(np.int64)


def _ids(rng: np.random.Generator, firms: int) -> NDArray[np.void]:
    return np.frombuffer(rng.bytes(16 * firms), "V16")


def _group_ids(rng: np.random.Generator, firms: int) -> NDArray[np.void]:
    """One firm in ten shares its group with the one before it."""
    ids = _ids(rng, firms).copy()
    for firm in np.nonzero(rng.random(firms) < 0.1)[0]:
        ids[firm] = ids[max(0, firm - 1)]
    return ids
