"""Routes of alerts' lives: act, comment, mute, what changed since my last visit. One firm's rows alone."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from benchmark.alerts import KINDS
from server import alert_life
from server.alert_life import Action, NotPossible, Reason, State
from server.alert_life_rows import (
    Work,
    continuations_of,
    mutes_of,
    reader_of,
    shown_to,
    tell,
    work_on,
    works_of,
    write,
)
from server.alert_life_tables import AlertComment, AlertEvent, AlertMute, AlertVisit
from server.clock import moment_text
from server.network import RunningNetwork
from server.notifications import When
from server.outbox import ASSIGNED, note_person
from server.problems import Refused
from server.relations import sight_of, visible_from
from server.roles import Who
from server.tables import Alert, Person

AT_ONCE_MAX: Final = 500
MUTES_MAX: Final = 5_000
COMMENT_BYTES_MAX: Final = 16 * 1024
COMMENTS_MAX: Final = 1_000
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


class NewComment(msgspec.Struct, frozen=True):
    """`id`: chosen by the writer, for it is part of what the seal is bound to."""

    id: UUID
    sealed: bytes


class CommentListed(msgspec.Struct, frozen=True):
    """A comment that the firm's *notes* key opens. `author`: user:<id> or device:<id>."""

    id: UUID
    author: str
    at: str
    sealed: bytes


class NewMute(msgspec.Struct, frozen=True):
    """A client (pseudonym), a kind, or both. `until`: the last day; null: until it is lifted."""

    pseudonym: bytes | None = None
    kind: str | None = None
    until: date | None = None


class MuteListed(msgspec.Struct, frozen=True):
    """What the firm is not told of."""

    id: UUID
    pseudonym: bytes | None
    kind: str | None
    until: date | None


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


class Acted(msgspec.Struct, frozen=True):
    """The lives after an action."""

    lives: list[LifeListed]


class Made(msgspec.Struct, frozen=True):
    """The id of what was stored."""

    id: UUID


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
    joined = await continuations_of(who.member)
    return await _listed(network, who.member, list((await works_of(who.member)).values()), joined)


@post("/api/alerts/lives", status_code=200, summary="Act on alerts")
async def act(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Acting]
) -> Acted:
    """All of them or none. 409 when one is closed, or was changed since the version that was looked at."""
    if data.assignee is not None:
        await _check_assignee(who.member, data.assignee)
    today = await network.read_today()
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        works: dict[UUID, Work] = {}
        for alert in await shown_to(network, who.member, list(dict.fromkeys(data.alerts))):
            work = await work_on(who.member, alert)
            if work.life not in works:
                works[work.life] = await _act(network, who, work, data, today)
        joined = await continuations_of(who.member)
        return Acted(await _listed(network, who.member, list(works.values()), joined))


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


async def _check_assignee(firm: UUID, assignee: UUID) -> None:
    known = Person.id == assignee
    if not await Person.exists().where(known & (Person.firm == firm) & Person.revoked_at.is_null()):
        raise Refused("malformed", "assignee: expected a user of the firm")


@get("/api/alerts/{alert_id:uuid}/comments", summary="Comments on an alert")
async def list_comments(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], alert_id: FromPath[UUID]
) -> list[CommentListed]:
    """Sealed under the firm's *notes* key, oldest first; of the whole life that the alert belongs to."""
    (alert,) = await shown_to(network, who.member, [alert_id])
    work = await work_on(who.member, alert)
    rows = (
        await AlertComment.select()
        .where((AlertComment.firm == who.member) & (AlertComment.life == work.life))
        .order_by(AlertComment.at)
        .limit(COMMENTS_MAX)
    )
    return [CommentListed(row["id"], row["author"], moment_text(row["at"]), row["sealed"]) for row in rows]


@post("/api/alerts/{alert_id:uuid}/comments", summary="Comment on an alert")
async def comment(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    alert_id: FromPath[UUID],
    data: JSONBody[NewComment],
) -> Made:
    """The same id again is a no-op."""
    if not 0 < len(data.sealed) <= COMMENT_BYTES_MAX:
        raise Refused("malformed", f"sealed: expected 1 to {COMMENT_BYTES_MAX} bytes")
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        (alert,) = await shown_to(network, who.member, [alert_id])
        work = await work_on(who.member, alert)
        before = await AlertComment.select(AlertComment.firm).where(AlertComment.id == data.id).first()
        if before is not None:
            if before["firm"] != who.member:
                raise Refused("not-found")
            return Made(data.id)
        if await AlertComment.count().where(AlertComment.life == work.life) >= COMMENTS_MAX:
            raise Refused("malformed", f"at most {COMMENTS_MAX} comments")
        await AlertComment(
            id=data.id,
            firm=who.member,
            life=work.life,
            author=who.actor,
            at=network.clock.unix(),
            sealed=data.sealed,
        ).save()
        if not work.version:  # so that the life is there to be continued
            await write(network, who.member, work, work.stands)
        await tell(network, who.member, work.life, who.actor, "commented", comment=data.id)
    return Made(data.id)


@get("/api/alerts/mutes", summary="What the firm is not told of")
async def list_mutes(who: NamedDependency[Who]) -> list[MuteListed]:
    """Oldest first."""
    rows = await AlertMute.select().where(AlertMute.firm == who.member).order_by(AlertMute.at)
    return [MuteListed(row["id"], row["pseudonym"], row["kind"], row["until"]) for row in rows]


@post("/api/alerts/mutes", summary="Do not tell the firm of a client or a kind")
async def mute(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[NewMute]
) -> Made:
    """Muted alerts stay in the list; neither mail nor webhook tells of them."""
    if data.pseudonym is None and data.kind is None:
        raise Refused("malformed", "expected a pseudonym, a kind, or both")
    if data.pseudonym is not None and len(data.pseudonym) != 32:
        raise Refused("malformed", "pseudonym: expected 32 bytes")
    if data.kind is not None and data.kind not in KINDS:
        raise Refused("malformed", f"kind: expected one of {', '.join(KINDS)}")
    made = uuid4()
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        if await AlertMute.count().where(AlertMute.firm == who.member) >= MUTES_MAX:
            raise Refused("malformed", f"at most {MUTES_MAX} mutes")
        await AlertMute(
            id=made,
            firm=who.member,
            pseudonym=data.pseudonym,
            kind=data.kind,
            until=data.until,
            actor=who.actor,
            at=network.clock.unix(),
        ).save()
        await tell(network, who.member, None, who.actor, "muted", mute=made)
    return Made(made)


@delete("/api/alerts/mutes/{mute_id:uuid}", status_code=204, summary="Lift a mute")
async def unmute(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], mute_id: FromPath[UUID]
) -> None:
    """404 when it is not the firm's."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        mine = (AlertMute.id == mute_id) & (AlertMute.firm == who.member)
        if not await AlertMute.delete().where(mine).returning(AlertMute.id):
            raise Refused("not-found")
        await tell(network, who.member, None, who.actor, "unmuted", mute=mute_id)


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
    list_comments,
    comment,
    list_mutes,
    mute,
    unmute,
    changes,
    visit,
]
