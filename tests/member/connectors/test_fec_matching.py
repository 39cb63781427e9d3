"""Payments meet invoices as an accountant would say, in ledgers that no two programs write alike."""

import pytest

from benchmark.upload import known, month_index
from member.client_list import Known
from member.import_file import read_bytes
from tests.member.connectors.ledgers import MOULIN, OPTIONS, Fec


def imported(ledger, **accounts):
    known_accounts = {key: Known(identifier, terms_days=30) for key, identifier in accounts.items()}
    options = OPTIONS
    if known_accounts:
        from dataclasses import replace

        options = replace(OPTIONS, accounts=known_accounts)
    return read_bytes(ledger if isinstance(ledger, bytes) else ledger.bytes(), None, options)


def month(found, number, client=0):
    place, rows = found.months[month_index(2025, number)]
    row = rows[place.tolist().index(client)]
    return {name: int(row[name]) for name in row.dtype.names if name not in {"pseudonym", "present"}}


def test_a_code_used_again_in_one_year_is_a_lettering_of_its_own():
    ledger = (
        Fec()
        .invoice("2025-01-10", "CMOUL", 100, "A")
        .paid("2025-01-20", "CMOUL", 100, "A")
        .invoice("2025-03-10", "CMOUL", 50, "A")
        .paid("2025-03-30", "CMOUL", 50, "A")
        .invoice("2025-05-10", "CMOUL", 10, "A")
    )
    for line, day in zip([ledger.lines[at] for at in (0, 4, 5, 9, 10)], "22445", strict=True):
        line["DateLet"] = f"2025010{day}"
    found = imported(ledger)
    assert (found.summary["letterings"], found.summary["balanced_letterings"]) == (3, 2)
    assert found.summary["weighted_days_to_pay"] == pytest.approx((100 * 10 + 50 * 20) / 150, abs=0.05)


def test_an_invoice_lettered_with_a_payment_to_come_is_not_paid_by_another():
    ledger = (
        Fec()
        .invoice("2025-01-10", "CMOUL", 100, "A")
        .invoice("2025-01-20", "CMOUL", 100)
        .paid("2025-02-10", "CMOUL", 100)
    )
    february = month(imported(ledger), 2)
    assert (february["outstanding"], february["paid_days_to_pay"]) == (10_000, 10_000 * 21)


def test_a_lettered_payment_of_last_years_invoice_pays_what_was_brought_forward():
    ledger = (
        Fec()
        .entry("AN", "2025-01-01", ("101000", "", -300), ("411000", "CMOUL", 300))
        .paid("2025-01-20", "CMOUL", 300, "ZZ")
        .invoice("2025-01-25", "CMOUL", 60)
    )
    found = imported(ledger)
    january = month(found, 1)
    assert (january["outstanding"], january["sales"], january["paid"]) == (6_000, 6_000, 30_000)
    _, rows = found.months[month_index(2025, 1)]
    assert not known(rows, "paid_days_to_pay")[0]
    assert known(rows, "not_due")[0]


def test_an_opening_is_known_by_its_accounts_where_no_word_says_so():
    ledger = (
        Fec()
        .entry("X1", "2025-01-01", ("101000", "", -500), ("512000", "", 200), ("411000", "CMOUL", 300))
        .invoice("2025-01-25", "CMOUL", 60)
    )
    assert month(imported(ledger), 1)["sales"] == 6_000


def test_a_balance_brought_forward_invoice_by_invoice_keeps_their_dates():
    ledger = (
        Fec()
        .entry(
            "AN",
            "2025-01-01",
            ("101000", "", -300),
            ("411000", "CMOUL", 300),
            piece_day="2024-11-20",
            piece="F9",
        )
        .invoice("2025-01-25", "CMOUL", 60)
    )
    found = imported(ledger)
    assert "brought-forward" not in [problem.code for problem in found.problems]
    january = month(found, 1)
    assert (january["sales"], january["late_31_60"]) == (6_000, 30_000)


def test_an_extract_of_client_accounts_alone_is_read_by_its_journals():
    ledger = (
        Fec()
        .entry("V", "2025-01-10", ("411000", "CMOUL", 100))
        .entry("V", "2025-01-12", ("411000", "CMOUL", 80))
        .entry("V", "2025-01-15", ("411000", "CMOUL", -20))
        .entry("B", "2025-02-09", ("411000", "CMOUL", -100))
        .entry("B", "2025-02-20", ("411000", "CMOUL", -60))
    )
    found = imported(ledger)
    assert found.ok
    january, february = month(found, 1), month(found, 2)
    assert (january["sales"], january["paid"]) == (16_000, 0)
    assert (february["paid"], february["outstanding"]) == (16_000, 0)


def test_an_account_of_its_own_is_a_client_without_an_auxiliary():
    ledger = Fec().entry("VE", "2025-01-10", ("411MOUL", "", 120), ("706000", "", -100), ("445710", "", -20))
    for line in ledger.lines:
        if line["CompteNum"] == "411MOUL":
            line["CompteLib"] = "Moulin fictif"
    found = imported(ledger, **{"411MOUL": MOULIN})
    assert [(client.account, client.name) for client in found.clients] == [("411MOUL", "Moulin fictif")]


