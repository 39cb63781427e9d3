"""One short play on a real server, for every test that looks at what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from demo import play, world
from demo.stage import Stage
from demo.words import slug
from member.keystore import Member


@dataclass
class Lived:
    """The stage, still served, and what came of the play."""

    stage: Stage
    plan: world.World
    told: list[str] = field(default_factory=list)
    played: play.Played = field(default_factory=play.Played)

    def tell(self, done: int, whole: int, what: str) -> None:
        self.told.append(f"{done}/{whole} {what}")

    def member(self, firm: int) -> Member:
        """One of the visitors' firms, opened from its home as `vigie` would."""
        home: Path = self.stage.folder / "members" / slug(self.plan.firms[firm].name)
        return Member.load(home)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    stage = Stage(tmp_path_factory.mktemp("stage"), "demo", "A short play", shown_within_seconds=0)
    made = Lived(stage, world.build(world.SMALL))
    try:
        made.played = play.play(made.plan, stage, made.tell)
        yield made
    finally:
        stage.stop()
