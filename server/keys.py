"""The keys folder: made once, with a fresh database; never shown, tied to the database by a hash.

pseudonym.key         the embedded holder's scalar k, 32 bytes
holder-signing.key    Ed25519 seed: the embedded holder's signature under rosters
                      (neither of the two where holders are processes of their own)
receipt.key           Ed25519 seed: receipts for uploads
release-signing.key   Ed25519 seed: release headers
release.key           32 bytes: the noise of releases
session.key           32 bytes: what hides which e-mails have an account
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import evaluate, signing

EMBEDDED: Final = ("pseudonym.key", "holder-signing.key")
OWN: Final = ("receipt.key", "release-signing.key", "release.key", "session.key")
FILES: Final = (*EMBEDDED, *OWN)
UNCLAIMED: Final = "unclaimed"  # the keys were written, the database was not committed yet


class KeysRefused(RuntimeError):
    """The keys folder does not fit the database; the text is for the operator."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The network's secrets, in memory."""

    pseudonym: bytes | None = field(repr=False)
    holder_signing: Ed25519PrivateKey | None = field(repr=False)
    receipt: Ed25519PrivateKey = field(repr=False)
    release_signing: Ed25519PrivateKey = field(repr=False)
    release: bytes = field(repr=False)
    session: bytes = field(repr=False)
    check_seed: bytes = field(repr=False)

    def check(self, network: UUID) -> bytes:
        """What the database keeps, so that another network's keys are noticed; 32 bytes."""
        return hashlib.sha256(b"vigie/keys-check/v1\0" + network.bytes + self.check_seed).digest()

    def pseudonym_public(self) -> bytes:
        """The pseudonym key's public key; 32 bytes. Raise KeysRefused where holders have it elsewhere."""
        if self.pseudonym is None:
            raise KeysRefused("the pseudonym key is not here")
        return evaluate.public_key(self.pseudonym)

    def key_id(self) -> bytes:
        """What uploads name: SHA-256 of the pseudonym key's public key."""
        return evaluate.key_id(self.pseudonym_public())


def load(folder: Path) -> Keys:
    """Raise KeysRefused naming the file that is missing or has another size.

    The embedded holder's may be missing: `server.rosters.check_keys` knows whether they have to be there.
    """
    found = {}
    for name in FILES:
        try:
            found[name] = (folder / name).read_bytes()
        except OSError as error:
            if name in EMBEDDED and isinstance(error, FileNotFoundError):
                continue
            raise KeysRefused(
                f"{folder / name}: {error.strerror}. A network without its keys cannot go on: "
                "restore the folder from its backup (VIGIED_KEYS says where it is)."
            ) from error
        if len(found[name]) != 32:
            raise KeysRefused(f"{folder / name}: {len(found[name])} bytes, expected 32")
    return Keys(
        pseudonym=found.get("pseudonym.key"),
        holder_signing=(
            signing.from_seed(found["holder-signing.key"]) if "holder-signing.key" in found else None
        ),
        receipt=signing.from_seed(found["receipt.key"]),
        release_signing=signing.from_seed(found["release-signing.key"]),
        release=found["release.key"],
        session=found["session.key"],
        check_seed=hashlib.sha256(b"".join(found[name] for name in OWN)).digest(),
    )


def make(folder: Path, *, embedded: bool = True) -> Keys:
    """Write fresh keys (0600, in a 0700 folder); take up the ones of a creation that did not come to its end.

    `embedded`: the server is the network's only holder of the pseudonym key; else it never has one.

    Raise KeysRefused when the folder holds keys that belong to a database.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    present = [name for name in FILES if (folder / name).exists()]
    unclaimed = (folder / UNCLAIMED).exists()
    if present and not unclaimed:
        raise KeysRefused(
            f"{folder} holds the keys of another database: set VIGIED_KEYS to an empty folder for a new one"
        )
    write_secret(folder / UNCLAIMED, b"")
    for name in FILES if embedded else OWN:
        if name not in present:
            secret = evaluate.generate_key() if name == "pseudonym.key" else secrets.token_bytes(32)
            write_secret(folder / name, secret)
    return load(folder)


def claim(folder: Path) -> None:
    """The database that the keys belong to is committed."""
    (folder / UNCLAIMED).unlink(missing_ok=True)


def write_secret(path: Path, content: bytes) -> None:
    """Whole or not at all, and durable before the database refers to it."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
