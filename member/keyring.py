"""The firm's keyring from one device: read and pinned, own keys offered, rolled role keys taken up.

Rules of order, whose guardian this is:
1. The chain is verified from its first entry under the firm's root key, and has to contain what this device
   saw last (`keyring.json` in the home): a server that swaps a key, plays an older chain or another one is
   found.
2. Role keys are taken from a wrap that the root signed for this subject and for the generation that the chain
   is at: an older one, played again, is refused.
3. A subject's keys are certified after a person has compared their fingerprint on another way, and for the
   role that she says: what the network claims of either counts for nothing.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.keys import PrivateKeys, PublicKeys
from member.home import write_file
from member.keys import RoleKeys, Secret, expand
from member.keystore import Member
from member.refusals import HomeRefused, InputRefused, Untrusted
from privacy import keyring as rings
from privacy import signing
from privacy.keyring import Keyring, Refusal, Role

FILE: Final = "keyring.json"
ALL: Final = ("names", "ledger", "conversations", "notes")
KEYS: Final[dict[Role, tuple[str, ...]]] = {
    Role.ADMINISTRATOR: ALL,
    Role.CREDIT_MANAGER: ALL,
    Role.ANALYST: ("names", "ledger"),
    Role.SALES: ("names",),
    Role.AUDITOR: (),
    Role.ATTENDED: ALL,
    Role.UNATTENDED: ("names", "ledger"),
}


class Wrap(msgspec.Struct, frozen=True):
    """Role keys sealed to one subject, as the network gives them."""

    subject_id: UUID
    generation: int
    sealed: bytes
    signature: bytes


class Offered(msgspec.Struct, frozen=True):
    """Keys that wait for an administrator; `label` and `role` are the network's word."""

    subject_id: UUID
    label: str
    role: str
    public: bytes
    proof: bytes


class Answer(msgspec.Struct, frozen=True):
    """The network's answer; nothing in it is verified."""

    entries: list[bytes]
    subject_id: UUID
    wrap: Wrap | None
    root_wrap: Wrap | None
    offered: list[Offered]


class _Seen(msgspec.Struct, frozen=True):
    sequence: int = 0
    digest: bytes = bytes(32)


class _Sealed(Secret, frozen=True):
    role_keys: RoleKeys


@dataclass(frozen=True, slots=True)
class Ring:
    """A verified chain, and what came with it."""

    keyring: Keyring
    answer: Answer


def own_keys(device_seed: bytes) -> PrivateKeys:
    """A device's own keys in the keyring, from its seed: nothing more has to be kept."""
    halves = (expand(device_seed, b"vigie/keyring-sign/v1"), expand(device_seed, b"vigie/keyring-seal/v1"))
    return PrivateKeys.from_bytes(b"".join(halves))


def root_keys(root_seed: bytes) -> PrivateKeys:
    """What role keys are sealed to for whoever comes back with the recovery kit, which opens the root key."""
    return own_keys(root_seed)


def read(member: Member) -> Ring:
    """The keyring now. Raise Untrusted "keyring-signature", "keyring-rolled-back", "keyring-forked" ..."""
    answer = member.network.read(member.session.send("GET", "/api/keyring"), Answer)
    return Ring(verify(answer.entries, member.firm_id, member.root_public, _place(member)), answer)


def verify(entries: Iterable[bytes], firm: UUID, root_public: bytes, place: Path | None) -> Keyring:
    """The chain, verified and pinned; `place`: the file that says what was seen (None: nothing is kept)."""
    found = rings.read(entries, firm.bytes, root_public)
    if isinstance(found, Refusal):
        raise Untrusted(found.code, why=found.text)
    seen = _Seen()
    if place is not None and place.exists():
        seen = msgspec.json.decode(place.read_bytes(), type=_Seen)
    refusal = found.reaches(seen.sequence, seen.digest)
    if refusal is not None:
        raise Untrusted(refusal.code, why=refusal.text)
    if place is not None and len(found.digests) > seen.sequence:
        write_file(place, msgspec.json.encode(_Seen(len(found.digests), found.digest)))
    return found


def _place(member: Member) -> Path | None:
    return member.home.path / FILE if member.home is not None else None


def offer(member: Member) -> str:
    """Offer this device's keys; their fingerprint, to be read out to an administrator."""
    keys = own_keys(member.identity.device_seed)
    return offer_keys(member, member.device_id, keys)


def offer_keys(member: Member, subject: UUID, keys: PrivateKeys) -> str:
    """Offer keys for the session's owner; their fingerprint."""
    public, firm = keys.public().to_bytes(), member.firm_id.bytes
    said = rings.proof_payload(firm, subject.bytes, public)
    body = {"public": public, "proof": signing.sign(keys.signing, "keyring-offer", said)}
    member.session.send("PUT", "/api/keyring/offer", json=body)
    return rings.fingerprint(firm, subject.bytes, public)


def certify(member: Member, subject: UUID, fingerprint: str, role: Role) -> Keyring:
    """Put a subject in whose fingerprint was compared. Raise InputRefused "fingerprint", Untrusted."""
    root = _root(member)
    ring = read(member)
    firm = member.firm_id.bytes
    offered = next((one for one in ring.answer.offered if one.subject_id == subject), None)
    if offered is None:
        raise InputRefused("key-not-offered", subject=subject)
    public = offered.public
    typed = "".join(character for character in fingerprint.upper() if character.isalnum())
    shown = rings.fingerprint(firm, subject.bytes, public)
    if not hmac.compare_digest(typed, shown.replace("-", "")):
        raise InputRefused("fingerprint", found=shown)
    record = ring.keyring.certify(root, subject.bytes, role, public, int(time.time()))
    after = granted(ring.keyring.take(record, member.root_public))
    wraps = [wrap_for(root, after, subject.bytes, role, public, member.role_keys)]
    if not ring.keyring.digests:
        wraps.append(_root_wrap(member, root, after, member.role_keys))
    send(member, [record], wraps)
    verify([*ring.answer.entries, record], member.firm_id, member.root_public, _place(member))
    return after


