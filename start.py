"""The front door without make: `python3 start.py demo` and `python3 start.py test`.

Makes the project's own environment in `.venv`, installs what the command needs (once; again when
`pyproject.toml` changes) and runs it. Standard library only, since it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

PYTHON_MIN = (3, 11)
ROOT = Path(__file__).resolve().parent
HOME = Path(os.environ.get("VIGIE_VENV", ROOT / ".venv"))

# A module's tests share its servers; tests/conftest.py says which modules begin.
PARALLEL = ["-n", "auto", "--dist", "loadscope", "--no-loadscope-reorder"]
SEARCHED = [f"tests/{room}" for room in ("privacy", "benchmark", "chat", "member")]

# command -> (dependency group to install, what to run in the environment)
COMMANDS: dict[str, tuple[str | None, list[list[str]]]] = {
    "demo": ("page", [["python", "hatch_build.py"], ["python", "-m", "demo"]]),
    "page": ("page", [["python", "hatch_build.py"]]),
    "test": (
        "dev",
        [["python", "hatch_build.py"], ["python", "-m", "pytest", *PARALLEL]],
    ),
    "lint": (
        "dev",
        [
            ["ruff", "format", "--check", "."],
            ["ruff", "check", "."],
            ["mypy"],
            ["lint-imports", "--no-logo"],
            ["python", "hatch_build.py", "--check"],
        ],
    ),
    "search": ("dev", [["python", "-m", "pytest", "--hypothesis-profile=search", *SEARCHED, *PARALLEL]]),
    "perf": ("dev", [["python", "-m", "perf"]]),
    "faults": ("dev", [["python", "-m", "pytest", "-m", "faults", "--kills=30", "-n", "auto"]]),
    "attacks": ("dev", [["python", "-m", "tests.attacks"]]),
    "leadtime": ("dev", [["python", "-m", "tests.leadtime"]]),
    "calibrate": ("dev", [["python", "-m", "tests.leadtime.calibrate"]]),
    "picture": ("dev", [["python", "hatch_build.py"], ["python", "-m", "tests.browser.picture"]]),
    "screens": ("dev", [["python", "-m", "tests.browser.screens"]]),
    "replay": (None, [["python", "-m", "demo.replay"]]),
    "walk": ("dev", [["python", "hatch_build.py"], ["python", "-m", "tests.browser.walk", "--commands"]]),
    "tour": ("dev", [["python", "hatch_build.py"], ["python", "-m", "tests.browser.walk"]]),
    "schema": (None, [["vigied", "openapi"]]),
    "policy": (None, [["vigied", "policy"]]),
    "privacy": (None, [["vigied", "privacy"]]),
    "install": ("dev", []),
}


class Missing(SystemExit):
    """Something that the person at the keyboard has to bring, said in one line."""

    def __init__(self, text: str) -> None:
        super().__init__(f"start.py: {text}")


def main(arguments: list[str]) -> int:
    """Run one command; its further arguments are passed on to its last step."""
    if sys.version_info < PYTHON_MIN:
        found = ".".join(map(str, sys.version_info[:3]))
        raise Missing(f"Python {found} is too old: Vigie needs 3.11 or newer (python3.11 start.py ...).")
    if not arguments or arguments[0] not in COMMANDS:
        raise Missing(f"say what to run: {', '.join(COMMANDS)}.")
    group, steps = COMMANDS[arguments[0]]
    bin_folder = environment(group)
    for number, step in enumerate(steps):
        extra = arguments[1:] if number == len(steps) - 1 else []
        finished = run([str(bin_folder / step[0]), *step[1:], *extra])
        if finished:
            return finished
    return 0


def environment(group: str | None) -> Path:
    """Return the folder of the environment's programs, after installing what is not there yet."""
    bin_folder = HOME / ("Scripts" if os.name == "nt" else "bin")
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamps = {name: HOME / f"installed-{name}" for name in ("none", "page", "dev")}
    enough = {None: ("none", "page", "dev"), "page": ("page", "dev"), "dev": ("dev",)}[group]
    if any(stamps[name].exists() and stamps[name].read_text() == wanted for name in enough):
        return bin_folder
    if not (bin_folder / ("python.exe" if os.name == "nt" else "python")).exists():
        say(f"making an environment in {HOME.name} ...")
        try:
            venv.create(HOME, with_pip=True)
        except (subprocess.CalledProcessError, OSError) as error:
            raise Missing(
                "could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv "
                f"(a half-made {HOME.name} can be deleted). {type(error).__name__}"
            ) from error
    say("installing what Vigie needs (a few minutes the first time) ...")
    python = str(bin_folder / "python")
    groups = ["--group", group] if group else []
    for step in (["--upgrade", "pip>=25.1"], ["--editable", ".", *groups]):
        if run([python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=on", *step]):
            raise Missing(
                "pip could not install the packages above: is there a network, a proxy, a package mirror?"
            )
    stamps[group or "none"].write_text(wanted)
    return bin_folder


def run(command: list[str]) -> int:
    """Run a step in the project's folder; Ctrl-C ends it and is no error."""
    child = subprocess.Popen(command, cwd=ROOT)  # noqa: S603
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            # The child got the same Ctrl-C: let it close its files first.
            deadline = time.monotonic() + 15
            while child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            if child.poll() is None:
                child.kill()
            return 130


def say(text: str) -> None:
    """Tell what takes long."""
    print(f"start.py: {text}", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
