"""The life of alerts that own figures raise: seen, assigned, snoozed, closed, as those of the network.

Knows: the firm's credit file, where it is kept sealed: the network is told neither that such an alert exists
nor what is done about it. A life belongs to a client and a kind, so that the next month's alert continues it;
a closed or sleeping one is open again when it has grown, or when the client left and came back. Mutes of
these kinds are kept there too; a client that the firm has muted altogether is silent here as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

import msgspec

from member import credit as rules
from member.alert_lives import ID_LETTERS_MIN, Comment, Life, Mute, colleagues
from member.alerts_feed import OUTSIDE, OWN, Notice, notices, own_id
from member.credit import Credit, OwnAlert, OwnMute
from member.credit_file import change_credit, read_credit
from member.portfolio import read_portfolio
from member.refusals import InputRefused

if TYPE_CHECKING:
    from member.keystore import Member

GROWTH_DAYS: Final = 15
"""As of the network's alerts: grown by so many days, it is told again."""


def key_of(notice: Notice) -> str:
    """Where its life is kept in the credit file."""
    return f"{notice.kind} {notice.identifier}"


def life_of(kept: OwnAlert | None, notice: Notice, today: date) -> Life | None:
    """How the work on it stands today; None: it is new."""
    if kept is None:
        return None
    rested = kept.state in {"closed", "snoozed"}
    grown = notice.size_now >= kept.size_days + GROWTH_DAYS
    again = notice.kind == OUTSIDE and notice.month > kept.month
    state, until = kept.state, None
    if rested and (grown or again):
        state = "reopened"
    elif kept.state == "snoozed":
        until = date.fromisoformat(kept.until or "")
        if until <= today:
            state, until = "reopened", None
    assignee = None if kept.assignee is None else UUID(kept.assignee)
    reason = kept.reason if state == "closed" else None
    alert = notice.alert
    return Life(alert, [alert], state, state == "reopened", assignee, until, reason, len(kept.comments), 0)


def muted(mutes: Iterable[OwnMute], notice: Notice, today: date) -> bool:
    """Whether the firm does not want to be told of it."""
    return any(
        one.identifier in {None, notice.identifier}
        and one.kind in {None, notice.kind}
        and (one.until is None or date.fromisoformat(one.until) >= today)
        for one in mutes
    )


def lives(
    credit: Credit, told: Iterable[Notice], today: date, silent: Collection[str] = ()
) -> dict[UUID, Life]:
    """Alert -> its life, of alerts from own figures. `silent`: clients that are muted altogether."""
    found = {}
    for one in told:
        if not one.own:
            continue
        life = life_of(credit.alerts.get(key_of(one)), one, today)
        quiet = one.identifier in silent or muted(credit.mutes, one, today)
        if quiet and (life is None or life.state != "closed"):
            begun = life or Life(one.alert, [one.alert], "new", True, None, None, None, 0, 0)
            life = msgspec.structs.replace(begun, state="muted")
        if life is not None:
            found[one.alert] = life
    return found


def after(  # noqa: PLR0917
    kept: OwnAlert | None, notice: Notice, action: str, at: str, by: str, more: Mapping[str, Any]
) -> OwnAlert:
    """The life after an action: see, assign, unassign, snooze, wake, close, reopen."""
    before = kept or OwnAlert(at=at, by=by)
    now = msgspec.structs.replace(before, at=at, by=by, month=notice.month, size_days=notice.size_now)
    match action:
        case "assign":
            return msgspec.structs.replace(now, state="assigned", assignee=str(more["assignee"]))
        case "snooze":
            return msgspec.structs.replace(now, state="snoozed", until=str(more["until"]))
        case "close":
            return msgspec.structs.replace(now, state="closed", reason=more["reason"], until=None)
        case "see" if now.state in {"assigned", "closed", "snoozed"}:
            return before
        case "unassign":
            now = msgspec.structs.replace(now, assignee=None)
        case _:
            pass
    state = "assigned" if now.assignee is not None and action in {"wake", "reopen"} else "seen"
    return msgspec.structs.replace(now, state=state, until=None, reason=None)


