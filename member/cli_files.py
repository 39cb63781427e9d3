"""Commands about files: what a file says and would send (preview), and sending it (push)."""

from __future__ import annotations

import sys
from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from member.cli_difference import confirm_changed_past, show_changed_past, show_clear
from member.cli_frame import (
    Lang,
    Patience,
    Place,
    answering,
    language,
    open_member,
    print_json,
)
from member.cli_holders import say_out
from member.cli_show import month_values, show_preview, show_problems
from member.cli_texts import told

if TYPE_CHECKING:
    from datetime import date

    from benchmark.problems import Problem
    from member.client_list import Known
    from member.connectors.fec import Terms
    from member.imported import Imported
    from member.keystore import Member
    from member.mapping import Mapping
    from member.push import PushResult

File = Annotated[
    Path,
    typer.Argument(
        help="an FEC; invoices or figures by month as CSV or XLSX; electronic invoices, or their ZIP"
    ),
]
Previous = Annotated[
    list[Path] | None,
    typer.Argument(help="the years before, of an FEC: what it brings forward gets its dates"),
]
Rate = Annotated[
    list[str] | None, typer.Option("--rate", help="of another currency, such as CHF=1.0432; repeatable")
]
SaveMapping = Annotated[
    Path | None, typer.Option("--save-mapping", help="keep which column is what as JSON, for the next month")
]
Agreed = Annotated[
    str, typer.Option("--terms", help="agreed terms where none are told: 60, or 45 end of month")
]
MappingFile = Annotated[Path | None, typer.Option("--mapping", help="which column is what, as JSON")]
Columns = Annotated[
    list[str] | None, typer.Option("--column", help="FIELD=HEADING, such as amount=Montant TTC; repeatable")
]
Accounts = Annotated[
    Path | None,
    typer.Option("--map-identifiers", help="CSV or XLSX: account and identifier, for files without a SIREN"),
]
Kind = Annotated[str, typer.Option("--kind", help="invoices, figures or ledger, where it is not recognised")]
Sheet = Annotated[str, typer.Option("--sheet", help="the workbook's sheet")]
Months = Annotated[int, typer.Option("--months", help="how many months to prepare; 0: all", min=0)]
Through = Annotated[str, typer.Option("--through", help="last complete month, such as 2026-11")]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="leave wrong rows out instead of refusing the file")
]
Whole = Annotated[
    bool, typer.Option("--replace", help="the file's months are the whole truth: other clients leave them")
]
Clear = Annotated[
    bool, typer.Option("--clear", help="show every row that would leave, with its client's name")
]
WriteClear = Annotated[
    Path | None,
    typer.Option("--write", help="write these rows there as CSV, for yourself", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read, as the command line says."""

    mapping: Path | None
    columns: list[str]
    accounts: Path | None
    kind: str
    sheet: str
    months: int
    through: str
    skip_bad: bool
    previous: Sequence[Path] = ()
    terms: str = ""
    rates: Sequence[str] = ()
    known: Lookup[str, Known] | None = None


def preview(
    file: File,
    previous: Previous = None,
    mapping: MappingFile = None,
    column: Columns = None,
    map_identifiers: Accounts = None,
    kind: Kind = "",
    sheet: Sheet = "",
    months: Months = 24,
    through: Through = "",
    skip_bad: SkipBad = False,
    terms: Agreed = "",
    rate: Rate = None,
    save_mapping: SaveMapping = None,
    clear: Clear = False,
    write: WriteClear = None,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Show what a file says, and exactly what would leave. Nothing is sent, nothing is asked of the network.

    What a month sent before would say otherwise is shown client by client.

    Exit codes: 0 the file is good, 3 it has problems.
    """
    chosen = language(lang)
    reading = Reading(
        mapping,
        column or [],
        map_identifiers,
        kind,
        sheet,
        months,
        through,
        skip_bad,
        previous or [],
        terms,
        rate or [],
    )
    with answering(chosen) as leaving:
        from member.home import Home, default_home
        from member.preview import preview as look

        enrolled = Home(home or default_home()).enrolled
        member = open_member(home, chosen, leaving) if enrolled else None
        imported = read(file, reading, member, None, chosen)
        found = look(imported, file.name, member)
        if save_mapping is not None:
            from member.mapping import save

            save(imported.summary.get("mapping"), save_mapping)
        if as_json:
            print_json(found.as_json(chosen))
        else:
            show_preview(found, chosen)
            show_changed_past(found, chosen)
        if clear or write is not None:
            show_clear(found, write, chosen)
        _end(imported)


def push(
    file: File,
    previous: Previous = None,
    mapping: MappingFile = None,
    column: Columns = None,
    map_identifiers: Accounts = None,
    kind: Kind = "",
    sheet: Sheet = "",
    months: Months = 24,
    through: Through = "",
    skip_bad: SkipBad = False,
    terms: Agreed = "",
    rate: Rate = None,
    replace: Whole = False,
    after_restore: Annotated[
        bool, typer.Option("--after-restore", help="the operator restored a backup: send again what it lost")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="do not ask before a month sent before is changed")
    ] = False,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Send a file's months: pseudonyms and figures, never a name. All or nothing; the same again is safe.

    What a month sent before would say otherwise is shown first; at a terminal it is asked whether to go on.

    Exit codes: 0 sent (or nothing new), 3 the file has problems and nothing was sent, 4 the network refused,
    5 no answer, 6 what came back is not what the pinned keys vouch for, 7 the home cannot be used.
    """
    chosen = language(lang)
    reading = Reading(
        mapping,
        column or [],
        map_identifiers,
        kind,
        sheet,
        months,
        through,
        skip_bad,
        previous or [],
        terms,
        rate or [],
    )
    with answering(chosen) as leaving:
        member = open_member(home, chosen, leaving)
        facts = member.check_network()
        member.shelf.sync(member, after_restore=after_restore)
        imported = read(file, reading, member, facts.today, chosen)
        if not imported.months:
            show_problems(imported.problems, chosen)
            print(told("nothing-sent", chosen), file=sys.stderr)
            _end(imported)
        _send(member, imported, file.name, chosen, replace=replace, yes=yes, as_json=as_json)


def _send(
    member: Member, imported: Imported, source: str, lang: str, *, replace: bool, yes: bool, as_json: bool
) -> None:
    from member.push import push as send

    changed = confirm_changed_past(
        member, imported, source, lang, replace=replace, yes=yes or as_json, quiet=as_json
    )
    with Patience(lang, "asking") as progress:
        result = send(member, imported, progress, replace=replace)
    say_out(member, lang)
    if as_json:
        print_json(_result_json(result, imported, lang) | {"changed_past": changed})
        return
    show_problems(imported.problems, lang)
    show_result(result, lang)
    _warn_delegation(member, lang)


def _end(imported: Imported) -> None:
    from member.refusals import EXIT_FILE

    if not imported.months:
        raise typer.Exit(EXIT_FILE)


# ---- reading


def read(file: Path, reading: Reading, member: Member | None, today: date | None, lang: str) -> Imported:
    """Import a file as the command line says; the book helps with accounts that it knows."""
    from benchmark.problems import Problem
    from member.account_map import read_accounts
    from member.currency import read_rates
    from member.import_file import Options, read_file
    from member.imported import Imported
    from member.receipts import read_month

    known: dict[str, Known] = {} if member is None else accounts_of(member)
    known |= reading.known or {}
    if reading.accounts is not None:
        given = read_accounts(reading.accounts)
        if isinstance(given, list):
            return Imported(problems=given)
        known |= given
    rates = read_rates({code: text for code, _, text in (one.partition("=") for one in reading.rates)})
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
        currency=member.pins.currency if member else "EUR",
    )
    with Patience(lang, "reading"):
        mapping = _mapping(file, reading, options)
        if isinstance(mapping, Problem):
            return Imported(problems=[mapping])
        return read_file(file, mapping, options, reading.previous)


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
    for one in reading.columns:
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


# ---- showing


def show_result(result: PushResult, lang: str) -> None:
    """What was sent."""
    from benchmark.upload import month_text

    if result.recovered:
        months = ", ".join(month_text(month) for month in sorted(set(result.recovered)))
        print(told("recovered-months", lang, months=months))
    if not result.months:
        print(told("nothing-new", lang))
        return
    rows = sum(change.rows for change in result.months)
    print(told("sent", lang, months=len(result.months), rows=rows))
    for change in result.months:
        print(told("sent-month", lang, **month_values(change)))
    if result.evaluated:
        print(told("identifiers-asked", lang, count=result.evaluated))


def _result_json(result: PushResult, imported: Imported, lang: str) -> dict[str, Any]:
    from benchmark.upload import month_text
    from member.preview import months_json, problems_json

    return {
        "months": months_json(result.months),
        "unchanged": [month_text(month) for month in result.unchanged],
        "recovered": [month_text(month) for month in sorted(set(result.recovered))],
        "receipts": [
            {"month": one.month, "digest": one.digest.hex(), "received_at": one.received_at}
            for one in result.receipts
        ],
        "identifiers_asked": result.evaluated,
        "problems": problems_json(imported.problems, lang),
    }


def _warn_delegation(member: Member, lang: str) -> None:
    from member.cli_views import delegation_ends_soon

    until = delegation_ends_soon(member)
    if until is not None:
        print(told("delegation-ends", lang, until=until), file=sys.stderr)
