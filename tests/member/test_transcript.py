"""`vigie transcript` says what a transcript proves, and names what does not hold."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from chat import transcript
from chat.bundle import Turn
from chat.contents import Text
from chat.keys import PrivateKeys, mark
from chat.records import Side
from chat.refusals import Refusal
from chat.session import Received
from member.cli import app
from tests.chat.conftest import make_pair
from tests.chat.test_bad_epoch import Scene

if TYPE_CHECKING:
    from pathlib import Path


def made() -> bytes:
    """Three messages, the last under new keys of the answering side."""
    pair = make_pair()
    fresh = PrivateKeys.fresh()
    caller = pair.session(Side.CALLER)
    answerer = pair.session(Side.ANSWERER)
    answerer.later = (fresh,)
    messages = []

    def say(speaker: Any, text: str) -> None:
        record = speaker.seal(Text(text, 0))
        messages.append(record)
        for one in (caller, answerer):
            assert isinstance(one.receive(record), Received)

    say(caller, "Il paie à 40 jours.")
    say(answerer, "\x1b[2JHere too.")
    turn = answerer.begin_succession(fresh)
    for one in (caller, answerer):
        assert not isinstance(one.turn(turn.record), Refusal)
    epoch = caller.begin_epoch()
    assert not isinstance(epoch, Refusal)
    for one in (caller, answerer):
        assert not isinstance(one.adopt(epoch.record), Refusal)
    say(answerer, "Under new keys.")
    return transcript.make(
        answerer,
        call=pair.call.record,
        answer=pair.answer.record,
        epochs=[pair.epoch.record, epoch.record],
        messages=messages,
        now=1,
        successions=[Turn(turn.record, 1)],
    )


def run(path: Path, *more: str) -> Any:
    return CliRunner().invoke(app, ["transcript", str(path), *more], env={"VIGIE_LANG": "en"})


def test_a_transcript_that_holds_is_shown_without_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "transcript.json"
    path.write_bytes(made())
    shown = run(path)
    assert shown.exit_code == 0, shown.output
    assert "Holds: 3 messages" in shown.stdout
    assert "Il paie à 40 jours." in shown.stdout
    assert "\x1b" not in shown.stdout
    said = json.loads(run(path, "--json").stdout)["said"]
    assert [one["brought_it"] for one in said] == [False, True, True]


def test_it_says_of_which_conversation_it_is_and_between_whom(tmp_path: Path) -> None:
    path = tmp_path / "transcript.json"
    text = made()
    path.write_bytes(text)
    checked = transcript.check(text)
    assert not isinstance(checked, Refusal)
    identity, names = (
        str(UUID(bytes=checked.link.conversation)),
        [mark(checked.link.keys(side).signing) for side in Side],
    )
    shown = run(path).stdout
    assert all(one in " ".join(shown.split()) for one in (identity, *names))
    found = json.loads(run(path, "--json").stdout)
    assert (found["conversation"], list(found["sides"].values())) == (identity, names)
    assert run(path, "--conversation", identity).exit_code == 0
    other = run(path, "--conversation", str(UUID(int=1)))
    assert other.exit_code == 6
    assert "another conversation" in other.output


CHANGES = {
    "a message left out": lambda bundle: bundle["messages"].pop(1),
    "two exchanged": lambda bundle: bundle["messages"].reverse(),
    "a byte of a body": lambda bundle: bundle["messages"].__setitem__(
        0, bundle["messages"][0][:-8] + "AAAAAAA="
    ),
    "another key for an epoch": lambda bundle: bundle["epochs"][0].__setitem__(
        "key", base64.b64encode(bytes(32)).decode()
    ),
    "the new keys left out": lambda bundle: bundle["successions"].clear(),
    "brought by the other side": lambda bundle: bundle.__setitem__("side", 0),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_after_it_was_signed_is_refused(tmp_path: Path, what: str) -> None:
    outer = json.loads(made())
    CHANGES[what](outer["bundle"])
    path = tmp_path / "transcript.json"
    path.write_text(json.dumps(outer, separators=(",", ":")))
    refused = run(path)
    assert refused.exit_code == 6, what
    assert "does not hold" in refused.output


@pytest.mark.parametrize("what", ["a message left out", "two exchanged", "another key for an epoch"])
def test_a_side_that_signs_what_it_changed_itself_is_found_too(what: str) -> None:
    pair = make_pair()
    one = pair.session(Side.CALLER)
    messages = []
    for number in range(3):
        record = one.seal(Text(f"message {number}", 0))
        assert isinstance(record, bytes)
        messages.append(record)
        one.receive(record)
    if what == "another key for an epoch":
        one._epoch_keys[1] = bytes(32)
    elif what == "a message left out":
        messages.pop(1)
    else:
        messages.reverse()
    brought = transcript.make(
        one,
        call=pair.call.record,
        answer=pair.answer.record,
        epochs=[pair.epoch.record],
        messages=messages,
        now=1,
    )
    found = transcript.check(brought)
    assert isinstance(found, Refusal)
    assert found.code in {"chat-gap", "chat-commitment"}


def test_a_file_that_is_none_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "none.json"
    assert run(path).exit_code == 3
    path.write_text("{}")
    assert run(path).exit_code == 6


def test_epochs_that_came_without_their_key_are_told(tmp_path: Path) -> None:
    pair = make_pair()
    scene = Scene(pair)
    assert isinstance(scene.answerer.receive(scene.messages[1]), Received)
    path = tmp_path / "transcript.json"
    path.write_bytes(
        transcript.make(
            scene.answerer,
            call=pair.call.record,
            answer=pair.answer.record,
            epochs=[pair.epoch.record, scene.bad],
            messages=scene.messages,
            now=1,
        )
    )
    shown = run(path)
    assert shown.exit_code == 0, shown.output
    assert "Brought without the keys of 1 epochs" in shown.stdout
    assert json.loads(run(path, "--json").stdout)["epochs_without_key"] == [2]
