"""Somebody left, or a device was lost: shut out at once, and every key that she held is rolled.

Rules of order, whose guardian this is:
1. This device keeps the new keys, and those before them, ahead of anything that is sent; where the network
   refuses, it goes on with the ones before.
2. One transaction removes the subject from the keyring, a person's devices with her, ends them at the
   network, and gives the new role keys to all who stay. Who was never certified is removed too: the keys of
   her invitation are rolled.
3. Then what the old keys sealed is sealed again: the book as one version; the keys of calls and of
   conversations, with new ones behind them (`member.talk_turning`). Notes stay readable under the key before,
   which those who stay keep; new ones are under the new.
A run that ends in between is taken up by `finish`, which the next roll or `vigie keys` calls.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

import msgspec

from member import keyring
from member.enrol import Person, log_in_person
from member.keys import RoleKeys, fresh_role_keys
from member.keystore import Member
from member.own_secrets import wrap_again
from member.refusals import HomeRefused, InputRefused, NetworkRefused
from member.sales_done import take_in_done
from member.talk_turning import Turned, Turner
from privacy.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Rolled:
    """What came of it. `given`: to how many subjects of the keyring the new keys went."""

    generation: int
    given: int
    turned: Turned


def remove(member: Member, subject: UUID, password: str) -> Rolled:
    """Take a user or a device out of the firm; `password` is the administrator's, whose device this is.

    Neither a user nor a device of the firm: InputRefused "key-not-there". Raise HomeRefused, Untrusted.
    """
    root = member.root
    if root is None:
        raise HomeRefused("no-root")
    keyring.take_up(member)  # what another administrator rolled since
    ring = keyring.read(member)
    person = Person(member.identity.email or "", password)
    log_in_person(member.network, person, member.account_key)  # a wrong password is told before anything
    before = member.role_keys
    rolled = msgspec.structs.replace(
        fresh_role_keys(), earlier=(msgspec.structs.replace(before, earlier=()), *before.earlier)
    )
    _keep(member, rolled)
    after, records = ring.keyring, []
    for one in (*_devices_of(member, subject, after), subject.bytes):
        records.append(after.remove(root, one, int(time.time())))
        after = keyring.granted(after.take(records[-1], member.root_public))
    wraps = keyring.wraps_for_all(member, root, after, rolled)
    try:
        keyring.send(member, records, wraps)
    except NetworkRefused as refused:
        _keep(member, before)
        if refused.code == "not-found":
            raise InputRefused("key-not-there", subject=subject) from None
        raise
    wrap_again(member.network, person, member.account_key, rolled)
    return Rolled(after.generation, len(wraps) - 1, finish(member))


def _keep(member: Member, keys: RoleKeys) -> None:
    member.identity = msgspec.structs.replace(member.identity, role_keys=keys)
    member.save()


def _devices_of(member: Member, subject: UUID, ring: Keyring) -> list[bytes]:
    """A person's devices that are in the keyring by themselves; none of a device."""
    return [
        one.device_id.bytes
        for one in member.session.devices()
        if one.user_id == subject and one.device_id.bytes in ring.subjects
    ]


def finish(member: Member) -> Turned:
    """Seal again what earlier keys sealed; what came of conversations and calls, each by itself."""
    turned = Turner.of(member).turn_all() if member.role_keys.conversations else Turned()
    earlier = member.role_keys.earlier
    if any(one.names or one.ledger for one in earlier):
        member.shelf.reseal(member)
        take_in_done(member)
        kept = tuple(RoleKeys(conversations=one.conversations, notes=one.notes) for one in earlier)
        _keep(member, msgspec.structs.replace(member.role_keys, earlier=kept))
    return turned
