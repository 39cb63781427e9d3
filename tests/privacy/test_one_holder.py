"""Keys made without a dealer: what one holder knows tests no guess, what two know tests them all."""

from __future__ import annotations

import hashlib
from itertools import combinations

import pytest

from privacy import roster as rosters
from privacy.evaluate import generate_key, random_scalar, sum_of_parts
from privacy.oprf import hash_to_group, multiply, prefixed
from privacy.parts import HOLDERS, split
from tests.privacy.ceremony_play import Party, hold, three
from tests.privacy.guessing import confirmed

CLIENTS = [f"fr.siren:{number:09d}" for number in (552100554, 356000000, 480470152)]
OTHERS = [f"fr.siren:{number:09d}" for number in (732829320, 542107651)]


def copy_of(key: bytes) -> bytes:
    """A database that holds the clients' pseudonyms under a key, and other bytes."""
    rows = b"head"
    for client in CLIENTS:
        point = multiply(key, hash_to_group(client.encode()))
        text = prefixed(client.encode()) + prefixed(point) + b"Finalize"
        rows += hashlib.sha512(text).digest()[:32] + b"figures"
    return rows


def knowledge(*parties: Party) -> list[bytes]:
    return sorted({part for one in parties for part in one.parts.values()})


def whole(parties: list[Party]) -> bytes:
    return sum_of_parts(list({name: part for one in parties for name, part in one.parts.items()}.values()))


@pytest.fixture(scope="module")
def made() -> tuple[list[Party], rosters.SignedRoster]:
    parties = three()
    return parties, hold("generate", parties)


@pytest.mark.parametrize("number", HOLDERS)
def test_the_database_and_one_holder_test_no_guess(made, number: int) -> None:
    parties, signed = made
    public = rosters.read(signed.body).parts.values()
    copy = copy_of(whole(parties))
    assert confirmed(copy, knowledge(parties[number - 1]), public, CLIENTS + OTHERS) == set()


@pytest.mark.parametrize("pair", list(combinations(HOLDERS, 2)), ids=str)
def test_the_database_and_two_holders_test_them_all(made, pair: tuple[int, int]) -> None:
    parties, _ = made
    known = knowledge(*(parties[number - 1] for number in pair))
    assert confirmed(copy_of(whole(parties)), known, [], CLIENTS + OTHERS) == set(CLIENTS)


def test_a_refresh_makes_what_was_stolen_before_worth_nothing(made) -> None:
    """One holder's parts from before and another's from after: two holders, but not of one epoch."""
    parties = [Party(one.number, one.key, one.sealing, dict(one.parts)) for one in made[0]]
    copy, stolen = copy_of(whole(parties)), dict(parties[0].parts)
    after = hold("refresh", parties, made[1])
    known = [*stolen.values(), *parties[1].parts.values()]
    public = rosters.read(after.body).parts.values()
    assert confirmed(copy, known, public, CLIENTS) == set()
    assert confirmed(copy, knowledge(*parties[:2]), [], CLIENTS) == set(CLIENTS)


def test_whoever_dealt_a_key_can_test_every_guess() -> None:
    """What the roster says with one word, "dealt"."""
    key = generate_key()
    assert confirmed(copy_of(key), [key], [], CLIENTS + OTHERS) == set(CLIENTS)
    parts = split(key, random_scalar)
    assert confirmed(copy_of(key), [parts["k12"], parts["k13"]], [], CLIENTS) == set()
