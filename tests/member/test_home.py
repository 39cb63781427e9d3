"""The home folder: one file, for one user, whole or not at all, sealed when a passphrase is given."""

import json
import os
import stat
import uuid
from pathlib import Path

import msgspec
import pytest
from rich.pretty import pretty_repr

from member.answers import Holder
from member.home import FILE, Home, Identity, default_home, write_file
from member.keys import RoleKeys, Stretching
from member.pins import Pins
from member.refusals import HomeRefused

QUICK = Stretching(passes=1, memory_kib=64, lanes=1)
PINS = Pins(
    url="https://vigie.example",
    name="A network (fictional)",
    kind="demo",
    receipt_key=b"r" * 32,
    release_key=b"l" * 32,
    construction="single",
    epoch=1,
    holders=[Holder("holder", "/api/holder")],
    parts={"k": b"k" * 32},
    key_id=b"i" * 32,
    currency="EUR",
    formula=1,
)
SECRET = b"secret seed of thirty-two bytes!"
IDENTITY = Identity(
    firm_id=uuid.UUID(int=7),
    root_public=b"p" * 32,
    device_seed=SECRET,
    delegation=bytes(129),
    role_keys=RoleKeys(names=SECRET, ledger=SECRET),
    pins=PINS,
    device_id=uuid.UUID(int=8),
    account_key=b"account key 16 b",
    root_seed=SECRET,
)


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


def sealed(home: Home, passphrase: str) -> Home:
    home.lock_with(passphrase, QUICK)
    home.save(IDENTITY)
    return Home(home.path)


def test_what_was_saved_is_loaded_again(home):
    home.save(IDENTITY)
    assert Home(home.path).load() == IDENTITY


def test_a_passphrase_opens_what_it_sealed_and_another_does_not(home):
    again = sealed(home, "phrase secrète")
    assert b"secret seed" not in (home.path / FILE).read_bytes()
    with pytest.raises(HomeRefused) as refused:
        again.load("another")
    assert refused.value.code == "passphrase-wrong"
    with pytest.raises(HomeRefused) as refused:
        again.load()
    assert refused.value.code == "passphrase-wanted"
    assert again.load("phrase secrète") == IDENTITY


def test_a_home_once_opened_is_saved_under_the_same_passphrase(home):
    again = sealed(home, "phrase")
    again.load("phrase")
    again.save(msgspec.structs.replace(IDENTITY, email="a@firm.test"))
    assert Home(home.path).load("phrase").email == "a@firm.test"


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_only_its_user_can_read_it(home):
    home.save(IDENTITY)
    assert stat.S_IMODE((home.path / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    place = tmp_path / "file"
    write_file(place, b"before")

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="full"):
        write_file(place, b"after")
    assert place.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"format": 2}'])
def test_a_damaged_home_is_said_to_be_damaged(home, content):
    home.make()
    (home.path / FILE).write_bytes(content)
    with pytest.raises(HomeRefused) as refused:
        home.load()
    assert refused.value.code == "home-damaged"


def test_a_folder_without_a_device_says_how_to_make_one(home):
    with pytest.raises(HomeRefused, match="vigie enrol"):
        home.load()


def test_a_home_says_what_network_it_belongs_to_without_its_passphrase(home):
    marks = sealed(home, "phrase").marks()
    assert (marks.kind, marks.network, marks.sealed) == ("demo", "A network (fictional)", True)


@pytest.mark.parametrize("passphrase", [None, "phrase"])
def test_a_demonstrations_home_cannot_be_passed_off_as_a_real_one(home, passphrase):
    home.lock_with(passphrase, QUICK)
    home.save(IDENTITY)
    marks = json.loads((home.path / FILE).read_bytes())
    (home.path / FILE).write_text(json.dumps({**marks, "kind": "production"}), encoding="utf-8")
    with pytest.raises(HomeRefused):
        Home(home.path).load(passphrase)


def test_wiping_takes_what_is_a_devices_and_nothing_else(home):
    home.save(IDENTITY)
    (home.path / "book").mkdir()
    (home.path / "book" / "head.json").write_bytes(b"{}")
    (home.path / "mine.txt").write_text("kept")
    home.wipe()
    assert [path.name for path in home.path.iterdir()] == ["mine.txt"]


def test_the_environment_names_the_home(monkeypatch):
    monkeypatch.setenv("VIGIE_HOME", "/some/where")
    assert default_home() == Path("/some/where")
    monkeypatch.delenv("VIGIE_HOME")
    assert default_home().name == "vigie"


def test_a_homes_secrets_never_print(home):
    again = sealed(home, "phrase secrète")
    identity = again.load("phrase secrète")
    for text in (repr(identity), str(identity), pretty_repr(identity), repr(again), pretty_repr(again)):
        assert "secret seed" not in text
        assert "account key 16" not in text
