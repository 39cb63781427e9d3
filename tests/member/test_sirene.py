"""A SIRENE extract is read in one pass, as CSV or Parquet; natural persons are known as such."""

from __future__ import annotations

import polars as pl
import pytest

from benchmark.problems import Problem
from member.imported import Account
from member.sirene import read_extract, telling_words
from tests.member.conftest import siren

COLUMNS = [
    "siren",
    "denominationUniteLegale",
    "categorieJuridiqueUniteLegale",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
    "etatAdministratifUniteLegale",
]
ROWS = [
    [siren(1), "DURAND EXEMPLE", "5499", "69003", "LYON", "A"],
    [siren(2), "AUTRE CHOSE", "5710", "75001", "PARIS", "A"],
    [siren(3), "", "1000", "13001", "MARSEILLE", "A"],
    [siren(4), "DURAND ANCIEN", "5499", "69003", "LYON", "C"],
    ["123456789", "DURAND FAUX", "5499", "69003", "LYON", "A"],
    [siren(5), "TRANSPORTS DURAND", "5499", "69100", "VILLEURBANNE", "A"],
]
ACCOUNTS = [Account("411D", "SARL Durand"), Account("411T", "Transports Zed")]


def extract(folder, form: str):
    path = folder / f"sirene.{form}"
    if form == "parquet":
        columns = {name: [row[place] for row in ROWS] for place, name in enumerate(COLUMNS)}
        # As INSEE types it: the category is a number.
        columns["categorieJuridiqueUniteLegale"] = [int(row[2]) for row in ROWS]
        pl.DataFrame(columns).write_parquet(path)
    else:
        mark = {"csv": ",", "semicolon": ";"}[form]
        path.write_text("\n".join(mark.join(row) for row in [COLUMNS, *ROWS]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["csv", "semicolon", "parquet"])
def test_firms_that_could_be_an_account_are_kept_and_no_others(tmp_path, form):
    seen: list[int] = []
    known = {f"fr.siren:{siren(3)}", "eu.vat:DE129273398"}
    found = read_extract(extract(tmp_path, form), ACCOUNTS, known, seen.append)
    assert not isinstance(found, Problem), found
    told = {party.identifier.removeprefix("fr.siren:"): party for party in found}
    # Ceased firms and false numbers are left out; the person is there because somebody proposed her number.
    assert set(told) == {siren(1), siren(3), siren(5)}
    assert told[siren(3)].person
    assert not told[siren(1)].person
    assert (told[siren(1)].name, told[siren(1)].postcode, told[siren(1)].city) == (
        "DURAND EXEMPLE",
        "69003",
        "LYON",
    )
    assert seen[-1] == len(ROWS)


def test_a_word_that_many_accounts_bear_does_not_fetch_half_the_register():
    many = [f"Transports {stem}" for stem in ("Durand", "Exemple", "Fictif", "Bidon", "Modele")]
    assert telling_words([*many, "Transports"]) == {
        "durand",
        "exemple",
        "fictif",
        "bidon",
        "modele",
        "transports",
    }
    assert telling_words(many) == {"durand", "exemple", "fictif", "bidon", "modele"}
    assert telling_words(["SARL Transports Durand"]) == {"transports", "durand"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"nom;ville\nx;y\n", "column-missing"),
        (b"", "column-missing"),
        (b"PAR1 and then nothing of it", "file-damaged"),
        (b"siren,denominationUniteLegale\n\xff\xfe\n", "file-damaged"),
        (b'siren,denominationUniteLegale\n1,"' + b"x" * 200_000 + b'"\n', "file-damaged"),
    ],
)
def test_what_is_no_extract_is_said(tmp_path, content, code):
    path = tmp_path / "extract"
    path.write_bytes(content)
    found = read_extract(path, ACCOUNTS)
    assert isinstance(found, Problem)
    assert found.code == code


def test_a_file_that_is_not_there_is_said(tmp_path):
    found = read_extract(tmp_path / "absent", ACCOUNTS)
    assert isinstance(found, Problem)
    assert found.code == "file-missing"
