"""The written vectors (`tests/vectors/chat.json`) read back: the same bytes for Python and for TypeScript.

HPKE draws its own randomness, so that the file is made once, by running this module, and then only read.
"""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat import records
from chat.contents import Text
from chat.envelope import OVERHEAD_BYTES, Envelope, message_id, read_envelope
from chat.keys import HYBRID_AES256, X25519_AES256, PrivateKeys, Suite, mark
from chat.records import Call, Epoch, Link, Reason, Side
from chat.session import Received, Session

FOLDER = Path(__file__).resolve().parent.parent / "vectors"
FILES = {X25519_AES256: FOLDER / "chat.json", HYBRID_AES256: FOLDER / "chat_hybrid.json"}
for_both_suites = pytest.mark.parametrize("suite", list(FILES), ids=["x25519", "hybrid"])


def _fixed(start: int) -> bytes:
    return bytes((start + n) % 256 for n in range(64))


def _parties(vectors: dict, suite: Suite) -> tuple[Ed25519PrivateKey, PrivateKeys, PrivateKeys]:
    private = {name: bytes.fromhex(value) for name, value in vectors["private"].items()}
    return (
        Ed25519PrivateKey.from_private_bytes(private["call"]),
        PrivateKeys.from_bytes(private["caller"], suite),
        PrivateKeys.from_bytes(private["answerer"], suite),
    )


def _sessions(vectors: dict) -> tuple[Link, Session, Session]:
    call = records.read_call(bytes.fromhex(vectors["call"]))
    assert isinstance(call, Call)
    answer = records.read_answer(bytes.fromhex(vectors["answer"]), call)
    assert isinstance(answer, records.Answer)
    link = records.read_opening(bytes.fromhex(vectors["opening"]), call, answer)
    assert isinstance(link, Link)
    _, caller, answerer = _parties(vectors, call.suite)
    return link, Session(link, Side.CALLER, caller), Session(link, Side.ANSWERER, answerer)


@for_both_suites
def test_the_setting_up_is_made_again_byte_for_byte(suite: Suite) -> None:
    vectors = json.loads(FILES[suite].read_text())
    call_key, caller, answerer = _parties(vectors, suite)
    call = records.make_call(
        call_key,
        call_id=bytes.fromhex(vectors["call_id"]),
        pseudonym=bytes.fromhex(vectors["pseudonym"]),
        reason=Reason.PARTIAL_PAYMENTS,
        raised_on=vectors["raised_on"],
        suite=suite,
    )
    answer = records.make_answer(answerer, call)
    link = records.make_opening(call_key, caller, call, answer)
    assert call.record.hex() == vectors["call"]
    assert answer.record.hex() == vectors["answer"]
    assert link.opening.hex() == vectors["opening"]
    assert link.conversation.hex() == vectors["conversation"]
    assert link.genesis.hex() == vectors["genesis"]
    assert [mark(link.keys(side).signing) for side in Side] == vectors["marks"]


@for_both_suites
def test_epochs_open_to_the_written_keys_and_messages_to_the_written_texts(
    suite: Suite,
) -> None:
    vectors = json.loads(FILES[suite].read_text())
    link, *sessions = _sessions(vectors)
    for session in sessions:
        for epoch in vectors["epochs"]:
            adopted = session.adopt(bytes.fromhex(epoch["record"]))
            assert isinstance(adopted, Epoch)
            assert session._epoch_keys[adopted.number].hex() == epoch["key"]
        for message in vectors["messages"]:
            record = bytes.fromhex(message["record"])
            assert message_id(record).hex() == message["id"]
            shown = session.receive(record)
            assert isinstance(shown, Received)
            assert shown.content == Text(message["text"], message["sent_at"])
            assert (shown.side, shown.counter) == (message["side"], message["counter"])
    for refused in vectors["refused"]:
        assert read_envelope(bytes.fromhex(refused["record"]), link).code == refused["code"], refused["why"]


