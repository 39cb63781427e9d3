"""What follows `chat.json` and `chat_hybrid.json`: a side's new keys, presence, receipts.

`chat_turns.json` is made once, by running this module, since HPKE draws its own randomness; then it is only
read, by TypeScript too.
"""

import json
from pathlib import Path

import msgspec
import pytest

from chat.contents import Commit, Content, Decline, File, Offer, Open, Read, Text, encode
from chat.contents import decode as decode_content
from chat.envelope import message_id
from chat.keys import HYBRID_AES256, X25519_AES256, PrivateKeys, Suite
from chat.records import Call, Epoch, Link, Side, make_epoch, read_answer, read_call, read_opening
from chat.refusals import Refusal
from chat.session import Received, Session
from chat.signals import HOLDS_SECONDS, Signal, Signals, seal_signal
from chat.succession import Succession, make_succession
from chat.thread import Thread
from privacy import signing

FOLDER = Path(__file__).resolve().parent.parent / "vectors"
FILE = FOLDER / "chat_turns.json"
SETTINGS = {X25519_AES256: "chat.json", HYBRID_AES256: "chat_hybrid.json"}
NOW = 1_794_000_100
for_both_suites = pytest.mark.parametrize("suite", list(SETTINGS), ids=["x25519", "hybrid"])


def _later(suite: Suite) -> dict[str, PrivateKeys]:
    starts = {"answerer 2": 3, "caller 2": 90, "answerer 3": 170}
    return {
        name: PrivateKeys.from_bytes(bytes((start + 3 * n) % 256 for n in range(64)), suite)
        for name, start in starts.items()
    }


def _sessions(suite: Suite) -> tuple[Session, Session]:
    """Both sides where the setting's file ends."""
    vectors = json.loads((FOLDER / SETTINGS[suite]).read_text())
    call = read_call(bytes.fromhex(vectors["call"]))
    assert isinstance(call, Call)
    answer = read_answer(bytes.fromhex(vectors["answer"]), call)
    assert not isinstance(answer, Refusal)
    link = read_opening(bytes.fromhex(vectors["opening"]), call, answer)
    assert isinstance(link, Link)
    later, made = _later(suite), []
    for side, name in ((Side.CALLER, "caller"), (Side.ANSWERER, "answerer")):
        own = tuple(keys for one, keys in later.items() if one.startswith(name))
        keys = PrivateKeys.from_bytes(bytes.fromhex(vectors["private"][name]), suite)
        session = Session(link, side, keys, later=own)
        for epoch in vectors["epochs"]:
            assert isinstance(session.adopt(bytes.fromhex(epoch["record"])), Epoch)
        for message in vectors["messages"]:
            assert isinstance(session.receive(bytes.fromhex(message["record"])), Received)
        made.append(session)
    return made[0], made[1]


def _play(sessions: tuple[Session, Session], step: dict) -> object:
    """One step of the written story, for both sides; what the first side that refuses says, or the last."""
    record, outcome = bytes.fromhex(step["record"]), None
    for session in sessions:
        match step["what"]:
            case "succession":
                outcome = session.turn(record)
            case "epoch":
                outcome = session.adopt(record)
            case "message":
                outcome = session.receive(record)
        if isinstance(outcome, Refusal):
            return outcome
    return outcome


def _opened() -> Thread:
    thread = Thread()
    steps: list[tuple[Side, Content]] = [
        (side, said) for said in (Offer(), Commit(bytes(32)), Open(b"s", bytes(32))) for side in Side
    ]
    for counter, (side, said) in enumerate(steps, start=1):
        thread.take(Received(counter, side, side is Side.CALLER, said, bytes(32)))
    return thread


@for_both_suites
def test_new_keys_follow_the_ones_before_and_the_epoch_after_them_is_sealed_to_them(suite: Suite) -> None:
    written = json.loads(FILE.read_text())[SETTINGS[suite]]
    sessions = _sessions(suite)
    for step in written["story"]:
        outcome = _play(sessions, step)
        if "refused" in step:
            assert isinstance(outcome, Refusal), step["why"]
            assert outcome.code == step["refused"], step["why"]
            continue
        match outcome:
            case Succession():
                assert outcome.keys == sessions[0].link.keys(outcome.side)
                assert [one._names.hex() for one in sessions] == [step["names"]] * 2
                assert all(one.turned for one in sessions)
            case Epoch():
                assert [one.epoch_key(outcome.number).hex() for one in sessions] == [step["key"]] * 2
            case Received():
                assert (outcome.counter, outcome.side) == (step["counter"], step["side"])
                assert outcome.content == Text(step["text"], 0)
                assert outcome.id.hex() == step["id"]
            case _:
                pytest.fail(f"{step['what']}: {outcome}")


