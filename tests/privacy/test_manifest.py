"""A manifest says the same to everybody, follows one other, and holds no figure."""

import base64
import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import manifest as manifests
from privacy import merkle
from privacy.disclosure import CELL_DTYPE
from privacy.manifest import Broken, Signed, Tree, Withdrawal, follow
from privacy.manifest_witness import witnessed_by
from tests.privacy.manifest_play import PUBLIC, chain, manifest, signed

VECTORS = json.loads((Path(__file__).parent.parent / "vectors/manifest.json").read_text(encoding="utf-8"))


def test_the_vectors_that_the_page_reads_too_are_what_this_program_makes():
    for one in VECTORS["canonical"]:
        assert manifests.canonical(one["value"]).decode() == one["text"]
    salt, signed_text = bytes.fromhex(VECTORS["salt"]), b"what was signed"
    network = manifests.canonical(VECTORS["network"])
    assert VECTORS["hashes"] == {
        name: manifests.salted(salt, entry).hex()
        for name, entry in {
            "receipt, current": manifests.receipt_entry("2026-01", signed_text, current=True),
            "receipt, replaced": manifests.receipt_entry("2026-01", signed_text, current=False),
            "part network": manifests.part_entry("network", "2026-01", network),
        }.items()
    }
    proof = VECTORS["proof"]
    leaves = {
        one["place"]: manifests.salted(
            bytes.fromhex(one["salt"]), manifests.cell_entry(proof["month"], bytes.fromhex(one["row"]))
        )
        for one in proof["cells"]
    }
    root = merkle.root_from(proof["size"], leaves, base64.b64decode(proof["proof"]))
    assert root is not None
    assert root.hex() == proof["root"]


def test_the_vectors_chain_is_followed_and_witnessed():
    links = VECTORS["chain"]
    shown = [Signed(base64.b64decode(one["manifest"]), base64.b64decode(one["signature"])) for one in links]
    found = follow(shown, base64.b64decode(VECTORS["release_key"]))
    assert isinstance(found, list)
    assert [one.month for one in found] == [one["month"] for one in links]
    for one, link in zip(shown, links, strict=True):
        assert manifests.digest(one.manifest) == link["fingerprint"]
        word = base64.b64decode(link["countersignature"])
        assert witnessed_by(base64.b64decode(VECTORS["witness_key"]), one.manifest, word)


def test_what_was_signed_is_read_again():
    one = manifest(withdrawn=[Withdrawal("2025-10", "2025-12-01", "deux déclarations échangées")])
    encoded = manifests.encode(one)
    assert manifests.read(encoded) == one
    assert manifests.encode(manifests.read(encoded)) == encoded
    assert encoded.isascii()


@pytest.mark.parametrize("broken", [b"", b"[]", b"{}", b"\xff", b'{"version":1}'])
def test_what_is_no_manifest_is_refused(broken):
    with pytest.raises(ValueError):
        manifests.read(broken)


def test_a_later_version_is_refused_and_not_guessed_at():
    with pytest.raises(ValueError, match="version 2"):
        manifests.read(manifests.encode(manifest(version=2)))


@pytest.mark.parametrize(
    "changed",
    [
        {"month": "2026-13"},
        {"month": "٢٠٢٦-01"},
        {"window": ("2026-01", "")},
        {"window": ("2025-10", "2025-12")},  # none of its own month would be current
        {"window": ("2026-02", "2026-01")},
        {"closed": "2026-01-11"},
        {"published_on": "12/01/2026"},
        {"previous": "0" * 63},
        {"uploads": Tree("x" * 64, 1024)},
        {"uploads": Tree("0" * 64, 0)},
        {"withdrawn": [Withdrawal("soon", "2026-01-01", "")]},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_manifest_with_a_text_that_says_nothing_is_refused(changed):
    with pytest.raises(ValueError, match=r"is none|does not end"):
        manifests.read(manifests.encode(msgspec.structs.replace(manifest(), **changed)))


def test_a_chain_is_followed_from_its_first_manifest_or_from_the_one_before():
    whole = chain(14)
    found = follow(whole, PUBLIC)
    assert isinstance(found, list)
    assert [one.month for one in found][1::12] == ["2025-12", "2026-12"]
    before = manifests.digest(whole[4].manifest)
    assert isinstance(follow(whole[5:], PUBLIC, before, found[4].month), list)
    assert follow([], PUBLIC) == []


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (lambda: chain(3)[1:], Broken("link", 0)),
        (lambda: [chain(3)[at] for at in (0, 2)], Broken("link", 1)),
        (lambda: chain(2)[::-1], Broken("link", 0)),
        (lambda: [chain(1)[0], signed(manifest("2026-01", chain(1)[0].manifest))], Broken("link", 1)),
        (lambda: [chain(1)[0], chain(2, profile="other")[1]], Broken("link", 1)),
        (lambda: [signed(manifest(), Ed25519PrivateKey.generate())], Broken("signature", 0)),
        (lambda: [Signed(chain(1)[0].manifest + b" ", chain(1)[0].signature)], Broken("signature", 0)),
        (lambda: [signed(manifest(version=7))], Broken("shape", 0)),
        (lambda: [signed(manifest(closed="2025-12-10T23:59:59Z"))], Broken("closed", 0)),
    ],
    ids=[
        "its beginning is gone",
        "a hole",
        "backwards",
        "a month skipped",
        "another one before",
        "another key",
        "a byte more",
        "another version",
        "closed before its time",
    ],
)
def test_the_first_place_where_a_chain_breaks_is_named(shown, expected):
    assert follow(shown(), PUBLIC) == expected


def test_rows_of_any_columns_are_leaves():
    wider = np.dtype([*CELL_DTYPE.descr, ("more", "u1"), ("other", "<i2")])
    for dtype in (CELL_DTYPE, wider):
        rows = np.zeros(3, dtype)
        rows["band"] = [1, 2, 3]
        packed = manifests.packed_rows(rows)
        assert b"".join(packed) == rows.tobytes()
        assert {len(one) for one in packed} == {dtype.itemsize}
        assert np.dtype(manifests.columns_of(dtype)) == dtype


def test_leaves_of_other_months_kinds_and_marks_are_other_leaves():
    salt, row = bytes(32), b"row"
    entries = [
        manifests.cell_entry("2026-01", row),
        manifests.cell_entry("2026-02", row),
        manifests.receipt_entry("2026-01", row, current=True),
        manifests.receipt_entry("2026-01", row, current=False),
        manifests.part_entry("network", "2026-01", row),
    ]
    assert len({manifests.salted(salt, entry) for entry in entries}) == len(entries)
    assert manifests.salted(salt, row) != manifests.salted(b"\1" * 32, row)


def test_a_manifest_has_no_place_for_a_figure():
    for text in msgspec.to_builtins(manifest()).values():
        assert not isinstance(text, float)
    assert set(msgspec.to_builtins(manifest())["cells"]) == {"root", "size", "band", "columns"}
