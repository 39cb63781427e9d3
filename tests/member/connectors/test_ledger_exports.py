"""Ledgers as many programs write them are read alike: three invoices, one lettering, 1,000.50 open."""

import csv
import io
import re
from datetime import date

import openpyxl
import pytest

from member.import_file import Options, read_bytes
from member.preview import preview
from tests.member.connectors.ledgers import NAMES

# journal, entry, day, account, its name, auxiliary, its name, document, text, debit, credit, letter
ENTRIES = [
    ("VE", "1", "2025-09-02", "411000", "Clients", "C001", "Moulin fictif", "F1", "Facture", 120000, 0, "A"),
    ("VE", "1", "2025-09-02", "706000", "Ventes", "", "", "F1", "Facture", 0, 100000, ""),
    ("VE", "1", "2025-09-02", "445710", "TVA", "", "", "F1", "Facture", 0, 20000, ""),
    ("VE", "2", "2025-09-15", "411000", "Clients", "C002", "Forge fictive", "F2", "Facture", 80050, 0, ""),
    ("VE", "2", "2025-09-15", "706000", "Ventes", "", "", "F2", "Facture", 0, 80050, ""),
    ("VE", "3", "2025-10-05", "411000", "Clients", "C002", "Forge fictive", "A1", "Avoir", 0, 10000, ""),
    ("VE", "3", "2025-10-05", "706000", "Ventes", "", "", "A1", "Avoir", 10000, 0, ""),
    ("BQ", "4", "2025-10-12", "411000", "Clients", "C001", "Moulin fictif", "V1", "Virement", 0, 120000, "A"),
    ("BQ", "4", "2025-10-12", "512000", "Banque", "", "", "V1", "Virement", 120000, 0, ""),
    ("VE", "5", "2025-10-20", "411000", "Clients", "C001", "Moulin fictif", "F3", "Facture", 30000, 0, ""),
    ("VE", "5", "2025-10-20", "706000", "Ventes", "", "", "F3", "Facture", 0, 30000, ""),
]
YEAR_BEFORE = [
    ("VE", "90", "2024-11-02", "411000", "Clients", "C001", "Moulin fictif", "F0", "Facture", 50000, 0, "B"),
    ("VE", "90", "2024-11-02", "706000", "Ventes", "", "", "F0", "Facture", 0, 50000, ""),
    ("BQ", "91", "2025-01-12", "411000", "Clients", "C001", "Moulin fictif", "V0", "Virement", 0, 50000, "B"),
    ("BQ", "91", "2025-01-12", "512000", "Banque", "", "", "V0", "Virement", 50000, 0, ""),
]


def compact(day):
    return day.replace("-", "")


def french(day):
    return "/".join(reversed(day.split("-")))


def comma(cents):
    return f"{cents // 100},{cents % 100:02d}"


def dot(cents):
    return f"{cents / 100:.2f}"


def spaced(cents):
    return f"{cents // 100:,}".replace(",", "\u202f") + f",{cents % 100:02d}"


