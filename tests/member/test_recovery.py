"""The recovery kit opens what it was made for, and nothing else does."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import httpx
import pytest

from member.enrol import enrol
from member.keys import (
    account_key_text,
    open_bundle,
    recovery_key,
    recovery_kit_text,
    recovery_name,
)
from member.keystore import Member
from member.push import push
from member.recovery import read_kit, recover
from member.refusals import HomeRefused, InputRefused
from tests.member.conftest import PASSWORD, ledger

if TYPE_CHECKING:
    from tests.member.conftest import Firms


def test_the_kit_opens_a_home_whose_passphrase_is_forgotten(firms: Firms) -> None:
    network, _ = firms.network()
    place = firms.place()
    invitation = firms.server.admit("Firm (fictional)", 10)
    email = firms.email()
    member = enrol(network, invitation, email, PASSWORD, place, passphrase="forgotten soon")
    firms.members.append(member)
    push(member, ledger([1]))
    typed = recovery_kit_text(member.recovery_kit)
    with pytest.raises(InputRefused) as refused:
        recover(place, bytes(32), "new")
    assert refused.value.code == "kit-other"
    recover(place, read_kit(typed), "new")
    with pytest.raises(HomeRefused):
        Member.load(place, "forgotten soon", network=network)
    loaded = Member.load(place, "new", network=network)
    assert loaded.identity == member.identity
    assert push(loaded, ledger([1])).months == []


def test_what_the_network_keeps_for_the_kit_opens_with_it(firms: Firms) -> None:
    network, transport = firms.network()
    sent: list[dict] = []

    def look(request: httpx.Request) -> None:
        if request.url.path == "/api/enrolments":
            sent.append(json.loads(request.read()))

    transport.before = look
    email = firms.email()
    member = enrol(network, firms.server.admit("Firm (fictional)", 10), email, PASSWORD)
    firms.members.append(member)
    blob = base64.b64decode(sent[0]["recovery_blob"])
    bundle = open_bundle(recovery_key(member.recovery_kit), blob, recovery_name(str(member.firm_id)))
    assert bundle.root_seed == member.identity.root_seed
    assert bundle.role_keys == member.role_keys
    text = json.dumps(sent)
    for secret in (member.account_key, member.identity.root_seed, member.identity.device_seed):
        assert base64.b64encode(secret).decode() not in text
    assert account_key_text(member.account_key) not in text
    assert PASSWORD not in text
