"""One month's release, the whole story: uploads of the window -> tally -> policy -> what is published.

Knows: uploads of every firm, for as long as the function runs, and the chain's state, which is opaque bytes.
Must not know: sockets, rows of a database, the time, who will read the release.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmark.upload import Rows, month_text
from privacy.disclosure import Release
from privacy.profiles import Profile


@dataclass(frozen=True, slots=True, eq=False)
class UploadInWindow:
    """One firm's current upload for one month of the window, received before the window closed."""

    firm: bytes  # 16 bytes
    group: bytes  # 16 bytes: the corporate group's id, or the firm's own where it belongs to none
    first_full_month: int  # first calendar month that lies wholly within the firm's membership
    month: int
    rows: Rows = field(repr=False)  # shape (n,), ROW_DTYPE, sorted by pseudonym


@dataclass(frozen=True, slots=True, eq=False)
class ReleaseResult:
    """What is published, and what the chain must remember (secret: it holds carried values)."""

    release: Release
    state: bytes = field(repr=False)


def release_month(  # noqa: PLR0917
    month: int,
    uploads: Sequence[UploadInWindow],
    previous: bytes | None,
    profile: Profile,
    release_key: bytes,
    expelled: Collection[bytes] = (),
) -> ReleaseResult:
    """The release of `month`.

    `uploads` are those of the months month - window_months + 1 .. month, at most one per firm and month, in
    any order; others are refused with ValueError. `previous` is the state after the chain's previous release
    (None: the chain begins). `expelled` are the 16-byte groups expelled or erased so far, who leave every
    panel at once. The same arguments give the same bytes. ValueError also when the chain has published
    `month` or a later one already, or under another profile.
    """
    raise NotImplementedError


def seasoning(uploads: Sequence[UploadInWindow], month: int) -> dict[bytes, NDArray[np.void]]:
    """Firm -> pseudonyms (V32) that the release of `month` ripens: see `privacy.visibility.fold_release`."""
    raise NotImplementedError


def header(release: Release, published_on: str, previous: bytes | None) -> bytes:
    """The canonical JSON that is signed: sorted keys, no spaces.

    `published_on` is an ISO date; `previous` is the header of the chain's release before, None for the first. The digests are SHA-256, in hexadecimal.
    """
    network = release.network
    return json.dumps(
        {
            "cells": hashlib.sha256(release.cells.tobytes()).hexdigest(),
            "month": month_text(release.month),
            "network": {"band": network.band, "days_late": network.days_late, "dso": network.dso},
            "previous": hashlib.sha256(previous).hexdigest() if previous else "0" * 64,
            "profile": release.profile,
            "published_on": published_on,
        },
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
