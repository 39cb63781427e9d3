"""`vigie score`, `decide`, `lights` and `task` as people type them, in both languages, on a real network."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from member import scores
from member.cli import app
from member.push import push
from member.refusals import Unreachable
from tests.member.conftest import DECEMBER, Firms, client, ledger
from tests.member.test_bodacc import OPENING, record, written
from tests.server.planting import plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Launcher

SLOW, PROMPT = client(701), client(702)


@pytest.fixture(scope="module")
def home(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One firm with two clients, one of which an alert is open on; no cell is published of either."""
    firms = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    member = firms.firm()
    push(member, ledger([701, 702], months=14, late=40))
    assert member.home is not None
    plant(firms.server, member.book.clients[SLOW.identifier].pseudonym, DECEMBER)
    yield member.home.path
    firms.close()


def typed(home: Path, *words: str, code: int = 0, lang: str = "en") -> str:
    done = CliRunner().invoke(
        app, [*words, "--lang", lang], env={"VIGIE_HOME": str(home), "COLUMNS": "140"}, catch_exceptions=False
    )
    assert done.exit_code == code, done.output
    return done.stdout + done.stderr if code else done.stdout


def test_a_score_shows_its_whole_formula_and_that_own_figures_speak_alone(home: Path) -> None:
    said = typed(home, "score", SLOW.name)
    assert "nothing being published of this client" in said
    assert "Recommended limit: €1,000 × (" in said
    assert "insurer's cover: €0" in said
    assert "A relation of at least 14 months" in said
    assert "Nothing is decided here" in said
    french = typed(home, "score", SLOW.name, lang="fr")
    assert "Limite conseillée : 1 000 € × (" in french
    assert "Code de commerce, art. L. 442-1" in french


