"""Every connection is owed what concerns its firm, within bounds; who cannot keep up is cut with a reason."""

from uuid import uuid4

import msgspec
import pytest

from chat.relay import Feed
from server.hub import STOPPING, TOO_MANY, TOO_SLOW, Connection, Hub, LiveLimits, frame

LIMITS = LiveLimits(queue_frames_max=8, queue_bytes_max=1_000, connections_per_firm_max=2, beat_seconds=0.02)


def connected(hub: Hub, firm=None, *, confers: bool = True) -> Connection:
    connection = Connection(firm or uuid4(), confers=confers, limits=hub.limits)
    hub.join(connection)
    return connection


async def owed(connection: Connection, count: int) -> list[dict]:
    return [msgspec.json.decode(await connection.next()) for _ in range(count)]


async def test_an_event_reaches_every_device_of_its_firms_and_nobody_else() -> None:
    hub, firm = Hub(LIMITS), uuid4()
    mine, also_mine, other = connected(hub, firm), connected(hub, firm), connected(hub)
    hub.announce(frame("call", call="x"), [firm])
    hub.announce(frame("release", month="2026-10"), None)
    assert [one["type"] for one in await owed(mine, 2)] == ["call", "release"]
    assert [one["type"] for one in await owed(also_mine, 2)] == ["call", "release"]
    assert [one["type"] for one in await owed(other, 1)] == ["release"]


async def test_roles_without_conversations_hear_nothing_of_them() -> None:
    hub, firm, conversation = Hub(LIMITS), uuid4(), uuid4()
    analyst = connected(hub, firm, confers=False)
    hub.announce(frame("call"), [firm], confers=True)
    hub.offer(conversation, 1, frame("message"), [firm])
    hub.announce(frame("alert"), [firm])
    assert [one["type"] for one in await owed(analyst, 1)] == ["alert"]


async def test_a_device_that_left_is_owed_nothing() -> None:
    hub = Hub(LIMITS)
    gone = connected(hub)
    hub.leave(gone)
    hub.announce(frame("alert"), [gone.firm])
    hub.announce(frame("alert"), None)
    assert (await owed(gone, 1))[0]["type"] == "beat"


@pytest.mark.parametrize(("count", "size"), [(9, 1), (2, 600)])
async def test_who_does_not_read_is_cut_with_a_reason_and_not_thinned_out(count: int, size: int) -> None:
    hub = Hub(LIMITS)
    slow, quick = connected(hub), connected(hub)
    for _ in range(count):
        hub.announce(frame("alert", text="x" * size), None)
        if quick.cut is None:
            await quick.next()
    assert slow.cut is TOO_SLOW
    assert await slow.next() is None
    assert quick.cut is None


async def test_a_silent_connection_gets_a_beat() -> None:
    assert (await owed(connected(Hub(LIMITS)), 1))[0] == {"type": "beat"}


async def test_a_firm_has_only_so_many_connections() -> None:
    hub, firm = Hub(LIMITS), uuid4()
    connections = [connected(hub, firm) for _ in range(3)]
    assert [one.cut for one in connections] == [None, None, TOO_MANY]


async def test_stopping_cuts_everybody_and_whoever_comes_late() -> None:
    hub = Hub(LIMITS)
    connection = connected(hub)
    hub.stop()
    assert (connection.cut, connected(hub).cut) == (STOPPING, STOPPING)


async def test_a_followed_conversation_is_sent_in_order_and_what_was_missed_is_read() -> None:
    hub, firm, conversation = Hub(LIMITS), uuid4(), uuid4()
    follower, listener = connected(hub, firm), connected(hub, firm)
    follower.feeds[conversation] = Feed(sent=1, reading=False)
    assert hub.offer(conversation, 1, frame("message", counter=1), [firm]) == []
    assert hub.offer(conversation, 2, frame("message", counter=2), [firm]) == []
    assert hub.offer(conversation, 4, frame("message", counter=4), [firm]) == [follower]
    assert [one["counter"] for one in await owed(follower, 1)] == [2]
    assert [one["counter"] for one in await owed(listener, 3)] == [1, 2, 4], "it follows nothing, and hears"


async def test_the_sender_is_owed_its_acknowledgement_where_others_are_owed_the_message() -> None:
    hub, firm, conversation = Hub(LIMITS), uuid4(), uuid4()
    sender, other = connected(hub, firm), connected(hub, firm)
    sender.feeds[conversation] = Feed(sent=0, reading=False)
    assert hub.offer(conversation, 1, frame("message", counter=1), [firm], sender) == []
    sender.push(frame("ack", counter=1))
    assert hub.offer(conversation, 2, frame("message", counter=2), [firm], other) == []
    assert [(one["type"], one["counter"]) for one in await owed(sender, 2)] == [("ack", 1), ("message", 2)]
    assert [(one["type"], one["counter"]) for one in await owed(other, 1)] == [("message", 1)]
    assert sender.feeds[conversation].sent == 2
    assert hub.offer(conversation, 4, frame("message", counter=4), [firm], sender) == [sender], "3 is missing"


async def test_a_reader_of_history_waits_while_half_of_the_queue_is_full() -> None:
    hub = Hub(LIMITS)
    connection = connected(hub)
    for _ in range(LIMITS.queue_frames_max // 2):
        connection.push(frame("message"))
    assert not connection._drained.is_set()
    await connection.next()
    await connection.room()
    connection.end(STOPPING)
    await connection.room()
