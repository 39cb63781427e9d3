"""Which sort NumPy uses is settled before it loads, and only where its own choice is the slow one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from server.processor import SLOW_SORT, slow_sort

ZEN_4 = "vendor_id : AuthenticAMD\ncpu family : 25\nflags : fpu avx2 avx512f avx512vl\n"


def test_the_processors_whose_sort_is_slow_are_known_and_no_others() -> None:
    assert slow_sort(ZEN_4)
    assert not slow_sort(ZEN_4.replace("AuthenticAMD", "GenuineIntel"))
    assert not slow_sort(ZEN_4.replace("25", "26"))
    assert not slow_sort(ZEN_4.replace("avx512f avx512vl", ""))
    assert not slow_sort("")


@pytest.mark.parametrize("told", [None, ""])
def test_what_the_operator_says_stands_and_numpy_loads_without_a_word(told: str | None) -> None:
    name = next(iter(SLOW_SORT))
    environment = {key: value for key, value in os.environ.items() if key != name}
    if told is not None:
        environment[name] = told
    script = (
        f"from server import processor; processor.choose(); import numpy, os; print(os.environ.get({name!r}))"
    )
    command = [sys.executable, "-W", "error", "-c", script]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    expected = SLOW_SORT[name] if told is None and slow_sort() else told
    assert run.stdout.strip() == str(expected)
    assert not run.stderr


def test_vigied_has_not_loaded_numpy_before_it_chooses() -> None:
    script = "import server.cli, sys; print('numpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
