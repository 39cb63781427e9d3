"""`vigied`: what it prints is what a person or a script needs, and failures are one line."""

from __future__ import annotations

import csv
import io
import re
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmark.upload import FIELD_BIT, digest, month_index
from tests.conftest import ROOT, vigied
from tests.server.kit import make_rows, pseudonyms

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import RunningServer
    from tests.server.kit import Network


HELP = """
import atexit, runpy, sys
atexit.register(lambda: print("loaded:", "litestar" in sys.modules))
sys.argv[1:] = ["--help"]
runpy.run_module("server", run_name="__main__")
"""


def test_help_names_the_commands_without_loading_the_server() -> None:
    command = [sys.executable, "-c", HELP]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.endswith("loaded: False\n")
    for command in ("migrate", "serve", "release", "operator-add", "explode", "openapi"):
        assert command in said


def test_a_port_that_is_taken_is_said_in_one_line(sqlite_server: RunningServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = vigied(sqlite_server.settings, "serve", "--port", str(port))
    assert ended.returncode == 1
    assert ended.stderr == (
        f"vigied: port {port} on 127.0.0.1 is taken: set PORT to another one (0: a free one)\n"
    )


def test_the_server_ends_in_order_and_starts_again_where_it_was(server: RunningServer) -> None:
    port = server.port
    process = server.process
    assert process is not None
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    server.stop()
    server.start()
    assert server.port == port
    assert server.log == ""


def test_an_operators_secrets_are_printed_once_and_open_the_console(sqlite_server: RunningServer) -> None:
    import base64

    from server.operating import auth_key_of

    said = vigied(sqlite_server.settings, "operator-add", "second@vigie.test").stdout
    found = re.fullmatch(r"account key VK1-([A-Z2-7-]+)\npassword (\S+)\n", said)
    assert found
    letters = found[1].replace("-", "")
    account_key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    assert len(account_key) == 16
    client = sqlite_server.client()
    salt = base64.b64decode(
        client.get("/api/sessions/salt", params={"email": "second@vigie.test"}).json()["kdf_salt"]
    )
    proof = base64.b64encode(auth_key_of(found[2], account_key, salt)).decode()
    answer = client.post("/api/sessions/password", json={"email": "second@vigie.test", "auth_key": proof})
    assert (answer.json()["role"], answer.json()["firm_id"]) == ("operator", None)
    client.close()
    again = vigied(sqlite_server.settings, "operator-add", "second@vigie.test")
    assert (again.returncode, again.stderr) == (1, "vigied: This e-mail has an account already\n")


def test_explode_prints_an_uploads_rows_for_support(network: Network) -> None:
    firm = network.firm()
    names = pseudonyms("one", "two")
    rows = make_rows(names)
    rows["sales"][0] = 0
    rows["present"][0] ^= FIELD_BIT["sales"]  # the first row's sales are unknown
    sent = firm.encode(month_index(2025, 12), rows)
    firm.send(sent)
    said = vigied(network.server.settings, "explode", digest(sent).hex())
    lines = list(csv.DictReader(io.StringIO(said.stdout)))
    assert {line["pseudonym"] for line in lines} == {name.hex() for name in names}
    assert sorted(line["sales"] for line in lines) == ["", "100000"]
    assert {line["outstanding"] for line in lines} == {"50000"}
    assert vigied(network.server.settings, "explode", "00").returncode == 1


def test_the_schema_in_the_documentation_is_the_one_that_is_served(tmp_path: Path) -> None:
    written = tmp_path / "openapi.json"
    assert vigied({}, "openapi", str(written)).returncode == 0
    assert written.read_text() == (ROOT / "docs" / "openapi.json").read_text(), "run `vigied openapi`"
