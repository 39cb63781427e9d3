"""Style is a test: what a reader may rely on without looking."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("privacy", "benchmark", "chat", "server", "member", "demo")
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
BANNED_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "service",
    "services",
    "misc",
}


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout:
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


TRACKED = _tracked()
CODE = [path for path in TRACKED if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ROOMS]
TEXT = {".py", ".md", ".toml", ".ts", ".svelte", ".css", ".html", ".json", ".yml", ".yaml", ""}


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_is_short_and_says_what_it_knows(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= FILE_LINES_MAX, f"{path.name} is longer than {FILE_LINES_MAX} lines"
    tree = ast.parse(source)
    assert ast.get_docstring(tree), f"{path.name} has no door sign"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= FUNCTION_LINES_MAX, f"{path.name}:{node.name} has {lines} lines"


def test_no_room_has_a_name_that_says_nothing() -> None:
    named = {path for path in TRACKED if path.stem in BANNED_NAMES or BANNED_NAMES & set(path.parent.parts)}
    assert not named


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_it_knows_and_what_it_must_not_know(room: str) -> None:
    sign = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert "Knows:" in sign
    assert "Must not know:" in sign


def test_only_the_policy_makes_what_counts_as_protected() -> None:
    makers = {
        str(path.relative_to(ROOT))
        for path in CODE
        if re.search(r"\bProtected\(", re.sub(r"class Protected\(.*", "", path.read_text(encoding="utf-8")))
    }
    assert makers <= {"privacy/disclosure.py"}


def test_one_file_reads_the_clock_on_the_server() -> None:
    readers = {
        path.name
        for path in CODE
        if path.parent.name == "server"
        and re.search(
            r"datetime\.now\(|time\.time\(|date\.today\(|utcnow\(", path.read_text(encoding="utf-8")
        )
    }
    assert readers <= {"clock.py"}


def test_nothing_in_the_repository_names_a_machine_or_a_registry() -> None:
    forbidden = re.compile(
        r"/work/|/root/|registry\.npmjs|files\.pythonhosted|pypi\.org/simple|127\.0\.0\.1:\d{4,5}/simple"
    )
    found = []
    for path in TRACKED:
        if path.suffix not in TEXT or path.name == "test_tidy.py" or path.stat().st_size > 5_000_000:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        if match := forbidden.search(text):
            found.append(f"{path.relative_to(ROOT)}: {match.group()}")
    assert not found


def test_every_recipe_of_the_makefile_is_printed_and_known_to_the_door_without_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    described = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    assert targets == described
    commands = set(re.findall(r"start\.py ([a-z]+)", makefile)) - {"demo"}
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    assert all(f'"{command}"' in source for command in commands)
