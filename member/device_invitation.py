"""A push-only device of an enrolled firm, in two steps: an administrator's `device-add`, then `enrol`.

The administrator's client makes the device's key, lets the root vouch for it (evaluate, upload, book: nothing
else), and seals everything the machine needs in one file under a one-time code. The file and the code travel
separately; neither the root key nor the account key is in it.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member.enrol import UNATTENDED, add_or_find_device, delegate, person_session, push_only
from member.home import Home, Identity
from member.keys import KEY_BYTES, NotOpened, Secret, TextRefused, expand, read_device_code, seal, unseal
from member.keystore import Member
from member.network import Network
from member.pins import compare
from member.refusals import HomeRefused, InputRefused, MemberError
from privacy import signing

FORMAT: Final = 1
CODE_BYTES: Final = 17


class _File(msgspec.Struct, frozen=True):
    format: int
    kind: str
    url: str
    sealed: bytes


class _Content(Secret, frozen=True, omit_defaults=True):
    identity: Identity
    seen: bytes | None = None


def invite_device(member: Member, password: str) -> tuple[bytes, bytes]:
    """A device invitation: the file's bytes, and the code (17 bytes) that opens it. For administrators."""
    root = member.root
    if root is None:
        raise HomeRefused("no-root")
    session = person_session(member, password)
    seed = secrets.token_bytes(KEY_BYTES)
    delegation = delegate(root, member.firm_id, seed, UNATTENDED)
    device = add_or_find_device(session, seed, delegation)
    session.close()
    identity = Identity(
        firm_id=member.firm_id,
        root_public=signing.public_bytes(root),
        device_seed=seed,
        delegation=delegation,
        role_keys=push_only(member.role_keys),
        pins=member.pins,
        device_id=device,
        unattended=True,
    )
    code = secrets.token_bytes(CODE_BYTES)
    # With the newest head of the book that this device saw: the new one notices a step back from there.
    plain = msgspec.json.encode(_Content(identity, member.shelf.seen))
    sealed = seal(_key(code), plain, _name(member.pins.url))
    return msgspec.json.encode(_File(FORMAT, member.pins.kind, member.pins.url, sealed)), code


def read_code(text: str) -> bytes:
    """A code as it was typed. Raise InputRefused."""
    try:
        return read_device_code(text, CODE_BYTES)
    except TextRefused as refused:
        raise InputRefused(f"code-{refused.code}") from None


def take_device(
    path: Path,
    code: bytes,
    home: Path | None = None,
    passphrase: str | None = None,
    network: Network | None = None,
) -> Member:
    """Make this machine the device of an invitation. Without a passphrase its file's mode protects it."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_File)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        raise InputRefused("device-file", path=path) from None
    if found.format != FORMAT:
        raise InputRefused("device-file", path=path)
    try:
        plain = unseal(_key(code), found.sealed, _name(found.url))
        content = msgspec.json.decode(plain, type=_Content)
    except (NotOpened, msgspec.MsgspecError):
        raise InputRefused("code-other") from None
    identity = content.identity
    place = Home(home) if home is not None else None
    if place is not None and place.enrolled:
        marks = place.marks()
        raise HomeRefused("home-taken", path=place.path, kind=marks.kind, network=marks.network)
    used = network or Network(identity.pins.url)
    try:
        compare(identity.pins, used.facts())
    except MemberError:
        if network is None:
            used.close()
        raise
    if place is not None:
        place.lock_with(passphrase)
        place.save(identity)
    member = Member(identity, used, place)
    member.shelf.seen = content.seen
    if member.cache is not None and content.seen is not None:
        member.cache.store_head(content.seen)
    return member


def device_public(member: Member) -> bytes:
    """The device's public key, as the firm's list of devices shows it."""
    return signing.public_bytes(Ed25519PrivateKey.from_private_bytes(member.identity.device_seed))


def _key(code: bytes) -> bytes:
    return expand(code, b"vigie/device-invitation/v1")


def _name(url: str) -> str:
    return f"vigie/device-invitation/v1|{url}"
