"""The commands `notify ...` and `webhooks ...`: how you are told of alerts, and which addresses are."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from member.cli_frame import Lang, Place, answering, language, open_member
from member.cli_texts import told

notify = typer.Typer(
    help="How you are told of alerts by mail.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)
webhooks = typer.Typer(
    help="Addresses of your firm's own that are told of its alerts.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)
Hook = Annotated[UUID, typer.Argument(help="as `vigie webhooks list` shows it")]
SEVERITIES: tuple[str, ...] = ("urgent", "act", "watch", "info")
WHEN: tuple[str, ...] = ("now", "digest", "never")


@notify.command()
def show(home: Place = None, lang: Lang = "") -> None:
    """Your wishes."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.delivery import read_wishes

        wishes, possible = read_wishes(open_member(home, chosen, leaving))
        if not possible:
            print(told("notify-none", chosen))
        print(told("notify-mail", chosen, mail=told("notify-yes" if wishes.mail else "notify-no", chosen)))
        for severity in SEVERITIES:
            when = told(f"notify-when-{wishes.severities.get(severity, 'never')}", chosen)
            print(told("notify-severity", chosen, severity=severity, when=when))
        every = told(f"notify-every-{wishes.digest}", chosen)
        print(told("notify-digest", chosen, every=every, hour=wishes.hour))
        print(
            told(
                "notify-quiet",
                chosen,
                begin=wishes.quiet_from,
                end=wishes.quiet_until,
                zone=wishes.timezone,
            )
        )


@notify.command("set")
def choose(
    mail: Annotated[bool | None, typer.Option("--mail/--no-mail", help="any mail at all")] = None,
    severity: Annotated[
        list[str] | None, typer.Option(help="such as urgent=now, watch=digest, info=never")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="such as drift:watch=never")] = None,
    digest: Annotated[str, typer.Option(help="day or week")] = "",
    hour: Annotated[int | None, typer.Option(help="of the digest, local time", min=0, max=23)] = None,
    quiet: Annotated[str, typer.Option(help="quiet hours, such as 20-7; 0-0: none")] = "",
    zone: Annotated[str, typer.Option(help="time zone, such as Europe/Paris")] = "",
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Change some of your wishes; the others stay."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.delivery import read_wishes, write_wishes

        member = open_member(home, chosen, leaving)
        before, _ = read_wishes(member)
        changed: dict[str, Any] = {"language": chosen}
        changed["severities"] = {**before.severities, **_pairs("--severity", severity, SEVERITIES)}
        changed["kinds"] = {one: dict(found) for one, found in before.kinds.items()}
        for one in kind or []:
            name, _, rest = one.partition(":")
            changed["kinds"].setdefault(name, {}).update(_pairs("--kind", [rest], SEVERITIES))
        if quiet:
            changed["quiet_from"], changed["quiet_until"] = _hours(quiet)
        plain = {"mail": mail, "digest": digest, "hour": hour, "timezone": zone}
        changed |= {field: value for field, value in plain.items() if value not in {None, ""}}
        write_wishes(member, **changed)
        print(told("done", chosen))


def _pairs(field: str, given: list[str] | None, names: tuple[str, ...]) -> dict[str, str]:
    from member.refusals import InputRefused

    found = {}
    for one in given or []:
        name, _, when = one.partition("=")
        if name not in names or when not in WHEN:
            expected = f"{'|'.join(names)}={'|'.join(WHEN)}"
            raise InputRefused("one-of", field=field, found=one, expected=expected)
        found[name] = when
    return found


def _hours(text: str) -> tuple[int, int]:
    from member.refusals import InputRefused

    begin, _, end = text.partition("-")
    if not (begin.isdecimal() and end.isdecimal() and int(begin) < 24 and int(end) < 24):
        raise InputRefused("one-of", field="--quiet", found=text, expected="20-7")
    return int(begin), int(end)


@webhooks.command("list")
def listing(home: Place = None, lang: Lang = "") -> None:
    """The firm's addresses, and how they stand."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.delivery import webhooks as addresses

        found = addresses(open_member(home, chosen, leaving))
        for one in found:
            gone = "" if one.active else told("webhook-gone", chosen)
            print(
                told(
                    "webhook-line",
                    chosen,
                    id=one.id,
                    url=one.url,
                    severity=one.severity_least,
                    waiting=one.waiting,
                    dead=one.dead,
                    gone=gone,
                )
            )
        if not found:
            print(told("no-webhooks", chosen))


@webhooks.command()
def add(
    url: Annotated[str, typer.Argument(help="https://..., on the public network")],
    severity: Annotated[
        str, typer.Option(help="from this severity on: info, watch, act or urgent")
    ] = "watch",
    kind: Annotated[list[str] | None, typer.Option(help="only these kinds")] = None,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Add an address; print the secret that its messages are signed with, this once."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.delivery import add_webhook

        made, secret = add_webhook(open_member(home, chosen, leaving), url, severity, kind or [])
        print(told("webhook-added", chosen, id=made, secret=secret))


@webhooks.command()
def remove(one: Hook, home: Place = None, lang: Lang = "") -> None:
    """Remove an address, with everything that waits for it."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.delivery import remove_webhook

        remove_webhook(open_member(home, chosen, leaving), one)
        print(told("done", chosen))


@webhooks.command("test")
def send_test(one: Hook, home: Place = None, lang: Lang = "") -> None:
    """Have a signed test message sent."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.delivery import send_test as ask

        ask(open_member(home, chosen, leaving), one)
        print(told("webhook-tested", chosen))


@webhooks.command()
def dead(one: Hook, home: Place = None, lang: Lang = "") -> None:
    """What was given up after many attempts."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.delivery import dead_deliveries

        found = dead_deliveries(open_member(home, chosen, leaving), one)
        for each in found:
            print(
                told(
                    "delivery-line",
                    chosen,
                    id=each.id,
                    at=each.created_at,
                    attempts=each.attempts,
                    problem=each.problem,
                )
            )
        if not found:
            print(told("no-dead", chosen))


@webhooks.command()
def replay(one: Hook, home: Place = None, lang: Lang = "") -> None:
    """Try again what was given up, under the same ids."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.delivery import replay as again

        count = again(open_member(home, chosen, leaving), one)
        print(told("webhook-replayed", chosen, count=count))
