"""Calls: who may raise one, who receives it and when, who has answered. The caller learns of answers alone.

Raising a call takes the same work whether a thousand firms are asked or nobody: a clerk finds the receivers
afterwards, from rows, and goes on where it was when the server was killed in between.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from chat.records import Call, read_answer, read_call
from server import audit, moments
from server.clock import day_number
from server.conversations import granted
from server.hub import frame
from server.network import RunningNetwork
from server.problems import Refused
from server.receivers import firms_with, is_seasoned
from server.roles import Who

LOG: Final = logging.getLogger("vigied")


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """How calls travel and how many there may be. Units last."""

    batch_seconds: float = 30.0  # deliveries leave at the end of a period, plus up to one more at random
    open_days: int = 30
    per_firm_and_day_max: int = 50
    date_tolerance_days: int = 1


async def raise_call(
    network: RunningNetwork, policy: CallPolicy, who: Who, record: bytes, secret: bytes
) -> tuple[UUID, date]:
    """Store a call; its id and the day on which it closes."""
    firm = who.member
    call = granted(read_call(record))
    today = await network.read_today()
    if abs(call.raised_on - day_number(today)) > policy.date_tolerance_days:
        raise Refused("call-date", f"found {call.raised_on}, expected {day_number(today)}")
    if not await is_seasoned(network, firm, call.pseudonym):
        raise Refused("relation-not-seasoned")
    identity, closes_on = UUID(bytes=call.id), today + timedelta(days=policy.open_days)
    async with network.database.writing():
        await network.lock_member(firm)
        await _check_room(network, policy, firm, call, today)
        await network.database.run(
            "INSERT INTO call (id, firm, pseudonym, record, secret, raised_at, closes_on, closed,"
            " distributed) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
            identity,
            firm,
            call.pseudonym,
            record,
            secret,
            network.clock.unix(),
            closes_on,
            False,
            False,
        )
        await audit.append(network.clock, firm, who.actor, "call-raised", call=identity)
    return identity, closes_on


async def _check_room(
    network: RunningNetwork, policy: CallPolicy, firm: UUID, call: Call, today: date
) -> None:
    database = network.database
    await database.run(
        "UPDATE call SET closed = {} WHERE firm = {} AND NOT closed AND closes_on < {}", True, firm, today
    )
    if await database.run(
        "SELECT id FROM call WHERE firm = {} AND pseudonym = {} AND NOT closed", firm, call.pseudonym
    ):
        raise Refused("call-open")
    if await database.run("SELECT id FROM call WHERE id = {}", UUID(bytes=call.id)):
        raise Refused("malformed", "this call id has been used")
    since = network.clock.unix() - 86_400
    rows = await database.run(
        "SELECT COUNT(*) AS n FROM call WHERE firm = {} AND raised_at > {}", firm, since
    )
    if rows[0]["n"] >= policy.per_firm_and_day_max:
        raise Refused("call-limit")


async def raised(network: RunningNetwork, firm: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """The firm's own calls, newest first, each with its answers in the order in which they came.

    `after`: the ones older than this one.
    """
    today, database = await network.read_today(), network.database
    place: list[Any] = []
    if after is not None:
        known = await database.run("SELECT raised_at FROM call WHERE id = {} AND firm = {}", after, firm)
        if not known:
            raise Refused("not-found")
        place = [known[0]["raised_at"], known[0]["raised_at"], after]
    beyond = " AND (raised_at < {} OR raised_at = {} AND id > {})" if place else ""
    calls = await database.run(
        f"SELECT id, record, secret, closes_on, closed FROM call WHERE firm = {{}}{beyond}"  # noqa: S608
        " ORDER BY raised_at DESC, id LIMIT {}",
        firm,
        *place,
        limit,
    )
    answers: dict[UUID, list[dict[str, Any]]] = {call["id"]: [] for call in calls}
    if calls:
        listed = ", ".join("{}" for _ in calls)
        for one in await database.run(
            f"SELECT id, call, answer, opening FROM conversation WHERE call IN ({listed})"  # noqa: S608
            " AND NOT late ORDER BY started_on, id",
            *answers,
        ):
            answers[one["call"]].append(one)
    return [
        call | {"closed": call["closed"] or call["closes_on"] < today, "answers": answers[call["id"]]}
        for call in calls
    ]


_LISTED: Final = "(NOT k.closed OR k.listed_until IS NOT NULL)"
_RECEIVED: Final = (
    "SELECT k.id, k.record, k.firm, d.delivered_on FROM call_delivery d JOIN call k ON k.id = d.call"  # noqa: S608
    " WHERE d.firm = {} AND d.delivered_on IS NOT NULL AND NOT d.declined"
    f" AND {_LISTED} AND k.closes_on >= {{}} AND NOT EXISTS"
    " (SELECT 1 FROM conversation c WHERE c.call = k.id AND c.answerer_firm = d.firm)"
)


async def received(
    network: RunningNetwork, firm: UUID, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Calls that reached this firm, are still open, and were neither answered nor declined here.

    Newest first; `after`: the ones older than this one, whatever has become of it.
    """
    today, database = await network.read_today(), network.database
    place: list[Any] = []
    if after is not None:
        known = await database.run(
            "SELECT delivered_on FROM call_delivery"
            " WHERE call = {} AND firm = {} AND delivered_on IS NOT NULL",
            after,
            firm,
        )
        if not known:
            raise Refused("not-found")
        place = [known[0]["delivered_on"], known[0]["delivered_on"], after]
    beyond = " AND (d.delivered_on < {} OR d.delivered_on = {} AND k.id > {})" if place else ""
    return await database.run(
        f"{_RECEIVED}{beyond} ORDER BY d.delivered_on DESC, k.id LIMIT {{}}", firm, today, *place, limit
    )


