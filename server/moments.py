"""When others see that a call's answer was opened, or that a call is closed: at a moment of its own each.

A caller's device opens all answers as soon as it is on, and a person closes several calls in one sitting.
Seen at once, that would tell who is there, and which conversations and calls are one firm's.

Rules of order, whose guardian this is:
1. What the caller does counts at once, for its own firm. The other side sees it from a moment on that is
   drawn for this conversation or call alone, evenly over the network's span. Until then nothing is different.
2. A message of the caller shows its opening: the transaction that stores the one shows the other.
3. Moments are rows, and whoever serves goes on with them. One that passed while nobody served is drawn
   again, for all that are shown when a server starts would be seen together.
4. An answer to a call that is closed, and still shown, is taken like any other. Its caller never hears of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from chat.records import Side
from server.hub import frame
from server.network import RunningNetwork

LATE_MILLISECONDS: Final = 60_000  # a server that runs is never so late
AT_ONCE: Final = 200
UNOPENED: Final[dict[str, Any]] = {
    "opening": None,
    "caller_secret": None,
    "genesis": None,
    "epoch": 0,
    "epoch_digest": None,
    "turned": False,
    "turn_at": None,
    "caller_keeps_months": 12,
    "answerer_silenced": False,
}
"""What a conversation's row says before anything of the caller's is seen."""


def draw(network: RunningNetwork) -> int | None:
    """A moment within the span; None where the span is nothing: seen at once."""
    span = network.settings.shown_within_seconds * 1000
    return network.clock.milliseconds() + secrets.randbelow(span) if span else None


def seconds_left(network: RunningNetwork, row: dict[str, Any]) -> int:
    """Within how many seconds at most the answerer sees an opening, whenever that was drawn; 0: it does."""
    if row["shown_at"] is None:
        return 0
    left = int(row["shown_at"] - network.clock.milliseconds()) // 1000 + 1
    return max(network.settings.shown_within_seconds, left)


def seen_by(row: dict[str, Any], side: Side) -> dict[str, Any]:
    """A conversation's row as one side may know it."""
    if side is Side.CALLER or (row["opening"] is not None and row["shown_at"] is None):
        return row
    return row | UNOPENED


def hearers(row: dict[str, Any], side: Side) -> list[UUID]:
    """The firms that hear of what this side does in a conversation, by its whole row."""
    own, other = (row[f"{one.name.lower()}_firm"] for one in (side, side.other))
    if side is Side.CALLER:
        return [own, other] if row["opening"] is not None and row["shown_at"] is None else [own]
    return [own] if row["late"] else [own, other]


async def hearers_of(network: RunningNetwork, conversation: UUID, side: Side) -> list[UUID]:
    """The same; in a transaction that holds the row."""
    rows = await network.database.run(
        "SELECT opening, shown_at, late, caller_firm, answerer_firm FROM conversation WHERE id = {}",
        conversation,
    )
    return hearers(rows[0], side)


async def show(network: RunningNetwork, conversations: Collection[UUID]) -> None:
    """Show openings that are still kept back; the caller holds the transaction.

    The days of epochs made meanwhile would tell when it was opened: they become today's.
    """
    for conversation in conversations:
        shown = await network.database.run(
            "UPDATE conversation SET shown_at = NULL WHERE id = {} AND shown_at IS NOT NULL"
            " RETURNING caller_firm, answerer_firm",
            conversation,
        )
        for row in shown:
            await network.database.run(
                "UPDATE conversation_epoch SET made_on = {} WHERE conversation = {}",
                await network.read_today(),
                conversation,
            )
            event = frame("opened", conversation=conversation)
            await network.fanout.announce(event, [row["caller_firm"], row["answerer_firm"]], confers=True)


async def keep_listed(network: RunningNetwork, calls: Iterable[UUID]) -> None:
    """These calls have been closed: each goes from its receivers' lists at a moment of its own."""
    for call in calls:
        await network.database.run("UPDATE call SET listed_until = {} WHERE id = {}", draw(network), call)


async def close_all(network: RunningNetwork, firm: UUID) -> None:
    """A firm is gone: its calls close, and go from its receivers' lists one by one."""
    closed = await network.database.run(
        "UPDATE call SET closed = {}, closed_on = {} WHERE firm = {} AND NOT closed RETURNING id",
        True,
        await network.read_today(),
        firm,
    )
    await keep_listed(network, [row["id"] for row in closed])


async def pass_due(network: RunningNetwork) -> None:
    """Show, and take from the lists, whatever moment has come."""
    now = network.clock.milliseconds()
    for conversation, late in await _due(network, "conversation", "shown_at", now):
        async with network.database.writing():
            if late:
                await _draw_again(network, "conversation", "shown_at", conversation)
            else:
                await show(network, [conversation])
    for call, late in await _due(network, "call", "listed_until", now):
        async with network.database.writing():
            if late:
                await _draw_again(network, "call", "listed_until", call)
            else:
                await network.database.run("UPDATE call SET listed_until = NULL WHERE id = {}", call)


async def _due(network: RunningNetwork, table: str, column: str, now: int) -> list[tuple[UUID, bool]]:
    rows = await network.database.run(
        f"SELECT id, {column} AS due FROM {table} WHERE {column} <= {{}} LIMIT {{}}",  # noqa: S608 - fixed names
        now,
        AT_ONCE,
    )
    return [(row["id"], row["due"] < now - LATE_MILLISECONDS) for row in rows]


async def _draw_again(network: RunningNetwork, table: str, column: str, identity: UUID) -> None:
    await network.database.run(
        f"UPDATE {table} SET {column} = {{}} WHERE id = {{}} AND {column} IS NOT NULL",  # noqa: S608 - as above
        draw(network),
        identity,
    )
