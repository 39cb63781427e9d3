"""k = k12 + k13 + k23: any two holders have it all, one alone does not."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
import rbcl

from privacy import parts
from privacy.evaluate import generate_key, public_key, random_scalar, sum_of_parts
from privacy.oprf import IDENTITY


def test_any_two_holders_have_every_part_and_one_alone_lacks_one() -> None:
    for one, other in combinations(parts.HOLDERS, 2):
        assert set(parts.parts_of(one)) | set(parts.parts_of(other)) == set(parts.PARTS)
    for holder in parts.HOLDERS:
        assert len(set(parts.PARTS) - set(parts.parts_of(holder))) == 1
        assert parts.MADE_AT[holder] in parts.parts_of(holder)
    assert sorted(parts.MADE_AT.values()) == sorted(parts.PARTS)


def test_what_is_split_adds_up_again_in_secret_and_in_public() -> None:
    key = generate_key()
    made = parts.split(key, random_scalar)
    assert sum_of_parts(list(made.values())) == key
    assert parts.public_sum(list(parts.public_parts(made).values())) == public_key(key)


def test_a_refresh_changes_every_part_and_not_their_sum() -> None:
    made = parts.split(generate_key(), random_scalar)
    deltas = [parts.zero_sum(random_scalar) for _ in range(3)]
    assert all(parts.public_sum(list(parts.public_parts(one).values())) == IDENTITY for one in deltas)
    after = {name: parts.shifted(part, [one[name] for one in deltas]) for name, part in made.items()}
    assert all(after[name] != made[name] for name in made)
    assert sum_of_parts(list(after.values())) == sum_of_parts(list(made.values()))


@pytest.mark.parametrize("up", list(permutations(parts.HOLDERS, 2)))
def test_two_holders_are_asked_for_each_part_once(up: tuple[int, ...]) -> None:
    asked = parts.who_answers(up, parts.PARTS)
    assert sorted(part for own in asked.values() for part in own) == sorted(parts.PARTS)
    assert all(set(own) <= set(parts.parts_of(holder)) for holder, own in asked.items())


def test_what_is_still_missing_is_asked_of_whoever_has_it() -> None:
    assert parts.who_answers([3, 1], ["k12"]) == {1: ("k12",)}
    with pytest.raises(parts.Unserved, match="k23"):
        parts.who_answers([1], parts.PARTS)


def test_a_sum_of_public_keys_takes_elements_alone() -> None:
    for wrong in ([], [IDENTITY], [b"\xff" * 32], [rbcl.crypto_core_ristretto255_random(), b""]):
        with pytest.raises(ValueError, match="element"):
            parts.public_sum(wrong)
