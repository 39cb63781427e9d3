"""From a ledger without a SIREN to a push, at the keyboard: proposed, confirmed, kept in the book, sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.member.conftest import Firms, siren
from tests.member.connectors.documents import invoice
from tests.member.test_cli import Keyboard, enrolled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Launcher

HEADINGS = "N° client;Raison sociale;Ville;Date facture;Échéance;Montant TTC;Date de règlement"
TOLD = "N° client;Raison sociale;SIREN;Date facture;Échéance;Montant TTC;Date de règlement"
NAMES = {
    1: "Alpha Exemple",
    2: "Bêta Exemple SARL",
    3: "Gamma Exemple",
    4: "GAMMA EXEMPLE SA",
    5: "Personne ne sait",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    rows = [
        f"C{number};{name};Lyon;01/{month}/2025;10/{month}/2025;{number}000,00;"
        for number, name in NAMES.items()
        for month in ("11", "12")
    ]
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def sources(tmp_path: Path) -> list[object]:
    master = tmp_path / "master.csv"
    master.write_text(f"Code client;Nom;SIRET;Ville\nC1;Alpha;{siren(1)}00001;Lyon\n", encoding="utf-8")
    register = tmp_path / "sirene.csv"
    register.write_text(
        "siren,denominationUniteLegale,categorieJuridiqueUniteLegale,codePostalEtablissement,"
        "libelleCommuneEtablissement\n"
        f"{siren(2)},BETA EXEMPLE,5499,69003,LYON\n{siren(3)},GAMMA EXEMPLE,5599,69001,LYON\n",
        encoding="utf-8",
    )
    return ["--master", master, "--sirene", register]


@pytest.fixture(scope="module")
def network(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firms]:
    made = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    yield made
    made.close()


def siret(number: int) -> str:
    """A fictional establishment, its check digit right."""
    from tests.member.conftest import siren as of

    stem = f"{of(number)}0001"
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(stem))]
    return f"{stem}{-sum(value - 9 if value > 9 else value for value in doubled) % 10}"


def test_what_is_sure_is_confirmed_in_one_go_and_the_next_push_uses_it(
    network: Firms, ledger: Path, sources: list[object], tmp_path: Path
) -> None:
    master = tmp_path / "master.csv"
    master.write_text(
        master.read_text(encoding="utf-8").replace(f"{siren(1)}00001", siret(1)), encoding="utf-8"
    )
    keyboard = enrolled(network)
    assert keyboard.type("push", ledger).exit_code == 3
    done = keyboard.type("identify", ledger, *sources, "--confirm-sure")
    assert done.exit_code == 0, done.output
    assert "5 accounts: 4 sure" in done.stdout
    assert "4 accounts of 3 clients are identified" in done.stdout
    assert "1 clients have several accounts: each counts once." in done.stdout
    sent = keyboard.type("push", ledger, "--skip-bad", "--json")
    assert sent.exit_code == 0, sent.output
    told = json.loads(sent.stdout)
    assert {month["rows"] for month in told["months"]} == {3}
    assert told["identifiers_asked"] == 3
    # What the book knows needs no source any more, and stays sure.
    again = json.loads(keyboard.type("identify", ledger, "--json").stdout)
    assert [one["sure"] for one in again] == [True, True, True, True, False]
    assert again[0]["candidates"][0]["sources"][0] == "book"


def test_a_natural_person_of_the_register_contributes_nothing_from_there_on(
    network: Firms, tmp_path: Path
) -> None:
    rows = [
        f"C{number};Nom {number};{siren(number)};0{number}/12/2025;30/01/2026;1000,00;" for number in (1, 2)
    ]
    ledger = tmp_path / "with numbers.csv"
    ledger.write_text("\n".join([TOLD, *rows]) + "\n", encoding="utf-8")
    register = tmp_path / "sirene.csv"
    register.write_text(
        "siren,denominationUniteLegale,categorieJuridiqueUniteLegale\n"
        f"{siren(1)},,1000\n{siren(2)},NOM 2,5499\n",
        encoding="utf-8",
    )
    keyboard = enrolled(network)
    done = keyboard.type("identify", ledger, "--sirene", register, "--confirm-sure")
    assert done.exit_code == 0, done.output
    assert "1 accounts bear a natural person's number" in done.stdout
    sent = json.loads(keyboard.type("push", ledger, "--json").stdout)
    assert {month["rows"] for month in sent["months"]} == {1}
    assert sent["identifiers_asked"] == 1
    assert "confidential" in keyboard.type("book", "list", siren(1)).stdout


def test_a_review_goes_out_and_comes_back(ledger: Path, sources: list[object], tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path / "no home", VIGIE_LANG="fr")
    review, accounts = tmp_path / "revue.csv", tmp_path / "comptes.csv"
    done = keyboard.type("identify", ledger, *sources, "--review", review)
    assert done.exit_code == 0, done.output
    assert "vigie identify --take" in done.stdout
    assert keyboard.type("identify", ledger, *sources, "--review", review).exit_code == 3
    lines = review.read_text(encoding="utf-8-sig").splitlines()
    place = next(at for at, line in enumerate(lines) if ";C5;" in line)
    lines[place] = siren(9) + lines[place]
    review.write_text("\n".join(lines) + "\n", encoding="utf-8")
    taken = keyboard.type("identify", "--take", review, "--write", accounts)
    assert taken.exit_code == 0, taken.output
    # The false SIRET of the master names nobody; name and town of the register do.
    assert "4 comptes de 3 clients identifiés" in taken.stdout
    found = json.loads(
        keyboard.type("preview", ledger, "--map-identifiers", accounts, "--skip-bad", "--json").stdout
    )
    assert {month["rows"] for month in found["months"]} == {3}
    lines[place] = "12345" + lines[place]
    review.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = keyboard.type("identify", "--take", review, "--write", tmp_path / "other.csv")
    assert (wrong.exit_code, f"{place + 1}" in wrong.stderr) == (3, True)


def test_invoices_that_the_firm_sent_name_its_clients(ledger: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sent" / "2025"
    folder.mkdir(parents=True)
    for number, (name, ubl) in {1: ("ALPHA EXEMPLE", False), 2: ("Beta Exemple SAS", True)}.items():
        buyer = (name, siren(number))
        (folder / f"F{number}.xml").write_bytes(invoice(f"F{number}", ubl=ubl, buyer=buyer))
    (folder / "broken.xml").write_bytes(b"<Invoice")
    keyboard = Keyboard(tmp_path / "no home")
    done = keyboard.type("identify", ledger, "--invoices", tmp_path / "sent", "--json")
    assert done.exit_code == 0, done.output
    found = {one["account"]: one for one in json.loads(done.stdout)}
    for number in (1, 2):
        (best,) = found[f"C{number}"]["candidates"]
        assert (best["identifier"], best["sources"]) == (f"fr.siren:{siren(number)}", ["invoices"])
        assert found[f"C{number}"]["sure"]
    assert not found["C5"]["candidates"]
    assert "broken.xml" in done.stderr


@pytest.mark.parametrize(
    "words", [["--master", "absent.csv"], ["--sirene", "absent.csv"], ["--take", "absent.csv"]]
)
def test_a_source_that_cannot_be_read_is_named(ledger: Path, tmp_path: Path, words: list[str]) -> None:
    done = Keyboard(tmp_path / "no home").type("identify", ledger, *words)
    assert (done.exit_code, "absent.csv" in done.stderr) == (3, True)


def test_a_file_without_accounts_is_said_and_so_is_no_file(tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path / "no home")
    empty = tmp_path / "empty.csv"
    empty.write_text("nothing\n", encoding="utf-8")
    assert keyboard.type("identify", empty).exit_code == 3
    assert keyboard.type("identify").exit_code == 2