@for_both_suites
def test_a_succession_is_made_again_byte_for_byte(suite: Suite) -> None:
    written = json.loads(FILE.read_text())[SETTINGS[suite]]
    sessions, later = _sessions(suite), _later(suite)
    assert written["private"] == {name: keys.to_bytes().hex() for name, keys in later.items()}
    for step in written["story"]:
        if step["what"] == "succession" and "refused" not in step:
            made = sessions[step["side"]].begin_succession(later[step["keys"]])
            assert made.record.hex() == step["record"]
        if "refused" not in step:
            _play(sessions, step)


@for_both_suites
def test_presence_opens_to_what_was_written_once_and_for_the_other_side_alone(suite: Suite) -> None:
    written = json.loads(FILE.read_text())[SETTINGS[suite]]
    sessions, thread = _sessions(suite), _opened()
    for step in written["story"]:
        if "refused" not in step:
            _play(sessions, step)
    heard = (Signals(), Signals())
    for one in written["signals"]:
        to, record = sessions[one["to"]], bytes.fromhex(one["record"])
        outcome = heard[one["to"]].take(record, to, thread, one["now"])
        if "refused" in one:
            assert isinstance(outcome, Refusal), one["why"]
            assert outcome.code == one["refused"], one["why"]
            continue
        assert outcome is Signal(one["signal"])
        assert heard[one["to"]].shows(one["now"] + HOLDS_SECONDS - 1) is outcome
        assert heard[one["to"]].shows(one["now"] + HOLDS_SECONDS) is Signal.GONE
        salt = record[22:54]
        sender = sessions[1 - one["to"]]
        assert seal_signal(sender, thread, outcome, one["at"], lambda _n, salt=salt: salt) == record
    hidden = Thread()
    first = bytes.fromhex(written["signals"][0]["record"])
    assert isinstance(Signals().take(first, sessions[1], hidden, NOW), Refusal), "before the reveal"
    assert isinstance(seal_signal(sessions[0], hidden, Signal.HERE, NOW), Refusal)


def test_nobody_is_typing_any_more_when_what_was_typed_has_come() -> None:
    heard = Signals(Signal.TYPING, NOW + HOLDS_SECONDS)
    heard.said()
    assert heard.shows(NOW) is Signal.HERE
    for other in (Signal.HERE, Signal.GONE):
        quiet = Signals(other, NOW + HOLDS_SECONDS)
        quiet.said()
        assert quiet.shows(NOW) is other


def test_receipts_count_after_the_reveal_alone_and_never_go_back() -> None:
    thread = Thread()
    for counter, step in enumerate(json.loads(FILE.read_text())["receipts"], start=1):
        said = decode_content(json.dumps(step["content"]).encode())
        assert said is not None
        side = Side(step["side"])
        thread.take(Received(counter, side, side is Side.CALLER, said, bytes(32)))
        assert {str(int(one)): through for one, through in thread.read.items()} == step["read"]


class _Author:
    """Plays a story with both sides and writes it down."""

    def __init__(self, suite: Suite) -> None:
        self.sessions = _sessions(suite)
        self.later = _later(suite)
        self.story: list[dict] = []

    def add(self, what: str, record: bytes, **more: object) -> None:
        step = {"what": what, "record": record.hex()} | more
        outcome = _play(self.sessions, step)
        if isinstance(outcome, Refusal):
            step["refused"] = outcome.code.value
        elif isinstance(outcome, Succession):
            step["names"] = self.sessions[0]._names.hex()
        self.story.append(step)

    def seal(self, side: Side, text: str) -> bytes:
        salt = bytes([0x51 + self.sessions[side].counter]) * 32
        record = self.sessions[side].seal(Text(text, 0), lambda _n: salt)
        assert isinstance(record, bytes)
        return record

    def say(self, side: Side, text: str) -> None:
        record = self.seal(side, text)
        place = {"counter": self.sessions[0].counter + 1, "id": message_id(record).hex()}
        self.add("message", record, side=side, text=text, **place)

    def renew(self, side: Side) -> None:
        before = self.sessions[side].epoch
        assert before is not None
        number = before.number + 1
        epoch = self.sessions[side].begin_epoch(lambda n: bytes([number]) * n)
        assert isinstance(epoch, Epoch)
        self.add("epoch", epoch.record, side=side, key=(bytes([number]) * 32).hex())

    def epoch(self, side: Side, keys: PrivateKeys, names: bytes, why: str) -> None:
        before = self.sessions[side].epoch
        assert before is not None
        made = make_epoch(keys, side, self.sessions[side].link, (before.number, names), bytes(32))
        assert isinstance(made, Epoch)
        self.add("epoch", made.record, why=why)