def text(rows, delimiter="\t", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return written.getvalue()


def fec(names=NAMES, entries=ENTRIES, day=compact, money=comma, sides=None, minus="", more=()):
    """Rows of a FEC; sides: the words for debit and credit beside one column of amounts."""
    rows = []
    for journal, entry, on, account, named, number, client, document, said, debit, credit, letter in entries:
        amounts = [money(debit), (minus if credit else "") + money(credit)]
        if sides:
            amounts = [money(debit or credit), sides[0] if debit else sides[1]]
        paid = day("2025-10-12") if letter else ""
        client_account = [journal, journal, entry, day(on), account, named, number, client, document, day(on)]
        rows.append([*client_account, said, *amounts, letter, paid, day(on), "", "", *("" for _ in more)])
    names = [{"Debit": "Montant", "Credit": "Sens"}.get(one, one) if sides else one for one in names]
    return [[*names, *more], *rows]


def table(headings, row, entries=ENTRIES):
    return [headings, *(row(*entry) for entry in entries)]


def workbook(rows):
    """As a spreadsheet keeps a FEC that was opened with it: numbers and dates, not texts."""
    book = openpyxl.Workbook()
    book.active.append(rows[0])
    for row in rows[1:]:
        typed = [float(cell.replace(",", ".")) if "," in cell else cell for cell in row]
        for place in (3, 9, 14, 15):
            typed[place] = date.fromisoformat(row[place]) if row[place] else None
        typed[4] = int(row[4])
        book.active.append(typed)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def own(account, number):
    """The account of a client where the ledger has one for each."""
    return f"411{number}" if number else account


SAGE = table(
    [
        *("Code journal", "Date de pièce", "N° compte général", "Intitulé compte général", "N° compte tiers"),
        *("Intitulé du tiers", "Référence", "Libellé écriture", "Débit", "Crédit", "Lettrage"),
    ],
    lambda j, n, d, a, an, c, cn, p, t, de, cr, le: (
        [j, french(d), a, an, c, cn, p, t, comma(de) if de else "", comma(cr) if cr else "", le]
    ),
)
QUADRA = table(
    [
        *("Code journal", "Date écriture", "Numéro de compte", "Libellé compte", "Numéro de pièce"),
        *("Libellé écriture", "Montant débit", "Montant crédit", "Lettrage"),
    ],
    lambda j, n, d, a, an, c, cn, p, t, de, cr, le: (
        [j, french(d), own(a, c), cn or an, p, t, comma(de), comma(cr), le]
    ),
)
PENNYLANE = table(
    [
        *("Date", "Code journal", "Numéro de compte", "Libellé de compte", "Libellé de ligne"),
        *("Numéro de facture", "Tiers", "Débit", "Crédit", "Lettrage"),
    ],
    lambda j, n, d, a, an, c, cn, p, t, de, cr, le: (
        [french(d), j, own(a, c), cn or an, t, p, cn, dot(de) if de else "", dot(cr) if cr else "", le]
    ),
)
ENGLISH = table(
    [
        *("Journal", "Entry No.", "Posting Date", "G/L Account No.", "G/L Account Name", "Customer No."),
        *("Customer Name", "Document No.", "Description", "Debit Amount", "Credit Amount", "Matching"),
    ],
    lambda j, n, d, a, an, c, cn, p, t, de, cr, le: [j, n, d, a, an, c, cn, p, t, dot(de), dot(cr), le],
)
ODOO = table(
    ["Date", "Journal Entry", "Account", "Partner", "Label", "Debit", "Credit", "Matching #", "Due Date"],
    lambda j, n, d, a, an, c, cn, p, t, de, cr, le: (
        [d, f"{j}/{n}", f"{a} {an}", cn, t, dot(de), dot(cr), le and "P1", ""]
    ),
)
EXTRACT = table(
    ["Journal", "Date", "Compte", "Nom", "Pièce", "Libellé", "Débit", "Crédit", "Let"],
    lambda j, n, d, a, an, c, cn, p, t, de, cr, le: (
        [j, french(d), own(a, c), cn, p, t, comma(de), comma(cr), le]
    ),
    [entry for entry in ENTRIES if entry[5]],
)
ONE_COLUMN = [[*row[:11], row[11] if row[11] != "0,00" else f"-{row[12]}", *row[13:15]] for row in fec()[1:]]
IN_WORDS = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name in NAMES]
ACCENTED = [{"Debit": "Débit", "Credit": "Crédit"}.get(name, name) for name in NAMES]
LEDGERS = {
    "bars": text(fec(), "|").encode("iso8859-15"),
    "semicolons and French dates": text(fec(day=french), ";").encode("cp1252"),
    "commas, all quoted": text(fec(money=dot), ",", quoting=csv.QUOTE_ALL).encode(),
    "lower-case names": text(fec([one.lower() for one in NAMES])).encode(),
    "capitals, UTF-16": text(fec([one.upper() for one in NAMES])).encode("utf-16"),
    "names in words": text(fec(IN_WORDS)).encode(),
    "accents": text(fec(ACCENTED)).encode("cp1252"),
    "a mark": text(fec()).encode("utf-8-sig"),
    "DOS": text(fec()).encode("cp850"),
    "ends of an old Mac": text(fec(), end="\r").encode(),
    "thousands parted": text(fec(money=spaced)).encode(),
    "empty zeros": text([["" if cell == "0,00" else cell for cell in row] for row in fec()]).encode(),
    "credits below zero": text(fec(minus="-")).encode(),
    "22 columns": text(fec(more=("DateRglt", "ModeRglt", "NatOp", "IdClient"))).encode(),
    "a delimiter at the end": text([[*row, ""] for row in fec()]).encode(),
    "days with hours": text(fec(day=lambda day: f"{french(day)} 00:00:00"), ";").encode(),
    "sides D and C": text(fec(sides=("D", "C"))).encode(),
    "sides +1 and -1": text(fec(sides=("+1", "-1"))).encode(),
    "sides in words": text(fec(sides=("Débit", "Crédit"))).encode("cp1252"),
    "one column of amounts": text([[*NAMES[:11], "Montant", *NAMES[13:15]], *ONE_COLUMN]).encode(),
    "titles above": f"Écritures\r\nExercice 2025\r\n{text(fec())}".encode(),
    "no names of columns": text(fec()[1:]).encode(),
    "no names of columns, bars": text(fec()[1:], "|").encode("cp1252"),
    "a line for a spreadsheet": f"sep=;\r\n{text(fec(), ';')}".encode("cp1252"),
    "padded": text([[f"{cell}   " for cell in row] for row in fec()]).encode(),
    "euros written": text(fec(money=lambda cents: f"{comma(cents)} €")).encode(),
    "a total below": f"{text(fec())}{chr(9) * 10}TOTAL\t4 300,50\t4 300,50\r\n".encode(),
    "a workbook": workbook(fec()),
    "two years": text(fec(entries=[*YEAR_BEFORE, *ENTRIES])).encode(),
    "Sage": text(SAGE, ";").encode("cp1252"),
    "Quadra": text(QUADRA, ";").encode("cp1252"),
    "Pennylane": text(PENNYLANE, ",").encode(),
    "in English": text(ENGLISH, ",").encode(),
    "Odoo": text(ODOO, ",").encode(),
    "client accounts alone": text(EXTRACT, ";").encode("cp1252"),
}


@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_is_read_whoever_wrote_it(name):
    imported = read_bytes(LEDGERS[name], None, Options(today=date(2025, 11, 20)), name=name)
    facts = preview(imported, name).as_json()
    blocking = [one["code"] for one in facts["problems"] if one["blocking"]]
    assert blocking == ["no-account-identified"]
    earlier = name == "two years"
    assert (facts["kind"], facts["clients"], facts["outstanding_cents"]) == ("ledger", 2, 100_050)
    assert (facts["invoices"], facts["letterings"]) == ((4, 2) if earlier else (3, 1))
    assert facts["balanced_letterings"] == facts["letterings"]
    assert {one.name for one in imported.accounts} == {"Moulin fictif", "Forge fictive"}
    paid_days = 40.0 if not earlier else (120_000 * 40 + 50_000 * 71) / 170_000
    assert facts["weighted_days_to_pay"] == pytest.approx(paid_days, abs=0.1)
