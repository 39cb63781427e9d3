"""What a reveal proved outlives its messages: `tests/vectors/chat_reveal.json`, for Python and TypeScript.

Ids of messages are made up (the counter, 32 times), so that what is erased and what is said can be written
down. Running this module makes the file anew.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.contents import Commit, Content, Decline, Offer, Open, Read, Text, encode
from chat.pin import Pin, read_pin
from chat.records import Side
from chat.refusals import Code, Refusal
from chat.reveal import Revealed, commit_to, make_statement, root_payload
from chat.session import Received
from chat.thread import Thread
from privacy import signing
from privacy.delegation import Delegation, Scope
from tests.chat.test_vectors import FILES, FOLDER, X25519_AES256, _sessions

if TYPE_CHECKING:
    from chat.records import Link

FILE = FOLDER / "chat_reveal.json"
CALLER, ANSWERER = Side.CALLER, Side.ANSWERER
OPENED_AT = 1_800_000_000
POINT = (2, b"\2" * 32)
CONTENTS = msgspec.json.Decoder(Content)
OFFERS = [(CALLER, Offer()), (ANSWERER, Offer())]


def _link() -> Link:
    return _sessions(json.loads(FILES[X25519_AES256].read_text()))[0]


def _firm(side: Side) -> tuple[bytes, bytes, bytes]:
    """Its statement, its nonce, its root key; the device may reveal until a second after OPENED_AT."""
    root, device, holder = (
        Ed25519PrivateKey.from_private_bytes(bytes([10 * side + n]) * 32) for n in (1, 2, 9)
    )
    firm, public = bytes([side + 1]) * 16, signing.public_bytes(root)
    statement = make_statement(
        device,
        Delegation.issue(root, firm, signing.public_bytes(device), Scope.REVEAL, 0, OPENED_AT + 1),
        root=public,
        name=f"Maison {side + 1} (fictif)",
        vouchings=[(signing.public_bytes(holder), signing.sign(holder, "root", root_payload(firm, public)))],
        link=_link(),
        side=side,
        point=POINT,
    )
    return statement, bytes([side + 1]) * 32, public


def _whole() -> list[tuple[Side, Content | None]]:
    shown = {side: _firm(side)[:2] for side in Side}
    return [
        *OFFERS,
        *((side, Commit(commit_to(*shown[side]))) for side in Side),
        *((side, Open(*shown[side])) for side in Side),
    ]


def _pin() -> Pin:
    """The answerer's firm as the caller keeps it."""
    statement, nonce, _ = _firm(ANSWERER)
    return Pin(POINT, (6, b"\6" * 32), statement, nonce, OPENED_AT, _firm(CALLER)[2])


def _fold(said: list[tuple[Side, Content | None]], pin: Pin | None, late: bool = False) -> Thread:
    thread = Thread()
    if pin is not None and not late:
        thread.hold(pin)
    for counter, (side, content) in enumerate(said, start=1):
        thread.take(Received(counter, side, side is CALLER, content, bytes([counter]) * 32, OPENED_AT))
    if pin is not None and late:
        thread.hold(pin)
    return thread


def _outcome(thread: Thread) -> dict[str, Any]:
    return {
        "stage": thread.reveal.stage.value,
        "may_decline": [thread.reveal.may_decline(side) for side in Side],
        "read": {str(int(side)): through for side, through in thread.read.items()},
        "refused": thread.refused.code.value if thread.refused else None,
    }


def _cases() -> dict[str, tuple[list[tuple[Side, Content | None]], Pin | None]]:
    whole, pin = _whole(), _pin()
    erased: list[tuple[Side, Content | None]] = [(side, None) for side, _ in whole]
    read = (ANSWERER, Read(6))
    other = (ANSWERER, Open(_firm(ANSWERER)[0], bytes(32)))
    return {
        "nothing said": ([], None),
        "one offer, twice": ([OFFERS[0], OFFERS[0]], None),
        "both offer": (OFFERS, None),
        "declined after one committed": ([*whole[:3], (ANSWERER, Decline())], None),
        "both have committed": (whole[:4], None),
        "declined before anybody opened": ([*whole[:4], (ANSWERER, Decline())], None),
        "the caller has opened": (whole[:5], None),
        "declined by who has seen a name": ([*whole[:5], (ANSWERER, Decline())], None),
        "declined by who waits for a name": ([*whole[:5], (CALLER, Decline())], None),
        "opened by both": (whole, None),
        "declined when it is over": ([*whole, (CALLER, Decline())], None),
        "a receipt": ([*whole, read], None),
        "all of it erased, nothing pinned": ([*erased, read], None),
        "all of it erased, pinned": ([*erased, read], pin),
        "one opening erased, pinned": ([*whole[:5], erased[5], read], pin),
        "one commitment erased, pinned": ([*whole[:2], erased[2], *whole[3:]], pin),
        "nothing erased, pinned": (whole, pin),
        "pinned, and a new offer": ([*erased, OFFERS[0], OFFERS[1]], pin),
        "not read as far as the pin": (whole[:5], pin),
        "another opening than the pinned one": ([*whole[:5], other], pin),
        "never offered, and yet pinned": ([(CALLER, Text("a", 0))] * 6, pin),
        "another message in the pinned place": (erased, msgspec.structs.replace(pin, opened=(6, bytes(32)))),
    }


