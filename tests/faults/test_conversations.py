"""kill -9 while two firms talk: what was acknowledged is there, every message once and in order."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chat.session import Text
from tests import rows
from tests.conftest import wait_until
from tests.server.kit import Network
from tests.server.parties import BATCH, connect, live_through, party

if TYPE_CHECKING:
    from tests.conftest import Launcher

MESSAGES_PER_KILL = 25


@pytest.mark.faults
def test_every_message_is_read_once_and_in_order_whatever_happens_to_the_server(
    launch: Launcher, database: str, kills: int, tmp_path: Path
) -> None:
    server = launch(database, environment=BATCH)
    network = Network(server)
    parties = [party(network.firm(f"Firm {number} (fictional)"), tmp_path) for number in range(2)]
    today = live_through(network, parties, server)
    caller, answerer = parties
    conversation = connect(caller, answerer, today)
    said = [f"message {number}" for number in range(kills * MESSAGES_PER_KILL)]
    read: list[str] = []
    done = threading.Event()
    with caller.line() as speaking, answerer.line() as listening:
        speaking.follow(conversation)
        listening.follow(conversation)

        def listen() -> None:
            while not done.is_set():
                for message in listening.arrived(conversation, timeout_seconds=0.2):
                    if not message.mine and isinstance(message.content, Text):
                        read.append(message.content.text)  # noqa: PERF401 - others look at it meanwhile

        def speak() -> None:
            for text in said:
                speaking.say(conversation, text, timeout_seconds=60)

        threads = [threading.Thread(target=work, daemon=True) for work in (listen, speak)]
        for thread in threads:
            thread.start()
        for kill in range(kills):
            goal = kill * MESSAGES_PER_KILL + 5
            wait_until(lambda goal=goal: len(read) >= goal, 60)
            server.kill()
            time.sleep(0.05)
            server.start()
        threads[1].join(timeout=90)
        assert not threads[1].is_alive(), "everything said was acknowledged"
        wait_until(lambda: len(read) >= len(said), 30)
        done.set()
        threads[0].join()
    assert read == said
    for one in (caller, answerer):
        _, shown = one.another_device(tmp_path).history(conversation)
        assert [message.content.text for message in shown if isinstance(message.content, Text)] == said
    assert rows.sound(server)
    network.close()
