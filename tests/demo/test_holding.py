"""`make demo HOLDERS=3`: three key holders as processes, and a key that none of them has whole."""

from __future__ import annotations

import uuid
from pathlib import Path

import httpx
import pytest

from demo import cli
from demo.holding import NUMBERS, Admission, HolderStage
from demo.stage import StageRefused
from privacy import roster as rosters


def test_three_holders_make_a_key_without_a_dealer_and_serve(tmp_path: Path) -> None:
    stage = HolderStage(tmp_path / "holders")
    stage.create()
    signed = rosters.from_text(stage.roster.read_text(encoding="utf-8"))
    roster = rosters.check(signed)
    assert (roster.construction, roster.dealt, roster.threshold) == ("three", False, 2)
    parts = [{path.name for path in (stage.folder / str(n) / "holder").iterdir()} for n in NUMBERS]
    assert all("parts-1.json" in names and "ceremony.json" not in names for names in parts)
    stage.admit([Admission(uuid.uuid4(), bytes(32), 10, "A firm, fictional")])
    try:
        stage.start()
        with httpx.Client(trust_env=False, timeout=60) as client:
            for holder in roster.holders:
                said = client.get(holder.url).json()
                assert (said["number"], said["name"]) == (holder.number, holder.name)
    finally:
        stage.stop()


def test_another_number_of_holders_is_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDERS", "3")
    assert cli._holders(None) == 3
    assert cli._holders("1") == 1
    with pytest.raises(StageRefused, match="HOLDERS"):
        cli._holders("2")
