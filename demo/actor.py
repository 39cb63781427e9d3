"""A fictional firm at its own keyboard: its ledger on one side, the real agent on the other.

Knows: the agent's functions (enrol, push), as `vigie` would call them. Used by the demo and by the replay.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from member.enrol import enrol
from member.keys import account_key_text
from member.keystore import Member
from member.network import Network
from member.push import push

from demo.ledgers import Ledger
from demo.links import Account
from demo.words import slug
from member.imported import from_invoices

Accounts = Callable[[int], Ledger]
"""Month index -> what the firm's accounts show at the end of that month."""


@dataclass
class Actor:
    """One firm. `joins`: its first full month; `ledger`: its accounts."""

    name: str
    email: str
    joins: int
    ledger: Accounts
    password: str = field(default_factory=lambda: secrets.token_urlsafe(9), repr=False)
    member: Member | None = field(default=None, repr=False)
    network: Network | None = field(default=None, repr=False)
    rows_sent: int = 0

    def portfolio(self) -> int:
        """What the firm declares at its admission: the clients it has, and a tenth more."""
        clients, _ = self.ledger(self.joins - 1)
        return max(10, len(clients) * 11 // 10 + 1)

    def join(self, url: str, invitation: str, homes: Path) -> None:
        """Enrol as administrator, keeping keys and book in a folder of its own."""
        self.network = Network(url)
        home = homes / slug(self.name)
        self.member = enrol(self.network, invitation, self.email, self.password, home)

    def report(self, month: int, months: int = 1) -> int:
        """Import and push the last `months` months up to `month`; rows sent."""
        assert self.member is not None
        clients, invoices = self.ledger(month)
        imported = from_invoices(clients, invoices, month, months)
        if not imported.months:
            return 0
        push(self.member, imported)
        rows = sum(len(rows) for _, rows in imported.months.values())
        self.rows_sent += rows
        return rows

    def account(self) -> Account:
        """How a visitor logs in as this firm."""
        assert self.member is not None
        return Account(self.name, self.email, self.password, account_key_text(self.member.account_key))

    def leave_keyboard(self) -> None:
        """Close the connection."""
        if self.network is not None:
            self.network.close()
