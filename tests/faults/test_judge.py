"""The control: a judge that lets everything pass proves nothing, nor does a kill that waits for the store."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.contents import Text
from chat.envelope import message_id
from chat.keys import X25519_AES256, PrivateKeys
from chat.records import Epoch, Reason, Side, make_answer, make_call, make_opening
from chat.session import Received, Session
from perf.chat_town import TODAY, plant
from server import turns
from server.append_file import AppendFile
from server.network import open_network
from server.settings import Settings
from tests.faults import test_schedules
from tests.faults.device import Device, settled
from tests.faults.judge import Books, Claims, Stored, Tried, Turned, judge
from tests.faults.servers import Here, There
from tests.faults.test_schedules import AT_ONCE, World, processes_of, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Launcher

AT, DUE = 1_000, 900  # seconds: when messages were received, when new keys were due
NAMES = {Side.CALLER: 0, Side.ANSWERER: 2}


class Lived:
    """What went well: two messages, an epoch, one more, the caller's new keys, two under them."""

    def __init__(self) -> None:
        call_key, caller, answerer = Ed25519PrivateKey.generate(), PrivateKeys.fresh(), PrivateKeys.fresh()
        call = make_call(
            call_key,
            call_id=os.urandom(16),
            pseudonym=os.urandom(32),
            reason=Reason.LATE,
            raised_on=1,
            suite=X25519_AES256,
        )
        link = make_opening(call_key, caller, call, make_answer(answerer, call))
        self.sides = {
            Side.CALLER: Session(link, Side.CALLER, caller),
            Side.ANSWERER: Session(link, Side.ANSWERER, answerer),
        }
        self.records: list[bytes] = []
        self.epochs: list[bytes] = []
        self.texts: list[str] = []
        self.begin(Side.CALLER)
        self.say(Side.CALLER)
        self.say(Side.ANSWERER)
        self.begin(Side.ANSWERER)
        self.say(Side.CALLER)
        self.left = replace_of(self.sides[Side.CALLER])  # a device of somebody who leaves
        new = PrivateKeys.fresh()
        self.turn = self.sides[Side.CALLER].begin_succession(new).record
        self.sides[Side.CALLER].later = (new,)
        for session in self.sides.values():
            session.turn(self.turn)
        self.begin(Side.ANSWERER)
        self.say(Side.ANSWERER)
        self.say(Side.CALLER)
        self.stored = Stored(
            [(at, record, AT) for at, record in enumerate(self.records, start=1)],
            list(enumerate(self.epochs, start=1)),
            [Turned(Side.CALLER, self.turn, 2, DUE)],
            (link.caller.signing, link.answerer.signing),
        )
        self.claims = Claims(
            epochs=[(self.epochs[1], 2), (self.epochs[2], 3)], turns=[Tried(Side.CALLER, self.turn, 3)]
        )

    def begin(self, side: Side) -> None:
        epoch = self.sides[side].begin_epoch()
        assert isinstance(epoch, Epoch)
        for session in self.sides.values():
            assert isinstance(session.adopt(epoch.record), Epoch)
        self.epochs.append(epoch.record)

    def say(self, side: Side) -> None:
        self.texts.append(f"{NAMES[side]} {len(self.records)}")
        sealed = self.sides[side].seal(Text(self.texts[-1], 0))
        assert isinstance(sealed, bytes)
        for session in self.sides.values():
            assert isinstance(session.receive(sealed), Received)
        self.records.append(sealed)

    def devices(self, rows: list[tuple[int, bytes, int]] | None = None) -> list[Any]:
        """Two devices that have shown it, or these rows: what they say of it is true."""
        rows = self.stored.messages if rows is None else rows
        ids = [message_id(record) for _, record, _ in rows]
        texts = [*self.texts, "0 more"][: len(rows)]
        shown = [(at, text, one) for at, (text, one) in enumerate(zip(texts, ids, strict=True), start=1)]
        return [
            SimpleNamespace(
                name=name,
                acknowledged=set(ids[:1]),
                written=[text for text in texts if text.startswith(f"{name} ")],
                shown=list(shown),
            )
            for name in NAMES.values()
        ]


