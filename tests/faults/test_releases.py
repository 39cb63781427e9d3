"""kill -9 while a month is released: it is published whole or not at all, and the chain goes on unchanged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmark.release import UploadInWindow, release_month
from benchmark.upload import decode, month_text
from privacy import signing
from privacy.profiles import PROFILES
from privacy.visibility import RELATION_DTYPE
from tests import rows
from tests.conftest import TODAY
from tests.server.kit import Network, make_rows, pseudonyms, unb64

if TYPE_CHECKING:
    from tests.conftest import Launcher
    from tests.faults.conftest import Reaper

FIRMS = 6
CLIENTS = sorted(pseudonyms(*(f"client {number}" for number in range(400))))
FIRST = TODAY.year * 12 + TODAY.month  # the month after the test network's date


def _day(month: int, day: int) -> date:
    return date((month + 1) // 12, (month + 1) % 12 + 1, day)


@pytest.mark.faults
def test_a_month_is_published_whole_or_not_at_all_and_the_chain_is_as_if_nothing_had_happened(
    launch: Launcher, database: str, kills: int, reaper_of: Callable[..., Reaper]
) -> None:
    server = launch(database)
    network = Network(server)
    server.set_today(_day(FIRST - 1, 1))
    firms = [network.firm(f"Firm {number} (fictional)", portfolio=len(CLIENTS)) for number in range(FIRMS)]
    uploads: list[UploadInWindow] = []
    expected: dict[str, str] = {}
    state, profile = None, PROFILES[firms[0].client().get("/api/network").json()["profile"]]
    key = (server.keys / "release.key").read_bytes()
    reaper = reaper_of(server, 0.2)
    for month in range(FIRST, FIRST + max(kills, 3)):
        server.set_today(_day(month, 5))
        for number, firm in enumerate(firms):
            sent = firm.encode(month, make_rows(CLIENTS, 3 * number + month % 7))
            assert firm.send(sent).status_code == 200
            uploads.append(UploadInWindow(firm.id.bytes, firm.id.bytes, FIRST, month, decode(sent).rows))
        server.set_today(_day(month, 12))
        window = [one for one in uploads if one.month > month - profile.window_months]
        result = release_month(month, window, state, profile, key)
        state = result.state
        reaper.during(lambda month=month: server.release(month_text(month)))
        listed = firms[0].client().get("/api/releases").json()
        assert [one["month"] for one in listed] in (list(expected), [*expected, month_text(month)])
        server.release(month_text(month))
        expected[month_text(month)] = hashlib.sha256(result.release.cells.tobytes()).hexdigest()
    _check_chain(network, expected)
    assert rows.sound(server)
    for (packed,) in rows.ask(server, "SELECT packed FROM relations"):
        relations = np.frombuffer(packed, RELATION_DTYPE)
        assert len(relations) == len(CLIENTS)
        assert set(relations["releases"].tolist()) == {len(expected)}, "each release ripens once"
    network.close()


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
        found[told["month"]] = told["cells"]
    assert found == expected
