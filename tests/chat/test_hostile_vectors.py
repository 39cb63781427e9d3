"""What a side that does not play by the rules can send: keys that nothing seals to, an epoch sealed wrongly.

It follows `chat.json` and `chat_hybrid.json`. `chat_hostile.json` is made once, by running this module, since
HPKE draws its own randomness; then it is only read, by TypeScript too.
"""

import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat import transcript
from chat.contents import Text
from chat.keys import X25519_AES256, PrivateKeys, Suite
from chat.records import _EPOCH_HEAD, Answer, Call, Epoch, Side, read_answer, read_call, read_opening
from chat.refusals import Code, Refusal
from chat.session import Received, Session
from chat.succession import read_succession
from chat.transcript import Checked, check
from privacy import signing
from tests.chat.test_keys import UNUSABLE
from tests.chat.test_turn_vectors import FOLDER, SETTINGS, _sessions, for_both_suites

FILE = FOLDER / "chat_hostile.json"


def _setting(suite: Suite) -> tuple[dict, Call, Answer]:
    vectors = json.loads((FOLDER / SETTINGS[suite]).read_text())
    call = read_call(bytes.fromhex(vectors["call"]))
    assert isinstance(call, Call)
    answer = read_answer(bytes.fromhex(vectors["answer"]), call)
    assert isinstance(answer, Answer)
    return vectors, call, answer


@for_both_suites
def test_a_record_that_brings_an_unusable_key_is_refused(suite: Suite) -> None:
    written = json.loads(FILE.read_text())[SETTINGS[suite]]
    _, call, answer = _setting(suite)
    link = _sessions(suite)[0].link
    for one in written["keys"]:
        record = bytes.fromhex(one["record"])
        outcome = {
            "answer": lambda record=record: read_answer(record, call),
            "opening": lambda record=record: read_opening(record, call, answer),
            "succession": lambda record=record: read_succession(record, link),
        }[one["what"]]()
        assert isinstance(outcome, Refusal), one
        assert outcome.code is Code.KEY, one
    assert {one["what"] for one in written["keys"]} == {"answer", "opening", "succession"}


@for_both_suites
def test_a_bad_epoch_costs_what_was_said_in_it_alone(suite: Suite) -> None:
    written = json.loads(FILE.read_text())[SETTINGS[suite]]
    sessions = _sessions(suite)
    for step in written["story"]:
        record = bytes.fromhex(step["record"])
        for session in sessions:
            if step["what"] == "epoch":
                assert isinstance(session.adopt(record), Epoch)
                assert (session.shut_out is not None) is (session.side in step["shut_out"])
                continue
            outcome = session.receive(record)
            assert isinstance(outcome, Received)
            if session.side in step["unread"]:
                assert isinstance(outcome.content, Refusal)
                assert outcome.content.code == step["code"]
            else:
                assert outcome.content == Text(step["text"], 0)


@for_both_suites
def test_its_transcript_holds_with_the_key_left_out(suite: Suite) -> None:
    written = json.loads(FILE.read_text())[SETTINGS[suite]]
    found = check(written["transcript"].encode())
    assert isinstance(found, Checked)
    assert list(found.without_key) == written["without_key"]
    contents = [one.content for one in found.said]
    told = [one.code if isinstance(one, Refusal) else one.text for one in contents if one]
    assert told == written["said"]


def _lattices(suite: Suite) -> dict[str, bytes]:
    """Sealing keys that cannot be sealed to."""
    whole = PrivateKeys.from_bytes(bytes(range(64)), suite).public().sealing
    found = {why: whole[:-32] + point for why, point in UNUSABLE.items()}
    if suite != X25519_AES256:
        for at, why in ((0, "first"), (1149, "last")):
            out = (3329).to_bytes(2, "little") if at == 0 else b"\xff\xff\xff"
            found[f"the {why} coefficient out of range"] = whole[:at] + out + whole[at + len(out) :]
    return found


