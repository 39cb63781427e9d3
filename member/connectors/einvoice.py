"""From electronic invoices and the statuses of their lives to an import.

Knows: whose invoices these are (the seller of most of them), which buyer is one client, what a status does:
207 disputes an invoice, 212 says what was cashed and when, 225 that it was sold to a factor; a refused or
cancelled invoice is owed no more. Without any 212 nothing is known of payments: sales and terms alone are
told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import month_of
from benchmark.ledger import CENTS_TOTAL_MAX, Invoices, Payments, forget
from benchmark.problems import Problem, blocking
from benchmark.terms import due_date
from benchmark.upload import FIELDS
from member.client_list import Known, account_key, read_identifier
from member.connectors.einvoice_events import Events, Reading
from member.connectors.einvoice_files import Found
from member.connectors.einvoice_xml import CASHED, EInvoice, Party, Status, read_document
from member.connectors.fec import Terms
from member.currency import convert, refused_currency
from member.imported import (
    Account,
    Imported,
    ImportedClient,
    from_invoices,
    invoice_counts,
    mark_factored,
    unidentified,
    with_totals,
)

DUE_MAX_DAYS: Final = 1_830
TOLD_BY_INVOICES: Final = frozenset({"sales", "terms_days", "terms_kind", "sector", "region", "factored"})
HOME: Final = frozenset({"", "FR", "MC", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF"})


@dataclass(slots=True)
class _Read:
    """Invoices, statuses, and what was wrong."""

    invoices: list[EInvoice] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_documents(found: Found, reading: Reading) -> Imported:
    """Import documents: all or nothing, unless wrong ones are to be left out."""
    read = _read(found, reading)
    notices = _own_alone(read)
    problems = [*read.problems, *notices]
    whole = [problem for problem in blocking(problems) if problem.row is None]
    described: dict[str, Any] = {
        "kind": "einvoices",
        "format": "xml",
        "detail": f"{len(found.documents)} documents",
        "sheet": None,
        "rows_read": len(found.documents) + len(found.problems),
        "rows_refused": len({problem.row for problem in read.problems if problem.row is not None}),
        "through_month": reading.through_month,
    }
    if not read.invoices:
        return Imported(problems=problems or [Problem("file-empty")], summary=described)
    imported = _import(read, reading)
    problems += imported.problems
    summary = described | imported.summary
    if whole or (blocking(read.problems) and not reading.skip_bad):
        return Imported([], {}, problems, summary, imported.accounts)
    if described["rows_refused"]:
        left_out = Problem(
            "rows-left-out", None, None, str(described["rows_refused"]), str(described["rows_read"])
        )
        problems.insert(0, left_out)
    return replace(imported, problems=problems, summary=summary)


def _read(found: Found, reading: Reading) -> _Read:
    read = _Read()
    seen: dict[tuple[str, str], EInvoice] = {}
    repeated = 0
    total = 0
    given: list[tuple[str, bytes | Problem]] = [*found.documents, *found.problems]
    for place, (name, content) in enumerate(sorted(given, key=lambda one: one[0]), start=1):
        document = content if isinstance(content, Problem) else read_document(content)
        if isinstance(document, Problem):
            read.problems.append(replace(document, row=place, document=name))
            continue
        read.statuses += document.statuses
        for one in document.invoices:
            invoice = _converted(one, reading)
            wrong = invoice if isinstance(invoice, Problem) else _wrong(invoice, reading)
            if wrong is not None:
                read.problems.append(replace(wrong, row=place, document=name))
                continue
            assert isinstance(invoice, EInvoice)
            before = seen.setdefault((_seller(invoice.seller), invoice.number), invoice)
            total += abs(invoice.cents)
            if before is invoice:
                read.invoices.append(invoice)
                continue
            repeated += 1
            if before.cents != invoice.cents:
                twice = (f"{invoice.number} {invoice.cents / 100:.2f}", f"{before.cents / 100:.2f}")
                read.problems.append(Problem("einvoice-contradicts", place, "amount", *twice, document=name))
    if repeated:
        read.problems.append(Problem("einvoice-repeated", None, "number", str(repeated)))
    if found.plain_pdfs:
        read.problems.append(Problem("pdf-left-out", found=str(found.plain_pdfs)))
    if total > CENTS_TOTAL_MAX:
        read.problems.append(
            Problem("amount-too-large", None, "amount", "total", f"{CENTS_TOTAL_MAX // 100:,}")
        )
    return read


def _converted(invoice: EInvoice, reading: Reading) -> EInvoice | Problem:
    """In the network's currency, at the rate given, or the refusal."""
    if invoice.currency.upper() == reading.currency:
        return invoice
    rate = reading.rates.get(invoice.currency.upper())
    if rate is None:
        return refused_currency(invoice.currency, reading.currency)
    cents = convert(np.array([invoice.cents, invoice.open_cents], np.int64), rate).tolist()
    return replace(invoice, cents=cents[0], open_cents=cents[1], currency=reading.currency)


