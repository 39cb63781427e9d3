"""The command about what the firm shares besides its figures: terms of payment (`vigie terms-sharing`)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from member.cli_frame import Lang, Place, answering, language, open_member, print_json
from member.cli_texts import told

AsJson = Annotated[bool, typer.Option("--json", help="for programs")]


class Sharing(StrEnum):
    """What is asked for."""

    ON = "on"
    OFF = "off"


def terms_sharing(
    wanted: Annotated[Sharing | None, typer.Argument(help="nothing: say how it stands")] = None,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Share your firm's terms of payment, or no longer: off until you turn it on.

    Shared terms are published as shares in bands, of ten such firms and more, a year old; never as anybody's
    own. Turning it off takes effect at the next quarter's revision. What was published stays.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        member = open_member(home, chosen, leaving)
        member.check_network()
        if wanted is None:
            found = member.session.terms_sharing()
        else:
            found = member.session.share_terms(shares=wanted is Sharing.ON)
        if as_json:
            print_json({"shares": found.shares, "published": found.published})
            return
        print(told("terms-shared" if found.shares else "terms-not-shared", chosen))
        if not found.published:
            print(told("terms-unpublished", chosen))
