"""Cells of successive releases become dense arrays; what is not published is not a number."""

import numpy as np
import pytest

from benchmark.series import series
from privacy.disclosure import CELL_DTYPE, MISSING
from tests.benchmark.worlds import JANUARY, names

NAMES = names(3)


def _cells(*rows) -> np.ndarray:
    made = np.zeros(len(rows), CELL_DTYPE)
    for place, (name, days_late) in enumerate(rows):
        made[place] = (NAMES[name], 1, days_late, 3, 40)
    return made


def test_clients_are_rows_in_the_order_of_pseudonyms_and_months_are_columns() -> None:
    history = [(JANUARY, _cells((0, 5), (2, 9))), (JANUARY + 2, _cells((2, 11)))]
    made = series(history, JANUARY + 2, 3)
    assert made.pseudonyms.tolist() == NAMES[[0, 2]].tolist()
    assert made.months.tolist() == [JANUARY, JANUARY + 1, JANUARY + 2]
    np.testing.assert_array_equal(made.days_late, [[5, np.nan, np.nan], [9, np.nan, 11]])
    assert made.band.tolist() == [[1, 0, 0], [1, 0, 1]]


def test_a_field_that_is_missing_from_a_cell_is_not_a_number() -> None:
    made = series([(JANUARY, _cells((0, MISSING)))], JANUARY, 1)
    assert np.isnan(made.days_late).all()
    assert made.band.tolist() == [[1]]


def test_later_and_older_releases_are_left_out() -> None:
    history = [(JANUARY + month, _cells((month, 5))) for month in range(3)]
    assert series(history, JANUARY + 1, 1).pseudonyms.tolist() == NAMES[[1]].tolist()


def test_two_releases_of_one_month_are_refused() -> None:
    with pytest.raises(ValueError, match="two releases"):
        series([(JANUARY, _cells()), (JANUARY, _cells())], JANUARY, 3)


def test_no_history_is_no_client() -> None:
    assert series([], JANUARY, 4).days_late.shape == (0, 4)
