"""A key holder's folder: who it is, its keys and parts, the rosters that it knows, a ceremony under way.

holder.json         number, name, address
signing.key         Ed25519 seed: signs rosters, cards, packages and the log
parts-<epoch>.json  its two parts of an epoch; those of the epoch before are erased when its time is over
rosters.json        the signed rosters in force so far
ceremony.json       the ceremony under way: its cards, the sealing key made for it, what was contributed;
                    erased when the roster that follows from it is installed
book.sqlite3        admissions, budgets, the log: see `server.keyholder_book`
witness.sqlite3     the network it witnesses, what it signed last: see `server.keyholder_witness`

Every file is whole or not at all, 0600, in a folder of 0700. What is erased, or replaced in a ceremony, is
overwritten first. Knows: files. Must not know: requests, members.
"""

from __future__ import annotations

import os
import secrets
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import roster as rosters
from privacy import signing
from privacy.oprf import is_scalar
from privacy.parts import HOLDERS, parts_of
from privacy.roster import Roster, RosterRefused, SignedRoster
from server.keys import write_secret

DAY_SECONDS: Final = 86_400


class FolderRefused(RuntimeError):
    """The holder's folder is missing, damaged or another one's; the text is for people."""


class _Who(msgspec.Struct, frozen=True):
    number: int
    name: str
    url: str


class _Parts(msgspec.Struct, frozen=True):
    """An epoch's parts; `installed_at`: Unix seconds."""

    epoch: int
    installed_at: int
    parts: dict[str, str]

    def __repr__(self) -> str:
        return f"<parts of epoch {self.epoch}>"


class Begun(msgspec.Struct, frozen=True):
    """A ceremony under way. `before`: the roster it changes, as text; `parts`: what came of it."""

    kind: str
    sealing: str
    cards: list[str] = []
    before: str | None = None
    kept: dict[str, Any] = {}
    parts: dict[str, str] = {}
    roster: str = ""

    def __repr__(self) -> str:
        return f"<ceremony {self.kind}>"


