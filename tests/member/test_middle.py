"""A server that sits in the middle with keys of its own passes everything on, and is found at the reveal."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.contents import Content, Offer, Text
from chat.keys import PrivateKeys
from chat.records import Epoch, Reason, Side, make_answer, make_call, make_opening
from chat.refusals import Code, Refusal
from chat.reveal import Revealed
from chat.session import Received, Session
from chat.thread import Stage, Thread
from member.revealing import Own, next_step, peer, say_who
from privacy import signing
from privacy.delegation import Delegation, Scope


def own(name: str, firm: bytes) -> Own:
    """A firm's device that may reveal."""
    root, device = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    now = int(time.time())
    scopes = Scope.REVEAL | Scope.UPLOAD
    delegation = Delegation.issue(root, firm, signing.public_bytes(device), scopes, now - 60, now + 3600)
    return Own(device, delegation, signing.public_bytes(root), name, list, ())


@dataclass
class End:
    """One session with its thread."""

    session: Session
    thread: Thread = field(default_factory=Thread)

    def take(self, record: bytes) -> Received:
        received = self.session.receive(record)
        assert isinstance(received, Received)
        self.thread.take(received)
        return received

    def say(self, content: Content) -> bytes:
        record = self.session.seal(content)
        assert isinstance(record, bytes)
        return record


def conversation() -> tuple[End, End]:
    """The ends of one conversation, whoever holds them."""
    call_key = Ed25519PrivateKey.generate()
    caller, answerer = PrivateKeys.fresh(), PrivateKeys.fresh()
    call = make_call(
        call_key,
        call_id=bytes(16),
        pseudonym=bytes(32),
        reason=Reason.LATE,
        raised_on=20_000,
        suite=caller.suite,
    )
    answer = make_answer(answerer, call)
    link = make_opening(call_key, caller, call, answer)
    ends = End(Session(link, Side.CALLER, caller)), End(Session(link, Side.ANSWERER, answerer))
    epoch = ends[0].session.begin_epoch()
    assert isinstance(epoch, Epoch)
    for end in ends:
        assert isinstance(end.session.adopt(epoch.record), Epoch)
    return ends


@dataclass
class Firms:
    """Two firms that believe to talk to each other; `between` passes contents from one chain to the next."""

    left: End
    right: End
    between: tuple[End, End] | None  # the middle's end of the left chain, and of the right one

    def say(self, speaker: End, content: Content) -> None:
        record = speaker.say(content)
        speaker.take(record)
        if self.between is None:
            (self.right if speaker is self.left else self.left).take(record)
            return
        near, far = self.between if speaker is self.left else self.between[::-1]
        opened = near.take(record).content
        assert opened is not None
        assert not isinstance(opened, Refusal)
        again = far.say(opened)  # type: ignore[arg-type]
        far.take(again)
        (self.right if speaker is self.left else self.left).take(again)


def reveal(firms: Firms) -> list[Revealed | Refusal | None]:
    """Texts, offers, commitments, openings, by the members' own code; whom each side then knows."""
    names = own("Left (fictional)", b"l" * 16), own("Right (fictional)", b"r" * 16)
    ends = firms.left, firms.right
    for end in ends:
        firms.say(end, Text("Il paie à 40 jours.", 0))
    for end in ends:
        firms.say(end, Offer())
    said: dict[str, bytes] = {}
    for _ in range(2):
        for end, one in zip(ends, names, strict=True):
            point = end.thread.reveal.point
            assert point is not None
            said.setdefault(one.name, say_who(end.session, one, point))
            step = next_step(end.thread, end.session, said[one.name])
            assert step is not None
            firms.say(end, step)
    assert [end.thread.reveal.stage for end in ends] == [Stage.OPENED] * 2
    return [peer(end.thread, end.session, ()) for end in ends]


def test_without_anybody_between_each_side_learns_the_others_name() -> None:
    left, right = conversation()
    found = reveal(Firms(left, right, None))
    assert [one.name for one in found if isinstance(one, Revealed)] == [
        "Right (fictional)",
        "Left (fictional)",
    ]


def test_a_middle_that_reads_and_passes_on_every_word_is_named_by_both_sides() -> None:
    left, middle_left = conversation()
    middle_right, right = conversation()
    found = reveal(Firms(left, right, (middle_left, middle_right)))
    assert [one.code for one in found if isinstance(one, Refusal)] == [Code.REVEAL, Code.REVEAL]
