"""What a manifest has to hold of a firm's own is known to the receipt, and what it does not hold is named."""

import base64
import json
import uuid
from pathlib import Path

import msgspec
import numpy as np
import pytest

from member.answers import CellProof, Receipt, ReceiptLeaf, ReceiptProof
from member.proofs import check_cells, check_receipts, expected_in
from member.receipts import payload
from privacy import manifest as manifests
from privacy import manifest_trees, merkle
from privacy.disclosure import CELL_DTYPE
from privacy.manifest import CellTree, Tree
from tests.privacy import manifest_play

OWN = json.loads((Path(__file__).parent.parent / "vectors/manifest.json").read_text(encoding="utf-8"))["own"]
KEY = manifest_trees.salts_key(b"k" * 32)
MONTH = "2026-01"


def bytes_of(text: str) -> bytes:
    return base64.b64decode(text)


RECEIPTS = [
    Receipt(
        firm_id=uuid.UUID(one["firm_id"]),
        month=one["month"],
        digest=bytes_of(one["digest"]),
        replaces=bytes_of(one["replaces"]),
        received_at=one["received_at"],
        rows=1,
        signature=b"",
    )
    for one in OWN["receipts"]
]
MANIFEST = manifest_play.manifest(
    OWN["month"], window=tuple(OWN["window"]), closed=OWN["closed"], uploads=Tree(**OWN["tree"])
)
PROOF = msgspec.convert(OWN["proof"], ReceiptProof)
EXPECTED = expected_in(MANIFEST, OWN["since"], RECEIPTS)


def test_a_manifest_has_to_hold_what_is_new_and_what_is_current():
    found = {digest: one.current for digest, one in EXPECTED.items()}
    assert found == {leaf.digest: leaf.current for leaf in PROOF.receipts}
    assert [one.receipt.month for one in EXPECTED.values()] == ["2025-12", "2026-01", "2025-09", "2026-02"]


def test_the_first_manifest_has_to_hold_everything_before_it():
    first = expected_in(MANIFEST, None, RECEIPTS)
    assert len(first) == 6
    assert sum(one.current for one in first.values()) == 3


def test_receipts_that_are_there_have_no_finding():
    assert check_receipts(MANIFEST, EXPECTED, PROOF) == []


def leaf_changed(**changed) -> ReceiptProof:
    first, *others = PROOF.receipts
    return msgspec.structs.replace(PROOF, receipts=[msgspec.structs.replace(first, **changed), *others])


@pytest.mark.parametrize(
    ("proof", "codes"),
    [
        (msgspec.structs.replace(PROOF, receipts=PROOF.receipts[1:]), ["receipt-absent"]),
        (leaf_changed(current=False), ["receipt-not-current"]),
        (leaf_changed(salt=bytes(32)), ["receipts-unproven"]),
        (leaf_changed(place=1023), ["receipts-unproven"]),
        (leaf_changed(place=4096), ["receipts-unproven"]),
        (msgspec.structs.replace(PROOF, proof=PROOF.proof[:-32]), ["receipts-unproven"]),
        (
            msgspec.structs.replace(PROOF, receipts=[*PROOF.receipts, ReceiptLeaf(b"x" * 32, False, b"", 1)]),
            ["receipt-unknown"],
        ),
    ],
    ids=["absent", "not current", "salt", "place", "no place", "shorter", "unknown"],
)
def test_what_is_wrong_with_receipts_is_named(proof, codes):
    assert [one.code for one in check_receipts(MANIFEST, EXPECTED, proof)] == codes


def test_a_correction_that_was_dropped_for_what_it_replaced_is_found():
    """The tree tells of what was there before as current, and not of the newest."""
    newest = EXPECTED[PROOF.receipts[1].digest].receipt
    others = [leaf for leaf in PROOF.receipts if leaf.digest != newest.digest]
    old = ReceiptLeaf(newest.replaces, True, b"s" * 32, 5)
    found = check_receipts(MANIFEST, EXPECTED, ReceiptProof(OWN["month"], [*others, old], b""))
    assert [one.code for one in found] == ["receipt-absent", "receipt-unknown"]
    assert found[0].values["sent"] == "2026-01"


