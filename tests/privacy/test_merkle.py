"""Trees and proofs are the RFC's, and a proof proves nothing else than what it was made for."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy import merkle
from tests.examples import examples

VECTORS = json.loads((Path(__file__).parent.parent / "vectors/rfc6962_merkle.json").read_text())
LEAVES = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in VECTORS["leaves"]]


def reference(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    left, right = reference(hashes[:split]), reference(hashes[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_roots_are_those_of_the_known_vectors():
    assert merkle.root(b"").hex() == VECTORS["empty"]
    for size, expected in enumerate(VECTORS["roots"], start=1):
        assert merkle.root(b"".join(LEAVES[:size])).hex() == expected


@pytest.mark.parametrize("path", VECTORS["paths"], ids=lambda one: f"{one['place']} of {one['size']}")
def test_a_proof_for_one_leaf_is_the_audit_path_of_the_known_vectors(path):
    proof = merkle.prove(merkle.levels(b"".join(LEAVES[: path["size"]])), [path["place"]])
    assert proof.hex() == "".join(path["path"])
    found = merkle.root_from(path["size"], {path["place"]: LEAVES[path["place"]]}, proof)
    assert found is not None
    assert found.hex() == VECTORS["roots"][path["size"] - 1]


@st.composite
def trees(draw):
    size = draw(st.integers(1, 70))
    places = draw(st.sets(st.integers(0, size - 1), min_size=1))
    return [hashlib.sha256(bytes([at])).digest() for at in range(size)], sorted(places)


@examples(30)
@given(trees(), st.randoms(use_true_random=False))
def test_a_proof_for_any_leaves_gives_the_rfcs_root_and_a_changed_one_does_not(tree, chance):
    hashes, places = tree
    proof = merkle.prove(merkle.levels(b"".join(hashes)), places)
    shown = {place: hashes[place] for place in places}
    expected = reference(hashes)
    assert merkle.root_from(len(hashes), shown, proof) == expected
    place = chance.choice(places)
    assert merkle.root_from(len(hashes), shown | {place: bytes(32)}, proof) != expected
    if proof:
        at = chance.randrange(len(proof))
        other = proof[:at] + bytes([proof[at] ^ 1]) + proof[at + 1 :]
        assert merkle.root_from(len(hashes), shown, other) != expected
        assert merkle.root_from(len(hashes), shown, proof[:-32]) != expected
    assert merkle.root_from(len(hashes), shown, proof + bytes(32)) is None


@examples(25)
@given(trees())
def test_a_leaf_elsewhere_than_where_it_stands_is_not_proven(tree):
    hashes, places = tree
    moved = {(place + 1) % len(hashes): hashes[place] for place in places}
    if moved.keys() != set(places):
        proof = merkle.prove(merkle.levels(b"".join(hashes)), list(moved))
        assert merkle.root_from(len(hashes), moved, proof) != reference(hashes)


def test_what_is_no_tree_or_no_proof_is_refused():
    for broken in (b"", bytes(31)):
        with pytest.raises(ValueError, match="leaf"):
            merkle.levels(broken)
    with pytest.raises(IndexError):
        merkle.prove(merkle.levels(b"".join(LEAVES)), [8])
    assert merkle.root_from(8, {}, b"") is None
    assert merkle.root_from(8, {8: LEAVES[0]}, b"") is None
    assert merkle.root_from(8, {-1: LEAVES[0]}, b"") is None


def test_a_node_is_no_leaf():
    tree = merkle.levels(b"".join(LEAVES[:2]))
    assert merkle.leaf_hash(LEAVES[0] + LEAVES[1]) != tree[-1] == merkle.node_hash(LEAVES[0], LEAVES[1])
