"""A firm is expelled, for fraud: it is let in and told no more, and its group leaves every panel at once.

What was published stays, what the firm sent stays until it is erased. No mail, no webhook and no frame goes
to it; its group's values are in no cell from the next release on, whether that revises a cell at once or
withholds it (`privacy.panels`).
"""

from __future__ import annotations

from uuid import UUID

from server import audit, moments
from server.network import RunningNetwork
from server.outbox_tables import Webhook
from server.problems import Refused
from server.pseudonyms import leave_holder
from server.tables import Firm

REASON_LENGTH_MAX = 500


async def expel(network: RunningNetwork, firm: UUID, reason: str) -> str:
    """Return the firm's name; raise not-found, malformed. The reason is in both audit logs."""
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= REASON_LENGTH_MAX:
        raise Refused("malformed", f"reason: expected 1 to {REASON_LENGTH_MAX} characters")
    async with network.database.writing():
        await network.database.lock_network(to_change=True)  # the operator's log
        await network.database.lock_firm(firm)
        row = await Firm.select(Firm.name).where(Firm.id == firm).first()
        if row is None:
            raise Refused("not-found")
        await Firm.update({Firm.expelled: True, Firm.invitation_hash: None}).where(Firm.id == firm)
        await network.fanout.tell_ended()
        await moments.close_all(network, firm)
        await Webhook.update({Webhook.active: False}).where(Webhook.firm == firm)  # what waits is given up
        await leave_holder(firm, await network.read_today())
        await audit.append(network.clock, firm, "operator", "firm-expelled", reason=reason)
        await audit.append(network.clock, audit.OPERATOR_CHAIN, "vigied", "firm-expelled", firm=firm)
    return str(row["name"])
