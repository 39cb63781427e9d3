"""What every command shares: progress after two seconds, secrets, money; and the docs say what it does."""

from __future__ import annotations

import re
import sys
import time

import pytest
import typer

from member import cli_frame
from member.cli import EPILOG, app
from member.cli_frame import Patience, answering, language, money, secret
from member.cli_views import write_csv
from member.portfolio import assemble
from member.refusals import InputRefused, Untrusted
from member.releases import Published
from tests.conftest import ROOT, wait_until


@pytest.mark.parametrize(
    ("cents", "english", "french"),
    [(123_456_78, "€123,457", "123 457 €"), (0, "€0", "0 €"), (None, "–", "–"), (-5_00, "€-5", "-5 €")],
)
def test_money_is_written_as_the_language_does(cents: int | None, english: str, french: str) -> None:
    assert (money(cents, "en"), money(cents, "fr")) == (english, french)


def test_a_language_that_is_not_spoken_is_wrong_usage() -> None:
    assert language("FR") == "fr"
    with pytest.raises(typer.BadParameter):
        language("de")


def test_progress_shows_when_something_takes_long_and_not_before(monkeypatch, capsys) -> None:
    monkeypatch.setattr(cli_frame, "SLOW_SECONDS", 60)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Patience("fr", "reading") as tell:
        tell("pseudonyms", 1, 2)
    assert "Pseudonymes" not in capsys.readouterr().err
    monkeypatch.setattr(cli_frame, "SLOW_SECONDS", 0.05)
    shown = ""

    def is_shown() -> bool:
        nonlocal shown
        shown += capsys.readouterr().err
        return "Pseudonymes" in shown

    with Patience("fr", "reading") as tell:
        tell("pseudonyms", 1, 2)
        wait_until(is_shown)


def test_nothing_moves_where_nobody_looks(monkeypatch, capsys) -> None:
    monkeypatch.setattr(cli_frame, "SLOW_SECONDS", 0.0)
    with Patience("en", "reading") as tell:
        tell("upload", 1, 2)
        time.sleep(0.05)
    assert capsys.readouterr().err == ""


def test_a_secret_comes_from_the_environment_or_is_asked_for(monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_PASSWORD", "from there")
    assert secret("ask-password", "VIGIE_PASSWORD", "en") == "from there"
    monkeypatch.delenv("VIGIE_PASSWORD")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(InputRefused, match="VIGIE_PASSWORD"):
        secret("ask-password", "VIGIE_PASSWORD", "en")


def test_what_nobody_foresaw_is_told_without_its_values(capsys) -> None:
    with pytest.raises(typer.Exit) as ended, answering("en"):
        raise RuntimeError("a client's name")
    assert ended.value.exit_code == 1
    assert "client's name" not in capsys.readouterr().err


def test_what_is_registered_is_closed_when_a_command_is_refused(capsys) -> None:
    closed = []

    def refused() -> None:
        with answering("fr") as leaving:
            leaving.callback(lambda: closed.append(True))
            raise Untrusted("key-id")

    with pytest.raises(typer.Exit) as ended:
        refused()
    assert (ended.value.exit_code, closed) == (6, [True])
    assert "clé" in capsys.readouterr().err


def test_a_name_is_no_formula_in_a_spreadsheet(capsys) -> None:
    import msgspec

    from tests.member.test_portfolio import book

    contents = book()
    name = next(iter(contents.clients))
    clients = {**contents.clients, name: msgspec.structs.replace(contents.clients[name], name="=1+1")}
    portfolio = assemble(type(contents)(clients, contents.sent), Published({}, {}, {}))
    write_csv(portfolio.lines, "fr")
    assert ";=1+1" not in capsys.readouterr().out.replace("'=1+1", "")
    write_csv([], "en")
    assert capsys.readouterr().out.startswith("name")


# ---- the docs


DOCS = (ROOT / "docs" / "agent.md").read_text(encoding="utf-8")


def test_the_docs_name_every_command_exit_code_and_variable() -> None:
    for command in app.registered_commands:
        assert (
            f"| `{command.name}`" in DOCS or f"`{command.name}`," in DOCS or f", `{command.name}` |" in DOCS
        )
    for code in re.findall(r"(\d) [a-z]", EPILOG):
        assert f"| {code} |" in DOCS
    for variable in re.findall(r"VIGIE_\w+", EPILOG):
        assert variable in DOCS


def test_the_docs_name_every_file_of_a_home() -> None:
    from member.home import OWN_FILES

    for name in OWN_FILES:
        assert f"`{name}`" in DOCS


def test_every_option_that_the_docs_name_exists() -> None:
    known = {"--json"}
    commands = [typer.main.get_command(app)]
    while commands:
        command = commands.pop()
        commands += list(getattr(command, "commands", {}).values())
        for parameter in command.params:
            known |= set(parameter.opts)
    assert set(re.findall(r"(--[a-z][a-z-]+)", DOCS)) <= known
