"""What has served its time is erased: contributions, alerts, cells. `server.retention` tells people of it.

An upload leaves its tombstone: digest and receipt, so that nobody can say that it was never sent. A month
that a coming release may still look at is never touched, however late the releases are.
"""

from __future__ import annotations

from typing import Final

from benchmark.upload import month_text
from privacy.profiles import PROFILES
from server import audit
from server.clock import month_of
from server.manifest_tables import ManifestTrees
from server.network import RunningNetwork
from server.payloads import erase_payload
from server.tables import Alert

CONTRIBUTION_MONTHS: Final = 36
CELL_MONTHS: Final = 60
PAYLOADS_AT_ONCE: Final = 200


async def erase_overdue(network: RunningNetwork) -> int:
    """Erase what is past its period; how many uploads lost their bytes."""
    latest, now = await network.latest_release(), month_of(await network.read_today())
    if latest is None:
        return 0
    newest = min(now - CONTRIBUTION_MONTHS, latest + 1 - PROFILES[network.profile].window_months)
    count = 0
    while erased := await _erase_some(network, newest):
        count += erased
    past = min(now, latest) - CELL_MONTHS
    await Alert.delete().where(Alert.month < past)
    await _erase_cells(network, past)
    return count


async def _erase_cells(network: RunningNetwork, newest: int) -> None:
    """Cells of releases before `newest`, and their trees. Manifests stay: the chain begins with them."""
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        await network.database.run("UPDATE release SET cells = {} WHERE month < {}", b"", newest)
        await ManifestTrees.delete().where(ManifestTrees.month < newest)
    for month in [one for one in network.cells if one < newest]:
        del network.cells[month]
    for tree in [one for one in network.trees if one[0] < newest]:
        del network.trees[tree]


async def _erase_some(network: RunningNetwork, newest: int) -> int:
    """Uploads of months before `newest`, some of them in one transaction."""
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        rows = await network.database.run(
            "UPDATE upload SET erased = {} WHERE digest IN"
            " (SELECT digest FROM upload WHERE month < {} AND NOT erased LIMIT {})"
            " RETURNING payload",
            True,
            newest,
            PAYLOADS_AT_ONCE,
        )
        for row in rows:
            await erase_payload(network.database, row["payload"])
        if rows:
            await audit.append(
                network.clock,
                audit.OPERATOR_CHAIN,
                "retention",
                "uploads-erased",
                before=month_text(newest),
                count=len(rows),
            )
    return len(rows)
