"""What people write in cells: dates, amounts, months, yes and no, in French and English habits.

Knows: formats, not fields. Each function reads a whole column at once, because one cell alone does not tell
whether 03/04/2025 is in March or April, or whether 1.234 is a thousand or one and a bit.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from member.columns import Column
from member.reading import Cell

if TYPE_CHECKING:
    import polars as pl

DateOrder = Literal["auto", "dmy", "mdy"]
DecimalSign = Literal["auto", ",", "."]

AMOUNT_CENTS_MAX: Final = 1_000_000_000_000
NOTHING: Final = frozenset({"", "-", "--", "n/a", "na", "nan", "nat", "null", "none", "#n/a"})
NO_DATE: Final = NOTHING | {"0000-00-00", "00/00/0000", "0", "00000000"}
EXCEL_DAY_ZERO: Final = date(1899, 12, 30)
EXCEL_SERIALS: Final = range(20_000, 80_000)  # 1954 to 2119
CENTURY_TURNS: Final = 70

_TIME = r"(?:[T ]\s*\d{1,2}[:h]\d{2}.*)?$"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})" + _TIME)
_WORDED = re.compile(r"(\d{1,2})(?:er)?[-/. ]*([^\W\d_]{3,9})\.?[-/. ,]*(\d{4}|\d{2})" + _TIME)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?$")
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan janv janvier january januar enero ene gennaio gen januari janeiro",
            "feb fev fevr fevrier february februar febrero febbraio februari fevereiro",
            "mar mars march marz marzo maart mrt marco",
            "apr avr avril april abril abr aprile",
            "may mai mayo maggio mag mei maio",
            "jun juin june juni junio giugno giu junho",
            "jul juil juillet july juli julio luglio lug julho",
            "aug aou aout august agosto ago augustus",
            "sep sept septembre september septiembre settembre set setembro",
            "oct octobre october oktober okt octubre ottobre ott outubro",
            "nov novembre november noviembre novembro",
            "dec decembre december dezember dez diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Dates:
    """A column of days: values (n,) datetime64[D], NaT where empty or wrong.

    wrong: places that are no date; assumed: the order of days and months could not be told from the column.
    """

    values: NDArray[np.datetime64]
    wrong: list[int]
    order: Literal["dmy", "mdy"]
    assumed: bool


@dataclass(frozen=True, slots=True)
class Amounts:
    """cents (n,) int64, zero where not known; known (n,) bool; wrong, too_large: places refused."""

    cents: NDArray[np.int64]
    known: NDArray[np.bool_]
    wrong: list[int]
    too_large: list[int]


def plain(text: str) -> str:
    """Lower case without accents."""
    split = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in split if not unicodedata.combining(letter)).casefold().strip()


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < CENTURY_TURNS else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _serial(number: float) -> date | None:
    return EXCEL_DAY_ZERO + timedelta(days=int(number)) if int(number) in EXCEL_SERIALS else None


def _read_date(cell: Cell, order: str) -> date | None:
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and math.isfinite(cell):
        compact = cell.is_integer() and 19_000_101 <= cell < 21_000_000
        return _read_written_date(str(int(cell)), order) if compact else _serial(cell)
    return _read_written_date(cell, order) if isinstance(cell, str) else None


@lru_cache(maxsize=10_000)  # three columns of a list share most of their days
def _read_written_date(text: str, order: str) -> date | None:
    if match := _YEAR_FIRST.match(text) or _COMPACT.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.match(text):
        first, second = int(match[1]), int(match[2])
        day, month = (first, second) if order == "dmy" else (second, first)
        return _day(_year(match[3]), month, day)
    if match := _SERIAL.match(text):
        return _serial(int(match[1]))
    worded = plain(text)
    if match := _WORDED.match(worded):
        year, name, day_text = match[3], match[2], match[1]
    elif match := _MONTH_FIRST.match(worded):
        year, name, day_text = match[3], match[1], match[2]
    else:
        return None
    named = MONTHS.get(name)
    return _day(_year(year), named, int(day_text)) if named else None


def read_dates(cells: Sequence[Cell] | Column, order: DateOrder = "auto") -> Dates:
    """A column of dates: 2025-12-31, 31/12/2025, 31.12.25, 20251231, 31 déc. 2025, with a time or not.

    The day numbers of a spreadsheet are read too. Where no value tells days from months, days come first.
    """
    column = cells if isinstance(cells, Column) else Column(cells)
    assumed = False
    if order == "auto":
        order, assumed = date_order(column.different)
    epoch = date(1970, 1, 1).toordinal()
    nothing, wrong_value = int(np.datetime64("NaT").astype(np.int64)), -(1 << 62)
    read = np.empty(len(column.different), np.int64)
    for place, cell in enumerate(column.different):
        day = _read_date(cell, order)
        if day is not None:
            read[place] = day.toordinal() - epoch
        else:
            empty = isinstance(cell, str) and cell.lower() in NO_DATE
            read[place] = nothing if empty else wrong_value
    numbers = column.spread(read, nothing)
    wrong = np.flatnonzero(numbers == wrong_value)
    numbers[wrong] = nothing
    return Dates(numbers.astype("M8[D]"), wrong.tolist(), order, assumed)


def date_order(cells: Iterable[Cell]) -> tuple[Literal["dmy", "mdy"], bool]:
    """The order in which more values are days of a calendar, and whether none told (then days first)."""
    day_first = month_first = told = 0
    for cell in cells:
        if isinstance(cell, str) and (match := _YEAR_LAST.match(cell)):
            first, second = int(match[1]), int(match[2])
            told += 1
            day_first += first > 12 >= second
            month_first += second > 12 >= first
    if month_first > day_first:
        return "mdy", False
    return "dmy", bool(told) and not day_first and not month_first


_AROUND = re.compile(r"^(?:€|\$|£|eur|usd|gbp)\s*|\s*(?:€|\$|£|eur|usd|gbp|euros?)$", re.IGNORECASE)
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007'’", " ") | {"−": "-", "–": "-"})
_PLAIN_NUMBER = re.compile(r"\d+$")


def _bare(text: str) -> tuple[str, bool]:
    """The digits and separators of an amount, and whether it is negative."""
    text = _AROUND.sub("", text.translate(_SPACES).strip()).strip()
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1].strip(), True
    if text.startswith("-"):
        text, negative = text[1:], True
    elif text.endswith("-"):
        text, negative = text[:-1], True
    elif text.startswith("+"):
        text = text[1:]
    return _AROUND.sub("", text.strip()).strip(), negative


def _decimal_sign(texts: set[str]) -> Literal[",", "."]:
    """The sign that the column's values use before their cents; where none tells, the one not seen."""
    votes: Counter[str] = Counter()
    seen: set[str] = set()
    for text in texts:
        bare, _ = _bare(text)
        marks = [mark for mark in bare if mark in ",."]
        if not marks:
            continue
        seen.update(marks)
        last, other = marks[-1], "," if marks[-1] == "." else "."
        head, _, tail = bare.rpartition(last)
        if len(set(marks)) == 2 or (len(marks) == 1 and (len(tail) != 3 or head in {"", "0"})):
            votes[last] += 1
        elif len(marks) > 1:
            votes[other] += 1
    if votes[","] != votes["."]:
        return "," if votes[","] > votes["."] else "."
    return "," if seen == {"."} else "."


