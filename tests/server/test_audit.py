"""The audit chain: any entry that is changed, removed or put elsewhere shows."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.audit import GENESIS, broken_at, entry_digest

CHAIN = UUID(int=7)


def chain(count: int) -> list[dict]:
    previous, entries = GENESIS, []
    for sequence in range(1, count + 1):
        digest = entry_digest(previous, CHAIN, sequence, 1_000 + sequence, "user:x", "uploaded", "{}")
        entries.append(
            {
                "chain": CHAIN,
                "sequence": sequence,
                "at": 1_000 + sequence,
                "actor": "user:x",
                "event": "uploaded",
                "detail": "{}",
                "previous": previous,
                "digest": digest,
            }
        )
        previous = digest
    return entries


def test_a_whole_chain_is_sound() -> None:
    assert broken_at(chain(5)) is None
    assert broken_at([]) is None
    assert broken_at(chain(5)[2:], chain(5)[1]["digest"]) is None


@pytest.mark.parametrize("name", ["at", "actor", "event", "detail", "previous", "digest", "chain"])
def test_a_changed_entry_shows(name: str) -> None:
    entries = chain(5)
    entries[2][name] = {"at": 0, "chain": UUID(int=8), "previous": bytes(32), "digest": bytes(32)}.get(
        name, "y"
    )
    assert broken_at(entries) == 3


def test_a_missing_or_moved_entry_shows() -> None:
    entries = chain(5)
    assert broken_at(entries[:2] + entries[3:]) == 4
    assert broken_at([entries[1], entries[0], *entries[2:]]) == 2
