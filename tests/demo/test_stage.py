"""A stage is a real server of its own; what is wrong is said in one line."""

import socket
from datetime import date
from pathlib import Path

import pytest

from demo.stage import Stage, StageRefused, day_of, first_of, port_is_free

DECEMBER = 2025 * 12 + 11


def test_months_are_reported_in_the_next_one_over_the_turn_of_the_year() -> None:
    assert first_of(DECEMBER) == date(2025, 12, 1)
    assert day_of(DECEMBER, 12) == date(2026, 1, 12)


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert not port_is_free(taken.getsockname()[1])
    assert port_is_free(0)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "demo", "No database")
    with pytest.raises(StageRefused, match="migrate"):
        stage.start()
    stage.stop()
    assert not stage.running()


def test_another_kinds_database_is_refused(tmp_path: Path) -> None:
    Stage(tmp_path, "replay", "A replay").create(date(2026, 1, 1))
    with pytest.raises(StageRefused, match="replay"):
        Stage(tmp_path, "demo", "A demo").migrate()


def test_the_operators_secrets_never_print(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "demo", "Quiet")
    stage.operator_secrets["password"] = "hunter2"
    assert "hunter2" not in repr(stage)
