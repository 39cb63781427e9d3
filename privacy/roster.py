"""The roster of key holders: who holds the pseudonym key, how, in which epoch, under which public keys.

Knows: canonical bytes, signatures, and the rules of a change, whose guardian this is:
1. A roster is signed by all of its holders; a change is signed by two old holders as well (by the one that
   there was, in a network with a single one).
2. It names the hash of the roster before it, and the epoch after that one's.
3. The number of holders who have to work together never drops.
4. The parts' public keys add up to the same total as before (a refresh, a split, another holder); another
   total is another key, under which everybody uploads again.
5. A key that one party has known whole stays "dealt" until it is replaced.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from privacy import signing
from privacy.evaluate import key_id
from privacy.oprf import IDENTITY, is_element
from privacy.parts import HOLDERS, PARTS, SINGLE, THREE, THRESHOLD, WHOLE, public_sum

FIRST: Final = bytes(32)
OVERLAP_DAYS: Final = 30  # how long holders serve the epoch before, for clients that come late
NAME_CHARACTERS_MAX: Final = 200
OLD_SIGNATURES: Final = 2
BODY_BYTES_MAX: Final = 16 * 1024


class RosterRefused(ValueError):
    """A roster, or a change of it, that is not to be believed. `code` for programs, the text for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Holder:
    """A key holder: 1 to 3 (a single one is 1), its name, where it is asked, its Ed25519 key (32 bytes)."""

    number: int
    name: str
    url: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Roster:
    """`parts`: the public key (32 bytes) of each part; `previous`: SHA-256 of the roster before, or zeros."""

    construction: str
    epoch: int
    dealt: bool
    overlap_days: int
    holders: tuple[Holder, ...]
    parts: Mapping[str, bytes]
    previous: bytes = FIRST

    def body(self) -> bytes:
        """Canonical JSON: sorted names, no spaces, UTF-8, bytes in hexadecimal."""
        value = {
            "construction": self.construction,
            "dealt": self.dealt,
            "epoch": self.epoch,
            "holders": [
                {"key": one.key.hex(), "name": one.name, "number": one.number, "url": one.url}
                for one in self.holders
            ],
            "overlap_days": self.overlap_days,
            "parts": {name: public.hex() for name, public in self.parts.items()},
            "previous": self.previous.hex(),
        }
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def threshold(self) -> int:
        """How many holders have to work together."""
        return THRESHOLD[self.construction]

    @property
    def total(self) -> bytes:
        """The public key of the whole: 32 bytes."""
        return public_sum(list(self.parts.values()))

    @property
    def key_id(self) -> bytes:
        """What uploads name."""
        return key_id(self.total)


@dataclass(frozen=True, slots=True)
class SignedRoster:
    """A roster's canonical bytes, and signatures (64 bytes, purpose roster) by the signer's public key."""

    body: bytes
    signatures: Mapping[bytes, bytes]

    @property
    def digest(self) -> bytes:
        """What the roster after this one names; people compare its first bytes."""
        return hashlib.sha256(self.body).digest()

    def signed_by(self, key: bytes) -> bool:
        """Whether the owner of this key signed."""
        return signing.verify(key, "roster", self.body, self.signatures.get(key, b""))


