"""The plan of the fictional network: sparse sharing as in real ledgers, the same every time."""

import numpy as np
import pytest

from demo import sirens, world


@pytest.fixture(scope="module")
def full() -> world.World:
    return world.build(world.FULL)


def test_the_same_seed_gives_the_same_network(full: world.World) -> None:
    again = world.build(world.FULL)
    assert again.clients == full.clients
    assert again.firms == full.firms
    for column in ("firm", "client", "start", "end", "terms_days", "effect_days", "cents"):
        np.testing.assert_array_equal(getattr(again.relations, column), getattr(full.relations, column))


def test_clients_have_names_and_numbers_of_their_own_that_are_nobodys(full: world.World) -> None:
    assert len({client.name for client in full.clients}) == len(full.clients) >= 600
    assert len({client.siren for client in full.clients}) == len(full.clients)
    assert all(sirens.fictional(client.siren) for client in full.clients)
    assert all(firm.email.endswith(".example") for firm in full.firms)


def test_most_of_a_firms_clients_have_few_suppliers_and_a_few_have_many(full: world.World) -> None:
    suppliers = full.suppliers()
    assert 60 <= (suppliers >= 5).sum() <= 120
    assert (suppliers >= 10).sum() >= 10
    assert (suppliers == 1).mean() > 0.5
    shared = np.bincount(full.relations.firm, suppliers[full.relations.client] >= 5)
    own = np.bincount(full.relations.firm)
    assert len(full.firms) >= 12
    assert (shared / own).mean() < 0.5


def test_no_firm_supplies_a_client_twice_nor_beyond_the_legal_ceiling(full: world.World) -> None:
    pairs = full.relations.firm * len(full.clients) + full.relations.client
    assert len(np.unique(pairs)) == len(pairs)
    assert full.relations.terms_days[full.relations.terms_kind == 0].max() <= 60
    assert full.relations.terms_days[full.relations.terms_kind > 0].max() <= 45


def test_whoever_logs_in_finds_every_story_in_its_ledger(full: world.World) -> None:
    assert len(full.stories) >= 5
    for story in full.stories.values():
        suppliers = set(full.relations.firm[full.relations.client == story.client].tolist())
        assert {0, 1, 2} <= suppliers
        assert full.clients[story.client].story == story.name


def test_some_firms_join_later(full: world.World) -> None:
    joins = [firm.joins for firm in full.firms]
    assert joins.count(full.scale.first_month) >= 8
    assert max(joins) > full.scale.first_month + 6
