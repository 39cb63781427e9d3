"""Colleagues get the keys of their role, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member.enrol import Person, log_in
from member.people import add_user
from member.push import push
from member.refusals import HomeRefused, InputRefused
from tests.member.conftest import PASSWORD, ledger

if TYPE_CHECKING:
    from tests.member.conftest import Firms


@pytest.mark.parametrize(("role", "pushes"), [("credit_manager", True), ("sales", False)])
def test_a_colleague_gets_the_keys_of_her_role(firms: Firms, role: str, pushes: bool) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    added = add_user(member, PASSWORD, firms.email(), role)
    assert added.password not in repr(added)
    network, _ = firms.network()
    person = Person(added.email, added.password)
    if not pushes:
        with pytest.raises(HomeRefused) as refused:
            log_in(network, person, added.account_key)
        network.close()
        assert refused.value.code == "no-device"
        return
    hers = log_in(network, person, added.account_key)
    firms.members.append(hers)
    assert hers.root is None
    assert hers.role_keys == member.role_keys
    assert push(hers, ledger([1, 2])).months
    assert set(hers.shelf.sync(hers).clients) == set(member.shelf.sync(member).clients)


def test_a_role_that_does_not_exist_is_refused(firms: Firms) -> None:
    with pytest.raises(InputRefused, match="credit_manager"):
        add_user(firms.firm(), PASSWORD, firms.email(), "king")
