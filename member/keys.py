"""A member's secrets and their forms: two secrets, seal and open, bundle, account key, recovery kit.

Knows: the bytes that the page's twin (web/src/keys) makes too; both read `tests/vectors/keys.json`. Nothing
here reads a file or a network. Secrets never print.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import unicodedata
import zlib
from dataclasses import dataclass, field
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
ACCOUNT_KEY_BYTES: Final = 16
SALT_BYTES: Final = 16
RECOVERY_KIT_BYTES: Final = 32
SEAL_VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
PLAIN_BYTES_MAX: Final = 256 * 1024 * 1024
"""A sealed segment never unpacks to more: a hostile server could otherwise fill the memory."""

ACCOUNT_KEY_PREFIX: Final = "VK1"
RECOVERY_KIT_PREFIX: Final = "VR1"
CODE_PREFIX: Final = "VD1"
CHECK_BYTES: Final = 3
_MISREAD: Final = str.maketrans("018", "OIB")  # base32 has none of these digits: people type them for letters


@dataclass(frozen=True, slots=True)
class Stretching:
    """Argon2id's cost (RFC 9106)."""

    passes: int
    memory_kib: int
    lanes: int


ARGON2ID: Final = Stretching(passes=2, memory_kib=19_456, lanes=1)


class NotOpened(ValueError):
    """Sealed bytes do not open under this key and name; says which name, never a content."""


class TextRefused(ValueError):
    """A key typed or pasted is none: `code` is "shape" or "check"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Secret(msgspec.Struct, frozen=True, omit_defaults=True):
    """A structure of secrets: its values never print."""

    def __repr__(self) -> str:
        """The type's name alone."""
        return f"<{type(self).__name__}>"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Nothing, for rich."""
        return []


class RoleKeys(Secret, frozen=True, omit_defaults=True):
    """Keys by role, 32 bytes each; None where the role does not have it.

    earlier: the ones before a roll, until everything that they sealed is sealed again.
    """

    names: bytes | None = None
    ledger: bytes | None = None
    conversations: bytes | None = None
    notes: bytes | None = None
    earlier: tuple[RoleKeys, ...] = ()


class Bundle(Secret, frozen=True, omit_defaults=True):
    """What a user's wrapping key opens. Administrators hold the root's seed, others an own device.

    root_public: the firm's root, for a device that has to check what it signed.
    """

    role_keys: RoleKeys
    root_seed: bytes | None = None
    root_public: bytes | None = None
    device_seed: bytes | None = None
    delegation: bytes | None = None
    subject_seed: bytes | None = None  # 64: the person's own keys in the firm's keyring


@dataclass(frozen=True, slots=True)
class Derived:
    """What comes of the two secrets: a proof for the server, and a key that never leaves. 32 bytes each."""

    auth_key: bytes = field(repr=False)
    wrapping_key: bytes = field(repr=False)


def stretch(password: str, salt: bytes, cost: Stretching = ARGON2ID) -> bytes:
    """Argon2id of the password (NFKC, UTF-8); 32 bytes. Takes tens of milliseconds on purpose."""
    from argon2.low_level import Type, hash_secret_raw

    spelled = unicodedata.normalize("NFKC", password).encode()
    return hash_secret_raw(
        spelled, salt, cost.passes, cost.memory_kib, cost.lanes, hash_len=KEY_BYTES, type=Type.ID
    )


def expand(material: bytes, info: bytes, salt: bytes = b"") -> bytes:
    """HKDF-SHA256 (RFC 5869), 32 bytes."""
    return HKDF(SHA256(), KEY_BYTES, salt, info).derive(material)


def derive(password: str, account_key: bytes, kdf_salt: bytes) -> Derived:
    """The two secrets' derivation; `account_key` 16 bytes, `kdf_salt` 16 bytes."""
    master = expand(stretch(password, kdf_salt) + account_key, b"vigie/master/v1", kdf_salt)
    return Derived(expand(master, b"vigie/auth/v1"), expand(master, b"vigie/wrap/v1"))


def recovery_key(kit: bytes) -> bytes:
    """What the recovery kit opens the firm's recovery blob with."""
    return expand(kit, b"vigie/recovery/v1")


def fresh_role_keys() -> RoleKeys:
    """All four, for a firm that enrols."""
    names, ledger, conversations, notes = (secrets.token_bytes(KEY_BYTES) for _ in range(4))
    return RoleKeys(names, ledger, conversations, notes)


# ---- sealing


def seal(key: bytes, plain: bytes, aad: str, nonce: bytes | None = None) -> bytes:
    """0x01 || nonce (12) || AES-256-GCM(zlib(plain), aad). `nonce` is an argument for vectors alone."""
    chosen = secrets.token_bytes(NONCE_BYTES) if nonce is None else nonce
    sealed = AESGCM(key).encrypt(chosen, zlib.compress(plain), aad.encode("ascii"))
    return SEAL_VERSION + chosen + sealed