def test_every_parameter_is_the_firms_own_and_changes_the_verdict(home: Path) -> None:
    before = json.loads(typed(home, "score", SLOW.name, "--json"))
    assert "limit_max=10000.00" in typed(home, "score", "--set", "limit_max=10000", "--set", "own_weight=0.8")
    assert "own_weight=0.8" in typed(home, "score", "--parameters")
    typed(home, "score", "--set", "classes=good:20:3;bad:0:0", "--set", "sales_months=6")
    typed(home, "score", SLOW.name, "--insured", "25000", "--since", "2019-03")
    after = json.loads(typed(home, "score", SLOW.name, "--json"))
    assert after["score"]["score"] == before["score"]["score"]
    assert (before["score"]["risk_class"], after["score"]["risk_class"]) == ("D", "good")
    assert after["score"]["limit"]["cents"] == 2_500_000
    assert after["score"]["limit"]["insured"] is True
    assert (before["relation_months"], after["relation_months"]) == (14, 82)
    assert "(the usual ones)" in typed(home, "score", "--usual")
    assert json.loads(typed(home, "score", PROMPT.name, "--json"))["parameters"] == before["parameters"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("own_weight=2", "own_weight: found '2', expected 0 to 1"),
        ("classes=A:10:1", "classes: found 'A:10:1', expected A:75:1.2"),
        ("colour=red", "--set: found 'colour', expected own_weight"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_and_nothing_is_written(home, given, expected) -> None:
    before = typed(home, "score", "--parameters", "--json")
    assert expected in typed(home, "score", "--set", given, code=3)
    assert typed(home, "score", "--parameters", "--json") == before


def test_a_person_decides_and_writes_why_and_is_reminded_of_notice(home: Path) -> None:
    said = typed(
        home, "decide", SLOW.name, "--choice", "limit", "--limit", "5000", "--reason", "late since May"
    )
    assert "limit set to" in said
    assert "written notice" in said
    assert "late since May" in typed(home, "score", SLOW.name)
    (one,) = json.loads(typed(home, "score", SLOW.name, "--json"))["decisions"]
    assert (one["choice"], one["limit_cents"], one["by"][:6]) == ("limit", 500_000, "person")
    assert one["score"] is not None
    assert "expected one of keep, limit, block, end, other" in typed(
        home, "decide", SLOW.name, "--choice", "sue", code=3
    )


def test_the_sales_side_sees_a_light_and_a_task_and_no_figure(home: Path) -> None:
    assert "no lights" in typed(home, "lights").casefold()
    assert "2 lights sealed" in typed(home, "lights", "--renew")
    typed(home, "task", SLOW.name, "Ask for the signed delivery note", "--due", "2026-02-01")
    said = typed(home, "lights")
    assert "to do by 2026-02-01: Ask for the signed delivery note" in said
    known = (re.escape(SLOW.name), re.escape(PROMPT.name), r"\d{4}-\d\d-\d\d")
    rest = re.sub("|".join(known), "", said)
    assert not re.search("[0-9€%]", rest)
    typed(home, "lights", "--renew")  # a task outlives a new light
    assert "Ask for the signed delivery note" in typed(home, "lights", lang="fr")
    typed(home, "task", SLOW.name, "--done")
    assert "delivery note" not in typed(home, "lights")


def test_what_a_person_stopped_turns_the_light_red_at_once_until_it_is_lifted(home: Path) -> None:
    def shown() -> str:
        return json.loads(typed(home, "lights", "--json"))["clients"][PROMPT.identifier]["light"]

    typed(home, "lights", "--renew")
    before = shown()
    assert before != "red"
    typed(home, "decide", PROMPT.name, "--choice", "block")
    assert shown() == "red"
    typed(home, "decide", PROMPT.name, "--choice", "other", "--reason", "called them")
    assert shown() == "red"
    typed(home, "decide", PROMPT.name, "--choice", "keep")
    assert shown() == before


def test_what_was_decided_is_said_though_the_lights_cannot_be_renewed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise Unreachable("book-busy")

    monkeypatch.setattr(scores, "renew_shown_lights", silent)
    said = typed(home, "decide", PROMPT.name, "--choice", "keep", code=Unreachable.exit_code)
    assert f"Written: {PROMPT.name}" in said


def test_the_table_lists_every_client(home: Path) -> None:
    said = typed(home, "score", lang="fr")
    assert SLOW.name[:20] in said
    assert "Orange" in said


def test_a_published_judgment_starts_two_clocks_that_stop_when_they_are_met(
    home: Path, tmp_path: Path
) -> None:
    path = written(tmp_path, "json", [record(who=SLOW.identifier[-9:]), record(1, "894670793")])
    said = typed(home, "notices", str(path))
    assert "1 judgments on your clients" in said
    assert f"{SLOW.name}: {OPENING}, Tribunal de commerce de Lyon" in said
    assert "declare what it owes you by 2026-03-13" in said
    assert "the last working day; the delay itself runs to 2026-03-16" in said
    red = [one["light"] for one in json.loads(typed(home, "lights", "--json"))["clients"].values()]
    assert "red" in red, "sealed anew with the judgment"
    french = typed(home, "notices", lang="fr")
    assert "revendiquer les biens sous réserve de propriété au plus tard le 14/04/2026" in french
    typed(home, "notices", "--done", "A20260009", "--clock", "claim")
    typed(home, "notices", str(path))  # read again: what was done stays done
    (one,) = json.loads(typed(home, "notices", "--json"))
    assert (one["client"], one["done"]) == (SLOW.name, ["claim"])
    assert "claim, done" in typed(home, "notices").replace("declare what it owes you by 2026-03-13", "claim")
    assert "means 0 notices" in typed(home, "notices", "--done", "B1", code=3)
    said = typed(home, "alerts", lang="fr")  # a row among the alerts, as urgent as an incident
    assert f"{SLOW.name} : {OPENING}" in said
    assert "revendiquer les biens" in said
    row = json.loads(typed(home, "alerts", "--json"))[0]
    assert (row["kind"], row["severity"], row["claim_by"]) == ("notice", "urgent", "2026-03-16")
    assert json.loads(typed(home, "score", SLOW.name, "--json"))["worst_open_alert"] == "urgent"
