"""The postman: makes deliveries out of events, messages out of notices, and carries both until they arrive.

Rules of order, whose guardian this is:
1. A delivery is claimed before it is tried, by moving the moment at which somebody may try it; a process that
   ends in between loses the claim when that moment comes, and nothing else.
2. It is tried again with growing pauses, under the same id, until it arrives or is dead; the dead stay in
   their list and can be tried again.
3. A receiver that fails rests with all that waits for it: it delays nobody else.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from piccolo.columns import Column

from server.clock import moment
from server.erasing import erase_overdue
from server.mail import Letter, Outcome, compose, hand_over
from server.network import RunningNetwork
from server.notifications import unsubscribing
from server.outbox import ALERT, KEPT_DAYS, expand, wake, wishes_of
from server.outbox_tables import Mail, Notice, OutboxEvent, Webhook, WebhookDelivery
from server.problems import LOG
from server.tables import Person
from server.webhooks import GONE, Caller

ATTEMPTS_MAX: Final = 10
PAUSE_SECONDS_MAX: Final = 12 * 3600.0
AT_ONCE_MAX: Final = 16
MAILS_AT_ONCE: Final = 8
ROUND_MAX: Final = 100
SWEEP_SECONDS: Final = 3600.0


def pause_seconds(first: float, attempts: int, jitter: float) -> float:
    """How long to wait after so many attempts: four times longer each time. `jitter`: 0 to 1, +-20 %."""
    return float(min(first * 4 ** (attempts - 1), PAUSE_SECONDS_MAX) * (0.8 + 0.4 * jitter))


class Postman:
    """The tasks of one process. Several processes may each have one."""

    def __init__(self, network: RunningNetwork) -> None:
        self._network = network
        self._delivering = network.settings.delivering
        self._caller = Caller(network)
        self._tasks: list[asyncio.Task[None]] = []
        self._calling: dict[UUID, asyncio.Task[None]] = {}
        self._swept = -SWEEP_SECONDS
        self._ahead: set[tuple[int, UUID]] = set()  # of events: see `expand`

    def start(self) -> None:
        """Begin to look."""
        for work in (self.prepare, self.send_mail, self.call):
            self._tasks.append(asyncio.create_task(self._for_ever(work)))

    async def stop(self) -> None:
        """End; what was being tried is tried again by whoever comes next."""
        ending = [*self._tasks, *self._calling.values()]
        for task in ending:
            task.cancel()
        for task in ending:
            with suppress(asyncio.CancelledError):
                await task
        await self._caller.close()

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._quietly(work)
            await asyncio.sleep(self._delivering.outbox_seconds)

    async def _quietly(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the next round is tried whatever this one met
            LOG.error("outbox: %s", type(error).__name__)  # a trace would name rows

    def _now_ms(self) -> int:
        return int(self._network.clock.now().timestamp() * 1000)

    def _claimed_until(self) -> int:
        return self._now_ms() + math.ceil(2_000 * self._delivering.delivery_seconds) + 1_000

    def _again_at(self, attempts: int) -> int:
        pause = pause_seconds(self._delivering.retry_seconds, attempts, secrets.randbelow(1000) / 1000)
        return self._now_ms() + int(pause * 1000)

    # ---- events

    async def prepare(self) -> None:
        """New releases' deliveries, snoozes that ended, rows that have served their time: each by itself."""
        await self._quietly(lambda: expand(self._network, self._ahead))
        await self._quietly(lambda: wake(self._network))
        if self._network.clock.ticks() - self._swept >= SWEEP_SECONDS:
            await self.sweep()
            self._swept = self._network.clock.ticks()

    async def sweep(self) -> None:
        """Erase what was delivered, dropped or given up long ago, and what else has served its time."""
        before = self._network.clock.unix() - KEPT_DAYS * 86_400
        await Notice.delete().where((Notice.due_at < before) & Notice.mail.is_not_null())
        await Mail.delete().where((Mail.created_at < before) & (Mail.state != "waiting"))
        await WebhookDelivery.delete().where(
            (WebhookDelivery.created_at < before) & (WebhookDelivery.state != "waiting")
        )
        await OutboxEvent.delete().where((OutboxEvent.created_at < before) & OutboxEvent.done.eq(True))
        await erase_overdue(self._network)

    # ---- mail

    async def send_mail(self) -> None:
        """Write the messages that are due, and hand over those that wait."""
        if self._delivering.smtp is None:
            return
        await self._write_messages()
        waiting = (
            await Mail.select()
            .where((Mail.state == "waiting") & (Mail.next_at_ms <= self._now_ms()))
            .order_by(Mail.next_at_ms)
            .limit(ROUND_MAX)
        )
        places = asyncio.Semaphore(MAILS_AT_ONCE)

        async def send(row: dict[str, Any]) -> None:
            async with places:
                if await self._claim("mail", row):
                    await self._send(row)

        for ended in await asyncio.gather(*(send(row) for row in waiting), return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended  # when the others have come to their end too

    async def _write_messages(self) -> None:
        now, database = self._network.clock.unix(), self._network.database
        people = await database.run(
            "SELECT DISTINCT person FROM notice WHERE mail IS NULL AND due_at <= {} LIMIT 1000", now
        )
        for one in people:
            person = one["person"]
            async with database.writing():
                if database.postgres:  # two processes, one user: the second finds nothing left
                    await database.run("SELECT id FROM person WHERE id = {} FOR UPDATE", person)
                due = (Notice.person == person) & Notice.mail.is_null() & (Notice.due_at <= now)
                # Taken before they are counted: a notice that comes meanwhile is in the next message.
                identity = uuid4()
                rows = (
                    await Notice.update({Notice.mail: identity})
                    .where(due)
                    .returning(Notice.cause, Notice.severity)
                )
                if not rows:
                    continue
                counts = Counter(row["severity"] if row["cause"] == ALERT else row["cause"] for row in rows)
                await Mail(
                    id=identity,
                    person=person,
                    counts=msgspec.json.encode(counts, order="sorted").decode(),
                    created_at=now,
                    next_at_ms=self._now_ms(),
                    state="waiting",
                ).save()

    async def _claim(self, table: str, row: dict[str, Any]) -> bool:
        """Whether this process may try it now; nobody else does before the claim ends."""
        # The address may have been given up since this round began: what waits for it is called no more.
        calls = " AND EXISTS (SELECT 1 FROM webhook w WHERE w.id = webhook_delivery.webhook AND w.active)"
        mine = await self._network.database.run(
            f"UPDATE {table} SET next_at_ms = {{}}, attempts = attempts + 1"  # noqa: S608
            " WHERE id = {} AND state = 'waiting' AND next_at_ms = {}"
            f"{calls if table == 'webhook_delivery' else ''} RETURNING id",
            self._claimed_until(),
            row["id"],
            row["next_at_ms"],
        )
        return bool(mine)

    async def _send(self, row: dict[str, Any]) -> None:
        letter = await self._letter(row)
        if letter is None:
            await Mail.update({Mail.state: "dropped"}).where(Mail.id == row["id"])
            return
        outcome, problem = await self._hand_over(letter)
        attempts = row["attempts"] + 1
        state = {Outcome.SENT: "sent", Outcome.NEVER: "dead"}.get(outcome, "waiting")
        changed: dict[Column | str, Any] = {Mail.state: state, Mail.problem: problem[:80]}
        if state == "waiting" and attempts >= ATTEMPTS_MAX:
            changed[Mail.state] = "dead"
        elif state == "waiting":
            changed[Mail.next_at_ms] = self._again_at(attempts)
        await Mail.update(changed).where(Mail.id == row["id"])

    async def _hand_over(self, letter: Letter) -> tuple[Outcome, str]:
        smtp, seconds = self._delivering.smtp, self._delivering.delivery_seconds
        assert smtp is not None
        try:
            return await asyncio.to_thread(hand_over, smtp, compose(letter), seconds)
        except Exception as error:  # noqa: BLE001 - what cannot be composed is given up like what is not taken
            return Outcome.LATER, type(error).__name__

    async def _letter(self, row: dict[str, Any]) -> Letter | None:
        """None: the user or her firm is gone, or she wants no mail any more."""
        person = (
            await Person.select(*Person.all_columns(), Person.firm.expelled.as_alias("expelled"))
            .where(Person.id == row["person"])
            .first()
        )
        if person is None or person["revoked_at"] is not None or person["expelled"]:
            return None
        wishes = await wishes_of(person["id"], person["role"])
        if not wishes.mail:
            return None
        url, token = self._delivering.url, unsubscribing(self._network.keys.session, person["id"])
        return Letter(
            id=row["id"],
            to=person["email"],
            language=wishes.language,
            counts=msgspec.json.decode(row["counts"], type=dict[str, int]),
            network=self._network.settings.network_name,
            link=f"{url}/#/alerts",
            settings_link=f"{url}/#/settings",
            unsubscribe=f"{url}/api/unsubscribe/{token}",
            sender=self._delivering.mail_from,
            written_at=moment(row["created_at"]),
        )

    # ---- webhooks

    async def call(self) -> None:
        """One task for each address that something waits for, a bounded number at a time."""
        self._calling = {one: task for one, task in self._calling.items() if not task.done()}
        due = await self._network.database.run(
            "SELECT DISTINCT webhook FROM webhook_delivery WHERE state = 'waiting' AND next_at_ms <= {}",
            self._now_ms(),
        )
        for row in due:
            if row["webhook"] not in self._calling and len(self._calling) < AT_ONCE_MAX:
                self._calling[row["webhook"]] = asyncio.create_task(self._call_quietly(row["webhook"]))

    async def _call_quietly(self, webhook: UUID) -> None:
        try:
            await self._call(webhook)
        except Exception as error:  # noqa: BLE001 - what was claimed is tried again when the claim ends
            LOG.error("webhook: %s", type(error).__name__)

    async def _call(self, webhook: UUID) -> None:
        """Deliver in order, until the first failure."""
        address = await Webhook.select().where(Webhook.id == webhook).first()
        waiting = (
            await WebhookDelivery.select()
            .where(
                (WebhookDelivery.webhook == webhook)
                & (WebhookDelivery.state == "waiting")
                & (WebhookDelivery.next_at_ms <= self._now_ms())
            )
            .order_by(WebhookDelivery.created_at)
            .limit(ROUND_MAX)
        )
        for row in waiting:
            if address is None or not address["active"]:
                await self._settle(row, "dead", None, "the address is gone")
                continue
            if not await self._claim("webhook_delivery", row):
                continue
            status, problem = await self._caller.attempt(address, row)
            if status is not None and 200 <= status < 300:
                await self._settle(row, "sent", status, "")
                continue
            await self._failed(webhook, row, status, problem)
            return

    async def _failed(self, webhook: UUID, row: dict[str, Any], status: int | None, problem: str) -> None:
        attempts = row["attempts"] + 1
        if status == GONE:
            await Webhook.update({Webhook.active: False}).where(Webhook.id == webhook)
        given_up = status == GONE or attempts >= ATTEMPTS_MAX
        await self._settle(row, "dead" if given_up else "waiting", status, problem)
        # What else waits for this address waits as long, without counting as tried.
        await self._network.database.run(
            "UPDATE webhook_delivery SET next_at_ms = {} WHERE webhook = {} AND state = 'waiting'"
            " AND next_at_ms < {}",
            self._again_at(attempts),
            webhook,
            self._again_at(attempts),
        )

    async def _settle(self, row: dict[str, Any], state: str, status: int | None, problem: str) -> None:
        changed: dict[Column | str, Any] = {
            WebhookDelivery.state: state,
            WebhookDelivery.status: status,
            WebhookDelivery.problem: problem[:80],
        }
        if state == "waiting":
            changed[WebhookDelivery.next_at_ms] = self._again_at(row["attempts"] + 1)
        await WebhookDelivery.update(changed).where(WebhookDelivery.id == row["id"])
