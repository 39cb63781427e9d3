"""The network's API over HTTP: requests that come through or say why not, patiently and no more than that.

Knows: addresses, refusals, retries. Every request can be repeated safely: uploads by their idempotency key,
the book by compare-and-swap, evaluations by their nonce. Whom one is, is `member.session`'s.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import msgspec

from member.answers import (
    Challenge,
    DeviceSession,
    Enrolled,
    Evaluation,
    HolderState,
    NetworkFacts,
    PersonSession,
    Recovered,
    RecoveryBlob,
    Salt,
    Vouching,
)
from member.refusals import InputRefused, NetworkRefused, Problem, Unreachable

ANSWER_BYTES_MAX: Final = 256 * 1024 * 1024
AGENT: Final = "vigie/0.1"
AGAIN_STATUS: Final = frozenset({500, 502, 503, 504})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is tried, and how long is waited between: doubling from the first wait."""

    tries: int = 7
    first_wait_seconds: float = 0.2
    longest_wait_seconds: float = 4.0
    answer_seconds: float = 90.0

    def wait_seconds(self, tried: int) -> float:
        """Before the next try, after `tried` of them."""
        return min(self.first_wait_seconds * 2.0 ** (tried - 1), self.longest_wait_seconds)


PATIENT: Final = Patience()


def check_url(text: str) -> str:
    """A network's address without a trailing slash; plain HTTP only to this machine. Raise InputRefused."""
    url = urlsplit(text.strip())
    host = url.hostname or ""
    if url.scheme not in {"https", "http"} or not host or url.query or url.fragment or url.username:
        raise InputRefused("url", found=text)
    if url.scheme == "http" and not is_local(host):
        raise InputRefused("url", found=text)
    return f"{url.scheme}://{url.netloc}{url.path.rstrip('/')}"


