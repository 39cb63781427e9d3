"""Which column of a member's file is what: kept as a small JSON file, proposed from headings and content.

Knows: the fields a file can give, the headings French and English systems use for them. A mapping is the
same for the command and for the page; it holds headings and formats, never a client's data.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from benchmark.ledger import BUCKETS
from benchmark.problems import Problem
from member import ceiling_choice
from member.ceiling_choice import Ceilings
from member.choosing import (
    LIKENESS_MIN,
    columns_of,
    dated_entries,
    of_clients_alone,
    only_amount,
    with_client,
)
from member.connectors.aged_balance import ageing_columns
from member.headings import FIGURES, INVOICES, LEDGER, likeness
from member.reading import Cell, Row
from member.values import DateOrder, DecimalSign

Kind = Literal["invoices", "figures", "ledger"]

MAPPING_BYTES_MAX: Final = 100_000
HEADING_ROWS_SEARCHED: Final = 40
DATES: Final = frozenset({"invoiced", "due", "settled"})
NUMBERS: Final = frozenset(
    {"amount", "remaining", "paid_amount", "outstanding", "sales", "paid", "debit", "credit", "signed"}
)
AGEING: Final = frozenset(BUCKETS)
EVERY: Final = tuple(dict.fromkeys((*INVOICES, *FIGURES, *LEDGER)))
CLIENT_FIELDS: Final = ("account", "identifier", "name")
REQUIRED: Final[dict[Kind, tuple[str, ...]]] = {
    "invoices": ("amount", "invoiced", "due"),
    "figures": ("month", "outstanding"),
    "ledger": ("general", "entered", "debit", "credit"),
}
DEFAULTS_ALLOWED: Final[dict[Kind, frozenset[str]]] = {
    "invoices": frozenset({"currency", "terms_days", "terms_kind"}),
    "figures": frozenset({"currency", "month"}),
    "ledger": frozenset({"terms_days", "terms_kind", "general"}),
}
SIGNED: Final = frozenset({"signed", "side"})
SIGNED_ENTRIES: Final = frozenset({"signed", "journal", "entry"})
"""One column of amounts: with a side beside it, or with credits below zero in what is surely a ledger."""
FIELDS: Final[dict[Kind, tuple[str, ...]]] = {"invoices": INVOICES, "figures": FIGURES, "ledger": LEDGER}


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """columns: field -> heading as written in the file. defaults: field -> text, for what no column gives.

    `heading_row` counts from 1; None: searched. An invoice list without a due date can name terms_days (and
    terms_kind) as a default; figures of one month can name the month; a ledger of client accounts alone names
    their general account. rates: currency -> units of the
    network's currency, for invoices in other ones. added: field -> further headings whose amounts are added
    to its own, such as the days late 1-15 and 16-30. ceilings: which legal ceiling on terms holds for whom.
    """

    kind: Kind
    columns: dict[str, str]
    date_order: DateOrder = "auto"
    decimal: DecimalSign = "auto"
    defaults: dict[str, str] = {}
    heading_row: int | None = None
    sheet: str | None = None
    rates: dict[str, str] = {}
    added: dict[str, list[str]] = {}
    ceilings: Ceilings | msgspec.UnsetType = msgspec.UNSET
    version: Literal[1] = 1

    def fields(self) -> frozenset[str]:
        """Every field that a file of this kind can give."""
        return frozenset(FIELDS[self.kind])


def dump(mapping: Mapping) -> bytes:
    """The mapping as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(mapping), indent=2) + b"\n"


def parse(data: bytes) -> Mapping | Problem:
    """A mapping from JSON, validated; what is wrong otherwise."""
    if len(data) > MAPPING_BYTES_MAX:
        return Problem("mapping-invalid", found=f"{len(data)} bytes", expected=f"{MAPPING_BYTES_MAX} bytes")
    try:
        mapping = msgspec.json.decode(data, type=Mapping)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Problem("mapping-invalid", found=str(error), expected="JSON, version 1")
    return check(mapping) or mapping


