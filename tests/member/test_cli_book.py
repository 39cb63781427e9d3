"""The client book at the keyboard: listed, marked, exported, merged, forgotten, wiped; on a real network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.member.conftest import Firms, siren
from tests.member.test_cli import Keyboard, enrolled, ledger_file

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Launcher


@pytest.fixture(scope="module")
def network(launch_for_module: Launcher, tmp_path_factory) -> Iterator[Firms]:
    made = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def keyboard(network: Firms, tmp_path_factory) -> Keyboard:
    made = enrolled(network)
    done = made.type("push", ledger_file(tmp_path_factory.mktemp("files"), [1, 2, 3]))
    assert done.exit_code == 0, done.output
    return made


def test_a_client_is_found_by_name_number_or_account(keyboard: Keyboard) -> None:
    assert keyboard.type("book", "list").stdout.splitlines()[-1] == "3 clients"
    for text in ("client 2", siren(2), "C2"):
        done = keyboard.type("book", "list", text)
        assert (siren(2) in done.stdout, "1 clients" in done.stdout) == (True, True), done.stdout


def test_a_confidential_client_leaves_every_month_and_comes_back(keyboard: Keyboard, tmp_path: Path) -> None:
    assert keyboard.type("book", "confidential", "C3").exit_code == 0
    ledger = ledger_file(tmp_path, [1, 2, 3])
    sent = json.loads(keyboard.type("push", ledger, "--json").stdout)
    assert {month["removed"] for month in sent["months"]} == {1}
    assert keyboard.type("book", "confidential", "C3", "--off").exit_code == 0
    sent = json.loads(keyboard.type("push", ledger, "--json").stdout)
    assert {month["added"] for month in sent["months"]} == {1}


def test_which_client_is_meant_has_to_be_clear(keyboard: Keyboard) -> None:
    done = keyboard.type("book", "confidential", "fictional", "--lang", "fr")
    assert (done.exit_code, "3 clients ressemblent" in done.stderr) == (3, True)


def test_an_export_is_all_of_it_and_another_firms_book_takes_its_clients(
    keyboard: Keyboard, network: Firms, tmp_path: Path
) -> None:
    path, rows = tmp_path / "book.json", tmp_path / "book.csv"
    assert keyboard.type("book", "export", path).exit_code == 0
    assert keyboard.type("book", "export", rows).exit_code == 0
    assert path.stat().st_mode & 0o077 == 0
    told = json.loads(path.read_bytes())
    assert len(told["clients"]) == 3
    assert set(told["sent"]) == {"2025-10", "2025-11", "2025-12"}
    assert rows.read_text(encoding="utf-8-sig").count("\n") == 1 + 9
    assert keyboard.type("book", "export", path).exit_code == 3  # it is not written over
    other = enrolled(network)
    assert "3 clients were added" in other.type("book", "merge", path).stdout
    assert "0 clients were added" in other.type("book", "merge", path).stdout
    assert "3 clients" in other.type("book", "list").stdout
    assert other.type("book", "merge", rows).exit_code == 3
    # Its next push asks for pseudonyms of its own, and the accounts are known already.
    assert other.type("push", ledger_file(tmp_path, [1])).exit_code == 0


def test_a_forgotten_client_is_gone_and_a_wiped_book_is_empty_everywhere(
    network: Firms, tmp_path: Path
) -> None:
    keyboard = enrolled(network)
    keyboard.type("push", ledger_file(tmp_path, [1, 2]))
    assert keyboard.type("lights", "--renew").exit_code == 0
    assert keyboard.type("book", "forget", "C1", "--yes").exit_code == 0
    lights = json.loads(keyboard.type("lights", "--json").stdout)["clients"]
    assert [siren(2) in one for one in lights] == [True], "sales is shown no light of it any more"
    assert "1 clients" in keyboard.type("book", "list").stdout
    assert keyboard.type("book", "wipe", "--yes").exit_code == 0
    done = keyboard.type("book", "list")
    assert done.stdout.splitlines()[-1] == "0 clients"
    segments = [path.name for path in (keyboard.home / "book").iterdir()]
    assert "head.json" in segments
    # What was sent is still the network's; the same file again finds it there and writes the names anew.
    again = json.loads(keyboard.type("push", ledger_file(tmp_path, [1, 2]), "--json").stdout)
    assert again["months"] == []
    assert "2 clients" in keyboard.type("book", "list").stdout
