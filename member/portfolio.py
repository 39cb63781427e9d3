"""The firm's own clients beside their published cells: names are resolved here, and nowhere else.

Knows: the book, own rows, cells. The comparison is `benchmark.comparison`'s; the page shows the same facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from benchmark.comparison import Balance, Comparison, Month, own_values, ranked
from benchmark.comparison_many import NOTHING, Histories, compare_many, empty
from benchmark.ledger import BUCKETS, Contributions
from benchmark.upload import decode, known
from member.book import Client, Contents
from member.releases import SPAN_MONTHS, Published, read_published
from member.verify import prove_new
from privacy.disclosure import CELL_DTYPE, MISSING, TERMS

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
    history: Sequence[Month]
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
        """Clients with a figure on both sides: the firm's own and the published centre."""
        return sum(line.facts.gap is not None for line in self.lines)

    @property
    def published(self) -> int:
        """Clients with a published cell, compared or not."""
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
    # Nothing owed is no term of payment to show, though the network's mean counts it as none.
    histories = empty(late, np.where(dso == 0, np.nan, dso))
    _lay_cells(histories, published, clients, month)
    amounts = _balances(rows, len(clients), last_sent)
    owed = [Balance(one.overdue or 0, one.not_due or 0, one.disputed or 0) for one in amounts]
    facts = compare_many(histories, owed)
    bands = histories.band[:, -1].tolist()
    told, sectors = _told(published, month), published.sectors.get(month, {})
    lines = [
        Line(
            client,
            facts[place],
            History(histories, place),
            bands[place],
            amounts[place].outstanding,
            amounts[place].overdue,
            amounts[place].disputed,
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
    """Every month sent: places of the clients that the book has, and their rows."""
    finder = _Finder(clients)
    found: Contributions = {}
    for month, encoded in contents.sent.items():
        rows = decode(encoded).rows
        place, there = finder.places(rows["pseudonym"])
        found[month] = (place[there].astype(np.int32), rows[there])
    return found


class _Finder:
    """Places of clients by pseudonym."""

    def __init__(self, clients: list[Client]) -> None:
        names = np.array([client.pseudonym for client in clients], "V32")
        self._order = np.argsort(names)
        self._ascending = names[self._order]

    def places(self, wanted: NDArray[np.void]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """The client of each pseudonym, and whether there is one (else its place is void)."""
        if not len(self._ascending):
            return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), bool)
        theirs = np.ascontiguousarray(wanted)
        at = np.minimum(np.searchsorted(self._ascending, theirs), len(self._ascending) - 1)
        return self._order[at], np.asarray(self._ascending[at] == theirs)


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
    columns = [_values(sent[name], known(sent, name)) for name in ("outstanding", "not_due", "disputed")]
    for client, outstanding, not_due, disputed, late in zip(
        place.tolist(), *columns, _values(overdue, aged), strict=True
    ):
        found[client] = _Amounts(outstanding, not_due, late, disputed)
    return found


def _values(cents: NDArray[np.int64], told: NDArray[np.bool_]) -> list[int | None]:
    return [value if there else None for value, there in zip(cents.tolist(), told.tolist(), strict=True)]


def _lay_cells(histories: Histories, published: Published, clients: list[Client], last: int) -> None:
    """Lay the published cells of SPAN_MONTHS months up to `last` beside own values."""
    finder = _Finder(clients)
    for month, cells in published.cells.items():
        column = month - (last - SPAN_MONTHS + 1)
        if not 0 <= column < SPAN_MONTHS:
            continue
        place, there = finder.places(cells["pseudonym"])
        mine, found = place[there], cells[there]
        histories.band[mine, column] = found["band"]
        for name, column_of in (
            ("days_late", histories.centre),
            ("spread", histories.spread),
            ("dso", histories.centre_dso),
        ):
            told = found[name].astype(np.int64)  # NOTHING does not fit into a cell's 16 bits
            column_of[mine, column] = np.where(told == MISSING, NOTHING, told)


class History(Sequence[Month]):
    """One client's months, oldest first, made when they are looked at: a portfolio has half a million."""

    def __init__(self, of: Histories, client: int) -> None:
        self._of, self._client = of, client

    def __len__(self) -> int:
        return int(self._of.late.shape[1])

    @overload
    def __getitem__(self, at: int) -> Month: ...
    @overload
    def __getitem__(self, at: slice) -> list[Month]: ...
    def __getitem__(self, at: int | slice) -> Month | list[Month]:
        if isinstance(at, slice):
            return [self._of.month(self._client, one) for one in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self._of.month(self._client, at)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((id(self._of), self._client))
