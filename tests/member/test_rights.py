"""A device takes up what its firm's root has granted it since, and nothing else that a network may answer."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member.home import Identity
from member.keys import RoleKeys
from member.rights import take_rights
from privacy import signing
from privacy.delegation import Delegation, Scope

FIRM, DEVICE = UUID(int=1), UUID(int=2)
ROOT, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
SEED = bytes([3]) * 32
OWN = signing.public_bytes(Ed25519PrivateKey.from_private_bytes(SEED))
BEFORE = Scope.EVALUATE | Scope.UPLOAD | Scope.BOOK
YEAR = 365 * 86_400
NOW = int(time.time())


def granted(root=ROOT, firm=FIRM, key=OWN, scopes=BEFORE, begins=NOW - 60, ends=NOW + YEAR) -> bytes:
    return Delegation.issue(root, firm.bytes, key, scopes, begins, ends).to_bytes()


def device(answer: bytes | None, own: bytes) -> Any:
    """A member whose network answers with one device of this delegation, or with none."""
    listed = [] if answer is None else [SimpleNamespace(device_id=DEVICE, delegation=answer)]
    member = SimpleNamespace(
        identity=Identity(FIRM, signing.public_bytes(ROOT), SEED, own, RoleKeys(), None),  # type: ignore[arg-type]
        device_id=DEVICE,
        firm_id=FIRM,
        root_public=signing.public_bytes(ROOT),
        session=SimpleNamespace(devices=lambda: listed),
        saved=0,
    )
    member.save = lambda: setattr(member, "saved", member.saved + 1)
    return member


@pytest.mark.parametrize(
    "newer",
    [granted(scopes=BEFORE | Scope.REVEAL), granted(ends=NOW + 2 * YEAR)],
    ids=["wider", "longer"],
)
def test_what_the_root_has_widened_or_prolonged_is_taken_and_kept(newer: bytes) -> None:
    member = device(newer, own := granted())
    assert own != newer
    assert take_rights(member)
    assert member.identity.delegation == newer
    assert member.saved == 1
    assert not take_rights(member), "once"


def changed(delegation: bytes) -> bytes:
    return delegation[:-1] + bytes([delegation[-1] ^ 1])


@pytest.mark.parametrize(
    "answer",
    [
        None,
        granted(),
        granted(scopes=Scope.EVALUATE),
        granted(ends=NOW + YEAR - 1),
        granted(root=OTHER, scopes=BEFORE | Scope.REVEAL),
        granted(firm=UUID(int=9), scopes=BEFORE | Scope.REVEAL),
        granted(key=signing.public_bytes(OTHER), scopes=BEFORE | Scope.REVEAL),
        granted(scopes=BEFORE | Scope.REVEAL, begins=NOW - 2 * YEAR, ends=NOW - YEAR),
        changed(granted(scopes=BEFORE | Scope.REVEAL)),
        b"not a delegation",
    ],
    ids=[
        "no device",
        "the same",
        "narrower",
        "shorter",
        "another root",
        "another firm",
        "another key",
        "over",
        "changed",
        "malformed",
    ],
)
def test_nothing_else_that_the_network_answers_changes_what_the_device_holds(answer: bytes | None) -> None:
    member = device(answer, own := granted())
    assert not take_rights(member)
    assert member.identity.delegation == own
    assert member.saved == 0
