"""The rows of alerts' lives: one firm's at a time, always under its lock, every change with its event.

Rules of order, whose guardian this is:
1. Whoever changes a life holds the firm's lock and writes the event in the same transaction.
2. A release writes nothing here. What it means for a firm's work follows afterwards (`continue_work`), as
   often as one likes with the same outcome.
3. Nobody touches an alert of a release that is still to be gone through before its work is continued
   (`continue_waiting`): it would begin a life of its own, without the assignee, comments and history.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from piccolo.columns import Column

from server import alert_life
from server.alert_life import Life, Mute, Reason, Status
from server.alert_life_tables import AlertContinued, AlertEvent, AlertLife, AlertMute
from server.network import RunningNetwork
from server.outbox_tables import OutboxEvent
from server.problems import Refused
from server.relations import sight_of, visible_from
from server.roles import Who
from server.tables import Alert, Device


@dataclass(frozen=True, slots=True)
class Work:
    """A life as it stands in the rows. `version` 0: there is no row yet."""

    life: UUID
    pseudonym: bytes
    kind: str
    newest: UUID
    version: int
    stands: Life


def _work(row: dict[str, Any]) -> Work:
    return Work(
        row["life"],
        bytes(row["pseudonym"]),
        row["kind"],
        row["newest"],
        row["version"],
        Life(
            Status(row["status"]),
            bool(row["news"]),
            bool(row["reopened"]),
            row["assignee"],
            row["snoozed_until"],
            Reason(row["reason"]) if row["reason"] else None,
            row["severity"],
            row["size_days"],
        ),
    )


async def reader_of(who: Who) -> UUID:
    """Who reads: a person on whichever device; a device that nobody has."""
    if who.person is not None:
        return who.person
    assert who.device is not None
    row = await Device.select(Device.person).where(Device.id == who.device).first()
    return row["person"] if row and row["person"] else who.device


async def works_of(firm: UUID) -> dict[UUID, Work]:
    """Every life of the firm that has a row, by its id; the last changed one last."""
    rows = await AlertLife.select().where(AlertLife.firm == firm).order_by(AlertLife.changed_at)
    return {row["life"]: _work(row) for row in rows}


async def continuations_of(network: RunningNetwork, firm: UUID) -> dict[UUID, UUID]:
    """Alert -> the life that it continues, oldest first."""
    rows = await network.database.run(
        "SELECT c.alert, c.life FROM alert_continued c JOIN alert a ON a.id = c.alert"
        " WHERE c.firm = {} ORDER BY a.month, a.id",
        firm,
    )
    return {row["alert"]: row["life"] for row in rows}


async def mutes_of(firm: UUID) -> list[Mute]:
    """What the firm does not want to be told."""
    rows = await AlertMute.select().where(AlertMute.firm == firm)
    return [
        Mute(None if row["pseudonym"] is None else bytes(row["pseudonym"]), row["kind"], row["until"])
        for row in rows
    ]


async def seen_of(
    network: RunningNetwork, firm: UUID, alerts: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Of these rows those that are shown to the firm."""
    seen = visible_from(*await sight_of(network, firm), [bytes(one["pseudonym"]) for one in alerts])
    return [
        one
        for one, earliest in zip(alerts, seen, strict=True)
        if earliest is not None and earliest <= one["month"]
    ]


async def shown_to(network: RunningNetwork, firm: UUID, alerts: Sequence[UUID]) -> list[dict[str, Any]]:
    """Rows of these alerts in the order asked; 404 when one of them is not shown to the firm."""
    rows = {row["id"]: row for row in await Alert.select().where(Alert.id.is_in(list(alerts)))}
    found = [rows.get(one) for one in alerts]
    known = [row for row in found if row is not None]
    if len(await seen_of(network, firm, known)) < len(alerts):
        raise Refused("not-found")
    return known


async def work_on(firm: UUID, alert: dict[str, Any]) -> Work:
    """The life that an alert belongs to for this firm; one that nobody has touched has version 0."""
    joined = (
        await AlertContinued.select(AlertContinued.life)
        .where((AlertContinued.firm == firm) & (AlertContinued.alert == alert["id"]))
        .first()
    )
    life = joined["life"] if joined else alert["id"]
    row = await AlertLife.select().where((AlertLife.firm == firm) & (AlertLife.life == life)).first()
    if row is not None:
        return _work(row)
    begun = alert_life.begun(alert["severity"], alert["size_days"])
    return Work(life, bytes(alert["pseudonym"]), alert["kind"], alert["id"], 0, begun)


