"""`vigie holders` and `vigie rekey`: who holds the key, whether they answer and agree, and another key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from member.cli_frame import Lang, Patience, Place, answering, language, open_member, print_json
from member.cli_texts import told

if TYPE_CHECKING:
    from member.keystore import Member


def holders(
    card: Annotated[
        bool, typer.Option("--card", help="print what a key holder needs to admit the firm on its own list")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Who holds the pseudonym key, who of them answers, and whether each shows the roster pinned here."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        member = open_member(home, chosen, leaving)
        if card:
            print(f"{member.firm_id} {member.root_public.hex()}")
            return
        member.check_network()
        with Patience(chosen, "checking"):
            found = states(member)
        pins = member.pins
        if as_json:
            print_json(
                {
                    "construction": pins.construction,
                    "epoch": pins.epoch,
                    "dealt": pins.dealt,
                    "fingerprint": fingerprint(member),
                    "holders": found,
                }
            )
            return
        kind = "holders-single" if pins.threshold == 1 else "holders-dealt" if pins.dealt else "holders-three"
        print(told(kind, chosen, epoch=pins.epoch))
        print(told("holders-fingerprint", chosen, fingerprint=fingerprint(member)))
        for one in found:
            print(told(f"holder-{one['state']}", chosen, **one))


def fingerprint(member: Member) -> str:
    """What people compare with what a holder publishes: 80 bits of the roster's SHA-256, in groups."""
    import hashlib

    text = hashlib.sha256(member.pins.roster).hexdigest()[:20]
    return "-".join(text[at : at + 5] for at in range(0, 20, 5))


def states(member: Member) -> list[dict[str, Any]]:
    """Each pinned holder: "agrees", "differs", "silent", or "embedded" (the network's own server)."""
    from member.refusals import MemberError

    found = []
    for holder in member.pins.holders:
        state = "embedded"
        if "://" in holder.url:
            try:
                said = member.network.holder(holder.url)
                newest = said.rosters[-1].body if said.rosters else b""
                same = (said.key, newest) == (holder.key, member.pins.roster)
                state = "agrees" if same else "differs"
            except MemberError:
                state = "silent"
        found.append({"number": holder.number, "name": holder.name, "url": holder.url, "state": state})
    return found


def rekey(home: Place = None, lang: Lang = "") -> None:
    """After the key holders made another key: send everything in the book again under it. Safe to repeat."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.rekey import rekey as send_again

        member = open_member(home, chosen, leaving)
        with Patience(chosen, "pseudonyms") as progress:
            done = send_again(member, progress)
        say_out(member, chosen)
        if done is None:
            print(told("rekey-nothing", chosen, epoch=member.pins.epoch))
            return
        print(told("rekey-done", chosen, epoch=done.epoch, clients=done.clients, months=done.months))
        if done.left_out:
            print(told("rekey-left-out", chosen, rows=done.left_out))


def say_out(member: Member, lang: str) -> None:
    """Name on standard error the holders that cheated or did not answer while the others sufficed."""
    import sys

    for number in sorted(member.holders_out):
        name = next((one.name for one in member.pins.holders if one.number == number), str(number))
        why = member.holders_out[number].tell(lang)
        print(told("holder-out", lang, name=name, why=why), file=sys.stderr)
