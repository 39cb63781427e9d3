"""A fictional network, invoice by invoice, with known declines and defaults: what lead time is measured in.

Knows: who supplies whom, when each invoice falls due and is paid, what each client goes through and when.
Must not know: policies, detectors, rules.

A client pays late by a level of its own, plus its sector's slow path, plus what August does to everybody,
plus a slow path of its own; each supplier finds it later or sooner by a habit of the two, and every invoice
by an accident. Shapes (`SHAPES`), some of them gone through once:

drift     a supplier's delays rise by 25 to 60 days within six months; twelve months after the first began to
          wait, nothing is paid any more
stop      delays jump by 25 to 60 days at once; three to five months later nothing is paid any more
recovery  delays rise by 25 to 60 days within four months, stay for two, fall back within four
dispute   one supplier alone is paid 70 days later, for six months, and says that the amounts are disputed
seasonal  delays follow the year, 12 days up and down: nothing is wrong

A client in decline makes some suppliers wait first: a supplier's own delays move with a lag (`WAITS`) of none
(two in five; three in five where it stops) or else of 1 to 8 months (5 in a recovery, 2 where it stops).
Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import countback, days_late_in_window
from benchmark.tally import UploadInWindow
from benchmark.upload import FIELD_BIT, FIELDS, ROW_DTYPE

START = 2023 * 12  # a January
SHAPES = ("none", "drift", "stop", "recovery", "dispute", "seasonal")
SHARES = (0.75, 0.07, 0.05, 0.04, 0.05, 0.04)
DECLINES = ("drift", "stop", "recovery")
WAITS = {"drift": (0.4, 8), "stop": (0.6, 2), "recovery": (0.4, 5)}
SECTORS = 6
LEVEL_SHAPE, LEVEL_SCALE = 1.5, 8.0  # gamma, days
HABIT_SD, ACCIDENT_SD, OWN_SD, SECTOR_SD = 6.0, 8.0, 2.0, 1.5
SLOWNESS = 0.7  # how much of a path stays from month to month
AUGUST_DAYS, CHRISTMAS_DAYS, SEASON_DAYS = 7.0, 3.0, 12.0
GRACE_DAYS = 30
NEVER = 1 << 30
INVOICED = 0.9
WINDOW = 3
OPEN_MONTHS = 15  # what is open for longer is written off

Days = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a network is, and when a decline may begin."""

    firms: int = 60
    clients: int = 500
    months: int = 44
    first_onset: int = 20
    last_onset: int = 30
    rise_days: tuple[float, float] = (25.0, 60.0)
    """Least and most by which a drift, stop or recovery slows the client."""


USUAL = Size()


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Relations are sorted by firm, then client. Months are places from 0, days count from START's first."""

    size: Size
    month_starts: Codes  # (months + 2,)
    names: NDArray[np.void]  # (clients,) V32, sorted
    sector: Codes  # (clients,) 1..
    shape: Codes  # (clients,) place in SHAPES
    onset: Codes  # (clients,) month place; -1 without
    ends: Codes  # (clients,) last month of the episode; -1 without
    firm: Codes  # (relations,)
    client: Codes  # (relations,)
    begins: Codes  # (relations,)
    stops: Codes  # (relations,)
    usual: Days  # (relations,) how late the client usually pays this supplier
    disputing: NDArray[np.bool_]  # (relations,)
    amount: Codes  # (relations, months) cents, 0: no invoice
    due: Codes  # (relations, months) day
    paid: Codes  # (relations, months) day, NEVER
    issued: Codes  # (relations, months) day
    own_late: Days  # (relations, months) the network's formula over WINDOW months, NaN where unknown
    own_dso: Days  # (relations, months)
    rows: list[NDArray[np.void]]  # by month, every relation's row (relations,)

    def published_on(self, month: int) -> int:
        """The day on which the release of a month is published: the 12th of the month after."""
        return int(self.month_starts[month + 1]) + 11

    def in_decline(self) -> NDArray[np.bool_]:
        """(clients,) those that go through a decline."""
        return np.isin(self.shape, [SHAPES.index(one) for one in DECLINES])

    def first_overdue(self, grace_days: int = GRACE_DAYS) -> Codes:
        """(relations,) the day on which an invoice is first so much later than usual, or NEVER."""
        onset = self.onset[self.client]
        late = (self.paid - self.due > self.usual[:, None] + grace_days) & (self.amount > 0)
        late &= (onset >= 0)[:, None] & (self.due >= self.month_starts[np.maximum(onset, 0)][:, None])
        day = np.where(late, self.due + np.rint(self.usual).astype(np.int64)[:, None] + grace_days, NEVER)
        return day.min(axis=1)

    def uploads(self, month: int) -> list[UploadInWindow]:
        """What a release of the month reads: every firm's rows of the window."""
        bounds = np.searchsorted(self.firm, np.arange(self.size.firms + 1))
        made = []
        for when in range(max(0, month - WINDOW + 1), month + 1):
            sent = (when >= self.begins) & (when <= self.stops)
            for firm in range(self.size.firms):
                own = slice(bounds[firm], bounds[firm + 1])
                rows = self.rows[when][own][sent[own]]
                identity = (firm + 1).to_bytes(16, "big")
                made.append(UploadInWindow(identity, identity, 0, START + when, rows))
        return made


