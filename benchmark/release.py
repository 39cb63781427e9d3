"""One month's release, the whole story: uploads of the window -> tally -> policy -> what is published.

Knows: uploads of every firm, for as long as the function runs, and the chain's state, which is opaque bytes.
Must not know: sockets, rows of a database, the time, who will read the release.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmark.aged_terms import aged_terms
from benchmark.tally import UploadInWindow, tally
from benchmark.upload import known, month_text, tells
from privacy.chain import decode, encode
from privacy.disclosure import Release, protect, publish
from privacy.profiles import Profile

__all__ = ["ReleaseResult", "UploadInWindow", "release_month", "seasoning"]


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
    aged: Sequence[UploadInWindow] = (),
) -> ReleaseResult:
    """The release of `month`.

    `uploads` are those of the months month - window_months + 1 .. month, at most one per firm and month, in
    any order; others are refused with ValueError. `previous` is the state after the chain's previous release
    (None: the chain begins). `expelled` are the 16-byte groups expelled or erased so far, who leave every
    panel at once. `aged` are the uploads for `terms_age_months` before, of the firms that share their terms;
    the first release of a quarter alone reads them. The same arguments give the same bytes. ValueError also
    when the chain has published `month` or a later one already, or under another profile.
    """
    window = tuple(range(month - profile.window_months + 1, month + 1))
    _refuse_outside(uploads, window)
    counting = [upload for upload in uploads if upload.first_full_month <= month]
    before = decode(previous) if previous is not None else None
    if any(upload.month != month - profile.terms_age_months for upload in aged):
        raise ValueError(f"terms are published {profile.terms_age_months} months old")
    old = [upload for upload in aged if upload.first_full_month <= month]
    terms = aged_terms(old) if profile.terms and old else None
    raw = tally(counting, month, [rules.name for rules in profile.fields], terms)
    protected, chain = protect(raw, before, profile, release_key, expelled)
    return ReleaseResult(publish(protected, window), encode(chain))


def seasoning(uploads: Sequence[UploadInWindow], month: int) -> dict[bytes, NDArray[np.void]]:
    """Firm -> pseudonyms (V32) that the release of `month` ripens: see `privacy.visibility.fold_release`.

    Those of the firm's rows for `month` itself that the release counts: of a firm with one full month of
    membership, not factored, not empty. Rows sent late for earlier months ripen nothing.
    """
    ripened = {}
    for upload in uploads:
        if upload.month == month and upload.first_full_month <= month:
            factored = known(upload.rows, "factored") & (upload.rows["factored"] == 1)
            ripened[upload.firm] = np.ascontiguousarray(
                upload.rows["pseudonym"][~factored & tells(upload.rows)]
            )
    return ripened


def _refuse_outside(uploads: Sequence[UploadInWindow], window: tuple[int, ...]) -> None:
    seen = set()
    for upload in uploads:
        if upload.month not in window:
            raise ValueError(f"an upload for {month_text(upload.month)} is not in the window")
        if (upload.firm, upload.month) in seen:
            raise ValueError(f"a firm has two uploads for {month_text(upload.month)}")
        seen.add((upload.firm, upload.month))
