"""An alert that own figures raise has a life like the network's: sealed, the network is told nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from member.alerts_feed import Notice, own_id
from member.cli import app
from member.credit import OwnAlert
from member.imported import from_invoices
from member.own_alerts import after, life_of
from member.push import push
from member.refusals import EXIT_FILE
from tests.member.conftest import DECEMBER, Firms, client, invoices_of
from tests.vectors.make_own_alerts import PATH, document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Launcher

SLOWER = client(801)
TODAY = date(2026, 1, 5)
NOTICE = Notice(
    key="own x", kind="own", month="2025-12", since="2025-06", client="A", identifier="fr.siren:1",
    severity="watch", size_days=20, shared_days=0, now_days=30, confidence="computed here", ends_at_days=20,
    may_be_larger=False, evidence=[], own=True, dispute=False,
)  # fmt: skip


@pytest.fixture(scope="module")
def home(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A firm whose client pays it 40 days later since autumn; the network has published nothing."""
    firms = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    member = firms.firm()
    paid = [(month, "10") for month in range(1, 9)] + [(month, "28") for month in range(9, 12)]
    rows = [
        (0, 1000, f"2025-{month:02d}-01", f"2025-{month:02d}-05", f"2025-{month + (day == '28'):02d}-{day}")
        for month, day in paid
    ]
    push(member, from_invoices([SLOWER], invoices_of(*rows), DECEMBER, 11))
    assert member.home is not None
    yield member.home.path
    firms.close()


def typed(home: Path, *words: str, code: int = 0, lang: str = "en") -> str:
    done = CliRunner().invoke(
        app, [*words, "--lang", lang], env={"VIGIE_HOME": str(home)}, catch_exceptions=False
    )
    assert done.exit_code == code, done.output
    return done.stdout + done.stderr if code else done.stdout


def test_a_young_network_says_so_and_the_own_ledger_speaks(home: Path) -> None:
    said = typed(home, "alerts")
    assert said.startswith("A young network (0 months published)")
    assert "Your own trend" in said
    assert "later than in" in said
    assert typed(home, "alerts", lang="fr").startswith("Réseau jeune (0 mois publiés)")


def test_it_is_worked_on_like_any_other_and_stays_with_the_firm(home: Path) -> None:
    short = str(own_id("own", SLOWER.identifier))[:8]
    assert f"{short}  new" in typed(home, "alerts")
    assert "assigned" in typed(home, "alerts", "assign", SLOWER.name)
    assert "seen" in typed(home, "alerts", "assign", short, "--to", "nobody")
    assert "snoozed until 2026-02-01" in typed(home, "alerts", "snooze", short, "--until", "2026-02-01")
    assert "seen" in typed(home, "alerts", "wake", short)
    typed(home, "alerts", "comment", short, "Called: the buyer left")
    assert "Called: the buyer left" in typed(home, "alerts", "comments", short)
    assert "closed (known already), comments: 1" in typed(home, "alerts", "close", short, "--reason", "known")
    (one,) = json.loads(typed(home, "alerts", "--json"))
    assert (one["state"], one["reason"], one["comments"]) == ("closed", "known", 1)
    assert json.loads(typed(home, "score", SLOWER.name, "--json"))["worst_open_alert"] is None
    for words in (["assign", short], ["snooze", short], ["close", short, "--reason", "paid"]):
        assert "expected reopen first" in typed(home, "alerts", *words, code=EXIT_FILE)
    assert "closed (known already), comments: 1" in typed(home, "alerts")
    typed(home, "alerts", "reopen", short)
    assert json.loads(typed(home, "score", SLOWER.name, "--json"))["worst_open_alert"] == "watch"


def test_a_mute_of_own_figures_is_sealed_listed_and_lifted(home: Path) -> None:
    typed(home, "alerts", "mute", "--client", SLOWER.name, "--kind", "own", "--until", "2026-12-31")
    listed = typed(home, "alerts", "mutes")
    assert f"{SLOWER.name} · own until 2026-12-31" in listed
    assert "muted" in typed(home, "alerts")
    assert json.loads(typed(home, "score", SLOWER.name, "--json"))["worst_open_alert"] is None
    typed(home, "alerts", "unmute", listed[:36])
    assert "Nothing is muted." in typed(home, "alerts", "mutes")
    typed(home, "alerts", "mute", "--client", SLOWER.name)  # the whole client: what own figures say too
    assert json.loads(typed(home, "alerts", "--json"))[0]["state"] == "muted"
    typed(home, "alerts", "unmute", typed(home, "alerts", "mutes")[:36])


def test_the_page_reads_what_python_says_of_such_lives() -> None:
    assert json.loads(PATH.read_text(encoding="utf-8")) == json.loads(json.dumps(document()))


def test_it_is_open_again_when_it_grows_or_its_sleep_ends() -> None:
    closed = after(None, NOTICE, "close", "2026-01-05", "a@firm.test", {"reason": "known"})
    assert life_of(None, NOTICE, TODAY) is None
    assert life_of(closed, NOTICE, TODAY).state == "closed"
    assert life_of(closed, replace(NOTICE, size_days=34), TODAY).state == "closed"
    assert life_of(closed, replace(NOTICE, size_days=35), TODAY).state == "reopened"
    asleep = after(closed, NOTICE, "snooze", "2026-01-05", "a@firm.test", {"until": date(2026, 2, 1)})
    assert life_of(asleep, NOTICE, TODAY).snoozed_until == date(2026, 2, 1)
    assert life_of(asleep, NOTICE, date(2026, 2, 1)).state == "reopened"


def test_a_client_that_is_outside_the_band_again_is_a_new_matter() -> None:
    outside = replace(NOTICE, kind="outside")
    closed = after(None, outside, "close", "2026-01-05", "a@firm.test", {"reason": "paid"})
    assert life_of(closed, outside, TODAY).state == "closed"
    assert life_of(closed, replace(outside, month="2026-05"), TODAY).state == "reopened"


def test_who_has_it_keeps_it_when_it_is_seen_and_when_it_wakes() -> None:
    who = uuid4()
    assigned = after(None, NOTICE, "assign", "2026-01-05", "a@firm.test", {"assignee": who})
    assert after(assigned, NOTICE, "see", "2026-01-06", "b@firm.test", {}) == assigned
    asleep = after(assigned, NOTICE, "snooze", "2026-01-06", "a@firm.test", {"until": date(2026, 2, 1)})
    awake = after(asleep, NOTICE, "wake", "2026-01-07", "a@firm.test", {})
    assert (awake.state, awake.assignee) == ("assigned", str(who))
    assert after(awake, NOTICE, "unassign", "2026-01-07", "a@firm.test", {}).state == "seen"
    assert isinstance(awake, OwnAlert)
