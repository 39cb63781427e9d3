"""A desk believes nothing that it has not verified, and remembers what it has read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from chat.keys import PrivateKeys
from chat.records import make_answer
from chat.refusals import Code
from member.conversing import Cursors, TalkRefused
from member.cursors import KEPT_DAYS
from tests.server.kit import Network, b64, unb64
from tests.server.parties import BATCH, SHARED, Party, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher

    Scene = tuple[Party, Party, date, UUID]


@pytest.fixture(scope="module")
def scene(launch_for_module: Launcher, tmp_path_factory) -> Iterator[Scene]:
    server = launch_for_module("sqlite", environment=BATCH)
    network = Network(server)
    try:
        one, two = (party(network.firm(), tmp_path_factory.mktemp("cursors")) for _ in range(2))
        today = live_through(network, [one, two], server)
        conversation = connect(one, two, today)
        with one.line() as line:
            line.follow(conversation)
            for number in range(4):
                line.say(conversation, f"text {number}")
        yield one, two, today, conversation
    finally:
        network.close()


class Tampering:
    """The network's answers, changed on the way by somebody who can."""

    def __init__(self, api: Any, change: Callable[[str, Any], Any]) -> None:
        self._api, self._change = api, change

    def ask(self, method: str, path: str, body: object = None) -> Any:
        return self._change(path, self._api.ask(method, path, body))


def test_cursors_survive_and_never_go_back(tmp_path: Path) -> None:
    conversation, other = uuid4(), uuid4()
    cursors = Cursors.load(tmp_path / "conversations.json")
    assert cursors.of(conversation) == (0, b"")
    cursors.advance(conversation, 5, b"\5" * 32)
    cursors.advance(conversation, 4, b"\4" * 32)
    cursors.advance(other, 1, b"\1" * 32)
    again = Cursors.load(tmp_path / "conversations.json")
    assert again.of(conversation) == (5, b"\5" * 32)
    assert again.of(other) == (1, b"\1" * 32)
    (tmp_path / "conversations.json").write_text("{")
    with pytest.raises(ValueError, match="truncated"):
        Cursors.load(tmp_path / "conversations.json")


def test_a_cursor_goes_a_year_after_it_was_moved_where_the_network_lists_nothing(
    tmp_path: Path,
) -> None:
    now, path = [1_800_000_000.0], tmp_path / "conversations.json"
    cursors = Cursors(path, now=lambda: now[0])
    old, hidden, listed = (uuid4() for _ in range(3))
    for one in (old, listed):
        cursors.advance(one, 5, b"\5" * 32)
    now[0] += 2 * 86_400
    cursors.advance(hidden, 5, b"\5" * 32)
    now[0] += (KEPT_DAYS - 1) * 86_400
    cursors.forget_gone([listed])
    again = Cursors.load(path)
    assert [again.of(one)[0] for one in (old, hidden, listed)] == [0, 5, 5]


@pytest.mark.parametrize("field", ["call", "answer", "opening"])
def test_a_conversation_whose_records_were_changed_is_refused(scene: Scene, field: str) -> None:
    one, _, _, conversation = scene

    def change(path: str, found: Any) -> Any:
        if not path.endswith(str(conversation)):
            return found
        record = bytearray(unb64(found[field]))
        record[-80] ^= 1
        return found | {field: b64(bytes(record))}

    with pytest.raises(TalkRefused) as refused:
        replace(one.desk, api=Tampering(one.desk.api, change)).session(conversation)
    assert refused.value.refusal.code in {Code.SIGNATURE, Code.ELSEWHERE}


def test_an_answer_that_somebody_else_put_in_the_place_of_ours_is_noticed(scene: Scene) -> None:
    """An operator that answers for us has other keys than the ones we sealed for ourselves."""
    _, two, _, conversation = scene

    def change(path: str, found: Any) -> Any:
        if path.endswith(str(conversation)):
            call = two.desk.talks()[0].call
            return found | {"answer": b64(make_answer(PrivateKeys.fresh(), call).record)}
        return found

    with pytest.raises(TalkRefused) as refused:
        replace(two.desk, api=Tampering(two.desk.api, change)).session(conversation)
    assert refused.value.refusal.code is Code.ELSEWHERE


def test_epochs_in_another_order_or_missing_are_refused(scene: Scene) -> None:
    one, _, _, conversation = scene
    epoch = one.desk.session(conversation).begin_epoch()
    one.desk.api.ask("POST", f"/api/conversations/{conversation}/epochs", {"record": b64(epoch.record)})

    def backwards(path: str, found: Any) -> Any:
        return found | {"epochs": found["epochs"][::-1]} if path.endswith(str(conversation)) else found

    with pytest.raises(TalkRefused) as refused:
        replace(one.desk, api=Tampering(one.desk.api, backwards)).session(conversation)
    assert refused.value.refusal.code is Code.EPOCH


