"""Manifests made for tests: a chain of months under a fixed key."""

from __future__ import annotations

from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import manifest as manifests
from privacy import signing
from privacy.manifest import CellTree, Manifest, Signed, Tree

KEY = signing.from_seed(bytes(range(32)))
PUBLIC = signing.public_bytes(KEY)


def manifest(month: str = "2025-11", previous: bytes | None = None, **changed: Any) -> Manifest:
    """A month's manifest that follows the one with these bytes."""
    made = Manifest(
        version=1,
        month=month,
        profile="standard-1",
        window=(month, month),
        closed=manifests.earliest_close(month),
        published_on="2026-01-12",
        cells=CellTree("0" * 64, 1024, "0-9", [("pseudonym", "V32"), ("band", "u1")]),
        uploads=Tree("1" * 64, 1024),
        parts={"network": "2" * 64},
        withdrawn=[],
        previous=manifests.digest(previous) if previous else manifests.NO_PREVIOUS,
    )
    return msgspec.structs.replace(made, **changed)


def signed(one: Manifest, key: Ed25519PrivateKey = KEY) -> Signed:
    """With the operator's signature."""
    encoded = manifests.encode(one)
    return Signed(encoded, signing.sign(key, manifests.PURPOSE, encoded))


def chain(count: int, month: str = "2025-11", **changed: Any) -> list[Signed]:
    """So many months from this one on; `changed` of all of them."""
    made: list[Signed] = []
    for _ in range(count):
        made.append(signed(manifest(month, made[-1].manifest if made else None, **changed)))
        month = manifests.next_month(month)
    return made
