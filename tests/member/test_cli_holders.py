"""`vigie holders`: who holds the key, in both languages, and the card that a holder admits a firm by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from member import cli_holders
from member.cli import app
from member.refusals import Unreachable, Untrusted

if TYPE_CHECKING:
    from tests.member.conftest import Firms

RUNNER = CliRunner()


def vigie(firms: Firms, *arguments: str) -> str:
    member = firms.firm()
    assert member.home is not None
    ended = RUNNER.invoke(app, [*arguments, "--home", str(member.home.path)])
    assert ended.exit_code == 0, ended.output
    return ended.stdout


@pytest.mark.parametrize(("lang", "words"), [("en", "must be trusted"), ("fr", "il faut croire")])
def test_a_single_holder_is_called_what_it_is(firms: Firms, lang: str, words: str) -> None:
    said = vigie(firms, "holders", "--lang", lang)
    assert words in said
    assert "  1 " in said


def test_the_card_names_the_firm_and_its_root(firms: Firms) -> None:
    firm, root = vigie(firms, "holders", "--card").split()
    assert len(bytes.fromhex(root)) == 32
    assert firm.count("-") == 4


def test_the_holders_are_told_for_programs_too(firms: Firms) -> None:
    said = json.loads(vigie(firms, "holders", "--json"))
    assert (said["construction"], said["dealt"], said["epoch"]) == ("single", False, 1)
    assert [one["state"] for one in said["holders"]] == ["embedded"]
    assert len(said["fingerprint"]) == 23


def test_without_another_key_there_is_nothing_to_send_again(firms: Firms) -> None:
    assert "nothing to send again" in vigie(firms, "rekey", "--lang", "en")


def test_holders_that_were_left_out_are_named_beside_the_result(firms: Firms, capsys) -> None:
    member = firms.firm(home=False)
    member.holders_out = {
        1: Untrusted("holder-proof", name="Test network"),
        2: Unreachable("unreachable", url="https://h2.test", why="ConnectError", tries=2),
    }
    for lang, words in (("en", "cheats or fails"), ("fr", "triche ou défaille")):
        cli_holders.say_out(member, lang)
        told = capsys.readouterr().err
        assert words in told
        assert "https://h2.test" in told
