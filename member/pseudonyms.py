"""From canonical identifiers to pseudonyms: blinded here, evaluated by the key holders, every proof checked.

Knows: identifiers in the clear, for as long as it takes to blind them; the pinned public keys. What leaves
this side are uniformly random group elements. Nothing is asked twice: see `member.shelf`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from member.holders import Holders
from privacy.evaluate import BATCH_MAX

if TYPE_CHECKING:
    from member.keystore import Member

THREADS: Final = 4  # batches in flight: while some wait for holders, others are computed

Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _total: int) -> None:
    """No progress is shown."""


def pseudonyms_of(
    member: Member,
    identifiers: Sequence[str],
    progress: Progress = silent,
    keep: Callable[[dict[str, bytes]], None] | None = None,
) -> dict[str, bytes]:
    """Pseudonym (32 bytes) by identifier. `keep` gets each batch as soon as it is known.

    A holder that cheated or did not answer, where two others sufficed, is in `member.holders_out` afterwards.
    Raise NetworkRefused "evaluation-budget" when the firm's budget does not suffice, Untrusted where a proof
    is wrong, Unreachable.
    """
    wanted = list(dict.fromkeys(identifiers))
    batches = [wanted[at : at + BATCH_MAX] for at in range(0, len(wanted), BATCH_MAX)]
    found: dict[str, bytes] = {}

    def done(batch: list[str], values: list[bytes]) -> None:
        known = dict(zip(batch, values, strict=True))
        found.update(known)
        if keep is not None:
            keep(known)
        progress("pseudonyms", len(found), len(wanted))

    with ThreadPoolExecutor(THREADS, "blind") as pool, ThreadPoolExecutor(2 * THREADS, "ask") as asking:
        holders = Holders(member, asking)
        member.holders_out = holders.out

        def work(numbered: tuple[int, list[str]]) -> list[bytes]:
            turn, batch = numbered
            return holders.pseudonyms([identifier.encode() for identifier in batch], turn)

        for batch, values in zip(batches, pool.map(work, enumerate(batches)), strict=True):
            done(batch, values)
    return found