@for_both_suites
def test_a_message_is_sealed_again_byte_for_byte_from_its_salt(suite: Suite) -> None:
    vectors = json.loads(FILES[suite].read_text())
    _, *sessions = _sessions(vectors)
    for message in vectors["messages"]:
        for session in sessions:
            if session.epoch is None or session.epoch.number < message["epoch"]:
                session.adopt(bytes.fromhex(vectors["epochs"][message["epoch"] - 1]["record"]))
        salt = bytes.fromhex(message["salt"])
        sealed = sessions[message["side"]].seal(
            Text(message["text"], message["sent_at"]), lambda _n, salt=salt: salt
        )
        assert sealed.hex() == message["record"]
        for session in sessions:
            session.receive(sealed)


def write(suite: Suite) -> None:
    """Make a file anew."""
    vectors: dict = {
        "about": "docs/conversations.md; every value in hexadecimal unless it is a number or a text",
        "private": {"call": _fixed(1)[:32].hex(), "caller": _fixed(64).hex(), "answerer": _fixed(128).hex()},
        "call_id": _fixed(200)[:16].hex(),
        "pseudonym": _fixed(7)[:32].hex(),
        "raised_on": 20_775,
    }
    call_key, caller, answerer = _parties(vectors, suite)
    call = records.make_call(
        call_key,
        call_id=bytes.fromhex(vectors["call_id"]),
        pseudonym=bytes.fromhex(vectors["pseudonym"]),
        reason=Reason.PARTIAL_PAYMENTS,
        raised_on=vectors["raised_on"],
        suite=suite,
    )
    answer = records.make_answer(answerer, call)
    link = records.make_opening(call_key, caller, call, answer)
    vectors |= {
        "call": call.record.hex(),
        "answer": answer.record.hex(),
        "opening": link.opening.hex(),
        "conversation": link.conversation.hex(),
        "genesis": link.genesis.hex(),
        "marks": [mark(link.keys(side).signing) for side in Side],
        "epochs": [],
        "messages": [],
        "refused": [],
    }
    sessions = (Session(link, Side.CALLER, caller), Session(link, Side.ANSWERER, answerer))
    texts = [
        (0, 1, "Bonjour, il nous paie à 40 jours."),
        (1, 1, "Same here since March."),
        (1, 2, "é" * 600),
        (0, 2, ""),
    ]
    for number, (side, epoch_number, text) in enumerate(texts, start=1):
        if len(vectors["epochs"]) < epoch_number:
            epoch = sessions[side].begin_epoch(lambda n, e=epoch_number: bytes([e]) * n)
            assert isinstance(epoch, Epoch)
            vectors["epochs"].append(
                {"record": epoch.record.hex(), "key": (bytes([epoch_number]) * 32).hex()}
            )
            for session in sessions:
                session.adopt(epoch.record)
        salt = bytes([number]) * 32
        record = sessions[side].seal(Text(text, 1_794_000_000 + number), lambda _n, salt=salt: salt)
        assert isinstance(record, bytes)
        for session in sessions:
            session.receive(record)
        entry = {
            "side": side,
            "epoch": epoch_number,
            "counter": number,
            "text": text,
            "sent_at": 1_794_000_000 + number,
        }
        vectors["messages"].append(
            entry | {"salt": salt.hex(), "id": message_id(record).hex(), "record": record.hex()}
        )
    first, second = (bytes.fromhex(vectors["messages"][n]["record"]) for n in (0, 1))
    for why, record in {
        "counter changed": first[:22] + b"\2" + first[23:],
        "previous hash changed": first[:62] + bytes(32) + first[94:],
        "body of another message": first[:OVERHEAD_BYTES] + second[OVERHEAD_BYTES:],
        "signature of another message": first[:158] + second[158:222] + first[222:],
        "another conversation": first[:1] + bytes(16) + first[17:],
        "unknown suite": b"\3" + first[1:],
        "cut short": first[:-1],
    }.items():
        refusal = read_envelope(record, link)
        assert not isinstance(refusal, Envelope)
        vectors["refused"].append({"why": why, "code": refusal.code, "record": record.hex()})
    FILES[suite].write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    for each in FILES:
        write(each)
