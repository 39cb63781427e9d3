"""A firm's own figures come from its file alone: no home, no network, no identifier."""

import json

import numpy as np
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


@pytest.fixture
def slowing(tmp_path):
    """An invoice a month for 30 months, due in 30 days: paid 5 days late, from the 27th on 45 days late."""
    rows = []
    for number in range(30):
        day = np.datetime64("2023-01-01") + 30 * number
        due = day + 30
        paid = due + (45 if number >= 26 else 5)
        cells = [np.datetime_as_string(one).split("-") for one in (day, due, paid)]
        texts = ["/".join(reversed(cell)) for cell in cells]
        if paid > np.datetime64("2025-06-30"):
            texts[2] = ""
        rows.append(["C1", "Moulin fictif", f"F{number}", texts[0], texts[1], "2000,00", texts[2], ""])
    path = tmp_path / "slowing.csv"
    path.write_bytes(as_csv([[*HEADINGS[:2], *HEADINGS[3:]], *rows]))
    return path


def test_what_got_worse_is_told_with_since_when(slowing):
    told = json.loads(run(slowing, "--json").stdout)
    trend = told["trend"]
    assert len(trend["months"]) == len(trend["all"]["days_late"]) == 24
    (client,) = trend["clients"]
    assert client["habit_days"] == 5.0
    assert client["days_late"][-1] - client["rise_days"] == pytest.approx(5.0)
    moves = trend["all"]["moves"]
    assert moves["days_late"]["direction"] == "worse"
    assert moves["days_late"]["since"] == client["since"]
    slower = next(one for one in told["alerts"] if one["kind"] == "slower")
    assert (slower["since"], slower["before"], slower["now"]) == (
        client["since"],
        5.0,
        client["days_late"][-1],
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", ("s'aggrave : le retard", "5 jours après l'échéance d'habitude", "appelez")),
     ("en", ("worse: lateness", "usually 5 days after the due date", "call them"))],
)  # fmt: skip
def test_trend_and_alerts_are_told_in_both_languages(slowing, lang, words):
    shown = run(slowing, "--lang", lang).output
    for word in words:
        assert word in shown
    high = run(slowing, "--lang", lang, "--overdue-from", "1000000").output
    assert len(high) < len(shown)  # what is late is not worth an alert then; a changed habit is
    months = run(slowing, "--lang", lang, "--client", "moulin").output.splitlines()
    assert "Moulin fictif (C1)" in months[0]
    assert len(months) == 25
    assert "“zork”" in run(slowing, "--client", "zork", "--lang", "en").output


def test_a_short_file_says_that_it_tells_no_habit(listed):
    assert "it takes 8, the file tells 2" in run(listed, "--lang", "en").output
