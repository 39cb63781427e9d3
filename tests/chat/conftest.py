"""One call, answered and opened, with a session for each side."""

import os
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat import relay
from chat.keys import X25519_AES256, PrivateKeys
from chat.records import Answer, Call, Epoch, Link, Reason, Side, make_answer, make_call, make_opening
from chat.session import Session


@dataclass(frozen=True)
class Pair:
    call_key: Ed25519PrivateKey
    call: Call
    answer: Answer
    link: Link
    keys: tuple[PrivateKeys, PrivateKeys]
    epoch: Epoch

    def session(self, side: Side, *, epoch: bool = True) -> Session:
        session = Session(self.link, side, self.keys[side])
        if epoch:
            assert isinstance(session.adopt(self.epoch.record), Epoch)
        return session

    def head(self) -> relay.Head:
        head = relay.extend(relay.start(self.link), self.epoch)
        assert isinstance(head, relay.Head)
        return head


def make_pair() -> Pair:
    call_key = Ed25519PrivateKey.generate()
    call = make_call(
        call_key,
        call_id=os.urandom(16),
        pseudonym=os.urandom(32),
        reason=Reason.LATE,
        raised_on=20_000,
        suite=X25519_AES256,
    )
    caller, answerer = PrivateKeys.fresh(), PrivateKeys.fresh()
    answer = make_answer(answerer, call)
    link = make_opening(call_key, caller, call, answer)
    epoch = Session(link, Side.CALLER, caller).begin_epoch()
    assert isinstance(epoch, Epoch)
    return Pair(call_key, call, answer, link, (caller, answerer), epoch)


@pytest.fixture(scope="session")
def pair() -> Pair:
    """Immutable; every test makes its own sessions from it."""
    return make_pair()
