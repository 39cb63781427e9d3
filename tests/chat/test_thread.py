"""Both sides see one conversation: edits, withdrawals and the reveal follow from the chain alone."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.contents import (
    CHANGES_WITHIN,
    Commit,
    Content,
    Decline,
    Edit,
    File,
    Offer,
    Open,
    Read,
    Text,
    Withdraw,
)
from chat.records import Side
from chat.session import Received, Session
from chat.thread import Reveal, Stage, Thread
from tests.examples import examples

CALLER, ANSWERER = Side.CALLER, Side.ANSWERER


@dataclass
class Talk:
    """One conversation, read by a device of each side."""

    sessions: tuple[Session, Session]
    threads: tuple[Thread, Thread] = field(default_factory=lambda: (Thread(), Thread()))

    def say(self, side: Side, content: Content) -> int:
        record = self.sessions[side].seal(content)
        assert isinstance(record, bytes)
        for session, thread in zip(self.sessions, self.threads, strict=True):
            received = session.receive(record)
            assert isinstance(received, Received)
            thread.take(received)
        return self.sessions[side].counter

    def shown(self, counter: int):
        one, two = (thread.entries.get(counter) for thread in self.threads)
        assert (one is None) == (two is None)
        assert one is None or (one.said, one.edited, one.withdrawn) == (two.said, two.edited, two.withdrawn)
        return one


@pytest.fixture
def talk(pair) -> Talk:
    return Talk((pair.session(CALLER), pair.session(ANSWERER)))


def test_an_own_text_can_be_worded_again_and_taken_back_and_the_other_sides_cannot(talk: Talk) -> None:
    at = talk.say(CALLER, Text("pays late", 1))
    talk.say(ANSWERER, Edit(at, "pays on time", 2))
    talk.say(ANSWERER, Withdraw(at))
    assert talk.shown(at).said == Text("pays late", 1)
    talk.say(CALLER, Edit(at, "pays 20 days late", 3))
    assert (talk.shown(at).said, talk.shown(at).edited) == (Text("pays 20 days late", 3), True)
    talk.say(CALLER, Withdraw(at))
    assert (talk.shown(at).said, talk.shown(at).withdrawn) == (None, True)
    talk.say(CALLER, Edit(at, "once more", 4))
    assert talk.shown(at).withdrawn


def test_changes_come_too_late_after_a_number_of_messages_for_both_sides_alike(talk: Talk) -> None:
    at = talk.say(CALLER, Text("first", 0))
    for number in range(CHANGES_WITHIN - 1):
        assert talk.threads[CALLER].may_change(at)
        talk.say(ANSWERER, Text(f"{number}", 0))
    assert talk.threads[CALLER].may_change(at)
    assert not talk.threads[ANSWERER].may_change(at)
    talk.say(ANSWERER, Text("one more", 0))
    assert not talk.threads[CALLER].may_change(at)
    talk.say(CALLER, Withdraw(at))
    assert not talk.shown(at).withdrawn


def test_a_file_can_be_withdrawn_and_not_worded_again(talk: Talk) -> None:
    sent = File(os.urandom(16), "statement.pdf", "application/pdf", 10, bytes(32), bytes(32), 0)
    at = talk.say(CALLER, sent)
    talk.say(CALLER, Edit(at, "a text", 0))
    assert talk.shown(at).said == sent
    talk.say(CALLER, Withdraw(at))
    assert talk.shown(at).said is None


def test_unread_are_the_other_sides_messages_alone(talk: Talk) -> None:
    talk.say(CALLER, Text("a", 0))
    read = talk.say(ANSWERER, Text("b", 0))
    talk.say(CALLER, Text("c", 0))
    talk.say(CALLER, Edit(read + 1, "d", 0))
    assert [thread.unread(read) for thread in talk.threads] == [0, 1]


def test_the_reveal_goes_step_by_step_and_nobody_opens_alone(talk: Talk) -> None:
    stages = []

    def step(side: Side, content: Content) -> None:
        talk.say(side, content)
        (stage,) = {thread.reveal.stage for thread in talk.threads}
        stages.append(stage)

    opened = Open(b"who", bytes(32))
    step(ANSWERER, Commit(bytes(32)))  # out of turn
    step(CALLER, Offer())
    step(CALLER, Offer())  # its own offer accepts nothing
    step(ANSWERER, Offer())
    step(CALLER, Commit(b"1" * 32))
    step(CALLER, Open(b"who", bytes(32)))  # before the other has committed
    step(CALLER, Commit(b"2" * 32))  # another mind
    step(ANSWERER, Commit(b"3" * 32))
    step(ANSWERER, opened)
    step(CALLER, Decline())  # too late: it has seen who the other side is
    step(CALLER, opened)
    step(ANSWERER, Decline())  # nor when it is over
    hidden, offered, agreed, committed = Stage.HIDDEN, Stage.OFFERED, Stage.AGREED, Stage.COMMITTED
    assert stages == [
        hidden,
        offered,
        offered,
        agreed,
        agreed,
        agreed,
        agreed,
        committed,
        committed,
        committed,
        Stage.OPENED,
        Stage.OPENED,
    ]
    assert talk.threads[CALLER].reveal.commit_of(CALLER) == b"1" * 32


@pytest.mark.parametrize("by", list(Side))
@pytest.mark.parametrize("committed", [[CALLER], [CALLER, ANSWERER]])
def test_a_decline_voids_the_reveal_until_somebody_has_opened(
    talk: Talk, by: Side, committed: list[Side]
) -> None:
    talk.say(CALLER, Offer())
    talk.say(ANSWERER, Offer())
    for side in committed:
        talk.say(side, Commit(bytes(32)))
    talk.say(by, Decline())
    assert {thread.reveal.stage for thread in talk.threads} == {Stage.HIDDEN}


def test_after_one_has_opened_only_that_one_can_decline(talk: Talk) -> None:
    """Who has seen the other's name gains nothing by declining; who waits in vain can begin again."""
    for content in (Offer(), Commit(bytes(32))):
        for side in Side:
            talk.say(side, content)
    talk.say(CALLER, Open(b"who", bytes(32)))
    talk.say(ANSWERER, Decline())
    assert {thread.reveal.stage for thread in talk.threads} == {Stage.COMMITTED}
    assert [talk.threads[0].reveal.may_decline(side) for side in Side] == [True, False]
    talk.say(CALLER, Decline())
    talk.say(ANSWERER, Open(b"late", bytes(32)))
    assert {thread.reveal for thread in talk.threads} == {Reveal()}