def send(member: Member, entries: list[bytes], wraps: list[Wrap]) -> None:
    """Entries and wraps in one transaction."""
    member.session.send("POST", "/api/keyring", json={"entries": entries, "wraps": wraps})


def granted(outcome: Keyring | Refusal) -> Keyring:
    """The keyring, or Untrusted."""
    if isinstance(outcome, Refusal):
        raise Untrusted(outcome.code, why=outcome.text)
    return outcome


def wraps_for_all(member: Member, root: Ed25519PrivateKey, after: Keyring, keys: RoleKeys) -> list[Wrap]:
    """Role keys for everybody who is in the keyring, each those of her role, and for the root itself."""
    wraps = [
        wrap_for(root, after, subject, role, public, keys)
        for subject, (role, public) in sorted(after.subjects.items())
    ]
    return [*wraps, _root_wrap(member, root, after, keys)]


def _root_wrap(member: Member, root: Ed25519PrivateKey, after: Keyring, keys: RoleKeys) -> Wrap:
    public = root_keys(root.private_bytes_raw()).public().to_bytes()
    return wrap_for(root, after, member.firm_id.bytes, Role.ADMINISTRATOR, public, keys)


def wrap_for(  # noqa: PLR0917 - who gets what, under whose word
    root: Ed25519PrivateKey, after: Keyring, subject: bytes, role: Role, public: bytes, keys: RoleKeys
) -> Wrap:
    """The role keys of one role, sealed to one subject."""
    content = msgspec.json.encode(_Sealed(limited(keys, role)))
    info = _info(after.firm, subject, after.generation)
    sealed = PublicKeys.from_bytes(public).seal(content, info)
    if sealed is None:
        raise Untrusted("keyring-signature", why="a key in the keyring cannot be sealed to")
    said = rings.wrap_payload(after.firm, subject, after.generation, sealed)
    return Wrap(UUID(bytes=subject), after.generation, sealed, signing.sign(root, "role-keys", said))


def limited(keys: RoleKeys, role: Role) -> RoleKeys:
    """The keys that a role may have, earlier ones too."""
    own = {name: getattr(keys, name) for name in KEYS[role]}
    earlier = tuple(limited(one, role) for one in keys.earlier) if KEYS[role] else ()
    return RoleKeys(**own, earlier=earlier)


def open_wrap(
    wrap: Wrap | None, ring: Keyring, subject: UUID, root_public: bytes, own: PrivateKeys
) -> RoleKeys:
    """The role keys. Raise Untrusted: none, an older one, not the root's, not for this subject."""
    if wrap is None or wrap.generation != ring.generation:
        found = 0 if wrap is None else wrap.generation
        raise Untrusted("wrap-old", found=found, expected=ring.generation)
    said = rings.wrap_payload(ring.firm, subject.bytes, wrap.generation, wrap.sealed)
    plain = own.open(wrap.sealed, _info(ring.firm, subject.bytes, wrap.generation))
    if plain is None or not signing.verify(root_public, "role-keys", said, wrap.signature):
        raise Untrusted("wrap-other")
    return msgspec.json.decode(plain, type=_Sealed).role_keys


def take_up(member: Member) -> bool:
    """Adopt role keys that were rolled since; whether there were any.

    An administrator's device opens them with the root key, certified or not. Another one that is not in the
    keyring: nothing happens.
    """
    ring = read(member)
    own = own_keys(member.identity.device_seed)
    keys = newer(
        ring.answer, ring.keyring, member.root_public, member.device_id, own, member.identity.root_seed,
        member.role_keys,
    )  # fmt: skip
    if keys is None:
        return False
    member.identity = msgspec.structs.replace(member.identity, role_keys=keys)
    member.save()
    return True


def newer(  # noqa: PLR0917 - whose they are, and what opens them
    answer: Answer,
    ring: Keyring,
    root_public: bytes,
    subject: UUID,
    own: PrivateKeys | None,
    root_seed: bytes | None,
    held: RoleKeys,
) -> RoleKeys | None:
    """The role keys in force where they are others than `held`. None: they are not, or nothing was sealed.

    Who is certified opens them with her own keys; otherwise who has the root key, with that. Raise Untrusted.
    """
    if own is not None and subject.bytes in ring.subjects:
        keys = open_wrap(answer.wrap, ring, subject, root_public, own)
    elif root_seed is not None and answer.root_wrap is not None:
        keys = open_wrap(answer.root_wrap, ring, UUID(bytes=ring.firm), root_public, root_keys(root_seed))
    else:
        return None
    return None if in_force(keys) == in_force(held) else keys


def in_force(keys: RoleKeys) -> RoleKeys:
    """Without the ones before."""
    return msgspec.structs.replace(keys, earlier=())


def _root(member: Member) -> Ed25519PrivateKey:
    root = member.root
    if root is None:
        raise HomeRefused("no-root")
    return root


def _info(firm: bytes, subject: bytes, generation: int) -> bytes:
    return b"vigie/role-keys/v1\0" + firm + subject + generation.to_bytes(4, "little")