def _wrong(invoice: EInvoice, reading: Reading) -> Problem | None:
    today = (reading.today - date(1970, 1, 1)).days
    shown = str(np.datetime64(invoice.invoiced, "D"))
    if invoice.invoiced > today:
        return Problem("date-in-future", None, "invoiced", shown, reading.today.isoformat())
    if invoice.due is not None and invoice.due < invoice.invoiced:
        return Problem("due-before-invoice", None, "due", str(np.datetime64(invoice.due, "D")), shown)
    if invoice.due is not None and invoice.due > invoice.invoiced + DUE_MAX_DAYS:
        span = f"{shown} – {np.datetime64(invoice.invoiced + DUE_MAX_DAYS, 'D')}"
        return Problem("date-too-far", None, "due", str(np.datetime64(invoice.due, "D")), span)
    if not (invoice.buyer.name or invoice.buyer.known_as or invoice.buyer.numbers):
        return Problem("einvoice-lacks", None, "name", "BT-44")
    return None


def _seller(seller: Party) -> str:
    """One seller however it is written: by its identifier, else its numbers, else its name."""
    return _identifier(seller) or next(iter(seller.numbers), "") or seller.name.casefold()


def _identifier(party: Party) -> str | None:
    """Canonical; a number without letters is a French one only where the address is French."""
    for number in party.numbers:
        if party.country.upper() not in HOME and number.replace(" ", "").isdigit():
            continue
        read = read_identifier(number)
        if isinstance(read, str):
            return read
    return None


def _own_alone(read: _Read) -> list[Problem]:
    """Keep the invoices of the firm that sells: that of most documents; the others are purchases."""
    sellers = Counter(_seller(invoice.seller) for invoice in read.invoices)
    if len(sellers) < 2:
        return []
    (own, count), *_ = sellers.most_common(1)
    if count * 2 <= len(read.invoices):
        names = sorted({invoice.seller.name for invoice in read.invoices})
        return [Problem("einvoice-several-sellers", found=str(len(sellers)), expected=", ".join(names[:5]))]
    kept = [at for at, invoice in enumerate(read.invoices) if _seller(invoice.seller) == own]
    left = len(read.invoices) - len(kept)
    read.invoices = [read.invoices[at] for at in kept]
    return [Problem("einvoice-other-seller", found=str(left), expected=read.invoices[0].seller.name)]


def _import(read: _Read, reading: Reading) -> Imported:
    accounts, of_invoice = _accounts(read.invoices, reading.accounts)
    clients, place = _clients(accounts, reading)
    invoices, dateless, factored = _invoices(read, of_invoice, accounts, reading)
    cashed = any(status.code == CASHED for status in read.statuses)
    problems = []
    if dateless:
        problems.append(Problem("einvoice-without-due-date", None, "due", str(len(dateless)), dateless[0][1]))
    if not cashed:
        problems.append(Problem("einvoices-without-payments"))
    kept = place[invoices.client] >= 0
    own = invoices.chosen(kept)
    own = replace(own, client=place[own.client])
    untold = {str(accounts[at].identifier) for at, _ in dateless if accounts[at].identifier}
    through = reading.through_month
    last = max([int(month_of(invoices.invoiced).max()), *_status_months(read.statuses)])
    imported = from_invoices(clients, own, min(through, last), reading.months, untold)
    mark_factored(imported, {str(accounts[at].identifier) for at in factored} - {"None"})
    if not cashed:
        for _, rows in imported.months.values():
            names = [name for name, _ in FIELDS if name not in TOLD_BY_INVOICES]
            forget(rows, np.arange(len(rows)), names)
    counts = invoice_counts(invoices, min(through, last)) | {
        "kind": "einvoices",
        "clients": len(accounts),
        "open": _open(invoices) if cashed else None,
    }
    if not cashed:
        counts["outstanding"] = None
    accounts = with_totals(accounts, invoices) if cashed else accounts
    problems += [*imported.problems, *unidentified(accounts)]
    found = imported.invoices if cashed else None
    summary = imported.summary | counts
    return replace(imported, problems=problems, summary=summary, accounts=accounts, invoices=found)


