"""The home folder of one device of one firm: its secrets in one file, whole or not at all, 0600.

member.json     who this device is, its keys, what it pinned; sealed under a passphrase when one is given
manifests.json  the chain of manifests that was verified here: so that another one is noticed, and proven
receipts.jsonl  the network's signed receipts
proven.json     what of it was proven before, so that it is proven once
manifests-forked.json  another signed history that the network has shown: proof
book/           the book's sealed segments, as the server has them
conversations.json, recovery.sealed: see `member.conversing`, `member.recovery`

A home belongs to one network and says of what kind: a demonstration's is never a production one's.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from member.keys import (
    ARGON2ID,
    SALT_BYTES,
    NotOpened,
    RoleKeys,
    Secret,
    Stretching,
    expand,
    seal,
    stretch,
    unseal,
)
from member.pins import Pins
from member.refusals import HomeRefused

FORMAT: Final = 1
FILE: Final = "member.json"
BOOK_FOLDER: Final = "book"
OWN_FILES: Final = (
    FILE,
    "manifests.json",
    "manifests-forked.json",
    "proven.json",
    "receipts.jsonl",
    "conversations.json",
    "recovery.sealed",
    "watch.json",
    "watch.log",
    "watch.log.1",
    "watch.lock",
)
CHANGES_FOLDER: Final = "changes"


class Identity(Secret, frozen=True, omit_defaults=True):
    """Everything secret that a device holds, and what it pinned. Ids are None until the network gave them.

    root_seed and account_key are with an administrator's device alone; an unattended one has neither.
    """

    firm_id: UUID
    root_public: bytes
    device_seed: bytes
    delegation: bytes
    role_keys: RoleKeys
    pins: Pins
    user_id: UUID | None = None
    device_id: UUID | None = None
    email: str | None = None
    account_key: bytes | None = None
    root_seed: bytes | None = None
    recovery_kit: bytes | None = None  # until the enrolment is finished, then on paper alone
    unattended: bool = False


class _Lock(msgspec.Struct, frozen=True):
    salt: bytes
    passes: int
    memory_kib: int
    lanes: int


class _File(msgspec.Struct, frozen=True):
    """What stands in member.json: marks that anybody may read, and the identity, sealed or not."""

    format: int
    kind: str
    network: str
    url: str
    firm_id: UUID
    device_id: UUID | None
    unattended: bool
    lock: _Lock | None
    content: bytes

    def __repr__(self) -> str:
        return f"<home of firm {self.firm_id}>"


@dataclass(frozen=True, slots=True)
class Marks:
    """What a home says without its passphrase."""

    kind: str
    network: str
    url: str
    firm_id: UUID
    device_id: UUID | None
    unattended: bool
    sealed: bool


def default_home() -> Path:
    """VIGIE_HOME, else the platform's folder for a user's data."""
    if chosen := os.environ.get("VIGIE_HOME"):
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("vigie", appauthor=False)


@dataclass(slots=True)
class Home:
    """A home folder. `_key` and `_lock` are kept once its passphrase was given."""

    path: Path
    _key: bytes | None = field(default=None, repr=False)
    _lock: _Lock | None = field(default=None, repr=False)

    @property
    def enrolled(self) -> bool:
        """Whether a device lives here."""
        return (self.path / FILE).exists()

    def marks(self) -> Marks:
        """What can be said without a passphrase. Raise HomeRefused."""
        found = self._read()
        return Marks(
            kind=found.kind,
            network=found.network,
            url=found.url,
            firm_id=found.firm_id,
            device_id=found.device_id,
            unattended=found.unattended,
            sealed=found.lock is not None,
        )

    def load(self, passphrase: str | None = None) -> Identity:
        """The identity. Raise HomeRefused: not enrolled, damaged, passphrase wanted or wrong."""
        found = self._read()
        plain = found.content
        if found.lock is not None:
            if passphrase is None:
                raise HomeRefused("passphrase-wanted")
            key = _key_of(passphrase, found.lock)
            try:
                plain = unseal(key, found.content, _name(found.kind, found.firm_id))
            except NotOpened:
                raise HomeRefused("passphrase-wrong") from None
            self._key, self._lock = key, found.lock
        try:
            identity = msgspec.json.decode(plain, type=Identity)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise HomeRefused("home-damaged", path=self.path / FILE) from None
        if (identity.firm_id, identity.pins.kind) != (found.firm_id, found.kind):
            raise HomeRefused(
                "other-network",
                found=f"{found.kind} {found.firm_id}",
                expected=f"{identity.pins.kind} {identity.firm_id}",
            )
        return identity

    def lock_with(self, passphrase: str | None, cost: Stretching = ARGON2ID) -> None:
        """Seal under this passphrase from the next save on; None: rely on the file's permissions alone."""
        if passphrase is None:
            self._key = self._lock = None
            return
        lock = _Lock(secrets.token_bytes(SALT_BYTES), cost.passes, cost.memory_kib, cost.lanes)
        self._key, self._lock = _key_of(passphrase, lock), lock

    def save(self, identity: Identity) -> None:
        """Write the identity, whole or not at all, durably, for this user alone."""
        plain = msgspec.json.encode(identity)
        content = (
            plain
            if self._key is None
            else seal(self._key, plain, _name(identity.pins.kind, identity.firm_id))
        )
        pins = identity.pins
        stored = _File(
            FORMAT,
            pins.kind,
            pins.name,
            pins.url,
            identity.firm_id,
            identity.device_id,
            identity.unattended,
            self._lock,
            content,
        )
        self.make()
        write_file(self.path / FILE, msgspec.json.format(msgspec.json.encode(stored), indent=1))

    def make(self) -> None:
        """The folder itself, for this user alone."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def wipe(self) -> None:
        """Delete what a device leaves here, and the folder if nothing else is in it."""
        for name in OWN_FILES:
            (self.path / name).unlink(missing_ok=True)
        for name in (BOOK_FOLDER, CHANGES_FOLDER):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for question in self.path.glob("overlap-*.json"):
            question.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def _read(self) -> _File:
        place = self.path / FILE
        try:
            found = msgspec.json.decode(place.read_bytes(), type=_File)
        except FileNotFoundError:
            raise HomeRefused("not-enrolled", path=self.path) from None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            raise HomeRefused("home-damaged", path=place) from None
        if found.format != FORMAT:
            raise HomeRefused("home-damaged", path=place)
        return found


def _key_of(passphrase: str, lock: _Lock) -> bytes:
    cost = Stretching(lock.passes, lock.memory_kib, lock.lanes)
    return expand(stretch(passphrase, lock.salt, cost), b"vigie/home/v1")


def _name(kind: str, firm: UUID) -> str:
    return f"vigie/home/v1|{kind}|{firm}"


def write_file(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Whole or not at all, readable by its user alone; durable when this returns, unless told otherwise."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows renames durably enough, and opens no folders
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
