"""How many examples a property is tried on: in the suite few, always the same; in a search many random ones.

`make test` has to say the same of the same code every time; `make search` looks for what it does not know.
"""

from __future__ import annotations

from typing import Final

from hypothesis import settings

USUAL: Final = 50
SEARCHED: Final = 2_000

settings.register_profile("suite", max_examples=USUAL, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=SEARCHED, deadline=None)


def examples(count: int) -> settings:
    """`count` examples instead of USUAL; in a search as many times more as its others."""
    return settings(max_examples=count * settings.default.max_examples // USUAL)
