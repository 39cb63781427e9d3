"""A plainly written CSV to columns at once, or nothing where a careful row-by-row reading is called for.

Knows: when a fast reader and a careful one cannot differ: every line has one end of line, quotation marks
stand around whole fields alone, no cell is longer than it may be. The careful reader is member.reading's own.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

import numpy as np

from member.columns import Column

if TYPE_CHECKING:
    import polars as pl

LINE_FEED: Final = 10
QUOTE: Final = 34
ODD_SPACES: Final = (b"\x1c", b"\x1d", b"\x1e", b"\x1f")
"""Characters that Python strips from a text and Polars does not."""


def read_columns(
    data: bytes,
    delimiter: str,
    shape: tuple[int, int],
    characters_max: int,
    repeating: Collection[int] = (),
) -> list[Column] | None:
    """Columns of UTF-8 `data` in the shape (lines above, columns); None where it is not plain enough.

    Every line below is one row, none of them blank. `repeating`: columns that say few things often.
    """
    import polars as pl

    lines_above, width = shape
    start = _start(data, lines_above)
    if start is None or not _plain(data, delimiter):
        return None
    quoted = b'"' in data
    names = [str(place) for place in range(width)]
    try:
        frame = pl.read_csv(
            data,
            separator=delimiter,
            skip_lines=lines_above,
            has_header=False,
            quote_char='"' if quoted else None,
            infer_schema=False,
            schema=dict.fromkeys(names, pl.String),
        )
    except (pl.exceptions.PolarsError, ValueError):
        return None
    lines = int(np.count_nonzero(np.frombuffer(data, np.uint8)[start:] == LINE_FEED)) + (
        not data.endswith(b"\n")
    )
    if frame.height != lines or frame.width != width:
        return None
    first = pl.col("0")
    looked_at = frame.select(  # all of it at once: the columns are shared out among the threads
        pl.col([names[place] for place in repeating]).cast(pl.Categorical),
        (first.is_null() | first.str.contains(r"^\s")).any().alias("doubtful"),
        pl.max_horizontal(pl.all().str.len_bytes().max()).alias("longest"),
    )
    longest = looked_at["longest"][0]
    if (longest is not None and longest > characters_max) or (looked_at["doubtful"][0] and _blank(frame)):
        return None
    coded = looked_at.drop("doubtful", "longest")
    return [Column(texts=frame[name], coded=coded[name] if name in coded.columns else None) for name in names]


def _start(data: bytes, lines_above: int) -> int | None:
    """Where the rows begin."""
    start = 0
    for _ in range(lines_above):
        start = data.find(b"\n", start) + 1
        if not start:
            return None
    return start


def _plain(data: bytes, delimiter: str) -> bool:
    """Whether ends of line and quotation marks mean the same to every reader."""
    if len(delimiter) != 1 or not delimiter.isascii() or any(mark in data for mark in ODD_SPACES):
        return False
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    return b'"' not in data or _quotes_whole_fields(data, ord(delimiter))


def _blank(frame: pl.DataFrame) -> bool:
    """Whether a row has nothing in it but spaces."""
    import polars as pl

    first = pl.col("0")
    doubtful = frame.filter(first.is_null() | first.str.contains(r"^\s"))
    bare = pl.all().fill_null("").str.strip_chars() == ""
    return bool(doubtful.height) and bool(doubtful.select(pl.all_horizontal(bare)).to_series().any())


def _quotes_whole_fields(data: bytes, delimiter: int) -> bool:
    """Whether quotation marks stand around whole fields alone, and no line ends inside one."""
    cells = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(cells == QUOTE)
    if len(marks) % 2:
        return False
    padded = np.concatenate([[LINE_FEED], cells, [LINE_FEED]])
    before, after = padded[marks[::2]], padded[marks[1::2] + 2]
    opens = (before == delimiter) | (before == LINE_FEED)
    closes = (after == delimiter) | (after == LINE_FEED) | (after == ord("\r"))
    ends = np.flatnonzero(cells == LINE_FEED)
    inside = np.searchsorted(marks, ends) % 2
    return bool(opens.all() and closes.all() and not inside.any())
