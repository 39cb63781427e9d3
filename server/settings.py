"""What an operator sets, from the environment alone; every default works on one machine."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from server.outbox_settings import Delivering, DeliveringRefused, read_delivering

KINDS: Final = ("production", "demo", "replay")
SQLITE_PREFIX: Final = "sqlite:///"
POSTGRES_PREFIXES: Final = ("postgresql://", "postgres://")


class SettingRefused(ValueError):
    """A setting that this server cannot start with; the text is for the operator."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that `vigied` is told from outside."""

    database: str = "sqlite:///vigie.sqlite3"
    keys: Path = Path("keys")
    kind: str = "production"
    host: str = "127.0.0.1"
    port: int = 0  # 0: a free one
    network_name: str = "Vigie"
    pool_max: int = 8  # connections to PostgreSQL, for each process
    call_batch_seconds: float = 30.0  # a call is delivered one to two of these after it is raised
    turn_within_seconds: int = 86_400  # a side's new keys come into force at a random moment within these
    shown_within_seconds: int = 86_400  # others see an opening, or a closing, at a random moment within these
    delivering: Delivering = field(default_factory=Delivering)
    page: Path = Path(__file__).resolve().parent.parent / "web" / "dist"

    @property
    def postgres(self) -> bool:
        """Whether the rows are in PostgreSQL; otherwise in one SQLite file."""
        return self.database.startswith(POSTGRES_PREFIXES)

    @property
    def sqlite_path(self) -> Path:
        """The SQLite file."""
        return Path(self.database.removeprefix(SQLITE_PREFIX))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Raise SettingRefused naming the variable that is wrong."""
        usual = cls()
        database = environment.get("VIGIED_DATABASE", usual.database)
        if not database.startswith((SQLITE_PREFIX, *POSTGRES_PREFIXES)):
            raise SettingRefused("VIGIED_DATABASE: expected sqlite:///FILE or postgresql://...")
        kind = environment.get("VIGIED_KIND", usual.kind)
        if kind not in KINDS:
            raise SettingRefused(f"VIGIED_KIND: found {kind!r}, expected one of {', '.join(KINDS)}")
        port = environment.get("PORT", "") or "0"
        if not port.isdigit() or int(port) > 65535:
            raise SettingRefused(f"PORT: found {port!r}, expected 0 to 65535")
        batch = environment.get("VIGIED_CALL_BATCH_SECONDS", str(usual.call_batch_seconds))
        if not re.fullmatch(r"\d{1,5}(\.\d{1,3})?", batch):
            raise SettingRefused(f"VIGIED_CALL_BATCH_SECONDS: found {batch!r}, expected such as 30 or 0.5")
        turn = environment.get("VIGIED_TURN_WITHIN_SECONDS", str(usual.turn_within_seconds))
        if not re.fullmatch(r"\d{1,6}", turn):
            raise SettingRefused(f"VIGIED_TURN_WITHIN_SECONDS: found {turn!r}, expected such as 86400")
        shown = environment.get("VIGIED_SHOWN_WITHIN_SECONDS", str(usual.shown_within_seconds))
        if not re.fullmatch(r"\d{1,6}", shown):
            raise SettingRefused(f"VIGIED_SHOWN_WITHIN_SECONDS: found {shown!r}, expected such as 86400")
        try:
            delivering = read_delivering(environment)
        except DeliveringRefused as error:
            raise SettingRefused(str(error)) from None
        return cls(
            database=database,
            delivering=delivering,
            keys=Path(environment.get("VIGIED_KEYS", str(usual.keys))),
            kind=kind,
            host=environment.get("VIGIED_HOST", usual.host),
            port=int(port),
            call_batch_seconds=float(batch),
            turn_within_seconds=int(turn),
            shown_within_seconds=int(shown),
            network_name=environment.get("VIGIED_NETWORK_NAME", usual.network_name),
            page=Path(environment.get("VIGIED_PAGE", str(usual.page))),
        )
