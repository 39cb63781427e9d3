"""Networks of test firms over the running server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from perf.chat_town import Pair, plant
from tests.faults.test_schedules import settings_of
from tests.server.kit import Network

if TYPE_CHECKING:
    from pathlib import Path

    from server.settings import Settings
    from tests.conftest import Launcher, RunningServer

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture
def network(server: RunningServer) -> Iterator[Network]:
    made = Network(server)
    yield made
    made.close()


@pytest.fixture
def sqlite_network(sqlite_server: RunningServer) -> Iterator[Network]:
    made = Network(sqlite_server)
    yield made
    made.close()


@pytest.fixture(scope="module", params=DATABASES)
def shared(request: pytest.FixtureRequest, launch_for_module: Launcher) -> Iterator[Network]:
    """One server for a module's tests, on each database: for tests that bring their own firms."""
    made = Network(launch_for_module(request.param))
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_sqlite(launch_for_module: Launcher) -> Iterator[Network]:
    """The same on SQLite alone, where the database makes no difference."""
    made = Network(launch_for_module("sqlite"))
    yield made
    made.close()


@pytest.fixture
def settings(
    tmp_path: Path, database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Of an empty database that no server runs on."""
    return settings_of(database, tmp_path, request, monkeypatch)


@pytest.fixture
async def pair(settings: Settings) -> Pair:
    """Two firms in a conversation there."""
    (planted,) = await plant(settings, 1)
    return planted
