"""`vigie verify`: checks the operator by its manifests, with what this device has and what a peer has seen.

The order of the checks, whose guardian this is; what fails in one does not hide what the others find, save
that nothing is believed of a chain that is none:
1. The chain of manifests is signed by the pinned key, unbroken, and goes on from the one kept at home.
2. Witnesses, the key holders that were pinned, have signed every manifest.
3. Every receipt of this firm, from the home and from the network, is in the manifest that it belongs in; what
   the book says was sent has its receipt.
4. Every cell shown, of every month in sight, is in its manifest.
5. Another's view, a file or a fingerprint, is the same history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmark.upload import month_text
from member import receipts as receipt_rules
from member.answers import ManifestListed, Receipt
from member.home import write_file
from member.peers_view import View, compare_views
from member.proofs import Expected, Finding, check_cells, check_receipts, expected_in
from member.refusals import NetworkRefused, Untrusted
from member.releases import KEPT, Published, believe, read_cells, read_kept
from privacy.disclosure import CELL_DTYPE
from privacy.manifest import Manifest, digest
from privacy.manifest_witness import witnessed_by
from privacy.parts import THRESHOLD

if TYPE_CHECKING:
    from member.keystore import Member

FORKED: Final = "manifests-forked.json"
PROVEN: Final = "proven.json"
PROVEN_MONTHS: Final = 60
"""Months back for which the network keeps what proofs are made of."""
WITNESS_DAYS: Final = 7
"""Days that a witness may be away; a manifest that nobody has witnessed for longer is grave."""


@dataclass(slots=True)
class Report:
    """What was checked and what was found. `fingerprints`: of each month's manifest, oldest first."""

    findings: list[Finding] = field(default_factory=list)
    fingerprints: dict[str, str] = field(default_factory=dict)
    listed: list[ManifestListed] = field(default_factory=list)
    kept: int = 0
    witnesses: int = 0
    embedded: bool = False
    receipts: int = 0
    waiting: int = 0
    cells: int = 0
    cell_months: int = 0
    compared: int = 0

    @property
    def grave(self) -> list[Finding]:
        """What no honest network shows."""
        return [one for one in self.findings if one.grave]

    @property
    def verdict(self) -> str:
        """Verified, incomplete (nothing is wrong, not all could be checked), or untrusted."""
        open_ones = any(not one.grave and one.code not in NOTES for one in self.findings)
        return "untrusted" if self.grave else "incomplete" if open_ones else "verified"


NOTES: Final = frozenset({"withdrawn", "no-cells-here"})
"""Findings that leave nothing open."""


def verify(member: Member, views: Sequence[View] = ()) -> Report:
    """Every check. Raise what keeps it from checking: Untrusted (pins), Unreachable, NetworkRefused."""
    facts = member.check_network()
    report = Report(listed=member.session.manifests(), kept=len(read_kept(member)))
    try:
        manifests = believe(member, report.listed)
    except Untrusted as refused:
        report.findings.append(_of_chain(member, refused, report.listed))
        report.findings += compare_views(member.pins.release_key, report.listed, views)[0]
        return report
    chain = [manifests[month] for month in sorted(manifests)]
    report.fingerprints = {one.month: digest(one.manifest) for one in report.listed}
    report.findings += [
        Finding("withdrawn", grave=False, values=msgspec.structs.asdict(one))
        for manifest in chain
        for one in manifest.withdrawn
    ]
    # The network's date is the operator's word; a real network lives in real time.
    today = datetime.now(UTC).date() if member.pins.real else facts.today
    report.findings += check_witnesses(member, report, chain, today)
    report.findings += _check_receipts(member, report, chain)
    report.findings += _check_cells(member, report, manifests)
    found, report.compared = compare_views(member.pins.release_key, report.listed, views)
    report.findings += found
    return report


