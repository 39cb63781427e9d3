"""From a ledger (FEC, or a general ledger with its columns) to an import: invoices by client, what it tells.

Knows: the order of the steps, years that follow each other, terms that a ledger does not tell. A balance
brought forward has lost its invoices' dates: with the previous year's file it is replaced by them, without it
the ageing of such clients is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import month_of
from benchmark.ledger import Days, Invoices, Payments
from benchmark.problems import Problem
from benchmark.terms import due_date
from benchmark.upload import FIELD_BIT, month_text
from member.client_list import Known, account_key
from member.connectors import fec_matching as matching
from member.connectors.fec_lines import BROUGHT, CREDIT_NOTE, INVOICE, PIECE_LAG_MAX_DAYS, Movements
from member.connectors.fec_years import Years, join
from member.imported import (
    Account,
    Imported,
    ImportedClient,
    from_invoices,
    mark_factored,
    unidentified,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Agreed terms of payment: days and a kind of benchmark.terms."""

    days: int
    kind: int = 0


def read_ledger(
    files: Sequence[Movements],
    accounts: Lookup[str, Known],
    through_month: int,
    months: int | None,
    terms: Terms | None = None,
) -> Imported:
    """Import of one or more years of one ledger; `terms` where the map of accounts has none."""
    joined = join(sorted(files, key=lambda one: one.first_day))
    if isinstance(joined, Problem):
        return Imported(problems=[joined])
    moved = joined.moved
    matched = matching.match(moved, joined.year)
    told = matching.lettering(moved)
    given = _accounts(moved, accounts)
    agreed = [_terms_of(one, accounts, terms) for one in given]
    clients, place = _clients(given, accounts, agreed)
    summary = _summary(moved, matched, told) | {"through_month": through_month}
    problems = [*moved.problems, *_notices(joined, matched), *unidentified(given)]
    if not clients:
        return Imported([], {}, problems, summary, given)
    invoices = _invoices(joined, matched, agreed)
    chosen = invoices.chosen(place[invoices.client] >= 0)
    chosen = replace(chosen, client=place[chosen.client])
    lacking = _without_terms(moved, agreed)
    untold = {str(given[at].identifier) for at in lacking if given[at].identifier}
    if untold:
        problems.append(Problem("terms-unknown", None, "terms_days", str(len(untold)), "--terms 60"))
    imported = from_invoices(clients, chosen, through_month, months, untold)
    _tell_events(imported, moved, place)
    problems += imported.problems
    return replace(imported, problems=problems, summary=imported.summary | summary, accounts=given)


def _accounts(moved: Movements, known: Lookup[str, Known]) -> list[Account]:
    outstanding = np.zeros(len(moved.accounts), np.int64)
    np.add.at(outstanding, moved.account, moved.cents)
    sales = np.zeros(len(moved.accounts), np.int64)
    counted = matching.sold(moved.kind)
    np.add.at(sales, moved.account[counted], moved.cents[counted])
    found = []
    for place, key in enumerate(moved.accounts):
        one = known.get(account_key(key))
        found.append(
            Account(
                account=key,
                name=moved.names[place] if moved.names[place] != key or not one else one.name or key,
                identifier=one.identifier if one else None,
                city=one.city if one else None,
                outstanding_cents=int(outstanding[place]),
                sales_cents=int(sales[place]),
            )
        )
    return found


def _terms_of(account: Account, known: Lookup[str, Known], terms: Terms | None) -> Terms | None:
    one = known.get(account_key(account.account))
    if one is not None and one.terms_days is not None:
        return Terms(one.terms_days, one.terms_kind)
    return terms


def _clients(
    given: list[Account], known: Lookup[str, Known], terms: list[Terms | None]
) -> tuple[list[ImportedClient], NDArray[np.int32]]:
    """Clients that have an identifier, and for each account its client's place or -1."""
    clients: list[ImportedClient] = []
    place = np.full(len(given), -1, np.int32)
    for at, account in enumerate(given):
        if account.identifier is None:
            continue
        one = known[account_key(account.account)]
        agreed = terms[at]
        place[at] = len(clients)
        clients.append(
            ImportedClient(
                account=account.account,
                name=account.name,
                identifier=account.identifier,
                city=one.city,
                sector=one.sector,
                region=one.region,
                terms_days=agreed.days if agreed else None,
                terms_kind=agreed.kind if agreed else 0,
                confidential=one.confidential,
                regime=one.regime,
            )
        )
    return clients, place


def _without_terms(moved: Movements, agreed: list[Terms | None]) -> list[int]:
    """Accounts whose invoices bear no due date and whose terms nobody gave."""
    dateless = np.zeros(len(agreed), bool)
    dateless[moved.account[(moved.kind == INVOICE) & np.isnat(moved.due)]] = True
    return [at for at, terms in enumerate(agreed) if terms is None and dateless[at]]


