"""What people of the firm do about alerts, from a device: act, comment under the *notes* key, mute, catch up.

Knows: the lives that the network keeps for the firm, the notes key. A comment is bound to the firm, to the
life that it belongs to and to its own id, so that the network can show it nowhere else.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

import msgspec

from member import own_alerts
from member.alert_lives import ID_LETTERS_MIN, Comment, Life, Mute, colleagues, network_mutes, read_lives
from member.keys import NotOpened, seal, unseal
from member.refusals import HomeRefused, InputRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from member.keys import RoleKeys
    from member.keystore import Member

ACTIONS: Final = ("see", "assign", "unassign", "snooze", "wake", "close", "reopen")
REASONS: Final = ("paid", "arranged", "dispute", "limit_changed", "known", "false_alarm", "other")
OWN_KINDS: Final = frozenset({"outside", "own"})
"""Of alerts from own figures."""


class _Acted(msgspec.Struct, frozen=True):
    lives: list[Life]


class Event(msgspec.Struct, frozen=True):
    """Something that a colleague, a release or the calendar did."""

    sequence: int
    life: UUID | None
    at: str
    actor: str
    event: str
    detail: str


class _Cursor(msgspec.Struct, frozen=True):
    month: int | None
    sequence: int


class Changes(msgspec.Struct, frozen=True):
    """Since the last visit that was marked."""

    since: str | None
    alerts: list[UUID]
    events: list[Event]
    more: bool
    cursor: _Cursor


class _Sealed(msgspec.Struct, frozen=True):
    id: UUID
    author: str
    at: str
    sealed: bytes


def act(member: Member, alerts: Iterable[UUID], action: str, **more: Any) -> list[Life]:
    """Do one thing about some alerts, all or none; `more`: assignee, until, reason, version.

    Those of own figures are the member's side's alone: `member.own_alerts`.
    """
    wanted = list(alerts)
    if wanted and own_alerts.is_own(member, wanted[0]):
        return own_alerts.act(member, wanted, action, **more)
    body = {"alerts": wanted, "action": action, **more}
    answer = member.session.send("POST", "/api/alerts/lives", json=body)
    return member.network.read(answer, _Acted).lives


def comment_name(firm: UUID, life: UUID, comment: UUID) -> str:
    """What a comment's seal is bound to."""
    return f"vigie/alert-comment/v1|{firm}|{life}|{comment}"


def _notes_keys(keys: RoleKeys) -> list[bytes]:
    found = [one.notes for one in (keys, *keys.earlier) if one.notes is not None]
    if not found:
        raise HomeRefused("no-notes-key")
    return found


def comment(member: Member, alert: UUID, text: str) -> UUID:
    """Write a comment for colleagues; the network cannot read it."""
    if own_alerts.is_own(member, alert):
        own_alerts.comment(member, alert, text)
        return alert
    key, made = _notes_keys(member.role_keys)[0], uuid4()
    life = read_lives(member).get(alert)
    sealed = seal(key, text.encode(), comment_name(member.firm_id, life.id if life else alert, made))
    member.session.send("POST", f"/api/alerts/{alert}/comments", json={"id": made, "sealed": sealed})
    return made


def read_comments(member: Member, alert: UUID) -> list[Comment]:
    """Oldest first. One that no key that is here has sealed for this place keeps nobody from the others."""
    if own_alerts.is_own(member, alert):
        return own_alerts.read_comments(member, alert)
    keys = _notes_keys(member.role_keys)
    life = read_lives(member).get(alert)
    places = life.alerts if life else [alert]
    answer = member.session.send("GET", f"/api/alerts/{alert}/comments")
    known = {f"user:{one.user_id}": one.email for one in colleagues(member)}
    return [
        Comment(one.id, known.get(one.author, one.author), one.at, _opened(member.firm_id, keys, one, places))
        for one in member.network.read(answer, list[_Sealed])
    ]


def _opened(firm: UUID, keys: list[bytes], one: _Sealed, places: list[UUID]) -> str | None:
    # Sealed for its own alert, where the writer did not know yet that it continues another.
    for place, key in product(places, keys):
        try:
            return unseal(key, one.sealed, comment_name(firm, place, one.id)).decode()
        except NotOpened:
            continue
    return None


def mutes(member: Member) -> list[Mute]:
    """What the firm is not told of; of own figures too, which the network does not know."""
    return network_mutes(member) + own_alerts.mutes(member)


def mute(
    member: Member, *, pseudonym: bytes | None = None, kind: str | None = None, until: date | None = None
) -> None:
    """Do not tell the firm of a client, of a kind, or of a kind of one client."""
    if kind in OWN_KINDS:
        own_alerts.mute(member, pseudonym=pseudonym, kind=kind, until=until)
        return
    body = {"pseudonym": pseudonym, "kind": kind, "until": until}
    member.session.send("POST", "/api/alerts/mutes", json=body)


def unmute(member: Member, one: UUID) -> None:
    """Tell the firm again."""
    if any(own.id == one for own in own_alerts.mutes(member)):
        own_alerts.unmute(member, one)
        return
    member.session.send("DELETE", f"/api/alerts/mutes/{one}")


def read_changes(member: Member, *, mark: bool) -> Changes:
    """What happened since the last marked visit; `mark`: this one is."""
    found = member.network.read(member.session.send("GET", "/api/alerts/changes"), Changes)
    if mark:
        cursor = {"month": found.cursor.month, "sequence": found.cursor.sequence}
        member.session.send("POST", "/api/alerts/visits", json=cursor)
    return found


def find(member: Member, wanted: str) -> UUID:
    """The alert that a person means: the beginning of its id, or of its client's name. Raise InputRefused."""
    clients = {one.pseudonym: one for one in member.shelf.sync(member).clients.values()}
    lives = read_lives(member)
    word = wanted.casefold().strip()
    by_id: set[UUID] = set()
    by_name: dict[UUID, UUID] = {}
    for alert in member.session.alerts():
        life = lives.get(alert.id)
        head = life.id if life else alert.id
        if len(word) >= ID_LETTERS_MIN and str(alert.id).startswith(word):
            by_id.add(alert.id)
        client = clients.get(alert.pseudonym)
        closed = life is not None and life.state == "closed"
        if client is not None and client.name.casefold().startswith(word) and word and not closed:
            by_name.setdefault(head, alert.id)  # newest first: the newest of each life
    found = by_id or set(by_name.values())
    if not found:
        found = own_alerts.matching(member, word)
    if len(found) != 1:
        raise InputRefused("which-alert", found=wanted, count=len(found))
    return found.pop()
