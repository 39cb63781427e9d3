"""How a device comes to a firm: the first by the operator's invitation, others by log-in or invitation.

Rules of order, whose guardian this is:
1. The network's facts are pinned before anything is sent.
2. Every key is in the home before the invitation is used: an answer that never comes loses nothing, and the
   same command again finishes what was begun.
3. The recovery kit and the account key are shown once, by the caller; the kit is not kept.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member.answers import PersonSession
from member.home import Home, Identity
from member.keys import (
    ACCOUNT_KEY_BYTES,
    KEY_BYTES,
    RECOVERY_KIT_BYTES,
    SALT_BYTES,
    Bundle,
    NotOpened,
    RoleKeys,
    bundle_name,
    derive,
    fresh_role_keys,
    open_bundle,
    recovery_key,
    recovery_name,
    seal_bundle,
)
from member.keystore import Member
from member.network import Network
from member.pins import Pins, compare, pin
from member.recovery import keep_recovery
from member.refusals import HomeRefused, InputRefused, NetworkRefused
from member.session import Session
from privacy import signing
from privacy.delegation import Delegation, Scope

PASSWORD_CHARACTERS_MIN: Final = 8
DELEGATION_DAYS: Final = 365
AHEAD_SECONDS: Final = 600
"""This machine's clock may run a little ahead of the holder's."""
ATTENDED: Final = Scope.EVALUATE | Scope.UPLOAD | Scope.REVEAL | Scope.BOOK
UNATTENDED: Final = Scope.EVALUATE | Scope.UPLOAD | Scope.BOOK


@dataclass(frozen=True, slots=True)
class Person:
    """Who enrols: e-mail and password, which are the page's log-in too."""

    email: str
    password: str = field(repr=False)


def firm_of(invitation: str) -> UUID:
    """The firm that an invitation is for. Raise InputRefused."""
    firm, _, secret = invitation.strip().partition(".")
    try:
        found = UUID(firm)
    except ValueError:
        raise InputRefused("invitation-shape") from None
    if not secret:
        raise InputRefused("invitation-shape")
    return found


def enrol(  # noqa: PLR0917 - the operator's invitation, the person, and where her keys live
    network: Network,
    invitation: str,
    email: str,
    password: str,
    home: Path | None = None,
    unattended: bool = False,
    passphrase: str | None = None,
) -> Member:
    """Enrol a firm: its root key, its first administrator, this device. `recovery_kit` is on the result.

    `home` None keeps everything in memory. `unattended`: the home keeps neither the root nor the account key;
    both are on the result for the caller to show. Raise InputRefused, HomeRefused, NetworkRefused, Untrusted.
    """
    invitation = invitation.strip()
    firm = firm_of(invitation)
    if len(password) < PASSWORD_CHARACTERS_MIN:
        raise InputRefused("password-short", expected=PASSWORD_CHARACTERS_MIN)
    place = Home(home) if home is not None else None
    pins = pin(network.url, network.facts())
    person = Person(email.strip().lower(), password)
    begun = _begun(place, passphrase, firm, pins)
    identity = begun or _fresh(firm, person, pins)
    if place is not None and begun is None:
        place.lock_with(passphrase)
        place.save(identity)
    finished = _finished_before(network, identity, person) if begun else None
    if finished is None:
        finished = _use_invitation(network, invitation, identity, person)
    return _settle(network, finished, place, unattended=unattended)


def _begun(place: Home | None, passphrase: str | None, firm: UUID, pins: Pins) -> Identity | None:
    """An enrolment of the same firm whose answer never came, to be finished; else the home must be free."""
    if place is None or not place.enrolled:
        return None
    marks = place.marks()
    if marks.firm_id == firm:
        identity = place.load(passphrase)
        if identity.device_id is None and identity.pins == pins:
            return identity
    raise HomeRefused("home-taken", path=place.path, kind=marks.kind, network=marks.network)


