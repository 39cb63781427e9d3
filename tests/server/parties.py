"""Firms that have lived long enough to call each other, and a desk for each: the member's code at work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmark.upload import month_text
from chat.contents import Content, Text
from chat.records import Reason
from member.conversing import Cursors, Desk
from member.line import Line
from tests.conftest import TODAY, wait_until
from tests.server.kit import Network, make_rows, pseudonyms

if TYPE_CHECKING:
    from tests.conftest import RunningServer
    from tests.server.kit import Member

SHARED = pseudonyms("a client of everybody")[0]
BATCH = {"VIGIED_CALL_BATCH_SECONDS": "0.2"}
FIRST_MONTH = TODAY.year * 12 + TODAY.month - 2
RELEASES = 4  # a firm counts after a full month of membership, and a relation is seasoned by two releases


class Problem(Exception):
    """A refusal of the server."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.text)
        self.status = answer.status_code
        self.headers = answer.headers
        self.code = answer.json()["type"].rpartition(":")[2]


@dataclass
class Asking:
    """The network as one session sees it."""

    client: httpx.Client

    def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = self.client.request(method, path, **({} if body is None else {"json": body}))
        if answer.is_error:
            raise Problem(answer)
        return answer.json() if answer.content else None

    def send(self, method: str, path: str, *, content: bytes | None = None) -> bytes:
        answer = self.client.request(method, path, content=content)
        if answer.is_error:
            raise Problem(answer)
        return answer.content


class RoleKey:
    """The firm's *conversations* key."""

    def __init__(self) -> None:
        self._aead = AESGCM(os.urandom(32))

    def seal(self, plain: bytes, aad: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._aead.encrypt(nonce, plain, aad.encode())

    def unseal(self, sealed: bytes, aad: str) -> bytes:
        try:
            return self._aead.decrypt(sealed[:12], sealed[12:], aad.encode())
        except InvalidTag as error:
            raise ValueError("sealed under another key") from error


@dataclass
class Party:
    """A firm, its desk and its lines."""

    member: Member
    desk: Desk
    own: bytes  # a client that nobody else has

    def line(self, **more: Any) -> Line:
        url = self.member.server.url.replace("http", "ws", 1) + "/api/live"
        return Line(self.desk, url, lambda: self.member.token, **more)

    def free_to_call(self) -> None:
        """Close its open calls: on one client there is one at a time."""
        for call in self.desk.list_calls()[0]:
            if not call.closed:
                self.desk.close(call.id)

    def another_device(self, folder: Path) -> Desk:
        """The same firm, with nothing read yet."""
        asking = Asking(self.member.client())
        return Desk(asking, self.desk.firm, self.desk.seal, self.desk.unseal, Cursors(folder / "other.json"))


def party(member: Member, folder: Path) -> Party:
    key = RoleKey()
    asking = Asking(member.client())
    desk = Desk(asking, member.id, key.seal, key.unseal, Cursors(folder / f"{member.id}.json"))
    return Party(member, desk, pseudonyms(f"only of {member.id}")[0])


def live_through(network: Network, parties: list[Party], server: RunningServer) -> date:
    """Months in which everybody contributes and each release ripens the relations; the date afterwards."""
    today = TODAY
    for month in range(FIRST_MONTH, FIRST_MONTH + RELEASES):
        year, number = divmod(month + 1, 12)
        server.set_today(date(year, number + 1, 5))
        for one in parties:
            sent = one.member.send(one.member.encode(month, make_rows(sorted([SHARED, one.own]))))
            assert sent.status_code == 200, sent.text
        today = date(year, number + 1, 12)
        server.set_today(today)
        server.release(month_text(month))
    return today


def connect(caller: Party, answerer: Party, today: date, pseudonym: bytes = SHARED) -> UUID:
    """From the call to the open conversation."""
    call = caller.desk.raise_call(pseudonym, Reason.LATE, today)
    received = []

    def arrived() -> bool:
        received[:] = [one for one in answerer.desk.list_calls()[1] if one.id == call]
        return bool(received)

    wait_until(arrived)
    conversation = answerer.desk.answer(received[0])
    assert caller.desk.open_answered() == [conversation]
    return conversation


class Scene:
    """Three firms; the first two have talked: `conversation`."""

    def __init__(self, network: Network, folder: Path) -> None:
        self.server = network.server
        self.parties = [party(network.firm(), folder) for _ in range(3)]
        self.caller, self.answerer, self.third = self.parties
        self.today = live_through(network, self.parties, self.server)
        self.conversation = connect(self.caller, self.answerer, self.today)

    def path(self, rest: str = "") -> str:
        return f"/api/conversations/{self.conversation}{rest}"

    def put(self, who: Party, *contents: Content) -> None:
        with who.line() as line:
            line.follow(self.conversation)
            for content in contents:
                line.say(self.conversation, content)

    def say(self, who: Party, text: str) -> int:
        self.put(who, Text(text, 0))
        return who.desk.history(self.conversation)[0].counter

    def shown(self, who: Party) -> dict[int, object]:
        return {one.counter: one.content for one in who.desk.history(self.conversation)[1]}


def code(action: Callable[..., object], *arguments: object) -> str:
    """The code with which it is refused."""
    with pytest.raises(Problem) as refused:
        action(*arguments)
    return refused.value.code


@contextmanager
def scene_on(server: RunningServer, folder: Path) -> Iterator[Scene]:
    """A scene on a network that is closed afterwards. `folder`: where its devices keep their pins."""
    network = Network(server)
    try:
        yield Scene(network, folder)
    finally:
        network.close()
