"""docs/policy.md: its tables are written again from the profiles and the measured costs (`vigied policy`).

Knows: where the page and the figures lie. Must not know: what the tables say (`privacy.policy_table`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from privacy.policy_table import renewed

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
PAGE: Final = DOCS / "policy.md"
COSTS: Final = DOCS / "attacks" / "costs.json"
"""A list of rows as `privacy.policy_table.costs` takes them; `make attacks` writes it."""


def measured(file: Path = COSTS) -> list[dict[str, Any]]:
    """The measured costs; none where nothing was measured yet."""
    try:
        found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return found


def write(page: Path = PAGE, costs: Path = COSTS) -> bool:
    """Write the page's tables again; whether anything changed."""
    before = page.read_text(encoding="utf-8")
    after = renewed(before, measured(costs))
    if after != before:
        page.write_text(after, encoding="utf-8")
    return after != before
