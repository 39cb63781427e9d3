"""Appending is a compare-and-swap in the database: right in one process, and with several on PostgreSQL."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from member.line import Line
from tests.server.kit import Network
from tests.server.parties import BATCH, connect, live_through, party

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Launcher


@pytest.mark.postgres
def test_two_processes_append_to_one_conversation_and_nothing_is_lost_or_doubled(
    launch: Launcher, tmp_path: Path
) -> None:
    first = launch("postgres", environment=BATCH)
    network = Network(first)
    second = type(first)(
        first.database_url, first.keys, first.kind, first.operator_token, tmp_path, first.nursery, BATCH
    )
    try:
        caller, answerer = (party(network.firm(), tmp_path) for _ in range(2))
        conversation = connect(caller, answerer, live_through(network, [caller, answerer], first))
        second.start()
        far = second.url.replace("http", "ws", 1) + "/api/live"
        with caller.line() as one, Line(answerer.desk, far, lambda: answerer.member.token) as two:
            one.follow(conversation)
            two.follow(conversation)

            def write(line: Line, name: str) -> None:
                for number in range(25):
                    line.say(conversation, f"{name} {number}", timeout_seconds=60)

            writers = [threading.Thread(target=write, args=pair) for pair in ((one, "a"), (two, "b"))]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join(120)
        said = [received.content.text for received in caller.desk.history(conversation)[1]]
        assert sorted(said) == sorted(f"{name} {number}" for name in "ab" for number in range(25))
        for name in "ab":
            mine = [text for text in said if text.startswith(name)]
            assert mine == [f"{name} {number}" for number in range(25)]
    finally:
        second.stop()
        network.close()