def replace_of(session: Session) -> Session:
    """Another device that has read as much."""
    other = Session(session.link, session.side, session.keys)
    other.counter, other.head, other.epoch = session.counter, session.head, session.epoch
    other._epoch_keys = session._epoch_keys
    return other


@pytest.fixture(scope="module")
def lived() -> Lived:
    made = Lived()
    judge(made.stored, made.devices(), made.claims)
    return made


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows[1:],
        lambda rows: rows[:-1],
        lambda rows: rows[::-1],
        lambda rows: [*rows, rows[1]],
        lambda rows: [rows[0], rows[2], rows[1], *rows[3:]],
    ],
    ids=["first", "last", "reversed", "doubled", "swapped"],
)
def test_the_judge_finds_a_message_that_was_lost_doubled_or_put_elsewhere(
    lived: Lived, spoil: Callable[[list[Any]], list[Any]]
) -> None:
    with pytest.raises(AssertionError):
        judge(replace(lived.stored, messages=spoil(lived.stored.messages)), lived.devices(), lived.claims)


def test_the_judge_finds_what_was_shown_twice_or_out_of_order_or_never_or_acknowledged_and_lost(
    lived: Lived,
) -> None:
    for spoil in (
        lambda device: device.shown.append(device.shown[-1]),
        lambda device: device.shown.reverse(),
        lambda device: device.shown.pop(),
        lambda device: device.written.reverse(),
        lambda device: device.acknowledged.add(bytes(32)),
    ):
        devices = lived.devices()
        spoil(devices[0])
        with pytest.raises(AssertionError):
            judge(lived.stored, devices, lived.claims)


def spoiled(lived: Lived, rule: str, stored: Stored, claims: Claims | None = None) -> None:
    with pytest.raises(AssertionError, match=rule):
        judge(stored, lived.devices(stored.messages), claims or lived.claims)


def test_the_judge_finds_an_epoch_that_was_lost_and_what_was_said_in_an_older_one(lived: Lived) -> None:
    other = replace_of(lived.sides[Side.ANSWERER]).begin_epoch()
    assert isinstance(other, Epoch)
    first, second, third = lived.stored.epochs
    exchanged = replace(lived.stored, epochs=[first, (2, other.record), third])
    spoiled(lived, "an epoch was acknowledged", exchanged)
    without = replace(lived.stored, epochs=[first, third])
    spoiled(lived, "a hole", without)
    early = Claims(epochs=[(lived.epochs[2], 2)])
    spoiled(lived, "in an older epoch", lived.stored, early)
    back = [*lived.stored.messages[:3], (4, lived.records[0], AT)]
    spoiled(lived, "epochs go back", replace(lived.stored, messages=back), Claims())
    spoiled(lived, "not there", replace(lived.stored, epochs=[first, second]), Claims())


def test_the_judge_finds_new_keys_that_were_lost_late_or_not_minded(lived: Lived) -> None:
    rows = lived.stored.messages
    quiet = replace(lived.stored, turns=[], messages=rows[:4])  # nobody has spoken with them yet
    spoiled(lived, "new keys were acknowledged, and are not there", quiet)
    spoiled(lived, "not signed by the key in force", replace(lived.stored, turns=[]))
    by_who_left = lived.left.seal(Text("0 more", 0))
    assert isinstance(by_who_left, bytes)
    under_old = [*rows[:3], (4, by_who_left, AT)]
    later = replace(lived.stored, turns=[Turned(Side.CALLER, lived.turn, 1, DUE)], messages=under_old)
    spoiled(lived, "not signed by the key in force", later, Claims())
    spoiled(
        lived,
        "under the keys before",
        replace(lived.stored, messages=under_old),
        Claims(turns=[Tried(Side.CALLER, lived.turn, 3)]),
    )
    waiting = replace(lived.stored, turns=[Turned(Side.CALLER, lived.turn, None, DUE)], messages=under_old)
    spoiled(lived, "not in force", waiting, Claims(turns=lived.claims.turns))
    not_due = replace(waiting, turns=[Turned(Side.CALLER, lived.turn, None, AT + 1)])
    judge(not_due, lived.devices(under_old), Claims(turns=lived.claims.turns))


