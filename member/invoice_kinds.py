"""What the rows of a list are: invoices, credit notes, payments, drafts, or lines of one invoice.

Knows: the words that systems write as a document's type and status. An accounting program's list of a client
account holds payments beside invoices; an invoicing program's holds drafts; some write a row per article.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.ledger import Days
from benchmark.problems import Problem
from benchmark.terms import due_date, parse_terms
from member.columns import Column
from member.headings import words
from member.values import Amounts, label, plain, read_numbers, yes_or_no
from member.view import View

Mask = NDArray[np.bool_]


def one_of(said: str) -> frozenset[str]:
    """Words parted by bars."""
    return frozenset(said.split("|"))


PAYMENTS: Final = one_of(
    "payment|paiement|reglement|encaissement|customer payment|payment received|receipt|"
    "rglt|rgt|virement|cheque|prelevement|zahlung|zahlungseingang|pago|cobro|pagamento|"
    "incasso|betaling|dz|zp|zv|reglement client|paiement client|remittance"
)
CREDITS: Final = one_of(
    "credit memo|credit note|credit|avoir|avoirs|avoir client|facture d avoir|"
    "facture avoir|gutschrift|dg|nota de credito|nota di credito|nota credito|creditnota|"
    "out refund|sales credit note|credit invoice|cn|av|avr|kg|customer credit note|"
    "customer credit memo|note de credit|abono|rectificativa"
)
NOT_INVOICES: Final = one_of(
    "draft|brouillon|cancelled|canceled|cancel|annule|annulee|void|voided|deleted|"
    "supprime|supprimee|entwurf|storniert|borrador|anulado|anulada|bozza|annullata|"
    "concept|abandonne|abandonnee|proforma|pro forma|devis|quote|estimate|commande|"
    "bon de commande|bon de livraison|order|sales order|delivery note|angebot|"
    "awaiting approval"
)
AT_ONCE: Final = ("comptant", "reception", "receipt", "immediat", "cash", "sofort", "contado")
CREDIT_SIDES: Final = frozenset({"c", "cr", "credit", "h", "haben", "-1", "a", "avere", "-"})


def invoices_alone(view: View) -> View:
    """The view without the rows that are no invoice, and with one row for each; told in its problems.

    A payment already set against invoices says nothing that their settlement does not; one that is not yet
    lowers what its client owes, and stays.
    """
    aside = _says(view, "status", NOT_INVOICES) | _says(view, "type", NOT_INVOICES)
    aside |= _says(view, "type", PAYMENTS) & _closed(view)
    if aside.any():
        view = view.kept(~aside)
        view.note(Problem("not-invoices-left-out", found=str(int(aside.sum()))))
    return _one_row_each(view) if view.has("quantity") and view.has("number") else view


def is_payment(view: View) -> Mask:
    """Rows (n,) of money received that no invoice of the list was paid by."""
    return _says(view, "type", PAYMENTS)


def read_amounts(view: View) -> Amounts:
    """What each row adds to the receivable: its amount, or debit less credit; refused where it is neither."""
    if not view.has("amount") and view.has("debit") and view.has("credit"):
        debit, credit = view.amounts("debit"), view.amounts("credit")
        wrong = debit.wrong + credit.wrong
        large = debit.too_large + credit.too_large
        # Some write a credit as a negative number in a column of its own.
        minus = -1 if (credit.cents >= 0).all() or (credit.cents > 0).any() else 1
        return Amounts(debit.cents + minus * credit.cents, debit.known | credit.known, wrong, large)
    amounts = view.amounts("amount")
    return Amounts(signed(view, amounts.cents), amounts.known, amounts.wrong, amounts.too_large)


def signed(view: View, cents: NDArray[np.int64]) -> NDArray[np.int64]:
    """Amounts with credit notes and payments below zero, where the list writes them without a sign."""
    lowering = _says(view, "type", CREDITS | PAYMENTS) | _says(view, "side", CREDIT_SIDES)
    if not lowering.any() or (cents[lowering] < 0).any():
        return cents
    return np.where(lowering, -cents, cents)


def read_left(view: View, cents: NDArray[np.int64]) -> Amounts | None:
    """What is left of each row's `cents` (n,): told, or what was paid taken off; None where nothing tells."""
    if view.has("remaining"):
        left = view.amounts("remaining")
        lowering = cents < 0  # what is left of a credit note is below zero like it, with a sign or without
        unsigned = not (left.cents[lowering] < 0).any()
        return replace(left, cents=np.where(lowering & unsigned, -left.cents, left.cents))
    if not view.has("paid_amount"):
        return None
    paid = view.amounts("paid_amount")
    return replace(paid, cents=cents - np.sign(cents) * np.abs(paid.cents))


