"""A member's secrets: the vectors that the page reads too, and what does not open or read."""

import base64
import json
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as some
from rich.pretty import pretty_repr

from member import keys
from member.keys import Bundle, NotOpened, RoleKeys, TextRefused

VECTORS = json.loads(
    (Path(__file__).resolve().parents[1] / "vectors" / "keys.json").read_text(encoding="utf-8")
)


def unb64(text):
    return base64.b64decode(text)


@pytest.mark.parametrize("case", VECTORS["two_secrets"], ids=lambda case: case["password"])
def test_the_two_secrets_derive_what_the_page_derives(case):
    found = keys.derive(case["password"], unb64(case["account_key"]), unb64(case["kdf_salt"]))
    assert found.auth_key == unb64(case["auth_key"])
    assert found.wrapping_key == unb64(case["wrapping_key"])


def test_one_password_typed_in_two_spellings_is_one_password():
    _, wide, plain, _ = VECTORS["two_secrets"]
    assert wide["password"] != plain["password"]
    assert wide["auth_key"] == plain["auth_key"]


@pytest.mark.parametrize("case", VECTORS["seals"], ids=lambda case: f"{len(case['plain'])} characters")
def test_what_the_page_sealed_opens_here(case):
    assert keys.unseal(unb64(case["key"]), unb64(case["sealed"]), case["aad"]) == unb64(case["plain"])


@pytest.mark.parametrize("case", VECTORS["not_opened"], ids=lambda case: case["why"])
def test_what_is_not_exactly_what_was_sealed_does_not_open(case):
    with pytest.raises(NotOpened):
        keys.unseal(unb64(case["key"]), unb64(case["sealed"]), case["aad"])


def test_a_seal_that_unpacks_to_more_than_allowed_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(keys, "PLAIN_BYTES_MAX", 1000)
    key = bytes(32)
    assert keys.unseal(key, keys.seal(key, bytes(1000), "x"), "x") == bytes(1000)
    with pytest.raises(NotOpened):
        keys.unseal(key, keys.seal(key, bytes(1001), "x"), "x")


def test_bytes_after_the_compressed_content_are_refused():
    nonce, key = bytes(12), bytes(32)
    smuggled = AESGCM(key).encrypt(nonce, zlib.compress(b"names") + b"more", b"x")
    with pytest.raises(NotOpened):
        keys.unseal(key, b"\x01" + nonce + smuggled, "x")


@pytest.mark.parametrize("case", VECTORS["bundles"], ids=lambda case: case["email"])
def test_a_users_bundle_opens_under_its_wrapping_key_whatever_the_case_of_the_email(case):
    assert keys.bundle_name(case["email"].upper()) == case["name"]
    found = keys.open_bundle(unb64(case["wrapping_key"]), unb64(case["sealed"]), case["name"])
    assert {
        name: base64.b64encode(getattr(found.role_keys, name)).decode()
        for name in RoleKeys.__struct_fields__
        if getattr(found.role_keys, name)
    } == case["role_keys"]
    for name in ("root_seed", "device_seed", "delegation"):
        assert getattr(found, name) == (unb64(case[name]) if case[name] else None)


def test_a_bundle_says_nothing_of_what_a_role_does_not_have():
    sealed = keys.seal_bundle(bytes(32), Bundle(RoleKeys(names=bytes(32))), "x")
    assert set(json.loads(keys.unseal(bytes(32), sealed, "x"))) == {"role_keys"}


def test_an_account_key_is_shown_and_read_as_the_page_does():
    for case in VECTORS["account_keys"]["good"]:
        assert keys.account_key_text(unb64(case["account_key"])) == case["text"]
        assert keys.read_account_key(case["text"]) == unb64(case["account_key"])
    for case in VECTORS["account_keys"]["also_read"]:
        assert keys.read_account_key(case["text"]) == unb64(case["account_key"])


@pytest.mark.parametrize("text", VECTORS["account_keys"]["refused"])
def test_what_is_no_account_key_is_refused(text):
    with pytest.raises(TextRefused):
        keys.read_account_key(text)


def test_the_recovery_kit_opens_the_firms_blob():
    case = VECTORS["recovery"]
    kit = keys.read_recovery_kit(case["text"])
    assert kit == unb64(case["kit"])
    assert keys.recovery_kit_text(kit) == case["text"]
    assert keys.recovery_key(kit) == unb64(case["key"])
    found = keys.open_bundle(unb64(case["key"]), unb64(case["sealed"]), keys.recovery_name(case["firm"]))
    assert found.root_seed == unb64(case["root_seed"])


def test_a_mistyped_letter_of_the_recovery_kit_is_noticed():
    with pytest.raises(TextRefused) as refused:
        keys.read_recovery_kit(VECTORS["recovery"]["mistyped"])
    assert refused.value.code == "check"


@given(
    some.binary(min_size=32, max_size=32),
    some.integers(0, 55),
    some.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
)
def test_no_single_wrong_letter_makes_another_recovery_kit(kit, place, letter):
    text = keys.recovery_kit_text(kit)
    at = 4 + place + place // 4
    changed = text[:at] + letter + text[at + 1 :]
    if changed == text:
        assert keys.read_recovery_kit(changed) == kit
    else:
        with pytest.raises(TextRefused):
            keys.read_recovery_kit(changed)


@given(some.binary(min_size=17, max_size=17))
def test_a_device_code_survives_the_paper(code):
    text = keys.device_code_text(code)
    assert keys.read_device_code(text.lower().replace("-", " "), 17) == code


def test_secrets_never_print():
    secret = b"\xabsecret!" * 4
    shown = [
        RoleKeys(names=secret),
        Bundle(RoleKeys(names=secret), root_seed=secret),
        keys.derive("hunter22222", bytes(16), bytes(16)),
    ]
    for one in shown:
        for text in (repr(one), str(one), f"{one}", pretty_repr(one)):
            assert "secret" not in text
            assert "b'" not in text