def to_text(signed: SignedRoster) -> str:
    """As a file: the body as it was signed, the signatures in hexadecimal."""
    signatures = {key.hex(): signature.hex() for key, signature in signed.signatures.items()}
    value = {"roster": signed.body.decode(), "signatures": dict(sorted(signatures.items()))}
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def from_text(text: str) -> SignedRoster:
    """The inverse; nothing is verified here: see `check`. Raise RosterRefused "shape"."""
    try:
        value = json.loads(text)
        signatures = {
            bytes.fromhex(key): bytes.fromhex(signature) for key, signature in value["signatures"].items()
        }
        return SignedRoster(value["roster"].encode(), signatures)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RosterRefused("shape", "this is no signed roster") from None


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a chain of changes led: the newest roster, and whether the key itself became another."""

    signed: SignedRoster
    roster: Roster
    rekeyed: bool


def read(body: bytes) -> Roster:
    """A roster from its canonical bytes. Raise RosterRefused "shape" for anything else."""
    if len(body) > BODY_BYTES_MAX:
        raise RosterRefused("shape", f"found {len(body)} bytes, expected at most {BODY_BYTES_MAX}")
    try:
        value = json.loads(body)
        roster = Roster(
            construction=value["construction"],
            epoch=value["epoch"],
            dealt=value["dealt"],
            overlap_days=value["overlap_days"],
            holders=tuple(_holder(one) for one in value["holders"]),
            parts={name: bytes.fromhex(public) for name, public in value["parts"].items()},
            previous=bytes.fromhex(value["previous"]),
        )
        fault = _fault(roster) or ("not in its canonical form" if roster.body() != body else "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RosterRefused("shape", f"no roster: {type(error).__name__}") from None
    if fault:
        raise RosterRefused("shape", fault)
    return roster


def _holder(value: Any) -> Holder:
    return Holder(value["number"], value["name"], value["url"], bytes.fromhex(value["key"]))


def _fault(roster: Roster) -> str:
    """What is wrong with a roster by itself; nothing: an empty text."""
    known: dict[str, tuple[tuple[int, ...], set[str]]] = {
        SINGLE: ((1,), {WHOLE}),
        THREE: (HOLDERS, set(PARTS)),
    }
    if roster.construction not in known:
        return f"the construction {str(roster.construction)[:20]!r} is not known"
    numbers, names = known[roster.construction]
    faults = {
        "the holders and parts are not those of its construction": (
            tuple(one.number for one in roster.holders) != numbers or set(roster.parts) != names
        ),
        "two holders have one key": len({one.key for one in roster.holders}) != len(roster.holders),
        "a holder has no name, address or key": not all(
            len(one.key) == 32 and _is_named(one) for one in roster.holders
        ),
        "a part's public key is none": not all(is_element(public) for public in roster.parts.values()),
        "the epoch, the overlap or the hash before is none": (
            [type(one) for one in (roster.epoch, roster.overlap_days, roster.dealt)] != [int, int, bool]
            or roster.epoch < 1
            or roster.overlap_days < 0
            or len(roster.previous) != 32
        ),
    }
    for text, wrong in faults.items():
        if wrong:
            return text
    return "the parts cancel out" if roster.total == IDENTITY else ""


def _is_named(holder: Holder) -> bool:
    return all(0 < len(text) <= NAME_CHARACTERS_MAX for text in (holder.name, holder.url))


def check(signed: SignedRoster) -> Roster:
    """A roster that all of its own holders signed. Raise RosterRefused."""
    roster = read(signed.body)
    for holder in roster.holders:
        if not signed.signed_by(holder.key):
            raise RosterRefused("signature", f"holder {holder.number} ({holder.name}) has not signed")
    return roster


def check_change(before: SignedRoster, after: SignedRoster) -> Roster:
    """The roster after a change that the rules allow. Raise RosterRefused."""
    old, new = read(before.body), check(after)
    if new.previous != before.digest or new.epoch != old.epoch + 1:
        raise RosterRefused("chain", f"epoch {new.epoch} does not follow from epoch {old.epoch}")
    if new.threshold < old.threshold:
        raise RosterRefused(
            "threshold", f"{new.threshold} holder(s) would suffice where {old.threshold} had to work together"
        )
    signers = sum(after.signed_by(holder.key) for holder in old.holders)
    if signers < min(OLD_SIGNATURES, len(old.holders)):
        raise RosterRefused("signature", f"{signers} of the holders before have signed")
    known_whole = old.dealt or old.construction == SINGLE
    if new.total == old.total and new.construction == THREE and known_whole and not new.dealt:
        raise RosterRefused("dealt", "a key that was known whole is still the same key")
    return new


def follow(pinned: SignedRoster, chain: Sequence[SignedRoster]) -> Followed:
    """From the pinned roster along the network's chain (oldest first) to its newest. Raise RosterRefused.

    A chain that lacks the pinned roster, or goes another way from it, is refused.
    """
    bodies = [one.body for one in chain]
    if pinned.body not in bodies:
        newest = read(bodies[-1]) if bodies else None
        if newest is not None and newest.threshold < read(pinned.body).threshold:
            raise RosterRefused("threshold", "fewer holders would suffice than those pinned")
        raise RosterRefused("chain", "the pinned roster is not in the network's chain")
    at = bodies.index(pinned.body)
    signed, roster = pinned, read(pinned.body)
    rekeyed = False
    for step in chain[at + 1 :]:
        after = check_change(signed, step)
        rekeyed = rekeyed or after.total != roster.total
        signed, roster = step, after
    return Followed(signed, roster, rekeyed)
