"""`vigied keyholder`: what a person mends is one line; the list and the log are the holder's own."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.holders import Holders
from tests.server.networks import vigied


class Unstarted:
    """No process is needed."""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[dict[str, str]]:
    made = Holders.make(tmp_path, Unstarted())  # type: ignore[arg-type]
    yield {"VIGIED_HOLDER": str(made.three[0].folder)}
    made.end()


def refusal(environment: dict[str, str], *arguments: str) -> str:
    said = vigied(environment, "keyholder", *arguments, code=1)
    assert said.startswith("vigied: ")
    assert said.count("\n") == 1
    return said


def test_a_holder_that_was_never_made_says_how_to_make_one(tmp_path: Path) -> None:
    for command in (["status"], ["card"], ["log"], ["serve"]):
        assert "vigied keyholder init" in refusal({"VIGIED_HOLDER": str(tmp_path / "nowhere")}, *command)


def test_a_paper_that_is_none_is_named(holder: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "nonsense").write_text("{}")
    vigied(holder, "keyholder", "card", cwd=tmp_path)
    assert "no card" in refusal(holder, "generate", *[str(tmp_path / "nonsense")] * 3)
    assert "No such file" in refusal(holder, "generate", *[str(tmp_path / "missing")] * 3)
    assert "no signed roster" in refusal(holder, "install", str(tmp_path / "nonsense"))
    assert "--roster" in refusal(holder, "split", *["x"] * 3, "--dealer")


@pytest.mark.parametrize(
    ("firm", "root", "portfolio", "words"),
    [
        ("nobody", "00" * 32, "10", "row 1"),
        (str(uuid.UUID(int=1)), "00" * 31, "10", "32 bytes"),
        (str(uuid.UUID(int=1)), "zz", "10", "row 1"),
        (str(uuid.UUID(int=1)), "00" * 32, "0", "portfolio"),
    ],
)
def test_an_admission_that_makes_no_sense_is_refused(
    holder: dict[str, str], firm: str, root: str, portfolio: str, words: str
) -> None:
    assert words in refusal(holder, "admit", firm, root, portfolio)
    assert "0 of" not in vigied(holder, "keyholder", "status")


def test_a_firm_is_admitted_known_for_long_and_expelled(holder: dict[str, str]) -> None:
    firm = str(uuid.uuid4())
    vigied(holder, "keyholder", "admit", firm, "11" * 32, "100", "--name", "New (fictional)")
    assert f"{firm}  0 of 120  New (fictional)" in vigied(holder, "keyholder", "status")
    vigied(holder, "keyholder", "admit", firm, "11" * 32, "100", "--since", "2020-01-01")
    assert f"{firm}  0 of 300" in vigied(holder, "keyholder", "status")
    vigied(holder, "keyholder", "expel", firm)
    assert firm not in vigied(holder, "keyholder", "status")
    assert "not on the list" in refusal(holder, "expel", str(uuid.uuid4()))
    assert "a firm's id" in refusal(holder, "expel", "x")
    assert "hexadecimal" in refusal(holder, "revoke", "x")


def test_the_log_is_printed_and_a_changed_entry_found(holder: dict[str, str]) -> None:
    import sqlite3
    from datetime import date

    from server.keyholder_book import Admitted, HolderBook
    from server.keyholder_folder import HolderFolder
    from server.keyholder_request import EvaluationRequest

    folder = HolderFolder.open(Path(holder["VIGIED_HOLDER"]))
    firm, today = uuid.uuid4(), date(2026, 1, 5)
    book = HolderBook(folder.path / "book.sqlite3")
    book.admit([Admitted(firm, "Firm (fictional)", bytes(32), 100, today)])
    for count in (3, 4):
        request = EvaluationRequest(firm, b"", 1, ["k12"], b"", 0, uuid.uuid4().bytes, b"")
        book.spend(request, count, b"key", 0, today, folder.signing)
    book.close()
    rows = list(csv.DictReader(io.StringIO(vigied(holder, "keyholder", "log"))))
    assert [(row["firm"], row["day"], row["evaluations"]) for row in rows] == [
        (str(firm), "2026-01-05", "3"),
        (str(firm), "2026-01-05", "4"),
    ]
    assert "2 entries follow" in vigied(holder, "keyholder", "log", "--check")
    with sqlite3.connect(folder.path / "book.sqlite3") as changed:
        changed.execute("UPDATE log SET evaluations = 1 WHERE sequence = 2")
    changed.close()
    assert "entry 2 does not follow" in refusal(holder, "log", "--check")
