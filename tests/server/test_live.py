"""The websocket lets in who is logged in, bounds what each connection costs, and says why it cuts."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_socket

from chat.contents import Text
from tests.server.kit import Network, b64, unb64
from tests.server.parties import BATCH, Party, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher, RunningServer

    Scene = tuple[list[Party], date, RunningServer, UUID]


@pytest.fixture(scope="module")
def scene(launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    server = launch_for_module("sqlite", environment=BATCH)
    network = Network(server)
    try:
        parties = [party(network.firm(), tmp_path_factory.mktemp("pins")) for _ in range(3)]
        today = live_through(network, parties, server)
        yield parties, today, server, connect(parties[0], parties[1], today)
    finally:
        network.close()


def socket(scene: Scene, **headers: str) -> ClientConnection:
    return open_socket(
        scene[2].url.replace("http", "ws", 1) + "/api/live",
        additional_headers=headers,
        proxy=None,
        close_timeout=1,
    )


def bearer(one: Party) -> dict[str, str]:
    return {"Authorization": f"Bearer {one.member.token}"}


def say(connection: ClientConnection, **frame: Any) -> None:
    connection.send(json.dumps(frame, default=str))


def hear(connection: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(connection.recv(timeout=60))
        if frame["type"] == kind:
            return frame


def closed_with(connection: ClientConnection) -> int:
    try:
        while True:
            connection.recv(timeout=60)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


def test_a_token_in_the_header_or_in_the_first_frame_lets_in(scene: Scene) -> None:
    (one, *_), *_ = scene
    with socket(scene, **bearer(one)) as connection:
        assert hear(connection, "welcome")["firm_id"] == str(one.desk.firm)
    with socket(scene) as connection:
        say(connection, type="hello", token=one.member.token)
        welcome = hear(connection, "welcome")
        assert welcome["firm_id"] == str(one.desk.firm)
        assert welcome["envelope_bytes_max"] == 65_536


def test_a_cookie_lets_in_from_this_origin_alone(scene: Scene) -> None:
    (one, *_), _, server, _ = scene
    cookie = {"Cookie": f"vigie={one.member.token}"}
    with socket(scene, **cookie, Origin=server.url) as connection:
        assert hear(connection, "welcome")
    for headers in ({"Origin": "https://elsewhere.test"}, {}, {"Origin": "null"}):
        with socket(scene, **cookie, **headers) as connection:
            assert closed_with(connection) == 4403


def test_nobody_gets_in_without_a_session(scene: Scene) -> None:
    for stale in ({"Authorization": "Bearer nonsense"}, {"Cookie": "vigie=expired", "Origin": scene[2].url}):
        with socket(scene, **stale) as connection:
            assert closed_with(connection) == 4401
    with socket(scene) as connection:
        say(connection, type="hello", token="x" * 43)
        assert closed_with(connection) == 4401
    with socket(scene) as connection:
        say(connection, type="resume", conversation=scene[3], after=0)
        assert closed_with(connection) == 4408
    with socket(scene) as connection:
        assert closed_with(connection) == 4408, "no hello in time"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("not json", 4400),
        ('{"type":"dance"}', 4400),
        ('{"type":"hello","token":"again"}', 4400),
        (b"\0", 4400),
        ("x" * 140_000, 4413),
    ],
)
def test_what_is_no_frame_ends_the_connection_with_a_reason(
    scene: Scene, sent: str | bytes, code: int
) -> None:
    with socket(scene, **bearer(scene[0][0])) as connection:
        hear(connection, "welcome")
        connection.send(sent)
        assert closed_with(connection) == code


def test_another_firms_conversation_does_not_exist_on_the_socket_either(scene: Scene) -> None:
    (one, _, third), _, _, conversation = scene
    envelope = one.desk.history(conversation)[0].seal(Text("for two", 0))
    assert isinstance(envelope, bytes)
    with socket(scene, **bearer(third)) as connection:
        say(connection, type="resume", conversation=conversation, after=0)
        assert hear(connection, "error")["code"] == "not-found"
        say(connection, type="append", conversation=conversation, envelope=b64(envelope), ref="1")
        error = hear(connection, "error")
        assert (error["code"], error["ref"]) == ("not-found", "1")
        say(connection, type="resume", conversation=uuid4())
        assert hear(connection, "error")["code"] == "not-found"


def test_an_envelope_is_acknowledged_once_stored_and_again_when_repeated(scene: Scene) -> None:
    (one, two, _), _, _, conversation = scene
    session, _ = one.desk.history(conversation)
    envelope = session.seal(Text("once", 0))
    with socket(scene, **bearer(one)) as connection, socket(scene, **bearer(two)) as peer:
        hear(peer, "welcome")
        for ref in ("first", "again"):
            say(connection, type="append", conversation=conversation, envelope=b64(envelope), ref=ref)
            ack = hear(connection, "ack")
            assert (ack["ref"], ack["counter"]) == (ref, session.counter + 1)
        assert unb64(hear(peer, "message")["envelope"]) == envelope
        rival = session.seal(Text("too late", 0))
        say(connection, type="append", conversation=conversation, envelope=b64(rival), ref="late")
        assert hear(connection, "error")["code"] == "chat-behind"
        say(connection, type="append", conversation=uuid4(), envelope=b64(rival), ref="astray")
        assert hear(connection, "error")["code"] == "chat-elsewhere"
        theirs = two.desk.history(conversation)[0].seal(Text("as the other side", 0))
        say(connection, type="append", conversation=conversation, envelope=b64(theirs), ref="posing")
        assert hear(connection, "error")["code"] == "chat-side"
    assert [shown.content.text for shown in two.desk.history(conversation)[1]].count("once") == 1


def test_roles_without_conversations_connect_and_cannot_read_them(scene: Scene) -> None:
    (one, *_), _, _, conversation = scene
    token = one.member.add_user("analyst")
    with socket(scene, Authorization=f"Bearer {token}") as connection:
        hear(connection, "welcome")
        say(connection, type="resume", conversation=conversation, after=0)
        assert hear(connection, "error")["code"] == "role"


def test_resuming_again_starts_again_and_pings_are_answered(scene: Scene) -> None:
    (one, *_), _, _, conversation = scene
    with socket(scene, **bearer(one)) as connection:
        for _ in range(3):
            say(connection, type="resume", conversation=conversation, after=0)
        say(connection, type="ping", ref="p")
        assert hear(connection, "pong")["ref"] == "p"
        assert hear(connection, "resumed")["counter"] == one.desk.history(conversation)[0].counter


def test_what_fails_in_the_server_ends_the_connection_with_a_reason_to_come_again(scene: Scene) -> None:
    (one, *_), _, server, conversation = scene
    with socket(scene, **bearer(one)) as connection:
        hear(connection, "welcome")
        with closing(sqlite3.connect(server.database_url.removeprefix("sqlite:///"), timeout=30)) as base:
            base.execute("ALTER TABLE conversation RENAME TO elsewhere")
            say(connection, type="resume", conversation=conversation, after=0)
            try:
                assert closed_with(connection) == 4500
            finally:
                base.execute("ALTER TABLE elsewhere RENAME TO conversation")
    with socket(scene, **bearer(one)) as connection:
        say(connection, type="resume", conversation=conversation, after=0)
        hear(connection, "resumed")


def test_who_does_not_read_is_cut_as_too_slow_and_resumes_without_loss(scene: Scene) -> None:
    (one, two, _), _, _, conversation = scene
    with socket(scene, **bearer(two)) as slow, one.line() as line:
        hear(slow, "welcome")
        line.follow(conversation)
        for _ in range(180):
            line.say(conversation, "x" * 20_000)
        assert closed_with(slow) == 4508
    assert len(two.desk.history(conversation)[1]) == one.desk.history(conversation)[0].counter
