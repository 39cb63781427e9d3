"""Two firms, four devices, lost connections and a server that dies: judged by an independent model."""

import random
from collections import deque
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat import relay
from chat.contents import Text
from chat.envelope import Envelope, message_id, read_envelope
from chat.outbox import Outbox
from chat.records import Epoch, Side
from chat.refusals import Code, Refusal
from chat.relay import Again, Appended, Feed, Step
from chat.session import Received, Seen
from tests.examples import examples

PAGE = 2


def code(outcome: object) -> Code:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


@dataclass
class Store:
    """The server: what is committed survives, what is pending dies with it."""

    link: object
    head: relay.Head
    rows: list[bytes] = field(default_factory=list)
    epochs: list[bytes] = field(default_factory=list)
    pending: list[tuple["Device", bytes]] = field(default_factory=list)

    def commit(self, devices: list["Device"]) -> None:
        answers: list[tuple[Device, tuple]] = []
        for device, record in self.pending:
            message = read_envelope(record, self.link)
            assert isinstance(message, Envelope)
            place = message.header.counter - 1
            stored = message_id(self.rows[place]) if place < len(self.rows) else None
            outcome = relay.append(self.head, message, device.side, stored)
            match outcome:
                case Appended(head, kept):
                    self.head = head
                    self.rows.append(kept.record)
                    answers.append((device, ("ack", kept.id)))
                    for other in devices:
                        if other.connected:
                            other.announced.append(kept.header.counter)
                case Again():
                    answers.append((device, ("ack", message.id)))
                case Refusal(why):
                    answers.append((device, ("refused", why)))
        self.pending.clear()
        for device, answer in answers:
            if device.connected:
                device.down.append(answer)


@dataclass
class Device:
    """A device and its connection; what is in flight is lost with the connection."""

    side: Side
    outbox: Outbox
    connected: bool = False
    feed: Feed | None = None
    up: deque[bytes] = field(default_factory=deque)
    down: deque[tuple] = field(default_factory=deque)
    announced: list[int] = field(default_factory=list)
    last_sent: bytes | None = None
    shown: list[tuple[int, str]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)

    def connect(self, store: Store) -> None:
        if not self.connected:
            self.connected, self.last_sent = True, None
            self.feed = Feed(sent=self.outbox.session.counter)
            self.catch_up_epochs(store)

    def cut(self) -> None:
        self.connected, self.feed = False, None
        for queue in (self.up, self.down, self.announced):
            queue.clear()

    def catch_up_epochs(self, store: Store) -> None:
        session = self.outbox.session
        for record in store.epochs[session.epoch.number :]:
            assert isinstance(session.adopt(record), Epoch)
            self.outbox.adopted()

    def send(self) -> None:
        envelope = self.outbox.due()
        assert not isinstance(envelope, Refusal)
        if self.connected and envelope is not None and envelope != self.last_sent:
            self.up.append(envelope)
            self.last_sent = envelope

    def show(self, outcome: Received | Seen | Refusal | None) -> None:
        if isinstance(outcome, Received):
            self.shown.append((outcome.counter, outcome.content.text))

    def hear(self, store: Store) -> None:
        match self.down.popleft():
            case "message", record:
                outcome = self.outbox.read(record)
                if isinstance(outcome, Refusal) and outcome.code is Code.EPOCH:
                    self.catch_up_epochs(store)
                    outcome = self.outbox.read(record)
                assert not isinstance(outcome, Refusal), outcome
                self.show(outcome)
            case "ack", stored_id:
                text = self.outbox.waiting[0].text if self.outbox.waiting else ""
                outcome = self.outbox.acknowledged(stored_id)
                if outcome is not None:
                    self.acknowledged.append(text)
                self.show(outcome)
            case "refused", why:
                if why is Code.EPOCH:
                    self.catch_up_epochs(store)
                assert self.outbox.refused(why), why

    def relay_announcement(self, store: Store, pick: int) -> None:
        counter = self.announced.pop(pick % len(self.announced))
        self.feed, step = self.feed.offer(counter)
        if step is Step.SEND:
            self.down.append(("message", store.rows[counter - 1]))

    def relay_page(self, store: Store) -> None:
        page = list(range(self.feed.sent + 1, min(self.feed.sent + PAGE, len(store.rows)) + 1))
        self.feed = self.feed.page(page)
        self.down.extend(("message", store.rows[counter - 1]) for counter in page)