def _fresh(firm: UUID, person: Person, pins: Pins) -> Identity:
    root_seed, device_seed = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    root = Ed25519PrivateKey.from_private_bytes(root_seed)
    return Identity(
        firm_id=firm,
        root_public=signing.public_bytes(root),
        device_seed=device_seed,
        delegation=delegate(root, firm, device_seed, ATTENDED),
        role_keys=fresh_role_keys(),
        pins=pins,
        email=person.email,
        account_key=secrets.token_bytes(ACCOUNT_KEY_BYTES),
        root_seed=root_seed,
        recovery_kit=secrets.token_bytes(RECOVERY_KIT_BYTES),
    )


def delegate(root: Ed25519PrivateKey, firm: UUID, device_seed: bytes, scopes: int) -> bytes:
    """The root's word for a device, for a year."""
    now = int(time.time())
    public = signing.public_bytes(Ed25519PrivateKey.from_private_bytes(device_seed))
    expires = now + DELEGATION_DAYS * 86_400
    return Delegation.issue(root, firm.bytes, public, scopes, now - AHEAD_SECONDS, expires).to_bytes()


def _use_invitation(network: Network, invitation: str, identity: Identity, person: Person) -> Identity:
    assert identity.root_seed is not None
    assert identity.account_key is not None
    assert identity.recovery_kit is not None
    root = Ed25519PrivateKey.from_private_bytes(identity.root_seed)
    device_public = signing.public_bytes(Ed25519PrivateKey.from_private_bytes(identity.device_seed))
    bundle = Bundle(identity.role_keys, root_seed=identity.root_seed)
    firm = str(identity.firm_id)
    body = {
        "invitation": invitation,
        "root_public_key": identity.root_public,
        "user": new_user(person, identity.account_key, bundle),
        "device": {"public_key": device_public, "delegation": identity.delegation},
        "recovery_blob": seal_bundle(recovery_key(identity.recovery_kit), bundle, recovery_name(firm)),
        "signature": signing.sign(
            root, "enrolment", invitation.encode() + identity.root_public + device_public
        ),
    }
    try:
        found = network.enrol(body)
    except NetworkRefused as refused:
        # An invitation serves once: if the answer to an earlier try was lost, the account is there.
        finished = _finished_before(network, identity, person) if refused.code == "invitation" else None
        if finished is None:
            raise
        return finished
    return msgspec.structs.replace(identity, user_id=found.user_id, device_id=found.device_id)


def new_user(person: Person, account_key: bytes, bundle: Bundle) -> dict[str, Any]:
    """What the network keeps of a person: a salt, a proof, her keys wrapped for her alone."""
    salt = secrets.token_bytes(SALT_BYTES)
    derived = derive(person.password, account_key, salt)
    return {
        "email": person.email,
        "kdf_salt": salt,
        "auth_key": derived.auth_key,
        "wrapped_bundle": seal_bundle(derived.wrapping_key, bundle, bundle_name(person.email)),
    }


def log_in_person(network: Network, person: Person, account_key: bytes) -> tuple[PersonSession, Bundle]:
    """A person's session, and what her keys open. Raise NetworkRefused or InputRefused "bundle"."""
    derived = derive(person.password, account_key, network.salt(person.email))
    session = network.log_in(person.email, derived.auth_key)
    try:
        bundle = open_bundle(derived.wrapping_key, session.wrapped_bundle, bundle_name(person.email))
    except NotOpened:
        raise InputRefused("bundle") from None
    return session, bundle


def _finished_before(network: Network, identity: Identity, person: Person) -> Identity | None:
    """The identity with its ids, where the network had enrolled it after all."""
    assert identity.account_key is not None
    try:
        found, bundle = log_in_person(network, person, identity.account_key)
    except NetworkRefused as refused:
        if refused.code != "credentials":
            raise
        return None
    if bundle.root_seed != identity.root_seed:
        return None
    session = Session.of_token(network, found.token)
    public = signing.public_bytes(Ed25519PrivateKey.from_private_bytes(identity.device_seed))
    device = next((one.device_id for one in session.devices() if one.public_key == public), None)
    session.close()
    if device is None:
        return None
    return msgspec.structs.replace(identity, user_id=found.user_id, device_id=device)


