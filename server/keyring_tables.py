"""The rows of a firm's keyring: signed entries, offered keys, sealed role keys, and devices being paired."""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, BigInt, Bytea, Integer
from piccolo.table import Table


class KeyringEntry(Table, tablename="keyring_entry"):
    """One entry of a firm's chain (`privacy.keyring`), as its root signed it."""

    firm = UUID(default=None)
    sequence = Integer()
    record = Bytea()


class KeyringOffer(Table, tablename="keyring_offer"):
    """Keys that a user or device asks an administrator to certify."""

    subject = UUID(primary_key=True, default=None)
    firm = UUID(index=True, default=None)
    public = Bytea()
    proof = Bytea()
    offered_at = BigInt()


class RoleKeyWrap(Table, tablename="role_key_wrap"):
    """The newest role keys sealed to one subject, signed by the root."""

    subject = UUID(primary_key=True, default=None)
    firm = UUID(index=True, default=None)
    generation = Integer()
    sealed = Bytea()
    signature = Bytea()


class Pairing(Table, tablename="pairing"):
    """A second device on its way to the account key: both show one code (`server.pairing`)."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    commitment = Bytea()
    offered = Bytea(null=True, default=None)
    revealed = Bytea(null=True, default=None)
    sealed = Bytea(null=True, default=None)
    expires_at = BigInt(index=True)


KEYRING_TABLES: Final[list[type[Table]]] = [KeyringEntry, KeyringOffer, RoleKeyWrap, Pairing]
KEYRING_INDEXES: Final[list[tuple[str, str, str, bool, str]]] = [
    ("keyring_entry_once", "keyring_entry", "firm, sequence", True, ""),
]