async def answer(network: RunningNetwork, who: Who, call_id: UUID, record: bytes, secret: bytes) -> UUID:
    """This firm's answer begins one conversation; the caller hears of it, unless it had closed the call."""
    firm = who.member
    today = await network.read_today()
    database = network.database
    async with database.writing():
        await network.lock_member(firm)
        rows = await database.run(_RECEIVED + " AND k.id = {}", firm, today, call_id)
        if not rows:
            await _refuse_answer(network, firm, call_id)
        given = granted(read_answer(record, granted(read_call(rows[0]["record"]))))
        conversation = UUID(bytes=given.conversation)
        # Locked: the call is closed before this answer, or after it.
        held = await database.run("UPDATE call SET closed = closed WHERE id = {} RETURNING closed", call_id)
        late = bool(held[0]["closed"])
        await database.run(
            "INSERT INTO conversation (id, call, caller_firm, answerer_firm, answer, answerer_secret,"
            " started_on, epoch, late) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
            conversation,
            call_id,
            rows[0]["firm"],
            firm,
            record,
            secret,
            today,
            0,
            late,
        )
        await audit.append(network.clock, firm, who.actor, "call-answered", conversation=conversation)
        if not late:
            event = frame("answer", call=call_id, conversation=conversation)
            await network.fanout.announce(event, [rows[0]["firm"]], confers=True)
    return conversation


async def _refuse_answer(network: RunningNetwork, firm: UUID, call_id: UUID) -> None:
    """409 where the firm knows the call already, 404 for everything else."""
    database = network.database
    if await database.run(
        "SELECT id FROM conversation WHERE call = {} AND answerer_firm = {}", call_id, firm
    ):
        raise Refused("call-answered")
    if await database.run(
        "SELECT call FROM call_delivery WHERE call = {} AND firm = {} AND delivered_on IS NOT NULL",
        call_id,
        firm,
    ):
        raise Refused("call-closed")
    raise Refused("not-found")


async def decline(network: RunningNetwork, firm: UUID, call_id: UUID) -> None:
    """Hide a received call from this firm. Nobody else is told."""
    rows = await network.database.run(
        "UPDATE call_delivery SET declined = {} WHERE call = {} AND firm = {} AND delivered_on IS NOT NULL"
        " RETURNING call",
        True,
        call_id,
        firm,
    )
    if not rows:
        raise Refused("not-found")


async def close(network: RunningNetwork, who: Who, call_id: UUID) -> None:
    """The caller wants no further answers, and opens none that was not opened: the call key is erased.

    Its receivers see it go at a moment of its own: `server.moments`.
    """
    today = await network.read_today()
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        rows = await network.database.run(
            "SELECT closed FROM call WHERE id = {} AND firm = {}", call_id, who.member
        )
        if not rows:
            raise Refused("not-found")
        await network.database.run("UPDATE call SET secret = {} WHERE id = {}", b"", call_id)
        if not rows[0]["closed"]:
            await network.database.run(
                "UPDATE call SET closed = {}, closed_on = {} WHERE id = {}", True, today, call_id
            )
            await moments.keep_listed(network, [call_id])
        await audit.append(network.clock, who.member, who.actor, "call-closed", call=call_id)


