"""The command dossier: what the firm knows of one client, for the insurer, the collector or the factor."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member.cli_frame import Lang, Patience, Place, answering, language, open_member
from member.cli_texts import told

if TYPE_CHECKING:
    from member.dossier import Material
    from member.keystore import Member


def gather(member: Member, identifier: str, *, peers: bool, decisions: bool = False) -> Material:
    """Everything about one client as it is now, verified; without `peers` as if nothing were published.

    Raise Untrusted, NetworkRefused, HomeRefused.
    """
    from member.alerts_feed import notices
    from member.credit_file import read_credit
    from member.dossier import Material
    from member.portfolio import read_portfolio
    from member.releases import believe
    from member.scores import assemble, severities
    from privacy.manifest import digest

    portfolio = read_portfolio(member)
    listed = member.session.manifests()
    believe(member, listed)
    told_of = notices(portfolio, member.session.alerts())
    if not peers:
        alone = [
            replace(one, history=[replace(month, cell=None) for month in one.history])
            for one in portfolio.lines
        ]
        portfolio = replace(portfolio, lines=alone)
    credit = read_credit(member)
    scores = assemble(member.book, portfolio, credit, severities(member, credit, told_of))
    scored = next(one for one in scores.clients if one.line.client.identifier == identifier)
    return Material(
        contents=member.book,
        month=portfolio.month or 0,
        scored=scored,
        alerts=[one for one in told_of if one.identifier == identifier and (peers or one.kind == "own")],
        notices=[one for one in credit.notices if one.identifier == identifier],
        manifests={one.month: digest(one.manifest) for one in listed},
        peers=peers,
        decisions=decisions,
    )


def dossier(
    client: Annotated[str, typer.Argument(help="the beginning of the client's name, or its SIREN")],
    out: Annotated[Path, typer.Option("--out", help="where to write it, without an ending")] = Path(
        "dossier"
    ),
    reader: Annotated[str, typer.Option("--for", help="insurer, collector, factor or file")] = "file",
    own_only: Annotated[
        bool, typer.Option("--own-only", help="your own figures alone: nothing that the network published")
    ] = False,
    decisions: Annotated[
        bool, typer.Option("--decisions", help="with what your firm decided, why, and who did")
    ] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Write a client's dossier as PDF and CSV, sealed with the digests of the releases that it shows.

    Both files hold names and amounts in the clear: hand them to whom they are for.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member import dossier as made
        from member.cli_score import which
        from member.dossier_pdf import as_pdf
        from member.home import write_file
        from member.refusals import InputRefused

        if reader not in made.READERS:
            raise InputRefused("one-of", field="--for", found=reader, expected=", ".join(made.READERS))
        paths = [out.with_name(out.name + ending).resolve() for ending in (".csv", ".pdf")]
        for path in paths:
            if path.exists():
                raise InputRefused("file-exists", path=path)
        member = open_member(home, chosen, leaving)
        today = member.check_network().today
        with Patience(chosen, "asking"):
            member.shelf.sync(member)
            one = which(member, client)
            material = gather(member, one.identifier, peers=not own_only, decisions=decisions)
        firm = member.session.me().firm_name
        spoken: made.Lang = "fr" if chosen == "fr" else "en"
        found = made.compose(material, reader, firm or "", today, spoken)
        table = made.as_csv(found)
        pdf = as_pdf(found, hashlib.sha256(table).hexdigest())
        for path, content in zip(paths, (table, pdf), strict=True):
            write_file(path, content)
            print(told("dossier-written", chosen, path=path))
