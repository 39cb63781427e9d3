"""Somebody left, or a device was lost: shut out at once, and every key that she held is rolled.

Rules of order, whose guardian this is:
1. This device keeps the new keys, and those before them, ahead of anything that is sent.
2. One transaction removes the subject from the keyring, ends it at the network, and gives the new role keys
   to all who stay.
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
from member.refusals import HomeRefused, InputRefused
from member.talk_turning import Turner


@dataclass(frozen=True, slots=True)
class Rolled:
    """What came of it. `given`: to how many subjects of the keyring the new keys went."""

    generation: int
    given: int
    conversations: int


def remove(member: Member, subject: UUID, password: str) -> Rolled:
    """Take a user or a device out of the firm; `password` is the administrator's, whose device this is.

    A subject that is not in the keyring: InputRefused "key-not-there". Raise HomeRefused, Untrusted.
    """
    root = member.root
    if root is None:
        raise HomeRefused("no-root")
    ring = keyring.read(member)
    if subject.bytes not in ring.keyring.subjects:
        raise InputRefused("key-not-there", subject=subject)
    person = Person(member.identity.email or "", password)
    log_in_person(member.network, person, member.account_key)  # a wrong password is told before anything
    before = member.role_keys
    rolled = msgspec.structs.replace(
        fresh_role_keys(), earlier=(msgspec.structs.replace(before, earlier=()), *before.earlier)
    )
    member.identity = msgspec.structs.replace(member.identity, role_keys=rolled)
    member.save()
    record = ring.keyring.remove(root, subject.bytes, int(time.time()))
    after = keyring.granted(ring.keyring.take(record, member.root_public))
    wraps = keyring.wraps_for_all(member, root, after, rolled)
    keyring.send(member, [record], wraps)
    wrap_again(member.network, person, member.account_key, rolled)
    return Rolled(after.generation, len(wraps) - 1, finish(member))


def finish(member: Member) -> int:
    """Seal again what earlier keys sealed; how many conversations and calls it was."""
    turned = Turner.of(member).turn_all() if member.role_keys.conversations else 0
    earlier = member.role_keys.earlier
    if any(one.names or one.ledger for one in earlier):
        member.shelf.reseal(member)
        kept = tuple(RoleKeys(conversations=one.conversations, notes=one.notes) for one in earlier)
        member.identity = msgspec.structs.replace(
            member.identity, role_keys=msgspec.structs.replace(member.role_keys, earlier=kept)
        )
        member.save()
    return turned
