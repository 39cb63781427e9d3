"""A measurement is a ratio within one run, and a bar that is missed is said."""

from __future__ import annotations

import pytest

from perf import __main__ as command
from perf.measure import Line, Pair, in_turn, line, table


def test_both_sides_run_as_often_in_turn_and_the_first_of_each_is_not_counted() -> None:
    ran: list[str] = []

    def ours() -> float:
        ran.append("ours")
        return 3.0

    def reference() -> float:
        ran.append("reference")
        return 2.0

    pair = in_turn(ours, reference, 3)
    assert (pair.ours, pair.reference) == ([3.0] * 3, [2.0] * 3)
    assert [ran[at : at + 2] for at in (0, 2, 4, 6)] == [["reference", "ours"], ["ours", "reference"]] * 2


def test_one_slow_repetition_does_not_decide_a_ratio() -> None:
    assert Pair([1.0, 1.0, 60.0], [0.5, 0.5, 0.5]).ratio == 2.0


def test_a_bar_holds_up_to_itself_and_no_further() -> None:
    assert line("x", Pair([2.0], [1.0]), "bare", 2.0).holds
    assert not line("x", Pair([2.001], [1.0]), "bare", 2.0).holds


def test_the_table_has_a_line_for_each_measurement_and_names_what_is_short() -> None:
    told = table([Line("a", "1 s", "1 s", 1.0, 2.0), Line("bb", "9 s", "1 s", 9.0, 2.0)]).splitlines()
    assert len(told) == 4
    assert told[2].split(" | ") == ["a   ", "1 s  ", "1 s      ", "1.00 ", "2  ", "holds"]
    assert told[3].endswith("SHORT")


@pytest.mark.parametrize(("ratio", "code"), [(2.0, 0), (2.1, 1)])
def test_the_command_fails_when_a_bar_is_missed(monkeypatch, capsys, ratio: float, code: int) -> None:
    monkeypatch.setitem(command.MEASUREMENTS, "push", lambda: [Line("a", "", "", ratio, 2.0)])
    assert command.main(["push"]) == code
    assert "ratio" in capsys.readouterr().out


def test_a_name_that_there_is_not_is_refused_before_anything_runs(capsys) -> None:
    assert command.main(["pull"]) == 2
    assert "push, upload" in capsys.readouterr().err
