"""What two firms say to each other is in no row, file, log line or byte on the wire that is not sealed.

Two firms do everything that a conversation knows, over recorded lines: texts, an edit, a withdrawal, a file,
a draft, the reveal with a name that the network was never told. All of it is searched for. Then a client that
forgets to seal is played, in six encodings, and the same search finds every one of them in every place.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from chat.contents import Edit, Offer, Text, Withdraw
from chat.envelope import BUCKET_BYTES, TAG_BYTES, Header, signed_part
from chat.reveal import Revealed
from chat.session import Session
from chat.thread import Stage, Thread
from member import talk_files
from member.revealing import next_step, peer, say_who
from privacy import signing
from tests import rows
from tests.conftest import wait_until
from tests.leaks.recording import RecordingProxy
from tests.leaks.said import in_traffic, of_said
from tests.leaks.search import Found, Search
from tests.member.test_middle import own
from tests.server.kit import Network, b64
from tests.server.listening import Listener
from tests.server.parties import BATCH, Party, connect, live_through, party

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Launcher, RunningServer

SAID = {
    "a text": "Rhododendron nain : quarante jours de retard, puis soixante.",
    "an answer": "Xylophone accordé, même constat depuis l'hiver.",
    "a text before its edit": "Kaléidoscope fêlé, trente jours.",
    "an edit": "Kakemono déplié : trente-cinq jours.",
    "a withdrawn text": "Hippogriffe imprudent, à oublier.",
    "a draft": "Wapiti songeur, pas encore envoyé.",
    "a file's name": "zanzibar-conclusif-final.csv",
    "a file's content": "facture;brontosaure;12;38 jours;",
    "the caller's name": "Quincaillerie des Trois Zouaves SARL",
    "the answerer's name": "Boulonnerie Nyctalope et Fils",
}
PLANTED = {
    "plain": "Gypaète barbu numéro un, en clair.",
    "base64": "Axolotl pourpre numéro deux, en base64.",
    "hexadecimal": "Okapi rayé numéro trois, en hexadécimal.",
    "zlib": "Narval discret numéro quatre, comprimé.",
    "UTF-16": "Tamanoir lent numéro cinq, en UTF-16.",
    "JSON": "Échidné épineux numéro six, échappé.",
}
PLACES = {"head sent", "body sent", "frame sent", "head answered", "body answered", "frame answered"}


def hidden(name: str) -> bytes:
    """One of the planted texts, as a client that forgets to seal might write it."""
    text = PLANTED[name]
    return {
        "plain": text.encode(),
        "base64": base64.b64encode(text.encode()),
        "hexadecimal": text.encode().hex().encode(),
        "zlib": zlib.compress(text.encode()),
        "UTF-16": text.encode("utf-16-le"),
        "JSON": json.dumps({"text": text}).encode(),
    }[name]


@dataclass
class Spoken:
    """A conversation in which everything was said, and the records of both lines."""

    server: RunningServer
    proxies: dict[str, RecordingProxy]
    sides: tuple[Party, Party]
    conversation: UUID
    search: Search = field(default_factory=lambda: Search(of_said(SAID | PLANTED)))

    def found(self) -> dict[str, list[Found]]:
        """Hits by where they are."""
        look = self.search.look
        tables = rows.contents(self.server)
        files = [path for path in rows.files(self.server) if path.name != "server.log"]
        return in_traffic(self.search, self.proxies) | {
            "rows": [hit for name, content in tables.items() for hit in look(content, name)],
            "files": [hit for path in files for hit in look(path.read_bytes(), path.name)],
            "log": look(self.server.log.encode(), "server.log"),
        }


def through(one: Party, proxy: RecordingProxy) -> Party:
    """The same firm, whose client speaks to the server over the recorded line alone."""
    one.member.server = replace(one.member.server, url=proxy.url)
    for client in one.member.clients.values():
        client.close()
    one.member.clients.clear()
    one.desk.api.client = one.member.client()
    return one


def speak(caller: Party, answerer: Party, conversation: UUID) -> None:
    """Everything that a conversation knows, both ways."""
    with caller.line() as one, answerer.line() as two:
        one.follow(conversation)
        two.follow(conversation)
        one.say(conversation, SAID["a text"])
        two.say(conversation, SAID["an answer"])
        one.say(conversation, SAID["a text before its edit"])
        one.say(conversation, Edit(3, SAID["an edit"], 0))
        one.say(conversation, SAID["a withdrawn text"])
        one.say(conversation, Withdraw(5))
        content = (SAID["a file's content"] * 3_000).encode()
        file = talk_files.send(caller.desk.api, conversation, content, SAID["a file's name"], "text/csv")
        one.say(conversation, file)
        assert talk_files.fetch(answerer.desk.api, conversation, file) == content
        draft = zlib.compress(json.dumps({"drafts": {"u": SAID["a draft"]}}).encode())
        sealed = caller.desk.seal(draft, f"vigie/conversation-state/v1|{caller.desk.firm}|{conversation}")
        caller.desk.api.ask(
            "PUT", f"/api/conversations/{conversation}/state", {"replaces": 0, "sealed": b64(sealed)}
        )
        one.say(conversation, Offer())
        two.say(conversation, Offer())
        owns = [
            own(SAID[f"the {name}'s name"], side.desk.firm.bytes)
            for name, side in (("caller", caller), ("answerer", answerer))
        ]
        for side, line, me in ((caller, one, owns[0]), (answerer, two, owns[1])) * 2:
            session, thread = read(side, conversation)
            assert thread.reveal.point is not None
            step = next_step(thread, session, say_who(session, me, thread.reveal.point))
            assert step is not None
            line.say(conversation, step)
    caller.desk.api.ask("POST", f"/api/conversations/{conversation}/messages/5/erasure")


def read(side: Party, conversation: UUID) -> tuple[Session, Thread]:
    session, shown = side.desk.history(conversation)
    thread = Thread()
    for one in shown:
        thread.take(one)
    return session, thread


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def spoken(
    request: pytest.FixtureRequest, launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Spoken]:
    server = launch_for_module(request.param, environment=BATCH)
    network = Network(server)
    proxies = {name: RecordingProxy("127.0.0.1", server.port) for name in ("caller", "answerer")}
    folder: Path = tmp_path_factory.mktemp("pins")
    try:
        sides = party(network.firm(), folder), party(network.firm(), folder)
        today = live_through(network, list(sides), server)
        for one, proxy in zip(sides, proxies.values(), strict=True):
            through(one, proxy)
        conversation = connect(*sides, today)
        speak(*sides, conversation)
        yield Spoken(server, proxies, sides, conversation)
    finally:
        for proxy in proxies.values():
            proxy.close()
        network.close()


def test_everything_was_said_and_read_on_the_other_side(spoken: Spoken) -> None:
    caller, answerer = spoken.sides
    session, thread = read(answerer, spoken.conversation)
    assert thread.reveal.stage is Stage.OPENED
    shown = peer(thread, session, ())
    assert isinstance(shown, Revealed)
    assert shown.name == SAID["the caller's name"]
    said = {
        one.content.text
        for one in caller.desk.history(spoken.conversation)[1]
        if isinstance(one.content, Text | Edit)
    }
    assert {SAID["a text"], SAID["an answer"], SAID["an edit"]} <= said
    assert {where for where, _ in traffic(spoken)} >= PLACES, "over recorded lines, both ways"


def traffic(spoken: Spoken) -> list[tuple[str, bytes]]:
    return [
        (where.partition(", ")[2], content)
        for proxy in spoken.proxies.values()
        for where, content in proxy.messages()
    ]


def test_nothing_of_what_was_said_is_in_the_traffic_the_rows_the_files_or_the_log(spoken: Spoken) -> None:
    assert {where: hits for where, hits in spoken.found().items() if hits} == {}


def test_a_client_that_forgets_to_seal_is_found_in_every_place_and_every_encoding(spoken: Spoken) -> None:
    """The last of the module: what it plants stays."""
    caller, answerer = spoken.sides
    api = f"/api/conversations/{spoken.conversation}"
    unsealed = b"\x00".join(hidden(name) for name in PLANTED)
    with Listener(answerer) as hearing, Listener(caller) as saying:
        # A message whose ciphertext is none, signed as the protocol wants it: stored, passed on, read again.
        record = signed_but_not_sealed(caller, spoken.conversation, unsealed)
        saying.say("append", conversation=spoken.conversation, envelope=b64(record), ref="planted")
        wait_until(lambda: any(one["type"] == "message" for one in hearing.heard()))
    answerer.desk.api.ask("GET", api + "/messages?after=0")
    # Notes that a proxy or a server of the network's might see in addresses and heads.
    spent = b64(unsealed).replace("+", "-").replace("/", "_")
    answer = caller.member.client().get(f"/api/network?note={spent}", headers={"X-Note": spent})
    assert answer.is_success
    caller.member.client().put(api + "/state", json={"replaces": 1, "sealed": b64(unsealed)})
    with (spoken.server.folder / "server.log").open("ab") as log:
        log.write(
            b"ERROR cannot read "
            + b" ".join(hidden(name) for name in PLANTED if name not in {"zlib", "UTF-16"})
        )
        log.write(b" " + b64(hidden("zlib")).encode() + b" " + b64(hidden("UTF-16")).encode() + b"\n")
    if not spoken.server.database_url.startswith(rows.SQLITE):
        rows.change(spoken.server, "CHECKPOINT")
    found = {where: {hit.spelling for hit in hits} for where, hits in spoken.found().items()}
    # (An answer's head says nothing that a client has said: there is no way to plant something there.)
    for where in (PLACES - {"head answered"}) | {"rows", "files", "log"}:
        assert found[where] == set(PLANTED), where


def signed_but_not_sealed(one: Party, conversation: UUID, content: bytes) -> bytes:
    session, _ = one.desk.history(conversation)
    header = Header(
        session.link.suite.number,
        session.link.conversation,
        session.epoch.number,
        session.side,
        session.counter + 1,
        os.urandom(32),
        session.head,
    )
    body = content.ljust(next(size for size in BUCKET_BYTES if size >= len(content)) + TAG_BYTES, b"\0")
    signed = signed_part(header, body, os.urandom(32))
    return signed + signing.sign(session.keys.signing, "message", signed) + body