def _write_story(suite: Suite) -> dict:
    author = _Author(suite)
    (caller, answerer), later = author.sessions, author.later
    before, early = answerer.keys, author.seal(Side.ANSWERER, "Sealed before the keys changed.")
    assert caller.epoch is not None
    first = answerer.begin_succession(later["answerer 2"]).record
    stranger = make_succession(later["caller 2"], later["answerer 2"], answerer.link, Side.ANSWERER)
    author.add("succession", stranger.record, why="signed by another key than the one before")
    author.add("succession", first[:-1] + bytes([first[-1] ^ 1]), why="the new key's signature changed")
    author.add("succession", first, side=1, keys="answerer 2")
    author.add("succession", first, why="replayed: it follows keys that are not in force any more")
    author.epoch(Side.CALLER, caller.keys, caller.epoch.digest, "does not name the succession before it")
    author.epoch(Side.ANSWERER, before, answerer._names, "signed by the key before")
    author.renew(Side.CALLER)
    author.say(Side.ANSWERER, "Under new keys.")
    author.say(Side.CALLER, "Read.")
    taken = author.seal(Side.ANSWERER, "x")
    forged = taken[:158] + signing.sign(before.signing, "message", taken[:158]) + taken[222:]
    author.add("message", forged, why="signed by the key before, in an epoch after it")
    author.add("message", early, why="sealed before, at a counter that has been taken")
    both = caller.begin_succession(later["caller 2"]), answerer.begin_succession(later["answerer 3"])
    author.add("succession", both[0].record, side=0, keys="caller 2")
    author.add("succession", both[1].record, side=1, keys="answerer 3")
    author.renew(Side.ANSWERER)
    author.say(Side.CALLER, "Both sides have new keys.")
    return {
        "private": {name: keys.to_bytes().hex() for name, keys in later.items()},
        "story": author.story,
        "signals": _write_signals(author.sessions),
    }


def _write_signals(sessions: tuple[Session, Session]) -> list[dict]:
    thread, signals, heard = _opened(), [], (Signals(), Signals())

    def add(record: bytes, to: int, now: int, **more: object) -> None:
        outcome = heard[to].take(record, sessions[to], thread, now)
        said = (
            {"refused": outcome.code.value}
            if isinstance(outcome, Refusal)
            else {"signal": int(outcome), "at": NOW}
        )
        signals.append({"record": record.hex(), "to": to, "now": now} | said | more)

    for number, (side, signal) in enumerate(
        [(0, Signal.HERE), (1, Signal.TYPING), (0, Signal.GONE)], start=0x70
    ):
        record = seal_signal(sessions[side], thread, signal, NOW, lambda n, k=number: bytes([k]) * n)
        assert isinstance(record, bytes)
        add(record, 1 - side, NOW + 3)
    first = bytes.fromhex(signals[0]["record"])
    add(first, 1, NOW + 5, why="replayed")
    add(first, 0, NOW + 5, why="sent back to the side that made it")
    late = seal_signal(sessions[0], thread, Signal.HERE, NOW, lambda n: b"\x7a" * n)
    assert isinstance(late, bytes)
    add(late, 1, NOW + 121, why="older than two minutes")
    add(late[:-1] + bytes([late[-1] ^ 1]), 1, NOW, why="changed")
    add(late[:17] + (2).to_bytes(4, "little") + late[21:], 1, NOW, why="of an epoch before")
    return signals


def _write_receipts() -> list[dict]:
    file = File(bytes(16), "a", "text/plain", 1, bytes(32), bytes(32), 0)
    said: list[tuple[int, Content]] = [
        (0, Text("one", 0)),
        (1, Read(1)),  # before the reveal: counts for nothing
        (1, Offer()), (0, Decline()),
        (1, Offer()), (0, Offer()), (0, Commit(bytes(32))), (1, Commit(bytes(32))),
        (0, Open(b"s", bytes(32))), (1, Read(1)), (1, Open(b"s", bytes(32))),
        (0, Text("two", 0)), (1, Read(12)), (1, Read(3)), (0, Read(99)), (1, file), (0, Read(16)),
    ]  # fmt: skip
    thread, steps = Thread(), []
    for counter, (side, content) in enumerate(said, start=1):
        thread.take(Received(counter, Side(side), side == 0, content, bytes(32)))
        read = {str(int(one)): through for one, through in thread.read.items()}
        steps.append({"side": side, "content": msgspec.json.decode(encode(content)), "read": read})
    return steps


def write() -> None:
    """Make the file anew."""
    about = "docs/conversations.md; values in hexadecimal, contents as JSON; a story follows its setting"
    written = {"about": about, "receipts": _write_receipts()}
    written |= {name: _write_story(suite) for suite, name in SETTINGS.items()}
    FILE.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write()
