"""A firm's chain of users' and devices' keys: each entry names the one before and is signed by the root key.

Who is in it gets the firm's role keys sealed to her own key when they are rolled; who is not, does not. An
entry, little-endian:

    bytes
       1  version, 1
      16  firm
       4  sequence, from 1
      32  SHA-256 of the entry before; zeros for the first
       1  kind: 1 certified, 2 removed
      16  subject: the user's or the device's id
       1  role: 1 administrator, 2 credit manager, 3 analyst, 4 sales, 5 auditor, 6 attended device,
          7 push-only device
       4  generation of the role keys from here on: one more after a removal, else the same; from 1
      32  the subject's Ed25519 key
      32  the subject's X25519 key (both zeros in a removal)
       8  unix seconds by the administrator's clock
      64  the root's signature, purpose "keyring"

Rules of order, whose guardian this is: sequence and previous follow; a removal moves
the generation on, also of somebody who was never certified: she held role keys from her invitation; a subject
that is certified again replaces its keys.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import signing

VERSION: Final = 1
_ENTRY: Final = struct.Struct("<B16sI32sB16sBI64sq")
ENTRY_BYTES: Final = _ENTRY.size + 64
PUBLIC_BYTES: Final = 64
SUBJECTS_MAX: Final = 1_000


class Kind(IntEnum):
    """What an entry does."""

    CERTIFIED = 1
    REMOVED = 2


class Role(IntEnum):
    """Which of the role keys a subject may have."""

    ADMINISTRATOR = 1
    CREDIT_MANAGER = 2
    ANALYST = 3
    SALES = 4
    AUDITOR = 5
    ATTENDED = 6
    UNATTENDED = 7


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an entry does not continue the chain: `code` for programs, `text` for people and logs."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that was read; verified when `Keyring.take` has returned a keyring."""

    firm: bytes
    sequence: int
    previous: bytes
    kind: Kind
    subject: bytes
    role: Role
    generation: int
    keys: bytes
    at: int

    def payload(self) -> bytes:
        """What the root signs."""
        return _ENTRY.pack(
            VERSION,
            self.firm,
            self.sequence,
            self.previous,
            self.kind,
            self.subject,
            self.role,
            self.generation,
            self.keys,
            self.at,
        )


@dataclass(frozen=True, slots=True)
class Keyring:
    """The chain folded. `subjects`: role and public keys by id; `digests`: of every entry, from the first."""

    firm: bytes
    subjects: Mapping[bytes, tuple[Role, bytes]] = field(default_factory=dict)
    generation: int = 1
    digests: tuple[bytes, ...] = ()

    @property
    def digest(self) -> bytes:
        """Of the newest entry; zeros before the first."""
        return self.digests[-1] if self.digests else bytes(32)

    def certify(self, root: Ed25519PrivateKey, subject: bytes, role: Role, keys: bytes, at: int) -> bytes:
        """The record that puts a subject's keys in."""
        return self._signed(root, Kind.CERTIFIED, subject, role, self.generation, keys, at)

    def remove(self, root: Ed25519PrivateKey, subject: bytes, at: int) -> bytes:
        """The record that takes a subject out; one who was never certified under the role that has least."""
        role, _ = self.subjects.get(subject, (Role.AUDITOR, b""))
        return self._signed(root, Kind.REMOVED, subject, role, self.generation + 1, bytes(PUBLIC_BYTES), at)

    def _signed(  # noqa: PLR0917 - the fields of an entry
        self,
        root: Ed25519PrivateKey,
        kind: Kind,
        subject: bytes,
        role: Role,
        generation: int,
        keys: bytes,
        at: int,
    ) -> bytes:
        place = (self.firm, len(self.digests) + 1, self.digest)
        payload = Entry(*place, kind, subject, role, generation, keys, at).payload()
        return payload + signing.sign(root, "keyring", payload)

    def take(self, record: bytes, root_public: bytes) -> Keyring | Refusal:
        """The keyring after an entry, or which rule it breaks."""
        entry = read_entry(record)
        if isinstance(entry, Refusal):
            return entry
        if entry.firm != self.firm or not signing.verify(
            root_public, "keyring", record[: _ENTRY.size], record[_ENTRY.size :]
        ):
            return Refusal("keyring-signature", "an entry is not signed by the firm's root key")
        expected = len(self.digests) + 1
        if entry.sequence != expected or entry.previous != self.digest:
            return Refusal("keyring-order", f"entry {entry.sequence} does not follow entry {expected - 1}")
        if entry.generation != self.generation + (entry.kind is Kind.REMOVED):
            return Refusal("keyring-order", f"generation {entry.generation} after {self.generation}")
        subjects = dict(self.subjects)
        if entry.kind is Kind.CERTIFIED:
            subjects[entry.subject] = (entry.role, entry.keys)
        else:
            subjects.pop(entry.subject, None)
        if len(subjects) > SUBJECTS_MAX:
            return Refusal("keyring-order", f"at most {SUBJECTS_MAX} keys")
        digests = (*self.digests, hashlib.sha256(record).digest())
        return replace(self, subjects=subjects, generation=entry.generation, digests=digests)

    def reaches(self, sequence: int, digest: bytes) -> Refusal | None:
        """Refuse a chain that ends before, or differs from, the place that was seen before (0: none)."""
        if sequence > len(self.digests):
            return Refusal(
                "keyring-rolled-back", f"the chain of keys ends at {len(self.digests)}; {sequence} was seen"
            )
        if sequence and self.digests[sequence - 1] != digest:
            return Refusal("keyring-forked", f"entry {sequence} is another one than was seen")
        return None


def read_entry(record: bytes) -> Entry | Refusal:
    """The fields of an entry, unverified."""
    if len(record) != ENTRY_BYTES:
        return Refusal("keyring-shape", f"an entry of {len(record)} bytes; expected {ENTRY_BYTES}")
    version, firm, sequence, previous, kind, subject, role, generation, keys, at = _ENTRY.unpack_from(record)
    if version != VERSION or kind not in set(Kind) or role not in set(Role):
        return Refusal("keyring-shape", f"version {version}, kind {kind}, role {role}")
    return Entry(firm, sequence, previous, Kind(kind), subject, Role(role), generation, keys, at)


def read(records: Iterable[bytes], firm: bytes, root_public: bytes) -> Keyring | Refusal:
    """The whole chain, verified from its first entry."""
    keyring = Keyring(firm)
    for record in records:
        after = keyring.take(record, root_public)
        if isinstance(after, Refusal):
            return after
        keyring = after
    return keyring


def proof_payload(firm: bytes, subject: bytes, keys: bytes) -> bytes:
    """What a subject signs with the key that it offers, purpose "keyring-offer"."""
    return firm + subject + keys


def wrap_payload(firm: bytes, subject: bytes, generation: int, sealed: bytes) -> bytes:
    """What the root signs of role keys sealed to a subject, purpose "role-keys"."""
    return firm + subject + generation.to_bytes(4, "little") + sealed


def fingerprint(firm: bytes, subject: bytes, keys: bytes) -> str:
    """What two people compare before a key is certified: 120 bits, six groups of four letters."""
    digest = hashlib.sha256(b"vigie/keyring-fingerprint/v1\0" + firm + subject + keys).digest()
    letters = base64.b32encode(digest[:15]).decode()
    return "-".join(letters[at : at + 4] for at in range(0, 24, 4))
