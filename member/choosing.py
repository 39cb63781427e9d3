"""Which column is which field: what a heading says, weighed against what stands below it.

Knows: that headings lie. A column of amounts under "TVA" is no VAT number, one account for ten names is no
client's account, a table of clients often has no heading over their names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from member.headings import likeness
from member.reading import Cell, Row
from member.values import label, read_dates, read_numbers, yes_or_no

SAMPLE_ROWS: Final = 200
LIKENESS_MIN: Final = 1
CLIENT_FIELDS: Final = ("account", "identifier", "name")
DATES: Final = frozenset({"invoiced", "due", "settled", "entered", "piece_date"})
NUMBERS: Final = frozenset(
    {"amount", "remaining", "paid_amount", "outstanding", "sales", "paid", "debit", "credit", "signed"}
)
NUMBERED: Final = frozenset({"identifier", "vat", "registration"})
_CODE: Final = re.compile(r"[A-Z]{0,4}[-_/]?\d[\dA-Z_/-]*")
NUMBERED_MIN: Final = 4
_CHART: Final = re.compile(r"[1-7]\d{2}")
COLLECTIVE: Final = "411"
"""The general account of clients."""
_MONEY: Final = re.compile(r"[+-]?[\d  ]*[.,]\d{1,2}")
_LETTER: Final = re.compile(r"[^\W\d_]")


def columns_of(headings: Sequence[Cell], sample: Sequence[Row], fields: Sequence[str]) -> dict[str, str]:
    """Field -> heading, the likest pairs first, each field and each heading once."""
    candidates = []
    for place, heading in enumerate(headings):
        if not isinstance(heading, str):
            continue
        cells = [row[place] if place < len(row) else None for row in sample[:SAMPLE_ROWS]]
        for order, field in enumerate(fields):
            score = likeness(field, heading)
            if score >= LIKENESS_MIN and _fits(field, cells):
                candidates.append((-score, order, place, field))
    chosen: dict[str, int] = {}
    refused: set[int] = set()
    for _ in range(2):
        chosen = {}
        for _, _, place, field in sorted(candidates):
            if (
                field not in chosen
                and place not in chosen.values()
                and (field, place) not in {("account", one) for one in refused}
            ):
                chosen[field] = place
        if not _shared_by_names(chosen, sample):
            break
        refused.add(chosen["account"])
    if "identifier" in fields:
        _identified(chosen, sample)
    return {field: label(headings[chosen[field]]) for field in fields if field in chosen}


def _identified(chosen: dict[str, int], sample: Sequence[Row]) -> None:
    """Where nothing is called an identifier, a number of company or of VAT is, if it is one as it stands."""
    for field in ("registration", "vat"):
        if "identifier" not in chosen and field in chosen:
            place = chosen[field]
            if _identify([row[place] for row in sample[:SAMPLE_ROWS] if place < len(row) and row[place]]):
                chosen["identifier"] = chosen.pop(field)


def only_amount(columns: dict[str, str]) -> dict[str, str]:
    """A list that tells of each invoice only what is open of it: that is its amount."""
    if "amount" in columns or "remaining" not in columns or {"debit", "credit"} <= columns.keys():
        return columns
    return {"amount" if field == "remaining" else field: heading for field, heading in columns.items()}


def dated_entries(columns: dict[str, str]) -> dict[str, str]:
    """A ledger whose lines have one date, that of their document."""
    if "entered" in columns or "piece_date" not in columns:
        return columns
    return {"entered" if field == "piece_date" else field: heading for field, heading in columns.items()}


def of_clients_alone(
    columns: dict[str, str], headings: Sequence[Cell], sample: Sequence[Row]
) -> tuple[dict[str, str], dict[str, str]]:
    """Columns and defaults of a ledger of client accounts alone, which has no chart of accounts in it."""
    if not {"debit", "credit", "entered"} <= columns.keys() or not {"journal", "letter"} & columns.keys():
        return columns, {}
    if "general" in columns:
        place = [label(heading) for heading in headings].index(columns["general"])
        cells = [label(row[place]) for row in sample[:SAMPLE_ROWS] if place < len(row) and row[place]]
        if "auxiliary" in columns or not cells or any(_CHART.match(cell) for cell in cells):
            return columns, {}
        moved = {"auxiliary" if field == "general" else field: text for field, text in columns.items()}
        return moved, {"general": COLLECTIVE}
    named = {"auxiliary", "auxiliary_name"} & columns.keys()
    return columns, ({"general": COLLECTIVE} if named else {})


def with_client(columns: dict[str, str], headings: Sequence[Cell], sample: Sequence[Row]) -> dict[str, str]:
    """With the leftmost column of words as the clients' names, where no heading tells of clients."""
    if any(field in columns for field in CLIENT_FIELDS) or len(columns) < 3:
        return columns
    for place, heading in enumerate(headings):
        if not isinstance(heading, str) or heading in columns.values():
            continue
        cells = [row[place] for row in sample[:SAMPLE_ROWS] if place < len(row) and row[place] is not None]
        if len(cells) * 2 >= len(sample[:SAMPLE_ROWS]) and _words(cells) and len(set(cells)) > 1:
            return {**columns, "name": heading}
    return columns


