"""The command `holds`: which conversations the firm has, which are held, holding one and letting go."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member.cli_frame import (
    Lang,
    Place,
    answering,
    language,
    open_member,
    person_at,
    print_json,
    secret,
)

if TYPE_CHECKING:
    from member.talk_holding import Holds


def holds(
    address: Annotated[str, typer.Argument(help="an auditor, who has no device: the network's address")] = "",
    email: Annotated[str, typer.Option(help="an auditor: your e-mail")] = "",
    hold: Annotated[str, typer.Option(metavar="ID", help="hold the conversation whose id begins so")] = "",
    release: Annotated[str, typer.Option(metavar="ID", help="let go of it again")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="do not ask before letting go")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Legal holds: a conversation that is held keeps everything for your firm, whatever is withdrawn or old.

    An administrator's (the password is asked, or VIGIE_PASSWORD), or an auditor's, with ADDRESS and --email
    (VIGIE_ACCOUNT_KEY besides). Lists the firm's conversations by their ids, nothing of what is said. The
    other side does not see a hold; the firm's audit log does. Within `vigie talk`: /hold and /release.
    """
    from member.talk_texts import told

    chosen = language(lang)
    if (hold and release) or bool(address) != bool(email):
        raise typer.BadParameter("expected: [ADDRESS --email E-MAIL] [--hold ID | --release ID]")
    with answering(chosen) as leaving:
        found = leaving.enter_context(_open(address, email, home, chosen, leaving))
        if release and not yes and not typer.confirm(told("release_sure_once", chosen)):
            raise typer.Exit(0)
        if hold or release:
            found.put(found.find(hold or release).id, held=bool(hold))
            print(told("held" if hold else "released", chosen))
            return
        listed = found.listed()
        if as_json:
            print_json(
                [
                    {
                        "id": str(one.id),
                        "started_on": one.started_on.isoformat(),
                        "held_on": one.held_on.isoformat() if one.held_on else None,
                    }
                    for one in listed
                ]
            )
            return
        for one in listed:
            since = told("held_since", chosen, day=one.held_on) if one.held_on else ""
            print(f"{str(one.id)[:8]}  {one.started_on}  {since}".rstrip())
        if not listed:
            print(told("no_talks", chosen))


def _open(address: str, email: str, home: Path | None, lang: str, leaving: ExitStack) -> Holds:
    from member.talk_holding import Holds

    if not address:
        member = open_member(home, lang, leaving)
        return Holds.of_administrator(member, secret("ask-password", "VIGIE_PASSWORD", lang))
    network, account_key, person = person_at(address, email, lang, leaving)
    return Holds.of_person(network, person, account_key)
