"""Writes roster.json: chains of rosters and what a client makes of each, for Python and the page.

`python -m tests.vectors.make_roster`. Keys are derived from names: nothing here is secret.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import rbcl

from privacy import roster as rosters
from privacy import signing
from privacy.oprf import derive_key
from privacy.parts import SINGLE, THREE, public_parts, shifted
from privacy.roster import Holder, Roster, SignedRoster

PATH = Path(__file__).with_name("roster.json")


def seed(name: str) -> bytes:
    return hashlib.sha256(b"vigie roster vector " + name.encode()).digest()


def scalar(name: str) -> bytes:
    return derive_key(seed(name), b"roster vector")


KEYS = {name: signing.from_seed(seed(name)) for name in ("1", "2", "3", "3b", "s")}


def holder(number: int, name: str = "") -> Holder:
    key = signing.public_bytes(KEYS[name or str(number)])
    return Holder(number, f"Détenteur {number} (fictif)", f"https://h{number}.test/api/holder", key)


def signed(roster: Roster, *names: str) -> SignedRoster:
    body = roster.body()
    made = {signing.public_bytes(KEYS[name]): signing.sign(KEYS[name], "roster", body) for name in names}
    return SignedRoster(body, made)


def after(before: SignedRoster, **changes: object) -> Roster:
    old = rosters.read(before.body)
    return replace(old, epoch=old.epoch + 1, previous=before.digest, **changes)


def cases() -> dict[str, tuple[SignedRoster, list[SignedRoster], str]]:
    """Name -> pinned, the chain shown, what follows: "same", "moved", "rekeyed" or a refusal's code."""
    parts = {name: scalar(name) for name in ("k12", "k13", "k23")}
    three = tuple(holder(number) for number in (1, 2, 3))
    first = signed(Roster(THREE, 1, False, 30, three, public_parts(parts)), "1", "2", "3")

    delta = scalar("d")
    moved = {
        "k12": shifted(parts["k12"], [delta]),
        "k13": bytes(rbcl.crypto_core_ristretto255_scalar_sub(parts["k13"], delta)),
        "k23": parts["k23"],
    }
    refresh = after(first, parts=public_parts(moved))
    newcomer = replace(refresh, holders=(three[0], three[1], holder(3, "3b")))
    fresh = after(first, parts=public_parts({name: scalar(f"new {name}") for name in parts}))
    lower = Roster(SINGLE, 2, False, 30, (holder(1),), {"k": rosters.read(first.body).total}, first.digest)
    single = signed(
        Roster(SINGLE, 1, False, 30, (holder(1, "s"),), {"k": rosters.read(first.body).total}), "s"
    )
    split = after(single, construction=THREE, holders=three, parts=public_parts(parts), dealt=True)
    everybody = ("1", "2", "3")
    second = signed(refresh, *everybody)
    return {
        "nothing changed": (first, [first], "same"),
        "a refresh": (first, [first, second], "moved"),
        "two refreshes": (
            first,
            [first, second, signed(after(second, overlap_days=10), *everybody)],
            "moved",
        ),
        "another third holder": (first, [first, signed(newcomer, "1", "2", "3b")], "moved"),
        "another third holder, one old signature": (
            first,
            [first, signed(replace(newcomer, holders=(three[0], *newcomer.holders[1:])), "1", "3b")],
            "signature",
        ),
        "a new holder has not signed": (first, [first, signed(newcomer, "1", "2")], "signature"),
        "a fresh key": (first, [first, signed(fresh, *everybody)], "rekeyed"),
        "a lowered threshold": (first, [first, signed(lower, *everybody)], "threshold"),
        "a lowered threshold without its past": (first, [signed(lower, *everybody)], "threshold"),
        "another past": (first, [signed(replace(refresh, previous=bytes(32)), *everybody)], "chain"),
        "an epoch left out": (first, [first, signed(replace(refresh, epoch=3), *everybody)], "chain"),
        "a split": (single, [single, signed(split, *everybody, "s")], "moved"),
        "a split without the old holder": (single, [single, signed(split, *everybody)], "signature"),
        "a split that is not called dealt": (
            single,
            [single, signed(replace(split, dealt=False), *everybody, "s")],
            "dealt",
        ),
        "no parts": (first, [first, SignedRoster(b'{"construction":"three"}', {})], "shape"),
    }


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def main() -> None:
    """Write the file."""
    found = [
        {
            "name": name,
            "pinned": text(pinned.body),
            "chain": [
                {
                    "body": text(one.body),
                    "signatures": [
                        {"key": text(key), "signature": text(signature)}
                        for key, signature in one.signatures.items()
                    ],
                }
                for one in chain
            ],
            "outcome": outcome,
        }
        for name, (pinned, chain, outcome) in cases().items()
    ]
    PATH.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
