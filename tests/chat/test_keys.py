"""Keys are fresh per conversation, names follow from them, and secrets never print."""

import pytest

from chat.keys import SUITES, X25519_AES256, PrivateKeys, PublicKeys, mark


def test_a_secret_sealed_to_one_side_opens_for_it_alone_and_in_its_place_alone() -> None:
    mine, other = PrivateKeys.fresh(), PrivateKeys.fresh()
    sealed = mine.public().seal(b"k" * 32, b"place")
    assert sealed is not None
    assert len(sealed) == X25519_AES256.sealed_epoch_bytes
    assert mine.open(sealed, b"place") == b"k" * 32
    assert mine.open(sealed, b"elsewhere") is None
    assert other.open(sealed, b"place") is None
    assert mine.open(sealed[:40], b"place") is None


def test_a_public_key_of_small_order_is_refused_when_sealing() -> None:
    assert PublicKeys(b"\1" * 32, bytes(32)).seal(b"k" * 32, b"") is None
    assert PublicKeys(b"\1" * 32, b"short").seal(b"k" * 32, b"") is None


def test_private_keys_survive_packing_and_never_print() -> None:
    keys = PrivateKeys.fresh(entropy=lambda n: bytes(range(n)))
    assert PrivateKeys.from_bytes(keys.to_bytes()).public() == keys.public()
    assert keys.to_bytes() == bytes(range(64))
    assert bytes(range(32)).hex() not in repr(keys)
    assert repr(keys) == f"PrivateKeys(suite={keys.suite!r})"
    with pytest.raises(ValueError, match="64 bytes"):
        PrivateKeys.from_bytes(bytes(63))


def test_a_name_follows_from_the_conversations_key_and_changes_with_it() -> None:
    one, two = (
        PrivateKeys.fresh(entropy=lambda n, digit=digit: digit * n).public() for digit in (b"1", b"2")
    )
    assert mark(one.signing) == mark(one.signing)
    assert mark(one.signing) != mark(two.signing)
    assert len(mark(one.signing)) == len("7c-e1")


def test_a_suite_is_known_by_its_own_number() -> None:
    assert all(suite.number == number for number, suite in SUITES.items())
