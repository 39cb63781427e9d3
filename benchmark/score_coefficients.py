"""Coefficients of the chance of being more than 30 days late. Written by `make calibrate`.

Learnt from simulated networks alone (`tests/leadtime/calibrate.py`); inputs in the order of
`benchmark.score.chance_inputs`.
"""

from __future__ import annotations

from typing import Final

COEFFICIENTS: Final[dict[str, tuple[float, ...]]] = {
    "both": (-6.3042, 0.9496, 0.7925, -0.6967, -1.0158, -0.3302, 0.7135, 0.1115, -0.2086, 0.0229, 0.9198),
    "peers": (-6.0040, 1.8850, 0.1031, -0.4058, -0.7217, 0.4723),
    "own": (-5.6936, 1.3756, 0.9141, -0.7256, -0.8800, -0.1640),
}
