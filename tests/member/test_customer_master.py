"""A customer master is recognised by its headings, whichever system wrote it."""

import pytest

from benchmark.problems import Problem
from member.customer_master import parse_master, read_master
from tests.member.conftest import siren

MASTERS = [
    "Code client;Raison sociale;N° SIRET;N° TVA intracommunautaire;Code postal;Ville\n",
    "CompAuxNum;CompAuxLib;SIRET;TVA intracom;CP;Commune\n",
    "Customer No,Customer Name,Siret number,VAT number,ZIP code,City\n",
    "Compte;Intitulé du compte;Siret;Identifiant TVA;CP;Ville\n",
]


@pytest.mark.parametrize("headings", MASTERS)
def test_accounts_are_read_with_their_numbers_and_places(headings):
    cells = ["C0012", "Exemple SARL", f"{siren(1)}00011", "FR00", "01000", "Bourg"]
    line = ("," if "," in headings else ";").join(cells)
    found = parse_master(f"Fichier clients\n\n{headings}{line}\n".encode("cp1252"))
    assert not isinstance(found, Problem), found
    (one,) = found
    assert (one.account, one.name, one.registration) == ("C0012", "Exemple SARL", f"{siren(1)}00011")
    assert (one.vat, one.postcode, one.city) == ("FR00", "01000", "Bourg")


def test_a_siren_serves_where_there_is_no_siret_and_rows_without_an_account_are_left():
    found = parse_master(f"Compte;Nom;SIREN\nA1;Un;{siren(1)}\n;Personne;{siren(2)}\n".encode())
    assert [(one.account, one.registration) for one in found] == [("A1", siren(1))]


@pytest.mark.parametrize("content", [b"", b"no headings here\n1\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_master_is_said(content):
    assert isinstance(parse_master(content), Problem)


def test_a_file_that_is_not_there_is_said(tmp_path):
    found = read_master(tmp_path / "absent.csv")
    assert isinstance(found, Problem)
    assert found.code == "file-missing"
