"""`python -m demo.replay FILE`: a real invoice list pushed through the agent into a fresh network, judged.

Knows: the list (each revenue type one firm, each customer one shared client) and, alone in this house, what
every firm sent. Every month from the first to the last is released on its day by a real server; then the same
chain is run in memory under other release keys and compared with exact figures. Exit code 1 where a rule is
broken.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from benchmark.release import UploadInWindow
from benchmark.upload import month_text
from demo import judge
from demo.actor import Actor
from demo.invoice_list import InvoiceList, ListRefused, read
from demo.progress import Line
from demo.stage import Stage, StageRefused, day_of, first_of
from member.receipts import read_month
from privacy import manifest, manifest_trees, merkle
from privacy.disclosure import Release
from privacy.profiles import STANDARD, Profile

REPORTING_DAY: Final = 5
THREADS: Final = 4
KEYS: Final = 20
WITHIN_MIN: Final = (
    0.93  # of a normal law 95.4 % lie within two standard deviations; rounding and luck take some
)


@dataclass
class Replayed:
    """What went through the server: uploads as releases read them, digests of the cells it published."""

    uploads: judge.Uploads
    published: dict[int, str] = field(default_factory=dict)  # month -> SHA-256 of its cells, in hexadecimal
    release_key: bytes = field(default=b"", repr=False)
    clients: dict[bytes, bytes] = field(default_factory=dict)  # pseudonym -> a label that every run gives
    firms: dict[bytes, bytes] = field(default_factory=dict)  # id -> the same of a firm


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay and judge; 0 where every promise held."""
    parser = argparse.ArgumentParser(prog="demo.replay", description="Replay a real invoice list.")
    parser.add_argument("file", type=Path, help="CSV: Customer, Revtype, Inv date, Due date, ...")
    parser.add_argument(
        "--last", type=read_month, help="last month to replay, such as 2012-06 (default: all)"
    )
    parser.add_argument("--keys", type=int, default=KEYS, help=f"release keys to judge with (default {KEYS})")
    asked = parser.parse_args(arguments)
    try:
        listed = read(asked.file)
        last = listed.last_month if asked.last is None else min(asked.last, listed.last_month)
        began = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="vigie-replay-", ignore_cleanup_errors=True) as folder:
            replayed = push_through(listed, last, Path(folder))
        print(f"replay: {len(listed.firms)} firms, {len(listed.clients)} clients, {_seconds(began)}")
    except (ListRefused, StageRefused) as refused:
        print(f"replay: {refused}", file=sys.stderr)
        return 1
    return report(replayed, range(listed.first_month, last + 1), STANDARD, asked.keys)


def push_through(listed: InvoiceList, last: int, folder: Path) -> Replayed:
    """Every firm joins with its first invoice and reports month by month, up to the month `last`."""
    stage = Stage(folder, "replay", "Vigie, replay")
    joins = listed.first_months()
    actors = [
        Actor(f"Firm {name}", f"credit@firm-{place}.example", joins[place], partial(listed.ledger, place))
        for place, name in enumerate(listed.firms)
        if joins[place] <= last
    ]
    first, after = listed.first_month, last + 1
    replayed = Replayed(judge.Uploads([]))
    with _served(stage, first), Line() as line, ThreadPoolExecutor(THREADS) as everybody:
        for month in range(first, after + 1):
            line(month - first, after - first, month_text(month))
            for actor in (each for each in actors if each.joins == month and month < after):
                stage.set_today(first_of(month))
                actor.join(stage.url, stage.admit(actor.name, len(listed.clients)))
            if month == first:
                continue
            stage.set_today(day_of(month - 1, REPORTING_DAY))
            members = [actor for actor in actors if actor.joins < month]
            for uploads in everybody.map(partial(_reported, month - 1), members):
                replayed.uploads.uploads.extend(uploads)
            stage.release(month - 1)
        replayed.published = _manifests(actors[0])
        replayed.release_key = (stage.keys / "release.key").read_bytes()
        for actor in actors:
            replayed.firms[actor.member.firm_id.bytes] = _label(actor.name)[:16]
            for client in actor.member.book.clients.values():
                replayed.clients[client.pseudonym] = _label(client.identifier)
            actor.leave()
    return replayed


