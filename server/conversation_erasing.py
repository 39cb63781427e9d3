"""Calls, conversations and reports that have served their time are erased. `server.retention` tells of it.

Rules of order, whose guardian this is:
1. A conversation goes 12 months after its last message; one in which nothing was said 12 months after it
   began; an answer that was never opened 12 months after the last day of its call, whenever that was closed:
   calls closed together must not be seen to be (`server.moments`). All of its rows go with it.
2. A conversation that a firm holds stays whole, and so does the call that began it.
3. A call goes 12 months after it closed, and not before the conversations that it began. Who received or
   declined it is forgotten after these 12 months in any case.
4. A report goes 12 months after it came, with the transcript disclosed, whoever holds the conversation: what
   the firm holds is its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from server import append_rows
from server.database import Database
from server.hub import frame
from server.keeping import MONTH_SECONDS, NOT_HELD, erase_files, settle_silence, sweep
from server.network import RunningNetwork
from server.problems import LOG

CONVERSATION_MONTHS: Final = 12
AT_ONCE: Final = 100
SWEEP_SECONDS: Final = 3_600.0

# The parts of a conversation but its files: table, and the column that names it.
_PARTS: Final = (
    ("message", "conversation"),
    ("conversation_epoch", "conversation"),
    ("conversation_succession", "conversation"),
    ("conversation_state", "conversation"),
    ("conversation", "id"),
)
_LAST: Final = (
    "COALESCE((SELECT m.received_at FROM message m WHERE m.conversation = c.id"
    " ORDER BY m.counter DESC LIMIT 1), 0)"
)
_ENDED: Final = (
    "SELECT c.id, c.caller_firm, c.answerer_firm, c.late FROM conversation c JOIN call k ON k.id = c.call"  # noqa: S608
    f" WHERE {NOT_HELD} AND (c.opening IS NOT NULL AND c.started_on < {{}} AND {_LAST} < {{}}"
    f" OR c.opening IS NULL AND k.closes_on < {{}}) ORDER BY c.id LIMIT {AT_ONCE}"
)


async def erase_ended(network: RunningNetwork, forget: Callable[[UUID], None]) -> int:
    """Erase what is past its period; how many conversations went. `forget`: hears of each that is gone."""
    today, now = await network.read_today(), network.clock.unix()
    seconds = CONVERSATION_MONTHS * MONTH_SECONDS
    day, moment = today - timedelta(seconds=seconds), int(now - seconds)
    count = 0
    while gone := await _erase_conversations(network, day, moment):
        for conversation in gone:
            forget(conversation)
        count += len(gone)
    await _erase_calls(network.database, day)
    await network.database.run("DELETE FROM conversation_report WHERE reported_at < {}", moment)
    return count


async def _erase_conversations(network: RunningNetwork, day: date, moment: int) -> list[UUID]:
    """Some of those that have ended, with all of their rows; both sides' devices are told."""
    database = network.database
    async with database.writing():
        found = await _ended(database, day, moment)
        sides = {row[f"{side}_firm"] for row in found.values() for side in ("caller", "answerer")}
        # Before their conversations, as they do themselves: whom each has silenced is settled here too.
        for firm in sorted(sides):
            await database.lock_firm(firm)
        await append_rows.lock_conversations(database, found)
        ended = await _ended(database, day, moment)  # nobody has said anything meanwhile
        gone = [conversation for conversation in found if conversation in ended]
        for conversation in gone:
            await _erase_parts(database, conversation)
            firms = (found[conversation]["caller_firm"], found[conversation]["answerer_firm"])
            for firm, other in (firms, firms[::-1]):
                await settle_silence(database, firm, other)
            told = firms[1:] if found[conversation]["late"] else firms  # of a late answer no caller hears
            await network.fanout.announce(frame("gone", conversation=conversation), told, confers=True)
    return gone


async def _ended(database: Database, day: date, moment: int) -> dict[UUID, dict[str, Any]]:
    return {row["id"]: row for row in await database.run(_ENDED, day, moment, day)}


async def _erase_parts(database: Database, conversation: UUID) -> None:
    await erase_files(database, "conversation = {}", conversation)
    for table, column in _PARTS:
        await database.run(f"DELETE FROM {table} WHERE {column} = {{}}", conversation)  # noqa: S608 - fixed


async def _erase_calls(database: Database, day: date) -> None:
    async with database.writing():
        await database.run(
            "DELETE FROM call_delivery WHERE call IN (SELECT id FROM call WHERE"
            " COALESCE(closed_on, closes_on) < {})",
            day,
        )
        await database.run(
            "DELETE FROM call WHERE COALESCE(closed_on, closes_on) < {} AND NOT EXISTS"
            " (SELECT 1 FROM conversation c WHERE c.call = call.id)",
            day,
        )


async def sweep_for_ever(network: RunningNetwork, forget: Callable[[UUID], None]) -> None:
    """Contents that both sides agreed to erase, then what has ended: every hour, from the start on."""
    while True:
        try:
            await sweep(network.database, network.clock.unix())
            await erase_ended(network, forget)
        except Exception as error:  # noqa: BLE001 - the next round is tried whatever this one met
            LOG.error("keeping: %s", type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)
