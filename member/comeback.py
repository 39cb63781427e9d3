"""A firm that lost every device and password comes back with its recovery kit alone.

Rules of order, whose guardian this is:
1. What the kit opens is read from the network: the root key and the role keys. Nothing else is needed.
2. The root signs one new administrator and one new device; unless told otherwise, all others end there, and
   the book's role keys that they held are rolled. Those of conversations and notes stay: what they sealed is
   the network's to keep, and cannot be sealed again at once.
3. What goes to the network names the new keys and the earlier ones, until the book is sealed under the new.
A run that ends anywhere in between loses nothing: the same command again begins anew from the kit.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member import keyring
from member.answers import Recovered
from member.enrol import ATTENDED, PASSWORD_CHARACTERS_MIN, Person, delegate, new_user
from member.home import Home, Identity
from member.keys import (
    ACCOUNT_KEY_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    Bundle,
    NotOpened,
    RoleKeys,
    fresh_role_keys,
    open_bundle,
    recovery_key,
    recovery_name,
    seal_bundle,
)
from member.keystore import Member
from member.network import Network
from member.pins import Pins, pin
from member.recovery import keep_recovery
from member.refusals import HomeRefused, InputRefused, NetworkRefused
from privacy import signing
from privacy.recovery import PURPOSE, recovery_payload

SEALED_BYTES_MIN: Final = 1 + NONCE_BYTES + TAG_BYTES


@dataclass(frozen=True, slots=True)
class Comeback:
    """A firm that is back. `account_key` is shown once, like at an enrolment."""

    member: Member
    firm_name: str
    users_ended: int
    devices_ended: int
    account_key: bytes = field(repr=False)


def open_padded(kit: bytes, firm: UUID, padded: bytes) -> Bundle:
    """What the kit opens. Where the sealed bytes end is not told, so that the answer confirms no member.

    Raise InputRefused "kit-other": the kit is another firm's, or there is no such firm.
    """
    key, name = recovery_key(kit), recovery_name(str(firm))
    for end in range(len(padded), SEALED_BYTES_MIN - 1, -1):
        try:
            return open_bundle(key, padded[:end], name)
        except NotOpened:
            continue
    raise InputRefused("kit-other")


def come_back(  # noqa: PLR0917 - the kit, whose it is, the person, and where her keys live
    network: Network,
    firm: UUID,
    kit: bytes,
    person: Person,
    home: Path | None = None,
    passphrase: str | None = None,
    *,
    keep_others: bool = False,
) -> Comeback:
    """Put a new administrator and this device in, with the kit alone; the book is sealed under new keys.

    `keep_others`: other users, devices and the role keys stay as they are. Raise InputRefused, HomeRefused,
    NetworkRefused, Unreachable.
    """
    if len(person.password) < PASSWORD_CHARACTERS_MIN:
        raise InputRefused("password-short", expected=PASSWORD_CHARACTERS_MIN)
    place = Home(home) if home is not None else None
    if place is not None and place.enrolled:
        marks = place.marks()
        raise HomeRefused("home-taken", path=place.path, kind=marks.kind, network=marks.network)
    pins = pin(network.url, network.facts())
    bundle = open_padded(kit, firm, network.recovery_blob(firm))
    if bundle.root_seed is None:
        raise InputRefused("kit-other")
    keys = bundle.role_keys if keep_others else rolled(bundle.role_keys)
    identity = _fresh(firm, pins, bundle.root_seed, keys, person)
    try:
        found = _ask(network, identity, person, kit, keep_others=keep_others)
    except NetworkRefused as refused:
        if refused.code != "device-taken":
            raise
        # The answer to the first try was lost: this device is in, under an id that nobody told; so another.
        identity = _fresh(firm, pins, bundle.root_seed, keys, person)
        found = _ask(network, identity, person, kit, keep_others=keep_others)
    identity = msgspec.structs.replace(identity, user_id=found.user_id, device_id=found.device_id)
    if place is not None:
        place.lock_with(passphrase)
        keep_recovery(place, identity, kit)
        place.save(identity)
    member = Member(identity, network, place)
    _take_rolled(member)
    finish_roll(member)
    if place is not None:
        keep_recovery(place, member.identity, kit)
    assert identity.account_key is not None
    return Comeback(member, found.firm_name, found.users_ended, found.devices_ended, identity.account_key)


def _take_rolled(member: Member) -> None:
    """Role keys that were rolled since the kit was printed are sealed to the root, which the kit opens."""
    ring = keyring.read(member)
    if ring.keyring.generation == 1 or member.identity.root_seed is None:
        return
    own = keyring.root_keys(member.identity.root_seed)
    found = keyring.open_wrap(ring.answer.root_wrap, ring.keyring, member.firm_id, member.root_public, own)
    before = msgspec.structs.replace(found, earlier=())
    keys = msgspec.structs.replace(
        member.role_keys,
        conversations=found.conversations,
        notes=found.notes,
        earlier=(before, *found.earlier, *member.role_keys.earlier),
    )
    member.identity = msgspec.structs.replace(member.identity, role_keys=keys)
    member.save()


def rolled(keys: RoleKeys) -> RoleKeys:
    """New keys for names and ledger, and the ones before them."""
    fresh = msgspec.structs.replace(fresh_role_keys(), conversations=keys.conversations, notes=keys.notes)
    before = msgspec.structs.replace(keys, earlier=())
    return msgspec.structs.replace(fresh, earlier=(before, *keys.earlier))


def finish_roll(member: Member) -> bool:
    """Seal the book under the rolled keys, and forget the earlier ones; False: nothing was to be done."""
    if not any(one.names or one.ledger for one in member.role_keys.earlier):
        member.shelf.sync(member)
        return False
    member.shelf.reseal(member)
    kept = tuple(
        RoleKeys(conversations=one.conversations, notes=one.notes)
        for one in member.role_keys.earlier
        if (one.conversations, one.notes) != (member.role_keys.conversations, member.role_keys.notes)
    )
    member.identity = msgspec.structs.replace(
        member.identity, role_keys=msgspec.structs.replace(member.role_keys, earlier=kept)
    )
    member.save()
    return True


def _fresh(firm: UUID, pins: Pins, root_seed: bytes, keys: RoleKeys, person: Person) -> Identity:
    root, seed = Ed25519PrivateKey.from_private_bytes(root_seed), secrets.token_bytes(KEY_BYTES)
    return Identity(
        firm_id=firm,
        root_public=signing.public_bytes(root),
        device_seed=seed,
        delegation=delegate(root, firm, seed, ATTENDED),
        role_keys=keys,
        pins=pins,
        email=person.email,
        account_key=secrets.token_bytes(ACCOUNT_KEY_BYTES),
        root_seed=root_seed,
    )


def _ask(network: Network, identity: Identity, person: Person, kit: bytes, *, keep_others: bool) -> Recovered:
    assert identity.root_seed is not None
    assert identity.account_key is not None
    root = Ed25519PrivateKey.from_private_bytes(identity.root_seed)
    bundle = Bundle(identity.role_keys, root_seed=identity.root_seed)
    user = new_user(person, identity.account_key, bundle)
    device = signing.public_bytes(Ed25519PrivateKey.from_private_bytes(identity.device_seed))
    blob = seal_bundle(recovery_key(kit), bundle, recovery_name(str(identity.firm_id)))
    now = int(time.time())
    payload = recovery_payload(
        firm=identity.firm_id.bytes,
        requested_at=now,
        keep_others=keep_others,
        device_public=device,
        email=user["email"],
        kdf_salt=user["kdf_salt"],
        auth_key=user["auth_key"],
        wrapped_bundle=user["wrapped_bundle"],
        recovery_blob=blob,
    )
    return network.recover(
        {
            "firm_id": identity.firm_id,
            "requested_at": now,
            "user": user,
            "device": {"public_key": device, "delegation": identity.delegation},
            "recovery_blob": blob,
            "signature": signing.sign(root, PURPOSE, payload),
            "keep_others": keep_others,
        }
    )
