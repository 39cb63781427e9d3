"""A short play, end to end on a real server: months are lived through, cells come of it, two firms talk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo import play, world
from demo.stage import Stage

SCALE = world.SMALL


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("stage"), "demo", "A short play")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def run(stage: Stage, told: list[str]) -> play.Played:
    return play.play(
        world.build(SCALE), stage, lambda done, whole, what: told.append(f"{done}/{whole} {what}")
    )


def test_every_month_is_released_and_every_firm_reports(run: play.Played) -> None:
    assert run.figures["firms"] == SCALE.firms
    assert run.figures["releases"] == SCALE.months
    assert run.figures["rows"] > SCALE.clients * SCALE.months


def test_a_member_sees_published_cells_of_some_of_its_clients(run: play.Played) -> None:
    assert 0 < run.figures["compared"] < run.figures["portfolio"], "some clients have five suppliers"


def test_two_firms_have_talked(run: play.Played) -> None:
    assert run.figures["messages"] >= 3


def test_progress_is_told_to_the_end(run: play.Played, told: list[str]) -> None:
    assert len(told) >= SCALE.months
    done, _, whole = told[-1].split()[0].partition("/")
    assert done == whole


def test_whoever_visits_can_be_three_firms_or_the_operator(run: play.Played) -> None:
    assert len(run.accounts) == 4
    assert all(account.account_key.startswith("VK1-") for account in run.accounts)
