"""kill -9 while months are released, again and again: the chain is the one of a server that nobody killed.

That each upload, release and message is there whole or not at all is tested beside their stations
(`tests/server`); here it is what comes of many interruptions together.
"""

from __future__ import annotations

import hashlib
import json
import random
import threading
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest

from benchmark.release import UploadInWindow, release_month
from benchmark.upload import decode, month_text
from privacy import manifest_trees, merkle, signing
from privacy.profiles import PROFILES
from privacy.visibility import RELATION_DTYPE
from tests import rows
from tests.conftest import TODAY
from tests.server.kit import Network, make_rows, pseudonyms, unb64

if TYPE_CHECKING:
    from tests.conftest import Launcher, RunningServer

FIRMS = 6
CLIENTS = sorted(pseudonyms(*(f"client {number}" for number in range(150))))
FIRST = TODAY.year * 12 + TODAY.month  # the month after the test network's date


def _day(month: int, day: int) -> date:
    return date((month + 1) // 12, (month + 1) % 12 + 1, day)


@pytest.mark.faults
def test_the_chain_is_as_if_nothing_had_happened(launch: Launcher, database: str, kills: int) -> None:
    server = launch(database)
    network = Network(server)
    server.set_today(_day(FIRST - 1, 1))
    firms = [network.firm(f"Firm {number} (fictional)", portfolio=len(CLIENTS)) for number in range(FIRMS)]
    uploads: list[UploadInWindow] = []
    expected: dict[str, str] = {}
    state, profile = None, PROFILES[firms[0].client().get("/api/network").json()["profile"]]
    key = (server.keys / "release.key").read_bytes()
    chance = random.Random(20_260_101)
    for month in range(FIRST - 1, FIRST + max(kills, 3)):
        server.set_today(_day(month, 5))
        for number, firm in enumerate(firms):
            sent = firm.encode(month, make_rows(CLIENTS, 3 * number + month % 7))
            assert firm.send(sent).status_code == 200
            uploads.append(UploadInWindow(firm.id.bytes, firm.id.bytes, FIRST, month, decode(sent).rows))
        if month < FIRST:
            continue  # the newcomers' first portfolio
        server.set_today(_day(month, 12))
        window = [one for one in uploads if one.month > month - profile.window_months]
        result = release_month(month, window, state, profile, key)
        state = result.state
        _release_and_kill(server, month, chance.uniform(0, 0.25))
        server.release(month_text(month))
        leaves = manifest_trees.cell_leaves(
            manifest_trees.salts_key(key), month_text(month), result.release.cells
        )
        expected[month_text(month)] = merkle.root(leaves).hex()
    _check_chain(network, expected)
    assert rows.sound(server)
    noted = rows.ask(server, "SELECT month FROM outbox_event ORDER BY month")
    assert [month_text(month) for (month,) in noted] == sorted(expected), "a release and its event are one"
    for firm in firms:  # relations are caught up with when they are read
        assert firm.client().get("/api/alerts").status_code == 200
    for (packed,) in rows.ask(server, "SELECT packed FROM relations"):
        relations = np.frombuffer(packed, RELATION_DTYPE)
        assert len(relations) == len(CLIENTS)
        assert set(relations["releases"].tolist()) == {len(expected)}, "each release ripens once"
    network.close()


def _release_and_kill(server: RunningServer, month: int, seconds: float) -> None:
    """Ask for a release, kill the server meanwhile, start it again."""
    killer = threading.Timer(seconds, server.kill)
    killer.start()
    with suppress(httpx.HTTPError, AssertionError):  # what a dying server does to its client
        server.release(month_text(month))
    killer.join()
    server.start()


def _check_chain(network: Network, expected: dict[str, str]) -> None:
    client = network.firms[0].client()
    release_key = unb64(client.get("/api/network").json()["release_key"])
    previous = "0" * 64
    found = {}
    for one in client.get("/api/releases").json():
        header = unb64(one["header"])
        assert signing.verify(release_key, "release", header, unb64(one["signature"]))
        told = json.loads(header)
        assert told["previous"] == previous
        previous = hashlib.sha256(header).hexdigest()
        found[told["month"]] = told["cells"]["root"]
    assert found == expected
    trees = rows.ask(network.server, "SELECT month, cells FROM manifest_trees")
    assert {month_text(month): merkle.root(leaves).hex() for month, leaves in trees} == expected
