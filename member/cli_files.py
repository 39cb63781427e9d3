"""Commands about files: what a file says and would send (preview), and sending it (push)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from member.cli_frame import (
    Lang,
    Patience,
    Place,
    answering,
    language,
    money,
    open_member,
    print_json,
)
from member.cli_texts import told

if TYPE_CHECKING:
    from datetime import date

    from benchmark.problems import Problem
    from member.client_list import Known
    from member.imported import Imported
    from member.keystore import Member
    from member.mapping import Mapping
    from member.preview import Preview
    from member.push import PushResult

PROBLEMS_SHOWN = 50

File = Annotated[Path, typer.Argument(help="CSV or XLSX: a list of invoices, or figures by client and month")]
MappingFile = Annotated[Path | None, typer.Option("--mapping", help="which column is what, as JSON")]
Columns = Annotated[
    list[str] | None, typer.Option("--column", help="FIELD=HEADING, such as amount=Montant TTC; repeatable")
]
Accounts = Annotated[
    Path | None,
    typer.Option("--map-identifiers", help="CSV or XLSX: account and identifier, for files without a SIREN"),
]
Kind = Annotated[str, typer.Option("--kind", help="invoices or figures, where it is not recognised")]
Sheet = Annotated[str, typer.Option("--sheet", help="the workbook's sheet")]
Months = Annotated[int, typer.Option("--months", help="how many months to prepare; 0: all", min=0)]
Through = Annotated[str, typer.Option("--through", help="last complete month, such as 2026-11")]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="leave wrong rows out instead of refusing the file")
]
Whole = Annotated[
    bool, typer.Option("--replace", help="the file's months are the whole truth: other clients leave them")
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


def preview(
    file: File,
    mapping: MappingFile = None,
    column: Columns = None,
    map_identifiers: Accounts = None,
    kind: Kind = "",
    sheet: Sheet = "",
    months: Months = 24,
    through: Through = "",
    skip_bad: SkipBad = False,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Show what a file says, and exactly what would leave. Nothing is sent, nothing is asked of the network.

    Exit codes: 0 the file is good, 3 it has problems.
    """
    chosen = language(lang)
    reading = Reading(mapping, column or [], map_identifiers, kind, sheet, months, through, skip_bad)
    with answering(chosen) as leaving:
        from member.home import Home, default_home
        from member.preview import preview as look

        enrolled = Home(home or default_home()).enrolled
        member = open_member(home, chosen, leaving) if enrolled else None
        imported = read(file, reading, member, None, chosen)
        found = look(imported, file.name, member)
        if as_json:
            print_json(found.as_json(chosen))
        else:
            show_preview(found, chosen)
        _end(imported)


