"""A push-only device comes with a file and a code, holds what it needs, and can be withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member.device_invitation import invite_device, read_code, take_device
from member.enrol import person_session
from member.keys import (
    device_code_text,
)
from member.push import push
from member.refusals import HomeRefused, InputRefused, NetworkRefused
from privacy.delegation import Delegation, Scope
from tests.member.conftest import PASSWORD, ledger

if TYPE_CHECKING:
    from tests.member.conftest import Firms


def test_a_push_only_device_holds_what_it_needs_and_no_more(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    content, code = invite_device(member, PASSWORD)
    file = firms.place("device")
    file.write_bytes(content)
    assert member.identity.device_seed not in content
    made = take_device(file, code, firms.place(), network=firms.network()[0])
    firms.members.append(made)
    assert made.unattended
    assert made.root is None
    assert (made.role_keys.conversations, made.role_keys.notes) == (None, None)
    assert (
        Delegation.from_bytes(made.identity.delegation).scopes == Scope.EVALUATE | Scope.UPLOAD | Scope.BOOK
    )
    with pytest.raises(HomeRefused):
        _ = made.account_key
    with pytest.raises(HomeRefused):
        invite_device(made, PASSWORD)
    assert push(made, ledger([1, 2])).months
    assert set(member.shelf.sync(member).clients) == set(made.book.clients)


def test_a_device_invitation_opens_with_its_code_alone(firms: Firms) -> None:
    member = firms.firm()
    content, code = invite_device(member, PASSWORD)
    file = firms.place("device")
    file.write_bytes(content)
    with pytest.raises(InputRefused) as refused:
        take_device(file, bytes(17), network=member.network)
    assert refused.value.code == "code-other"
    typed = device_code_text(code)
    assert read_code(typed.lower()) == code
    with pytest.raises(InputRefused):
        read_code(typed[:-1] + ("A" if typed[-1] != "A" else "B"))
    file.write_bytes(b"something else")
    with pytest.raises(InputRefused) as refused:
        take_device(file, code, network=member.network)
    assert refused.value.code == "device-file"


def test_a_withdrawn_device_is_told_so(firms: Firms) -> None:
    member = firms.firm()
    content, code = invite_device(member, PASSWORD)
    file = firms.place("device")
    file.write_bytes(content)
    made = take_device(file, code, network=firms.network()[0])
    firms.members.append(made)
    made.session.me()
    person_session(member, PASSWORD).withdraw_device(made.device_id)
    with pytest.raises(NetworkRefused) as refused:
        push(made, ledger([1]))
    assert refused.value.code == "device-refused"
    assert "administrateur" in refused.value.tell("fr")
