"""A roster is believed when its holders signed it, and followed only along changes that the rules allow."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest

from privacy import roster as rosters
from privacy.evaluate import generate_key, public_key
from privacy.parts import SINGLE
from tests.privacy.ceremony_play import Party, hold, signed, three


@pytest.fixture(scope="module")
def made() -> tuple[list[Party], rosters.SignedRoster]:
    parties = three()
    return parties, hold("generate", parties)


def refused(code: str, pinned: rosters.SignedRoster, *chain: rosters.SignedRoster) -> None:
    with pytest.raises(rosters.RosterRefused) as error:
        rosters.follow(pinned, chain)
    assert error.value.code == code


def successor(pinned: rosters.SignedRoster, **changes: object) -> rosters.Roster:
    old = rosters.read(pinned.body)
    return replace(old, epoch=old.epoch + 1, previous=pinned.digest, **changes)


def test_a_roster_is_read_back_from_its_own_bytes_and_no_others(made) -> None:
    _, pinned = made
    roster = rosters.check(pinned)
    assert roster.body() == pinned.body
    assert rosters.from_text(rosters.to_text(pinned)) == pinned
    assert (roster.threshold, len(roster.key_id)) == (2, 32)
    for wrong in (b"", b"{}", b"[]", pinned.body + b" ", pinned.body.replace(b"k12", b"k14"), b" " * 20_000):
        with pytest.raises(rosters.RosterRefused):
            rosters.read(wrong)
    with pytest.raises(rosters.RosterRefused):
        rosters.from_text("{}")


@pytest.mark.parametrize(
    "changes",
    [
        {"construction": "two"},
        {"construction": SINGLE},
        {"epoch": 0},
        {"epoch": True},
        {"dealt": 1},
        {"overlap_days": -1},
        {"previous": b"short"},
        {"holders": ()},
        {"parts": {"k12": bytes(32), "k13": bytes(32), "k23": bytes(32)}},
    ],
    ids=str,
)
def test_a_roster_that_makes_no_sense_is_refused(made, changes) -> None:
    with pytest.raises(rosters.RosterRefused) as error:
        rosters.read(replace(rosters.read(made[1].body), **changes).body())
    assert error.value.code == "shape"


def test_all_new_holders_and_two_old_ones_have_to_sign(made) -> None:
    parties, pinned = made
    body = successor(pinned).body()
    assert rosters.follow(pinned, [pinned, signed(body, parties)]).roster.epoch == 2
    refused("signature", pinned, pinned, signed(body, parties[:2]))
    strangers = three()
    taken = successor(
        pinned,
        holders=tuple(
            replace(one, key=other.public)
            for one, other in zip(rosters.read(pinned.body).holders, strangers, strict=True)
        ),
    ).body()
    refused("signature", pinned, pinned, signed(taken, strangers))
    refused("signature", pinned, pinned, signed(taken, [*strangers, parties[0]]))
    assert rosters.follow(pinned, [pinned, signed(taken, [*strangers, *parties[:2]])]).roster.epoch == 2


def test_a_lowered_threshold_is_refused_whoever_signed_it(made) -> None:
    parties, pinned = made
    lower = rosters.Roster(
        SINGLE,
        2,
        False,
        30,
        (rosters.Holder(1, "One", "/api/holder", parties[0].public),),
        {"k": rosters.read(pinned.body).total},
        pinned.digest,
    ).body()
    refused("threshold", pinned, pinned, signed(lower, parties))
    refused("threshold", pinned, signed(lower, parties))  # the pinned one left out of the chain


def test_a_chain_that_goes_another_way_is_refused(made) -> None:
    parties, pinned = made
    refused("chain", pinned)
    refused("chain", pinned, hold("generate", three()))
    skipped = replace(successor(pinned), epoch=3).body()
    refused("chain", pinned, pinned, signed(skipped, parties))
    forked = replace(successor(pinned), previous=bytes(32)).body()
    refused("chain", pinned, pinned, signed(forked, parties))


def test_another_total_is_told_as_another_key(made) -> None:
    parties, pinned = made
    parts = dict(rosters.read(pinned.body).parts) | {"k12": public_key(generate_key())}
    followed = rosters.follow(pinned, [pinned, signed(successor(pinned, parts=parts).body(), parties)])
    assert followed.rekeyed
    assert followed.roster.key_id != rosters.read(pinned.body).key_id


def test_a_dealt_key_cannot_be_called_otherwise(made) -> None:
    parties, _ = made
    key = generate_key()
    holder = rosters.Holder(1, "One", "/api/holder", parties[0].public)
    single = signed(
        rosters.Roster(SINGLE, 1, False, 30, (holder,), {"k": public_key(key)}).body(), parties[:1]
    )
    from privacy.evaluate import random_scalar
    from privacy.parts import public_parts, split

    after = rosters.Roster(
        "three",
        2,
        False,
        30,
        tuple(replace(holder, number=one.number, key=one.public) for one in parties),
        public_parts(split(key, random_scalar)),
        single.digest,
    )
    refused("dealt", single, single, signed(after.body(), parties))
    assert rosters.follow(single, [single, signed(replace(after, dealt=True).body(), parties)]).roster.dealt


VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "roster.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["name"])
def test_the_shared_vectors_say_what_a_client_makes_of_a_chain(vector) -> None:
    pinned = rosters.SignedRoster(b64decode(vector["pinned"]), {})
    chain = [
        rosters.SignedRoster(
            b64decode(one["body"]),
            {b64decode(each["key"]): b64decode(each["signature"]) for each in one["signatures"]},
        )
        for one in vector["chain"]
    ]
    try:
        followed = rosters.follow(pinned, chain)
    except rosters.RosterRefused as refused:
        outcome = refused.code
    else:
        moved = followed.signed.body != pinned.body
        outcome = "rekeyed" if followed.rekeyed else "moved" if moved else "same"
    assert outcome == vector["outcome"]
