"""What must hold: ceilings for attacks (their 95 % upper bounds lie below) and floors for what is
published."""

from __future__ import annotations

from typing import Final

CEILINGS: Final = {
    "reconstruction": 0.05,
    "all but one": 0.07,
    "shams": 0.15,
    "homogeneity": 0.03,
    "membership": 0.15,
}
COVERED_MIN: Final = 0.93
CAUGHT_MIN: Final = 0.90
ERROR_MAX_DAYS: Final = {1: 3.5, 2: 4.5}
"""Mean absolute error of a published centre, by the number of fields published together."""
