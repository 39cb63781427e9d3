"""The command `overlap`: before joining, how much would be compared, in words and euros."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from member.cli_files import Accounts, AsJson, Columns, File, MappingFile, Sheet
from member.cli_frame import Lang, Patience, Place, answering, language, money, print_json
from member.cli_reading import Reading, read
from member.cli_texts import told

if TYPE_CHECKING:
    from member.overlap import Overlap


def overlap(
    address: Annotated[str, typer.Argument(help="the network's address")],
    invitation: Annotated[str, typer.Argument(help="the operator's invitation for a candidate")],
    file: File,
    mapping: MappingFile = None,
    column: Columns = None,
    map_identifiers: Accounts = None,
    sheet: Sheet = "",
    yes: Annotated[bool, typer.Option("--yes", help="do not ask before it leaves")] = False,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Ask, once and before joining, how much of your outstanding amount would be compared.

    At least 50 clients; the answer is one band of ten points, from the latest release. Pseudonyms and capped
    shares leave, no name and no amount; the network keeps none of them. The same command again goes on where
    it was interrupted.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.cli_show import show_problems
        from member.home import default_home
        from member.network import Network
        from member.overlap import amounts_of, ask
        from member.refusals import EXIT_FILE

        reading = Reading(mapping, column or [], map_identifiers, "", sheet, 1, "", skip_bad=True)
        imported = read(file, reading, None, None, chosen)
        if not imported.months:
            show_problems(imported.problems, chosen)
            raise typer.Exit(EXIT_FILE)
        amounts = amounts_of(imported)
        if not yes and not typer.confirm(told("overlap-sure", chosen, count=len(amounts))):
            raise typer.Exit(0)
        network = Network(address, lang=chosen)
        leaving.callback(network.close)
        with Patience(chosen, "asking") as progress:
            found = ask(network, invitation, amounts, home or default_home(), progress)
        if as_json:
            print_json(_json(found))
        else:
            _show(found, chosen)


def _json(found: Overlap) -> dict[str, object]:
    low, high = found.cents
    return {
        "month": found.month,
        "from_percent": found.from_points,
        "to_percent": found.to_points,
        "by": "amount" if found.cap_cents else "clients",
        "clients": found.clients,
        "from_cents": low if found.cap_cents else None,
        "to_cents": high if found.cap_cents else None,
        "counted_cents": found.counted_cents,
        "outstanding_cents": found.total_cents,
        "cap_cents": found.cap_cents or None,
    }


def _show(found: Overlap, lang: str) -> None:
    band = {"low": found.from_points, "high": found.to_points, "month": found.month}
    if not found.cap_cents:
        print(told("overlap-heads", lang, clients=found.clients, **band))
        return
    low, high = (money(cents, lang) for cents in found.cents)
    counted = money(found.counted_cents, lang)
    print(
        told("overlap-answer", lang, **band, clients=found.clients, **{"from": low}, to=high, counted=counted)
    )
    if found.counted_cents < found.total_cents:
        cap, total = money(found.cap_cents, lang), money(found.total_cents, lang)
        print(told("overlap-capped", lang, cap=cap, counted=counted, total=total))
    print(told("overlap-means", lang))