def is_local(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Network:
    """One network at its address. Its methods may be called from several threads.

    `transport` replaces HTTP in tests; `sleep` what is done between two tries.
    """

    def __init__(
        self,
        base_url: str,
        transport: httpx.BaseTransport | None = None,
        *,
        lang: str = "en",
        patience: Patience = PATIENT,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self.url = check_url(base_url)
        self.lang = lang
        self._patience = patience
        self._sleep = sleep or time.sleep
        self.ask_code: Callable[[], str] | None = None
        """Where a person has a second factor: how she is asked for a code. None: the refusal is told."""
        self._factor_pass = ""
        local = is_local(urlsplit(self.url).hostname or "")
        self._client = httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(patience.answer_seconds, connect=10.0),
            headers={"Accept-Language": lang, "User-Agent": AGENT},
            trust_env=not local,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @property
    def live_url(self) -> str:
        """The websocket's address."""
        return f"{self.url.replace('http', 'ws', 1)}/api/live"

    def send(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        tries: int | None = None,
    ) -> bytes:
        """One request, tried again while no answer comes; the body of the answer.

        `path` may be another address (a key holder's): then nothing of the session goes along. Raise
        NetworkRefused with the network's words, or Unreachable.
        """
        url = path if "://" in path else self.url + path
        sent = dict(headers or {})
        if json is not None:
            content = msgspec.json.encode(json)
            sent["Content-Type"] = "application/json"
        if token is not None and url.startswith(f"{self.url}/"):
            sent["Authorization"] = f"Bearer {token}"
        tried, why = 0, ""
        while tried < (tries or self._patience.tries):
            if tried:
                self._sleep(self._patience.wait_seconds(tried))
            tried += 1
            try:
                status, body = self._once(method, url, content, sent)
            except httpx.TransportError as error:
                why = type(error).__name__
                continue
            if 200 <= status < 300:
                return body
            if status not in AGAIN_STATUS:
                raise NetworkRefused(_problem(body, status), status)
            why = f"HTTP {status}"
        asked = url if not url.startswith(f"{self.url}/") else self.url
        raise Unreachable("unreachable", url=asked, why=why, tries=tried)

    def _once(
        self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        with self._client.stream(method, url, content=content, headers=headers) as answer:
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > ANSWER_BYTES_MAX:
                    raise Unreachable("garbled", url=self.url, why=f"more than {ANSWER_BYTES_MAX} bytes")
            return answer.status_code, bytes(body)

    def read(self, body: bytes, kind: type[T]) -> T:
        """An answer's JSON as the type that the API documents."""
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Unreachable("garbled", url=self.url, why=str(error)[:200]) from None

    # ---- what needs no session

    def facts(self) -> NetworkFacts:
        """The network's facts; see `member.pins` before anything in them is believed."""
        return self.read(self.send("GET", "/api/network"), NetworkFacts)

    def enrol(self, body: Mapping[str, Any]) -> Enrolled:
        """Use an invitation, once."""
        return self.read(self.send("POST", "/api/enrolments", json=body), Enrolled)

    def recovery_blob(self, firm: UUID) -> bytes:
        """What the firm's recovery kit opens, and bytes that mean nothing behind it."""
        body = {"firm_id": firm}
        return self.read(self.send("POST", "/api/recoveries/blob", json=body), RecoveryBlob).padded

    def recover(self, body: Mapping[str, Any]) -> Recovered:
        """Put a new administrator and device in, signed by the root."""
        return self.read(self.send("POST", "/api/recoveries", json=body), Recovered)

    def salt(self, email: str) -> bytes:
        """The salt of an e-mail's account; there always is one."""
        query = httpx.QueryParams({"email": email})
        return self.read(self.send("GET", f"/api/sessions/salt?{query}"), Salt).kdf_salt

    def log_in(self, email: str, auth_key: bytes) -> PersonSession:
        """As a person; a code of her second factor is asked once for all log-ins of one command."""
        body = {"email": email, "auth_key": auth_key, "code": self._factor_pass}
        try:
            answer = self.send("POST", "/api/sessions/password", json=body)
        except NetworkRefused as refused:
            if refused.code not in {"second-factor", "second-factor-wrong"} or self.ask_code is None:
                raise
            if refused.code == "second-factor-wrong" and not self._factor_pass:
                raise
            body["code"] = self.ask_code()
            answer = self.send("POST", "/api/sessions/password", json=body)
        session = self.read(answer, PersonSession)
        self._factor_pass = session.factor_pass
        return session

    def challenge(self, device: UUID) -> bytes:
        """What a device has to sign to log in."""
        body = {"device_id": device}
        return self.read(self.send("POST", "/api/sessions/challenge", json=body), Challenge).challenge

    def log_in_device(self, device: UUID, challenge: bytes, signature: bytes) -> DeviceSession:
        """As a device."""
        body = {"device_id": device, "challenge": challenge, "signature": signature}
        return self.read(self.send("POST", "/api/sessions/device", json=body), DeviceSession)

    def evaluate(self, holder_url: str, body: Mapping[str, Any], *, tries: int | None = None) -> Evaluation:
        """Ask a key holder to evaluate blinded elements; a path is one on this server."""
        asked = f"{self._holder(holder_url)}/evaluations"
        return self.read(self.send("POST", asked, json=body, tries=tries), Evaluation)

    def holder(self, holder_url: str) -> HolderState:
        """What a key holder of its own says of itself."""
        return self.read(self.send("GET", self._holder(holder_url), tries=1), HolderState)

    def vouching(self, holder_url: str, firm: UUID) -> bytes:
        """The holder's signature over the firm and the root key that it knows it by."""
        answer = self.send("GET", f"{self._holder(holder_url)}/vouchings/{firm}", tries=1)
        return self.read(answer, Vouching).signature

    def _holder(self, url: str) -> str:
        return check_url(url) if "://" in url else self.url + url.rstrip("/")


def _problem(body: bytes, status: int) -> Problem:
    try:
        return msgspec.json.decode(body, type=Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Problem(title=f"HTTP {status}", status=status)
