"""10,000 devices on the live feed of one `vigied serve`: how long until an alert has reached all of them.

Some 320 firms, each on up to 32 connections, share a client; in the second month they report an incident.
What is timed begins when the first device hears that the release is committed, and ends when the last has its
alert. Bar: 5 s, and nobody missing.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import connect

from benchmark.upload import month_index, month_text
from perf.measure import Line
from perf.upload import Sender, make_rows, serving

DEVICES = 10_000
PER_FIRM = 32
SECONDS_MAX = 5.0
AT_ONCE = 100
FIRST, SECOND = month_index(2027, 2), month_index(2027, 3)
PATIENCE_SECONDS = 240.0


class Operator:
    """Sets the business clock and publishes."""

    def __init__(self, url: str, token: str) -> None:
        self.client = httpx.Client(
            base_url=url, timeout=600, trust_env=False, headers={"Authorization": f"Bearer {token}"}
        )

    def post(self, path: str, **fields: str) -> None:
        """Raise where it is refused."""
        answer = self.client.post(path, json=fields)
        assert answer.is_success, answer.text

    def day(self, month: int, day: int) -> None:
        """The business day, in the month after `month`."""
        self.post("/api/operator/clock", today=f"{month_text(month + 1)}-{day:02d}")

    def publish(self, month: int) -> None:
        """The month's release."""
        self.post("/api/operator/releases", month=month_text(month))


async def listen(url: str, token: str, heard: dict[str, list[float]], gate: asyncio.Semaphore) -> None:
    """One device: notes when it hears of a release and of an alert; ends with the alert."""
    async with gate:
        connection = await connect(
            url,
            additional_headers={"Authorization": f"Bearer {token}"},
            compression=None,
            ping_interval=None,
            open_timeout=120,
            proxy=None,
        )
        await connection.recv()  # welcome
    heard["open"].append(time.perf_counter())
    try:
        async for text in connection:
            kind = json.loads(text)["type"]
            if kind in heard:
                heard[kind].append(time.perf_counter())
            if kind == "alert":
                return
    finally:
        connection.transport.abort()


async def until(condition: Any, seconds: float) -> None:
    """Wait, looking every 50 ms."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - a look at lists that tasks fill
            await asyncio.sleep(0.05)


async def play(url: str, operator: Operator, tokens: list[str], devices: int) -> float:
    """Seconds from the first word of the release to the last alert."""
    heard: dict[str, list[float]] = {"open": [], "release": [], "alert": []}
    gate = asyncio.Semaphore(AT_ONCE)
    live = url.replace("http", "ws", 1) + "/api/live"
    tasks = [
        asyncio.create_task(listen(live, tokens[number % len(tokens)], heard, gate))
        for number in range(devices)
    ]
    await until(lambda: len(heard["open"]) == devices, PATIENCE_SECONDS)
    await asyncio.to_thread(operator.publish, SECOND)
    await until(lambda: len(heard["alert"]) == devices or all(one.done() for one in tasks), PATIENCE_SECONDS)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(heard["alert"]) == devices, f"{len(heard['alert'])} of {devices} devices heard the alert"
    return max(heard["alert"]) - min(heard["release"])


def measure(devices: int = DEVICES) -> float:
    """Enrol, upload two months, listen, publish."""
    firms = -(-devices // PER_FIRM) + 5
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(f"sqlite:///{folder}/perf.sqlite", Path(folder)) as (url, token, _),
    ):
        operator = Operator(url, token)
        operator.post("/api/operator/clock", today="2027-02-01")
        senders = [Sender.enrol(url, token, f"{number}@perf.test") for number in range(firms)]
        for month in (FIRST, SECOND):
            rows = make_rows(1)
            rows["incident"] = month - FIRST
            rows["factored"] = 0
            operator.day(month, 5)
            for sender in senders:
                sender.send(rows, month)
            operator.day(month, 12)
            if month == FIRST:
                operator.publish(month)
        tokens = [sender.client.headers["Authorization"].removeprefix("Bearer ") for sender in senders]
        return asyncio.run(play(url, operator, tokens, devices))


def lines() -> list[Line]:
    """One line: the seconds, and nobody missing."""
    seconds = measure()
    return [
        Line(f"an alert to {DEVICES:,} devices of one process, all of them", seconds, None, "s", SECONDS_MAX)
    ]


if __name__ == "__main__":
    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else DEVICES))