@dataclass(frozen=True, slots=True)
class Served:
    """An epoch that requests may name: its roster, and this holder's parts of it."""

    roster: Roster
    parts: dict[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class HolderFolder:
    """One holder of one network."""

    path: Path
    number: int
    name: str
    url: str
    signing: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def make(cls, path: Path, number: int, name: str, url: str) -> HolderFolder:
        """A new holder, with a signing key of its own. Raise FolderRefused where one lives already."""
        if number not in HOLDERS or not name.strip() or not url.strip():
            raise FolderRefused("expected a number from 1 to 3, a name and an address")
        if (path / "holder.json").exists():
            raise FolderRefused(f"{path} holds a key holder already")
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(path / "signing.key", secrets.token_bytes(32))
        write_secret(path / "holder.json", msgspec.json.encode(_Who(number, name.strip(), url.strip())))
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> HolderFolder:
        """Raise FolderRefused."""
        try:
            who = msgspec.json.decode((path / "holder.json").read_bytes(), type=_Who)
            key = signing.from_seed((path / "signing.key").read_bytes())
        except FileNotFoundError as error:
            raise FolderRefused(
                f"{error.filename} does not exist: `vigied keyholder init` makes a holder "
                "(VIGIED_HOLDER says where)"
            ) from None
        except (OSError, ValueError) as error:
            raise FolderRefused(f"{path}: damaged ({type(error).__name__})") from None
        return cls(path, who.number, who.name, who.url, key)

    @property
    def public(self) -> bytes:
        """The holder's Ed25519 key, 32 bytes."""
        return signing.public_bytes(self.signing)

    # ---- rosters and parts

    @property
    def rosters_file(self) -> Path:
        """Its time of change tells a serving process that a roster was installed."""
        return self.path / "rosters.json"

    def chain(self) -> list[SignedRoster]:
        """The rosters in force so far, oldest first."""
        try:
            texts = msgspec.json.decode(self.rosters_file.read_bytes(), type=list[str])
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError) as error:
            raise FolderRefused(f"{self.rosters_file}: damaged ({type(error).__name__})") from None
        return [rosters.from_text(text) for text in texts]

    def parts(self, epoch: int) -> dict[str, bytes]:
        """This holder's parts of an epoch; none where they were never here or are erased."""
        found = self._parts(epoch)
        return {} if found is None else {name: bytes.fromhex(part) for name, part in found.parts.items()}

    def _parts(self, epoch: int) -> _Parts | None:
        path = self.path / f"parts-{epoch}.json"
        try:
            found = msgspec.json.decode(path.read_bytes(), type=_Parts)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            raise FolderRefused(f"{path}: damaged ({type(error).__name__})") from None
        if set(found.parts) != set(parts_of(self.number)) or not all(
            is_scalar(bytes.fromhex(part)) for part in found.parts.values()
        ):
            raise FolderRefused(f"{path}: these are not the parts of holder {self.number}")
        return found

    def install(self, signed: SignedRoster, now: int) -> Roster:
        """Put a roster in force, with the parts of the ceremony that led to it; erase the ceremony.

        Raise FolderRefused, or RosterRefused where the change is not one that the rules allow.
        """
        chain = self.chain()
        if chain and chain[-1].body == signed.body:
            erase(self.path / "ceremony.json")  # an earlier try may have ended before this
            return rosters.read(signed.body)
        begun = self.begun()
        if begun.roster.encode() != signed.body:
            raise FolderRefused("this roster is not what the ceremony here led to")
        before = chain[-1] if chain else rosters.from_text(begun.before) if begun.before else None
        roster = rosters.check(signed) if before is None else rosters.check_change(before, signed)
        kept = _Parts(roster.epoch, now, begun.parts)
        write_secret(self.path / f"parts-{roster.epoch}.json", msgspec.json.encode(kept))
        texts = [rosters.to_text(one) for one in ([before] if before and not chain else chain)]
        write_secret(self.rosters_file, msgspec.json.encode([*texts, rosters.to_text(signed)]))
        erase(self.path / "ceremony.json")
        return roster

    def served(self, now: int) -> dict[int, Served]:
        """The epochs that requests may name: the newest, and the one before until its time is over.

        Parts whose time is over are erased here.
        """
        chain = self.chain()
        if not chain:
            raise FolderRefused("this holder has no part yet: a ceremony comes first")
        newest = rosters.read(chain[-1].body)
        kept = self._parts(newest.epoch)
        if kept is None:
            raise FolderRefused(f"the parts of epoch {newest.epoch} are not here")
        found = {newest.epoch: Served(newest, self.parts(newest.epoch))}
        until = kept.installed_at + newest.overlap_days * DAY_SECONDS
        for signed in chain[:-1]:
            old = rosters.read(signed.body)
            parts = self.parts(old.epoch)
            if parts and old.epoch == newest.epoch - 1 and now < until:
                found[old.epoch] = Served(old, parts)
            elif parts:
                erase(self.path / f"parts-{old.epoch}.json")
        return found

    # ---- a ceremony under way

    def begun(self) -> Begun:
        """The ceremony under way. Raise FolderRefused."""
        try:
            return msgspec.json.decode((self.path / "ceremony.json").read_bytes(), type=Begun)
        except FileNotFoundError:
            raise FolderRefused("no ceremony is under way here: `vigied keyholder card` begins one") from None
        except (OSError, msgspec.MsgspecError) as error:
            raise FolderRefused(f"ceremony.json: damaged ({type(error).__name__})") from None

    def keep(self, begun: Begun) -> None:
        """Write the ceremony down."""
        path = self.path / "ceremony.json"
        with path.open("r+b") if path.exists() else nullcontext() as before:
            write_secret(path, msgspec.json.encode(begun))
            if before is not None:
                _overwrite(before)


def erase(path: Path) -> None:
    """Overwrite and delete; a solid-state disk, a snapshot or a backup may still keep what was there."""
    for one in (path, path.with_name(path.name + ".new")):  # the second: of a write that a crash cut short
        with suppress(FileNotFoundError):
            with one.open("r+b") as file:
                _overwrite(file)
            one.unlink()


def _overwrite(file: BinaryIO) -> None:
    """With zeros that reach the disk: those of a file deleted at once never would."""
    file.write(bytes(os.fstat(file.fileno()).st_size))
    file.flush()
    os.fsync(file.fileno())


def read_signed(path: Path) -> SignedRoster:
    """A roster's file. Raise RosterRefused."""
    try:
        return rosters.from_text(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RosterRefused("shape", f"{path}: {getattr(error, 'strerror', None) or 'no text'}") from None
