"""Which column is what: proposed, kept as JSON, refused where it contradicts itself."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchmark.problem_texts import FIELD_NAMES
from benchmark.problems import Problem
from member.cli import app
from member.mapping import EVERY, Mapping, check, dump, find_headings, load, missing, parse, propose, save

FRENCH = [
    "N° client",
    "Raison sociale",
    "SIREN",
    "N° facture",
    "Date facture",
    "Échéance",
    "Montant HT",
    "Montant TTC",
    "Date de règlement",
]


def test_a_french_invoice_list_is_recognised():
    mapping = propose(FRENCH, [])
    assert mapping == Mapping(
        "invoices",
        {
            "number": "N° facture",
            "invoiced": "Date facture",
            "due": "Échéance",
            "settled": "Date de règlement",
            "amount": "Montant TTC",
            "identifier": "SIREN",
            "account": "N° client",
            "name": "Raison sociale",
        },
    )
    assert missing(mapping) == []


def test_an_aged_balance_is_recognised_and_lacks_its_month_alone():
    mapping = propose(["Compte", "Client", "Encours", "Non échu", "1-30", "31-60", "61-90", "+90 jours"], [])
    assert mapping.kind == "figures"
    assert missing(mapping) == ["month"]
    assert missing(Mapping("figures", mapping.columns, defaults={"month": "2025-11"})) == []


VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "mapping.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("one", VECTORS["read"], ids=lambda one: one["name"])
def test_the_vectors_that_the_page_reads_are_read_here_alike(one):
    mapping = parse(one["mapping"].encode())
    assert isinstance(mapping, Mapping) == one["valid"]
    if isinstance(mapping, Mapping):
        assert mapping.kind == one["kind"]


def test_a_kind_can_be_forced():
    assert propose(FRENCH, [], "figures").kind == "figures"


def test_a_column_whose_content_cannot_be_a_date_is_not_proposed_as_one():
    headings = ["Date", "Due date", "Amount", "Customer"]
    sample = [["late", "2025-01-31", 12.0, "A"], ["soon", "2025-02-28", 13.0, "B"]]
    assert "invoiced" not in propose(headings, sample).columns
    assert propose(headings, [["2025-01-01", "2025-01-31", 12.0, "A"]]).columns["invoiced"] == "Date"


def test_headings_are_found_below_titles():
    rows = [["Balance au 30/11/2025", None], [None], ["Société Dupont"], FRENCH, ["1"] * 9]
    assert find_headings(rows) == 3
    assert find_headings([["a", "b"], ["1", "2"]]) is None
    assert find_headings([]) is None


def test_an_invoice_list_without_due_dates_needs_the_agreed_terms():
    columns = {"account": "A", "amount": "B", "invoiced": "C"}
    assert missing(Mapping("invoices", columns)) == ["due"]
    assert missing(Mapping("invoices", columns, defaults={"terms_days": "30"})) == []
    assert missing(Mapping("invoices", {})) == ["account", "amount", "invoiced", "due"]


def test_a_mapping_is_kept_as_json_that_a_page_reads(tmp_path):
    mapping = Mapping("invoices", {"amount": "Montant TTC"}, "dmy", ",", {"currency": "EUR"}, 4, "Feuil1")
    path = tmp_path / "mapping.json"
    save(mapping, path)
    assert load(path) == mapping
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "kind": "invoices",
        "columns": {"amount": "Montant TTC"},
        "date_order": "dmy",
        "decimal": ",",
        "defaults": {"currency": "EUR"},
        "heading_row": 4,
        "sheet": "Feuil1",
        "rates": {},
        "added": {},
        "version": 1,
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"kind": "diary", "columns": {}}',
        b'{"kind": "invoices", "columns": {"colour": "Couleur"}}',
        b'{"kind": "invoices", "columns": {"month": "Mois"}}',
        b'{"kind": "invoices", "columns": {}, "defaults": {"month": "2025-11"}}',
        b'{"kind": "invoices", "columns": {}, "date_order": "ymd"}',
        b'{"kind": "invoices", "columns": {}, "version": 2}',
        b'{"kind": "invoices", "columns": {}, "heading_row": 0}',
        b'{"kind": "invoices", "columns": {}, "surprise": 1}',
        b'{"kind": "invoices", "columns": {}, "sheet": "' + b"x" * 100_000 + b'"}',
    ],
)
def test_a_mapping_that_is_none_is_a_problem(data):
    assert parse(data).code == "mapping-invalid"


@given(st.binary(max_size=200))
def test_random_bytes_are_never_a_mapping_nor_a_crash(data):
    assert isinstance(parse(data), Problem)


def test_a_mapping_file_that_is_not_there_is_a_problem(tmp_path):
    assert load(tmp_path / "nothing.json").code == "file-missing"


@given(st.lists(st.none() | st.text(max_size=30) | st.floats() | st.sampled_from(FRENCH), max_size=20))
def test_whatever_the_headings_what_is_proposed_holds_together(headings):
    mapping = propose(headings, [])
    assert check(mapping) is None
    assert parse(dump(mapping)) == mapping
    assert len(set(mapping.columns.values())) <= len(mapping.columns)


def test_every_field_has_a_name_that_people_read():
    assert set(EVERY) <= set(FIELD_NAMES)


def test_what_was_used_is_kept_for_the_next_month_and_gives_the_same_import(tmp_path):
    balance = "Balance âgée au 31/10/2025\nSIREN;Encours;Non échu;1-15;16-30;31-60;61-90;+90\n"
    first = tmp_path / "october.csv"
    first.write_text(f"{balance}100000009;10;4;3;3;0;0;0\n", encoding="utf-8")
    kept = tmp_path / "mapping.json"
    home = ["--home", str(tmp_path / "none")]
    shown = CliRunner().invoke(
        app, ["preview", str(first), "--save-mapping", str(kept), *home, "--lang", "fr"]
    )
    assert shown.exit_code == 0, shown.output
    assert "1-15 + 16-30 = échu 1-30 jours" in shown.output
    mapping = load(kept)
    assert mapping.defaults == {}
    assert mapping.added == {"late_1_30": ["16-30"]}
    second = tmp_path / "september.csv"
    second.write_text(f"{balance.replace('31/10', '30/09')}100000009;10;4;3;3;0;0;0\n", encoding="utf-8")
    again = CliRunner().invoke(app, ["preview", str(second), "--mapping", str(kept), "--json", *home])
    assert again.exit_code == 0, again.output
    assert [month["month"] for month in json.loads(again.stdout)["months"]] == ["2025-09"]


@pytest.mark.parametrize(
    ("heading", "cell", "field"),
    [
        ("N° SIREN", "100000009", "identifier"),
        ("SIRET du client", "40483304800022", "identifier"),
        ("N° TVA intracommunautaire", "FR83404833048", "identifier"),
        ("Company registration number", "100000009", "identifier"),
        ("NIF", "B12345678", "vat"),  # without its country it names nobody
        ("TVA", "200,00", None),
    ],
)
def test_a_number_of_a_firm_is_its_identifier_where_it_is_one_as_it_stands(heading, cell, field):
    row = ["Moulin fictif", cell, "02/09/2025", "02/10/2025", "1200,00"]
    columns = propose(["Client", heading, "Date facture", "Échéance", "Montant TTC"], [row] * 3).columns
    assert [name for name, text in columns.items() if text == heading] == ([field] if field else [])


def test_an_account_that_many_names_share_is_no_clients():
    headings = ["Compte général", "Compte", "Raison sociale", "Date facture", "Échéance", "Montant TTC"]
    rows = [["411000", "411000", name, "02/09/2025", "02/10/2025", "10,00"] for name in ("A", "B", "C")]
    columns = propose(headings, rows).columns
    assert (columns.get("account"), columns["name"]) == (None, "Raison sociale")
