"""The network's face: whether it lives, what a member pins when it enrols, and a demo's business date."""

from __future__ import annotations

from datetime import date

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from benchmark.upload import FIELDS, FORMULA_COUNTBACK_1, month_text
from privacy import signing
from privacy.profiles import PROFILES
from server import audit
from server.network import CURRENCY, RunningNetwork
from server.problems import Fault, Refused
from server.roles import Who
from server.rosters import RosterShown, shown
from server.tables import Network


class Health(msgspec.Struct, frozen=True):
    """The process answers and its database too."""

    status: str


class Holder(msgspec.Struct, frozen=True):
    """A key holder, where it is asked (a path is one on this server), its Ed25519 key (32 bytes)."""

    number: int
    name: str
    url: str
    key: bytes


class Roster(msgspec.Struct, frozen=True):
    """Who holds the pseudonym key; `parts`: the public key (32 bytes) of each part."""

    construction: str
    dealt: bool
    epoch: int
    overlap_days: int
    holders: list[Holder]
    parts: dict[str, bytes]


class NetworkFacts(msgspec.Struct, frozen=True):
    """What members pin, and the network's policy. Public keys are Ed25519."""

    name: str
    kind: str
    today: date
    profile: str
    fields: list[str]
    currency: str
    formula: int
    receipt_key: bytes
    release_key: bytes
    roster: Roster
    rosters: list[RosterShown]
    key_id: bytes
    latest_release: str | None
    upload_fields: list[str]


class Today(msgspec.Struct, frozen=True):
    """The business date."""

    today: date


@get("/health", summary="Whether the server lives")
async def health(network: NamedDependency[RunningNetwork]) -> Health:
    """Asks the database too."""
    await network.latest_release()
    return Health("ok")


@get("/api/network", summary="The network's facts")
async def facts(network: NamedDependency[RunningNetwork]) -> NetworkFacts:
    """Anybody may read them; members pin the keys when they enrol.

    `rosters`: the signed chain of key holders, oldest first; `roster` is its last one, to read.
    """
    await network.read_rosters()
    roster = network.roster
    latest = await network.latest_release()
    return NetworkFacts(
        name=network.settings.network_name,
        kind=network.kind,
        today=await network.read_today(),
        profile=network.profile,
        fields=[field.name for field in PROFILES[network.profile].fields],
        currency=CURRENCY,
        formula=FORMULA_COUNTBACK_1,
        receipt_key=signing.public_bytes(network.keys.receipt),
        release_key=signing.public_bytes(network.keys.release_signing),
        roster=Roster(
            construction=roster.construction,
            dealt=roster.dealt,
            epoch=roster.epoch,
            overlap_days=roster.overlap_days,
            holders=[Holder(one.number, one.name, one.url, one.key) for one in roster.holders],
            parts=dict(roster.parts),
        ),
        rosters=shown(network.chain),
        key_id=network.key_id,
        latest_release=None if latest is None else month_text(latest),
        upload_fields=[name for name, _ in FIELDS],
    )


@post("/api/operator/clock", status_code=200, summary="Advance a demo's business date")
async def advance(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[Today]
) -> Today:
    """Never back; a production network refuses."""
    if network.real:
        raise Refused("clock-is-real")
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        before = await network.read_today()
        if data.today < before:
            raise Refused(
                "clock-backwards", errors=[Fault(None, "today", str(data.today), f"{before} or later")]
            )
        await Network.update({Network.today: data.today}).where(Network.id == 1)
        await audit.append(network.clock, audit.OPERATOR_CHAIN, who.actor, "clock-advanced", today=data.today)
    network.clock.business = data.today
    return Today(data.today)
