"""A firm's chain of keys: every entry in its place, signed by the root; what is swapped or old is named."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import keyring, signing
from privacy.keyring import ENTRY_BYTES, Keyring, Refusal, Role

ROOT = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = signing.public_bytes(ROOT)
FIRM = b"f" * 16
ANN, BOB = b"a" * 16, b"b" * 16
KEYS = {ANN: bytes([1]) * 64, BOB: bytes([2]) * 64}


def chain() -> list[bytes]:
    """Ann and Bob come, Bob goes, Bob comes back with another key."""
    ring, records = Keyring(FIRM), []
    steps = [
        lambda: ring.certify(ROOT, ANN, Role.ADMINISTRATOR, KEYS[ANN], 1),
        lambda: ring.certify(ROOT, BOB, Role.ANALYST, KEYS[BOB], 2),
        lambda: ring.remove(ROOT, BOB, 3),
        lambda: ring.certify(ROOT, BOB, Role.SALES, bytes([3]) * 64, 4),
    ]
    for step in steps:
        records.append(step())
        after = ring.take(records[-1], PUBLIC)
        assert isinstance(after, Keyring)
        ring = after
    return records


def test_a_chain_folds_to_who_is_there_with_which_key_and_how_often_keys_were_rolled() -> None:
    ring = keyring.read(chain(), FIRM, PUBLIC)
    assert isinstance(ring, Keyring)
    assert ring.subjects == {ANN: (Role.ADMINISTRATOR, KEYS[ANN]), BOB: (Role.SALES, bytes([3]) * 64)}
    assert ring.generation == 2
    assert all(len(record) == ENTRY_BYTES for record in chain())


@pytest.mark.parametrize("at", range(0, ENTRY_BYTES, 7))
def test_no_byte_of_an_entry_can_be_changed(at: int) -> None:
    records = chain()
    records[1] = records[1][:at] + bytes([records[1][at] ^ 1]) + records[1][at + 1 :]
    assert isinstance(keyring.read(records, FIRM, PUBLIC), Refusal)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda records: [records[0], *records[2:]], "keyring-order"),  # one left out
        (lambda records: [records[1], records[0]], "keyring-order"),  # another order
        (lambda records: [*records, records[1]], "keyring-order"),  # an old one played again
        (lambda records: [*records, b"x"], "keyring-shape"),
    ],
)
def test_entries_are_taken_in_their_order_alone(change, code: str) -> None:
    refusal = keyring.read(change(chain()), FIRM, PUBLIC)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_another_firms_chain_and_another_roots_are_refused() -> None:
    for firm, root in ((b"g" * 16, PUBLIC), (FIRM, os.urandom(32))):
        refusal = keyring.read(chain(), firm, root)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "keyring-signature"


def test_the_removal_of_somebody_who_was_never_certified_rolls_the_keys_too() -> None:
    ring = keyring.read(chain()[:2], FIRM, PUBLIC)
    assert isinstance(ring, Keyring)
    after = ring.take(ring.remove(ROOT, b"x" * 16, 5), PUBLIC)
    assert isinstance(after, Keyring)
    assert (after.subjects, after.generation) == (ring.subjects, ring.generation + 1)
    assert isinstance(ring.take(chain()[2], PUBLIC), Keyring)


def test_a_chain_that_ends_before_or_differs_from_what_was_seen_is_named() -> None:
    seen = keyring.read(chain(), FIRM, PUBLIC)
    short = keyring.read(chain()[:3], FIRM, PUBLIC)
    assert isinstance(seen, Keyring)
    assert isinstance(short, Keyring)
    assert seen.reaches(4, seen.digest) is None
    assert seen.reaches(0, bytes(32)) is None
    behind, other = short.reaches(4, seen.digest), seen.reaches(3, bytes(32))
    assert behind is not None
    assert other is not None
    assert (behind.code, other.code) == ("keyring-rolled-back", "keyring-forked")


def test_a_fingerprint_is_of_firm_subject_and_keys() -> None:
    shown = keyring.fingerprint(FIRM, ANN, KEYS[ANN])
    assert len(shown.split("-")) == 6
    others = [(b"g" * 16, ANN, KEYS[ANN]), (FIRM, BOB, KEYS[ANN]), (FIRM, ANN, KEYS[BOB])]
    assert shown not in {keyring.fingerprint(*one) for one in others}
