"""A connection lasts as long as its session: one watcher for a process, woken by whatever ends a session."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from websockets.sync.client import ClientConnection, connect

from server.hub import ENDED, Connection
from server.live_sessions import Watcher
from server.roles import Who
from server.sessions import SESSIONS_AT_ONCE, open_session, who_is
from server.tables import Person, Session
from tests.server.test_live import closed_with
from tests.server.test_relations import inside

if TYPE_CHECKING:
    from server.network import RunningNetwork
    from tests.server.kit import Network

FOREVER_SECONDS = 3600.0


def feed(network: Network, token: str) -> ClientConnection:
    return connect(
        network.server.url.replace("http", "ws", 1) + "/api/live",
        additional_headers={"Authorization": f"Bearer {token}"},
        proxy=None,
        close_timeout=1,
    )


def test_logging_out_ends_the_connections_of_that_session_alone(network: Network) -> None:
    firm = network.firm()
    going_token = firm.token
    firm.log_in()
    with feed(network, firm.token) as staying, feed(network, going_token) as going:
        assert firm.client(going_token).delete("/api/sessions").status_code == 204
        assert closed_with(going) == 4401
        staying.send('{"type":"ping","ref":"still here"}')
        while "still here" not in str(staying.recv(timeout=60)):
            pass


def test_a_revoked_user_hears_no_more(network: Network) -> None:
    firm = network.firm()
    token = firm.add_user("analyst")
    with feed(network, token) as going:
        users = firm.client().get("/api/users").json()
        (analyst,) = [one["user_id"] for one in users if one["role"] == "analyst"]
        assert firm.client().delete(f"/api/users/{analyst}").status_code == 204
        assert closed_with(going) == 4401


def test_a_session_that_is_seen_in_another_hour_keeps_its_connections(network: Network) -> None:
    firm = network.firm()

    async def work(running: RunningNetwork) -> Connection:
        person = await Person.select(Person.id).where(Person.firm == firm.id).first()
        assert person is not None
        who = await who_is(running, await open_session(running, 600, person=person["id"]))
        assert who is not None
        connection = Connection(firm.id, confers=True, limits=running.hub.limits)
        watcher = Watcher(running, FOREVER_SECONDS)
        watcher.hold(who, connection)
        seen = {Session.seen_at: who.seen_at + 3600}
        await Session.update(seen).where(Session.token_hash == who.token_hash)
        await watcher.look()
        return connection

    assert inside(network.server, work).cut is None


def test_one_wake_ends_all_whose_session_has_ended_and_nobody_else(network: Network) -> None:
    """The watcher of this process looks by itself once an hour here: what ends them is the word."""
    firm = network.firm()

    async def work(running: RunningNetwork) -> tuple[set[Any], set[Any]]:
        person = await Person.select(Person.id).where(Person.firm == firm.id).first()
        assert person is not None
        held: list[tuple[Who, Connection]] = []
        for _ in range(3):
            who = await who_is(running, await open_session(running, 600, person=person["id"]))
            assert who is not None
            held += [
                (who, Connection(firm.id, confers=True, limits=running.hub.limits))
                for _ in range(SESSIONS_AT_ONCE)
            ]
        watcher = Watcher(running, FOREVER_SECONDS)
        await running.fanout.start(lambda _spans: asyncio.sleep(0))
        watcher.start()
        for who, connection in held:
            watcher.hold(who, connection)
        gone = held[0][0]
        async with running.database.writing():
            await Session.delete().where(Session.token_hash == gone.token_hash)
            await running.fanout.tell_ended()
        async with asyncio.timeout(60):
            while await held[0][1].next() is not None:
                pass
        await watcher.stop()
        await running.fanout.stop()
        return (
            {connection.cut for who, connection in held if who == gone},
            {connection.cut for who, connection in held if who != gone},
        )

    assert inside(firm.server, work) == ({ENDED}, {None})