def unseal(key: bytes, sealed: bytes, aad: str) -> bytes:
    """The plain bytes. Raise NotOpened: another key or name, touched bytes, or larger than allowed."""
    if sealed[:1] != SEAL_VERSION or len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
        raise NotOpened(f"unknown seal: {aad}")
    nonce, secret = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        packed = AESGCM(key).decrypt(nonce, secret, aad.encode("ascii"))
    except InvalidTag:
        raise NotOpened(f"does not open: {aad}") from None
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(packed, PLAIN_BYTES_MAX)
    except zlib.error:
        raise NotOpened(f"not compressed as expected: {aad}") from None
    if not unpacking.eof or unpacking.unused_data:
        raise NotOpened(f"larger than a segment may be, or cut off: {aad}")
    return plain


def bundle_name(email: str) -> str:
    """What a user's bundle is bound to; e-mails are compared in lower case."""
    return f"vigie/bundle/v1|{email.strip().lower()}"


def recovery_name(firm: str) -> str:
    """What a firm's recovery blob is bound to; `firm` is the id's text."""
    return f"vigie/recovery/v1|{firm}"


def book_name(firm: str, segment: str) -> str:
    """What a book's segment is bound to."""
    return f"vigie/book/v1|{firm}|{segment}"


def seal_bundle(key: bytes, bundle: Bundle, name: str) -> bytes:
    """A bundle as JSON under a wrapping key (`bundle_name`) or a recovery key (`recovery_name`)."""
    return seal(key, msgspec.json.encode(bundle), name)


def open_bundle(key: bytes, sealed: bytes, name: str) -> Bundle:
    """The bundle; NotOpened where it is none of this key and name."""
    try:
        return msgspec.json.decode(unseal(key, sealed, name), type=Bundle)
    except msgspec.MsgspecError:
        raise NotOpened(f"not a bundle: {name}") from None


# ---- as people read, print and type them


def _grouped(prefix: str, content: bytes, size: int) -> str:
    letters = base64.b32encode(content).decode().rstrip("=")
    return "-".join([prefix, *(letters[at : at + size] for at in range(0, len(letters), size))])


def _ungrouped(prefix: str, text: str) -> bytes:
    bare = "".join(text.split()).replace("-", "").upper().removeprefix(prefix).translate(_MISREAD)
    try:
        content = base64.b32decode(bare + "=" * (-len(bare) % 8))
    except ValueError:
        raise TextRefused("shape") from None
    if base64.b32encode(content).decode().rstrip("=") != bare:
        raise TextRefused("check")  # the last letter's spare bits are not zero: something was mistyped
    return content


def account_key_text(account_key: bytes) -> str:
    """VK1- and base32 in groups of five: how every program of the network shows an account key."""
    return _grouped(ACCOUNT_KEY_PREFIX, account_key, 5)


def read_account_key(text: str) -> bytes:
    """16 bytes; small letters, spaces and 0, 1, 8 for O, I, B are understood. Raise TextRefused."""
    content = _ungrouped(ACCOUNT_KEY_PREFIX, text)
    if len(content) != ACCOUNT_KEY_BYTES:
        raise TextRefused("shape")
    return content


def _check(prefix: str, content: bytes) -> bytes:
    return hashlib.sha256(f"vigie/{prefix}\0".encode() + content).digest()[:CHECK_BYTES]


def _checked_text(prefix: str, content: bytes) -> str:
    return _grouped(prefix, content + _check(prefix, content), 4)


def _read_checked(prefix: str, text: str, size: int) -> bytes:
    content = _ungrouped(prefix, text)
    if len(content) != size + CHECK_BYTES:
        raise TextRefused("shape")
    bare, check = content[:size], content[size:]
    if check != _check(prefix, bare):
        raise TextRefused("check")
    return bare


def recovery_kit_text(kit: bytes) -> str:
    """VR1- and base32 in 14 groups of four; the last five letters check the others."""
    return _checked_text(RECOVERY_KIT_PREFIX, kit)


def read_recovery_kit(text: str) -> bytes:
    """32 bytes. Raise TextRefused: "check" says that a letter was mistyped."""
    return _read_checked(RECOVERY_KIT_PREFIX, text, RECOVERY_KIT_BYTES)


def device_code_text(code: bytes) -> str:
    """VD1- and base32 in groups of four: what opens a device's invitation; 17 bytes and their check."""
    return _checked_text(CODE_PREFIX, code)


def read_device_code(text: str, size: int) -> bytes:
    """The code's bytes. Raise TextRefused."""
    return _read_checked(CODE_PREFIX, text, size)
