"""A column says what its cells are, whether they came one by one or as text at once."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from member.columns import Column, nothing
from tests.examples import examples

CELLS = st.sampled_from([None, "a", "b", " a", "a ", "é", "12", "1 200,50", "", "  "])


def bare(cell):
    return (cell.strip() or None) if cell is not None else None


@given(st.lists(CELLS, max_size=30))
@examples(30)
def test_text_at_once_and_cells_one_by_one_are_the_same_column(cells):
    given_cells = [bare(cell) for cell in cells]
    slow, fast = (
        Column(given_cells),
        Column(texts=pl.Series([cell or None for cell in cells], dtype=pl.String)),
    )
    rows = np.arange(len(cells))
    assert fast.at(rows) == given_cells
    assert slow.any_repeated() == fast.any_repeated()
    assert list(slow) == list(fast) == [fast[at] for at in range(len(cells))] == given_cells
    assert fast.at(rows) == slow.at(rows) == given_cells
    assert sorted(map(str, slow.different)) == sorted(map(str, fast.different))
    assert slow.repeated()[0] == fast.repeated()[0]


def test_values_are_spread_over_the_rows_that_have_them():
    column = Column(["x", None, "y", "x"])
    assert column.different == ["x", "y"]
    assert column.spread(np.array([10, 20]), -1).tolist() == [10, -1, 20, 10]
    assert column.repeated() == (1, "x")
    assert column[1:] == [None, "y", "x"]


def test_a_number_and_a_text_that_look_alike_are_two_cells():
    assert Column([1.0, "1", True]).different == [1.0, "1", True]


def test_a_column_of_nothing_has_no_cells():
    column = nothing(3)
    assert list(column) == [None, None, None]
    assert column.different == []
    assert not column.any_repeated()
    with pytest.raises(IndexError):
        Column([])[0]
