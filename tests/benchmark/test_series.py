"""Cells of successive releases become dense arrays; what is not published says so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.series import common, series
from privacy.disclosure import CELL_DTYPE, MISSING
from tests.benchmark.worlds import JANUARY, names

NAMES = names(3)


def _cells(*rows) -> np.ndarray:
    made = np.zeros(len(rows), CELL_DTYPE)
    for place, (name, days_late) in enumerate(rows):
        made["pseudonym"][place], made["band"][place], made["days_late"][place] = NAMES[name], 1, days_late
    return made


def test_clients_are_those_of_the_newest_release_and_months_are_rows() -> None:
    history = [(JANUARY, _cells((0, 5), (2, 9))), (JANUARY + 2, _cells((1, 3), (2, 11)))]
    made = series(history, JANUARY + 2, 3)
    assert made.pseudonyms.tolist() == NAMES[[1, 2]].tolist()
    assert made.months.tolist() == [JANUARY, JANUARY + 1, JANUARY + 2]
    assert made.released.tolist() == [True, False, True]
    assert made.days_late.tolist() == [[MISSING, 9], [MISSING, MISSING], [3, 11]]
    assert made.band.tolist() == [[0, 1], [0, 0], [1, 1]]


def test_a_field_that_is_missing_from_a_cell_is_missing_here() -> None:
    made = series([(JANUARY, _cells((0, MISSING)))], JANUARY, 1)
    assert made.days_late.tolist() == [[MISSING]]
    assert made.band.tolist() == [[1]]


def test_later_and_older_releases_are_left_out() -> None:
    history = [(JANUARY + month, _cells((month, 5))) for month in range(3)]
    assert series(history, JANUARY + 1, 1).pseudonyms.tolist() == NAMES[[1]].tolist()


def test_two_releases_of_one_month_are_refused() -> None:
    with pytest.raises(ValueError, match="two releases"):
        series([(JANUARY, _cells()), (JANUARY, _cells())], JANUARY, 3)


def test_no_history_is_no_client() -> None:
    assert series([], JANUARY, 4).days_late.shape == (4, 0)


def test_the_published_flag_is_read() -> None:
    made = _cells((0, 5), (1, 5))
    made["incident"] = [0, 1]
    assert series([(JANUARY, made)], JANUARY, 1).flagged.tolist() == [[False, True]]


@given(
    st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))),
    st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))),
)
def test_names_in_both_are_found_even_where_they_begin_alike(left, right) -> None:
    def made(pairs) -> np.ndarray:
        octets = b"".join(
            bytes(7) + bytes([first]) + bytes(23) + bytes([last]) for first, last in sorted(pairs)
        )
        return np.frombuffer(octets, "V32")

    ours, theirs = common(made(left), made(right))
    both = sorted(left & right)
    assert [sorted(left)[place] for place in ours] == both
    assert [sorted(right)[place] for place in theirs] == both
