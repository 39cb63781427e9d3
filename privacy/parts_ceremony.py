"""The ceremonies of key holders, as papers that they exchange: generation, refresh, another holder, split.

Knows: cards (who takes part, with a sealing key for this ceremony alone), packages (what one holder
contributes, sealed for each of the others), and what follows from them. Every holder computes the same roster
from the same papers, so that signing it is the check that nobody told two stories. Must not know: files,
networks, the time.

- generate: each part is made at one holder and sealed to the other one of its pair: nobody knows k.
- refresh: each holder contributes three numbers whose sum is zero; a holder that is new gets its parts from
  the others, changed in the same step, so that what its predecessor knew is worth nothing.
- split: whoever holds k whole deals three parts that add up to it. The roster says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM
from cryptography.hazmat.primitives.hpke import Suite as Hpke

from privacy import signing
from privacy.oprf import IDENTITY, is_element, is_scalar, multiply_base
from privacy.parts import (
    HOLDERS,
    MADE_AT,
    PARTS,
    THREE,
    pair_of,
    parts_of,
    public_parts,
    public_sum,
    shifted,
    zero_sum,
)
from privacy.roster import FIRST, OVERLAP_DAYS, Holder, Roster, RosterRefused, SignedRoster, read

GENERATE: Final = "generate"
REFRESH: Final = "refresh"
SPLIT: Final = "split"
DEALER: Final = 0
_HPKE: Final = Hpke(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class CeremonyRefused(ValueError):
    """A paper that does not fit; the text names whose."""


@dataclass(frozen=True, slots=True)
class Card:
    """A holder in one ceremony: what the roster will say of it, and its X25519 key for this ceremony."""

    holder: Holder
    sealing: bytes


@dataclass(frozen=True, slots=True)
class Package:
    """One holder's contribution: public keys by part, and for each other holder what is sealed to it."""

    ceremony: bytes
    maker: int
    public: Mapping[str, bytes]
    sealed: Mapping[int, bytes]


