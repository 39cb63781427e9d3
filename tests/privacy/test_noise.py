"""Noise is a function of the key and of what it is for, and is normal."""

import numpy as np
import pytest

from privacy.noise import PERMANENT, normals, set_words, wide_subject
from tests.benchmark.release_model import normal, set_bytes

KEY = bytes(range(32))
CLIENTS = np.frombuffer(b"".join(number.to_bytes(32, "big") for number in range(4000)), "V32")
GROUPS = np.frombuffer(np.random.default_rng(1).bytes(16 * 30), "V16")


def _draw(purpose="client-month", period=PERMANENT, subjects=CLIENTS, key=KEY, slot=0, sets=None):
    return normals(key, purpose, period, subjects, (slot,), sets)[0]


def test_asking_again_gives_the_same_draw() -> None:
    assert _draw().tolist() == _draw().tolist()


@pytest.mark.parametrize("slot", range(6))
def test_a_draw_is_what_the_docstring_says(slot: int) -> None:
    expected = normal(KEY, "client-quarter", 8105, CLIENTS[7].tobytes(), slot)
    assert _draw("client-quarter", 8105, CLIENTS[7:8], slot=slot)[0] == pytest.approx(expected, rel=1e-12)


def test_a_draw_by_contributor_set_is_what_the_docstring_says() -> None:
    member, starts = np.array([3, 4, 9, 3, 29]), np.array([0, 3])
    sets = set_words(KEY, GROUPS, member, starts)
    messages = [
        CLIENTS[place].tobytes() + set_bytes(KEY, [GROUPS[code].tobytes() for code in codes])
        for place, codes in ((0, (3, 4, 9)), (1, (3, 29)))
    ]
    expected = [normal(KEY, "client-set", PERMANENT, message, 2) for message in messages]
    assert _draw("client-set", subjects=CLIENTS[:2], slot=2, sets=sets) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": "client-quarter"},
        {"purpose": "wide-month"},
        {"slot": 1},
        {"slot": 2},
        {"period": 1},
        {"key": bytes(32)},
        {"subjects": np.roll(CLIENTS.view("u1").reshape(-1, 32), 1, axis=0).copy().view("V32").reshape(-1)},
        {"sets": np.zeros((len(CLIENTS), 2), np.uint64)},
    ],
)
def test_a_draw_for_anything_else_is_another_one(other) -> None:
    together = np.corrcoef(_draw(), _draw(**other))[0, 1]
    assert abs(together) < 0.06


def test_draws_are_standard_normal() -> None:
    draws = np.concatenate([_draw(period=month, slot=month) for month in range(6)])
    assert draws.mean() == pytest.approx(0, abs=0.03)
    assert draws.std() == pytest.approx(1, abs=0.02)
    assert np.mean(np.abs(draws) > 1.96) == pytest.approx(0.05, abs=0.006)


def test_one_member_more_or_less_is_another_set() -> None:
    sets = set_words(KEY, GROUPS, np.array([0, 1, 2, 0, 1, 0, 1, 2]), np.array([0, 3, 5]))
    assert sets[0].tolist() == sets[2].tolist() != sets[1].tolist()


def test_wide_subjects_are_all_different() -> None:
    made = [wide_subject(kind, code) for kind in ("network", "wide") for code in range(34)]
    assert len(set(made)) == 68
    assert {len(one) for one in made} == {32}


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        normals(b"short", "client-month", 0, CLIENTS, (0,))


def test_nothing_is_drawn_for_nobody() -> None:
    assert normals(KEY, "client-month", 0, CLIENTS[:0], (0, 1)).shape == (2, 0)
    assert set_words(KEY, GROUPS, np.zeros(0, int), np.zeros(0, int)).shape == (0, 2)
