"""One running network: its settings, rows, time, keys and connections, handed to every station."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import numpy as np
from numpy.typing import NDArray

from privacy.parts import SINGLE
from privacy.profiles import STANDARD
from privacy.roster import Roster, RosterRefused, SignedRoster
from privacy.roster import check as check_roster
from privacy.roster import read as read_roster
from server import keys as key_files
from server import rosters, schema
from server.clock import Clock
from server.database import Database
from server.fanout import Fanout
from server.hub import Hub
from server.keys import Keys, KeysRefused
from server.limits import Limits
from server.problems import Refused
from server.settings import Settings
from server.tables import Firm, Network, Release

CURRENCY: Final = "EUR"
LARGE_BODIES_AT_ONCE: Final = 2


class KindRefused(RuntimeError):
    """The database is of another kind than the one asked for; the text is for the operator."""


@dataclass
class RunningNetwork:
    """What stations share. One process serves one network."""

    settings: Settings
    database: Database
    clock: Clock
    keys: Keys
    id: UUID
    kind: str
    key_id: bytes
    profile: str
    chain: list[SignedRoster]
    hub: Hub
    fanout: Fanout
    limits: Limits = field(default_factory=Limits)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)  # work after answers
    releasing: asyncio.Lock = field(default_factory=asyncio.Lock)
    cells: OrderedDict[int, NDArray[np.void]] = field(default_factory=OrderedDict)
    trees: OrderedDict[tuple[int, str], list[bytes]] = field(default_factory=OrderedDict)
    large_bodies: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LARGE_BODIES_AT_ONCE))

    @property
    def real(self) -> bool:
        """Whether business goes by real time."""
        return self.kind == "production"

    @property
    def roster(self) -> Roster:
        """The key holders in force."""
        return read_roster(self.chain[-1].body)

    @property
    def epoch(self) -> int:
        """The key holders' epoch."""
        return self.roster.epoch

    @property
    def single_epoch(self) -> int | None:
        """The epoch that the embedded holder serves: of the newest roster in which it is the only one."""
        found = [
            roster.epoch for one in self.chain if (roster := read_roster(one.body)).construction == SINGLE
        ]
        return max(found, default=None)

    async def read_rosters(self) -> None:
        """The chain as the database has it: a change is adopted by a command, beside this process."""
        self.chain = await rosters.read_chain()
        self.key_id = self.roster.key_id

    async def read_today(self) -> date:
        """The business date as the database has it: another process may have advanced it."""
        if not self.real:
            row = await Network.select(Network.today).first()
            assert row is not None
            self.clock.business = row["today"]
        return self.clock.today()

    async def lock_member(self, firm: UUID) -> None:
        """Until the transaction ends, nobody else writes for this firm; refused where it is expelled."""
        await self.database.lock_firm(firm)
        if await Firm.exists().where((Firm.id == firm) & Firm.expelled.eq(True)):
            raise Refused("not-logged-in")

    async def latest_release(self) -> int | None:
        """The newest published month."""
        row = await Release.select(Release.month).order_by(Release.month, ascending=False).first()
        return None if row is None else int(row["month"])


def _check_kind(found: str, asked: str) -> None:
    if found != asked:
        raise KindRefused(
            f"this database was created as {found!r} and cannot be opened as {asked!r}: "
            f"set VIGIED_KIND={found}, or choose another database (VIGIED_DATABASE)"
        )


async def migrate(
    settings: Settings,
    today: date | None = None,
    roster: SignedRoster | None = None,
    profile: str = STANDARD.name,
) -> str:
    """Create or update the database and, for a fresh one, its keys. Return what was done, in one line.

    `roster`: the key holders of a fresh network; without one the server itself is the only holder. `profile`:
    the release policy that a fresh network follows for good.
    Everything is one transaction under a lock: a second process waits and then finds nothing to do.
    """
    database = Database(settings)
    schema.attach(database)
    try:
        async with database.writing():
            await schema.migrate(database)
            row = await Network.select().first()
            if row is not None:
                _check_kind(row["kind"], settings.kind)
                chain = await _check_keys(key_files.load(settings.keys), row)
                if roster is not None and roster.body not in [one.body for one in chain]:
                    raise RosterRefused(
                        "chain", "this network exists already: `vigied roster adopt` changes it"
                    )
                return "up to date"
            await _create(settings, today, roster, profile)
        key_files.claim(settings.keys)
        return f"created a {settings.kind} network"
    finally:
        await database.close()


async def _create(settings: Settings, today: date | None, roster: SignedRoster | None, profile: str) -> None:
    made = key_files.make(settings.keys, embedded=roster is None)
    clock = Clock()
    first = roster or rosters.embedded(made, settings.network_name)
    holders = check_roster(first)
    identity = uuid4()
    await Network(
        id=1,
        network=identity,
        kind=settings.kind,
        created_at=clock.unix(),
        today=None if settings.kind == "production" else (today or clock.today()),
        key_id=holders.key_id,
        keys_check=made.check(identity),
        profile=profile,
        epoch=holders.epoch,
    ).save()
    await rosters.begin(first, clock)


async def _check_keys(found: Keys, row: dict[str, Any]) -> list[SignedRoster]:
    """The chain of rosters that the keys fit."""
    if found.check(row["network"]) != row["keys_check"]:
        raise KeysRefused("the keys in VIGIED_KEYS belong to another database")
    chain = await rosters.read_chain()
    rosters.check_keys(chain, found)
    return chain


async def open_network(settings: Settings) -> RunningNetwork:
    """Connect; raise SchemaRefused, KindRefused or KeysRefused with a text for the operator."""
    database = Database(settings)
    schema.attach(database)
    if not settings.postgres and not settings.sqlite_path.exists():
        raise schema.SchemaRefused(f"{settings.sqlite_path} does not exist: run `vigied migrate` first")
    await database.start()
    try:
        row, loaded, chain = await _examine(settings)
    except BaseException:
        await database.close()
        raise
    hub = Hub()
    return RunningNetwork(
        settings=settings,
        database=database,
        clock=Clock(row["today"]),
        keys=loaded,
        id=row["network"],
        kind=row["kind"],
        key_id=row["key_id"],
        profile=row["profile"],
        chain=chain,
        hub=hub,
        fanout=Fanout(database, hub),
    )


async def _examine(settings: Settings) -> tuple[dict[str, Any], Keys, list[SignedRoster]]:
    """The network's row and keys; refuse what does not fit together."""
    if missing := await schema.pending():
        raise schema.SchemaRefused(
            f"the database lacks {len(missing)} migration(s): run `vigied migrate` first"
        )
    row = await Network.select().first()
    if row is None:
        raise schema.SchemaRefused("the database holds no network: run `vigied migrate` first")
    _check_kind(row["kind"], settings.kind)
    loaded = key_files.load(settings.keys)
    return row, loaded, await _check_keys(loaded, row)


def secret_hash(secret: bytes) -> bytes:
    """How secrets of 128 random bits and more are kept: one hash is enough, they cannot be guessed."""
    return hashlib.sha256(secret).digest()
