"""Keys certified after a comparison, rolled when somebody leaves; a server that lies about them is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from member import keyring, rolling
from member.device_invitation import invite_device, take_device
from member.enrol import Person, log_in
from member.own_secrets import own_keys_fingerprint, take_up
from member.people import add_user
from member.push import push
from member.refusals import InputRefused, NetworkRefused, Untrusted
from privacy.keyring import Role
from tests.member.conftest import PASSWORD, ledger, rewriting, transport_of

if TYPE_CHECKING:
    from member.keystore import Member
    from tests.member.conftest import Firms


def second(firms: Firms, member: Member) -> Member:
    """A credit manager's device at work."""
    added = add_user(member, PASSWORD, firms.email(), "credit_manager")
    network, _ = firms.network()
    hers = log_in(network, Person(added.email, added.password), added.account_key, firms.place())
    firms.members.append(hers)
    return hers


def certified(member: Member, one: Member, role: Role = Role.ATTENDED) -> None:
    keyring.certify(member, one.device_id, keyring.offer(one), role)


def test_who_is_certified_gets_rolled_keys_and_who_left_does_not(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    stays, leaves = second(firms, member), second(firms, member)
    for one in (stays, leaves):
        certified(member, one)
        assert not keyring.take_up(one), "nothing was rolled yet"
    before = member.role_keys
    done = rolling.remove(member, leaves.device_id, PASSWORD)
    assert (done.generation, done.given) == (2, 1)
    now = member.role_keys
    assert None not in {now.names, now.ledger, now.conversations, now.notes}
    assert not {now.names, now.ledger, now.conversations} & {
        before.names,
        before.ledger,
        before.conversations,
    }
    assert keyring.take_up(stays)
    assert stays.role_keys.names == now.names
    assert set(stays.shelf.sync(stays).clients) == set(member.shelf.sync(member).clients)
    with pytest.raises(NetworkRefused):  # shut out at once
        leaves.session.me()


def test_a_person_is_removed_with_her_devices_certified_or_not(firms: Firms) -> None:
    member = firms.firm()
    stays, leaves = second(firms, member), second(firms, member)
    certified(member, stays)
    certified(member, leaves)
    user = leaves.identity.user_id
    assert user
    before = member.role_keys
    done = rolling.remove(member, user, PASSWORD)
    assert (done.generation, done.given) == (3, 1), "she was never certified herself; her device was"
    assert set(keyring.read(member).keyring.subjects) == {stays.device_id.bytes}
    assert member.role_keys.names != before.names
    with pytest.raises(NetworkRefused):  # the device that her invitation held ends with her
        leaves.session.me()
    assert keyring.take_up(stays)
    now = member.role_keys
    with pytest.raises(InputRefused):
        rolling.remove(member, user, PASSWORD)
    assert member.role_keys == now, "what the network refused is not kept"


def test_another_administrators_device_takes_up_rolled_keys_with_the_root_alone(firms: Firms) -> None:
    member = firms.firm()
    added = add_user(member, PASSWORD, firms.email(), "administrator")
    network, _ = firms.network()
    person = Person(added.email, added.password)
    other = log_in(network, person, added.account_key, firms.place())
    firms.members.append(other)
    lost = second(firms, member)
    rolling.remove(member, lost.device_id, PASSWORD)
    assert keyring.take_up(other)
    assert other.role_keys.names == member.role_keys.names
    assert take_up(network, person, added.account_key).role_keys.names == member.role_keys.names


def test_a_key_is_certified_only_under_the_fingerprint_that_its_owner_reads_out(firms: Firms) -> None:
    member = firms.firm()
    one, other = second(firms, member), second(firms, member)
    shown = keyring.offer(one)

    def swap(answer: Any) -> None:
        for offered in answer["offered"]:
            offered["public"] = msgspec.json.decode(
                msgspec.json.encode(keyring.own_keys(bytes(32)).public().to_bytes())
            )

    transport_of(member).change = rewriting("GET /api/keyring", swap)
    with pytest.raises(InputRefused, match="Another fingerprint"):
        keyring.certify(member, one.device_id, shown, Role.ATTENDED)
    transport_of(member).change = None
    with pytest.raises(InputRefused, match="has not offered"):
        keyring.certify(member, other.device_id, shown, Role.ATTENDED)
    keyring.certify(member, one.device_id, shown.lower().replace("-", " "), Role.ATTENDED)
    assert one.device_id.bytes in keyring.read(member).keyring.subjects


def test_a_server_that_swaps_a_key_or_plays_an_old_chain_again_is_found(firms: Firms) -> None:
    member = firms.firm()
    stays, leaves = second(firms, member), second(firms, member)
    certified(member, leaves)
    certified(member, stays)
    old = keyring.read(stays).answer
    rolling.remove(member, leaves.device_id, PASSWORD)
    keyring.read(stays)
    cases = {
        "keyring-rolled-back": lambda answer: answer["entries"].pop(),
        "keyring-signature": lambda answer: answer["entries"].__setitem__(
            0, answer["entries"][0][:160] + "AAAA" + answer["entries"][0][164:]
        ),
        "keyring-order": lambda answer: answer["entries"].pop(0),
        "wrap-old": lambda answer: answer.__setitem__(
            "wrap", msgspec.json.decode(msgspec.json.encode(old.wrap))
        ),
    }
    for code, edit in cases.items():
        transport_of(stays).change = rewriting("GET /api/keyring", edit)
        with pytest.raises(Untrusted) as caught:
            keyring.take_up(stays)
        assert caught.value.code == code
        assert caught.value.tell("fr") != caught.value.tell("en")
    transport_of(stays).change = None
    assert keyring.take_up(stays)


def test_a_wrap_of_another_subject_or_of_another_hand_does_not_pass(firms: Firms) -> None:
    member = firms.firm()
    one = second(firms, member)
    certified(member, one)

    def root_wrap(answer: Any) -> None:
        theirs = keyring.read(member).answer.root_wrap
        answer["wrap"] = msgspec.json.decode(msgspec.json.encode(theirs))

    for edit in (root_wrap, lambda answer: answer["wrap"].__setitem__("signature", "A" * 86 + "==")):
        transport_of(one).change = rewriting("GET /api/keyring", edit)
        with pytest.raises(Untrusted) as caught:
            keyring.take_up(one)
        assert caught.value.code == "wrap-other"
    transport_of(one).change = None


def test_a_person_takes_rolled_keys_into_her_own_wrap(firms: Firms) -> None:
    member = firms.firm()
    added = add_user(member, PASSWORD, firms.email(), "analyst")
    person = Person(added.email, added.password)
    network, _ = firms.network()
    keyring.certify(
        member, added.user_id, own_keys_fingerprint(network, person, added.account_key), Role.ANALYST
    )
    lost = second(firms, member)
    certified(member, lost)
    rolling.remove(member, lost.device_id, PASSWORD)
    bundle = take_up(network, person, added.account_key)
    assert bundle.role_keys.names == member.role_keys.names
    assert (bundle.role_keys.conversations, bundle.role_keys.notes) == (None, None), "not an analyst's"
    assert take_up(network, person, added.account_key) == bundle
    network.close()


def test_a_push_only_machine_goes_on_after_a_roll(firms: Firms) -> None:
    member = firms.firm()
    content, code = invite_device(member, PASSWORD)
    file = firms.place("invitation")
    file.write_bytes(content)
    network, _ = firms.network()
    machine = take_device(file, code, firms.place(), network=network)
    firms.members.append(machine)
    certified(member, machine, Role.UNATTENDED)
    lost = second(firms, member)
    certified(member, lost)
    rolling.remove(member, lost.device_id, PASSWORD)
    assert keyring.take_up(machine)
    assert machine.role_keys.conversations is None
    push(machine, ledger([1, 2]))
    assert len(member.shelf.sync(member).clients) == 2


def test_the_recovery_kit_comes_back_after_a_roll_too(firms: Firms) -> None:
    from member.comeback import come_back

    member = firms.firm()
    push(member, ledger([1, 2]))
    lost = second(firms, member)
    certified(member, lost)
    rolling.remove(member, lost.device_id, PASSWORD)
    kit = member.recovery_kit
    assert kit is not None
    network, _ = firms.network()
    back = come_back(network, member.firm_id, kit, Person(firms.email(), PASSWORD), firms.place())
    firms.members.append(back.member)
    assert len(back.member.shelf.sync(back.member).clients) == 2
