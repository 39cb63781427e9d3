"""`make demo HOLDERS=3`: three key holders, and a key that none of them has whole."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from demo import cli
from demo.holding import NUMBERS, Admission, HolderStage
from demo.stage import StageRefused
from privacy import roster as rosters
from tests.server.networks import vigied

ALONE = threading.Lock()


def here(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
    """The same command in this process, one at a time."""
    with ALONE:
        vigied(environment, *arguments, cwd=folder)


def test_three_holders_make_a_key_without_a_dealer_and_admit_firms(tmp_path: Path) -> None:
    stage = HolderStage(tmp_path / "holders", here)
    stage.create()
    roster = rosters.check(rosters.from_text(stage.roster.read_text(encoding="utf-8")))
    assert (roster.construction, roster.dealt, roster.threshold) == ("three", False, 2)
    assert len({holder.url for holder in roster.holders}) == 3
    firm = uuid.uuid4()
    stage.admit([Admission(firm, bytes(32), 10, "A firm, fictional")])
    for number in NUMBERS:
        folder = stage.folder / str(number) / "holder"
        assert {"parts-1.json", "rosters.json"} <= {path.name for path in folder.iterdir()}
        assert not (folder / "ceremony.json").exists()
        assert f"{firm}  0 of 30  A firm, fictional" in vigied(
            {"VIGIED_HOLDER": str(folder)}, "keyholder", "status"
        )


def test_what_a_holder_refuses_is_told_with_its_number(tmp_path: Path) -> None:
    stage = HolderStage(tmp_path / "holders")
    stage.folder.mkdir()
    (stage.folder / "ports").write_text("1 2 3")
    with pytest.raises(StageRefused, match=r"key holder 2: vigied: .*init"):
        stage._run(2, ["card"])


def test_another_number_of_holders_is_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDERS", "3")
    assert cli._holders(None) == 3
    assert cli._holders("1") == 1
    with pytest.raises(StageRefused, match="HOLDERS"):
        cli._holders("2")
