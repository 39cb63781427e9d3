"""A published judgment is an incident of the month in which it was published.

Knows: an import, the notices that the firm keeps. Its reference names the debtor and stays in the book:
what is contributed is that proceedings were published, as the contribution's field `incident` has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmark.upload import FIELD_BIT, INCIDENTS
from member.imported import Imported
from member.receipts import read_month
from member.refusals import Unreachable

if TYPE_CHECKING:
    from member.credit import PublicNotice
    from member.keystore import Member

JUDGED: Final = INCIDENTS.index("published_insolvency")


def with_judgments(imported: Imported, notices: Iterable[PublicNotice]) -> Imported:
    """The months with the incident set where a judgment that opens a procedure was published of a client.

    A cancelled notice, and one that starts no clock, sets none; what the file itself tells stays if graver.
    """
    places = {client.identifier: place for place, client in enumerate(imported.clients)}
    months = dict(imported.months)
    for notice in notices:
        month, place = read_month(notice.published[:7]), places.get(notice.identifier)
        if notice.claim_by is None or notice.cancelled or place is None or month not in months:
            continue
        clients, rows = months[month]
        mine = clients == place
        told = np.where(mine, np.maximum(rows["incident"], JUDGED), rows["incident"])
        rows = rows.copy()
        rows["incident"] = told
        rows["present"] = np.where(mine, rows["present"] | FIELD_BIT["incident"], rows["present"])
        months[month] = (clients, rows)
    return replace(imported, months=months)


def judged(imported: Imported, member: Member) -> Imported:
    """The same with what this device can read of the firm's notices; without an answer nothing is added."""
    from member.credit_file import read_credit

    if member.role_keys.ledger is None or not imported.months:
        return imported
    try:
        return with_judgments(imported, read_credit(member).notices)
    except Unreachable:
        return imported
