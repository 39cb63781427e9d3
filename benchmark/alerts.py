"""Alerts that follow from published cells alone: drift and shock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from privacy.disclosure import Cells

Kind = Literal["drift", "shock"]
KINDS: Final[tuple[Kind, ...]] = ("drift", "shock")

RAISED_DTYPE: Final = np.dtype([("pseudonym", "V32"), ("kind", "u1"), ("month", "<i4")])
"""An alert raised earlier; kind is its index in KINDS."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert on one client. `evidence` are the published cells that it rests on: [month, days_late]."""

    id: str  # canonical UUID text
    pseudonym: bytes  # 32 bytes
    month: int
    kind: Kind
    size_days: int  # rise over the baseline, common path of the network removed
    since_month: int  # first month of the move
    confidence: Literal["likely", "very likely"]
    detector: str  # "drift-1" or "shock-1"
    ends_below_days: int  # a published centre at or under this ends it
    evidence: tuple[tuple[int, int], ...] = field(default=())


def detect(history: Sequence[tuple[int, Cells]], month: int, raised: NDArray[np.void]) -> list[Alert]:
    """Alerts of the release of `month`, the newest of `history` (oldest first, at most 24 months are read).

    `raised`: dtype RAISED_DTYPE, alerts of earlier months (rows of `month` itself are ignored, so that a
    repeated run gives the same alerts).
    """
    raise NotImplementedError
