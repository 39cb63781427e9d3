"""One table under one mapping: its columns by field, and what is found wrong while they are read.

Knows: which row and heading a value came from. Every reader of a table reports here, so that each problem
names its place and a row refused for several reasons is left out once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Mapped
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.problems import Problem
from member.columns import Column, nothing
from member.mapping import DATES, NUMBERS, Mapping
from member.reading import Cell, Row, Table
from member.text_columns import read_columns
from member.values import (
    AMOUNT_CENTS_MAX,
    Amounts,
    DateOrder,
    Dates,
    date_order,
    label,
    plain,
    read_dates,
    read_numbers,
)

LISTED_MAX: Final = 1_000
"""Problems kept one by one; the rest are counted."""

MASTER: Final = ("name", "vat", "registration", "address", "postcode", "city", "country")
SAID_ONCE: Final = NUMBERS | {"number", "identifier", *MASTER}
"""Fields whose cells differ from row to row, or of which what each client says first is enough."""

WHO: Final = ("account", "identifier", "name")
TOTAL: Final = re.compile(
    r"(?:(?:sous|grand) ?-?)?tota(?:l|ux)(?: (?:general|clients?|client .*|du .*|for .*|pour .*))? ?:?|"
    r"(?:gesamt)?summe|gesamt|totaal|totale"
)
ADDED_UP: Final = (
    "total ",
    "sous-total ",
    "subtotal ",
    "nombre ",
    "somme ",
    "number of ",
    "count ",
    "cumul ",
)
TABLE_MIN: Final = 4
"""In a table of so many fields a row with a single cell may be a title or a footnote."""
DATE_EXAMPLE: Final = "31/12/2025"
AMOUNT_EXAMPLE: Final = "1234,56"


@dataclass(slots=True)
class View:
    """Rows with content under the headings, in columns by field; `bad` are places of refused rows.

    numbers (n,): the file's row number of each. ahead: what a further thread already reads of a large file.
    """

    mapping: Mapping
    numbers: Sequence[int]
    columns: dict[str, Column]
    problems: list[Problem] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    uncounted: int = 0
    order: DateOrder | None = None
    ahead: Mapped[str, Future[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.numbers)

    def has(self, name: str) -> bool:
        """Whether a column gives the field."""
        return name in self.columns

    def column(self, name: str) -> Column:
        """The field's cells, one a row; all empty where no column gives it."""
        return self.columns[name] if name in self.columns else nothing(len(self))

    def refuse(self, place: int, code: str, name: str | None, found: str, expected: str = "") -> None:
        """A row is wrong: `place` among the rows, `name` the field."""
        self.bad.add(place)
        if len(self.problems) >= LISTED_MAX:
            self.uncounted += 1
            return
        column = self.mapping.columns.get(name) if name else None
        self.problems.append(Problem(code, self.numbers[place], name, found, expected, column))

    def refuse_all(self, places: Iterable[int], code: str, name: str, expected: str) -> None:
        """Rows wrong alike, each with its own cell as what was found."""
        cells = self.column(name)
        for place in places:
            self.refuse(place, code, name, label(cells[place]), expected)

    def note(self, problem: Problem) -> None:
        """Something about the whole table."""
        self.problems.append(problem)

    def dates(self, name: str) -> Dates:
        """A column of dates, wrong ones refused."""
        dates = read_dates(self.column(name), self._date_order())
        self.refuse_all(dates.wrong, "date-invalid", name, DATE_EXAMPLE)
        return dates

    def _date_order(self) -> DateOrder:
        """One order of days and months for the whole table: what one column tells holds for the others."""
        if self.order is None:
            self.order = self.mapping.date_order
            if self.order == "auto":
                cells = {
                    cell for name in sorted(DATES) if self.has(name) for cell in self.column(name).different
                }
                self.order, assumed = date_order(cells)
                if assumed:
                    shown = {"dmy": "31/12", "mdy": "12/31"}[self.order]
                    self.note(Problem("date-order-assumed", expected=shown))
        return self.order

    def amounts(self, name: str, scale: int = 100, highest: int = AMOUNT_CENTS_MAX) -> Amounts:
        """A column of amounts in 1/scale, wrong ones refused; with those that the mapping adds to it."""
        total = self._amounts(name, scale, highest)
        for number in range(len(self.mapping.added.get(name, ()))):
            one = self._amounts(added_name(name, number), scale, highest)
            total = Amounts(total.cents + one.cents, total.known | one.known, total.wrong, total.too_large)
        return total

    def _amounts(self, name: str, scale: int, highest: int) -> Amounts:
        if name in self.ahead and (scale, highest) == (100, AMOUNT_CENTS_MAX):
            amounts: Amounts = self.ahead[name].result()
        else:
            amounts = read_numbers(self.column(name), self.mapping.decimal, scale, highest)
        self.refuse_all(amounts.wrong, "amount-invalid", name, AMOUNT_EXAMPLE)
        self.refuse_all(amounts.too_large, "amount-too-large", name, f"{highest // scale:,}")
        return amounts

    def kept(self, rows: NDArray[np.bool_]) -> View:
        """The view of some rows (n,), with what was told so far of the whole."""
        places = np.flatnonzero(rows)
        now_at = dict(zip(places.tolist(), range(len(places)), strict=True))
        return View(
            self.mapping,
            [self.numbers[place] for place in places.tolist()],
            {name: column.kept(rows) for name, column in self.columns.items()},
            self.problems,
            {now_at[place] for place in self.bad if place in now_at},
            self.uncounted,
            self.order,
        )

    def any_repeated(self, name: str) -> bool:
        """Whether a column says anything twice."""
        if name in self.ahead:
            return bool(self.ahead[name].result())
        return self.has(name) and self.column(name).any_repeated()


