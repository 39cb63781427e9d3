"""A firm's own figures come from its file alone: no home, no network, no identifier."""

import json

import pytest
from typer.testing import CliRunner

from member.cli import app
from tests.member.connectors.ledgers import Fec
from tests.member.test_import_file import HEADINGS, ROWS, as_csv


def run(path, *arguments):
    return CliRunner().invoke(app, ["figures", str(path), *arguments])


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "invoices.csv"
    path.write_bytes(as_csv([[*row[:2], *row[3:]] for row in [HEADINGS, *ROWS]]))
    return path


def test_figures_need_no_identifier_and_add_up(listed):
    told = json.loads(run(listed, "--json", "--penalties").stdout)
    assert told["month"] == "2025-10"
    assert told["outstanding_cents"] == 110_050
    assert told["cash_cents"] == {"terms": 30_000, "lateness": 0, "disputes": 80_050, "unknown": 0}
    assert sum(told["ageing_cents"].values()) == 110_050
    assert told["penalties"]["late_invoices"] == 1
    assert told["penalties"]["interest_cents"] == round(120_000 * 10 / 365 * 0.1215)


@pytest.mark.parametrize(("lang", "word"), [("fr", "litiges"), ("en", "disputes")])
def test_figures_are_told_in_both_languages(listed, lang, word):
    shown = run(listed, "--lang", lang, "--penalties")
    assert shown.exit_code == 0
    assert f"73 % {word}" in shown.output
    assert "27 %" in shown.output
    assert "L441-10" in shown.output


def test_a_ledger_without_terms_tells_what_it_can(tmp_path):
    path = tmp_path / "fec.txt"
    path.write_bytes(Fec().invoice("2025-01-10", "CMOUL", 120).paid("2025-02-10", "CMOUL", 20).bytes())
    told = json.loads(run(path, "--json", "--penalties").stdout)
    assert (told["outstanding_cents"], told["cash_cents"], told["penalties"]) == (10_000, None, None)
    assert told["dso_countback_days"] is not None
    agreed = json.loads(run(path, "--json", "--terms", "30").stdout)
    assert agreed["cash_cents"]["lateness"] == 10_000


def test_a_bad_file_ends_with_its_exit_code(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    assert run(path).exit_code == 3
