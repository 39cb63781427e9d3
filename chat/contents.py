"""What a message can say: text, a change to an earlier one, a file, how far one has read, the reveal.

JSON in UTF-8 inside the padded plaintext, told apart by `kind`; bytes are base64. A kind that is not known
here is shown as "of a later version" and the chain goes on. `sent_at` is Unix seconds by the sender's clock:
a courtesy and no proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chat.envelope import BUCKET_BYTES, LENGTH_BYTES

TEXT_BYTES_MAX: Final = 32 * 1024
CONTENT_BYTES_MAX: Final = BUCKET_BYTES[-1] - LENGTH_BYTES
CHANGES_WITHIN: Final = 50  # messages that may follow an own one that is edited or withdrawn
FILE_BYTES_MAX: Final = 10 * 1024 * 1024
FILE_CHUNK_BYTES: Final = 64 * 1024  # of the plaintext; the last is padded to a whole one

Counter = Annotated[int, Meta(ge=1, le=2**53)]
Digest = Annotated[bytes, Meta(min_length=32, max_length=32)]


class Text(msgspec.Struct, frozen=True, tag_field="kind", tag="text"):
    """What a person wrote."""

    text: str
    sent_at: int


class Edit(msgspec.Struct, frozen=True, tag_field="kind", tag="edit"):
    """Another wording of the own text at counter `of`."""

    of: Counter
    text: str
    sent_at: int


class Withdraw(msgspec.Struct, frozen=True, tag_field="kind", tag="withdraw"):
    """The own message at counter `of` is taken back."""

    of: Counter


class File(msgspec.Struct, frozen=True, tag_field="kind", tag="file"):
    """A file that lies sealed in chunks beside the conversation. `digest`: SHA-256 of the plaintext."""

    id: Annotated[bytes, Meta(min_length=16, max_length=16)]
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    media_type: Annotated[str, Meta(max_length=100)]
    size: Annotated[int, Meta(ge=0, le=FILE_BYTES_MAX)]
    key: Digest
    digest: Digest
    sent_at: int


class Read(msgspec.Struct, frozen=True, tag_field="kind", tag="read"):
    """Everything up to and including this counter has been shown to a person. After the reveal only."""

    through: Counter


class Offer(msgspec.Struct, frozen=True, tag_field="kind", tag="reveal-offer"):
    """This side is ready to show who it is; the other side's own offer accepts."""


class Decline(msgspec.Struct, frozen=True, tag_field="kind", tag="reveal-decline"):
    """No reveal: offers made so far are void, also one's own."""


class Commit(msgspec.Struct, frozen=True, tag_field="kind", tag="reveal-commit"):
    """A commitment to the statement that will be opened when both have committed."""

    commitment: Digest


class Open(msgspec.Struct, frozen=True, tag_field="kind", tag="reveal-open"):
    """The statement (`chat.reveal`) and the nonce that opens the commitment."""

    statement: Annotated[bytes, Meta(max_length=4096)]
    nonce: Digest


Content = Text | Edit | Withdraw | File | Read | Offer | Decline | Commit | Open

_CONTENTS: Final = msgspec.json.Decoder(Content)
_KINDS: Final = frozenset(
    str(one.__struct_config__.tag) for one in (Text, Edit, Withdraw, File, Read, Offer, Decline, Commit, Open)
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Content of a kind that this version does not know."""

    kind: str


def encode(content: Content) -> bytes:
    """The bytes to pad and seal."""
    return msgspec.json.encode(content)


def decode(plain: bytes) -> Content | Unknown | None:
    """None: not a content of any version."""
    try:
        content: Content = _CONTENTS.decode(plain)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    else:
        return content
    try:
        kind = msgspec.json.decode(plain, type=dict[str, msgspec.Raw]).get("kind")
        named = None if kind is None else msgspec.json.decode(kind, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return None if named is None or named in _KINDS else Unknown(named)


def fits(content: Content) -> bool:
    """Whether it is short enough to be sealed: escapes count too."""
    if isinstance(content, Text | Edit) and len(content.text.encode()) > TEXT_BYTES_MAX:
        return False
    return len(encode(content)) <= CONTENT_BYTES_MAX