@contextmanager
def _served(stage: Stage, first: int) -> Iterator[None]:
    try:
        stage.create(first_of(first))
        stage.start()
        yield
    finally:
        stage.stop()


def _reported(month: int, actor: Actor) -> list[UploadInWindow]:
    """Report a month; the upload as releases read it, from the firm's own book."""
    actor.report(month)
    upload = actor.sent(month)
    return (
        [] if upload is None else [UploadInWindow(upload.firm, upload.firm, actor.joins, month, upload.rows)]
    )


def _manifests(actor: Actor) -> dict[int, str]:
    """What the server signed for, by month: the root of its cells."""
    manifests = [manifest.read(listed.manifest) for listed in actor.member.session.manifests()]
    return {read_month(one.month): one.cells.root for one in manifests}


def _label(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def report(replayed: Replayed, months: range, profile: Profile, keys: int) -> int:
    """Judge and print; the exit code."""
    began = time.perf_counter()
    exact = judge.exact_panels(replayed.uploads, months, profile)
    verdict = judge.Verdict()
    judge.count(exact, verdict)
    served = judge.chain(replayed.uploads, months, profile, replayed.release_key)
    judge.judge(exact, served, profile, verdict)
    # A network's pseudonyms are drawn with its key, and the noise follows them: under labels that are always
    # the same, the other keys' chains are too, and so is the verdict.
    again = replayed.uploads.relabelled(replayed.clients, replayed.firms)
    exact = judge.exact_panels(again, months, profile)
    for key in judge.keys(keys):
        judge.judge(exact, judge.chain(again, months, profile, key), profile, verdict)
    _print_quarters(verdict)
    share = (
        f"{verdict.share:.1%} of {verdict.centres} centres under {keys} release keys and the server's lie "
        f"within two standard deviations of the clipped mean (at least {WITHIN_MIN:.0%} are asked)"
    )
    checks = [
        (
            f"the server published in {len(served)} months exactly what the pure chain does",
            _same(served, replayed.published, manifest_trees.salts_key(replayed.release_key)),
        ),
        (f"no cell is published whose panel has fewer than {profile.n_min} firms", not verdict.below_floor),
        ("every cell is published or absent as the exact panels say", not verdict.wrong),
        (share, verdict.share >= WITHIN_MIN),
    ]
    print()
    for text, held in checks:
        print(f"  {'yes' if held else 'NO '}  {text}")
    for month, name, client, what in verdict.wrong[:10]:
        print(f"       {month_text(month)} {name} {client[:12]}: {what}")
    print(f"replay: judged in {_seconds(began)}")
    return 0 if all(held for _, held in checks) else 1


def _same(served: list[Release], published: dict[int, str], salts_key: bytes) -> bool:
    computed = {
        one.month: merkle.root(manifest_trees.cell_leaves(salts_key, month_text(one.month), one.cells)).hex()
        for one in served
    }
    return computed == published


def _print_quarters(verdict: judge.Verdict) -> None:
    names = list(verdict.months)
    print("\n  client-months with a figure, published and suppressed")
    print("  quarter " + "".join(f"{name:>12}: published, suppressed" for name in names))
    quarters: dict[str, dict[str, list[int]]] = {}
    for name, months in verdict.months.items():
        for each in months:
            quarter = f"{each.month // 12} Q{each.month % 12 // 3 + 1}"
            sums = quarters.setdefault(quarter, {}).setdefault(name, [0, 0])
            sums[0] += each.published
            sums[1] += each.suppressed
    for quarter, by_name in quarters.items():
        print(f"  {quarter} " + _columns([by_name[name] for name in names]))
    totals = [[sum(by_name[name][at] for by_name in quarters.values()) for at in (0, 1)] for name in names]
    print("  all     " + _columns(totals))


def _columns(sums: list[list[int]]) -> str:
    return "".join(f"{published:>23}{suppressed:>12}" for published, suppressed in sums)


def _seconds(began: float) -> str:
    return f"{time.perf_counter() - began:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
