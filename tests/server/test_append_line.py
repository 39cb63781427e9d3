"""Appends over PostgreSQL: what becomes of the line when its server goes, is another, or takes nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from perf.chat_town import Pair, plant
from server import append_line
from server.append_chains import UNDECIDED, Chains, Stored, hear
from server.append_line import AppendLine
from tests.faults.test_schedules import settings_of
from tests.server.crossings import while_held
from tests.server.test_append_process import NOW, head, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server.settings import Settings

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return settings_of("postgres", tmp_path, request, monkeypatch)


@pytest.fixture
def pairs(settings: Settings) -> list[Pair]:
    return asyncio.run(plant(settings, 2))


@pytest.fixture
def line(settings: Settings) -> Iterator[AppendLine]:
    opened = AppendLine(settings.database, lambda _rows: ["told"])
    yield opened
    opened.close()


def run(settings: Settings, sql: str, *arguments: object) -> Any:
    async def ask() -> Any:
        writes = {"default_transaction_read_only": "off"}
        connection = await asyncpg.connect(settings.database, server_settings=writes)
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    return asyncio.run(ask())


def process_of(line: AppendLine) -> int:
    """The server's, at the other end."""
    assert line._line is not None
    return line._line.get_server_pid()


def append(chains: Chains, pair: Pair) -> list[Any]:
    return chains.append(hear(said(pair, 1)), NOW)


def test_what_a_server_does_not_have_that_takes_over_is_not_gone_on_from(
    settings: Settings, pairs: list[Pair], line: AppendLine
) -> None:
    """What was committed is lost with a server that fails, unless the next one had been sent it."""
    chains = Chains(line)
    chains.remember(head(pairs[0]) | head(pairs[1]))
    for pair in pairs:
        assert isinstance(append(chains, pair)[0], Stored)
    run(settings, "DELETE FROM message WHERE conversation = $1", pairs[1].conversation)
    run(settings, "SELECT pg_terminate_backend($1, 10000)", process_of(line))
    with pytest.raises((asyncpg.PostgresError, OSError)):
        append(chains, pairs[0])
    assert append(chains, pairs[1]) == [UNDECIDED]
    assert run(settings, "SELECT 1 FROM message WHERE conversation = $1", pairs[1].conversation) == []


def test_a_server_that_only_reads_is_not_kept_to(
    settings: Settings, pairs: list[Pair], line: AppendLine
) -> None:
    """As one does that another has taken over from: who asks for the address again finds the other."""

    def commit() -> bool:
        return line.commit(head(pairs[0]), [(pairs[0].conversation, 1, b"an envelope", NOW)], NOW)

    ((name,),) = run(settings, "SELECT current_database()")
    run(settings, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        commit()
    run(settings, f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert commit()


def test_a_server_that_does_not_answer_is_not_waited_for_at_the_end(
    settings: Settings, pairs: list[Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = AppendLine(settings.database, lambda _rows: ["told"])
    chains = Chains(line)
    chains.remember(head(pairs[0]))
    append(chains, pairs[0])
    monkeypatch.setattr(append_line, "OPEN_SECONDS", 0.1)
    hanging = process_of(line)
    os.kill(hanging, signal.SIGSTOP)
    try:
        line.close()
    finally:
        os.kill(hanging, signal.SIGCONT)
    assert line._loop.is_closed()


ANOTHER = (
    "INSERT INTO message (conversation, counter, record, received_at)"
    " SELECT id, 1, 'another', 1 FROM conversation"
)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE conversation SET caller_silenced = true",
        "UPDATE conversation SET epoch = epoch + 1",
        "UPDATE conversation SET turned = true",
        f"UPDATE conversation SET turn_at = {NOW}",
        "UPDATE conversation SET shown_at = 1",
        "DELETE FROM conversation",
        ANOTHER,
    ],
)
def test_what_is_changed_while_a_batch_waits_for_it_counts(
    settings: Settings, pairs: list[Pair], line: AppendLine, change: str
) -> None:
    chains = Chains(line)
    chains.remember(head(pairs[0]) | head(pairs[1]))
    batch = [*said(pairs[0], 1), *said(pairs[1], 1)]
    changed = pairs[1].conversation

    async def lock(ours: asyncpg.Connection) -> None:
        await ours.execute("SELECT 1 FROM conversation WHERE id = $1 FOR NO KEY UPDATE", changed)

    async def alter(ours: asyncpg.Connection) -> None:
        await ours.execute(f"{change} WHERE id = $1", changed)

    place = SimpleNamespace(database_url=settings.database)
    fates = while_held(place, lock, lambda: chains.append(hear(batch), NOW), alter)  # type: ignore[arg-type]
    assert fates == [UNDECIDED] * 2
    assert run(settings, "SELECT 1 FROM message WHERE record <> 'another'") == []
