"""The map of accounts gives ledgers without SIREN their identifiers, or says what is wrong with it."""

from member.account_map import parse_accounts, read_accounts
from member.client_list import Known

SIREN, OTHER = "100000009", "200000008"


def codes(text):
    return [(problem.code, problem.row) for problem in parse_accounts(text.encode())]


def test_a_map_is_read_by_account_key():
    text = (
        "Compte;SIREN;Nom;Ville;Secteur;Région;Délai de paiement;Type de délai;Confidentiel\n"
        f"0012;{SIREN};Moulin fictif;Lyon;C;7;45;fin de mois;non\n"
        f"A7;{OTHER};;;;;;;oui\n"
    )
    assert parse_accounts(text.encode()) == {
        "12": Known(f"fr.siren:{SIREN}", "Moulin fictif", "Lyon", 3, 7, 45, 1, False),
        "A7": Known(f"fr.siren:{OTHER}", confidential=True),
    }


def test_each_wrong_row_is_told():
    text = f"Compte;SIREN\n1;{SIREN}\n;{SIREN}\n2;123\n1;{OTHER}\n"
    assert codes(text) == [("account-missing", 3), ("identifier-invalid", 4), ("identifier-contradicts", 5)]


def test_attributes_out_of_range_are_told():
    text = f"Compte;SIREN;Secteur;Délai;Type de délai\n1;{SIREN};Z;900;jamais\n"
    assert codes(text) == [("outside-range", 2)] * 3


def test_a_map_needs_both_columns_and_headings():
    assert codes("Compte;Nom\n1;a\n") == [("column-missing", None)]
    assert codes("1;2\n3;4\n") == [("header-missing", None)]
    assert codes("") == [("file-empty", None)]


def test_a_map_that_is_not_there_is_a_problem(tmp_path):
    assert [problem.code for problem in read_accounts(tmp_path / "nothing.csv")] == ["file-missing"]
    path = tmp_path / "map.csv"
    path.write_text(f"account,siren\n1,{SIREN}\n", encoding="utf-8")
    assert read_accounts(path) == {"1": Known(f"fr.siren:{SIREN}")}


def test_a_heading_given_twice_is_ambiguous():
    assert codes("Compte;SIREN;SIREN\n1;2;3\n") == [("column-twice", 1)]
