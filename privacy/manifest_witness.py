"""What a witness does: it signs a manifest that extends the one it signed before, and refuses a fork.

Knows: the witness's key, what it signed last, the network's release key. Must not know: sockets, files, the
time. Whoever mounts it keeps what `countersign` returns, durably and before any signature is given away:
a witness that forgets could sign two histories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import signing
from privacy.manifest import Broken, Signed, digest, follow, read

PURPOSE: Final = "witness"
SHOWN_MAX: Final = 600
"""Manifests shown at once: fifty years."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """The newest manifest that a witness has signed: its month and fingerprint."""

    month: str
    digest: str


@dataclass(frozen=True, slots=True)
class WitnessRefusal:
    """Why a witness does not sign, as a value.

    `code`: "signature", "shape" or "link" (no chain under the release key), "fork" (it does not extend what
    was signed last, or ends before it), "empty" (nothing shown, or too much). `expected`: what was signed
    last.
    """

    code: str
    expected: Witnessed | None


def countersign(
    private: Ed25519PrivateKey, release_key: bytes, last: Witnessed | None, shown: Sequence[Signed]
) -> tuple[list[bytes], Witnessed] | WitnessRefusal:
    """A signature for every manifest shown, and what to remember; or why not.

    `shown` is oldest first, without a gap. A witness that has signed nothing yet wants it from the network's
    first manifest on; later it has to contain the one signed last, or to begin right after it.
    """
    if not 1 <= len(shown) <= SHOWN_MAX:
        return WitnessRefusal("empty", last)
    try:
        first = read(shown[0].manifest)
    except ValueError:
        return WitnessRefusal("shape", last)
    if last is None:
        chain = follow(shown, release_key)
    elif last.digest in {digest(one.manifest) for one in shown}:
        # What was signed last vouches, hash by hash, for the older ones that come along with it.
        chain = follow(shown, release_key, first.previous)
    elif first.previous == last.digest:
        chain = follow(shown, release_key, last.digest, last.month)
    else:
        return WitnessRefusal("fork", last)
    if isinstance(chain, Broken):
        return WitnessRefusal(chain.code, last)
    signatures = [signing.sign(private, PURPOSE, one.manifest) for one in shown]
    return signatures, Witnessed(chain[-1].month, digest(shown[-1].manifest))


def witnessed_by(public: bytes, manifest: bytes, signature: bytes) -> bool:
    """Whether the witness with this key (32 bytes) signed these bytes."""
    return signing.verify(public, PURPOSE, manifest, signature)
