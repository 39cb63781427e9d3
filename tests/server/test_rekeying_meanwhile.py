"""The pseudonyms' key becomes another while something is under way under the one before."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from benchmark.upload import month_index
from privacy import roster as rosters
from privacy.evaluate import generate_key, public_key
from privacy.parts import SINGLE, WHOLE
from privacy.roster import Roster, SignedRoster
from server import releases
from server.network import RunningNetwork
from server.problems import Refused
from server.rosters import adopt, signed_by_embedded
from tests.conftest import RunningServer
from tests.server.crossings import nothing, while_held
from tests.server.kit import Network, make_rows, pseudonyms
from tests.server.planting import ask, eventually
from tests.server.test_relations import inside

DECEMBER = month_index(2025, 12)


def following(network: RunningNetwork) -> SignedRoster:
    """The same only holder with a key of its own making that nothing is under yet."""
    before = network.chain[-1]
    holder = rosters.read(before.body).holders
    parts = {WHOLE: public_key(generate_key())}
    roster = Roster(SINGLE, 2, False, rosters.OVERLAP_DAYS, holder, parts, previous=before.digest)
    return signed_by_embedded(SignedRoster(roster.body(), {}), network.keys)


async def rekey(network: RunningNetwork) -> None:
    await adopt(network.database, following(network), network.clock, await network.read_today())


def on_postgres(network: Network) -> RunningServer:
    if network.server.database_url.startswith("sqlite"):
        pytest.skip("SQLite writes one after the other")
    return network.server


def test_a_month_computed_under_the_key_before_is_not_published(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = network.firm()
    (client,) = pseudonyms("a client")
    assert firm.send(firm.encode(DECEMBER, make_rows([client]))).status_code == 200
    network.server.set_today(date(2026, 1, 12))
    plant = releases.plant
    left = [rekey]

    async def work(running: RunningNetwork) -> None:
        async def rekeyed(*arguments: Any) -> Any:
            """What comes between the reading of the uploads and the transaction that publishes."""
            while left:
                await left.pop()(running)
            return await plant(*arguments)

        monkeypatch.setattr(releases, "plant", rekeyed)
        with pytest.raises(Refused) as refused:
            await releases.release(running, DECEMBER)
        assert refused.value.code == "release-order"
        for table in ("release", "policy_state"):
            assert not await running.database.run(f"SELECT month FROM {table}")
        assert (await releases.release(running, DECEMBER)).fresh

    inside(network.server, work)


def test_an_upload_under_the_key_before_is_not_stored_once_another_is_in_force(network: Network) -> None:
    server, firm = on_postgres(network), network.firm()
    upload = firm.encode(DECEMBER, make_rows(pseudonyms("a client")))

    async def next_text(running: RunningNetwork) -> str:
        return rosters.to_text(following(running))

    adopting = (
        "WITH held AS (SELECT id FROM network WHERE id = 1 FOR UPDATE)"
        " INSERT INTO network_roster (epoch, text, adopted_at) SELECT 2, $1, 0 FROM held"
    )
    text = inside(server, next_text)
    answer = while_held(server, lambda ours: ours.execute(adopting, text), lambda: firm.send(upload), nothing)
    assert answer.status_code == 422, answer.text
    assert [fault["field"] for fault in answer.json()["errors"]] == ["key"]
    assert ask(server, "SELECT COUNT(*) FROM upload WHERE firm = {}", UUID(str(firm.id))) == [(0,)]


def test_another_key_waits_for_relations_that_are_being_written(network: Network) -> None:
    server, firm = on_postgres(network), network.firm()
    assert firm.send(firm.encode(DECEMBER, make_rows(pseudonyms("a client")))).status_code == 200
    relations = "SELECT length(packed) > 0 FROM relations"
    eventually(lambda: ask(server, relations) == [(True,)])  # the server has nothing more to write
    writing = (  # as `relations.catch_up` does
        "WITH held AS (SELECT id FROM firm WHERE id = $1 FOR UPDATE),"
        " gone AS (DELETE FROM relations WHERE firm IN (SELECT id FROM held) RETURNING firm, folded, packed)"
        " INSERT INTO relations (firm, folded, packed) SELECT firm, folded, packed FROM gone"
    )
    while_held(server, lambda ours: ours.execute(writing, firm.id), lambda: inside(server, rekey), nothing)
    assert ask(server, relations) == [(False,)]
