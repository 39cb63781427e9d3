"""`vigie` as people type it: exit codes, what is said, in both languages, on a real network."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from member.cli import app
from member.cli_texts import TEXTS, usual_language
from member.refusal_texts import TEXTS as REFUSALS
from tests.conftest import ROOT
from tests.member.conftest import Firms, client, ledger, lived_through, siren

if TYPE_CHECKING:
    from tests.conftest import Launcher

PASSWORD = "a fictional password"
HEADINGS = "N° client;Raison sociale;SIREN;Date facture;Échéance;Montant TTC;Date de règlement"


def ledger_file(folder: Path, numbers: list[int], amount: str = "1000,00", name: str = "ledger.csv") -> Path:
    rows = [
        f"C{number};Client {number} (fictional);{siren(number)};01/{month}/2025;10/{month}/2025;{amount};"
        f"20/{month}/2025"
        for number in numbers
        for month in ("10", "11", "12")
    ]
    place = folder / name
    place.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    return place


class Keyboard:
    """One person at one machine."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.environment = {"VIGIE_HOME": str(home), "VIGIE_PASSWORD": PASSWORD, "LANG": "C", **environment}

    def type(self, *words: object, **environment: str) -> Result:
        return CliRunner().invoke(
            app,
            [str(word) for word in words],
            env={**self.environment, **environment},
            catch_exceptions=False,
        )


@pytest.fixture(scope="module")
def network(launch_for_module: Launcher, tmp_path_factory) -> Iterator[Firms]:
    made = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    yield made
    made.close()


_HOMES = iter(range(1000))


def enrolled(network: Firms, portfolio: int = 100, **environment: str) -> Keyboard:
    number = next(_HOMES)
    keyboard = Keyboard(network.folder / f"keyboard {number}", **environment)
    invitation = network.server.admit("Firm (fictional)", portfolio)
    done = keyboard.type("enrol", network.server.url, invitation, "--email", f"cli{number}@firm.test")
    assert done.exit_code == 0, done.output
    return keyboard


def test_help_is_there_at_once_and_names_the_exit_codes() -> None:
    code = "from member.cli import main; import sys; main()"
    finished = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert finished.returncode == 0
    assert "Exit codes" in finished.stdout
    for heavy in ("numpy", "httpx", "rbcl", "cryptography", "websockets"):
        assert not re.search(rf"\| +{heavy}$", finished.stderr, re.MULTILINE), heavy


@pytest.mark.parametrize(
    "command",
    ["enrol", "login", "device-add", "user-add", "push", "preview", "portfolio", "alerts", "talk", "status"],
)
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert len(done.stdout) > 300


def test_enrolment_shows_the_account_key_and_the_kit_once(network: Firms, tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path / "home")
    invitation = network.server.admit("Firm (fictional)", 10)
    done = keyboard.type("enrol", network.server.url, invitation, "--email", "kit@firm.test")
    assert re.search(r"VK1(-[A-Z2-7]{1,5}){6}$", done.stdout, re.MULTILINE)
    assert re.search(r"VR1(-[A-Z2-7]{4}){14}$", done.stdout, re.MULTILINE)
    assert "No passphrase" in done.stdout
    assert "nothing on this network is real" in done.stderr
    again = keyboard.type("status")
    assert "VK1" not in again.output
    assert "VR1" not in again.output


def test_the_kit_can_be_written_to_a_file_for_its_user_alone(network: Firms, tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path / "home", VIGIE_PASSPHRASE="a phrase")
    kit = tmp_path / "kit.txt"
    words = [
        "enrol",
        network.server.url,
        network.server.admit("Firm (fictional)", 10),
        "--email",
        "k2@firm.test",
    ]
    done = keyboard.type(*words, "--kit", kit)
    assert done.exit_code == 0, done.output
    assert "VR1" not in done.output
    assert "VR1-" in kit.read_text(encoding="utf-8")
    assert kit.stat().st_mode & 0o077 == 0
    wrong = keyboard.type("status", VIGIE_PASSPHRASE="another")
    assert (wrong.exit_code, "passphrase" in wrong.stderr) == (7, True)
    typed = re.search(r"VR1[-A-Z2-7]+", kit.read_text(encoding="utf-8"))
    recovered = keyboard.type("recover", VIGIE_RECOVERY_KIT=typed[0], VIGIE_PASSPHRASE="another")
    assert recovered.exit_code == 0, recovered.output
    assert keyboard.type("status", VIGIE_PASSPHRASE="another").exit_code == 0


def test_a_file_is_previewed_then_sent_and_the_same_again_is_nothing(network: Firms, tmp_path: Path) -> None:
    keyboard = enrolled(network)
    file = ledger_file(tmp_path, [1, 2])
    shown = keyboard.type("preview", file, "--json")
    assert shown.exit_code == 0, shown.output
    facts = json.loads(shown.stdout)
    assert (facts["source"], facts["clients"], facts["invoices"], facts["ok"]) == ("ledger.csv", 2, 6, True)
    assert facts["new_identifiers"] == 2
    sent = keyboard.type("push", file)
    assert sent.exit_code == 0, sent.output
    assert "Sent: 3 months, 6 rows. Receipts verified." in sent.stdout
    again = keyboard.type("push", file, "--lang", "fr")
    assert "Rien à envoyer" in again.stdout
    as_json = json.loads(keyboard.type("push", file, "--json").stdout)
    assert (as_json["months"], len(as_json["unchanged"])) == ([], 3)


