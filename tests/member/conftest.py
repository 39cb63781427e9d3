"""Firms at their own keyboards against a real server, and an operator that tampers with what it sends."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import numpy as np
import pytest

from benchmark.ledger import Invoices
from benchmark.upload import month_index
from member.enrol import enrol
from member.imported import Imported, ImportedClient, from_invoices
from member.keystore import Member
from member.network import Network, Patience
from perf.towns import siren
from tests.conftest import DATABASES

if TYPE_CHECKING:
    from tests.conftest import Launcher, RunningServer

HASTY = Patience(tries=4, first_wait_seconds=0.01, longest_wait_seconds=0.05, answer_seconds=30)
PASSWORD = "a fictional password"
DECEMBER = month_index(2025, 12)


def client(number: int, **known: Any) -> ImportedClient:
    return ImportedClient(f"C{number}", f"Client {number} (fictional)", f"fr.siren:{siren(number)}", **known)


def invoices_of(*rows: tuple[int, int, str, str, str | None]) -> Invoices:
    """Rows of (place of the client, euros, invoiced, due, settled or None)."""
    return Invoices(
        client=np.array([row[0] for row in rows], np.int32),
        cents=np.array([row[1] * 100 for row in rows], np.int64),
        invoiced=np.array([row[2] for row in rows], "datetime64[D]"),
        due=np.array([row[3] for row in rows], "datetime64[D]"),
        settled=np.array([row[4] or "NaT" for row in rows], "datetime64[D]"),
    )


def ledger(
    numbers: list[int], through: int = DECEMBER, months: int = 3, late: int = 10, euros: int = 1000
) -> Imported:
    """One invoice a month and client, settled `late` days after its due date, if that is before the end."""
    rows = []
    end = (np.datetime64(f"{through // 12:04d}-{through % 12 + 1:02d}") + 1).astype("datetime64[D]")
    for place in range(len(numbers)):
        for month in range(through - months + 1, through + 1):
            first = np.datetime64(f"{month // 12:04d}-{month % 12 + 1:02d}-01")
            due = first + 5
            settled = due + late
            rows.append((place, euros, str(first), str(due), str(settled) if settled < end else None))
    return from_invoices([client(number) for number in numbers], invoices_of(*rows), through, months)


class Tampering(httpx.BaseTransport):
    """The network as an operator might show it: `change(request, status, body)` gives what arrives instead.

    None leaves the answer as it is; an exception is a connection that breaks after the server has acted.
    """

    def __init__(self) -> None:
        self.inner = httpx.HTTPTransport()
        self.change: Callable[[httpx.Request, int, bytes], bytes | None] | None = None
        self.before: Callable[[httpx.Request], None] | None = None
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        if self.before is not None:
            self.before(request)
        answer = self.inner.handle_request(request)
        body = answer.read()
        answer.close()
        changed = self.change(request, answer.status_code, body) if self.change else None
        headers = [(name, value) for name, value in answer.headers.items() if name != "content-length"]
        return httpx.Response(
            answer.status_code, headers=headers, content=body if changed is None else changed
        )

    def close(self) -> None:
        self.inner.close()

    def count(self, asked: str) -> int:
        return sum(one == asked for one in self.asked)


def rewriting(asked: str, edit: Callable[[Any], None]) -> Callable[[httpx.Request, int, bytes], bytes | None]:
    """Edit the JSON of successful answers; `asked` such as "GET /api/me"."""

    def change(request: httpx.Request, status: int, body: bytes) -> bytes | None:
        if f"{request.method} {request.url.path}" != asked or status >= 300:
            return None
        value = msgspec.json.decode(body)
        edit(value)
        return msgspec.json.encode(value)

    return change


@dataclass
class Firms:
    """Enrols firms at a server, in memory or in homes."""

    server: RunningServer
    folder: Path
    members: list[Member] = field(default_factory=list)
    emails: Iterator[int] = field(default_factory=itertools.count)

    def email(self) -> str:
        """One that nobody has."""
        return f"person{next(self.emails)}@firm.test"

    def place(self, name: str = "home") -> Path:
        """A path where nothing is."""
        return self.folder / f"{name} {next(self.emails)}"

    def network(self) -> tuple[Network, Tampering]:
        transport = Tampering()
        return Network(self.server.url, transport, patience=HASTY), transport

    def firm(self, name: str = "Firm (fictional)", portfolio: int = 100, *, home: bool = True) -> Member:
        network, _ = self.network()
        invitation = self.server.admit(name, portfolio)
        place = self.place() if home else None
        member = enrol(network, invitation, self.email(), PASSWORD, place)
        self.members.append(member)
        return member

    def again(self, member: Member) -> tuple[Member, Tampering]:
        """The same device in another process: what its home holds, and nothing else."""
        network, transport = self.network()
        assert member.home is not None
        loaded = Member.load(member.home.path, network=network)
        self.members.append(loaded)
        return loaded, transport

    def close(self) -> None:
        for member in self.members:
            member.network.close()


@pytest.fixture(scope="session", params=DATABASES)
def firms(
    request: pytest.FixtureRequest,
    _launcher_parts: Callable[[], Launcher],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Firms]:
    """One server for all tests of the room, on SQLite and on PostgreSQL; firms do not disturb each other."""
    launcher = _launcher_parts()
    made = Firms(launcher(request.param), tmp_path_factory.mktemp("homes"))
    yield made
    made.close()
    launcher.end()


@pytest.fixture
def own_firms(launch: Launcher, tmp_path: Path) -> Iterator[Firms]:
    """A server of the test's own, over SQLite: to stop it, or to move its clock."""
    made = Firms(launch("sqlite"), tmp_path)
    yield made
    made.close()


def transport_of(member: Member) -> Tampering:
    """The member's way to the network."""
    transport = member.network._client._transport
    assert isinstance(transport, Tampering)
    return transport


def lived_through(firms: Firms, members: list[Member], numbers: list[int], months: int = 2) -> int:
    """Every firm reports `months` months as they pass, each released on its day; the newest month."""
    from member.push import push

    month = DECEMBER
    for member in members:
        push(member, ledger(numbers, DECEMBER))
    for month in range(DECEMBER + 2, DECEMBER + 2 + months):
        after = month + 1
        firms.server.set_today(date(after // 12, after % 12 + 1, 5))
        for place, member in enumerate(members):
            push(member, ledger(numbers, month, late=5 + 3 * place))
        firms.server.set_today(date(after // 12, after % 12 + 1, 12))
        firms.server.release(f"{month // 12:04d}-{month % 12 + 1:02d}")
    return month
