"""Firms of a test network: what a member's side sends, made here byte by byte, without the member's code."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmark.upload import FIELD_BIT, ROW_DTYPE, Rows, Upload, encode
from privacy import signing
from privacy.delegation import Delegation

if TYPE_CHECKING:
    from tests.conftest import RunningServer

EVERYTHING = 1 | 2 | 4 | 8
PUSH_ONLY = 1 | 2
ZERO = bytes(32)
PASSWORD_PROOF = bytes(range(32))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    return base64.b64decode(text)


def pseudonyms(*names: str) -> list[bytes]:
    """Stand-ins for VOPRF outputs: the server cannot tell."""
    return [hashlib.sha256(name.encode()).digest() for name in names]


def make_rows(names: list[bytes], days_late: int = 10) -> Rows:
    """Plausible rows, one for each pseudonym, all paid `days_late` days late."""
    rows = np.zeros(len(names), ROW_DTYPE)
    rows["pseudonym"] = np.frombuffer(b"".join(names), "V32") if names else rows["pseudonym"]
    values = {
        "sales": 100_000,
        "outstanding": 50_000,
        "not_due": 50_000,
        "late_1_30": 0,
        "late_31_60": 0,
        "late_61_90": 0,
        "late_91_plus": 0,
        "paid": 100_000,
        "paid_days_late": 100_000 * days_late,
        "paid_days_to_pay": 100_000 * (days_late + 30),
        "open_late_days": 0,
        "dso": 400,
        "sector": 3,
    }
    for name, value in values.items():
        rows[name] = value
        rows["present"] |= FIELD_BIT[name]
    return rows


@dataclass
class Member:
    """A member firm with a root key, an administrator and a device."""

    server: RunningServer
    id: uuid.UUID
    root: Ed25519PrivateKey
    device_key: Ed25519PrivateKey
    email: str
    user_id: str = ""
    device_id: str = ""
    key_id: bytes = b""
    token: str = ""
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def delegate(self, device: Ed25519PrivateKey, scopes: int = EVERYTHING, seconds: int = 86_400) -> bytes:
        now = int(time.time())
        return Delegation.issue(
            self.root, self.id.bytes, signing.public_bytes(device), scopes, now - 60, now + seconds
        ).to_bytes()

    @property
    def anonymous(self) -> httpx.Client:
        client = self.client("")
        client.cookies.clear()  # logging in left one
        return client

    def client(self, token: str | None = None) -> httpx.Client:
        """Logged in as the administrator, or with another token of the firm."""
        token = self.token if token is None else token
        if token not in self.clients:
            self.clients[token] = self.server.client(token)
        return self.clients[token]

    def log_in(self) -> dict[str, Any]:
        answer = self.anonymous.post(
            "/api/sessions/password", json={"email": self.email, "auth_key": b64(PASSWORD_PROOF)}
        )
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["token"]
        return dict(answer.json())

    def log_in_device(self, device_id: str, key: Ed25519PrivateKey) -> str:
        challenge = self.anonymous.post("/api/sessions/challenge", json={"device_id": device_id})
        challenge = challenge.json()["challenge"]
        answer = self.anonymous.post(
            "/api/sessions/device",
            json={
                "device_id": device_id,
                "challenge": challenge,
                "signature": b64(signing.sign(key, "device-session", unb64(challenge))),
            },
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    def add_device(self, scopes: int) -> tuple[str, Ed25519PrivateKey]:
        key = Ed25519PrivateKey.generate()
        answer = self.client().post(
            "/api/devices",
            json={
                "public_key": b64(signing.public_bytes(key)),
                "delegation": b64(self.delegate(key, scopes)),
            },
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["device_id"], key

    def add_user(self, role: str) -> str:
        """A user of this role; a token of hers."""
        email = f"{role}.{secrets.token_hex(4)}@firm.test"
        answer = self.client().post(
            "/api/users",
            json={
                "email": email,
                "role": role,
                "kdf_salt": b64(bytes(16)),
                "auth_key": b64(PASSWORD_PROOF),
                "wrapped_bundle": "",
            },
        )
        assert answer.status_code == 201, answer.text
        logged_in = self.anonymous.post(
            "/api/sessions/password", json={"email": email, "auth_key": b64(PASSWORD_PROOF)}
        )
        return str(logged_in.json()["token"])

    def encode(self, month: int, rows: Rows, replaces: bytes = ZERO, **changed: Any) -> bytes:
        return encode(
            Upload(
                **{
                    "firm": self.id.bytes,
                    "month": month,
                    "currency": "EUR",
                    "replaces": replaces,
                    "key": self.key_id,
                    "rows": rows,
                    **changed,
                }
            )
        )

    def send(
        self,
        *uploads: bytes,
        key: str | None = None,
        signature: bytes | None = None,
        client: httpx.Client | None = None,
        body: bytes | None = None,
    ) -> httpx.Response:
        content = body if body is not None else b"".join(struct.pack("<I", len(u)) + u for u in uploads)
        signed = signature or signing.sign(self.device_key, "upload", hashlib.sha256(content).digest())
        return (client or self.client()).post(
            "/api/uploads",
            content=content,
            headers={
                "Content-Type": "application/vnd.vigie.upload",
                "Idempotency-Key": key or secrets.token_hex(16),
                "Vigie-Signature": b64(signed),
                "Vigie-Device": self.device_id,
            },
        )

    def put_book(self, sequence: int, segments: dict[str, bytes], **changed: Any) -> httpx.Response:
        """Move the book: `segments` are all of it."""
        head = json.dumps(
            {
                "sequence": sequence,
                "previous": changed.get("previous", "0" * 64),
                "segments": {name: hashlib.sha256(data).hexdigest() for name, data in segments.items()},
                "device": self.device_id,
            },
            separators=(",", ":"),
        ).encode()
        sent = changed.get("sent", segments)
        return self.client().put(
            "/api/book",
            json={
                "head": b64(head),
                "signature": b64(signing.sign(self.device_key, "book", head)),
                "segments": {name: b64(data) for name, data in sent.items()},
            },
        )

    def close(self) -> None:
        for client in self.clients.values():
            client.close()


@dataclass
class Network:
    """Enrols firms at a server."""

    server: RunningServer
    firms: list[Member] = field(default_factory=list)

    def enrolment(self, invitation: str) -> tuple[Member, dict[str, Any]]:
        """A firm that is about to enrol, and the body that it sends."""
        firm_id = uuid.UUID(invitation.partition(".")[0])
        root, device = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        firm = Member(self.server, firm_id, root, device, f"admin.{firm_id.hex[:12]}@firm.test")
        public, device_public = signing.public_bytes(root), signing.public_bytes(device)
        body = {
            "invitation": invitation,
            "root_public_key": b64(public),
            "user": {
                "email": firm.email,
                "kdf_salt": b64(bytes(16)),
                "auth_key": b64(PASSWORD_PROOF),
                "wrapped_bundle": b64(b"sealed"),
            },
            "device": {"public_key": b64(device_public), "delegation": b64(firm.delegate(device))},
            "recovery_blob": b64(b"sealed"),
            "signature": b64(signing.sign(root, "enrolment", invitation.encode() + public + device_public)),
        }
        return firm, body

    def firm(self, name: str = "A firm (fictional)", portfolio: int = 100, **admission: Any) -> Member:
        firm, body = self.enrolment(self.server.admit(name, portfolio, **admission))
        answer = firm.anonymous.post("/api/enrolments", json=body)
        assert answer.status_code == 201, answer.text
        firm.user_id, firm.device_id = answer.json()["user_id"], answer.json()["device_id"]
        facts = firm.anonymous.get("/api/network").json()
        firm.key_id = unb64(facts["key_id"])
        firm.log_in()
        self.firms.append(firm)
        return firm

    def close(self) -> None:
        for firm in self.firms:
            firm.close()
