"""A curious peer: nothing that it gets links two conversations of one firm, or a conversation to a firm."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from chat.contents import Offer, Text
from chat.envelope import BUCKET_BYTES, OVERHEAD_BYTES, SIGNED_BYTES, TAG_BYTES
from member.conversing import Cursors, Desk
from member.line import Line
from member.talk_turning import Turner
from tests.conftest import wait_until
from tests.server.kit import Network
from tests.server.listening import Listener
from tests.server.parties import BATCH, Asking, Party, RoleKey, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher, RunningServer

WINDOW = 8  # bytes: a shared run of this length is no chance
FIXED = 5  # bytes of it that strangers' conversations share too: the rest may be chance


@pytest.fixture(scope="module")
def scene(
    launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Party, Party, Party, date, RunningServer]]:
    """The firm that is looked for, the curious peer, another firm."""
    server = launch_for_module("sqlite", environment=BATCH)
    network = Network(server)
    try:
        sought, peer, other = (party(network.firm(), tmp_path_factory.mktemp("pins")) for _ in range(3))
        yield sought, peer, other, live_through(network, [sought, peer, other], server), server
    finally:
        network.close()


def talk(one: Party, peer: Party, today: date) -> UUID:
    """A conversation in which `one` writes, and offers to reveal itself."""
    conversation = connect(one, peer, today)
    one.free_to_call()
    with one.line() as line:
        line.follow(conversation)
        line.say(conversation, "Il paie à 40 jours.")
        line.say(conversation, Offer())
    return conversation


def view(peer: Party, conversation: UUID) -> dict[str, Any]:
    """Everything that the network tells the peer of a conversation; its own half of it left out."""
    found = peer.desk.api.ask("GET", f"/api/conversations/{conversation}")
    del found["secret"]
    found["messages"] = peer.desk.api.ask("GET", f"/api/conversations/{conversation}/messages?after=0")
    found["keeping"] = peer.desk.api.ask("GET", f"/api/conversations/{conversation}/keeping")
    return found


def records(seen: dict[str, Any]) -> list[bytes]:
    """What the other side has made, in bytes: call, opening, epochs, messages."""
    own = [seen["call"], seen["opening"], *(epoch["record"] for epoch in seen["epochs"])]
    return [base64.b64decode(one) for one in own + [m["record"] for m in seen["messages"]["messages"]]]


def windows(seen: dict[str, Any], size: int = WINDOW) -> set[bytes]:
    return {record[at : at + size] for record in records(seen) for at in range(len(record) - size + 1)}


def of_pseudonym(seen: dict[str, Any]) -> set[bytes]:
    """The client that a call is about is known to both: the one value that may come again."""
    call = base64.b64decode(seen["call"])[16:51]
    return {call[at : at + WINDOW] for at in range(len(call) - WINDOW + 1)}


def test_no_value_comes_again_in_another_conversation_of_the_firm(scene, tmp_path: Path) -> None:
    sought, peer, other, today, _ = scene
    first, second = (talk(sought, peer, today) for _ in range(2))
    third = talk(other, peer, today)
    seen = [view(peer, one) for one in (first, second, third)]
    known = of_pseudonym(seen[0])
    shared = (windows(seen[0]) & windows(seen[1])) - known
    # What is common to all conversations (counters, small numbers) is common to those of strangers; next to
    # it one or two random bytes are the same by chance, once in 256 conversations or so.
    fixed = windows(seen[0], FIXED) & windows(seen[2], FIXED)
    linking = {one for one in shared if one[:FIXED] not in fixed and one[-FIXED:] not in fixed}
    assert not linking, "something links two conversations of one firm"
    control = windows(seen[0]) & windows(view(peer, first))
    assert len(control) > 1_000, "the comparison finds what is the same"
    marks = {peer.desk.session(one).peer_mark for one in (first, second, third)}
    assert len(marks) == 3


def test_no_id_key_or_name_of_the_firm_its_users_or_devices_reaches_the_peer(scene, tmp_path: Path) -> None:
    sought, peer, _, today, _ = scene
    conversation = talk(sought, peer, today)
    with Listener(peer) as hearing, peer.line() as line:
        line.follow(conversation)
        line.say(conversation, "So they say.")
        sought.desk.api.ask("PUT", f"/api/conversations/{conversation}/retention", {"months": 6})
        wait_until(lambda: {"message", "keeping"} <= {one["type"] for one in hearing.heard()})
        heard = hearing.heard()
    me = sought.member.client().get("/api/me").json()
    devices = sought.member.client().get("/api/devices").json()
    secrets = [str(sought.desk.firm), sought.member.email, me["firm_name"], me["user_id"]]
    secrets += [device["device_id"] for device in devices]
    secrets += [device["public_key"] for device in devices]
    everything = json.dumps([view(peer, conversation), heard, peer.desk.api.ask("GET", "/api/calls")])
    raw = b"".join(
        base64.b64decode(one)
        for one in re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", everything)
        if len(one) % 4 == 0
    )
    for secret in secrets:
        assert secret not in everything
        if re.fullmatch(r"[0-9a-f-]{36}", secret):
            assert UUID(secret).bytes not in raw
    own = peer.desk.api.ask("GET", "/api/me")
    assert str(peer.desk.firm) in json.dumps(own), "the search finds what is there"


SHORT = ["Oui.", "Non.", "40 jours."]
LONG = ["o" * 190, "n" * 180, "j" * 150]  # the same bucket
LONGER = ["Oui.", "Non.", "j" * 250]  # one text in the next bucket


def devices_of(one: Party, count: int, folder: Path) -> list[Party]:
    """Devices of one firm, each of another user, with a session and a memory of its own."""
    made = [one]
    for _ in range(1, count):
        token = one.member.add_user("credit_manager")
        cursors = Cursors(folder / f"{uuid4()}.json")
        asking = Asking(one.member.client(token))
        desk = Desk(asking, one.desk.firm, one.desk.seal, one.desk.unseal, cursors)
        made.append(Device(one.member, desk, one.own, token))
    return made


@dataclass
class Device(Party):
    """A party on a session of its own."""

    token: str = ""

    def line(self, **more: Any) -> Line:
        url = self.member.server.url.replace("http", "ws", 1) + "/api/live"
        return Line(self.desk, url, lambda: self.token, **more)


def told(
    scene: Any, folder: Path, devices: int, texts: list[str], *, announced: bool = False
) -> dict[str, Any]:
    """Everything that the peer gets while devices of the firm that is looked for write these texts in turn.

    `announced`: what must not be: each device begins with an epoch of its own.
    """
    sought, peer, _, today, _ = scene
    hands = devices_of(sought, devices, folder)
    with Listener(peer) as hearing, ExitStack() as lines:
        conversation = connect(sought, peer, today)
        sought.free_to_call()
        open_lines = [lines.enter_context(hand.line()) for hand in hands]
        for hand, line in zip(hands, open_lines, strict=True):
            line.follow(conversation)
            if announced:
                hand.desk.renew_epoch(conversation, hand.desk.session(conversation), date(9999, 1, 1))
        for number, text in enumerate(texts):
            line = open_lines[number % devices]
            line.say(conversation, text)
        open_lines[-1].say(conversation, Offer())
        wait_until(
            lambda: len([one for one in hearing.heard() if one["type"] == "message"]) == len(texts) + 1
        )
        return {"answers": answers(peer, conversation), "frames": hearing.heard()}


def answers(peer: Party, conversation: UUID) -> dict[str, Any]:
    """What the network answers the peer, heads and bodies; its own half of it left out."""
    place = f"/api/conversations/{conversation}"
    found: dict[str, Any] = {}
    for path in (place, place + "/messages?after=0", place + "/keeping", "/api/calls", "/api/conversations"):
        answer = peer.member.client().get(path)
        body = answer.json()
        heads = {
            name: value for name, value in answer.headers.items() if name not in {"date", "content-length"}
        }
        if path == "/api/conversations":
            body = next(one for one in body if one["id"] == str(conversation))
        elif path == "/api/calls":
            body = body["received"]
        found[path.replace(place, "")] = [heads, body]
    return found


def told_shape(value: object) -> object:
    """Names of fields, lengths of texts, numbers as they are: all but what was drawn at random."""
    if isinstance(value, dict):
        return {name: told_shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [told_shape(one) for one in value]
    return len(value) if isinstance(value, str) else value


def envelopes(got: dict[str, Any]) -> list[bytes]:
    """The messages, as they came by both ways."""
    listed = got["answers"]["/messages?after=0"][1]["messages"]
    stored = [base64.b64decode(one["record"]) for one in listed]
    frames = [base64.b64decode(one["envelope"]) for one in got["frames"] if one["type"] == "message"]
    assert frames == stored
    return stored


def ties(messages: list[bytes]) -> set[tuple[int, int]]:
    """Pairs of messages that have something in common where all should be random."""
    ends = (30, 62, 94, 126, 158, SIGNED_BYTES + 64)
    parts = [[one[a:b] for a, b in zip(ends, (*ends[1:], None), strict=True)] for one in messages]
    runs = [
        {part[at : at + WINDOW] for part in each for at in range(len(part) - WINDOW + 1)} for each in parts
    ]
    return {(i, j) for j in range(len(runs)) for i in range(j) if runs[i] & runs[j]}


def test_how_many_devices_write_does_not_show_nor_how_long_a_text_is(scene, tmp_path: Path) -> None:
    one = told(scene, tmp_path, 1, SHORT)
    three = told(scene, tmp_path, 3, SHORT)
    long = told(scene, tmp_path, 1, LONG)
    assert told_shape(one) == told_shape(three) == told_shape(long)
    assert [ties(envelopes(got)) for got in (one, three, long)] == [set(), set(), set()]
    sizes = {len(record) - OVERHEAD_BYTES - TAG_BYTES for record in envelopes(long)}
    assert sizes == {BUCKET_BYTES[0]}


def test_the_comparison_of_devices_and_lengths_finds_what_would_tell_them_apart(
    scene, tmp_path: Path
) -> None:
    one = told(scene, tmp_path, 1, SHORT)
    assert told_shape(told(scene, tmp_path, 1, LONGER)) != told_shape(one)
    announced = [told(scene, tmp_path, devices, SHORT, announced=True) for devices in (1, 3)]
    assert told_shape(announced[0]) != told_shape(announced[1])
    marks = [bytes([number]) * WINDOW for number in (1, 2)]
    # Two devices in turn, whose salts begin with a mark of the device.
    marked = [record[:30] + marks[at % 2] + record[30 + WINDOW :] for at, record in enumerate(envelopes(one))]
    assert ties(marked) == {(0, 2), (1, 3)}


def test_days_are_days_and_a_clock_of_the_senders_is_not_told(scene, tmp_path: Path) -> None:
    sought, peer, _, today, _ = scene
    conversation = talk(sought, peer, today)
    seen = view(peer, conversation)
    days = [seen["started_on"], *(epoch["made_on"] for epoch in seen["epochs"])]
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) for day in days)
    times = [message["received_at"] for message in seen["messages"]["messages"]]
    assert all(re.fullmatch(r"[\d-]{10}T[\d:]{8}Z", time) for time in times), "whole seconds, the server's"
    _, shown = peer.desk.history(conversation)
    assert [one.content.sent_at for one in shown if isinstance(one.content, Text)] == [0]


def test_rotations_of_one_firm_are_not_seen_and_have_moments_of_their_own(scene, tmp_path: Path) -> None:
    sought, peer, _, today, server = scene
    talks = [talk(sought, peer, today) for _ in range(3)]
    before = [view(peer, one) for one in talks]
    with Listener(peer) as hearing, peer.line() as line:
        line.follow(talks[0])
        old, fresh = sought.desk.unseal, RoleKey()
        sought.desk.seal, sought.desk.unseal = fresh.seal, fresh.unseal
        assert Turner(sought.desk, [old]).turn_all().anew >= 3
        line.say(talks[0], "a message brings what happened before it")
        assert [view(peer, one) for one in talks[1:]] == before[1:]
        wait_until(lambda: bool(hearing.heard()))
        assert {one["type"] for one in hearing.heard()} == {"message"}
    with closing(sqlite3.connect(server.database_url.removeprefix("sqlite:///"))) as file:
        moments = [
            file.execute(
                "SELECT s.due_at - MIN(m.received_at) FROM conversation_succession s JOIN message m"
                " ON m.conversation = s.conversation WHERE s.conversation = ?",
                (str(one),),
            ).fetchone()[0]
            for one in talks
        ]
    assert all(0 <= moment <= 86_400 + 600 for moment in moments)
    assert len(set(moments)) > 1, "one moment for all"
