"""The firm's own clients beside their published cells: names are resolved here, and nowhere else.

Knows: the book, own rows, cells. The comparison is `benchmark.comparison`'s; the page shows the same facts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.comparison import Balance, Cell, Comparison, Month, compare, own_values, ranked
from benchmark.ledger import BUCKETS, Contributions
from benchmark.upload import Rows, decode, known
from member.book import Client, Contents
from member.releases import SPAN_MONTHS, Published, by_pseudonym, read_published
from member.verify import prove_new
from privacy.disclosure import CELL_DTYPE, TERMS

if TYPE_CHECKING:
    from member.keystore import Member

LATE: Final = BUCKETS[1:]
_SAID: Final = ("pseudonym", "incident", *TERMS)
_NO_CELLS: Final = np.zeros(0, CELL_DTYPE)


@dataclass(frozen=True, slots=True)
class Line:
    """One client: facts at the portfolio's month, figures in cents at the last month sent (None unknown).

    `incident`: enough firms report that something happened. `terms`: bands of the shares of net days up to
    30, 45, 60 and more (1: under a quarter to 4: three quarters and more), None where not published.
    `sector`: the published cell of the client's sector, None where there is none.
    """

    client: Client
    facts: Comparison
    history: list[Month]
    band: int
    outstanding: int | None
    overdue: int | None
    disputed: int | None
    incident: bool = False
    terms: tuple[int, ...] | None = None
    sector: dict[str, int | None] | None = None

    @property
    def suppressed(self) -> bool:
        """Whether no cell of this client is published, whatever the reason."""
        return self.band == 0


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Every client of the book that contributes, most money at stake first.

    `month` (index) is what is compared: the newest release, else the last month sent; None with neither.
    `network` is the network's own cell of that month.
    """

    month: int | None
    released: bool
    last_sent: int | None
    lines: list[Line]
    network: dict[str, int | None]
    releases: int = 0
    """Months that are published and stand."""

    @property
    def compared(self) -> int:
        """Clients with a published cell."""
        return sum(not line.suppressed for line in self.lines)


def read_portfolio(member: Member) -> Portfolio:
    """The portfolio as the network and the book have it now. Raise Untrusted, NetworkRefused, Unreachable."""
    contents = member.shelf.sync(member)
    published = read_published(member)
    prove_new(member, published)
    return assemble(contents, published)


def assemble(contents: Contents, published: Published) -> Portfolio:
    """A pure function of the book and what is published."""
    last_sent = max(contents.sent, default=None)
    month = published.latest if published.latest is not None else last_sent
    if month is None:
        return Portfolio(None, False, None, [], {})
    clients = [client for client in contents.clients.values() if client.pseudonym]
    rows = _contributions(contents, clients)
    late, dso = own_values(rows, len(clients), month, SPAN_MONTHS)
    balances = _balances(rows, len(clients), last_sent)
    cells = _cells_by_client(published, clients, month)
    told, sectors = _told(published, month), published.sectors.get(month, {})
    lines = [
        replace(
            _line(client, late[place], dso[place], cells[place], balances[place]),
            **told.get(client.pseudonym or b"", {}),
            sector=sectors.get(client.sector),
        )
        for place, client in enumerate(clients)
    ]
    order = ranked([line.facts for line in lines])
    return Portfolio(
        month,
        month in published.manifests,
        last_sent,
        [lines[place] for place in order],
        published.network.get(month, {}),
        len(published.cells),
    )


def _told(published: Published, month: int) -> dict[bytes, dict[str, Any]]:
    """What a month's cells say beside days: incident and terms, by pseudonym."""
    found: dict[bytes, dict[str, Any]] = {}
    for pseudonym, incident, *terms in published.cells.get(month, _NO_CELLS)[list(_SAID)].tolist():
        found[pseudonym] = {"incident": bool(incident), "terms": tuple(terms) if any(terms) else None}
    return found


def _contributions(contents: Contents, clients: list[Client]) -> Contributions:
    places = {client.pseudonym: place for place, client in enumerate(clients)}
    found: Contributions = {}
    for month, encoded in contents.sent.items():
        rows = decode(encoded).rows
        packed = rows["pseudonym"].tobytes()
        place = np.array([places.get(packed[at : at + 32], -1) for at in range(0, len(packed), 32)], np.int32)
        found[month] = (place[place >= 0], rows[place >= 0])
    return found


@dataclass(frozen=True, slots=True)
class _Amounts:
    outstanding: int | None = None
    not_due: int | None = None
    overdue: int | None = None
    disputed: int | None = None


def _balances(rows: Contributions, clients: int, month: int | None) -> list[_Amounts]:
    """What each client owes at the last month sent; unknown without a row there."""
    found = [_Amounts()] * clients
    if month is None:
        return found
    place, sent = rows[month]
    overdue = sum((sent[name] for name in LATE), np.zeros(len(sent), np.int64))
    aged = np.logical_and.reduce([known(sent, name) for name in LATE]) if len(sent) else np.zeros(0, bool)
    for at, client in enumerate(place.tolist()):
        found[client] = _Amounts(
            _value(sent, "outstanding", at),
            _value(sent, "not_due", at),
            int(overdue[at]) if aged[at] else None,
            _value(sent, "disputed", at),
        )
    return found


def _value(rows: Rows, name: str, at: int) -> int | None:
    return int(rows[name][at]) if known(rows[at : at + 1], name)[0] else None


def _cells_by_client(published: Published, clients: list[Client], last: int) -> list[list[Cell | None]]:
    """(clients, SPAN_MONTHS) cells up to the month `last`; None where suppressed or out of sight."""
    places = {client.pseudonym: place for place, client in enumerate(clients)}
    found: list[list[Cell | None]] = [[None] * SPAN_MONTHS for _ in clients]
    for month, cells in published.cells.items():
        column = month - (last - SPAN_MONTHS + 1)
        if not 0 <= column < SPAN_MONTHS:
            continue
        for pseudonym, cell in by_pseudonym(cells):
            place = places.get(pseudonym)
            if place is not None:
                found[place][column] = cell
    return found


def _line(
    client: Client,
    late: NDArray[np.float64],
    dso: NDArray[np.float64],
    cells: list[Cell | None],
    amounts: _Amounts,
) -> Line:
    history = [Month(_number(late[column]), _number(dso[column]), cell) for column, cell in enumerate(cells)]
    balance = Balance(amounts.overdue or 0, amounts.not_due or 0, amounts.disputed or 0)
    now = history[-1].cell
    return Line(
        client,
        compare(history, balance),
        history,
        now.band if now else 0,
        amounts.outstanding,
        amounts.overdue,
        amounts.disputed,
    )


def _number(value: np.float64) -> float | None:
    return None if math.isnan(value) else float(value)