ACTIONS = (
    "write",
    "send",
    "repeat",
    "arrive",
    "commit",
    "announce",
    "page",
    "hear",
    "cut",
    "connect",
    "crash",
    "epoch",
)
WEIGHTS = (4, 6, 1, 8, 4, 6, 4, 10, 1, 3, 0.4, 0.4)


def act(action: str, rng: random.Random, store: Store, devices: list[Device], written: list[str]) -> None:
    device = rng.choice(devices)
    match action:
        case "write":
            written.append(f"text {len(written)}")
            device.outbox.put(Text(written[-1], 0))
        case "send":
            device.send()
        case "repeat" if device.up:
            device.up.append(device.up[0])
        case "arrive" if device.up:
            store.pending.append((device, device.up.popleft()))
        case "commit":
            store.commit(devices)
        case "announce" if device.announced:
            device.relay_announcement(store, rng.randrange(8))
        case "page" if device.connected and device.feed.reading:
            device.relay_page(store)
        case "hear" if device.down:
            device.hear(store)
        case "cut":
            device.cut()
        case "connect":
            device.connect(store)
        case "crash":
            store.pending.clear()
            for each in devices:
                each.cut()
        case "epoch":
            device.catch_up_epochs(store)
            epoch = device.outbox.session.begin_epoch()
            assert isinstance(epoch, Epoch)
            head = relay.extend(store.head, epoch)
            assert isinstance(head, relay.Head)
            store.head = head
            store.epochs.append(epoch.record)


def settle(rng: random.Random, store: Store, devices: list[Device]) -> None:
    """Everybody connects for good; what is under way comes to its end."""
    for device in devices:
        device.cut()
        device.connect(store)
    for _ in range(10_000):
        for device in devices:
            device.send()
            while device.up:
                store.pending.append((device, device.up.popleft()))
            while device.announced:
                device.relay_announcement(store, rng.randrange(8))
            while device.feed.reading:
                device.relay_page(store)
            while device.down:
                device.hear(store)
        store.commit(devices)
        idle = not any(d.outbox.waiting or d.down or d.announced or d.up for d in devices)
        if idle and all(d.outbox.session.counter == len(store.rows) for d in devices):
            return
    raise AssertionError("the conversation does not come to rest")


@examples(40)
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 400))
@example(seed=7, steps=3_000)
def test_nothing_acknowledged_is_lost_and_nothing_is_shown_twice_or_out_of_order(pair, seed, steps) -> None:
    rng = random.Random(seed)
    store = Store(pair.link, pair.head(), epochs=[pair.epoch.record])
    devices = [Device(side, Outbox(pair.session(side))) for side in (*Side, *Side)]
    written: list[str] = []
    for action in rng.choices(ACTIONS, WEIGHTS, k=steps):
        act(action, rng, store, devices, written)
    settle(rng, store, devices)

    reader = pair.session(Side.CALLER)
    for record in store.epochs[1:]:
        reader.adopt(record)
    final = [(n, reader.receive(record).content.text) for n, record in enumerate(store.rows, start=1)]
    texts = [text for _, text in final]
    assert sorted(texts) == sorted(written), "every text once, none lost, none twice"
    for device in devices:
        assert device.shown == final, "each device saw the whole conversation, once and in order"
        assert set(device.acknowledged) <= set(texts)


def message(pair, side: Side = Side.CALLER, text: str = "x", after: list[bytes] = ()) -> Envelope:
    session = pair.session(side)
    for record in after:
        session.receive(record)
    record = session.seal(Text(text, 0))
    envelope = read_envelope(record, pair.link)
    assert isinstance(envelope, Envelope)
    return envelope


