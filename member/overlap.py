"""Before joining: how much of the firm's outstanding amount the network would compare, asked once.

Rules of order, whose guardian this is:
1. A key of the candidate's own takes the operator's invitation; what it has so far is in one file, so that an
   interrupted run goes on where it was: pseudonyms are asked for once, the set stays the one that was begun.
2. What leaves: blinded identifiers to the key holders, then pseudonyms and capped shares (`privacy.overlap`)
   to the network. No name, no identifier, no amount.
3. With the answer the file goes.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member.enrol import delegate, firm_of
from member.home import Identity, write_file
from member.imported import Imported
from member.keys import KEY_BYTES, RoleKeys, Secret
from member.keystore import Member
from member.network import Network
from member.pins import Pins, pin
from member.pseudonyms import Progress, pseudonyms_of, silent
from member.refusals import InputRefused, NetworkRefused, Unreachable
from privacy import overlap, signing
from privacy.delegation import Scope

PURPOSE: Final = "overlap"


class _Begun(Secret, frozen=True):
    """What the file of a candidate holds: its keys, the set in order, what is known of it."""

    root_seed: bytes
    device_seed: bytes
    amounts: dict[str, int]
    pseudonyms: dict[str, bytes]


class _Candidacy(msgspec.Struct, frozen=True):
    candidate_id: UUID
    latest_release: str | None


class _Answer(msgspec.Struct, frozen=True):
    month: str
    profile: str
    from_points: int
    to_points: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """The answer. Cents; `counted_cents` is what the cap leaves of `total_cents`, `cap_cents` 0: by heads.

    from_points, to_points: the band, in points of a hundred of what is counted.
    """

    month: str
    from_points: int
    to_points: int
    clients: int
    total_cents: int
    counted_cents: int
    cap_cents: int

    @property
    def cents(self) -> tuple[int, int]:
        """What the band is of the counted amount."""
        return (
            self.counted_cents * self.from_points // 100,
            self.counted_cents * self.to_points // 100,
        )


def amounts_of(imported: Imported) -> dict[str, int]:
    """Outstanding cents by identifier at the end of the last month; confidential clients stay out."""
    if not imported.months:
        return {}
    places, rows = imported.months[max(imported.months)]
    found: dict[str, int] = {}
    for place, cents in zip(places.tolist(), rows["outstanding"].tolist(), strict=True):
        client = imported.clients[place]
        if not client.confidential:
            found[client.identifier] = found.get(client.identifier, 0) + int(cents)
    return found


def chosen(amounts: Mapping[str, int]) -> dict[str, int]:
    """The set that is asked about: the largest, as many as a network answers. Raise InputRefused: too few."""
    largest = sorted(amounts.items(), key=lambda one: (-one[1], one[0]))[: overlap.IDENTIFIERS_MAX]
    if len(largest) < overlap.IDENTIFIERS_MIN:
        raise InputRefused("overlap-few", found=len(largest), expected=overlap.IDENTIFIERS_MIN)
    return dict(largest)


def ask(
    network: Network,
    invitation: str,
    amounts: Mapping[str, int],
    folder: Path,
    progress: Progress = silent,
) -> Overlap:
    """Ask, or go on asking where an earlier run ended: then about the set that was begun.

    `amounts` cents by identifier. Raise InputRefused, NetworkRefused, Unreachable, Untrusted.
    """
    invitation = invitation.strip()
    candidate = firm_of(invitation)
    place = folder / f"overlap-{candidate}.json"
    begun = _load(place) or _begin(place, chosen(amounts))
    pins = pin(network.url, network.facts())
    root = Ed25519PrivateKey.from_private_bytes(begun.root_seed)
    _take(network, invitation, root, len(begun.amounts))
    asking = Member(_identity(candidate, pins, begun), network)
    begun = _with_pseudonyms(asking, begun, place, progress)
    found = _answer(network, candidate, root, begun)
    place.unlink(missing_ok=True)
    values = list(begun.amounts.values())
    most = overlap.cap(values)
    return Overlap(
        found.month,
        found.from_points,
        found.to_points,
        len(values),
        sum(max(value, 0) for value in values),
        sum(min(max(value, 0), most) for value in values),
        most,
    )


def _load(place: Path) -> _Begun | None:
    try:
        return msgspec.json.decode(place.read_bytes(), type=_Begun)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        raise InputRefused("overlap-file", path=place) from None


def _begin(place: Path, amounts: dict[str, int]) -> _Begun:
    begun = _Begun(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES), amounts, {})
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_file(place, msgspec.json.encode(begun))
    return begun


def _take(network: Network, invitation: str, root: Ed25519PrivateKey, count: int) -> None:
    public = signing.public_bytes(root)
    signed = invitation.encode() + public + struct.pack("<I", count)
    body = {
        "invitation": invitation,
        "root_public_key": public,
        "identifiers": count,
        "signature": signing.sign(root, PURPOSE, signed),
    }
    network.read(network.send("POST", "/api/overlap/candidacies", json=body), _Candidacy)


def _identity(candidate: UUID, pins: Pins, begun: _Begun) -> Identity:
    """Whom the key holders know the candidate as: a firm of its own, that may ask for pseudonyms alone."""
    root = Ed25519PrivateKey.from_private_bytes(begun.root_seed)
    return Identity(
        firm_id=candidate,
        root_public=signing.public_bytes(root),
        device_seed=begun.device_seed,
        delegation=delegate(root, candidate, begun.device_seed, Scope.EVALUATE),
        role_keys=RoleKeys(),
        pins=pins,
    )


def _with_pseudonyms(asking: Member, begun: _Begun, place: Path, progress: Progress) -> _Begun:
    """The rest of the pseudonyms, each batch kept before the next is asked for."""
    known = dict(begun.pseudonyms)

    def keep(found: dict[str, bytes]) -> None:
        known.update(found)
        write_file(place, msgspec.json.encode(msgspec.structs.replace(begun, pseudonyms=known)))

    missing = [identifier for identifier in begun.amounts if identifier not in known]
    try:
        if missing:
            pseudonyms_of(asking, missing, progress, keep)
    except NetworkRefused as refused:
        if refused.code != "holder-unknown-firm":
            raise
        # Holders of their own admit by their own list: the operator's word does not count there.
        key = asking.root_public.hex()
        raise InputRefused("overlap-holders", candidate=asking.firm_id, key=key, count=len(missing)) from None
    return msgspec.structs.replace(begun, pseudonyms=known)


def _answer(network: Network, candidate: UUID, root: Ed25519PrivateKey, begun: _Begun) -> _Answer:
    weights = overlap.weights_of(list(begun.amounts.values()))
    pairs = sorted(
        zip((begun.pseudonyms[one] for one in begun.amounts), weights.tolist(), strict=True),
        key=lambda pair: pair[0],
    )
    names = b"".join(pseudonym for pseudonym, _ in pairs)
    weighed = np.array([weight for _, weight in pairs], "<u4").tobytes()
    signed = candidate.bytes + hashlib.sha256(names + weighed).digest()
    body = {
        "candidate_id": candidate,
        "pseudonyms": names,
        "weights": weighed,
        "signature": signing.sign(root, PURPOSE, signed),
    }
    found = network.read(network.send("POST", "/api/overlap/answers", json=body), _Answer)
    if not 0 <= found.from_points < found.to_points <= 100:
        raise Unreachable("garbled", url=network.url, why=f"{found.from_points}-{found.to_points}")
    return found
