"""What an import gives: clients with names and identifiers, contributions by month, problems, a summary.

Knows: the member's own names; nothing here leaves the member's side as it is (the push replaces names and
identifiers by pseudonyms).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import month_of
from benchmark.ledger import BUCKETS, Contributions, Invoices, contributions, forget, owed
from benchmark.problems import Problem, blocking
from benchmark.upload import FIELD_BIT, Rows, month_text

NEED_TERMS: Final = (*BUCKETS, "open_late_days", "paid_days_late", "terms_days", "terms_kind")
UPLOAD_MONTHS: Final = 24
"""How many months an import prepares unless told otherwise: what a first upload carries."""


@dataclass(frozen=True, slots=True)
class ImportedClient:
    """One client of the firm. `identifier` is canonical ("fr.siren:552100554"), one client has one.

    sector 1..21 and region 1..13, 0 unknown; terms_days None: read from the invoices. `confidential`: the
    client is kept in the book and contributes nothing. `other_accounts`: further accounts of the same client.
    `regime`: that of the legal ceiling on its terms, where the map of accounts names one (member.ceilings).
    """

    account: str
    name: str
    identifier: str
    city: str | None = None
    sector: int = 0
    region: int = 0
    terms_days: int | None = None
    terms_kind: int = 0
    confidential: bool = False
    other_accounts: tuple[str, ...] = ()
    regime: str = ""

    @property
    def accounts(self) -> tuple[str, ...]:
        """All accounts, the first one first."""
        return (self.account, *self.other_accounts)


@dataclass(frozen=True, slots=True)
class Account:
    """One client account as the file writes it, whether or not anybody knows whose it is.

    `identifier` is canonical and None where neither the file nor the map of accounts gives one; then the
    account contributes nothing. vat, registration (SIREN, SIRET, a company number), postcode, address, city,
    country: what the file says, unread. outstanding_cents at the end of the file and
    sales_cents over it, None where the file does not tell. Never leaves the member's side.
    """

    account: str
    name: str
    identifier: str | None = None
    vat: str | None = None
    registration: str | None = None
    address: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    outstanding_cents: int | None = None
    sales_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A whole import or nothing: with a blocking problem `clients` and `months` are empty.

    months: month index -> (client index (k,) int32 ascending, rows (k,) ROW_DTYPE with a zero pseudonym).
    accounts: every client account of the file, those without an identifier too, even where the import is
    refused: identifiers are proposed from them. invoices: what the months were counted from where the file
    tells invoices, `client` being places in `clients`, those with lost or unknown due dates left out.
    """

    clients: list[ImportedClient] = field(default_factory=list)
    months: dict[int, tuple[NDArray[np.int32], Rows]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)
    invoices: Invoices | None = None

    @property
    def ok(self) -> bool:
        """True where nothing blocks."""
        return not blocking(self.problems)


def from_invoices(
    clients: Sequence[ImportedClient],
    invoices: Invoices,
    through_month: int,
    months: int | None = UPLOAD_MONTHS,
    without_terms: Collection[str] = (),
) -> Imported:
    """Contributions of invoices already in memory; `invoices.client` are places in `clients`.

    without_terms: identifiers of clients whose due dates are stand-ins: how late they pay is unknown.

    `through_month` is the last complete month (index); `months` how many to prepare, None for all since the
    first invoice. Clients with one identifier become one. Raises ValueError where the arrays contradict each
    other: that is a caller's mistake, not a user's.
    """
    if len(invoices.client) and not 0 <= int(invoices.client.min()) <= int(invoices.client.max()) < len(
        clients
    ):
        raise ValueError("an invoice names a client that is not in the list")
    merged, place, problems = merge_clients(clients)
    one = replace(invoices, client=place[invoices.client])
    rows_by_month = contributions(one, len(merged), through_month, months)
    untold = np.array([client.identifier in without_terms for client in merged], bool)
    for there, rows in rows_by_month.values() if without_terms else []:
        forget(rows, untold[there], NEED_TERMS)
    finished = with_client_facts(merged, rows_by_month)
    known = _terms_learned(merged, finished)
    summary = invoice_counts(invoices, through_month) | {
        "clients": len(known),
        "through_month": through_month,
        "months": sorted(finished),
        "rows": sum(len(rows) for _, rows in finished.values()),
    }
    after = int((month_of(invoices.invoiced) > through_month).sum())
    if after:
        problems.append(Problem("months-not-complete", None, None, str(after), month_text(through_month)))
    dated = one.chosen(~untold[one.client]) if without_terms else one
    return Imported(known, finished, problems, summary, invoices=dated)


