"""Terms of payment of a month long past, of the firms that share theirs: one number a client and group.

Knows: contributions.
Must not know: which of it may be published (`privacy.term_shares`), who opted in and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmark.tally import UploadInWindow
from benchmark.terms import END_OF_MONTH_THEN_DAYS, NET, net_equivalent_days
from benchmark.upload import known
from privacy.disclosure import TermsTally
from privacy.places import dense

WAIT_DAYS: Final = net_equivalent_days(0, END_OF_MONTH_THEN_DAYS)
"""Mean wait for the end of a month, whichever way it is counted."""


def aged_terms(uploads: Sequence[UploadInWindow]) -> TermsTally:
    """Net days, or their equivalent, of every client and group that has terms; firms of a group are averaged.

    What is sold to a factor stays out, as it does everywhere.
    """
    ordered = [(upload, upload.rows[_told(upload)]) for upload in uploads]
    groups, group = np.unique(np.array([one.group for one, _ in ordered], "V16"), return_inverse=True)
    pseudonyms, client = dense(
        np.concatenate([np.zeros(0, "V32"), *(rows["pseudonym"] for _, rows in ordered)])
    )
    wide = np.repeat(group.reshape(-1), [len(rows) for _, rows in ordered])
    days = np.concatenate(
        [
            np.zeros(0),
            *(rows["terms_days"] + WAIT_DAYS * (rows["terms_kind"] != NET) for _, rows in ordered),
        ]
    )
    keys, pair = np.unique(client * max(1, len(groups)) + wide, return_inverse=True)
    count = np.bincount(pair, minlength=len(keys))
    return TermsTally(
        pseudonyms=pseudonyms,
        groups=groups,
        client=keys // max(1, len(groups)),
        group=keys % max(1, len(groups)),
        days=np.bincount(pair, days, minlength=len(keys)) / np.maximum(count, 1),
    )


def _told(upload: UploadInWindow) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    rows = upload.rows
    factored = known(rows, "factored") & (rows["factored"] != 0)
    return np.asarray(known(rows, "terms_days") & known(rows, "terms_kind") & ~factored)
