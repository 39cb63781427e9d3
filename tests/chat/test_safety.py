"""The number that two people compare: the same on both sides, another as soon as anything differs."""

import json
from dataclasses import replace
from pathlib import Path

from chat import records
from chat.records import Link, Side
from chat.safety import safety_number

FOLDER = Path(__file__).resolve().parent.parent / "vectors"
ROOTS = (bytes([1]) * 32, bytes([2]) * 32)


def link_of(name: str) -> Link:
    vectors = json.loads((FOLDER / name).read_text())
    call = records.read_call(bytes.fromhex(vectors["call"]))
    assert isinstance(call, records.Call)
    answer = records.read_answer(bytes.fromhex(vectors["answer"]), call)
    assert isinstance(answer, records.Answer)
    link = records.read_opening(bytes.fromhex(vectors["opening"]), call, answer)
    assert isinstance(link, Link)
    return link


def test_both_sides_read_the_written_number() -> None:
    for name, written in json.loads((FOLDER / "safety.json").read_text())["numbers"].items():
        link = link_of(name)
        assert safety_number(link, Side.CALLER, *ROOTS) == written
        assert safety_number(link, Side.ANSWERER, *reversed(ROOTS)) == written


def test_another_root_or_another_conversation_is_another_number() -> None:
    link = link_of("chat.json")
    number = safety_number(link, Side.CALLER, *ROOTS)
    assert safety_number(link, Side.ANSWERER, *ROOTS) != number
    assert safety_number(link, Side.CALLER, ROOTS[0], bytes([3]) * 32) != number
    assert safety_number(replace(link, genesis=bytes(32)), Side.CALLER, *ROOTS) != number
