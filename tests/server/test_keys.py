"""The network's secrets: whole files, never printed, tied to one database."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import UUID

import pytest

from server import keys


def test_secrets_never_print(tmp_path: Path) -> None:
    made = keys.make(tmp_path)
    assert repr(made) == "Keys()"
    assert made.release.hex() not in repr(made)


def test_the_check_is_of_these_keys_and_this_network(tmp_path: Path) -> None:
    one, other = keys.make(tmp_path / "one"), keys.make(tmp_path / "other")
    network, another = UUID(int=1), UUID(int=2)
    assert one.check(network) == keys.load(tmp_path / "one").check(network)
    assert len({one.check(network), one.check(another), other.check(network)}) == 3


def test_a_file_of_another_size_is_refused_by_name(tmp_path: Path) -> None:
    keys.make(tmp_path)
    (tmp_path / "receipt.key").write_bytes(b"short")
    with pytest.raises(keys.KeysRefused, match=r"receipt\.key: 5 bytes"):
        keys.load(tmp_path)


def test_interrupted_work_is_taken_up_with_the_keys_that_were_written(tmp_path: Path) -> None:
    keys.make(tmp_path)
    (tmp_path / "session.key").unlink()
    before = (tmp_path / "receipt.key").read_bytes()
    keys.make(tmp_path)
    assert (tmp_path / "receipt.key").read_bytes() == before
    assert stat.S_IMODE((tmp_path / "session.key").stat().st_mode) == 0o600
    keys.claim(tmp_path)
    with pytest.raises(keys.KeysRefused, match="another database"):
        keys.make(tmp_path)
