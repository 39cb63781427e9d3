"""Which of NumPy's ways to sort this processor is good at: settled before NumPy is first imported.

Knows: the processor's description. Must not know: anything else, NumPy least of all.

On AMD's Zen 4 the AVX-512 sort that NumPy chooses is about five times slower than its AVX2 one: the
instruction that it leans on (vpcompress to memory) is microcode there. NumPy reads which features to leave
alone when it is imported, from its environment.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

SLOW_SORT: Final = {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}
"""What NumPy is told where the AVX-512 sort is slow."""
DESCRIPTION: Final = Path("/proc/cpuinfo")
FAMILY: Final = "25"
"""AMD family 19h: Zen 3, which has no AVX-512, and Zen 4."""


def slow_sort(description: str | None = None) -> bool:
    """Whether the processor is one of those; False where nothing is said of it."""
    if description is None:
        try:
            description = DESCRIPTION.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
    first: dict[str, str] = {}
    for line in description.splitlines():
        name, _, value = line.partition(":")
        first.setdefault(name.strip(), value.strip())
    amd = first.get("vendor_id") == "AuthenticAMD" and first.get("cpu family") == FAMILY
    return amd and "avx512vl" in first.get("flags", "").split()


def choose() -> None:
    """Tell NumPy, unless it is there already or somebody has told it otherwise."""
    if "numpy" not in sys.modules and next(iter(SLOW_SORT)) not in os.environ and slow_sort():
        os.environ.update(SLOW_SORT)
