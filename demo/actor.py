"""A fictional firm at its own keyboard: its ledger on one side, the real agent on the other.

Knows: the agent's functions (enrol, push, talk), as `vigie` calls them. Used by the demo and by the replay.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmark.upload import Upload, decode
from demo.ledgers import Ledger
from demo.links import Account
from demo.stage import StageRefused
from member.answers import MonthCells
from member.enrol import enrol
from member.imported import from_invoices
from member.keys import account_key_text
from member.keystore import Member
from member.network import Network
from member.push import push
from member.refusals import MemberError

Accounts = Callable[[int], Ledger]
"""Month index -> what the firm's accounts show at the end of that month."""


@dataclass
class Actor:
    """One firm. `joins`: its first full month; `accounts`: what it invoiced and was paid, by month.

    `home`: where it keeps its keys and book; None keeps them in memory.
    """

    name: str
    email: str
    joins: int
    accounts: Accounts
    home: Path | None = None
    password: str = field(default_factory=lambda: secrets.token_urlsafe(9), repr=False)
    rows_sent: int = 0
    _member: Member | None = field(default=None, repr=False)

    @property
    def member(self) -> Member:
        """The firm's device; AssertionError before it has enrolled."""
        assert self._member is not None
        return self._member

    def portfolio(self) -> int:
        """What the firm declares at its admission: the clients it has, and a tenth more."""
        clients, _ = self.accounts(self.joins)
        return max(10, len(clients) * 11 // 10 + 1)

    def join(self, url: str, invitation: str) -> None:
        """Enrol as administrator."""
        network = Network(url)
        with self._told():
            try:
                self._member = enrol(network, invitation, self.email, self.password, self.home)
            except MemberError:
                network.close()
                raise

    def report(self, month: int, months: int = 1) -> None:
        """Import and push the last `months` months up to `month`."""
        clients, invoices = self.accounts(month)
        imported = from_invoices(clients, invoices, month, months)
        if imported.months:
            with self._told():
                push(self.member, imported)
            self.rows_sent += sum(len(rows) for _, rows in imported.months.values())

    def sent(self, month: int) -> Upload | None:
        """What the firm's own book says that it sent for a month."""
        encoded = self.member.book.sent.get(month)
        return None if encoded is None else decode(encoded)

    def pseudonym(self, identifier: str) -> bytes:
        """A client's pseudonym, from the firm's own book; 32 bytes."""
        return self.member.book.clients[identifier].pseudonym

    def cells(self, month: str) -> MonthCells:
        """What the firm is shown of a release."""
        return self.member.session.cells(month)

    def account(self) -> Account:
        """How a visitor logs in as this firm."""
        return Account(self.name, self.email, self.password, account_key_text(self.member.account_key))

    def leave(self) -> None:
        """Close the connections."""
        if self._member is not None:
            self._member.network.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the agent or the network refuses is told with the firm's name."""
        try:
            yield
        except MemberError as refused:
            raise StageRefused(f"{self.name}: {refused}") from refused
