"""What a member pins of its network when it enrols, and the comparison with what the network shows later.

Knows: which facts may never change unnoticed. A pinned key that changed is refused with both values; nothing
is believed because the server says so a second time. The key holders alone may change, along a chain that
two of the old and all of the new ones have signed: see `privacy.roster`.
"""

from __future__ import annotations

from typing import Final

import msgspec

from member.answers import Holder, NetworkFacts
from member.answers import SignedRoster as Shown
from member.refusals import Untrusted
from privacy import roster as rosters
from privacy.parts import THRESHOLD
from privacy.roster import Roster, RosterRefused, SignedRoster

PRODUCTION: Final = "production"


class Pins(msgspec.Struct, frozen=True):
    """Public facts: addresses, public keys (32 bytes each), the key's id, policy that uploads depend on.

    `roster`: the canonical bytes of the key holders' roster, whose changes are followed; the fields from
    `construction` to `key_id` are what it says.
    """

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
    dealt: bool = False
    roster: bytes = b""

    @property
    def real(self) -> bool:
        """Whether this is a production network, not a demonstration or a replay."""
        return self.kind == PRODUCTION

    @property
    def threshold(self) -> int:
        """How many key holders have to work together."""
        return THRESHOLD[self.construction]


def signed(shown: Shown) -> SignedRoster:
    """A roster as it travelled."""
    return SignedRoster(shown.body, {one.key: one.signature for one in shown.signatures})


def untrusted(refused: RosterRefused) -> Untrusted:
    """The rule that was broken, in words of ours."""
    return Untrusted(f"roster-{refused.code}", why=str(refused))


def pin(url: str, facts: NetworkFacts) -> Pins:
    """Pins for a firm that enrols now. Raise Untrusted where the facts contradict each other."""
    if not facts.rosters:
        raise Untrusted("roster", found=facts.roster.construction)
    newest = signed(facts.rosters[-1])
    try:
        roster = rosters.check(newest)
    except RosterRefused as refused:
        raise untrusted(refused) from None
    shown = facts.roster
    if (shown.construction, shown.epoch, shown.dealt, shown.parts, _keys(shown.holders)) != (
        roster.construction,
        roster.epoch,
        roster.dealt,
        dict(roster.parts),
        [(one.number, one.url, one.key) for one in roster.holders],
    ):
        raise Untrusted("roster", found=f"{shown.construction}, {len(shown.holders)}")
    if roster.key_id != facts.key_id:
        raise Untrusted("key-id")
    pins = Pins(
        url=url,
        name=facts.name,
        kind=facts.kind,
        receipt_key=facts.receipt_key,
        release_key=facts.release_key,
        construction=roster.construction,
        epoch=roster.epoch,
        holders=shown.holders,
        parts=dict(roster.parts),
        key_id=roster.key_id,
        currency=facts.currency,
        formula=facts.formula,
    )
    return _with(pins, newest, roster)


def _keys(holders: list[Holder]) -> list[tuple[int, str, bytes]]:
    return [(one.number, one.url, one.key) for one in holders]


def _with(pins: Pins, newest: SignedRoster, roster: Roster) -> Pins:
    return msgspec.structs.replace(
        pins,
        construction=roster.construction,
        epoch=roster.epoch,
        dealt=roster.dealt,
        holders=[Holder(one.name, one.url, one.key, one.number) for one in roster.holders],
        parts=dict(roster.parts),
        key_id=roster.key_id,
        roster=newest.body,
    )


def compare(pins: Pins, facts: NetworkFacts) -> Pins:
    """The pins to go on with: key holders are followed along their signed chain, all else stands still.

    Raise Untrusted naming the first pinned fact that the network shows otherwise; "rekeyed" where the holders
    made another key, under which the firm has to upload again (`member.rekey`).
    """
    followed, rekeyed = follow(pins, facts)
    if rekeyed:
        raise Untrusted("rekeyed", epoch=followed.epoch)
    return followed


def follow(pins: Pins, facts: NetworkFacts) -> tuple[Pins, bool]:
    """The same, and whether the holders' key became another one. Raise Untrusted."""
    followed, rekeyed = pins, False
    if pins.roster:
        try:
            found = rosters.follow(SignedRoster(pins.roster, {}), [signed(one) for one in facts.rosters])
        except RosterRefused as refused:
            raise untrusted(refused) from None
        followed, rekeyed = _with(pins, found.signed, found.roster), found.rekeyed
    roster = facts.roster
    pairs: tuple[tuple[str, object, object], ...] = (
        ("kind", pins.kind, facts.kind),
        ("receipt key", pins.receipt_key, facts.receipt_key),
        ("release key", pins.release_key, facts.release_key),
        ("key holders' construction", followed.construction, roster.construction),
        ("key holders' epoch", followed.epoch, roster.epoch),
        ("key holders' public keys", followed.parts, roster.parts),
        ("key id", followed.key_id, facts.key_id),
        ("currency", pins.currency, facts.currency),
        ("formula", pins.formula, facts.formula),
    )
    for name, pinned, found_now in pairs:
        if pinned != found_now:
            raise Untrusted("pin-changed", name=name, found=_shown(found_now), expected=_shown(pinned))
    return followed, rekeyed


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()[:16]
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(part)}" for name, part in sorted(value.items()))
    return str(value)
