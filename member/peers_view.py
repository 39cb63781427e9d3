"""What another has seen of the network, beside what is shown here: a file of manifests, or a fingerprint.

Knows: that two different manifests of one month, both signed by the network, are a proof that anybody can
check. A fingerprint is compared whole: who signs both views could make two that begin alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from member.answers import ManifestListed
from member.proofs import Finding
from member.refusals import InputRefused
from privacy import signing
from privacy.manifest import PURPOSE, digest

FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
VIEW_BYTES_MAX: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class View:
    """`origin` as it was given; either manifests, as GET /api/manifests answers them, or one fingerprint."""

    origin: str
    manifests: Sequence[ManifestListed] = ()
    fingerprint: str = ""


def read_view(given: str) -> View:
    """A fingerprint as people write it (spaces, hyphens, any case), else a file. Raise InputRefused."""
    plain = re.sub(r"[\s:-]", "", given).lower()
    if FINGERPRINT.fullmatch(plain):
        return View(given, fingerprint=plain)
    path = Path(given)
    try:
        if path.stat().st_size > VIEW_BYTES_MAX:
            raise InputRefused("view", found=given)
        return View(given, msgspec.json.decode(path.read_bytes(), type=list[ManifestListed]))
    except (OSError, ValueError):
        raise InputRefused("view", found=given) from None


def write_view(path: Path, listed: Sequence[ManifestListed]) -> None:
    """For a peer, who compares it with `vigie verify --against`."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(list(listed)), indent=1) + b"\n")


def compare_views(
    release_key: bytes, listed: Sequence[ManifestListed], views: Sequence[View]
) -> tuple[list[Finding], int]:
    """What differs from others' views, and how many manifests are the same in them."""
    found: list[Finding] = []
    same = 0
    for view in views:
        if view.fingerprint:
            if view.fingerprint in {digest(one.manifest) for one in listed}:
                same += 1
            else:
                values = {"origin": view.origin, "count": len(listed)}
                found.append(Finding("fingerprint-unknown", values=values))
            continue
        shown = {one.month: one for one in listed}
        common = 0
        for theirs in view.manifests:
            ours = shown.get(theirs.month)
            values = {"month": theirs.month, "origin": view.origin, "theirs": digest(theirs.manifest)}
            if not signing.verify(release_key, PURPOSE, theirs.manifest, theirs.signature):
                found.append(Finding("view-unsigned", grave=False, values=values))
            elif ours is None:
                found.append(Finding("view-ahead", grave=False, values=values))
            elif ours.manifest != theirs.manifest:
                found.append(Finding("forked-views", values={**values, "ours": digest(ours.manifest)}))
            else:
                common += 1
        if not view.manifests:
            found.append(Finding("view-empty", grave=False, values={"origin": view.origin}))
        same += common
    return found, same
