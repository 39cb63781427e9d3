"""Own terms are measured by the ceiling that the firm says holds: for all, by sector, by account."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from benchmark.problems import Problem, tell
from benchmark.terms import REGIMES
from member.ceiling_choice import Ceilings, read_choices, read_regime
from member.cli import app
from member.import_file import Options, parse_accounts, read_bytes
from member.mapping import Mapping, dump, parse, save
from tests.member.connectors.ledgers import Fec
from tests.member.test_import_file import HEADINGS, as_csv

TODAY = date(2025, 11, 20)
FORTY = ["C1", "Moulin fictif", "100000009", "F1", "02/09/2025", "12/10/2025", "1200,00", "12/10/2025", ""]
SIXTY = ["C2", "Forge fictive", "200000008", "F2", "15/09/2025", "14/11/2025", "800,50", "", ""]
FILE = as_csv([[*HEADINGS, "Secteur"], [*FORTY, "H"], [*SIXTY, "C"]])


def over(chosen=None, data=FILE, **options):
    given = Options(today=TODAY, ceilings=read_choices(chosen or []), **options)
    return read_bytes(data, None, given).summary["terms_over_ceiling"]


@pytest.mark.parametrize(
    ("chosen", "accounts"),
    [
        ([], []),  # 40 and 60 days net: both within the general ceiling
        (["transport"], ["C2", "C1"]),  # 30 days, the larger debt first
        (["périodique"], ["C2"]),  # 45 days
        (["sector:H=transport"], ["C1"]),
        (["transport", "sector:C=general"], ["C1"]),
        (["transport", "C1=public hospital"], ["C2"]),
        (
            ["sector:H=public_enterprise", "C1=livestock"],
            ["C1"],
        ),  # the account's own goes before its sector's
    ],
)
def test_the_ceiling_is_the_one_that_is_said_to_hold(chosen, accounts):
    assert [one.account for one in over(chosen)] == accounts


def test_what_is_over_is_told_with_its_ceiling_and_its_source():
    imported = read_bytes(FILE, None, Options(today=TODAY, ceilings=Ceilings("transport")))
    first = imported.summary["terms_over_ceiling"][0]
    assert (first.terms_days, first.terms_kind, first.net_days, first.end_of_month_days) == (60, 0, 30, None)
    assert first.outstanding_cents == 80_050
    (notice,) = [one for one in imported.problems if one.code == "terms-over-ceiling"]
    assert (notice.found, notice.expected) == ("2", f"30 / –; {REGIMES['transport'][0].source}")
    assert "L. 441-11" in tell(notice, "fr")


def test_only_clients_in_france_are_judged():
    abroad = [*SIXTY[:2], "DE136695976", *SIXTY[3:]]
    assert over(["transport"], as_csv([HEADINGS, abroad])) == []


def test_an_end_of_month_is_measured_by_its_own_ceiling():
    ledger = Fec().invoice("2025-09-10", "CMOUL", 120).paid("2025-10-30", "CMOUL", 20).bytes()
    accounts = parse_accounts("Compte;SIREN;Délai;Type de délai\nCMOUL;100000009;45;fin de mois\n".encode())
    assert over([], ledger, accounts=accounts) == []
    assert [one.end_of_month_days for one in over(["fresh"], ledger, accounts=accounts)] == [None]


def test_the_map_of_accounts_names_a_clients_regime():
    accounts = parse_accounts(b"Compte;SIREN;Plafond\nC1;100000009;transport\nC2;200000008;\n")
    assert accounts["C1"].regime == "transport"
    without = as_csv([[*row[:2], *row[3:]] for row in [HEADINGS, FORTY, SIXTY]])
    assert [one.account for one in over([], without, accounts=accounts)] == ["C1"]
    (wrong,) = parse_accounts(b"Compte;SIREN;Plafond\nC1;100000009;aucun\n")
    assert (wrong.code, wrong.found) == ("regime-unknown", "aucun")


def test_a_column_of_the_file_names_it_too():
    data = as_csv([[*HEADINGS, "Régime"], [*FORTY, "transport"], [*SIXTY, ""]])
    assert [one.account for one in over([], data)] == ["C1"]
    wrong = read_bytes(as_csv([[*HEADINGS, "Régime"], [*FORTY, "trois"]]), None, Options(today=TODAY))
    assert "regime-unknown" in [problem.code for problem in wrong.problems]


def test_a_choice_is_kept_in_the_mapping_and_what_is_said_now_goes_before_it(tmp_path):
    said = Options(today=TODAY, ceilings=read_choices(["transport", "C1=public_enterprise"]))
    mapping = read_bytes(FILE, None, said).summary["mapping"]
    save(mapping, tmp_path / "mapping.json")
    kept = parse((tmp_path / "mapping.json").read_bytes())
    assert kept.ceilings == Ceilings("transport", accounts={"C1": "public_enterprise"})
    again = read_bytes(FILE, kept, Options(today=TODAY))
    assert [one.account for one in again.summary["terms_over_ceiling"]] == ["C2"]
    now = Options(today=TODAY, ceilings=read_choices(["C1=transport"]))
    changed = read_bytes(FILE, kept, now).summary["terms_over_ceiling"]
    assert [one.account for one in changed] == ["C2", "C1"]
    assert b"ceilings" not in dump(Mapping("invoices", {}))


@pytest.mark.parametrize("text", ["zorkmid", "C1=", "sector:Z=transport"])
def test_a_choice_that_cannot_be_is_refused(text):
    assert isinstance(read_choices([text]), Problem)
    assert isinstance(
        parse(b'{"kind": "invoices", "columns": {}, "ceilings": {"default": "zorkmid"}}'), Problem
    )
    wrong = parse(b'{"kind": "invoices", "columns": {}, "ceilings": {"sectors": {"HH": "public"}}}')
    assert wrong.code == "outside-range"


def test_every_regime_has_words_in_both_languages():
    from member.cli_ceilings import REGIMES as TOLD

    assert set(TOLD) == set(REGIMES)
    assert {read_regime(one) for one in REGIMES} == set(REGIMES)


@pytest.mark.parametrize(
    ("lang", "word"), [("fr", "plafond 30 jours net (transport)"), ("en", "ceiling 30 days")]
)
def test_preview_and_figures_show_who_is_over(tmp_path, lang, word):
    path = tmp_path / "list.csv"
    path.write_bytes(FILE)
    for command in (["preview", "--home", str(tmp_path / "none")], ["figures"]):
        arguments = [*command, str(path), "--ceiling", "transport", "--through", "2025-10", "--lang", lang]
        shown = CliRunner().invoke(app, arguments)
        assert shown.exit_code == 0, shown.output
        assert word in shown.output
        told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
        assert [one["account"] for one in told["terms_over_ceiling"]] == ["C2", "C1"]
    wrong = CliRunner().invoke(app, ["preview", str(path), "--ceiling", "zorkmid", "--lang", lang])
    assert wrong.exit_code == 3
