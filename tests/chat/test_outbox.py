"""Each text is appended once: sent again when uncertain, sealed again only when it can no longer pass."""

from chat.contents import TEXT_BYTES_MAX, Commit, Decline, Open, Text
from chat.envelope import message_id
from chat.outbox import Outbox
from chat.records import Epoch, Side
from chat.refusals import Code, Refusal
from chat.session import Received, Seen


def outbox(pair, side: Side = Side.CALLER) -> Outbox:
    return Outbox(pair.session(side))


def test_an_empty_outbox_owes_nothing(pair) -> None:
    assert outbox(pair).due() is None
    assert outbox(pair).drop() is None
    assert outbox(pair).acknowledged(bytes(32)) is None


def test_what_is_uncertain_is_sent_again_as_it_is(pair) -> None:
    box = outbox(pair)
    box.put(Text("one", 0))
    assert box.due() == box.due()


def test_an_acknowledged_text_is_read_once_and_the_next_one_follows(pair) -> None:
    box = outbox(pair)
    box.put(Text("one", 0))
    box.put(Text("two", 0))
    first = box.due()
    assert box.acknowledged(bytes(32)) is None, "of another message"
    assert box.acknowledged(message_id(first)).content == Text("one", 0)
    assert isinstance(box.read(first), Seen)
    second = box.due()
    assert second != first
    assert box.acknowledged(message_id(second)).content == Text("two", 0)
    assert box.due() is None


def test_an_own_message_found_in_the_chain_is_settled_without_its_acknowledgement(pair) -> None:
    box = outbox(pair)
    box.put(Text("one", 0))
    assert isinstance(box.read(box.due()), Received)
    assert box.due() is None


def test_who_loses_the_counter_seals_again_after_reading_what_came_first(pair) -> None:
    box, rival = outbox(pair), outbox(pair, Side.ANSWERER)
    box.put(Text("mine", 0))
    rival.put(Text("theirs", 0))
    lost, first = box.due(), rival.due()
    assert box.refused(Code.BEHIND)
    assert box.due() == lost, "not before the winner has been read"
    assert isinstance(box.read(first), Received)
    again = box.due()
    assert message_id(again) != message_id(lost)
    assert box.acknowledged(message_id(again)).content == Text("mine", 0)


def test_a_text_stored_under_the_old_epoch_is_not_said_again_under_the_new_one(pair) -> None:
    box, other = outbox(pair), pair.session(Side.ANSWERER)
    box.put(Text("one", 0))
    stored = box.due()
    epoch = other.begin_epoch()
    assert isinstance(epoch, Epoch)
    box.session.adopt(epoch.record)
    box.adopted()
    assert box.due() != stored, "sealed again, since the epoch may have come first"
    assert box.acknowledged(message_id(stored)) is None, "not what is in flight now"
    assert isinstance(box.read(stored), Received)
    assert box.due() is None, "and yet it was stored: found, and settled"


def test_an_epoch_refusal_waits_for_the_epoch(pair) -> None:
    box = outbox(pair)
    box.put(Text("one", 0))
    sealed = box.due()
    assert box.refused(Code.EPOCH)
    assert box.due() == sealed
    assert not box.refused(Code.SIGNATURE)


def test_what_the_other_side_says_first_leaves_the_outbox_as_it_was(pair) -> None:
    box, other = outbox(pair), pair.session(Side.ANSWERER)
    assert isinstance(box.read(other.seal(Text("hello", 0))), Received)
    box.put(Text("one", 0))
    sealed = box.due()
    box.session.resume_at(0, pair.link.genesis)
    rival = pair.session(Side.ANSWERER).seal(Text("first", 0))
    assert isinstance(box.read(rival), Received)
    assert box.due() == sealed, "a message below its place settles nothing"


def test_a_text_that_is_too_long_is_refused_and_can_be_dropped(pair) -> None:
    box = outbox(pair)
    box.put(Text("x" * (TEXT_BYTES_MAX + 1), 0))
    refused = box.due()
    assert isinstance(refused, Refusal)
    assert refused.code is Code.TOO_LARGE
    box.drop()
    assert box.due() is None


def test_a_step_of_the_reveal_is_given_up_when_a_decline_comes_first_and_a_text_is_not(pair) -> None:
    box, rival = outbox(pair), outbox(pair, Side.ANSWERER)
    commit, opening = Commit(bytes(32)), Open(b"who", bytes(32))
    for said in (commit, Text("stays", 0), opening):
        box.put(said)
    rival.put(Decline())
    lost, first = box.due(), rival.due()
    assert isinstance(box.read(first), Received)
    assert list(box.waiting) == [Text("stays", 0)]
    assert box.voided == [commit, opening]
    again = box.due()
    assert message_id(again) != message_id(lost)
    assert box.acknowledged(message_id(again)).content == Text("stays", 0)
    assert box.due() is None


def test_what_is_taken_back_is_not_said_later_unless_it_may_be_in_the_chain(pair) -> None:
    box = outbox(pair)
    once, again = Text("same", 0), Text("same", 0)
    box.put(once)
    box.take_back(once)
    assert box.due() is None
    box.put(once)
    sealed = box.due()
    box.put(again)
    box.take_back(again)
    assert list(box.waiting) == [once]
    box.take_back(once)
    assert box.due() == sealed, "it may be stored: it goes on until that is known"
