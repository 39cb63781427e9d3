"""A real invoice list, through the agent and a real server: every promise of the policy holds on it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from demo import judge, replay
from demo.invoice_list import read
from privacy.profiles import STANDARD

PLACE = Path("invoices") / "b2b_invoices_raw.csv"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
LAST = "2011-04"


@pytest.fixture(scope="module")
def invoices() -> Path:
    path = Path(os.environ.get("VIGIE_SHARED_DATA", BESIDE)) / PLACE
    if not path.exists():
        pytest.skip(f"no real invoice list: VIGIE_SHARED_DATA names the folder that holds {PLACE}")
    return path


def test_ten_months_of_it_keep_every_promise(invoices: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Ten months are few cells: under 20 keys chance alone would leave the 93 % now and then.
    assert replay.main([str(invoices), "--last", LAST, "--keys", "100"]) == 0
    said = capsys.readouterr().out
    assert said.count("  yes  ") == 4
    assert "  NO " not in said
    assert "2010 Q3" in said
    assert "2011 Q2" in said


def test_a_broken_promise_is_an_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was published, which is not what the pure chain did."""
    empty = replay.Replayed(judge.Uploads([]), published={1: "00"}, release_key=bytes(32))
    assert replay.report(empty, range(2025 * 12, 2025 * 12 + 3), STANDARD, 1) == 1
    assert "NO " in capsys.readouterr().out


def test_a_file_that_is_no_list_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n")
    assert replay.main([str(path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_list_is_the_one_that_the_design_speaks_of(invoices: Path) -> None:
    listed = read(invoices)
    assert (len(listed.firms), len(listed.clients)) == (18, 12)
