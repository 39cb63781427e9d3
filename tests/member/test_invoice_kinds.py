"""What a list's rows are: payments, drafts and rows of articles are told from invoices, and it is said."""

from datetime import date

import numpy as np
import pytest

from benchmark.upload import month_index
from member.import_file import Options, read_bytes
from member.invoice_kinds import read_terms
from tests.member.test_import_file import as_csv

TODAY = date(2025, 11, 20)
OCTOBER = month_index(2025, 10)
HEADINGS = ["N° client", "SIREN", "N° facture", "Type", "Date facture", "Échéance", "Montant TTC", "Solde"]


def imported(*rows, headings=HEADINGS):
    return read_bytes(as_csv([headings, *rows]), None, Options(today=TODAY))


def row(number, amount, left, kind="Facture", client="C1", siren="100000009", day="02/10/2025"):
    return [client, siren, number, kind, day, "01/11/2025", amount, left]


def notices(found):
    return {problem.code: problem.found for problem in found.problems if problem.notice}


def test_a_payment_that_is_allocated_is_no_invoice_and_one_that_is_not_lowers_the_debt():
    found = imported(
        row("F1", "1000,00", "1000,00"),
        row("P1", "-300,00", "0,00", "Paiement"),
        row("P2", "-200,00", "-200,00", "Paiement"),
    )
    assert notices(found)["not-invoices-left-out"] == "1"
    assert found.summary["invoices"] == 1
    assert found.summary["outstanding"] == 80_000
    assert not found.invoices.sold.all()


def test_payments_and_credit_notes_without_a_sign_lower_the_debt():
    found = imported(
        row("F1", "1000,00", "1000,00"),
        row("A1", "250,00", "250,00", "Avoir"),
        row("P1", "100,00", "100,00", "Règlement"),
    )
    assert found.summary["outstanding"] == 65_000
    assert found.invoices.cents.tolist() == [100_000, -25_000, -10_000]


@pytest.mark.parametrize("word", ["Brouillon", "Annulée", "Draft", "Voided", "Storniert", "Devis", "Quote"])
@pytest.mark.parametrize("heading", ["Type", "Statut"])
def test_what_is_no_invoice_is_left_out_and_said(word, heading):
    headings = [heading if one == "Type" else one for one in HEADINGS]
    found = imported(
        row("F1", "10,00", "10,00", "Ouverte"), row("F2", "10,00", "10,00", word), headings=headings
    )
    assert notices(found)["not-invoices-left-out"] == "1"
    assert found.summary["outstanding"] == 1_000


def test_what_is_closed_without_a_date_is_counted_and_owes_nothing():
    found = imported(row("F1", "10,00", "0,00"), row("F2", "30,00", "20,00"))
    assert (found.summary["invoices"], found.summary["open"], found.summary["outstanding"]) == (2, 1, 2_000)
    assert "no-settlements" in notices(found)


LINES = ["N° client", "SIREN", "N° facture", "Date facture", "Échéance", "Quantité", "Montant TTC"]


@pytest.mark.parametrize(
    ("amounts", "owed"),
    [(("50,00", "50,00", "20,00"), 7_000), (("30,00", "20,00", "20,00"), 7_000)],
    ids=["the invoice's total in each row", "the row's own amount"],
)
def test_rows_of_articles_are_one_with_their_invoice(amounts, owed):
    rows = [
        ["C1", "100000009", number, "02/10/2025", "01/11/2025", "1", amount]
        for number, amount in zip(("F1", "F1", "F2"), amounts, strict=True)
    ]
    found = imported(*rows, headings=LINES)
    assert notices(found)["lines-merged"] == "1"
    assert (found.summary["invoices"], found.summary["outstanding"]) == (2, owed)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("30 jours", (30, 0)),
        ("Net 30", (30, 0)),
        ("30 jours net", (30, 0)),
        ("45 jours fin de mois", (45, 2)),
        ("45 j. FDM", (45, 2)),
        ("À réception", (0, 0)),
        ("Due on receipt", (0, 0)),
        ("selon contrat", None),
    ],
)
def test_terms_are_read_as_lists_write_them(text, terms):
    assert read_terms(text) == terms


def test_terms_that_cannot_be_read_are_told_with_their_row():
    headings = ["N° client", "SIREN", "Date facture", "Conditions de paiement", "Montant TTC"]
    found = imported(["C1", "100000009", "02/10/2025", "selon contrat", "10,00"], headings=headings)
    (problem,) = [one for one in found.problems if not one.notice]
    assert (problem.code, problem.row, problem.found) == ("terms-invalid", 2, "selon contrat")


def test_terms_give_the_due_dates():
    headings = ["N° client", "SIREN", "Date facture", "Conditions de paiement", "Montant TTC"]
    found = imported(
        ["C1", "100000009", "02/10/2025", "30 jours", "10,00"],
        ["C1", "100000009", "02/10/2025", "30 jours fin de mois", "10,00"],
        headings=headings,
    )
    assert found.invoices.due.tolist() == [date(2025, 11, 1), date(2025, 11, 30)]
    assert np.isnat(found.invoices.settled).all()
