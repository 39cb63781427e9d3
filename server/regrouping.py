"""Two firms are found to be one corporate group, or no longer: from the next release on they count that way.

A group that no firm belongs to any more leaves every panel at once (`server.releases`), as an expelled one
does: else its carried value would count beside that of the group its firm went to, and one firm twice.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from server import audit
from server.network import RunningNetwork
from server.problems import Refused
from server.tables import Firm


async def regroup(network: RunningNetwork, firm: UUID, other: UUID | None) -> str:
    """Put a firm into another one's group, or (None) into a group of its own; its name. Raise not-found."""
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        await network.database.lock_firm(firm)
        row = await Firm.select(Firm.name).where(Firm.id == firm).first()
        if row is None:
            raise Refused("not-found")
        group = uuid4()  # never one that was there before: groups that are gone stay out of panels
        if other is not None:
            found = await Firm.select(Firm.group_id).where(Firm.id == other).first()
            if found is None:
                raise Refused("not-found")
            group = found["group_id"]
        await Firm.update({Firm.group_id: group}).where(Firm.id == firm)
        await audit.append(network.clock, firm, "operator", "firm-regrouped", group=group)
        await audit.append(network.clock, audit.OPERATOR_CHAIN, "vigied", "firm-regrouped", firm=firm)
    return str(row["name"])
