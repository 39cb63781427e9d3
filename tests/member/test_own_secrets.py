"""Another password wraps the same keys again; a second device gets the account key over one compared code."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from member.enrol import Person, log_in_person, person_session
from member.own_secrets import change_password
from member.pairing import FirstDevice, SecondDevice, commitment_to
from member.refusals import InputRefused, NetworkRefused, Untrusted
from tests.member.conftest import PASSWORD, rewriting

if TYPE_CHECKING:
    from tests.member.conftest import Firms


def test_a_new_password_opens_what_the_old_one_did_and_the_old_one_nothing(firms: Firms) -> None:
    member = firms.firm()
    network, transport = firms.network()
    email = member.identity.email or ""
    before = log_in_person(network, Person(email, PASSWORD), member.account_key)
    old_wrap = before[0].wrapped_bundle
    change_password(network, Person(email, PASSWORD), member.account_key, "another fictional one")
    with pytest.raises(NetworkRefused) as refused:
        log_in_person(network, Person(email, PASSWORD), member.account_key)
    assert refused.value.code == "credentials"
    _, bundle = log_in_person(network, Person(email, "another fictional one"), member.account_key)
    assert bundle == before[1]
    import base64

    old = base64.b64encode(old_wrap).decode()
    transport.change = rewriting(
        "POST /api/sessions/password", lambda answer: answer.__setitem__("wrapped_bundle", old)
    )
    with pytest.raises(InputRefused) as caught:  # the wrap of before, played again
        log_in_person(network, Person(email, "another fictional one"), member.account_key)
    assert caught.value.code == "bundle"
    with pytest.raises(InputRefused):
        change_password(network, Person(email, "x"), member.account_key, "short")
    network.close()


def pair(firms: Firms) -> tuple[FirstDevice, SecondDevice, bytes]:
    member = firms.firm()
    network, _ = firms.network()
    email = member.identity.email or ""
    first = FirstDevice(person_session(member, PASSWORD), email, member.account_key)
    return first, SecondDevice(network, email), member.account_key


def test_both_devices_show_one_code_and_only_then_the_account_key_passes(firms: Firms) -> None:
    first, device, account_key = pair(firms)
    assert not first.answer()
    device.begin()
    assert device.code() is None
    assert first.answer()
    shown = device.code()
    assert shown == first.code()
    assert device.account_key() is None
    with pytest.raises(InputRefused):
        first.hand_over("000000" if shown != "000000" else "000001")
    assert shown is not None
    first.hand_over(shown)
    assert device.account_key() == account_key
    device.network.close()


def test_a_server_in_the_middle_shows_another_code_or_is_refused(firms: Firms) -> None:
    first, device, _ = pair(firms)
    device.begin()
    transport = device.network._client._transport
    offered = __import__("base64").b64encode(secrets.token_bytes(32)).decode()
    assert first.answer()
    transport.change = rewriting(
        f"GET /api/pairings/{device.id}", lambda state: state.__setitem__("offered", offered)
    )
    assert device.code() != first.code()
    other = FirstDevice(first.session, first.email, bytes(16))
    other.id, other._commitment = device.id, commitment_to(bytes(48))
    with pytest.raises(Untrusted):  # a key that was not committed to
        other.code()
    device.network.close()


def test_an_email_without_an_account_gets_the_same_answers(firms: Firms) -> None:
    network, _ = firms.network()
    device = SecondDevice(network, firms.email())
    device.begin()
    assert device.id is not None
    assert device.code() is None
    network.close()
