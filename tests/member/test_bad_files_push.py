"""Of every kind of bad file `vigie push` sends nothing: the requests are recorded, and the server asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from typer.testing import CliRunner

from member.cli import app
from tests.member.conftest import PASSWORD, Firms
from tests.member.test_bad_files import FILES, GOOD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Launcher

LOGGING_IN = "/api/sessions"
"""A device proves who it is, and leaves again; what these requests hold is the same without any file."""


class Wire:
    """An enrolled home, and every request that leaves this process: method, path, bytes of the body."""

    def __init__(self, network: Firms, home: Path) -> None:
        self.network, self.home = network, home
        self.asked: list[tuple[str, str, int]] = []
        self.logging_in: set[tuple[str, int]] = set()

    def push(self, path: Path, *arguments: str) -> tuple[int, list[tuple[str, str, int]]]:
        """The exit code, and what left meanwhile."""
        self.asked = []
        done = CliRunner().invoke(
            app,
            ["push", str(path), "--home", str(self.home), "--yes", "--lang", "en", *arguments],
            env={"VIGIE_PASSWORD": PASSWORD},
        )
        return done.exit_code, self.asked


@pytest.fixture(scope="module")
def wire(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    folder = tmp_path_factory.mktemp("wire")
    network = Firms(launch_for_module("sqlite"), folder)
    made = Wire(network, folder / "home")
    invitation = network.server.admit("Firm (fictional)", 100)
    done = CliRunner().invoke(
        app,
        ["enrol", network.server.url, invitation, "--email", "wire@firm.test", "--home", str(made.home)],
        env={"VIGIE_PASSWORD": PASSWORD},
    )
    assert done.exit_code == 0, done.output
    with pytest.MonkeyPatch.context() as patched:
        really = httpx.HTTPTransport.handle_request

        def recorded(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
            made.asked.append((request.method, request.url.path, len(request.read())))
            return really(transport, request)

        patched.setattr(httpx.HTTPTransport, "handle_request", recorded)
        CliRunner().invoke(app, ["status", "--home", str(made.home)])
        made.logging_in = {(path, size) for _, path, size in made.asked if path.startswith(LOGGING_IN)}
        assert made.logging_in
        yield made
    network.close()


@pytest.mark.parametrize("what", FILES)
def test_nothing_of_a_bad_file_is_sent(what: str, wire: Wire, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILES[what][0])
    code, asked = wire.push(path)
    assert code == 3
    assert asked, "the push did not even look at the network"
    told = [one for one in asked if not one[1].startswith(LOGGING_IN)]
    assert {(method, size) for method, _, size in told} == {("GET", 0)}
    assert {(path, size) for _, path, size in asked if path.startswith(LOGGING_IN)} <= wire.logging_in


def test_the_record_sees_what_a_good_file_sends(wire: Wire, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_bytes(GOOD)
    code, asked = wire.push(path)
    assert code == 0
    sent = {path: size for method, path, size in asked if method != "GET"}
    assert sent["/api/holder/evaluations"] > 0
    assert sent["/api/uploads"] > 0