def _write_keys(suite: Suite) -> list[dict]:
    vectors, call, answer = _setting(suite)
    call_key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vectors["private"]["call"]))
    fresh = PrivateKeys.from_bytes(bytes(range(100, 164)), suite)
    session = _sessions(suite)[0]
    link, written = session.link, []
    for why, sealing in _lattices(suite).items():
        public = signing.public_bytes(fresh.signing) + sealing
        head = bytes([suite.number])
        payload = head + call.id + call.digest + public
        records = {"answer": payload + signing.sign(fresh.signing, "answer", payload)}
        payload = head + answer.conversation + answer.digest + public
        records["opening"] = payload + signing.sign(call_key, "conversation", payload)
        before = hashlib.sha256(link.keys(session.side).to_bytes()).digest()
        payload = head + link.conversation + bytes([session.side]) + before + public
        both = ((session.keys.signing, "succession"), (fresh.signing, "succession-taken"))
        records["succession"] = payload + b"".join(signing.sign(key, use, payload) for key, use in both)
        written += [{"what": what, "why": why, "record": one.hex()} for what, one in records.items()]
    return written


def _write_story(suite: Suite) -> dict:
    vectors, _, _ = _setting(suite)
    caller, answerer = sessions = _sessions(suite)
    story: list[dict] = []
    epochs = [bytes.fromhex(one["record"]) for one in vectors["epochs"]]
    messages = [bytes.fromhex(one["record"]) for one in vectors["messages"]]

    def adopt(record: bytes, *shut_out: Side) -> None:
        for session in sessions:
            assert isinstance(session.adopt(record), Epoch)
        epochs.append(record)
        story.append({"what": "epoch", "record": record.hex(), "shut_out": [int(one) for one in shut_out]})

    def say(speaker: Session, text: str, *unread: Side, code: Code = Code.UNREADABLE) -> None:
        record = speaker.seal(Text(text, 0), lambda n: bytes([0x31 + speaker.counter]) * n)
        assert isinstance(record, bytes)
        for session in sessions:
            assert isinstance(session.receive(record), Received)
        messages.append(record)
        more = {"unread": [int(one) for one in unread]} | ({"code": code.value} if unread else {})
        story.append({"what": "message", "record": record.hex(), "text": text} | more)

    def wrong(seal: bytes | None) -> bytes:
        made, other = caller.begin_epoch(), caller.begin_epoch()
        assert isinstance(made, Epoch)
        assert isinstance(other, Epoch)
        place = (suite.number, caller.link.conversation, made.number, Side.CALLER)
        head = _EPOCH_HEAD.pack(*place, made.previous, made.commitment)
        payload = head + made.sealed[0] + (other.sealed[1] if seal is None else seal)
        return payload + signing.sign(caller.keys.signing, "epoch", payload)

    def renew(maker: Session) -> None:
        epoch = maker.begin_epoch()
        assert isinstance(epoch, Epoch)
        adopt(epoch.record)

    adopt(wrong(b"\x5a" * suite.sealed_epoch_bytes), Side.ANSWERER)
    say(caller, "Nobody reads this.", Side.ANSWERER)
    renew(answerer)
    say(answerer, "I could not read you.")
    adopt(wrong(None), Side.ANSWERER)
    say(caller, "Nor this.", Side.ANSWERER, code=Code.COMMITMENT)
    renew(answerer)
    say(caller, "Sorry.")
    brought = transcript.make(
        answerer,
        call=bytes.fromhex(vectors["call"]),
        answer=bytes.fromhex(vectors["answer"]),
        epochs=epochs,
        messages=messages,
        now=1_794_000_200,
    )
    found = check(brought)
    assert isinstance(found, Checked)
    contents = [one.content for one in found.said]
    told = [one.code.value if isinstance(one, Refusal) else one.text for one in contents if one]
    return {
        "story": story,
        "transcript": brought.decode(),
        "without_key": list(found.without_key),
        "said": told,
    }


def write() -> None:
    """Make the file anew."""
    about = "docs/conversations.md; records in hexadecimal; a story follows its setting; 0 caller, 1 answerer"
    written: dict = {"about": about}
    written |= {name: {"keys": _write_keys(suite)} | _write_story(suite) for suite, name in SETTINGS.items()}
    FILE.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write()
