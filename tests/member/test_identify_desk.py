"""At the terminal one key settles an account, and its client's other accounts with it."""

from __future__ import annotations

import pytest

from member.identify import propose
from member.identify_desk import sit
from tests.member.conftest import siren
from tests.member.test_identify_review import ACCOUNTS, PARTIES


def typed(keys: str, lines: list[str] | None = None, lang: str = "en") -> dict[str, str]:
    pressed, answers = iter(keys), iter(lines or [])
    found = sit(propose(ACCOUNTS, PARTIES), lang, lambda: next(pressed), lambda _what: next(answers))
    return {one.account.account: one.identifier for one in found}


def test_the_largest_comes_first_and_what_is_sure_is_not_asked(capsys):
    assert typed("sq") == {}
    said = capsys.readouterr().out
    assert said.index("411C") < said.index("411E")
    assert "0411A" not in said
    assert "[1/2]" in said


@pytest.mark.parametrize(("key", "number"), [("y", 5), ("\r", 5), ("2", 6)])
def test_a_key_chooses_for_all_accounts_of_a_client(key, number):
    chosen = f"fr.siren:{siren(number)}"
    assert typed(f"n{key}") == {"411C": "", "411E": chosen, "411F": chosen}


def test_a_typed_number_is_checked_before_it_counts(capsys):
    assert typed("ttq", ["123", siren(9)]) == {"411C": f"fr.siren:{siren(9)}"}
    assert "123" in capsys.readouterr().out


def test_back_takes_the_last_one_back_and_other_keys_do_nothing():
    assert typed("nuzysy") == {"411E": f"fr.siren:{siren(5)}", "411F": f"fr.siren:{siren(5)}"}


@pytest.mark.parametrize("key", ["q", "\x03"])
def test_what_was_decided_before_the_end_is_kept(key):
    assert typed(f"n{key}") == {"411C": ""}
