"""A call reaches those who share the client, later; its caller learns of answers and of nothing else."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.keys import X25519_AES256, PrivateKeys
from chat.records import Reason, make_answer, make_call
from server.calls import CallPolicy, Clerk
from tests.conftest import wait_until
from tests.server.crossings import nothing, while_held
from tests.server.kit import Network, b64, pseudonyms
from tests.server.parties import BATCH, SHARED, Party, Problem, connect, live_through, party
from tests.server.planting import ask as rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import asyncpg

    from tests.conftest import Launcher

    Scene = tuple[list[Party], date]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request, launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    """Four firms with one client in common; the last two are of one group."""
    server = launch_for_module(request.param, environment=BATCH)
    network = Network(server)
    folder: Path = tmp_path_factory.mktemp("pins")
    group = uuid4()
    try:
        firms = [network.firm(group_id=group if n > 1 else None) for n in range(4)]
        parties = [party(firm, folder) for firm in firms]
        yield parties, live_through(network, parties, server)
    finally:
        network.close()


@pytest.fixture(autouse=True)
def _close_what_is_open(scene: Scene) -> Iterator[None]:
    yield
    for one in scene[0]:
        one.free_to_call()


def code(action, *arguments) -> str:
    with pytest.raises(Problem) as refused:
        action(*arguments)
    return refused.value.code


def received(one: Party) -> list[UUID]:
    return [call.id for call in one.desk.list_calls()[1]]


def signed_call(raised_on: date, pseudonym: bytes = SHARED) -> bytes:
    return make_call(
        Ed25519PrivateKey.generate(),
        call_id=uuid4().bytes,
        pseudonym=pseudonym,
        reason=Reason.LATE,
        raised_on=(raised_on - date(1970, 1, 1)).days,
        suite=X25519_AES256,
    ).record


def test_a_call_reaches_every_firm_with_a_seasoned_relation_and_says_only_what_it_says(scene: Scene) -> None:
    (caller, *others), today = scene
    call = caller.desk.raise_call(SHARED, Reason.DISPUTE, today)
    wait_until(lambda: all(received(one) == [call] for one in others))
    got = others[0].desk.list_calls()[1][0]
    assert (got.call.pseudonym, got.call.reason, got.received_on) == (SHARED, Reason.DISPUTE, today)
    raw = others[0].desk.api.ask("GET", "/api/calls")["received"][0]
    assert set(raw) == {"id", "record", "received_on"}
    assert str(caller.desk.firm) not in str(raw)
    assert received(caller) == []


def test_firms_of_the_callers_group_are_not_asked(scene: Scene) -> None:
    (stranger, _, caller, sister), today = scene
    call = caller.desk.raise_call(SHARED, Reason.LATE, today)
    wait_until(lambda: received(stranger) == [call])
    time.sleep(0.5)  # two periods, by which a delivery to the sister would have left
    assert received(sister) == []


def test_the_caller_sees_nothing_of_who_was_asked_or_declined(scene: Scene) -> None:
    (caller, one, two, _), today = scene
    asked = caller.desk.raise_call(SHARED, Reason.LATE, today)
    nobody = caller.desk.raise_call(caller.own, Reason.LATE, today)
    before = {call["id"]: call for call in caller.desk.api.ask("GET", "/api/calls")["raised"]}
    wait_until(lambda: received(one) == [asked])
    one.desk.decline(asked)
    assert received(one) == []
    after = {call["id"]: call for call in caller.desk.api.ask("GET", "/api/calls")["raised"]}
    assert after == before
    assert set(after[str(asked)]) == set(after[str(nobody)])
    assert after[str(asked)]["answers"] == after[str(nobody)]["answers"] == []
    wait_until(lambda: received(two) == [asked])


def test_a_second_answer_opens_a_second_conversation_that_shares_nothing_but_the_call(scene: Scene) -> None:
    (caller, one, two, _), today = scene
    first = connect(caller, one, today)
    wait_until(lambda: bool(received(two)))
    second = two.desk.answer(two.desk.list_calls()[1][0])
    caller.desk.open_answered()
    assert first != second
    talks = {talk.id: talk for talk in caller.desk.talks()}
    assert {first, second} <= set(talks)
    assert talks[first].peer_mark != talks[second].peer_mark
    seen_by_one, seen_by_two = one.desk.session(first).link, two.desk.session(second).link
    assert seen_by_one.caller.signing != seen_by_two.caller.signing
    assert seen_by_one.caller.sealing != seen_by_two.caller.sealing
    assert first not in {talk.id for talk in two.desk.talks()}


def test_a_client_without_a_seasoned_relation_cannot_be_called_about(scene: Scene) -> None:
    (caller, *_), today = scene
    assert (
        code(caller.desk.raise_call, pseudonyms("never seen")[0], Reason.LATE, today)
        == "relation-not-seasoned"
    )


def test_one_open_call_on_a_client_at_a_time(scene: Scene) -> None:
    (caller, *_), today = scene
    call = caller.desk.raise_call(SHARED, Reason.LATE, today)
    assert code(caller.desk.raise_call, SHARED, Reason.LATE, today) == "call-open"
    caller.desk.close(call)
    caller.desk.raise_call(SHARED, Reason.LATE, today)


def test_a_call_of_another_day_or_with_a_changed_bit_is_refused(scene: Scene) -> None:
    (caller, *_), today = scene
    ask = caller.desk.api.ask

    def post(record: bytes) -> object:
        return ask("POST", "/api/calls", {"record": b64(record), "secret": b64(b"sealed")})

    assert code(post, signed_call(today - timedelta(days=3))) == "call-date"
    record = signed_call(today)
    assert code(post, record[:-1] + bytes([record[-1] ^ 1])) == "chat-signature"
    assert code(post, record[:-1]) == "chat-malformed"
    assert code(post, b"\3" + record[1:]) == "chat-suite"


def test_a_firm_answers_a_call_once_and_not_after_it_is_closed(scene: Scene) -> None:
    (caller, one, two, _), today = scene
    call = caller.desk.raise_call(SHARED, Reason.LATE, today)
    wait_until(lambda: received(one) == received(two) == [call])
    got = one.desk.list_calls()[1][0]
    one.desk.answer(got)
    assert code(one.desk.answer, got) == "call-answered"
    assert received(one) == []
    late = two.desk.list_calls()[1][0]
    caller.desk.close(call)
    assert received(two) == []
    assert code(two.desk.answer, late) == "call-closed"


def test_a_closed_calls_key_is_erased_and_what_was_not_opened_by_then_stays_closed(scene: Scene) -> None:
    (caller, one, *_), today = scene
    call = caller.desk.raise_call(SHARED, Reason.LATE, today)
    wait_until(lambda: received(one) == [call])
    conversation = one.desk.answer(one.desk.list_calls()[1][0])
    before = next(c for c in caller.desk.list_calls()[0] if c.id == call)
    caller.desk.close(call)
    own = next(c for c in caller.desk.list_calls()[0] if c.id == call)
    assert (own.secret, own.answers[0].opened) == (b"", False)
    assert conversation not in caller.desk.open_answered()
    assert not caller.desk.left_out, "and nothing is wrong"
    assert not caller.desk._open(before, before.answers[0]), "nor by a device that had read the key before"
    assert next(talk for talk in one.desk.talks() if talk.id == conversation).waiting


def test_of_two_last_answers_opened_at_once_the_later_one_erases_the_calls_key(scene: Scene) -> None:
    (caller, one, two, _), today = scene
    server = caller.member.server
    if not server.database_url.startswith("postgres"):
        pytest.skip("one writer at a time: nobody waits for a row")
    call = caller.desk.raise_call(SHARED, Reason.LATE, today)
    for peer in (one, two):
        wait_until(lambda peer=peer: received(peer) == [call])
        peer.desk.answer(peer.desk.list_calls()[1][0])
    rows(server, "UPDATE call SET closed = {} WHERE id = {}", True, call)  # its days are over
    waits = next(c for c in caller.desk.list_calls()[0] if c.id == call)
    mine, others = waits.answers

    async def open_other(ours: asyncpg.Connection) -> None:
        await ours.execute("UPDATE call SET closed = closed WHERE id = $1", call)
        await ours.execute("UPDATE conversation SET opening = answer WHERE id = $1", others.conversation)

    assert while_held(server, open_other, lambda: caller.desk._open(waits, mine), nothing)
    rows(server, "DELETE FROM conversation WHERE id = {}", others.conversation)  # this opening opens nothing
    assert rows(server, "SELECT secret FROM call WHERE id = {}", call) == [(b"",)]


def test_calls_are_listed_page_by_page(scene: Scene) -> None:
    (caller, one, *_), today = scene
    for _ in range(3):
        call = caller.desk.raise_call(SHARED, Reason.LATE, today)
        wait_until(lambda call=call: call in received(one))
        caller.desk.close(call)
    ask = caller.desk.api.ask
    whole = [each["id"] for each in ask("GET", "/api/calls")["raised"]]
    paged: list[str] = []
    while page := ask("GET", "/api/calls?limit=2" + (f"&raised_after={paged[-1]}" if paged else ""))[
        "raised"
    ]:
        paged += [each["id"] for each in page]
    assert paged == whole
    assert len(whole) >= 3
    for name in ("raised_after", "received_after"):
        assert code(one.desk.api.ask, "GET", f"/api/calls?{name}={uuid4()}") == "not-found"
        assert code(ask, "GET", f"/api/calls?limit=501&{name}={whole[0]}") == "malformed"


def test_an_answer_to_another_call_is_refused(scene: Scene) -> None:
    (caller, one, two, _), today = scene
    first = caller.desk.raise_call(SHARED, Reason.LATE, today)
    second = one.desk.raise_call(SHARED, Reason.LATE, today)
    wait_until(lambda: set(received(two)) == {first, second})
    calls = {call.id: call.call for call in two.desk.list_calls()[1]}
    answer = make_answer(PrivateKeys.fresh(), calls[first])
    body = {"record": b64(answer.record), "secret": b64(b"sealed")}
    assert code(two.desk.api.ask, "POST", f"/api/calls/{second}/answer", body) == "chat-elsewhere"


def test_a_call_that_did_not_reach_a_firm_does_not_exist_for_it(scene: Scene) -> None:
    (stranger, _, caller, sister), today = scene
    call = caller.desk.raise_call(SHARED, Reason.LATE, today)
    body = {"record": b64(b"x"), "secret": b64(b"x")}
    for one, paths in ((sister, ("answer", "decline", "close")), (stranger, ("close",))):
        for path in paths:
            sent = body if path == "answer" else None
            with pytest.raises(Problem) as real:
                one.desk.api.ask("POST", f"/api/calls/{call}/{path}", sent)
            with pytest.raises(Problem) as invented:
                one.desk.api.ask("POST", f"/api/calls/{uuid4()}/{path}", sent)
            assert real.value.status == 404
            assert str(real.value) == str(invented.value)


def test_deliveries_leave_at_the_end_of_a_period_and_up_to_one_more() -> None:
    clerk = Clerk(network=None, policy=CallPolicy(batch_seconds=30))
    times = {clerk.deliver_after(1_000_000) for _ in range(200)}
    assert min(times) >= 1_020_000
    assert max(times) < 1_050_000
    assert len(times) > 150