# What a server does wrong is found by schedules too


async def play(settings: Settings, count: int) -> None:
    pairs = await plant(settings, count)
    world = World(settings, [Here(await open_network(settings))], [], Books(settings))
    await world.here[0].start()
    try:
        for seed, pair in enumerate(pairs):
            await world.play(pair, seed)
    finally:
        await world.end()


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return replace(settings_of("sqlite", tmp_path, request, monkeypatch), turn_within_seconds=0)


@pytest.mark.faults
def test_schedules_find_a_server_that_does_not_bring_new_keys_into_force(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_database: object, _conversation: object, head: object, _now: int) -> object:
        return head

    monkeypatch.setattr(turns, "apply", nothing)
    with pytest.raises(AssertionError, match="the new keys are not in force"):
        asyncio.run(play(settings, 40))


@pytest.mark.faults
def test_schedules_find_a_server_that_acknowledges_what_is_not_on_the_disk(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It commits with the next message, or never: who was told so cannot go on, or the judge sees it."""
    commit = AppendFile.commit
    kept: dict[int, tuple[Any, ...]] = {}

    def lazily(file: AppendFile, *asked: Any) -> bool:
        before = kept.pop(id(file), None)
        if before is not None:
            commit(file, *before)
        kept[id(file)] = asked
        return True

    monkeypatch.setattr(AppendFile, "commit", lazily)
    monkeypatch.setattr(test_schedules, "PATIENCE_SECONDS", 3)
    with pytest.raises(AssertionError, match="schedule"):
        asyncio.run(play(settings, 10))


# A kill loses what was not committed


async def interrupt(settings: Settings, there: There) -> int:
    """A message whose commit is held up until its server is dead; how many are stored then."""
    (pair,) = await plant(settings, 1)
    books = Books(settings)
    claims = Claims(books, pair.conversation)
    await books.set_today(TODAY)
    devices = [Device(number, pair, side, claims, lambda: TODAY) for number, side in enumerate(Side)]
    writer = devices[0]
    await writer.connect(there)
    await _hear(there, writer, "resumed")
    writer.write(1)
    writer.send()
    release = await _hold(settings, pair.conversation)
    await writer.arrive(0)
    await writer.link._send({"type": "ping", "ref": "after it"})  # type: ignore[union-attr]
    await _hear(there, writer, "pong")
    assert not writer.acknowledged
    writer.doubt()
    there.process.kill()
    await release()
    there.process.start()
    found = await books.count(pair.conversation)
    async with asyncio.timeout(60):
        while not settled(devices):
            for device in devices:
                if device.link is None:
                    await device.connect(there)
                device.send()
                await device.arrive(0)
                await device.read(8)
            await there.rest(5)
    stored = await books.read(pair)
    judge(stored, devices, claims)
    assert len(stored.messages) == 1
    for device in devices:
        device.lose()
    await books.close()
    await there.end()
    return found


async def _hear(there: There, device: Device, kind: str) -> None:
    assert device.link is not None
    async with asyncio.timeout(60):
        while kind not in str(await device.link.frame()):
            await there.rest(5)


async def _hold(settings: Settings, conversation: Any) -> Callable[[], Any]:
    if settings.postgres:
        line = await asyncpg.connect(settings.database)
        held = line.transaction()
        await held.start()
        await line.execute("SELECT 1 FROM conversation WHERE id = $1 FOR UPDATE", conversation)

        async def let_go() -> None:
            await held.rollback()
            await line.close()

        return let_go
    file = sqlite3.connect(settings.sqlite_path, isolation_level=None)
    file.execute("BEGIN IMMEDIATE")

    async def close() -> None:
        file.close()

    return close


@pytest.mark.faults
def test_a_killed_process_loses_what_it_had_not_committed_and_its_device_sends_it_again(
    tmp_path: Path, database: str, launch: Launcher
) -> None:
    """PostgreSQL may go on with what it was asked before: it is there then, and once all the same."""
    process = processes_of(launch, database, tmp_path)[0]
    settings = Settings.from_environment(process.settings | AT_ONCE)
    found = asyncio.run(interrupt(settings, There(process)))
    assert found == 0 or settings.postgres
