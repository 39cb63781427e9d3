"""A ceremony at one holder, step by step: card, contribution, what came of it, the roster put in force.

Rules of order, whose guardian this is:
1. A card brings a sealing key made for this ceremony alone.
2. What a holder contributes, or is sealed for it, stays in the ceremony's file until the roster is in force.
3. The parts are checked against the public keys, the roster against everybody's signatures, before anything
   in force changes; then sealing key, contributions and deltas are erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from privacy import parts_ceremony as ceremonies
from privacy import roster as rosters
from privacy import signing
from privacy.evaluate import random_scalar
from privacy.parts import split
from privacy.parts_ceremony import Ceremony, CeremonyRefused
from privacy.roster import RosterRefused, SignedRoster
from server.keyholder_folder import Begun, FolderRefused, HolderFolder
from server.keys import Keys, KeysRefused


def card(folder: HolderFolder) -> bytes:
    """A fresh card for a fresh ceremony; one that was under way here is forgotten."""
    sealing = X25519PrivateKey.generate()
    folder.keep(Begun(kind="", sealing=sealing.private_bytes_raw().hex()))
    return ceremonies.make_card(
        folder.signing, folder.number, folder.name, folder.url, sealing.public_key().public_bytes_raw()
    )


def begin(
    folder: HolderFolder, kind: str, cards: Sequence[bytes], before: SignedRoster | None = None
) -> bytes | None:
    """Take part; the package for the others, None for a holder that contributes nothing.

    `before`: the roster in force, for a holder that does not have it (a new one, or a split). Raise
    FolderRefused, CeremonyRefused.
    """
    begun = folder.begun()
    chain = folder.chain()
    known = chain[-1] if chain else before
    ceremony = Ceremony.of(kind, cards, known)
    own = ceremony.cards[folder.number - 1]
    sealing = _sealing(begun).public_key().public_bytes_raw()
    if (own.holder.key, own.sealing) != (folder.public, sealing):
        raise CeremonyRefused(f"the card of holder {folder.number} is not the one made here last")
    package: bytes | None = None
    kept: dict[str, Any] = {}
    if folder.number in ceremony.makers:
        parts = folder.parts(rosters.read(known.body).epoch) if known and kind == ceremonies.REFRESH else {}
        package, kept = ceremonies.contribute(ceremony, folder.signing, parts, folder.number, random_scalar)
    folder.keep(
        msgspec.structs.replace(
            begun,
            kind=kind,
            cards=[one.decode() for one in cards],
            before=None if known is None else rosters.to_text(known),
            kept=kept,
        )
    )
    return package


def accept(folder: HolderFolder, packages: Sequence[bytes]) -> SignedRoster:
    """What came of it: this holder's parts, checked, and the roster with its signature.

    Raise FolderRefused, CeremonyRefused.
    """
    begun = folder.begun()
    if not begun.kind:
        raise FolderRefused("the cards come first: `vigied keyholder generate`, `refresh` or `split`")
    before = None if begun.before is None else rosters.from_text(begun.before)
    ceremony = Ceremony.of(begun.kind, [one.encode() for one in begun.cards], before)
    read = ceremonies.read_packages(ceremony, packages)
    parts = ceremonies.conclude(ceremony, read, folder.number, _sealing(begun), begun.kept)
    body = ceremonies.draft(ceremony, read).body()
    folder.keep(
        msgspec.structs.replace(
            begun, parts={name: part.hex() for name, part in parts.items()}, roster=body.decode()
        )
    )
    return SignedRoster(body, {folder.public: signing.sign(folder.signing, "roster", body)})


def merge(papers: Sequence[SignedRoster]) -> SignedRoster:
    """One roster with everybody's signatures. Raise RosterRefused where two say different things."""
    if not papers:
        raise RosterRefused("shape", "expected the signed rosters of everybody")
    if len({one.body for one in papers}) != 1:
        raise RosterRefused(
            "shape", "the holders signed different rosters: somebody told two stories, begin again"
        )
    signatures = {key: signed for one in papers for key, signed in one.signatures.items()}
    return SignedRoster(papers[0].body, signatures)


def deal(keys: Keys, cards: Sequence[bytes], before: SignedRoster) -> bytes:
    """The operator's package when its single key is split among three holders. Raise KeysRefused."""
    if keys.pseudonym is None or keys.holder_signing is None:
        raise KeysRefused("this network has no single key to split")
    if rosters.read(before.body).total != keys.pseudonym_public():
        raise KeysRefused("pseudonym.key is not the key of the roster in force")
    ceremony = Ceremony.of(ceremonies.SPLIT, cards, before)
    return ceremonies.deal(ceremony, keys.holder_signing, split(keys.pseudonym, random_scalar))


def _sealing(begun: Begun) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(bytes.fromhex(begun.sealing))
