"""Each import contract of the design is enforced: a violation planted in a copy of the tree is named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("privacy", "benchmark", "chat", "server", "member", "demo", "perf")

# contract -> (file in which the violation is planted, the import)
VIOLATIONS = {
    "server stands on benchmark and chat": ("privacy/planted.py", "import benchmark.upload"),
    "do not know each other": ("chat/planted.py", "import benchmark.upload"),
    "only the server imports Litestar and Piccolo": ("member/planted.py", "import litestar"),
    "privacy and benchmark import no clock, socket or loop": ("benchmark/planted.py", "import datetime"),
    "alerts cannot reach ledger": ("benchmark/series.py", "import benchmark.tally"),
    "the server can neither name a client nor open a message": (
        "server/planted.py",
        "import privacy.identifiers",
    ),
    "no room imports the tests": ("perf/planted.py", "import tests.browser.screens"),
    "member never imports server": ("member/planted.py", "import server.clock"),
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        # A wide terminal: the program wraps long names of contracts.
        env={**os.environ, "COLUMNS": "200"},
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    outcome = _lint(copy)
    assert outcome.returncode == 0, outcome.stdout
    assert " 0 broken" in outcome.stdout


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_violation_of_the_contract_is_caught(copy: Path, contract: str) -> None:
    file, planted = VIOLATIONS[contract]
    path = copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{planted}\n", encoding="utf-8")
    outcome = _lint(copy)
    assert outcome.returncode != 0
    broken = [line for line in outcome.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken), outcome.stdout


@pytest.mark.parametrize("blind_to", ["privacy.blind", "benchmark.comparison", "chat.session", "member.book"])
def test_the_server_cannot_reach_a_members_module_even_through_another(copy: Path, blind_to: str) -> None:
    (copy / "server" / "planted.py").write_text(f"import {blind_to}\n", encoding="utf-8")
    outcome = _lint(copy)
    assert outcome.returncode != 0
    assert blind_to in outcome.stdout