def read_own(member: Member) -> dict[UUID, Notice]:
    """The alerts that own figures raise now."""
    return {one.alert: one for one in notices(read_portfolio(member), []) if one.own}


def matching(member: Member, word: str) -> set[UUID]:
    """Those that a person means: the beginning of an id, or of a client's name that is not closed."""
    today = member.network.facts().today
    credit, found = read_credit(member), set()
    for alert, one in read_own(member).items():
        if len(word) >= ID_LETTERS_MIN and str(alert).startswith(word):
            return {alert}
        life = life_of(credit.alerts.get(key_of(one)), one, today)
        open_yet = life is None or life.state != "closed"
        if open_yet and word and one.client.casefold().startswith(word):
            found.add(alert)
    return found


def is_own(member: Member, alert: UUID) -> bool:
    """Whether an id is that of an own alert on a client of the book."""
    return any(alert == own_id(kind, who) for who in member.book.clients for kind in (OUTSIDE, OWN))


def act(member: Member, alerts: Iterable[UUID], action: str, **more: Any) -> list[Life]:
    """Do one thing about some own alerts, and keep it sealed. Raise InputRefused.

    As with the network's, what is closed is reopened first: a colleague may have closed it meanwhile.
    """
    today, by = member.network.facts().today, _me(member)
    told = read_own(member)
    mine = [told[one] for one in alerts if one in told]

    def change(credit: Credit) -> Credit:
        kept = dict(credit.alerts)
        for one in mine:
            before = kept.get(key_of(one))
            life = life_of(before, one, today)
            if life is not None and life.state == "closed" and action not in {"see", "reopen"}:
                raise InputRefused("own-alert-closed", found=action)
            if before is not None and life is not None and life.state == "reopened":
                before = msgspec.structs.replace(before, state="seen")
            kept[key_of(one)] = after(before, one, action, today.isoformat(), by, more)
        return msgspec.structs.replace(credit, alerts=kept)

    written = change_credit(member, change)
    return list(lives(written, mine, today).values())


def comment(member: Member, alert: UUID, text: str) -> None:
    """Write a comment for colleagues into the credit file."""
    one, today = read_own(member)[alert], member.network.facts().today.isoformat()
    said = rules.OwnComment(today, _me(member), text[: rules.REASON_CHARACTERS_MAX])

    def change(credit: Credit) -> Credit:
        before = credit.alerts.get(key_of(one)) or after(None, one, "see", today, said.by, {})
        now = msgspec.structs.replace(before, comments=(*before.comments, said)[-rules.DECISIONS_MAX :])
        return msgspec.structs.replace(credit, alerts={**credit.alerts, key_of(one): now})

    change_credit(member, change)


def read_comments(member: Member, alert: UUID) -> list[Comment]:
    """Oldest first."""
    kept = read_credit(member).alerts.get(key_of(read_own(member)[alert]))
    return [] if kept is None else [Comment(alert, one.by, one.at, one.text) for one in kept.comments]


def mute(member: Member, *, pseudonym: bytes | None, kind: str, until: date | None) -> None:
    """Do not tell the firm of a kind that own figures raise, of every client or of one; sealed."""
    clients = {one.pseudonym: one.identifier for one in member.book.clients.values()}
    made = OwnMute(
        str(uuid4()),
        None if pseudonym is None else clients[pseudonym],
        kind,
        None if until is None else until.isoformat(),
    )
    change_credit(member, lambda credit: rules.with_mute(credit, made))


def mutes(member: Member) -> list[Mute]:
    """Those of own figures, as the network's are listed; none without the ledger's key."""
    if member.role_keys.ledger is None:
        return []
    clients = member.book.clients
    return [
        Mute(
            UUID(one.id),
            None if (found := clients.get(one.identifier or "")) is None else found.pseudonym,
            one.kind,
            None if one.until is None else date.fromisoformat(one.until),
        )
        for one in read_credit(member).mutes
    ]


def unmute(member: Member, one: UUID) -> None:
    """Tell the firm again."""
    change_credit(member, lambda credit: rules.without_mute(credit, str(one)))


def _me(member: Member) -> str:
    return next((one.email for one in colleagues(member) if one.me), "")
