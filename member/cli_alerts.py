"""The commands `alerts ...`: what a person does about an alert, and what happened since her last visit."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from member.cli_frame import Lang, Place, answering, language, open_member, print_json
from member.cli_texts import told

if TYPE_CHECKING:
    from member.alert_lives import Life
    from member.alerts_feed import Notice
    from member.keystore import Member

SHORT: int = 8

app = typer.Typer(
    help="Alerts on your clients, and what your firm does about them.",
    add_completion=False,
    rich_markup_mode="markdown",
)
Which = Annotated[str, typer.Argument(help="the beginning of the alert's id, or of the client's name")]
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]


def _life(notice: Notice, lives: dict[UUID, Life]) -> tuple[UUID, Life | None]:
    """The alert's id and its life."""
    return notice.alert, lives.get(notice.alert)


def life_json(notice: Notice, lives: dict[UUID, Life]) -> dict[str, Any]:
    """For programs."""
    alert, life = _life(notice, lives)
    return {
        "id": str(alert),
        "state": "new" if life is None else life.state,
        "assignee": None if life is None or life.assignee is None else str(life.assignee),
        "snoozed_until": None if life is None or life.snoozed_until is None else str(life.snoozed_until),
        "reason": None if life is None else life.reason,
        "comments": 0 if life is None else life.comments,
    }


def show_life(notice: Notice, lives: dict[UUID, Life], lang: str, *, as_json: bool) -> None:
    """One line under an alert: its id, and how the firm's work on it stands."""
    if as_json:
        return
    alert, life = _life(notice, lives)
    print(f"         {_line(alert, life, lang)}", flush=True)


def _line(alert: UUID, life: Life | None, lang: str) -> str:
    state = told(f"state-{'new' if life is None else life.state}", lang)
    line = told("life-line", lang, id=str(alert)[:SHORT], state=state)
    if life is None:
        return line
    if life.snoozed_until is not None:
        line += told("life-until", lang, until=_day(life.snoozed_until, lang))
    if life.state == "closed" and life.reason:
        line += told("life-reason", lang, reason=told(f"reason-{life.reason}", lang))
    if life.comments:
        line += told("life-comments", lang, count=life.comments)
    return line


def _day(day: date, lang: str) -> str:
    return f"{day:%d/%m/%Y}" if lang == "fr" else day.isoformat()


def read_day(field: str, text: str) -> date:
    """A day that was typed. Raise InputRefused."""
    from member.refusals import InputRefused

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputRefused("day-wanted", field=field, found=text) from None


def _act(which: str, action: str, home: Path | None, lang: str, **more: Any) -> None:
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_work import act, find

        member = open_member(home, chosen, leaving)
        alert = find(member, which)
        for life in act(member, [alert], action, **more):
            print(_line(alert, life, chosen))


