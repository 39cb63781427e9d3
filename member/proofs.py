"""Whether a manifest's trees hold what this firm sent and was shown. Pure: no file, no network.

Knows: what the network's proofs say (`member.answers`), what the manifest signed, what should be in it. What
does not hold is a finding, a value; the caller decides whether to go on. Twin: web/src/network/proofs.ts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from member.answers import CellProof, Receipt, ReceiptProof
from member.receipts import payload
from privacy.disclosure import CELL_DTYPE
from privacy.manifest import Manifest, Tree, cell_entry, columns_of, packed_rows, receipt_entry, salted
from privacy.merkle import HASH_BYTES, root_from

CELL_COLUMNS: Final = columns_of(CELL_DTYPE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should hear. `grave`: no honest network shows it; else it is still open.

    `code` names it in `member.verify_texts`.
    """

    code: str
    grave: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """A receipt that a manifest has to hold, and whether as the current one of its month."""

    receipt: Receipt
    current: bool


def expected_in(manifest: Manifest, since: str | None, receipts: Iterable[Receipt]) -> dict[bytes, Expected]:
    """Own receipts, by digest, that this manifest has to hold: see `privacy.manifest.Manifest`.

    `since` is when the window of the manifest before closed; None: there is none before.
    """
    first, last = manifest.window
    told = [one for one in receipts if one.received_at < manifest.closed]
    replaced = {one.replaces for one in told}
    found = {}
    for one in told:
        current = first <= one.month <= last and one.digest not in replaced
        if current or since is None or one.received_at >= since:
            found[one.digest] = Expected(one, current)
    return found


def check_receipts(
    manifest: Manifest, expected: Mapping[bytes, Expected], proof: ReceiptProof
) -> list[Finding]:
    """What of the own receipts the manifest does not hold."""
    month, found = manifest.month, []
    leaves: list[tuple[int, bytes]] = []
    shown = {one.digest: one for one in proof.receipts}
    for digest, one in expected.items():
        leaf, told = shown.get(digest), _told(month, one.receipt)
        if leaf is None:
            found.append(Finding("receipt-absent", values=told))
            continue
        if leaf.current != one.current:
            found.append(Finding("receipt-not-current", values=told))
        entry = receipt_entry(month, payload(one.receipt), current=leaf.current)
        leaves.append((leaf.place, salted(leaf.salt, entry)))
    found += [
        Finding("receipt-unknown", values={"month": month, "digest": digest.hex()})
        for digest in shown.keys() - expected.keys()
    ]
    if not found and leaves and not holds(manifest.uploads, leaves, proof.proof):
        found.append(Finding("receipts-unproven", values={"month": month}))
    return found


def _told(month: str, receipt: Receipt) -> dict[str, str]:
    return {
        "month": month,
        "sent": receipt.month,
        "at": receipt.received_at,
        "digest": receipt.digest.hex(),
    }


def check_cells(manifest: Manifest, cells: NDArray[np.void], proof: CellProof) -> list[Finding]:
    """Which of the cells shown (CELL_DTYPE) the manifest does not hold.

    One without a proof is named by its pseudonym; a proof that does not lead to the root concerns them all.
    """
    month = manifest.month
    if [tuple(one) for one in manifest.cells.columns] != CELL_COLUMNS:
        return [Finding("columns-unknown", grave=False, values={"month": month})]
    count = len(proof.pseudonyms) // HASH_BYTES
    if (len(proof.pseudonyms), len(proof.salts), len(proof.places)) != (32 * count, 32 * count, 4 * count):
        return [Finding("cells-unproven", values={"month": month})]
    salts = {
        proof.pseudonyms[at : at + 32]: (proof.salts[at : at + 32], place)
        for at, place in zip(
            range(0, 32 * count, 32), np.frombuffer(proof.places, "<u4").tolist(), strict=True
        )
    }
    found, leaves = [], []
    for pseudonym, row in zip(cells["pseudonym"].tolist(), packed_rows(cells), strict=True):
        if pseudonym not in salts:
            found.append(Finding("cell-unproven", values={"month": month, "pseudonym": pseudonym}))
            continue
        salt, place = salts.pop(pseudonym)
        leaves.append((place, salted(salt, cell_entry(month, row))))
    found += [
        Finding("cell-withheld", values={"month": month, "pseudonym": pseudonym}) for pseudonym in salts
    ]
    if not found and leaves and not holds(manifest.cells, leaves, proof.proof):
        found.append(Finding("cells-unproven", values={"month": month}))
    return found


def holds(tree: Tree, leaves: Sequence[tuple[int, bytes]], proof: bytes) -> bool:
    """Whether the signed tree has these leaf hashes at these places, each at one of its own.

    Two leaves at one place would be one leaf, and the other would pass without a proof.
    """
    places = dict(leaves)
    root = root_from(tree.size, places, proof)
    return len(places) == len(leaves) and root is not None and root.hex() == tree.root
