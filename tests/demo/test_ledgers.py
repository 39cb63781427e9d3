"""The fictional invoices: their stories can be found in the figures, and no ledger knows the future."""

import time

import numpy as np
import pytest

from benchmark.ledger import Invoices
from demo import ledgers, world
from demo.stories import CAST
from member.imported import from_invoices


@pytest.fixture(scope="module")
def full() -> world.World:
    return world.build(world.FULL)


@pytest.fixture(scope="module")
def written(full: world.World) -> ledgers.Ledgers:
    return ledgers.write(full)


def _late(full: world.World, written: ledgers.Ledgers, name: str, months: range) -> np.ndarray:
    """Days late of the payments for invoices due in the months (0: the first one played)."""
    client = full.relations.client[written.relation]
    due = written.due.astype("M8[M]").astype(int) + 1970 * 12 - full.scale.first_month
    chosen = (client == full.stories[name].client) & (due >= months.start) & (due < months.stop)
    return (written.settled[chosen] - written.due[chosen]).astype(float)


def test_the_whole_network_is_written_in_about_two_seconds() -> None:
    start = time.process_time()  # what it costs here, whatever else the machine does
    ledgers.write(world.build(world.FULL))
    assert time.process_time() - start < 2


def test_the_same_world_gives_the_same_invoices(full: world.World, written: ledgers.Ledgers) -> None:
    again = ledgers.write(full)
    np.testing.assert_array_equal(again.cents, written.cents)
    np.testing.assert_array_equal(again.settled, written.settled)


def test_the_stories_are_in_the_payments(full: world.World, written: ledgers.Ledgers) -> None:
    assert np.nanmedian(_late(full, written, "decline", range(20, 23))) > 35
    assert np.nanmedian(_late(full, written, "decline", range(9))) < 12
    assert np.nanmedian(_late(full, written, "jump", range(20, 23))) > 35
    assert np.nanmedian(_late(full, written, "jump", range(19))) < 15
    assert np.nanmedian(_late(full, written, "recovery", range(7))) > 35
    assert np.nanmedian(_late(full, written, "recovery", range(18, 23))) < 15
    assert np.nanmedian(_late(full, written, "model", range(20))) < 0


def test_who_stops_paying_pays_nothing_any_more(full: world.World, written: ledgers.Ledgers) -> None:
    theirs = full.relations.client[written.relation] == full.stories["stop"].client
    onset = ledgers._first_day(full.scale.first_month + CAST["stop"].from_month)
    assert not (written.settled[theirs] >= onset).any()
    assert np.isnat(written.settled[theirs]).sum() > 10


def test_a_dispute_is_with_one_supplier_alone(full: world.World, written: ledgers.Ledgers) -> None:
    disputed = written.relation[written.disputed]
    assert len(disputed)
    assert set(full.relations.firm[disputed].tolist()) == {CAST["dispute"].firm}
    assert set(full.relations.client[disputed].tolist()) == {full.stories["dispute"].client}


def test_who_closes_in_august_pays_in_september(full: world.World, written: ledgers.Ledgers) -> None:
    sector = np.array([client.sector for client in full.clients])[full.relations.client[written.relation]]
    month = written.settled.astype("M8[M]").astype(int) % 12
    closing, others = np.isin(sector, [3, 6]), ~np.isin(sector, [3, 6])
    assert (month[closing] == 7).mean() < 0.6 * (month[others] == 7).mean()


def test_payments_arrive_on_working_days(written: ledgers.Ledgers) -> None:
    paid = written.settled[~np.isnat(written.settled)]
    assert np.is_busday(paid).all()


def test_a_ledger_knows_nothing_of_later_months(full: world.World, written: ledgers.Ledgers) -> None:
    month = full.scale.first_month + 6
    clients, invoices = ledgers.ledger(full, written, 0, month)
    end = ledgers._first_day(month + 1)
    assert (invoices.invoiced < end).all()
    assert not (invoices.settled >= end).any()
    later, _ = ledgers.ledger(full, written, 0, month + 5)
    assert [client.account for client in later[: len(clients)]] == [client.account for client in clients]


def _row(clients: list, invoices: Invoices, month: int, account: str) -> np.void:
    imported = from_invoices(clients, invoices, month, months=1)
    places, rows = imported.months[month]
    place = next(at for at, client in enumerate(imported.clients) if client.account == account)
    return rows[np.flatnonzero(places == place)[0]]


def test_a_mistake_in_posting_is_seen_in_its_month_and_gone_when_it_is_found(
    full: world.World, written: ledgers.Ledgers
) -> None:
    month, client = full.scale.first_month + 4, full.stories["model"].client
    wrong = ledgers.Misposting(firm=0, month=month, client=client, days=20)
    account = f"411{client:05d}"
    told = _row(*ledgers.ledger(full, written, 0, month, wrong), month, account)
    true = _row(*ledgers.ledger(full, written, 0, month), month, account)
    assert told != true
    elsewhere = _row(*ledgers.ledger(full, written, 1, month, wrong), month, account)
    assert elsewhere == _row(*ledgers.ledger(full, written, 1, month), month, account)
