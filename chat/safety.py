"""The number that two people compare by telephone after a reveal: alike for both, or somebody is in between.

It is a hash of the conversation's genesis (which commits to both sides' keys) and of both firms' root keys as
each side sees them: whoever stood in between would have to show both the same, which the reveal refuses
already; comparing it checks the software that says so. 60 digits leave about 100 bits against somebody who
chooses keys on both sides until the numbers are alike.
"""

from __future__ import annotations

import hashlib
from typing import Final

from chat.records import Link, Side

GROUPS: Final = 12
_GROUP_BYTES: Final = 5


def safety_number(link: Link, side: Side, own_root: bytes, peer_root: bytes) -> str:
    """Twelve groups of five digits, the same on both sides. `side`: whose root is `own_root`."""
    roots = own_root + peer_root if side is Side.CALLER else peer_root + own_root
    digest = hashlib.sha512(b"vigie/safety/v1\0" + link.genesis + roots).digest()
    groups = (digest[at : at + _GROUP_BYTES] for at in range(0, GROUPS * _GROUP_BYTES, _GROUP_BYTES))
    return " ".join(f"{int.from_bytes(group, 'big') % 100_000:05}" for group in groups)
