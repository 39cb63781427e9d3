"""Writes own_alerts.json: the life of alerts from own figures, read by Python and TypeScript.

Run from the repository: python tests/vectors/make_own_alerts.py
"""

import json
import sys
from datetime import date
from itertools import product
from pathlib import Path
from uuid import UUID

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from member.alerts_feed import Notice, own_id
from member.credit import Credit, OwnAlert, OwnComment, OwnMute
from member.own_alerts import after, key_of, lives

PATH = Path(__file__).parent / "own_alerts.json"
TODAY = date(2026, 3, 10)
WHO = "6f0d2c7e-3a55-4c6e-9d43-0f6d7c1b2a10"
SAID = OwnComment("2026-01-06", "b@firm.test", "Called: the buyer left")
KEPT = (
    None,
    OwnAlert("2026-01-05", "a@firm.test", "seen", "2025-12", 20),
    OwnAlert("2026-01-05", "a@firm.test", "assigned", "2025-12", 20, WHO, comments=(SAID,)),
    OwnAlert("2026-01-05", "a@firm.test", "snoozed", "2025-12", 20, WHO, "2026-04-01"),
    OwnAlert("2026-01-05", "a@firm.test", "snoozed", "2025-12", 20, None, "2026-03-10"),
    OwnAlert("2026-01-05", "a@firm.test", "closed", "2025-12", 20, WHO, None, "known", (SAID,)),
)
TOLD = (
    ("own", "2025-12", 20, None),
    ("own", "2026-02", 34, None),
    ("outside", "2026-02", 20, None),
    ("own", "2026-02", 35, None),
    ("outside", "2025-12", 35, 3),
    ("outside", "2025-12", 20, 35),
)
ACTIONS = (
    ("see", {}),
    ("assign", {"assignee": WHO}),
    ("unassign", {}),
    ("snooze", {"until": "2026-05-01"}),
    ("wake", {}),
    ("close", {"reason": "dispute"}),
    ("reopen", {}),
)
MUTES = (
    (),
    (OwnMute("1", "fr.siren:552100554", None, None),),
    (OwnMute("1", None, "own", "2026-03-10"), OwnMute("2", "fr.siren:552100554", "outside", "2026-03-09")),
    (OwnMute("1", "fr.siren:732829320", None, None),),
)


def notice(kind, month, size, now=None):
    """An alert of own figures; what its life does not depend on is left empty."""
    return Notice(
        key="", kind=kind, month=month, since=month, client="A", identifier="fr.siren:552100554",
        severity="watch", size_days=size, shared_days=0, now_days=now, confidence="", ends_at_days=None,
        may_be_larger=False, evidence=[], own=True, dispute=False,
    )  # fmt: skip


def told(one, kept, mutes):
    """How its life stands, with those of the network left out that it never has."""
    credit = Credit(alerts={} if kept is None else {key_of(one): kept}, mutes=mutes)
    life = lives(credit, [one], TODAY).get(one.alert)
    return None if life is None else msgspec.to_builtins(life)


def document():
    """Ids; how a kept life stands under a later alert and mutes; what an action makes of it."""
    return {
        "today": TODAY.isoformat(),
        "ids": [
            {"kind": kind, "identifier": who, "id": str(own_id(kind, who))}
            for kind, who in product(("outside", "own"), ("fr.siren:552100554", "eu.vat:DE123456789"))
        ],
        "lives": [
            {
                "kept": msgspec.to_builtins(kept), "kind": kind, "month": month, "size_days": size,
                "now_days": now, "mutes": msgspec.to_builtins(mutes),
                "life": told(notice(kind, month, size, now), kept, mutes),
            }
            for kept, (kind, month, size, now), mutes in product(KEPT, TOLD, MUTES)
        ],
        "after": [
            {
                "kept": msgspec.to_builtins(kept), "action": action, "more": more,
                "then": msgspec.to_builtins(
                    after(
                        kept, notice("outside", "2026-02", 50, 34), action, TODAY.isoformat(), "c@firm.test",
                        {name: UUID(value) if name == "assignee" else value for name, value in more.items()},
                    )
                ),
            }
            for kept, (action, more) in product(KEPT, ACTIONS)
        ],
    }  # fmt: skip


if __name__ == "__main__":
    PATH.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
