"""A local extract of SIRENE, INSEE's register of French firms: who is called so, where; who is a person.

Knows: the columns of the published stock files, as CSV or Parquet: siren, denominationUniteLegale (the usual
names too where they are there), categorieJuridiqueUniteLegale, codePostalEtablissement,
libelleCommuneEtablissement. It is read in one pass, however large, and only what could be one of the accounts
is kept. Legal category 1000 is a natural person: never proposed, and said of whoever else proposes it.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final

from benchmark.problems import Problem
from member.client_list import read_identifier
from member.firm_names import LOOSE, SPELLINGS, firm_name
from member.identify import Party
from member.imported import Account

PERSON_CATEGORY: Final = "1000"
SIREN: Final = ("siren", "siret")
NAMES: Final = (
    "denominationunitelegale",
    "denominationusuelle1unitelegale",
    "denominationusuelle2unitelegale",
    "denominationusuelle3unitelegale",
    "denominationusuelleetablissement",
    "enseigne1etablissement",
    "sigleunitelegale",
)
CATEGORY: Final = "categoriejuridiqueunitelegale"
POSTCODE: Final = "codepostaletablissement"
CITY: Final = "libellecommuneetablissement"
STATE: Final = "etatadministratifunitelegale"
WANTED: Final = "siren; denominationUniteLegale; categorieJuridiqueUniteLegale"
PARQUET_MAGIC: Final = b"PAR1"
ROWS_AT_ONCE: Final = 50_000
LETTERS_MIN: Final = 3
_WORD: Final = re.compile(r"[a-z0-9]+")
FREQUENT_SHARE: Final = 0.04
FREQUENT_ACCOUNTS_MIN: Final = 5
"""A word that so many accounts bear (and so large a share of them) tells none of them."""

Progress = Callable[[int], None]
Rows = Iterator[Sequence[str | None]]


def read_extract(
    path: Path,
    accounts: Iterable[Account],
    identifiers: Collection[str] = (),
    progress: Progress | None = None,
) -> list[Party] | Problem:
    """Firms of the extract that share a telling word with an account's name, or bear one of `identifiers`.

    `progress` gets the rows read so far. Nothing is raised on a bad file.
    """
    words = _as_written(telling_words(account.name for account in accounts))
    sirens = {one.removeprefix("fr.siren:") for one in identifiers if one.startswith("fr.siren:")}
    try:
        with path.open("rb") as file:
            packed = file.read(4) == PARQUET_MAGIC
        if packed:
            opened = _open_parquet(path)
            return opened if isinstance(opened, Problem) else _read(*opened, words, sirens, progress)
        with path.open(encoding="utf-8-sig", newline="") as text:
            opened = _open_text(text)
            return opened if isinstance(opened, Problem) else _read(*opened, words, sirens, progress)
    except OSError:
        return Problem("file-missing", found=str(path))
    except (UnicodeDecodeError, csv.Error) as error:
        return Problem("file-damaged", found=type(error).__name__, expected=WANTED)


def telling_words(names: Iterable[str]) -> set[str]:
    """Words by which a firm could be one of the accounts; those that many bear, only beside no other."""
    spelled = [[word for word in firm_name(name).split() if len(word) >= LETTERS_MIN] for name in names]
    borne = Counter(word for words in spelled for word in set(words))
    often = max(FREQUENT_ACCOUNTS_MIN, FREQUENT_SHARE * len(spelled))
    found = set()
    for words in spelled:
        rare = [word for word in words if borne[word] < often and word not in LOOSE]
        found |= set(rare or words)
    return found


def _open_text(text: IO[str]) -> tuple[dict[str, int], Rows] | Problem:
    first = text.readline()
    delimiter = max(",;\t|", key=first.count)
    columns = _columns(next(csv.reader([first], delimiter=delimiter), []))
    return columns if isinstance(columns, Problem) else (columns, csv.reader(text, delimiter=delimiter))


def _open_parquet(path: Path) -> tuple[dict[str, int], Rows] | Problem:
    import polars as pl

    try:
        scanned = pl.scan_parquet(path)
        names = scanned.collect_schema().names()
        kept = [name for name in names if name.lower() in {*SIREN, *NAMES, CATEGORY, POSTCODE, CITY, STATE}]
        columns = _columns(kept)
        if isinstance(columns, Problem):
            return columns
        read = scanned.select([pl.col(name).cast(pl.String) for name in kept])
        return columns, _parquet_rows(read)
    except pl.exceptions.PolarsError as error:
        return Problem("file-damaged", found=type(error).__name__, expected=WANTED)


def _parquet_rows(read: Any) -> Rows:
    for part in read.collect_batches(chunk_size=ROWS_AT_ONCE):
        yield from part.iter_rows()


def _columns(headings: Iterable[str]) -> dict[str, int] | Problem:
    """Column -> place; the names in lower case."""
    places = {heading.strip().lower(): place for place, heading in enumerate(headings)}
    if not any(name in places for name in SIREN) or not any(name in places for name in NAMES):
        return Problem("column-missing", None, "siren", "", WANTED)
    return places


def _read(
    columns: dict[str, int],
    rows: Rows,
    words: set[str],
    sirens: set[str],
    progress: Progress | None,
) -> list[Party]:
    number = columns.get("siren", columns.get("siret", 0))
    names = [columns[name] for name in NAMES if name in columns]
    found: dict[tuple[str, str, str], Party] = {}
    at = 0
    for at, row in enumerate(rows, 1):
        if progress is not None and at % ROWS_AT_ONCE == 0:
            progress(at)
        if len(row) <= number:
            continue
        siren = (row[number] or "").strip()[:9]
        called = [name for place in names if place < len(row) and (name := row[place])]
        if siren not in sirens and not any(_shares(name, words) for name in called):
            continue
        person = _cell(row, columns, CATEGORY) == PERSON_CATEGORY
        if _cell(row, columns, STATE) == "C" and siren not in sirens:
            continue  # ceased
        identifier = read_identifier(siren)
        if isinstance(identifier, Problem):
            continue
        code, city = _cell(row, columns, POSTCODE), _cell(row, columns, CITY)
        for name in called or [""]:
            key = (identifier, firm_name(name), code or city)
            found.setdefault(key, Party("sirene", identifier, name, code, city, person=person))
    if progress is not None:
        progress(at)
    return list(found.values())


def _shares(name: str, words: set[str]) -> bool:
    """Whether a name has one of the words. Most are capitals without accents: those take a short way."""
    if name.isascii() and "." not in name:
        return not words.isdisjoint(_WORD.findall(name.lower()))
    return not words.isdisjoint(firm_name(name).split())


def _as_written(words: set[str]) -> set[str]:
    """The words, and the spellings that `firm_name` takes for them."""
    return words | {written for written, meant in SPELLINGS.items() if meant in words}


def _cell(row: Sequence[str | None], columns: dict[str, int], name: str) -> str:
    place = columns.get(name)
    return (row[place] or "").strip() if place is not None and place < len(row) else ""