def _number_pattern(decimal: str) -> re.Pattern[str]:
    group = "." if decimal == "," else ","
    return re.compile(rf"(\d{{1,3}}(?:[ {group}]\d{{3}})+|\d+)?(?:{re.escape(decimal)}(\d*))?$")


def _read_number(cell: str | float, pattern: re.Pattern[str]) -> Decimal | None:
    if isinstance(cell, float):
        return Decimal(repr(cell)) if math.isfinite(cell) else None
    bare, negative = _bare(cell)
    if not (_PLAIN_NUMBER.match(bare) or pattern.match(bare)) or not any(sign.isdigit() for sign in bare):
        return None
    whole, cents = (match[1], match[2]) if (match := pattern.match(bare)) else (bare, None)
    digits = re.sub(r"\D", "", whole or "0")
    number = Decimal(f"{digits}.{cents or 0}")
    return -number if negative else number


def read_numbers(
    cells: Sequence[Cell] | Column,
    decimal: DecimalSign = "auto",
    scale: int = 100,
    highest: int = AMOUNT_CENTS_MAX,
) -> Amounts:
    """A column of amounts as integers of 1/scale: 1 234,56 | 1,234.56 | 1.234,56 | (12.00) | 12- €.

    With scale 100, cents; halves go away from zero. At most `highest` either way, below 2**61.
    """
    column = cells if isinstance(cells, Column) else Column(cells)
    if scale == 100 and column.texts is not None:
        quick = _read_plain(column.texts, decimal, highest)
        if quick is not None:
            return quick
    different = column.different
    texts = {cell for cell in different if isinstance(cell, str)}
    pattern = _number_pattern(_decimal_sign(texts) if decimal == "auto" else decimal)
    nothing, wrong_value, large_value = -(1 << 62), -(1 << 62) + 1, -(1 << 62) + 2
    read = np.empty(len(different), np.int64)
    for place, cell in enumerate(different):
        if isinstance(cell, str) and cell.lower() in NOTHING:
            read[place] = nothing
            continue
        number = _read_number(cell, pattern) if isinstance(cell, str | float) else None
        if number is None:
            read[place] = wrong_value
            continue
        whole = int((number * scale).to_integral_value(ROUND_HALF_UP)) if abs(number) < 10**15 else None
        read[place] = whole if whole is not None and abs(whole) <= highest else large_value
    values = column.spread(read, nothing)
    known = values > large_value
    wrong, too_large = np.flatnonzero(values == wrong_value), np.flatnonzero(values == large_value)
    values[~known] = 0
    return Amounts(values, known, wrong.tolist(), too_large.tolist())


