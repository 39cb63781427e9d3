"""Writes manifest.json: what Python and TypeScript have to agree on about manifests.

Run from the repository: python tests/vectors/make_manifest.py
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from privacy import manifest as manifests
from privacy import manifest_trees, merkle, signing
from privacy.disclosure import CELL_DTYPE, MISSING
from privacy.manifest import Withdrawal
from tests.privacy.manifest_play import KEY, PUBLIC, manifest, signed

PATH = Path(__file__).parent / "manifest.json"
MONTH = "2026-01"
WITNESS = signing.from_seed(b"w" * 32)
CANONICAL: list[Any] = [
    {"days_late": 11, "band": None, "dso": -3},
    {"b": [1, "été", {"z": None, "a": True}], "a": '"\\\n'},
    {},
]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def cells() -> np.ndarray:
    made = np.zeros(5, CELL_DTYPE)
    made["pseudonym"] = np.frombuffer(b"".join(bytes([17 * at + 1]) * 32 for at in range(5)), "V32")
    made["band"], made["days_late"] = [1, 2, 3, 1, 2], [4, -7, 31, MISSING, 0]
    made["spread"], made["dso"] = [1, 5, 9, MISSING, 2], [MISSING, 61, 300, 44, 0]
    return made


def proof_of(key: bytes) -> dict[str, Any]:
    published = cells()
    tree = merkle.levels(manifest_trees.cell_leaves(key, MONTH, published))
    places = manifest_trees.places(tree[0])
    shown = []
    for row in (published[0], published[2], published[3]):
        salt = manifest_trees.salt(key, "cell", MONTH, row["pseudonym"].tobytes())
        leaf = manifests.salted(salt, manifests.cell_entry(MONTH, row.tobytes()))
        shown.append(
            {"row": row.tobytes().hex(), "salt": salt.hex(), "place": places[leaf], "leaf": leaf.hex()}
        )
    proof = merkle.prove(tree, [one["place"] for one in shown])
    return {
        "month": MONTH,
        "size": len(tree[0]) // 32,
        "root": tree[-1].hex(),
        "columns": manifests.columns_of(CELL_DTYPE),
        "cells": shown,
        "proof": b64(proof),
    }


FIRM = "00112233-4455-6677-8899-aabbccddeeff"


def receipt(month: str, name: str, received_at: str, replaces: bytes = bytes(32)) -> dict[str, str]:
    return {
        "firm_id": FIRM,
        "month": month,
        "digest": b64(hashlib.sha256(name.encode()).digest()),
        "replaces": b64(replaces),
        "received_at": received_at,
    }


def receipts_of(key: bytes) -> dict[str, Any]:
    """Receipts of one firm, and those of a manifest whose window is 2025-12 to 2026-02."""
    first = hashlib.sha256(b"january").digest()
    every = [
        receipt("2025-10", "old", "2026-01-05T08:00:00Z"),  # told before, out of the window
        receipt("2025-12", "december", "2026-01-06T08:00:00Z"),  # told before, still current
        receipt("2026-01", "january", "2026-02-06T08:00:00Z"),  # told before, replaced since
        receipt("2026-01", "january again", "2026-02-11T08:00:00Z", first),
        receipt("2025-09", "late", "2026-02-20T08:00:00Z"),  # out of the window, fresh
        receipt("2026-02", "february", "2026-03-10T23:59:59Z"),
        receipt("2026-02", "too late", "2026-03-11T00:00:00Z", hashlib.sha256(b"february").digest()),
    ]
    current = {"december": True, "january again": True, "late": False, "february": True}
    month, names = "2026-02", {b64(hashlib.sha256(name.encode()).digest()): name for name in current}
    told = [one for one in every if one["digest"] in names]
    entries = [
        manifests.receipt_entry(month, receipt_signed(one), current=current[names[one["digest"]]])
        for one in told
    ]
    digests = [base64.b64decode(one["digest"]) for one in told]
    tree = merkle.levels(manifest_trees.leaves(key, "receipt", month, digests, entries))
    places = manifest_trees.places(tree[0])
    leaves = []
    for digest, entry, one in zip(digests, entries, told, strict=True):
        salt = manifest_trees.salt(key, "receipt", month, digest)
        leaves.append(
            {
                "digest": one["digest"],
                "current": current[names[one["digest"]]],
                "salt": b64(salt),
                "place": places[manifests.salted(salt, entry)],
            }
        )
    return {
        "receipts": every,
        "since": "2026-02-11T00:00:00Z",
        "closed": "2026-03-11T00:00:00Z",
        "window": ["2025-12", "2026-02"],
        "month": month,
        "tree": {"root": tree[-1].hex(), "size": len(tree[0]) // 32},
        "proof": {
            "month": month,
            "receipts": leaves,
            "proof": b64(merkle.prove(tree, [leaf["place"] for leaf in leaves])),
        },
    }


def receipt_signed(one: dict[str, str]) -> bytes:
    """Firm || month (u32) || digest || replaces || received_at: what the receipt key signs."""
    month = int(one["month"][:4]) * 12 + int(one["month"][5:]) - 1
    return (
        bytes.fromhex(one["firm_id"].replace("-", ""))
        + month.to_bytes(4, "little")
        + base64.b64decode(one["digest"])
        + base64.b64decode(one["replaces"])
        + one["received_at"].encode()
    )


def chain() -> list[dict[str, str]]:
    made: list[dict[str, str]] = []
    before = None
    for month in ("2025-11", "2025-12", MONTH):
        told = [Withdrawal("2025-11", "2026-01-20", "deux déclarations échangées")] if month == MONTH else []
        one = signed(manifest(month, before, withdrawn=told))
        before = one.manifest
        made.append(
            {
                "month": month,
                "manifest": b64(one.manifest),
                "signature": b64(one.signature),
                "fingerprint": manifests.digest(one.manifest),
                "countersignature": b64(signing.sign(WITNESS, "witness", one.manifest)),
            }
        )
    return made


def early() -> dict[str, str]:
    """A first manifest whose window closed an hour before its time."""
    one = signed(manifest("2025-11", closed="2025-12-10T23:00:00Z"))
    return {"month": "2025-11", "manifest": b64(one.manifest), "signature": b64(one.signature)}


def main() -> None:
    key = manifest_trees.salts_key(signing.public_bytes(KEY))
    salt = bytes(range(32))
    network = {"band": 2, "days_late": 11, "dso": None}
    entries = {
        "receipt, current": manifests.receipt_entry(MONTH, b"what was signed", current=True),
        "receipt, replaced": manifests.receipt_entry(MONTH, b"what was signed", current=False),
        "part network": manifests.part_entry("network", MONTH, manifests.canonical(network)),
    }
    document = {
        "canonical": [{"value": value, "text": manifests.canonical(value).decode()} for value in CANONICAL],
        "salt": salt.hex(),
        "network": network,
        "hashes": {name: manifests.salted(salt, entry).hex() for name, entry in entries.items()},
        "proof": proof_of(key),
        "own": receipts_of(key),
        "release_key": b64(PUBLIC),
        "witness_key": b64(signing.public_bytes(WITNESS)),
        "chain": chain(),
        "early": early(),
    }
    PATH.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
