"""The page from the member's own installation on 127.0.0.1, before the network's API and its key holders.

Knows: that script delivered by an operator could read names before they are blinded; here the script is the
installed package's. One origin, a Host check against pages that point their own name at this machine, a
one-time token in the address against other users of it. What it carries is not read and not kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import mimetypes
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

DIST: Final = Path(__file__).resolve().parent.parent / "web" / "dist"
HOST: Final = "127.0.0.1"
PORT: Final = 8788
COOKIE: Final = "vigie-local"
HOLDER_PATH: Final = "/holders/"
HOLDER_ROUTES: Final = frozenset({("POST", "evaluations"), ("GET", "vouchings")})
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types svelte-trusted-html app-worker"
)
OWN_HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
NOT_CARRIED: Final = frozenset(
    {b"host", b"connection", b"content-length", b"transfer-encoding", b"upgrade", b"keep-alive", b"cookie"}
    | {b"origin", b"referer", b"accept-encoding", b"content-encoding", b"te", b"trailer"}
)
TIMEOUT_SECONDS: Final = 120.0
BODY_BYTES_MAX: Final = 200_000_000


class LocalPage:
    """An ASGI application. `network` is the API's address; `holders` maps a number to a holder's address."""

    def __init__(self, network: str, holders: dict[int, str], port: int, dist: Path = DIST) -> None:
        self.network = network.rstrip("/")
        self.holders = {number: url.rstrip("/") for number, url in holders.items()}
        self.token = secrets.token_urlsafe(32)
        self._cookie = secrets.token_urlsafe(32)
        self._hosts = {f"{name}:{port}".encode() for name in (HOST, "localhost")}
        self._dist = dist
        self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or carry one websocket."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._carry(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                await self._client.aclose()
                return

    def _own(self, scope: Scope) -> bool:
        """Whether the browser asks for this machine by its own name."""
        return dict(scope["headers"]).get(b"host", b"") in self._hosts

    def _entered(self, scope: Scope) -> bool:
        """Whether it came by the address that the command printed."""
        given = _cookies(scope).get(COOKIE, "")
        return hmac.compare_digest(given, self._cookie)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if not self._own(scope):
            await _say(send, 421, b"This page answers to 127.0.0.1 alone.")
        elif path == "/enter":
            await self._enter(scope, send)
        elif path == "/favicon.ico":
            await _say(send, 204, b"")  # a browser asks for it beside a refusal, which names no icon
        elif not self._entered(scope):
            await _say(send, 403, b"Open the address that `vigie open` printed.")
        elif path.startswith("/api/"):
            await self._forward(scope, receive, send, self.network + path)
        elif path.startswith(HOLDER_PATH):
            await self._ask_holder(scope, receive, send, path)
        else:
            await self._file(scope, send, path)

    async def _enter(self, scope: Scope, send: Send) -> None:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if not self.token or not hmac.compare_digest(given, self.token):
            await _say(send, 403, b"This address was used already: run `vigie open` again.")
            return
        self.token = ""
        cookie = f"{COOKIE}={self._cookie}; Path=/; HttpOnly; SameSite=Strict"
        await _say(send, 303, b"", [(b"location", b"/"), (b"set-cookie", cookie.encode())])

    async def _ask_holder(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        number, _, rest = path.removeprefix(HOLDER_PATH).partition("/")
        url = self.holders.get(int(number)) if number.isdigit() else None
        asked = (scope["method"], rest.partition("/")[0])
        if url is None or asked not in HOLDER_ROUTES or ".." in rest:
            await _say(send, 404, b"No such holder.")
            return
        address = url if "://" in url else self.network + url
        await self._forward(scope, receive, send, f"{address}/{rest}")

    async def _forward(self, scope: Scope, receive: Receive, send: Send, url: str) -> None:
        """One request as it came, but for who is asked; one answer as it came."""
        if query := scope["query_string"].decode("latin-1"):
            url += f"?{query}"
        body = await _body(receive)
        if body is None:
            await _say(send, 413, b"Too large.")
            return
        try:
            answer = await self._client.request(
                scope["method"], url, headers=self._carried(scope, url), content=body
            )
        except httpx.HTTPError:
            await _say(send, 502, b"The network does not answer.")
            return
        kept = [
            (name.lower(), value)
            for name, value in answer.headers.raw
            if name.lower() not in NOT_CARRIED and name.lower() != b"content-security-policy"
        ]
        await _say(send, answer.status_code, answer.content, kept)

    def _carried(self, scope: Scope, url: str) -> list[tuple[bytes, bytes]]:
        headers = [(name, value) for name, value in scope["headers"] if name not in NOT_CARRIED]
        if url.startswith(self.network):
            theirs = {name: value for name, value in _cookies(scope).items() if name != COOKIE}
            if theirs:
                told = "; ".join(f"{name}={value}" for name, value in theirs.items())
                headers.append((b"cookie", told.encode()))
        if any(name == b"origin" for name, _ in scope["headers"]):
            headers.append((b"origin", self.network.encode()))
        return headers

    async def _file(self, scope: Scope, send: Send, path: str) -> None:
        """One of the page's own files, as the build compressed it; the page itself says that it is local."""
        name = path.lstrip("/") or "index.html"
        found = (self._dist / name).resolve()
        if not found.is_relative_to(self._dist.resolve()) or not found.is_file():
            await _say(send, 404, b"Not found.")
            return
        headers = [
            (b"content-type", (mimetypes.guess_type(found.name)[0] or "application/octet-stream").encode())
        ]
        packed = found.with_name(f"{found.name}.gz")
        if name == "index.html":
            content = found.read_bytes().replace(b"<html ", b'<html data-local="yes" ', 1)
        elif packed.is_file() and b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b""):
            content = packed.read_bytes()
            headers += [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
        else:
            content = found.read_bytes()
        await _say(send, 200, content, headers)

    async def _carry(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A websocket, frame by frame in both directions, until either side ends it."""
        await receive()
        origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
        own = urlsplit(origin).netloc.encode() in self._hosts
        if not (self._own(scope) and own and self._entered(scope) and scope["path"].startswith("/api/")):
            await send({"type": "websocket.close", "code": 4403})
            return
        url = "ws" + self.network.removeprefix("http") + scope["path"]
        theirs = "; ".join(f"{name}={value}" for name, value in _cookies(scope).items() if name != COOKIE)
        try:
            async with connect(
                url, origin=Origin(self.network), additional_headers={"Cookie": theirs}, max_size=None
            ) as line:
                await send({"type": "websocket.accept"})
                down = asyncio.create_task(_downwards(line, send))
                try:
                    await _upwards(line, receive)
                finally:
                    down.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await down
        except (OSError, InvalidStatus, ConnectionClosed, TimeoutError):
            with contextlib.suppress(RuntimeError):
                await send({"type": "websocket.close", "code": 1013})


async def _downwards(line: Any, send: Send) -> None:
    try:
        async for frame in line:
            told = {"text": frame} if isinstance(frame, str) else {"bytes": frame}
            await send({"type": "websocket.send", **told})
    finally:
        with contextlib.suppress(RuntimeError):
            await send(
                {
                    "type": "websocket.close",
                    "code": line.close_code or 1011,
                    "reason": line.close_reason or "",
                }
            )


async def _upwards(line: Any, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        text, data = message.get("text"), message.get("bytes")
        await line.send(text if text is not None else data)


def _cookies(scope: Scope) -> dict[str, str]:
    found: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            with contextlib.suppress(CookieError):
                found.load(value.decode("latin-1"))
    return {name: morsel.value for name, morsel in found.items()}


async def _body(receive: Receive) -> bytes | None:
    """The request's body; None where it is larger than anything the page sends."""
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > BODY_BYTES_MAX:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _say(send: Send, status: int, content: bytes, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    told = list(headers)
    names = {name for name, _ in told}
    told += [(name, value) for name, value in OWN_HEADERS if name not in names]
    if b"content-type" not in names:
        told.append((b"content-type", b"text/plain; charset=utf-8"))
    told.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": content})