def check(mapping: Mapping) -> Problem | None:
    """What contradicts itself in a mapping, if anything."""
    for field in mapping.columns:
        if field not in mapping.fields():
            return Problem("mapping-invalid", None, field, field, ", ".join(sorted(mapping.fields())))
    for field in mapping.defaults:
        if field not in DEFAULTS_ALLOWED[mapping.kind]:
            allowed = ", ".join(sorted(DEFAULTS_ALLOWED[mapping.kind]))
            return Problem("mapping-invalid", None, field, f"defaults: {field}", allowed)
    for field in mapping.added:
        if field not in NUMBERS | AGEING or field not in mapping.columns:
            return Problem("mapping-invalid", None, field, f"added: {field}", ", ".join(sorted(AGEING)))
    if mapping.heading_row is not None and mapping.heading_row < 1:
        return Problem("mapping-invalid", found=f"heading_row {mapping.heading_row}", expected="1, 2, …")
    return None if mapping.ceilings is msgspec.UNSET else ceiling_choice.check(mapping.ceilings)


def load(path: Path) -> Mapping | Problem:
    """A mapping kept in a file."""
    try:
        return parse(path.read_bytes())
    except OSError:
        return Problem("file-missing", found=str(path))


def save(mapping: Mapping | None, path: Path) -> None:
    """Keep a mapping for the next month's file, whose own month it is to tell; None is not written."""
    if mapping is not None:
        kept = {name: text for name, text in mapping.defaults.items() if name != "month"}
        path.write_bytes(dump(msgspec.structs.replace(mapping, defaults=kept)))


def missing(mapping: Mapping) -> list[str]:
    """Required fields that nothing gives; "account" where no column names the client."""
    whole_ageing = mapping.kind == "figures" and mapping.columns.keys() >= AGEING
    lacking = [
        field
        for field in REQUIRED[mapping.kind]
        if field not in mapping.columns and field not in mapping.defaults
    ]
    if whole_ageing:
        lacking = [field for field in lacking if field != "outstanding"]
    if mapping.kind == "invoices" and ("terms_days" in mapping.defaults or "terms" in mapping.columns):
        lacking = [field for field in lacking if field != "due"]
    if mapping.kind == "invoices" and {"debit", "credit"} <= mapping.columns.keys():
        lacking = [field for field in lacking if field != "amount"]
    if mapping.kind == "ledger":
        signed = mapping.columns.keys() >= SIGNED or mapping.columns.keys() >= SIGNED_ENTRIES
        return [field for field in lacking if not signed or field not in {"debit", "credit"}]
    if not any(field in mapping.columns for field in CLIENT_FIELDS):
        lacking.insert(0, "account")
    return lacking


def find_headings(rows: Sequence[Row]) -> int | None:
    """Place of the row that reads most like headings among the first ones; None where none does.

    Titles, periods and logos stand above the headings in what many systems export.
    """
    best, best_score = None, 0
    for place, row in enumerate(rows[:HEADING_ROWS_SEARCHED]):
        texts = [cell for cell in row if isinstance(cell, str)]
        if len(texts) <= best_score:
            continue
        fields = {field for text in texts for field in EVERY if likeness(field, text) >= LIKENESS_MIN}
        headings = sum(any(likeness(field, text) >= LIKENESS_MIN for field in fields) for text in texts)
        if headings >= 2 and headings > best_score:
            best, best_score = place, headings
    return best


def propose(headings: Sequence[Cell], sample: Sequence[Row], kind: Kind | None = None) -> Mapping:
    """The mapping that headings and content suggest; `kind` forces one. `missing` says what it lacks."""
    if kind is not None:
        columns = columns_of(headings, sample, FIELDS[kind])
        if kind == "ledger":
            columns, defaults = of_clients_alone(dated_entries(columns), headings, sample)
            return Mapping(kind, columns, defaults=defaults)
        if kind == "invoices":
            return Mapping(kind, with_client(only_amount(columns), headings, sample))
        ageing, added = ageing_columns(headings, columns)
        return Mapping(kind, with_client(columns | ageing, headings, sample), added=added)
    found = [propose(headings, sample, each) for each in FIELDS]
    return min(found, key=lambda one: (len(missing(one)), not _of_journals(one), -len(one.columns)))


def _of_journals(mapping: Mapping) -> bool:
    """Whether columns are those of a ledger's entries: a list of invoices has no journals, no lettering."""
    return mapping.kind == "ledger" and bool({"journal", "letter"} & mapping.columns.keys())
