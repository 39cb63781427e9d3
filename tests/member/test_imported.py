"""Invoices in memory become an import: one row per client, names aside, confidential clients silent."""

from datetime import date

import numpy as np
import pytest

from benchmark.ledger import Invoices
from benchmark.upload import known, month_index
from member.imported import ImportedClient, from_invoices, last_complete_month, merge_clients

MARCH = month_index(2025, 3)
ONE = ImportedClient("1", "Moulin fictif", "fr.siren:100000009")
TWO = ImportedClient("2", "Forge fictive", "fr.siren:200000008")


def invoices(*given):
    client, cents, invoiced, due = zip(*given, strict=True)
    return Invoices(
        np.array(client, np.int32),
        np.array(cents),
        np.array(invoiced, "M8[D]"),
        np.array(due, "M8[D]"),
        np.full(len(client), np.datetime64("NaT"), "M8[D]"),
    )


LEDGER = invoices(
    (0, 100, "2025-01-10", "2025-02-09"),
    (1, 200, "2025-02-10", "2025-03-12"),
    (0, 300, "2025-03-10", "2025-04-09"),
    (1, 400, "2025-04-10", "2025-05-10"),
)


def test_a_ledger_in_memory_becomes_rows_by_month():
    imported = from_invoices([ONE, TWO], LEDGER, MARCH)
    assert imported.ok
    assert {month: place.tolist() for month, (place, _) in imported.months.items()} == {
        MARCH - 2: [0],
        MARCH - 1: [0, 1],
        MARCH: [0, 1],
    }
    assert imported.months[MARCH][1]["outstanding"].tolist() == [400, 200]
    assert not imported.months[MARCH][1]["pseudonym"].tobytes().strip(b"\0")
    assert imported.summary["invoices"] == 4
    assert imported.summary["outstanding"] == 600


def test_what_lies_after_the_last_complete_month_waits_and_is_said():
    (notice,) = from_invoices([ONE, TWO], LEDGER, MARCH).problems
    assert (notice.code, notice.found, notice.expected) == ("months-not-complete", "1", "2025-03")


def test_the_number_of_months_can_be_limited():
    assert list(from_invoices([ONE, TWO], LEDGER, MARCH, months=1).months) == [MARCH]


def test_two_accounts_with_one_identifier_are_one_client():
    again = ImportedClient("9", "Moulin", ONE.identifier, city="Lyon", sector=3, confidential=False)
    imported = from_invoices([ONE, again], LEDGER, MARCH)
    (client,) = imported.clients
    assert client.accounts == ("1", "9")
    assert (client.name, client.city, client.sector) == ("Moulin fictif", "Lyon", 3)
    assert imported.months[MARCH][1]["outstanding"].tolist() == [600]
    assert [problem.code for problem in imported.problems] == ["clients-merged", "months-not-complete"]


def test_a_client_confidential_under_one_account_is_confidential_under_all():
    merged, place, _ = merge_clients([ONE, ImportedClient("9", "M", ONE.identifier, confidential=True), TWO])
    assert [client.confidential for client in merged] == [True, False]
    assert place.tolist() == [0, 0, 1]


def test_a_confidential_client_stays_in_the_list_and_contributes_nothing():
    secret = ImportedClient("1", "Moulin fictif", ONE.identifier, confidential=True)
    imported = from_invoices([secret, TWO], LEDGER, MARCH)
    assert [client.confidential for client in imported.clients] == [True, False]
    assert {month: place.tolist() for month, (place, _) in imported.months.items()} == {
        MARCH - 1: [1],
        MARCH: [1],
    }


def test_sector_region_and_agreed_terms_go_into_the_rows_where_known():
    agreed = ImportedClient(
        "1", "Moulin fictif", ONE.identifier, sector=3, region=11, terms_days=45, terms_kind=1
    )
    _, rows = from_invoices([agreed, TWO], LEDGER, MARCH).months[MARCH]
    assert rows["terms_days"].tolist() == [45, 30]
    assert rows["terms_kind"].tolist() == [1, 0]
    assert known(rows, "sector").tolist() == known(rows, "region").tolist() == [True, False]
    assert rows["sector"].tolist() == [3, 0]


def test_terms_that_nobody_gave_are_learned_from_the_invoices():
    assert [client.terms_days for client in from_invoices([ONE, TWO], LEDGER, MARCH).clients] == [30, 30]


def test_an_invoice_of_nobody_is_a_programmers_mistake():
    with pytest.raises(ValueError, match="not in the list"):
        from_invoices([ONE], LEDGER, MARCH)


def test_no_invoices_are_an_empty_import():
    empty = Invoices(
        *(LEDGER.client[:0], LEDGER.cents[:0], LEDGER.invoiced[:0], LEDGER.due[:0], LEDGER.settled[:0])
    )
    imported = from_invoices([], empty, MARCH)
    assert (imported.clients, imported.months, imported.problems) == ([], {}, [])


def test_the_last_complete_month_is_the_one_before_todays():
    assert last_complete_month(date(2025, 12, 31)) == month_index(2025, 11)
    assert last_complete_month(date(2026, 1, 1)) == month_index(2025, 12)
