"""The page as it was built, and the headers that every answer carries.

What the build compressed beside a file (`.br`, `.gz`) is sent to whom accepts it; nothing is compressed here.
The policy lets the page load its own files and nothing else: no inline code, no other origin, no framing.
"""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import MediaType, Request, Response, get
from litestar.datastructures import MutableScopeHeaders
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.status_codes import HTTP_304_NOT_MODIFIED
from litestar.types import Message, Scope

from server.problems import Refused

CONTENT_SECURITY_POLICY: Final = "; ".join(  # noqa: FLY002 - one directive a line
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types svelte-trusted-html app-worker",
    ]
)
ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+\Z")  # nothing that could add a directive
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
STRICT_TRANSPORT: Final = "max-age=31536000"
IMMUTABLE: Final = "public, max-age=31536000, immutable"
ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}  # the smallest first
NOT_BUILT: Final = (
    "Vigie: the page is not built yet (python hatch_build.py). The API is at /api, its schema at /schema."
)


def policy_with(holders: Sequence[str]) -> str:
    """The page's policy, which may ask key holders at these addresses too; a path is one on this server."""
    found = (urlsplit(url) for url in holders if "://" in url)
    origins = dict.fromkeys(f"{one.scheme}://{one.netloc}" for one in found)
    return CONTENT_SECURITY_POLICY.replace(
        "connect-src 'self'", " ".join(["connect-src 'self'", *(one for one in origins if ORIGIN.match(one))])
    )


async def add_headers(message: Message, scope: Scope) -> None:
    """Add the headers to every answer, refusals of routing included; what the API says is stored nowhere."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders(message)
    network = scope["litestar_app"].state.get("network")
    if network is not None and not scope["path"].startswith("/api/"):
        holders = [one.url for one in network.roster.holders]
        headers.setdefault("Content-Security-Policy", policy_with(holders))
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if scope.get("scheme") == "https":
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if scope["path"].startswith("/api/"):
        headers.setdefault("Cache-Control", "no-store")


def page_handlers(dist: Path) -> list[HTTPRouteHandler]:
    """Handlers for the files beside index.html, and for what the build hashed under /assets."""
    files = {"/" + path.name: path for path in dist.glob("*") if path.is_file()} if dist.is_dir() else {}
    index = dist / "index.html"

    @get("/", sync_to_thread=True, include_in_schema=False, opt={"page": True})
    def root(request: Request[Any, Any, Any]) -> Response[Any]:
        if index.is_file():
            return _file(request.headers, index, "no-cache")
        return Response(NOT_BUILT, media_type=MediaType.TEXT, headers={"Cache-Control": "no-cache"})

    @get("/assets/{name:str}", sync_to_thread=True, include_in_schema=False, opt={"page": True})
    def asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        path = dist / "assets" / name
        if path.name != name or path.suffix in ENCODINGS.values() or not path.is_file():
            raise Refused("not-found")
        return _file(request.headers, path, IMMUTABLE)

    handlers: list[HTTPRouteHandler] = [root, asset]
    if files:
        # Asynchronous: Litestar does not await a synchronous handler of several paths.
        @get(sorted(files), include_in_schema=False, opt={"page": True})
        async def beside(request: Request[Any, Any, Any]) -> Response[bytes]:
            path = files[request.scope["path"]]
            return await asyncio.to_thread(_file, request.headers, path, "no-cache")

        handlers.append(beside)
    return handlers


def _file(asked: Mapping[str, str], path: Path, caching: str) -> Response[bytes]:
    """A file in the best coding that is accepted and stored; 304 to whom has it (RFC 9110, 8.8.3, 13.1.2)."""
    stored = {name: path.with_name(path.name + ending) for name, ending in ENCODINGS.items()}
    stored = {name: packed for name, packed in stored.items() if packed.is_file()}
    accepted = _accepted(asked.get("accept-encoding", ""))
    chosen = next((name for name in stored if name in accepted), None)
    content = (stored[chosen] if chosen else path).read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'  # of the bytes sent: each encoding has its own
    headers = {"Cache-Control": caching, "ETag": tag}
    if stored:
        headers["Vary"] = "Accept-Encoding"
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    known = {one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, media_type=kind, headers=headers)
    if chosen:
        headers["Content-Encoding"] = chosen
    return Response(content, media_type=kind, headers=headers)


def _accepted(header: str) -> set[str]:
    """The content codings of an Accept-Encoding header that are not refused by `q=0` (RFC 9110, 12.5.3)."""
    found = set()
    for one in header.lower().split(","):
        name, _, quality = one.replace(" ", "").partition(";q=")
        if not re.fullmatch(r"0(\.0*)?", quality):
            found.add(name)
    return found
