"""French and English headings name the same fields; what is like nothing names nothing."""

import pytest

from member.headings import FIGURES, HEADING_CHARACTERS_MAX, INVOICES, likeness, words

EXPECTED = {
    "account": [
        "N° client",
        "Code client",
        "CompAuxNum",
        "Compte auxiliaire",
        "Customer ID",
        "Cust nbr",
        "Account No",
        "customerID",
    ],
    "name": ["Raison sociale", "Nom du client", "Client", "Customer", "CompAuxLib", "Intitulé du compte"],
    "identifier": ["SIREN", "N° SIRET", "N° TVA intracommunautaire", "VAT number", "Numéro de SIREN", "LEI"],
    "number": [
        "N° facture",
        "Numéro de facture",
        "Invoice number",
        "invoiceNumber",
        "Inv nbr",
        "Réf. facture",
        "PieceRef",
    ],
    "invoiced": [
        "Date facture",
        "Date de facture",
        "Date d'émission",
        "Invoice date",
        "InvoiceDate",
        "Inv date",
        "Posting date",
    ],
    "due": ["Échéance", "Date d'échéance", "Due date", "DueDate", "Net due date"],
    "settled": [
        "Date de règlement",
        "Réglée le",
        "Date de paiement",
        "Settled date",
        "Payment date",
        "Clearing date",
    ],
    "amount": [
        "Montant TTC",
        "Montant",
        "Total TTC",
        "Amount",
        "InvoiceAmount",
        "Inv tot amt",
        "Montant facture TTC",
    ],
    "remaining": ["Reste dû", "Reste à payer", "Open amount", "Solde dû"],
    "dispute": ["Litige", "Disputed", "Disputenumber", "Motif de litige"],
    "currency": ["Devise", "Currency", "Code devise"],
    "month": ["Mois", "Month", "Période"],
    "outstanding": ["Encours", "Encours TTC", "Outstanding", "Solde"],
    "not_due": ["Non échu", "Not due", "Current"],
    "late_1_30": ["1-30 jours", "Échu 1 à 30", "0-30", "1-30 days", "Late 1-30"],
    "late_31_60": ["31-60 jours", "31 à 60", "31-60"],
    "late_61_90": ["61-90 jours", "Échu 61 à 90 jours"],
    "late_91_plus": ["+90 jours", "Plus de 90 jours", "90+", "91+"],
    "paid": ["Encaissé", "Paid", "Règlements"],
    "terms_days": ["Délai de paiement", "Payment terms"],
}


@pytest.mark.parametrize(
    ("field", "heading"), [(field, one) for field, many in EXPECTED.items() for one in many]
)
def test_a_heading_names_its_field(field, heading):
    assert likeness(field, heading) >= 3


@pytest.mark.parametrize("field", [*INVOICES, *FIGURES])
def test_a_fields_own_name_is_the_surest_heading(field):
    assert likeness(field, field) == likeness(field, field.replace("_", " ").title()) > 5


@pytest.mark.parametrize("heading", ["", "???", "Commentaire", "Rundate", "Paper / Electronic", "x" * 5_000])
def test_what_is_like_nothing_names_nothing(heading):
    assert all(likeness(field, heading) < 2 for field in (*INVOICES, *FIGURES))


def test_a_heading_is_split_into_plain_words():
    assert words("InvoiceDate") == words("invoice_date") == words("INVOICE DATE") == "invoice date"
    assert words("Date d'échéance") == "date d echeance"


def test_a_title_is_not_a_heading():
    assert likeness("outstanding", "encours " + "a" * HEADING_CHARACTERS_MAX) == 0
