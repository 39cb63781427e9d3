"""What has to leave, written where it comes about, and made into deliveries one firm at a time.

Rules of order, whose guardian this is:
1. A release's event is written in the release's own transaction: no alert without it, whenever the process
   ends.
2. Going through an event again, after a kill or in two processes at once, writes nothing twice: a notice is
   unique by user, alert and cause; a webhook's delivery has an id made from address and alert. What happens
   more than once, an assignment or a waking, is told again once the message of the time before is written.
3. A firm's deliveries, what the release means for its work, and the note that it is done are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

from benchmark.alerts import SEVERITIES
from benchmark.upload import month_text
from server.alert_life import muted
from server.alert_life_rows import Work, continue_work, mutes_of, seen_of, wake_due
from server.clock import moment_text
from server.network import RunningNetwork
from server.notifications import When, Wishes, due, usual, when
from server.outbox_tables import OutboxEvent, Preference, Webhook
from server.problems import LOG
from server.roles import NAME_READERS
from server.tables import Alert, Firm, Person

ALERT: Final = "alert"
ASSIGNED: Final = "assigned"
WOKEN: Final = "woken"
ROWS_AT_ONCE: Final = 500
KEPT_DAYS: Final = 30  # of what was delivered, dropped or given up


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell one user: the row that is to be."""

    person: UUID
    alert: UUID
    cause: str
    severity: str
    due_at: int


async def note_release(network: RunningNetwork, month: int) -> None:
    """Inside the release's transaction: its alerts are to be told."""
    await network.database.run(
        "INSERT INTO outbox_event (month, created_at, done) VALUES ({}, {}, {}) ON CONFLICT DO NOTHING",
        month,
        network.clock.unix(),
        False,
    )


async def wishes_of(person: UUID, role: str) -> Wishes:
    """What a user said, or the defaults of her role."""
    row = await Preference.select(Preference.wishes).where(Preference.person == person).first()
    return usual(role) if row is None else msgspec.json.decode(row["wishes"], type=Wishes)


async def note_person(  # noqa: PLR0917 - in the order of the columns
    network: RunningNetwork, person: UUID, alert: UUID, cause: str, severity: str, how: When | None = None
) -> None:
    """Inside the transaction of what is told: one user hears of it, unless she wants no mail.

    `how`: None as she wishes for this severity.
    """
    row = await Person.select(Person.role, Person.revoked_at).where(Person.id == person).first()
    if row is None or row["revoked_at"] is not None:
        return
    wishes = await wishes_of(person, row["role"])
    at = due(wishes, how or when(wishes, "", severity), network.clock.now()) if wishes.mail else None
    if at is not None:
        await _write(network, [Note(person, alert, cause, severity, int(at.timestamp()))])


async def _write(network: RunningNetwork, notes: Sequence[Note]) -> None:
    if network.settings.delivering.smtp is None:  # later, nobody wants the news of a year
        return
    for start in range(0, len(notes), ROWS_AT_ONCE):
        chunk = notes[start : start + ROWS_AT_ONCE]
        places = ", ".join(["({}, {}, {}, {}, {})"] * len(chunk))
        await network.database.run(
            f"INSERT INTO notice (person, alert, cause, severity, due_at) VALUES {places}"  # noqa: S608
            " ON CONFLICT (person, alert, cause) DO UPDATE SET severity = excluded.severity,"
            " due_at = excluded.due_at, mail = NULL"
            f" WHERE notice.mail IS NOT NULL AND excluded.cause <> '{ALERT}'",
            *(
                value
                for one in chunk
                for value in (one.person, one.alert, one.cause, one.severity, one.due_at)
            ),
        )


async def expand(network: RunningNetwork, ahead: set[tuple[int, UUID]]) -> None:
    """Make the deliveries of the events that are not done, oldest first, firm after firm.

    A firm whose deliveries cannot be made holds up nobody, and the next round tries it again. `ahead`: months
    and firms that are done past such a one; a process that has forgotten them goes through them again.
    """
    waiting = OutboxEvent.select().where(OutboxEvent.done.eq(False)).order_by(OutboxEvent.month)
    for event in await waiting:
        await _expand(network, event, ahead)