def make(seed: int, size: Size = USUAL, *, together: bool = False) -> World:
    """A world; the same arguments give the same one. `together`: a decline reaches all suppliers at once."""
    rng = np.random.default_rng(seed)
    firm, client = _pairs(rng, size)
    count, months = len(firm), size.months
    first = np.datetime64(f"{START // 12:04d}-{START % 12 + 1:02d}", "M")
    starts = (first + np.arange(months + 3)).astype("datetime64[D]").astype(np.int64)
    starts -= starts[0]
    sector = rng.integers(1, SECTORS + 1, size.clients)
    shape = rng.choice(len(SHAPES), size.clients, p=SHARES)
    told = ~np.isin(shape, [SHAPES.index("none"), SHAPES.index("seasonal")])
    onset = np.where(told, rng.integers(size.first_onset, size.last_onset + 1, size.clients), -1)
    length = np.select(
        [shape == SHAPES.index("stop"), shape == SHAPES.index("dispute"), shape == SHAPES.index("drift")],
        [rng.integers(3, 6, size.clients), 6, 12],
        10,
    )
    ends = np.where(told, onset + length, -1)
    disputing = np.zeros(count, bool)
    for one in np.nonzero(shape == SHAPES.index("dispute"))[0]:
        disputing[rng.choice(np.nonzero(client == one)[0])] = True
    habit = rng.normal(0, HABIT_SD, count)
    level = np.minimum(rng.gamma(LEVEL_SHAPE, LEVEL_SCALE, size.clients), 60.0)
    terms = rng.choice([30, 45, 60], count)
    issued = starts[:months] + rng.integers(0, 28, (count, months))
    due = issued + terms[:, None]
    due_month = np.minimum(np.searchsorted(starts, due, side="right") - 1, months + 1)
    calm = _calm(rng, size, sector, shape) + level[:, None]
    effect, never = _episode(
        rng, shape, onset, ends, client, due_month, disputing, size.rise_days, together=together
    )
    delay = calm[client[:, None], due_month] + habit[:, None] + effect
    delay += rng.normal(0, ACCIDENT_SD, (count, months))
    paid = due + np.maximum(np.rint(delay).astype(np.int64), -terms[:, None])
    paid[never] = NEVER
    size_of = rng.lognormal(12.0, 1.0, count)[:, None] * rng.uniform(0.6, 1.4, (count, months))
    amount = np.where(rng.random((count, months)) < INVOICED, size_of.astype(np.int64) + 10_000, 0)
    rows, own_late, own_dso = _rows(amount, issued, due, paid, starts, disputing, sector[client])
    names = np.sort(np.frombuffer(rng.bytes(32 * size.clients), "V32"))
    for one in rows:
        one["pseudonym"] = names[client]
    return World(
        size, starts, names, sector, shape, onset, ends, firm, client,
        begins=np.where(rng.random(count) < 0.15, rng.integers(0, months // 2, count), 0),
        stops=np.where(rng.random(count) < 0.10, rng.integers(months // 2, months, count), months),
        usual=level[client] + habit, disputing=disputing, amount=amount, due=due, paid=paid, issued=issued,
        own_late=own_late, own_dso=own_dso, rows=rows,
    )  # fmt: skip


def _pairs(rng: np.random.Generator, size: Size) -> tuple[Codes, Codes]:
    """Heavy-tailed sharing: a client has 3 to 40 suppliers."""
    wanted = np.clip((3 + rng.pareto(1.4, size.clients) * 4).astype(int), 3, min(40, size.firms))
    order = rng.random((size.clients, size.firms)).argsort(axis=1).argsort(axis=1)
    client, firm = np.nonzero(order < wanted[:, None])
    sort = np.lexsort((client, firm))
    return firm[sort], client[sort]


def _path(rng: np.random.Generator, count: int, months: int, sd: float) -> Days:
    path = np.zeros((count, months))
    path[:, 0] = rng.normal(0, sd, count)
    for month in range(1, months):
        path[:, month] = SLOWNESS * path[:, month - 1] + rng.normal(0, sd * (1 - SLOWNESS**2) ** 0.5, count)
    return path


def _calm(rng: np.random.Generator, size: Size, sector: Codes, shape: Codes) -> Days:
    """(clients, months + 2) what happens to a client without an episode, above its level."""
    months = size.months + 2
    calendar = np.arange(months) % 12
    year = np.where(calendar == 7, AUGUST_DAYS, 0.0) + np.where(calendar == 11, CHRISTMAS_DAYS, 0.0)
    weight = rng.uniform(0.6, 1.4, SECTORS + 1)  # some sectors close longer
    shared = _path(rng, SECTORS + 1, months, SECTOR_SD) + weight[:, None] * year
    peak = rng.integers(0, 12, size.clients)
    season = SEASON_DAYS * np.cos(2 * np.pi * (calendar - peak[:, None]) / 12)
    season *= (shape == SHAPES.index("seasonal"))[:, None]
    return np.asarray(shared[sector] + season + _path(rng, size.clients, months, OWN_SD))


def _episode(
    rng, shape, onset, ends, client, due_month, disputing, rise_days, *, together
) -> tuple[Days, NDArray[np.bool_]]:
    """(relations, months) days that the episode adds to an invoice, and whether it is never paid."""
    rise = rng.uniform(*rise_days, len(shape))[client][:, None]
    lag = np.zeros(len(client), np.int64)
    for name, (at_once, longest) in WAITS.items():
        mine = shape[client] == SHAPES.index(name)
        drawn = np.where(rng.random(len(client)) < at_once, 0, rng.integers(1, longest + 1, len(client)))
        lag[mine] = 0 if together else drawn[mine]
    since = due_month - (onset[client] + lag)[:, None]
    whole = due_month - onset[client][:, None]
    on = (onset[client] >= 0)[:, None] & (since >= 0)
    kind = shape[client][:, None]
    fall = np.clip((10 - whole) / 4, 0, 1)
    effect = np.select(
        [
            kind == SHAPES.index("drift"),
            kind == SHAPES.index("stop"),
            kind == SHAPES.index("recovery"),
            kind == SHAPES.index("dispute"),
        ],
        [
            rise * np.clip((since + 1) / 6, 0, 1),
            rise,
            rise * np.minimum(np.clip((since + 1) / 4, 0, 1), fall),
            70.0 * disputing[:, None] * (whole < 6),
        ],
        0.0,
    )
    defaulting = np.isin(kind, [SHAPES.index("drift"), SHAPES.index("stop")])
    never = defaulting & (onset[client] >= 0)[:, None] & (due_month >= ends[client][:, None])
    return np.where(on, effect, 0.0), never


def _rows(amount, issued, due, paid, starts, disputing, sector):
    """By month every relation's row, and own days late and DSO, (relations, months)."""
    count, months = amount.shape
    every = np.uint32((1 << len(FIELDS)) - 1)
    every &= ~(FIELD_BIT["terms_days"] | FIELD_BIT["terms_kind"] | FIELD_BIT["region"])
    rows, sales = [], np.zeros((months, count), np.int64)
    own_late, own_dso = np.full((2, count, months), np.nan)
    for month in range(months):
        begin, end = starts[month], starts[month + 1]
        recent = slice(max(0, month - OPEN_MONTHS), month + 1)
        money, when_due, when_paid = amount[:, recent], due[:, recent], paid[:, recent]
        there = issued[:, recent] < end
        is_open = np.where(there & (when_paid >= end), money, 0)
        late_days = np.maximum(end - 1 - when_due, 0)
        settled = np.where((when_paid >= begin) & (when_paid < end), money, 0)
        row = np.zeros(count, ROW_DTYPE)
        row["present"] = every
        sales[month] = row["sales"] = amount[:, month]
        row["outstanding"] = is_open.sum(axis=1)
        row["not_due"] = np.where(late_days == 0, is_open, 0).sum(axis=1)
        edges = (0, 30, 60, 90, NEVER)
        for name, low, high in zip(
            ("late_1_30", "late_31_60", "late_61_90", "late_91_plus"), edges, edges[1:], strict=False
        ):
            row[name] = np.where((late_days > low) & (late_days <= high), is_open, 0).sum(axis=1)
        row["paid"] = settled.sum(axis=1)
        row["paid_days_late"] = (settled * (np.minimum(when_paid, end) - when_due)).sum(axis=1)
        row["open_late_days"] = (is_open * late_days).sum(axis=1)
        row["disputed"] = np.where(disputing, row["outstanding"] - row["not_due"], 0)
        row["sector"] = sector
        row["incident"] = (row["late_61_90"] + row["late_91_plus"]) > 0
        lengths = np.diff(starts[max(0, month - 14) : month + 2])
        row["dso"], known = countback(sales[max(0, month - 14) : month + 1], row["outstanding"], lengths)
        row["present"] &= np.where(known, every, every & ~FIELD_BIT["dso"])
        row["dso"][~known] = 0
        rows.append(row)
        window = rows[-WINDOW:]
        own_late[:, month] = days_late_in_window(
            sum(one["paid_days_late"] for one in window),
            row["open_late_days"],
            sum(one["paid"] for one in window),
            row["outstanding"] - row["not_due"],
            row["outstanding"],
        )
        own_dso[:, month] = np.where(known, row["dso"] / 10, np.nan)
    return rows, own_late, own_dso
