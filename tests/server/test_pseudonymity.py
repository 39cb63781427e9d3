"""A curious peer: nothing that it gets links two conversations of one firm, or a conversation to a firm."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from chat.contents import Offer, Text
from chat.envelope import BUCKET_BYTES, OVERHEAD_BYTES, TAG_BYTES
from member.talk_turning import Turner
from tests.server.kit import Network
from tests.server.parties import BATCH, Party, RoleKey, connect, live_through, party

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


def talk(one: Party, peer: Party, today: date, folder: Path, devices: int) -> UUID:
    """A conversation in which `one` writes from so many devices, and offers to reveal itself."""
    conversation = connect(one, peer, today)
    for call in one.desk.list_calls()[0]:
        if not call.closed:
            one.desk.close(call.id)
    for number in range(devices):
        if number:
            one.another_device(folder).history(conversation)
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


def shape(value: object) -> object:
    """Names of fields and kinds of values: what remains when every value is taken out."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return len(value) if isinstance(value, str) else type(value).__name__


def test_no_value_comes_again_in_another_conversation_of_the_firm(scene, tmp_path: Path) -> None:
    sought, peer, other, today, _ = scene
    first, second = (talk(sought, peer, today, tmp_path, 1) for _ in range(2))
    third = talk(other, peer, today, tmp_path, 1)
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
    conversation = talk(sought, peer, today, tmp_path, 1)
    heard: list[dict[str, Any]] = []
    with peer.line(on_event=heard.append) as line:
        line.follow(conversation)
        line.say(conversation, "So they say.")
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


def test_how_many_devices_write_does_not_show_nor_how_long_a_text_is(scene, tmp_path: Path) -> None:
    sought, peer, other, today, _ = scene
    from_three = view(peer, talk(sought, peer, today, tmp_path, 3))
    from_one = view(peer, talk(other, peer, today, tmp_path, 3))
    assert shape(from_three) == shape(from_one)
    sizes = {len(record) - OVERHEAD_BYTES - TAG_BYTES for record in records(from_three)[3:]}
    assert sizes <= set(BUCKET_BYTES)


def test_days_are_days_and_a_clock_of_the_senders_is_not_told(scene, tmp_path: Path) -> None:
    sought, peer, _, today, _ = scene
    conversation = talk(sought, peer, today, tmp_path, 1)
    seen = view(peer, conversation)
    days = [seen["started_on"], *(epoch["made_on"] for epoch in seen["epochs"])]
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) for day in days)
    times = [message["received_at"] for message in seen["messages"]["messages"]]
    assert all(re.fullmatch(r"[\d-]{10}T[\d:]{8}Z", time) for time in times), "whole seconds, the server's"
    _, shown = peer.desk.history(conversation)
    assert [one.content.sent_at for one in shown if isinstance(one.content, Text)] == [0]


def test_rotations_of_one_firm_are_not_seen_and_have_moments_of_their_own(scene, tmp_path: Path) -> None:
    sought, peer, _, today, server = scene
    talks = [talk(sought, peer, today, tmp_path, 1) for _ in range(3)]
    before = [view(peer, one) for one in talks]
    heard: list[dict[str, Any]] = []
    with peer.line(on_event=heard.append) as line:
        line.follow(talks[0])
        old, fresh = sought.desk.unseal, RoleKey()
        sought.desk.seal, sought.desk.unseal = fresh.seal, fresh.unseal
        assert Turner(sought.desk, [old]).turn_all().anew >= 3
        line.say(talks[0], "a message brings what happened before it")
    assert [view(peer, one) for one in talks[1:]] == before[1:]
    assert not any(event["type"] == "epoch" for event in heard)
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
