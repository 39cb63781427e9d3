"""Exports of many programs are read alike: five invoices of three clients, 2,000.50 open at October's end."""

from dataclasses import replace
from datetime import date

import pytest

from benchmark.ledger import BUCKETS
from benchmark.upload import month_index
from member.client_list import Known, account_key
from member.import_file import Options, read_bytes
from member.preview import preview
from tests.member.exports_balances import EXPORTS as AGED
from tests.member.exports_habits import LISTS as HABITS
from tests.member.exports_lists import EXPORTS
from tests.member.exports_reports import BALANCES as REPORTS
from tests.member.exports_reports import CLIENT_LEDGERS, OPEN_LISTS
from tests.member.exports_reports import LISTS as MORE_LISTS

TODAY = date(2025, 11, 20)
OCTOBER = month_index(2025, 10)
DATED = ("Octob", "octob", "31/10/2025", "31.10.2025", "31-10-2025", "2025-10-31")
BALANCES = AGED | REPORTS
LISTS = EXPORTS | OPEN_LISTS | MORE_LISTS | HABITS
ONLY_OPEN = {"quickbooks_ar_detail", *OPEN_LISTS}
"""Lists of what is open: the paid invoice is not in them."""


def told(name, data, **options):
    """The preview's figures, everybody under a name of his own, and the months."""
    given = Options(today=TODAY, **options)
    accounts = read_bytes(data, None, given, name=name).accounts
    known = {account_key(one.account): Known(f"own:{one.account}", name=one.name) for one in accounts}
    imported = read_bytes(data, None, replace(given, accounts=known), name=name)
    return preview(imported, name).as_json(), imported


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_invoices_is_read_whoever_wrote_it(name):
    encoding, text = LISTS[name]
    facts, imported = told(name, text.encode(encoding))
    assert [one for one in facts["problems"] if one["blocking"]] == []
    assert facts["kind"] == "invoices"
    invoices = 4 if name in ONLY_OPEN else 5
    counted = (facts["clients"], facts["invoices"], facts["open"], facts["outstanding_cents"])
    assert counted == (3, invoices, 4, 200_050)
    assert {one.name.removeprefix("C001 ") for one in imported.clients} >= {"Moulin fictif"}
    there, rows = imported.months[OCTOBER]
    assert len(there) == 3
    assert rows["outstanding"].sum() == 200_050
    assert sum(rows[bucket].sum() for bucket in BUCKETS) == 200_050


@pytest.mark.parametrize("name", BALANCES)
def test_an_aged_balance_is_read_whoever_wrote_it(name):
    encoding, text = BALANCES[name]
    dated = any(one in text for one in DATED)
    facts, imported = told(name, text.encode(encoding), through_month=None if dated else OCTOBER)
    assert [one for one in facts["problems"] if one["blocking"]] == []
    assert (facts["kind"], facts["clients"], facts["outstanding_cents"]) == ("figures", 3, 200_050)
    (month,) = imported.months
    assert month == OCTOBER
    _, rows = imported.months[month]
    assert [int(rows[bucket].sum()) for bucket in BUCKETS] == [30_000, 70_050, 50_000, 40_000, 10_000]


@pytest.mark.parametrize("name", CLIENT_LEDGERS)
def test_a_ledger_of_client_accounts_alone_is_read(name):
    encoding, text = CLIENT_LEDGERS[name]
    facts, imported = told(name, text.encode(encoding))
    assert [one for one in facts["problems"] if one["blocking"]] == []
    assert (facts["kind"], facts["clients"], facts["outstanding_cents"]) == ("ledger", 2, 100_050)
    assert (facts["invoices"], facts["letterings"], facts["weighted_days_to_pay"]) == (3, 1, 40.0)
    assert {one.name for one in imported.clients} == {"Moulin fictif", "Forge fictive"}
