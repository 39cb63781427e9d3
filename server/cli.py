"""`vigied`: the operator's command. Every failure that an operator can mend is one line on standard error."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from server import cli_keyholder, cli_roster, processor
from server.cli_outcome import fail, listen, run
from server.settings import KINDS, SettingRefused, Settings

if TYPE_CHECKING:
    pass

app = typer.Typer(help="Vigie, the operator's side.", no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(cli_keyholder.app, name="keyholder")
app.add_typer(cli_roster.app, name="roster")


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except SettingRefused as error:
        fail(str(error))


@app.command()
def migrate(
    kind: Annotated[str, typer.Option(help=f"of a fresh database: {', '.join(KINDS)}")] = "",
    today: Annotated[str, typer.Option(help="business date of a fresh demo or replay, 2026-11-01")] = "",
    roster: Annotated[
        Path | None, typer.Option(help="three key holders' signed roster, for a fresh network")
    ] = None,
    profile: Annotated[str, typer.Option(help="release policy of a fresh network")] = "standard-1",
) -> None:
    """Create the database and its keys, or bring an existing database up to date."""
    from datetime import date

    from privacy.profiles import PROFILES
    from server.keyholder_folder import read_signed
    from server.network import migrate as work

    settings = _settings()
    if kind and kind not in KINDS:
        fail(f"--kind: expected one of {', '.join(KINDS)}")
    try:
        start = date.fromisoformat(today) if today else None
    except ValueError:
        fail("--today: expected a date such as 2026-11-01")
    if profile not in PROFILES:
        fail(f"--profile: expected one of {', '.join(PROFILES)}")
    settings = replace(settings, kind=kind or settings.kind)
    run(lambda chosen: work(chosen, start, read_signed(roster) if roster else None, profile), settings)


@app.command()
def serve(port: Annotated[int | None, typer.Option(help="0: a free one (default: PORT)")] = None) -> None:
    """Serve the API and the page."""
    import logging

    from server.serving import serve as work

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    settings = _settings()
    if port is not None:
        settings = replace(settings, port=port)
    listener = listen(settings.host, settings.port)
    run(lambda chosen: work(chosen, listener), settings)


@app.command()
def release(month: Annotated[str, typer.Argument(help="2026-11; default: the next one due")] = "") -> None:
    """Publish a month whose day has come; a no-op when it is published."""
    from server.operating import publish

    run(lambda settings: publish(settings, month))


@app.command()
def withdraw(
    month: Annotated[str, typer.Argument(help="the defective release, 2026-11")],
    reason: Annotated[str, typer.Option(help="what is wrong with it: public, without a name or a figure")],
) -> None:
    """Say in the next manifest that a release is defective. It stays as it was signed."""
    from server.operating import withdraw as work

    run(lambda settings: work(settings, month, reason))


@app.command()
def expel(
    firm: Annotated[UUID, typer.Argument(help="the firm's id, as the operator's page lists it")],
    reason: Annotated[str, typer.Option(help="for the audit logs: the firm's and the operator's")],
) -> None:
    """Expel a firm, for fraud: it is let in no more, and its group is in no cell from the next release on."""
    from server.operating import expel as work

    run(lambda settings: work(settings, firm, reason))


@app.command()
def regroup(
    firm: Annotated[UUID, typer.Argument(help="the firm's id, as the operator's page lists it")],
    into: Annotated[
        UUID | None, typer.Option("--with", help="a firm of the group that it belongs to; default: its own")
    ] = None,
) -> None:
    """Say that two firms are one corporate group, or no longer: firms of a group count once."""
    from server.operating import regroup as work

    run(lambda settings: work(settings, firm, into))


@app.command()
def candidate(
    name: Annotated[str, typer.Argument(help="the firm that thinks of joining")],
    clients: Annotated[int, typer.Option(help="how many clients it may ask about, at most")] = 5_000,
) -> None:
    """Invite a firm to ask, once, how much of its portfolio would be compared; print its invitation."""
    from server.operating import candidate as work

    run(lambda settings: work(settings, name, clients))


@app.command("operator-add")
def operator_add(
    email: Annotated[str, typer.Argument(help="the operator's e-mail")],
    token: Annotated[bool, typer.Option(help="print a bearer token for the API")] = False,
) -> None:
    """Add an operator, who admits firms; print the account key and a first password, this once."""
    from server.operating import add_operator

    run(lambda settings: add_operator(settings, email, token=token))


@app.command("operator-reset-factor")
def operator_reset_factor(email: Annotated[str, typer.Argument(help="the operator's e-mail")]) -> None:
    """Take the second factor off an operator who has lost telephone and paper; the log says so."""
    from server.operating import reset_operator_factor

    run(lambda settings: reset_operator_factor(settings, email))


@app.command()
def explode(digest: Annotated[str, typer.Argument(help="the upload's digest, in hexadecimal")]) -> None:
    """Print the rows of an upload as CSV, for support: pseudonyms and figures."""
    from server.operating import rows_of

    async def work(settings: Settings) -> None:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        async for row in rows_of(settings, digest):
            writer.writerow(row)

    run(work)


@app.command()
def openapi(
    file: Annotated[Path, typer.Argument(help="where to write it")] = Path("docs/openapi.json"),
) -> None:
    """Write the API's schema."""
    from server.operating import schema_text

    file.write_text(schema_text(), encoding="utf-8")


@app.command()
def privacy(folder: Annotated[Path, typer.Argument(help="the pages")] = Path("docs/privacy")) -> None:
    """Write the tables in the lawyers' pages again, from the code."""
    from server.privacy_pages import write

    for page in write(folder):
        print(f"written: {page}")


@app.command()
def policy() -> None:
    """Write the tables of docs/policy.md again, from the profiles and the measured costs."""
    from server.policy_page import PAGE, write

    print(f"written: {PAGE}" if write() else f"current: {PAGE}")


@app.command(hidden=True)
def migration() -> None:
    """Write the initial migrations again from the tables: only before a first version is published."""
    from server.schema import write_initial

    write_initial()


def main() -> None:
    """The entry point `vigied`."""
    processor.choose()
    app()
