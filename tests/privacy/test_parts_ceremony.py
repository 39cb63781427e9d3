"""Everybody ends with the parts that the roster says; a paper that does not fit is refused by name."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from privacy import parts_ceremony as ceremonies
from privacy import roster as rosters
from privacy import signing
from privacy.evaluate import generate_key, public_key, random_scalar, sum_of_parts
from privacy.parts import PARTS, SINGLE, public_parts, split
from tests.privacy.ceremony_play import Party, hold, signed, three


def whole(parties: list[Party]) -> dict[str, bytes]:
    found = {name: part for one in parties for name, part in one.parts.items()}
    for one in parties:
        assert all(found[name] == part for name, part in one.parts.items())
    return found


def single(key: bytes) -> tuple[Party, rosters.SignedRoster]:
    party = Party(1)
    holder = rosters.Holder(1, "The operator", "/api/holder", party.public)
    roster = rosters.Roster(SINGLE, 1, False, 30, (holder,), {"k": public_key(key)})
    return party, signed(roster.body(), [party])


def test_without_a_dealer_each_holder_ends_with_two_parts_and_nobody_sees_three() -> None:
    parties = three()
    roster = rosters.check(hold("generate", parties))
    assert not roster.dealt
    assert all(len(one.parts) == 2 for one in parties)
    assert public_parts(whole(parties)) == roster.parts
    assert public_key(sum_of_parts(list(whole(parties).values()))) == roster.total


def test_a_refresh_changes_every_part_and_clients_follow_to_the_same_key() -> None:
    parties = three()
    before = hold("generate", parties)
    old = whole(parties)
    after = hold("refresh", parties, before)
    assert all(whole(parties)[name] != old[name] for name in PARTS)
    followed = rosters.follow(before, [before, after])
    assert (followed.roster.epoch, followed.rekeyed) == (2, False)
    assert followed.roster.key_id == rosters.read(before.body).key_id


def test_a_lost_holder_is_replaced_by_two_and_what_it_knew_is_worth_nothing() -> None:
    parties = three()
    before = hold("generate", parties)
    lost = dict(parties[2].parts)
    parties[2] = Party(3)
    after = hold("refresh", parties, before)
    followed = rosters.follow(before, [before, after])
    assert not followed.rekeyed
    assert public_parts(whole(parties)) == followed.roster.parts
    assert all(parties[2].parts[name] != lost[name] for name in lost)


def test_a_single_key_that_is_split_is_dealt_until_there_is_another() -> None:
    key = generate_key()
    dealer, before = single(key)
    parties = three()
    ceremony = ceremonies.Ceremony.of("split", [one.card() for one in parties], before)
    paper = ceremonies.deal(ceremony, dealer.key, split(key, random_scalar))
    packages = ceremonies.read_packages(ceremony, [paper])
    for one in parties:
        one.parts = ceremonies.conclude(ceremony, packages, one.number, one.sealing, {})
    after = signed(ceremonies.draft(ceremony, packages).body(), [*parties, dealer])
    assert sum_of_parts(list(whole(parties).values())) == key
    assert rosters.follow(before, [before, after]).roster.dealt
    refreshed = hold("refresh", parties, after)
    assert rosters.follow(before, [before, after, refreshed]).roster.dealt
    fresh = hold("generate", parties, refreshed)
    followed = rosters.follow(before, [before, after, refreshed, fresh])
    assert (followed.roster.dealt, followed.rekeyed) == (False, True)


def test_what_is_sealed_for_one_holder_opens_for_no_other_and_in_no_other_ceremony() -> None:
    parties = three()
    ceremony = ceremonies.Ceremony.of("generate", [one.card() for one in parties], None)
    made = [ceremonies.contribute(ceremony, one.key, {}, one.number, random_scalar)[0] for one in parties]
    packages = ceremonies.read_packages(ceremony, made)
    with pytest.raises(ceremonies.CeremonyRefused, match="does not open"):
        ceremonies.conclude(ceremony, packages, 2, X25519PrivateKey.generate(), {})
    parties[2].sealing = X25519PrivateKey.generate()
    other = ceremonies.Ceremony.of("generate", [one.card() for one in parties], None)
    with pytest.raises(ceremonies.CeremonyRefused, match="another ceremony"):
        ceremonies.read_packages(other, made)


def test_a_holder_that_seals_something_else_than_it_published_is_found_out() -> None:
    parties = three()
    ceremony = ceremonies.Ceremony.of("generate", [one.card() for one in parties], None)
    papers, kept = [], {}
    for one in parties:
        paper, kept[one.number] = ceremonies.contribute(ceremony, one.key, {}, one.number, random_scalar)
        papers.append(paper)
    liar = parties[0]
    told = {-1: {"k12": public_key(generate_key())}, 2: {"base": {"k12": generate_key().hex()}}}
    papers[0] = ceremonies._pack(ceremony, liar.key, 1, told)
    packages = ceremonies.read_packages(ceremony, papers)
    with pytest.raises(ceremonies.CeremonyRefused, match="k12"):
        ceremonies.conclude(ceremony, packages, 2, parties[1].sealing, kept[2])


def test_a_contribution_that_would_move_the_key_is_refused() -> None:
    parties = three()
    before = hold("generate", parties)
    ceremony = ceremonies.Ceremony.of("refresh", [one.card() for one in parties], before)
    told = {-1: public_parts(split(generate_key(), random_scalar))}
    papers = [ceremonies._pack(ceremony, parties[0].key, 1, told)]
    with pytest.raises(ceremonies.CeremonyRefused, match="holder 1 does not add up to zero"):
        ceremonies.read_packages(ceremony, papers)


def test_papers_are_refused_when_forged_missing_or_twice() -> None:
    parties = three()
    cards = [one.card() for one in parties]
    with pytest.raises(ceremonies.CeremonyRefused, match="each once"):
        ceremonies.Ceremony.of("generate", cards[:2], None)
    with pytest.raises(ceremonies.CeremonyRefused, match="no such ceremony"):
        ceremonies.Ceremony.of("party", cards, None)
    for kind in ("refresh", "split"):
        with pytest.raises(ceremonies.CeremonyRefused, match="needs a roster"):
            ceremonies.Ceremony.of(kind, cards, None)
    forged = json.loads(cards[0])
    forged["text"] = forged["text"].replace("h1.test", "evil.test")
    with pytest.raises(ceremonies.CeremonyRefused, match="not signed"):
        ceremonies.read_card(json.dumps(forged).encode())
    for nonsense in (b"", b"[]", b'{"paper": "card"}', b"\xff"):
        with pytest.raises(ceremonies.CeremonyRefused, match="no card"):
            ceremonies.read_card(nonsense)
    ceremony = ceremonies.Ceremony.of("generate", cards, None)
    paper, _ = ceremonies.contribute(ceremony, parties[0].key, {}, 1, random_scalar)
    with pytest.raises(ceremonies.CeremonyRefused, match="holder 2 is missing"):
        ceremonies.read_packages(ceremony, [paper])
    wrong = ceremonies._pack(ceremony, parties[1].key, 1, {-1: {"k12": public_key(generate_key())}})
    with pytest.raises(ceremonies.CeremonyRefused, match="not signed"):
        ceremonies.read_packages(ceremony, [wrong])


def test_cards_are_compared_by_a_short_fingerprint() -> None:
    card = Party(1).card()
    assert ceremonies.fingerprint(card) == ceremonies.fingerprint(card)
    assert len(ceremonies.fingerprint(card)) == 23
    assert ceremonies.fingerprint(card) != ceremonies.fingerprint(Party(1).card())
    assert signing.public_bytes(Party(1).key) != ceremonies.read_card(card).holder.key