def test_an_advance_given_back_is_neither_a_sale_nor_a_payment():
    ledger = (
        Fec()
        .entry("BQ", "2025-01-05", ("512000", "", 500), ("419100", "CMOUL", -500))
        .entry("BQ", "2025-01-25", ("419100", "CMOUL", 500), ("512000", "", -500), label="Remboursement")
        .invoice("2025-02-10", "CMOUL", 60)
    )
    february = month(imported(ledger), 2)
    assert (february["outstanding"], february["sales"], february["paid"]) == (6_000, 6_000, 0)


def test_negative_debits_are_credits():
    ledger = Fec().invoice("2025-01-10", "CMOUL", 100).paid("2025-01-30", "CMOUL", 40)
    for line in ledger.lines:
        if line["CompteNum"] == "411000" and line["Credit"] == "40,00":
            line["Debit"], line["Credit"] = "-40,00", "0,00"
    january = month(imported(ledger), 1)
    assert (january["outstanding"], january["paid"]) == (6_000, 4_000)


@pytest.mark.parametrize(
    ("account", "paid"), [("401000", 3_000), ("455100", 3_000), ("654000", 0), ("665000", 0), ("709000", 0)]
)
def test_a_client_may_settle_without_a_bank_and_a_loss_is_no_payment(account, paid):
    ledger = (
        Fec()
        .invoice("2025-01-10", "CMOUL", 100, "A")
        .entry("OD", "2025-01-20", (account, "", 30), ("411000", "CMOUL", -30, "A"))
        .invoice("2025-01-31", "CFORG", 1)
    )
    january = month(imported(ledger), 1)
    assert (january["outstanding"], january["paid"]) == (7_000, paid)


def test_a_bank_statement_entered_as_one_entry_is_payments_and_a_rejection():
    ledger = (
        Fec()
        .invoice("2025-01-02", "CMOUL", 100)
        .entry(
            "BQ",
            "2025-01-31",
            ("411000", "CMOUL", -100),
            ("411000", "CFORG", -50),
            ("627000", "", 3),
            ("512000", "", 147),
        )
        .invoice("2025-02-02", "CFORG", 50)
    )
    found = imported(ledger)
    assert month(found, 1)["paid"] == 10_000
    february = month(found, 2, client=1)
    assert (february["outstanding"], february["sales"]) == (0, 5_000)


def test_two_clients_bills_in_one_account_are_told_apart_by_amount():
    ledger = (
        Fec()
        .invoice("2025-01-02", "CMOUL", 100)
        .invoice("2025-01-03", "CFORG", 70)
        .entry("EF", "2025-01-10", ("413000", "", 100), ("411000", "CMOUL", -100))
        .entry("EF", "2025-01-11", ("413000", "", 70), ("411000", "CFORG", -70))
        .entry("BQ", "2025-02-10", ("512000", "", 70), ("413000", "", -70))
    )
    found = imported(ledger)
    assert [one.outstanding_cents for one in found.accounts] == [10_000, 0]
    assert month(found, 2, client=1)["paid"] == 7_000
    assert month(found, 2)["paid"] == 0


@pytest.mark.parametrize("seed", range(4))
def test_what_is_owed_is_the_ledgers_own_balance_however_it_is_matched(seed):
    """Outstanding by month is the running balance of the client accounts, lettered or not."""
    import numpy as np

    random = np.random.default_rng(seed)
    ledger = Fec()
    days = sorted(random.integers(0, 330, 60).tolist())
    for number, day in enumerate(days):
        on = str(np.datetime64("2025-01-01") + day)
        euros = int(random.integers(1, 50)) * 10
        code = ["", "A", f"B{number // 3}"][int(random.integers(0, 3))]
        kind = int(random.integers(0, 6))
        if kind < 3:
            ledger.invoice(on, "CMOUL", euros * 1.2, code)
        elif kind == 3:
            ledger.invoice(on, "CMOUL", -euros * 1.2, code)
        elif kind == 4:
            ledger.paid(on, "CMOUL", euros * 1.2, code)
        else:
            ledger.entry("BQ", on, ("411000", "CMOUL", euros * 1.2, code), ("512000", "", -euros * 1.2))
    found = imported(ledger)
    balance = {}
    for line in ledger.lines:
        if line["CompteNum"] == "411000":
            moved = [round(float(line[side].replace(",", ".")) * 100) for side in ("Debit", "Credit")]
            index = month_index(int(line["EcritureDate"][:4]), int(line["EcritureDate"][4:6]))
            balance[index] = balance.get(index, 0) + moved[0] - moved[1]
    running = 0
    for index in range(min(balance), max(balance) + 1):
        running += balance.get(index, 0)
        _, rows = found.months.get(index, (None, None))
        assert (0 if rows is None else int(rows["outstanding"][0])) == running, index
