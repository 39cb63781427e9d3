"""Commands about files: what a file says and would send (preview), and sending it (push)."""

from __future__ import annotations

import sys
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
from member.cli_reading import Reading, read
from member.cli_show import month_values, show_preview, show_problems
from member.cli_texts import told

if TYPE_CHECKING:
    from member.imported import Imported
    from member.keystore import Member
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
Ceiling = Annotated[
    list[str] | None,
    typer.Option(
        "--ceiling",
        help="legal ceiling on your terms: transport, sector:H=transport, C001=public; repeatable",
    ),
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
    ceiling: Ceiling = None,
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
        column,
        map_identifiers,
        kind,
        sheet,
        months,
        through,
        skip_bad,
        previous,
        terms,
        rate,
        ceiling,
    )
    with answering(chosen) as leaving:
        from member.home import Home, default_home
        from member.preview import preview as look

        enrolled = Home(home or default_home()).enrolled
        member = open_member(home, chosen, leaving) if enrolled else None
        imported = read(file, reading, member, None, chosen)
        found = look(imported, file.name, member)
        _keep_mapping(imported, save_mapping)
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
        mapping, column, map_identifiers, kind, sheet, months, through, skip_bad, previous, terms, rate
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


def _keep_mapping(imported: Imported, path: Path | None) -> None:
    from member.mapping import save

    if path is not None:
        save(imported.summary.get("mapping"), path)


def _end(imported: Imported) -> None:
    from member.refusals import EXIT_FILE

    if not imported.months:
        raise typer.Exit(EXIT_FILE)


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
