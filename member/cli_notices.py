"""The command notices: judgments on own clients in a downloaded BODACC file, and the days that they make."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member.cli_frame import Lang, Place, answering, language, open_member, print_json
from member.cli_texts import told

if TYPE_CHECKING:
    from member.credit import Clock, Credit, PublicNotice
    from member.keystore import Member


def notices(
    file: Annotated[
        Path | None,
        typer.Argument(help="a download of the BODACC; none: show what is kept"),
    ] = None,
    abroad: Annotated[
        bool, typer.Option("--abroad", help="your firm is domiciled outside metropolitan France")
    ] = False,
    done: Annotated[str, typer.Option(help="id of a notice whose clock you have met")] = "",
    clock: Annotated[str, typer.Option(help="with --done: claim, retention or both")] = "both",
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Judgments published on your clients, and until when to declare your claim and claim back your goods.

    The file is read on this machine; whom you look for is told to nobody. What is found is kept, sealed, in
    the client book. This is a reminder, not legal advice: the notice itself says where to declare.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member import credit as rules
        from member.credit_file import change_credit, read_credit
        from member.scores import renew_shown_lights

        member = open_member(home, chosen, leaving)
        today = member.check_network().today
        member.shelf.sync(member)
        found: list[rules.PublicNotice] = []
        if file is not None:
            from member.bodacc import read

            sirens = [one.rpartition(":")[2] for one in member.book.clients if one.startswith("fr.siren:")]
            found = read(file, sirens, abroad=abroad)
            change_credit(member, lambda credit: rules.with_notices(credit, found))
            if not as_json:
                print(told("notices-found", chosen, count=len(found), path=file))
        if done:
            _finish(member, done, clock)
        kept = read_credit(member)
        if as_json:
            print_json(_json(member, kept, today))
        else:
            _show(member, kept, today, chosen)
        if found:  # last: what was found stands, whatever becomes of this
            renew_shown_lights(member, today)


def _finish(member: Member, which: str, clock: str) -> None:
    from member import credit as rules
    from member.credit_file import change_credit, read_credit
    from member.refusals import InputRefused

    if clock not in {"both", *rules.CLOCKS}:
        raise InputRefused("one-of", field="--clock", found=clock, expected="claim, retention, both")
    ids = [one.id for one in read_credit(member).notices if one.id.startswith(which)]
    if len(ids) != 1:
        raise InputRefused("which-notice", found=which, count=len(ids))
    clocks: tuple[Clock, ...] = tuple(one for one in rules.CLOCKS if clock in {"both", one})

    def change(credit: Credit) -> Credit:
        for one in clocks:
            credit = rules.with_done(credit, ids[0], one)
        return credit

    change_credit(member, change)


def _json(member: Member, kept: Credit, today: date) -> list[dict[str, object]]:
    import msgspec

    from member.notice_words import running

    return [
        {
            "client": _name(member, one),
            **msgspec.to_builtins(one),
            "days_left": {clock: (date.fromisoformat(safe) - today).days for clock, safe, _ in running(one)},
        }
        for one in kept.notices
    ]


def judged_json(member: Member, notice: PublicNotice) -> dict[str, object]:
    """A judgment as a row among the alerts, for programs."""
    import msgspec

    from member.scores import JUDGED

    month, facts = notice.published[:7], msgspec.to_builtins(notice)
    return {"kind": "notice", "client": _name(member, notice), "month": month, "severity": JUDGED, **facts}


def show_judged(member: Member, notice: PublicNotice, lang: str, *, as_json: bool) -> None:
    """A judgment as a row among the alerts: what was published, until when to do what."""
    if as_json:
        import json

        print(json.dumps(judged_json(member, notice), ensure_ascii=False), flush=True)
        return
    from benchmark.alerts_words import severity_words
    from member.scores import JUDGED

    _show_one(member, notice, member.network.facts().today, lang)
    level, use = severity_words(JUDGED, "fr" if lang == "fr" else "en")
    print(f"         {level}{' :' if lang == 'fr' else ':'} {use}.", flush=True)


def _name(member: Member, notice: PublicNotice) -> str:
    client = member.book.clients.get(notice.identifier)
    return notice.identifier if client is None else client.name


def _show(member: Member, kept: Credit, today: date, lang: str) -> None:
    if not kept.notices:
        print(told("no-notices", lang))
    for one in kept.notices:
        _show_one(member, one, today, lang)


def _show_one(member: Member, one: PublicNotice, today: date, lang: str) -> None:
    from member.notice_words import clock_lines, day_words, running
    from member.talk_texts import harmless

    court = f", {harmless(one.court)}" if one.court else ""
    named = {"client": harmless(_name(member, one)), "nature": harmless(one.nature), "court": court}
    print(told("notice-line", lang, published=day_words(one.published, lang), id=one.id, **named))
    if one.cancelled:
        print(told("notice-cancelled", lang))
    elif not running(one):
        print(told("notice-no-clock", lang))
    for line in clock_lines(one, today, lang):
        print(line)
