"""One table under one mapping: its columns by field, and what is found wrong while they are read.

Knows: which row and heading a value came from. Every reader of a table reports here, so that each problem
names its place and a row refused for several reasons is left out once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from benchmark.problems import Problem
from member.mapping import DATES, Mapping
from member.reading import Cell, Row, Table
from member.values import (
    AMOUNT_CENTS_MAX,
    Amounts,
    DateOrder,
    Dates,
    date_order,
    label,
    read_dates,
    read_numbers,
)

LISTED_MAX: Final = 1_000
"""Problems kept one by one; the rest are counted."""

DATE_EXAMPLE: Final = "31/12/2025"
AMOUNT_EXAMPLE: Final = "1234,56"


@dataclass(slots=True)
class View:
    """Rows with content under the headings, in columns by field; `bad` are places of refused rows."""

    mapping: Mapping
    rows: list[Row]
    numbers: list[int]
    places: dict[str, int]
    problems: list[Problem] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    uncounted: int = 0
    order: DateOrder | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, name: str) -> bool:
        """Whether a column gives the field."""
        return name in self.places

    def column(self, name: str) -> list[Cell]:
        """The field's cells, one a row; all empty where no column gives it."""
        place = self.places.get(name)
        if place is None:
            return [None] * len(self.rows)
        return [row[place] if place < len(row) else None for row in self.rows]

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
                cells = {cell for name in sorted(DATES) for cell in self.column(name)}
                self.order, assumed = date_order(cells)
                if assumed:
                    shown = {"dmy": "31/12", "mdy": "12/31"}[self.order]
                    self.note(Problem("date-order-assumed", expected=shown))
        return self.order

    def amounts(self, name: str, scale: int = 100, highest: int = AMOUNT_CENTS_MAX) -> Amounts:
        """A column of amounts in 1/scale, wrong ones refused."""
        amounts = read_numbers(self.column(name), self.mapping.decimal, scale, highest)
        self.refuse_all(amounts.wrong, "amount-invalid", name, AMOUNT_EXAMPLE)
        self.refuse_all(amounts.too_large, "amount-too-large", name, f"{highest // scale:,}")
        return amounts


def open_view(table: Table, heading_place: int, mapping: Mapping) -> View | list[Problem]:
    """The table's columns as the mapping names them, or why they are not there.

    A row with filled cells beyond the headings is refused: its cells may have slipped to the right.
    """
    headings = [label(cell) for cell in table.rows[heading_place]]
    problems, places = [], {}
    for name, heading in mapping.columns.items():
        found = [place for place, text in enumerate(headings) if text == heading.strip()]
        if not found:
            listed = ", ".join(text for text in headings if text)
            problems.append(Problem("column-unknown", None, name, heading, listed))
        elif len(found) > 1:
            problems.append(Problem("column-twice", heading_place + 1, name, heading))
        else:
            places[name] = found[0]
    if problems:
        return problems
    rows, numbers = [], []
    for number, row in enumerate(table.rows[heading_place + 1 :], start=heading_place + 2):
        if any(cell is not None for cell in row):
            rows.append(row)
            numbers.append(number)
    view = View(mapping, rows, numbers, places)
    for place, row in enumerate(rows):
        if len(row) > len(headings) and any(cell is not None for cell in row[len(headings) :]):
            view.refuse(place, "row-too-long", None, str(len(row)), str(len(headings)))
    return view
