"""An administrator adds people of the firm: a first password and an account key, keys wrapped for each alone.

Knows: which role holds which keys. What a role may do at the network is the network's to enforce; what it can
read is decided here, by the keys in its bundle.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member.enrol import (
    ATTENDED,
    Person,
    delegate,
    new_user,
    person_session,
)
from member.keys import ACCOUNT_KEY_BYTES, KEY_BYTES, Bundle, RoleKeys
from member.keystore import Member
from member.refusals import HomeRefused, InputRefused
from privacy import signing

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "administrator": ("names", "ledger", "conversations", "notes"),
    "credit_manager": ("names", "ledger", "conversations", "notes"),
    "analyst": ("names", "ledger"),
    "sales": ("names",),
    "auditor": (),
}
SIGNING: Final = frozenset({"credit_manager"})


@dataclass(frozen=True, slots=True)
class Invited:
    """A new user; both secrets are shown once."""

    user_id: UUID
    email: str
    role: str
    password: str = field(repr=False)
    account_key: bytes = field(repr=False)


def add_user(member: Member, own_password: str, email: str, role: str) -> Invited:
    """Add a user of the own firm; `own_password` is the administrator's, whose device this is."""
    root = member.root
    if root is None:
        raise HomeRefused("no-root")
    if role not in ROLES:
        raise InputRefused("role", found=role, expected=", ".join(ROLES))
    held = {name: getattr(member.role_keys, name) for name in ROLES[role]}
    session = person_session(member, own_password)
    seed = delegation = None
    if role in SIGNING:
        seed = secrets.token_bytes(KEY_BYTES)
        delegation = delegate(root, member.firm_id, seed, ATTENDED)
    bundle = Bundle(
        RoleKeys(**held),
        root_seed=member.identity.root_seed if role == "administrator" else None,
        root_public=member.root_public,
        device_seed=seed,
        delegation=delegation,
    )
    person = Person(email.strip().lower(), secrets.token_urlsafe(12))
    account_key = secrets.token_bytes(ACCOUNT_KEY_BYTES)
    device = {"device": {"public_key": _public(seed), "delegation": delegation}} if seed else {}
    user = session.add_user({**new_user(person, account_key, bundle), "role": role, **device})
    session.close()
    return Invited(user, person.email, role, person.password, account_key)


def _public(seed: bytes) -> bytes:
    return signing.public_bytes(Ed25519PrivateKey.from_private_bytes(seed))
