"""How devices come to a firm: by invitation, log-in, device invitation; and what none of them keeps."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from privacy.delegation import Delegation, Scope

from member.device_invitation import invite_device, read_code, take_device
from member.enrol import Person, enrol, firm_of, log_in
from member.home import FILE, Home
from member.keys import (
    account_key_text,
    device_code_text,
    open_bundle,
    recovery_key,
    recovery_kit_text,
    recovery_name,
)
from member.keystore import Member
from member.people import add_user
from member.push import push
from member.recovery import read_kit, recover
from member.refusals import HomeRefused, InputRefused, NetworkRefused, Untrusted
from tests.member.conftest import PASSWORD, ledger, rewriting, transport_of

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
    place = firms.folder / "unattended"
    member = enrol(network, invitation, "it@firm.test", PASSWORD, place, unattended=True)
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
    enrol(network, invitation, "first@firm.test", PASSWORD)
    with pytest.raises(NetworkRefused) as refused:
        enrol(network, invitation, "second@firm.test", PASSWORD)
    network.close()
    assert refused.value.code == "invitation"


def test_a_home_belongs_to_one_firm(firms: Firms) -> None:
    member = firms.firm()
    network, _ = firms.network()
    with pytest.raises(HomeRefused) as refused:
        enrol(network, firms.server.admit("Other (fictional)", 10), "o@firm.test", PASSWORD, member.home.path)
    network.close()
    assert refused.value.code == "home-taken"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_enrolment_that_was_cut_is_finished_by_the_same_command(firms: Firms, moment: str) -> None:
    """Before: the request never arrived. After: the network has enrolled the firm and the answer is lost."""
    network, transport = firms.network()
    invitation = firms.server.admit("Firm (fictional)", 10)
    place, email = firms.folder / f"cut {moment}", f"cut.{moment}.{firms.server.port}@firm.test"

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
    email = f"lost.{firms.server.port}@firm.test"
    member = enrol(network, firms.server.admit("Firm (fictional)", 10), email, PASSWORD)
    firms.members.append(member)
    assert lost
    assert member.session.me().device_id == member.device_id


def test_a_short_password_is_refused(firms: Firms) -> None:
    network, transport = firms.network()
    with pytest.raises(InputRefused):
        enrol(network, firms.server.admit("Firm (fictional)", 10), "a@firm.test", "1234567")
    network.close()
    assert not transport.asked


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda facts: facts.__setitem__("key_id", "A" * 43 + "="), "key-id"),
        (lambda facts: facts["roster"].__setitem__("construction", "other"), "roster"),
        (lambda facts: facts["roster"].__setitem__("holders", []), "roster"),
    ],
)
def test_a_network_that_contradicts_itself_is_not_pinned(firms: Firms, edit, code: str) -> None:
    network, transport = firms.network()
    transport.change = rewriting("GET /api/network", edit)
    with pytest.raises(Untrusted) as refused:
        enrol(network, firms.server.admit("Firm (fictional)", 10), "a@firm.test", PASSWORD)
    network.close()
    assert refused.value.code == code
    assert "POST /api/enrolments" not in transport.asked


# ---- further devices


def test_a_second_device_of_an_administrator_needs_her_account_key(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1, 2]))
    network, _ = firms.network()
    person = Person(member.identity.email, PASSWORD)
    with pytest.raises(NetworkRefused) as refused:
        log_in(network, person, bytes(16))
    assert refused.value.code == "credentials"
    second = log_in(network, person, member.account_key, firms.folder / f"second {firms.server.port}")
    firms.members.append(second)
    assert second.device_id != member.device_id
    assert set(second.shelf.sync(second).clients) == set(member.book.clients)
    assert push(second, ledger([3])).months
    assert len(member.shelf.sync(member).clients) == 3


def test_a_push_only_device_holds_what_it_needs_and_no_more(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    content, code = invite_device(member, PASSWORD)
    file = firms.folder / f"invitation {firms.server.port}"
    file.write_bytes(content)
    assert member.identity.device_seed not in content
    made = take_device(
        file, code, firms.folder / f"push only {firms.server.port}", network=firms.network()[0]
    )
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
    file = firms.folder / f"sealed {firms.server.port}"
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
    from member.enrol import person_session

    member = firms.firm()
    content, code = invite_device(member, PASSWORD)
    file = firms.folder / f"withdrawn {firms.server.port}"
    file.write_bytes(content)
    made = take_device(file, code, network=firms.network()[0])
    firms.members.append(made)
    made.session.me()
    person_session(member, PASSWORD).withdraw_device(made.device_id)
    with pytest.raises(NetworkRefused) as refused:
        push(made, ledger([1]))
    assert refused.value.code == "device-refused"
    assert "administrateur" in refused.value.tell("fr")


@pytest.mark.parametrize(("role", "pushes"), [("credit_manager", True), ("sales", False)])
def test_a_colleague_gets_the_keys_of_her_role(firms: Firms, role: str, pushes: bool) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    added = add_user(member, PASSWORD, f"{role}.{firms.server.port}@firm.test", role)
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
        add_user(firms.firm(), PASSWORD, "x@firm.test", "king")


# ---- recovery


def test_the_kit_opens_a_home_whose_passphrase_is_forgotten(firms: Firms) -> None:
    network, _ = firms.network()
    place = firms.folder / f"forgotten {firms.server.port}"
    invitation = firms.server.admit("Firm (fictional)", 10)
    email = f"forgotten.{firms.server.port}@firm.test"
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
    email = f"blob.{firms.server.port}@firm.test"
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


# ---- pins


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("receipt key", lambda facts: facts.__setitem__("receipt_key", "A" * 43 + "=")),
        ("release key", lambda facts: facts.__setitem__("release_key", "A" * 43 + "=")),
        ("public keys", lambda facts: facts["roster"]["parts"].__setitem__("k", "A" * 43 + "=")),
        ("epoch", lambda facts: facts["roster"].__setitem__("epoch", 2)),
        ("kind", lambda facts: facts.__setitem__("kind", "production")),
        ("formula", lambda facts: facts.__setitem__("formula", 2)),
    ],
)
def test_a_pinned_fact_that_changed_is_refused_by_name(firms: Firms, name: str, edit) -> None:
    member = firms.members[0] if firms.members else firms.firm()
    transport_of(member).change = rewriting("GET /api/network", edit)
    try:
        with pytest.raises(Untrusted, match=name):
            member.check_network()
    finally:
        transport_of(member).change = None
    assert member.check_network().name == member.pins.name
