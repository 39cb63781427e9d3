"""How well the span hides which openings are one firm's: the figures that docs/conversations.md gives."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from server.settings import Settings

WORKING_HOURS = 10.0
DAYS = 20_000
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "conversations.md"


def nearest_is_same(firms: int, span_hours: float) -> float:
    """Each day each firm opens two answers of one peer in one log-in: how often are the two nearest?"""
    random = np.random.default_rng(7)
    days = np.arange(DAYS, dtype=np.float64)[:, None] * 24
    log_ins = (days + random.uniform(0, WORKING_HOURS, (DAYS, firms))).ravel()  # (DAYS * firms,)
    seen = np.tile(log_ins, 2) + random.uniform(0, max(span_hours, 1e-6), 2 * len(log_ins))
    firm = np.tile(np.arange(len(log_ins)), 2)
    order = np.argsort(seen)
    seen, firm = seen[order], firm[order]
    before, after = seen[1:-1] - seen[:-2], seen[2:] - seen[1:-1]
    nearest = np.where(before < after, firm[:-2], firm[2:])
    return float((nearest == firm[1:-1]).mean())


def test_the_documents_figures_are_those_of_the_model() -> None:
    found = re.findall(
        r"^\| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$",
        DOCUMENT.read_text("utf-8"),
        re.MULTILINE,
    )
    assert [int(row[0]) for row in found] == [2, 5, 10]
    for firms, *figures, blind in found:
        for hours, figure in zip((0, 1, 4, 24), figures, strict=True):
            assert abs(nearest_is_same(int(firms), hours) - float(figure)) < 0.011, (firms, hours)
        assert abs(1 / (2 * int(firms) - 1) - float(blind)) < 0.006


def test_over_the_span_that_is_usual_the_nearest_is_the_same_firms_no_more_often_than_by_chance() -> None:
    usual = Settings().shown_within_seconds / 3600
    for firms in (2, 5, 10, 20):
        assert nearest_is_same(firms, usual) <= 1.1 / (2 * firms - 1)
    assert nearest_is_same(5, 0) > 0.99, "and at once it always is"
