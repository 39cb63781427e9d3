"""What happened to electronic invoices: prepayments, credit notes, statuses of their lives, in order.

Knows: 207 disputes an invoice until its next status, 212 cashes it in whole or in part, 225 says that it was
sold to a factor, a refused or cancelled one is owed no more.
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from member.client_list import Known
from member.connectors.einvoice_xml import CASHED, FACTORED, IN_DISPUTE, NOT_OWED, EInvoice, Status
from member.connectors.fec import Terms
from member.currency import Rates, convert


@dataclass(frozen=True, slots=True)
class Reading:
    """How documents are read: see import_file.Options; `today` the last day that may have happened."""

    today: date
    accounts: Lookup[str, Known]
    currency: str
    rates: Rates
    terms: Terms | None
    skip_bad: bool
    through_month: int
    months: int | None


@dataclass(slots=True)
class Events:
    """What happened to documents: parts (place, cents, ordinal day, money?), disputes, sales to a factor."""

    documents: list[EInvoice]
    left: NDArray[np.int64]
    parts: list[tuple[int, int, int, bool]] = field(default_factory=list)
    disputed: set[int] = field(default_factory=set)
    factored: set[int] = field(default_factory=set)

    def _close(self, at: int, cents: int, day: int, *, money: bool) -> None:
        if cents:
            self.left[at] -= cents
            self.parts.append((at, cents, max(day, self.documents[at].invoiced), money))

    def prepaid(self) -> None:
        """What was paid before an invoice was written is no payment of it: its day is not told."""
        for at, one in enumerate(self.documents):
            self._close(at, one.cents - one.open_cents, one.invoiced, money=False)

    def credit_notes(self) -> None:
        """A credit note that names its invoice closes that much of it."""
        places = {one.number: at for at, one in enumerate(self.documents) if one.cents > 0}
        for at, one in enumerate(self.documents):
            for number in one.replaces if one.cents < 0 else ():
                other = places.get(number)
                if other is not None:
                    cents = min(int(self.left[other]), -int(self.left[at]))
                    self._close(other, cents, one.invoiced, money=False)
                    self._close(at, -cents, max(one.invoiced, self.documents[other].invoiced), money=False)

    def follow(self, statuses: list[Status], reading: Reading) -> None:
        """Statuses in order of their days; of unknown invoices none is followed."""
        places = {one.number: at for at, one in enumerate(self.documents)}
        today = (reading.today - date(1970, 1, 1)).days
        for status in sorted(statuses, key=lambda one: one.day or 0):
            at = places.get(status.number)
            if at is None or status.day is None or status.day > today:
                continue
            self.disputed.discard(at)
            if status.code == CASHED:
                cents = int(self.left[at])
                if status.cents is not None:
                    rate = reading.rates.get(status.currency.upper())
                    told = status.cents if rate is None else int(convert(np.array([status.cents]), rate)[0])
                    cents = min(told, cents) if self.left[at] > 0 else told
                self._close(at, cents, status.day, money=True)
            elif status.code == IN_DISPUTE:
                self.disputed.add(at)
            elif status.code == FACTORED:
                self.factored.add(at)
            elif status.code in NOT_OWED:
                self._close(at, int(self.left[at]), status.day, money=False)
