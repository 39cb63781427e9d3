"""Work on alerts from a device: colleagues read what was written for them, and nobody else does."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import msgspec
import pytest

from member import alert_lives, alert_work
from member.keys import NotOpened, unseal
from member.push import push
from member.refusals import HomeRefused, InputRefused, NetworkRefused
from tests.conftest import ROOT, TODAY
from tests.member.conftest import DECEMBER, Firms, ledger, rewriting, transport_of
from tests.server.planting import announce, eventually, expanded, plant

if TYPE_CHECKING:
    from member.book import Client
    from member.keystore import Member
    from tests.conftest import Launcher

NUMBERS = itertools.count(100, 2)
SECRET = "The director has left; the accountant promises Friday."


@pytest.fixture(scope="module")
def firms(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firms]:
    made = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    yield made
    made.close()


@pytest.fixture
def member(firms: Firms) -> Member:
    """A firm with two clients that nobody else has, of which the first has an alert."""
    made = firms.firm(home=False)
    first = next(NUMBERS)
    push(made, ledger([first, first + 1]))
    return made


def named(member: Member, place: int = 0) -> Client:
    return sorted(member.book.clients.values(), key=lambda one: one.name)[place]


@pytest.fixture
def alert(member: Member, firms: Firms) -> UUID:
    return UUID(plant(firms.server, named(member).pseudonym, DECEMBER))


def test_an_alert_is_found_by_its_id_or_its_clients_name(member: Member, alert: UUID) -> None:
    assert alert_work.find(member, str(alert)[:8]) == alert
    assert alert_work.find(member, named(member).name.upper()) == alert
    for wrong in (named(member, 1).name, "nobody", "", str(alert)[:3]):
        with pytest.raises(InputRefused, match="expected one"):
            alert_work.find(member, wrong)


def test_what_is_done_is_what_colleagues_see(member: Member, alert: UUID) -> None:
    assert alert_lives.read_lives(member) == {}
    me = next(one for one in alert_lives.colleagues(member) if one.me)
    (life,) = alert_work.act(member, [alert], "assign", assignee=me.user_id)
    assert (life.state, life.assignee) == ("assigned", me.user_id)
    until = TODAY + timedelta(days=9)
    (life,) = alert_work.act(member, [alert], "snooze", until=until)
    assert alert_lives.read_lives(member)[alert] == life
    assert life.snoozed_until == until
    (life,) = alert_work.act(member, [alert], "close", reason="dispute")
    with pytest.raises(NetworkRefused, match="expected reopen first"):
        alert_work.act(member, [alert], "snooze", until=until)


def test_a_comment_is_read_by_colleagues_and_is_sealed_for_the_network(member: Member, alert: UUID) -> None:
    assert alert_work.read_comments(member, alert) == []
    alert_work.comment(member, alert, SECRET)
    alert_work.comment(member, alert, "Agreed.")
    found = alert_work.read_comments(member, alert)
    assert [one.text for one in found] == [SECRET, "Agreed."]
    raw = member.session.send("GET", f"/api/alerts/{alert}/comments")
    assert b"director" not in raw


def test_a_comment_of_the_shared_vectors_opens_in_its_own_place_alone() -> None:
    known = json.loads((ROOT / "tests/vectors/alert_comment.json").read_text(encoding="utf-8"))
    name = alert_work.comment_name(UUID(known["firm"]), UUID(known["life"]), UUID(known["comment"]))
    assert name == known["name"]
    key, sealed = base64.b64decode(known["key"]), base64.b64decode(known["sealed"])
    assert unseal(key, sealed, name).decode() == known["text"]
    with pytest.raises(NotOpened):
        unseal(key, sealed, alert_work.comment_name(UUID(known["firm"]), uuid4(), UUID(known["comment"])))


def test_a_comment_that_was_moved_or_changed_is_not_believed_and_keeps_nobody_from_the_others(
    member: Member, alert: UUID
) -> None:
    alert_work.comment(member, alert, SECRET)
    alert_work.comment(member, alert, "Agreed.")

    def another_id(found: list[dict[str, Any]]) -> None:
        found[0]["id"] = str(uuid4())

    def another_text(found: list[dict[str, Any]]) -> None:
        found[0]["sealed"] = found[0]["sealed"][:-8] + "AAAAAAA="

    for edit in (another_id, another_text):
        transport_of(member).change = rewriting(f"GET /api/alerts/{alert}/comments", edit)
        assert [one.text for one in alert_work.read_comments(member, alert)] == [None, "Agreed."]
    transport_of(member).change = None
    assert alert_work.read_comments(member, alert)[0].text == SECRET


def test_a_comment_whose_writer_did_not_know_that_the_alert_continues_another_opens(
    member: Member, alert: UUID, firms: Firms, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert_work.act(member, [alert], "see")
    later = UUID(plant(firms.server, named(member).pseudonym, DECEMBER + 1))
    announce(firms.server, DECEMBER + 1)
    eventually(lambda: expanded(firms.server, DECEMBER + 1))
    with monkeypatch.context() as before:
        before.setattr(alert_work, "read_lives", lambda _member: {})
        alert_work.comment(member, later, SECRET)
    assert alert_lives.read_lives(member)[later].alerts == [alert, later]
    for one in (alert, later):
        assert [said.text for said in alert_work.read_comments(member, one)] == [SECRET]


def test_a_device_without_the_notes_key_says_so(member: Member, alert: UUID) -> None:
    without = msgspec.structs.replace(member.role_keys, notes=None)
    member.identity = msgspec.structs.replace(member.identity, role_keys=without)
    with pytest.raises(HomeRefused, match="notes key"):
        alert_work.comment(member, alert, SECRET)


def test_a_mute_stands_until_it_is_lifted(member: Member, alert: UUID) -> None:
    pseudonym = named(member).pseudonym
    alert_work.act(member, [alert], "see")
    alert_work.mute(member, pseudonym=pseudonym)
    (one,) = alert_work.mutes(member)
    assert (one.pseudonym, one.kind, one.until) == (pseudonym, None, None)
    assert alert_lives.read_lives(member)[alert].state == "muted"
    alert_work.unmute(member, one.id)
    assert alert_work.mutes(member) == []


def test_changes_are_told_until_the_visit_is_marked(member: Member, alert: UUID) -> None:
    first = alert_work.read_changes(member, mark=False)
    assert (first.since, first.alerts) == (None, [alert])
    assert alert_work.read_changes(member, mark=True).alerts == [alert]
    again = alert_work.read_changes(member, mark=False)
    assert again.since is not None
    assert again.events == []
