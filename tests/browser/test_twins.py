"""The page's own tests, and TypeScript's reading of the vectors that Python reads too."""

import subprocess

import pytest

import hatch_build

SCRIPTS = sorted((hatch_build.WEB / "tests").glob("*.test.ts"))


@pytest.fixture(scope="module")
def node() -> str:
    hatch_build.install()
    return str(hatch_build.node_folder() / "bin/node")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name.removesuffix(".test.ts"))
def test_the_page_computes_what_python_computes(script, node) -> None:
    finished = subprocess.run(
        [node, "--test", "--test-reporter=spec", str(script)],
        cwd=hatch_build.WEB,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-6000:] + finished.stderr[-2000:]
    assert "pass 0" not in finished.stdout