def test_a_bad_row_names_its_place_and_sends_nothing(network: Firms, tmp_path: Path) -> None:
    keyboard = enrolled(network)
    file = ledger_file(tmp_path, [1, 2])
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].replace("1000,00", "mille")
    file.write_text("\n".join(lines), encoding="utf-8")
    for lang, words in (("en", ("Row 4", "mille")), ("fr", ("Ligne 4", "mille", "Rien n'a été envoyé"))):
        done = keyboard.type("push", file, "--lang", lang)
        assert done.exit_code == 3
        assert all(word in done.stderr for word in words), done.stderr
    assert json.loads(keyboard.type("status", "--json").stdout)["months"] == []
    sent = keyboard.type("push", file, "--skip-bad")
    assert sent.exit_code == 0, sent.output
    assert len(json.loads(keyboard.type("status", "--json").stdout)["months"]) == 3


def test_columns_can_be_named_at_the_command_line(network: Firms, tmp_path: Path) -> None:
    keyboard = enrolled(network)
    file = ledger_file(tmp_path, [1])
    text = file.read_text(encoding="utf-8").replace("Montant TTC", "Zahl").replace("SIREN", "Irgendwas")
    file.write_text(text, encoding="utf-8")
    assert keyboard.type("preview", file).exit_code == 3
    good = keyboard.type("preview", file, "--column", "amount=Zahl", "--column", "identifier=Irgendwas")
    assert good.exit_code == 0, good.output
    wrong = keyboard.type("preview", file, "--column", "amount")
    assert (wrong.exit_code, "FIELD=HEADING" in wrong.stderr) == (3, True)
    unknown = keyboard.type("preview", file, "--column", "amount=Nowhere")
    assert (unknown.exit_code, "Nowhere" in unknown.stderr) == (3, True)


