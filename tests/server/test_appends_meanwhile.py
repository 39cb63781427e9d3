"""Appends while the process beside the server fails, hangs, or is to end: nothing waits for it for ever."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

import pytest

from perf.chat_town import Pair
from server.append_chains import Said, Stored, Undecided
from server.append_process import UNDER_WAY_MAX, AppendProcess, Ask, Opening
from server.appends import BATCH_MESSAGES_MAX, Appends, Waiting
from server.conversations import Conversations
from server.network import open_network
from tests.server.test_append_process import begin, child, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.settings import Settings


@pytest.fixture
async def appends(settings: Settings) -> AsyncIterator[Appends]:
    """One whose process is there, and that is ended by the test."""
    network = await open_network(settings)
    conversations = Conversations(network)
    conversations.start()
    await begin(conversations.appends._process)
    yield conversations.appends
    if not conversations.appends._stopping:
        await conversations.stop()
    await network.database.close()


def submit(appends: Appends, messages: list[Said]) -> asyncio.Future[list[Any]]:
    """What becomes of them."""
    fates: list[asyncio.Future[Any]] = []
    for one in messages:
        fates.append(asyncio.get_running_loop().create_future())
        appends.submit(Waiting(one, None, fates[-1].set_result))
    return asyncio.gather(*fates)


def stored(fates: list[Any]) -> list[int]:
    return [one.counter for one in fates if isinstance(one, Stored)]


async def test_a_process_that_reaches_no_database_is_not_asked_again_and_again(
    appends: Appends, pair: Pair, tmp_path: Path
) -> None:
    await appends._process.end()
    appends._process = AppendProcess(Opening(str(tmp_path / "nowhere" / "at.all"), ""))
    await begin(appends._process)
    first, second, *others = said(pair, 4)
    assert stored(await submit(appends, [first])) == [1], "the rows were read first"
    assert await submit(appends, [second]) == [None], "the process was asked"
    for number, one in enumerate((second, *others)):
        assert stored(await submit(appends, [one])) == [2 + number]


async def test_an_orderly_end_waits_for_what_the_process_has_in_hand(
    appends: Appends, pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    begun = child(appends._process)
    first, *others = said(pair, 1 + 3 * BATCH_MESSAGES_MAX)
    assert stored(await submit(appends, [first])) == [1]
    begun.send_signal(signal.SIGSTOP)
    fates = submit(appends, others)
    while appends._process.under_way < UNDER_WAY_MAX:  # noqa: ASYNC110 - a look at what a task does
        await asyncio.sleep(0)
    stopping = asyncio.create_task(appends.stop())
    while not appends._stopping:  # noqa: ASYNC110 - a look at what a task does
        await asyncio.sleep(0)
    begun.send_signal(signal.SIGCONT)
    await stopping
    asked = UNDER_WAY_MAX * BATCH_MESSAGES_MAX
    assert stored(await fates) == [*range(2, 2 + asked)]
    assert (await fates)[asked:] == [None] * BATCH_MESSAGES_MAX
    assert begun.returncode == 0
    assert not caplog.records


async def test_an_end_does_not_wait_for_a_process_that_hangs(
    appends: Appends, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.appends.END_SECONDS", 0.1)
    begun = child(appends._process)
    begun.send_signal(signal.SIGSTOP)
    fates = submit(appends, said(pair, 1))
    while not appends._process.under_way:  # noqa: ASYNC110 - a look at what a task does
        await asyncio.sleep(0)
    await appends.stop()
    assert await fates == [None]
    assert begun.returncode == -signal.SIGKILL


async def test_nothing_is_asked_of_the_process_while_something_is_left_undecided(
    appends: Appends, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, answers, decide = AppendProcess.ask, AppendProcess.answers, Appends._decide_locked
    events: list[str] = []

    def asked(process: AppendProcess, batch: Ask) -> None:
        events.append("asked")
        ask(process, batch)

    async def answered(process: AppendProcess) -> list[Any]:
        found = await answers(process)
        if Undecided() in found:
            events.append("undecided")
        return found

    async def decided(self: Appends, batch: list[Waiting]) -> None:
        await decide(self, batch)
        events.append("decided")

    monkeypatch.setattr("server.appends.DRAIN_SECONDS", 60)  # no batch is the last for want of time
    monkeypatch.setattr(AppendProcess, "ask", asked)
    monkeypatch.setattr(AppendProcess, "answers", answered)
    monkeypatch.setattr(Appends, "_decide_locked", decided)
    messages = said(pair, 5 * BATCH_MESSAGES_MAX)
    assert stored(await submit(appends, messages)) == [*range(1, 1 + len(messages))]
    left = False
    for event in events:
        assert not (left and event == "asked"), events
        left = event == "undecided" or (left and event != "decided")
    assert {"asked", "undecided", "decided"} == set(events)
    assert events[-1] == "asked" or events.count("asked") > 2, "there was more to ask"
