"""Relations follow from uploads and releases: whoever reads them finds them caught up, as they came."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from benchmark.upload import FIELD_BIT, FIELDS, digest, month_index
from privacy import visibility
from privacy.visibility import WAITING
from server.clock import day_number
from server.network import RunningNetwork, open_network
from server.relations import catch_up, position, read_relations, sight_of
from server.settings import Settings
from server.tables import Relations
from tests.conftest import TODAY
from tests.server.kit import Member, Network, make_rows, pseudonyms

if TYPE_CHECKING:
    from tests.conftest import RunningServer

DECEMBER = month_index(2025, 12)
CLIENTS = pseudonyms(*(f"client {number}" for number in range(6)))
T = TypeVar("T")


def inside(server: RunningServer, work: Callable[[RunningNetwork], Awaitable[T]]) -> T:
    """Look at the server's rows with its own code, from this process."""

    async def run() -> T:
        settings = server.settings
        network = await open_network(
            Settings(settings["VIGIED_DATABASE"], Path(settings["VIGIED_KEYS"]), settings["VIGIED_KIND"])
        )
        try:
            return await work(network)
        finally:
            await network.database.close()

    return asyncio.run(run())


def relations_of(firm: Member) -> Any:
    return inside(firm.server, lambda network: read_relations(network, firm.id))


def test_relations_are_what_the_uploads_fold_to(network: Network) -> None:
    firm = network.firm(portfolio=4)
    first = firm.encode(DECEMBER, make_rows(CLIENTS[:3]))
    firm.send(first, firm.encode(DECEMBER - 1, make_rows(CLIENTS[2:5])))
    firm.send(firm.encode(DECEMBER, make_rows(CLIENTS[1:6]), replaces=digest(first)))
    facts = visibility.FirmFacts(admitted_on=day_number(TODAY), first_portfolio_limit=4)

    def names(some: list[bytes]) -> Any:
        return np.frombuffer(b"".join(some), "V32")

    expected, _ = visibility.fold_uploads(
        visibility.no_relations(),
        facts,
        {DECEMBER: names(CLIENTS[:3]), DECEMBER - 1: names(CLIENTS[2:5])},
        day_number(TODAY),
    )
    expected, waiting = visibility.fold_uploads(
        expected, facts, {DECEMBER: names(CLIENTS[1:6])}, day_number(TODAY)
    )
    found = relations_of(firm)
    assert found.tobytes() == expected.tobytes()
    assert (found["added_on"] == WAITING).sum() == len(waiting)


def test_what_was_not_folded_is_folded_by_whoever_reads(network: Network) -> None:
    firm = network.firm()
    firm.send(firm.encode(DECEMBER, make_rows(CLIENTS)))
    before = relations_of(firm).tobytes()

    async def forget(running: RunningNetwork) -> int:
        await Relations.delete(force=True)
        return len((await sight_of(running, firm.id))[0])

    assert inside(network.server, forget) == len(CLIENTS)
    assert relations_of(firm).tobytes() == before


def test_catching_up_twice_changes_nothing(network: Network) -> None:
    firm = network.firm()
    firm.send(firm.encode(DECEMBER, make_rows(CLIENTS)))

    async def twice(running: RunningNetwork) -> tuple[bytes, bytes]:
        found = await asyncio.gather(*(catch_up(running, firm.id) for _ in range(3)))
        return found[0].tobytes(), found[2].tobytes()

    first, third = inside(network.server, twice)
    assert first == third == relations_of(firm).tobytes()


def test_a_row_without_a_figure_opens_nothing(network: Network) -> None:
    firm = network.firm(portfolio=6)
    rows = make_rows(CLIENTS[:3])
    for name in (*(field for field, _ in FIELDS if field not in {"sector", "terms_days"}),):
        rows[name][2] = 0
        rows["present"][2] &= ~FIELD_BIT[name]
    assert firm.send(firm.encode(DECEMBER, rows)).status_code == 200
    assert sorted(one.tobytes() for one in relations_of(firm)["pseudonym"]) == sorted(CLIENTS[:2])


def test_a_pseudonym_is_found_where_it_is_and_nowhere_else() -> None:
    relations = np.zeros(3, visibility.RELATION_DTYPE)
    relations["pseudonym"] = np.sort(np.frombuffer(b"".join(CLIENTS[:3]), "V32"))
    for number, name in enumerate(relations["pseudonym"]):
        assert position(relations, name.tobytes()) == number
    assert position(relations, CLIENTS[4]) is None
    assert position(relations, b"\xff" * 32) is None
    assert position(relations[:0], CLIENTS[0]) is None
