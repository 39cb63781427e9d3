"""Three holders at one table: their keys, cards and packages, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from privacy import parts_ceremony as ceremonies
from privacy import signing
from privacy.evaluate import random_scalar
from privacy.parts import HOLDERS
from privacy.roster import SignedRoster


@dataclass
class Party:
    """One holder."""

    number: int
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sealing: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    parts: dict[str, bytes] = field(default_factory=dict)

    @property
    def public(self) -> bytes:
        return signing.public_bytes(self.key)

    def card(self) -> bytes:
        sealing = self.sealing.public_key().public_bytes_raw()
        return ceremonies.make_card(
            self.key, self.number, f"Holder {self.number}", f"https://h{self.number}.test/api/holder", sealing
        )


def three() -> list[Party]:
    return [Party(number) for number in HOLDERS]


def signed(body: bytes, parties: list[Party]) -> SignedRoster:
    return SignedRoster(body, {one.public: signing.sign(one.key, "roster", body) for one in parties})


def hold(
    kind: str, parties: list[Party], before: SignedRoster | None = None, extra: list[Party] | None = None
) -> SignedRoster:
    """A whole ceremony; every party's parts are the new ones afterwards. `extra` signs as well."""
    ceremony = ceremonies.Ceremony.of(kind, [one.card() for one in parties], before)
    papers, kept = [], {}
    for one in parties:
        if one.number in ceremony.makers:
            paper, kept[one.number] = ceremonies.contribute(
                ceremony, one.key, one.parts, one.number, random_scalar
            )
            papers.append(paper)
    packages = ceremonies.read_packages(ceremony, papers)
    for one in parties:
        one.parts = ceremonies.conclude(ceremony, packages, one.number, one.sealing, kept.get(one.number, {}))
    return signed(ceremonies.draft(ceremony, packages).body(), [*parties, *(extra or [])])
