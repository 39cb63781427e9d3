"""The newcomer's ledger is one that the agent reads, its accounts are recognised, and nobody in it exists."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from demo.newcomer import EMAIL, FEC_COLUMNS, SIREN, commands, ledger_name, write
from demo.sirens import fictional
from demo.walk import VIGIE, Walk, shortened
from demo.world import SMALL, build
from member.cli import app

if TYPE_CHECKING:
    from demo.newcomer import Newcomer


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    return write(build(SMALL), tmp_path_factory.mktemp("newcomer"))


def typed(files: Newcomer, *words: object) -> str:
    home = files.fec.parent / "no home"
    done = CliRunner().invoke(app, [str(word) for word in words], env={"VIGIE_HOME": str(home), "LANG": "C"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.stdout


def test_the_ledger_names_accounts_and_no_siren(files: Newcomer) -> None:
    text = files.fec.read_text(encoding="cp1252")
    assert text.splitlines()[0].split("\t") == FEC_COLUMNS.split()
    numbers = {client.siren for client in build(SMALL).clients}
    assert not any(number in text for number in numbers)
    found = json.loads(typed(files, "preview", files.fec, "--json"))
    assert (found["kind"], found["clients"]) == ("ledger", files.clients)
    assert found["letterings"] == found["balanced_letterings"] > 0


def test_master_and_register_tell_whose_every_account_is(files: Newcomer) -> None:
    found = json.loads(
        typed(files, "identify", files.fec, "--master", files.master, "--sirene", files.sirene, "--json")
    )
    by_account = {f"411{client.place:05d}": client.identifier for client in build(SMALL).clients}
    sure = [one for one in found if one["sure"]]
    assert len(sure) >= 0.9 * files.clients
    assert all(one["candidates"][0]["identifier"] == by_account[one["account"]] for one in sure)


def test_everybody_in_it_is_invented(files: Newcomer) -> None:
    for path in (files.master, files.sirene):
        digits = re.findall(r"\b\d{9,14}\b", path.read_text(encoding="utf-8-sig"))
        assert digits
        assert all(fictional(number[:9]) for number in digits)
    assert fictional(SIREN)
    assert EMAIL.endswith(".example")


def test_a_system_cuts_names_and_loses_accents() -> None:
    assert ledger_name("Génie civil d'Étainsalamandre-en-Vaurais SARL") == "GENIE CIVIL D'ETAINSALAMANDRE-"


def test_the_walk_is_a_few_commands_that_exist(files: Newcomer) -> None:
    told = commands("http://127.0.0.1:1", "0a0b0c0d-0000-4000-8000-000000000000.secret", files)
    assert len(told) + 1 <= 12
    known = {command.name for command in app.registered_commands}
    assert {shlex.split(command)[1] for command in told} <= known
    short = [shortened(shlex.split(command)) for command in told]
    assert short[0] == f"vigie enrol ADDRESS INVITATION --email {EMAIL}"
    assert short[1] == "vigie preview FEC"
    assert short[3] == 'vigie push FEC --terms "45 end of month"'
    assert VIGIE


def test_the_table_adds_up() -> None:
    walk = Walk([("make demo", 20.04, "a network"), ("vigie portfolio", 1.0, "66 of 153 clients compared")])
    assert walk.table().splitlines()[-1] == "| | **2 commands** | **21** | |"