def merge_clients(
    clients: Sequence[ImportedClient],
) -> tuple[list[ImportedClient], NDArray[np.int32], list[Problem]]:
    """One client per identifier, in order of first appearance; the place of each given one; what to tell."""
    places: dict[str, int] = {}
    merged: list[ImportedClient] = []
    where = np.empty(len(clients), np.int32)
    for at, client in enumerate(clients):
        place = places.setdefault(client.identifier, len(merged))
        where[at] = place
        if place == len(merged):
            merged.append(client)
            continue
        kept = merged[place]
        merged[place] = replace(
            kept,
            other_accounts=(*kept.other_accounts, *client.accounts),
            city=kept.city or client.city,
            sector=kept.sector or client.sector,
            region=kept.region or client.region,
            terms_days=client.terms_days if kept.terms_days is None else kept.terms_days,
            terms_kind=client.terms_kind if kept.terms_days is None else kept.terms_kind,
            confidential=kept.confidential or client.confidential,
            regime=kept.regime or client.regime,
        )
    problems = [
        Problem("clients-merged", None, "identifier", str(len(client.accounts)), client.name)
        for client in merged
        if client.other_accounts
    ]
    return merged, where, problems


def with_client_facts(clients: Sequence[ImportedClient], months: Contributions) -> Contributions:
    """The rows with sector, region and agreed terms; those of confidential clients are dropped.

    The rows given are written into.
    """
    sector = np.array([client.sector for client in clients], np.uint8)
    region = np.array([client.region for client in clients], np.uint8)
    agreed = np.array([client.terms_days is not None for client in clients], bool)
    days = np.array([client.terms_days or 0 for client in clients], np.int16)
    kind = np.array([client.terms_kind for client in clients], np.uint8)
    open_to_others = np.array([not client.confidential for client in clients], bool)
    out: Contributions = {}
    facts = [
        (name, values, known)
        for name, values, known in (
            ("sector", sector, sector > 0),
            ("region", region, region > 0),
            ("terms_days", days, agreed),
            ("terms_kind", kind, agreed),
        )
        if known.any()
    ]
    for month, (place, rows) in months.items():
        where, told = place, rows
        if not open_to_others.all():
            kept = open_to_others[place]
            where, told = place[kept], rows[kept]
        for name, values, known in facts:
            here = known[where]
            told[name][here] = values[where][here]
            told["present"][here] |= FIELD_BIT[name]
        if len(where):
            out[month] = (where, told)
    return out


def _terms_learned(clients: Sequence[ImportedClient], months: Contributions) -> list[ImportedClient]:
    """Clients whose terms nobody gave take those read from their invoices, newest month first."""
    learned = list(clients)
    missing = {at for at, client in enumerate(clients) if client.terms_days is None}
    bit = FIELD_BIT["terms_days"]
    for month in sorted(months, reverse=True):
        place, rows = months[month]
        for at in np.flatnonzero((rows["present"] & bit) != 0).tolist():
            client = int(place[at])
            if client in missing:
                missing.discard(client)
                one = learned[client]
                learned[client] = ImportedClient(
                    one.account,
                    one.name,
                    one.identifier,
                    one.city,
                    one.sector,
                    one.region,
                    int(rows["terms_days"][at]),
                    int(rows["terms_kind"][at]),
                    one.confidential,
                    one.other_accounts,
                    one.regime,
                )
        if not missing:
            break
    return learned


def unidentified(accounts: Sequence[Account]) -> list[Problem]:
    """A notice of the accounts left out for want of an identifier; a refusal where that is all of them."""
    lacking = [one for one in accounts if one.identifier is None]
    if not lacking:
        return []
    every = len(lacking) == len(accounts)
    return [
        Problem(
            "no-account-identified" if every else "accounts-unidentified",
            None,
            "identifier",
            str(len(lacking)),
            str(len(accounts)),
        )
    ]


def mark_factored(imported: Imported, factored: Collection[str]) -> None:
    """Say in the months' rows which clients are sold to a factor: they look paid, and stay out of cells."""
    sold = np.array([client.identifier in factored for client in imported.clients], bool)
    for there, rows in imported.months.values() if factored else []:
        rows["factored"][sold[there]] = 1
        rows["present"][sold[there]] |= FIELD_BIT["factored"]


def with_totals(accounts: Sequence[Account], invoices: Invoices) -> list[Account]:
    """Accounts with what they owe at the list's end and what was sold; `client` is the account's place."""
    left, sales = np.zeros(len(accounts), np.int64), np.zeros(len(accounts), np.int64)
    np.add.at(left, invoices.client, owed(invoices))
    np.add.at(sales, invoices.client, invoices.cents)
    return [
        Account(
            one.account,
            one.name,
            one.identifier,
            one.vat,
            one.registration,
            one.address,
            one.postcode,
            one.city,
            one.country,
            cents,
            sold,
        )
        for one, cents, sold in zip(accounts, left.tolist(), sales.tolist(), strict=True)
    ]


def invoice_counts(invoices: Invoices, through_month: int) -> dict[str, Any]:
    """What a person checks against her own system before anything is sent; amounts in cents."""
    return {
        "kind": "invoices",
        "invoices": len(invoices.client) if invoices.sold is None else int(invoices.sold.sum()),
        "open": int(np.isnat(invoices.settled).sum()),
        "disputed": 0 if invoices.disputed is None else int(invoices.disputed.sum()),
        "amount": int(invoices.cents.sum()),
        "outstanding": int(owed(invoices, through_month).sum()),
    }


def last_complete_month(today: date) -> int:
    """Index of the month before `today`'s."""
    return today.year * 12 + today.month - 2
