"""After the reveal each side knows by the other's root key who it is; somebody in between is found."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.records import Side
from chat.refusals import Code, Refusal
from chat.reveal import Revealed, commit_to, make_statement, read_statement, root_payload
from privacy import signing
from privacy.delegation import Delegation, Scope
from tests.chat.conftest import Pair, make_pair

NOW = 1_800_000_000
POINT = (7, b"p" * 32)


@dataclass
class Firm:
    """A firm with a device that may reveal, known to two of three holders."""

    id: bytes
    root: Ed25519PrivateKey
    device: Ed25519PrivateKey
    delegation: Delegation
    vouchings: list[tuple[bytes, bytes]]

    def statement(self, pair: Pair, side: Side, point: tuple[int, bytes] = POINT) -> bytes:
        return make_statement(
            self.device,
            self.delegation,
            root=signing.public_bytes(self.root),
            name="Ateliers Exemple (fictif)",
            vouchings=self.vouchings,
            link=pair.link,
            side=side,
            point=point,
        )


HOLDERS = [Ed25519PrivateKey.generate() for _ in range(3)]
PINNED = [signing.public_bytes(key) for key in HOLDERS]


def firm(scope: int = Scope.REVEAL, expires: int = NOW + 1) -> Firm:
    root, device, identity = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate(), os.urandom(16)
    payload = root_payload(identity, signing.public_bytes(root))
    return Firm(
        identity,
        root,
        device,
        Delegation.issue(root, identity, signing.public_bytes(device), scope, 0, expires),
        [(signing.public_bytes(key), signing.sign(key, "root", payload)) for key in HOLDERS[:2]],
    )


def read(statement: bytes, pair: Pair, side: Side = Side.CALLER, **changed) -> Revealed | Refusal:
    nonce = bytes(32)
    given = {
        "nonce": nonce,
        "commitment": commit_to(statement, nonce),
        "link": pair.link,
        "side": side,
        "point": POINT,
        "holders": PINNED,
        "at_unix": NOW,
    } | changed
    return read_statement(statement, **given)


def code(outcome: Revealed | Refusal) -> Code:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def test_a_firm_is_known_by_its_root_key_and_by_the_holders_that_vouch_for_it(pair: Pair) -> None:
    one = firm()
    found = read(one.statement(pair, Side.CALLER), pair)
    assert found == Revealed(
        one.id, "Ateliers Exemple (fictif)", signing.public_bytes(one.root), tuple(PINNED[:2])
    )


def test_a_server_with_its_own_keys_in_the_middle_is_found(pair: Pair) -> None:
    """It holds one conversation with each side, and hands on what each says."""
    one, between = firm(), make_pair()
    assert code(read(one.statement(between, Side.CALLER), pair)) is Code.REVEAL


def test_a_statement_of_another_moment_of_the_conversation_does_not_serve(pair: Pair) -> None:
    statement = firm().statement(pair, Side.CALLER, (5, b"q" * 32))
    assert code(read(statement, pair)) is Code.REVEAL


def test_what_is_opened_is_what_was_committed_to(pair: Pair) -> None:
    statement = firm().statement(pair, Side.CALLER)
    assert code(read(statement, pair, nonce=b"1" * 32)) is Code.COMMITMENT
    assert code(read(statement, pair, commitment=bytes(32))) is Code.COMMITMENT


def test_the_other_sides_statement_cannot_be_sent_back(pair: Pair) -> None:
    statement = firm().statement(pair, Side.ANSWERER)
    assert code(read(statement, pair, Side.CALLER)) is Code.SIDE


@pytest.mark.parametrize("one", [firm(scope=Scope.UPLOAD), firm(expires=NOW)], ids=["scope", "expired"])
def test_a_device_that_may_not_reveal_does_not(one: Firm, pair: Pair) -> None:
    assert code(read(one.statement(pair, Side.CALLER), pair)) is Code.SIGNATURE


def test_only_pinned_holders_vouch_and_only_with_a_signature_of_theirs(pair: Pair) -> None:
    one, stranger = firm(), Ed25519PrivateKey.generate()
    payload = root_payload(one.id, signing.public_bytes(one.root))
    one.vouchings = [
        (signing.public_bytes(stranger), signing.sign(stranger, "root", payload)),
        (PINNED[0], one.vouchings[1][1]),
        one.vouchings[1],
    ]
    found = read(one.statement(pair, Side.CALLER), pair)
    assert isinstance(found, Revealed)
    assert found.vouched_by == (PINNED[1],)


def test_no_bit_of_a_statement_can_be_changed_nor_a_byte_left_out(pair: Pair) -> None:
    statement = firm().statement(pair, Side.CALLER)
    for at in range(len(statement)):
        changed = statement[:at] + bytes([statement[at] ^ 1]) + statement[at + 1 :]
        found = read(changed, pair)
        assert isinstance(found, Refusal), at
        assert isinstance(read(statement[:at], pair), Refusal), at


def test_a_root_key_of_somebody_else_under_a_known_name_says_so_by_its_lack_of_vouchers(pair: Pair) -> None:
    one = replace(firm(), vouchings=[])
    found = read(one.statement(pair, Side.CALLER), pair)
    assert isinstance(found, Revealed)
    assert found.vouched_by == ()
