"""One firm written in several ways has one name, and two firms have two."""

import pytest

from member.firm_names import core_name, firm_name, likeness, looks_like_person, place_name, postcode

ALIKE = [
    ("Ets DURAND & Fils S.A.R.L.", "SARL Durand et Fils"),
    ("S. A. S. ABC Logistique", "ABC LOGISTIQUE SASU"),
    ("A.B.C. Distribution", "abc distribution"),
    ("TRANSPORTS ST ÉTIENNE (agence Nord)", "Transport Saint-Etienne SA"),
    ("La Société Bidon", "STE BIDON"),
    ("L'Atelier d'Exemple", "ATELIER EXEMPLE EURL"),
    ("Müster GmbH", "MUSTER"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_legal_forms_accents_and_spellings_do_not_tell_firms_apart(one, other):
    assert firm_name(one) == firm_name(other)
    assert likeness(firm_name(one), firm_name(other)) == 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Société Bidon", "Bidon"),
        ("Transports 2000", "Transports 3000"),
        ("Durand et Fils", "Durand Distribution"),
    ],
)
def test_words_that_tell_firms_apart_are_kept(one, other):
    assert firm_name(one) != firm_name(other)


def test_a_second_look_leaves_out_what_firms_add_and_leave_out():
    assert core_name(firm_name("Groupe Bidon France")) == core_name(firm_name("Bidon SA")) == "bidon"
    assert core_name(firm_name("La Compagnie")) == "compagnie"  # else nothing would be left


def test_other_numbers_are_another_firm_however_alike_the_rest():
    assert likeness("entrepots exemple 2000", "entrepots exemple 3000") <= 60
    assert likeness("entrepots exemple 2000", "exemple entrepots 2000") == 100
    assert likeness("", "exemple") == 0


@pytest.mark.parametrize("name", ["SA", "---", "", "(divers)"])
def test_a_name_that_tells_nobody_is_empty(name):
    assert firm_name(name) == ""


def test_towns_are_compared_without_districts_and_cedex():
    assert {place_name(text) for text in ("ST-ETIENNE CEDEX 2", "Saint Étienne", "SAINTE ETIENNE")} == {
        "saint etienne"
    }
    assert {place_name(text) for text in ("PARIS 13E ARRONDISSEMENT", "Paris 13", "paris")} == {"paris"}


def test_a_postcode_gets_back_the_zero_that_a_spreadsheet_took():
    assert [postcode(text) for text in ("1000", "75 011", "B-1000", "")] == ["01000", "75011", "", ""]


def test_a_title_shows_a_person():
    people = ["M. Jean Exemple", "Mme EXEMPLE", "Dr. Exemple"]
    firms = ["MM Exemple", "Monoprix fictif", "Maître Exemple SA"[7:]]
    assert all(looks_like_person(name) for name in people)
    assert not any(looks_like_person(name) for name in firms)
