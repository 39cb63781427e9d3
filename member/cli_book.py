"""The commands `book ...`: what the client book holds, what a person changes in it, what she takes away."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member.cli_frame import Lang, Place, answering, language, open_member
from member.cli_texts import told

if TYPE_CHECKING:
    from member.book import Client, Contents
    from member.keystore import Member

app = typer.Typer(
    help="The client book: names and identifiers, sealed for the firm alone.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)
Text = Annotated[str, typer.Argument(help="a name or part of it, a SIREN, an account")]
Sure = Annotated[bool, typer.Option("--yes", help="do not ask")]


@app.command("list")
def show(
    text: Annotated[str, typer.Argument(help="only clients like this")] = "",
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Clients with their identifiers and accounts, by name."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.book_edit import found_by
        from member.identify_review import shown

        found = found_by(_synced(home, chosen, leaving).book, text)
        for client in found:
            mark = told("book-confidential", chosen) if client.confidential else ""
            named = [
                shown(client.identifier),
                client.name,
                client.city or "",
                f"[{' '.join(client.accounts)}]",
            ]
            print("  ".join(filter(None, [*named, mark])))
        print(told("book-count", chosen, count=len(found)))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="where to write it: .json (all of it) or .csv (rows sent)")],
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Write the whole book in the clear: names, identifiers, terms, every row that was sent."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.book_edit import export_csv, export_json
        from member.home import write_file
        from member.refusals import InputRefused

        if file.exists():
            raise InputRefused("file-exists", path=file)
        member = _synced(home, chosen, leaving)
        whole = file.suffix.lower() != ".csv"
        content = export_json(member.book, str(member.firm_id)) if whole else export_csv(member.book)
        write_file(file.resolve(), content)
        print(told("book-exported", chosen, path=file, clients=len(member.book.clients)))


@app.command()
def merge(
    file: Annotated[Path, typer.Argument(help="an export of a book (.json)")],
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Take up clients and accounts from an export: what this book knows stays, what it lacks is added."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.book_edit import merged_with
        from member.refusals import InputRefused

        member = _synced(home, chosen, leaving)
        before = len(member.book.clients)
        try:
            after = merged_with(member.book, file.read_bytes())
        except (OSError, ValueError):
            raise InputRefused("book-export", path=file) from None
        member.shelf.save(member, after)
        print(told("book-merged", chosen, count=len(after.clients) - before, clients=len(after.clients)))


@app.command()
def confidential(
    text: Text,
    off: Annotated[bool, typer.Option("--off", help="take the mark away")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Mark a client: it contributes nothing, and the next push takes it out of every month."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.book_edit import with_mark

        member = _synced(home, chosen, leaving)
        client = _one(member.book, text)
        member.shelf.save(member, with_mark(member.book, client.identifier, confidential=not off))
        print(told("book-marked-off" if off else "book-marked", chosen, name=client.name))


@app.command()
def forget(text: Text, yes: Sure = False, home: Place = None, lang: Lang = "") -> None:
    """Forget a client's name, identifier and accounts; what was sent under its pseudonym stays sent."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.book_edit import without_clients
        from member.credit import LIGHTS, read_lights, without_light
        from member.credit_file import change_lights

        member = _synced(home, chosen, leaving)
        client = _one(member.book, text)
        if not yes and not typer.confirm(told("book-forget-sure", chosen, name=client.name)):
            raise typer.Exit(0)
        member.shelf.save(member, without_clients(member.book, {client.identifier}))
        if client.identifier in read_lights(member.shelf.segment(member, LIGHTS)).clients:
            change_lights(member, lambda lights: without_light(lights, client.identifier))
        print(told("book-forgotten", chosen, name=client.name))


@app.command()
def wipe(yes: Sure = False, home: Place = None, lang: Lang = "") -> None:
    """Delete every sealed segment of the book, at the network and here. Export it first.

    Months that were sent stay with the network under pseudonyms; nobody can name them any more.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        member = _synced(home, chosen, leaving)
        count = len(member.book.clients)
        if not yes and not typer.confirm(told("book-wipe-sure", chosen, count=count)):
            raise typer.Exit(0)
        member.shelf.empty(member)
        print(told("book-wiped", chosen, count=count))


def _synced(home: Path | None, lang: str, leaving: ExitStack) -> Member:
    member = open_member(home, lang, leaving)
    member.check_network()
    member.shelf.sync(member)
    return member


def _one(contents: Contents, text: str) -> Client:
    from member.book_edit import found_by
    from member.refusals import InputRefused

    found = found_by(contents, text)
    if len(found) != 1:
        raise InputRefused("book-which", found=len(found), text=text)
    return found[0]