def _paper(kind: str, private: Ed25519PrivateKey, value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    signature = signing.sign(private, kind, text.encode())
    return json.dumps({"paper": kind, "text": text, "signature": signature.hex()}, indent=1).encode()


def _open_paper(kind: str, paper: bytes, key: bytes | None) -> Any:
    try:
        outer = json.loads(paper)
        value = json.loads(outer["text"])
        public = key if key is not None else bytes.fromhex(value["key"])
        signed = outer["paper"] == kind and signing.verify(
            public, kind, outer["text"].encode(), bytes.fromhex(outer["signature"])
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CeremonyRefused(f"this is no {kind}") from None
    if not signed:
        raise CeremonyRefused(f"the {kind} is not signed by whom it names")
    return value


def make_card(private: Ed25519PrivateKey, number: int, name: str, url: str, sealing: bytes) -> bytes:
    """A card, signed by the holder; people compare `fingerprint`s of it by another channel."""
    key = signing.public_bytes(private).hex()
    value = {"number": number, "name": name, "url": url, "key": key, "sealing": sealing.hex()}
    return _paper("card", private, value)


def read_card(paper: bytes) -> Card:
    """Raise CeremonyRefused."""
    value = _open_paper("card", paper, None)
    try:
        holder = Holder(value["number"], value["name"], value["url"], bytes.fromhex(value["key"]))
        card = Card(holder, bytes.fromhex(value["sealing"]))
    except (ValueError, KeyError, TypeError):
        raise CeremonyRefused("this is no card") from None
    if holder.number not in HOLDERS:
        raise CeremonyRefused(f"found holder {holder.number}, expected 1 to 3")
    return card


def fingerprint(content: bytes) -> str:
    """What people read to each other: 80 bits of SHA-256, in groups of five hexadecimal digits."""
    text = hashlib.sha256(content).hexdigest()[:20]
    return "-".join(text[at : at + 5] for at in range(0, 20, 5))


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What everybody agrees on before it begins. `before`: the roster in force, None at a first one."""

    kind: str
    cards: tuple[Card, ...]
    before: SignedRoster | None

    @classmethod
    def of(cls, kind: str, papers: Sequence[bytes], before: SignedRoster | None) -> Ceremony:
        """From the three cards. Raise CeremonyRefused where one is missing or the kind does not fit."""
        cards = tuple(sorted((read_card(one) for one in papers), key=lambda card: card.holder.number))
        if tuple(card.holder.number for card in cards) != HOLDERS:
            raise CeremonyRefused("expected the cards of holders 1, 2 and 3, each once")
        if len({card.holder.key for card in cards}) != len(HOLDERS):
            raise CeremonyRefused("two holders have one key")
        if kind not in {GENERATE, REFRESH, SPLIT}:
            raise CeremonyRefused(f"no such ceremony: {kind}")
        ceremony = cls(kind, cards, before)
        three = before is not None and read(before.body).construction == THREE
        if kind == REFRESH and not three:
            raise CeremonyRefused("a refresh needs a roster of three holders")
        if kind == SPLIT and (before is None or three):
            raise CeremonyRefused("a split needs a roster with a single holder")
        if kind == REFRESH and len(ceremony.makers) < 2:
            raise CeremonyRefused("two of the holders in the roster have to take part")
        return ceremony

    @property
    def id(self) -> bytes:
        """SHA-256 over the kind, the roster before and the cards: 32 bytes."""
        told = [
            [c.holder.number, c.holder.name, c.holder.url, c.holder.key.hex(), c.sealing.hex()]
            for c in self.cards
        ]
        before = FIRST if self.before is None else self.before.digest
        text = json.dumps([self.kind, before.hex(), told], ensure_ascii=False)
        return hashlib.sha256(b"vigie/ceremony/v1\0" + text.encode()).digest()

    @property
    def old(self) -> Roster | None:
        """The roster in force."""
        return None if self.before is None else read(self.before.body)

    @property
    def makers(self) -> tuple[int, ...]:
        """Who contributes: everybody, those who stay, or the dealer."""
        if self.kind == SPLIT:
            return (DEALER,)
        if self.kind == GENERATE:
            return HOLDERS
        assert self.old is not None
        known = {one.number: one.key for one in self.old.holders}
        return tuple(c.holder.number for c in self.cards if known[c.holder.number] == c.holder.key)

    def key_of(self, maker: int) -> bytes:
        """Whose signature a package needs."""
        if maker == DEALER:
            assert self.old is not None
            return self.old.holders[0].key
        return self.cards[maker - 1].holder.key

    def info(self, maker: int, to: int) -> bytes:
        """HPKE's `info`: what is sealed here opens in no other ceremony and for nobody else."""
        return b"vigie/part/v1\0" + self.id + bytes([maker, to])


def _pack(ceremony: Ceremony, private: Ed25519PrivateKey, maker: int, told: Mapping[int, Any]) -> bytes:
    public, sealed = told[-1], {}
    for to, secret in told.items():
        if to > 0:
            key = X25519PublicKey.from_public_bytes(ceremony.cards[to - 1].sealing)
            plain = json.dumps(secret, sort_keys=True).encode()
            sealed[str(to)] = _HPKE.encrypt(plain, key, ceremony.info(maker, to)).hex()
    value = {
        "ceremony": ceremony.id.hex(),
        "maker": maker,
        "public": {name: point.hex() for name, point in public.items()},
        "sealed": sealed,
    }
    return _paper("package", private, value)


def contribute(
    ceremony: Ceremony,
    private: Ed25519PrivateKey,
    own: Mapping[str, bytes],
    number: int,
    draw: Callable[[], bytes],
) -> tuple[bytes, dict[str, Any]]:
    """One holder's package, and what it keeps for itself until `conclude`. `own`: its parts in force.

    Raise CeremonyRefused for a holder that contributes nothing (a new one in a refresh, anybody in a split).
    """
    if number not in ceremony.makers or number == DEALER:
        raise CeremonyRefused(f"holder {number} contributes nothing to this ceremony")
    if ceremony.kind == GENERATE:
        part = MADE_AT[number]
        made = {part: draw()}
        kept = {"base": _hex(made)}
        told: dict[int, Any] = {-1: public_parts(made), pair_of(part, number): {"base": _hex(made)}}
        return _pack(ceremony, private, number, told), kept
    deltas = zero_sum(draw)
    told = {-1: public_parts(deltas)}
    for to in HOLDERS:
        if to != number:
            told[to] = {"add": _hex({name: deltas[name] for name in parts_of(to)})}
            if to not in ceremony.makers:  # the other holder of what both know sends its base as well
                told[to]["base"] = _hex({part: own[part] for part in parts_of(to) if part in own})
    return _pack(ceremony, private, number, told), {
        "base": _hex(own),
        "add": _hex({name: deltas[name] for name in parts_of(number)}),
    }


def deal(ceremony: Ceremony, private: Ed25519PrivateKey, parts: Mapping[str, bytes]) -> bytes:
    """The dealer's package: the single holder's, who knew k. `parts` add up to it."""
    told: dict[int, Any] = {-1: public_parts(parts)}
    told |= {to: {"base": _hex({name: parts[name] for name in parts_of(to)})} for to in HOLDERS}
    return _pack(ceremony, private, DEALER, told)


def _hex(parts: Mapping[str, bytes]) -> dict[str, str]:
    return {name: part.hex() for name, part in parts.items()}


def read_packages(ceremony: Ceremony, papers: Sequence[bytes]) -> list[Package]:
    """Every maker's, each once and signed. Raise CeremonyRefused naming whose is wrong."""
    found: dict[int, Package] = {}
    for paper in papers:
        try:
            maker = int(json.loads(json.loads(paper)["text"])["maker"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise CeremonyRefused("this is no package") from None
        if maker not in ceremony.makers:
            raise CeremonyRefused(f"holder {maker} contributes nothing to this ceremony")
        value = _open_paper("package", paper, ceremony.key_of(maker))
        try:
            package = Package(
                bytes.fromhex(value["ceremony"]),
                maker,
                {name: bytes.fromhex(point) for name, point in value["public"].items()},
                {int(to): bytes.fromhex(sealed) for to, sealed in value["sealed"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CeremonyRefused(f"the package of holder {maker} is none") from None
        if package.ceremony != ceremony.id:
            raise CeremonyRefused(f"the package of holder {maker} belongs to another ceremony")
        expected = {MADE_AT[maker]} if ceremony.kind == GENERATE else set(PARTS)
        if set(package.public) != expected or not all(map(is_element, package.public.values())):
            raise CeremonyRefused(f"the package of holder {maker} holds other parts")
        if ceremony.kind == REFRESH and public_sum(list(package.public.values())) != IDENTITY:
            raise CeremonyRefused(f"the contribution of holder {maker} does not add up to zero")
        found[maker] = package
    if missing := set(ceremony.makers) - set(found):
        raise CeremonyRefused(f"the package of holder {min(missing)} is missing")
    return [found[maker] for maker in ceremony.makers]


def draft(ceremony: Ceremony, packages: Sequence[Package], overlap_days: int = OVERLAP_DAYS) -> Roster:
    """The roster that follows from the papers: the same for everybody. Raise CeremonyRefused."""
    old = ceremony.old
    if ceremony.kind == REFRESH:
        assert old is not None
        parts = {
            name: public_sum([old.parts[name], *(one.public[name] for one in packages)]) for name in PARTS
        }
    else:
        parts = {name: point for one in packages for name, point in one.public.items()}
    roster = Roster(
        construction=THREE,
        epoch=1 if old is None else old.epoch + 1,
        dealt=ceremony.kind == SPLIT or (ceremony.kind == REFRESH and old is not None and old.dealt),
        overlap_days=overlap_days,
        holders=tuple(card.holder for card in ceremony.cards),
        parts=dict(sorted(parts.items())),
        previous=FIRST if ceremony.before is None else ceremony.before.digest,
    )
    if ceremony.kind != GENERATE and old is not None and roster.total != old.total:
        raise CeremonyRefused("the parts do not add up to the key in force")
    try:
        read(roster.body())
    except RosterRefused as error:
        raise CeremonyRefused(str(error)) from None
    return roster


def conclude(
    ceremony: Ceremony,
    packages: Sequence[Package],
    number: int,
    sealing: X25519PrivateKey,
    kept: Mapping[str, Any],
) -> dict[str, bytes]:
    """A holder's parts after the ceremony, each checked against its public key. Raise CeremonyRefused.

    `kept`: what `contribute` returned beside the package; empty for who contributed nothing.
    """
    base: dict[str, bytes] = {}
    add: dict[str, list[bytes]] = {name: [] for name in parts_of(number)}
    told = [(number, dict(kept))] + [
        (one.maker, _unsealed(ceremony, one, number, sealing)) for one in packages if one.maker != number
    ]
    for maker, secret in told:
        for name, text in secret.get("base", {}).items():
            if name in parts_of(number):
                base[name] = _scalar(text, maker)
        for name, text in secret.get("add", {}).items():
            if name in add:
                add[name].append(_scalar(text, maker))
    public = draft(ceremony, packages).parts
    parts = {name: shifted(base[name], add[name]) for name in parts_of(number) if name in base}
    for name in parts_of(number):
        if name not in parts or multiply_base(parts[name]) != public[name]:
            raise CeremonyRefused(f"what came for part {name} is not what its public key says")
    return parts


def _unsealed(ceremony: Ceremony, package: Package, number: int, sealing: X25519PrivateKey) -> dict[str, Any]:
    sealed = package.sealed.get(number)
    if sealed is None:
        return {}
    try:
        value = json.loads(_HPKE.decrypt(sealed, sealing, ceremony.info(package.maker, number)))
    except (InvalidTag, ValueError, RecursionError):
        raise CeremonyRefused(f"what holder {package.maker} sealed does not open here") from None
    if not isinstance(value, dict):
        raise CeremonyRefused(f"what holder {package.maker} sealed holds no parts")
    return value


def _scalar(text: str, maker: int) -> bytes:
    try:
        scalar = bytes.fromhex(text)
    except (ValueError, TypeError):
        scalar = b""
    if not is_scalar(scalar):
        raise CeremonyRefused(f"what holder {maker} sealed is no number")
    return scalar