def _settle(network: Network, identity: Identity, place: Home | None, *, unattended: bool) -> Member:
    """Write down what is kept; what is shown once stays on the result alone."""
    kit, known = identity.recovery_kit, msgspec.structs.replace(identity, recovery_kit=None)
    kept = (
        msgspec.structs.replace(known, root_seed=None, account_key=None, unattended=True)
        if unattended
        else known
    )
    if place is not None:
        if kit is not None and not unattended:
            keep_recovery(place, kept, kit)
        place.save(kept)
    shown = msgspec.structs.replace(known, unattended=unattended)
    return Member(shown, network, place, recovery_kit=kit)


# ---- further devices


def log_in(
    network: Network,
    person: Person,
    account_key: bytes,
    home: Path | None = None,
    passphrase: str | None = None,
) -> Member:
    """Make this machine a further device of a person who has her account key.

    An administrator's client makes a device of its own; another role takes the device in its bundle. Raise
    HomeRefused "no-device" for a role that signs nothing.
    """
    place = Home(home) if home is not None else None
    if place is not None and place.enrolled:
        marks = place.marks()
        raise HomeRefused("home-taken", path=place.path, kind=marks.kind, network=marks.network)
    pins = pin(network.url, network.facts())
    found, bundle = log_in_person(network, person, account_key)
    if found.firm_id is None:
        raise HomeRefused("no-device")
    session = Session.of_token(network, found.token)
    identity = _device_of(session, found.firm_id, bundle, pins)
    session.close()
    identity = msgspec.structs.replace(
        identity, user_id=found.user_id, email=person.email, account_key=account_key
    )
    if place is not None:
        place.lock_with(passphrase)
        place.save(identity)
    return Member(identity, network, place)


def _device_of(session: Session, firm: UUID, bundle: Bundle, pins: Pins) -> Identity:
    if bundle.root_seed is not None:
        root = Ed25519PrivateKey.from_private_bytes(bundle.root_seed)
        seed = secrets.token_bytes(KEY_BYTES)
        delegation = delegate(root, firm, seed, ATTENDED)
        root_public = signing.public_bytes(root)
    elif bundle.device_seed is not None and bundle.delegation is not None and bundle.root_public is not None:
        seed, delegation, root_public = bundle.device_seed, bundle.delegation, bundle.root_public
    else:
        raise HomeRefused("no-device")
    return Identity(
        firm_id=firm,
        root_public=root_public,
        device_seed=seed,
        delegation=delegation,
        role_keys=bundle.role_keys,
        pins=pins,
        device_id=add_or_find_device(session, seed, delegation),
        root_seed=bundle.root_seed,
    )


def add_or_find_device(session: Session, seed: bytes, delegation: bytes) -> UUID:
    """The network's id of a device key: an existing one, or a new one (an answer that was lost included)."""
    public = signing.public_bytes(Ed25519PrivateKey.from_private_bytes(seed))
    known = next((one for one in session.devices() if one.public_key == public and not one.revoked), None)
    if known is not None:
        return known.device_id
    try:
        return session.add_device(public, delegation)
    except NetworkRefused as refused:
        if refused.code != "device-taken":
            raise
    return next(one.device_id for one in session.devices() if one.public_key == public)


def person_session(member: Member, password: str) -> Session:
    """A session of the administrator whose device this is: users and devices are added by people alone."""
    if member.identity.email is None or member.root is None:
        raise HomeRefused("no-root")
    compare(member.pins, member.network.facts())
    person = Person(member.identity.email, password)
    found, _ = log_in_person(member.network, person, member.account_key)
    return Session.of_token(member.network, found.token)


def push_only(keys: RoleKeys) -> RoleKeys:
    """What an unattended device holds: the book's keys, and neither conversations nor notes."""
    return RoleKeys(names=keys.names, ledger=keys.ledger)