def due_by_terms_told(view: View, invoiced: Days) -> Days:
    """When each row falls due by the terms written in it; NaT where they are not understood."""
    due = np.full(len(view), np.datetime64("NaT"), "M8[D]")
    column = view.column("terms")
    for place, cell in enumerate(column.different):
        terms = read_terms(label(cell))
        if terms is not None:
            rows = column.code == place
            due[rows] = due_date(invoiced[rows], *terms)
    return due


def read_terms(text: str) -> tuple[int, int] | None:
    """Days and kind of terms as lists write them: 30 jours net, Net 30, 45 j FDM, comptant, on receipt."""
    said = " ".join(plain(text).replace(".", " ").split())
    if any(word in said for word in AT_ONCE):
        return 0, 0
    return parse_terms(said.removeprefix("net ").removeprefix("a "))


def closed_undated(view: View, cents: NDArray[np.int64], paid: Mask) -> Mask:
    """Rows (n,) said to be closed in a list that dates no settlement at all; `paid`: by their status."""
    if view.has("settled"):
        return np.zeros(len(view), bool)
    if view.has("remaining"):
        left = read_numbers(view.column("remaining"), view.mapping.decimal)
        return np.asarray(left.known & (left.cents == 0))
    if view.has("paid_amount"):
        part = read_numbers(view.column("paid_amount"), view.mapping.decimal)
        return np.asarray(part.known & (cents != 0) & (np.abs(part.cents) == np.abs(cents)))
    if view.has("closed"):
        column = view.column("closed")
        marks = np.array([bool(yes_or_no(cell)) for cell in column.different], bool)
        return np.asarray(paid | column.spread(marks, False))
    return paid


def _says(view: View, name: str, said: frozenset[str]) -> Mask:
    if not view.has(name):
        return np.zeros(len(view), bool)
    column = view.column(name)
    found = [words(label(cell)) in said or label(cell).strip().lower() in said for cell in column.different]
    return column.spread(np.array(found, bool), False) if any(found) else np.zeros(len(view), bool)


def _closed(view: View) -> Mask:
    """Rows with a settlement date, or with nothing left of them."""
    closed = view.column("settled").code >= 0 if view.has("settled") else np.zeros(len(view), bool)
    if view.has("remaining"):
        left = read_numbers(view.column("remaining"), view.mapping.decimal)
        closed = np.asarray(closed | (left.known & (left.cents == 0)))
    return closed


def _one_row_each(view: View) -> View:
    """One row an invoice where a list has one an article: the total that all of them repeat, or their sum."""
    number = view.column("number").code
    rows = np.flatnonzero(number >= 0)
    _, first, place = np.unique(number[rows], return_index=True, return_inverse=True)
    if len(first) == len(rows):
        return view
    cents = read_numbers(view.column("amount"), view.mapping.decimal).cents[rows]
    kept = np.ones(len(view), bool)
    kept[rows] = False
    kept[rows[first]] = True
    summed = view.kept(kept)
    if (cents != cents[first][place]).any():
        totals = np.zeros(len(view), np.int64)
        np.add.at(totals, rows[first][place], cents)
        whole = [float(total) / 100 for total in totals[kept].tolist()]
        summed.columns["amount"] = Column(whole)
    summed.note(Problem("lines-merged", found=str(len(view) - int(kept.sum()))))
    return summed
