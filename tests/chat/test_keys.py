"""Keys are fresh per conversation, names follow from them, and secrets never print."""

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from chat.keys import HYBRID_AES256, SUITES, X25519_AES256, PrivateKeys, PublicKeys, mark

PRIME = 2**255 - 19
SMALL_ORDER = {
    "zero": bytes(32),
    "one": (1).to_bytes(32, "little"),
    "minus one": (PRIME - 1).to_bytes(32, "little"),
    "of order 8": bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    "of order 8, the other": bytes.fromhex(
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"
    ),
}
UNUSABLE = SMALL_ORDER | {
    "zero, not canonical": PRIME.to_bytes(32, "little"),
    "one, not canonical": (PRIME + 1).to_bytes(32, "little"),
    "the top bit set": (9 + 2**255).to_bytes(32, "little"),
    "all ones": b"\xff" * 32,
}


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


@pytest.mark.parametrize("sealing", UNUSABLE.values(), ids=UNUSABLE)
def test_a_key_that_no_pair_has_cannot_be_sealed_to(sealing: bytes) -> None:
    assert not PublicKeys(b"\1" * 32, sealing).can_be_sealed_to()
    fresh = PrivateKeys.fresh(HYBRID_AES256).public()
    assert not PublicKeys(fresh.signing, fresh.sealing[:-32] + sealing).can_be_sealed_to()


@pytest.mark.parametrize("sealing", SMALL_ORDER.values(), ids=SMALL_ORDER)
def test_points_of_small_order_are_the_ones_with_which_a_shared_secret_is_zero(sealing: bytes) -> None:
    with pytest.raises(ValueError, match="shared key"):
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(sealing))


@pytest.mark.parametrize("at", [0, 1, 766, 767])
def test_a_lattice_key_with_a_coefficient_out_of_range_cannot_be_sealed_to(at: int) -> None:
    fresh = PrivateKeys.fresh(HYBRID_AES256).public()
    for value in (3328, 3329, 4095):
        packed = bytearray(fresh.sealing)
        triple = at // 2 * 3
        pair = int.from_bytes(packed[triple : triple + 3], "little")
        shift = 12 * (at % 2)
        pair = pair & ~(4095 << shift) | value << shift
        packed[triple : triple + 3] = pair.to_bytes(3, "little")
        changed = PublicKeys(fresh.signing, bytes(packed))
        assert changed.can_be_sealed_to() is (value < 3329)
        if value >= 3329:
            with pytest.raises(ValueError, match="public key"):
                MLKEM768PublicKey.from_public_bytes(changed.sealing[:-32])
    assert not PublicKeys(fresh.signing, fresh.sealing[1:]).can_be_sealed_to()


def test_every_key_that_a_side_makes_can_be_sealed_to() -> None:
    for suite in SUITES.values():
        assert all(PrivateKeys.fresh(suite).public().can_be_sealed_to() for _ in range(50))


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
