"""A database and its keys belong together, and stay of the kind that they were created as."""

from __future__ import annotations

import asyncio
import shutil
import stat
from pathlib import Path

import pytest

from server import keys
from server.keys import FILES, KeysRefused
from server.network import migrate, open_network
from server.settings import Settings
from tests.conftest import Launcher, RunningServer, vigied


def of(folder: Path, kind: str = "production") -> dict[str, str]:
    return {
        "VIGIED_DATABASE": f"sqlite:///{folder / 'vigie.sqlite3'}",
        "VIGIED_KEYS": str(folder / "keys"),
        "VIGIED_KIND": kind,
        "PORT": "0",
    }


def refusal(settings: dict[str, str], *command: str) -> str:
    """What a command says when it refuses: one line."""
    ended = vigied(settings, *command)
    assert ended.returncode == 1, ended.stdout
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr


def make(folder: Path, kind: str = "production") -> str:
    """Migrate in this process."""
    return asyncio.run(migrate(Settings.from_environment(of(folder, kind))))


def open_and_close(folder: Path, kind: str = "production") -> None:
    async def work() -> None:
        network = await open_network(Settings.from_environment(of(folder, kind)))
        await network.database.close()

    asyncio.run(work())


def test_a_fresh_database_gets_keys_that_nobody_else_can_read(tmp_path: Path) -> None:
    assert make(tmp_path) == "created a production network"
    keys = sorted((tmp_path / "keys").iterdir())
    assert [path.name for path in keys] == sorted(FILES)
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert len({path.read_bytes() for path in keys}) == len(FILES)


def test_a_second_migration_changes_neither_keys_nor_kind(tmp_path: Path) -> None:
    make(tmp_path, "demo")
    before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    assert make(tmp_path, "demo") == "up to date"
    assert {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_demo_is_not_opened_as_production(sqlite_server: RunningServer, command: str) -> None:
    said = refusal({**sqlite_server.settings, "VIGIED_KIND": "production"}, command)
    assert "created as 'demo'" in said
    assert "VIGIED_KIND=demo" in said


@pytest.mark.postgres
def test_a_demo_on_postgresql_is_not_opened_as_production(launch: Launcher) -> None:
    server = launch("postgres")
    assert "created as 'demo'" in refusal({**server.settings, "VIGIED_KIND": "production"}, "serve")


@pytest.mark.parametrize("name", FILES)
def test_a_database_without_one_of_its_keys_is_refused(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    (tmp_path / "keys" / name).unlink()
    with pytest.raises(KeysRefused, match=name):
        open_and_close(tmp_path)
    with pytest.raises(KeysRefused, match=name):
        make(tmp_path)
    assert not (tmp_path / "keys" / name).exists(), "a lost key was made anew in silence"


def test_a_database_with_the_keys_of_another_is_refused(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        make(tmp_path / name)
    shutil.rmtree(tmp_path / "one" / "keys")
    shutil.copytree(tmp_path / "other" / "keys", tmp_path / "one" / "keys")
    with pytest.raises(KeysRefused, match="belong to another database"):
        open_and_close(tmp_path / "one")


def test_a_fresh_database_does_not_take_another_ones_keys(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "vigie.sqlite3").rename(tmp_path / "elsewhere.sqlite3")
    with pytest.raises(KeysRefused, match="keys of another database"):
        make(tmp_path)


def test_a_creation_that_was_interrupted_is_taken_up_again(tmp_path: Path) -> None:
    keys.make(tmp_path / "keys")  # and then the power went
    assert make(tmp_path) == "created a production network"
    assert not (tmp_path / "keys" / "unclaimed").exists()


def test_a_database_that_was_never_made_is_refused(tmp_path: Path) -> None:
    assert "vigied migrate" in refusal(of(tmp_path), "serve")
    assert not (tmp_path / "vigie.sqlite3").exists()


def test_a_database_that_lacks_a_migration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vigie.sqlite3").touch()
    assert "vigied migrate" in refusal(of(tmp_path), "serve")


@pytest.mark.parametrize(
    ("name", "value"),
    [("VIGIED_KIND", "toy"), ("VIGIED_DATABASE", "mysql://x"), ("PORT", "many"), ("PORT", "70000")],
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    assert name in refusal({**of(tmp_path), name: value}, "serve")


def test_a_database_server_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    settings = {**of(tmp_path), "VIGIED_DATABASE": "postgresql://nobody@127.0.0.1:1/nothing"}
    assert "cannot reach the database" in refusal(settings, "migrate")
    assert "cannot reach the database" in refusal(settings, "serve")
