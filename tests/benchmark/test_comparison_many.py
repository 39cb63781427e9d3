"""Many clients at once say what each of them says alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmark.comparison import Balance, Month, compare
from benchmark.comparison_many import NOTHING, Histories, compare_many, empty
from tests.examples import examples


def drawn(seed: int, clients: int, months: int) -> tuple[Histories, list[Balance]]:
    """Histories with holes, slow rises, jumps and stays outside the band."""
    rng = np.random.default_rng(seed)
    shape = clients, months
    slope = rng.choice([0.0, 0.0, 2.0, 6.0], (2, clients, 1)) * np.arange(months)
    own = rng.normal(12, 10, (clients, 1)) + slope[0] + rng.normal(0, 6, shape)
    centre = np.rint(rng.normal(12, 5, (clients, 1)) + slope[1] + rng.normal(0, 3, shape)).astype(np.int64)
    of = empty(
        np.where(rng.random(shape) < 0.15, np.nan, own), np.where(rng.random(shape) < 0.3, np.nan, 40 + own)
    )
    there = rng.random(shape) < rng.choice([0.2, 0.9, 1.0], (clients, 1))
    of.band[:] = np.where(there, rng.integers(1, 4, shape), 0)
    for column, value, share in (
        (of.centre, centre, 0.95),
        (of.spread, rng.integers(0, 9, shape), 0.8),
        (of.centre_dso, centre + 40, 0.7),
    ):
        column[:] = np.where(there & (rng.random(shape) < share), value, NOTHING)
    amounts = rng.integers(-5_000, 90_000, (clients, 3)).tolist()
    return of, [Balance(*one) for one in amounts]


@given(st.integers(0, 2**32 - 1), st.integers(1, 24))
@examples(25)
def test_many_are_compared_as_each_alone(seed: int, months: int) -> None:
    of, balances = drawn(seed, 40, months)
    many = compare_many(of, balances)
    for client, (found, balance) in enumerate(zip(many, balances, strict=True)):
        history = [of.month(client, at) for at in range(months)]
        assert found == compare(history, balance)


def test_nobody_is_compared_with_nobody() -> None:
    of, _ = drawn(1, 0, 24)
    assert compare_many(of, []) == []


def test_a_month_without_anything_known_is_an_empty_one() -> None:
    of = empty(np.full((1, 1), np.nan), np.full((1, 1), np.nan))
    assert of.month(0, 0) == Month()