def _invoices(joined: Years, matched: matching.Matched, agreed: list[Terms | None]) -> Invoices:
    """Every debt and credit as an item, with the parts paid of it; `client` is the account's place."""
    moved = joined.moved
    own_day = moved.day.astype(np.int64)
    debit, credit, cents, day = (
        np.array(column, np.int64) for column in (matched.debit, matched.credit, matched.cents, matched.day)
    )
    money = np.array(matched.money, bool)
    start = np.array([matched.start[at] for at in range(len(own_day))], np.int64)
    left = np.array([matched.left[at] for at in range(len(own_day))], np.int64)
    amount = np.where(start > 0, start, 0)
    amount[list(matched.paid_back)] = 0
    later = (day > own_day[credit]) & (cents > 0)
    waiting = np.zeros(len(own_day), np.int64)
    np.subtract.at(waiting, credit[later], cents[later])
    amount = np.where(start < 0, waiting + np.where(left < 0, left, 0), amount)
    whole = (moved.kind == CREDIT_NOTE) & (start < 0)
    amount[whole] = start[whole]
    kept = np.flatnonzero(amount)
    place = np.full(len(own_day), -1, np.int64)
    place[kept] = np.arange(len(kept))
    closing = (later | whole[credit]) & (cents > 0)
    item = np.concatenate([place[debit], place[credit[closing]]])
    invoiced = _invoice_days(moved)[kept]
    return Invoices(
        client=moved.account[kept].astype(np.int32),
        cents=amount[kept],
        invoiced=invoiced,
        due=_due(moved, invoiced, kept, agreed),
        settled=np.full(len(kept), np.datetime64("NaT"), "M8[D]"),
        payments=Payments(
            item,
            np.concatenate([cents, -cents[closing]]),
            np.concatenate([day, day[closing]]).astype("M8[D]"),
            np.concatenate([money, np.zeros(int(closing.sum()), bool)]),
        ),
        sold=matching.sold(moved.kind)[kept],
        undated=joined.undated[kept],
    )


def _invoice_days(moved: Movements) -> Days:
    """An invoice's own date where the file gives a plausible one, else the day of its entry."""
    early = (moved.piece_day <= moved.day) & (moved.day - moved.piece_day <= PIECE_LAG_MAX_DAYS)
    own = early & np.isin(moved.kind, (INVOICE, CREDIT_NOTE, BROUGHT))
    return np.where(own, moved.piece_day, moved.day)


def _due(moved: Movements, invoiced: Days, kept: NDArray[np.int64], agreed: list[Terms | None]) -> Days:
    """The file's due dates, else by the client's terms; the invoice date stands in where nobody tells."""
    due = moved.due[kept]
    told = ~np.isnat(due) & (due >= invoiced)
    account = moved.account[kept]
    by_terms = invoiced.copy()
    for terms in {one for one in agreed if one is not None}:
        held = np.array([one == terms for one in agreed], bool)[account]
        by_terms[held] = due_date(invoiced[held], terms.days, terms.kind)
    return np.where(told, due, by_terms)


def _tell_events(imported: Imported, moved: Movements, place: NDArray[np.int32]) -> None:
    """Payments that came back, and clients sold to a factor, into the months' rows."""
    merged = {key: at for at, client in enumerate(imported.clients) for key in client.accounts}
    of_account = [merged.get(key, -1) if place[at] >= 0 else -1 for at, key in enumerate(moved.accounts)]
    factored = {of_account[at] for at in moved.account[moved.factored].tolist()} - {-1}
    mark_factored(imported, {imported.clients[at].identifier for at in factored})
    months = month_of(moved.day)
    for at in np.flatnonzero(moved.incident).tolist():
        client, month = of_account[int(moved.account[at])], int(months[at])
        if client < 0 or month not in imported.months:
            continue
        there, rows = imported.months[month]
        row = np.flatnonzero(there == client)
        rows["incident"][row] = np.maximum(rows["incident"][row], moved.incident[at])
        rows["present"][row] |= FIELD_BIT["incident"]


def _summary(moved: Movements, matched: matching.Matched, told: matching.Lettering) -> dict[str, Any]:
    """What a person checks against her own system, over all accounts, identified or not."""
    invoices = np.flatnonzero(moved.kind == INVOICE).tolist()
    days = told.days_to_pay
    return {
        "kind": "ledger",
        "clients": len(moved.accounts),
        "invoices": len(invoices),
        "open": sum(matched.left[at] > 0 for at in invoices),
        "disputed": None,
        "letterings": told.groups,
        "balanced_letterings": told.balanced,
        "weighted_days_to_pay": None if days is None else round(days, 1),
        "outstanding": int(moved.cents.sum()),
        "from": str(moved.first_day),
        "to": str(moved.last_day),
        "rows_read": len(moved.cents),
        "rows_refused": 0,
    }


def _notices(joined: Years, matched: matching.Matched) -> list[Problem]:
    """What was assumed: payments matched without a lettering, balances whose dates are lost."""
    problems = []
    paid = sum(
        cents for cents, money in zip(matched.cents, matched.money, strict=True) if money and cents > 0
    )
    if matched.fifo_cents and paid:
        problems.append(Problem("paid-first-in-first-out", found=f"{100 * matched.fifo_cents / paid:.0f}"))
    if joined.undated.any():
        cents = int(joined.moved.cents[joined.undated].sum())
        start = month_text(int(month_of(np.array([joined.moved.first_day]))[0]))
        problems.append(Problem("brought-forward", found=f"{cents / 100:.2f}", expected=start))
    return problems