def _written() -> dict[str, Any]:
    vectors: dict[str, Any] = json.loads(FILE.read_text())
    return vectors


@pytest.mark.parametrize("name", list(_cases()))
def test_messages_come_first_and_a_pin_fills_in_what_they_no_longer_say(name: str) -> None:
    case = next(one for one in _written()["folds"] if one["why"] == name)
    said = [
        (Side(side), None if text is None else CONTENTS.decode(json.dumps(text)))
        for side, text in case["said"]
    ]
    pin = None if case["pin"] is None else msgspec.json.decode(json.dumps(case["pin"]), type=Pin)
    assert (said, pin) == _cases()[name]
    assert _outcome(_fold(said, pin)) == case["outcome"]
    if case["outcome"]["read"] == {} and pin is not None and pin.opened[1] != bytes(32):
        assert _outcome(_fold(said, pin, late=True)) == case["outcome"], "a pin that another device wrote"


@pytest.mark.parametrize("case", _written()["pins"] if FILE.exists() else [], ids=lambda case: case["why"])
def test_a_pin_is_verified_at_the_time_of_the_opening_and_proves_one_firm_alone(case: dict[str, Any]) -> None:
    pin = msgspec.json.decode(json.dumps(case["pin"]), type=Pin)
    holders = [base64.b64decode(key) for key in case["holders"]]
    found = read_pin(pin, _link(), ANSWERER, holders)
    if isinstance(found, Refusal):
        assert (found.code, case["name"]) == (Code.PINNED, None)
    else:
        assert (found.name, len(found.vouched_by)) == (case["name"], case["vouched"])


def test_a_pin_says_what_the_opening_said() -> None:
    found = read_pin(_pin(), _link(), ANSWERER, ())
    assert isinstance(found, Revealed)
    assert (found.firm, found.root) == (b"\2" * 16, _firm(ANSWERER)[2])


def write() -> None:
    """Make the file anew."""
    pin = _pin()
    replace = msgspec.structs.replace
    holder = signing.public_bytes(Ed25519PrivateKey.from_private_bytes(bytes([19]) * 32))
    pins = {
        "as it was": (pin, [holder]),
        "the holder is pinned no more": (pin, []),
        "received after the delegation's end": (replace(pin, received_at=OPENED_AT + 1), []),
        "another point": (replace(pin, point=(1, b"\1" * 32)), []),
        "the own side's statement": (replace(pin, statement=_firm(CALLER)[0]), []),
        "a statement cut short": (replace(pin, statement=pin.statement[:-1]), []),
    }
    plain = msgspec.to_builtins
    vectors: dict[str, Any] = {
        "about": "docs/conversations.md, The reveal; the conversation is that of chat.json, bytes in base64,"
        " ids of messages: the counter, 32 times",
        "received_at": OPENED_AT,
        "folds": [
            {
                "why": why,
                "said": [[side, None if what is None else json.loads(encode(what))] for side, what in said],
                "pin": plain(kept) if kept else None,
                "outcome": _outcome(_fold(said, kept)),
            }
            for why, (said, kept) in _cases().items()
        ],
        "pins": [],
    }
    for why, (kept, holders) in pins.items():
        found = read_pin(kept, _link(), ANSWERER, holders)
        entry = {
            "why": why,
            "pin": plain(kept),
            "holders": [base64.b64encode(key).decode() for key in holders],
        }
        vectors["pins"].append(
            entry
            | {
                "name": found.name if isinstance(found, Revealed) else None,
                "vouched": len(found.vouched_by) if isinstance(found, Revealed) else 0,
            }
        )
    FILE.write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write()
