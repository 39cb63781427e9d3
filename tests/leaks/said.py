"""What was said, as bytes to search for: not only whole texts, for a log may hold a part of one.

Any fifteen letters in a row of a text are found, in every encoding of `spellings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tests.leaks.spellings import of_name

if TYPE_CHECKING:
    from tests.leaks.recording import RecordingProxy
    from tests.leaks.search import Found, Search

PIECE = 12
STEP = 4


def of_said(texts: Mapping[str, str]) -> dict[bytes, str]:
    """Spellings of every piece of these texts, each with its text's label."""
    found: dict[bytes, str] = {}
    for label, text in texts.items():
        assert len(text) >= PIECE, text
        for piece in _pieces(text):
            found |= dict.fromkeys(of_name(piece), label)
    return found


def _pieces(text: str) -> Iterator[str]:
    for at in range(0, len(text) - PIECE + 1, STEP):
        yield text[at : at + PIECE]


def in_traffic(search: Search, proxies: Mapping[str, RecordingProxy]) -> dict[str, list[Found]]:
    """Hits by what they were in: `frame sent`, `body answered` and so on."""
    said: dict[str, list[bytes]] = {}
    for proxy in proxies.values():
        for where, content in proxy.messages():
            said.setdefault(where.partition(", ")[2], []).append(content)
    return {where: search.look(b"\0\0".join(parts), where) for where, parts in said.items()}
