"""The recovery kit at work: it opens a home whose passphrase was forgotten.

Knows: `recovery.sealed`, written beside the identity when a firm enrols: all of it under the kit's key.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from member.home import Home, Identity, write_file
from member.keys import NotOpened, TextRefused, read_recovery_kit, recovery_key, seal, unseal
from member.refusals import HomeRefused, InputRefused

FILE: Final = "recovery.sealed"


def keep_recovery(home: Home, identity: Identity, kit: bytes) -> None:
    """Seal an identity for its kit, beside it."""
    home.make()
    plain = msgspec.json.encode(identity)
    write_file(home.path / FILE, seal(recovery_key(kit), plain, _name(str(identity.firm_id))))


def read_kit(text: str) -> bytes:
    """A kit as it was typed. Raise InputRefused."""
    try:
        return read_recovery_kit(text)
    except TextRefused as refused:
        raise InputRefused(f"kit-{refused.code}") from None


def recover(path: Path, kit: bytes, passphrase: str | None) -> Identity:
    """Open a home with the kit and seal it under a new passphrase. Raise HomeRefused, InputRefused."""
    home = Home(path)
    firm = home.marks().firm_id
    try:
        sealed = (path / FILE).read_bytes()
    except OSError:
        raise HomeRefused("no-recovery", path=path) from None
    try:
        identity = msgspec.json.decode(unseal(recovery_key(kit), sealed, _name(str(firm))), type=Identity)
    except (NotOpened, msgspec.MsgspecError):
        raise InputRefused("kit-other") from None
    home.lock_with(passphrase)
    home.save(identity)
    return identity


def _name(firm: str) -> str:
    return f"vigie/recovery-home/v1|{firm}"