def test_how_far_one_has_read_shows_after_the_reveal_only(talk: Talk) -> None:
    at = talk.say(CALLER, Text("a", 0))
    talk.say(ANSWERER, Read(at))
    assert talk.threads[CALLER].read == {}
    for step in (Offer(), Commit(bytes(32)), Open(b"", bytes(32))):
        for side in Side:
            talk.say(side, step)
    talk.say(ANSWERER, Read(at))
    assert talk.threads[CALLER].read == {ANSWERER: at}
    talk.say(ANSWERER, Read(2**40))  # of messages that there are not
    assert talk.threads[CALLER].read == {ANSWERER: at}


_numbers = st.integers(1, 12)
_steps = st.one_of(
    st.builds(Text, st.text(max_size=5), st.just(0)),
    st.builds(Edit, _numbers, st.text(max_size=5), st.just(0)),
    st.builds(Withdraw, _numbers),
    st.builds(Read, _numbers),
    st.sampled_from([Offer(), Decline(), Commit(bytes(32)), Open(b"", bytes(32))]),
)


@examples(30)
@given(st.lists(st.tuples(st.sampled_from(list(Side)), _steps), max_size=12))
def test_whatever_is_said_both_sides_see_the_same(pair, said: list[tuple[Side, Content]]) -> None:
    talk = Talk((pair.session(CALLER), pair.session(ANSWERER)))
    for side, content in said:
        talk.say(side, content)
    one, two = talk.threads
    assert {n: (e.said, e.edited, e.withdrawn, e.side) for n, e in one.entries.items()} == {
        n: (e.said, e.edited, e.withdrawn, e.side) for n, e in two.entries.items()
    }
    assert (one.reveal, one.read) == (two.reveal, two.read)
