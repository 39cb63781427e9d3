"""A measurement is a ratio within one run, and a bar that is missed is said."""

from __future__ import annotations

import pytest

from perf import __main__ as command
from perf.measure import Line, table


def line(ours: float, reference: float | None = 1.0) -> Line:
    return Line("a", ours, reference, "s", 2.0)


def test_a_bar_holds_up_to_itself_and_no_further() -> None:
    assert line(2.0).holds
    assert not line(2.001).holds
    assert line(2.0, reference=None).holds
    assert not line(4.0, reference=None).holds


def test_the_table_has_a_line_for_each_measurement_and_names_what_is_short() -> None:
    heading, held, missed = table([line(1.0), line(9.0)]).splitlines()
    assert heading.split() == ["what", "Vigie", "reference", "ratio", "bar"]
    assert held.split() == ["a", "1", "s", "1", "s", "1.00", "<=", "2", "holds"]
    assert missed.split()[-1] == "short"


@pytest.mark.parametrize(("ratio", "code"), [(2.0, 0), (2.1, 1)])
def test_the_command_fails_when_a_bar_is_missed(monkeypatch, capsys, ratio: float, code: int) -> None:
    monkeypatch.setitem(command.MEASUREMENTS, "push", lambda: [line(ratio)])
    assert command.main(["push"]) == code
    assert "ratio" in capsys.readouterr().out


def test_a_name_that_there_is_not_is_refused_before_anything_runs(capsys) -> None:
    assert command.main(["pull"]) == 2
    said = capsys.readouterr().out
    assert all(name in said for name in command.MEASUREMENTS)
