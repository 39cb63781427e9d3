"""Rows are gathered into clients: one account however it is spelled, one identifier each, or a problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.problems import Problem
from member.client_list import (
    Known,
    account_key,
    read_clients,
    read_identifier,
    read_identifiers,
    read_region,
    read_sector,
)
from member.mapping import Mapping
from member.reading import Table
from member.view import open_view
from tests.examples import examples

SIREN, OTHER = "100000009", "200000008"
HEADINGS = ["account", "identifier", "name", "city", "sector", "region", "confidential"]


def read(*rows, accounts=None):
    mapping = Mapping("invoices", {name: name for name in HEADINGS})
    cells = [[row.get(name) for name in HEADINGS] for row in rows]
    view = open_view(Table([HEADINGS, *cells], "csv", ""), 0, mapping)
    parties = read_clients(view, accounts or {})
    return view, parties.clients, parties.of_rows().tolist()


def codes(view):
    return [(problem.code, problem.row) for problem in view.problems]


def test_rows_of_one_account_are_one_client_with_the_first_facts_told():
    view, clients, index = read(
        {"account": "00012", "name": "Moulin fictif", "identifier": SIREN},
        {"account": "00012", "city": "Lyon", "sector": "C", "region": "7"},
        {"account": "13", "name": "Forge fictive", "identifier": OTHER, "confidential": "oui"},
    )
    assert codes(view) == []
    assert index == [0, 0, 1]
    first, second = clients
    assert (first.account, first.name, first.identifier) == ("00012", "Moulin fictif", f"fr.siren:{SIREN}")
    assert (first.city, first.sector, first.region, first.confidential) == ("Lyon", 3, 7, False)
    assert second.confidential


@pytest.mark.parametrize(
    ("cell", "key"),
    [("00012", "12"), (12.0, "12"), (" 0 012 ", "12"), ("A 12", "A12"), ("0A12", "0A12"), ("000", "0")],
)
def test_an_account_is_compared_without_the_zeros_that_spreadsheets_lose(cell, key):
    assert account_key(cell) == key


def test_two_accounts_that_differ_by_zeros_alone_are_asked_about():
    view, _, _ = read({"account": "012", "identifier": SIREN}, {"account": "12", "identifier": SIREN})
    assert codes(view) == [("account-ambiguous", 3)]


def test_an_identifier_comes_from_the_map_of_accounts_where_the_file_has_none():
    known = Known(
        f"fr.siren:{SIREN}",
        name="Moulin fictif",
        city="Lyon",
        sector=3,
        terms_days=45,
        terms_kind=1,
        confidential=True,
    )
    _, (client,), _ = read({"account": "0012"}, accounts={"12": known})
    assert (client.identifier, client.name, client.city) == (f"fr.siren:{SIREN}", "Moulin fictif", "Lyon")
    assert (client.sector, client.terms_days, client.terms_kind, client.confidential) == (3, 45, 1, True)


def test_the_files_own_identifier_goes_before_the_maps():
    _, (client,), _ = read(
        {"account": "12", "identifier": OTHER}, accounts={"12": Known(f"fr.siren:{SIREN}")}
    )
    assert client.identifier == f"fr.siren:{OTHER}"


def test_an_account_without_identifier_is_listed_with_what_the_file_says_of_it_and_is_no_client():
    mapping = Mapping("invoices", {name: name for name in ("account", "name", "vat", "postcode", "factored")})
    headings = list(mapping.columns)
    rows = [["1", "Sans numéro", "FR 00", "69001", None], ["2", "Moulin fictif", None, None, "oui"], ["1"]]
    view = open_view(Table([headings, *rows], "csv", ""), 0, mapping)
    parties = read_clients(view, {"2": Known(f"fr.siren:{SIREN}")})
    assert view.problems == []
    assert [client.account for client in parties.clients] == ["2"]
    assert parties.of_rows().tolist() == [-1, 0, -1]
    assert view.bad == set()
    first, second = parties.accounts
    assert (first.name, first.identifier, first.vat, first.postcode) == (
        "Sans numéro",
        None,
        "FR 00",
        "69001",
    )
    assert second.identifier == f"fr.siren:{SIREN}"
    assert parties.factored == {f"fr.siren:{SIREN}"}


def test_a_wrong_identifier_is_refused_with_what_was_found():
    view, clients, _ = read({"account": "1", "identifier": "123456789"})
    (problem,) = view.problems
    assert (problem.code, problem.row, problem.found) == ("identifier-invalid", 2, "123456789")
    assert problem.expected
    assert clients == []


def test_two_identifiers_for_one_account_contradict_each_other():
    view, _, _ = read({"account": "1", "identifier": SIREN}, {"account": "1", "identifier": OTHER})
    assert codes(view) == [("identifier-contradicts", 3)]


def test_a_client_can_be_known_by_its_identifier_or_its_name_alone():
    _, clients, index = read({"identifier": SIREN}, {"identifier": SIREN})
    assert [(client.account, client.name) for client in clients] == [(SIREN, SIREN)]
    assert index == [0, 0]
    view, clients, index = read({"name": "Moulin"}, {"name": "MOULIN"})
    assert (clients, index) == ([], [-1, -1])
    assert codes(view) == []


def test_a_row_that_names_nobody_is_refused():
    view, _, index = read({"city": "Lyon"})
    assert codes(view) == [("account-missing", 2)]
    assert index == [-1]


@pytest.mark.parametrize(
    "cell", [SIREN, "100 000 009", float(SIREN), "10000000900009", "100 000 009 00009", f"fr.siren:{SIREN}"]
)
def test_one_firm_typed_in_several_ways_is_one_identifier(cell):
    assert read_identifier(cell) == f"fr.siren:{SIREN}"


def test_leading_zeros_that_a_spreadsheet_dropped_come_back():
    assert read_identifier(10_000_008.0) == "fr.siren:010000008"


@pytest.mark.parametrize("cell", ["", "x", "0", "9" * 40, "🙂", 1.5, "100000008"])
def test_what_is_no_identifier_is_a_problem(cell):
    assert isinstance(read_identifier(cell), Problem)


def test_attributes_out_of_range_are_refused():
    view, _, _ = read(
        {"account": "1", "identifier": SIREN, "sector": "Z", "region": "14", "confidential": "un peu"},
    )
    assert {problem.code for problem in view.problems} == {"outside-range", "flag-invalid"}
    assert (read_sector("u"), read_sector("21"), read_sector("22"), read_sector("0")) == (21, 21, None, None)
    assert (read_region("13"), read_region(1.0), read_region("14")) == (13, 1, None)


@given(st.lists(st.integers(0, 999_999_999).map("{:09d}".format), max_size=40))
@examples(25)
def test_many_identifiers_are_read_at_once_as_each_alone(cells):
    odd = ["000000000", SIREN, " 100000009", "１００００００09", 100000009.0, "x", "FR00100000009"]
    read = read_identifiers([*cells, *odd])
    assert read == {cell: read_identifier(cell) for cell in [*cells, *odd]}
