"""The page from the member's own installation: no script of the operator's, nobody else's to use."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

import hatch_build
from member.cli import app
from member.local_page import HOST
from member.page_check import compare_page, files_of, fingerprint
from tests.browser.conftest import LOG_IN
from tests.conftest import ROOT

pytestmark = pytest.mark.browser


SERVE = """
import socket, sys
import uvicorn
from member.local_page import HOST, LocalPage
from member.network import Network
with Network(sys.argv[1]) as network:
    holders = {one.number: one.url for one in network.facts().roster.holders}
listening = socket.create_server((HOST, 0))
port = listening.getsockname()[1]
page = LocalPage(sys.argv[1], holders, port)
print(port, page.token, flush=True)
uvicorn.Server(uvicorn.Config(page, log_level="error")).run(sockets=[listening])
"""


# Bytes of each script as they were sent and as they are read.
SIZES = """() => performance.getEntriesByType('resource').filter((one) => one.name.endsWith('.js'))
  .filter((one) => one.decodedBodySize > 1000).map((one) => [one.encodedBodySize, one.decodedBodySize])"""


@pytest.fixture(scope="module")
def local(network: Any) -> Iterator[tuple[str, str]]:
    """The address of a local page in front of the network, and its one-time token."""
    serving = subprocess.Popen(
        [sys.executable, "-c", SERVE, network.url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert serving.stdout is not None
    port, token = serving.stdout.readline().split()
    yield f"http://{HOST}:{port}", token
    serving.terminate()
    serving.wait(60)
    serving.stdout.close()


def test_only_who_opened_the_printed_address_may_use_the_local_page(local) -> None:
    url, _ = local
    assert httpx.get(url, timeout=60).status_code == 403
    assert httpx.get(f"{url}/api/network").status_code == 403
    assert httpx.get(f"{url}/enter", params={"token": "guess"}).status_code == 403
    assert httpx.get(f"{url}/favicon.ico").status_code == 204
    rebound = httpx.get(url, headers={"Host": "network.example"})
    assert rebound.status_code == 421


def test_the_local_page_shows_names_live_and_its_address_works_once(local, network, visit) -> None:
    url, token = local
    seen = visit(url=url, allowed=("401", "403"))
    page = seen.page
    page.goto(f"{url}/enter?token={token}")
    member = network.member
    page.wait_for_selector(LOG_IN)
    assert page.evaluate("() => document.documentElement.dataset.local") == "yes"
    sizes = page.evaluate(SIZES)
    assert sizes
    assert all(sent < read for sent, read in sizes)
    page.fill("input[type=email]", member.email)
    page.fill("input[type=password]", member.password)
    page.fill("input.key", member.account_key)
    page.click("form button.primary")
    page.wait_for_selector("nav")
    page.goto(f"{url}/#/portfolio")
    page.wait_for_selector("tr.row .name")
    assert re.search(r"[a-z]{3}", page.locator("tr.row .name").first.inner_text())
    page.wait_for_function("() => document.body.innerText.includes('Fil en direct connecté')")
    assert httpx.get(f"{url}/enter", params={"token": token}).status_code == 403


def test_a_hosted_page_that_is_the_installed_one_is_told_from_one_that_was_changed(network, tmp_path) -> None:
    same = CliRunner().invoke(app, ["verify-page", network.url, "--lang", "en"])
    assert same.exit_code == 0, same.output
    assert fingerprint(files_of()) in same.output
    assert "served to you alone" in same.output
    changed = tmp_path / "dist"
    for name, content in files_of(hatch_build.DIST).items():
        path = changed / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content + b"//" if name.endswith(".js") else content)
    (changed / "assets" / "more.js").write_bytes(b"1")
    found = compare_page(network.url, changed)
    assert not found.same
    assert found.absent == ["/assets/more.js"]
    assert all(name.endswith(".js") for name in found.different)
    script = next(name for name in files_of() if name.endswith(".css"))
    (changed / f"{script.lstrip('/')}.br").write_bytes(b"what browsers would be sent")
    assert script in compare_page(network.url, changed).different
    nobody = CliRunner().invoke(app, ["verify-page", "http://127.0.0.1:9", "--lang", "fr"])
    assert nobody.exit_code == 5