async def write(network: RunningNetwork, firm: UUID, work: Work, after: Life) -> int:
    """Store a life, inside the transaction and under the firm's lock; the new version."""
    version = work.version + 1
    values: dict[Column | str, Any] = {
        AlertLife.newest: work.newest,
        AlertLife.status: after.status.value,
        AlertLife.news: after.news,
        AlertLife.reopened: after.reopened,
        AlertLife.assignee: after.assignee,
        AlertLife.snoozed_until: after.snoozed_until,
        AlertLife.reason: after.reason.value if after.reason else None,
        AlertLife.severity: after.severity,
        AlertLife.size_days: after.size_days,
        AlertLife.version: version,
        AlertLife.changed_at: network.clock.unix(),
    }
    if not work.version:
        await AlertLife(
            firm=firm,
            life=work.life,
            pseudonym=work.pseudonym,
            kind=work.kind,
            newest=work.newest,
            status=after.status.value,
            severity=after.severity,
            size_days=after.size_days,
            changed_at=network.clock.unix(),
        ).save()
    await AlertLife.update(values).where((AlertLife.firm == firm) & (AlertLife.life == work.life))
    return version


async def tell(
    network: RunningNetwork, firm: UUID, life: UUID | None, actor: str, event: str, **detail: Any
) -> None:
    """Append an event, inside the transaction and under the firm's lock."""
    last = (
        await AlertEvent.select(AlertEvent.sequence)
        .where(AlertEvent.firm == firm)
        .order_by(AlertEvent.sequence, ascending=False)
        .first()
    )
    await AlertEvent(
        firm=firm,
        sequence=1 if last is None else last["sequence"] + 1,
        life=life,
        at=network.clock.unix(),
        actor=actor,
        event=event,
        detail=msgspec.json.encode(detail, order="sorted").decode(),
    ).save()


async def continue_work(network: RunningNetwork, firm: UUID, alerts: Sequence[dict[str, Any]]) -> None:
    """What a release's alerts mean for work that the firm has on the same clients; under its lock.

    `alerts`: rows shown to the firm. Those that were taken in before are left alone.
    """
    works, taken = await works_of(firm), await continuations_of(network, firm)
    by_client = {(one.pseudonym, one.kind): one for one in works.values()}
    for alert in alerts:
        work = by_client.get((bytes(alert["pseudonym"]), alert["kind"]))
        if work is None or alert["id"] in taken or alert["id"] in works:
            continue
        after = alert_life.continued(work.stands, alert["severity"], alert["size_days"])
        if after is None:
            continue
        await AlertContinued(firm=firm, alert=alert["id"], life=work.life).save()
        moved = Work(work.life, work.pseudonym, work.kind, alert["id"], work.version, after)
        await write(network, firm, moved, after)
        event = "reopened" if after.reopened and not work.stands.reopened else "continued"
        await tell(network, firm, work.life, "release", event, alert=alert["id"])


async def continue_waiting(network: RunningNetwork, firm: UUID, alerts: Sequence[UUID]) -> None:
    """`continue_work` on these alerts' clients, for the releases that the outbox has yet to go through.

    A transaction of its own: it stands even where what a person then does is refused, who reads it.
    """
    if not await OutboxEvent.exists().where(OutboxEvent.done.eq(False)):
        return
    clients = await Alert.select(Alert.pseudonym).where(Alert.id.is_in(list(alerts)))
    async with network.database.writing():
        await network.database.lock_firm(firm)
        waiting = OutboxEvent.select().where(OutboxEvent.done.eq(False)).order_by(OutboxEvent.month)
        for event in await waiting if clients else []:
            if event["firm_done"] is None or event["firm_done"] < firm:
                named = Alert.pseudonym.is_in([row["pseudonym"] for row in clients])
                rows = await Alert.select().where((Alert.month == event["month"]) & named).order_by(Alert.id)
                await continue_work(network, firm, await seen_of(network, firm, rows))


async def wake_due(network: RunningNetwork, today: date, woken: Callable[[Work], Awaitable[None]]) -> None:
    """End every snooze whose day has come; `woken` is called inside the transaction that ends it."""
    due = await AlertLife.select(AlertLife.firm, AlertLife.life).where(
        (AlertLife.status == Status.SNOOZED.value) & (AlertLife.snoozed_until <= today)
    )
    for row in due:
        mine = (AlertLife.firm == row["firm"]) & (AlertLife.life == row["life"])
        async with network.database.writing():
            await network.database.lock_firm(row["firm"])
            again = await AlertLife.select().where(mine).first()
            if again is None:
                continue
            work = _work(again)
            if work.stands.status is not Status.SNOOZED or (work.stands.snoozed_until or today) > today:
                continue  # somebody was faster
            await write(network, row["firm"], work, alert_life.woken(work.stands))
            await tell(network, row["firm"], work.life, "calendar", "woken")
            await woken(work)
