"""Noise is a function of the key and of what it is for, and is normal."""

import hmac
import math

import numpy as np
import pytest

from privacy.noise import NETWORK, normals, period

KEY = bytes(range(32))
CLIENTS = [number.to_bytes(32, "big") for number in range(4000)]


def _draw(purpose="month", indicator="days_late", subjects=CLIENTS, detail=b"", key=KEY):
    return normals(key, purpose, indicator, subjects, [detail] * len(subjects))


def test_asking_again_gives_the_same_draw() -> None:
    assert _draw().tolist() == _draw().tolist()


def test_a_draw_is_what_the_docstring_says() -> None:
    message = b"vigie/noise/v1\0set\0dso\0\x20\0" + CLIENTS[7] + b"detail"
    digest = hmac.new(KEY, message, "sha256").digest()
    u1, u2 = (((int.from_bytes(digest[at : at + 8], "little") >> 11) + 0.5) / 2**53 for at in (0, 8))
    expected = math.sqrt(-2 * math.log(u1)) * math.cos(2 * math.pi * u2)
    assert normals(KEY, "set", "dso", [CLIENTS[7]], [b"detail"])[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": "quarter"},
        {"indicator": "dso"},
        {"detail": period(1)},
        {"key": bytes(32)},
        {"subjects": CLIENTS[1:] + CLIENTS[:1]},
    ],
)
def test_a_draw_for_anything_else_is_another_one(other) -> None:
    together = np.corrcoef(_draw(), _draw(**other))[0, 1]
    assert abs(together) < 0.06


def test_draws_are_standard_normal() -> None:
    draws = np.concatenate([_draw(detail=period(month)) for month in range(5)])
    assert draws.mean() == pytest.approx(0, abs=0.03)
    assert draws.std() == pytest.approx(1, abs=0.02)
    assert np.mean(np.abs(draws) > 1.96) == pytest.approx(0.05, abs=0.006)


def test_a_subject_cannot_run_into_its_detail() -> None:
    joined = normals(KEY, "set", "dso", [b"ab", b"a"], [b"c", b"bc"])
    assert joined[0] != joined[1]


def test_the_network_is_no_client() -> None:
    assert len(NETWORK) != 32


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        normals(b"short", "month", "dso", [], [])


def test_nothing_is_drawn_for_nobody() -> None:
    assert not len(normals(KEY, "month", "dso", [], []))
