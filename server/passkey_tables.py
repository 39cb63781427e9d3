"""The rows of passkeys: public keys of a person's authenticators, and challenges that wait to be signed."""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, BigInt, Bytea, Varchar
from piccolo.table import Table

ORIGIN_CHARACTERS_MAX: Final = 270  # a name, and "https://" before it and a port after it


class Passkey(Table, tablename="passkey"):
    """One authenticator of one person, for one address of the network's (`origin`, to the port)."""

    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    origin = Varchar(length=ORIGIN_CHARACTERS_MAX)
    credential = Bytea()  # attested credential data (WebAuthn level 2, section 6.5.1): id and public key
    name = Varchar(length=80)
    signatures = BigInt(default=0)  # where the authenticator counts them
    added_at = BigInt()
    used_at = BigInt(null=True, default=None)


class PasskeyChallenge(Table, tablename="passkey_challenge"):
    """32 random bytes that one person may sign once."""

    challenge = Bytea(primary_key=True, default=None)
    person = UUID(default=None)
    expires_at = BigInt()


PASSKEY_TABLES: Final[list[type[Table]]] = [Passkey, PasskeyChallenge]