def _status_months(statuses: list[Status]) -> list[int]:
    days = np.array([one.day for one in statuses if one.day is not None], "M8[D]")
    return [int(month) for month in month_of(days)]


def _open(invoices: Invoices) -> int:
    left = invoices.cents.copy()
    if invoices.payments is not None:
        np.subtract.at(left, invoices.payments.invoice, invoices.payments.cents)
    return int((left > 0).sum())


def _accounts(invoices: list[EInvoice], known: Lookup[str, Known]) -> tuple[list[Account], NDArray[np.int32]]:
    """The buyers, each once, with what the documents say of them; and each invoice's place among them."""
    places: dict[str, int] = {}
    accounts: list[Account] = []
    found = np.empty(len(invoices), np.int32)
    for at, invoice in enumerate(invoices):
        buyer = invoice.buyer
        shown = buyer.known_as or buyer.registration or buyer.vat or buyer.name
        mapped = known.get(account_key(shown))
        identifier = _identifier(buyer) or (mapped.identifier if mapped else None)
        key = identifier or f"{shown.casefold()} {buyer.name.casefold()}"
        place = places.setdefault(key, len(accounts))
        found[at] = place
        if place == len(accounts):
            accounts.append(
                Account(
                    account=shown,
                    name=buyer.name or shown,
                    identifier=identifier,
                    vat=buyer.vat or None,
                    registration=buyer.registration or next(iter(buyer.others), None),
                    address=buyer.address or None,
                    postcode=buyer.postcode or None,
                    city=buyer.city or None,
                    country=buyer.country or None,
                )
            )
    return accounts, found


def _clients(accounts: list[Account], reading: Reading) -> tuple[list[ImportedClient], NDArray[np.int32]]:
    clients: list[ImportedClient] = []
    place = np.full(len(accounts), -1, np.int32)
    for at, account in enumerate(accounts):
        if account.identifier is None:
            continue
        known = reading.accounts.get(account_key(account.account)) or Known(account.identifier)
        place[at] = len(clients)
        clients.append(
            ImportedClient(
                account=account.account,
                name=account.name,
                identifier=account.identifier,
                city=account.city or known.city,
                sector=known.sector,
                region=known.region,
                terms_days=known.terms_days,
                terms_kind=known.terms_kind,
                confidential=known.confidential,
                regime=known.regime,
            )
        )
    return clients, place


def _agreed(account: Account, reading: Reading) -> Terms | None:
    known = reading.accounts.get(account_key(account.account))
    if known is not None and known.terms_days is not None:
        return Terms(known.terms_days, known.terms_kind)
    return reading.terms


def _invoices(
    read: _Read, of_invoice: NDArray[np.int32], accounts: list[Account], reading: Reading
) -> tuple[Invoices, list[tuple[int, str]], set[int]]:
    """Invoices with what statuses and credit notes paid of them; (account, number) without a due date."""
    documents = read.invoices
    invoiced = np.array([one.invoiced for one in documents], "M8[D]")
    due = invoiced.copy()
    dateless: list[tuple[int, str]] = []
    for at, one in enumerate(documents):
        agreed = _agreed(accounts[of_invoice[at]], reading)
        if one.due is not None:
            due[at] = np.datetime64(one.due, "D")
        elif agreed is not None:
            due[at] = due_date(invoiced[at : at + 1], agreed.days, agreed.kind)[0]
        elif one.cents > 0:
            dateless.append((int(of_invoice[at]), one.number))
    events = Events(documents, np.array([one.cents for one in documents], np.int64))
    events.prepaid()
    events.credit_notes()
    events.follow(read.statuses, reading)
    places, cents, days, money = zip(*events.parts, strict=True) if events.parts else ((), (), (), ())
    invoices = Invoices(
        client=of_invoice,
        cents=np.array([one.cents for one in documents], np.int64),
        invoiced=invoiced,
        due=due,
        settled=np.full(len(documents), np.datetime64("NaT"), "M8[D]"),
        disputed=np.isin(np.arange(len(documents)), sorted(events.disputed)),
        payments=Payments(
            np.array(places, np.int64),
            np.array(cents, np.int64),
            np.array(days, "M8[D]"),
            np.array(money, bool),
        ),
    )
    return invoices, dateless, {int(of_invoice[at]) for at in events.factored}