def test_a_history_is_read_page_by_page_and_a_page_that_repeats_itself_ends_it(scene: Scene) -> None:
    one, _, _, conversation = scene
    whole = one.desk.history(conversation)[1]

    def small(path: str, found: Any) -> Any:
        return found | {"messages": found["messages"][:2]} if "/messages" in path else found

    small_pages = replace(one.desk, api=Tampering(one.desk.api, small), cursors=Cursors())
    assert small_pages.history(conversation)[1] == whole
    first = one.desk.api.ask("GET", f"/api/conversations/{conversation}/messages?after=0")

    def repeating(path: str, found: Any) -> Any:
        return first | {"messages": first["messages"][:1]} if "/messages" in path else found

    stuck = replace(one.desk, api=Tampering(one.desk.api, repeating), cursors=Cursors())
    assert len(stuck.history(conversation)[1]) == 1
    with pytest.raises(TalkRefused) as refused:
        replace(stuck, cursors=one.desk.cursors).history(conversation)
    assert refused.value.refusal.code is Code.TRUNCATED


def test_what_a_line_reads_meanwhile_does_not_cut_off_a_history_that_is_being_read(scene: Scene) -> None:
    one, _, _, conversation = scene
    whole = one.desk.history(conversation)[1]
    cursors = Cursors()

    def meanwhile(path: str, found: Any) -> Any:
        if f"after={len(whole)}&" in path:
            cursors.advance(conversation, len(whole) + 1, bytes(32))
        return found

    reading = replace(one.desk, api=Tampering(one.desk.api, meanwhile), cursors=cursors)
    assert reading.history(conversation)[1] == whole


Records = list[bytes]
CHANGES: dict[str, tuple[Code, Callable[[Records], Records]]] = {
    "the body of another message": (Code.BODY, lambda all_: [*all_[:-1], all_[-1][:222] + all_[-2][222:]]),
    "one bit of a salt": (Code.SIGNATURE, lambda all_: [*all_[:-1], all_[-1][:30] + b"?" + all_[-1][31:]]),
    "a message taken out": (Code.GAP, lambda all_: all_[:1] + all_[2:]),
    "two messages in the other order": (Code.GAP, lambda all_: [all_[0], all_[2], all_[1], *all_[3:]]),
    "the end cut off": (Code.TRUNCATED, lambda all_: all_[:-1]),
    "the last replaced by one before it": (Code.TRUNCATED, lambda all_: [*all_[:-1], all_[-2]]),
    "nothing at all": (Code.TRUNCATED, lambda _all: []),
    "noise": (Code.SUITE, lambda all_: [*all_[:-1], bytes(300)]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_history_that_was_changed_on_the_way_is_refused_with_its_reason(scene: Scene, what: str) -> None:
    one, _, _, conversation = scene
    code, tamper = CHANGES[what]
    whole = one.desk.history(conversation)[1]

    def change(path: str, found: Any) -> Any:
        if "/messages" not in path:
            return found
        if "after=0&" not in path:
            return found | {"messages": []}
        changed = tamper([unb64(each["record"]) for each in found["messages"]])
        at = "2026-01-01T00:00:00Z"
        return found | {"messages": [{"record": b64(record), "received_at": at} for record in changed]}

    with pytest.raises(TalkRefused) as refused:
        replace(one.desk, api=Tampering(one.desk.api, change)).history(conversation)
    assert refused.value.refusal.code is code
    assert one.desk.history(conversation)[1] == whole, "and what is whole is read as before"


def test_the_months_epoch_is_made_once(scene: Scene) -> None:
    one, two, today, conversation = scene
    later = date(today.year + 1, today.month, 1)
    session = one.desk.session(conversation)
    assert one.desk.renew_epoch(conversation, session, later)
    assert not one.desk.renew_epoch(conversation, session, today)
    assert two.desk.session(conversation).epoch.number == session.epoch.number


def test_keys_sealed_for_another_conversation_do_not_open(scene: Scene) -> None:
    one, _, _, conversation = scene
    secret = one.desk.api.ask("GET", f"/api/conversations/{conversation}/secret")["secret"]
    with pytest.raises(ValueError, match="another key"):
        one.desk.unseal(unb64(secret), f"vigie/conversation/v1|{one.desk.firm}|{uuid4()}")
    opened = one.desk.unseal(unb64(secret), f"vigie/conversation/v1|{one.desk.firm}|{conversation}")
    assert len(opened) == 64
    assert hashlib.sha256(opened).hexdigest() not in repr(one.desk)


def test_the_list_names_the_client_and_the_other_side_by_its_name_in_the_conversation(scene: Scene) -> None:
    one, two, _, conversation = scene
    listed = next(talk for talk in one.desk.talks() if talk.id == conversation)
    assert (listed.pseudonym, listed.waiting) == (SHARED, False)
    assert listed.peer_mark == two.desk.session(conversation).own_mark