def test_a_receipt_that_is_said_to_stand_where_another_does_is_not_proven():
    """Else a dropped upload would hide behind one that is there."""
    hidden, *others = PROOF.receipts
    entries = [
        manifests.receipt_entry(OWN["month"], payload(EXPECTED[one.digest].receipt), current=one.current)
        for one in others
    ]
    digests = [one.digest for one in others]
    tree = manifest_trees.leaves(KEY, "receipt", OWN["month"], digests, entries)
    levels, places = merkle.levels(tree), manifest_trees.places(tree)
    leaves = []
    for one, entry in zip(others, entries, strict=True):
        salt = manifest_trees.salt(KEY, "receipt", OWN["month"], one.digest)
        place = places[manifests.salted(salt, entry)]
        leaves.append(msgspec.structs.replace(one, salt=salt, place=place))
    manifest = msgspec.structs.replace(MANIFEST, uploads=Tree(levels[-1].hex(), 1024))
    dropped = msgspec.structs.replace(hidden, salt=bytes(32), place=leaves[-1].place)
    proof = ReceiptProof(
        OWN["month"], [dropped, *leaves], merkle.prove(levels, [one.place for one in leaves])
    )
    assert [one.code for one in check_receipts(manifest, EXPECTED, proof)] == ["receipts-unproven"]
    honest = msgspec.structs.replace(proof, receipts=leaves)
    assert [one.code for one in check_receipts(manifest, EXPECTED, honest)] == ["receipt-absent"]


# ---- cells


def published(count: int = 6) -> np.ndarray:
    cells = np.zeros(count, CELL_DTYPE)
    cells["pseudonym"] = np.frombuffer(b"".join(bytes([at + 1]) * 32 for at in range(count)), "V32")
    cells["band"], cells["days_late"] = 1, np.arange(count)
    return cells


TREE = merkle.levels(manifest_trees.cell_leaves(KEY, MONTH, published()))
CELLS = manifest_play.manifest(
    MONTH, cells=CellTree(TREE[-1].hex(), 1024, "0-9", manifests.columns_of(CELL_DTYPE))
)


def proof_of(cells: np.ndarray) -> CellProof:
    names = [one.tobytes() for one in cells["pseudonym"]]
    salts = [manifest_trees.salt(KEY, "cell", MONTH, name) for name in names]
    places = manifest_trees.places(TREE[0])
    at = [
        places[manifests.salted(salt, manifests.cell_entry(MONTH, row))]
        for salt, row in zip(salts, manifests.packed_rows(cells), strict=True)
    ]
    return CellProof(
        MONTH, b"".join(names), b"".join(salts), np.array(at, "<u4").tobytes(), merkle.prove(TREE, at)
    )


MINE = published()[[0, 2, 5]]


def test_cells_that_are_there_have_no_finding_whatever_their_order():
    assert check_cells(CELLS, MINE, proof_of(MINE)) == []
    assert check_cells(CELLS, MINE[::-1], proof_of(MINE)) == []
    assert check_cells(CELLS, MINE[:0], proof_of(MINE[:0])) == []


@pytest.mark.parametrize("name", [name for name in CELL_DTYPE.names or () if name != "pseudonym"])
def test_another_value_in_any_column_is_found(name):
    changed = MINE.copy()
    changed[name][1] += 1
    assert [one.code for one in check_cells(CELLS, changed, proof_of(MINE))] == ["cells-unproven"]


def test_a_cell_without_a_proof_and_a_proof_without_a_cell_are_named():
    found = check_cells(CELLS, MINE, proof_of(MINE[:2]))
    assert [(one.code, one.values["pseudonym"]) for one in found] == [("cell-unproven", bytes([6]) * 32)]
    found = check_cells(CELLS, MINE[1:], proof_of(MINE))
    assert [(one.code, one.values["pseudonym"]) for one in found] == [("cell-withheld", bytes([1]) * 32)]


def test_columns_of_another_version_are_left_open_and_not_called_a_fraud():
    columns = [*CELLS.cells.columns, ("later", "u1")]
    later = msgspec.structs.replace(CELLS, cells=CellTree(CELLS.cells.root, 1024, "0-9", columns))
    (found,) = check_cells(later, MINE, proof_of(MINE))
    assert (found.code, found.grave) == ("columns-unknown", False)


def test_a_cell_that_is_said_to_stand_where_another_does_is_not_proven():
    changed = MINE.copy()
    changed["days_late"][0] += 9
    proof = proof_of(MINE[1:])
    salts = manifest_trees.salt(KEY, "cell", MONTH, changed["pseudonym"][0].tobytes()) + proof.salts
    names = changed["pseudonym"][0].tobytes() + proof.pseudonyms
    hidden = msgspec.structs.replace(
        proof, pseudonyms=names, salts=salts, places=proof.places[:4] + proof.places
    )
    assert [one.code for one in check_cells(CELLS, changed, hidden)] == ["cells-unproven"]


@pytest.mark.parametrize("field", ["salts", "places", "pseudonyms", "proof"])
def test_a_proof_cut_short_proves_nothing(field):
    proof = proof_of(MINE)
    cut = msgspec.structs.replace(proof, **{field: getattr(proof, field)[:-1]})
    assert [one.code for one in check_cells(CELLS, MINE, cut)] == ["cells-unproven"]
