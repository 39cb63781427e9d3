"""Legal holds at the terminal: an administrator's after her password, an auditor's without a device."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from member.enrol import Person, log_in
from member.keys import account_key_text
from member.people import add_user
from member.refusals import HomeRefused
from member.session import Session
from member.talk_holding import Holds, holding_of
from member.talk_texts import told
from perf.chat_town import plant
from server.settings import Settings
from tests.member.conftest import PASSWORD, Firms
from tests.member.test_cli import Keyboard
from tests.member.test_talk import room
from tests.server.kit import Network
from tests.server.parties import BATCH, connect, live_through, party

if TYPE_CHECKING:
    from pathlib import Path

    from member.keystore import Member
    from tests.conftest import Launcher


def planted(firms: Firms, member: Member) -> UUID:
    """A conversation of this firm with another one; nobody needs its keys to hold it."""
    settings = Settings.from_environment(firms.server.settings)
    (pair,) = asyncio.run(plant(settings, 1))
    with sqlite3.connect(settings.sqlite_path) as file:
        asked = "UPDATE conversation SET answerer_firm = ? WHERE id = ?"
        file.execute(asked, (str(member.firm_id), str(pair.conversation)))
    file.close()
    return pair.conversation


def test_an_administrator_and_an_auditor_hold_and_let_go_at_the_terminal(own_firms: Firms) -> None:
    member = own_firms.firm("Held (fictional)")
    assert member.home
    own = Keyboard(member.home.path)
    assert told("no_talks", "fr") in own.type("holds", "--lang", "fr").stdout
    conversation = planted(own_firms, member)
    short = str(conversation)[:8]
    assert own.type("holds").stdout.split()[0] == short
    assert told("held", "en") in own.type("holds", "--hold", short).stdout
    since = json.loads(own.type("holds", "--json").stdout)
    assert [one["id"] for one in since] == [str(conversation)]
    assert since[0]["held_on"] is not None

    added = add_user(member, PASSWORD, own_firms.email(), "auditor")
    secrets = {
        "VIGIE_PASSWORD": added.password,
        "VIGIE_ACCOUNT_KEY": account_key_text(added.account_key),
    }
    hers = Keyboard(own_firms.place(), **secrets)
    place = (own_firms.server.url, "--email", added.email)
    assert "conservé depuis le" in hers.type("holds", *place, "--lang", "fr").stdout
    assert (
        told("released", "fr")
        in hers.type("holds", *place, "--release", short, "--yes", "--lang", "fr").stdout
    )
    assert json.loads(hers.type("holds", *place, "--json").stdout)[0]["held_on"] is None
    events = [one["event"] for one in _audit(own_firms, member)]
    assert events.count("conversation-held") == events.count("conversation-released") == 1


def _audit(firms: Firms, member: Member) -> list[dict[str, object]]:
    with Holds.of_administrator(member, PASSWORD) as holds:
        found: list[dict[str, object]] = holds.session.ask("GET", "/api/audit")
    return found


def test_who_may_not_hold_is_told_so_and_what_is_not_meant_is_not_done(own_firms: Firms) -> None:
    member = own_firms.firm("Not held (fictional)")
    assert member.home
    own = Keyboard(member.home.path)
    conversation = planted(own_firms, member)
    unknown = own.type("holds", "--hold", "ffffffff-0")
    assert unknown.exit_code == 3
    assert "expected one" in unknown.output
    assert own.type("holds", "--hold", "a", "--release", "b").exit_code == 2
    assert own.type("holds", own_firms.server.url).exit_code == 2
    assert own.type("holds", "--hold", str(conversation), VIGIE_PASSWORD="another one").exit_code != 0
    assert own.type("holds", "--hold", str(conversation)).exit_code == 0
    assert own.type("holds", "--release", str(conversation)).exit_code != 0, "nobody has said yes"
    assert json.loads(own.type("holds", "--json").stdout)[0]["held_on"] is not None

    added = add_user(member, PASSWORD, own_firms.email(), "credit_manager")
    network, _ = own_firms.network()
    hers = log_in(network, Person(added.email, added.password), added.account_key, own_firms.place())
    own_firms.members.append(hers)
    assert holding_of(hers, lambda: added.password) is None
    with pytest.raises(HomeRefused):
        Holds.of_administrator(hers, added.password)


def test_within_a_conversation_it_is_held_and_let_go_when_that_is_meant(
    launch: Launcher, tmp_path: Path
) -> None:
    network = Network(launch("sqlite", environment=BATCH))
    one, two = (party(network.firm(), tmp_path) for _ in range(2))
    conversation = connect(one, two, live_through(network, [one, two], network.server))

    def hold(conversation: UUID, held: bool) -> None:
        one.desk.api.ask("PUT", f"/api/conversations/{conversation}/hold", {"held": held})

    said = room(one, conversation, "/hold", "/keep", "/release", "n", "/keep", hold=hold)
    assert said.count(told("held", "en")) == 3
    said = room(one, conversation, "/release", "o", "/keep", hold=hold, lang="fr")
    assert told("release_sure", "fr") in said
    assert told("released", "fr") in said
    assert told("held", "fr") not in said
    assert told("hold_who", "en") in room(two, conversation, "/hold")
    network.close()


def test_holding_asks_for_the_password_each_time_and_leaves_no_session(own_firms: Firms) -> None:
    member = own_firms.firm("Asked (fictional)")
    conversation = planted(own_firms, member)
    asked: list[str] = []

    def password() -> str:
        asked.append("asked")
        return PASSWORD

    hold = holding_of(member, password)
    assert hold is not None
    before = _sessions(member)
    hold(conversation, True)
    hold(conversation, False)
    assert len(asked) == 2
    assert _sessions(member) == before


def _sessions(member: Member) -> int:
    with Holds.of_administrator(member, PASSWORD) as holds:
        assert isinstance(holds.session, Session)
        return len(holds.session.ask("GET", "/api/me/sessions"))
