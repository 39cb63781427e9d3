"""A device does for its firm what the root let it do, while it does, and nothing else."""

import json
from pathlib import Path

import pytest

from privacy import signing
from privacy.delegation import Delegation, Scope, check

ROOT = signing.from_seed(bytes(range(32)))
PUBLIC = signing.public_bytes(ROOT)
DEVICE = signing.public_bytes(signing.from_seed(bytes(range(32, 64))))
FIRM = bytes(range(16))
ISSUED = Delegation.issue(ROOT, FIRM, DEVICE, Scope.EVALUATE | Scope.UPLOAD, 1_000, 2_000)


def test_a_delegation_survives_its_129_bytes() -> None:
    assert len(ISSUED.to_bytes()) == 129
    assert Delegation.from_bytes(ISSUED.to_bytes()) == ISSUED
    with pytest.raises(ValueError, match="129"):
        Delegation.from_bytes(ISSUED.to_bytes()[:-1])


def test_its_bytes_are_the_ones_other_languages_read() -> None:
    vector = json.loads(
        (Path(__file__).parents[1] / "vectors" / "delegation.json").read_text(encoding="utf-8")
    )
    assert ISSUED.to_bytes().hex() == vector["delegation"]
    assert PUBLIC.hex() == vector["root_public"]


@pytest.mark.parametrize("now", [1_000, 1_999])
@pytest.mark.parametrize("scope", [Scope.EVALUATE, Scope.UPLOAD, Scope.EVALUATE | Scope.UPLOAD])
def test_what_the_root_granted_is_granted(now: int, scope: Scope) -> None:
    assert check(ISSUED, PUBLIC, FIRM, now, scope) is None


@pytest.mark.parametrize(
    ("root", "firm", "now", "scope", "code"),
    [
        (PUBLIC, bytes(16), 1_500, Scope.UPLOAD, "delegation-firm"),
        (DEVICE, FIRM, 1_500, Scope.UPLOAD, "delegation-signature"),
        (PUBLIC, FIRM, 999, Scope.UPLOAD, "delegation-early"),
        (PUBLIC, FIRM, 2_000, Scope.UPLOAD, "delegation-expired"),
        (PUBLIC, FIRM, 1_500, Scope.REVEAL, "delegation-scope"),
        (PUBLIC, FIRM, 1_500, Scope.UPLOAD | Scope.BOOK, "delegation-scope"),
    ],
)
def test_everything_else_is_refused_with_its_reason(
    root: bytes, firm: bytes, now: int, scope: Scope, code: str
) -> None:
    refusal = check(ISSUED, root, firm, now, scope)
    assert refusal is not None
    assert refusal.code == code


@pytest.mark.parametrize("place", [0, 20, 48, 50, 60, 70, 128])
def test_one_changed_byte_is_found(place: int) -> None:
    changed = bytearray(ISSUED.to_bytes())
    changed[place] ^= 1
    assert check(Delegation.from_bytes(bytes(changed)), PUBLIC, FIRM, 1_500, Scope.UPLOAD) is not None
