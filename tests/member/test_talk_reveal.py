"""A reveal lasts: any device of the firm opens what one committed to, and keeps who the other side is."""

from __future__ import annotations

import asyncio
import base64
import os
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from chat.contents import Commit, Decline, Offer, Open, Text
from chat.pin import Pin
from chat.refusals import Code
from chat.thread import Stage, Thread
from member import revealing
from member.conversing import TalkRefused
from member.keys import seal
from member.line import Line
from member.talk_presence import Presence
from member.talk_reveal import Unveiling
from member.talk_room import Room
from member.talk_state import Committed, State, States, _padded, state_aad
from member.talk_texts import tell_refusal, told
from member.talk_turning import Turner
from server.database import Database
from server.keeping import sweep
from server.settings import Settings
from tests.conftest import wait_until
from tests.member.test_talk import own_of
from tests.server.kit import Network
from tests.server.parties import BATCH, Party, RoleKey, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path
    from uuid import UUID

    from chat.contents import Content
    from member.conversing import Desk
    from member.revealing import Own
    from tests.conftest import Launcher, RunningServer

    Scene = tuple[Party, Party, date, RunningServer]


@pytest.fixture(scope="module")
def scene(launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    server = launch_for_module("sqlite", environment=BATCH)
    network = Network(server)
    try:
        one, two = (party(network.firm(), tmp_path_factory.mktemp("cursors")) for _ in range(2))
        yield one, two, live_through(network, [one, two], server), server
    finally:
        network.close()


@dataclass
class Device:
    """One device of a firm in one conversation, without a person: it reads, and says what it is told to."""

    party: Party
    desk: Desk
    own: Own
    conversation: UUID

    def line(self) -> Line:
        url = self.party.member.server.url.replace("http", "ws", 1) + "/api/live"
        return Line(self.desk, url, lambda: self.party.member.token)

    def put(self, *contents: Content) -> None:
        with self.line() as line:
            line.follow(self.conversation, from_start=False)
            for content in contents:
                line.say(self.conversation, content)

    def read(self) -> Unveiling:
        """As it stands after a start."""
        states = States(self.desk)
        states.load()
        session, shown = self.desk.history(self.conversation)
        found = Unveiling(states, self.conversation, session, Thread(), self.own)
        found.begin()
        for received in shown:
            found.thread.take(received)
        found.verify()
        return found

    def step(self) -> Commit | Open | None:
        step = self.read().step()
        if step is not None:
            self.put(step)
        return step

    def stage(self) -> Stage:
        return self.read().thread.reveal.stage

    def sees(self) -> str | None:
        reading = self.read()
        reading.pin()
        found = reading.peer()
        return getattr(found, "name", found and str(found))

    def sit(self, *typed: str) -> str:
        said: list[str] = []
        lines = iter(typed)

        def ask(prompt: str) -> str:
            line = next(lines, None)
            if line is None:
                raise EOFError
            if line.startswith("wait for "):
                wait_until(lambda: any(line.removeprefix("wait for ") in text for text in said))
                return ""
            return line

        session, shown = self.desk.history(self.conversation)
        with self.line() as line:
            Room(self.desk, line, self.conversation, session, "en", ask, said.append, self.own).sit(shown)
        return "\n".join(said)


@pytest.fixture
def devices(scene: Scene) -> tuple[Device, Device]:
    one, two, today, _ = scene
    one.free_to_call()
    conversation = connect(one, two, today)
    return (
        Device(one, one.desk, own_of(one, "Maison Une (fictif)"), conversation),
        Device(two, two.desk, own_of(two, "Maison Deux (fictif)"), conversation),
    )


def committed(*devices: Device) -> None:
    for one in devices:
        one.put(Offer())
    for one in devices:
        assert isinstance(one.step(), Commit)


def opened(*devices: Device) -> None:
    committed(*devices)
    for one in devices:
        assert isinstance(one.step(), Open)


def another(device: Device, folder: Path) -> Device:
    """Of the same firm, enrolled otherwise, at a time at which other holders answer."""
    other = replace(own_of(device.party, "Maison, named otherwise (fictif)"), vouchings=list)
    return replace(device, desk=device.party.another_device(folder), own=other)


def age(scene: Scene, device: Device) -> None:
    """A month goes by, for which both had agreed to keep contents."""
    device.desk.api.ask("PUT", f"/api/conversations/{device.conversation}/retention", {"months": 1})

    async def run() -> None:
        database = Database(Settings(database=scene[3].database_url, pool_max=2))
        await database.start()
        try:
            await sweep(database, int(time.time()) + 40 * 86_400)
        finally:
            await database.close()

    asyncio.run(run())


def test_a_device_opens_what_another_committed_to_whoever_vouches_meanwhile(devices, tmp_path: Path) -> None:
    left, right = devices
    committed(left, right)
    assert isinstance(another(left, tmp_path).step(), Open)
    assert isinstance(right.step(), Open)
    assert right.sees() == "Maison Une (fictif)"
    assert left.sees() == another(left, tmp_path).sees() == "Maison Deux (fictif)"


def test_of_two_devices_that_would_commit_the_second_takes_the_firsts_statement(devices, tmp_path) -> None:
    left, right = devices
    for one in devices:
        one.put(Offer())
    reading = [left.read(), another(left, tmp_path).read()]
    steps = [one.step() for one in reading]
    assert steps[0] is not None
    assert steps[0] == steps[1]
    assert right.step() != steps[0]


def test_who_the_other_side_is_outlives_retention_on_every_device(scene: Scene, devices, tmp_path) -> None:
    left, right = devices
    opened(left, right)
    for one, name in ((left, "Maison Deux (fictif)"), (right, "Maison Une (fictif)")):
        assert one.sees() == name
    number = left.sit().split("Safety number")[1]
    age(scene, right)
    assert all(one.content is None for one in left.desk.history(left.conversation)[1])
    for one, name in ((left, "Maison Deux (fictif)"), (another(left, tmp_path), "Maison Deux (fictif)")):
        assert (one.stage(), one.sees()) == (Stage.OPENED, name)
        shown = one.sit()
        assert f"You talk to {name}" in shown
        assert shown.split("Safety number")[1] == number
    assert right.sees() == "Maison Une (fictif)"
    with left.line() as line:
        line.follow(left.conversation)
        there = Presence(line, left.conversation, left.read().thread)
        assert there.opened()
        assert there.sent_at() > 0


def test_a_side_that_erases_its_opening_stays_known(devices) -> None:
    left, right = devices
    opened(left, right)
    assert right.sees() == "Maison Une (fictif)"
    left.put(Text("something after it", 0))
    left.desk.api.ask("POST", f"/api/conversations/{left.conversation}/messages/5/erasure")
    assert right.desk.history(right.conversation)[1][4].content is None
    assert (right.stage(), right.sees()) == (Stage.OPENED, "Maison Une (fictif)")


def test_a_delegation_that_ends_later_takes_nothing_back(devices) -> None:
    left, right = devices
    opened(left, right)
    found = right.read()
    later = int(time.time()) + 400 * 86_400
    kept = revealing.peer(found.thread, found.session, right.own.holders, later)
    assert getattr(kept, "name", None) == "Maison Une (fictif)"


def test_what_was_committed_to_and_lost_is_called_off_and_begun_again(devices) -> None:
    left, right = devices
    committed(left, right)
    rewrite(left, committed=None)
    assert left.step() is None
    assert told("lost", "en") in left.sit("wait for no longer has", "/no", "wait for does not wish")
    assert {one.stage() for one in devices} == {Stage.HIDDEN}
    opened(left, right)
    assert [one.sees() for one in devices] == ["Maison Deux (fictif)", "Maison Une (fictif)"]


def test_who_has_seen_a_name_cannot_decline_and_who_showed_it_can(devices) -> None:
    left, right = devices
    committed(left, right)
    assert isinstance(right.step(), Open)
    rewrite(left, committed=None)
    said = left.sit("wait for no longer has", "/no")
    assert told("lost_seen", "en") in said
    assert told("no_reveal_to_decline", "en") in said
    left.put(Decline())  # a client that does not keep to the rule
    assert {one.stage() for one in devices} == {Stage.COMMITTED}
    right.put(Decline())
    assert {one.stage() for one in devices} == {Stage.HIDDEN}


def test_an_opening_is_not_said_into_a_conversation_that_was_declined_first(devices) -> None:
    left, right = devices
    committed(left, right)
    opening = left.read().step()
    assert isinstance(opening, Open)
    with left.line() as line:
        followed = line.follow(left.conversation, from_start=False)
        wait_until(lambda: followed.outbox.session.counter == 4)
        with line._changed:  # the line hears nothing while the other side declines
            threading.Thread(target=right.put, args=(Decline(),)).start()
            wait_until(lambda: right.desk.session(left.conversation) and _counter(right) == 5)
            followed.outbox.put(opening)
            line._send_due(followed)
        wait_until(lambda: followed.outbox.session.counter == 5)
        line.say(left.conversation, "after it")
    contents = [one.content for one in right.desk.history(right.conversation)[1]]
    assert not any(isinstance(one, Open) for one in contents)


def _counter(device: Device) -> int:
    listed = device.desk.api.ask("GET", f"/api/conversations/{device.conversation}")
    return int(listed["counter"])


def test_a_pin_that_the_messages_contradict_is_refused_aloud(devices) -> None:
    left, right = devices
    opened(left, right)
    assert left.sees() == "Maison Deux (fictif)"
    states = States(left.desk)
    states.load()
    pin = states.of(left.conversation).revealed
    assert pin is not None
    rewrite(left, revealed=msgspec.structs.replace(pin, opened=(pin.opened[0] - 1, bytes(32))))
    with pytest.raises(TalkRefused) as refused:
        left.read()
    assert refused.value.refusal.code is Code.PINNED
    rewrite(left, revealed=msgspec.structs.replace(pin, nonce=bytes(32), statement=pin.statement[::-1]))
    with pytest.raises(TalkRefused) as refused:
        left.read()
    assert refused.value.refusal.code is Code.PINNED
    assert tell_refusal(Code.PINNED, "fr") != tell_refusal(Code.PINNED, "en")
    rewrite(left, revealed=pin)
    assert left.sees() == "Maison Deux (fictif)"


def rewrite(device: Device, **changed: Any) -> None:
    states = States(device.desk)
    states.load()
    states._write(device.conversation, lambda state: msgspec.structs.replace(state, **changed))


def test_a_state_says_nothing_of_the_reveal_by_its_size() -> None:
    place, longest = (1, bytes(32)), os.urandom(934)
    states = [
        State(),
        State(1, os.urandom(32).hex()),
        State(1, os.urandom(32).hex(), {}, Committed(place, longest)),
        State(
            1, os.urandom(32).hex(), {}, None, Pin(place, place, longest, os.urandom(32), 1, os.urandom(32))
        ),
    ]
    for state in states:
        assert abs(len(seal(bytes(32), _padded(state), "x")) - 1_565) <= 4, state


def test_a_device_without_the_key_writes_nothing_over_a_state(devices) -> None:
    left, right = devices
    opened(left, right)
    assert left.sees() == "Maison Deux (fictif)"
    strange = RoleKey()
    without = replace(left.desk, seal=strange.seal, unseal=strange.unseal)
    States(without).advance(left.conversation, 6, bytes(32))  # as it does when a sitting ends
    assert left.sees() == "Maison Deux (fictif)"
    blind = States(without)
    blind.load()
    assert blind.of(left.conversation) == State()
    assert not blind.opens(left.conversation)
    assert blind.commit(left.conversation, (7, bytes(32)), b"statement") is None, "and commits to nothing"


def test_a_rolled_key_keeps_the_pin(devices) -> None:
    left, right = devices
    opened(left, right)
    assert left.sees() == "Maison Deux (fictif)"
    before, fresh = left.desk.unseal, RoleKey()
    keys = left.desk.seal, left.desk.unseal
    left.desk.seal, left.desk.unseal = fresh.seal, fresh.unseal
    try:
        assert Turner(left.desk, [before]).turn_all().anew >= 1
        aad = state_aad(left.desk.firm, left.conversation)
        assert b"revealed" in fresh.unseal(_sealed(left), aad)
        assert left.sees() == "Maison Deux (fictif)"
    finally:
        left.party.desk.seal, left.party.desk.unseal = keys[0], _either(fresh.unseal, before)


def _either(*opening: Any) -> Any:
    def unseal(sealed: bytes, aad: str) -> bytes:
        for one in opening:
            try:
                return bytes(one(sealed, aad))
            except ValueError:
                continue
        raise ValueError("no key")

    return unseal


def _sealed(device: Device) -> bytes:
    listed = device.desk.api.ask("GET", "/api/conversation-states")
    mine = [one["sealed"] for one in listed if one["conversation"] == str(device.conversation)]
    return base64.b64decode(mine[0]) if mine else b""
