"""One column of a table: its different cells and which of them each row has.

Knows: cells, not what they mean. Most columns of a ledger repeat themselves (an account, a day), so that what
a cell says is read once for all of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

    from member.reading import Cell


class Column(Sequence["Cell"]):
    """n cells. `texts` holds them, not yet stripped, where they came from a text file, else None.

    `coded`: the same as numbers for texts, where somebody had them made for several columns at once.
    """

    def __init__(
        self,
        cells: Sequence[Cell] | None = None,
        texts: pl.Series | None = None,
        coded: pl.Series | None = None,
    ) -> None:
        self.texts = texts
        self._coded = coded
        self._cells = cells
        self._different: list[Cell] | None = None
        self._code = np.zeros(0, np.int64)
        self._size = len(cells) if cells is not None else len(texts) if texts is not None else 0

    @property
    def different(self) -> list[Cell]:
        """Each cell that the column has but nothing, once."""
        self._factorise()
        assert self._different is not None
        return self._different

    @property
    def code(self) -> NDArray[np.int64]:
        """For each row (n,) the place of its cell in `different`, -1 where it is empty."""
        self._factorise()
        return self._code

    def spread(self, values: NDArray[Any], nothing: object) -> NDArray[Any]:
        """Values (different,) as values (n,), `nothing` where a row is empty."""
        padded = np.append(values, np.array([nothing], values.dtype))
        return padded[self.code]

    def kept(self, rows: NDArray[np.bool_]) -> Column:
        """The column of some rows (n,)."""
        if self.texts is not None:
            return Column(texts=self.texts.filter(rows.tolist()))
        chosen = np.flatnonzero(rows).tolist()
        return Column([self[place] for place in chosen])

    def marks(self) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
        """Numbers (n,) that differ where cells do (or spaces around them), and where a row is filled."""
        if self.texts is not None and self._different is None and self._coded is None:
            return self.texts.hash().to_numpy(), self.texts.is_not_null().to_numpy()
        return self.code, self.code >= 0

    def at(self, rows: NDArray[np.int64]) -> list[Cell]:
        """The cells of some rows, without looking at the others."""
        if self.texts is not None and self._different is None:
            texts = self.texts.gather(rows).to_list()
            return [(text.strip() or None) if text else None for text in texts]
        padded = [*self.different, None]
        return [padded[code] for code in self.code[rows].tolist()]

    def repeated(self) -> tuple[int, Cell]:
        """How many rows say again what a row before said, and one such cell; empty ones do not count."""
        counts = np.bincount(self.code[self.code >= 0], minlength=len(self.different))
        twice = np.flatnonzero(counts > 1)
        if not len(twice):
            return 0, None
        first = min(twice.tolist(), key=lambda place: int(np.argmax(self.code == place)))
        return int((counts[twice] - 1).sum()), self.different[first]

    def any_repeated(self) -> bool:
        """Whether a filled cell appears twice: quick where the column is text."""
        if self.texts is not None and self._different is None:
            filled = self.texts.str.strip_chars().drop_nulls()
            if filled.hash().n_unique() == len(filled):  # equal texts have equal hashes
                return False
        return bool((np.bincount(self.code[self.code >= 0]) > 1).any())

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> Cell: ...
    @overload
    def __getitem__(self, place: slice) -> list[Cell]: ...

    def __getitem__(self, place: int | slice) -> Cell | list[Cell]:
        """A cell, or those of a slice."""
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(self._size))]
        if self._cells is not None:
            return self._cells[place]
        at = int(self.code[place])
        return None if at < 0 else self.different[at]

    def __iter__(self) -> Iterator[Cell]:
        if self._cells is not None:
            return iter(self._cells)
        padded = [*self.different, None]
        return iter([padded[at] for at in self.code.tolist()])

    def _factorise(self) -> None:
        if self._different is not None:
            return
        if self.texts is not None:
            self._different, self._code = _of_texts(self.texts, self._coded)
            self._coded = None
            return
        places: dict[tuple[type, Cell], int] = {}
        codes = np.empty(self._size, np.int64)
        different: list[Cell] = []
        for at, cell in enumerate(self._cells or ()):
            if cell is None:
                codes[at] = -1
                continue
            place = places.setdefault((type(cell), cell), len(different))
            codes[at] = place
            if place == len(different):
                different.append(cell)
        self._different, self._code = different, codes


def _of_texts(texts: pl.Series, coded: pl.Series | None) -> tuple[list[Cell], NDArray[np.int64]]:
    """Different stripped texts and each row's; the reader's own are stripped once each, not once a row."""
    import polars as pl

    physical = (texts.cast(pl.Categorical) if coded is None else coded).to_physical()
    largest = physical.max()
    nothing_here = largest + 1 if isinstance(largest, int) else 0
    code = physical.fill_null(nothing_here).to_numpy()
    first = np.full(nothing_here + 1, -1, np.int64)
    first[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    used = np.flatnonzero(first[:-1] >= 0)
    places: dict[str, int] = {}
    lookup = np.full(nothing_here + 1, -1, np.int64)
    lookup[used] = [
        places.setdefault(bare, len(places)) if (bare := text.strip()) else -1
        for text in texts.gather(first[used]).to_list()
    ]
    return list(places), lookup[code]


def nothing(size: int) -> Column:
    """A column of empty cells."""
    column = Column([None] * size)
    column._different, column._code = [], np.full(size, -1, np.int64)  # noqa: SLF001 - this module's own
    return column
