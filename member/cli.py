"""`vigie`: the member's command. It reads the firm's files, blinds, sends, and shows what came of it.

Knows: the commands. What each does is in the functions that the demo and the tests call too.
"""

from __future__ import annotations

import sys

import typer

from member import (
    cli_alerts,
    cli_book,
    cli_delivery,
    cli_devices,
    cli_dossier,
    cli_figures,
    cli_files,
    cli_holders,
    cli_holds,
    cli_identify,
    cli_keyring,
    cli_notices,
    cli_overlap,
    cli_page,
    cli_score,
    cli_sharing,
    cli_transcript,
    cli_verify,
    cli_views,
    cli_watch,
)
from member.cli_frame import Lang, Place, answering, language, open_member, secret

EPILOG = (
    "Exit codes: 0 done · 1 unforeseen · 2 wrong usage · 3 the file, a key or an answer has problems, and"
    " nothing was sent · 4 the network refused · 5 no answer from the network · 6 what the network shows is"
    " not what the pinned keys vouch for · 7 the home folder cannot be used · 8 nothing is wrong, but not all"
    " could be checked (verify) · 9 held: a month sent before would change (watch).\n\n"
    "Environment: VIGIE_HOME, VIGIE_LANG, VIGIE_PASSPHRASE, VIGIE_PASSWORD, VIGIE_ACCOUNT_KEY,"
    " VIGIE_DEVICE_CODE, VIGIE_RECOVERY_KIT."
)

app = typer.Typer(
    help="Vigie, the member's side: names stay here, pseudonyms and figures leave.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",
)


def talk(home: Place = None, lang: Lang = "") -> None:
    """Calls and conversations with other suppliers of a client, at the terminal."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.talk import talk as sit

        sit(
            open_member(home, chosen, leaving),
            chosen,
            password=lambda: secret("ask-password", "VIGIE_PASSWORD", chosen),
        )


for name, command in (
    ("enrol", cli_devices.enrol),
    ("login", cli_devices.login),
    ("overlap", cli_overlap.overlap),
    ("identify", cli_identify.identify),
    ("preview", cli_files.preview),
    ("figures", cli_figures.figures),
    ("push", cli_files.push),
    ("watch", cli_watch.watch),
    ("portfolio", cli_views.portfolio),
    ("open", cli_page.open_page),
    ("verify-page", cli_page.verify_page),
    *cli_score.COMMANDS,
    ("notices", cli_notices.notices),
    ("dossier", cli_dossier.dossier),
    ("talk", talk),
    ("transcript", cli_transcript.transcript),
    ("holds", cli_holds.holds),
    ("status", cli_views.status),
    ("verify", cli_verify.verify),
    ("holders", cli_holders.holders),
    ("rekey", cli_holders.rekey),
    ("terms-sharing", cli_sharing.terms_sharing),
    ("device-add", cli_devices.device_add),
    ("user-add", cli_devices.user_add),
    *cli_keyring.COMMANDS,
    ("recover", cli_devices.recover),
    ("wipe", cli_devices.wipe),
):
    app.command(name)(command)

app.add_typer(cli_book.app, name="book")
cli_alerts.app.callback(invoke_without_command=True)(cli_views.alerts)
app.add_typer(cli_alerts.app, name="alerts")
app.add_typer(cli_delivery.webhooks, name="webhooks")
app.add_typer(cli_delivery.notify, name="notify")


def main() -> None:
    """The entry point `vigie`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show an accent still shows the rest
    app()
