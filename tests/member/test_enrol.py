"""How devices come to a firm: by invitation, log-in, device invitation; and what none of them keeps."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import httpx
import pytest

from member.enrol import Person, enrol, firm_of, log_in
from member.home import FILE, Home
from member.keys import recovery_kit_text
from member.keystore import Member
from member.push import push
from member.refusals import HomeRefused, InputRefused, NetworkRefused
from privacy.delegation import Delegation, Scope
from tests.member.conftest import PASSWORD, ledger

if TYPE_CHECKING:
    from tests.member.conftest import Firms


def _content(home: Home) -> bytes:
    return base64.b64decode(json.loads((home.path / FILE).read_bytes())["content"])


def test_an_invitation_makes_a_firm_with_an_administrator_and_a_device(firms: Firms) -> None:
    member = firms.firm("Verrerie (fictional)")
    me = member.session.me()
    assert (me.firm_name, me.role, me.device_id) == ("Verrerie (fictional)", "agent", member.device_id)
    delegation = Delegation.from_bytes(member.identity.delegation)
    assert delegation.scopes == Scope.EVALUATE | Scope.UPLOAD | Scope.REVEAL | Scope.BOOK
    assert member.root is not None
    assert not member.pins.real
    loaded, _ = firms.again(member)
    assert loaded.identity == member.identity


def test_the_kit_is_shown_and_never_kept(firms: Firms) -> None:
    member = firms.firm()
    assert member.recovery_kit is not None
    kit = member.recovery_kit
    assert "recovery_kit" not in json.loads(_content(member.home))
    assert firms.again(member)[0].recovery_kit is None
    for path in member.home.path.rglob("*"):
        assert not path.is_file() or kit not in path.read_bytes()
    assert recovery_kit_text(kit) not in repr(member)


def test_an_unattended_enrolment_keeps_neither_the_root_nor_the_account_key(firms: Firms) -> None:
    network, _ = firms.network()
    invitation = firms.server.admit("Firm (fictional)", 10)
    place = firms.place()
    member = enrol(network, invitation, firms.email(), PASSWORD, place, unattended=True)
    firms.members.append(member)
    assert member.root is not None
    assert member.account_key
    kept = json.loads(_content(Home(place)))
    assert not {"root_seed", "account_key", "recovery_kit"} & set(kept)
    assert kept["unattended"]
    assert push(firms.again(member)[0], ledger([1])).months


@pytest.mark.parametrize("text", ["", "nonsense", "00010203-0405-4607-8809-0a0b0c0d0e0f", "a.b"])
def test_what_is_no_invitation_is_refused_before_anything_is_made(text: str) -> None:
    with pytest.raises(InputRefused):
        firm_of(text)


def test_an_invitation_serves_once(firms: Firms) -> None:
    network, _ = firms.network()
    invitation = firms.server.admit("Firm (fictional)", 10)
    enrol(network, invitation, firms.email(), PASSWORD)
    with pytest.raises(NetworkRefused) as refused:
        enrol(network, invitation, firms.email(), PASSWORD)
    network.close()
    assert refused.value.code == "invitation"


def test_a_home_belongs_to_one_firm(firms: Firms) -> None:
    member = firms.firm()
    network, _ = firms.network()
    with pytest.raises(HomeRefused) as refused:
        enrol(network, firms.server.admit("Other (fictional)", 10), firms.email(), PASSWORD, member.home.path)
    network.close()
    assert refused.value.code == "home-taken"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_enrolment_that_was_cut_is_finished_by_the_same_command(firms: Firms, moment: str) -> None:
    """Before: the request never arrived. After: the network has enrolled the firm and the answer is lost."""
    network, transport = firms.network()
    invitation = firms.server.admit("Firm (fictional)", 10)
    place, email = firms.place(), firms.email()

    def cut(request: httpx.Request, *_: object) -> None:
        if request.url.path == "/api/enrolments":
            raise KeyboardInterrupt

    if moment == "before":
        transport.before = cut
    else:
        transport.change = cut
    with pytest.raises(KeyboardInterrupt):
        enrol(network, invitation, email, PASSWORD, place)
    with pytest.raises(HomeRefused, match="again"):
        Member.load(place)
    transport.before = transport.change = None
    member = enrol(network, invitation, email, PASSWORD, place)
    firms.members.append(member)
    assert member.recovery_kit is not None
    assert push(member, ledger([1])).months
    assert "recovery_kit" not in json.loads(_content(member.home))


def test_a_lost_answer_to_an_enrolment_is_found_again_at_once(firms: Firms) -> None:
    network, transport = firms.network()
    lost: list[bool] = []

    def lose(request: httpx.Request, _status: int, _body: bytes) -> None:
        if request.url.path == "/api/enrolments" and not lost:
            lost.append(True)
            raise httpx.ReadError("the line was cut", request=request)

    transport.change = lose
    email = firms.email()
    member = enrol(network, firms.server.admit("Firm (fictional)", 10), email, PASSWORD)
    firms.members.append(member)
    assert lost
    assert member.session.me().device_id == member.device_id


def test_a_short_password_is_refused(firms: Firms) -> None:
    network, transport = firms.network()
    with pytest.raises(InputRefused):
        enrol(network, firms.server.admit("Firm (fictional)", 10), firms.email(), "1234567")
    network.close()
    assert not transport.asked


# ---- further devices


def test_a_second_device_of_an_administrator_needs_her_account_key(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1, 2]))
    network, _ = firms.network()
    person = Person(member.identity.email, PASSWORD)
    with pytest.raises(NetworkRefused) as refused:
        log_in(network, person, bytes(16))
    assert refused.value.code == "credentials"
    second = log_in(network, person, member.account_key, firms.place())
    firms.members.append(second)
    assert second.device_id != member.device_id
    assert set(second.shelf.sync(second).clients) == set(member.book.clients)
    assert push(second, ledger([3])).months
    assert len(member.shelf.sync(member).clients) == 3