def _fits(field: str, cells: Sequence[Cell]) -> bool:
    """Whether most of what stands in a column can be what the heading says."""
    filled = [cell for cell in cells if cell is not None]
    if not filled:
        return True
    if field in DATES:
        return len(read_dates(filled).wrong) * 2 < len(filled)
    if field in NUMBERS:
        read = read_numbers(filled)
        return (len(read.wrong) + len(read.too_large)) * 2 < len(filled)
    if field in NUMBERED:
        return sum(bool(_MONEY.fullmatch(label(cell))) for cell in filled) * 2 < len(filled)
    return _fits_words(field, filled)


def _fits_words(field: str, filled: Sequence[Cell]) -> bool:
    if field == "name":
        return _words(filled) and not _numbered(filled)
    if field == "closed":
        return all(yes_or_no(cell) is not None for cell in filled)
    return _months(filled) if field == "month" else True


def _identify(cells: Sequence[Cell]) -> bool:
    """Whether most cells are identifiers of firms as they stand."""
    from privacy.identifiers import canonical

    good = 0
    for cell in cells:
        try:
            good += bool(canonical(label(cell)))
        except ValueError:
            continue
    return bool(cells) and good * 2 >= len(cells)


def _words(cells: Sequence[Cell]) -> bool:
    """Whether most cells are words: no numbers, no dates."""
    words = [cell for cell in cells if isinstance(cell, str) and _LETTER.search(cell)]
    dates = len(words) - len(read_dates(words).wrong) if words else 0
    return (len(words) - dates) * 2 >= len(cells)


def _numbered(cells: Sequence[Cell]) -> bool:
    """Whether cells are codes, or each is another and holds a number: documents or accounts, not names."""
    numbered = sum(any(sign.isdigit() for sign in label(cell)) for cell in cells)
    codes = sum(bool(_CODE.fullmatch(label(cell))) for cell in cells)
    every = len(cells) >= NUMBERED_MIN and len(set(cells)) == len(cells)
    return (every and numbered * 10 >= len(cells) * 9) or codes * 10 >= len(cells) * 9


def _months(cells: Sequence[Cell]) -> bool:
    """Whether cells are months, or days that stand for one: not a different day in every row."""
    days: dict[int | None, set[date]] = {}
    read = read_dates([cell for cell in cells if isinstance(cell, str | date)])
    for day in read.values.astype(object).tolist():
        if isinstance(day, date):
            days.setdefault(day.year * 12 + day.month, set()).add(day)
    return all(len(of_month) == 1 for of_month in days.values())


def _shared_by_names(chosen: dict[str, int], sample: Sequence[Row]) -> bool:
    """Whether what looks like a client's account stands for many names: a collective account, a product's."""
    if "account" not in chosen or "name" not in chosen:
        return False
    names: dict[Cell, set[Cell]] = {}
    for row in sample[:SAMPLE_ROWS]:
        if max(chosen["account"], chosen["name"]) < len(row):
            account, name = row[chosen["account"]], row[chosen["name"]]
            if account is not None and name is not None:
                names.setdefault(account, set()).add(name)
    different = {name for of_account in names.values() for name in of_account}
    return bool(names) and len(different) > 1 and len(names) * 2 <= len(different)
