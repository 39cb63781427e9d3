"""The page's files, and the headers that every answer carries."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from server.page import CONTENT_SECURITY_POLICY, HEADERS, add_headers, page_handlers, policy_with
from server.problems import EXCEPTION_HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.kit import Network


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html>page")
    (built / "manifest.webmanifest").write_text("{}")
    (built / "assets" / "index-abc123.js").write_text("1")
    (tmp_path / "secret.txt").write_text("secret")
    return built


@pytest.fixture
def client(dist: Path) -> Iterator[TestClient]:
    app = Litestar(
        page_handlers(dist),
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[add_headers],
        logging_config=None,
    )
    with TestClient(app) as made:
        yield made


def test_the_page_is_asked_for_again_and_what_is_hashed_is_kept(client: TestClient) -> None:
    page = client.get("/")
    assert (page.text, page.headers["cache-control"]) == ("<!doctype html>page", "no-cache")
    assert page.headers["content-type"].startswith("text/html")
    script = client.get("/assets/index-abc123.js")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert client.get("/manifest.webmanifest").text == "{}"


def test_what_the_build_compressed_goes_to_whom_accepts_it_and_once(client: TestClient, dist: Path) -> None:
    script = dist / "assets" / "index-abc123.js"
    forms = {"br": b"a brotli", "gzip": gzip.compress(b"1"), None: b"1"}
    (dist / "assets" / f"{script.name}.br").write_bytes(forms["br"])
    (dist / "assets" / f"{script.name}.gz").write_bytes(forms["gzip"])
    tags = set()
    for accepted, coding in (
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip;q=0.5", "gzip"),
        ("identity", None),
        ("br;q=0.0,gzip;q=0", None),
    ):
        asked = {"Accept-Encoding": accepted}
        with client.stream("GET", f"/assets/{script.name}", headers=asked) as answer:
            assert b"".join(answer.iter_raw()) == forms[coding]
        assert answer.headers.get("content-encoding") == coding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
        tags.add(answer.headers["etag"])
        again = client.get(
            f"/assets/{script.name}", headers=asked | {"If-None-Match": answer.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]
    assert len(tags) == len(forms), "each coding has a tag of its own"
    assert client.get(f"/assets/{script.name}.br").status_code == 404
    page = client.get("/")
    assert "vary" not in page.headers
    assert client.get("/", headers={"If-None-Match": f'W/"x", {page.headers["etag"]}'}).status_code == 304
    (dist / "index.html").write_text("<!doctype html>another")
    assert client.get("/", headers={"If-None-Match": page.headers["etag"]}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/assets/../secret.txt", "/assets/..%2f..%2fsecret.txt", "/assets/nothing.js", "/secret.txt"]
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    with TestClient(Litestar(page_handlers(tmp_path / "nothing"))) as client:
        assert "not built" in client.get("/").text


@pytest.mark.parametrize("path", ["/", "/health", "/api/network", "/api/me", "/nowhere", "/schema"])
def test_every_answer_carries_the_headers(shared_sqlite: Network, path: str) -> None:
    client = shared_sqlite.server.client()
    answer = client.get(path)
    client.close()
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    if path.startswith("/api/"):
        assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_the_policy_allows_own_files_alone() -> None:
    directives = dict(
        one.split(" ", 1) for one in HEADERS["Content-Security-Policy"].split("; ") if " " in one
    )
    assert directives["default-src"] == "'none'"
    for name in ("script-src", "style-src", "font-src", "connect-src", "worker-src", "manifest-src"):
        assert directives[name] == "'self'"
    assert directives["img-src"] == "'self' data:"
    for name in ("form-action", "base-uri", "frame-ancestors"):
        assert directives[name] == "'none'"
    assert directives["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_the_page_may_ask_the_key_holders_of_the_roster_and_nobody_else() -> None:
    asked = ["https://h1.example/api/holder", "http://127.0.0.1:8001/api/holder", "/api/holder"]
    connect = next(one for one in policy_with(asked).split("; ") if one.startswith("connect-src"))
    assert connect == "connect-src 'self' https://h1.example http://127.0.0.1:8001"
    assert policy_with(["/api/holder"]) == CONTENT_SECURITY_POLICY
    for injected in ("https://h1.example; script-src *", "https://h'1.example/", "javascript://x"):
        assert policy_with([injected]) == CONTENT_SECURITY_POLICY