@app.command()
def seen(
    which: Annotated[list[str] | None, typer.Argument(help="ids, or clients' names; none: see --all")] = None,
    everything: Annotated[bool, typer.Option("--all", help="everything that is new")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Mark alerts as seen, for the whole firm."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_lives import read_lives
        from member.alert_work import act, find

        if not which and not everything:
            raise typer.BadParameter("say which alerts, or --all")
        member = open_member(home, chosen, leaving)
        if everything:
            lives = read_lives(member)
            alerts = [one.id for one in member.session.alerts()]
            news = [one for one in alerts if one not in lives or lives[one].news]
        else:
            news = [find(member, one) for one in which or []]
        for start in range(0, len(news), 500):
            act(member, news[start : start + 500], "see")
        if everything:
            from member.own_alerts import act as act_own
            from member.own_alerts import read_own

            act_own(member, read_own(member), "see")
        print(told("done", chosen))


@app.command()
def assign(
    which: Which,
    to: Annotated[str, typer.Option("--to", help="me, a colleague's e-mail, or nobody")] = "me",
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Give an alert to somebody of the firm, who is told."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_lives import colleagues
        from member.alert_work import act, find
        from member.refusals import InputRefused

        member = open_member(home, chosen, leaving)
        alert = find(member, which)
        if to == "nobody":
            lives = act(member, [alert], "unassign")
        else:
            people = colleagues(member)
            found = [one for one in people if to in {one.email, "me"} and (to != "me" or one.me)]
            if not found:
                names = ", ".join(one.email for one in people)
                raise InputRefused("which-colleague", found=to, expected=names)
            lives = act(member, [alert], "assign", assignee=found[0].user_id)
        for life in lives:
            print(_line(alert, life, chosen))


@app.command()
def snooze(
    which: Which,
    until: Annotated[str, typer.Option(help="the day on which it comes back, such as 2026-12-31")] = "",
    days: Annotated[int, typer.Option(help="or so many days from now", min=1, max=366)] = 30,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Put an alert to sleep; it comes back on its day, or at once when it gets worse."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_work import act, find

        day = read_day("--until", until) if until else None
        member = open_member(home, chosen, leaving)
        alert = find(member, which)
        ends = day or member.network.facts().today + timedelta(days=days)
        for life in act(member, [alert], "snooze", until=ends):
            print(_line(alert, life, chosen))


@app.command()
def wake(which: Which, home: Place = None, lang: Lang = "") -> None:
    """End an alert's sleep."""
    _act(which, "wake", home, lang)


@app.command()
def close(
    which: Which,
    reason: Annotated[
        str, typer.Option(help="paid, arranged, dispute, limit_changed, known, false_alarm or other")
    ],
    comment: Annotated[str, typer.Option(help="what colleagues should know; sealed")] = "",
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Close an alert with its reason; it comes back when it gets worse."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_work import REASONS, act, find
        from member.alert_work import comment as write
        from member.refusals import InputRefused

        if reason not in REASONS:
            raise InputRefused("one-of", field="--reason", found=reason, expected=", ".join(REASONS))
        member = open_member(home, chosen, leaving)
        alert = find(member, which)
        if comment:
            write(member, alert, comment)
        for life in act(member, [alert], "close", reason=reason):
            print(_line(alert, life, chosen))


@app.command()
def reopen(which: Which, home: Place = None, lang: Lang = "") -> None:
    """Open a closed alert again."""
    _act(which, "reopen", home, lang)


@app.command()
def comment(
    which: Which,
    text: Annotated[str, typer.Argument(help="for colleagues; the network cannot read it")],
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Write a comment for colleagues, sealed under the firm's notes key."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_work import comment as write
        from member.alert_work import find

        member = open_member(home, chosen, leaving)
        write(member, find(member, which), text)
        print(told("commented", chosen))


@app.command()
def comments(which: Which, as_json: AsJson = False, home: Place = None, lang: Lang = "") -> None:
    """Read what colleagues wrote."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_work import find, read_comments
        from member.talk_texts import harmless

        member = open_member(home, chosen, leaving)
        found = read_comments(member, find(member, which))
        if as_json:
            print_json([{"at": one.at, "author": one.author, "text": one.text} for one in found])
            return
        for one in found:
            said = told("comment-unopened", chosen) if one.text is None else harmless(one.text)
            print(f"{one.at}  {one.author}  {said}")
        if not found:
            print(told("no-comments", chosen))


@app.command()
def mute(
    client: Annotated[str, typer.Option(help="the beginning of a client's name")] = "",
    kind: Annotated[
        str, typer.Option(help="drift, shock, recovery, incident, first, sector, outside or own")
    ] = "",
    until: Annotated[str, typer.Option(help="the last day, such as 2026-12-31; none: until lifted")] = "",
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Do not tell the firm of a client, of a kind, or of a kind of one client."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_work import mute as silence

        if not client and not kind:
            raise typer.BadParameter("say --client, --kind or both")
        day = read_day("--until", until) if until else None
        member = open_member(home, chosen, leaving)
        pseudonym = _pseudonym_of(member, client) if client else None
        silence(member, pseudonym=pseudonym, kind=kind or None, until=day)
        print(told("muted", chosen))


def _pseudonym_of(member: Member, name: str) -> bytes:
    from member.refusals import InputRefused

    word = name.casefold()
    found = [
        one
        for one in member.shelf.sync(member).clients.values()
        if one.pseudonym and (one.name.casefold().startswith(word) or one.identifier.endswith(f":{name}"))
    ]
    if len(found) != 1:
        raise InputRefused("which-client", found=name, count=len(found))
    return found[0].pseudonym


@app.command()
def mutes(home: Place = None, lang: Lang = "") -> None:
    """What the firm is not told of."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_work import mutes as silences
        from member.talk_texts import harmless

        member = open_member(home, chosen, leaving)
        found = silences(member)
        names = {one.pseudonym: one.name for one in member.shelf.sync(member).clients.values()}
        for one in found:
            client = "" if one.pseudonym is None else names.get(one.pseudonym, one.pseudonym.hex()[:SHORT])
            what = " · ".join(filter(None, [harmless(client), one.kind or ""]))
            until = told("mute-until", chosen, until=_day(one.until, chosen)) if one.until else ""
            print(told("mute-line", chosen, id=one.id, what=what, until=until))
        if not found:
            print(told("no-mutes", chosen))


@app.command()
def unmute(
    one: Annotated[UUID, typer.Argument(help="as `vigie alerts mutes` shows it")],
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Tell the firm again."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.alert_work import unmute as lift

        lift(open_member(home, chosen, leaving), one)
        print(told("done", chosen))


@app.command()
def changes(
    mark: Annotated[bool, typer.Option("--mark", help="this visit counts: next time from here on")] = False,
    as_json: AsJson = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """What changed since your last visit: new alerts, and what colleagues did."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        _show_changes(_open(home, chosen, leaving), chosen, mark=mark, as_json=as_json)


def _open(home: Path | None, lang: str, leaving: ExitStack) -> Member:
    return open_member(home, lang, leaving)


def _show_changes(member: Member, lang: str, *, mark: bool, as_json: bool) -> None:
    import msgspec

    from member.alert_lives import colleagues
    from member.alert_work import read_changes
    from member.talk_texts import harmless

    found = read_changes(member, mark=mark)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    since = found.since or told("first-visit", lang)
    if not found.alerts and not found.events:
        print(told("no-changes", lang, since=since))
        return
    print(told("changes", lang, since=since, alerts=len(found.alerts), events=len(found.events)))
    names = {one.pseudonym: one.name for one in member.shelf.sync(member).clients.values()}
    of_alert = {one.id: names.get(one.pseudonym, "?") for one in member.session.alerts()}
    people = {f"user:{one.user_id}": one.email for one in colleagues(member)}
    for event in found.events:
        client = "" if event.life is None else of_alert.get(event.life, str(event.life)[:SHORT])
        who = people.get(event.actor, "")
        what = told(f"event-{event.event}", lang)
        print(told("event-line", lang, at=event.at, event=what, client=harmless(client), actor=who).rstrip())
