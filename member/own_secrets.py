"""A person's two secrets anew: another password, her keys wrapped again, role keys that were rolled.

The network never sees a password: it gets the proof of the one now and of the next, a fresh salt, and the
keys wrapped under what only the two secrets give. A wrap of before, played again, does not open under the new
password; under the same one it is older than the keyring says (`member.keyring`).
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.keys import PrivateKeys
from member import keyring
from member.answers import PersonSession
from member.enrol import PASSWORD_CHARACTERS_MIN, Person, log_in_person
from member.keys import SALT_BYTES, Bundle, RoleKeys, bundle_name, derive, seal_bundle
from member.network import Network
from member.refusals import InputRefused
from member.session import Session
from privacy import keyring as rings
from privacy import signing

SUBJECT_BYTES: Final = 64


def change_password(network: Network, person: Person, account_key: bytes, password: str) -> Bundle:
    """Wrap her keys under another password; her other sessions end. Raise InputRefused, NetworkRefused."""
    if len(password) < PASSWORD_CHARACTERS_MIN:
        raise InputRefused("password-short", expected=PASSWORD_CHARACTERS_MIN)
    found, bundle = log_in_person(network, person, account_key)
    session = Session.of_token(network, found.token)
    _keep(session, found, person, account_key, bundle, password=password)
    session.close()
    return bundle


def own_keys_fingerprint(network: Network, person: Person, account_key: bytes) -> str:
    """Make her own keys, where she has none, and offer them; the fingerprint to read out."""
    found, bundle = log_in_person(network, person, account_key)
    assert found.firm_id is not None
    session = Session.of_token(network, found.token)
    if bundle.subject_seed is None:
        bundle = msgspec.structs.replace(bundle, subject_seed=secrets.token_bytes(SUBJECT_BYTES))
        _keep(session, found, person, account_key, bundle)
    assert bundle.subject_seed is not None
    keys, firm = PrivateKeys.from_bytes(bundle.subject_seed), found.firm_id.bytes
    public, subject = keys.public().to_bytes(), found.user_id.bytes
    said = rings.proof_payload(firm, subject, public)
    body = {"public": public, "proof": signing.sign(keys.signing, "keyring-offer", said)}
    session.send("PUT", "/api/keyring/offer", json=body)
    session.close()
    return rings.fingerprint(firm, subject, public)


def take_up(network: Network, person: Person, account_key: bytes) -> Bundle:
    """Her keys with what was rolled since, wrapped again for her alone. Raise Untrusted."""
    found, bundle = log_in_person(network, person, account_key)
    root = _root_of(bundle)
    if root is None or found.firm_id is None:
        return bundle
    session = Session.of_token(network, found.token)
    answer = network.read(session.send("GET", "/api/keyring"), keyring.Answer)
    ring = keyring.verify(answer.entries, found.firm_id, root, None)
    own = PrivateKeys.from_bytes(bundle.subject_seed) if bundle.subject_seed is not None else None
    keys = keyring.newer(answer, ring, root, found.user_id, own, bundle.root_seed, bundle.role_keys)
    if keys is not None:
        bundle = msgspec.structs.replace(bundle, role_keys=keys)
        _keep(session, found, person, account_key, bundle)
    session.close()
    return bundle


def _root_of(bundle: Bundle) -> bytes | None:
    if bundle.root_seed is None:
        return bundle.root_public
    return signing.public_bytes(Ed25519PrivateKey.from_private_bytes(bundle.root_seed))


def wrap_again(network: Network, person: Person, account_key: bytes, role_keys: RoleKeys) -> None:
    """Role keys that this device has rolled, in its person's own wrap: for the page, and other devices."""
    found, bundle = log_in_person(network, person, account_key)
    session = Session.of_token(network, found.token)
    bundle = msgspec.structs.replace(bundle, role_keys=role_keys)
    _keep(session, found, person, account_key, bundle)
    session.close()


def _keep(
    session: Session,
    found: PersonSession,
    person: Person,
    account_key: bytes,
    bundle: Bundle,
    *,
    password: str = "",
) -> None:
    """In the place of what was `found` alone; under `password` from now on, where it is another one."""
    password = password or person.password
    salt = session.network.salt(person.email)
    now = derive(person.password, account_key, salt)
    fresh = salt if password == person.password else secrets.token_bytes(SALT_BYTES)
    after = derive(password, account_key, fresh)
    body = {
        "auth_key": now.auth_key,
        "replaces": hashlib.sha256(found.wrapped_bundle).digest(),
        "kdf_salt": fresh,
        "new_auth_key": after.auth_key,
        "wrapped_bundle": seal_bundle(after.wrapping_key, bundle, bundle_name(person.email)),
    }
    session.send("PUT", "/api/me/secrets", json=body)
