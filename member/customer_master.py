"""The customer master: a list of accounts with names, VAT numbers, SIRET, towns, as any system exports it.

Knows: the headings of such a list, French and English. It serves to recognise accounts; nothing of it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmark.problems import Problem
from member.headings import words
from member.imported import Account
from member.reading import DEFAULT_LIMITS, Limits, Row, Table, read_tables
from member.values import label

HEADING_ROWS_SEARCHED: Final = 40
_WHO: Final = r"(?:client|clients|customer|cust|tiers|debtor|acheteur|auxiliaire|compte)"
_NUMBER: Final = r"(?:n|no|nr|num|number|numero|code|ref|reference|id|cle)"
PATTERNS: Final[dict[str, str]] = {
    "vat": r".*\b(?:tva|vat)\b.*",
    "siret": r".*\bsiret\b.*",
    "siren": r".*\b(?:siren|rcs|registration|company (?:number|no|id))\b.*",
    "postcode": r"(?:code )?(?:postal|postale)|cp|zip(?: code)?|post ?code|postal code|.*\bcode postal\b.*",
    "city": r"ville|city|town|commune|localite|.*\bville\b.*",
    "name": (
        rf"raison sociale|nom|name|societe|company|denomination(?: sociale)?|intitule|libelle|comp ?aux ?lib|"
        rf"(?:nom|name|intitule|libelle|raison sociale) (?:du |de la )?(?:{_WHO}|company|compte)|"
        rf"(?:{_WHO}|company) (?:name|nom)"
    ),
    "account": (
        rf"{_WHO}|account|comp ?aux ?num|compte auxiliaire|{_NUMBER}|"
        rf"{_NUMBER} (?:de |du )?(?:compte )?(?:{_WHO}|account)|(?:{_WHO}|account) {_NUMBER}|compte {_WHO}"
    ),
}
_COMPILED: Final = {field: re.compile(pattern) for field, pattern in PATTERNS.items()}
WANTED: Final = "Compte; Raison sociale; SIRET; N° TVA; Code postal; Ville"


def read_master(path: Path, limits: Limits = DEFAULT_LIMITS) -> list[Account] | Problem:
    """The accounts of a CSV or XLSX file. An account without a number of any kind still tells its town."""
    try:
        data = path.read_bytes()
    except OSError:
        return Problem("file-missing", found=str(path))
    return parse_master(data, limits)


def parse_master(data: bytes, limits: Limits = DEFAULT_LIMITS) -> list[Account] | Problem:
    """The accounts in a file's bytes."""
    tables = read_tables(data, limits)
    if isinstance(tables, Problem):
        return tables
    for table in tables:
        place, columns = _headings(table)
        if "account" in columns and len(columns) > 1:
            return _accounts(table.rows[place + 1 :], columns)
    return Problem("header-missing", expected=WANTED)


def _headings(table: Table) -> tuple[int, dict[str, int]]:
    """The row that names most columns, and which column is what."""
    best: tuple[int, dict[str, int]] = (0, {})
    for place, row in enumerate(table.rows[:HEADING_ROWS_SEARCHED]):
        columns = columns_of(row)
        if len(columns) > len(best[1]):
            best = place, columns
    return best


def columns_of(row: Sequence[object]) -> dict[str, int]:
    """Field -> place in a row of headings; the first column that fits, each column once."""
    texts = [words(cell) if isinstance(cell, str) else "" for cell in row]
    found: dict[str, int] = {}
    for field, pattern in _COMPILED.items():
        for place, text in enumerate(texts):
            if text and place not in found.values() and pattern.fullmatch(text):
                found[field] = place
                break
    return found


def _accounts(rows: Sequence[Row], columns: dict[str, int]) -> list[Account]:
    found = []
    for row in rows:
        cells = {
            field: label(row[place]).strip() if place < len(row) and row[place] is not None else ""
            for field, place in columns.items()
        }
        if not cells["account"]:
            continue
        found.append(
            Account(
                account=cells["account"],
                name=cells.get("name", ""),
                vat=cells.get("vat") or None,
                registration=cells.get("siret") or cells.get("siren") or None,
                postcode=cells.get("postcode") or None,
                city=cells.get("city") or None,
            )
        )
    return found
