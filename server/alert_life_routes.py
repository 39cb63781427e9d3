"""Routes of alerts' lives: act, and what changed since my last visit. One firm's rows alone."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from server import alert_life
from server.alert_life import Action, NotPossible, Reason, State
from server.alert_life_comments import ROUTES as COMMENT_ROUTES
from server.alert_life_mutes import ROUTES as MUTE_ROUTES
from server.alert_life_rows import (
    Work,
    continuations_of,
    continue_waiting,
    mutes_of,
    reader_of,
    shown_to,
    tell,
    work_on,
    works_of,
    write,
)
from server.alert_life_tables import AlertEvent, AlertVisit
from server.clock import moment_text
from server.hub import frame
from server.network import RunningNetwork
from server.notifications import When
from server.outbox import ASSIGNED, note_person
from server.problems import Refused
from server.relations import sight_of, visible_from
from server.roles import READERS, Who
from server.tables import Alert, Person

AT_ONCE_MAX: Final = 500
CHANGES_MAX: Final = 1_000


class LifeListed(msgspec.Struct, frozen=True):
    """A firm's work on an alert and those that continue it. `alerts`: oldest first; `version`: for acting."""

    id: UUID
    alerts: list[UUID]
    state: State
    news: bool
    assignee: UUID | None
    snoozed_until: date | None
    reason: Reason | None
    comments: int
    version: int


class Acting(msgspec.Struct, frozen=True):
    """One action on some alerts. `version`: of the one life that was looked at; another one now: 409."""

    alerts: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=AT_ONCE_MAX)]
    action: Action
    assignee: UUID | None = None
    until: date | None = None
    reason: Reason | None = None
    version: int | None = None


class Cursor(msgspec.Struct, frozen=True):
    """How far one has read: the newest release's month, the newest event's number."""

    month: int | None = None
    sequence: int = 0


class EventListed(msgspec.Struct, frozen=True):
    """Something that happened to an alert. `detail`: JSON text."""

    sequence: int
    life: UUID | None
    at: str
    actor: str
    event: str
    detail: str


class Changes(msgspec.Struct, frozen=True):
    """Since the visitor's last visit; `cursor` is what to mark when they were read."""

    since: str | None
    alerts: list[UUID]
    events: list[EventListed]
    more: bool
    cursor: Cursor


class Colleague(msgspec.Struct, frozen=True):
    """Somebody to whom an alert can be given. `me`: who asks."""

    user_id: UUID
    email: str
    role: str
    me: bool


class Acted(msgspec.Struct, frozen=True):
    """The lives after an action."""

    lives: list[LifeListed]


async def _listed(
    network: RunningNetwork, firm: UUID, works: list[Work], joined: dict[UUID, UUID]
) -> list[LifeListed]:
    today, mutes = await network.read_today(), await mutes_of(firm)
    counted = await network.database.run(
        "SELECT life, COUNT(*) AS number FROM alert_comment WHERE firm = {} GROUP BY life", firm
    )
    comments = {row["life"]: row["number"] for row in counted}
    later: dict[UUID, list[UUID]] = {}
    for alert, life in joined.items():
        later.setdefault(life, []).append(alert)
    found = []
    for one in works:
        silent = alert_life.muted(one.pseudonym, one.kind, mutes, today)
        shown = alert_life.state(one.stands, today)
        found.append(
            LifeListed(
                one.life,
                [one.life, *later.get(one.life, [])],
                State.MUTED if silent and shown is not State.CLOSED else shown,
                one.stands.news,
                one.stands.assignee,
                one.stands.snoozed_until,
                one.stands.reason,
                comments.get(one.life, 0),
                one.version,
            )
        )
    return found


@get("/api/alerts/lives", summary="What the firm does about its alerts")
async def list_lives(network: NamedDependency[RunningNetwork], who: NamedDependency[Who]) -> list[LifeListed]:
    """Lives that somebody has touched; an alert in none of them is new, or muted."""
    joined = await continuations_of(network, who.member)
    return await _listed(network, who.member, list((await works_of(who.member)).values()), joined)


@post("/api/alerts/lives", status_code=200, summary="Act on alerts")
async def act(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Acting]
) -> Acted:
    """All of them or none. 409 when one is closed, or was changed since the version that was looked at."""
    if data.assignee is not None:
        await _check_assignee(who.member, data.assignee)
    today = await network.read_today()
    await continue_waiting(network, who.member, data.alerts)
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        works: dict[UUID, Work] = {}
        for alert in await shown_to(network, who.member, list(dict.fromkeys(data.alerts))):
            work = await work_on(who.member, alert)
            if work.life not in works:
                works[work.life] = await _act(network, who, work, data, today)
        joined = await continuations_of(network, who.member)
        lives = await _listed(network, who.member, list(works.values()), joined)
        await network.fanout.announce(frame("alert-life"), [who.member], watches=True)  # a hint to read again
    return Acted(lives)