def test_the_next_message_moves_the_head_and_the_same_again_changes_nothing(pair) -> None:
    first = message(pair)
    outcome = relay.append(pair.head(), first, Side.CALLER, None)
    assert isinstance(outcome, Appended)
    assert (outcome.head.counter, outcome.head.id) == (1, first.id)
    assert relay.append(outcome.head, first, Side.CALLER, first.id) == Again(1)


def test_who_comes_second_at_a_counter_is_behind(pair) -> None:
    first, rival = message(pair), message(pair, Side.ANSWERER)
    head = relay.append(pair.head(), first, Side.CALLER, None).head
    assert code(relay.append(head, rival, Side.ANSWERER, first.id)) is Code.BEHIND


def test_a_replayed_older_message_is_acknowledged_again_and_never_appended(pair) -> None:
    first = message(pair)
    second = message(pair, Side.ANSWERER, after=[first.record])
    head = pair.head()
    for each, side in ((first, Side.CALLER), (second, Side.ANSWERER)):
        head = relay.append(head, each, side, None).head
    assert relay.append(head, first, Side.CALLER, first.id) == Again(1)
    assert code(relay.append(head, message(pair), Side.CALLER, first.id)) is Code.BEHIND


@pytest.mark.parametrize("side", Side)
def test_nobody_speaks_for_the_other_side(pair, side: Side) -> None:
    assert code(relay.append(pair.head(), message(pair, side), side.other, None)) is Code.SIDE


def test_a_message_too_far_ahead_or_of_another_history_or_epoch_is_refused(pair) -> None:
    first = message(pair)
    second = message(pair, after=[first.record])
    assert code(relay.append(pair.head(), second, Side.CALLER, None)) is Code.GAP
    rival = relay.append(pair.head(), message(pair), Side.CALLER, None).head
    assert code(relay.append(rival, second, Side.CALLER, None)) is Code.FORKED
    epoch = pair.session(Side.ANSWERER).begin_epoch()
    head = relay.extend(pair.head(), epoch)
    assert isinstance(head, relay.Head)
    assert code(relay.append(head, first, Side.CALLER, None)) is Code.EPOCH


def test_of_two_epochs_made_at_once_one_is_accepted(pair) -> None:
    one, two = (pair.session(side).begin_epoch() for side in Side)
    head = relay.extend(pair.head(), one)
    assert isinstance(head, relay.Head)
    assert code(relay.extend(head, two)) is Code.EPOCH
    rival = relay.Head(0, pair.link.genesis, 1, bytes(32))
    assert code(relay.extend(rival, two)) is Code.FORKED


def test_a_feed_sends_in_order_skips_what_was_sent_and_reads_what_was_missed() -> None:
    feed = Feed(sent=3, reading=False)
    assert feed.offer(3) == (feed, Step.SKIP)
    feed, step = feed.offer(4)
    assert (feed.sent, step) == (4, Step.SEND)
    feed, step = feed.offer(7)
    assert (feed.reading, step) == (True, Step.READ)
    feed = feed.page([5, 6])
    feed, step = feed.offer(8)
    assert step is Step.SKIP
    feed = feed.page([7])
    assert feed.page([]).reading, "something newer was offered since the page was read"
    assert not feed.page([8]).page([]).reading


def test_a_hole_in_the_store_is_our_mistake_and_crashes() -> None:
    with pytest.raises(AssertionError, match="hole"):
        Feed(sent=3).page([5])


@pytest.mark.parametrize("silenced", Side)
def test_a_silenced_side_adds_no_epoch_and_the_other_does(pair, silenced: Side) -> None:
    head = relay.Head(0, pair.link.genesis, 1, pair.epoch.digest, frozenset({silenced}))
    for side in Side:
        epoch = pair.session(side).begin_epoch()
        assert isinstance(epoch, Epoch)
        outcome = relay.extend(head, epoch)
        if side is silenced:
            assert code(outcome) is Code.CLOSED
        else:
            assert isinstance(outcome, relay.Head)