def added_name(name: str, number: int) -> str:
    """What a further column of a field is called within a view."""
    return f"{name} + {number}"


def open_view(table: Table, heading_place: int, mapping: Mapping) -> View | list[Problem]:
    """The table's columns as the mapping names them, or why they are not there.

    A row with filled cells beyond the headings is refused: its cells may have slipped to the right.
    """
    headings = [label(cell) for cell in table.rows[heading_place]]
    places = _places(headings, heading_place, mapping)
    if isinstance(places, list):
        return places
    fast = _fast(table, heading_place, len(headings), places)
    if fast is not None:
        return View(mapping, *fast, ahead=_begun(fast[1], mapping))
    every = table.all_rows()
    if isinstance(every, Problem):
        return [every]
    return _carefully(every, heading_place, len(headings), places, mapping)


def _begun(columns: dict[str, Column], mapping: Mapping) -> dict[str, Future[Any]]:
    """Amounts and repeated numbers of a large file, read in a thread while others look at who is who."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="vigie-ahead")
    begun: dict[str, Future[Any]] = {
        name: pool.submit(read_numbers, columns[name], mapping.decimal)
        for name in sorted(NUMBERS & columns.keys())
    }
    if "number" in columns:
        begun["number"] = pool.submit(columns["number"].any_repeated)
    pool.shutdown(wait=False)
    return begun


def _places(headings: list[str], heading_place: int, mapping: Mapping) -> dict[str, int] | list[Problem]:
    problems, places = [], {}
    further = {
        added_name(name, number): heading
        for name, added in mapping.added.items()
        for number, heading in enumerate(added)
    }
    for name, heading in (mapping.columns | further).items():
        found = [place for place, text in enumerate(headings) if text == heading.strip()]
        if not found:
            listed = ", ".join(text for text in headings if text)
            problems.append(Problem("column-unknown", None, name, heading, listed))
        elif len(found) > 1:
            problems.append(Problem("column-twice", heading_place + 1, name, heading))
        else:
            places[name] = found[0]
    return problems or places


def _carefully(
    every: list[Row], heading_place: int, width: int, places: dict[str, int], mapping: Mapping
) -> View:
    rows: list[Row] = []
    numbers: list[int] = []
    totals = 0
    who = [places[name] for name in WHO if name in places]
    section: Cell = None
    below = [(number, row) for number, row in enumerate(every, start=1) if number > heading_place + 1]
    below = [(number, row) for number, row in below if any(cell is not None for cell in row)]
    for at, (number, row) in enumerate(below):
        single = sum(cell is not None for cell in row) == 1
        if _is_total(row, who) or _adds_up(row, who, places) or (single and _is_title(row, places)):
            totals += 1
            continue
        if single and who and at + 1 < len(below) and _names_nobody(below[at + 1][1], who):
            section = next(cell for cell in row if cell is not None)
            totals += 1
            continue
        named = row
        if section is not None and _names_nobody(row, who):
            named = [*row, *[None] * (who[-1] + 1 - len(row))]
            named[who[-1]] = section
        rows.append(named)
        numbers.append(number)
    columns = {
        name: Column([row[place] if place < len(row) else None for row in rows])
        for name, place in places.items()
    }
    view = View(mapping, numbers, columns)
    if totals:
        view.note(Problem("totals-left-out", found=str(totals)))
    for place, row in enumerate(rows):
        if len(row) > width and any(cell is not None for cell in row[width:]):
            view.refuse(place, "row-too-long", None, str(len(row)), str(width))
    return view


def _has_totals(read: list[Column], places: dict[str, int]) -> bool:
    """Whether a row may add up others: such a row has no date of its own."""
    dated = next((read[places[name]] for name in ("invoiced", "month") if name in places), None)
    if dated is not None and dated.texts is not None and not dated.texts.null_count():
        return False
    named = (read[places[name]] for name in WHO if name in places)
    return any(
        isinstance(cell, str) and TOTAL.fullmatch(plain(cell)) is not None
        for column in named
        for cell in column.different
    )


def _is_total(row: Row, who: list[int]) -> bool:
    """Whether a row adds up others: it says so where a client would stand, or anywhere if no client does."""
    named = [row[place] for place in who if place < len(row) and row[place] is not None]
    said = named[:1] or [cell for cell in row if isinstance(cell, str)]
    return any(isinstance(cell, str) and TOTAL.fullmatch(plain(cell)) is not None for cell in said)


def _adds_up(row: Row, who: list[int], places: dict[str, int]) -> bool:
    """Whether a row says "total" or the like where a client would stand, and has no date where rows do."""
    dated = [place for name, place in places.items() if name in DATES]
    if not dated or any(place < len(row) and row[place] is not None for place in dated):
        return False
    named = [row[place] for place in who if place < len(row) and row[place] is not None]
    said = named[:1] or row
    return any(isinstance(cell, str) and plain(cell).startswith(ADDED_UP) for cell in said)


def _names_nobody(row: Row, who: list[int]) -> bool:
    """Whether a row of several cells leaves its client to the title above it."""
    filled = sum(cell is not None for cell in row)
    return filled > 1 and all(place >= len(row) or row[place] is None for place in who)


def _is_title(row: Row, places: dict[str, int]) -> bool:
    """Whether the one cell of a row says nothing by itself: a section's title, a date, a footnote."""
    place = next(place for place, cell in enumerate(row) if cell is not None)
    field = next((name for name, at in places.items() if at == place), None)
    if len(places) < TABLE_MIN:
        return False
    dated = not read_dates([row[place]]).wrong
    return field is None or field == "number" or (field in DATES and not dated) or (field in WHO and dated)


def _fast(
    table: Table, heading_place: int, width: int, places: dict[str, int]
) -> tuple[range, dict[str, Column]] | None:
    """Row numbers and columns of a large, plainly written CSV; None where it is to be read row by row."""
    body = table.body
    if body is None:
        return None
    widest = max(len(row) for row in table.rows)
    line_max = body.limits.cell_characters_max
    repeating = [place for name, place in places.items() if name not in SAID_ONCE]
    read = read_columns(body.utf8(), body.delimiter, (heading_place + 1, widest), line_max, repeating)
    if read is None or any(len(column.different) for column in read[width:]):
        return None
    if _has_totals(read, places):
        return None
    count = len(read[0]) if read else 0
    if not 0 < count <= body.limits.rows_max - heading_place - 1:
        return None
    numbers = range(heading_place + 2, heading_place + 2 + count)
    return numbers, {name: read[place] for name, place in places.items()}
