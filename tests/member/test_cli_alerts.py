"""`vigie alerts`, `notify` and `webhooks` as people type them, in both languages, on a real network."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from member.alert_work import ACTIONS, REASONS
from member.alert_work_texts import ALERT_WORK_TEXTS
from member.cli import app
from member.keystore import Member
from member.push import push
from server.alert_life import Action, Reason, State
from tests.conftest import wait_until
from tests.member.conftest import DECEMBER, Firms, client, ledger
from tests.server.outside import Receiver, running
from tests.server.planting import plant

if TYPE_CHECKING:
    from tests.conftest import Launcher

NUMBERS = itertools.count(200, 2)
EXPECTED = {"VIGIED_WEBHOOKS_PRIVATE": "1", "VIGIED_OUTBOX_SECONDS": "0.1", "VIGIED_RETRY_SECONDS": "0.05"}


@pytest.fixture(scope="module")
def firms(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firms]:
    made = Firms(launch_for_module("sqlite", environment=EXPECTED), tmp_path_factory.mktemp("homes"))
    yield made
    made.close()


class Keyboard:
    """One person at one machine, whose firm has an alert on its first client."""

    def __init__(self, firms: Firms) -> None:
        member: Member = firms.firm()
        first = next(NUMBERS)
        self.name = client(first).name
        push(member, ledger([first, first + 1]))
        assert member.home is not None
        self.home: Path = member.home.path
        pseudonyms = {one.name: one.pseudonym for one in member.book.clients.values()}
        self.alert = plant(firms.server, pseudonyms[self.name], DECEMBER)

    def type(self, *words: str, code: int = 0, lang: str = "en") -> str:
        done: Result = CliRunner().invoke(
            app, [*words, "--lang", lang], env={"VIGIE_HOME": str(self.home)}, catch_exceptions=False
        )
        assert done.exit_code == code, done.output
        return done.stdout + done.stderr if code else done.stdout


@pytest.fixture
def keyboard(firms: Firms) -> Keyboard:
    return Keyboard(firms)


def test_the_list_shows_each_alert_with_its_id_and_how_the_work_stands(keyboard: Keyboard) -> None:
    short = keyboard.alert[:8]
    assert f"{short}  new" in keyboard.type("alerts")
    assert "Done." in keyboard.type("alerts", "seen", "--all")
    assert f"{short}  vue" in keyboard.type("alerts", lang="fr")
    (one,) = [each for each in json.loads(keyboard.type("alerts", "--json")) if not each["own"]]
    assert (one["id"], one["state"], one["client"]) == (keyboard.alert, "seen", keyboard.name)


def test_an_alert_is_worked_on_from_the_keyboard(keyboard: Keyboard) -> None:
    assert "assigned" in keyboard.type("alerts", "assign", keyboard.name)
    assert "seen" in keyboard.type("alerts", "assign", keyboard.name, "--to", "nobody")
    assert "snoozed until 2026-02-01" in keyboard.type(
        "alerts", "snooze", keyboard.name, "--until", "2026-02-01"
    )
    assert "mise de côté jusqu'au 04/02/2026" in keyboard.type(
        "alerts", "snooze", keyboard.alert[:8], lang="fr"
    )
    assert "seen" in keyboard.type("alerts", "wake", keyboard.alert[:8])
    closed = keyboard.type(
        "alerts",
        "close",
        keyboard.name,
        "--reason",
        "dispute",
        "--comment",
        "They contest the last delivery.",
    )
    assert "closed (a dispute, not distress), comments: 1" in closed
    assert "They contest the last delivery." in keyboard.type("alerts", "comments", keyboard.alert[:8])
    assert "rouverte" in keyboard.type("alerts", "reopen", keyboard.alert[:8], lang="fr")


def test_what_was_typed_wrong_is_said_with_what_was_expected(keyboard: Keyboard) -> None:
    assert "expected one of paid" in keyboard.type(
        "alerts", "close", keyboard.name, "--reason", "tired", code=3
    )
    assert "attendu un jour" in keyboard.type(
        "alerts", "snooze", keyboard.name, "--until", "demain", code=3, lang="fr"
    )
    assert "means 0 alerts" in keyboard.type("alerts", "seen", "Nobody", code=3)
    assert "expected me, or one of" in keyboard.type(
        "alerts", "assign", keyboard.name, "--to", "x@y.z", code=3
    )
    keyboard.type("alerts", "seen", code=2)
    keyboard.type("alerts", "mute", code=2)
    assert "expected reopen first" not in keyboard.type("alerts", "snooze", keyboard.name)


def test_a_mute_is_named_by_the_client_and_lifted_by_its_id(keyboard: Keyboard) -> None:
    keyboard.type("alerts", "mute", "--client", keyboard.name, "--kind", "drift", "--until", "2026-06-30")
    listed = keyboard.type("alerts", "mutes", lang="fr")
    assert f"{keyboard.name} · drift jusqu'au 30/06/2026" in listed
    found = re.search(r"^[0-9a-f-]{36}", listed, re.MULTILINE)
    assert found
    keyboard.type("alerts", "unmute", found[0])
    assert "Nothing is muted." in keyboard.type("alerts", "mutes")


def test_changes_are_told_until_they_are_marked(keyboard: Keyboard) -> None:
    told = keyboard.type("alerts", "changes", "--mark")
    assert "Since your first visit: 1 alerts" in told
    assert json.loads(keyboard.type("alerts", "changes", "--json"))["since"] is not None


def test_wishes_are_changed_one_by_one(keyboard: Keyboard) -> None:
    assert "set up no mail server" in keyboard.type("notify", "show")
    keyboard.type("notify", "set", "--severity", "act=now", "--kind", "first:info=never", "--quiet", "19-8")
    shown = keyboard.type("notify", "show", lang="fr")
    assert "act : aussitôt" in shown
    assert "Silence : de 19 h à 8 h (Europe/Paris)" in shown
    keyboard.type("notify", "set", "--no-mail", "--digest", "week", "--hour", "9")
    assert "Mail: no" in keyboard.type("notify", "show")
    assert "urgent|act" in keyboard.type("notify", "set", "--severity", "grave=now", code=3)
    assert "20-7" in keyboard.type("notify", "set", "--quiet", "always", code=3)
    assert "timezone" in keyboard.type("notify", "set", "--zone", "Mars", code=4)


def test_a_webhook_is_added_tried_and_removed(keyboard: Keyboard) -> None:
    with running(Receiver()) as receiver:
        made = keyboard.type("webhooks", "add", receiver.url, "--severity", "act")
        found = re.search(r"Webhook ([0-9a-f-]{36}).*\n(whsec_\S+)", made)
        assert found
        assert f"{found[1]}  {receiver.url}  from act" in keyboard.type("webhooks", "list")
        keyboard.type("webhooks", "test", found[1])
        wait_until(lambda: bool(receiver.calls))
    assert "No dead deliveries." in keyboard.type("webhooks", "dead", found[1])
    assert "0 deliveries" in keyboard.type("webhooks", "replay", found[1])
    keyboard.type("webhooks", "remove", found[1])
    assert "No webhooks." in keyboard.type("webhooks", "list")
    assert keyboard.type("webhooks", "add", "ftp://example.org/", code=4)


def test_every_state_reason_and_act_has_its_word() -> None:
    assert set(ACTIONS) == {one.value for one in Action}
    assert set(REASONS) == {one.value for one in Reason}
    keys = {f"state-{one.value}" for one in State} | {f"reason-{one.value}" for one in Reason}
    keys |= {f"event-{one.value}" for one in Action}
    keys |= {f"event-{one}" for one in ("reopened", "continued", "woken", "commented", "muted", "unmuted")}
    assert keys <= set(ALERT_WORK_TEXTS)
