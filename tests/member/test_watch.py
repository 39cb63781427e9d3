"""A folder looked after: each file once, what may pass again, what may not ends it, and no name anywhere."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from member.refusals import (
    EXIT_FILE,
    EXIT_NETWORK,
    EXIT_OK,
    EXIT_OTHER,
    EXIT_UNREACHABLE,
    EXIT_UNTRUSTED,
    HomeRefused,
)
from member.watch import (
    EXIT_HELD,
    LONGEST_WAIT_SECONDS,
    SETTLED_SECONDS,
    STATE_FILE,
    Outcome,
    Run,
    Watch,
    load,
    look,
    previous_years,
    seconds_to,
    wait_seconds,
)

SENT = Outcome(EXIT_OK, months=2, rows=10)


class Bench:
    """A folder, a home, a clock that stands until it is moved, and work that answers as told."""

    def __init__(self, root: Path) -> None:
        self.folder, self.home = root / "in", root / "home"
        self.folder.mkdir()
        self.home.mkdir()
        self.now = 1_000_000.0
        self.accounts = "before"
        self.taken: list[str] = []
        self.answers: dict[str, list[Outcome | BaseException]] = {}

    def put(self, name: str, content: str = "x", age: float = 60) -> None:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        os.utime(path, (self.now - age, self.now - age))

    def take(self, path: Path) -> Outcome:
        self.taken.append(path.name)
        given = self.answers.get(path.name, [])
        answer = given.pop(0) if given else SENT
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def watch(self) -> Watch:
        return Watch(self.folder, self.home, self.take, lambda: self.accounts, lambda: self.now)

    def run(self) -> Run:
        """In a process of its own: what the home keeps, and nothing else."""
        self.taken.clear()
        return self.watch().run()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_each_file_is_taken_once_older_ones_first(bench: Bench) -> None:
    bench.put("b.csv", age=20)
    bench.put("a.csv", age=10)
    bench.put("c.xlsx", age=30)
    run = bench.run()
    assert bench.taken == ["c.xlsx", "b.csv", "a.csv"]
    assert (run.code, len(run.outcomes)) == (EXIT_OK, 3)
    bench.run()
    assert bench.taken == []


def test_a_file_that_changed_is_taken_again(bench: Bench) -> None:
    bench.put("a.csv")
    bench.run()
    bench.put("a.csv", "another", age=30)
    bench.run()
    assert bench.taken == ["a.csv"]


def test_what_is_no_ledger_is_left_alone(bench: Bench) -> None:
    for name in ("notes.docx", ".hidden.csv", "~$open.xlsx", "half.csv.part"):
        bench.put(name)
    (bench.folder / "folder.csv").mkdir()
    bench.run()
    assert bench.taken == []


def test_a_file_that_is_still_written_waits(bench: Bench) -> None:
    bench.put("a.csv", age=1)
    watch = bench.watch()
    assert watch.run().waiting == 1
    bench.now += 1
    bench.put("a.csv", "longer", age=0)
    assert watch.run().waiting == 1
    # Unchanged since the look before, it rests, however young a clock elsewhere makes it.
    assert watch.run().outcomes == [SENT]
    bench.put("b.csv", age=SETTLED_SECONDS)
    assert watch.run().outcomes == [SENT]


@pytest.mark.parametrize("code", [EXIT_UNREACHABLE, EXIT_OTHER])
def test_what_may_pass_is_tried_again_ever_more_slowly(bench: Bench, code: int) -> None:
    bench.put("a.csv")
    bench.answers["a.csv"] = [Outcome(code)] * 3
    assert bench.run().code == code
    waits = []
    for _ in range(3):
        start = bench.now
        while not bench.taken or bench.now == start:
            bench.now += 30
            run = bench.run()
        waits.append(bench.now - start)
    assert waits == [60, 120, 240]
    assert run.code == EXIT_OK
    bench.now += 100_000
    bench.run()
    assert bench.taken == []


def test_waits_double_up_to_an_hour_and_a_refusal_waits_one() -> None:
    assert [wait_seconds(EXIT_UNREACHABLE, tries) for tries in (1, 2, 3, 30)] == [
        60,
        120,
        240,
        LONGEST_WAIT_SECONDS,
    ]
    assert wait_seconds(EXIT_NETWORK, 1) == 3_600


def test_a_file_with_problems_waits_until_it_or_what_is_known_changes(bench: Bench) -> None:
    bench.put("a.csv")
    bench.answers["a.csv"] = [Outcome(EXIT_FILE, problems=2)]
    assert bench.run().code == EXIT_FILE
    bench.now += 100_000
    again = bench.run()
    # It is not taken again, and whoever watches exit codes still hears that it was not sent.
    assert (again.outcomes, again.code) == ([], EXIT_FILE)
    bench.accounts = "after somebody identified accounts"
    assert bench.run().outcomes == [SENT]


def test_a_file_with_unknown_accounts_is_read_again_when_they_are_known(bench: Bench) -> None:
    bench.put("a.csv")
    bench.answers["a.csv"] = [Outcome(EXIT_OK, months=1, unidentified=3)]
    bench.run()
    assert bench.run().outcomes == []
    bench.accounts = "after"
    assert bench.run().outcomes == [SENT]


def test_what_nobody_may_overlook_ends_the_run_at_once(bench: Bench) -> None:
    bench.put("a.csv", age=30)
    bench.put("b.csv", age=20)
    bench.answers["a.csv"] = [Outcome(EXIT_UNTRUSTED)]
    run = bench.run()
    assert (run.code, bench.taken) == (EXIT_UNTRUSTED, ["a.csv"])
    # Started again, it goes on from there: somebody has looked into it.
    assert (bench.run().code, bench.taken) == (EXIT_OK, ["a.csv", "b.csv"])


def test_a_run_that_ends_anywhere_goes_on_where_it_was(bench: Bench) -> None:
    for number in range(4):
        bench.put(f"{number}.csv", age=50 - number)
    bench.answers["2.csv"] = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        bench.run()
    bench.run()
    assert bench.taken == ["2.csv", "3.csv"]


def test_told_to_end_it_finishes_the_file_at_hand_and_takes_no_other(bench: Bench) -> None:
    bench.put("a.csv", age=30)
    bench.put("b.csv", age=20)
    run = bench.watch().run(lambda: bool(bench.taken))
    assert (bench.taken, run.waiting) == (["a.csv"], 1)


def test_a_damaged_state_begins_anew(bench: Bench) -> None:
    bench.put("a.csv")
    bench.run()
    (bench.home / STATE_FILE).write_bytes(b"{damaged")
    bench.run()
    assert bench.taken == ["a.csv"]


def test_files_that_went_are_forgotten(bench: Bench) -> None:
    bench.put("a.csv")
    bench.run()
    (bench.folder / "a.csv").unlink()
    bench.run()
    assert load(bench.home).files == {}


def test_neither_state_nor_line_names_a_file(bench: Bench) -> None:
    bench.put("Verrerie Dupont 552100554.csv")
    bench.answers["Verrerie Dupont 552100554.csv"] = [Outcome(EXIT_HELD, past=4)]
    run = bench.run()
    told = run.line() + (bench.home / STATE_FILE).read_text(encoding="utf-8")
    assert "Dupont" not in told
    assert "552100554" not in told
    assert run.line() == (
        "1970-01-12T13:46:40Z files=1 sent=0 months=0 rows=0 past=4 problems=0 unidentified=0 held=1"
        " waiting=0 seconds=0.0 exit=9"
    )


def test_the_worst_of_a_runs_codes_is_its_code() -> None:
    run = Run(0.0, [SENT, Outcome(EXIT_HELD), Outcome(EXIT_FILE), Outcome(EXIT_UNREACHABLE)])
    assert run.code == EXIT_UNREACHABLE
    assert Run(0.0, []).code == EXIT_OK


def test_the_years_before_a_fec_are_read_with_it(bench: Bench) -> None:
    for name in (
        "000010009FEC20261031.txt",
        "000010009FEC20251031.txt",
        "000010009fec20241031.TXT",
        "000010009FEC20231031.txt",
        "000010017FEC20251031.txt",
        "ledger.csv",
    ):
        bench.put(name)
    names = {path.name for path in previous_years(bench.folder / "000010009FEC20261031.txt")}
    assert names == {"000010009FEC20251031.txt", "000010009fec20241031.TXT"}
    assert previous_years(bench.folder / "ledger.csv") == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(HomeRefused) as refused:
        look(tmp_path / "absent")
    assert refused.value.code == "watch-folder"


@pytest.mark.parametrize(("at", "seconds"), [("02:30", 5_400), ("01:00", 86_400), ("00:59", 86_340)])
def test_once_a_day_is_the_next_such_time(at: str, seconds: int) -> None:
    assert seconds_to(datetime(2026, 1, 5, 1, 0, tzinfo=UTC), at) == seconds