def test_the_book_and_a_map_of_accounts_stand_in_for_missing_identifiers(
    network: Firms, tmp_path: Path
) -> None:
    keyboard = enrolled(network)
    file = ledger_file(tmp_path, [1, 2])
    without = [
        ";".join(cell for at, cell in enumerate(line.split(";")) if at != 2)
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    bare = tmp_path / "bare.csv"
    bare.write_text("\n".join(without), encoding="utf-8")
    assert keyboard.type("push", bare).exit_code == 3
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(f"N° client;SIREN\nC1;{siren(1)}\nC2;{siren(2)}\n", encoding="utf-8")
    done = keyboard.type("push", bare, "--map-identifiers", accounts)
    assert done.exit_code == 0, done.output
    again = keyboard.type("push", bare)
    assert (again.exit_code, "Nothing to send" in again.stdout) == (0, True), again.output


def test_over_budget_exits_as_a_refusal_of_the_network(network: Firms, tmp_path: Path) -> None:
    keyboard = enrolled(network, portfolio=1)
    done = keyboard.type("push", ledger_file(tmp_path, [1, 2, 3]), "--lang", "fr")
    assert done.exit_code == 4
    assert "budget" in done.stderr
    assert "Rien n'a été envoyé" in done.stderr


def test_a_second_machine_pushes_with_its_invitation_and_code(network: Firms, tmp_path: Path) -> None:
    keyboard = enrolled(network)
    invitation = tmp_path / "device.vigie"
    added = keyboard.type("device-add", invitation)
    assert added.exit_code == 0, added.output
    code = re.search(r"VD1(-[A-Z2-7]{4}){8}", added.stdout)
    assert code
    assert invitation.stat().st_mode & 0o077 == 0
    assert keyboard.type("device-add", invitation).exit_code == 3
    machine = Keyboard(tmp_path / "machine")
    assert machine.type("enrol", "--unattended", invitation, VIGIE_DEVICE_CODE="VD1-AAAA").exit_code == 3
    done = machine.type("enrol", "--unattended", invitation, VIGIE_DEVICE_CODE=code[0])
    assert done.exit_code == 0, done.output
    assert "push-only" in done.stdout
    sent = machine.type("push", ledger_file(tmp_path, [1]))
    assert sent.exit_code == 0, sent.output
    assert machine.type("device-add", tmp_path / "more.vigie").exit_code == 7


def test_a_further_device_logs_in_with_the_account_key(network: Firms, tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path / "home")
    invitation = network.server.admit("Firm (fictional)", 10)
    done = keyboard.type("enrol", network.server.url, invitation, "--email", "two@firm.test")
    account_key = re.search(r"VK1[-A-Z2-7]+", done.stdout)[0]
    laptop = Keyboard(tmp_path / "laptop")
    words = ["login", network.server.url, "--email", "two@firm.test"]
    refused = laptop.type(*words, VIGIE_ACCOUNT_KEY=account_key[:-1])
    assert refused.exit_code == 3
    done = laptop.type(*words, VIGIE_ACCOUNT_KEY=account_key.lower())
    assert done.exit_code == 0, done.output
    assert laptop.type("status").exit_code == 0
    assert laptop.type("wipe", "--yes").exit_code == 0
    assert laptop.type("status").exit_code == 7


def test_without_a_terminal_a_missing_secret_is_named(network: Firms, tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path / "home")
    del keyboard.environment["VIGIE_PASSWORD"]
    invitation = network.server.admit("Firm (fictional)", 10)
    done = keyboard.type("enrol", network.server.url, invitation, "--email", "a@firm.test")
    assert (done.exit_code, "VIGIE_PASSWORD" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["status"], 7, "vigie enrol"),
        (["enrol", "http://vigie.example", "x.y", "--email", "a@b"], 3, "https"),
        (["enrol", "https://vigie.example"], 2, "INVITATION"),
        (["status", "--lang", "de"], 2, "fr or en"),
        (["preview", "/nowhere/file.csv"], 3, "file.csv"),
        (["alerts", "--since", "2025"], 3, "2026-11"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_ends_with_its_exit_code_and_what_was_expected(
    tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    done = Keyboard(tmp_path / "nobody").type(*words)
    assert done.exit_code == code, done.output
    assert said in done.output + done.stderr


def test_a_changed_key_of_the_network_stops_every_command(
    launch: Launcher, tmp_path: Path, monkeypatch
) -> None:
    firms = Firms(launch("sqlite"), tmp_path)
    keyboard = enrolled(firms)
    firms.server.stop()
    home = keyboard.home / "member.json"
    stored = json.loads(home.read_bytes())
    identity = json.loads(base64.b64decode(stored["content"]))
    identity["pins"]["receipt_key"] = base64.b64encode(bytes(32)).decode()
    home.write_text(
        json.dumps({**stored, "content": base64.b64encode(json.dumps(identity).encode()).decode()})
    )
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    assert keyboard.type("status", "--lang", "fr").exit_code == 5
    firms.server.start()
    for words in (["status"], ["push", ledger_file(tmp_path, [1])], ["portfolio"], ["alerts"]):
        done = keyboard.type(*words)
        assert done.exit_code == 6, done.output
        assert "receipt key" in done.stderr


def test_the_portfolio_in_a_table_in_json_and_for_spreadsheets(launch: Launcher, tmp_path: Path) -> None:
    firms = Firms(launch("sqlite"), tmp_path)
    keyboard = enrolled(firms)
    assert "Nothing yet" in keyboard.type("portfolio").stdout
    from member.keystore import Member

    member = Member.load(keyboard.home)
    others = [firms.firm(home=False) for _ in range(6)]
    from member.push import push

    push(member, ledger([9]))
    lived_through(firms, [member, *others], [1, 2], months=1)
    firms.close()
    member.network.close()
    table = keyboard.type("portfolio", COLUMNS="200").stdout
    assert client(1).name[:20] in table
    assert "fewer than 5 peers yet" in table
    assert "moins de 5 pairs" in keyboard.type("portfolio", "--lang", "fr", COLUMNS="200").stdout
    whole = json.loads(keyboard.type("portfolio", "--json").stdout)
    assert whole["compared"] == 2
    lines = {line["name"]: line for line in whole["clients"]}
    assert lines[client(9).name]["suppressed"]
    assert lines[client(9).name]["peers_days_late"] is None
    assert lines[client(1).name]["peers"] in {"5-9", "10-19"}
    rows = list(csv.reader(io.StringIO(keyboard.type("portfolio", "--csv", "--client", "client 1").stdout)))
    assert len(rows) == 2
    assert rows[1][rows[0].index("identifier")] == client(1).identifier
    assert keyboard.type("alerts").stdout.startswith("A young network (1 month published)")


def test_a_sitting_at_the_terminal_begins_and_ends(network: Firms) -> None:
    keyboard = enrolled(network)
    done = CliRunner().invoke(
        app, ["talk", "--lang", "fr"], env=keyboard.environment, input="list\nquit\n", catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    assert "Rien pour l'instant" in done.stdout


# ---- words


def test_every_text_is_there_in_both_languages_and_takes_the_same_values() -> None:
    for key, (english, french) in {**TEXTS, **REFUSALS}.items():
        fields = [set(re.findall(r"\{(\w+)", text)) for text in (english, french)]
        assert fields[0] == fields[1], key
        assert english
        assert french


def test_every_code_that_is_raised_has_its_text() -> None:
    raised = set()
    for path in (ROOT / "member").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        raised |= set(
            re.findall(r"(?:HomeRefused|InputRefused|Unreachable|Untrusted)\(\s*\"([\w-]+)\"", source)
        )
    assert raised
    assert raised <= set(REFUSALS)


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LC_ALL": "en_GB", "LANG": "fr_FR"}, "en"),
        ({"VIGIE_LANG": "fr"}, "fr"),
    ],
)
def test_the_language_is_the_locales(environment: dict[str, str], lang: str) -> None:
    assert usual_language(environment) == lang
