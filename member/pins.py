"""What a member pins of its network when it enrols, and the comparison with what the network shows later.

Knows: which facts may never change unnoticed. A pinned key that changed is refused with both values; nothing
is believed because the server says so a second time.
"""

from __future__ import annotations

from typing import Final

import msgspec

from member.answers import Holder, NetworkFacts
from member.refusals import Untrusted
from privacy.evaluate import key_id

SINGLE: Final = "single"
PART: Final = "k"
PRODUCTION: Final = "production"


class Pins(msgspec.Struct, frozen=True):
    """Public facts: addresses, public keys (32 bytes each), the key's id, policy that uploads depend on."""

    url: str
    name: str
    kind: str
    receipt_key: bytes
    release_key: bytes
    construction: str
    epoch: int
    holders: list[Holder]
    parts: dict[str, bytes]
    key_id: bytes
    currency: str
    formula: int

    @property
    def real(self) -> bool:
        """Whether this is a production network, not a demonstration or a replay."""
        return self.kind == PRODUCTION


def pin(url: str, facts: NetworkFacts) -> Pins:
    """Pins for a firm that enrols now. Raise Untrusted where the facts contradict each other."""
    roster = facts.roster
    if roster.construction != SINGLE or set(roster.parts) != {PART} or len(roster.holders) != 1:
        raise Untrusted("roster", found=f"{roster.construction}, {len(roster.holders)}")
    if key_id(roster.parts[PART]) != facts.key_id:
        raise Untrusted("key-id")
    return Pins(
        url=url,
        name=facts.name,
        kind=facts.kind,
        receipt_key=facts.receipt_key,
        release_key=facts.release_key,
        construction=roster.construction,
        epoch=roster.epoch,
        holders=roster.holders,
        parts=roster.parts,
        key_id=facts.key_id,
        currency=facts.currency,
        formula=facts.formula,
    )


def compare(pins: Pins, facts: NetworkFacts) -> None:
    """Raise Untrusted naming the first pinned fact that the network shows otherwise."""
    roster = facts.roster
    pairs: tuple[tuple[str, object, object], ...] = (
        ("kind", pins.kind, facts.kind),
        ("receipt key", pins.receipt_key, facts.receipt_key),
        ("release key", pins.release_key, facts.release_key),
        ("key holders' construction", pins.construction, roster.construction),
        ("key holders' epoch", pins.epoch, roster.epoch),
        ("key holders' public keys", pins.parts, roster.parts),
        ("key id", pins.key_id, facts.key_id),
        ("currency", pins.currency, facts.currency),
        ("formula", pins.formula, facts.formula),
    )
    for name, pinned, found in pairs:
        if pinned != found:
            raise Untrusted("pin-changed", name=name, found=_shown(found), expected=_shown(pinned))


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()[:16]
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(part)}" for name, part in sorted(value.items()))
    return str(value)
