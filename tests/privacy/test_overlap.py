"""One client moves the answer little, one band says it, and what a guesser gains is bounded."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from privacy import overlap
from privacy.overlap import BAND_POINTS, IDENTIFIERS_MAX, IDENTIFIERS_MIN, NOISE_SD_POINTS, OverlapRefused
from tests.examples import examples

amounts = some.lists(some.integers(-1_000, 10**9), min_size=IDENTIFIERS_MIN, max_size=200)


def names(count: int) -> np.ndarray:
    return np.frombuffer(b"".join(number.to_bytes(32, "big") for number in range(1, count + 1)), "V32")


def test_a_cap_worked_by_hand() -> None:
    # 49 clients of 100 and one of 10,000: it counts as much as the 49 together over 49, so 100.
    assert overlap.cap([10_000] + [100] * 49) == 100
    # 99 of 100 and one of 10,000: 9,900 / 49 = 202.04; 202 of 10,102 is just under 2 %.
    assert overlap.cap([10_000] + [100] * 99) == 202
    # Nobody above 2 %: no cap.
    assert overlap.cap([100] * 60) == 100
    assert overlap.cap([100] * 49) == 0


@examples(40)
@given(amounts)
def test_whatever_the_amounts_no_client_weighs_more_than_a_fiftieth(given_amounts: list[int]) -> None:
    weights = overlap.weights_of(given_amounts)
    overlap.check(names(len(weights)), weights)
    assert int(weights.max()) * IDENTIFIERS_MIN <= overlap.WEIGHT_TOTAL
    positive = [amount for amount in given_amounts if amount > 0]
    if len(positive) < IDENTIFIERS_MIN:
        assert len(set(weights.tolist())) == 1


def test_the_cap_is_the_largest_that_keeps_the_rule() -> None:
    chance = random.Random(7)
    for _ in range(50):
        given_amounts = [int(chance.paretovariate(1.1) * 1_000) for _ in range(chance.randint(50, 300))]
        most = overlap.cap(given_amounts)
        rule = lambda t, all_of=tuple(given_amounts): t * IDENTIFIERS_MIN <= sum(min(a, t) for a in all_of)  # noqa: E731
        assert rule(most)
        assert most == max(given_amounts) or not rule(most + 1)


FIFTY = np.full(50, 20_000, np.uint32)


@pytest.mark.parametrize(
    ("pseudonyms", "weights", "field"),
    [
        (names(49), FIFTY[:49], "pseudonyms"),
        (names(IDENTIFIERS_MAX + 1), np.full(IDENTIFIERS_MAX + 1, 1, np.uint32), "pseudonyms"),
        (names(50)[::-1], FIFTY, "pseudonyms"),
        (np.concatenate([names(49), names(49)[-1:]]), FIFTY, "pseudonyms"),
        (names(50), FIFTY[:49], "weights"),
        (names(50), np.zeros(50, np.uint32), "weights"),
        (names(50), np.array([30_000] + [10_000] * 49, np.uint32), "weights"),
        (names(50), FIFTY * 2, "weights"),
        # A whole of one millionth, and all of it one client's: the answer would be yes or no about it.
        (names(50), np.array([1] + [0] * 49, np.uint32), "weights"),
        (names(IDENTIFIERS_MAX), np.array([100] + [0] * (IDENTIFIERS_MAX - 1), np.uint32), "weights"),
    ],
)
def test_a_set_that_could_tell_of_one_client_is_not_answered(pseudonyms, weights, field) -> None:
    with pytest.raises(OverlapRefused) as refused:
        overlap.check(np.ascontiguousarray(pseudonyms), weights)
    assert refused.value.field == field


def test_the_smallest_and_the_largest_set_are_answered() -> None:
    overlap.check(names(IDENTIFIERS_MIN), FIFTY)
    overlap.check(names(IDENTIFIERS_MAX), np.full(IDENTIFIERS_MAX, 200, np.uint32))


def test_the_share_counts_weights_and_the_band_holds_it() -> None:
    covered = np.zeros(50, bool)
    covered[:13] = True
    assert overlap.share_points(FIFTY, covered) == pytest.approx(26.0)
    assert overlap.band(26.0, 0.0) == 20
    assert overlap.band(26.0, 1.0) == 30  # 26 + 4
    assert overlap.band(0.0, -3.0) == 0
    assert overlap.band(100.0, 3.0) == 90


def _phi(value: float) -> float:
    return 0.5 * (1 + math.erf(value / math.sqrt(2)))


def _says(points: float) -> list[float]:
    """The probability of each band, exactly."""
    edges = [-math.inf, *range(BAND_POINTS, 100, BAND_POINTS), math.inf]
    return [
        _phi((high - points) / NOISE_SD_POINTS) - _phi((low - points) / NOISE_SD_POINTS)
        for low, high in itertools.pairwise(edges)
    ]


def test_a_guesser_who_knows_all_but_one_gains_no_more_than_the_docs_say() -> None:
    step = 100.0 / IDENTIFIERS_MIN
    bound = 2 * _phi(step / (2 * NOISE_SD_POINTS)) - 1
    assert bound == pytest.approx(0.197, abs=0.001)
    gains = [
        sum(abs(one - other) for one, other in zip(_says(known), _says(known + step), strict=True)) / 2
        for known in np.arange(0, 100 - step, 0.1)
    ]
    # The bound is reached where the known part lies at the edge of a band.
    assert max(gains) == pytest.approx(bound, abs=1e-3)
    assert max(gains) <= bound + 1e-9