def push(
    file: File,
    mapping: MappingFile = None,
    column: Columns = None,
    map_identifiers: Accounts = None,
    kind: Kind = "",
    sheet: Sheet = "",
    months: Months = 24,
    through: Through = "",
    skip_bad: SkipBad = False,
    replace: Whole = False,
    after_restore: Annotated[
        bool, typer.Option("--after-restore", help="the operator restored a backup: send again what it lost")
    ] = False,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Send a file's months: pseudonyms and figures, never a name. All or nothing; the same again is safe.

    Exit codes: 0 sent (or nothing new), 3 the file has problems and nothing was sent, 4 the network refused,
    5 no answer, 6 what came back is not what the pinned keys vouch for, 7 the home cannot be used.
    """
    chosen = language(lang)
    reading = Reading(mapping, column or [], map_identifiers, kind, sheet, months, through, skip_bad)
    with answering(chosen) as leaving:
        from member.push import push as send

        member = open_member(home, chosen, leaving)
        facts = member.check_network()
        member.shelf.sync(member, after_restore=after_restore)
        imported = read(file, reading, member, facts.today, chosen)
        if not imported.months:
            show_problems(imported.problems, chosen)
            print(told("nothing-sent", chosen), file=sys.stderr)
            _end(imported)
        with Patience(chosen, "asking") as progress:
            result = send(member, imported, progress, replace=replace)
        if as_json:
            print_json(_result_json(result, imported, chosen))
        else:
            show_problems(imported.problems, chosen)
            show_result(result, chosen)
            _warn_delegation(member, chosen)


def _end(imported: Imported) -> None:
    from member.refusals import EXIT_FILE

    if not imported.months:
        raise typer.Exit(EXIT_FILE)


# ---- reading


def read(file: Path, reading: Reading, member: Member | None, today: date | None, lang: str) -> Imported:
    """Import a file as the command line says; the book helps with accounts that it knows."""
    from benchmark.problems import Problem
    from member.account_map import read_accounts
    from member.import_file import Options, read_bytes
    from member.imported import Imported
    from member.receipts import read_month

    known: dict[str, Known] = {} if member is None else accounts_of(member)
    if reading.accounts is not None:
        given = read_accounts(reading.accounts)
        if isinstance(given, list):
            return Imported(problems=given)
        known |= given
    options = Options(
        today=today,
        through_month=read_month(reading.through) if reading.through else None,
        months=reading.months or None,
        accounts=known,
        skip_bad=reading.skip_bad,
        kind=_kind(reading.kind),
        sheet=reading.sheet or None,
        currency=member.pins.currency if member else "EUR",
    )
    with Patience(lang, "reading"):
        try:
            data = file.read_bytes()
        except OSError:
            return Imported(problems=[Problem("file-missing", found=str(file))])
        mapping = _mapping(data, reading, options)
        if isinstance(mapping, Problem):
            return Imported(problems=[mapping])
        return read_bytes(data, mapping, options)


def _kind(asked: str) -> Any:
    if asked not in {"", "invoices", "figures"}:
        raise typer.BadParameter(f"found {asked!r}, expected invoices or figures", param_hint="--kind")
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


def _mapping(data: bytes, reading: Reading, options: Any) -> Mapping | Problem | None:
    """The mapping of the file, with single columns of the command line over it; None: recognised."""
    import msgspec

    from benchmark.problems import Problem
    from member.import_file import recognise
    from member.imported import Imported
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
        recognised = recognise(data, None, options)
        if isinstance(recognised, Imported):
            found = recognised.summary.get("mapping")
            if found is None:
                return recognised.problems[0]
        else:
            found = recognised[2]
    kept = {name: heading for name, heading in found.columns.items() if heading not in chosen.values()}
    return msgspec.structs.replace(found, columns={**kept, **chosen})


# ---- showing


def show_problems(problems: list[Problem], lang: str) -> None:
    """On standard error, each with its place."""
    from benchmark.problems import tell

    for problem in problems[:PROBLEMS_SHOWN]:
        print(f"{'·' if problem.notice else '✗'} {tell(problem, lang)}", file=sys.stderr)
    if len(problems) > PROBLEMS_SHOWN:
        print(f"… + {len(problems) - PROBLEMS_SHOWN}", file=sys.stderr)


def show_preview(found: Preview, lang: str) -> None:
    """What is in the file, then what would leave."""
    from benchmark.upload import FIELDS

    said: Callable[..., None] = lambda key, **values: print(told(key, lang, **values))  # noqa: E731
    facts = found.as_json(lang)
    show_problems(found.imported.problems, lang)
    said("preview", source=found.source)
    outstanding = money(facts["outstanding_cents"], lang)
    if facts["invoices"] is None:
        said("preview-figures", clients=facts["clients"], outstanding=outstanding)
    else:
        counts = {name: facts[name] for name in ("clients", "invoices", "open", "disputed")}
        said("preview-file", **counts, outstanding=outstanding)
    if found.confidential:
        said("preview-confidential", count=found.confidential)
    if not found.ok:
        said("nothing-sent")
        return
    for change in found.months or []:
        said("sent-month", **_month_values(change))
    if found.months is not None and not found.months:
        said("nothing-new")
    said("preview-leaves", fields=len(FIELDS))
    if found.new_identifiers:
        said("preview-asks", count=found.new_identifiers)
    if found.months is None:
        said("preview-alone")


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
        print(told("sent-month", lang, **_month_values(change)))
    if result.evaluated:
        print(told("identifiers-asked", lang, count=result.evaluated))


def _month_values(change: Any) -> dict[str, object]:
    from benchmark.upload import month_text

    return {
        "month": month_text(change.month),
        "rows": change.rows,
        "added": change.added,
        "changed": change.changed,
        "removed": change.removed,
    }


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
