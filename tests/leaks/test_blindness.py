"""The server never holds a client's name or identifier: not in a row, a file, a log line, a byte on the wire.

A whole small network is lived through (enrolment, months of uploads, releases, a call, a conversation), every
byte recorded. Then all of it is searched for every spelling of every client, and for what the two
firms said (`test_unspoken` has all that a conversation knows). The same search finds what is planted on
purpose, so that it cannot pass by looking at nothing.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from benchmark.upload import HEADER_DTYPE, month_text
from demo import play, words, world
from demo.conversation import SAID
from server.tables import PART_NUMBER_BITS
from tests import rows
from tests.leaks.recording import RecordingProxy
from tests.leaks.said import of_said
from tests.leaks.search import Found, Search
from tests.leaks.spellings import of_identifier, of_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher, RunningServer

SCALE = replace(world.SMALL, months=3)
PSEUDONYM = "a pseudonym"


@dataclass
class Operating:
    """The operator at the server; members are given the recording proxy's address."""

    server: RunningServer
    url: str

    def admit(self, name: str, declared_portfolio: int) -> str:
        return self.server.admit(name, declared_portfolio)

    def set_today(self, today: date) -> None:
        self.server.set_today(today)

    def release(self, month: int) -> None:
        self.server.set_today(date((month + 1) // 12, (month + 1) % 12 + 1, 12))
        self.server.release(month_text(month))


@dataclass
class Lived:
    """A network that was lived through, and what is left of it outside its members."""

    server: RunningServer
    proxy: RecordingProxy
    plan: world.World
    played: play.Played
    homes: Path
    temporary: Path
    pseudonym: bytes = b""
    untouched: dict[str, list[Found]] = field(default_factory=dict)

    def everything(self) -> dict[str, list[Found]]:
        """Hits by where they are: every client, and one pseudonym, which must be found."""
        search = Search(patterns(self.plan) | {self.pseudonym: PSEUDONYM})
        said: dict[str, list[bytes]] = {}
        for where, content in self.proxy.messages():
            said.setdefault(where.partition(", ")[2], []).append(content)
        traffic = [hit for where, parts in said.items() for hit in search.look(b"\0\0".join(parts), where)]
        contents = [
            hit
            for table, content in rows.contents(self.server).items()
            for hit in search.look(content, table)
        ]
        return {
            "traffic": traffic,
            "rows": contents,
            "files": [hit for file in self._files() for hit in search.look(file.read_bytes(), file.name)],
            "log": search.look(self.server.log.encode(), "server.log"),
        }

    def _files(self) -> Iterator[Path]:
        """Database with its write-ahead log, keys, temporary files."""
        yield from rows.files(self.server)
        yield from (path for path in self.temporary.rglob("*") if path.is_file())


def patterns(plan: world.World) -> dict[bytes, str]:
    """Every spelling of every client: number, name, the town that tells it apart. And what two firms said."""
    known_to_all = " ".join(f"{firm.name} {firm.email}" for firm in plan.firms).lower()
    found = of_said({f"said: {text}": text for _, text in SAID})
    for client in plan.clients:
        found |= of_identifier(client.siren) | of_name(client.name)
        town = client.town.partition("-")[0]
        if town.lower() not in known_to_all and words.slug(town) not in known_to_all:
            found |= of_name(town)
    return found


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def lived(
    request: pytest.FixtureRequest, launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    temporary = tmp_path_factory.mktemp("temporary")
    environment = {
        "VIGIED_CALL_BATCH_SECONDS": "0.2",
        "TMPDIR": str(temporary),
        "SQLITE_TMPDIR": str(temporary),
    }
    server = launch_for_module(request.param, environment=environment)
    proxy = RecordingProxy("127.0.0.1", server.port)
    plan = world.build(SCALE)
    homes = tmp_path_factory.mktemp("members")
    played = play.live(plan, Operating(server, proxy.url), homes, lambda *_: None)
    made = Lived(server, proxy, plan, played, homes, temporary)
    (number,) = rows.ask(server, "SELECT payload FROM upload ORDER BY row_count DESC LIMIT 1")[0]
    part = rows.ask(server, f"SELECT bytes FROM upload_part WHERE number = {number << PART_NUMBER_BITS}")[0]
    made.pseudonym = bytes(part[0])[HEADER_DTYPE.itemsize :][:32]
    made.untouched = made.everything()
    yield made
    proxy.close()


def test_the_run_had_something_to_hide(lived: Lived) -> None:
    assert lived.played.figures["rows"] > 200
    assert lived.played.figures["messages"] >= 3
    assert len(lived.proxy.exchanges) >= SCALE.firms
    frames = [where for where, _ in lived.proxy.messages() if "frame" in where]
    assert frames, "the conversation went over the recorded line"


def test_no_spelling_of_any_client_is_in_the_traffic_the_rows_the_files_or_the_log(lived: Lived) -> None:
    clients = {
        place: [hit for hit in hits if hit.spelling != PSEUDONYM] for place, hits in lived.untouched.items()
    }
    assert clients == {"traffic": [], "rows": [], "files": [], "log": []}


def test_the_search_does_look_there(lived: Lived) -> None:
    """A pseudonym that was sent and stored is found in the traffic, the rows and the files."""
    assert {place for place, hits in lived.untouched.items() if hits} == {"traffic", "rows", "files"}


def test_on_the_members_side_the_names_are(lived: Lived) -> None:
    """Unsealed in memory they must be: the plan's own words are found by the same search."""
    text = "\n".join(f"{client.name};{client.siren}" for client in lived.plan.clients)
    search = Search(patterns(lived.plan))
    assert len(search.look(text.encode(), "plan")) >= 2 * len(lived.plan.clients)


def test_what_is_planted_is_found(lived: Lived) -> None:
    client = lived.plan.clients[3]
    text = SAID[1][1]
    httpx.get(f"{lived.proxy.url}/api/network", params={"debug": client.name}).raise_for_status()
    httpx.get(f"{lived.proxy.url}/api/network", params={"debug": text[20:50]}).raise_for_status()
    httpx.post(
        f"{lived.proxy.url}/api/sessions/device",
        content=gzip.compress(f'{{"client": "{client.siren}"}}'.encode()),
    )
    with (lived.server.folder / "server.log").open("a", encoding="utf-8") as log:
        log.write(f"ERROR no such client {quote(client.name)}: {text[:30]}\n")
    (lived.temporary / "etilqs_1").write_bytes(zlib.compress(f"{client.name} {text}".encode()))
    hidden = base64.b64encode(zlib.compress(f"note on {client.siren}: {text}".encode())).decode()
    _plant(lived.server, hidden)
    found = {
        place: [hit for hit in hits if hit.spelling != PSEUDONYM]
        for place, hits in lived.everything().items()
    }
    for what in (True, False):
        places = {
            place for place, hits in found.items() for hit in hits if hit.spelling.startswith("said") == what
        }
        assert places == {"traffic", "rows", "files", "log"}, "what was said" if what else "a client"
    assert any("etilqs_1" in hit.where for hit in found["files"])
    assert any("etilqs_1" not in hit.where for hit in found["files"]), "in the database's own files too"


def _plant(server: RunningServer, text: str) -> None:
    """A table of its own, so that the product's rows stay as they are."""
    import asyncio
    import sqlite3

    statements = ("CREATE TABLE planted (note TEXT)", f"INSERT INTO planted VALUES ('{text}')")
    if server.database_url.startswith(rows.SQLITE):
        connection = sqlite3.connect(server.database_url.removeprefix(rows.SQLITE), timeout=60)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return

    async def plant() -> None:
        import asyncpg

        connection = await asyncpg.connect(server.database_url)
        for statement in (*statements, "CHECKPOINT"):
            await connection.execute(statement)
        await connection.close()

    asyncio.run(plant())
