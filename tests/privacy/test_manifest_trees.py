"""A tree shows neither an order nor a count, and a leaf cannot be guessed."""

import numpy as np
import pytest

from privacy import manifest_trees, merkle
from privacy.manifest import cell_entry, salted

KEY = manifest_trees.salts_key(bytes(range(32)))
MONTH = "2026-01"


def planted(count: int, key: bytes = KEY, month: str = MONTH) -> bytes:
    names = [at.to_bytes(32, "big") for at in range(count)]
    return manifest_trees.leaves(key, "cell", month, names, [cell_entry(month, name) for name in names])


def test_every_entry_has_its_leaf_and_the_rest_is_padding():
    tree = planted(40)
    places = manifest_trees.places(tree)
    assert len(places) == len(tree) // 32 == manifest_trees.LEAVES_MIN
    for at in range(40):
        name = at.to_bytes(32, "big")
        leaf = salted(manifest_trees.salt(KEY, "cell", MONTH, name), cell_entry(MONTH, name))
        assert tree[places[leaf] * 32 :][:32] == leaf


def test_the_order_of_leaves_is_that_of_their_hashes_whatever_the_order_of_entries():
    tree = planted(40)
    hashes = [tree[at : at + 32] for at in range(0, len(tree), 32)]
    assert hashes == sorted(hashes)
    names = [at.to_bytes(32, "big") for at in reversed(range(40))]
    assert manifest_trees.leaves(KEY, "cell", MONTH, names, [cell_entry(MONTH, n) for n in names]) == tree


def test_places_tell_nothing_of_what_is_published():
    """A cell's place is uniform over the tree: it moves with the month and with the key."""
    name = bytes(32)
    found = []
    for at in range(60):
        month = f"{2000 + at // 12}-{at % 12 + 1:02d}"
        leaf = salted(manifest_trees.salt(KEY, "cell", month, name), cell_entry(month, name))
        found.append(manifest_trees.places(planted(5, month=month))[leaf] / manifest_trees.LEAVES_MIN)
    assert 0.35 < np.mean(found) < 0.65
    assert np.std(found) > 0.2


def test_without_the_key_no_leaf_is_found_again():
    assert not set(manifest_trees.places(planted(40))) & set(
        manifest_trees.places(planted(40, manifest_trees.salts_key(bytes(32))))
    )


def test_a_salt_is_its_leafs_alone_and_not_the_release_keys():
    salts = {
        manifest_trees.salt(KEY, kind, month, name)
        for kind in ("cell", "receipt")
        for month in ("2026-01", "2026-02")
        for name in (b"a", b"b")
    }
    assert len(salts) == 8
    assert bytes(range(32)) != KEY


@pytest.mark.parametrize("count", [0, 1, 511, 512, 700, 1023, 1024, 5000, 100_000])
def test_the_size_is_a_power_of_two_with_room_and_at_most_four_times_the_count(count):
    for at in range(12):
        size = manifest_trees.padded_size(KEY, "cell", f"2026-{at + 1:02d}", count)
        assert size.bit_count() == 1
        assert max(1024, count) <= size <= max(1024, 4 * count)


def test_below_half_the_smallest_tree_no_count_shows_at_all():
    sizes = {
        manifest_trees.padded_size(KEY, kind, f"2026-{month + 1:02d}", count)
        for kind in ("cell", "receipt")
        for month in range(12)
        for count in range(0, 512, 7)
    }
    assert sizes == {1024}


def test_where_the_tree_doubles_is_another_count_every_month():
    """Whoever adds leaves until the tree doubles learns where this month's draw lies, and no count."""
    doubled = set()
    for at in range(24):
        month = f"{2026 + at // 12}-{at % 12 + 1:02d}"
        doubled.add(
            next(n for n in range(500, 1100) if manifest_trees.padded_size(KEY, "cell", month, n) > 1024)
        )
    assert len(doubled) > 20
    assert max(doubled) - min(doubled) > 200


def test_a_band_is_of_a_perturbed_count():
    months = [f"{2026 + at // 12}-{at % 12 + 1:02d}" for at in range(48)]
    for count in (0, 9, 60, 480):
        bands = [manifest_trees.count_band(KEY, month, count) for month in months]
        for band in bands:
            low, high = map(int, band.split("-"))
            assert low <= count * 1.25 + 3
            assert high >= count * 0.75 - 3
    near_an_edge = {manifest_trees.count_band(KEY, month, 99) for month in months}
    assert near_an_edge == {manifest_trees.count_band(KEY, month, 100) for month in months}
    assert len(near_an_edge) > 1


def test_the_root_is_that_of_the_leaves():
    tree = planted(3)
    assert merkle.levels(tree)[-1] == merkle.root(tree)