async def replace_secret(
    network: RunningNetwork, firm: UUID, call_id: UUID, secret: bytes, replaces: bytes
) -> None:
    """An own call's sealed key, sealed again; compare-and-swap on the SHA-256 of the one before."""
    rows = await network.database.run("SELECT secret FROM call WHERE id = {} AND firm = {}", call_id, firm)
    if not rows:
        raise Refused("not-found")
    current = rows[0]["secret"]
    if not current or hashlib.sha256(current).digest() != replaces:
        raise Refused("secret-replaced")
    moved = await network.database.run(
        "UPDATE call SET secret = {} WHERE id = {} AND secret = {} RETURNING id", secret, call_id, current
    )
    if not moved:
        raise Refused("secret-replaced")


class Clerk:
    """Finds who receives each call, and delivers in batches. One for each process; rows say who does what."""

    def __init__(self, network: RunningNetwork, policy: CallPolicy) -> None:
        self._network = network
        self._policy = policy
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to deliver. No step waits for another that takes long: `server.moments` bears no delay."""
        for step in (self.distribute, self.deliver, self.pass_due):
            self._tasks.append(asyncio.create_task(self._for_ever(step), name="clerk"))

    async def stop(self) -> None:
        """End; the rows say where to go on."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _for_ever(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(min(max(self._policy.batch_seconds / 4, 0.02), 5.0))
            await _quietly(step)

    async def pass_due(self) -> None:
        """Show what is to be seen by now."""
        await moments.pass_due(self._network)

    def deliver_after(self, now_milliseconds: int) -> int:
        """When a delivery decided now may leave: the end of the period, and up to one period more."""
        period = max(int(self._policy.batch_seconds * 1000), 1)
        return (now_milliseconds // period + 1) * period + secrets.randbelow(period)

    async def distribute(self) -> None:
        """Decide for each new call who receives it and when."""
        waiting = await self._network.database.run(
            "SELECT id, firm, pseudonym FROM call WHERE NOT distributed LIMIT 100"
        )
        for call in waiting:
            await _quietly(partial(self._distribute, call))

    async def _distribute(self, call: dict[str, Any]) -> None:
        database = self._network.database
        firms = await firms_with(self._network, call["pseudonym"], besides=call["firm"])
        async with database.writing():
            mine = await database.run(
                "UPDATE call SET distributed = {} WHERE id = {} AND NOT distributed RETURNING id",
                True,
                call["id"],
            )
            for firm in firms if mine else []:  # otherwise another process was faster
                await database.run(
                    "INSERT INTO call_delivery (call, firm, deliver_after, declined) VALUES ({}, {}, {}, {})",
                    call["id"],
                    firm,
                    self.deliver_after(self._network.clock.milliseconds()),
                    False,
                )

    async def deliver(self) -> None:
        """Hand over what is due, and tell the devices that are connected."""
        today = await self._network.read_today()
        network, now = self._network, self._network.clock.milliseconds()
        due = (  # and the caller has not been silenced since
            "delivered_on IS NULL AND deliver_after <= {} AND NOT EXISTS"
            " (SELECT 1 FROM firm_silence s JOIN call k ON k.firm = s.silenced"
            "  WHERE k.id = call_delivery.call AND s.firm = call_delivery.firm)"
        )
        if not await network.database.run(f"SELECT 1 FROM call_delivery WHERE {due} LIMIT 1", now):  # noqa: S608
            return
        async with network.database.writing():
            left = await network.database.run(
                f"UPDATE call_delivery SET delivered_on = {{}} WHERE {due} RETURNING call, firm",  # noqa: S608
                today,
                now,
            )
            for call in {row["call"] for row in left}:
                firms = [row["firm"] for row in left if row["call"] == call]
                there = f"SELECT id FROM call k WHERE k.id = {{}} AND {_LISTED}"  # noqa: S608 - fixed text
                if await network.database.run(there, call):
                    await network.fanout.announce(frame("call", call=call), firms, confers=True)


async def _quietly(step: Callable[[], Awaitable[None]]) -> None:
    try:
        await step()
    except Exception as error:  # noqa: BLE001 - the next round is tried whatever this one met
        LOG.error("calls: %s", type(error).__name__)  # noqa: TRY400 - a trace would name rows
