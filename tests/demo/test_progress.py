"""Progress is one line a step where nobody looks, and one line in all on a terminal."""

import io
import sys

import pytest

from demo.progress import Line


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_every_step_is_a_line_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    with Line() as line:
        line(1, 3, "one")
        line(2, 3, "two")
    assert [text.split(" (")[0].strip() for text in capsys.readouterr().out.splitlines()] == [
        "1/3 one",
        "2/3 two",
    ]


def test_a_terminals_line_is_written_over_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    with Line() as line:
        line(1, 3, "a longer step")
        line(2, 3, "two")
    said = terminal.getvalue()
    assert said.count("\n") == 1
    assert said.endswith("\n")
    assert said.count("\r") == 2
