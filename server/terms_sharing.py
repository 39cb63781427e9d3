"""Whether a firm shares its terms of payment: its administrators say so, for the releases to come (rule 9).

What is shared is shares in bands, a year old, of ten such firms and more; who does not share sees them all
the same. Taking consent back takes effect at the first revision of the panels; what was published stays.
"""

from __future__ import annotations

from typing import Final

import msgspec
from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from privacy.profiles import PROFILES
from server import audit
from server.network import RunningNetwork
from server.roles import Who
from server.tables import Firm


class TermsSharing(msgspec.Struct, frozen=True):
    """`shares`: the firm's setting; `published`: whether the network's policy publishes terms at all."""

    shares: bool
    published: bool


class TermsSharingWanted(msgspec.Struct, frozen=True):
    """The setting to be."""

    shares: bool


@get("/api/firm/terms-sharing", summary="Whether the firm shares its terms of payment")
async def read_sharing(network: NamedDependency[RunningNetwork], who: NamedDependency[Who]) -> TermsSharing:
    """Off until an administrator turns it on."""
    row = await Firm.select(Firm.shares_terms).where(Firm.id == who.member).first()
    assert row is not None
    return TermsSharing(row["shares_terms"], PROFILES[network.profile].terms)


@put("/api/firm/terms-sharing", summary="Share the firm's terms of payment, or no longer")
async def change_sharing(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[TermsSharingWanted]
) -> TermsSharing:
    """Written in the firm's audit log."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await Firm.update({Firm.shares_terms: data.shares}).where(Firm.id == who.member)
        event = "terms-shared" if data.shares else "terms-no-longer-shared"
        await audit.append(network.clock, who.member, who.actor, event)
    return TermsSharing(data.shares, PROFILES[network.profile].terms)


ROUTES: Final = [read_sharing, change_sharing]