def _of_chain(member: Member, refused: Untrusted, listed: Sequence[ManifestListed]) -> Finding:
    """The refusal as a finding; where history was rewritten, both histories are kept as proof."""
    if refused.code != "release-forked":
        return Finding(refused.code, values=refused.values)
    kept = read_kept(member)
    place = next(
        at for at, one in enumerate(kept) if at >= len(listed) or listed[at].manifest != one.manifest
    )
    shown = digest(listed[place].manifest) if place < len(listed) else "–"
    evidence = ""
    if member.home is not None:
        write_file(member.home.path / FORKED, msgspec.json.encode(list(listed)))
        evidence = f"{member.home.path / KEPT}, {member.home.path / FORKED}"
    values = {**refused.values, "kept": digest(kept[place].manifest), "shown": shown, "evidence": evidence}
    return Finding("history-rewritten", values=values)


# ---- witnesses


def check_witnesses(member: Member, report: Report, chain: Sequence[Manifest], today: date) -> list[Finding]:
    """Whether as many pinned holders as have to work together have signed each manifest."""
    keys = {holder.key: holder.name for holder in member.pins.holders if holder.key}
    wanted = THRESHOLD[member.pins.construction]
    report.witnesses, report.embedded = len(keys), wanted == 1
    if len(keys) < wanted:
        return [Finding("witness-unknown", grave=False)]
    found = []
    for listed, manifest in zip(report.listed, chain, strict=True):
        signed = set()
        for one in listed.countersignatures:
            if one.key not in keys:
                continue
            if witnessed_by(one.key, listed.manifest, one.signature):
                signed.add(one.key)
            else:
                values = {"month": listed.month, "name": keys[one.key]}
                found.append(Finding("witness-forged", values=values))
        if len(signed) < wanted:
            late = not 0 <= _days_since(manifest.published_on, today) <= WITNESS_DAYS
            counts = {"month": listed.month, "found": len(signed), "expected": wanted, "days": WITNESS_DAYS}
            found.append(Finding("witness-never" if late else "witness-missing", grave=late, values=counts))
    return found


def _days_since(day: str, today: date) -> int:
    """Of a day that there is; -1, as if it were to come, of 31 February."""
    try:
        return (today - date.fromisoformat(day)).days
    except ValueError:
        return -1


# ---- receipts


def _check_receipts(member: Member, report: Report, chain: Sequence[Manifest]) -> list[Finding]:
    try:
        receipts, found = _own_receipts(member)
    except NetworkRefused as refused:
        if refused.code != "role":
            raise
        return [Finding("no-receipts-here", grave=False)]
    if member.role_keys.ledger is not None:
        found += _compare_book(member, {one.digest for one in receipts})
    since, oldest = None, ""
    if chain:
        oldest = month_text(receipt_rules.read_month(chain[-1].month) - PROVEN_MONTHS)
    for manifest in chain:
        expected = expected_in(manifest, since, receipts)
        since = manifest.closed
        if expected and manifest.month > oldest:
            missing = _prove_receipts(member, manifest, expected)
            found += missing
            report.receipts += len(expected) if not missing else 0
    report.waiting = sum(since is None or one.received_at >= since for one in receipts)
    return found


def _prove_receipts(member: Member, manifest: Manifest, expected: Mapping[bytes, Expected]) -> list[Finding]:
    try:
        proof = member.session.prove_receipts(manifest.month)
    except NetworkRefused as refused:
        if refused.code != "not-found":
            raise
        return [Finding("proof-refused", values={"month": manifest.month})]
    return check_receipts(manifest, expected, proof)


def _own_receipts(member: Member) -> tuple[list[Receipt], list[Finding]]:
    """Receipts that the network's key signed, of the home and of the network, one for each upload."""
    kept = receipt_rules.read_kept(member.home.path) if member.home is not None else []
    shown = member.session.receipts()
    receipts: dict[bytes, Receipt] = {}
    found: list[Finding] = []
    for receipt in (*kept, *shown):
        try:
            receipt_rules.verify(receipt, member.pins.receipt_key, member.firm_id.bytes)
        except Untrusted as refused:
            found.append(Finding(refused.code, values=refused.values))
            continue
        # The first one counts: another one later, signed too, would move the upload to a later manifest.
        first = receipts.setdefault(receipt.digest, receipt)
        if receipt_rules.payload(first) != receipt_rules.payload(receipt):
            values = {"sent": first.month, "at": first.received_at, "later": receipt.received_at}
            found.append(Finding("receipt-changed", values=values))
    listed = {one.digest for one in shown}
    found += [
        Finding(
            "receipt-denied", values={"sent": one.month, "at": one.received_at, "digest": one.digest.hex()}
        )
        for one in receipts.values()
        if one.digest not in listed
    ]
    return list(receipts.values()), found