async def _act(network: RunningNetwork, who: Who, work: Work, data: Acting, today: date) -> Work:
    if data.version is not None and data.version != work.version:
        raise Refused("alert-changed", f"version: found {work.version}, expected {data.version}")
    try:
        after = alert_life.acted(work.stands, data.action, today, data.assignee, data.until, data.reason)
    except NotPossible as error:
        raise Refused("alert-state", str(error)) from None
    if after == work.stands:
        return work
    version = await write(network, who.member, work, after)
    detail = {"assignee": data.assignee, "until": data.until, "reason": data.reason}
    told = {name: value for name, value in detail.items() if value is not None}
    if data.action is not Action.SEE:
        await tell(network, who.member, work.life, who.actor, data.action.value, **told)
    if data.action is Action.ASSIGN and data.assignee is not None and data.assignee != who.person:
        await note_person(network, data.assignee, work.newest, ASSIGNED, after.severity, When.NOW)
    return Work(work.life, work.pseudonym, work.kind, work.newest, version, after)


@get("/api/alerts/people", summary="To whom an alert can be given")
async def list_people(who: NamedDependency[Who]) -> list[Colleague]:
    """The firm's users who work on alerts, by their e-mail."""
    me = await reader_of(who)
    rows = await Person.select().where(
        (Person.firm == who.member)
        & Person.revoked_at.is_null()
        & Person.role.is_in([role.value for role in READERS])
    )
    people = [Colleague(row["id"], row["email"], row["role"], row["id"] == me) for row in rows]
    return sorted(people, key=lambda one: one.email)


async def _check_assignee(firm: UUID, assignee: UUID) -> None:
    known = Person.id == assignee
    if not await Person.exists().where(known & (Person.firm == firm) & Person.revoked_at.is_null()):
        raise Refused("malformed", "assignee: expected a user of the firm")


@get("/api/alerts/changes", summary="What changed since my last visit")
async def changes(network: NamedDependency[RunningNetwork], who: NamedDependency[Who]) -> Changes:
    """New alerts and what colleagues did; reading them marks nothing, `POST /api/alerts/visits` does."""
    visit = await AlertVisit.select().where(AlertVisit.visitor == await reader_of(who)).first()
    month, sequence = (visit["month"], visit["sequence"]) if visit else (None, 0)
    latest = await network.latest_release()
    rows = (
        await Alert.select(Alert.id, Alert.pseudonym, Alert.month)
        .where(Alert.month > (month or 0))
        .order_by(Alert.month, ascending=False)
    )
    seen = visible_from(*await sight_of(network, who.member), [bytes(row["pseudonym"]) for row in rows])
    fresh = [
        row["id"]
        for row, earliest in zip(rows, seen, strict=True)
        if earliest is not None and earliest <= row["month"]
    ]
    events = (
        await AlertEvent.select()
        .where((AlertEvent.firm == who.member) & (AlertEvent.sequence > sequence))
        .order_by(AlertEvent.sequence)
        .limit(CHANGES_MAX + 1)
    )
    kept = events[:CHANGES_MAX]
    return Changes(
        since=None if visit is None else moment_text(visit["at"]),
        alerts=fresh,
        events=[_event(row) for row in kept if row["actor"] != who.actor],
        more=len(events) > CHANGES_MAX,
        cursor=Cursor(latest, kept[-1]["sequence"] if kept else sequence),
    )


def _event(row: dict[str, Any]) -> EventListed:
    return EventListed(
        row["sequence"], row["life"], moment_text(row["at"]), row["actor"], row["event"], row["detail"]
    )


@post("/api/alerts/visits", status_code=204, summary="Mark what was read")
async def visit(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Cursor]
) -> None:
    """Never back; only as far as there is something."""
    visitor, latest = await reader_of(who), await network.latest_release()
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        last = (
            await AlertEvent.select(AlertEvent.sequence)
            .where(AlertEvent.firm == who.member)
            .order_by(AlertEvent.sequence, ascending=False)
            .first()
        )
        before = await AlertVisit.select().where(AlertVisit.visitor == visitor).first()
        sequence = min(data.sequence, last["sequence"] if last else 0)
        month = None if latest is None or data.month is None else min(data.month, latest)
        if before is not None:
            sequence = max(sequence, before["sequence"])
            month = max(month or 0, before["month"] or 0) or None
        await AlertVisit.delete().where(AlertVisit.visitor == visitor)
        await AlertVisit(
            visitor=visitor, firm=who.member, month=month, sequence=sequence, at=network.clock.unix()
        ).save()


ROUTES: Final = [
    list_lives,
    act,
    list_people,
    *COMMENT_ROUTES,
    *MUTE_ROUTES,
    changes,
    visit,
]
