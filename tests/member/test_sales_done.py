"""What sales has done reaches the lights, sealed; a watch seals old lights anew, and begins none."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from member import scores
from member.cli_watch import _renewing
from member.credit import LIGHTS, Decision, Lights, Shown, read_lights, with_decision, with_task
from member.credit_file import change_credit, change_lights, read_credit
from member.keys import seal
from member.push import push
from member.sales_done import Done, erase, note_name, read_done, say_done, with_done_notes
from member.watch import Outcome, Run
from tests.member.conftest import Firms, client, ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from member.keystore import Member
    from tests.conftest import Launcher

WHO = client(751)


@pytest.fixture(scope="module")
def here(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firms]:
    firms = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    yield firms
    firms.close()


@pytest.fixture(scope="module")
def member(here: Firms) -> Member:
    made = here.firm()
    push(made, ledger([751, 752], months=14, late=40))
    return made


def shown(member: Member) -> Lights:
    return read_lights(member.shelf.segment(member, LIGHTS))


def test_a_task_that_was_done_is_done_and_one_that_was_asked_anew_is_not() -> None:
    lights = Lights(clients={"fr.siren:1": Shown("red", "call"), "fr.siren:2": Shown("green", "sign, again")})
    notes = [Done(uuid4(), "fr.siren:1", "call"), Done(uuid4(), "fr.siren:2", "sign")]
    after = with_done_notes(lights, [*notes, Done(uuid4(), "fr.siren:3", "gone")])
    assert [one.done for one in after.clients.values()] == [True, False]


def test_a_watch_begins_no_lights_and_seals_old_ones_anew_with_what_was_done(member: Member) -> None:
    run = Run(0.0, [Outcome(0, 1, 1)])
    _renewing(member)(run)
    assert not shown(member).made_on, "nobody has shown sales anything yet"
    scores.renew_lights(member, "2025-12-01")
    change_lights(member, lambda lights: with_task(lights, WHO.identifier, "Ask who signs", None))
    say_done(member, WHO.identifier, "Ask who signs")
    (note,) = read_done(member)
    assert (note.identifier, note.task) == (WHO.identifier, "Ask who signs")
    _renewing(member)(run)
    after = shown(member)
    assert after.made_on == member.network.facts().today.isoformat()
    assert after.clients[WHO.identifier].done
    assert read_done(member) == []
    erase(member, [note])  # another device was faster


def test_who_is_stopped_while_lights_are_sealed_is_not_left_as_this_device_knew_it(
    here: Firms, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, _ = here.again(member)

    def overtaken(member: Member) -> list[Done]:
        monkeypatch.undo()
        stop = Decision("2025-12-02", "b@firm.test", "block")
        change_credit(other, lambda credit: with_decision(credit, WHO.identifier, stop))
        return read_done(member)

    monkeypatch.setattr(scores, "read_done", overtaken)
    before = read_credit(member)
    assert scores.renew_lights(member, "2025-12-02").clients[WHO.identifier].light == "red"
    assert shown(other).clients[WHO.identifier].light == "red"
    change_credit(member, lambda _: before)


def test_a_note_of_another_firm_or_place_is_not_believed(member: Member) -> None:
    key = member.role_keys.names
    assert key is not None
    sealed = seal(key, b'{"identifier":"fr.siren:1","task":"x"}', note_name(member.firm_id, uuid4()))
    made = {"id": uuid4(), "sealed": sealed}
    member.session.send("POST", "/api/tasks/done", json=made)
    assert read_done(member) == []
    member.session.send("DELETE", f"/api/tasks/done/{made['id']}")