def _compare_book(member: Member, receipts: Collection[bytes]) -> list[Finding]:
    """What the book says was sent has its receipt."""
    try:
        contents = member.shelf.sync(member)
    except Untrusted as refused:
        return [Finding(refused.code, values=refused.values)]
    sent = {month: contents.digest_of(month) for month in contents.sent}
    return [
        Finding("receipt-of-book", values={"sent": month_text(month)})
        for month, upload in sent.items()
        if upload is not None and upload not in receipts
    ]


# ---- cells


def _check_cells(member: Member, report: Report, manifests: Mapping[int, Manifest]) -> list[Finding]:
    """Of every month in sight."""
    found: list[Finding] = []
    for manifest in (manifests[month] for month in sorted(manifests)):
        try:
            cells = read_cells(member.session.cells(manifest.month), manifest)
        except Untrusted as refused:
            faults, cells = [Finding(refused.code, values=refused.values)], np.zeros(0, CELL_DTYPE)
        except NetworkRefused as refused:
            if refused.code == "role":
                return [Finding("no-cells-here", grave=False)]
            if refused.code != "not-found":  # a month out of sight
                raise
            continue
        else:
            faults = check_cells(manifest, cells, member.session.prove_cells(manifest.month))
        found += [named(member, one) for one in faults]
        if not faults:
            report.cells, report.cell_months = report.cells + len(cells), report.cell_months + 1
    return found


def named(member: Member, finding: Finding) -> Finding:
    """With the client's name where the finding is about one."""
    pseudonym = finding.values.get("pseudonym")
    if pseudonym is None:
        return finding
    client = member.book.by_pseudonym().get(pseudonym)
    name = pseudonym.hex()[:16] if client is None else client.name
    values = {key: value for key, value in finding.values.items() if key != "pseudonym"}
    return replace(finding, values={**values, "client": name})


def prove_new(member: Member, published: Published) -> None:
    """Check, quietly, the cells that this home has not proven before. Raise Untrusted for the first fault.

    Once for a month and what is shown of it, with a new month the receipts that it has to hold; without a
    home the newest month's cells alone.
    """
    proven = _read_proven(member)
    marks = {
        month: hashlib.sha256(_mark(published.manifests[month], cells)).hexdigest()
        for month, cells in published.cells.items()
    }
    if member.home is None:
        marks = {month: mark for month, mark in marks.items() if month == published.latest}
    fresh = {month: mark for month, mark in marks.items() if proven.get(month_text(month)) != mark}
    faults: list[Finding] = []
    for month in fresh:
        manifest, cells = published.manifests[month], published.cells[month]
        faults += check_cells(manifest, cells, member.session.prove_cells(manifest.month))
    if fresh and max(fresh) == published.latest and member.home is not None:
        faults += _newest_receipts(member, published.manifests)
    for fault in faults:
        if fault.grave:
            one = named(member, fault)
            raise Untrusted(one.code, **one.values)
    if fresh and member.home is not None:
        proven |= {month_text(month): mark for month, mark in fresh.items()}
        write_file(member.home.path / PROVEN, msgspec.json.encode(proven), durable=False)


def _newest_receipts(member: Member, manifests: Mapping[int, Manifest]) -> list[Finding]:
    try:
        receipts, found = _own_receipts(member)
    except NetworkRefused as refused:
        if refused.code != "role":
            raise
        return []
    newest = max(manifests)
    before = manifests.get(newest - 1)
    expected = expected_in(manifests[newest], None if before is None else before.closed, receipts)
    return found + (_prove_receipts(member, manifests[newest], expected) if expected else [])


def _mark(manifest: Manifest, cells: NDArray[np.void]) -> bytes:
    return manifest.cells.root.encode() + cells.tobytes()


def _read_proven(member: Member) -> dict[str, str]:
    if member.home is None:
        return {}
    try:
        return msgspec.json.decode((member.home.path / PROVEN).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return {}  # proven again
