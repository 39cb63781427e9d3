"""How the commands read a file: what the command line says, the book's own accounts, a kept mapping.

Knows: options as people type them, and the import. Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from member.cli_frame import Patience

if TYPE_CHECKING:
    from datetime import date

    from benchmark.problems import Problem
    from member.client_list import Known
    from member.connectors.fec import Terms
    from member.imported import Imported
    from member.keystore import Member
    from member.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read, as the command line says."""

    mapping: Path | None
    columns: Sequence[str] | None
    accounts: Path | None
    kind: str
    sheet: str
    months: int
    through: str
    skip_bad: bool
    previous: Sequence[Path] | None = None
    terms: str = ""
    rates: Sequence[str] | None = None
    ceilings: Sequence[str] | None = None
    known: Lookup[str, Known] | None = None


def read(file: Path, reading: Reading, member: Member | None, today: date | None, lang: str) -> Imported:
    """Import a file as the command line says; the book helps with accounts that it knows."""
    from benchmark.problems import Problem
    from member.account_map import read_accounts
    from member.ceiling_choice import read_choices
    from member.currency import read_rates
    from member.import_file import Options, read_file
    from member.imported import Imported
    from member.notice_incidents import judged
    from member.receipts import read_month

    known: dict[str, Known] = {} if member is None else accounts_of(member)
    known |= reading.known or {}
    if reading.accounts is not None:
        given = read_accounts(reading.accounts)
        if isinstance(given, list):
            return Imported(problems=given)
        known |= given
    ceilings = read_choices(reading.ceilings or ())
    if isinstance(ceilings, Problem):
        return Imported(problems=[ceilings])
    rates = read_rates({code: text for code, _, text in (one.partition("=") for one in reading.rates or ())})
    if isinstance(rates, Problem):
        return Imported(problems=[rates])
    options = Options(
        today=today,
        through_month=read_month(reading.through) if reading.through else None,
        months=reading.months or None,
        accounts=known,
        skip_bad=reading.skip_bad,
        kind=_kind(reading.kind),
        sheet=reading.sheet or None,
        terms=_terms(reading.terms),
        rates=rates,
        ceilings=ceilings,
        currency=member.pins.currency if member else "EUR",
    )
    with Patience(lang, "reading"):
        mapping = _mapping(file, reading, options)
        if isinstance(mapping, Problem):
            return Imported(problems=[mapping])
        imported = read_file(file, mapping, options, reading.previous or ())
    return imported if member is None else judged(imported, member)


def _terms(asked: str) -> Terms | None:
    """Terms of payment as people write them on a command line."""
    from benchmark.terms import parse_terms
    from member.connectors.fec import Terms

    if not asked:
        return None
    found = parse_terms(asked)
    if found is None:
        raise typer.BadParameter(f"found {asked!r}, expected 60 or 45 end of month", param_hint="--terms")
    return Terms(*found)


def _kind(asked: str) -> Any:
    if asked not in {"", "invoices", "figures", "ledger"}:
        expected = "invoices, figures or ledger"
        raise typer.BadParameter(f"found {asked!r}, expected {expected}", param_hint="--kind")
    return asked or None


def accounts_of(member: Member) -> dict[str, Known]:
    """The book's own map of accounts. Terms are left out: the ones in the book were learned, not agreed."""
    from member.client_list import Known, account_key

    return {
        account_key(account): Known(
            client.identifier,
            name=client.name,
            city=client.city,
            sector=client.sector,
            region=client.region,
            confidential=client.confidential,
        )
        for client in member.book.clients.values()
        for account in client.accounts
    }


def _mapping(file: Path, reading: Reading, options: Any) -> Mapping | Problem | None:
    """The mapping of the file, with single columns of the command line over it; None: recognised."""
    import msgspec

    from benchmark.problems import Problem
    from member.import_file import propose_mapping
    from member.mapping import load
    from member.refusals import InputRefused

    found = load(reading.mapping) if reading.mapping else None
    if isinstance(found, Problem) or not reading.columns:
        return found
    chosen = {}
    for one in reading.columns or ():
        field, equals, heading = one.partition("=")
        if not equals or not field.strip() or not heading.strip():
            raise InputRefused("column-option", found=one)
        chosen[field.strip()] = heading.strip()
    if found is None:
        found = propose_mapping(file, options)
    if isinstance(found, Problem):
        return found
    kept = {name: heading for name, heading in found.columns.items() if heading not in chosen.values()}
    return msgspec.structs.replace(found, columns={**kept, **chosen})