SPACES: Final = (" ", "\u00a0", "\u202f")
_GROUPED: Final = r"^[+-]?\d{1,3}(?:[ \x{a0}\x{202f}]\d{3})+(?:[.,]\d{1,2})?$|^[+-]?\d*(?:[.,]\d{1,2})?$"


def _read_plain(texts: pl.Series, decimal: DecimalSign, highest: int) -> Amounts | None:
    """Cents of a column whose every text is digits with at most two decimals; None where one is not."""
    import polars as pl

    joined = texts.str.join("\n").item() or ""  # one long text is searched faster than many short ones
    if any(space in joined for space in SPACES):
        texts = texts.str.strip_chars()
        if not texts.str.contains(_GROUPED).fill_null(value=True).all():
            return None
        texts = texts.str.replace_all(r"[ \x{a0}\x{202f}]", "")
    signs = [sign for sign in ",." if sign in joined]
    if len(signs) > 1 or (decimal != "auto" and signs not in ([], [decimal])):
        return None
    sign = signs[0] if signs else ","
    here = pl.col("amount").str
    decimals = here.len_bytes().cast(pl.Int64) - here.find(sign, literal=True) - 1
    read = texts.to_frame("amount").select(
        whole=here.replace(sign, "", literal=True).cast(pl.Int64, strict=False),
        decimals=decimals.fill_null(0),
    )
    if read["whole"].null_count() != texts.null_count() or int(read["decimals"].max() or 0) > 2:  # type: ignore[arg-type]
        return None
    cents = read["whole"].fill_null(0).to_numpy()
    if int(read["decimals"].min() or 0) < 2:  # type: ignore[arg-type]
        if np.abs(cents).max(initial=0) > 10**16:
            return None
        cents = cents * np.array([100, 10, 1])[read["decimals"].to_numpy()]
    known = texts.is_not_null().to_numpy()
    if max(int(cents.max(initial=0)), -int(cents.min(initial=0))) <= highest:
        return Amounts(cents, known, [], [])
    too_large = np.flatnonzero(np.abs(cents) > highest)
    known, cents = known & (np.abs(cents) <= highest), cents.copy()
    cents[too_large] = 0
    return Amounts(cents, known, [], too_large.tolist())


NO_WORDS: Final = frozenset({"no", "n", "non", "false", "faux", "0", "0.0", "aucun", "aucune", "sans"})
YES_WORDS: Final = frozenset({"yes", "y", "oui", "o", "true", "vrai", "1", "x", "1.0"})


def marked(cell: Cell) -> bool:
    """Whether a cell says yes: any text but a no, such as a dispute's number or reason."""
    if cell is None or isinstance(cell, bool):
        return bool(cell)
    if isinstance(cell, float):
        return cell != 0
    return not isinstance(cell, str) or plain(cell) not in NO_WORDS | NOTHING


def yes_or_no(cell: Cell) -> bool | None:
    """A cell that must be one or the other; None where it is neither. Empty is no."""
    if cell is None or isinstance(cell, bool):
        return bool(cell)
    word = plain(str(cell))
    if word in YES_WORDS:
        return True
    return False if word in NO_WORDS | NOTHING else None


_MONTH_FORMS: Final = (
    re.compile(r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})$"),
    re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})$"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})$"),
)
_MONTH_WORDED = re.compile(r"([^\W\d_]{3,9})\.?[-/. ]*(\d{4}|\d{2})$")


def read_month(cell: Cell) -> int | None:
    """A month's index from 2025-12, 12/2025, 202512, déc. 2025 or any date in it; None where it is none."""
    if isinstance(cell, float) and cell.is_integer() and 190_001 <= cell < 210_000:
        cell = str(int(cell))
    if isinstance(cell, str):
        for form in _MONTH_FORMS:
            if match := form.match(cell):
                month = int(match["month"])
                return int(match["year"]) * 12 + month - 1 if 1 <= month <= 12 else None
        if match := _MONTH_WORDED.match(plain(cell)):
            named = MONTHS.get(match[1])
            return None if named is None else _year(match[2]) * 12 + named - 1
    day = _read_date(cell, "dmy")
    return None if day is None else day.year * 12 + day.month - 1


def label(cell: Cell) -> str:
    """A cell as the text people see: whole numbers without ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def account_key(cell: Cell) -> str:
    """An account as it is compared: no spaces, no leading zeros where all are digits."""
    text = "".join(label(cell).split())
    return text.lstrip("0") or "0" if text.isdigit() else text
