"""A real invoice list as a network: each revenue type one firm, each customer one shared client.

Knows: the columns of such a list (CSV with a heading line) and what is wrong with a row. Customers get
fictional SIREN numbers in the order of their names: no real identifier is needed, the list is only read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import month_end, month_of
from benchmark.ledger import Invoices
from demo.sirens import canonical, siren
from member.imported import ImportedClient

NEVER: Final = np.datetime64("NaT", "D")

FIRM: Final = "Revtype"
CLIENT: Final = "Customer"
AMOUNT: Final = "Inv tot amt"
INVOICED: Final = "Inv date"
DUE: Final = "Due date"
SETTLED: Final = "Settled date"
DISPUTE: Final = "Disputenumber"
COLUMNS: Final = (FIRM, CLIENT, AMOUNT, INVOICED, DUE, SETTLED, DISPUTE)
ROWS_MAX: Final = 1_000_000


class ListRefused(ValueError):
    """The file is no such invoice list; the text says where and why."""


@dataclass(frozen=True, slots=True)
class InvoiceList:
    """The whole list in columns of one length; firms and clients are places in the sorted names."""

    firms: list[str]
    clients: list[str]
    firm: NDArray[np.int32]
    invoices: Invoices

    @property
    def first_month(self) -> int:
        """Month index of the first invoice."""
        return int(month_of(self.invoices.invoiced).min())

    @property
    def last_month(self) -> int:
        """Month index of the last one."""
        return int(month_of(self.invoices.invoiced).max())

    def first_months(self) -> dict[int, int]:
        """Each firm's first invoice month."""
        months = month_of(self.invoices.invoiced)
        return {firm: int(months[self.firm == firm].min()) for firm in range(len(self.firms))}

    def client_names(self) -> list[ImportedClient]:
        """All clients in their places, as the firms' imports name them."""
        return [
            ImportedClient(account=f"C{place:04d}", name=name, identifier=identifier(place))
            for place, name in enumerate(self.clients)
        ]

    def ledger(self, firm: int, through_month: int) -> tuple[list[ImportedClient], Invoices]:
        """One firm's accounts at the end of a month, knowing nothing of later ones; its clients so far."""
        end = month_end(through_month)
        mine = (self.firm == firm) & (self.invoices.invoiced <= end)
        met = np.unique(self.invoices.client[mine], return_index=True)
        order = met[0][np.argsort(met[1])]  # by first appearance: places do not move
        place = np.zeros(len(self.clients), np.int32)
        place[order] = np.arange(len(order))
        settled = self.invoices.settled[mine].copy()
        settled[settled > end] = NEVER
        assert self.invoices.disputed is not None
        everybody = self.client_names()
        return [everybody[int(at)] for at in order], Invoices(
            client=place[self.invoices.client[mine]],
            cents=self.invoices.cents[mine],
            invoiced=self.invoices.invoiced[mine],
            due=self.invoices.due[mine],
            settled=settled,
            disputed=self.invoices.disputed[mine],
        )


def identifier(place: int) -> str:
    """The fictional identifier of the `place`-th customer."""
    return canonical(siren(place))


def read(path: Path) -> InvoiceList:
    """Read the whole list or raise ListRefused at its first fault."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252")
    except OSError as error:
        raise ListRefused(f"{path}: {error.strerror}") from error
    table = csv.DictReader(text.splitlines())
    missing = [name for name in COLUMNS if name not in (table.fieldnames or [])]
    if missing:
        raise ListRefused(f"{path.name}: no column {', '.join(missing)}; expected {', '.join(COLUMNS)}")
    rows = list(_rows(path.name, table))
    if not rows:
        raise ListRefused(f"{path.name}: no invoices")
    # The client book knows first appearances, so a list in order of date gives every firm stable places.
    rows.sort(key=lambda row: row[3])
    firms = sorted({row[0] for row in rows})
    clients = sorted({row[1] for row in rows})
    firm_at = {name: place for place, name in enumerate(firms)}
    client_at = {name: place for place, name in enumerate(clients)}
    return InvoiceList(
        firms,
        clients,
        np.array([firm_at[row[0]] for row in rows], np.int32),
        Invoices(
            client=np.array([client_at[row[1]] for row in rows], np.int32),
            cents=np.array([row[2] for row in rows], np.int64),
            invoiced=np.array([row[3] for row in rows], "M8[D]"),
            due=np.array([row[4] for row in rows], "M8[D]"),
            settled=np.array([row[5] for row in rows], "M8[D]"),
            disputed=np.array([row[6] for row in rows], bool),
        ),
    )


Row = tuple[str, str, int, np.datetime64, np.datetime64, np.datetime64, bool]


def _rows(name: str, table: csv.DictReader[str]) -> Iterator[Row]:
    for number, row in enumerate(table, start=2):
        if number > ROWS_MAX:
            raise ListRefused(f"{name}: more than {ROWS_MAX} rows")
        try:
            invoiced, due = np.datetime64(row[INVOICED].strip(), "D"), np.datetime64(row[DUE].strip(), "D")
            settled = np.datetime64(row[SETTLED].strip() or "NaT", "D")
            cents = int((Decimal(row[AMOUNT].strip()) * 100).to_integral_value())
            if np.isnat(invoiced) or np.isnat(due):
                raise ListRefused(f"{name}, row {number}: an invoice needs {INVOICED} and {DUE}")
            yield (
                row[FIRM].strip(),
                row[CLIENT].strip(),
                cents,
                invoiced,
                due,
                settled,
                bool((row[DISPUTE] or "").strip()),
            )
        except (ValueError, InvalidOperation, AttributeError) as error:
            if isinstance(error, ListRefused):
                raise
            raise ListRefused(f"{name}, row {number}: {error}; dates read YYYY-MM-DD") from error