async def _expand(network: RunningNetwork, event: dict[str, Any], ahead: set[tuple[int, UUID]]) -> None:
    month, failed = event["month"], False
    alerts = await Alert.select().where(Alert.month == month).order_by(Alert.id)
    firms = (
        Firm.select(Firm.id).where(Firm.root_public.is_not_null() & Firm.expelled.eq(False)).order_by(Firm.id)
    )
    for row in await firms if alerts else []:
        firm = row["id"]
        if (month, firm) in ahead or (event["firm_done"] is not None and firm <= event["firm_done"]):
            continue
        try:
            await _expand_for(network, firm, month, alerts, passed=not failed)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this firm's
            if not failed:
                LOG.error("outbox: %s", type(error).__name__)
            failed = True
        else:
            if failed:
                ahead.add((month, firm))
    if not failed:
        await OutboxEvent.update({OutboxEvent.done: True}).where(OutboxEvent.month == month)
        ahead -= {one for one in ahead if one[0] == month}


async def _expand_for(
    network: RunningNetwork, firm: UUID, month: int, alerts: list[dict[str, Any]], *, passed: bool
) -> None:
    """`passed`: no firm before this one is left to be gone through."""
    async with network.database.writing():
        await network.database.lock_firm(firm)
        shown = await seen_of(network, firm, alerts)
        await continue_work(network, firm, shown)
        today, mutes = await network.read_today(), await mutes_of(firm)
        told = [one for one in shown if not muted(bytes(one["pseudonym"]), one["kind"], mutes, today)]
        if told:
            await _write(network, await _notes(network, firm, told))
            await _deliveries(network, firm, told)
        if passed:
            await OutboxEvent.update({OutboxEvent.firm_done: firm}).where(OutboxEvent.month == month)


async def _notes(network: RunningNetwork, firm: UUID, alerts: list[dict[str, Any]]) -> list[Note]:
    people = await Person.select(Person.id, Person.role).where(
        (Person.firm == firm)
        & Person.revoked_at.is_null()
        & Person.role.is_in([role.value for role in NAME_READERS])
    )
    now, notes = network.clock.now(), []
    for person in people:
        wishes = await wishes_of(person["id"], person["role"])
        for one in alerts:
            at = due(wishes, when(wishes, one["kind"], one["severity"]), now)
            if at is not None:
                notes.append(Note(person["id"], one["id"], ALERT, one["severity"], int(at.timestamp())))
    return notes


async def _deliveries(network: RunningNetwork, firm: UUID, alerts: list[dict[str, Any]]) -> None:
    addresses = await Webhook.select().where((Webhook.firm == firm) & Webhook.active.eq(True))
    for address in addresses:
        kinds = msgspec.json.decode(address["kinds"], type=list[str])
        least = SEVERITIES.index(address["severity_least"])
        wanted = [
            one
            for one in alerts
            if SEVERITIES.index(one["severity"]) >= least and (not kinds or one["kind"] in kinds)
        ]
        messages = [(one["id"], alert_message(network, one)) for one in wanted]
        await enqueue(network, address, messages)


def alert_message(network: RunningNetwork, alert: dict[str, Any]) -> dict[str, Any]:
    """What a webhook is told of an alert; the client is its pseudonym."""
    return {
        "type": "alert.raised",
        "timestamp": moment_text(network.clock.unix()),
        "data": {
            "id": alert["id"],
            "pseudonym": bytes(alert["pseudonym"]),
            "month": month_text(alert["month"]),
            "kind": alert["kind"],
            "severity": alert["severity"],
            "size_days": alert["size_days"],
            "since": month_text(alert["since_month"]),
            "confidence": alert["confidence"],
            "detector": alert["detector"],
        },
    }


async def enqueue(
    network: RunningNetwork, address: dict[str, Any], messages: Sequence[tuple[UUID, dict[str, Any]]]
) -> None:
    """Inside a transaction: deliveries to one address; an id is the same whenever it is about the same."""
    now = network.clock.unix()
    for start in range(0, len(messages), ROWS_AT_ONCE):
        values: list[Any] = []
        chunk = messages[start : start + ROWS_AT_ONCE]
        for about, message in chunk:
            body = msgspec.json.encode(message, order="sorted")
            delivery = uuid5(address["id"], str(about))
            values += [delivery, address["id"], address["firm"], body, now, 0, now * 1000, "waiting", ""]
        places = ", ".join(["({}, {}, {}, {}, {}, {}, {}, {}, {})"] * len(chunk))
        await network.database.run(
            "INSERT INTO webhook_delivery"  # noqa: S608
            " (id, webhook, firm, body, created_at, attempts, next_at_ms, state, problem)"
            f" VALUES {places} ON CONFLICT DO NOTHING",
            *values,
        )


async def wake(network: RunningNetwork) -> None:
    """Snoozes whose day has come: back in the list, and told to whoever works on it."""

    async def tell_assignee(work: Work) -> None:
        if work.stands.assignee is not None:
            await note_person(network, work.stands.assignee, work.newest, WOKEN, work.stands.severity)

    await wake_due(network, await network.read_today(), tell_assignee)
