"""A session with the network: opened when needed, opened again when it has ended; the member's requests.

Knows: tokens, which never print. A device proves itself by a signature, a person by her authentication key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member.answers import (
    Alert,
    BookAnswer,
    BookMoved,
    CellProof,
    Device,
    DeviceAdded,
    ManifestListed,
    Me,
    MonthCells,
    Receipt,
    ReceiptProof,
    Receipts,
    TermsSharing,
    UserAdded,
)
from member.network import Network
from member.refusals import NetworkRefused
from privacy import signing

UPLOAD_TYPE: Final = "application/vnd.vigie.upload"
ENDED: Final = "not-logged-in"


class Session:
    """One device's or person's requests. `begin` gives a fresh token. May be used from several threads."""

    def __init__(self, network: Network, begin: Callable[[], str]) -> None:
        self.network = network
        self._begin = begin
        self._token: str | None = None
        self._lock = threading.Lock()

    @classmethod
    def of_device(cls, network: Network, device: UUID, key: Ed25519PrivateKey) -> Session:
        """A device that signs a challenge."""

        def begin() -> str:
            challenge = network.challenge(device)
            signature = signing.sign(key, "device-session", challenge)
            return network.log_in_device(device, challenge, signature).token

        return cls(network, begin)

    @classmethod
    def of_token(cls, network: Network, token: str) -> Session:
        """One that was opened just now; it is not opened again."""
        session = cls(network, lambda: token)
        session._token = token
        return session

    def token(self) -> str:
        """The session's token; a session is opened where there is none."""
        with self._lock:
            if self._token is None:
                self._token = self._begin()
            return self._token

    def live_token(self) -> str:
        """A token that the network accepts now: for a websocket, whose refusal comes too late."""
        self.me()
        return self.token()

    def _forget(self, token: str) -> None:
        with self._lock:
            if self._token == token:
                self._token = None

    def send(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """One request with the session's token; once more where the session had ended."""
        token = self.token()
        try:
            return self.network.send(method, path, json=json, content=content, headers=headers, token=token)
        except NetworkRefused as refused:
            if refused.code != ENDED:
                raise
        self._forget(token)
        return self.network.send(
            method, path, json=json, content=content, headers=headers, token=self.token()
        )

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Decoded JSON, for calls and conversations; None for an empty answer."""
        answer = self.send(method, path, json=body)
        return self.network.read(answer, object) if answer else None

    def close(self) -> None:
        """Log out, asking once: a session that could not be ended ends by itself."""
        with self._lock:
            token, self._token = self._token, None
        if token is not None:
            self.network.send("DELETE", "/api/sessions", token=token, tries=1)

    # ---- who

    def me(self) -> Me:
        """The session's owner, and the firm's budget of evaluations."""
        return self.network.read(self.send("GET", "/api/me"), Me)

    def terms_sharing(self) -> TermsSharing:
        """Whether the firm shares its terms of payment."""
        return self.network.read(self.send("GET", "/api/firm/terms-sharing"), TermsSharing)

    def share_terms(self, *, shares: bool) -> TermsSharing:
        """Share them from the next revision of the panels on, or no longer."""
        answer = self.send("PUT", "/api/firm/terms-sharing", json={"shares": shares})
        return self.network.read(answer, TermsSharing)

    def devices(self) -> list[Device]:
        """The firm's devices."""
        return self.network.read(self.send("GET", "/api/devices"), list[Device])

    def add_device(self, public_key: bytes, delegation: bytes) -> UUID:
        """A device that the root vouches for."""
        body = {"public_key": public_key, "delegation": delegation}
        return self.network.read(self.send("POST", "/api/devices", json=body), DeviceAdded).device_id

    def withdraw_device(self, device: UUID) -> None:
        """Its sessions end and its signatures are refused at once."""
        self.send("DELETE", f"/api/devices/{device}")

    def add_user(self, body: Mapping[str, Any]) -> UUID:
        """A user of the firm."""
        return self.network.read(self.send("POST", "/api/users", json=body), UserAdded).user_id

    # ---- uploads

    def send_uploads(self, body: bytes, key: str, device: UUID, signature: bytes) -> list[Receipt]:
        """Months in one transaction; the receipts are not verified yet."""
        headers = {
            "Content-Type": UPLOAD_TYPE,
            "Idempotency-Key": key,
            "Vigie-Signature": msgspec.json.encode(signature).decode().strip('"'),
            "Vigie-Device": str(device),
        }
        answer = self.send("POST", "/api/uploads", content=body, headers=headers)
        return self.network.read(answer, Receipts).receipts

    def receipts(self) -> list[Receipt]:
        """All receipts, current ones first; not verified yet."""
        return self.network.read(self.send("GET", "/api/uploads"), list[Receipt])

    def own_upload(self, digest: bytes) -> bytes:
        """The bytes of an own upload; the caller compares the digest."""
        return self.send("GET", f"/api/uploads/{digest.hex()}")

    # ---- the book

    def book(self) -> BookAnswer:
        """The book's head; not verified yet."""
        return self.network.read(self.send("GET", "/api/book"), BookAnswer)

    def segment(self, name: str) -> bytes:
        """A sealed segment; the caller compares its SHA-256 with the head's."""
        return self.send("GET", f"/api/book/segments/{quote(name)}")

    def put_book(self, head: bytes, signature: bytes, segments: Mapping[str, bytes]) -> int:
        """Move the book on; NetworkRefused "book-moved" when another device was first."""
        body = {"head": head, "signature": signature, "segments": dict(segments)}
        return self.network.read(self.send("PUT", "/api/book", json=body), BookMoved).sequence

    # ---- what is published

    def cells(self, month: str) -> MonthCells:
        """A month's cells of open relations."""
        return self.network.read(self.send("GET", f"/api/releases/{month}/cells"), MonthCells)

    def manifests(self) -> list[ManifestListed]:
        """The signed manifests of all releases, oldest first; see `member.releases`."""
        return self.network.read(self.network.send("GET", "/api/manifests"), list[ManifestListed])

    def prove_receipts(self, month: str) -> ReceiptProof:
        """The own receipts in a month's manifest."""
        return self.network.read(self.send("GET", f"/api/manifests/{month}/receipts"), ReceiptProof)

    def prove_cells(self, month: str) -> CellProof:
        """A month's cells of open relations, in its manifest."""
        return self.network.read(self.send("GET", f"/api/manifests/{month}/cells"), CellProof)

    def alerts(self, since: str | None = None) -> list[Alert]:
        """Alerts on clients of open relations, newest first; `since` a month."""
        path = "/api/alerts" + (f"?since={since}" if since else "")
        return self.network.read(self.send("GET", path), list[Alert])
