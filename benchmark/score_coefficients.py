"""Coefficients of the chance of being more than 30 days late. Written by `make calibrate`.

Learnt from simulated networks alone (`tests/leadtime/calibrate.py`); inputs in the order of
`benchmark.score.chance_inputs`.
"""

from __future__ import annotations

from typing import Final

COEFFICIENTS: Final[dict[str, tuple[float, ...]]] = {
    "both": (-6.3275, 0.9273, 0.7903, -0.6916, -0.9834, -0.3245, 0.7538, 0.0972, -0.2065, -0.0336, 0.9218),
    "peers": (-6.0738, 1.9256, 0.0880, -0.4169, -0.7652, 0.4769),
    "own": (-5.6936, 1.3756, 0.9141, -0.7256, -0.8800, -0.1640),
}
