"""`vigie keys`, `key-certify`, `key-remove`, `password`, `pair` as people type them, on a real network."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from uuid import UUID

import pytest

from member.cli_keyring import _tell_not_turned
from member.enrol import Person, log_in_person
from member.keys import account_key_text
from member.pairing import SecondDevice
from member.talk_turning import Turned
from tests.member.conftest import PASSWORD, Firms
from tests.member.test_cli import Keyboard
from tests.member.test_keyring import second

FINGERPRINT = re.compile(r"(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}")


@pytest.fixture(scope="module")
def pair_of_homes(firms: Firms) -> tuple[Keyboard, Keyboard, str]:
    """An administrator's keyboard, a credit manager's, and the id of the latter's device."""
    member = firms.firm("Typed keys (fictional)")
    hers = second(firms, member)
    assert member.home
    assert hers.home
    return Keyboard(member.home.path), Keyboard(hers.home.path), str(hers.device_id)


def test_a_key_is_certified_with_the_fingerprint_alone_and_removed_again(
    pair_of_homes: tuple[Keyboard, Keyboard, str],
) -> None:
    own, hers, device = pair_of_homes
    shown = hers.type("keys", "--lang", "fr")
    found = FINGERPRINT.search(shown.output)
    assert shown.exit_code == 0
    assert found
    assert device in own.type("keys").output
    other = "A" * 4 + found[0][4:] if found[0][:4] != "AAAA" else "B" * 4 + found[0][4:]
    refused = own.type("key-certify", device, "--role", "attended", VIGIE_FINGERPRINT=other)
    assert refused.exit_code != 0
    assert own.type("key-certify", device, "--role", "king", VIGIE_FINGERPRINT=found[0]).exit_code == 2
    assert own.type("key-certify", device, "--role", "attended", VIGIE_FINGERPRINT=found[0]).exit_code == 0
    assert "attended" in hers.type("keys").output
    assert own.type("key-remove", device, VIGIE_PASSWORD="another one").exit_code != 0
    assert own.type("key-remove", device).exit_code == 0
    assert hers.type("keys").exit_code != 0  # shut out at once
    assert "attended" not in own.type("keys").output


def test_a_password_is_changed_and_a_second_device_gets_the_account_key(firms: Firms) -> None:
    member = firms.firm("Typed pairing (fictional)")
    assert member.home
    own, email = Keyboard(member.home.path), member.identity.email or ""
    assert own.type("password", VIGIE_NEXT_PASSWORD="short").exit_code != 0
    fresh = "a fresh fictional password"
    assert own.type("password", VIGIE_NEXT_PASSWORD=fresh).exit_code == 0
    network, _ = firms.network()
    assert log_in_person(network, Person(email, fresh), member.account_key)
    device = SecondDevice(network, email)
    device.begin()
    code: list[str] = []
    given: list[bytes] = []
    ended = threading.Event()

    def look() -> None:
        while not given and not ended.wait(0.2):
            if found := device.code():
                code.append(found)
            if key := device.account_key():
                given.append(key)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    wrong = own.type("pair", VIGIE_PASSWORD=fresh, VIGIE_PAIR_CODE="wrong")
    assert wrong.exit_code != 0
    assert code
    assert not given
    ended.set()
    looking.join()
    network.close()


def test_the_codes_of_a_second_factor_are_asked_for_at_the_terminal(firms: Firms, tmp_path: Path) -> None:
    from member.session import Session

    member = firms.firm("Typed codes (fictional)")
    network, _ = firms.network()
    person = Person(member.identity.email or "", PASSWORD)
    session = Session.of_token(network, log_in_person(network, person, member.account_key)[0].token)
    paper = _with_codes(session, person, member.account_key)
    keyboard = Keyboard(tmp_path / "second", VIGIE_ACCOUNT_KEY=account_key_text(member.account_key))
    typed = ("login", network.url, "--email", person.email, "--no-passphrase")
    unasked = keyboard.type(*typed)
    assert unasked.exit_code != 0
    assert "VIGIE_CODE" in unasked.output
    assert "passkey" in unasked.output
    assert keyboard.type(*typed, VIGIE_CODE="not one").exit_code != 0
    assert keyboard.type(*typed, VIGIE_CODE=paper).exit_code == 0
    session.close()
    network.close()


def _with_codes(session: object, person: Person, account_key: bytes) -> str:
    """One-time codes on; one of those on paper."""
    import base64
    import time

    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    from member.keys import derive
    from member.session import Session

    assert isinstance(session, Session)
    proof = derive(person.password, account_key, session.network.salt(person.email)).auth_key
    begun = session.ask("POST", "/api/me/second-factor", {"auth_key": proof})
    app = TOTP(base64.b32decode(begun["secret"]), 6, SHA1(), 30)
    code = app.generate(int(time.time())).decode()
    return str(session.ask("POST", "/api/me/second-factor/confirmation", {"code": code})["codes"][0])


def test_conversations_that_could_get_no_new_keys_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    _tell_not_turned(Turned(3), "en")
    assert capsys.readouterr().out == ""
    _tell_not_turned(Turned(3, resealed=(UUID(int=1),), untouched=(UUID(int=2), UUID(int=3))), "en")
    told = capsys.readouterr().out
    assert told.startswith("1 conversations could get no new keys")
    assert "2 are as they were" in told
